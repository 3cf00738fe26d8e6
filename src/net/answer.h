/* The headers of a server's response, as far as downloads need them. For http.c and part.c alone. */
#ifndef EN_NET_ANSWER_H
#define EN_NET_ANSWER_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

#include "net/digest.h"
#include "net/http.h"

typedef struct en_http_answer {
    int status;                                        /* 0: nothing was answered */
    int64_t length, range_from, range_to, range_total; /* -1: not sent */
    en_http_identity identity;
    char content_type[128];
    char encoding[32];       /* Content-Encoding: "" when the bytes are the file's own */
    bool accepts_ranges;     /* Accept-Ranges: bytes */
    bool for_browsers;       /* a page with a riddle for a browser is in place of the file (AWS WAF, Cloudflare) */
    char name[EN_HTTP_NAME]; /* of Content-Disposition, or "" */
    en_http_sums sums;       /* of the whole file */
    bool stored_encoded;     /* the sums are of the file as it is stored, compressed: x-goog-stored-content-encoding */
} en_http_answer;

/* Nothing has been received yet. */
void en_http_answer_begin(en_http_answer *a);
/* Status and headers of the last answer that libcurl has: neither a proxy's nor "100 Continue". */
void en_http_answer_read(en_http_answer *a, CURL *curl);
/* Takes in one header, its name in any case. A value that does not fit or is not a number counts as absent. */
void en_http_answer_header(en_http_answer *a, const char *name, const char *value);

/* A validator as it may go back into a request: "" for one that is too long or not all printable ASCII, wherever it was
 * kept meanwhile. */
void en_http_validator_copy(char out[EN_HTTP_VALIDATOR], const char *text, size_t length);

#endif
