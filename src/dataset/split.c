/* split: within each stratum patients are put in an order that depends on their names and the seed alone, and cut. */
#include "dataset/split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "catalog/split.h"

typedef struct draw {
    const en_catalog_patient *patient;
    uint64_t key;
    int64_t stratum;
    en_part part;
} draw;

/* FNV-1a, 64 bits (Fowler, Noll, Vo): the patient's place in the random numbers. */
static uint64_t name_key(const char *name)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *name != '\0'; name++) {
        h = (h ^ (unsigned char)*name) * 0x100000001b3u;
    }
    return h;
}

static int by_stratum_and_key(const void *a, const void *b)
{
    const draw *x = a, *y = b;
    if (x->stratum != y->stratum) {
        return x->stratum < y->stratum ? -1 : 1;
    }
    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return strcmp(x->patient->patient, y->patient->patient);
}

/* Cuts the ordered draws. Fractions of a patient are carried over to the next stratum, so that the parts
 * as a whole have the sizes asked for. */
static void cut(draw *all, size_t count, double test, double validation)
{
    double owed_test = 0, owed_val = 0;
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first; end < count && all[end].stratum == all[first].stratum; end++) {
        }
        double size = (double)(end - first);
        owed_test += size * test;
        owed_val += size * validation;
        double n_test = fmin(fmax(floor(owed_test + 0.5), 0), size);
        double n_val = fmin(fmax(floor(owed_val + 0.5), 0), size - n_test);
        owed_test -= n_test;
        owed_val -= n_val;
        for (size_t i = first; i < end; i++) {
            double place = (double)(i - first);
            all[i].part = place < n_test ? EN_PART_TEST : place < n_test + n_val ? EN_PART_VAL : EN_PART_TRAIN;
        }
    }
}

static en_status check(const en_split_options *o, en_error *err)
{
    if (!(o->test >= 0 && o->validation >= 0 && o->test + o->validation < 1)) {
        return en_error_set(err, EN_USAGE, "test %g and validation %g must be 0 or more and together less than 1",
                            o->test, o->validation);
    }
    return en_name_check("split", o->name, err);
}

/* Fewer patients than parts, or fractions that leave one without any. */
static void warn_of_empty_parts(const en_project *project, const en_split_options *o, const en_split_result *r)
{
    const double asked[EN_PARTS] = {
        [EN_PART_TRAIN] = 1 - o->test - o->validation, [EN_PART_VAL] = o->validation, [EN_PART_TEST] = o->test};
    for (en_part part = EN_PART_TRAIN; part < EN_PARTS; part++) {
        if (asked[part] > 0 && r->patients[part] == 0) {
            en_event_warn(&project->events, "part '%s' of split '%s' has no patients", en_word(&en_parts, part),
                          o->name);
        }
    }
}

static en_status write_split(en_project *project, const en_split_options *o, const draw *all, size_t count,
                             en_split_result *result, en_error *err)
{
    int64_t id;
    char *rule = en_format("--test %.15g --val %.15g --stratify %s --seed %llu%s", o->test, o->validation,
                           o->stratify ? "grade" : "none", (unsigned long long)o->seed,
                           o->patient_is_image ? " --patient-is-image" : "");
    if (rule == NULL) {
        return en_error_nomem(err, "a split");
    }
    en_status st = en_catalog_begin(project->catalog, err);
    if (st == EN_OK) {
        st = en_catalog_split_create(project->catalog, o->name, o->seed, rule, &id, err);
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        const en_catalog_patient *p = all[i].patient;
        en_part part = all[i].part;
        st = en_catalog_split_assign(project->catalog, id, p->patient, part, err);
        result->patients[part]++;
        result->images[part] += p->images;
        for (size_t grade = 0; grade < EN_GRADES; grade++) {
            result->by_grade[part][grade] += p->by_grade[grade];
        }
    }
    if (st == EN_OK) {
        st = en_catalog_commit(project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(project->catalog);
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

en_status en_split(en_project *project, const en_split_options *options, en_split_result *result, en_error *err)
{
    *result = (en_split_result){0};
    en_catalog_patients patients = {0};
    draw *all = NULL;
    en_status st = check(options, err);
    if (st == EN_OK) {
        st = en_catalog_patients_read(project->catalog, &patients, err);
    }
    if (st == EN_OK && patients.count == 0) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "there are no patients to split"),
                           "fetch and ingest photographs first");
    }
    if (st == EN_OK) {
        st = en_catalog_patients_known(project->catalog, &result->known, err);
    }
    if (st == EN_OK) {
        st = check_patients(project, options, &result->known, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    all = en_calloc(patients.count, sizeof *all);
    if (all == NULL) {
        st = en_error_nomem(err, "a split");
        goto done;
    }
    for (size_t i = 0; i < patients.count; i++) {
        const en_catalog_patient *p = &patients.row[i];
        en_random r = en_random_init(options->seed, 0, name_key(p->patient), EN_FOR_SPLIT);
        uint64_t high = en_random_u32(&r);
        all[i] = (draw){
            .patient = p, .key = high << 32 | en_random_u32(&r), .stratum = options->stratify ? p->worst_grade : 0};
    }
    qsort(all, patients.count, sizeof *all, by_stratum_and_key);
    cut(all, patients.count, options->test, options->validation);
    st = write_split(project, options, all, patients.count, result, err);
    if (st == EN_OK) {
        warn_of_empty_parts(project, options, result);
    }
done:
    en_free(all);
    en_catalog_patients_clear(&patients);
    return st;
}
