/* The headers of a server's response, as far as downloads need them. For http.c and part.c alone. */
#ifndef EN_NET_ANSWER_H
#define EN_NET_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "net/http.h"

typedef struct en_http_answer {
    int status;                              /* 0: nothing was answered */
    int64_t length, range_from, range_total; /* -1: not sent */
    en_http_identity identity;
    char content_type[128];
} en_http_answer;

/* Nothing has been received yet. */
void en_http_answer_begin(en_http_answer *a);
/* Takes in one line, "HTTP/1.1 200 OK" or "Name: value", with or without its end. A status line begins a new answer. */
void en_http_answer_line(en_http_answer *a, const char *line, size_t length);

/* A validator as it may go back into a request: "" for one that is too long or not all printable ASCII, wherever it was
 * kept meanwhile. */
void en_http_validator_copy(char out[EN_HTTP_VALIDATOR], const char *text, size_t length);

#endif
