/* Requests by libcurl: options, headers, credentials and bodies; and answers that are kept in memory. */
#include "net/request.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/version.h"
#include "net/exchange.h"
#include "net/failure.h"

#define BUFFER_BYTES (256 << 10)
#define BUFFER_LEAST 1024 /* libcurl's */

/* Handles ---------------------------------------------------------------------------------------------------------- */

static int64_t or_default(int64_t value, int64_t standard) { return value > 0 ? value : standard; }

CURL *en_http_handle(void)
{
    CURL *curl = curl_easy_init();
    /* A text that is no cookie: so that they are sent at all, also after curl_easy_reset, which forgets (and in
     * curl 7.88 leaks) what CURLOPT_COOKIEFILE does. */
    if (curl != NULL && curl_easy_setopt(curl, CURLOPT_COOKIELIST, "none") != CURLE_OK) {
        curl_easy_cleanup(curl);
        curl = NULL;
    }
    return curl;
}

en_status en_http_new(const en_http_options *options, const en_events *events, en_http **out, en_error *err)
{
    static const en_http_options none = {0};
    const en_http_options *o = options != NULL ? options : &none;
    *out = NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) { /* counted, and safe between threads since curl 7.84 */
        return en_error_nomem(err, "libcurl");
    }
    en_http *http = en_calloc(1, sizeof *http);
    if (http == NULL || (http->curl = en_http_handle()) == NULL) {
        en_free(http);
        curl_global_cleanup();
        return en_error_nomem(err, "libcurl");
    }
    http->cookies = curl_share_init(); /* for one thread: it needs no locks */
    if (http->cookies == NULL ||
        curl_share_setopt(http->cookies, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE) != CURLSHE_OK) {
        en_http_free(http);
        return en_error_nomem(err, "libcurl");
    }
    http->events = events;
    http->options = (en_http_options){
        .max_bytes = or_default(o->max_bytes, (int64_t)1 << 40),
        .connect_ms = or_default(o->connect_ms, 20000),
        .stall_ms = or_default(o->stall_ms, 30000),
        .backoff_ms = or_default(o->backoff_ms, 500),
        .retry_after_ms = or_default(o->retry_after_ms, 300000),
        .prepare_ms = or_default(o->prepare_ms, 3600000),
        .bytes_per_second = o->bytes_per_second,
        .ranges = o->ranges > 0 && o->ranges < EN_HTTP_RANGES_MOST ? o->ranges : EN_HTTP_RANGES_MOST,
        .range_bytes = o->range_bytes,
        .save_bytes = or_default(o->save_bytes, (int64_t)64 << 20),
        .retries = o->retries > 0 ? o->retries : 5,
        .redirects = o->redirects > 0 ? o->redirects : 8,
        .ca_file = o->ca_file,
        .ca_folder = o->ca_folder,
    };
    *out = http;
    return EN_OK;
}

void en_http_free(en_http *http)
{
    if (http != NULL) {
        for (size_t i = 0; i < EN_HTTP_RANGES_MOST; i++) {
            curl_easy_cleanup(http->lane[i]);
        }
        curl_multi_cleanup(http->multi);
        curl_easy_cleanup(http->curl);
        (void)curl_share_cleanup(http->cookies);
        en_free(http);
        curl_global_cleanup();
    }
}

/* Requests --------------------------------------------------------------------------------------------------------- */

static bool is_printable(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~') {
            return false;
        }
    }
    return true;
}

/* A line break in a value would start another header. */
static en_status add_header(struct curl_slist **list, const en_http_header *header, en_error *err)
{
    if (!is_printable(header->name) || !is_printable(header->value)) {
        return en_error_set(err, EN_INPUT, "a request's header must be printable ASCII");
    }
    char *line = en_format("%s: %s", header->name, header->value);
    struct curl_slist *longer = line != NULL ? curl_slist_append(*list, line) : NULL;
    en_free(line);
    if (longer == NULL) {
        return en_error_nomem(err, "a request");
    }
    *list = longer;
    return EN_OK;
}

/* A second's worth of one of the ranges, when there is a limit: en_http_pace waits after each buffer, which must not
 * look like a stall. */
static long buffer_bytes(const en_http_options *o)
{
    int64_t most = BUFFER_BYTES;
    int64_t own = o->bytes_per_second / o->ranges;
    if (o->bytes_per_second > 0 && own < most) {
        most = own > BUFFER_LEAST ? own : BUFFER_LEAST;
    }
    return (long)most;
}

static bool set_up(const en_http *http, CURL *c, const en_http_sink *sink, long stall_seconds, char *why)
{
    const en_http_options *o = &http->options;
    char agent[64];
    snprintf(agent, sizeof agent, "eyenet/%s", en_version());
    curl_easy_reset(c); /* keeps the connections */
    /* For speed alone: curl 7.88 refuses it after a host that could not be resolved, and keeps the buffer it has. */
    (void)curl_easy_setopt(c, CURLOPT_BUFFERSIZE, buffer_bytes(o));
    bool ok = curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_SHARE, http->cookies) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_USERAGENT, agent) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)o->connect_ms) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, stall_seconds > 0 ? 1L : 0L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, stall_seconds) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, sink->body) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_WRITEDATA, sink->ctx) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, sink->idle) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_XFERINFODATA, sink->ctx) == CURLE_OK;
    return ok && (o->ca_file == NULL || curl_easy_setopt(c, CURLOPT_CAINFO, o->ca_file) == CURLE_OK) &&
           (o->ca_folder == NULL || curl_easy_setopt(c, CURLOPT_CAPATH, o->ca_folder) == CURLE_OK);
}

static bool set_request(CURL *c, const en_http_request *r, struct curl_slist *headers)
{
    bool ok = curl_easy_setopt(c, CURLOPT_URL, r->url) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers) == CURLE_OK;
    if (ok && r->body != NULL) {
        ok = curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_size) == CURLE_OK &&
             curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body) == CURLE_OK;
    }
    if (ok && r->method != NULL) {
        ok = curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method) == CURLE_OK;
    }
    if (ok && r->user != NULL) {
        ok = (r->sigv4 != NULL ? curl_easy_setopt(c, CURLOPT_AWS_SIGV4, r->sigv4)
                               : curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC)) == CURLE_OK &&
             curl_easy_setopt(c, CURLOPT_USERNAME, r->user) == CURLE_OK &&
             curl_easy_setopt(c, CURLOPT_PASSWORD, r->password != NULL ? r->password : "") == CURLE_OK;
    }
    if (ok && r->bearer != NULL) {
        ok = curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BEARER) == CURLE_OK &&
             curl_easy_setopt(c, CURLOPT_XOAUTH2_BEARER, r->bearer) == CURLE_OK;
    }
    return ok;
}

en_status en_http_prepare(const en_http *http, CURL *curl, const en_http_request *request, const en_http_sink *sink,
                          long stall_seconds, char why[CURL_ERROR_SIZE], struct curl_slist **headers, en_error *err)
{
    en_status st = request->bearer == NULL || is_printable(request->bearer)
                       ? EN_OK
                       : en_error_set(err, EN_INPUT, "a token must be printable ASCII");
    why[0] = '\0';
    *headers = NULL;
    if (st == EN_OK) {
        st = en_http_check_certificates(request->url, http->options.ca_file, http->options.ca_folder, err);
    }
    for (size_t i = 0; i < request->header_count && st == EN_OK; i++) {
        st = add_header(headers, &request->headers[i], err);
    }
    if (st == EN_OK && (!set_up(http, curl, sink, stall_seconds, why) || !set_request(curl, request, *headers))) {
        st = en_error_nomem(err, "a request");
    }
    return st;
}

en_status en_http_exchange(en_http *http, const en_http_request *request, const en_http_sink *sink, long stall_seconds,
                           char why[CURL_ERROR_SIZE], CURLcode *code, en_error *err)
{
    struct curl_slist *headers = NULL;
    en_status st = en_http_prepare(http, http->curl, request, sink, stall_seconds, why, &headers, err);
    if (st == EN_OK) {
        *code = curl_easy_perform(http->curl);
    }
    /* the handle lives on; what it points to does not */
    (void)curl_easy_setopt(http->curl, CURLOPT_ERRORBUFFER, NULL);
    (void)curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    return st;
}

/* An answer in memory ---------------------------------------------------------------------------------------------- */

typedef struct keeping {
    en_http *http;
    en_buf *answer;
    en_error fault; /* found inside a callback */
} keeping;

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    keeping *k = ctx;
    size_t bytes = size * count;
    return en_buf_add(k->answer, data, bytes, &k->fault) == EN_OK && en_http_pace(k->http, bytes, &k->fault) == EN_OK
               ? bytes
               : CURL_WRITEFUNC_ERROR;
}

static int on_idle(void *ctx, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
    keeping *k = ctx;
    (void)total;
    (void)now;
    (void)up_total;
    (void)up;
    return en_stop_check(k->http->events, &k->fault) == EN_OK ? 0 : 1;
}

en_status en_http_send(en_http *http, const en_http_request *request, en_buf *answer, int *status, en_error *err)
{
    keeping k = {.http = http, .answer = answer};
    const en_http_sink sink = {.body = on_body, .idle = on_idle, .ctx = &k};
    long seconds = (long)((http->options.stall_ms + 999) / 1000), said = 0;
    char why[CURL_ERROR_SIZE], *shown = en_http_public_url(request->url);
    CURLcode code = CURLE_OK;
    *status = 0;
    en_buf_reset(answer);
    if (shown == NULL) {
        return en_error_set(err, EN_INPUT, "this is not a readable http or https URL");
    }
    shown[strcspn(shown, "?")] = '\0';
    en_status st = en_http_exchange(http, request, &sink, seconds, why, &code, err);
    if (st != EN_OK) {
        goto done;
    }
    const en_http_failure f = en_http_failure_of(http->curl, code, why);
    http->unreachable = f.unreachable || f.untrusted || f.refused;
    if (k.fault.status != EN_OK) {
        st = en_error_set(err, k.fault.status, "cannot ask '%s': %s", shown, k.fault.text);
    } else if (code == CURLE_OUT_OF_MEMORY) {
        st = en_error_nomem(err, "a request");
    } else if (code != CURLE_OK) {
        st = en_error_hint(err, en_error_set(err, EN_NETWORK, "cannot ask '%s': %s%s", shown, f.prefix, f.words), "%s",
                           f.hint);
    } else if (curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &said) == CURLE_OK) {
        *status = (int)said;
    }
done:
    en_free(shown);
    return st;
}

char *en_http_location(const en_http *http)
{
    const char *to = NULL;
    return curl_easy_getinfo(http->curl, CURLINFO_REDIRECT_URL, &to) == CURLE_OK && to != NULL ? en_strdup(to) : NULL;
}
