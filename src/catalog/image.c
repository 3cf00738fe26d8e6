/* Photographs: what became of each file. Uses db. */
#include "catalog/image.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/internal.h"
#include "catalog/patient.h"
#include "db/row.h"
#include "db/statements.h"

/* The dataset that an image belongs to; zeroed: none. Ended by en_row_clear. */
typedef struct dataset {
    int64_t id; /* -1: none */
    char *name;
    bool own_patients;
} dataset;
static const en_row_column dataset_columns[] = {
    {"dataset_id", EN_COL(dataset, id)},
    {"name", EN_COL_IS(dataset, name, EN_RULE_TEXT)},
    {"own_patients", EN_COL(dataset, own_patients)},
};
static const en_row_type dataset_type = EN_ROW_TYPE(dataset, dataset_columns);

/* By the number of a file, or of the dataset itself; none for a negative one. */
static en_status find_dataset(en_catalog *c, en_sql by, const char *parameter, int64_t number, dataset *d,
                              en_error *err)
{
    en_stmt *s;
    *d = (dataset){.id = -1};
    if (number < 0) {
        return EN_OK;
    }
    en_status st = en_catalog_prepare_id(c, by, parameter, number, &s, err);
    if (st == EN_OK) {
        st = en_row_one(s, &dataset_type, d, err);
        d->id = st == EN_OK ? d->id : -1;
    }
    return st == EN_DONE ? EN_OK : st;
}

/* What a photograph is called and whose it is, in its dataset. */
typedef struct identity {
    const char *name; /* borrowed */
    char *patient;    /* en_free */
    const char *eye;
    en_patient_from from;
} identity;

/* Patients of a dataset that has its own are called by both names; where nothing is known of one, it is the image. */
static en_status identify(const en_catalog_name *parsed, const char *name, const dataset *d, identity *out,
                          en_error *err)
{
    const char *patient = parsed->from != EN_PATIENT_UNKNOWN ? parsed->patient : name;
    *out = (identity){.name = name, .eye = parsed->eye, .from = parsed->from};
    out->patient = d->own_patients ? en_format("%s/%s", d->name, patient) : en_strdup(patient);
    return out->patient != NULL ? EN_OK : en_error_nomem(err, "a patient");
}

/* The image that has a name already; a zeroed one: none has. Ended by en_row_clear. */
typedef struct known {
    int64_t id, copies;
    en_image_status status;
    char *path;         /* of its file; NULL: none */
    int64_t dataset_id; /* -1: none */
    char *sha256;       /* NULL: not known */
} known;
static const en_row_column known_columns[] = {
    {"image_id", EN_COL(known, id)},
    {"status", EN_COL_WORD(known, status, en_image_statuses)},
    {"path", EN_COL_MAY(known, path, EN_RULE_PATH)},
    {"dataset_id", EN_COL(known, dataset_id)},
    {"copies", EN_COL(known, copies)},
    {"sha256", EN_COL_MAY(known, sha256, EN_RULE_HASH)},
};
static const en_row_type known_type = EN_ROW_TYPE(known, known_columns);

static en_status find_known(en_catalog *c, const char *name, int64_t dataset_id, known *k, en_error *err)
{
    en_stmt *s;
    *k = (known){0};
    en_status st = en_db_prepare(c->db, EN_SQL_IMAGE_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    en_stmt_bind_id(s, "dataset_id", dataset_id);
    st = en_row_one(s, &known_type, k, err);
    return st == EN_DONE ? EN_OK : st;
}

/* What a bundle named by its bytes; a zeroed one: nothing. */
static en_status find_listed(en_catalog *c, const en_catalog_image *image, int64_t dataset_id, known *k, en_error *err)
{
    en_stmt *s;
    *k = (known){0};
    if (image->sha256 == NULL || dataset_id < 0) {
        return EN_OK;
    }
    en_status st = en_db_prepare(c->db, EN_SQL_IMAGE_LISTED, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "sha256", image->sha256);
    en_stmt_bind_int(s, "dataset_id", dataset_id);
    st = en_row_one(s, &known_type, k, err);
    return st == EN_DONE ? EN_OK : st;
}

static void bind_image(en_stmt *s, const en_catalog_image *image)
{
    en_stmt_bind_id(s, "member_id", image->member_id);
    en_stmt_bind_word(s, "status", &en_image_statuses, image->status);
    en_stmt_bind_word(s, "reason", &en_rejections, image->reason);
    en_stmt_bind_text(s, "detail", image->detail);
    en_stmt_bind_text(s, "format", image->format);
    en_stmt_bind_id(s, "width", image->width);
    en_stmt_bind_id(s, "height", image->height);
    en_stmt_bind_text(s, "sha256", image->sha256);
}

static en_status insert_image(en_catalog *c, const en_catalog_image *image, const identity *who, int64_t dataset_id,
                              int64_t copy, int64_t *id, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(c->db, EN_SQL_IMAGE_PUT, &s, err);
    if (st != EN_OK) {
        return st;
    }
    bind_image(s, image);
    en_stmt_bind_text(s, "name", who->name);
    en_stmt_bind_text(s, "patient", who->patient);
    en_stmt_bind_text(s, "eye", who->eye);
    en_stmt_bind_word(s, "patient_from", &en_patient_froms, who->from);
    en_stmt_bind_id(s, "dataset_id", dataset_id);
    en_stmt_bind_int(s, "copy", copy);
    return en_stmt_number(s, id, err);
}

static en_status fill_image(en_catalog *c, const en_catalog_image *image, int64_t dataset_id, int64_t id, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_IMAGE_FILL, "image_id", id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    bind_image(s, image);
    en_stmt_bind_id(s, "dataset_id", dataset_id);
    return en_stmt_run(s, err);
}

static en_status put_quality(en_catalog *c, int64_t image_id, const en_catalog_quality *q, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_IMAGE_QUALITY_PUT, "image_id", image_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_double(s, "brightness", q->brightness);
    en_stmt_bind_double(s, "contrast", q->contrast);
    en_stmt_bind_double(s, "sharpness", q->sharpness);
    en_stmt_bind_double(s, "black_fraction", q->black_fraction);
    en_stmt_bind_double(s, "disc_radius", q->disc_radius);
    en_stmt_bind_double(s, "disc_coverage", q->disc_coverage);
    en_stmt_bind_double(s, "score", q->score);
    en_stmt_bind_double(s, "integrity", q->integrity);
    en_stmt_bind_double(s, "background", q->background);
    if (q->has_phash) {
        en_stmt_bind_int(s, "phash", q->phash);
    } else {
        en_stmt_bind_null(s, "phash");
    }
    return en_stmt_run(s, err);
}

/* A second photograph of a name: recorded, so that every file is accounted for, but not used. */
static en_status insert_copy(en_catalog *c, const en_catalog_image *image, const identity *who, const known *k,
                             int64_t dataset_id, int64_t *id, en_error *err)
{
    char detail[800];
    snprintf(detail, sizeof detail, "there is an image '%.255s' already: %s", who->name,
             k->path != NULL ? k->path : "no file");
    en_catalog_image copy = *image;
    copy.status = EN_IMAGE_REJECTED;
    copy.reason = EN_REJECTED_NAME_TAKEN;
    copy.detail = detail;
    return insert_image(c, &copy, who, dataset_id, k->copies + 1, id, err);
}

static const en_row_column file_columns[] = {
    {"member_id", EN_COL(en_catalog_image, member_id)},
    {"status", EN_COL_WORD(en_catalog_image, status, en_image_statuses)},
    {"reason", EN_COL_WORD(en_catalog_image, reason, en_rejections)},
    {"detail", EN_COL(en_catalog_image, detail)},
    {"format", EN_COL(en_catalog_image, format)},
    {"width", EN_COL(en_catalog_image, width)},
    {"height", EN_COL(en_catalog_image, height)},
    {"sha256", EN_COL_MAY(en_catalog_image, sha256, EN_RULE_HASH)},
};
static const en_row_type file_type = EN_ROW_TYPE(en_catalog_image, file_columns);

static en_status read_file_of(en_catalog *c, int64_t id, en_catalog_image *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_image){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_IMAGE_GET, "image_id", id, &s, err);
    return st == EN_OK ? en_row_one(s, &file_type, out, err) : st;
}

/* A good photograph takes the place, and so the labels, of a rejected one of its name, whose file becomes a copy. */
static en_status replace_rejected(en_catalog *c, en_catalog_image *image, const identity *who, const known *k,
                                  int64_t dataset_id, en_error *err)
{
    en_catalog_image old;
    en_stmt *s;
    int64_t copy = 0;
    image->id = k->id;
    en_status st = read_file_of(c, k->id, &old, err);
    if (st != EN_OK) {
        goto done;
    }
    st = fill_image(c, image, dataset_id, k->id, err);
    if (st != EN_OK) {
        goto done;
    }
    st = insert_image(c, &old, who, dataset_id, k->copies + 1, &copy, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_catalog_prepare_id(c, EN_SQL_IMAGE_QUALITY_COPY, "image_id", k->id, &s, err);
    if (st != EN_OK) {
        goto done;
    }
    en_stmt_bind_int(s, "to", copy);
    st = en_stmt_run(s, err);
done:
    en_row_clear(&file_type, &old);
    return st;
}

/* A listed image gets its photograph, and the patient that this tells when the list told none. */
static en_status fill_listed(en_catalog *c, en_catalog_image *image, const identity *who, const known *k,
                             int64_t dataset_id, en_error *err)
{
    image->id = k->id;
    en_status st = fill_image(c, image, dataset_id, k->id, err);
    if (st == EN_OK && image->names != NULL && who->from != EN_PATIENT_UNKNOWN) {
        st = en_catalog_image_set_patient(c, k->id, who->patient, who->eye, who->from, err);
    }
    return st;
}

static en_status put_image(en_catalog *c, en_catalog_image *image, const identity *who, int64_t dataset_id, bool *taken,
                           en_error *err)
{
    known k;
    en_status st = find_listed(c, image, dataset_id, &k, err);
    if (st == EN_OK && k.status == EN_IMAGE_NONE) {
        st = find_known(c, who->name, dataset_id, &k, err);
    }
    if (st != EN_OK) {
        return st;
    }
    const bool other = k.sha256 != NULL && (image->sha256 == NULL || strcmp(k.sha256, image->sha256) != 0);
    if (k.status == EN_IMAGE_NONE) {
        st = insert_image(c, image, who, dataset_id, 0, &image->id, err);
    } else if (k.status == EN_IMAGE_LISTED && !other) {
        st = fill_listed(c, image, who, &k, dataset_id, err);
    } else if (k.status == EN_IMAGE_REJECTED && image->status == EN_IMAGE_ACCEPTED) {
        st = replace_rejected(c, image, who, &k, dataset_id, err);
    } else {
        *taken = true;
        st = insert_copy(c, image, who, &k, dataset_id, &image->id, err);
    }
    en_row_clear(&known_type, &k);
    return st;
}

en_status en_catalog_image_put(en_catalog *c, en_catalog_image *image, const en_catalog_quality *quality, bool *taken,
                               en_error *err)
{
    en_catalog_name parsed;
    dataset d = {.id = -1};
    identity who = {0};
    bool own, again = false;
    en_status st = en_catalog_name_parse(image->name, &parsed, err);
    if (st == EN_OK) {
        st = en_db_enter(c->db, &own, err);
    }
    if (st != EN_OK) {
        return st;
    }
    if (image->names != NULL) {
        (void)en_catalog_pattern_match(image->names, image->name, &parsed);
    }
    st = find_dataset(c, EN_SQL_DATASET_OF_MEMBER, "member_id", image->member_id, &d, err);
    if (st == EN_OK) {
        st = identify(&parsed, image->called != NULL ? image->called : parsed.name, &d, &who, err);
    }
    if (st == EN_OK) {
        st = put_image(c, image, &who, d.id, &again, err);
    }
    if (st == EN_OK && quality != NULL) {
        st = put_quality(c, image->id, quality, err);
    }
    if (st != EN_OK) {
        en_error_prefix(err, "image '%s'", parsed.name);
    }
    if (taken != NULL) {
        *taken = again;
    }
    en_free(who.patient);
    en_row_clear(&dataset_type, &d);
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_image_find(en_catalog *c, const char *name, int64_t *id, en_error *err)
{
    known k;
    en_status st = find_known(c, name, -1, &k, err);
    *id = k.id;
    st = st == EN_OK && k.status == EN_IMAGE_NONE ? EN_DONE : st;
    en_row_clear(&known_type, &k);
    return st;
}

en_status en_catalog_image_list(en_catalog *c, const en_catalog_name *name, int64_t dataset_id, int64_t *id,
                                bool *added, en_error *err)
{
    known k = {0};
    dataset d = {.id = -1};
    identity who = {0};
    bool own;
    *added = false;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = find_dataset(c, EN_SQL_DATASET_GET, "dataset_id", dataset_id, &d, err);
    if (st == EN_OK) {
        st = find_known(c, name->name, dataset_id, &k, err);
    }
    if (st == EN_OK && k.status == EN_IMAGE_NONE) {
        en_catalog_image image = {.member_id = -1, .status = EN_IMAGE_LISTED, .width = -1, .height = -1};
        st = identify(name, name->name, &d, &who, err);
        if (st == EN_OK) {
            st = insert_image(c, &image, &who, dataset_id, 0, &k.id, err);
        }
        *added = true;
    }
    *id = k.id;
    en_free(who.patient);
    en_row_clear(&dataset_type, &d);
    en_row_clear(&known_type, &k);
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_image_same(en_catalog *c, const char *sha256, char **name, en_error *err)
{
    en_stmt *s;
    *name = NULL;
    en_status st = en_db_prepare(c->db, EN_SQL_IMAGE_SAME, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "sha256", sha256);
    return en_row_text(s, EN_RULE_TEXT, false, name, err);
}

static const en_row_column count_columns[] = {
    {"name", EN_COL_IS(en_catalog_count, name, EN_RULE_TEXT)},
    {"count", EN_COL(en_catalog_count, count)},
};
static const en_row_type count_type = EN_ROW_TYPE(en_catalog_count, count_columns);

static en_status read_counts(en_catalog *c, en_sql id, en_catalog_counts *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_counts){0};
    en_status st = en_db_prepare(c->db, id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &count_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_counts_clear(out);
    }
    return st;
}

en_status en_catalog_image_states(en_catalog *c, en_catalog_counts *out, en_error *err)
{
    return read_counts(c, EN_SQL_IMAGE_STATES, out, err);
}

en_status en_catalog_image_reasons(en_catalog *c, en_catalog_counts *out, en_error *err)
{
    return read_counts(c, EN_SQL_IMAGE_REASONS, out, err);
}

void en_catalog_counts_clear(en_catalog_counts *counts)
{
    en_rows_clear(&count_type, counts->row, counts->count);
    *counts = (en_catalog_counts){0};
}
