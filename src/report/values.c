/* See values.h. */
#include "report/values.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/markup.h"
#include "base/number.h"

#define DASH "\xe2\x80\x93"
#define MARKDOWN_BEGINS "<!-- eyenet report -->\n"
#define JSON_BEGINS "{\n  \"format\": \"eyenet report"

const char *en_values_begins(en_values_form form)
{
    return form == EN_VALUES_JSON   ? JSON_BEGINS
           : form == EN_VALUES_HTML ? "<!doctype html"
           : form == EN_VALUES_PDF  ? "%PDF-"
                                    : MARKDOWN_BEGINS;
}

/* Text in Markdown, whatever it holds: in one line, and nothing of it is taken for markup. */
static void mark(en_page *p, const char *text)
{
    while (*text != '\0' && p->status == EN_OK) {
        char bytes[8];
        unsigned c = en_markup_next(&text);
        if (c == '\n' || c == '\r' || c == '\t') {
            en_page_put(p, " ");
        } else if (c == '&' || c == '<' || c == '>') {
            en_page_put(p, c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;");
        } else {
            size_t size = 0;
            if (c < 0x80 && strchr("\\`*_{}[]#|!~", (int)c) != NULL) {
                bytes[size++] = '\\';
            }
            size += en_markup_encode(c, bytes + size);
            bytes[size] = '\0';
            en_page_put(p, bytes);
        }
    }
}

void en_values_begin(en_values *v, en_values_form form, en_buf *out, const char *title, en_error *err)
{
    *v = (en_values){.form = form, .json = en_json_to(out, err), .own = {.out = out, .status = EN_OK, .err = err}};
    v->page = &v->own;
    if (form == EN_VALUES_JSON) {
        en_json_object(&v->json, NULL);
        en_json_text(&v->json, "format", "eyenet report 1");
        en_json_text(&v->json, "title", title);
    } else if (form == EN_VALUES_HTML) {
        char head[160];
        (void)snprintf(head, sizeof head, "%.120s \xe2\x80\x93 eyenet report", title);
        en_page_begin(v->page, head);
        en_page_put(v->page, "<header>\n<p class=\"kicker\">eyenet report</p>\n<h1>");
        en_page_text(v->page, title);
        en_page_put(v->page, "</h1>\n</header>\n");
    } else if (form == EN_VALUES_PDF) {
        char head[160];
        (void)snprintf(head, sizeof head, "%.120s \xe2\x80\x93 eyenet report", title);
        v->paper = en_paper_new(head, err);
    } else {
        en_page_put(v->page, MARKDOWN_BEGINS "\n# ");
        mark(v->page, title);
        en_page_put(v->page, "\n");
    }
}

en_status en_values_end(en_values *v)
{
    if (v->form == EN_VALUES_JSON) {
        en_json_end(&v->json);
        return v->json.status;
    }
    if (v->form == EN_VALUES_PDF) {
        return en_paper_finish(v->paper, v->own.out, v->own.err);
    }
    if (v->page == &v->own && v->form == EN_VALUES_HTML) {
        en_page_end(v->page);
    }
    return v->page->status;
}

en_values en_values_in(en_page *page) { return (en_values){.form = EN_VALUES_HTML, .page = page}; }

static void put(en_values *v, const char *text) { en_page_put(v->page, text); }

/* Text for people, in Markdown or HTML. */
static void tell(en_values *v, const char *text)
{
    if (v->form == EN_VALUES_HTML) {
        en_page_text(v->page, text);
    } else {
        mark(v->page, text);
    }
}

void en_values_section(en_values *v, const char *key, const char *title)
{
    if (v->form == EN_VALUES_JSON) {
        en_json_object(&v->json, key);
    } else if (v->form == EN_VALUES_HTML) {
        en_page_section(v->page, key, title);
    } else if (v->form == EN_VALUES_PDF) {
        en_paper_heading(v->paper, title, false);
    } else {
        put(v, "\n## ");
        tell(v, title);
        put(v, "\n");
    }
}

void en_values_section_end(en_values *v)
{
    if (v->form == EN_VALUES_JSON) {
        en_json_end(&v->json);
    } else if (v->form == EN_VALUES_HTML) {
        en_page_section_end(v->page);
    }
}

void en_values_say(en_values *v, const char *sentence)
{
    if (v->form == EN_VALUES_JSON) {
        return;
    }
    if (v->form == EN_VALUES_PDF) {
        en_paper_text(v->paper, sentence);
        return;
    }
    put(v, v->form == EN_VALUES_HTML ? "<p>" : "\n");
    tell(v, sentence);
    put(v, v->form == EN_VALUES_HTML ? "</p>\n" : "\n");
}

void en_values_facts(en_values *v)
{
    if (v->form == EN_VALUES_HTML) {
        en_page_facts(v->page);
    } else if (v->form == EN_VALUES_MARKDOWN) {
        put(v, "\n");
    }
}

static void fact(en_values *v, const char *name, const char *text)
{
    if (v->form == EN_VALUES_HTML) {
        en_page_fact(v->page, name, text);
    } else if (text != NULL && *text != '\0' && v->form == EN_VALUES_PDF) {
        en_paper_fact(v->paper, name, text);
    } else if (text != NULL && *text != '\0') {
        put(v, "- **");
        tell(v, name);
        put(v, ":** ");
        tell(v, text);
        put(v, "\n");
    }
}

void en_values_fact(en_values *v, const char *key, const char *name, const char *text)
{
    if (v->form == EN_VALUES_JSON) {
        en_json_text(&v->json, key, text);
    } else {
        fact(v, name, text);
    }
}

void en_values_fact_count(en_values *v, const char *key, const char *name, int64_t count)
{
    char text[EN_NUMBER_TEXT];
    if (v->form == EN_VALUES_JSON) {
        en_json_count(&v->json, key, count);
    } else {
        fact(v, name, count >= 0 ? en_number_count(count, text) : NULL);
    }
}

void en_values_fact_real(en_values *v, const char *key, const char *name, double value, unsigned decimals)
{
    char text[EN_NUMBER_TEXT];
    if (v->form == EN_VALUES_JSON) {
        en_json_real(&v->json, key, value);
    } else {
        fact(v, name, isfinite(value) ? en_number_fixed(value, decimals, text) : NULL);
    }
}

/* Indented by four and a list's two, which Markdown takes as it is: no run of backticks in it can end it. */
static void code(en_values *v, const char *name, const char *text)
{
    put(v, "- **");
    tell(v, name);
    put(v, ":**\n\n      ");
    while (*text != '\0' && v->page->status == EN_OK) {
        char bytes[8];
        unsigned c = en_markup_next(&text);
        bytes[en_markup_encode(c, bytes)] = '\0';
        put(v, c == '\n' && *text != '\0' ? "\n      " : c == '\n' || c == '\r' ? "" : bytes);
    }
    put(v, "\n\n");
}

void en_values_fact_code(en_values *v, const char *key, const char *name, const char *text)
{
    if (v->form == EN_VALUES_PDF && text != NULL && *text != '\0') {
        en_paper_fact(v->paper, name, " ");
        en_paper_code(v->paper, text);
    } else if (v->form != EN_VALUES_MARKDOWN) {
        en_values_fact(v, key, name, text);
    } else if (text != NULL && *text != '\0') {
        code(v, name, text);
    }
}

void en_values_facts_end(en_values *v)
{
    if (v->form == EN_VALUES_HTML) {
        en_page_facts_end(v->page);
    }
}

static void table_head(en_values *v, const char *caption)
{
    if (caption != NULL) {
        put(v, "\n");
        tell(v, caption);
        put(v, ":\n");
    }
    put(v, "\n|");
    for (size_t i = 0; i < v->columns; i++) {
        put(v, " ");
        tell(v, v->column[i].title);
        put(v, " |");
    }
    put(v, "\n|");
    for (size_t i = 0; i < v->columns; i++) {
        put(v, v->column[i].number ? "---:|" : "---|");
    }
    put(v, "\n");
}

static void table_head_html(en_values *v, const char *caption)
{
    en_page *p = v->page;
    put(v, v->columns > 2 ? "<div class=\"scroll\"><table class=\"wide\">\n" : "<div class=\"scroll\"><table>\n");
    if (caption != NULL) {
        put(v, "<caption>");
        en_page_text(p, caption);
        put(v, "</caption>\n");
    }
    put(v, "<thead><tr>");
    for (size_t i = 0; i < v->columns; i++) {
        put(v, v->column[i].number ? "<th class=\"n\" scope=\"col\">" : "<th scope=\"col\">");
        en_page_text(p, v->column[i].title);
        put(v, "</th>");
    }
    put(v, "</tr></thead>\n<tbody>\n");
}

static void table_head_pdf(en_values *v, const char *caption)
{
    en_paper_column column[EN_PAPER_COLUMNS_MAX];
    for (size_t i = 0; i < v->columns && i < EN_PAPER_COLUMNS_MAX; i++) {
        column[i] = (en_paper_column){v->column[i].title, v->column[i].number};
    }
    en_paper_table(v->paper, caption, column, v->columns);
}

void en_values_table(en_values *v, const char *key, const char *caption, const en_value_column *column, size_t columns)
{
    v->column = column;
    v->columns = columns;
    v->next = 0;
    if (v->form == EN_VALUES_JSON) {
        en_json_array(&v->json, key);
    } else if (v->form == EN_VALUES_HTML) {
        table_head_html(v, caption);
    } else if (v->form == EN_VALUES_PDF) {
        table_head_pdf(v, caption);
    } else {
        table_head(v, caption);
    }
}

/* A cell as text for people; JSON has begun its row. */
static void cell_begin(en_values *v)
{
    if (v->next > 0) {
        return;
    }
    if (v->form == EN_VALUES_JSON) {
        en_json_line(&v->json, NULL);
    } else if (v->form == EN_VALUES_HTML) {
        en_page_row(v->page, NULL);
    } else if (v->form == EN_VALUES_MARKDOWN) {
        put(v, "|");
    }
}

static void cell_end(en_values *v)
{
    v->next++;
    if (v->next < v->columns) {
        return;
    }
    v->next = 0;
    if (v->form == EN_VALUES_JSON) {
        en_json_end(&v->json);
    } else if (v->form == EN_VALUES_HTML) {
        en_page_row_end(v->page);
    } else if (v->form == EN_VALUES_MARKDOWN) {
        put(v, "\n");
    }
}

static void cell(en_values *v, const char *text)
{
    text = text != NULL && *text != '\0' ? text : DASH;
    if (v->form == EN_VALUES_HTML) {
        bool head = v->next == 0;
        put(v, head ? "<th scope=\"row\">" : v->column[v->next].number ? "<td class=\"n\">" : "<td>");
        en_page_text(v->page, text);
        put(v, head ? "</th>" : "</td>");
    } else if (v->form == EN_VALUES_PDF) {
        en_paper_cell(v->paper, text);
    } else {
        put(v, " ");
        tell(v, text);
        put(v, " |");
    }
}

void en_values_text(en_values *v, const char *text)
{
    cell_begin(v);
    if (v->form == EN_VALUES_JSON) {
        en_json_text(&v->json, v->column[v->next].key, text);
    } else {
        cell(v, text);
    }
    cell_end(v);
}

void en_values_count(en_values *v, int64_t count)
{
    char text[EN_NUMBER_TEXT];
    cell_begin(v);
    if (v->form == EN_VALUES_JSON) {
        en_json_count(&v->json, v->column[v->next].key, count);
    } else {
        cell(v, count >= 0 ? en_number_count(count, text) : NULL);
    }
    cell_end(v);
}

void en_values_real(en_values *v, double value, unsigned decimals)
{
    char text[EN_NUMBER_TEXT];
    cell_begin(v);
    if (v->form == EN_VALUES_JSON) {
        en_json_real(&v->json, v->column[v->next].key, value);
    } else {
        cell(v, en_number_fixed(value, decimals, text));
    }
    cell_end(v);
}

static void metric_json(en_values *v, const en_metric *m)
{
    const char *key = v->column[v->next].key;
    bool plain = strcmp(key, "value") == 0;
    char low[64], high[64];
    (void)snprintf(low, sizeof low, "%.50s_low", key);
    (void)snprintf(high, sizeof high, "%.50s_high", key);
    en_json_real(&v->json, key, m->value);
    en_json_real(&v->json, plain ? "low" : low, m->is_in.low);
    en_json_real(&v->json, plain ? "high" : high, m->is_in.high);
}

void en_values_metric(en_values *v, const en_metric *m, unsigned decimals)
{
    char value[EN_NUMBER_TEXT], low[EN_NUMBER_TEXT], high[EN_NUMBER_TEXT], text[3 * EN_NUMBER_TEXT + 16];
    cell_begin(v);
    if (v->form == EN_VALUES_JSON) {
        metric_json(v, m);
        cell_end(v);
        return;
    }
    (void)en_number_fixed(m->value, decimals, value);
    if (isfinite(m->is_in.low) && isfinite(m->is_in.high)) {
        (void)snprintf(text, sizeof text, "%s [%s, %s]", value, en_number_fixed(m->is_in.low, decimals, low),
                       en_number_fixed(m->is_in.high, decimals, high));
    } else {
        (void)snprintf(text, sizeof text, "%s%s", value, isfinite(m->value) ? " (too few)" : "");
    }
    cell(v, text);
    cell_end(v);
}

void en_values_table_end(en_values *v)
{
    if (v->form == EN_VALUES_JSON) {
        en_json_end(&v->json);
    } else if (v->form == EN_VALUES_HTML) {
        put(v, "</tbody></table></div>\n");
    } else if (v->form == EN_VALUES_PDF) {
        en_paper_table_end(v->paper);
    }
}
