/* Runs a fuzz target on every file of a folder, in the order of their names, and once on nothing: replay FOLDER. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static void replay(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    FUZZ_MUST(file != NULL && fseek(file, 0, SEEK_END) == 0);
    long size = ftell(file);
    FUZZ_MUST(size >= 0);
    rewind(file);
    uint8_t *bytes = malloc((size_t)size); /* of the very size, so that the sanitizer sees a step beyond it */
    FUZZ_MUST(size == 0 || bytes != NULL);
    FUZZ_MUST(fread(bytes, 1, (size_t)size, file) == (size_t)size);
    fclose(file);
    fprintf(stderr, "%s\n", path); /* the last one shown is the one that failed */
    (void)LLVMFuzzerTestOneInput(bytes, (size_t)size);
    free(bytes);
}

int main(int argc, char **argv)
{
    struct dirent **entry = NULL;
    int count = argc == 2 ? scandir(argv[1], &entry, visible, alphasort) : -1;
    if (count <= 0) {
        fprintf(stderr, "replay: no files in '%s'\n", argc == 2 ? argv[1] : "");
        return EXIT_FAILURE;
    }
    (void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 0; i < count; i++) {
        replay(argv[1], entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
    printf("%d inputs\n", count);
    return EXIT_SUCCESS;
}
