/* bundle export: every member is made twice from one state of the catalog, first to learn its length and hash for the
 * manifest, which comes first, then to be written. So neither memory nor a temporary file has to take it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"
#include "bundle/export.h"
#include "bundle/in.h"
#include "db/statements.h"
#include "project/run_weights.h"

static en_db *db_of(const en_bundle_exporter *x) { return en_catalog_db(x->project->catalog); }

en_status en_bundle_prepare(const en_bundle_exporter *x, en_sql id, const char *name, int64_t value, en_stmt **s,
                            en_error *err)
{
    en_status st = en_db_prepare(db_of(x), id, s, err);
    if (st == EN_OK) {
        en_stmt_bind_int(*s, name, value);
    }
    return st;
}

en_status en_bundle_add_id(en_bundle_ids *list, int64_t id, en_error *err)
{
    int64_t *grown = en_array_grow(list->id, list->count, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    list->id = grown;
    list->id[list->count++] = id;
    return EN_OK;
}

/* What belongs to it ------------------------------------------------------------------------------------------------
 */

/* The place of a subset in the bundle. */
en_status en_bundle_subset_index(en_bundle_exporter *x, int64_t id, int64_t *index, en_error *err)
{
    *index = -1;
    for (size_t i = 0; id >= 0 && i < x->subset.count && *index < 0; i++) {
        *index = x->subset.id[i] == id ? (int64_t)i : -1;
    }
    if (id < 0 || *index >= 0) {
        return EN_OK;
    }
    if (x->subset.count >= EN_BUNDLE_SUBSETS_MAX) {
        return en_error_set(err, EN_INPUT, "these runs have more than %d subsets", EN_BUNDLE_SUBSETS_MAX);
    }
    *index = (int64_t)x->subset.count;
    return en_bundle_add_id(&x->subset, id, err);
}

static en_status find_evaluated(en_bundle_exporter *x, int64_t run_id, en_error *err)
{
    en_bundle_ids of = {0};
    en_stmt *s;
    int64_t index;
    en_status st = en_bundle_prepare(x, EN_SQL_BUNDLE_EVALUATIONS, "run_id", run_id, &s, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        x->result->evaluations++;
        st = en_bundle_add_id(&of, en_stmt_int(s, 1), err);
        if (st != EN_OK) {
            en_stmt_reset(s);
        }
    }
    st = st == EN_DONE ? EN_OK : st;
    for (size_t i = 0; st == EN_OK && i < of.count; i++) {
        st = en_bundle_subset_index(x, of.id[i], &index, err);
    }
    en_free(of.id);
    return st;
}

static en_status read_texts(const en_bundle_exporter *x, en_sql id, int64_t run_id, char ***list, size_t *count,
                            en_error *err)
{
    en_stmt *s;
    en_status st = en_bundle_prepare(x, id, "run_id", run_id, &s, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        char **grown = en_array_grow(*list, *count, sizeof *grown, err);
        st = grown != NULL ? EN_OK : EN_NOMEM;
        if (grown != NULL) {
            *list = grown;
            st = en_stmt_dup(s, 0, &grown[*count], err);
            *count += st == EN_OK;
        }
        if (st != EN_OK) {
            en_stmt_reset(s);
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status read_about(en_bundle_exporter *x, const en_catalog_run *run, en_bundle_about *a, en_error *err)
{
    char **note = NULL;
    size_t notes = 0;
    a->name = en_strdup(run->name);
    a->uuid = en_strdup(run->uuid);
    en_status st = a->name != NULL && a->uuid != NULL ? EN_OK : en_error_nomem(err, "a manifest");
    if (st == EN_OK) {
        st = read_texts(x, EN_SQL_BUNDLE_TAGS, run->id, &a->tag, &a->tags, err);
    }
    if (st == EN_OK) {
        st = read_texts(x, EN_SQL_BUNDLE_NOTE, run->id, &note, &notes, err);
    }
    if (notes > 0) {
        a->note = note[0];
    }
    en_free(note);
    if (st == EN_OK && run->parent_id >= 0) {
        en_catalog_run parent = {0};
        st = en_catalog_run_by_id(x->project->catalog, run->parent_id, &parent, err);
        a->parent = st == EN_OK ? parent.uuid : NULL;
        parent.uuid = NULL;
        en_catalog_run_clear(&parent);
    }
    if (st == EN_OK) {
        st = en_bundle_subset_index(x, run->subset_id, &a->subset, err);
    }
    return st == EN_OK ? en_bundle_subset_index(x, run->val_subset_id, &a->val_subset, err) : st;
}

static en_status check_run(const en_bundle_exporter *x, const en_catalog_run *run, en_error *err)
{
    if (run->origin == EN_RUN_ENSEMBLE) {
        return en_error_hint(
            err, en_error_set(err, EN_INPUT, "run '%s' is an ensemble, which has no weights of its own", run->name),
            "export its members: eyenet runs show '%s'", run->name);
    }
    if (run->state == EN_RUN_RUNNING) {
        return en_error_hint(err, en_error_set(err, EN_INPUT, "run '%s' still trains", run->name),
                             "try again when it has ended");
    }
    for (size_t i = 0; i < x->manifest.runs; i++) {
        if (x->run[i].run_id == run->id) {
            return en_error_set(err, EN_INPUT, "run '%s' is named twice", run->name);
        }
    }
    return EN_OK;
}

static en_status add_run(en_bundle_exporter *x, const char *name, en_error *err)
{
    en_catalog_run run = {0};
    en_catalog_checkpoint kept = {0};
    en_bundle_source *s = &x->run[x->manifest.runs];
    en_status st = en_catalog_run_get(x->project->catalog, name, &run, err);
    if (st == EN_OK) {
        st = check_run(x, &run, err);
    }
    if (st == EN_OK && run.origin == EN_RUN_TRAINED) {
        st = en_run_checkpoint_find(x->project, &run, EN_CHECKPOINT_BEST, &s->weights, &kept, err);
    }
    if (st == EN_OK) {
        s->run_id = run.id;
        st = read_about(x, &run, &x->manifest.run[x->manifest.runs++], err);
    }
    if (st == EN_OK) {
        st = find_evaluated(x, run.id, err);
    }
    en_catalog_checkpoint_clear(&kept);
    en_catalog_run_clear(&run);
    return st;
}

int en_bundle_by_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void sort_unique(en_bundle_ids *list)
{
    size_t kept = 0;
    if (list->count > 1) {
        qsort(list->id, list->count, sizeof *list->id, en_bundle_by_id);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || list->id[kept - 1] != list->id[i]) {
            list->id[kept++] = list->id[i];
        }
    }
    list->count = kept;
}

static en_status find_images(en_bundle_exporter *x, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < x->subset.count; i++) {
        en_stmt *s;
        en_bundle_ids of = {0};
        st = en_bundle_prepare(x, EN_SQL_BUNDLE_MEMBERS, "subset_id", x->subset.id[i], &s, err);
        while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
            const int64_t id = en_stmt_int(s, 0); /* in ascending order */
            st = of.count == 0 || of.id[of.count - 1] != id ? en_bundle_add_id(&of, id, err) : EN_OK;
            if (st != EN_OK) {
                en_stmt_reset(s);
            }
        }
        st = st == EN_DONE ? EN_OK : st;
        for (size_t k = 0; st == EN_OK && k < of.count; k++) {
            st = en_bundle_add_id(&x->image, of.id[k], err);
        }
        en_free(of.id);
    }
    sort_unique(&x->image);
    if (st == EN_OK && x->image.count > EN_BUNDLE_PHOTOGRAPHS_MAX) {
        st = en_error_set(err, EN_INPUT, "these runs have more than %d photographs", EN_BUNDLE_PHOTOGRAPHS_MAX);
    }
    x->result->photographs = (int64_t)x->image.count;
    return st;
}

static en_status read_picture(const en_bundle_exporter *x, int64_t image_id, en_bundle_picture *p, en_error *err)
{
    en_stmt *s;
    en_status st = en_bundle_prepare(x, EN_SQL_BUNDLE_PICTURE, "image_id", image_id, &s, err);
    st = st == EN_OK ? en_stmt_step(s, err) : st;
    if (st != EN_OK) {
        return st == EN_DONE ? EN_OK : st;
    }
    const char *format = en_stmt_text(s, 1);
    p->format = format != NULL ? en_bundle_picture_format(format) : NULL;
    st = en_stmt_dup(s, 0, &p->path, err);
    st = st == EN_OK ? en_stmt_dup(s, 2, &p->sha256, err) : st;
    en_stmt_reset(s);
    return st;
}

static en_status find_pictures(en_bundle_exporter *x, en_error *err)
{
    en_status st = EN_OK;
    x->picture = en_calloc(x->image.count + 1, sizeof *x->picture);
    if (x->picture == NULL) {
        return en_error_nomem(err, "photographs");
    }
    for (size_t i = 0; st == EN_OK && i < x->image.count; i++) {
        st = read_picture(x, x->image.id[i], &x->picture[i], err);
        x->result->pictures += st == EN_OK && x->picture[i].format != NULL;
    }
    return st;
}

/* In the second pass, `zip`, it must be what it was in the first. */
static en_status make_member(en_bundle_exporter *x, en_bundle_member *m, en_zip_writer *zip, en_error *err)
{
    en_bundle_out out = {0};
    en_bundle_member made = *m;
    char path[EN_BUNDLE_PATH];
    en_bundle_path(m, path);
    en_status st = en_stop_check(&x->project->events, err);
    if (st == EN_OK && zip != NULL) {
        st = en_zip_begin(zip, path, m->bytes, err);
    }
    if (st == EN_OK) {
        st = en_bundle_out_begin(&out, zip, err);
    }
    if (st == EN_OK) {
        st = en_bundle_write_member(x, m, &out, err);
    }
    if (st == EN_OK) {
        st = en_bundle_out_end(&out, &made, err);
    }
    if (st == EN_OK && zip != NULL && (made.bytes != m->bytes || strcmp(made.sha256, m->sha256) != 0)) {
        st = en_error_hint(err, en_error_set(err, EN_BUSY, "%s changed while it was read", path), "try again");
    }
    if (st == EN_OK && m->kind == EN_BUNDLE_PICTURE && strcmp(made.sha256, x->picture[m->picture].sha256) != 0) {
        st = en_error_hint(
            err,
            en_error_set(err, EN_INPUT, "'%s' is not the photograph that was ingested", x->picture[m->picture].path),
            "eyenet fetch --verify says what changed");
    }
    *m = made;
    en_bundle_out_clear(&out);
    return st;
}

static en_status name_members(en_bundle_exporter *x, en_error *err)
{
    en_bundle_manifest *m = &x->manifest;
    m->member = en_calloc(2 + m->runs * EN_BUNDLE_KINDS + x->image.count, sizeof *m->member);
    if (m->member == NULL) {
        return en_error_nomem(err, "a manifest");
    }
    m->member[m->members++].kind = EN_BUNDLE_PHOTOGRAPHS;
    m->member[m->members++].kind = EN_BUNDLE_SUBSETS;
    for (size_t run = 0; run < m->runs; run++) {
        for (en_bundle_kind kind = EN_BUNDLE_RUN; kind < EN_BUNDLE_PICTURE; kind++) {
            if (x->run[run].weights != NULL || (kind != EN_BUNDLE_NETWORK && kind != EN_BUNDLE_WEIGHTS)) {
                m->member[m->members++] = (en_bundle_member){.kind = kind, .run = run};
            }
        }
    }
    for (size_t i = 0; x->picture != NULL && i < x->image.count; i++) {
        if (x->picture[i].format != NULL) {
            m->member[m->members++] =
                (en_bundle_member){.kind = EN_BUNDLE_PICTURE, .picture = i, .format = x->picture[i].format};
        }
    }
    return EN_OK;
}

/* The file ----------------------------------------------------------------------------------------------------------
 */

static en_status describe(en_bundle_exporter *x, en_error *err)
{
    const time_t now = time(NULL);
    struct tm utc;
    (void)gmtime_r(&now, &utc);
    (void)strftime(x->made_at, sizeof x->made_at, "%Y-%m-%dT%H:%M:%SZ", &utc);
    const char *project = en_path_base(x->project->root);
    x->manifest.made_at = en_strdup(x->made_at);
    x->manifest.program = en_strdup(en_version());
    x->manifest.project = en_strdup(en_rule_fault(EN_RULE_NAME, project) == NULL ? project : "project");
    return x->manifest.made_at != NULL && x->manifest.program != NULL && x->manifest.project != NULL
               ? EN_OK
               : en_error_nomem(err, "a manifest");
}

static en_status write_zip(en_bundle_exporter *x, en_error *err)
{
    en_bundle_manifest *m = &x->manifest;
    en_zip_writer *zip = NULL;
    en_buf text;
    en_buf_init(&text, EN_BUNDLE_MANIFEST_MAX);
    en_status st = en_bundle_manifest_write(m, &text, err);
    for (size_t i = 0; i < m->members; i++) {
        x->result->bytes += m->member[i].bytes;
    }
    if (st == EN_OK) {
        st = en_zip_new(x->options->file, 0, &zip, err);
    }
    if (st == EN_OK) {
        st = en_zip_add(zip, EN_BUNDLE_MANIFEST, text.data, text.size, err);
    }
    for (size_t i = 0; st == EN_OK && i < m->members; i++) {
        st = make_member(x, &m->member[i], zip, err);
        en_event_progress(&x->project->events, (int64_t)i + 1, (int64_t)m->members, NULL);
    }
    if (st == EN_OK) {
        st = en_zip_commit(zip, NULL, err);
    }
    en_zip_free(zip);
    en_buf_clear(&text);
    return st;
}

static en_status collect(en_bundle_exporter *x, en_error *err)
{
    const size_t runs = x->options->runs;
    if (runs > EN_BUNDLE_RUNS_MAX) {
        return en_error_set(err, EN_INPUT, "a bundle has at most %d runs", EN_BUNDLE_RUNS_MAX);
    }
    x->run = en_calloc(runs, sizeof *x->run);
    x->manifest.run = en_calloc(runs, sizeof *x->manifest.run);
    en_status st = x->run != NULL && x->manifest.run != NULL ? describe(x, err) : en_error_nomem(err, "runs");
    for (size_t i = 0; st == EN_OK && i < runs; i++) {
        st = add_run(x, x->options->run[i], err);
    }
    if (st == EN_OK) {
        st = find_images(x, err);
    }
    if (st == EN_OK && x->options->samples) {
        st = find_pictures(x, err);
    }
    return st == EN_OK ? name_members(x, err) : st;
}

static en_status export(en_bundle_exporter *x, en_error *err)
{
    en_bundle_manifest *m = &x->manifest;
    en_status st = collect(x, err);
    if (st == EN_OK) {
        en_event_begin(&x->project->events, "export", "members", (int64_t)m->members);
    }
    for (size_t i = 0; st == EN_OK && i < m->members; i++) {
        st = make_member(x, &m->member[i], NULL, err);
    }
    if (st == EN_OK) {
        st = write_zip(x, err);
    }
    if (m->members > 0) {
        en_event_end(&x->project->events, (int64_t)m->members, (int64_t)m->members);
    }
    return st;
}

en_status en_bundle_export(en_project *project, const en_bundle_export_options *options,
                           en_bundle_export_result *result, en_error *err)
{
    const double began = en_clock_seconds();
    *result = (en_bundle_export_result){0};
    en_bundle_exporter x = {.project = project, .options = options, .result = result};
    en_status st = en_file_check_target(options->file, err);
    if (st == EN_OK && en_file_exists(options->file) && !en_bundle_is(options->file)) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' exists and is not a bundle", options->file),
                           "choose another name");
    }
    if (st == EN_OK) {
        st = en_db_begin_read(db_of(&x), err);
    }
    if (st == EN_OK) {
        st = export(&x, err);
    }
    en_db_rollback(db_of(&x));
    (void)en_print(result->file, sizeof result->file, "%s", options->file);
    result->runs = (int64_t)x.manifest.runs;
    result->members = (int64_t)x.manifest.members;
    result->seconds = en_clock_seconds() - began;
    for (size_t i = 0; x.run != NULL && i < options->runs; i++) {
        en_free(x.run[i].weights);
    }
    en_free(x.run);
    for (size_t i = 0; x.picture != NULL && i < x.image.count; i++) {
        en_free(x.picture[i].path);
        en_free(x.picture[i].sha256);
    }
    en_free(x.picture);
    en_free(x.subset.id);
    en_free(x.image.id);
    en_bundle_manifest_clear(&x.manifest);
    return st;
}
