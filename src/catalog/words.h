/* The enumerations of the catalog. Value 0 is "none"; the words are those that the schema allows. */
#ifndef EN_CATALOG_WORDS_H
#define EN_CATALOG_WORDS_H

#include "base/wordlist.h"

/* A part of a split. */
typedef enum en_part {
    EN_PART_NONE, /* of a subset: several, or patients without one; of a metric: of the run as a whole */
    EN_PART_TRAIN,
    EN_PART_VAL,
    EN_PART_TEST,
    EN_PARTS
} en_part;
extern const en_wordlist en_parts;

/* What a source is, and how far its files came. */
typedef enum en_source_kind {
    EN_SOURCE_NONE,
    EN_SOURCE_FOLDER,
    EN_SOURCE_FILE,
    EN_SOURCE_VOLUMES,
    EN_SOURCE_HTTP,
    EN_SOURCE_S3,
    EN_SOURCE_KAGGLE
} en_source_kind;
extern const en_wordlist en_source_kinds;
typedef enum en_source_state {
    EN_SOURCE_UNKNOWN,
    EN_SOURCE_FETCHING,
    EN_SOURCE_WHOLE,
    EN_SOURCE_BROKEN
} en_source_state;
extern const en_wordlist en_source_states;

/* What became of a photograph. */
typedef enum en_image_status {
    EN_IMAGE_NONE,
    EN_IMAGE_ACCEPTED,
    EN_IMAGE_REJECTED,
    EN_IMAGE_LISTED /* known from a label file, without pixels */
} en_image_status;
extern const en_wordlist en_image_statuses;

/* Why it was rejected. */
typedef enum en_rejection {
    EN_REJECTED_NOT,
    EN_REJECTED_NO_IMAGE, /* the faults of image/decode.h */
    EN_REJECTED_TRUNCATED,
    EN_REJECTED_DAMAGED,
    EN_REJECTED_TOO_LARGE,
    EN_REJECTED_TOO_SMALL,
    EN_REJECTED_UNSUPPORTED,
    EN_REJECTED_BLACK, /* the gate of image/quality.h */
    EN_REJECTED_UNIFORM,
    EN_REJECTED_DUPLICATE,  /* the same bytes or pixels as another */
    EN_REJECTED_NAME_TAKEN, /* other bytes under a name that is there */
    EN_REJECTIONS
} en_rejection;
extern const en_wordlist en_rejections;

typedef enum en_run_state {
    EN_RUN_NONE,
    EN_RUN_CREATED,
    EN_RUN_RUNNING,
    EN_RUN_FINISHED,
    EN_RUN_INTERRUPTED,
    EN_RUN_FAILED
} en_run_state;
extern const en_wordlist en_run_states;

/* Where a run was trained: here, or by another program, whose predictions were imported. */
typedef enum en_run_origin { EN_RUN_ORIGIN_NONE, EN_RUN_TRAINED, EN_RUN_IMPORTED, EN_RUN_ENSEMBLE } en_run_origin;
extern const en_wordlist en_run_origins;

/* Which weights of a run. */
typedef enum en_checkpoint_kind { EN_CHECKPOINT_NONE, EN_CHECKPOINT_BEST, EN_CHECKPOINT_LAST } en_checkpoint_kind;
extern const en_wordlist en_checkpoint_kinds;

#endif
