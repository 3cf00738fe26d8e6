/* Photographs: what became of each file. Uses db. */
#include "catalog/image.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

/* What else follows a dot may name the eye or the visit: "7.OS". */
static bool of_a_photograph(const char *extension)
{
    static const char *const known[] = {"jpg", "jpeg", "png", "tif", "tiff", "bmp"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcasecmp(extension, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

en_status en_catalog_name_parse(const char *path_or_name, en_catalog_name *out, en_error *err)
{
    const char *base = en_path_base(path_or_name);
    const char *ext = en_path_ext(base);
    size_t length = strlen(base);
    *out = (en_catalog_name){0};
    if (of_a_photograph(ext)) {
        length -= strlen(ext) + 1;
    }
    if (length == 0 || length > EN_CATALOG_NAME_MAX) {
        return en_error_set(err, EN_INPUT, "'%.80s' is not a valid image name: it must have 1 to %d bytes", base,
                            EN_CATALOG_NAME_MAX);
    }
    memcpy(out->name, base, length);
    memcpy(out->patient, base, length);
    static const char *const eye[] = {"left", "right"};
    for (size_t i = 0; i < 2; i++) {
        size_t tail = strlen(eye[i]) + 1;
        if (length > tail && out->name[length - tail] == '_' && strcmp(out->name + length - tail + 1, eye[i]) == 0) {
            out->patient[length - tail] = '\0';
            out->eye = eye[i];
        }
    }
    return EN_OK;
}

/* The image that has a name already; a zeroed one: none has. Ended by en_row_clear. */
typedef struct known {
    int64_t id, copies;
    en_image_status status;
    char *path; /* of its file; NULL: none */
} known;
static const en_row_column known_columns[] = {
    {"image_id", EN_COL(known, id)},
    {"status", EN_COL_WORD(known, status, en_image_statuses)},
    {"path", EN_COL(known, path)},
    {"copies", EN_COL(known, copies)},
};
static const en_row_type known_type = EN_ROW_TYPE(known, known_columns);

static en_status find_known(en_catalog *c, const char *name, known *k, en_error *err)
{
    en_stmt *s;
    *k = (known){0};
    en_status st = en_db_prepare(c->db, EN_SQL_IMAGE_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
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

static en_status insert_image(en_catalog *c, const en_catalog_image *image, const en_catalog_name *name, int64_t copy,
                              int64_t *id, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(c->db, EN_SQL_IMAGE_PUT, &s, err);
    if (st != EN_OK) {
        return st;
    }
    bind_image(s, image);
    en_stmt_bind_text(s, "name", name->name);
    en_stmt_bind_text(s, "patient", name->patient);
    en_stmt_bind_text(s, "eye", name->eye);
    en_stmt_bind_int(s, "copy", copy);
    return en_stmt_number(s, id, err);
}

static en_status fill_image(en_catalog *c, const en_catalog_image *image, int64_t id, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_IMAGE_FILL, "image_id", id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    bind_image(s, image);
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
    if (q->has_phash) {
        en_stmt_bind_int(s, "phash", q->phash);
    } else {
        en_stmt_bind_null(s, "phash");
    }
    return en_stmt_run(s, err);
}

/* A second photograph of a name: recorded, so that every file is accounted for, but not used. */
static en_status insert_copy(en_catalog *c, const en_catalog_image *image, const en_catalog_name *name, const known *k,
                             int64_t *id, en_error *err)
{
    char detail[800];
    snprintf(detail, sizeof detail, "there is an image '%s' already: %s", name->name,
             k->path != NULL ? k->path : "no file");
    en_catalog_image copy = *image;
    copy.status = EN_IMAGE_REJECTED;
    copy.reason = EN_REJECTED_NAME_TAKEN;
    copy.detail = detail;
    return insert_image(c, &copy, name, k->copies + 1, id, err);
}

static const en_row_column file_columns[] = {
    {"member_id", EN_COL(en_catalog_image, member_id)},
    {"status", EN_COL_WORD(en_catalog_image, status, en_image_statuses)},
    {"reason", EN_COL_WORD(en_catalog_image, reason, en_rejections)},
    {"detail", EN_COL(en_catalog_image, detail)},
    {"format", EN_COL(en_catalog_image, format)},
    {"width", EN_COL(en_catalog_image, width)},
    {"height", EN_COL(en_catalog_image, height)},
    {"sha256", EN_COL(en_catalog_image, sha256)},
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
static en_status replace_rejected(en_catalog *c, en_catalog_image *image, const en_catalog_name *name, const known *k,
                                  en_error *err)
{
    en_catalog_image old;
    en_stmt *s;
    int64_t copy = 0;
    image->id = k->id;
    en_status st = read_file_of(c, k->id, &old, err);
    if (st != EN_OK) {
        goto done;
    }
    st = fill_image(c, image, k->id, err);
    if (st != EN_OK) {
        goto done;
    }
    st = insert_image(c, &old, name, k->copies + 1, &copy, err);
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

en_status en_catalog_image_put(en_catalog *c, en_catalog_image *image, const en_catalog_quality *quality, bool *taken,
                               en_error *err)
{
    en_catalog_name name;
    known k;
    bool own, again = false;
    en_status st = en_catalog_name_parse(image->name, &name, err);
    if (st == EN_OK) {
        st = en_db_enter(c->db, &own, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = find_known(c, name.name, &k, err);
    if (st == EN_OK) {
        if (k.status == EN_IMAGE_NONE) {
            st = insert_image(c, image, &name, 0, &image->id, err);
        } else if (k.status == EN_IMAGE_LISTED) {
            image->id = k.id;
            st = fill_image(c, image, k.id, err);
        } else if (k.status == EN_IMAGE_REJECTED && image->status == EN_IMAGE_ACCEPTED) {
            st = replace_rejected(c, image, &name, &k, err);
        } else {
            again = true;
            st = insert_copy(c, image, &name, &k, &image->id, err);
        }
    }
    if (st == EN_OK && quality != NULL) {
        st = put_quality(c, image->id, quality, err);
    }
    if (st != EN_OK) {
        en_error_prefix(err, "image '%s'", name.name);
    }
    if (taken != NULL) {
        *taken = again;
    }
    en_row_clear(&known_type, &k);
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_image_find(en_catalog *c, const char *name, int64_t *id, en_error *err)
{
    known k;
    en_status st = find_known(c, name, &k, err);
    *id = k.id;
    st = st == EN_OK && k.status == EN_IMAGE_NONE ? EN_DONE : st;
    en_row_clear(&known_type, &k);
    return st;
}

en_status en_catalog_image_list(en_catalog *c, const en_catalog_name *name, int64_t *id, bool *added, en_error *err)
{
    known k;
    bool own;
    *added = false;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = find_known(c, name->name, &k, err);
    if (st == EN_OK && k.status == EN_IMAGE_NONE) {
        en_catalog_image image = {.member_id = -1, .status = EN_IMAGE_LISTED, .width = -1, .height = -1};
        st = insert_image(c, &image, name, 0, &k.id, err);
        *added = true;
    }
    *id = k.id;
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
    return en_catalog_one_text(s, name, err);
}

static const en_row_column count_columns[] = {
    {"name", EN_COL(en_catalog_count, name)},
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
