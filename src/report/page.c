/* Writing an HTML page piece by piece, and its style. The page loads nothing and runs nothing: the policy in its head
 * forbids both, so that no name in a catalog, however odd, can do more than be read. */
#include "report/page.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/markup.h"

/* Colours come from variables, so that dark screens need only other values. The pl- classes are the charts'. */
static const char *const style[] = {
    ":root{--paper:#fff;--ink:#1f2328;--muted:#59636e;--line:#d8dee4;--soft:#f6f8fa;--strong:#0072b2;--warn:#9a3b00;"
    "--warn-soft:#fff4ec}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,"
    "'Helvetica Neue',Arial,'DejaVu Sans',sans-serif;-webkit-text-size-adjust:100%}"
    "main{max-width:72rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}"
    "h1{font-size:2.1rem;line-height:1.2;margin:.1rem 0 .8rem;letter-spacing:-.015em;overflow-wrap:anywhere}"
    "h2{font-size:1.35rem;line-height:1.3;margin:0 0 .7rem;letter-spacing:-.01em}"
    "h3{font-size:1rem;margin:1.8rem 0 .5rem}"
    "p{margin:.6rem 0;max-width:46rem}"
    ".kicker{color:var(--muted);font-size:.85rem;margin:0}"
    ".lead{font-size:1.15rem;line-height:1.5}"
    ".quiet,figcaption,caption,summary{color:var(--muted);font-size:.9rem}"
    "section{border-top:1px solid var(--line);margin-top:2.6rem;padding-top:1.6rem}"
    "code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.88em}"
    "code{background:var(--soft);padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere;"
    "-webkit-box-decoration-break:clone;box-decoration-break:clone}"
    "code span,pre span{white-space:nowrap}"
    "pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem;overflow-x:auto;"
    "white-space:pre-wrap;overflow-wrap:anywhere}"
    "nav{font-size:.9rem;margin-top:1.6rem;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}"
    "nav a{color:var(--strong);text-decoration:none}"
    "nav a:hover{text-decoration:underline}",
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.4rem,1fr));gap:.75rem;margin:1.6rem 0 0;"
    "padding:0}"
    ".tiles div{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem}"
    ".tiles dt{color:var(--muted);font-size:.85rem}"
    ".tiles dd{margin:0;font-size:1.7rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}"
    ".tiles dd small{display:block;font-size:.78rem;font-weight:400;color:var(--muted);line-height:1.35}"
    ".warn{background:var(--warn-soft);border-left:4px solid var(--warn);padding:.7rem 1rem;border-radius:0 6px 6px 0}"
    ".scroll{overflow-x:auto;margin:1rem 0}"
    "table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}"
    "caption{text-align:left;padding:0 0 .4rem}"
    "th,td{text-align:left;padding:.35rem .9rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top;"
    "overflow-wrap:break-word}"
    "th{font-weight:600}tbody th{font-weight:400}"
    "td.n,th.n{text-align:right;padding:.35rem 0 .35rem .9rem;white-space:nowrap}"
    ".n+td:not(.n),.n+th:not(.n){padding-left:1.6rem}"
    "tr.sum>*{font-weight:600;border-top:2px solid var(--line)}"
    "tr.group>th{font-weight:600;padding-top:.8rem}td small{color:var(--muted)}"
    "tr.part>th{padding-left:1.2rem;color:var(--muted)}"
    "tr.best>*{background:var(--soft);font-weight:600}"
    ".facts{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.3rem 1.4rem;margin:1rem 0;"
    "font-size:.92rem}"
    ".facts dt{color:var(--muted)}.facts dd{margin:0;overflow-wrap:anywhere}"
    "figure{margin:1.4rem 0;max-width:36rem}"
    ".pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:0 "
    "1.6rem;align-items:start}"
    "figure svg{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:8px}"
    "figcaption{margin-top:.5rem;max-width:42rem}"
    "details{margin:.5rem 0 1rem}summary{cursor:pointer}",
    ".eyes{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:1rem;margin:1.2rem 0}"
    ".eyes figure{margin:0}"
    ".eyes img,.eyes .gone{display:block;width:100%;aspect-ratio:1;border-radius:8px;background:#000;object-fit:cover}"
    ".eyes .gone{background:var(--soft);color:var(--muted);font-size:.85rem;padding:1rem;border:1px solid var(--line)}"
    ".eyes .two{grid-column:span 2}.two div{display:grid;grid-template-columns:1fr 1fr;gap:.3rem}"
    ".eyes figcaption{font-size:.82rem;line-height:1.4}.eyes b{color:var(--ink);overflow-wrap:anywhere}"
    "footer{border-top:1px solid var(--line);margin-top:2.6rem;padding-top:1rem}"
    /* Phones: tables are set smaller and their words may break; what a measure says stands below it. */
    "@media screen and (max-width:600px){"
    "main{padding:1.5rem 1rem 3rem}h1{font-size:1.7rem}"
    "table{font-size:.78rem}th,td{padding-right:.35rem;overflow-wrap:anywhere}td small{display:block}"
    ".wide th,.wide td{overflow-wrap:break-word;min-width:3.5rem}"
    "caption{max-width:calc(100vw - 2rem)}td.n,th.n{padding-left:.35rem}th.n{white-space:normal}"
    ".facts{grid-template-columns:8rem 1fr;gap:.3rem .8rem}"
    ".stack tr{display:grid;grid-template-columns:1fr 3.6rem 8rem;border-bottom:1px solid var(--line)}"
    ".stack th,.stack td{border:0}.stack .n+td:last-child{grid-column:1/-1;padding:0 0 .35rem;color:var(--muted)}"
    ".stack thead th:last-child{display:none}}"
    "@media screen and (prefers-color-scheme:dark){"
    ":root{--paper:#0f1419;--ink:#e6eaee;--muted:#9aa5b1;--line:#2b333c;--soft:#171d24;--strong:#58b0e8;--warn:#f0915a;"
    "--warn-soft:#2a1c13}"
    ".pl-paper{fill:var(--paper)}.pl-paper-l{stroke:var(--paper)}.pl-ink{fill:var(--ink)}.pl-muted{fill:var(--muted)}"
    ".pl-grid-l{stroke:#242c35}.pl-axis-l{stroke:#6b7682}.pl-s0{fill:#2286c9}.pl-s0-l{stroke:#4aa3df}"
    ".pl-s1{fill:#ee7a2b}.pl-s1-l{stroke:#ee7a2b}.pl-s2{fill:#16b08a}.pl-s2-l{stroke:#16b08a}}"
    "@media print{body{font-size:10pt}main{max-width:none;padding:0}nav{display:none}section{margin-top:1.4rem}"
    "figure,pre,tr,.scroll,.tiles div{break-inside:avoid}h2,caption{break-after:avoid}figure svg{max-width:14cm}"
    "pre,code,.tiles div{background:none}.eyes{grid-template-columns:repeat(4,1fr)}}",
};

void en_page_put(en_page *p, const char *markup)
{
    if (p->status == EN_OK) {
        p->status = en_buf_text(p->out, markup, p->err);
    }
}

void en_page_text(en_page *p, const char *text)
{
    if (p->status == EN_OK) {
        p->status = en_markup_text(p->out, text != NULL ? text : "\xe2\x80\x93", p->err);
    }
}

#define PIECE_MOST 40 /* bytes; a longer one may break anywhere, lest it be wider than a phone */

/* One piece of a command. */
static void put_piece(en_page *p, const char *text)
{
    bool whole = strlen(text) <= PIECE_MOST;
    en_page_put(p, whole ? "<span>" : "");
    en_page_text(p, text);
    en_page_put(p, whole ? "</span>" : "");
}

void en_page_code(en_page *p, const char *text)
{
    char *copy = text != NULL ? en_strdup(text) : NULL;
    if (copy == NULL) {
        if (text != NULL && p->status == EN_OK) {
            p->status = en_error_nomem(p->err, "a page");
        }
        return;
    }
    char *piece = copy;
    for (char *end = strstr(piece, " --"); end != NULL; end = strstr(piece, " --")) {
        *end = '\0';
        put_piece(p, piece);
        en_page_put(p, " ");
        piece = end + 1;
    }
    put_piece(p, piece);
    en_free(copy);
}

void en_page_count(en_page *p, int64_t value)
{
    char text[EN_NUMBER_TEXT];
    en_page_put(p, en_number_count(value, text));
}

void en_page_fixed(en_page *p, double value, unsigned decimals)
{
    char text[EN_NUMBER_TEXT];
    en_page_put(p, en_number_fixed(value, decimals, text));
}

void en_page_percent(en_page *p, double proportion, unsigned decimals)
{
    char text[EN_NUMBER_TEXT];
    en_page_put(p, en_number_percent(proportion, decimals, text));
}

void en_page_base64(en_page *p, const void *data, size_t bytes)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *d = data;
    for (size_t i = 0; i < bytes && p->status == EN_OK; i += 3) {
        size_t left = bytes - i;
        unsigned three = (unsigned)d[i] << 16 | (left > 1 ? (unsigned)d[i + 1] << 8 : 0) | (left > 2 ? d[i + 2] : 0u);
        char four[4] = {digit[three >> 18], digit[three >> 12 & 63], left > 1 ? digit[three >> 6 & 63] : '=',
                        left > 2 ? digit[three & 63] : '='};
        p->status = en_buf_add(p->out, four, sizeof four, p->err);
    }
}

void en_page_things(en_page *p, int64_t count, const char *one, const char *many)
{
    en_page_count(p, count);
    en_page_put(p, "\xc2\xa0");
    en_page_put(p, count == 1 ? one : many);
}

void en_page_begin(en_page *p, const char *title)
{
    en_page_put(p, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                   "<meta name=\"color-scheme\" content=\"light dark\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'; img-src data:\">\n<title>");
    en_page_text(p, title);
    en_page_put(p, "</title>\n<style>");
    for (size_t i = 0; i < sizeof style / sizeof style[0]; i++) {
        en_page_put(p, style[i]);
    }
    en_page_put(p, "</style>\n</head>\n<body>\n<main>\n");
}

void en_page_end(en_page *p) { en_page_put(p, "</main>\n</body>\n</html>\n"); }

void en_page_section(en_page *p, const char *id, const char *heading)
{
    en_page_put(p, "<section id=\"");
    en_page_text(p, id);
    en_page_put(p, "\">\n<h2>");
    en_page_text(p, heading);
    en_page_put(p, "</h2>\n");
}

void en_page_section_end(en_page *p) { en_page_put(p, "</section>\n"); }

void en_page_table(en_page *p, const char *caption, const char *const *heading, size_t columns)
{
    en_page_put(p, "<div class=\"scroll\"><table>\n");
    if (caption != NULL) {
        en_page_put(p, "<caption>");
        en_page_text(p, caption);
        en_page_put(p, "</caption>\n");
    }
    en_page_put(p, "<thead><tr>");
    for (size_t i = 0; i < columns; i++) {
        /* a heading that begins with '#' stands over metrics */
        bool metrics = heading[i][0] == '#';
        en_page_put(p, metrics ? "<th class=\"n\" scope=\"col\">" : "<th scope=\"col\">");
        en_page_text(p, heading[i] + (metrics ? 1 : 0));
        en_page_put(p, "</th>");
    }
    en_page_put(p, "</tr></thead>\n<tbody>\n");
}

void en_page_table_end(en_page *p) { en_page_put(p, "</tbody></table></div>\n"); }

void en_page_row(en_page *p, const char *class)
{
    en_page_put(p, "<tr");
    if (class != NULL) {
        en_page_put(p, " class=\"");
        en_page_put(p, class);
        en_page_put(p, "\"");
    }
    en_page_put(p, ">");
}

void en_page_row_end(en_page *p) { en_page_put(p, "</tr>\n"); }

void en_page_cell_head(en_page *p, const char *text)
{
    en_page_put(p, "<th scope=\"row\">");
    en_page_text(p, text);
    en_page_put(p, "</th>");
}

void en_page_cell_text(en_page *p, const char *text)
{
    en_page_put(p, "<td>");
    en_page_text(p, text);
    en_page_put(p, "</td>");
}

void en_page_cell_count(en_page *p, int64_t value)
{
    en_page_put(p, "<td class=\"n\">");
    en_page_count(p, value);
    en_page_put(p, "</td>");
}

void en_page_cell_fixed(en_page *p, double value, unsigned decimals)
{
    en_page_put(p, "<td class=\"n\">");
    en_page_fixed(p, value, decimals);
    en_page_put(p, "</td>");
}

void en_page_cell_percent(en_page *p, double proportion, unsigned decimals)
{
    en_page_put(p, "<td class=\"n\">");
    en_page_percent(p, proportion, decimals);
    en_page_put(p, "</td>");
}

void en_page_pair(en_page *p) { en_page_put(p, "<div class=\"pair\">\n"); }
void en_page_pair_end(en_page *p) { en_page_put(p, "</div>\n"); }

void en_page_facts(en_page *p) { en_page_put(p, "<dl class=\"facts\">\n"); }

void en_page_fact(en_page *p, const char *name, const char *value)
{
    if (value == NULL || *value == '\0') {
        return;
    }
    en_page_put(p, "<dt>");
    en_page_text(p, name);
    en_page_put(p, "</dt><dd>");
    en_page_text(p, value);
    en_page_put(p, "</dd>\n");
}

void en_page_fact_count(en_page *p, const char *name, int64_t value)
{
    char text[EN_NUMBER_TEXT];
    en_page_fact(p, name, en_number_count(value, text));
}

void en_page_facts_end(en_page *p) { en_page_put(p, "</dl>\n"); }
