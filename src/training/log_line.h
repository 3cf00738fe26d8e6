/* One line that another program logs about its training: a JSON object, or words KEY=VALUE (a value with spaces in
 * double quotes). Lines come from strangers: what is not of this form is EN_INPUT.
 *
 * A line with `epoch` (from 1) or `step` (optimiser steps done) is metrics: every other key is a number, or null or
 * NaN; `part` says train, val or test, or the key does: "val_loss", "val/loss", "loss/val". Without either a line is
 * settings: texts, numbers and booleans, nested objects by their keys joined with dots. In both, `params` is an object
 * of settings, `tag` or `tags` are words, `note` is a text, and `state` (finished, interrupted, failed) ends the run.
 */
#ifndef EN_TRAINING_LOG_LINE_H
#define EN_TRAINING_LOG_LINE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "catalog/words.h"

#define EN_LOG_NAME_MAX 200   /* bytes of a key */
#define EN_LOG_VALUE_MAX 4000 /* bytes of a setting's value */

typedef enum en_log_kind { EN_LOG_PARAM, EN_LOG_METRIC, EN_LOG_TAG, EN_LOG_NOTE, EN_LOG_STATE } en_log_kind;

typedef struct en_log_item {
    en_log_kind kind;
    en_part part;       /* of a metric */
    char *name;         /* of a setting or metric */
    char *text;         /* of a setting, tag, note */
    double value;       /* of a metric; NaN: not a number */
    en_run_state state; /* that ends the run */
} en_log_item;

typedef struct en_log_line {
    int64_t epoch, step; /* of its metrics; step is the epoch where only that is given */
    en_log_item *item;
    size_t count; /* 0: an empty line, or a comment that begins with # */
} en_log_line;

/* Cleared by the caller, also after an error. */
en_status en_log_line_parse(const char *text, size_t size, en_log_line *out, en_error *err) EN_CHECKED;
/* A JSON object of settings alone, as a file has it. */
en_status en_log_params_parse(const char *text, size_t size, en_log_line *out, en_error *err) EN_CHECKED;
void en_log_line_clear(en_log_line *line);

/* The part that a metric's name begins or ends with ("val_loss", "loss/val"), which is taken off it. */
en_part en_log_take_part(char *name);
/* Appends JSON in which null stands for NaN, Infinity and -Infinity outside of texts, as Python writes them. */
en_status en_log_without_nan(const char *text, size_t size, en_buf *out, en_error *err) EN_CHECKED;
/* The shortest text of 6 digits or more that is the same number. */
#define EN_LOG_NUMBER_TEXT 40
void en_log_number_text(double number, char text[EN_LOG_NUMBER_TEXT]);

#endif
