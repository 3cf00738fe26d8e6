/* Patients: given by files, by patterns, or recognised. Uses db. */
#include "catalog/patient.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

/* Whose an image is. */
typedef struct owner {
    char *patient, *eye, *dataset;
    en_patient_from from;
    bool own_patients;
} owner;
static const en_row_column owner_columns[] = {
    {"patient", EN_COL_IS(owner, patient, EN_RULE_TEXT)},
    {"eye", EN_COL(owner, eye)},
    {"dataset", EN_COL(owner, dataset)},
    {"patient_from", EN_COL_WORD(owner, from, en_patient_froms)},
    {"own_patients", EN_COL(owner, own_patients)},
};
static const en_row_type owner_type = EN_ROW_TYPE(owner, owner_columns);

static en_status read_owner(en_catalog *c, int64_t image_id, owner *out, en_error *err)
{
    en_stmt *s;
    *out = (owner){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_IMAGE_PATIENT_OF, "image_id", image_id, &s, err);
    return st == EN_OK ? en_row_one(s, &owner_type, out, err) : st;
}

en_status en_catalog_image_set_patient(en_catalog *c, int64_t image_id, const char *patient, const char *eye,
                                       en_patient_from from, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_IMAGE_SET_PATIENT, "image_id", image_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "patient", patient);
    en_stmt_bind_text(s, "eye", eye);
    en_stmt_bind_word(s, "patient_from", &en_patient_froms, from);
    return en_stmt_run(s, err);
}

en_status en_catalog_image_give_patient(en_catalog *c, int64_t image_id, const char *patient, const char *eye,
                                        en_patient_from from, en_error *err)
{
    owner now;
    char *called = NULL;
    en_status st = read_owner(c, image_id, &now, err);
    if (st != EN_OK) {
        return st;
    }
    if (patient != NULL) {
        called = now.own_patients ? en_format("%s/%s", now.dataset, patient) : en_strdup(patient);
        st = called == NULL ? en_error_nomem(err, "a patient") : EN_OK;
    }
    if (st == EN_OK) {
        st = en_catalog_image_set_patient(c, image_id, called != NULL ? called : now.patient,
                                          eye != NULL ? eye : now.eye, patient != NULL ? from : now.from, err);
    }
    en_free(called);
    en_row_clear(&owner_type, &now);
    return st;
}

en_status en_catalog_image_pair(en_catalog *c, int64_t first, int64_t second, en_error *err)
{
    owner a = {0}, b = {0};
    en_stmt *s;
    en_status st = read_owner(c, first, &a, err);
    if (st == EN_OK) {
        st = read_owner(c, second, &b, err);
    }
    if (st == EN_OK) {
        st = en_db_prepare(c->db, EN_SQL_IMAGE_PAIR, &s, err);
    }
    if (st == EN_OK) {
        en_stmt_bind_text(s, "patient", a.patient);
        en_stmt_bind_text(s, "other", b.patient);
        st = en_stmt_run(s, err);
    }
    en_row_clear(&owner_type, &a);
    en_row_clear(&owner_type, &b);
    return st;
}

typedef struct named {
    int64_t id;
    char *name, *path; /* path: in the project; NULL: listed */
    en_patient_from from;
} named;
static const en_row_column named_columns[] = {
    {"image_id", EN_COL(named, id)},
    {"name", EN_COL_IS(named, name, EN_RULE_TEXT)},
    {"path", EN_COL_MAY(named, path, EN_RULE_PATH)},
    {"patient_from", EN_COL_WORD(named, from, en_patient_froms)},
};
static const en_row_type named_type = EN_ROW_TYPE(named, named_columns);

static en_status look_again(en_catalog *c, const named *image, const char *pattern, int64_t *changed, en_error *err)
{
    en_catalog_name parsed;
    const char *path = image->path != NULL ? image->path : image->name;
    if (image->from == EN_PATIENT_COLUMN || image->from == EN_PATIENT_PAIRS ||
        (pattern == NULL && image->from != EN_PATIENT_UNKNOWN)) {
        return EN_OK;
    }
    en_status st = en_catalog_name_parse(path, &parsed, err);
    if (st != EN_OK) {
        return st;
    }
    if (pattern != NULL && !en_catalog_pattern_match(pattern, path, &parsed)) {
        return EN_OK;
    }
    if (parsed.from == EN_PATIENT_UNKNOWN) {
        return EN_OK;
    }
    (*changed)++;
    return en_catalog_image_give_patient(c, image->id, parsed.patient, parsed.eye, parsed.from, err);
}

en_status en_catalog_patients_recognise(en_catalog *c, const char *pattern, int64_t *changed, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0;
    bool own;
    *changed = 0;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_db_prepare(c->db, EN_SQL_IMAGE_PATIENTS, &s, err);
    if (st == EN_OK) {
        st = en_rows_read(s, &named_type, &rows, &count, err);
    }
    for (size_t i = 0; i < count && st == EN_OK; i++) {
        st = look_again(c, (const named *)rows + i, pattern, changed, err);
    }
    en_rows_clear(&named_type, rows, count);
    return en_db_leave(c->db, own, st, err);
}

static const en_row_column knowledge_columns[] = {
    {"images", EN_COL(en_catalog_knowledge, images)},
    {"patients", EN_COL(en_catalog_knowledge, patients)},
    {"eyes", EN_COL(en_catalog_knowledge, eyes)},
    {"unknown", EN_COL(en_catalog_knowledge, by[EN_PATIENT_UNKNOWN])},
    {"name", EN_COL(en_catalog_knowledge, by[EN_PATIENT_NAME])},
    {"pattern", EN_COL(en_catalog_knowledge, by[EN_PATIENT_PATTERN])},
    {"from_column", EN_COL(en_catalog_knowledge, by[EN_PATIENT_COLUMN])},
    {"pairs", EN_COL(en_catalog_knowledge, by[EN_PATIENT_PAIRS])},
};
static const en_row_type knowledge_type = EN_ROW_TYPE(en_catalog_knowledge, knowledge_columns);

en_status en_catalog_patients_known(en_catalog *c, en_catalog_knowledge *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_knowledge){0};
    en_status st = en_db_prepare(c->db, EN_SQL_IMAGE_KNOWN, &s, err);
    return st == EN_OK ? en_row_one(s, &knowledge_type, out, err) : st;
}

const char *en_catalog_knowledge_text(const en_catalog_knowledge *k, char *out, size_t capacity)
{
    static const char *const how[] = {NULL, "from their names", "by the pattern for names", "from a column",
                                      "from a file of pairs"};
    int64_t known = k->images - k->by[EN_PATIENT_UNKNOWN];
    int used =
        en_print(out, capacity, "%lld of %lld images have a known patient", (long long)known, (long long)k->images);
    const char *between = ": ";
    for (en_patient_from from = EN_PATIENT_NAME; from <= EN_PATIENT_PAIRS; from++) {
        if (k->by[from] > 0 && used > 0 && (size_t)used < capacity) {
            used +=
                en_print(out + used, capacity - (size_t)used, "%s%lld %s", between, (long long)k->by[from], how[from]);
            between = ", ";
        }
    }
    if (used > 0 && (size_t)used < capacity) {
        (void)en_print(out + used, capacity - (size_t)used, "; %lld patients, %lld images with a known eye",
                       (long long)k->patients, (long long)k->eyes);
    }
    return out;
}
