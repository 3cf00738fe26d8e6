/* train: a network learns a target from a subset; every metric of every epoch is a row. */
#ifndef EN_TRAINING_TRAIN_H
#define EN_TRAINING_TRAIN_H

#include <stdint.h>

#include "base/wordlist.h"
#include "catalog/words.h"
#include "project/project.h"

/* The defaults, for every caller. */
#define EN_TRAIN_MODEL "eyenet"
#define EN_TRAIN_TARGET "grade >= 2"
#define EN_TRAIN_CLASS_WEIGHTS "auto"
#define EN_TRAIN_EPOCHS 20
#define EN_TRAIN_BATCH 16
#define EN_TRAIN_PATIENCE 5
#define EN_TRAIN_LEARNING_RATE 0.001
#define EN_TRAIN_SCHEDULE "constant"
#define EN_TRAIN_AUGMENTATION "none"
#define EN_TRAIN_OPTIMISER "adam"
#define EN_TRAIN_LOSS "cross-entropy"
#define EN_TRAIN_NO_EARLY_STOP (-1)
#define EN_TRAIN_BEST "loss"
#define EN_TRAIN_INPUTS_AT_RATE 2048 /* inputs of a dense layer, with more of which its rate falls */
/* The same with weights to start from. Where norms are frozen and the body learns, a larger rate destroys what it
 * knows; with the batch's statistics, and where only the head learns, it is the usual one. */
#define EN_TRAIN_INIT_CLASS_WEIGHTS "none"
#define EN_TRAIN_INIT_EPOCHS 10
#define EN_TRAIN_INIT_BATCH 32
#define EN_TRAIN_INIT_LEARNING_RATE 0.0002
#define EN_TRAIN_INIT_SCHEDULE "onecycle"
#define EN_TRAIN_INIT_AUGMENTATION "mirror flip quarter brightness 0.2 contrast 0.2 saturation 0.2"
#define EN_TRAIN_HEAD_AUGMENTATION "mirror flip quarter" /* with the body frozen: its features are kept */
#define EN_TRAIN_INIT_OPTIMISER "adam-torch decay 0.01"
#define EN_TRAIN_INIT_BEST "calibrated-loss"
#define EN_TRAIN_RESUME_NEWEST "auto" /* the newest run that was stopped */
#define EN_TRAIN_AT 0.9               /* sensitivity and specificity of the operating points */
#define EN_TRAIN_MISS_COST 5          /* false alarms that a missed positive is worth */

typedef struct en_train_options {
    const char *model;      /* a preset's name or a file of network text; NULL: EN_TRAIN_MODEL */
    const char *subset;     /* needed */
    const char *validation; /* a subset's name; NULL: the plain variants of the split's part val, when there are any */
    const char *name;       /* of the run; NULL: the model's name and a number */
    const char *target;     /* any SQL expression over the view variants; NULL: EN_TRAIN_TARGET */
    const char *recipe;     /* NULL: the newest recipe that has samples */
    const char *class_weights; /* "none", "auto" (inverse frequency), or a list "1,4"; NULL: EN_TRAIN_CLASS_WEIGHTS,
                                with `init` EN_TRAIN_INIT_CLASS_WEIGHTS, and so on with what has such a default */
    int64_t epochs;            /* 0: EN_TRAIN_EPOCHS */
    int64_t batch;             /* 0: EN_TRAIN_BATCH */
    int64_t micro_batch;       /* images in memory at a time; 0: the whole batch, or its largest half, quarter, ... that
                                  fits this machine's memory */
    double clip_norm;          /* most norm of the gradient of a step; 0: not clipped */
    int64_t patience;          /* epochs without a better one before stopping; 0: EN_TRAIN_PATIENCE, with
                                  `init` EN_TRAIN_NO_EARLY_STOP: a schedule is to reach its end */
    const char *best;      /* a word of en_best_rules: which epoch's weights are kept; NULL: EN_TRAIN_BEST, with `init`
                              EN_TRAIN_INIT_BEST */
    double learning_rate;  /* 0: EN_TRAIN_LEARNING_RATE */
    const char *schedule;  /* text of training/schedule.h, of the learning rate; NULL: EN_TRAIN_SCHEDULE */
    const char *optimiser; /* text of nn/optimiser.h; NULL: EN_TRAIN_OPTIMISER. With `average`, the averages are what
                              is validated and kept */
    const char *loss; /* text of nn/loss.h; NULL: EN_TRAIN_LOSS. Epochs are compared by cross-entropy all the same */
    const char *augmentation; /* text of image/augmentation.h; NULL: EN_TRAIN_AUGMENTATION, with `init`
                                 EN_TRAIN_INIT_AUGMENTATION, or with freeze "head" EN_TRAIN_HEAD_AUGMENTATION, but for
                                 words that change the target. For training only:
                                 what is validated on is never distorted */
    uint64_t seed;
    const char *positive; /* of two classes, the one to look for; NULL: the last in their natural order */
    double at_sensitivity, at_specificity; /* of operating points, 0..1; 0: EN_TRAIN_AT */
    double miss_cost;      /* of an operating point: a missed positive in false alarms; 0: EN_TRAIN_MISS_COST */
    const char *scale;     /* "ordinal": the target's values are numbers on a scale; "nominal": they are not; NULL: of
                            * grades and of label(image_id, SCHEME) of an ordered scheme they are */
    const char *init;      /* weights to start from: the name of an imported model, or a file that eyenet wrote; all but
                            * the head's. NULL: drawn. Its network is the default of `model`, and then ends in an
                            * ordinal output where the classes are three or more of a scale */
    bool init_whole;       /* the head's weights, too; norms and classes are then those of `init` */
    const char *freeze;    /* the lines before this one are not trained (en_spec_line); NULL: all are */
    int64_t head_epochs;   /* the first so many epochs train the head alone; below epochs */
    const char *lr_scale;  /* "LINE=F,...": from that line on, F times the learning rate. NULL: with Adam and
                            * drawn weights, EN_TRAIN_INPUTS_AT_RATE / N for a dense layer of more inputs, N; else 1 */
    const char *batchnorm; /* "frozen": by the running statistics, "train": by the batch's; NULL: frozen with init,
                            * otherwise as the network's text says */
    bool mixed_parts;      /* allow a subset that is not wholly of the part train */
    const char *resume; /* take up this run, by name or uuid, or EN_TRAIN_RESUME_NEWEST; its settings are kept, and of
                         * these options only time_limit counts */
    bool keep_finished; /* where a run of that name has finished with these settings, it is kept: EN_DONE */
    const char *repeat; /* train this run again: all options but name and time_limit are its own, and it is the new
                         * run's parent */
    bool onward;        /* of `repeat`: train it on. Of these options subset, validation (NULL: none), init, init_whole,
                         * epochs and learning_rate (0: the run's) count, too. EN_INPUT: other classes than the run's */
    const char *sweep;  /* recorded as a setting of this name: what a sweep tried with this run; NULL: none */
    bool check;       /* look whether it could be trained, and train and record nothing; validation subsets are made */
    int64_t pause_at; /* save and stop after so many epochs, as by a time limit; 0: never */
    const char *tensorboard; /* a folder of TensorBoard's, to which the run's event file is written while it trains;
                              * not a setting: a resumed run needs it again. NULL: none */
    double time_limit;       /* seconds after which to save and stop, as by Ctrl-C; 0: none */
} en_train_options;

/* By what the epoch is chosen whose weights are kept, on the validation images; without such, the last is. */
typedef enum en_best_rule {
    EN_BEST_LOSS = 1,        /* least loss as training minimises it: weighted by class where there are class weights */
    EN_BEST_CALIBRATED_LOSS, /* least val_calibrated_loss: an epoch is not put back for being too sure of itself, which
                                calibration mends */
    EN_BEST_ORDER,           /* greatest AUC or, of three or more classes, concordance: only the order counts */
    EN_BEST_LAST             /* the last, whatever it is */
} en_best_rule;
extern const en_wordlist en_best_rules; /* loss, calibrated-loss, order, last */

/* The setting of a run whose kept weights answer alike for everything, or whose training diverged: what happened. */
#define EN_TRAIN_TROUBLE "trouble"
#define EN_TRAIN_TROUBLE_TEXT 256
#define EN_TRAIN_SWEEP "sweep"

typedef struct en_epoch {
    int64_t epoch;
    /* NAN when not measured. Weighted by class: what is minimised where there are class weights; only then are they
     * measured, and then the training part is measured by nothing else. */
    double train_loss, train_weighted_loss, train_accuracy, val_loss, val_weighted_loss, val_accuracy, val_auc;
    double
        val_calibrated_loss; /* cross-entropy of the probabilities as calibration makes them (training/calibrate.h) */
    double val_concordance;  /* of a scale of three or more classes (training/score.h) */
    double seconds, images_per_second;
    double wait_seconds; /* of these seconds, what the engine waited for batches */
} en_epoch;

typedef struct en_train_result {
    char run[128], uuid[37];
    int64_t attempt;    /* 1, or more when the run was taken up again */
    en_run_state state; /* finished, interrupted or failed */
    int64_t members, validation_members, without_target, without_sample;
    int64_t epochs, best_epoch; /* run, and the one whose weights were kept */
    en_epoch last, best;        /* NaN where nothing was measured */
    int64_t memory_bytes, parameters;
    double seconds, images_per_second;
    char weights[512]; /* relative to the project */
} en_train_result;

/* Ctrl-C ends the epoch early, keeps the best weights so far (in the first epoch, those of the moment) and the state to
 * resume from, marks the run interrupted and returns EN_INTERRUPTED; the result is filled.
 *
 * A run that was stopped or killed is taken up where its state was last saved, with options.resume or by the same
 * options again: with the same program on the same kind of processor its weights are those of an uninterrupted run, bit
 * for bit. EN_INPUT when its data changed or the run has finished, EN_BUSY when another process trains it.
 * EN_DONE: it had finished and is kept (keep_finished); of the result there are run, uuid, state, epochs and
 * best_epoch. */
en_status en_train(en_project *project, const en_train_options *options, en_train_result *result,
                   en_error *err) EN_CHECKED;

#endif
