/* report: collects, measures, and writes the page and the charts. */
#include "report/report.h"

#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "report/parts.h"

#define PAGE_CAP ((size_t)64 << 20) /* bytes; a page with a dozen pictures of 512 px is about one MiB */

static void mistake_clear(en_report_mistake *m)
{
    en_free(m->image);
    en_free(m->file);
    en_free(m->grade);
    en_buf_clear(&m->jpeg);
}

static void origins_free(en_report_origin *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        en_free(list[i].name);
        en_free(list[i].kind);
        en_free(list[i].state);
    }
    en_free(list);
}

static void clear_run(en_report_result *r)
{
    en_catalog_run_clear(&r->run);
    en_catalog_params_clear(&r->params);
    en_catalog_curves_clear(&r->curves);
    en_catalog_subset_clear(&r->subset);
    en_catalog_subset_clear(&r->val_subset);
    en_catalog_checkpoint_clear(&r->checkpoint);
}

static void clear_evaluation(en_report_result *r)
{
    en_free(r->evaluation.subset);
    en_free(r->evaluation.created_at);
    en_catalog_subset_clear(&r->eval_subset);
    en_metrics_clear(&r->metrics);
    for (size_t i = 0; i < r->grades; i++) {
        en_free(r->grade[i].name);
    }
    en_free(r->grade);
    for (size_t i = 0; i < r->mistakes; i++) {
        mistake_clear(&r->mistake[i]);
    }
    en_free(r->mistake);
}

void en_report_clear(en_report_result *r)
{
    en_free(r->html);
    en_catalog_counts_clear(&r->states);
    en_catalog_counts_clear(&r->reasons);
    origins_free(r->source, r->sources);
    origins_free(r->label_file, r->label_files);
    en_catalog_split_clear(&r->split);
    for (size_t i = 0; i < r->balances; i++) {
        en_free(r->balance[i].name);
    }
    en_free(r->balance);
    en_catalog_accounts_clear(&r->accounts);
    clear_run(r);
    clear_evaluation(r);
    *r = (en_report_result){0};
}

/* runs/NAME/report.html, or report.html in a project without runs; fresh memory, and the folder is there. */
static en_status default_path(const en_project *project, const en_report_result *r, char **path, en_error *err)
{
    if (!r->has_run) {
        *path = en_project_path(project, EN_REPORT_FILE);
        return *path != NULL ? EN_OK : en_error_nomem(err, "a path");
    }
    char *relative = en_run_folder(r->run.name);
    char *folder = relative != NULL ? en_project_path(project, relative) : NULL;
    en_status st = folder != NULL ? en_file_mkdirs(folder, err) : en_error_nomem(err, "a path");
    if (st == EN_OK && (*path = en_path_join(folder, EN_REPORT_FILE)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    en_free(relative);
    en_free(folder);
    return st;
}

/* A page takes the place of a page only: a slip of the hand must not cost a catalog or a photograph. */
static en_status check_place(const char *path, en_error *err)
{
    static const char begins[] = "<!doctype html";
    char head[sizeof begins] = "";
    struct stat s;
    if (stat(path, &s) != 0 ||
        !S_ISREG(s.st_mode)) { /* only a regular file can be written; opening a pipe would wait */
        return EN_OK;
    }
    FILE *there = fopen(path, "re");
    if (there == NULL) {
        return en_error_errno(err, "cannot see whether '%s' is a page", path);
    }
    size_t got = fread(head, 1, sizeof begins - 1, there);
    (void)fclose(there);
    return got == 0 || strcasecmp(head, begins) == 0
               ? EN_OK
               : en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' exists and is not a page", path),
                               "name another file");
}

static en_status write_page(en_project *project, const char *path, en_report_result *r, en_error *err)
{
    en_status st = EN_OK;
    if (path == NULL) {
        st = default_path(project, r, &r->html, err);
    } else if ((r->html = en_strdup(path)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        st = check_place(r->html, err);
    }
    en_buf page;
    en_buf_init(&page, PAGE_CAP);
    if (st == EN_OK) {
        st = en_report_html(r, &page, err);
    }
    if (st == EN_OK) {
        st = en_file_write(r->html, page.data, page.size, err);
    }
    en_buf_clear(&page);
    return st;
}

static en_status write_chart(const char *dir, en_report_chart chart, en_chart_format format, const en_report_result *r,
                             en_error *err)
{
    en_buf picture;
    en_buf_init(&picture, PAGE_CAP);
    char *name = en_format("%s.%s", en_report_chart_name(chart), en_chart_format_name(format));
    char *path = name != NULL ? en_path_join(dir, name) : NULL;
    en_status st = path != NULL ? en_report_chart_draw(r, chart, format, &picture, err) : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        st = en_file_write(path, picture.data, picture.size, err);
    }
    en_free(name);
    en_free(path);
    en_buf_clear(&picture);
    return st;
}

static en_status write_charts(const en_report_options *o, const en_report_result *r, en_error *err)
{
    en_status st = en_file_mkdirs(o->charts, err);
    for (int chart = 0; st == EN_OK && chart < EN_REPORT_CHARTS; chart++) {
        if (en_report_chart_shown(r, (en_report_chart)chart)) {
            st = write_chart(o->charts, (en_report_chart)chart, o->chart_format, r, err);
        }
    }
    return st;
}

en_status en_report(en_project *project, const en_report_options *options, en_report_result *result, en_error *err)
{
    *result = (en_report_result){0};
    en_status st = en_report_collect(project, options->run, result, err);
    if (st == EN_OK && result->has_run) {
        st = en_report_measure(project, options, result, err);
    }
    if (st == EN_OK && !options->no_html) {
        st = write_page(project, options->html, result, err);
    }
    if (st == EN_OK && options->charts != NULL) {
        st = write_charts(options, result, err);
    }
    if (st != EN_OK) {
        en_report_clear(result);
    }
    return st;
}
