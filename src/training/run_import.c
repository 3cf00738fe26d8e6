/* run import: a file of predictions against the members of a subset. */
#include "training/run_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/csv.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "catalog/dataset.h"
#include "catalog/evaluation.h"
#include "catalog/match.h"
#include "catalog/run_edit.h"
#include "catalog/run_imported.h"
#include "catalog/split.h"
#include "dataset/subset.h"
#include "training/answers.h"
#include "training/run_log.h"
#include "training/train/train.h"

/* A member of the subset that is neither mirrored nor turned, as a row of the file is of a photograph. */
typedef struct member {
    int64_t image_id, variant_id;
    int32_t truth;
    size_t row; /* of the file that predicts it; 0, the header: none */
} member;

typedef struct import {
    en_project *project;
    const en_run_import_options *options;
    en_run_import_result *result;
    en_csv csv;
    en_answers_columns columns;
    en_classes named, classes; /* of the columns; of the run */
    en_catalog_subset subset, trained_on;
    en_catalog_items items;
    int32_t *truth;
    member *member; /* sorted by image */
    size_t members;
    float *probability; /* [members * classes] */
    en_catalog_run run; /* that was there; id -1: none */
    const char *target;
    int64_t dataset_id;
    en_catalog_matcher matcher;
} import;

static const char *field(const import *x, size_t row, size_t column) { return en_csv_field(&x->csv, row, column); }

static en_status in_line(const import *x, size_t row, en_status st, en_error *err)
{
    en_error_prefix(err, "'%s' line %zu", x->options->file, x->csv.row[row].line);
    return st;
}

/* The run --------------------------------------------------------------------------------------------------------- */

/* A run of that name that is there must be imported, and answer the same. */
static en_status find_run(import *x, en_error *err)
{
    const en_run_import_options *o = x->options;
    en_catalog *c = x->project->catalog;
    x->run.id = -1;
    x->target = o->target != NULL ? o->target : EN_TRAIN_TARGET;
    en_status st = en_catalog_run_name_check(o->name, err);
    if (st != EN_OK || en_catalog_run_name_free(c, o->name, NULL) == EN_OK) {
        return st;
    }
    st = en_run_log_find(x->project, o->name, NULL, NULL, -1, &x->run, NULL, err);
    if (st != EN_OK || strcmp(x->run.classes, EN_NO_CLASSES) == 0) {
        x->target = o->target == NULL && st == EN_OK ? x->run.target : x->target;
        return st;
    }
    if (o->target != NULL && strcmp(o->target, x->run.target) != 0) {
        return en_error_hint(
            err, en_error_set(err, EN_INPUT, "run '%s' answers '%s', not '%s'", x->run.name, x->run.target, o->target),
            "give the new predictions a --name of their own");
    }
    if (o->positive != NULL || o->ordinal || o->trained_on != NULL) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "run '%s' has predictions, and keeps its classes and what it was trained on",
                                          x->run.name),
                             "leave out --positive, --ordinal and --trained-on");
    }
    x->target = x->run.target;
    return en_classes_of_run(c, x->run.id, x->run.classes, x->target, &x->classes, err);
}

/* The subset ------------------------------------------------------------------------------------------------------ */

static en_status find_subset(import *x, en_error *err)
{
    const en_run_import_options *o = x->options;
    const en_part part = o->part != EN_PART_NONE ? o->part : EN_PART_TEST;
    en_catalog_split split = {0};
    if (o->subset != NULL) {
        return en_catalog_subset_get(x->project->catalog, o->subset, &x->subset, err);
    }
    en_status st = en_catalog_split_find(x->project->catalog, o->split, &split, err);
    if (st == EN_OK) {
        st = en_subset_plain(x->project, split.name, part, &x->subset, err);
    }
    if (st == EN_DONE) {
        st = en_error_hint(err,
                           split.name != NULL
                               ? en_error_set(err, EN_INPUT, "split '%s' has no plain variants of part '%s'",
                                              split.name, en_word(&en_parts, part))
                               : en_error_set(err, EN_INPUT, "there is no split%s%s%s, so there is no part '%s'",
                                              o->split != NULL ? " '" : "", o->split != NULL ? o->split : "",
                                              o->split != NULL ? "'" : "", en_word(&en_parts, part)),
                           "name the --subset that was predicted");
    }
    en_catalog_split_clear(&split);
    return st;
}

static en_status check_leak(import *x, en_error *err)
{
    int64_t patients = 0, images = 0, trained_on = x->run.id >= 0 ? x->run.subset_id : -1;
    en_catalog *c = x->project->catalog;
    en_status st = EN_OK;
    if (x->options->trained_on != NULL) {
        st = en_catalog_subset_get(c, x->options->trained_on, &x->trained_on, err);
        trained_on = x->trained_on.id;
    }
    if (st == EN_OK && trained_on >= 0) {
        st = en_catalog_subset_shared(c, trained_on, x->subset.id, &patients, &images, err);
    }
    if (st == EN_OK && patients > 0 && x->subset.part == EN_PART_TRAIN) {
        en_event_warn(&x->project->events, "the run was trained on these patients: the metrics measure memorisation, "
                                           "not generalisation");
    } else if (st == EN_OK && patients > 0) {
        st = en_error_set(err, EN_INPUT, "subset '%s' shares %lld patients (%lld images) with what it was trained on",
                          x->subset.name, (long long)patients, (long long)images);
    }
    return st;
}

static int by_image(const void *a, const void *b)
{
    const member *x = a, *y = b;
    return (x->image_id > y->image_id) - (x->image_id < y->image_id);
}

/* The plain members with a truth. */
static en_status sort_members(import *x, en_error *err)
{
    x->member = en_calloc(x->items.count + 1, sizeof *x->member);
    if (x->member == NULL) {
        return en_error_nomem(err, "the members of a subset");
    }
    for (size_t i = 0; i < x->items.count; i++) {
        const en_catalog_item *item = &x->items.item[i];
        if (item->mirror == 0 && item->rotation == 0) {
            x->member[x->members++] = (member){item->image_id, item->variant_id, x->truth[i], 0};
        }
    }
    qsort(x->member, x->members, sizeof *x->member, by_image);
    return x->members > 0 ? EN_OK
                          : en_error_set(err, EN_INPUT, "subset '%s' has no photograph as it was taken, only views",
                                         x->subset.name);
}

/* Classes --------------------------------------------------------------------------------------------------------- */

static bool all_within(const en_classes *c, char low, char high)
{
    bool within = true;
    for (size_t i = 0; i < c->count; i++) {
        within = within && c->name[i][0] >= low && c->name[i][0] <= high && c->name[i][1] == '\0';
    }
    return within;
}

static void number_classes(en_classes *c, char high)
{
    *c = (en_classes){0};
    for (char digit = '0'; digit <= high; digit++) {
        c->name[c->count][0] = digit;
        c->name[c->count++][1] = '\0';
    }
    c->positive = c->count - 1;
}

/* Those of the columns; else the values of the target among the members, of a comparison no and yes, of grades all
 * five, whether all occur or not. */
static en_status choose_classes(import *x, en_error *err)
{
    const en_run_import_options *o = x->options;
    en_status st = EN_OK;
    if (x->columns.form == EN_ANSWERS_PER_CLASS) {
        x->classes = x->named;
    } else {
        en_error few;
        st = en_classes_of(&x->items, x->target, &x->classes, &few);
        if (all_within(&x->classes, '0', '1') && x->classes.count > 0) {
            number_classes(&x->classes, '1');
            st = EN_OK;
        } else if (strcmp(x->target, "grade") == 0 && all_within(&x->classes, '0', '4') && x->classes.count > 0) {
            number_classes(&x->classes, '4');
            st = EN_OK;
        } else if (st != EN_OK) {
            *err = few;
        }
    }
    if (st == EN_OK && o->positive != NULL) {
        st = en_classes_positive_last(&x->classes, o->positive, err);
    }
    return st == EN_OK
               ? en_classes_scale_in(x->project->catalog, &x->classes, x->target, o->ordinal ? "ordinal" : NULL, err)
               : st;
}

/* A column of no class beside a class without a column is a misspelt one, not a model of fewer classes. */
static en_status check_columns(const import *x, en_error *err)
{
    const char *lacks = NULL, *odd = NULL;
    for (size_t i = 0; i < x->items.count; i++) {
        lacks = en_classes_find(&x->named, x->items.item[i].target) < 0 ? x->items.item[i].target : lacks;
    }
    for (size_t c = 0; c < x->named.count; c++) {
        size_t i = 0;
        while (i < x->items.count && strcmp(x->items.item[i].target, x->named.name[c]) != 0) {
            i++;
        }
        odd = i == x->items.count ? x->named.name[c] : odd;
    }
    return x->named.count == 0 || lacks == NULL || odd == NULL
               ? EN_OK
               : en_error_set(err, EN_INPUT, "'%s' has a column for class '%s' and none for '%s', a value of '%s'",
                              x->options->file, odd, lacks, x->target);
}

static en_status load_members(import *x, en_error *err)
{
    en_status st =
        en_catalog_subset_load(x->project->catalog, x->subset.id, x->target, -1, &x->project->events, &x->items, err);
    if (st == EN_OK && x->items.count == 0) {
        st = en_error_set(err, EN_INPUT, "no member of subset '%s' has a value of the target '%s'", x->subset.name,
                          x->target);
    }
    if (st == EN_OK) {
        st = check_columns(x, err);
    }
    if (st == EN_OK && x->classes.count == 0) {
        st = choose_classes(x, err);
    }
    if (st == EN_OK) {
        st = en_answers_fit(&x->columns, &x->csv, &x->classes, x->options->file, x->target, err);
    }
    if (st == EN_OK) {
        st = en_classes_truth(&x->classes, &x->items, &x->truth, err);
    }
    return st == EN_OK ? sort_members(x, err) : st;
}

/* Rows ------------------------------------------------------------------------------------------------------------ */

/* The member of a row; NULL: it is outside, which is counted. */
static en_status find_member(import *x, size_t row, member **out, en_error *err)
{
    const en_catalog_wanted wanted = {
        .path = field(x, row, x->columns.image), .dataset_id = x->dataset_id, .folder = x->options->folder};
    member key = {0};
    *out = NULL;
    en_status st = en_catalog_match(&x->matcher, &wanted, &key.image_id, NULL, err);
    if (st != EN_OK && st != EN_DONE) {
        return in_line(x, row, st, err);
    }
    if (st == EN_OK) {
        *out = bsearch(&key, x->member, x->members, sizeof *x->member, by_image);
    }
    if (*out != NULL) {
        return EN_OK;
    }
    x->result->outside++;
    if (x->options->skip_outside) {
        return EN_OK;
    }
    return en_error_hint(err,
                         en_error_set(err, EN_INPUT,
                                      st == EN_DONE
                                          ? "'%s' line %zu: image '%s' is not in the catalog"
                                          : "'%s' line %zu: image '%s' is not of subset '%s', or has no target",
                                      x->options->file, x->csv.row[row].line, wanted.path, x->subset.name),
                         "choose the images with --part or --subset, or use --outside skip");
}

static en_status read_row(import *x, size_t row, en_error *err)
{
    const size_t classes = x->classes.count, columns = x->csv.row[0].fields;
    float p[EN_MAX_CLASSES];
    member *m = NULL;
    if (x->csv.row[row].fields != columns) {
        return en_error_set(err, EN_INPUT, "'%s' line %zu has %zu field%s, but the header has %zu", x->options->file,
                            x->csv.row[row].line, x->csv.row[row].fields, x->csv.row[row].fields == 1 ? "" : "s",
                            columns);
    }
    en_status st = find_member(x, row, &m, err);
    if (st != EN_OK || m == NULL) {
        return st;
    }
    st = en_answers_read(&x->csv, row, &x->columns, &x->classes, p, err);
    if (st != EN_OK) {
        x->result->empty += st == EN_DONE;
        return st == EN_DONE ? EN_OK : in_line(x, row, st, err);
    }
    float *kept = x->probability + (size_t)(m - x->member) * classes;
    if (m->row == 0) {
        m->row = row;
        memcpy(kept, p, classes * sizeof *p);
        return EN_OK;
    }
    x->result->repeated++;
    return memcmp(kept, p, classes * sizeof *p) == 0
               ? EN_OK
               : en_error_set(err, EN_INPUT, "'%s' line %zu: '%s' has another prediction in line %zu", x->options->file,
                              x->csv.row[row].line, field(x, row, x->columns.image), x->csv.row[m->row].line);
}

static en_status read_rows(import *x, en_error *err)
{
    size_t values = 0;
    x->probability = en_mul(x->members, x->classes.count, &values) ? en_calloc(values, sizeof *x->probability) : NULL;
    en_status st = x->probability != NULL ? EN_OK : en_error_nomem(err, "predictions");
    if (st == EN_OK && x->options->dataset != NULL) {
        st = en_catalog_dataset_get(x->project->catalog, x->options->dataset, &x->dataset_id, err);
    }
    for (size_t row = 1; st == EN_OK && row < x->csv.rows; row++) {
        x->result->rows++;
        st = read_row(x, row, err);
        if (st == EN_OK && row % 1024 == 0) {
            st = en_stop_check(&x->project->events, err);
        }
    }
    for (size_t i = 0; i < x->members; i++) {
        x->result->predictions += x->member[i].row > 0;
        x->result->without_prediction += x->member[i].row == 0;
    }
    if (st == EN_OK && x->result->predictions == 0) {
        st = en_error_set(err, EN_INPUT, "'%s' has no prediction of a photograph of subset '%s'", x->options->file,
                          x->subset.name);
    }
    return st;
}

/* Writing --------------------------------------------------------------------------------------------------------- */

static en_status write_params(import *x, int64_t run_id, en_error *err)
{
    en_log_line line = {0};
    en_run_log_result counted = {0};
    en_buf text;
    en_buf_init(&text, (size_t)4 << 20);
    en_status st = en_file_read(x->options->params, &text, err);
    if (st == EN_OK) {
        st = en_log_params_parse(text.data, text.size, &line, err);
        if (st != EN_OK) {
            en_error_prefix(err, "'%s'", x->options->params);
        }
    }
    if (st == EN_OK) {
        st = en_run_log_write(x->project, run_id, &line, &counted, err);
    }
    en_log_line_clear(&line);
    en_buf_clear(&text);
    return st;
}

/* The most probable class; of equal ones the first, but the positive one of two. */
static int64_t answer_of(const float *p, size_t classes)
{
    size_t best = 0;
    for (size_t i = 1; i < classes; i++) {
        best = p[i] > p[best] || (classes == 2 && !(p[i] < p[best])) ? i : best;
    }
    return (int64_t)best;
}

static en_status write_predictions(import *x, int64_t run_id, en_error *err)
{
    en_catalog *c = x->project->catalog;
    const size_t classes = x->classes.count;
    int64_t evaluation_id = -1;
    en_status st = en_catalog_evaluation_create(c, run_id, x->subset.id, 0, x->csv.sha256, &evaluation_id, err);
    if (st == EN_OK) {
        st = en_catalog_evaluation_file(c, evaluation_id, x->options->file, x->columns.form == EN_ANSWERS_ONLY, err);
    }
    for (size_t i = 0; st == EN_OK && i < x->members; i++) {
        const member *m = &x->member[i];
        const float *p = x->probability + i * classes;
        if (m->row > 0) {
            st = en_catalog_prediction_add(c, evaluation_id, m->variant_id, m->truth, answer_of(p, classes), p, classes,
                                           err);
        }
    }
    return st;
}

static en_status write_run(import *x, en_error *err)
{
    en_catalog *c = x->project->catalog;
    char *json = NULL;
    en_status st = en_classes_to_json(&x->classes, &json, err);
    if (st == EN_OK && x->run.id < 0) {
        st = en_run_log_find(x->project, x->options->name, x->target, NULL, -1, &x->run, NULL, err);
    }
    const bool is_new = st == EN_OK && strcmp(x->run.classes, EN_NO_CLASSES) == 0;
    if (is_new) {
        st = en_catalog_run_answers(c, x->run.id, x->target, json, x->trained_on.name != NULL ? x->trained_on.id : -1,
                                    err);
    }
    if (st == EN_OK && is_new && x->classes.ordinal) {
        st = en_catalog_run_param(c, x->run.id, EN_CLASSES_SCALE, "ordinal", err);
    }
    if (st == EN_OK && x->options->params != NULL) {
        st = write_params(x, x->run.id, err);
    }
    if (st == EN_OK) {
        st = write_predictions(x, x->run.id, err);
    }
    if (st == EN_OK && x->run.state == EN_RUN_CREATED) {
        st = en_catalog_run_imported_end(c, x->run.id, EN_RUN_FINISHED, err);
    }
    en_free(json);
    return st;
}

static en_status write_all(import *x, en_error *err)
{
    en_status st = en_catalog_begin(x->project->catalog, err);
    if (st == EN_OK) {
        st = write_run(x, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(x->project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(x->project->catalog);
    }
    return st;
}

static en_status prepare(import *x, en_error *err)
{
    const en_run_import_options *o = x->options;
    const en_answers_names names = {o->image_column, o->probability_column, o->answer_column};
    en_status st = en_csv_read(o->file, o->encoding, &x->csv, err);
    if (st == EN_OK) {
        st = en_answers_find(&x->csv, o->file, &names, &x->columns, &x->named, err);
    }
    if (st == EN_OK) {
        st = find_run(x, err);
    }
    if (st == EN_OK) {
        st = find_subset(x, err);
    }
    if (st == EN_OK) {
        st = check_leak(x, err);
    }
    if (st == EN_OK) {
        st = load_members(x, err);
    }
    return st == EN_OK ? read_rows(x, err) : st;
}

static void tell(const import *x)
{
    en_run_import_result *r = x->result;
    snprintf(r->run, sizeof r->run, "%s", x->run.name);
    snprintf(r->uuid, sizeof r->uuid, "%s", x->run.uuid);
    snprintf(r->subset, sizeof r->subset, "%s", x->subset.name);
    snprintf(r->target, sizeof r->target, "%s", x->target);
    snprintf(r->read_as, sizeof r->read_as, "%s", x->columns.read_as);
    r->without_target = x->items.no_target;
    r->without_class = x->items.no_class;
    en_catalog_matcher_note(&x->matcher, &x->project->events);
    if (r->without_prediction > 0) {
        en_event_warn(&x->project->events,
                      "%lld of %zu photographs of '%s' have no prediction: what they would have been is not in the "
                      "metrics",
                      (long long)r->without_prediction, x->members, x->subset.name);
    }
    if (x->run.subset_id < 0 && x->trained_on.name == NULL) {
        en_event_note(&x->project->events, "which patients the run was trained on is not known here: --trained-on "
                                           "SUBSET says so, and then they are kept apart from those measured");
    }
    if (x->columns.form == EN_ANSWERS_ONLY) {
        en_event_warn(&x->project->events, "the file has answers without probabilities: the AUC is that of one "
                                           "threshold, and calibration and loss say nothing");
    }
}

en_status en_run_import(en_project *project, const en_run_import_options *options, en_run_import_result *result,
                        en_error *err)
{
    const double began = en_clock_seconds();
    *result = (en_run_import_result){0};
import x = {.project = project, .options = options, .result = result, .dataset_id = - 1 };
    x.matcher.catalog = project->catalog;
    en_status st = prepare(&x, err);
    if (st == EN_OK) {
        st = write_all(&x, err);
    }
    if (st == EN_OK) {
        tell(&x);
    }
    result->seconds = en_clock_seconds() - began;
    en_csv_clear(&x.csv);
    en_catalog_matcher_clear(&x.matcher);
    en_catalog_items_clear(&x.items);
    en_catalog_subset_clear(&x.subset);
    en_catalog_subset_clear(&x.trained_on);
    en_catalog_run_clear(&x.run);
    en_free(x.truth);
    en_free(x.member);
    en_free(x.probability);
    return st;
}
