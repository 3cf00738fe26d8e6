/* The manifest of a backup: its files lie in a project, each once and with all of its parts, and it is written as it
 * was read. A last line that is wrong would end every reading, so one that is right is put behind the input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/manifest.h"
#include "base/buf.h"
#include "base/hash.h"
#include "fuzz.h"

#define TEXT_MAX ((size_t)1 << 20)

static void add_end(en_buf *text)
{
    en_error err;
    char hex[EN_SHA256_HEX];
    long long files = 0, sum = 0;
    for (const char *line = en_buf_str(text); line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, "file ", 5) == 0) {
            const char *bytes = strchr(line + 5, ' ');
            long long n = bytes != NULL ? strtoll(bytes, NULL, 10) : 0;
            files++;
            sum = n >= 0 && n < INT64_MAX - sum ? sum + n : sum;
        }
    }
    FUZZ_MUST(en_sha256_bytes(en_buf_str(text), text->size, hex, &err) == EN_OK);
    FUZZ_MUST(en_buf_printf(text, &err, "end %lld %lld %s\n", files, sum, hex) == EN_OK);
}

static void look(const en_buf *text)
{
    en_error err;
    en_manifest manifest = {0};
    if (en_manifest_read(&manifest, "00000001-0000000000000000", text, &err) == EN_OK) {
        en_buf again;
        for (size_t i = 0; i < manifest.count; i++) {
            const en_backup_file *file = &manifest.file[i];
            size_t chunks = en_manifest_chunks(file->bytes), bytes;
            FUZZ_MUST(en_manifest_is_path(file->path) && file->path[0] != '/' && strncmp(file->path, "../", 3) != 0);
            FUZZ_MUST(strstr(file->path, "/../") == NULL);
            FUZZ_MUST(en_manifest_find(&manifest, file->path) == file);
            for (size_t k = 0; k < chunks; k++) {
                FUZZ_MUST(strlen(en_manifest_chunk(&manifest, file, k, &bytes)) == EN_SHA256_HEX - 1 && bytes > 0);
            }
        }
        en_buf_init(&again, 4 * TEXT_MAX);
        FUZZ_MUST(en_manifest_write(&manifest, &again, &err) == EN_OK);
        FUZZ_MUST(again.size > 0);
        en_buf_clear(&again);
    } else {
        FUZZ_MUST(err.text[0] != '\0');
    }
    en_manifest_clear(&manifest);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    en_error err;
    en_buf text;
    en_buf_init(&text, 2 * TEXT_MAX);
    if (size <= TEXT_MAX) {
        FUZZ_MUST(en_buf_add(&text, (const char *)bytes, size, &err) == EN_OK);
        look(&text);
        add_end(&text);
        look(&text);
    }
    en_buf_clear(&text);
    return 0;
}
