/* Man pages in the man(7) macros, one for eyenet and one for each command. */
#include <ctype.h>
#include <string.h>

#include "base/version.h"
#include "cli/help.h"
#include "render/prose.h"

/* Roff reads a backslash, a leading dot or quote, and a bare hyphen in its own way. */
static void roff(FILE *to, const char *text, size_t size)
{
    bool line_start = true;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (line_start && (c == '.' || c == '\'')) {
            fputs("\\&", to);
        }
        if (c == '\\') {
            fputs("\\e", to);
        } else if (c == '-') {
            fputs("\\-", to);
        } else if (c == '\'') {
            fputs("\\(aq", to);
        } else {
            fputc(c, to);
        }
        line_start = c == '\n';
    }
}

static void roff_line(FILE *to, const char *macro, const char *text)
{
    fputs(macro, to);
    roff(to, text, strlen(text));
    fputc('\n', to);
}

static void title(FILE *to, const char *page, const char *summary)
{
    fputs(".TH ", to);
    for (const char *c = page; *c != '\0'; c++) {
        fputs(*c == '-' ? "\\-" : (char[]){(char)toupper((unsigned char)*c), '\0'}, to);
    }
    fprintf(to, " 1 \"%s\" \"eyenet %s\" \"eyenet\"\n.SH NAME\n", en_version_date(), en_version());
    roff(to, page, strlen(page));
    fputs(" \\- ", to);
    roff_line(to, "", summary);
}

/* Paragraphs after a heading, which begins the first of them by itself. */
static void prose(FILE *to, const char *text)
{
    en_block block;
    for (bool first = true; en_prose_next(&text, &block); first = false) {
        fprintf(to, "%s%s", first ? "" : ".PP\n", block.literal ? ".nf\n" : "");
        roff(to, block.text, block.size);
        fputs(block.literal ? "\n.fi\n" : "\n", to);
    }
}

static void options(FILE *to, const char *heading, const en_option *list, const void *defaults)
{
    if (list == NULL) {
        return;
    }
    roff_line(to, ".SH ", heading);
    for (const en_option *o = list; o->name != NULL; o++) {
        char text[600];
        roff_line(to, ".TP\n.B ", en_option_spelling(o, false, text, sizeof text));
        roff_line(to, "", en_option_doc(o, defaults, text, sizeof text));
    }
}

static void terms(FILE *to, const en_command *c)
{
    en_choice term;
    if (c->choice != NULL) {
        roff_line(to, ".SS ", c->choices_heading);
    }
    for (size_t n = 0; c->choice != NULL && c->choice(n, &term); n++) {
        roff_line(to, ".TP\n.B ", term.word);
        roff_line(to, "", term.meaning);
    }
}

static void exit_codes(FILE *to, const en_command *c)
{
    int code;
    const char *when;
    fputs(".SH EXIT STATUS\n", to);
    for (size_t n = 0; en_exit_code_nth(c, n, &code, &when); n++) {
        fprintf(to, ".TP\n.B %d\n", code);
        roff_line(to, "", when);
    }
}

static void page_name(const en_command *c, char *out, size_t capacity)
{
    snprintf(out, capacity, "eyenet-%s", c->name);
    for (; *out != '\0'; out++) {
        *out = *out == ' ' ? '-' : *out;
    }
}

static void synopsis(FILE *to, const en_command *c)
{
    fprintf(to, ".SH SYNOPSIS\n.B eyenet %s\n", c->name);
    for (const en_option *o = c->options; o != NULL && o->name != NULL; o++) {
        if (o->required) {
            roff_line(to, "\\fB\\-\\-", o->name);
            fprintf(to, "\\fI%s\\fR\n", o->arg);
        }
    }
    if (c->options != NULL) {
        fputs("[\\fIOPTION\\fR]...\n", to);
    }
    if (*c->args != '\0') {
        roff_line(to, "", c->args);
    }
}

static void environment(FILE *to)
{
    fputs(".SH ENVIRONMENT\n", to);
    for (const en_variable *v = en_variables; v->name != NULL; v++) {
        roff_line(to, ".TP\n.B ", v->name);
        roff_line(to, "", v->doc);
    }
}

void en_man_command(const en_command *c, en_out *out)
{
    FILE *to = out->stream;
    char page[64];
    page_name(c, page, sizeof page);
    title(to, page, c->summary);
    synopsis(to, c);
    fputs(".SH DESCRIPTION\n", to);
    prose(to, c->text != NULL ? c->text : c->summary);
    terms(to, c);
    options(to, "OPTIONS", c->options, c->defaults);
    options(to, "OUTPUT", c->table ? en_table_options : NULL, NULL);
    options(to, "COMMON OPTIONS", en_common_options, NULL);
    fputs(".SH EXAMPLES\n", to);
    for (const en_example *e = c->examples; e->line != NULL; e++) {
        fputs(e == c->examples ? ".nf\n" : ".PP\n.nf\n", to);
        roff(to, e->line, strlen(e->line));
        fputs("\n.fi\n", to);
        if (e->shows != NULL) {
            fputs(".RS\n", to);
            roff_line(to, "", e->shows);
            fputs(".RE\n", to);
        }
    }
    exit_codes(to, c);
    fputs(".SH SEE ALSO\n.BR eyenet (1)\n", to);
}

void en_man_program(en_out *out)
{
    FILE *to = out->stream;
    title(to, "eyenet", "a laboratory for diabetic-retinopathy screening models");
    fputs(".SH SYNOPSIS\n.B eyenet\n[\\fB\\-C\\fR \\fIDIR\\fR] \\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIWORD\\fR]...\n"
          ".SH DESCRIPTION\nOne program and one SQLite file hold the photographs, where each came from,\n"
          "who graded it, what was done to it, every training run with its metrics, and every prediction.\n",
          to);
    for (int g = 0; g < EN_GROUPS; g++) {
        roff_line(to, ".SS ", en_group_title((en_group)g));
        for (const en_command *const *c = en_commands; *c != NULL; c++) {
            char page[64];
            if ((int)(*c)->group == g) {
                page_name(*c, page, sizeof page);
                fputs(".TP\n.BR ", to);
                roff(to, page, strlen(page));
                fputs(" (1)\n", to);
                roff_line(to, "", (*c)->summary);
            }
        }
    }
    options(to, "OPTIONS", en_program_options, NULL);
    environment(to);
    fputs(".SH FILES\n.TP\n.B eyenet.db\nthe catalog, in the project\\(aqs folder\n"
          ".TP\n.BR photos/ \", \" samples/ \", \" runs/\n"
          "photographs as fetched, samples made of them, and what training runs leave\n",
          to);
    exit_codes(to, NULL);
}
