/* A given split: the parts of images become those of their patients. */
#include "dataset/given.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/split.h"
#include "dataset/together.h"

typedef struct given {
    en_project *project;
    const en_given_options *options;
    en_given_result *result;
    en_catalog_patients patients;
    en_together index;           /* finds patients by their names */
    int64_t (*images)[EN_PARTS]; /* [patients]: of each, by the part given */
} given;

static int by_image(const void *a, const void *b)
{
    int64_t x = ((const en_given_part *)a)->image_id, y = ((const en_given_part *)b)->image_id;
    return (x > y) - (x < y);
}

/* The part of an image of the query's row. */
static en_status part_of(given *g, const en_query *q, en_part *part, en_error *err)
{
    const en_given_options *o = g->options;
    if (o->parts == NULL) {
        const char *value = en_query_text(q, 1);
        return en_catalog_part_of(o->map, value != NULL ? value : "", part, err);
    }
    const en_given_part wanted = {.image_id = en_query_int(q, 2)};
    const en_given_part *found = bsearch(&wanted, o->parts->row, o->parts->count, sizeof *o->parts->row, by_image);
    *part = found != NULL ? found->part : EN_PART_NONE;
    return EN_OK;
}

static en_status count_images(given *g, en_error *err)
{
    const char *expression = g->options->parts != NULL ? "image_id" : g->options->sql;
    en_query *q = NULL;
    en_part part;
    en_status st =
        en_catalog_images_by(g->project->catalog, "split import --sql", expression, &g->project->events, &q, err);
    while (st == EN_OK && (st = en_query_next(q, err)) == EN_OK) {
        const char *patient = en_query_text(q, 0);
        size_t index = patient != NULL ? en_together_index(&g->index, patient) : EN_NO_PATIENT;
        if (index != EN_NO_PATIENT) {
            st = part_of(g, q, &part, err);
            g->images[index][st == EN_OK ? part : EN_PART_NONE]++;
        }
    }
    en_query_close(q);
    return st == EN_DONE ? EN_OK : st;
}

/* The part with the most images; of equals, the first. */
static en_part part_of_patient(const int64_t images[EN_PARTS])
{
    en_part best = EN_PART_NONE;
    for (en_part part = EN_PART_TRAIN; part < EN_PARTS; part++) {
        if (images[part] > (best != EN_PART_NONE ? images[best] : 0)) {
            best = part;
        }
    }
    return best;
}

static size_t parts_of(const int64_t images[EN_PARTS])
{
    size_t count = 0;
    for (en_part part = EN_PART_TRAIN; part < EN_PARTS; part++) {
        count += images[part] > 0;
    }
    return count;
}

static void count_patient(given *g, size_t i, en_part part)
{
    en_given_result *r = g->result;
    const en_catalog_patient *p = &g->patients.row[i];
    if (part == EN_PART_NONE) {
        r->left_out += p->images;
        return;
    }
    en_split_size *size = &r->split.part[part];
    int64_t there = g->images[i][part], none = g->images[i][EN_PART_NONE];
    size->patients++;
    size->images += p->images;
    for (size_t grade = 0; grade < EN_GRADES; grade++) {
        size->by_grade[grade] += p->by_grade[grade];
    }
    r->joined += none;
    r->moved += p->images - there - none;
}

static en_status decide(given *g, en_error *err)
{
    size_t torn = EN_NO_PATIENT, assigned = 0;
    en_given_result *r = g->result;
    for (size_t i = 0; i < g->patients.count; i++) {
        if (parts_of(g->images[i]) > 1 && r->torn++ == 0) {
            torn = i;
        }
        en_part part = part_of_patient(g->images[i]);
        assigned += part != EN_PART_NONE;
        count_patient(g, i, part);
    }
    r->split.sets = (int64_t)g->patients.count;
    if (assigned == 0) {
        return en_error_set(err, EN_INPUT, "no image in use has a part");
    }
    if (r->torn > 0 && !g->options->keep_together) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "%lld patient%s images in several parts (the first: '%s')",
                                          (long long)r->torn, r->torn == 1 ? " has" : "s have",
                                          g->patients.row[torn].patient),
                             "use --keep-together to put each into the part of most of its images");
    }
    return EN_OK;
}

static en_status write_split(given *g, en_error *err)
{
    int64_t id;
    en_catalog *c = g->project->catalog;
    en_status st = en_catalog_begin(c, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_split_create(c, g->options->name, 0, g->options->rule, &id, err);
    for (size_t i = 0; st == EN_OK && i < g->patients.count; i++) {
        en_part part = part_of_patient(g->images[i]);
        if (part != EN_PART_NONE) {
            st = en_catalog_split_assign(c, id, g->patients.row[i].patient, part, err);
        }
    }
    if (st == EN_OK) {
        st = en_catalog_commit(c, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(c);
    }
    return st;
}

static en_status read_all(given *g, en_error *err)
{
    en_status st = en_catalog_patients_read(g->project->catalog, &g->patients, err);
    if (st == EN_OK) {
        st = en_catalog_patients_known(g->project->catalog, &g->result->split.known, err);
    }
    if (st == EN_OK) {
        st = en_together_init(&g->index, &g->patients, err);
    }
    if (st == EN_OK) {
        g->images = en_calloc(g->patients.count + 1, sizeof *g->images);
        st = g->images != NULL ? count_images(g, err) : en_error_nomem(err, "a split");
    }
    return st;
}

static void say_what_was_decided(const given *g)
{
    const en_given_result *r = g->result;
    int64_t unknown = r->split.known.by[EN_PATIENT_UNKNOWN];
    if (r->torn > 0) {
        en_event_warn(&g->project->events,
                      "%lld patient%s given to several parts: %lld image%s came into another part than the one given",
                      (long long)r->torn, r->torn == 1 ? " is" : "s are", (long long)r->moved,
                      r->moved == 1 ? "" : "s");
    }
    if (unknown > 0) {
        en_event_warn(
            &g->project->events,
            "the patient is not known of %lld of %lld images: whether parts share one cannot be told for them",
            (long long)unknown, (long long)r->split.known.images);
    }
}

en_status en_split_given(en_project *project, const en_given_options *options, en_given_result *result, en_error *err)
{
    *result = (en_given_result){0};
    given g = {.project = project, .options = options, .result = result};
    en_status st = en_name_check("split", options->name, err);
    if (st == EN_OK) {
        st = en_catalog_part_map_check(options->map, err);
    }
    if (st == EN_OK) {
        st = read_all(&g, err);
    }
    if (st == EN_OK) {
        st = decide(&g, err);
    }
    if (st == EN_OK) {
        st = write_split(&g, err);
    }
    if (st == EN_OK) {
        say_what_was_decided(&g);
    }
    en_free(g.images);
    en_together_clear(&g.index);
    en_catalog_patients_clear(&g.patients);
    return st;
}
