/* A program of the build, not of eyenet: runs migrations and views in memory and turns the schema they give into C, so
 * that eyenet can compare a catalog's with it each time it opens one, which takes a millisecond and not twenty.
 *
 *   embed_schema SOURCE FILE.sql...      in the order in which they run, the ledger of migrations first */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "embed_schema: %s: %s\n", what, why);
    exit(1);
}

static void check(sqlite3 *db, int rc, const char *what)
{
    if (rc != SQLITE_OK) {
        fail(what, sqlite3_errmsg(db));
    }
}

static void run_file(sqlite3 *db, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
        fail(path, "cannot open");
    }
    size_t size = (size_t)ftell(f);
    rewind(f);
    char *text = malloc(size + 1);
    if (text == NULL || fread(text, 1, size, f) != size) {
        fail(path, "cannot read");
    }
    text[size] = '\0';
    check(db, sqlite3_exec(db, text, NULL, NULL, NULL), path);
    free(text);
    fclose(f);
}

/* Numbers, as a text of this length need not be a string literal. */
static void put_text(FILE *to, const char *text)
{
    fputs("(char[]){", to);
    for (const char *c = text; *c != '\0'; c++) {
        fprintf(to, "%d,", *c);
    }
    fputs("0}", to);
}

int main(int argc, char **argv)
{
    static const char rows[] =
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' "
        "ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, name COLLATE BINARY";
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    if (argc < 3) {
        fail("usage", "embed_schema SOURCE FILE.sql...");
    }
    check(db, sqlite3_open(":memory:", &db), "memory");
    check(db, sqlite3_exec(db, "PRAGMA legacy_alter_table = ON", NULL, NULL, NULL), "settings");
    for (int i = 2; i < argc; i++) {
        run_file(db, argv[i]);
    }
    FILE *to = fopen(argv[1], "wb");
    if (to == NULL) {
        fail(argv[1], "cannot write");
    }
    fputs("/* Made by cmake/embed_schema.c from migrations/ and sql/view/: change those. */\n"
          "#include \"db/internal.h\"\n\nconst en_schema_object en_embedded_schema[] = {\n",
          to);
    size_t count = 0;
    int rc;
    check(db, sqlite3_prepare_v2(db, rows, -1, &s, NULL), "rows");
    for (; (rc = sqlite3_step(s)) == SQLITE_ROW; count++) {
        fputs("    {", to);
        for (int c = 0; c < 4; c++) {
            put_text(to, (const char *)sqlite3_column_text(s, c));
            fputs(c < 3 ? "," : "},\n", to);
        }
    }
    if (rc != SQLITE_DONE) {
        fail("rows", sqlite3_errmsg(db));
    }
    sqlite3_finalize(s);
    sqlite3_close(db);
    fprintf(to, "};\nconst size_t en_embedded_schema_count = %zu;\n", count);
    if (fclose(to) != 0) {
        fail(argv[1], "cannot write");
    }
    return 0;
}
