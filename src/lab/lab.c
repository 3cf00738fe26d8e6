/* The project folder: making one, finding one, and what the workflows share. */
#include "lab/lab.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "lab/settle.h"

en_status en_lab_init(const char *dir, bool force_network_fs, en_error *err)
{
    static const char *const folder[] = {EN_PHOTOS_DIR, EN_SAMPLES_DIR, EN_RUNS_DIR};
    en_status st = en_file_mkdirs(dir, err);
    if (st == EN_OK) {
        st = en_catalog_create(dir, force_network_fs, err);
    }
    for (size_t i = 0; st == EN_OK && i < sizeof folder / sizeof *folder; i++) {
        char *path = en_path_join(dir, folder[i]);
        st = path != NULL ? en_file_mkdirs(path, err) : en_error_nomem(err, "a path");
        en_free(path);
    }
    return st;
}

en_status en_lab_open(const en_lab_options *options, en_lab *lab, en_error *err)
{
    *lab = (en_lab){
        .events = options->events,
        .threads = options->threads > 0 ? options->threads : en_cpu_count(),
        .isa = options->isa,
        .command_line = options->command_line != NULL ? options->command_line : "",
    };
    const en_catalog_options how = {
        .read_only = options->read_only, .force_network_fs = options->force_network_fs, .events = options->events};
    en_status st = en_catalog_find_root(options->start != NULL ? options->start : ".", &lab->root, err);
    if (st == EN_OK) {
        st = en_catalog_open(lab->root, &how, &lab->catalog, err);
    }
    if (st == EN_OK && !options->read_only) {
        (void)!en_runs_settle(lab, NULL); /* a courtesy: should it fail, the next opening does it */
    }
    if (st != EN_OK) {
        en_lab_close(lab);
    }
    return st;
}

void en_lab_close(en_lab *lab)
{
    en_pool_free(lab->pool);
    en_catalog_close(lab->catalog);
    en_free(lab->root);
    *lab = (en_lab){0};
}

en_status en_lab_pool(en_lab *lab, en_pool **pool, en_error *err)
{
    en_status st = lab->pool == NULL ? en_pool_new(lab->threads, &lab->pool, err) : EN_OK;
    *pool = lab->pool;
    return st;
}

en_status en_lab_kernels(const en_lab *lab, const en_kernels **kernels, en_error *err)
{
    return en_kernel_select(lab->isa, kernels, err);
}

char *en_lab_path(const en_lab *lab, const char *relative) { return en_path_join(lab->root, relative); }

char *en_run_folder(const char *run) { return en_path_join(EN_RUNS_DIR, run); }

/* Whether the text is UTF-8 without control characters. */
static bool is_plain(const char *text, size_t length)
{
    for (size_t at = 0, taken; at < length; at += taken) {
        uint32_t c = en_utf8_next(text + at, length - at, &taken);
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c == EN_UTF8_BAD && taken == 1)) {
            return false;
        }
    }
    return true;
}

en_status en_name_check(const char *kind, const char *name, en_error *err)
{
    size_t length = strlen(name);
    bool good =
        length > 0 && length <= EN_NAME_MAX && is_plain(name, length) && name[0] != ' ' && name[length - 1] != ' ';
    return good
               ? EN_OK
               : en_error_set(err, EN_USAGE,
                              "'%.100s' cannot name a %s: 1 to %d bytes, no control characters, no blank at either end",
                              name, kind, EN_NAME_MAX);
}
