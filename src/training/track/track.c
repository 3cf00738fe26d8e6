/* Runs of a store: chosen, named, written. */
#include "training/track/track.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "catalog/run_edit.h"
#include "catalog/run_imported.h"
#include "training/train/train.h"
#include "training/track/store.h"

#define BEFORE_UUID 60 /* bytes of a run's name that leave space for a uuid behind it */

void en_store_runs_clear(en_store_runs *runs)
{
    for (size_t i = 0; i < runs->count; i++) {
        en_free(runs->row[i].id);
        en_free(runs->row[i].where);
        en_free(runs->row[i].name);
        en_free(runs->row[i].experiment);
    }
    en_free(runs->row);
    *runs = (en_store_runs){0};
}

void en_store_close(en_store *s)
{
    if (s->kind != NULL) {
        s->kind->close(s);
    }
    *s = (en_store){0};
}

en_status en_store_open_mlflow(const char *path, const en_events *events, en_store *out, en_error *err)
{
    return en_file_is_dir(path) ? en_store_open_mlflow_folder(path, events, out, err)
                                : en_store_open_mlflow_db(path, events, out, err);
}

/* The id where it has the 32 hexadecimal digits of a uuid; else a hash of what the run is, of version 8 (RFC 9562). */
static en_status make_uuid(const en_store *s, const en_store_run *run, char uuid[EN_UUID_TEXT], en_error *err)
{
    char hex[EN_SHA256_HEX];
    if (strlen(run->id) == 32 && strspn(run->id, "0123456789abcdef") == 32) {
        memcpy(hex, run->id, 32);
    } else {
        char *text = en_format("%s\n%s\n%s", s->kind->prefix, run->experiment != NULL ? run->experiment : "", run->id);
        if (text == NULL) {
            return en_error_nomem(err, "a uuid");
        }
        const en_status st = en_sha256_bytes(text, strlen(text), hex, err);
        en_free(text);
        if (st != EN_OK) {
            return st;
        }
        hex[12] = '8';
        hex[16] = 'a';
    }
    (void)snprintf(uuid, EN_UUID_TEXT, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
    return EN_OK;
}

/* A name that a run can have, like the store's: '_' for what cannot be in it. */
static char *valid_name(const en_store *s, const en_store_run *run, const char *uuid)
{
    char *name = en_track_clean(run->name != NULL ? run->name : "", EN_NAME_MAX, false);
    if (name == NULL) {
        return NULL;
    }
    char *from = name + strspn(name, " ");
    size_t size = strlen(from);
    while (size > 0 && from[size - 1] == ' ') {
        from[--size] = '\0';
    }
    memmove(name, from, size + 1);
    for (char *c = name; *c != '\0'; c++) {
        *c = *c == '/' || *c == '\\' || (c == name && (*c == '.' || *c == '@')) ? '_' : *c;
    }
    if (en_catalog_run_name_check(name, NULL) != EN_OK) {
        en_free(name);
        name = en_format("%s-%.8s", s->kind->prefix, uuid);
    }
    return name;
}

/* The first free one of the name, the name with the uuid's first digits, and with the whole uuid. */
static en_status choose_name(en_project *project, const en_store *s, const en_store_run *run, const char *uuid,
                             char **out, en_error *err)
{
    static const int digits[] = {0, 8, EN_UUID_TEXT};
    char *base = valid_name(s, run, uuid), *begin = base != NULL ? en_track_clean(base, BEFORE_UUID, false) : NULL;
    en_status st = begin != NULL ? EN_INPUT : EN_NOMEM;
    *out = NULL;
    for (size_t i = 0; st == EN_INPUT && i < sizeof digits / sizeof *digits; i++) {
        en_free(*out);
        *out = en_format("%s%s%.*s", digits[i] > 0 ? begin : base, digits[i] > 0 ? "-" : "", digits[i], uuid);
        st = *out != NULL ? en_catalog_run_name_free(project->catalog, *out, err) : EN_NOMEM;
    }
    en_free(base);
    en_free(begin);
    return st == EN_NOMEM ? en_error_nomem(err, "the name of a run") : st;
}

/* Where a run is from, for its note: the name is here as the store has it. */
static char *origin_of(const en_store *s, const en_store_run *run)
{
    char *name = en_track_clean(run->name != NULL ? run->name : "", 1000, false);
    char *experiment = en_track_clean(run->experiment != NULL ? run->experiment : "", 1000, false);
    char *id = en_track_clean(run->id, 200, false), *text = NULL;
    if (name != NULL && experiment != NULL && id != NULL) {
        text = en_format("%s run '%s', id %s, of '%s'", s->kind->title, name, id, experiment);
    }
    en_free(name);
    en_free(experiment);
    en_free(id);
    return text;
}

static en_status write_origin(const en_store *s, const en_store_run *run, en_track_writer *w, en_error *err)
{
    char *origin = origin_of(s, run);
    en_status st = origin != NULL ? en_track_note(w, origin, err) : en_error_nomem(err, "a note");
    en_free(origin);
    if (st == EN_OK && run->experiment != NULL) {
        st = en_track_tag(w, "experiment", run->experiment, err);
    }
    return st;
}

/* The run within a transaction; EN_DONE: it is from this catalog. */
static en_status write_run(en_project *project, en_store *s, const en_store_run *run, const char *uuid,
                           en_track_writer *w, en_error *err)
{
    char *name = NULL;
    en_status st = choose_name(project, s, run, uuid, &name, err);
    if (st == EN_OK) {
        const en_catalog_run_spec spec = {.uuid = uuid,
                                          .name = name,
                                          .origin = EN_RUN_IMPORTED,
                                          .parent_id = -1,
                                          .model_id = -1,
                                          .subset_id = -1,
                                          .val_subset_id = -1,
                                          .recipe_id = -1,
                                          .target = EN_TRAIN_TARGET,
                                          .classes = EN_NO_CLASSES,
                                          .command_line = project->command_line,
                                          .threads = -1};
        st = en_catalog_run_create(project->catalog, &spec, &w->run_id, err);
    }
    if (st == EN_OK) {
        st = s->kind->read(s, run, w, err);
    }
    if (st == EN_OK) {
        st = write_origin(s, run, w, err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_imported_past(project->catalog, w->run_id, run->state, run->started_ms, run->ended_ms, err);
    }
    en_free(name);
    return st;
}

/* A run that is new here in a transaction of its own; what it counted is undone when it fails. */
static en_status import_run(en_project *project, en_store *s, const en_store_run *run, bool steps_are_epochs,
                            en_track_result *r, en_error *err)
{
    char uuid[EN_UUID_TEXT];
    bool here = false;
    const en_track_counts before = r->counts;
    en_track_writer w;
    en_track_writer_begin(&w, project, s->kind->prefix, steps_are_epochs, &r->counts);
    en_status st = make_uuid(s, run, uuid, err);
    if (st == EN_OK) {
        st = en_catalog_begin(project->catalog, err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_has_uuid(project->catalog, uuid, &here, err);
    }
    if (st == EN_OK) {
        st = here ? EN_DONE : write_run(project, s, run, uuid, &w, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(project->catalog);
        r->counts = before;
    }
    r->imported += st == EN_OK;
    r->skipped += st == EN_DONE;
    en_track_writer_clear(&w);
    if (st == EN_INPUT) {
        char *id = en_track_clean(run->id, 64, false);
        en_error_prefix(err, "%s run '%s'", s->kind->title, id != NULL ? id : "");
        en_free(id);
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status import_runs(en_project *project, en_store *s, const en_store_runs *runs, bool steps_are_epochs,
                             en_track_result *r, en_error *err)
{
    en_status st = EN_OK;
    en_event_begin(&project->events, "import", "runs", r->runs);
    for (size_t i = 0; st == EN_OK && i < runs->count; i++) {
        st = import_run(project, s, &runs->row[i], steps_are_epochs, r, err);
        if (st == EN_OK) {
            en_event_progress(&project->events, (int64_t)i + 1, r->runs, NULL);
            st = en_stop_check(&project->events, err);
        }
    }
    en_event_end(&project->events, r->imported + r->skipped, r->runs);
    return st;
}

static void tell(const en_project *project, const en_track_counts *c)
{
    if (c->left_out > 0) {
        en_event_warn(&project->events, "%lld settings, metrics or tags were left out, first %s",
                      (long long)c->left_out, c->first);
    }
    if (c->unstepped > 0) {
        en_event_note(&project->events,
                      "%lld metrics were logged without steps: their values are numbered from 1, by time",
                      (long long)c->unstepped);
    }
}

en_status en_track_import(en_project *project, const en_track_options *o, en_track_result *result, en_error *err)
{
    const double began = en_clock_seconds();
    en_store store = {0};
    en_store_runs runs = {0};
    *result = (en_track_result){0};
    en_status st = o->kind == EN_TRACK_MLFLOW ? en_store_open_mlflow(o->path, &project->events, &store, err)
                                              : en_store_open_trackio(o->path, &project->events, &store, err);
    if (st == EN_OK) {
        (void)snprintf(result->store, sizeof result->store, "%s", store.kind->title);
        st = store.kind->list(&store, o->experiment, o->run, &runs, err);
    }
    if (st == EN_OK && runs.count > EN_STORE_RUNS_MAX) {
        st = en_error_set(err, EN_INPUT, "'%s' has more than %d runs", o->path, EN_STORE_RUNS_MAX);
    }
    if (st == EN_OK && runs.count == 0 && runs.damaged > 0) {
        st = en_error_set(err, EN_INPUT, "'%s' has no such run that can be read: %zu meta.yaml are damaged", o->path,
                          runs.damaged);
    } else if (st == EN_OK && runs.count == 0 && o->run != NULL) {
        st = en_error_set(err, EN_INPUT, "'%s' has no run '%.100s'%s", o->path, o->run,
                          o->experiment != NULL ? " in this experiment" : "");
    }
    result->runs = (int64_t)runs.count;
    result->damaged = (int64_t)runs.damaged;
    if (st == EN_OK) {
        st = import_runs(project, &store, &runs, !o->optimiser_steps, result, err);
    }
    tell(project, &result->counts);
    result->seconds = en_clock_seconds() - began;
    en_store_runs_clear(&runs);
    en_store_close(&store);
    return st;
}
