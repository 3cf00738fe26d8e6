/* See contact.h. */
#include "report/contact.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "db/query.h"
#include "db/statements.h"
#include "image/decode.h"
#include "image/resize.h"
#include "plot/contact.h"
#include "report/parts.h"

#define SHEET_CAP ((size_t)256 << 20) /* bytes */

enum { IMAGE, STATUS, REASON, DETAIL, GRADE, SCORE, PATH }; /* columns of sql/image/contact.sql */

static en_status read_row(const en_query *q, en_contact_row *row, en_error *err)
{
    char **const text[] = {[IMAGE] = &row->image,
                           [STATUS] = &row->status,
                           [REASON] = &row->reason,
                           [DETAIL] = &row->detail,
                           [PATH] = &row->path};
    en_status st = EN_OK;
    row->grade = en_query_kind(q, GRADE) == EN_VALUE_INT ? en_query_int(q, GRADE) : -1;
    row->score = en_query_kind(q, SCORE) == EN_VALUE_DOUBLE ? en_query_double(q, SCORE) : (double)NAN;
    for (int i = 0; st == EN_OK && i <= PATH; i++) {
        st = text[i] != NULL ? en_query_dup(q, i, text[i], err) : EN_OK;
    }
    if (st == EN_OK && (row->image == NULL || row->status == NULL || row->path == NULL)) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "the catalog has an image without name, status or path"),
                           EN_DB_LOOK);
    }
    return st;
}

static en_status read_rows(en_project *project, const en_contact_options *o, en_contact_result *r, en_error *err)
{
    char most[24];
    (void)snprintf(most, sizeof most, "%lld", (long long)o->most);
    const char *chosen = o->where != NULL ? o->where : "1";
    char *where = o->rejects ? en_format("status = 'rejected' AND (\n%s\n)", chosen) : en_strdup(chosen);
    const en_sql_piece piece[] = {{"where", where}, {"most", most}};
    char *sql = where != NULL ? en_sql_compose(EN_SQL_IMAGE_CONTACT, piece, 2) : NULL;
    r->row = en_calloc((size_t)o->most, sizeof *r->row);
    en_query *q = NULL;
    en_status st = sql != NULL && r->row != NULL
                       ? en_query_open(en_catalog_db(project->catalog), "--sql", sql, &project->events, &q, err)
                       : en_error_nomem(err, "a contact sheet");
    while (st == EN_OK && r->count < (size_t)o->most && (st = en_query_next(q, err)) == EN_OK) {
        st = read_row(q, &r->row[r->count++], err);
    }
    en_query_close(q);
    en_free(sql);
    en_free(where);
    return st == EN_DONE ? EN_OK : st;
}

/* What of the photograph can be seen, small; a damaged file as far as it goes. */
static en_status read_picture(const en_project *project, en_contact_row *row, en_error *err)
{
    const en_decode_options options = {.min_edge = EN_CONTACT_EDGE, .accept_truncated = true};
    en_image image = {0};
    en_image_info info;
    en_error why;
    en_buf bytes;
    char *path;
    en_buf_init(&bytes, EN_DECODE_MAX_BYTES);
    en_status st = en_project_path(project, row->path, &path, err);
    if (st != EN_OK) {
        return st;
    }
    en_status seen = en_file_read(path, &bytes, &why);
    if (seen == EN_OK) {
        seen = en_decode(bytes.data, bytes.size, &options, &image, &info, &why);
    }
    if (seen == EN_OK) {
        st = en_shrink(&image, EN_CONTACT_EDGE, &row->small, err);
    } else if (seen == EN_NOMEM) {
        *err = why;
        st = seen;
    }
    en_image_clear(&image);
    en_buf_clear(&bytes);
    en_free(path);
    return st;
}

/* The detail of a rejected one without its reason, which stands above. */
static const char *rest_of(const en_contact_row *row)
{
    size_t size = row->reason != NULL ? strlen(row->reason) : 0;
    bool said = row->detail != NULL && strncmp(row->detail, row->reason != NULL ? row->reason : "", size) == 0 &&
                strncmp(row->detail + size, ": ", 2) == 0;
    return said ? row->detail + size + 2 : row->detail;
}

/* The words under a picture; those after the name in `words`. */
static en_contact_picture describe(const en_contact_row *row, bool rejects, char words[2][64])
{
    if (isnan(row->score)) {
        (void)snprintf(words[0], 64, "quality not measured");
    } else {
        (void)snprintf(words[0], 64, "quality %.2f of 1", row->score);
    }
    if (row->grade >= 0) {
        (void)snprintf(words[1], 64, "grade %lld", (long long)row->grade);
    } else {
        (void)snprintf(words[1], 64, "no grade");
    }
    const char *last = rejects ? rest_of(row) : row->reason != NULL ? row->reason : words[1];
    return (en_contact_picture){.rgb = row->small.rgb,
                                .width = row->small.width,
                                .height = row->small.height,
                                .line = {row->image, words[0], last},
                                .group = rejects ? row->reason : NULL};
}

static en_status draw(const en_contact_options *o, const en_contact_result *r, en_error *err)
{
    char title[96], (*words)[2][64] = en_calloc(r->count, sizeof *words);
    en_contact_picture *picture = en_calloc(r->count, sizeof *picture);
    en_buf png;
    en_buf_init(&png, SHEET_CAP);
    (void)snprintf(title, sizeof title, "%zu %sphotograph%s", r->count, o->rejects ? "rejected " : "",
                   r->count == 1 ? "" : "s");
    en_status st = words != NULL && picture != NULL ? EN_OK : en_error_nomem(err, "a contact sheet");
    for (size_t i = 0; st == EN_OK && i < r->count; i++) {
        picture[i] = describe(&r->row[i], o->rejects, words[i]);
    }
    if (st == EN_OK) {
        st = en_contact_draw(title, picture, r->count, &png, err);
    }
    if (st == EN_OK) {
        st = en_file_write(o->sheet, png.data, png.size, err);
    }
    en_buf_clear(&png);
    en_free(picture);
    en_free(words);
    return st;
}

en_status en_report_contact(en_project *project, const en_contact_options *o, en_contact_result *r, en_error *err)
{
    *r = (en_contact_result){.sheet = o->sheet};
    en_status st = o->sheet != NULL ? en_file_check_kind(o->sheet, "\x89PNG", 4, "a PNG picture", err) : EN_OK;
    if (st == EN_OK) {
        st = read_rows(project, o, r, err);
    }
    if (st == EN_OK && o->sheet != NULL && r->count == 0) {
        st = en_error_set(err, EN_INPUT, "there is nothing to draw: no photograph fits");
    }
    if (st == EN_OK && o->sheet != NULL) {
        en_event_begin(&project->events, "sheet", "photographs", (int64_t)r->count);
        for (size_t i = 0; st == EN_OK && i < r->count; i++) {
            st = read_picture(project, &r->row[i], err);
            en_event_progress(&project->events, (int64_t)i + 1, (int64_t)r->count, NULL);
            if (st == EN_OK) {
                st = en_stop_check(&project->events, err);
            }
        }
        en_event_end(&project->events, (int64_t)r->count, (int64_t)r->count);
    }
    if (st == EN_OK && o->sheet != NULL) {
        st = draw(o, r, err);
    }
    return st;
}

void en_report_contact_clear(en_contact_result *r)
{
    for (size_t i = 0; i < r->count; i++) {
        en_contact_row *row = &r->row[i];
        en_free(row->image);
        en_free(row->status);
        en_free(row->path);
        en_free(row->reason);
        en_free(row->detail);
        en_image_clear(&row->small);
    }
    en_free(r->row);
    *r = (en_contact_result){0};
}
