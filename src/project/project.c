/* Pool, kernels, paths and valid names of a project. */
#include "project/project.h"

#include "base/file.h"
#include "base/memory.h"

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

en_status en_project_path(const en_project *project, const char *relative, char **path, en_error *err)
{
    return en_path_beneath(project->root, relative, path, err);
}

en_status en_run_folder(const char *name, char **relative, en_error *err)
{
    const char *fault = en_rule_fault(EN_RULE_FILE_NAME, name);
    *relative = NULL;
    if (fault != NULL) {
        return en_error_set(err, EN_INPUT, "the folder of a run, '%.100s', %s", name != NULL ? name : "", fault);
    }
    *relative = en_path_join(EN_RUNS_DIR, name);
    return *relative != NULL ? EN_OK : en_error_nomem(err, "a path");
}

en_status en_name_check(const char *kind, const char *name, en_error *err)
{
    return en_rule_fault(EN_RULE_NAME, name) == NULL
               ? EN_OK
               : en_error_set(err, EN_USAGE,
                              "'%.100s' is not a valid %s name: use 1 to %d bytes without control characters or "
                              "surrounding spaces",
                              name, kind, EN_NAME_MAX);
}
