/* What a report says as values: sections of facts and tables, written once and given out as JSON for programs, as
 * Markdown, as PDF, or as a part of the HTML page. Remembers its first error and ignores what follows, like a page.
 *
 * JSON: an object per section; a fact is a member of it, a table an array of objects, one for each row. A figure with
 * an interval in column "auc" has the members auc, auc_low and auc_high; in column "value": value, low and high.
 * Numbers are not rounded; what is not known or has no interval is null. */
#ifndef EN_REPORT_VALUES_H
#define EN_REPORT_VALUES_H

#include "export/json.h"
#include "plot/paper.h"
#include "report/page.h"
#include "training/metrics.h"

typedef enum en_values_form { EN_VALUES_JSON = 1, EN_VALUES_MARKDOWN, EN_VALUES_HTML, EN_VALUES_PDF } en_values_form;

/* Of a table: its key in JSON, its heading, and whether numbers stand in it. */
typedef struct en_value_column {
    const char *key, *title;
    bool number;
} en_value_column;

typedef struct en_values {
    en_values_form form;
    en_json json;
    en_page *page; /* of HTML, which it is a part of; of Markdown `own` */
    en_page own;
    en_paper *paper; /* of PDF; owned until the end */
    const en_value_column *column;
    size_t columns, next; /* of the table that is open; the one the next cell belongs to */
} en_values;

/* A document of its own, appended to `out`; it begins with what en_values_begins says. */
void en_values_begin(en_values *v, en_values_form form, en_buf *out, const char *title, en_error *err);
en_status en_values_end(en_values *v);
/* What a document of that form begins with. */
const char *en_values_begins(en_values_form form);
/* Sections of a page. */
en_values en_values_in(en_page *page);

void en_values_section(en_values *v, const char *key, const char *title);
void en_values_section_end(en_values *v);
void en_values_say(en_values *v, const char *sentence); /* for people: not in JSON */

/* A list of facts; NULL, a number below 0 and a NaN are null in JSON and left out elsewhere. */
void en_values_facts(en_values *v);
void en_values_fact(en_values *v, const char *key, const char *name, const char *text);
void en_values_fact_count(en_values *v, const char *key, const char *name, int64_t count);
void en_values_fact_real(en_values *v, const char *key, const char *name, double value, unsigned decimals);
void en_values_fact_code(en_values *v, const char *key, const char *name,
                         const char *text); /* as typed, of any lines */
void en_values_facts_end(en_values *v);

/* The cells of a row come from left to right; the row ends by itself. The columns are borrowed. */
void en_values_table(en_values *v, const char *key, const char *caption, const en_value_column *column, size_t columns);
void en_values_text(en_values *v, const char *text);
void en_values_count(en_values *v, int64_t count); /* below 0: not known */
void en_values_real(en_values *v, double value, unsigned decimals);
void en_values_metric(en_values *v, const en_metric *m, unsigned decimals);
void en_values_table_end(en_values *v);

#endif
