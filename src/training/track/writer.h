/* What a store says of one run becomes an imported run of the project. */
#ifndef EN_TRAINING_TRACK_WRITER_H
#define EN_TRAINING_TRACK_WRITER_H

#include "base/buf.h"
#include "catalog/words.h"
#include "project/project.h"

#define EN_TRACK_NAME_MAX 250        /* bytes of a setting's or metric's name */
#define EN_TRACK_VALUE_MAX 8000      /* bytes of a setting's value */
#define EN_TRACK_KEYS_MAX 10000      /* metrics of different names in a run */
#define EN_TRACK_NOTE_MAX (64 << 10) /* bytes of a note */

/* What was written, and what was not. */
typedef struct en_track_counts {
    int64_t params, metrics, tags;
    int64_t replaced;  /* values of a metric after which another one came at the same step: the last one is kept */
    int64_t unstepped; /* metrics whose values were logged without steps: numbered from 1 by time */
    int64_t left_out;  /* settings, metrics and tags that a catalog cannot keep */
    char first[320];   /* the first of these, and why */
} en_track_counts;

/* A metric's name in the store, and part and name in the catalog. */
typedef struct en_track_key {
    char *key, *name;
    en_part part;
} en_track_key;

typedef struct en_track_writer {
    en_project *project;
    int64_t run_id;
    bool steps_are_epochs; /* a metric's step is its epoch as well, where nothing else says the epoch */
    const char *prefix;    /* of the kind of store */
    en_track_counts *counts;
    en_track_key *key; /* sorted */
    size_t keys;
    en_buf note; /* of the store's program */
    en_buf rest; /* tags that cannot be tags here, a line each */
} en_track_writer;

void en_track_writer_begin(en_track_writer *w, en_project *project, const char *prefix, bool steps_are_epochs,
                           en_track_counts *counts);
void en_track_writer_clear(en_track_writer *w);

/* All of them within a transaction, in which the run was made (run_id). A name or value that cannot be kept is counted
 * as left out; EN_INPUT is for what makes the whole run doubtful. */
en_status en_track_param(en_track_writer *w, const char *name, const char *value, en_error *err) EN_CHECKED;
/* Steps of a key come in rising order and once each. epoch -1: not said. Not finite: not a number. */
en_status en_track_metric(en_track_writer *w, const char *key, int64_t step, int64_t epoch, double value,
                          en_error *err) EN_CHECKED;
/* "key=value", or "key" without a value. mlflow.note.content is the note, eyenet.uuid is EN_DONE where such a run is in
 * the catalog, which the store has from here; other tags of mlflow.* are of MLflow's own and left out uncounted. What
 * cannot be a tag is a line of the note. */
en_status en_track_tag(en_track_writer *w, const char *key, const char *value, en_error *err) EN_CHECKED;
/* Counts what a catalog cannot keep. */
void en_track_left_out(en_track_writer *w, const char *what, const char *name, const char *why);
/* Writes the note: that of the store, `origin`, which says where the run is from, and the tags that are none here. */
en_status en_track_note(en_track_writer *w, const char *origin, en_error *err) EN_CHECKED;

/* A copy in which '?' stands for what is not UTF-8 and, unless `lines`, for control characters, of at most `most`
 * bytes; NULL when out of memory. */
char *en_track_clean(const char *text, size_t most, bool lines);

#endif
