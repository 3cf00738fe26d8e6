/* Downloading over http and https, by libcurl: a URL becomes a file that is whole or not there. What came so far waits
 * in "PATH.part" with its identity in "PATH.note", and the next call resumes from there if the server still has the
 * same thing. The note stays beside PATH: a later call asks the server whether that is still the same. Messages and
 * results never hold a URL's password, nor its query, where signed URLs keep theirs. */
#ifndef EN_NET_HTTP_H
#define EN_NET_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/events.h"

#define EN_HTTP_VALIDATOR 256 /* bytes of an ETag or a date, with the NUL; a longer one counts as none */

/* A zeroed field takes the default. */
typedef struct en_http_options {
    int64_t max_bytes;      /* refuse a longer answer, announced or not; 1 TiB */
    int64_t connect_ms;     /* 20,000 */
    int64_t stall_ms;       /* give up a try that brings nothing for so long; 30,000 */
    int64_t backoff_ms;     /* before the first retry, doubled for each further one up to a minute; 500 */
    int64_t retry_after_ms; /* the longest that a server's Retry-After is heeded; 300,000 */
    unsigned retries;       /* in a row without a new MiB; 5 */
    unsigned redirects;     /* 8; from https to http never */
    const char *ca_file;    /* PEM certificates to trust instead of the system's; NULL */
} en_http_options;

/* How a server identifies a version of a file; "" when it does not. */
typedef struct en_http_identity {
    char etag[EN_HTTP_VALIDATOR];
    char last_modified[EN_HTTP_VALIDATOR];
} en_http_identity;

typedef struct en_http_result {
    int status;      /* the last HTTP status, 0 when no server answered; set on errors, too */
    bool unchanged;  /* the server has what PATH holds already, or else what `known` names: nothing was written */
    int64_t bytes;   /* of the file; 0 when there is none */
    int64_t resumed; /* of those, how many were there already from an earlier call */
    unsigned attempts;
    en_http_identity identity; /* to be given as `known` next time */
    char content_type[128];    /* "" when not sent */
} en_http_result;

typedef struct en_http en_http; /* keeps connections for the next download; for one thread at a time */

/* options may be NULL and are copied (ca_file borrowed); `events` is borrowed, NULL for none. */
en_status en_http_new(const en_http_options *options, const en_events *events, en_http **out, en_error *err) EN_CHECKED;
void en_http_free(en_http *http);

/* Downloads `url` to the file `path`, whose folder exists. `known` is asked about when no such file is here; it may be
 * NULL. Progress counts bytes.
 * EN_DENIED for 401 and 403, EN_INPUT for 404 and 410 (look at result->status), a URL that is none, and an answer
 * beyond max_bytes; EN_NETWORK when there is no server, no trust, or no whole answer after the retries; EN_IO with the
 * bytes needed and free when the disk is too small; EN_BUSY when another process downloads to `path`; EN_INTERRUPTED.
 */
en_status en_http_download(en_http *http, const char *url, const char *path, const en_http_identity *known,
                           en_http_result *result, en_error *err) EN_CHECKED;

/* The URL as it may be shown and kept: without user, password and fragment, and with the values of query parameters
 * that look like secrets (signature, token, key, credential, ...) replaced by "-". NULL when it is not an http(s) URL;
 * en_free. */
char *en_http_public_url(const char *url);
/* The last part of the URL's path, percent-decoded; "" for one that ends in '/'. NULL for no http(s) URL; en_free. */
char *en_http_file_name(const char *url);
/* The same URL with the last part of its path replaced by `name` (percent-encoded as needed); en_free. */
char *en_http_with_file_name(const char *url, const char *name);
bool en_http_is_url(const char *text);

#endif
