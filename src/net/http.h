/* Downloading over http and https, by libcurl: a URL becomes a file that is whole or not there. What came so far waits
 * in "PATH.part" with its identity in "PATH.note", and the next call resumes from there if the server still has the
 * same thing. A long file of a server that sends ranges and identifies the version by a strong ETag comes in several
 * ranges at once; "PATH.ranges" has how much of each came. The note stays beside PATH: a later call asks the server
 * whether that is still the same. Messages and results never hold a URL's password, nor its query, where signed URLs
 * keep theirs. */
#ifndef EN_NET_HTTP_H
#define EN_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/events.h"

#define EN_HTTP_RANGES_MOST 8 /* of one file at once */
#define EN_HTTP_VALIDATOR 256 /* bytes of an ETag or a date, with the NUL; a longer one counts as none */

/* A zeroed field takes the default. */
typedef struct en_http_options {
    int64_t max_bytes;        /* refuse a longer answer, announced or not; 1 TiB */
    int64_t connect_ms;       /* 20,000 */
    int64_t stall_ms;         /* give up a try that brings nothing for so long; 30,000 */
    int64_t backoff_ms;       /* before the first retry, doubled for each further one up to a minute; 500 */
    int64_t retry_after_ms;   /* the longest that a server's Retry-After is heeded; 300,000 */
    int64_t prepare_ms;       /* how long a file is waited for that the server prepares (202); 3,600,000 */
    int64_t bytes_per_second; /* the most that is received; 0: as fast as it comes */
    unsigned ranges;          /* of one file at once, at most 8; 1: it comes in one stream; 8 */
    int64_t range_bytes;      /* of one of them, of files that are longer; by the length, 4 to 64 MiB, from 8 MiB on */
    int64_t save_bytes;       /* the state of ranges is saved after so many; 64 MiB */
    unsigned retries;         /* in a row without a new MiB; 5 */
    unsigned redirects;       /* 8; from https to http never */
    const char *ca_file;      /* PEM certificates to trust in place of the system's file of them; NULL */
    const char *ca_folder;    /* the same of its folder, hashed as by c_rehash(1); NULL */
} en_http_options;

/* How a server identifies a version of a file; "" when it does not. */
typedef struct en_http_identity {
    char etag[EN_HTTP_VALIDATOR];
    char last_modified[EN_HTTP_VALIDATOR];
} en_http_identity;

#define EN_HTTP_NAME 256 /* bytes of a file's name, with the NUL */

typedef struct en_http_header {
    const char *name, *value; /* printable ASCII */
} en_http_header;

/* Where a file is, when that takes more than a URL. All borrowed; a zeroed field is not used. */
typedef struct en_http_place {
    const char *url;   /* NULL with `sign` */
    const char *shown; /* its name in messages and notes, without secrets; NULL: the public form of the URL */
    /* Asks for a URL that is good for a while; *url is the caller's (en_free). Called for the first attempt, again
     * before the URL expires (when that can be read in it), and when it is denied. It tries as often as makes sense:
     * its error ends the download. */
    en_status (*sign)(void *ctx, char **url, en_error *err);
    void *ctx;
    const en_http_header *headers; /* sent to the first host only, not to where it redirects */
    size_t header_count;
    const char *user, *password; /* the same; see en_http_request */
    const char *sigv4;
    int64_t bytes; /* that the file must have; 0: unknown */
} en_http_place;

typedef struct en_http_result {
    int status;      /* the last HTTP status, 0 when no server answered; set on errors, too */
    bool unchanged;  /* the server has what PATH holds already, or else what `known` names: nothing was written */
    int64_t bytes;   /* of the file; 0 when there is none */
    int64_t resumed; /* of those, how many were there already from an earlier call */
    unsigned attempts;
    en_http_identity identity; /* to be given as `known` next time */
    char content_type[128];    /* "" when not sent */
    char name[EN_HTTP_NAME];   /* that the server gives the file in Content-Disposition or else in the last URL; "" */
    unsigned signed_urls;      /* that were asked for */
} en_http_result;

/* Keeps connections for the next download, and the cookies that servers set, which go back to their hosts alone; for
 * one thread at a time. */
typedef struct en_http en_http;

/* options may be NULL and are copied (ca_file and ca_folder borrowed); `events` is borrowed, NULL for none. */
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

/* The same for a place. Checksums that the server sends with the file are compared with what came, and so is
 * place->bytes: EN_NETWORK when they differ after the retries. */
en_status en_http_fetch(en_http *http, const en_http_place *place, const char *path, const en_http_identity *known,
                        en_http_result *result, en_error *err) EN_CHECKED;

/* When a signed URL expires, in seconds since 1970, as its query says; 0 when it does not. */
int64_t en_http_expiry(const char *url);
/* "https" and "host" of a URL; false when it has none. */
bool en_http_host(const char *url, char host[EN_HTTP_NAME], bool *https);
/* The URL as it may be shown and kept: without user, password and fragment, and with the values of query parameters
 * that look like secrets (signature, token, key, credential, ...) replaced by "-". NULL when it is not an http(s) URL;
 * en_free. */
char *en_http_public_url(const char *url);
/* Appends the text percent-encoded: everything but RFC 3986's unreserved characters and, when `slashes`, '/'. */
en_status en_http_escape(en_buf *out, const char *text, bool slashes, en_error *err) EN_CHECKED;
/* The last part of the URL's path, percent-decoded; "" for one that ends in '/'. NULL for no http(s) URL; en_free. */
char *en_http_file_name(const char *url);
/* The same URL with the last part of its path replaced by `name` (percent-encoded as needed); en_free. */
char *en_http_with_file_name(const char *url, const char *name);
bool en_http_is_url(const char *text);
/* A URL as people write it, as servers want it: blanks around it are left out, and blanks, characters other than ASCII
 * and others that no URL has are percent-encoded behind the host. What is encoded already stays. en_free. */
char *en_http_encoded_url(const char *text);
/* Why the text is not an http(s) URL, in libcurl's words (static); NULL: it is one. */
const char *en_http_url_fault(const char *text);
/* The path of a file: URL of this machine, percent-decoded: "file:///data/my%20eyes"; NULL for any other text; en_free.
 */
char *en_file_url_path(const char *text);

#endif
