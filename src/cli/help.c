/* Help as text at a terminal: `eyenet help`, `eyenet COMMAND --help`. */
#include "cli/help.h"

#include <string.h>

#include "render/prose.h"
#include "render/utf8.h"

#define READABLE 100 /* columns: longer lines tire the eye */
#define NARROW 50    /* columns: on shorter lines, what an option does is below it */

static size_t help_width(const en_out *out)
{
    return out->width == 0 ? 80 : out->width < READABLE ? out->width : READABLE;
}

static void heading(en_out *out, const char *text)
{
    fprintf(out->stream, "\n%s%s:%s\n", out->colour ? "\033[1m" : "", text, out->colour ? "\033[0m" : "");
}

/* "  term   words", the words wrapped in a column of their own. */
static void entry(en_out *out, const char *term, size_t column, const char *words)
{
    size_t used = (size_t)fprintf(out->stream, "  %s", term);
    if (used + 2 > column) {
        fputc('\n', out->stream);
        used = 0;
    }
    fprintf(out->stream, "%*s", (int)(column - used), "");
    en_prose_wrap(out->stream, words, strlen(words), column, column, help_width(out));
}

static void options(en_out *out, const char *title, const en_option *list, const void *defaults)
{
    if (list == NULL) {
        return;
    }
    heading(out, title);
    for (const en_option *o = list; o->name != NULL; o++) {
        char spelling[80], doc[600];
        entry(out, en_option_spelling(o, true, spelling, sizeof spelling), help_width(out) < NARROW ? 8 : 30,
              en_option_doc(o, defaults, doc, sizeof doc));
    }
}

static void terms(en_out *out, const en_command *c)
{
    en_choice term;
    if (c->choice != NULL) {
        heading(out, c->choices_heading);
    }
    for (size_t n = 0; c->choice != NULL && c->choice(n, &term); n++) {
        entry(out, term.word, 16, term.meaning);
    }
}

static void exit_codes(en_out *out, const en_command *c)
{
    int code;
    const char *when;
    heading(out, "Exit codes");
    for (size_t n = 0; en_exit_code_nth(c, n, &code, &when); n++) {
        char term[8];
        snprintf(term, sizeof term, "%d", code);
        entry(out, term, 7, when);
    }
}

static void usage(en_out *out, const char *words)
{
    fputs("Usage: ", out->stream);
    en_prose_wrap(out->stream, words, strlen(words), 7, 7, help_width(out));
}

/* The quote, ' or \", in which a shell is behind these bytes, when it was in `quote` before; 0: none. */
static char quote_after(char quote, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (quote == '\0' ? text[i] == '\'' || text[i] == '"' : text[i] == quote) {
            quote = quote == '\0' ? text[i] : '\0';
        }
    }
    return quote;
}

/* A command line, wrapped so that a shell still reads the same words: with a backslash at the end of a line or, between
 * single quotes, where only SQL is, without. */
static void example(en_out *out, const char *line)
{
    const size_t width = help_width(out), size = strlen(line);
    size_t at = 2;
    char quote = '\0';
    fputs("  ", out->stream);
    for (size_t i = 0; i < size;) {
        const size_t length = strcspn(line + i, " \n"), columns = en_utf8_width(line + i, length);
        const size_t mark = quote_after(quote, line + i, length) == '\'' || line[i + length] != ' ' ? 0 : 2;
        if (i > 0 && line[i - 1] == '\n') {
            fputc('\n', out->stream);
            at = 0;
        } else if (i > 0 && at + 1 + columns + mark > width) {
            fprintf(out->stream, "%s\n%4s", quote == '\'' ? "" : " \\", "");
            at = 4;
        } else if (i > 0) {
            fputc(' ', out->stream);
            at++;
        }
        fprintf(out->stream, "%.*s", (int)length, line + i);
        quote = quote_after(quote, line + i, length);
        at += columns;
        i += length + 1;
    }
    fputc('\n', out->stream);
}

void en_help_command(const en_command *c, en_out *out)
{
    FILE *to = out->stream;
    char call[200] = "eyenet ";
    (void)en_command_usage(c, call + strlen(call), sizeof call - strlen(call));
    usage(out, call);
    fputc('\n', to);
    en_prose_wrap(to, c->summary, strlen(c->summary), 0, 0, help_width(out));
    const char *text = c->text;
    en_block block;
    while (en_prose_next(&text, &block)) {
        fputc('\n', to);
        if (block.literal) {
            fprintf(to, "%.*s\n", (int)block.size, block.text);
        } else {
            en_prose_wrap(to, block.text, block.size, 0, 0, help_width(out));
        }
    }
    terms(out, c);
    options(out, "Options", c->options, c->defaults);
    options(out, "Output", c->table ? en_table_options : NULL, NULL);
    options(out, "Common options", en_common_options, NULL);
    heading(out, "Examples");
    for (const en_example *e = c->examples; e->line != NULL; e++) {
        example(out, e->line);
        if (e->shows != NULL) {
            fputs("      ", to);
            en_prose_wrap(to, e->shows, strlen(e->shows), 6, 6, help_width(out));
        }
    }
    exit_codes(out, c);
}

void en_help_group(const char *word, en_out *out)
{
    const size_t length = strlen(word);
    const en_command *only = NULL;
    size_t count = 0;
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        if (strncmp((*c)->name, word, length) == 0 && (*c)->name[length] == ' ') {
            only = *c;
            count++;
        }
    }
    if (count == 1) {
        en_help_command(only, out);
        return;
    }
    char call[80];
    snprintf(call, sizeof call, "eyenet %s COMMAND", word);
    usage(out, call);
    fputc('\n', out->stream);
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        if (strncmp((*c)->name, word, length) == 0 && (*c)->name[length] == ' ') {
            entry(out, (*c)->name, 18, (*c)->summary);
        }
    }
}

void en_help_overview(en_out *out)
{
    static const char purpose[] =
        "A laboratory for diabetic-retinopathy screening models: one program, one SQLite file.";
    static const char more[] = "'eyenet help COMMAND' explains a command, with examples.";
    usage(out, "eyenet [-C DIR] COMMAND [OPTION]... [WORD]...");
    fputc('\n', out->stream);
    en_prose_wrap(out->stream, purpose, sizeof purpose - 1, 0, 0, help_width(out));
    for (int g = 0; g < EN_GROUPS; g++) {
        heading(out, en_group_title((en_group)g));
        for (const en_command *const *c = en_commands; *c != NULL; c++) {
            if ((int)(*c)->group == g) {
                entry(out, (*c)->name, 18, (*c)->summary);
            }
        }
    }
    options(out, "Options", en_program_options, NULL);
    heading(out, "Environment");
    for (const en_variable *v = en_variables; v->name != NULL; v++) {
        entry(out, v->name, 18, v->doc);
    }
    fputc('\n', out->stream);
    en_prose_wrap(out->stream, more, sizeof more - 1, 0, 0, help_width(out));
}
