/* A chart of a report as a file of its own. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "report/parts.h"

#define PICTURE_CAP ((size_t)256 << 20) /* bytes */
#define HEAD 64                         /* bytes; more than any report begins with */

en_status en_report_check_place(const char *path, const char *const *begins, const char *what, en_error *err)
{
    char head[HEAD] = "";
    struct stat s;
    if (stat(path, &s) != 0 ||
        !S_ISREG(s.st_mode)) { /* only a regular file can be written; opening a pipe would wait */
        return EN_OK;
    }
    FILE *there = fopen(path, "re");
    if (there == NULL) {
        return en_error_errno(err, "cannot see whether '%s' is a %s", path, what);
    }
    size_t got = fread(head, 1, sizeof head - 1, there);
    (void)fclose(there);
    bool is = got == 0;
    for (size_t i = 0; begins[i] != NULL; i++) {
        is = is || strncasecmp(head, begins[i], strlen(begins[i])) == 0;
    }
    return is ? EN_OK
              : en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' exists and is not a %s", path, what),
                              "name another file");
}

static en_status draw(const en_report_plot_options *o, const en_report_result *r, en_report_plotted *out, en_error *err)
{
    static const char *const pictures[] = {"<svg", "\x89PNG", "%PDF-", NULL};
    const char *name = en_report_chart_name(o->chart);
    if (!en_report_chart_shown(r, o->chart)) {
        return en_error_set(err, EN_INPUT, "there is nothing to draw for the chart '%s' of %s%s%s", name,
                            r->has_run ? "run '" : "a project without runs", r->has_run ? r->run.name : "",
                            r->has_run ? "'" : "");
    }
    en_status st = o->path != NULL ? en_report_check_place(o->path, pictures, "picture", err) : EN_OK;
    if (st == EN_OK) {
        st = en_report_chart_draw(r, o->chart, o->medium, &out->picture, err);
    }
    if (st == EN_OK && o->path != NULL) {
        st = en_file_write(o->path, out->picture.data, out->picture.size, err);
    }
    out->chart = name;
    out->path = o->path;
    out->bytes = (int64_t)out->picture.size;
    snprintf(out->run, sizeof out->run, "%s", r->has_run ? r->run.name : "");
    return st;
}

en_status en_report_plot(en_project *project, const en_report_plot_options *o, en_report_plotted *out, en_error *err)
{
    const en_report_options options = {
        .run = o->run, .no_page = true, .unit = o->unit, .combine = o->combine, .positive = o->positive};
    en_report_result r;
    *out = (en_report_plotted){.path = NULL};
    en_buf_init(&out->picture, PICTURE_CAP);
    en_status st = en_report(project, &options, &r, err);
    if (st == EN_OK) {
        st = draw(o, &r, out, err);
        en_report_clear(&r);
    }
    return st;
}

void en_report_plotted_clear(en_report_plotted *plotted) { en_buf_clear(&plotted->picture); }
