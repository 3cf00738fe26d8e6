/* A program of the build, not of eyenet: turns files into C, each into an array of its bytes with a NUL behind them.
 *
 *   embed_file HEADER SYMBOL TYPE FILE...      TYPE: char for texts, else unsigned char; FILE "-": no bytes */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *path, const char *why)
{
    fprintf(stderr, "embed_file: %s: %s\n", path, why);
    exit(1);
}

static void put_file(FILE *out, const char *symbol, const char *type, const char *path)
{
    int c, column = 0;
    FILE *in = strcmp(path, "-") != 0 ? fopen(path, "rb") : NULL;
    if (in == NULL && strcmp(path, "-") != 0) {
        fail(path, "cannot open");
    }
    fprintf(out, "\nstatic const %s %s[] = {", type, symbol);
    while (in != NULL && (c = getc(in)) != EOF) {
        if (strcmp(type, "char") == 0 && (c == 0 || c > 126)) {
            fail(path, "holds a byte that is not plain ASCII text");
        }
        fprintf(out, "%s%d,", column++ % 24 == 0 ? "\n    " : "", c);
    }
    fprintf(out, " 0};\n");
    if (in != NULL && (ferror(in) || fclose(in) != 0)) {
        fail(path, "cannot read");
    }
}

int main(int argc, char **argv)
{
    if (argc < 5 || (argc - 2) % 3 != 0) {
        fail("usage", "embed_file HEADER SYMBOL TYPE FILE...");
    }
    FILE *out = fopen(argv[1], "wb");
    if (out == NULL) {
        fail(argv[1], "cannot write");
    }
    fprintf(out, "/* Made by cmake/embed_file.c: change the files it was made from. */\n");
    for (int i = 2; i < argc; i += 3) {
        put_file(out, argv[i], argv[i + 1], argv[i + 2]);
    }
    if (fclose(out) != 0) {
        fail(argv[1], "cannot write");
    }
    return 0;
}
