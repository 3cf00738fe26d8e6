/* Requests as libcurl takes them. For the files of this folder alone. */
#ifndef EN_NET_EXCHANGE_H
#define EN_NET_EXCHANGE_H

#include <curl/curl.h>

#include "net/request.h"

struct en_http {
    en_http_options options;
    const en_events *events;
    CURL *curl;
    bool unreachable;                /* the last request of en_http_send met no server */
    CURLSH *cookies;                 /* that servers set, for all handles, in memory */
    CURLM *multi;                    /* of the ranges; NULL before the first */
    CURL *lane[EN_HTTP_RANGES_MOST]; /* the same */
    int64_t due_ns;                  /* when what came so far may have come, by options.bytes_per_second */
};

/* With the URL shown, and the file that keeps what came. */
#define EN_HTTP_WEB_PAGE                                                                                               \
    "'%s' was answered with a web page: is a login needed there, or in this network? What came earlier is kept; to "   \
    "begin anew, remove '%s'"

/* Who hears of an answer: libcurl's callbacks, all with `ctx`. */
typedef struct en_http_sink {
    size_t (*body)(char *data, size_t size, size_t count, void *ctx);
    int (*idle)(void *ctx, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up);
    void *ctx;
} en_http_sink;

/* A new handle, which may send cookies; NULL when memory is short. */
CURL *en_http_handle(void);
/* Makes the request and gives its answer to the sink; *code is the result of libcurl, with its message in `why`. Not
 * EN_OK only when it could not be made. `stall_seconds` without a byte per second end it; 0: never. */
en_status en_http_exchange(en_http *http, const en_http_request *request, const en_http_sink *sink, long stall_seconds,
                           char why[CURL_ERROR_SIZE], CURLcode *code, en_error *err) EN_CHECKED;

/* Readies any handle for the request; `why` and *headers (curl_slist_free_all) must last until it is done. */
en_status en_http_prepare(const en_http *http, CURL *curl, const en_http_request *request, const en_http_sink *sink,
                          long stall_seconds, char why[CURL_ERROR_SIZE], struct curl_slist **headers,
                          en_error *err) EN_CHECKED;

/* Milliseconds until the next try after the answer on `curl`, announced as en_http_wait does. */
int64_t en_http_pause_ms(const en_http *http, CURL *curl, int64_t pause, const char *why);
/* Waits before the next try: `pause`, a little more or less, or as long as the server asks, up to the cap. Longer waits
 * are announced with what the last try ran into: `why`. */
en_status en_http_wait(en_http *http, int64_t pause, const char *why, en_error *err) EN_CHECKED;
int64_t en_http_next_pause(int64_t pause); /* double, up to a minute */
int64_t en_http_clock_ms(void);
/* Waits after bytes of a body, whatever they belong to, until they may have come by the limit of the rate. libcurl's
 * own limit (7.88) counts each handle for itself, and lets a transfer's first seconds pass. EN_INTERRUPTED. */
en_status en_http_pace(en_http *http, size_t bytes, en_error *err) EN_CHECKED;
/* Whether the server has the file only later (202), and may still be waited for: such a try has not failed. *since_ms
 * is the caller's, 0 at first. */
bool en_http_prepares(const en_http *http, int status, int64_t *since_ms);
/* Whether another try may be answered otherwise. */
bool en_http_is_passing(int status);

#endif
