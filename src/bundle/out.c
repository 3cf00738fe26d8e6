/* Members on their way out. */
#include "bundle/out.h"

#include <string.h>

#include "base/memory.h"
#include "db/statements.h"

enum { WAITING = 1 << 16, LINE_DIGITS = 17 };

en_status en_bundle_out_begin(en_bundle_out *out, en_zip_writer *zip, en_error *err)
{
    *out = (en_bundle_out){.zip = zip, .hash = en_sha256_new()};
    en_buf_init(&out->waiting, EN_BUNDLE_LINE_MAX + WAITING);
    return out->hash != NULL ? EN_OK : en_error_nomem(err, "a hash");
}

static en_status flush(en_bundle_out *out, en_error *err)
{
    const en_buf *w = &out->waiting;
    en_sha256_add(out->hash, w->data, w->size);
    out->bytes += (int64_t)w->size;
    en_status st = out->zip != NULL ? en_zip_data(out->zip, w->data, w->size, err) : EN_OK;
    en_buf_reset(&out->waiting);
    return st;
}

en_status en_bundle_out_data(en_bundle_out *out, const void *data, size_t bytes, en_error *err)
{
    en_status st = en_buf_add(&out->waiting, data, bytes, err);
    return st == EN_OK && out->waiting.size >= WAITING ? flush(out, err) : st;
}

static int pass_on(const char *text, size_t bytes, void *ctx)
{
    en_bundle_out *out = ctx;
    out->failed = en_buf_add(&out->waiting, text, bytes, NULL);
    return out->failed == EN_OK ? 0 : -1;
}

en_status en_bundle_out_line(en_bundle_out *out, json_t *value, unsigned digits, en_error *err)
{
    const size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(digits);
    out->failed = EN_OK;
    const bool written = value != NULL && json_dump_callback(value, pass_on, out, flags) == 0;
    json_decref(value);
    if (!written) {
        return out->failed == EN_INPUT
                   ? en_error_set(err, EN_INPUT, "a row is longer than %zu MiB", EN_BUNDLE_LINE_MAX >> 20)
                   : en_error_nomem(err, "a row");
    }
    out->lines++;
    return en_bundle_out_data(out, "\n", 1, err);
}

en_status en_bundle_out_end(en_bundle_out *out, en_bundle_member *member, en_error *err)
{
    en_status st = flush(out, err);
    member->bytes = out->bytes;
    if (st == EN_OK && !en_sha256_hex(out->hash, member->sha256)) {
        st = en_error_set(err, EN_BUG, "cannot compute a SHA-256");
    }
    return st;
}

void en_bundle_out_clear(en_bundle_out *out)
{
    en_sha256_free(out->hash);
    en_buf_clear(&out->waiting);
    *out = (en_bundle_out){0};
}

static en_status write_table(en_db *db, int64_t run_id, en_bundle_kind kind, en_bundle_out *out, en_error *err)
{
    const en_bundle_table *t = en_bundle_table_of(kind);
    en_stmt *s;
    en_status st = en_db_prepare(db, t->read, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "run_id", run_id);
    while ((st = en_stmt_step(s, err)) == EN_OK) {
        json_t *row = NULL;
        st = en_bundle_row_read(s, t->field, t->fields, false, &row, err);
        st = st == EN_OK ? en_bundle_out_line(out, row, LINE_DIGITS, err) : st;
        if (st != EN_OK) {
            en_stmt_reset(s);
            return st;
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status write_run(en_db *db, int64_t run_id, en_bundle_out *out, en_error *err)
{
    en_stmt *s;
    json_t *row = NULL;
    en_status st = en_db_prepare(db, EN_SQL_BUNDLE_RUN, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "run_id", run_id);
    st = en_stmt_step(s, err);
    if (st != EN_OK) {
        return st == EN_DONE ? en_error_set(err, EN_BUG, "there is no run number %lld", (long long)run_id) : st;
    }
    st = en_bundle_row_read(s, EN_BUNDLE_FIELDS(en_bundle_run_fields), true, &row, err);
    en_stmt_reset(s);
    return st == EN_OK ? en_bundle_out_line(out, row, LINE_DIGITS, err) : st;
}

en_status en_bundle_write_core(en_project *project, int64_t run_id, en_bundle_kind kind, en_bundle_out *out,
                               en_error *err)
{
    en_db *db = en_catalog_db(project->catalog);
    en_catalog_run run = {0};
    if (kind == EN_BUNDLE_RUN) {
        return write_run(db, run_id, out, err);
    }
    if (kind != EN_BUNDLE_NETWORK) {
        return write_table(db, run_id, kind, out, err);
    }
    en_status st = en_catalog_run_by_id(project->catalog, run_id, &run, err);
    if (st == EN_OK && run.spec != NULL) {
        st = en_bundle_out_data(out, run.spec, strlen(run.spec), err);
    }
    en_catalog_run_clear(&run);
    return st;
}
