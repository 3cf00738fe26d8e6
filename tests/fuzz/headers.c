/* The headers of a server: lines "Name: value". What is kept of them is a text within its space, and lengths are not
 * negative. */
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz.h"
#include "net/answer.h"

static void check_text(const char *text, size_t capacity, bool printable)
{
    FUZZ_MUST(memchr(text, '\0', capacity) != NULL);
    for (const char *c = text; printable && *c != '\0'; c++) {
        FUZZ_MUST(*c >= ' ' && *c <= '~');
    }
}

/* It becomes the name of a file in a folder of ours. */
static void check_name(const char *name)
{
    check_text(name, EN_HTTP_NAME, false);
    FUZZ_MUST(strchr(name, '/') == NULL && strcmp(name, "..") != 0 && strcmp(name, ".") != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    en_http_answer answer;
    char *text = en_strndup((const char *)bytes, size), *rest = text;
    FUZZ_MUST(text != NULL);
    en_http_answer_begin(&answer);
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char *colon = strchr(line, ':');
        if (colon != NULL) {
            *colon = '\0';
            en_http_answer_header(&answer, line, colon[1] == ' ' ? colon + 2 : colon + 1);
        }
    }
    FUZZ_MUST(answer.length >= -1 && answer.range_from >= -1 && answer.range_to >= -1 && answer.range_total >= -1);
    check_text(answer.identity.etag, sizeof answer.identity.etag, true);
    check_text(answer.identity.last_modified, sizeof answer.identity.last_modified, true);
    check_text(answer.content_type, sizeof answer.content_type, false);
    check_text(answer.encoding, sizeof answer.encoding, false);
    check_name(answer.name);
    en_free(text);
    return 0;
}
