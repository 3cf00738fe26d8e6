/* Runs: from created to finished. Uses db. */
#include "catalog/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/memory.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

/* What sql/run/get, running, params and checkpoint_find return. */
static const en_row_column run_columns[] = {
    {"run_id", EN_COL(en_catalog_run, id)},
    {"parent_run_id", EN_COL(en_catalog_run, parent_id)},
    {"model_id", EN_COL(en_catalog_run, model_id)},
    {"subset_id", EN_COL(en_catalog_run, subset_id)},
    {"val_subset_id", EN_COL(en_catalog_run, val_subset_id)},
    {"split_id", EN_COL(en_catalog_run, split_id)},
    {"recipe_id", EN_COL(en_catalog_run, recipe_id)},
    {"uuid", EN_COL_IS(en_catalog_run, uuid, EN_RULE_TEXT)},
    {"name", EN_COL_IS(en_catalog_run, name, EN_RULE_FILE_NAME)},
    {"folder", EN_COL_IS(en_catalog_run, folder, EN_RULE_FILE_NAME)},
    {"state", EN_COL_WORD(en_catalog_run, state, en_run_states)},
    {"origin", EN_COL_WORD(en_catalog_run, origin, en_run_origins)},
    {"model", EN_COL_IS(en_catalog_run, model, EN_RULE_TEXT)},
    {"spec", EN_COL_MAY(en_catalog_run, spec, EN_RULE_TEXT)},
    {"subset", EN_COL_MAY(en_catalog_run, subset, EN_RULE_NAME)},
    {"val_subset", EN_COL_MAY(en_catalog_run, val_subset, EN_RULE_NAME)},
    {"split", EN_COL_MAY(en_catalog_run, split, EN_RULE_NAME)},
    {"recipe", EN_COL_MAY(en_catalog_run, recipe, EN_RULE_TEXT)},
    {"target", EN_COL_IS(en_catalog_run, target, EN_RULE_TEXT)},
    {"classes", EN_COL_IS(en_catalog_run, classes, EN_RULE_TEXT)},
    {"seed", EN_COL(en_catalog_run, seed)},
    {"attempt", EN_COL_MAY(en_catalog_run, attempt, EN_RULE_COUNT)},
    {"epochs", EN_COL_MAY(en_catalog_run, epochs, EN_RULE_EPOCH)},
    {"best_epoch", EN_COL_MAY(en_catalog_run, best_epoch, EN_RULE_EPOCH)},
    {"host", EN_COL(en_catalog_run, host)},
    {"cpu", EN_COL(en_catalog_run, cpu)},
    {"isa", EN_COL(en_catalog_run, isa)},
    {"program_version", EN_COL(en_catalog_run, version)},
    {"program_commit", EN_COL(en_catalog_run, commit)},
    {"command_line", EN_COL(en_catalog_run, command_line)},
    {"threads", EN_COL_MAY(en_catalog_run, threads, EN_RULE_COUNT)},
    {"created_at", EN_COL_IS(en_catalog_run, created_at, EN_RULE_TEXT)},
    {"started_at", EN_COL(en_catalog_run, started_at)},
    {"ended_at", EN_COL(en_catalog_run, ended_at)},
    {"seconds", EN_COL(en_catalog_run, seconds)},
};
static const en_row_type run_type = EN_ROW_TYPE(en_catalog_run, run_columns);

static const en_row_column running_columns[] = {
    {"run_id", EN_COL(en_catalog_running, id)},
    {"name", EN_COL_IS(en_catalog_running, name, EN_RULE_FILE_NAME)},
    {"folder", EN_COL_IS(en_catalog_running, folder, EN_RULE_FILE_NAME)},
    {"epochs", EN_COL_MAY(en_catalog_running, epochs, EN_RULE_EPOCH)},
    {"best_epoch", EN_COL_MAY(en_catalog_running, best_epoch, EN_RULE_EPOCH)},
    {"seconds", EN_COL(en_catalog_running, seconds)},
};
static const en_row_type running_type = EN_ROW_TYPE(en_catalog_running, running_columns);

static const en_row_column param_columns[] = {
    {"name", EN_COL_IS(en_catalog_param, name, EN_RULE_TEXT)},
    {"value", EN_COL_IS(en_catalog_param, value, EN_RULE_TEXT)},
};
static const en_row_type param_type = EN_ROW_TYPE(en_catalog_param, param_columns);

static const en_row_column checkpoint_columns[] = {
    {"run_id", EN_COL(en_catalog_checkpoint, run_id)},
    {"kind", EN_COL_WORD(en_catalog_checkpoint, kind, en_checkpoint_kinds)},
    {"path", EN_COL_IS(en_catalog_checkpoint, path, EN_RULE_PATH)},
    {"attempt", EN_COL_IS(en_catalog_checkpoint, attempt, EN_RULE_COUNT)},
    {"epoch", EN_COL_IS(en_catalog_checkpoint, epoch, EN_RULE_EPOCH)},
    {"step", EN_COL_IS(en_catalog_checkpoint, step, EN_RULE_COUNT)},
    {"sha256", EN_COL_MAY(en_catalog_checkpoint, sha256, EN_RULE_HASH)},
    {"file_sha256", EN_COL_MAY(en_catalog_checkpoint, file_sha256, EN_RULE_HASH)},
};
static const en_row_type checkpoint_type = EN_ROW_TYPE(en_catalog_checkpoint, checkpoint_columns);

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

typedef struct meaning {
    int64_t run_id, rank;
} meaning;

static const en_row_column meaning_columns[] = {
    {"run_id", EN_COL(meaning, run_id)},
    {"rank", EN_COL(meaning, rank)},
};
static const en_row_type meaning_type = EN_ROW_TYPE(meaning, meaning_columns);

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
    void *rows = NULL;
    size_t found = 0;
    st = en_rows_read(s, &meaning_type, &rows, &found, err);
    const meaning *row = rows;
    for (size_t i = 0; st == EN_OK && i < found && *count < 2; i++) {
        id[(*count)++] = row[i].run_id;
        if (row[i].rank != 3) { /* a name or "last" is not ambiguous */
            break;
        }
    }
    en_rows_clear(&meaning_type, rows, found);
    return st;
}

static en_status free_name(en_catalog *c, int64_t model_id, char **name, en_error *err)
{
    en_stmt *s;
    *name = NULL;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_FREE_NAME, "model_id", model_id, &s, err);
    if (st == EN_OK) {
        st = en_row_text(s, EN_RULE_FILE_NAME, false, name, err);
    }
    return st == EN_DONE ? en_catalog_dangling(err, "model", model_id) : st;
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
        return en_error_hint(err, en_error_set(err, EN_INPUT, "there is a run '%s' already", name),
                             "give the new one another name");
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status put_folder(en_catalog *c, int64_t run_id, const char *name, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_FOLDER_PUT, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    return en_stmt_run(s, err);
}

static en_status insert_run(en_catalog *c, const en_catalog_run_spec *spec, const char *name, int64_t *id,
                            en_error *err)
{
    en_stmt *s;
    char uuid[EN_UUID_TEXT];
    en_status st = spec->uuid == NULL ? make_uuid(uuid, err) : EN_OK;
    if (st == EN_OK) {
        st = en_db_prepare(c->db, EN_SQL_RUN_PUT, &s, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "uuid", spec->uuid != NULL ? spec->uuid : uuid);
    en_stmt_bind_text(s, "name", name);
    en_stmt_bind_id(s, "parent_run_id", spec->parent_id);
    en_stmt_bind_id(s, "model_id", spec->model_id);
    en_stmt_bind_id(s, "subset_id", spec->subset_id);
    en_stmt_bind_id(s, "val_subset_id", spec->val_subset_id);
    en_stmt_bind_id(s, "recipe_id", spec->recipe_id);
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
    en_stmt_bind_word(s, "origin", &en_run_origins, spec->origin != 0 ? spec->origin : EN_RUN_TRAINED);
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
        if (st == EN_OK && made[0] == '@') { /* a network of such a name */
            st = en_error_hint(err, en_error_set(err, EN_USAGE, "'%s' cannot name a run: '@' begins an alias", made),
                               "give the run a name");
        }
    }
    if (st == EN_OK) {
        const char *name = spec->name != NULL ? spec->name : made;
        st = insert_run(c, spec, name, id, err);
        st = st == EN_OK ? put_folder(c, *id, name, err) : st;
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
        st = en_catalog_dangling(err, "run", run_id);
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_run_end(en_catalog *c, int64_t run_id, en_run_state state, int64_t epochs, int64_t best_epoch,
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
        en_stmt_bind_word(s, "state", &en_run_states, state);
        en_stmt_bind_id(s, "epochs", epochs);
        en_stmt_bind_id(s, "best_epoch", best_epoch);
        en_stmt_bind_double(s, "seconds", isnan(seconds) ? 0.0 : seconds);
        st = en_stmt_number(s, &same, err);
    }
    if (st == EN_DONE) {
        st = en_catalog_dangling(err, "run", run_id);
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

en_status en_catalog_run_param_drop(en_catalog *c, int64_t run_id, const char *name, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_PARAM_DROP, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    return en_stmt_run(s, err);
}

en_status en_catalog_run_by_id(en_catalog *c, int64_t run_id, en_catalog_run *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_run){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_GET, "run_id", run_id, &s, err);
    if (st == EN_OK) {
        st = en_row_one(s, &run_type, out, err);
    }
    return st == EN_DONE
               ? en_error_hint(err,
                               en_error_set(err, EN_INPUT,
                                            "the catalog lacks the model, subset or recipe of run number %lld",
                                            (long long)run_id),
                               EN_DB_LOOK)
               : st;
}

en_status en_catalog_run_get(en_catalog *c, const char *name, en_catalog_run *out, en_error *err)
{
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
        return en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' can mean several runs", name),
                             "give more of the uuid, or the name");
    }
    return en_catalog_run_by_id(c, id[0], out, err);
}

en_status en_catalog_run_stopped(en_catalog *c, en_catalog_run *out, en_error *err)
{
    en_stmt *s;
    int64_t id;
    *out = (en_catalog_run){0};
    en_status st = en_db_prepare(c->db, EN_SQL_RUN_STOPPED, &s, err);
    if (st == EN_OK) {
        st = en_stmt_number(s, &id, err);
    }
    if (st == EN_OK) {
        st = en_catalog_prepare_id(c, EN_SQL_RUN_GET, "run_id", id, &s, err);
    }
    return st == EN_OK ? en_row_one(s, &run_type, out, err) : st;
}

en_status en_catalog_run_stopped_like(en_catalog *c, const en_catalog_run_spec *spec, en_catalog_run *out,
                                      en_error *err)
{
    en_stmt *s;
    char *name = NULL;
    *out = (en_catalog_run){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_STOPPED_LIKE, "model_id", spec->model_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "subset_id", spec->subset_id);
    en_stmt_bind_int(s, "recipe_id", spec->recipe_id);
    en_stmt_bind_text(s, "target", spec->target);
    en_stmt_bind_int(s, "seed", (int64_t)spec->seed);
    st = en_row_text(s, EN_RULE_FILE_NAME, false, &name, err);
    if (st == EN_OK) {
        st = en_catalog_run_get(c, name, out, err);
    }
    en_free(name);
    return st;
}

void en_catalog_run_clear(en_catalog_run *r) { en_row_clear(&run_type, r); }

en_status en_catalog_runs_running(en_catalog *c, en_catalog_runnings *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_runnings){0};
    en_status st = en_db_prepare(c->db, EN_SQL_RUN_RUNNING, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &running_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_runnings_clear(out);
    }
    return st;
}

void en_catalog_runnings_clear(en_catalog_runnings *r)
{
    en_rows_clear(&running_type, r->row, r->count);
    *r = (en_catalog_runnings){0};
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
    st = en_rows_read(s, &param_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_params_clear(out);
    }
    return st;
}

const char *en_catalog_params_get(const en_catalog_params *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++) {
        if (strcmp(p->row[i].name, name) == 0) {
            return p->row[i].value;
        }
    }
    return NULL;
}

void en_catalog_params_clear(en_catalog_params *p)
{
    en_rows_clear(&param_type, p->row, p->count);
    *p = (en_catalog_params){0};
}

en_status en_catalog_checkpoint_put(en_catalog *c, int64_t run_id, const en_catalog_checkpoint *cp, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_CHECKPOINT_PUT, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_word(s, "kind", &en_checkpoint_kinds, cp->kind);
    en_stmt_bind_text(s, "path", cp->path);
    en_stmt_bind_int(s, "attempt", cp->attempt);
    en_stmt_bind_int(s, "epoch", cp->epoch);
    en_stmt_bind_int(s, "step", cp->step);
    en_stmt_bind_text(s, "sha256", cp->sha256);
    en_stmt_bind_text(s, "file_sha256", cp->file_sha256[0] != '\0' ? cp->file_sha256 : NULL);
    return en_stmt_run(s, err);
}

en_status en_catalog_checkpoint_drop(en_catalog *c, int64_t run_id, en_checkpoint_kind kind, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_CHECKPOINT_DROP, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_word(s, "kind", &en_checkpoint_kinds, kind);
    return en_stmt_run(s, err);
}

en_status en_catalog_checkpoints_unread(en_catalog *c, en_catalog_checkpoints *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_checkpoints){0};
    en_status st = en_db_prepare(c->db, EN_SQL_RUN_CHECKPOINT_UNREAD, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &checkpoint_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_checkpoints_clear(out);
    }
    return st;
}

void en_catalog_checkpoints_clear(en_catalog_checkpoints *list)
{
    en_rows_clear(&checkpoint_type, list->row, list->count);
    *list = (en_catalog_checkpoints){0};
}

en_status en_catalog_checkpoint_hash(en_catalog *c, const en_catalog_checkpoint *cp, const char *sha256, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_CHECKPOINT_HASH, "run_id", cp->run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_word(s, "kind", &en_checkpoint_kinds, cp->kind);
    en_stmt_bind_text(s, "sha256", sha256);
    return en_stmt_run(s, err);
}

en_status en_catalog_checkpoint_find(en_catalog *c, int64_t run_id, en_checkpoint_kind kind, en_catalog_checkpoint *out,
                                     en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_checkpoint){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_CHECKPOINT_FIND, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_word(s, "kind", &en_checkpoint_kinds, kind);
    return en_row_one(s, &checkpoint_type, out, err);
}

void en_catalog_checkpoint_clear(en_catalog_checkpoint *cp) { en_row_clear(&checkpoint_type, cp); }

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
