/* split: within each stratum sets of patients are put in an order that depends on their names and the seed alone, and
 * cut. */
#include "dataset/split.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "catalog/split.h"
#include "dataset/together.h"

/* Patients that stay together. */
typedef struct draw {
    const char *name; /* of the first of them */
    uint64_t key;
    int64_t worst_grade, stratum, patients;
    en_part part;
    size_t fold; /* of those that are not for testing */
} draw;

typedef struct split {
    en_project *project;
    const en_split_options *options;
    en_split_result *result;
    en_catalog_patients patients;
    en_together together;
    size_t *set; /* [patients]: index into draw */
    draw *draw;
    size_t draws;
} split;

uint64_t en_split_key(const char *name)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *name != '\0'; name++) {
        h = (h ^ (unsigned char)*name) * 0x100000001b3u;
    }
    return h;
}

static int by_stratum_and_key(const void *a, const void *b)
{
    const draw *x = *(const draw *const *)a, *y = *(const draw *const *)b;
    if (x->stratum != y->stratum) {
        return x->stratum < y->stratum ? -1 : 1;
    }
    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return strcmp(x->name, y->name);
}

/* Whether a set still belongs into a part that lacks so many patients: more than half of it does. */
static bool fits(double lacking, int64_t patients) { return lacking >= 0.5 * (double)patients; }

/* Cuts the ordered draws. Fractions of a patient, and what a set is too large, are carried over to the next stratum, so
 * that the parts as a whole have the sizes asked for. */
static void cut(draw **all, size_t count, double test, double validation)
{
    double owed_test = 0, owed_val = 0;
    for (size_t first = 0, end; first < count; first = end) {
        double size = 0;
        for (end = first; end < count && all[end]->stratum == all[first]->stratum; end++) {
            size += (double)all[end]->patients;
        }
        owed_test += size * test;
        owed_val += size * validation;
        double n_test = fmin(fmax(floor(owed_test + 0.5), 0), size);
        double n_val = fmin(fmax(floor(owed_val + 0.5), 0), size - n_test);
        for (size_t i = first; i < end; i++) {
            draw *d = all[i];
            double n = (double)d->patients;
            if (fits(n_test, d->patients)) {
                d->part = EN_PART_TEST;
                n_test -= n;
                owed_test -= n;
            } else if (fits(n_val, d->patients)) {
                d->part = EN_PART_VAL;
                n_val -= n;
                owed_val -= n;
            } else {
                d->part = EN_PART_TRAIN;
            }
        }
    }
}

/* Deals what is not for testing, in order, each time to the fold with the fewest patients. */
static void deal(draw **all, size_t count, size_t folds)
{
    int64_t size[EN_FOLDS_MAX] = {0};
    for (size_t i = 0; i < count; i++) {
        if (all[i]->part == EN_PART_TEST) {
            continue;
        }
        size_t least = 0;
        for (size_t f = 1; f < folds; f++) {
            least = size[f] < size[least] ? f : least;
        }
        all[i]->fold = least;
        size[least] += all[i]->patients;
    }
}

static en_status check(const en_split_options *o, en_error *err)
{
    double validation = o->folds > 0 ? 0 : o->validation;
    if (!(o->test >= 0 && validation >= 0 && o->test + validation < 1)) {
        return en_error_set(err, EN_USAGE, "test %g and validation %g must be 0 or more and together less than 1",
                            o->test, validation);
    }
    if (o->folds != 0 && (o->folds < 2 || o->folds > EN_FOLDS_MAX)) {
        return en_error_set(err, EN_USAGE, "%lld folds: there must be 2 to %d", (long long)o->folds, EN_FOLDS_MAX);
    }
    return en_name_check("split", o->name, err);
}

/* Fewer patients than parts, or fractions that leave one without any. */
static void warn_of_empty_parts(const split *s)
{
    const en_split_options *o = s->options;
    const double asked[EN_PARTS] = {
        [EN_PART_TRAIN] = 1 - o->test - o->validation, [EN_PART_VAL] = o->validation, [EN_PART_TEST] = o->test};
    for (en_part part = EN_PART_TRAIN; part < EN_PARTS; part++) {
        bool meant = o->folds == 0 || part == EN_PART_TEST;
        if (meant && asked[part] > 0 && s->result->part[part].patients == 0) {
            en_event_warn(&s->project->events, "part '%s' of split '%s' has no patients", en_word(&en_parts, part),
                          o->name);
        }
    }
}

static void count_patient(en_split_size *size, const en_catalog_patient *p)
{
    size->patients++;
    size->images += p->images;
    for (size_t grade = 0; grade < EN_GRADES; grade++) {
        size->by_grade[grade] += p->by_grade[grade];
    }
}

static void count_all(split *s)
{
    for (size_t i = 0; i < s->patients.count; i++) {
        const draw *d = &s->draw[s->set[i]];
        bool folded = s->options->folds > 0 && d->part != EN_PART_TEST;
        count_patient(folded ? &s->result->fold[d->fold] : &s->result->part[d->part], &s->patients.row[i]);
    }
    s->result->folds = s->options->folds;
    s->result->sets = (int64_t)s->draws;
}

/* A fold without patients is one of more folds than there are patients. */
static en_status check_folds(const split *s, en_error *err)
{
    for (int64_t f = 0; f < s->options->folds; f++) {
        if (s->result->fold[f].patients == 0) {
            return en_error_set(err, EN_INPUT, "%lld folds of %zu %s: each needs one that is not for testing",
                                (long long)s->options->folds, s->draws,
                                s->options->group != NULL ? "sets of patients" : "patients");
        }
    }
    return EN_OK;
}

/* fold: SIZE_MAX, or the one that is the part val. */
static en_status write_split(split *s, const char *name, const char *rule, size_t fold, en_error *err)
{
    int64_t id;
    en_status st = en_catalog_split_create(s->project->catalog, name, s->options->seed, rule, &id, err);
    if (st == EN_OK && fold != SIZE_MAX) {
        st = en_catalog_fold_put(s->project->catalog, id, s->options->name, (int64_t)fold + 1, s->options->folds, err);
    }
    for (size_t i = 0; st == EN_OK && i < s->patients.count; i++) {
        const draw *d = &s->draw[s->set[i]];
        en_part part = d->part;
        if (fold != SIZE_MAX && part != EN_PART_TEST) {
            part = d->fold == fold ? EN_PART_VAL : EN_PART_TRAIN;
        }
        st = en_catalog_split_assign(s->project->catalog, id, s->patients.row[i].patient, part, err);
    }
    return st;
}

/* The words of the command line. */
static char *rule_of(const en_split_options *o)
{
    char cut_by[64];
    if (o->folds > 0) {
        snprintf(cut_by, sizeof cut_by, "--folds %lld", (long long)o->folds);
    } else {
        snprintf(cut_by, sizeof cut_by, "--val %.15g", o->validation);
    }
    return en_format("--test %.15g %s --stratify %s --seed %llu%s%s%s%s", o->test, cut_by,
                     o->stratify ? "grade" : "none", (unsigned long long)o->seed,
                     o->patient_is_image ? " --patient-is-image" : "", o->group != NULL ? " --group '" : "",
                     o->group != NULL ? o->group : "", o->group != NULL ? "'" : "");
}

static en_status write_folds(split *s, const char *rule, en_error *err)
{
    en_status st = EN_OK;
    for (size_t f = 0; st == EN_OK && f < (size_t)s->options->folds; f++) {
        char *name = en_format("%s-%zu", s->options->name, f + 1);
        st = name != NULL ? en_name_check("split", name, err) : en_error_nomem(err, "a split");
        if (st == EN_OK) {
            st = write_split(s, name, rule, f, err);
        }
        en_free(name);
    }
    return st;
}

static en_status write_all(split *s, en_error *err)
{
    char *rule = rule_of(s->options);
    if (rule == NULL) {
        return en_error_nomem(err, "a split");
    }
    en_status st = en_catalog_begin(s->project->catalog, err);
    if (st == EN_OK) {
        st = s->options->folds > 0 ? write_folds(s, rule, err) : write_split(s, s->options->name, rule, SIZE_MAX, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(s->project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(s->project->catalog);
    }
    en_free(rule);
    return st;
}

/* Whose the images are must be known of most of them, or be said not to matter. */
static en_status check_patients(const en_project *project, const en_split_options *o, const en_catalog_knowledge *known,
                                en_error *err)
{
    int64_t unknown = known->by[EN_PATIENT_UNKNOWN];
    if (o->patient_is_image || unknown == 0) {
        return EN_OK;
    }
    if (2 * unknown > known->images) {
        return en_error_hint(
            err,
            en_error_set(err, EN_INPUT,
                         "the patient is not known of %lld of %lld images: two eyes of one person could come into "
                         "different parts",
                         (long long)unknown, (long long)known->images),
            "give the patients with 'eyenet patients', or say with --patient-is-image that each image is of another");
    }
    en_event_warn(&project->events,
                  "the patient is not known of %lld of %lld images: each of them counts as a patient of its own",
                  (long long)unknown, (long long)known->images);
    return EN_OK;
}

static en_status read_patients(split *s, en_error *err)
{
    en_status st = en_catalog_patients_read(s->project->catalog, &s->patients, err);
    if (st == EN_OK && s->patients.count == 0) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "there are no patients to split"),
                           "fetch and ingest photographs first");
    }
    if (st == EN_OK) {
        st = en_catalog_patients_known(s->project->catalog, &s->result->known, err);
    }
    if (st == EN_OK) {
        st = check_patients(s->project, s->options, &s->result->known, err);
    }
    if (st == EN_OK) {
        st = en_together_init(&s->together, &s->patients, err);
    }
    if (st == EN_OK && s->options->group != NULL) {
        st = en_together_by(&s->together, s->project, s->options->group, err);
    }
    return st;
}

/* One draw per set, which counts by the worst grade in it; a set is met first by its first patient. */
static en_status make_draws(split *s, en_error *err)
{
    size_t n = s->patients.count;
    s->set = en_calloc(n, sizeof *s->set);
    s->draw = en_calloc(n, sizeof *s->draw);
    if (s->set == NULL || s->draw == NULL) {
        return en_error_nomem(err, "a split");
    }
    for (size_t i = 0; i < n; i++) {
        const en_catalog_patient *p = &s->patients.row[i];
        size_t first = en_together_set(&s->together, i);
        if (first == i) {
            en_random r = en_random_init(s->options->seed, 0, en_split_key(p->patient), EN_FOR_SPLIT);
            uint64_t high = en_random_u32(&r);
            s->draw[s->draws] =
                (draw){.name = p->patient, .key = high << 32 | en_random_u32(&r), .worst_grade = p->worst_grade};
            s->set[i] = s->draws++;
        }
        draw *d = &s->draw[s->set[first]];
        s->set[i] = s->set[first];
        d->patients++;
        d->worst_grade = p->worst_grade > d->worst_grade ? p->worst_grade : d->worst_grade;
        d->stratum = s->options->stratify ? d->worst_grade : 0;
    }
    return EN_OK;
}

static en_status put_into_parts(split *s, en_error *err)
{
    const en_split_options *o = s->options;
    draw **order = en_calloc(s->draws, sizeof *order);
    if (order == NULL) {
        return en_error_nomem(err, "a split");
    }
    for (size_t i = 0; i < s->draws; i++) {
        order[i] = &s->draw[i];
    }
    qsort(order, s->draws, sizeof *order, by_stratum_and_key);
    cut(order, s->draws, o->test, o->folds > 0 ? 0 : o->validation);
    if (o->folds > 0) {
        deal(order, s->draws, (size_t)o->folds);
    }
    en_free(order);
    count_all(s);
    return check_folds(s, err);
}

en_status en_split(en_project *project, const en_split_options *options, en_split_result *result, en_error *err)
{
    *result = (en_split_result){0};
    split s = {.project = project, .options = options, .result = result};
    en_status st = check(options, err);
    if (st == EN_OK) {
        st = read_patients(&s, err);
    }
    if (st == EN_OK) {
        st = make_draws(&s, err);
    }
    if (st == EN_OK) {
        st = put_into_parts(&s, err);
    }
    if (st == EN_OK) {
        st = write_all(&s, err);
    }
    if (st == EN_OK) {
        warn_of_empty_parts(&s);
    }
    en_free(s.set);
    en_free(s.draw);
    en_together_clear(&s.together);
    en_catalog_patients_clear(&s.patients);
    return st;
}
