/* Writing an HTML page piece by piece. Like cairo, a page remembers its first error and ignores what follows. */
#ifndef EN_REPORT_PAGE_H
#define EN_REPORT_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

typedef struct en_page {
    en_buf *out;
    en_status status;
    en_error *err;
} en_page;

/* From the doctype to <main>; `title` is any text. */
void en_page_begin(en_page *p, const char *title);
void en_page_end(en_page *p);

void en_page_put(en_page *p, const char *markup); /* as it is */
void en_page_text(en_page *p, const char *text);  /* made safe; NULL is an en dash */
/* The same for what is typed: an option and its value stay in one line. */
void en_page_code(en_page *p, const char *text);
void en_page_count(en_page *p, int64_t value); /* 106,386 */
void en_page_fixed(en_page *p, double value, unsigned decimals);
void en_page_percent(en_page *p, double proportion, unsigned decimals);
void en_page_base64(en_page *p, const void *data, size_t bytes); /* RFC 4648 */

/* "1 photograph", "2 photographs": with the noun's plural in full. */
void en_page_things(en_page *p, int64_t count, const char *one, const char *many);

/* A section with a heading; the id is its anchor. */
void en_page_section(en_page *p, const char *id, const char *heading);
void en_page_section_end(en_page *p);

/* A table. A heading that begins with '#' (not shown) stands over metrics, which are set flush right. */
void en_page_table(en_page *p, const char *caption, const char *const *heading, size_t columns);
void en_page_table_end(en_page *p);
void en_page_row(en_page *p, const char *class); /* class: "sum", "part", "best" or NULL */
void en_page_row_end(en_page *p);
void en_page_cell_head(en_page *p, const char *text); /* the row's name */
void en_page_cell_text(en_page *p, const char *text);
void en_page_cell_count(en_page *p, int64_t value);
void en_page_cell_fixed(en_page *p, double value, unsigned decimals);
void en_page_cell_percent(en_page *p, double proportion, unsigned decimals);

/* Charts and tables side by side where the screen is wide enough. */
void en_page_pair(en_page *p);
void en_page_pair_end(en_page *p);

/* A list of facts, "name: value"; a fact without a value is left out. */
void en_page_facts(en_page *p);
void en_page_fact(en_page *p, const char *name, const char *value);
void en_page_fact_count(en_page *p, const char *name, int64_t value);
void en_page_facts_end(en_page *p);

#endif
