/* One run of a bundle becomes a run of the catalog, or is compared with the one that is there. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "bundle/out.h"
#include "bundle/run_in.h"
#include "catalog/evaluation.h"
#include "catalog/run_edit.h"
#include "catalog/sample.h"
#include "db/statements.h"
#include "image/recipe.h"
#include "training/calibrate.h"
#include "training/classes.h"

enum { SPEC_MAX = 1 << 20 };

const char *en_bundle_text_of(const en_bundle_arriving *a, const char *name)
{
    return json_string_value(json_object_get(a->core, name));
}

int64_t en_bundle_number_of(const en_bundle_arriving *a, const char *name)
{
    const json_t *value = json_object_get(a->core, name);
    return json_is_integer(value) ? (int64_t)json_integer_value(value) : -1;
}

static en_catalog *catalog_of(const en_bundle_arriving *a) { return a->x->project->catalog; }
static en_db *db_of(const en_bundle_arriving *a) { return en_catalog_db(a->x->project->catalog); }

/* What would be a slip on the command line is bad input when a file says it. */
static en_status as_input(en_status st, en_error *err)
{
    if (st == EN_USAGE && err != NULL) {
        err->status = EN_INPUT;
    }
    return st == EN_USAGE ? EN_INPUT : st;
}

/* run.json -------------------------------------------------------------------------------------------------------- */

static en_status check_core(en_bundle_arriving *a, bool has_network, en_error *err)
{
    en_classes classes;
    en_status st = en_bundle_row_check(a->core, en_bundle_run_fields, EN_BUNDLE_RUN_FIELDS, "a run", err);
    if (st != EN_OK) {
        return st;
    }
    a->origin = (en_run_origin)en_word_find(&en_run_origins, en_bundle_text_of(a, "origin"));
    a->state = (en_run_state)en_word_find(&en_run_states, en_bundle_text_of(a, "state"));
    if (strcmp(en_bundle_text_of(a, "uuid"), a->about->uuid) != 0) {
        return en_error_set(err, EN_INPUT, "its uuid is not that of the manifest");
    }
    const bool trained = a->origin == EN_RUN_TRAINED;
    if ((!trained && a->origin != EN_RUN_IMPORTED) || trained != has_network) {
        return en_error_set(err, EN_INPUT, "a run of origin '%.20s' is not in a bundle, or not like this",
                            en_bundle_text_of(a, "origin"));
    }
    if (a->state == EN_RUN_NONE || a->state == EN_RUN_RUNNING || (trained && a->state == EN_RUN_CREATED)) {
        return en_error_set(err, EN_INPUT, "a run in state '%.20s' is not in a bundle", en_bundle_text_of(a, "state"));
    }
    const bool whole = en_bundle_text_of(a, "model") != NULL && en_bundle_text_of(a, "recipe") != NULL &&
                       a->about->subset >= 0 && en_bundle_number_of(a, "weights_epoch") >= 0 &&
                       en_bundle_text_of(a, "weights_sha256") != NULL;
    const bool empty = en_bundle_text_of(a, "model") == NULL && en_bundle_text_of(a, "recipe") == NULL &&
                       en_bundle_text_of(a, "weights_sha256") == NULL;
    if (trained ? !whole : !empty) {
        return en_error_set(err, EN_INPUT, "network, recipe, subset or weights are missing, or too many");
    }
    if (!trained && strcmp(en_bundle_text_of(a, "classes"), "[]") == 0) {
        return EN_OK;
    }
    st = en_classes_from_json(en_bundle_text_of(a, "classes"), &classes, err);
    a->classes = classes.count;
    for (size_t i = 0; st == EN_OK && i < classes.count; i++) {
        if (en_classes_find(&classes, classes.name[i]) != (int)i) {
            st = en_error_set(err, EN_INPUT, "the class '%s' is there twice", classes.name[i]);
        }
    }
    return st;
}

static en_status read_core(en_bundle_arriving *a, bool has_network, en_error *err)
{
    json_t *more = NULL;
    en_status st = en_bundle_in_line(&a->x->in, &a->core, err);
    if (st == EN_OK) {
        st = json_is_object(a->core) ? check_core(a, has_network, err)
                                     : en_error_set(err, EN_INPUT, "a run is not an object");
        if (st != EN_OK) {
            return en_bundle_in_fault(&a->x->in, st, err);
        }
        st = en_bundle_in_line(&a->x->in, &more, err);
        json_decref(more);
        st = st == EN_OK ? EN_INPUT : st;
        if (st == EN_INPUT) {
            return en_error_set(err, EN_INPUT, "'%s': run.json has more than one line", a->x->in.volumes.path);
        }
        return st == EN_DONE ? EN_OK : st;
    }
    return st == EN_DONE ? en_error_set(err, EN_INPUT, "'%s': run.json is empty", a->x->in.volumes.path) : st;
}

/* A run that is here ----------------------------------------------------------------------------------------------- */

/* Whether what the run is has the same bytes here. */
static en_status compare(const en_bundle_arriving *a, size_t index, bool *same, en_error *err)
{
    const en_bundle_manifest *m = &a->x->in.manifest;
    en_status st = EN_OK;
    *same = true;
    for (size_t i = 0; st == EN_OK && *same && i < m->members; i++) {
        const en_bundle_member *member = &m->member[i];
        if (member->kind < EN_BUNDLE_RUN || member->run != index || member->kind > EN_BUNDLE_STEPS) {
            continue;
        }
        en_bundle_out out;
        en_bundle_member here = *member;
        st = en_bundle_out_begin(&out, NULL, err);
        if (st == EN_OK) {
            st = en_bundle_write_core(a->x->project, a->run_id, member->kind, &out, err);
        }
        if (st == EN_OK) {
            st = en_bundle_out_end(&out, &here, err);
        }
        *same = st == EN_OK && strcmp(here.sha256, member->sha256) == 0;
        en_bundle_out_clear(&out);
    }
    return st;
}

static en_status find_here(en_bundle_arriving *a, size_t index, en_error *err)
{
    en_stmt *s;
    bool same = false;
    a->run_id = -1;
    en_status st = en_db_prepare(db_of(a), EN_SQL_BUNDLE_RUN_HERE, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "uuid", a->about->uuid);
    st = en_stmt_step(s, err);
    if (st != EN_OK) {
        return st == EN_DONE ? EN_OK : st;
    }
    a->run_id = en_stmt_int(s, 0);
    const bool removed = en_stmt_int(s, 1) != 0;
    en_stmt_reset(s);
    if (removed) {
        return en_error_hint(err, en_error_set(err, EN_INPUT, "run %s is in the trash of this project", a->about->uuid),
                             "eyenet runs restore %s", a->about->uuid);
    }
    st = compare(a, index, &same, err);
    if (st == EN_OK && !same) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT,
                                        "run '%s' of the bundle, %s, is in this project with other content",
                                        a->about->name, a->about->uuid),
                           "nothing was imported: compare the two in their own projects");
    }
    return st;
}

/* A new run ------------------------------------------------------------------------------------------------------- */

/* The name that it gets, free. */
static en_status choose_name(const en_bundle_arriving *a, char **out, en_error *err)
{
    const char *given = a->x->options->name;
    *out = given == NULL                 ? en_strdup(a->about->name)
           : a->x->in.manifest.runs == 1 ? en_strdup(given)
                                         : en_format("%s-%s", given, a->about->name);
    if (*out == NULL) {
        return en_error_nomem(err, "a name");
    }
    en_status st = en_catalog_run_name_check(*out, err);
    if (st == EN_USAGE && given == NULL) {
        st = en_error_set(err, EN_INPUT, "'%s' cannot be the name of a run", *out);
    }
    if (st == EN_OK) {
        st = en_catalog_run_name_free(catalog_of(a), *out, err);
    }
    return st == EN_INPUT ? en_error_hint(err, st, "give it another one with --name NAME") : st;
}

en_status en_bundle_subset_of(const en_bundle_arriving *a, int64_t index, int64_t *id, en_error *err)
{
    *id = index >= 0 && index < (int64_t)a->x->subsets ? a->x->subset[index] : -1;
    return index < 0 || *id >= 0 ? EN_OK : en_error_set(err, EN_INPUT, "there is no subset %lld", (long long)index);
}

/* The run it continues or repeats, where that is here. */
static en_status find_parent(const en_bundle_arriving *a, int64_t *id, en_error *err)
{
    en_stmt *s;
    *id = -1;
    if (a->about->parent == NULL) {
        return EN_OK;
    }
    en_status st = en_db_prepare(db_of(a), EN_SQL_RUN_UUID, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "uuid", a->about->parent);
        st = en_stmt_number(s, id, err);
    }
    if (st == EN_DONE) {
        *id = -1;
        st = EN_OK;
    }
    return st;
}

static en_status insert(en_bundle_arriving *a, const char *name, const char *spec, en_error *err)
{
    int64_t model = -1, recipe = -1, subset = -1, val_subset = -1, parent = -1;
    en_stmt *s;
    en_recipe parsed;
    en_status st = en_bundle_subset_of(a, a->about->subset, &subset, err);
    if (st == EN_OK) {
        st = en_bundle_subset_of(a, a->about->val_subset, &val_subset, err);
    }
    if (st == EN_OK) {
        st = find_parent(a, &parent, err);
    }
    if (st == EN_OK && spec != NULL) {
        st = as_input(en_recipe_parse(en_bundle_text_of(a, "recipe"), &parsed, err), err);
        st = st == EN_OK ? en_catalog_recipe_put(catalog_of(a), en_bundle_text_of(a, "recipe"), &recipe, err) : st;
        st = st == EN_OK ? en_catalog_model_put(catalog_of(a), en_bundle_text_of(a, "model"), spec, &model, err) : st;
    }
    if (st == EN_OK) {
        st = en_db_prepare(db_of(a), EN_SQL_BUNDLE_RUN_PUT, &s, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_bundle_row_bind(s, a->core, en_bundle_run_fields, EN_BUNDLE_RUN_BEGIN);
    en_stmt_bind_text(s, "name", name);
    en_stmt_bind_id(s, "parent_run_id", parent);
    en_stmt_bind_id(s, "model_id", model);
    en_stmt_bind_id(s, "subset_id", subset);
    en_stmt_bind_id(s, "val_subset_id", val_subset);
    en_stmt_bind_id(s, "recipe_id", recipe);
    st = en_stmt_number(s, &a->run_id, err);
    if (st == EN_OK) {
        st = en_db_prepare(db_of(a), EN_SQL_RUN_FOLDER_PUT, &s, err);
    }
    if (st == EN_OK) {
        en_stmt_bind_int(s, "run_id", a->run_id);
        en_stmt_bind_text(s, "name", name);
        st = en_stmt_run(s, err);
    }
    return st;
}

/* What is left of the member, as a text. */
static en_status read_text(en_bundle_in *in, en_buf *out, en_error *err)
{
    char chunk[EN_BUNDLE_CHUNK];
    size_t got;
    en_status st;
    while ((st = en_bundle_in_read(in, chunk, sizeof chunk, &got, err)) == EN_OK) {
        st = memchr(chunk, '\0', got) == NULL ? en_buf_add(out, chunk, got, err)
                                              : en_error_set(err, EN_INPUT, "a text has a zero byte");
        if (st != EN_OK) {
            return en_bundle_in_fault(in, st, err);
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

/* At the network or, without one, behind run.json. */
static en_status begin_new(en_bundle_arriving *a, bool has_network, en_error *err)
{
    char *name = NULL;
    en_buf spec;
    en_buf_init(&spec, SPEC_MAX);
    en_status st = choose_name(a, &name, err);
    if (st == EN_OK && has_network) {
        st = read_text(&a->x->in, &spec, err);
    }
    if (st == EN_OK) {
        st = insert(a, name, has_network ? en_buf_str(&spec) : NULL, err);
    }
    a->row->added = st == EN_OK;
    en_buf_clear(&spec);
    en_free(name);
    return st;
}

static en_status take_rows(en_bundle_arriving *a, en_bundle_kind kind, en_error *err)
{
    const en_bundle_table *t = en_bundle_table_of(kind);
    en_bundle_in *in = &a->x->in;
    json_t *row;
    en_stmt *s;
    en_status st;
    while ((st = en_bundle_in_line(in, &row, err)) == EN_OK) {
        st = en_bundle_row_check(row, t->field, t->fields, "a row", err);
        if (st == EN_OK) {
            st = en_db_prepare(db_of(a), t->write, &s, err);
        }
        if (st == EN_OK) {
            en_stmt_bind_int(s, "run_id", a->run_id);
            en_bundle_row_bind(s, row, t->field, t->fields);
            st = en_stmt_run(s, err);
        }
        json_decref(row);
        if (st == EN_OK && in->line % 4096 == 0) {
            st = en_stop_check(&a->x->project->events, err);
        }
        if (st != EN_OK) {
            return en_bundle_in_fault(in, st, err);
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

/* The end --------------------------------------------------------------------------------------------------------- */

static en_status put_origin(const en_bundle_arriving *a, en_error *err)
{
    const en_bundle_manifest *m = &a->x->in.manifest;
    en_stmt *s;
    en_status st = en_db_prepare(db_of(a), EN_SQL_BUNDLE_ORIGIN_PUT, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "run_id", a->run_id);
    en_stmt_bind_text(s, "file", a->x->options->file);
    en_stmt_bind_text(s, "sha256", m->sha256);
    en_stmt_bind_text(s, "project", m->project);
    en_stmt_bind_text(s, "program", m->program);
    en_stmt_bind_text(s, "made_at", m->made_at);
    return en_stmt_run(s, err);
}

/* All of it read back as every command will read it, so that nothing is taken in that cannot be read. */
static en_status read_back(const en_bundle_arriving *a, en_catalog_run *run, en_error *err)
{
    en_catalog_params params = {0};
    en_catalog_evaluations evaluations = {0};
    en_classes classes;
    en_calibration calibration;
    en_status st = en_catalog_run_by_id(catalog_of(a), a->run_id, run, err);
    if (st == EN_OK) {
        st = en_catalog_run_params(catalog_of(a), a->run_id, &params, err);
    }
    if (st == EN_OK) {
        st = en_catalog_evaluations_of(catalog_of(a), a->run_id, &evaluations, err);
    }
    if (st == EN_OK && a->classes > 0) {
        st = en_classes_of_run(catalog_of(a), a->run_id, run->classes, run->target, &classes, err);
    }
    if (st == EN_OK && a->classes > 0) {
        st = en_calibration_of_run(catalog_of(a), a->run_id, a->classes, &calibration, err);
    }
    en_catalog_params_clear(&params);
    en_catalog_evaluations_clear(&evaluations);
    return st;
}

static en_status end_new(en_bundle_arriving *a, en_error *err)
{
    en_stmt *s;
    int64_t same;
    en_status st = en_db_prepare(db_of(a), EN_SQL_BUNDLE_RUN_END, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_int(s, "run_id", a->run_id);
        en_bundle_row_bind(s, a->core, en_bundle_run_fields + EN_BUNDLE_RUN_BEGIN, EN_BUNDLE_RUN_END);
        st = en_stmt_number(s, &same, err);
    }
    if (st == EN_OK) {
        st = put_origin(a, err);
    }
    for (size_t i = 0; st == EN_OK && i < a->about->tags; i++) {
        st = as_input(en_catalog_run_tag(catalog_of(a), a->run_id, a->about->tag[i], err), err);
    }
    if (st == EN_OK && a->about->note != NULL) {
        st = as_input(en_catalog_run_note(catalog_of(a), a->run_id, a->about->note, err), err);
    }
    return st;
}

/* Written again, the rows are the bytes that were read: nothing was lost or changed, and the bundle can be recognised
 * when it comes a second time. */
static en_status check_same(const en_bundle_arriving *a, size_t index, en_error *err)
{
    bool same = false;
    en_status st = compare(a, index, &same, err);
    return st != EN_OK || same
               ? st
               : en_error_set(err, EN_INPUT, "'%s': the rows of run '%s' are not in the order and form of a bundle",
                              a->x->in.volumes.path, a->about->name);
}

static en_status take_member(en_bundle_arriving *a, en_bundle_kind kind, en_error *err)
{
    if (kind == EN_BUNDLE_EVALUATIONS) {
        return en_bundle_take_evaluations(a, err);
    }
    if (kind == EN_BUNDLE_NETWORK) {
        return a->run_id < 0 ? begin_new(a, true, err) : EN_OK;
    }
    if (!a->row->added) {
        return EN_OK; /* here already: its bytes were compared */
    }
    return kind == EN_BUNDLE_WEIGHTS ? en_bundle_take_weights(a, err) : take_rows(a, kind, err);
}

static en_status add_recipe(const en_bundle_arriving *a, en_error *err)
{
    en_bundle_job *x = a->x;
    const char *text = en_bundle_text_of(a, "recipe");
    for (size_t i = 0; i < x->recipes; i++) {
        if (strcmp(x->recipe[i], text) == 0) {
            return EN_OK;
        }
    }
    char **grown = en_array_grow(x->recipe, x->recipes, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    x->recipe = grown;
    x->recipe[x->recipes] = en_strdup(text);
    return x->recipe[x->recipes++] != NULL ? EN_OK : en_error_nomem(err, "a recipe");
}

en_status en_bundle_import_run(en_bundle_job *x, size_t index, en_error *err)
{
    const en_bundle_manifest *m = &x->in.manifest;
    en_bundle_arriving a = {.x = x, .about = &m->run[index], .row = &x->result->run[index], .evaluation_id = -1};
    const bool has_network = x->in.next < m->members && m->member[x->in.next].kind == EN_BUNDLE_NETWORK;
    en_catalog_run run = {0};
    en_status st = read_core(&a, has_network, err);
    if (st == EN_OK) {
        st = find_here(&a, index, err);
    }
    if (st == EN_OK && a.run_id < 0 && !has_network) {
        st = begin_new(&a, false, err);
    }
    if (st == EN_OK && has_network) {
        st = add_recipe(&a, err);
    }
    while (st == EN_OK && x->in.next < m->members && m->member[x->in.next].run == index &&
           m->member[x->in.next].kind < EN_BUNDLE_PICTURE) {
        st = en_bundle_in_next(&x->in, err);
        st = st == EN_OK ? take_member(&a, x->in.member->kind, err) : st;
    }
    if (st == EN_OK && a.row->added) {
        st = end_new(&a, err);
        st = st == EN_OK ? check_same(&a, index, err) : st;
    }
    if (st == EN_OK) {
        st = read_back(&a, &run, err);
    }
    if (st == EN_OK) {
        memcpy(a.row->uuid, a.about->uuid, sizeof a.row->uuid);
        (void)en_print(a.row->run, sizeof a.row->run, "%s", run.name);
    }
    json_decref(a.core);
    en_catalog_run_clear(&run);
    return st;
}
