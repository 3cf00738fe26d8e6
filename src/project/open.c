/* Creates, opens and closes a project. Opening for writing recovers runs that were killed. */
#include "base/file.h"
#include "base/memory.h"
#include "project/arrival.h"
#include "project/project.h"
#include "project/recover.h"
#include "project/run_weights.h"

en_status en_project_init(const char *dir, bool force_network_fs, en_error *err)
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

en_status en_project_open(const en_project_options *options, en_project *project, en_error *err)
{
    *project = (en_project){
        .events = options->events,
        .threads = options->threads > 0 ? options->threads : en_cpu_count(),
        .isa = options->isa,
        .convolution = options->convolution,
        .command_line = options->command_line != NULL ? options->command_line : "",
    };
    const en_catalog_options how = {.read_only = options->read_only,
                                    .repair_schema = options->repair_schema,
                                    .repaired = options->repaired,
                                    .force_network_fs = options->force_network_fs,
                                    .events = options->events};
    en_status st = en_catalog_find_root(options->start != NULL ? options->start : ".", &project->root, err);
    if (st == EN_OK) {
        st = en_catalog_open(project->root, &how, &project->catalog, err);
    }
    if (st == EN_OK && !options->read_only) {
        (void)!en_runs_recover(project, NULL); /* best effort: if it fails, the next open retries */
        (void)!en_arrivals_recover(project, NULL);
        (void)!en_run_weights_read(project, NULL);
    }
    if (st != EN_OK) {
        en_project_close(project);
    }
    return st;
}

void en_project_close(en_project *project)
{
    en_pool_free(project->pool);
    en_catalog_close(project->catalog);
    en_free(project->root);
    *project = (en_project){0};
}
