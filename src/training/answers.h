/* The columns of a file of predictions: a probability per class, that of the positive class, or answers alone. */
#ifndef EN_TRAINING_ANSWERS_H
#define EN_TRAINING_ANSWERS_H

#include "archive/csv.h"
#include "training/classes.h"

typedef enum en_answers_form { EN_ANSWERS_PER_CLASS, EN_ANSWERS_POSITIVE, EN_ANSWERS_ONLY } en_answers_form;

typedef struct en_answers_columns {
    en_answers_form form;
    size_t image;                 /* index of a column */
    size_t value;                 /* of the probability of the positive class, or of the answer */
    size_t class[EN_MAX_CLASSES]; /* a column per class, in the order of the classes */
    char read_as[64];             /* what was recognised, for people */
} en_answers_columns;

/* The names of columns: NULL where they are to be recognised. */
typedef struct en_answers_names {
    const char *image, *probability, *answer;
} en_answers_names;

/* Finds the columns; where there is one per class, their names (p_NAME, prob_NAME, probability_NAME) are `named`, in
 * their natural order, else `named` has no class. EN_INPUT: there are none, or the header has a column twice. */
en_status en_answers_find(const en_csv *csv, const char *file, const en_answers_names *names, en_answers_columns *out,
                          en_classes *named, en_error *err) EN_CHECKED;
/* Orders the columns as `classes`, which are those of the run, the positive one of two the last. EN_INPUT: they are not
 * the same, or the form needs two. */
en_status en_answers_fit(en_answers_columns *columns, const en_csv *csv, const en_classes *classes, const char *file,
                         const char *target, en_error *err) EN_CHECKED;
/* A row's probabilities [classes->count], each 0..1 and 1 together. EN_DONE: the row has no values. EN_INPUT: a value
 * is not a probability, they do not add up to 1 within 0.01, or an answer is not a class. */
en_status en_answers_read(const en_csv *csv, size_t row, const en_answers_columns *columns, const en_classes *classes,
                          float *probability, en_error *err) EN_CHECKED;

#endif
