/* bundle import: the whole file is compared with its manifest, then all rows are one transaction. */
#include "bundle/import.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "catalog/dataset.h"
#include "db/statements.h"
#include "intake/fetch/fetch.h"
#include "intake/ingest.h"

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

/* A photograph is that of its line. */
static en_status check_picture(const en_bundle_job *x, const en_bundle_member *m, en_error *err)
{
    return m->picture < x->photographs && strcmp(x->photograph[m->picture].sha256, m->sha256) == 0
               ? EN_OK
               : en_bundle_in_fault(&x->in, en_error_set(err, EN_INPUT, "it is not the photograph of its line"), err);
}

static en_status take_members(en_bundle_job *x, en_error *err)
{
    en_status st = en_bundle_in_rewind(&x->in, err);
    while (st == EN_OK && (st = en_bundle_in_next(&x->in, err)) == EN_OK) {
        const en_bundle_member *m = x->in.member;
        st = m->kind == EN_BUNDLE_PICTURE       ? check_picture(x, m, err)
             : m->kind == EN_BUNDLE_PHOTOGRAPHS ? en_bundle_import_photographs(x, err)
             : m->kind == EN_BUNDLE_SUBSETS     ? en_bundle_import_subsets(x, err)
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

/* What is in the bundle comes by fetch and ingest, as the photographs of any archive do, and becomes the images that
 * are listed by now, by their bytes. Both go on where they were interrupted. */
static en_status take_pictures(en_bundle_job *x, en_error *err)
{
    const en_bundle_manifest *m = &x->in.manifest;
    const en_fetch_options fetch = {.source = x->options->file};
    en_fetch_result fetched;
    if (x->result->absent == 0 || m->member[m->members - 1].kind != EN_BUNDLE_PICTURE) {
        return EN_OK;
    }
    en_status st = en_catalog_dataset_use(x->project->catalog, x->dataset, err);
    if (st == EN_OK) {
        st = en_fetch(x->project, &fetch, &fetched, err);
    }
    for (size_t i = 0; st == EN_OK && i < x->recipes; i++) {
        const en_ingest_options ingest = {.recipe = x->recipe[i]};
        en_ingest_result ingested;
        st = en_ingest(x->project, &ingest, &ingested, err);
    }
    x->result->absent = 0;
    for (size_t i = 0; st == EN_OK && i < x->photographs; i++) {
        en_stmt *s;
        int64_t listed = 0;
        st = en_db_prepare(en_catalog_db(x->project->catalog), EN_SQL_BUNDLE_IS_LISTED, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_int(s, "image_id", x->photograph[i].image_id);
            st = en_stmt_number(s, &listed, err);
        }
        x->result->absent += listed;
    }
    return st == EN_DONE ? EN_OK : st;
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
        st = take_pictures(&x, err);
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
    for (size_t i = 0; i < x.recipes; i++) {
        en_free(x.recipe[i]);
    }
    en_free(x.recipe);
    en_free(x.dataset);
    return st;
}

void en_bundle_import_clear(en_bundle_import_result *result)
{
    en_free(result->run);
    *result = (en_bundle_import_result){0};
}
