/* Pool, kernels, paths and valid names of a project. */
#include "project/project.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"

en_status en_project_pool(en_project *project, en_pool **pool, en_error *err)
{
    en_status st = project->pool == NULL ? en_pool_new(project->threads, &project->pool, err) : EN_OK;
    *pool = project->pool;
    return st;
}

en_status en_project_kernels(const en_project *project, const en_kernels **kernels, en_error *err)
{
    return en_kernel_select(project->isa, kernels, err);
}

char *en_project_path(const en_project *project, const char *relative) { return en_path_join(project->root, relative); }

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
    return good ? EN_OK
                : en_error_set(err, EN_USAGE,
                               "'%.100s' is not a valid %s name: use 1 to %d bytes without control characters or "
                               "surrounding spaces",
                               name, kind, EN_NAME_MAX);
}
