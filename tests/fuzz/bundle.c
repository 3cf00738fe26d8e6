/* A bundle from a stranger: it is imported as a whole or nothing changes. What begins as a zip is taken as the file;
 * any other input is its members, parted by bytes 0x1e, for which the target makes a zip and the manifest that belongs
 * to them, so that what is behind the hashes is reached, too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/writer.h"
#include "base/file.h"
#include "base/memory.h"
#include "bundle/bundle.h"
#include "bundle/manifest.h"
#include "fuzz.h"

#define UUID "15ba7111-dd1f-44af-8b7d-e4c62556cf42"

static en_project project;
static char folder[64];

static void remove_project(void)
{
    en_project_close(&project);
    (void)!en_file_remove_tree(folder, NULL);
}

/* One project for all inputs: what an import adds is looked for, and a new project taken then. */
static void open_project(void)
{
    en_error err;
    static bool registered;
    snprintf(folder, sizeof folder, "/tmp/eyenet-fuzz-XXXXXX");
    FUZZ_MUST(mkdtemp(folder) != NULL);
    FUZZ_MUST(en_project_init(folder, false, &err) == EN_OK);
    const en_project_options options = {.start = folder, .threads = 1, .isa = "ref"};
    FUZZ_MUST(en_project_open(&options, &project, &err) == EN_OK);
    if (!registered) {
        FUZZ_MUST(atexit(remove_project) == 0);
        registered = true;
    }
}

/* The members in their order; of an imported run those of network and weights are left out. */
static size_t split(const uint8_t *bytes, size_t size, const uint8_t *part[EN_BUNDLE_KINDS],
                    size_t length[EN_BUNDLE_KINDS])
{
    size_t count = 0;
    const uint8_t *at = bytes, *end = bytes + size;
    while (count < EN_BUNDLE_KINDS && at <= end) {
        const uint8_t *next = count + 1 < EN_BUNDLE_KINDS ? memchr(at, 0x1e, (size_t)(end - at)) : NULL;
        part[count] = at;
        length[count++] = (size_t)((next != NULL ? next : end) - at);
        at = next != NULL ? next + 1 : end + 1;
    }
    return count;
}

static void write_bundle(const uint8_t *bytes, size_t size, const char *path)
{
    static const en_bundle_kind imported[] = {EN_BUNDLE_PHOTOGRAPHS, EN_BUNDLE_SUBSETS, EN_BUNDLE_RUN,
                                              EN_BUNDLE_PARAMS,      EN_BUNDLE_METRICS, EN_BUNDLE_STEPS,
                                              EN_BUNDLE_EVALUATIONS};
    en_error err;
    const uint8_t *part[EN_BUNDLE_KINDS];
    size_t length[EN_BUNDLE_KINDS];
    const size_t count = split(bytes, size, part, length);
    const bool trained = count == EN_BUNDLE_KINDS;
    en_bundle_member member[EN_BUNDLE_KINDS] = {0};
    char made_at[] = "t", program[] = "p", name[] = "first", uuid[] = UUID;
    en_bundle_about about = {.name = name, .uuid = uuid, .subset = 0, .val_subset = -1};
    en_bundle_manifest m = {
        .made_at = made_at, .program = program, .project = program, .run = &about, .runs = 1, .member = member};
    en_buf text;
    en_zip_writer *zip;
    en_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < count && (trained || i < sizeof imported / sizeof *imported); i++) {
        member[i] = (en_bundle_member){.kind = trained ? (en_bundle_kind)i : imported[i], .bytes = (int64_t)length[i]};
        FUZZ_MUST(en_sha256_bytes(part[i], length[i], member[i].sha256, &err) == EN_OK);
        m.members++;
    }
    FUZZ_MUST(en_bundle_manifest_write(&m, &text, &err) == EN_OK);
    FUZZ_MUST(en_zip_new(path, 0, &zip, &err) == EN_OK);
    FUZZ_MUST(en_zip_add(zip, EN_BUNDLE_MANIFEST, text.data, text.size, &err) == EN_OK);
    for (size_t i = 0; i < m.members; i++) {
        char name_of[EN_BUNDLE_PATH];
        en_bundle_path(&member[i], name_of);
        FUZZ_MUST(en_zip_add(zip, name_of, part[i], length[i], &err) == EN_OK);
    }
    FUZZ_MUST(en_zip_commit(zip, NULL, &err) == EN_OK);
    en_zip_free(zip);
    en_buf_clear(&text);
}

/* What an import that failed may not leave. */
static bool is_empty(void)
{
    static const char *const dirs[] = {EN_RUNS_DIR, EN_DOWNLOADS_DIR, EN_PHOTOS_DIR};
    en_error err;
    en_catalog_run run = {0};
    bool empty = en_catalog_run_get(project.catalog, "first", &run, &err) != EN_OK;
    en_catalog_run_clear(&run);
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        en_names names = {0};
        char *dir = en_path_join(folder, dirs[i]);
        empty = empty && (!en_file_is_dir(dir) || (en_file_list(dir, &names, &err) == EN_OK && names.count == 0));
        en_names_free(&names);
        en_free(dir);
    }
    return empty;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    en_error err;
    char made[96];
    en_bundle_import_result result;
    if (project.catalog == NULL) {
        open_project();
    }
    const bool whole = size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0;
    snprintf(made, sizeof made, "%s/in.bundle", folder);
    if (!whole) {
        write_bundle(bytes, size, made);
    }
    const en_bundle_import_options options = {.file = whole ? fuzz_file(bytes, size) : made};
    const en_status st = en_bundle_import(&project, &options, &result, &err);
    en_bundle_import_clear(&result);
    if (st == EN_OK) {
        en_catalog_accounts accounts;
        FUZZ_MUST(en_catalog_check(project.catalog, &err) == EN_OK);
        FUZZ_MUST(en_catalog_reconcile(project.catalog, &accounts, &err) == EN_OK);
        en_catalog_accounts_clear(&accounts);
        /* a second time, nothing changes */
        const en_status again = en_bundle_import(&project, &options, &result, &err);
        if (again != EN_OK) {
            fprintf(stderr, "status %d: %s\n", (int)again, err.text);
        }
        FUZZ_MUST(again == EN_OK && !result.run[0].added);
        en_bundle_import_clear(&result);
        remove_project();
        project = (en_project){0};
    } else {
        if (st != EN_INPUT) {
            fprintf(stderr, "status %d: %s\n", (int)st, err.text);
        }
        FUZZ_MUST(st == EN_INPUT && is_empty());
    }
    return 0;
}
