/* doctor: one function a subject, each adding what it found. */
#include "project/doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"
#include "catalog/label.h"
#include "catalog/run.h"
#include "image/pack.h"
#include "project/folder_lock.h"
#include "base/machine.h"
#include "db/row.h"
#include "db/statements.h"
#include "project/doctor_look.h"
#include "project/run_weights.h"

void en_doctor_find(en_doctor_result *r, en_finding_kind kind, const char *subject, const char *remedy, const char *fmt,
                    ...)
{
    r->bad += kind == EN_FINDING_BAD;
    r->skipped += kind == EN_FINDING_SKIPPED;
    if (r->count == sizeof r->finding / sizeof *r->finding) {
        return; /* there are more than can be shown, and they count all the same */
    }
    en_finding *f = &r->finding[r->count++];
    *f = (en_finding){.kind = kind};
    snprintf(f->subject, sizeof f->subject, "%s", subject);
    snprintf(f->remedy, sizeof f->remedy, "%s", remedy);
    va_list args;
    va_start(args, fmt);
    vsnprintf(f->text, sizeof f->text, fmt, args);
    va_end(args);
}

/* Takes the project's folder out of a text: a finding stands under it. */
static void shorten_paths(const char *root, char *text)
{
    size_t folder = strlen(root);
    for (char *at = text; (at = strstr(at, root)) != NULL && at[folder] == '/';) {
        memmove(at, at + folder + 1, strlen(at + folder + 1) + 1);
    }
}

static void look_at_machine(const en_project *project, en_doctor_result *r)
{
    en_machine machine;
    en_error err;
    char memory[32], blas[64];
    const en_kernels *kernels;
    en_machine_read(&machine);
    en_doctor_find(r, EN_FINDING_OK, "program", "", "eyenet %s (%s)", en_version(), en_commit());
    en_doctor_find(r, EN_FINDING_OK, "processor", "", "%s, %u threads, %s of memory", machine.cpu,
                   project != NULL ? project->threads : en_cpu_count(),
                   en_human_size(machine.memory_bytes, memory, sizeof memory));
    if (en_kernel_select(project != NULL ? project->isa : NULL, &kernels, &err) == EN_OK) {
        en_doctor_find(r, EN_FINDING_OK, "kernels", "", "%s, matrices by %s", kernels->name,
                       en_kernel_blas(kernels, blas, sizeof blas));
    } else {
        en_doctor_find(r, EN_FINDING_BAD, "kernels", "unset EYENET_ISA", "%s", err.text);
    }
}

static void look_at_sqlite(en_doctor_result *r)
{
    if (en_db_checkpoints_can_corrupt()) {
        en_doctor_find(r, EN_FINDING_NOTE, "sqlite", "do not let other programs write to the catalog while eyenet runs",
                       "%s: two programs that checkpoint at once can corrupt a catalog; eyenet does so under a lock",
                       en_db_sqlite_version());
    } else {
        en_doctor_find(r, EN_FINDING_OK, "sqlite", "", "%s", en_db_sqlite_version());
    }
}

static void look_at_disk(const char *root, en_doctor_result *r)
{
    en_error err;
    int64_t bytes;
    char size[32];
    const char *network = en_file_network_fs(root);
    if (network != NULL) {
        en_doctor_find(r, EN_FINDING_BAD, "disk", "move the project to a local disk",
                       "the project lies on %s, where locks are not safe", network);
    }
    if (en_file_free_space(root, &bytes, &err) != EN_OK) {
        en_doctor_find(r, EN_FINDING_BAD, "disk", "", "%s", err.text);
    } else if (bytes < (int64_t)1 << 30) {
        en_doctor_find(r, EN_FINDING_NOTE, "disk", "free some disk space before the next fetch", "%s free",
                       en_human_size(bytes, size, sizeof size));
    } else {
        en_doctor_find(r, EN_FINDING_OK, "disk", "", "%s free", en_human_size(bytes, size, sizeof size));
    }
}

bool en_doctor_cannot_look(const en_error *err)
{
    return err->status == EN_IO || err->status == EN_PATH || err->status == EN_NOMEM || err->status == EN_BUSY ||
           err->status == EN_INTERRUPTED;
}

/* What to do before looking again. */
static const char *remedy_to_look(const en_error *err)
{
    return err->hint[0] != '\0'      ? err->hint
           : err->status == EN_NOMEM ? "free some memory, then look again"
           : err->status == EN_PATH  ? "ask the owner of that folder, then look again"
           : err->status == EN_INTERRUPTED
               ? "look again"
               : "see what the disk and the limits of this shell (ulimit -a) allow, then look again";
}

void en_doctor_blame(const char *root, en_doctor_result *r, const char *subject, const en_error *why)
{
    en_error shown = *why;
    shorten_paths(root, shown.text);
    if (en_doctor_cannot_look(why)) {
        en_doctor_find(r, EN_FINDING_SKIPPED, subject, remedy_to_look(why), "cannot be looked at now: %s", shown.text);
    } else {
        en_doctor_find(r, EN_FINDING_BAD, subject, shown.hint[0] != '\0' ? shown.hint : EN_DB_RESTORE, "%s",
                       shown.text);
    }
}

static void look_at_consistency(en_project *project, en_doctor_result *r)
{
    en_error err;
    en_catalog_accounts accounts = {0};
    if (en_catalog_reconcile(project->catalog, &accounts, &err) != EN_OK) {
        en_doctor_blame(project->root, r, "consistency", &err);
        return;
    }
    size_t wrong = 0;
    for (size_t i = 0; i < accounts.count; i++) {
        const en_catalog_account *a = &accounts.row[i];
        if (a->expected != a->found) {
            en_doctor_find(r, EN_FINDING_BAD, "consistency", EN_DB_RESTORE, "%s: %lld expected, %lld found", a->what,
                           (long long)a->expected, (long long)a->found);
            wrong++;
        }
    }
    if (wrong == 0) {
        en_doctor_find(r, EN_FINDING_OK, "consistency", "", "%zu counts agree", accounts.count);
    }
    en_catalog_accounts_clear(&accounts);
}

/* What no row of a table may be; SQLite says it only of a file that could be written. */
static void look_at_tables(en_project *project, en_doctor_result *r)
{
    en_error err;
    bool looked = false;
    if (en_catalog_check_rules(project->catalog, &looked, &err) != EN_OK) {
        en_doctor_blame(project->root, r, "tables", &err);
    } else if (!looked) {
        en_doctor_find(r, EN_FINDING_NOTE, "tables", "copy the project, and look at the copy",
                       "the rules of single columns are only checked in a file that can be written");
    }
}

static void look_at_catalog(en_project *project, bool deep, en_doctor_result *r)
{
    en_error err;
    int64_t texts, subsets;
    if (en_catalog_check_schema(project->catalog, &err) != EN_OK) {
        en_doctor_blame(project->root, r, "schema", &err);
    } else {
        en_doctor_find(r, EN_FINDING_OK, "schema", "", "as its migrations made it");
    }
    if (en_catalog_check(project->catalog, &err) != EN_OK) {
        en_doctor_blame(project->root, r, "catalog", &err);
        return;
    }
    en_doctor_find(r, EN_FINDING_OK, "catalog", "", "whole; every reference leads somewhere");
    look_at_tables(project, r);
    if (en_catalog_check_hashes(project->catalog, &texts, &subsets, &err) != EN_OK) {
        en_doctor_blame(project->root, r, "hashes", &err);
    } else {
        en_doctor_find(r, EN_FINDING_OK, "hashes", "",
                       "%lld networks and recipes and %lld subsets are as they were made", (long long)texts,
                       (long long)subsets);
    }
    look_at_consistency(project, r);
    en_doctor_look_at_rules(project, deep, r);
}

/* What the statements of sql/doctor that list files return, each some of it. */
typedef struct kept_file {
    char *path;    /* in the project */
    char *run;     /* whose weights they are */
    int64_t bytes; /* that it must have */
    char *sha256;  /* that it must have, or NULL */
    int64_t pack_id, slots;
} kept_file;

static const en_row_column photograph_columns[] = {
    {"path", EN_COL_IS(kept_file, path, EN_RULE_PATH)},
    {"bytes", EN_COL_IS(kept_file, bytes, EN_RULE_COUNT)},
    {"sha256", EN_COL_MAY(kept_file, sha256, EN_RULE_HASH)},
};
static const en_row_type photograph_type = EN_ROW_TYPE(kept_file, photograph_columns);

static const en_row_column pack_columns[] = {
    {"path", EN_COL_IS(kept_file, path, EN_RULE_PATH)},
    {"slots", EN_COL_IS(kept_file, slots, EN_RULE_COUNT)},
    {"pack_id", EN_COL(kept_file, pack_id)},
};
static const en_row_type pack_type = EN_ROW_TYPE(kept_file, pack_columns);

static const en_row_column pretrained_columns[] = {
    {"path", EN_COL_IS(kept_file, path, EN_RULE_PATH)},
    {"sha256", EN_COL_MAY(kept_file, sha256, EN_RULE_HASH)},
};
static const en_row_type pretrained_type = EN_ROW_TYPE(kept_file, pretrained_columns);

static const en_row_column weights_columns[] = {{"name", EN_COL_IS(kept_file, run, EN_RULE_FILE_NAME)}};
static const en_row_type weights_type = EN_ROW_TYPE(kept_file, weights_columns);

typedef struct kept_sample {
    int64_t slot;
    char *sha256, *name; /* of the sample; of its image */
} kept_sample;

static const en_row_column sample_columns[] = {
    {"slot", EN_COL_IS(kept_sample, slot, EN_RULE_COUNT)},
    {"sha256", EN_COL_IS(kept_sample, sha256, EN_RULE_HASH)},
    {"name", EN_COL_IS(kept_sample, name, EN_RULE_TEXT)},
};
static const en_row_type sample_type = EN_ROW_TYPE(kept_sample, sample_columns);

/* Checks the file of a row; EN_INPUT or EN_IO describes what is wrong with it. */
typedef en_status look_fn(en_project *project, bool deep, const kept_file *file, en_error *err);

static en_status look_at_photograph(en_project *project, bool deep, const kept_file *file, en_error *err)
{
    char hex[EN_SHA256_HEX];
    char *path;
    int64_t size = 0;
    en_status st = en_project_path(project, file->path, &path, err);
    if (st != EN_OK) {
        goto done;
    }
    if (!en_file_exists(path) && errno == ENOENT) {
        st = en_error_set(err, EN_INPUT, "'%s' is missing", file->path);
        goto done;
    }
    st = en_file_size(path, &size, err);
    if (st != EN_OK) {
        goto done;
    }
    if (size != file->bytes) {
        st = en_error_set(err, EN_INPUT, "'%s' has %lld bytes, not %lld", file->path, (long long)size,
                          (long long)file->bytes);
        goto done;
    }
    if (!deep || file->sha256 == NULL) {
        goto done;
    }
    st = en_sha256_file(path, hex, err);
    if (st == EN_OK && strcmp(hex, file->sha256) != 0) {
        st = en_error_set(err, EN_INPUT, "'%s' has other bytes than when it came", file->path);
    }
done:
    en_free(path);
    return st;
}

static en_status look_at_sample(const kept_sample *sample, const char *path, const en_pack_reader *pack, en_error *err)
{
    bool same = true;
    en_status st = en_pack_reader_check(pack, sample->slot, sample->sha256, &same, err);
    if (st == EN_OK && !same) {
        st = en_error_set(err, EN_INPUT, "'%s': the sample of '%s' is not the one that was made", path, sample->name);
    }
    return st;
}

static en_status look_at_samples(en_project *project, int64_t pack_id, const char *path, const en_pack_reader *pack,
                                 en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(en_catalog_db(project->catalog), EN_SQL_DOCTOR_SAMPLES_OF, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "pack_id", pack_id);
    st = en_row_bind(s, &sample_type, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        kept_sample sample = {0};
        st = en_row_read(s, &sample, err);
        if (st == EN_OK) {
            st = look_at_sample(&sample, path, pack, err);
        }
        en_row_clear(&sample_type, &sample);
    }
    en_stmt_reset(s);
    return st == EN_DONE ? EN_OK : st;
}

static en_status look_at_pack(en_project *project, bool deep, const kept_file *file, en_error *err)
{
    char *path;
    en_pack_reader pack = {0};
    en_status st = en_project_path(project, file->path, &path, err);
    if (st == EN_OK) {
        st = en_pack_reader_open(&pack, path, NULL, file->slots, err);
    }
    if (st == EN_OK && deep) {
        st = look_at_samples(project, file->pack_id, file->path, &pack, err);
    }
    en_pack_reader_close(&pack);
    en_free(path);
    return st;
}

/* Their hash is compared in any case: it is how the right ones are found. */
static en_status look_at_weights(en_project *project, bool deep, const kept_file *file, en_error *err)
{
    (void)deep;
    char *path = NULL;
    en_status st = en_run_weights_path(project, file->run, &path, err);
    en_free(path);
    return st;
}

static en_status look_at_pretrained(en_project *project, bool deep, const kept_file *file, en_error *err)
{
    (void)deep;
    char hex[EN_SHA256_HEX], *path;
    en_status st = en_project_path(project, file->path, &path, err);
    if (st == EN_OK && !en_file_exists(path) && errno == ENOENT) {
        st = en_error_set(err, EN_INPUT, "'%s' is missing", file->path);
    }
    if (st == EN_OK) {
        st = en_sha256_file(path, hex, err);
    }
    if (st == EN_OK && (file->sha256 == NULL || strcmp(hex, file->sha256) != 0)) {
        st = en_error_set(err, EN_INPUT, "'%s' is not the file that was imported: its hash differs", file->path);
    }
    en_free(path);
    return st;
}

/* Files of one kind: the statement that lists them, its rows, and how one is looked at. */
typedef struct files {
    const char *what, *remedy; /* as text */
    en_sql list;
    const en_row_type *type;
    look_fn *look;
} files;

static const files kinds[] = {
    {"photographs", "fetch them again", EN_SQL_DOCTOR_FILES_PHOTOGRAPHS, &photograph_type, look_at_photograph},
    {"packs", "remove damaged ones and ingest with the same recipe: lost samples are made again",
     EN_SQL_DOCTOR_FILES_PACKS, &pack_type, look_at_pack},
    {"weights", "train again", EN_SQL_DOCTOR_FILES_WEIGHTS, &weights_type, look_at_weights},
    {"imported", "import the weights again, under another name", EN_SQL_DOCTOR_FILES_PRETRAINED, &pretrained_type,
     look_at_pretrained},
};

static void look_at_files(en_project *project, bool deep, const files *kind, en_doctor_result *r)
{
    en_error err, first = {0}, unseen = {0};
    en_stmt *s = NULL;
    long long found = 0, bad = 0, skipped = 0;
    en_status st = en_db_prepare(en_catalog_db(project->catalog), kind->list, &s, &err);
    if (st != EN_OK) {
        en_doctor_blame(project->root, r, kind->what, &err);
        return;
    }
    st = en_row_bind(s, kind->type, &err);
    while (st == EN_OK && (st = en_stmt_step(s, &err)) == EN_OK) {
        en_error why;
        kept_file file = {0};
        st = en_row_read(s, &file, &err);
        if (st == EN_OK) {
            found++;
            bool wrong = kind->look(project, deep, &file, &why) != EN_OK;
            if (wrong && en_doctor_cannot_look(&why)) {
                unseen = skipped++ == 0 ? why : unseen;
            } else if (wrong && bad++ == 0) {
                first = why;
            }
            st = en_stop_check(&project->events, &err);
        }
        en_row_clear(kind->type, &file);
    }
    en_stmt_reset(s);
    if (skipped > 0) {
        shorten_paths(project->root, unseen.text);
        en_doctor_find(r, EN_FINDING_SKIPPED, kind->what, remedy_to_look(&unseen),
                       "%lld of %lld cannot be looked at now; the first: %s", skipped, found, unseen.text);
    }
    if (st != EN_DONE) {
        en_doctor_blame(project->root, r, kind->what, &err);
    } else if (bad > 0) {
        shorten_paths(project->root, first.text);
        en_doctor_find(r, EN_FINDING_BAD, kind->what, kind->remedy,
                       "%lld of %lld are not as they should be; the first: %s", bad, found, first.text);
    } else if (skipped == 0) {
        en_doctor_find(r, EN_FINDING_OK, kind->what, "", "%lld, all there%s", found, deep ? ", byte for byte" : "");
    }
}

/* A run in state running is at work, or its process was killed. */
static void look_at_runs(en_project *project, en_doctor_result *r)
{
    en_error err;
    en_catalog_runnings running;
    if (en_catalog_runs_running(project->catalog, &running, &err) != EN_OK) {
        en_doctor_blame(project->root, r, "runs", &err);
    }
    for (size_t i = 0; i < running.count; i++) {
        char *folder;
        if (en_run_folder(running.row[i].folder, &folder, NULL) == EN_OK && en_folder_locked(project, folder)) {
            en_doctor_find(r, EN_FINDING_OK, "runs", "", "'%s' is training", running.row[i].name);
        } else {
            en_doctor_find(r, EN_FINDING_NOTE, "runs", "the next command that changes the catalog marks it interrupted",
                           "'%s' was cut off while it trained", running.row[i].name);
        }
        en_free(folder);
    }
    en_catalog_runnings_clear(&running);
}

/* The same photograph under two names with two grades: nothing of the project is broken, but one grade is wrong. */
static void look_at_labels(en_project *project, en_doctor_result *r)
{
    en_error err;
    en_catalog_conflicts conflicts = {0};
    if (en_catalog_label_conflicts(project->catalog, NULL, true, &conflicts, &err) != EN_OK) {
        en_doctor_find(r, EN_FINDING_BAD, "labels", "", "%s", err.text);
    } else if (conflicts.count > 0) {
        en_doctor_find(r, EN_FINDING_NOTE, "labels", "'eyenet label conflicts' lists them",
                       "%zu grade%s between a photograph and its copy", conflicts.count,
                       conflicts.count == 1 ? " differs" : "s differ");
    }
    en_catalog_conflicts_clear(&conflicts);
}

static en_status sum_up(const en_doctor_result *r, en_error *err)
{
    if (r->bad > 0) {
        return en_error_set(err, EN_FAILED, "%zu of %zu findings want attention", r->bad, r->count);
    }
    return r->skipped > 0
               ? en_error_set(err, EN_BUSY, "%zu of %zu things cannot be looked at now", r->skipped, r->count)
               : EN_OK;
}

en_status en_doctor(en_project *project, bool deep, en_doctor_result *result, en_error *err)
{
    *result = (en_doctor_result){0};
    look_at_machine(project, result);
    look_at_sqlite(result);
    if (project != NULL) {
        look_at_disk(project->root, result);
        look_at_catalog(project, deep, result);
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            look_at_files(project, deep, &kinds[i], result);
        }
        look_at_labels(project, result);
        look_at_runs(project, result);
    }
    return sum_up(result, err);
}

en_status en_doctor_unopened(const char *root, const en_error *why, en_doctor_result *result, en_error *err)
{
    *result = (en_doctor_result){0};
    look_at_machine(NULL, result);
    look_at_sqlite(result);
    look_at_disk(root, result);
    en_doctor_blame(root, result, "catalog", why);
    return sum_up(result, err);
}
