/* The same again in Markdown: docs/cli.md, and the table of commands in the README. A test compares both with these. */
#include <ctype.h>

#include "cli/help.h"
#include "render/prose.h"

/* In a table's cell a bar would end the cell; in text, angle brackets would be HTML. */
static void cell(FILE *to, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|') {
            fputs("\\|", to);
        } else if (*text == '<') {
            fputs("&lt;", to);
        } else {
            fputc(*text, to);
        }
    }
}

static void anchor(FILE *to, const char *name)
{
    for (; *name != '\0'; name++) {
        fputc(*name == ' ' ? '-' : *name, to);
    }
}

static void options(FILE *to, const en_option *list, const void *defaults)
{
    if (list == NULL) {
        return;
    }
    fputs("\n| option | meaning |\n|---|---|\n", to);
    for (const en_option *o = list; o->name != NULL; o++) {
        char text[600];
        fputs("| `", to);
        cell(to, en_option_spelling(o, false, text, sizeof text));
        fputs("` | ", to);
        cell(to, en_option_doc(o, defaults, text, sizeof text));
        fputs(" |\n", to);
    }
}

static void terms(FILE *to, const en_command *c)
{
    en_choice term;
    if (c->choice != NULL) {
        fprintf(to, "\n%s:\n\n", c->choices_heading);
    }
    for (size_t n = 0; c->choice != NULL && c->choice(n, &term); n++) {
        fprintf(to, "- `%s`: %s\n", term.word, term.meaning);
    }
}

static void exit_codes(FILE *to, const en_command *c)
{
    int code;
    const char *when;
    fputs("\n| exit code | when |\n|---|---|\n", to);
    for (size_t n = 0; en_exit_code_nth(c, n, &code, &when); n++) {
        fprintf(to, "| %d | ", code);
        cell(to, when);
        fputs(" |\n", to);
    }
}

static void command(FILE *to, const en_command *c)
{
    char usage[200];
    fprintf(to, "\n## eyenet %s\n\n    eyenet %s\n\n%c%s.\n", c->name, en_command_usage(c, usage, sizeof usage),
            toupper((unsigned char)c->summary[0]), c->summary + 1);
    const char *text = c->text;
    en_block block;
    while (en_prose_next(&text, &block)) {
        if (block.literal) {
            fprintf(to, "\n```\n%.*s\n```\n", (int)block.size, block.text);
        } else {
            fprintf(to, "\n%.*s\n", (int)block.size, block.text);
        }
    }
    terms(to, c);
    options(to, c->options, c->defaults);
    if (c->table) {
        fputs("\nPrints a table: accepts `--json` and `--csv`.\n", to);
    }
    fputs("\n```sh\n", to);
    for (const en_example *e = c->examples; e->line != NULL; e++) {
        fprintf(to, "%s%s%s\n", e->line, e->shows != NULL ? "   # " : "", e->shows != NULL ? e->shows : "");
    }
    fputs("```\n", to);
    if (c->exit_codes != NULL) {
        exit_codes(to, c);
    }
}

void en_markdown_overview(en_out *out)
{
    FILE *to = out->stream;
    for (int g = 0; g < EN_GROUPS; g++) {
        fprintf(to, "%s**%s**\n\n| command | |\n|---|---|\n", g > 0 ? "\n" : "", en_group_title((en_group)g));
        for (const en_command *const *c = en_commands; *c != NULL; c++) {
            if ((int)(*c)->group == g) {
                fprintf(to, "| [`eyenet %s`](docs/cli.md#eyenet-", (*c)->name);
                anchor(to, (*c)->name);
                fputs(") | ", to);
                cell(to, (*c)->summary);
                fputs(" |\n", to);
            }
        }
    }
}

void en_markdown_reference(en_out *out)
{
    FILE *to = out->stream;
    fputs("# Commands\n\n"
          "Made by `eyenet help --markdown` from the commands table; a test fails when the two differ.\n\n"
          "Every command accepts these options, and `eyenet` itself accepts them before the command:\n",
          to);
    options(to, en_common_options, NULL);
    fputs("\nEvery command that prints a table accepts:\n", to);
    options(to, en_table_options, NULL);
    fputs("\nA command ends with one of these codes; where it has more to say of one, it does so below:\n", to);
    exit_codes(to, NULL);
    fputs("\nFrom the environment eyenet reads:\n\n| variable | meaning |\n|---|---|\n", to);
    for (const en_variable *v = en_variables; v->name != NULL; v++) {
        fprintf(to, "| `%s` | ", v->name);
        cell(to, v->doc);
        fputs(" |\n", to);
    }
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        command(to, *c);
    }
}
