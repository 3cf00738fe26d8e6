/* report: collects, measures, and writes the page and the charts. */
#include "report/report.h"

#include <stdio.h>

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
    en_buf_clear(&m->heat);
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

static void clear_data(en_report_result *r)
{
    en_free(r->size);
    for (size_t i = 0; i < r->views_by_grade; i++) {
        en_free(r->view[i].name);
    }
    en_free(r->view);
    for (size_t i = 0; i < r->examples; i++) {
        en_free(r->example[i].grade);
        en_free(r->example[i].image);
        en_free(r->example[i].file);
        en_buf_clear(&r->example[i].jpeg);
    }
    en_free(r->example);
}

static void clear_run(en_report_result *r)
{
    en_catalog_run_clear(&r->run);
    en_catalog_ensemble_clear(&r->members);
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
    en_free(r->evaluation.file);
    en_catalog_subset_clear(&r->eval_subset);
    en_metrics_clear(&r->metrics);
    for (size_t i = 0; i < r->grades; i++) {
        en_free(r->grade[i].name);
    }
    en_free(r->grade);
    for (size_t i = 0; i < r->subgroups; i++) {
        en_free(r->subgroup[i].name);
    }
    en_free(r->subgroup);
    for (size_t i = 0; i < r->shown; i++) {
        mistake_clear(&r->mistake[i]);
    }
    en_free(r->mistake);
}

void en_report_clear(en_report_result *r)
{
    en_free(r->file);
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
    clear_data(r);
    clear_run(r);
    clear_evaluation(r);
    *r = (en_report_result){0};
}

static const char *const formats[] = {NULL, "html", "md", "json", "pdf"};
const en_wordlist en_report_formats = EN_WORDLIST("report format", formats);

/* runs/NAME/report.html, or report.html in a project without runs; fresh memory, and the folder is there. */
static en_status default_path(const en_project *project, const en_report_result *r, en_report_format format,
                              char **path, en_error *err)
{
    char name[32];
    (void)snprintf(name, sizeof name, "report.%s", en_word(&en_report_formats, format));
    if (!r->has_run) {
        return en_project_path(project, name, path, err);
    }
    char *relative, *folder = NULL;
    en_status st = en_run_folder(r->run.folder, &relative, err);
    if (st == EN_OK) {
        st = en_project_path(project, relative, &folder, err);
    }
    if (st == EN_OK) {
        st = en_file_mkdirs(folder, err);
    }
    if (st == EN_OK && (*path = en_path_join(folder, name)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    en_free(relative);
    en_free(folder);
    return st;
}

en_values_form en_report_form(en_report_format format)
{
    return format == EN_REPORT_JSON       ? EN_VALUES_JSON
           : format == EN_REPORT_MARKDOWN ? EN_VALUES_MARKDOWN
           : format == EN_REPORT_PDF      ? EN_VALUES_PDF
                                          : EN_VALUES_HTML;
}

/* A report takes the place of one of its kind only: a slip of the hand must not cost a catalog or a photograph. */
en_status en_report_check_report(const char *path, en_report_format format, en_error *err)
{
    const char *const begins[] = {en_values_begins(en_report_form(format)), NULL};
    return en_report_check_place(path, begins,
                                 format == EN_REPORT_HTML   ? "page"
                                 : format == EN_REPORT_JSON ? "report in JSON"
                                 : format == EN_REPORT_PDF  ? "PDF"
                                                            : "report in Markdown",
                                 err);
}

en_status en_report_write(const en_report_result *r, en_report_format format, en_buf *out, en_error *err)
{
    return format == EN_REPORT_HTML ? en_report_html(r, out, err)
                                    : en_report_document(r, en_report_form(format), out, err);
}

static en_status write_report(en_project *project, const en_report_options *o, en_report_result *r, en_error *err)
{
    en_report_format format = o->format != 0 ? o->format : EN_REPORT_HTML;
    en_status st = EN_OK;
    if (o->out == NULL) {
        st = default_path(project, r, format, &r->file, err);
    } else if ((r->file = en_strdup(o->out)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        st = en_report_check_report(r->file, format, err);
    }
    en_buf out;
    en_buf_init(&out, PAGE_CAP);
    if (st == EN_OK) {
        st = en_report_write(r, format, &out, err);
    }
    if (st == EN_OK) {
        st = en_file_write(r->file, out.data, out.size, err);
    }
    en_buf_clear(&out);
    return st;
}

static en_status write_chart(const char *dir, en_report_chart chart, en_chart_medium medium, const en_report_result *r,
                             en_error *err)
{
    en_buf picture;
    en_buf_init(&picture, PAGE_CAP);
    char *name = en_format("%s.%s", en_report_chart_name(chart), en_chart_format_name(medium.format));
    char *path = name != NULL ? en_path_join(dir, name) : NULL;
    en_status st = path != NULL ? en_report_chart_draw(r, chart, medium, &picture, err) : en_error_nomem(err, "a path");
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
            st = write_chart(o->charts, (en_report_chart)chart, (en_chart_medium){.format = o->chart_format}, r, err);
        }
    }
    return st;
}

en_status en_report(en_project *project, const en_report_options *options, en_report_result *result, en_error *err)
{
    *result = (en_report_result){.checklist = options->checklist};
    en_status st = en_report_collect(project, options, result, err);
    if (st == EN_OK && options->checklist != 0 && result->run.origin == EN_RUN_IMPORTED) {
        st = en_error_set(err, EN_INPUT,
                          "run '%s' was trained by another program: how is not known here, and no "
                          "checklist can be filled in",
                          result->run.name);
    }
    if (st == EN_OK && options->checklist != 0 && result->run.origin == EN_RUN_ENSEMBLE) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT,
                                        "run '%s' is an ensemble: a checklist is filled in for one training",
                                        result->run.name),
                           "name one of its members");
    }
    if (st == EN_OK && options->checklist != 0 && !result->has_run) {
        st = en_error_set(err, EN_INPUT, "there is no run to fill in a checklist for");
    }
    if (st == EN_OK && result->has_run) {
        st = en_report_measure(project, options, result, err);
    }
    if (st == EN_OK && !options->no_page) {
        st = write_report(project, options, result, err);
    }
    if (st == EN_OK && options->charts != NULL) {
        st = write_charts(options, result, err);
    }
    if (st != EN_OK) {
        en_report_clear(result);
    }
    return st;
}
