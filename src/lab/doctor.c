/* doctor: one function a subject, each adding what it found. */
#include "lab/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"
#include "lab/machine.h"

static void find(en_doctor_result *r, en_finding_kind kind, const char *subject, const char *remedy, const char *fmt, ...)
    EN_PRINTF(5, 6);

static void find(en_doctor_result *r, en_finding_kind kind, const char *subject, const char *remedy, const char *fmt, ...)
{
    if (r->count == sizeof r->finding / sizeof *r->finding) {
        return;
    }
    en_finding *f = &r->finding[r->count++];
    *f = (en_finding){.kind = kind};
    snprintf(f->subject, sizeof f->subject, "%s", subject);
    snprintf(f->remedy, sizeof f->remedy, "%s", remedy);
    va_list args;
    va_start(args, fmt);
    vsnprintf(f->text, sizeof f->text, fmt, args);
    va_end(args);
    r->bad += kind == EN_FINDING_BAD;
}

static void look_at_machine(const en_lab *lab, en_doctor_result *r)
{
    en_machine machine;
    en_error err;
    char memory[32], blas[64];
    const en_kernels *kernels;
    en_machine_read(&machine);
    find(r, EN_FINDING_OK, "program", "", "eyenet %s (%s)", en_version(), en_commit());
    find(r, EN_FINDING_OK, "processor", "", "%s, %u threads, %s of memory", machine.cpu,
         lab != NULL ? lab->threads : en_cpu_count(), en_human_size(machine.memory_bytes, memory, sizeof memory));
    if (en_kernel_select(lab != NULL ? lab->isa : NULL, &kernels, &err) == EN_OK) {
        find(r, EN_FINDING_OK, "kernels", "", "%s, %s", kernels->name, en_kernel_blas(blas, sizeof blas));
    } else {
        find(r, EN_FINDING_BAD, "kernels", "unset EYENET_ISA", "%s", err.text);
    }
}

static void look_at_disk(const en_lab *lab, en_doctor_result *r)
{
    en_error err;
    int64_t bytes;
    char room[32];
    const char *network = en_file_network_fs(lab->root);
    if (network != NULL) {
        find(r, EN_FINDING_BAD, "disk", "move the project to a local disk", "the project lies on %s, where locks are not safe",
             network);
    }
    if (en_file_free_space(lab->root, &bytes, &err) != EN_OK) {
        find(r, EN_FINDING_BAD, "disk", "", "%s", err.text);
    } else if (bytes < (int64_t)1 << 30) {
        find(r, EN_FINDING_NOTE, "disk", "make room before the next fetch", "%s free", en_human_size(bytes, room, sizeof room));
    } else {
        find(r, EN_FINDING_OK, "disk", "", "%s free", en_human_size(bytes, room, sizeof room));
    }
}

static void look_at_catalog(en_lab *lab, en_doctor_result *r)
{
    en_error err;
    en_catalog_accounts books = {0};
    if (en_catalog_check(lab->catalog, &err) != EN_OK) {
        find(r, EN_FINDING_BAD, "catalog", "restore eyenet.db from a backup", "%s", err.text);
        return;
    }
    find(r, EN_FINDING_OK, "catalog", "", "whole; every reference leads somewhere");
    if (en_catalog_reconcile(lab->catalog, &books, &err) != EN_OK) {
        find(r, EN_FINDING_BAD, "books", "", "%s", err.text);
    }
    size_t wrong = 0;
    for (size_t i = 0; i < books.count; i++) {
        const en_catalog_account *a = &books.row[i];
        if (a->expected != a->found) {
            find(r, EN_FINDING_BAD, "books", "", "%s: %lld expected, %lld found", a->what, (long long)a->expected,
                 (long long)a->found);
            wrong++;
        }
    }
    if (wrong == 0) {
        find(r, EN_FINDING_OK, "books", "", "%zu counts agree", books.count);
    }
    en_catalog_accounts_clear(&books);
}

/* Files that rows speak of. `what` is for people, `sql` yields path and expected bytes (0: only that it is there). */
static void look_at_files(en_lab *lab, en_doctor_result *r, const char *what, const char *remedy, const char *sql)
{
    en_error err;
    en_query *query = NULL;
    en_status st = en_catalog_query(lab->catalog, "doctor", sql, &lab->events, &query, &err);
    long long files = 0, bad = 0;
    char first[200] = "";
    while (st == EN_OK && (st = en_query_next(query, &err)) == EN_OK) {
        int64_t size = -1, wanted = en_query_int(query, 1);
        char *path = en_lab_path(lab, en_query_text(query, 0));
        en_error ignored;
        files++;
        if (path == NULL || en_file_size(path, &size, &ignored) != EN_OK || (wanted > 0 && size < wanted)) {
            if (bad++ == 0) {
                snprintf(first, sizeof first, "%s", en_query_text(query, 0));
            }
        }
        en_free(path);
    }
    en_query_close(query);
    if (st != EN_DONE) {
        find(r, EN_FINDING_BAD, what, "", "%s", err.text);
    } else if (bad > 0) {
        find(r, EN_FINDING_BAD, what, remedy, "%lld of %lld are missing or too short; the first is '%s'", bad, files, first);
    } else {
        find(r, EN_FINDING_OK, what, "", "%lld, all there", files);
    }
}

en_status en_doctor(en_lab *lab, en_doctor_result *result, en_error *err)
{
    *result = (en_doctor_result){0};
    look_at_machine(lab, result);
    if (lab != NULL) {
        look_at_disk(lab, result);
        look_at_catalog(lab, result);
        look_at_files(lab, result, "photographs", "fetch them again", "SELECT path, bytes FROM member WHERE photograph");
        look_at_files(lab, result, "packs", "remove the pack's rows and ingest again", "SELECT path, 0 FROM pack");
        look_at_files(lab, result, "weights", "train again", "SELECT path, 0 FROM checkpoint");
    }
    return result->bad > 0 ? en_error_set(err, EN_FAILED, "%zu of %zu findings want attention", result->bad, result->count) : EN_OK;
}
