/* A training session: everything a run needs, resolved, checked and loaded before the first step. */
#ifndef EN_TRAINING_SESSION_H
#define EN_TRAINING_SESSION_H

#include "catalog/metric.h"
#include "catalog/run.h"
#include "catalog/step.h"
#include "image/augmentation.h"
#include "image/recipe.h"
#include "training/classes.h"
#include "training/features.h"
#include "training/schedule.h"
#include "dataset/dataset.h"
#include "dataset/prefetch.h"
#include "project/folder_lock.h"
#include "export/tensorboard.h"
#include "training/pretrained.h"
#include "training/train/train.h"
#include "nn/network.h"

/* How far a training came: with the weights, the settings and the data, all that the rest of it depends on. */
typedef struct en_progress {
    int64_t epoch;                /* that is being trained, from 1 */
    int64_t seen, correct;        /* of its members so far */
    int64_t steps;                /* of the optimiser, of all epochs */
    double loss, weight;          /* sums over the members seen */
    double seconds, wait_seconds; /* of this epoch */
    int64_t best_epoch;           /* 0: none */
    en_epoch best, last;          /* the epochs done, of which there are epoch - 1 */
} en_progress;

#define EN_SESSION_STATE "last.safetensors" /* in the run's folder */

typedef struct en_session {
    en_project *project;
    en_train_options options; /* with the defaults filled in */
    en_pretrained init;       /* weights to start from, with options.init */
    size_t frozen_lines;      /* of the network */
    bool own_network;         /* the network is that of `init`: its output may be changed */
    bool own_augmentation;    /* the augmentation is the default: what changes the target is left out */
    en_spec *spec;
    char *spec_text;
    int64_t recipe_id;
    char *recipe_text;
    en_recipe recipe;
    en_augmentation augmentation;
    en_schedule schedule;
    en_best_rule best_rule;
    en_optimiser optimiser;
    en_loss loss;
    en_dataset train, val; /* val without items: no validation */
    en_classes classes;
    char *classes_json, *labels_json; /* labels_json: NULL without labels */
    float *class_weight;              /* [classes.count] or NULL: all 1 */
    en_network_size size;
    en_network *network;
    int64_t run_id, attempt;
    en_catalog_run run;
    bool again;               /* the run was there before: it is taken up, or kept */
    bool finished;            /* it is kept */
    en_catalog_run earlier;   /* as it was then */
    en_catalog_params stored; /* its settings */
    const char *convolution;  /* the algorithm that is forced, or NULL; borrowed */
    en_progress at;
    int64_t kept_epoch,
        epochs_before;               /* whose weights are kept, 0: none; done by earlier attempts, perhaps beyond at */
    double saved_at, save_seconds;   /* when the state was last saved, and how long it took; 0: not yet */
    bool unsaved;                    /* it could not be, and that was said */
    double deadline;                 /* of en_clock_seconds; 0: none */
    char data_sha256[EN_SHA256_HEX]; /* of what is trained and validated on */
    en_folder_lock lock;             /* of the run's folder, until the run has ended */
    char *weights_path, *state_path; /* relative to the project */
    uint32_t *order;                 /* [train.items.count] */
    uint8_t *pixels;                 /* (batch,N,N,3), for validation */
    en_prefetch *prefetch;           /* of the training batches; NULL with features */
    en_features train_features, val_features; /* where the lines below do not learn; else without items */
    float *features;                          /* [batch * size] of a batch */
    int32_t *truth;                           /* [batch] */
    uint64_t *key;                            /* [batch] */
    float *probability;                       /* [val.items.count * classes.count] */
    en_tensorboard board;                     /* events to be appended, with options.tensorboard */
    char *board_file;                         /* NULL: none, or no more after a failure */
    int board_fd;                             /* -1: closed */
    int64_t board_bytes;                      /* of the file */
    en_catalog_step *step;                    /* [EN_SESSION_STEPS] that are not in the catalog yet */
    size_t steps;                             /* how many of them there are */
    double steps_due;                         /* when they are to be written; of en_clock_seconds */
    bool steps_lost;                          /* some could not be, and that was said */
    char *rates;                              /* options.lr_scale where it was chosen; owned */
    char remark[64];                          /* beside the progress */
    char trouble[EN_TRAIN_TROUBLE_TEXT];      /* of the newest epoch; empty: none */
    bool warned;                              /* that it collapsed, which is said once */
} en_session;

/* After EN_OK the run is in the catalog, in state running, and its folder held; after a failure it is not, or as it
 * was. The session must be closed whatever is returned. */
en_status en_session_open(en_project *project, const en_train_options *options, en_session *s,
                          en_error *err) EN_CHECKED;
void en_session_close(en_session *s);
/* Finds the weights to start from (init.c); nothing without options.init. */
en_status en_session_find_init(en_session *s, en_error *err) EN_CHECKED;
/* Reads the network, with its norms and frozen lines as the options want them. */
en_status en_session_load_spec(en_session *s, en_error *err) EN_CHECKED;
/* Defaults of what is not given and is other with weights to start from. */
void en_session_init_defaults(en_session *s);
/* The canonical text of s->spec, in s->spec_text. */
en_status en_session_spec_text(en_session *s, en_error *err) EN_CHECKED;
/* An ordinal output for the classes of a scale, where nobody chose the network. */
en_status en_session_fit_output(en_session *s, en_error *err) EN_CHECKED;
/* The first weights: drawn, then all but the head's replaced by those to start from. */
en_status en_session_init_weights(en_session *s, en_error *err) EN_CHECKED;
/* The batch normalisation that was chosen: "frozen" or "train"; NULL: as the text says. */
const char *en_session_batchnorm(const en_session *s);
/* Features of all views that training shows, where the augmentation only mirrors and turns by quarters, frozen lines
 * have them and they fit the memory (head.c). */
en_status en_session_load_features(en_session *s, en_error *err) EN_CHECKED;
/* Copies those of these items, in the views drawn for the epoch, into s->features. */
void en_session_gather(en_session *s, const uint32_t *index, size_t n);
/* options.lr_scale, and whether options.head_epochs can be. */
en_status en_session_set_rates(en_session *s, en_error *err) EN_CHECKED;
/* Freezes what does not learn in the epoch. */
void en_session_choose_trained(en_session *s);
/* The last step of opening: run, settings and start as rows, or an earlier run's next attempt, and the lock on the
 * folder (register.c). */
en_status en_session_register(en_session *s, en_error *err) EN_CHECKED;

/* The settings of a run (settings.c). A fact is recorded, but not compared when the run is taken up. */
#define EN_SESSION_SETTINGS 40
typedef struct en_session_setting {
    const char *name, *value; /* value NULL: it has none */
    bool fact;
    char text[EN_AUGMENTATION_TEXT]; /* what value points to, where it is made */
} en_session_setting;
/* Fills list[EN_SESSION_SETTINGS]; returns how many there are. */
size_t en_session_settings(en_session *s, en_session_setting *list);
/* The options that a run was made with, borrowed from the session. */
en_status en_session_options_of(en_session *s, const en_catalog_run *run, en_train_options *out,
                                en_error *err) EN_CHECKED;

/* Taking up a run (resume.c). The first two come before anything is resolved: options.resume becomes the options of
 * that run; a run of the name that was stopped becomes the earlier one. */
en_status en_session_resume_options(en_session *s, const en_train_options *given, en_train_options *out,
                                    en_error *err) EN_CHECKED;
en_status en_session_find_earlier(en_session *s, en_error *err) EN_CHECKED;
/* EN_INPUT names the first setting, or the data, that the earlier run had otherwise. */
en_status en_session_check_earlier(en_session *s, en_error *err) EN_CHECKED;
/* Warns where a run that this one would repeat was stopped; for a run without a name of its own. */
void en_session_offer_resume(en_session *s, const en_catalog_run_spec *spec);
/* Weights and progress as they were saved; the beginning where nothing was. The folder is locked. */
en_status en_session_take_up(en_session *s, en_error *err) EN_CHECKED;

/* Keeping what there is (keep.c). At the end of an epoch its metrics, the best weights when these are, and now and then
 * the state: one transaction. */
en_status en_session_end_epoch(en_session *s, const en_epoch *e, bool best, en_error *err) EN_CHECKED;
/* In the middle of an epoch the state alone, when it was last saved long enough ago or `now`. A failure is a warning.
 */
void en_session_save_state(en_session *s, bool now);
/* Stopped in the first epoch: the weights of the moment, which nothing has validated. */
en_status en_session_keep_unvalidated(en_session *s, en_error *err) EN_CHECKED;
/* The numbers of an epoch that are kept, as metrics without attempt and step; returns how many there are. */
#define EN_EPOCH_METRICS 12
size_t en_epoch_metrics(const en_epoch *e, en_catalog_metric metric[EN_EPOCH_METRICS]);
/* The file of a state, which has no row any more, goes. Killed before it, a finished run keeps the file until the same
 * training is asked for again. */
void en_session_drop_state(en_project *project, char *file);
/* The end of the run in its row; of a finished one the state goes. */
en_status en_session_end(en_session *s, en_run_state state, double seconds, en_error *err) EN_CHECKED;

/* Steps (steps.c) are written every few seconds, or with an epoch's rows: no training ends for
 * them, and a write that fails is tried again a minute later. A run that is resumed forgets those that it repeats. */
#define EN_SESSION_STEPS 4096
en_status en_session_steps_open(en_session *s, en_error *err) EN_CHECKED;
void en_session_note_step(en_session *s, const en_catalog_step *step);
/* In the caller's transaction, after which steps is to be 0. */
en_status en_session_put_steps(en_session *s, en_error *err) EN_CHECKED;

/* The event file of TensorBoard (board.c). What goes wrong with it after its beginning is a warning: no training ends
 * for it. */
en_status en_session_board_open(en_session *s, en_error *err) EN_CHECKED;
void en_session_board_epoch(en_session *s, const en_epoch *e);
void en_session_board_close(en_session *s, en_run_state state);

/* The file of the state (state.c): FILE.next is written and its row filled in; and read from `path`, which is checked
 * against the session. EN_INPUT: it is of another run, or says what cannot be. */
en_status en_session_write_state(en_session *s, en_catalog_checkpoint *row, en_error *err) EN_CHECKED;
en_status en_session_read_state(en_session *s, const char *path, en_error *err) EN_CHECKED;

#endif
