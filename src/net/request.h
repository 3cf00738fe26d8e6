/* One HTTP request: what is asked, and with what. Downloads are made of them (http.c); en_http_send makes one of any
 * method and keeps its answer in memory, for the interfaces of data services. Redirects are not followed: credentials
 * and bodies go only where they were meant to. */
#ifndef EN_NET_REQUEST_H
#define EN_NET_REQUEST_H

#include <stddef.h>

#include "base/buf.h"
#include "net/http.h"

/* All borrowed; a zeroed field is not sent. */
typedef struct en_http_request {
    const char *url;
    const char *method; /* NULL: GET, or POST when there is a body */
    const en_http_header *headers;
    size_t header_count;
    const char *user, *password; /* sent as Basic; in place of those of the URL */
    const char *bearer;          /* a token, sent as Bearer; not together with a user */
    const char *sigv4; /* "aws:amz:REGION:s3": user and password are an access key and its secret, and only sign */
    const void *body;  /* NULL: none. Its Content-Type is a header: curl's own is for forms */
    size_t body_size;
} en_http_request;

/* Sends the request once, without retries: what it does may not be meant to be done twice. Any answer is EN_OK with its
 * HTTP status in *status, and its body in `answer`, which is emptied first and whose cap bounds it.
 * EN_INPUT for a URL that is none, a header that is not printable, and an answer beyond the cap; EN_NETWORK without a
 * whole answer, and when nothing came for the stall time (in whole seconds, at least one); EN_INTERRUPTED. */
en_status en_http_send(en_http *http, const en_http_request *request, en_buf *answer, int *status,
                       en_error *err) EN_CHECKED;
/* The same, sent again as a download is while the server cannot be had or answers that it has trouble: for requests
 * that may be made twice. */
en_status en_http_ask(en_http *http, const en_http_request *request, en_buf *answer, int *status,
                      en_error *err) EN_CHECKED;
/* Where the last answer redirects to, as a whole URL; NULL when it does not. en_free. */
char *en_http_location(const en_http *http);

#endif
