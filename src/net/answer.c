/* Reading the headers of answers: every value is a stranger's, so a value that does not fit or is not a number counts
 * as absent. */
#include "net/answer.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

void en_http_validator_copy(char out[EN_HTTP_VALIDATOR], const char *text, size_t length)
{
    out[0] = '\0';
    if (length >= EN_HTTP_VALIDATOR) {
        return;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] < ' ' || text[i] > '~') {
            return;
        }
    }
    memcpy(out, text, length);
    out[length] = '\0';
}

static void copy_value(char *out, size_t capacity, const char *value, size_t length)
{
    if (length < capacity) {
        memcpy(out, value, length);
        out[length] = '\0';
    }
}

static int64_t number_of(const char *value, size_t length)
{
    char text[24] = "";
    int64_t number = -1;
    copy_value(text, sizeof text, value, length);
    return en_parse_int(text, &number) && number >= 0 ? number : -1;
}

/* "bytes 100-199/200", where either side of the slash may be a star. */
static void read_range(en_http_answer *a, const char *value, size_t length)
{
    if (length < 6 || strncasecmp(value, "bytes ", 6) != 0) {
        return;
    }
    const char *end = value + length, *slash = memchr(value, '/', length), *dash = memchr(value, '-', length);
    if (slash != NULL) {
        a->range_total = number_of(slash + 1, (size_t)(end - slash - 1));
    }
    if (dash != NULL) {
        a->range_from = number_of(value + 6, (size_t)(dash - value - 6));
    }
}

static bool header_is(const char *line, size_t length, const char *name)
{
    size_t n = strlen(name);
    return length > n && line[n] == ':' && strncasecmp(line, name, n) == 0;
}

void en_http_answer_begin(en_http_answer *a)
{
    *a = (en_http_answer){.length = -1, .range_from = -1, .range_total = -1};
}

void en_http_answer_line(en_http_answer *a, const char *line, size_t length)
{
    if (length >= 5 && strncasecmp(line, "HTTP/", 5) == 0) { /* a new answer: after a proxy's, or "100 Continue" */
        const char *space = memchr(line, ' ', length);
        en_http_answer_begin(a);
        a->status = space != NULL && line + length - space > 3 ? (int)number_of(space + 1, 3) : 0;
        return;
    }
    const char *colon = memchr(line, ':', length);
    if (colon == NULL) {
        return;
    }
    const char *value = colon + 1, *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t')) {
        value++;
    }
    while (end > value && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' ')) {
        end--;
    }
    size_t n = (size_t)(end - value);
    if (header_is(line, length, "content-length")) {
        a->length = number_of(value, n);
    } else if (header_is(line, length, "content-range")) {
        read_range(a, value, n);
    } else if (header_is(line, length, "etag")) {
        en_http_validator_copy(a->identity.etag, value, n);
    } else if (header_is(line, length, "last-modified")) {
        en_http_validator_copy(a->identity.last_modified, value, n);
    } else if (header_is(line, length, "content-type")) {
        copy_value(a->content_type, sizeof a->content_type, value, n);
    }
}
