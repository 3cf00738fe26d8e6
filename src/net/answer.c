/* The values of headers, which come from strangers. */
#include "net/answer.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "net/disposition.h"

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
    if (dash != NULL && slash != NULL && slash > dash) {
        a->range_from = number_of(value + 6, (size_t)(dash - value - 6));
        a->range_to = number_of(dash + 1, (size_t)(slash - dash - 1));
    }
}

void en_http_answer_begin(en_http_answer *a)
{
    *a = (en_http_answer){.length = -1, .range_from = -1, .range_to = -1, .range_total = -1};
}

void en_http_answer_header(en_http_answer *a, const char *name, const char *value)
{
    size_t n = strlen(value);
    if (strcasecmp(name, "content-length") == 0) {
        a->length = number_of(value, n);
    } else if (strcasecmp(name, "content-range") == 0) {
        read_range(a, value, n);
    } else if (strcasecmp(name, "etag") == 0) {
        en_http_validator_copy(a->identity.etag, value, n);
    } else if (strcasecmp(name, "last-modified") == 0) {
        en_http_validator_copy(a->identity.last_modified, value, n);
    } else if (strcasecmp(name, "content-type") == 0) {
        copy_value(a->content_type, sizeof a->content_type, value, n);
    } else if (strcasecmp(name, "content-encoding") == 0 && strcasecmp(value, "identity") != 0) {
        copy_value(a->encoding, sizeof a->encoding, value, n);
    } else if (strcasecmp(name, "accept-ranges") == 0) {
        a->accepts_ranges = strcasecmp(value, "bytes") == 0;
    } else if (strcasecmp(name, "content-disposition") == 0) {
        en_http_disposition_name(a->name, value);
    } else if (strcasecmp(name, "x-goog-stored-content-encoding") == 0) {
        a->stored_encoded = strcasecmp(value, "identity") != 0;
    } else if (strcasecmp(name, "x-amzn-waf-action") == 0 || strcasecmp(name, "cf-mitigated") == 0) {
        a->for_browsers = strcasecmp(value, "challenge") == 0 || strcasecmp(value, "captcha") == 0;
    } else {
        en_http_sums_header(&a->sums, name, value, a->status == 200);
    }
}

void en_http_answer_read(en_http_answer *a, CURL *curl)
{
    static const char *const names[] = {"content-length",
                                        "content-range",
                                        "etag",
                                        "last-modified",
                                        "content-type",
                                        "content-encoding",
                                        "content-disposition",
                                        "accept-ranges",
                                        "content-md5",
                                        "content-digest",
                                        "repr-digest",
                                        "digest",
                                        "x-amzn-waf-action",
                                        "cf-mitigated",
                                        "x-goog-hash",
                                        "x-goog-stored-content-encoding",
                                        "x-amz-checksum-crc32c",
                                        "x-amz-checksum-sha256"};
    long status = 0;
    struct curl_header *header;
    en_http_answer_begin(a);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    a->status = (int)status;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t count = 1; /* x-goog-hash comes once per checksum */
        for (size_t k = 0; k < count && curl_easy_header(curl, names[i], k, CURLH_HEADER, -1, &header) == CURLHE_OK;
             k++) {
            count = header->amount;
            en_http_answer_header(a, names[i], header->value);
        }
    }
    if (a->stored_encoded) {
        a->sums = (en_http_sums){0};
    }
}
