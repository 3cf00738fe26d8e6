/* A program of the build, not of eyenet: turns the files of sql/ and migrations/ into C, so that the binary needs
 * neither and a misspelt statement does not compile.
 *
 *   embed HEADER SOURCE FILE.sql...
 *
 * sql/view/NAME.sql becomes the view NAME, any other sql/FOLDER/NAME.sql the statement EN_SQL_<FOLDER>_<NAME>;
 * migrations/NNNN_NAME.sql becomes migration NNNN, NAME. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
    const char *path;
    char symbol[128]; /* EN_SQL_..., or "" for a migration or view */
    char label[128];  /* "folder/name", or the name of the migration or view */
    int version;      /* of a migration */
    int is_view;
} entry;

static int is_statement(const entry *e) { return e->version == 0 && !e->is_view; }

/* Made in memory and compared with what is there: a file that would not change keeps its time, and nothing that
 * includes it is compiled again. */
typedef struct output {
    char *text;
    size_t size;
    FILE *stream;
} output;

static void fail(const char *path, const char *why)
{
    fprintf(stderr, "embed: %s: %s\n", path, why);
    exit(1);
}

static FILE *open_or_fail(const char *path, const char *mode)
{
    FILE *f = fopen(path, mode);
    if (f == NULL) {
        fail(path, "cannot open");
    }
    return f;
}

static FILE *begin(output *out)
{
    out->stream = open_memstream(&out->text, &out->size);
    if (out->stream == NULL) {
        fail("embed", "out of memory");
    }
    return out->stream;
}

static int is_unchanged(const char *path, const output *out)
{
    FILE *old = fopen(path, "rb");
    size_t at = 0;
    int c = EOF;
    while (old != NULL && (c = getc(old)) != EOF && at < out->size && (unsigned char)out->text[at] == c) {
        at++;
    }
    int same = old != NULL && c == EOF && at == out->size;
    if (old != NULL) {
        fclose(old);
    }
    return same;
}

static void end(const char *path, output *out)
{
    if (fclose(out->stream) != 0) {
        fail(path, "out of memory");
    }
    if (!is_unchanged(path, out)) {
        FILE *file = open_or_fail(path, "wb");
        if (fwrite(out->text, 1, out->size, file) != out->size || fclose(file) != 0) {
            fail(path, "cannot write");
        }
    }
    free(out->text);
}

/* What an entry is called, from the last two parts of its path. */
static void name_entry(entry *e, const char *path)
{
    const char *base = strrchr(path, '/');
    const char *folder = base;
    if (base == NULL || base == path) {
        fail(path, "not in a folder");
    }
    while (folder > path && folder[-1] != '/') {
        folder--;
    }
    const char *dot = strrchr(base, '.');
    if (dot == NULL || strcmp(dot, ".sql") != 0 || dot - folder > 100) {
        fail(path, "not a .sql file, or its name is too long");
    }
    e->path = path;
    e->version = 0;
    e->is_view = strncmp(folder, "view/", 5) == 0;
    e->symbol[0] = '\0';
    if (strncmp(folder, "migrations/", 11) == 0) {
        char *rest = NULL;
        e->version = (int)strtol(base + 1, &rest, 10);
        if (e->version < 1 || *rest != '_') {
            fail(path, "a migration is called NNNN_name.sql");
        }
        snprintf(e->label, sizeof e->label, "%.*s", (int)(dot - rest - 1), rest + 1);
        return;
    }
    if (e->is_view) {
        snprintf(e->label, sizeof e->label, "%.*s", (int)(dot - base - 1), base + 1);
        return;
    }
    snprintf(e->label, sizeof e->label, "%.*s", (int)(dot - folder), folder);
    int n = snprintf(e->symbol, sizeof e->symbol, "EN_SQL_");
    for (const char *p = folder; p < dot; p++) {
        char c = *p == '/' || *p == '-' ? '_' : (char)toupper((unsigned char)*p);
        if (!isalnum((unsigned char)c) && c != '_') {
            fail(path, "its name holds something that is no letter, digit or '_'");
        }
        e->symbol[n++] = c;
    }
    e->symbol[n] = '\0';
}

static void write_text(FILE *out, const entry *e, int index)
{
    FILE *in = open_or_fail(e->path, "rb");
    fprintf(out, "static const char text%d[] = {", index);
    int c, column = 0;
    while ((c = getc(in)) != EOF) {
        if (c == 0 || c > 126 || (c < 32 && c != '\n' && c != '\t')) {
            fail(e->path, "holds a byte that is not plain ASCII text");
        }
        fprintf(out, "%s%d,", column++ % 24 == 0 ? "\n    " : "", c);
    }
    fprintf(out, " 0};\n\n");
    if (ferror(in)) {
        fail(e->path, "cannot read");
    }
    fclose(in);
}

/* The text of a view begins with its name and its purpose: what reads it relies on that. */
static void check_view(const entry *e)
{
    char expected[160], begun[160] = "";
    FILE *in = open_or_fail(e->path, "rb");
    int size = snprintf(expected, sizeof expected, "CREATE VIEW %s AS\n-- ", e->label);
    if (fread(begun, 1, (size_t)size, in) != (size_t)size || strcmp(begun, expected) != 0) {
        fail(e->path, "a view begins with 'CREATE VIEW NAME AS', its file's name, and a comment of what it shows");
    }
    fclose(in);
}

static void write_header(const char *path, const entry *list, int count)
{
    output file;
    FILE *out = begin(&file);
    fprintf(out, "/* Made by cmake/embed.c from sql/ and migrations/: change those. */\n#ifndef EN_DB_STATEMENTS_H\n"
                 "#define EN_DB_STATEMENTS_H\n\nenum {\n");
    for (int i = 0; i < count; i++) {
        if (is_statement(&list[i])) {
            fprintf(out, "    %s,\n", list[i].symbol);
        }
    }
    fprintf(out, "    EN_SQL_COUNT\n};\n\n#endif\n");
    end(path, &file);
}

static void write_source(const char *path, const entry *list, int count)
{
    output file;
    FILE *out = begin(&file);
    fprintf(out, "/* Made by cmake/embed.c from sql/ and migrations/: change those. */\n#include \"db/migrate.h\"\n"
                 "#include \"db/internal.h\"\n#include \"db/statements.h\"\n\n");
    for (int i = 0; i < count; i++) {
        write_text(out, &list[i], i);
    }
    fprintf(out, "const char *const en_sql_text[EN_SQL_COUNT] = {\n");
    for (int i = 0; i < count; i++) {
        if (is_statement(&list[i])) {
            fprintf(out, "    [%s] = text%d,\n", list[i].symbol, i);
        }
    }
    fprintf(out, "};\n\nconst char *const en_sql_name[EN_SQL_COUNT] = {\n");
    for (int i = 0; i < count; i++) {
        if (is_statement(&list[i])) {
            fprintf(out, "    [%s] = \"%s\",\n", list[i].symbol, list[i].label);
        }
    }
    fprintf(out, "};\n\nconst en_migration en_embedded_migrations[] = {\n");
    int version = 0;
    for (int i = 0; i < count; i++) {
        if (list[i].version != 0) {
            if (list[i].version != ++version) {
                fail(list[i].path, "migrations are numbered 1, 2, 3, ... in the order given");
            }
            fprintf(out, "    {%d, \"%s\", text%d},\n", list[i].version, list[i].label, i);
        }
    }
    fprintf(out, "};\n\nconst size_t en_embedded_migration_count = %d;\n\nconst en_view en_embedded_views[] = {\n",
            version);
    int views = 0;
    for (int i = 0; i < count; i++) {
        if (list[i].is_view) {
            check_view(&list[i]);
            fprintf(out, "    {\"%s\", text%d},\n", list[i].label, i);
            views++;
        }
    }
    fprintf(out, "};\n\nconst size_t en_embedded_view_count = %d;\n", views);
    end(path, &file);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: embed HEADER SOURCE FILE.sql...\n");
        return 2;
    }
    int count = argc - 3;
    entry *list = calloc((size_t)count, sizeof *list);
    if (list == NULL) {
        fail("embed", "out of memory");
    }
    for (int i = 0; i < count; i++) {
        name_entry(&list[i], argv[3 + i]);
    }
    write_header(argv[1], list, count);
    write_source(argv[2], list, count);
    free(list);
    return 0;
}
