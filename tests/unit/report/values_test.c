/* Reports as JSON and Markdown: the figures are those of the measurement, whatever the texts of a stranger hold. */
#include "report_project.h"

#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "report/report.h"
#include "report/values.h"

#define HOSTILE "\"}]|<script>alert('x')</script>&\\ `a` *b* _c_ [d](e)\n# zz\xff"
#define HOSTILE_NAME "\"}]|<script>&\\`*_#[a](b)"
#define CAP ((size_t)16 << 20)

static json_t *as_json(project *p, const en_report_options *options)
{
    en_buf text;
    json_error_t why;
    en_report_clear(&p->report);
    ok(en_report(&p->project, options, &p->report, &p->err));
    en_buf_init(&text, CAP);
    ok(en_report_write(&p->report, EN_REPORT_JSON, &text, &p->err));
    json_t *report = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &why);
    en_buf_clear(&text);
    assert_non_null(report);
    return report;
}

static json_t *measure_of(json_t *report, const char *name)
{
    json_t *rows = json_object_get(json_object_get(report, "result"), "measures"), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "measure")), name) == 0) {
            return row;
        }
    }
    fail_msg("no measure %s", name);
    return NULL;
}

static void number_is(const json_t *row, const char *key, double wanted)
{
    json_t *value = json_object_get(row, key);
    assert_non_null(value);
    if (isnan(wanted)) {
        assert_true(json_is_null(value));
    } else {
        assert_true(json_number_value(value) == wanted);
    }
}

static void metric_is(json_t *report, const char *name, const en_metric *m, int64_t n)
{
    const json_t *row = measure_of(report, name);
    number_is(row, "value", m->value);
    number_is(row, "low", m->is_in.low);
    number_is(row, "high", m->is_in.high);
    number_is(row, "n", (double)n);
    assert_string_equal(json_string_value(json_object_get(row, "unit")), "photograph");
}

static void json_has_the_figures_of_the_measurement(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    json_t *report = as_json(p, &(en_report_options){.run = "first", .no_page = true, .mistakes = 3});
    const en_metrics *m = &p->report.metrics;
    const en_binary_metrics *b = &m->binary;
    assert_string_equal(json_string_value(json_object_get(report, "format")), "eyenet report 1");
    metric_is(report, "auc", &b->auc, m->n);
    metric_is(report, "sensitivity", &b->sensitivity, b->positives);
    metric_is(report, "specificity", &b->specificity, b->negatives);
    metric_is(report, "ppv", &b->ppv, en_confusion_at(&m->confusion, 0, 1) + en_confusion_at(&m->confusion, 1, 1));
    metric_is(report, "npv", &b->npv, en_confusion_at(&m->confusion, 0, 0) + en_confusion_at(&m->confusion, 1, 0));
    metric_is(report, "accuracy", &m->accuracy, m->n);
    metric_is(report, "brier", &b->brier, m->n);
    const json_t *result = json_object_get(report, "result");
    number_is(result, "n", (double)m->n);
    number_is(result, "patients", (double)m->patients);
    assert_int_equal(json_array_size(json_object_get(result, "confusion")), 4);
    assert_int_equal(json_array_size(json_object_get(result, "roc")), b->roc.count);
    number_is(json_array_get(json_object_get(result, "roc"), 0), "threshold", (double)NAN); /* infinity */
    assert_int_equal(json_array_size(json_object_get(json_object_get(report, "mistakes"), "rows")), p->report.shown);
    number_is(json_object_get(report, "photographs"), "fetched", (double)p->report.files);
    json_decref(report);
}

static void every_section_is_there_when_it_has_something_to_say(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    json_t *report = as_json(p, &(en_report_options){.run = "first", .no_page = true, .screening = true});
    static const char *const of_run[] = {"warnings", "run",       "network",   "learning", "photographs", "split",
                                         "result",   "screening", "subgroups", "mistakes", "provenance",  "limits"};
    for (size_t i = 0; i < sizeof of_run / sizeof *of_run; i++) {
        assert_non_null(json_object_get(report, of_run[i]));
    }
    assert_null(json_object_get(report, "data"));
    const json_t *screening = json_object_get(report, "screening");
    number_is(screening, "patients", (double)p->report.screening.patients);
    number_is(json_array_get(json_object_get(screening, "measures"), 0), "value",
              p->report.screening.sensitivity.value);
    json_decref(report);
    report = as_json(p, &(en_report_options){.data = true, .no_page = true});
    assert_null(json_object_get(report, "run"));
    assert_null(json_object_get(report, "result"));
    assert_int_equal(json_array_size(json_object_get(json_object_get(report, "data"), "sizes")), p->report.sizes);
    json_decref(report);
}

static size_t in_state(const json_t *rows, const char *state)
{
    size_t i, count = 0;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        bool is = strcmp(json_string_value(json_object_get(row, "state")), state) == 0;
        /* there is an answer just where the catalog has something to say */
        assert_true(!is || json_is_string(json_object_get(row, "answer")) == (strcmp(state, "to write") != 0));
        count += is;
    }
    return count;
}

static void checklists_say_what_is_filled_and_what_is_to_be_written(void **state)
{
    static const size_t items[] = {0, 52, 44, 48}, filled[] = {0, 11, 11, 8};
    project *p = *state;
    make_project(p, &plain);
    for (int list = EN_REPORT_TRIPOD_AI; list <= EN_REPORT_STARD_AI; list++) {
        json_t *report =
            as_json(p, &(en_report_options){.run = "first", .no_page = true, .checklist = (en_report_checklist)list});
        const json_t *section = json_object_get(report, "checklist"), *rows = json_object_get(section, "rows");
        assert_int_equal(json_array_size(rows), items[list]);
        number_is(section, "filled", (double)in_state(rows, "filled"));
        number_is(section, "to_complete", (double)in_state(rows, "to complete"));
        number_is(section, "to_write", (double)in_state(rows, "to write"));
        assert_int_equal(in_state(rows, "filled") + in_state(rows, "to complete") + in_state(rows, "to write"),
                         items[list]);
        assert_true(in_state(rows, "filled") >= filled[list]);
        json_decref(report);
    }
    en_report_clear(&p->report);
    assert_int_equal(
        en_report(&p->project, &(en_report_options){.data = true, .checklist = EN_REPORT_CLAIM}, &p->report, &p->err),
        EN_INPUT);
}

static const char *state_of(const json_t *rows, const char *item)
{
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "item")), item) == 0) {
            return json_string_value(json_object_get(row, "state"));
        }
    }
    fail_msg("no item %s", item);
    return NULL;
}

static void what_was_not_measured_is_to_be_written(void **state)
{
    project *p = *state;
    plan young = plain;
    young.evaluate = false;
    make_project(p, &young);
    json_t *report = as_json(p, &(en_report_options){.run = "first", .no_page = true, .checklist = EN_REPORT_CLAIM});
    json_t *rows = json_object_get(json_object_get(report, "checklist"), "rows");
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 36), "item")), "37");
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 36), "state")), "to write");
    json_decref(report);
    report = as_json(p, &(en_report_options){.run = "first", .no_page = true, .checklist = EN_REPORT_STARD_AI});
    rows = json_object_get(json_object_get(report, "checklist"), "rows");
    assert_string_equal(state_of(rows, "15a"), "filled"); /* the network is there without an evaluation */
    static const char *const measured[] = {"17a", "18", "26a", "28", "29", "30", "31", "40b"};
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++) {
        assert_string_equal(state_of(rows, measured[i]), "to write");
    }
    json_decref(report);
}

/* The cells of a line of Markdown: bars without a backslash before them. */
static size_t bars_in(const char *line, size_t length)
{
    size_t bars = 0;
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\\') {
            i++;
        } else {
            bars += line[i] == '|';
        }
    }
    return bars;
}

static void hostile_texts_are_only_text(void **state)
{
    project *p = *state;
    plan hostile = plain;
    hostile.word = HOSTILE;
    hostile.name = HOSTILE_NAME;
    make_project(p, &hostile);
    json_t *report =
        as_json(p, &(en_report_options){.no_page = true, .mistakes = 3, .checklist = EN_REPORT_CLAIM}); /* it is JSON */
    assert_non_null(
        strstr(json_string_value(json_object_get(json_object_get(report, "split"), "name")), "<script>&\\"));
    json_decref(report);
    en_buf text;
    en_buf_init(&text, CAP);
    ok(en_report_write(&p->report, EN_REPORT_MARKDOWN, &text, &p->err));
    size_t bars = 0;
    for (const char *line = en_buf_str(&text); *line != '\0';) {
        size_t length = strcspn(line, "\n"), here = bars_in(line, length);
        bool code = strncmp(line, "      ", 6) == 0;
        bool table = line[0] == '|';
        assert_true(table || code || here == 0); /* no table where none is meant */
        assert_true(!table || bars == 0 || here == bars);
        assert_true(strncmp(line, "# zz", 4) != 0);
        for (size_t i = 0; !code && i + 7 < length && line[0] != '<'; i++) {
            assert_int_not_equal(strncmp(line + i, "<script", 7), 0);
        }
        bars = table ? here : 0;
        line += length + (line[length] == '\n');
    }
    en_buf_clear(&text);
}

static void the_same_catalog_gives_the_same_bytes(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    for (int format = EN_REPORT_MARKDOWN; format <= EN_REPORT_JSON; format++) {
        en_buf one, two;
        en_buf_init(&one, CAP);
        en_buf_init(&two, CAP);
        for (int time = 0; time < 2; time++) {
            ok(en_report(&p->project, &(en_report_options){.run = "first", .format = (en_report_format)format},
                         &p->report, &p->err));
            ok(en_file_read(p->report.file, time == 0 ? &one : &two, &p->err));
            en_report_clear(&p->report);
        }
        assert_true(one.size > 1000 && one.size == two.size);
        assert_memory_equal(one.data, two.data, one.size);
        en_buf_clear(&one);
        en_buf_clear(&two);
    }
}

static void running_out_of_memory_is_an_error(void **state)
{
    project *p = *state;
    make_project(p, &plain);
    ok(en_report(&p->project, &(en_report_options){.run = "first", .no_page = true, .checklist = EN_REPORT_TRIPOD_AI},
                 &p->report, &p->err));
    for (int format = EN_REPORT_HTML; format <= EN_REPORT_JSON; format++) {
        int failed = 0;
        en_status st = EN_NOMEM;
        for (long nth = 1; st != EN_OK; nth++) {
            en_buf text;
            en_buf_init(&text, CAP);
            en_alloc_fail_at(nth);
            st = en_report_write(&p->report, (en_report_format)format, &text, &p->err);
            en_alloc_fail_at(0);
            assert_true(st == EN_OK || st == EN_NOMEM);
            failed += st != EN_OK;
            en_buf_clear(&text);
        }
        assert_true(failed > 3);
    }
}

#define VALUES_TEST(name) cmocka_unit_test_setup_teardown(name, open_project, close_project)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VALUES_TEST(json_has_the_figures_of_the_measurement),
        VALUES_TEST(every_section_is_there_when_it_has_something_to_say),
        VALUES_TEST(checklists_say_what_is_filled_and_what_is_to_be_written),
        VALUES_TEST(what_was_not_measured_is_to_be_written),
        VALUES_TEST(hostile_texts_are_only_text),
        VALUES_TEST(the_same_catalog_gives_the_same_bytes),
        VALUES_TEST(running_out_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
