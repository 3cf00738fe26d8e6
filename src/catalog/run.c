/* Runs: from created to finished. Uses db. */
#include "catalog/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/memory.h"
#include "catalog/internal.h"
#include "db/statements.h"

/* A random uuid, version 4 (RFC 4122). An identity, not a number of the experiment: it need not repeat. */
static en_status make_uuid(char text[EN_UUID_TEXT], en_error *err)
{
    unsigned char b[16];
    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) {
        return en_error_errno(err, "cannot make a uuid");
    }
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(text, EN_UUID_TEXT, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
             b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    return EN_OK;
}

en_status en_catalog_model_put(en_catalog *c, const char *name, const char *spec, int64_t *id, en_error *err)
{
    en_stmt *s;
    bool own;
    char hex[EN_SHA256_HEX];
    en_status st = en_sha256_bytes(spec, strlen(spec), hex, err);
    if (st == EN_OK) {
        st = en_db_enter(c->db, &own, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = en_db_prepare(c->db, EN_SQL_RUN_MODEL_FIND, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "name", name);
        en_stmt_bind_text(s, "sha256", hex);
        st = en_stmt_number(s, id, err);
    }
    if (st == EN_DONE) {
        st = en_db_prepare(c->db, EN_SQL_RUN_MODEL_PUT, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_text(s, "name", name);
            en_stmt_bind_text(s, "spec", spec);
            en_stmt_bind_text(s, "sha256", hex);
            st = en_stmt_number(s, id, err);
        }
    }
    return en_db_leave(c->db, own, st, err);
}

/* At most two runs that `name` can mean, the likeliest first. */
static en_status find_ids(en_catalog *c, const char *name, int64_t id[2], size_t *count, en_error *err)
{
    en_stmt *s;
    *count = 0;
    en_status st = en_db_prepare(c->db, EN_SQL_RUN_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    while (*count < 2 && (st = en_stmt_step(s, err)) == EN_OK) {
        id[(*count)++] = en_stmt_int(s, 0);
        if (en_stmt_int(s, 1) != 3) { /* a name or "last" is not ambiguous */
            break;
        }
    }
    en_stmt_reset(s);
    return st == EN_DONE ? EN_OK : st;
}

static en_status free_name(en_catalog *c, int64_t model_id, char **name, en_error *err)
{
    en_stmt *s;
    *name = NULL;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_FREE_NAME, "model_id", model_id, &s, err);
    if (st == EN_OK) {
        st = en_catalog_one_text(s, name, err);
    }
    return st == EN_DONE ? en_error_set(err, EN_BUG, "there is no model number %lld", (long long)model_id) : st;
}

en_status en_catalog_run_name_free(en_catalog *c, const char *name, en_error *err)
{
    en_stmt *s;
    int64_t id;
    en_status st = en_db_prepare(c->db, EN_SQL_RUN_NAMED, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    st = en_stmt_number(s, &id, err);
    if (st == EN_OK) {
        return en_error_set(err, EN_INPUT, "there is a run '%s' already: give the new one another name", name);
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status insert_run(en_catalog *c, const en_catalog_run_spec *spec, const char *name, int64_t *id,
                            en_error *err)
{
    en_stmt *s;
    char uuid[EN_UUID_TEXT];
    en_status st = make_uuid(uuid, err);
    if (st == EN_OK) {
        st = en_db_prepare(c->db, EN_SQL_RUN_PUT, &s, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "uuid", uuid);
    en_stmt_bind_text(s, "name", name);
    en_stmt_bind_id(s, "parent_run_id", spec->parent_id);
    en_stmt_bind_int(s, "model_id", spec->model_id);
    en_stmt_bind_int(s, "subset_id", spec->subset_id);
    en_stmt_bind_id(s, "val_subset_id", spec->val_subset_id);
    en_stmt_bind_int(s, "recipe_id", spec->recipe_id);
    en_stmt_bind_text(s, "target", spec->target);
    en_stmt_bind_text(s, "classes", spec->classes);
    en_stmt_bind_int(s, "seed", (int64_t)spec->seed);
    en_stmt_bind_text(s, "host", spec->host);
    en_stmt_bind_text(s, "cpu", spec->cpu);
    en_stmt_bind_text(s, "isa", spec->isa);
    en_stmt_bind_id(s, "threads", spec->threads);
    en_stmt_bind_text(s, "program_version", spec->version);
    en_stmt_bind_text(s, "program_commit", spec->commit);
    en_stmt_bind_text(s, "command_line", spec->command_line);
    return en_stmt_number(s, id, err);
}

en_status en_catalog_run_create(en_catalog *c, const en_catalog_run_spec *spec, int64_t *id, en_error *err)
{
    bool own;
    char *made = NULL;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    if (spec->name != NULL) {
        st = en_catalog_run_name_free(c, spec->name, err);
    } else {
        st = free_name(c, spec->model_id, &made, err);
    }
    if (st == EN_OK) {
        st = insert_run(c, spec, spec->name != NULL ? spec->name : made, id, err);
    }
    en_free(made);
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_run_start(en_catalog *c, int64_t run_id, int64_t *attempt, en_error *err)
{
    en_stmt *s;
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_prepare_id(c, EN_SQL_RUN_START, "run_id", run_id, &s, err);
    if (st == EN_OK) {
        st = en_stmt_number(s, attempt, err);
    }
    if (st == EN_DONE) {
        st = en_error_set(err, EN_BUG, "there is no run number %lld", (long long)run_id);
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_run_end(en_catalog *c, int64_t run_id, const char *state, int64_t epochs, int64_t best_epoch,
                             double seconds, en_error *err)
{
    en_stmt *s;
    bool own;
    int64_t same;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_prepare_id(c, EN_SQL_RUN_END, "run_id", run_id, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "state", state);
        en_stmt_bind_id(s, "epochs", epochs);
        en_stmt_bind_id(s, "best_epoch", best_epoch);
        en_stmt_bind_double(s, "seconds", isnan(seconds) ? 0.0 : seconds);
        st = en_stmt_number(s, &same, err);
    }
    if (st == EN_DONE) {
        st = en_error_set(err, EN_BUG, "there is no run number %lld", (long long)run_id);
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_run_param(en_catalog *c, int64_t run_id, const char *name, const char *value, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_PARAM_PUT, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    en_stmt_bind_text(s, "value", value);
    return en_stmt_run(s, err);
}

/* In the order of sql/run/get.sql. */
static en_status read_run(const en_stmt *s, en_catalog_run *r, en_error *err)
{
    int64_t *const number[] = {&r->id,       &r->parent_id, &r->model_id, &r->subset_id, &r->val_subset_id,
                               &r->split_id, &r->recipe_id};
    for (int i = 0; i < 7; i++) {
        *number[i] = en_stmt_id(s, i);
    }
    r->seed = (uint64_t)en_stmt_int(s, 18);
    r->attempt = en_stmt_int(s, 19);
    r->epochs = en_stmt_id(s, 20);
    r->best_epoch = en_stmt_id(s, 21);
    r->threads = en_stmt_id(s, 28);
    r->seconds = en_stmt_double(s, 32);
    const struct {
        int column;
        char **text;
    } texts[] = {{7, &r->uuid},          {8, &r->name},        {9, &r->state},       {10, &r->model},
                 {11, &r->spec},         {12, &r->subset},     {13, &r->val_subset}, {14, &r->split},
                 {15, &r->recipe},       {16, &r->target},     {17, &r->classes},    {22, &r->host},
                 {23, &r->cpu},          {24, &r->isa},        {25, &r->version},    {26, &r->commit},
                 {27, &r->command_line}, {29, &r->created_at}, {30, &r->started_at}, {31, &r->ended_at}};
    en_status st = EN_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && st == EN_OK; i++) {
        st = en_stmt_dup(s, texts[i].column, texts[i].text, err);
    }
    return st;
}

en_status en_catalog_run_get(en_catalog *c, const char *name, en_catalog_run *out, en_error *err)
{
    en_stmt *s;
    int64_t id[2];
    size_t count;
    *out = (en_catalog_run){0};
    en_status st = find_ids(c, name, id, &count, err);
    if (st != EN_OK) {
        return st;
    }
    if (count == 0) {
        return en_catalog_unknown(c, "run", name != NULL ? name : "last", EN_SQL_RUN_NAMES, err);
    }
    if (count == 2) {
        return en_error_set(err, EN_INPUT, "'%s' can mean several runs: give more of the uuid, or the name", name);
    }
    st = en_catalog_prepare_id(c, EN_SQL_RUN_GET, "run_id", id[0], &s, err);
    if (st == EN_OK) {
        st = en_stmt_step(s, err);
    }
    if (st == EN_OK) {
        st = read_run(s, out, err);
        en_stmt_reset(s);
    }
    if (st != EN_OK) {
        en_catalog_run_clear(out);
    }
    return st == EN_DONE ? en_error_set(err, EN_BUG, "run number %lld is gone", (long long)id[0]) : st;
}

void en_catalog_run_clear(en_catalog_run *r)
{
    char *text[] = {r->uuid,    r->name,   r->state,        r->model,      r->spec,       r->subset,  r->val_subset,
                    r->split,   r->recipe, r->target,       r->classes,    r->host,       r->cpu,     r->isa,
                    r->version, r->commit, r->command_line, r->created_at, r->started_at, r->ended_at};
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        en_free(text[i]);
    }
    *r = (en_catalog_run){0};
}

static en_status read_running(const en_stmt *s, void *row, en_error *err)
{
    en_catalog_running *r = row;
    r->id = en_stmt_int(s, 0);
    r->epochs = en_stmt_int(s, 2);
    r->best_epoch = en_stmt_id(s, 3);
    r->seconds = en_stmt_double(s, 4);
    return en_stmt_dup(s, 1, &r->name, err);
}

en_status en_catalog_runs_running(en_catalog *c, en_catalog_runnings *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_runnings){0};
    en_status st = en_db_prepare(c->db, EN_SQL_RUN_RUNNING, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_read_rows(s, &rows, &out->count, sizeof *out->row, read_running, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_runnings_clear(out);
    }
    return st;
}

void en_catalog_runnings_clear(en_catalog_runnings *r)
{
    for (size_t i = 0; i < r->count; i++) {
        en_free(r->row[i].name);
    }
    en_free(r->row);
    *r = (en_catalog_runnings){0};
}

static en_status read_param(const en_stmt *s, void *row, en_error *err)
{
    en_catalog_param *p = row;
    en_status st = en_stmt_dup(s, 0, &p->name, err);
    return st == EN_OK ? en_stmt_dup(s, 1, &p->value, err) : st;
}

en_status en_catalog_run_params(en_catalog *c, int64_t run_id, en_catalog_params *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_params){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_PARAMS, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_read_rows(s, &rows, &out->count, sizeof *out->row, read_param, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_params_clear(out);
    }
    return st;
}

void en_catalog_params_clear(en_catalog_params *p)
{
    for (size_t i = 0; i < p->count; i++) {
        en_free(p->row[i].name);
        en_free(p->row[i].value);
    }
    en_free(p->row);
    *p = (en_catalog_params){0};
}

en_status en_catalog_checkpoint_put(en_catalog *c, int64_t run_id, const en_catalog_checkpoint *cp, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_CHECKPOINT_PUT, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "kind", cp->kind);
    en_stmt_bind_text(s, "path", cp->path);
    en_stmt_bind_int(s, "attempt", cp->attempt);
    en_stmt_bind_int(s, "epoch", cp->epoch);
    en_stmt_bind_int(s, "step", cp->step);
    en_stmt_bind_text(s, "sha256", cp->sha256);
    return en_stmt_run(s, err);
}

en_status en_catalog_checkpoint_find(en_catalog *c, int64_t run_id, const char *kind, en_catalog_checkpoint *out,
                                     en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_checkpoint){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_CHECKPOINT_FIND, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "kind", kind);
    st = en_stmt_step(s, err);
    if (st != EN_OK) {
        return st;
    }
    out->attempt = en_stmt_int(s, 2);
    out->epoch = en_stmt_int(s, 3);
    out->step = en_stmt_int(s, 4);
    snprintf(out->sha256, sizeof out->sha256, "%s", en_stmt_text(s, 5));
    st = en_stmt_dup(s, 0, &out->kind, err);
    if (st == EN_OK) {
        st = en_stmt_dup(s, 1, &out->path, err);
    }
    en_stmt_reset(s);
    if (st != EN_OK) {
        en_catalog_checkpoint_clear(out);
    }
    return st;
}

void en_catalog_checkpoint_clear(en_catalog_checkpoint *cp)
{
    en_free(cp->kind);
    en_free(cp->path);
    *cp = (en_catalog_checkpoint){0};
}

en_status en_catalog_artifact_put(en_catalog *c, int64_t run_id, const char *kind, const char *path, const char *sha256,
                                  en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_ARTIFACT_PUT, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "kind", kind);
    en_stmt_bind_text(s, "path", path);
    en_stmt_bind_text(s, "sha256", sha256);
    return en_stmt_run(s, err);
}
