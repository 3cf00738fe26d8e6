/* One run of a bundle becomes a run of the catalog, or is compared with the one that is there. */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "bundle/import.h"
#include "bundle/out.h"
#include "catalog/evaluation.h"
#include "catalog/run_edit.h"
#include "catalog/sample.h"
#include "db/statements.h"
#include "image/recipe.h"
#include "nn/weights.h"
#include "project/run_weights.h"
#include "training/calibrate.h"
#include "training/classes.h"
#include "training/model.h"

enum { CHUNK = 1 << 16, SPEC_MAX = 1 << 20, CLASSES_MAX = EN_MAX_CLASSES };

typedef struct arriving {
    en_bundle_job *x;
    const en_bundle_about *about;
    en_bundle_run *row; /* of the result */
    json_t *core;       /* run.json, checked */
    en_run_origin origin;
    en_run_state state;
    int64_t run_id, evaluation_id; /* evaluation_id: that predictions are of; -1: one that is not taken */
    size_t classes;
} arriving;

static const char *text_of(const arriving *a, const char *name)
{
    return json_string_value(json_object_get(a->core, name));
}

static int64_t number_of(const arriving *a, const char *name)
{
    const json_t *value = json_object_get(a->core, name);
    return json_is_integer(value) ? (int64_t)json_integer_value(value) : -1;
}

static en_catalog *catalog_of(const arriving *a) { return a->x->project->catalog; }
static en_db *db_of(const arriving *a) { return en_catalog_db(a->x->project->catalog); }

/* What would be a slip on the command line is bad input when a file says it. */
static en_status as_input(en_status st, en_error *err)
{
    if (st == EN_USAGE && err != NULL) {
        err->status = EN_INPUT;
    }
    return st == EN_USAGE ? EN_INPUT : st;
}

/* run.json -------------------------------------------------------------------------------------------------------- */

static en_status check_core(arriving *a, bool has_network, en_error *err)
{
    en_classes classes;
    en_status st = en_bundle_row_check(a->core, en_bundle_run_fields, EN_BUNDLE_RUN_FIELDS, "a run", err);
    if (st != EN_OK) {
        return st;
    }
    a->origin = (en_run_origin)en_word_find(&en_run_origins, text_of(a, "origin"));
    a->state = (en_run_state)en_word_find(&en_run_states, text_of(a, "state"));
    if (strcmp(text_of(a, "uuid"), a->about->uuid) != 0) {
        return en_error_set(err, EN_INPUT, "its uuid is not that of the manifest");
    }
    const bool trained = a->origin == EN_RUN_TRAINED;
    if ((!trained && a->origin != EN_RUN_IMPORTED) || trained != has_network) {
        return en_error_set(err, EN_INPUT, "a run of origin '%.20s' is not in a bundle, or not like this",
                            text_of(a, "origin"));
    }
    if (a->state == EN_RUN_NONE || a->state == EN_RUN_RUNNING || (trained && a->state == EN_RUN_CREATED)) {
        return en_error_set(err, EN_INPUT, "a run in state '%.20s' is not in a bundle", text_of(a, "state"));
    }
    const bool whole = text_of(a, "model") != NULL && text_of(a, "recipe") != NULL && a->about->subset >= 0 &&
                       number_of(a, "weights_epoch") >= 0 && text_of(a, "weights_sha256") != NULL;
    const bool empty =
        text_of(a, "model") == NULL && text_of(a, "recipe") == NULL && text_of(a, "weights_sha256") == NULL;
    if (trained ? !whole : !empty) {
        return en_error_set(err, EN_INPUT, "network, recipe, subset or weights are missing, or too many");
    }
    if (!trained && strcmp(text_of(a, "classes"), "[]") == 0) {
        return EN_OK;
    }
    st = en_classes_from_json(text_of(a, "classes"), &classes, err);
    a->classes = classes.count;
    for (size_t i = 0; st == EN_OK && i < classes.count; i++) {
        if (en_classes_find(&classes, classes.name[i]) != (int)i) {
            st = en_error_set(err, EN_INPUT, "the class '%s' is there twice", classes.name[i]);
        }
    }
    return st;
}

static en_status read_core(arriving *a, bool has_network, en_error *err)
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
static en_status compare(const arriving *a, size_t index, bool *same, en_error *err)
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

static en_status find_here(arriving *a, size_t index, en_error *err)
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
static en_status choose_name(const arriving *a, char **out, en_error *err)
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

static en_status subset_of(const arriving *a, int64_t index, int64_t *id, en_error *err)
{
    *id = index >= 0 && index < (int64_t)a->x->subsets ? a->x->subset[index] : -1;
    return index < 0 || *id >= 0 ? EN_OK : en_error_set(err, EN_INPUT, "there is no subset %lld", (long long)index);
}

/* The run it continues or repeats, where that is here. */
static en_status find_parent(const arriving *a, int64_t *id, en_error *err)
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

static en_status insert(arriving *a, const char *name, const char *spec, en_error *err)
{
    int64_t model = -1, recipe = -1, subset = -1, val_subset = -1, parent = -1;
    en_stmt *s;
    en_recipe parsed;
    en_status st = subset_of(a, a->about->subset, &subset, err);
    if (st == EN_OK) {
        st = subset_of(a, a->about->val_subset, &val_subset, err);
    }
    if (st == EN_OK) {
        st = find_parent(a, &parent, err);
    }
    if (st == EN_OK && spec != NULL) {
        st = as_input(en_recipe_parse(text_of(a, "recipe"), &parsed, err), err);
        st = st == EN_OK ? en_catalog_recipe_put(catalog_of(a), text_of(a, "recipe"), &recipe, err) : st;
        st = st == EN_OK ? en_catalog_model_put(catalog_of(a), text_of(a, "model"), spec, &model, err) : st;
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
    char chunk[CHUNK];
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
static en_status begin_new(arriving *a, bool has_network, en_error *err)
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

static en_status take_rows(arriving *a, en_bundle_kind kind, en_error *err)
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

/* Evaluations ------------------------------------------------------------------------------------------------------ */

static en_status bind_evaluation(const arriving *a, en_sql id, const json_t *row, int64_t subset_id, en_stmt **s,
                                 en_error *err)
{
    en_status st = en_db_prepare(db_of(a), id, s, err);
    if (st == EN_OK) {
        en_stmt_bind_int(*s, "run_id", a->run_id);
        en_stmt_bind_int(*s, "subset_id", subset_id);
        en_bundle_row_bind(*s, row, en_bundle_evaluation_fields + 1, 3); /* seed, weights_sha256, created_at */
    }
    return st;
}

/* One that is here already is passed over, and so is one of weights that a run that is here did not keep. */
static en_status take_evaluation(arriving *a, const json_t *row, en_error *err)
{
    int64_t subset_id = -1, there;
    en_stmt *s;
    a->evaluation_id = -1;
    en_status st = en_bundle_row_check(row, EN_BUNDLE_FIELDS(en_bundle_evaluation_fields), "an evaluation", err);
    if (st == EN_OK) {
        st = subset_of(a, (int64_t)json_integer_value(json_object_get(row, "subset")), &subset_id, err);
    }
    if (st == EN_OK) {
        st = bind_evaluation(a, EN_SQL_BUNDLE_EVALUATION_FIND, row, subset_id, &s, err);
    }
    if (st == EN_OK) {
        st = en_stmt_number(s, &there, err);
    }
    if (st != EN_DONE) {
        return st;
    }
    const char *kept = text_of(a, "weights_sha256"), *of = json_string_value(json_object_get(row, "weights_sha256"));
    if (!a->row->added && kept != NULL && strcmp(kept, of) != 0) {
        return EN_OK;
    }
    st = bind_evaluation(a, EN_SQL_BUNDLE_EVALUATION_PUT, row, subset_id, &s, err);
    if (st == EN_OK) {
        st = en_stmt_number(s, &a->evaluation_id, err);
    }
    const char *file = json_string_value(json_object_get(row, "file"));
    if (st == EN_OK && file != NULL) {
        st = en_catalog_evaluation_file(catalog_of(a), a->evaluation_id, file,
                                        json_integer_value(json_object_get(row, "answers_only")) != 0, err);
    }
    a->row->evaluations += st == EN_OK;
    return st;
}

static en_status take_prediction(arriving *a, const json_t *row, en_error *err)
{
    float p[CLASSES_MAX];
    int64_t variant_id = -1;
    en_status st = en_bundle_row_check(row, EN_BUNDLE_FIELDS(en_bundle_prediction_fields), "a prediction", err);
    if (st != EN_OK || a->evaluation_id < 0) {
        return st;
    }
    const json_t *list = json_array_get(row, 5), *truth = json_array_get(row, 3);
    if (json_array_size(list) != a->classes) {
        return en_error_set(err, EN_INPUT, "a prediction has %zu probabilities, and not %zu", json_array_size(list),
                            a->classes);
    }
    for (size_t i = 0; i < a->classes; i++) {
        const json_t *value = json_array_get(list, i);
        const double number = json_number_value(value);
        if (!json_is_number(value) || !(number >= 0.0 && number <= 1.0)) {
            return en_error_set(err, EN_INPUT, "a probability is not between 0 and 1");
        }
        p[i] = (float)number;
    }
    st = en_bundle_variant(a->x, (int64_t)json_integer_value(json_array_get(row, 0)),
                           (int64_t)json_integer_value(json_array_get(row, 1)),
                           (int64_t)json_integer_value(json_array_get(row, 2)), &variant_id, err);
    if (st == EN_OK) {
        st = en_catalog_prediction_add(catalog_of(a), a->evaluation_id, variant_id,
                                       json_is_integer(truth) ? (int64_t)json_integer_value(truth) : -1,
                                       (int64_t)json_integer_value(json_array_get(row, 4)), p, a->classes, err);
    }
    a->row->predictions += st == EN_OK;
    return st;
}

static en_status take_evaluations(arriving *a, en_error *err)
{
    en_bundle_in *in = &a->x->in;
    json_t *row;
    en_status st;
    bool any = false;
    while ((st = en_bundle_in_line(in, &row, err)) == EN_OK) {
        const bool begins = json_is_object(row);
        any = any || begins;
        st = begins ? take_evaluation(a, row, err)
             : any  ? take_prediction(a, row, err)
                    : en_error_set(err, EN_INPUT, "a prediction without an evaluation");
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

/* Weights --------------------------------------------------------------------------------------------------------- */

static en_status write_file(arriving *a, const char *path, en_error *err)
{
    char chunk[CHUNK];
    size_t got;
    en_writer w = {0};
    en_status st = en_writer_open(&w, path, err);
    while (st == EN_OK && (st = en_bundle_in_read(&a->x->in, chunk, sizeof chunk, &got, err)) == EN_OK) {
        st = en_writer_write(&w, chunk, got, err);
        st = st == EN_OK ? en_stop_check(&a->x->project->events, err) : st;
    }
    if (st == EN_DONE) {
        st = en_writer_commit(&w, err);
    }
    en_writer_abort(&w);
    return st;
}

/* What the file says of itself is what the catalog will say. */
static en_status check_card(const arriving *a, const char *path, const char *spec, en_error *err)
{
    const struct {
        const char *key, *value;
    } is[] = {{"spec", spec},
              {"recipe", text_of(a, "recipe")},
              {"classes", text_of(a, "classes")},
              {"target", text_of(a, "target")},
              {"run", text_of(a, "uuid")}};
    en_metadata meta = {0};
    en_status st = en_metadata_read(path, &meta, err);
    for (size_t i = 0; st == EN_OK && i < sizeof is / sizeof *is; i++) {
        const char *value = en_metadata_get(&meta, is[i].key);
        if (value == NULL || strcmp(value, is[i].value) != 0) {
            st = en_error_set(err, EN_INPUT, "the weights are of another run: their %s is not the same", is[i].key);
        }
    }
    en_metadata_clear(&meta);
    return st;
}

/* Whether they can be predicted with. */
static en_status try_model(const arriving *a, const char *path, en_error *err)
{
    const en_kernels *kernels;
    en_pool *pool;
    en_model model = {0};
    en_status st = en_project_kernels(a->x->project, &kernels, err);
    if (st == EN_OK) {
        st = en_project_pool(a->x->project, &pool, err);
    }
    if (st == EN_OK) {
        st = en_model_open(path, 1, pool, kernels, &model, err);
    }
    if (st == EN_OK && model.classes.count != a->classes) {
        st = en_error_set(err, EN_INPUT, "the weights have other classes than the run");
    }
    en_model_close(&model);
    return st;
}

static en_status take_weights(arriving *a, en_error *err)
{
    en_catalog_checkpoint kept = {.kind = EN_CHECKPOINT_BEST,
                                  .attempt = number_of(a, "weights_attempt"),
                                  .epoch = number_of(a, "weights_epoch"),
                                  .step = number_of(a, "weights_step")};
    en_catalog_run run = {0};
    en_status st = en_catalog_run_by_id(catalog_of(a), a->run_id, &run, err);
    en_arrival *arrival = &a->x->arrival[a->x->arrivals];
    if (st == EN_OK) {
        st = en_arrival_begin(a->x->project, run.folder, arrival, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    a->x->arrivals++;
    st = write_file(a, arrival->file, err);
    if (st == EN_OK) {
        st = en_weights_hash(arrival->file, kept.sha256, kept.file_sha256, err);
    }
    const char *whole = text_of(a, "weights_file_sha256");
    if (st == EN_OK && (strcmp(kept.sha256, text_of(a, "weights_sha256")) != 0 ||
                        (whole != NULL && strcmp(kept.file_sha256, whole) != 0))) {
        st = en_error_set(err, EN_INPUT, "the weights are not those of the run: their hash differs");
    }
    if (st == EN_OK) {
        st = check_card(a, arrival->file, run.spec, err);
    }
    if (st == EN_OK) {
        st = try_model(a, arrival->file, err);
    }
    if (st == EN_OK && (kept.path = en_path_join(arrival->folder, EN_ARRIVAL_FILE)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        memcpy(kept.file_sha256, whole != NULL ? whole : "", whole != NULL ? sizeof kept.file_sha256 : 1);
        st = en_catalog_checkpoint_put(catalog_of(a), a->run_id, &kept, err);
    }
done:
    if (st == EN_INPUT) {
        (void)en_bundle_in_fault(&a->x->in, st, err);
    }
    en_free(kept.path);
    en_catalog_run_clear(&run);
    return st;
}

/* The end --------------------------------------------------------------------------------------------------------- */

static en_status put_origin(const arriving *a, en_error *err)
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
static en_status read_back(const arriving *a, en_catalog_run *run, en_error *err)
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

static en_status end_new(arriving *a, en_error *err)
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
static en_status check_same(const arriving *a, size_t index, en_error *err)
{
    bool same = false;
    en_status st = compare(a, index, &same, err);
    return st != EN_OK || same
               ? st
               : en_error_set(err, EN_INPUT, "'%s': the rows of run '%s' are not in the order and form of a bundle",
                              a->x->in.volumes.path, a->about->name);
}

static en_status take_member(arriving *a, en_bundle_kind kind, en_error *err)
{
    if (kind == EN_BUNDLE_EVALUATIONS) {
        return take_evaluations(a, err);
    }
    if (kind == EN_BUNDLE_NETWORK) {
        return a->run_id < 0 ? begin_new(a, true, err) : EN_OK;
    }
    if (!a->row->added) {
        return EN_OK; /* here already: its bytes were compared */
    }
    return kind == EN_BUNDLE_WEIGHTS ? take_weights(a, err) : take_rows(a, kind, err);
}

static en_status add_recipe(const arriving *a, en_error *err)
{
    en_bundle_job *x = a->x;
    const char *text = text_of(a, "recipe");
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
    arriving a = {.x = x, .about = &m->run[index], .row = &x->result->run[index], .evaluation_id = -1};
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
