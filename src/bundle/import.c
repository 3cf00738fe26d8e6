/* bundle import: the whole file is compared with its manifest, then all rows are one transaction. */
#include "bundle/import.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

/* Reads everything once. */
static en_status verify(en_bundle_job *x, en_error *err)
{
    const en_bundle_manifest *m = &x->in.manifest;
    int64_t bytes = 0;
    en_status st;
    for (size_t i = 0; i < m->members; i++) { /* 10,000 of 16 TiB at most: they add up */
        bytes += m->member[i].bytes;
    }
    if (bytes > x->in.volumes.bytes) {
        return en_error_set(err, EN_INPUT, "'%s' is shorter than its members", x->in.volumes.path);
    }
    en_event_begin(&x->project->events, "verify", "members", (int64_t)m->members);
    while ((st = en_bundle_in_next(&x->in, err)) == EN_OK) {
        en_event_progress(&x->project->events, (int64_t)x->in.next, (int64_t)m->members, NULL);
    }
    en_event_end(&x->project->events, (int64_t)x->in.next, (int64_t)m->members);
    return st == EN_DONE ? en_file_check_space(x->project->root, bytes, err) : st;
}

static en_status take_members(en_bundle_job *x, en_error *err)
{
    en_status st = en_bundle_in_rewind(&x->in, err);
    while (st == EN_OK && (st = en_bundle_in_next(&x->in, err)) == EN_OK) {
        const en_bundle_member *m = x->in.member;
        st = m->kind == EN_BUNDLE_PHOTOGRAPHS ? en_bundle_import_photographs(x, err)
             : m->kind == EN_BUNDLE_SUBSETS   ? en_bundle_import_subsets(x, err)
                                              : en_bundle_import_run(x, m->run, err);
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status write_all(en_bundle_job *x, en_error *err)
{
    const size_t runs = x->in.manifest.runs;
    x->arrival = en_calloc(runs, sizeof *x->arrival);
    x->result->run = en_calloc(runs, sizeof *x->result->run);
    if (x->arrival == NULL || x->result->run == NULL) {
        return en_error_nomem(err, "runs");
    }
    x->result->runs = runs;
    en_status st = en_catalog_begin(x->project->catalog, err);
    if (st == EN_OK) {
        st = take_members(x, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(x->project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(x->project->catalog);
    }
    for (size_t i = 0; i < x->arrivals; i++) {
        en_arrival_end(&x->arrival[i], st == EN_OK);
    }
    return st;
}

static void tell(const en_bundle_job *x)
{
    en_bundle_import_result *r = x->result;
    for (size_t i = 0; i < r->runs; i++) {
        en_bundle_run *run = &r->run[i];
        run->photographs = r->photographs;
        run->absent = r->absent;
        (void)snprintf(run->outcome, sizeof run->outcome, "%s",
                       run->added             ? "imported"
                       : run->evaluations > 0 ? "evaluations added"
                                              : "here already");
    }
    if (r->absent > 0) {
        en_event_note(&x->project->events,
                      "%lld of %lld photographs are not in this project: they are known by their names, without pixels",
                      (long long)r->absent, (long long)r->photographs);
    }
}

en_status en_bundle_import(en_project *project, const en_bundle_import_options *options,
                           en_bundle_import_result *result, en_error *err)
{
    const double began = en_clock_seconds();
    *result = (en_bundle_import_result){0};
    en_bundle_job x = {.project = project, .options = options, .result = result, .dataset_id = -1};
    en_status st = en_bundle_in_open(options->file, &project->events, &x.in, err);
    if (st == EN_OK) {
        st = verify(&x, err);
    }
    if (st == EN_OK) {
        st = write_all(&x, err);
    }
    if (st == EN_OK) {
        tell(&x);
    }
    result->seconds = en_clock_seconds() - began;
    en_bundle_in_clear(&x.in);
    for (size_t i = 0; i < x.photographs; i++) {
        en_free(x.photograph[i].name);
        en_free(x.photograph[i].patient);
        en_free(x.photograph[i].eye);
        en_free(x.photograph[i].patient_from);
        en_free(x.photograph[i].local);
    }
    en_free(x.photograph);
    en_free(x.subset);
    en_free(x.arrival);
    return st;
}

void en_bundle_import_clear(en_bundle_import_result *result)
{
    en_free(result->run);
    *result = (en_bundle_import_result){0};
}
