/* Downloading with libcurl: attempts, resumption, retries and what each answer means. The first answer says whether the
 * file comes in ranges (parallel.c): it is cut off then. Proxies are those of the environment, which libcurl reads by
 * itself. */
#include "net/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "net/answer.h"
#include "net/parallel.h"
#include "net/part.h"
#include "net/route.h"

#define MIB ((int64_t)1 << 20)
#define RANGE_LEAST (4 * MIB)
#define RANGE_MOST (64 * MIB)

/* One download. */
typedef struct transfer {
    en_http *http;
    const en_http_place *place;
    const en_http_identity *known; /* the caller's, or of PATH as it is; NULL */
    char *shown;                   /* the URL without secrets, for messages */
    en_http_route route;
    en_http_hop hop;
    bool hopeless;   /* what the server has is not the file: trying again does not help */
    bool one_stream; /* ranges turned out not to bring the file */
    en_http_part part;
    en_http_result *result;
    en_http_answer answer;
    bool judged;      /* this answer has been looked at */
    bool wanted;      /* its body goes into the part */
    bool announced;   /* the begin event went out */
    bool reached;     /* a server answered once, so that a failure to connect may pass */
    int64_t most;     /* the most bytes the part had when retries were counted anew */
    int64_t words;    /* bytes of a body that is not wanted */
    unsigned changes; /* of the ETag from one answer to another */
    int64_t prepared_ms;
    int64_t heard_ms; /* when something came last */
    en_error fault;   /* found inside a callback */
    char why[CURL_ERROR_SIZE];
} transfer;

/* Answers ---------------------------------------------------------------------------------------------------------- */

static en_status too_long(const transfer *t, en_error *err)
{
    char cap[32];
    return en_error_set(err, EN_INPUT, "refused '%s': it is longer than %s", t->shown,
                        en_human_size(t->http->options.max_bytes, cap, sizeof cap));
}

/* A network that wants a login answers everything with its page: no reason to give up what came before. */
static en_status web_page(const transfer *t, en_error *err)
{
    return en_error_set(err, EN_DENIED, EN_HTTP_WEB_PAGE, t->shown, t->part.whole ? t->part.path : t->part.part);
}

/* Whether a 206 brings the rest of this very part. A server that does not know If-Range sends the rest of whatever it
 * has meanwhile: the validator that the part was begun under must come again. */
static bool is_the_rest(const en_http_part *p, const en_http_answer *a)
{
    const en_http_identity *here = &p->identity, *there = &a->identity;
    bool same = here->etag[0] != '\0' ? strcmp(here->etag, there->etag) == 0
                                      : strcmp(here->last_modified, there->last_modified) == 0;
    int64_t total = a->range_total >= 0 ? a->range_total : p->total;
    bool length = a->length < 0 || a->range_to < 0 || a->length == a->range_to - a->range_from + 1;
    return same && length && a->range_from == p->have && (p->total < 0 || total == p->total);
}

/* Refuses what cannot be the file before its bytes come. */
static en_status check_answer(transfer *t, int64_t total, en_error *err)
{
    const char *ext = strrchr(t->hop.url, '.');
    t->hopeless = true;
    bool is_gzip = ext != NULL && (strncasecmp(ext, ".gz", 3) == 0 || strncasecmp(ext, ".tgz", 4) == 0);
    if (t->answer.encoding[0] != '\0' && !is_gzip) {
        return en_error_set(err, EN_NETWORK, "'%s' was sent encoded (%s) although that was not asked for", t->shown,
                            t->answer.encoding);
    }
    if (t->place->bytes > 0 && total >= 0 && total != t->place->bytes) {
        return en_error_set(err, EN_NETWORK, "'%s' has %lld bytes there, and its listing says %lld", t->shown,
                            (long long)total, (long long)t->place->bytes);
    }
    if (total > t->http->options.max_bytes) {
        return too_long(t, err);
    }
    t->hopeless = false;
    return EN_OK;
}

/* Bytes of a range of a file of `total` bytes; 0: it comes in one stream. Several for each range at once, so that all
 * end at about the same time. */
static int64_t range_bytes(const transfer *t, int64_t total)
{
    const en_http_options *o = &t->http->options;
    int64_t size = total / (4 * (int64_t)o->ranges) / MIB * MIB;
    size = size < RANGE_LEAST ? RANGE_LEAST : size > RANGE_MOST ? RANGE_MOST : size;
    size = o->range_bytes > 0 ? o->range_bytes : size;
    bool fit = t->answer.status == 200 && t->answer.accepts_ranges && t->answer.identity.etag[0] == '"' &&
               t->answer.encoding[0] == '\0' && !t->one_stream;
    bool is_long = o->range_bytes > 0 ? total > size : total >= 2 * RANGE_LEAST;
    return fit && o->ranges > 1 && is_long ? size : 0;
}

/* Nothing was asked for but the whole. A part of it (206) is taken for it when it begins at the start: what is missing
 * then is asked for as after a broken connection. */
static bool is_start(const en_http_answer *a)
{
    return a->status == 200 || (a->range_from == 0 && a->range_total > 0 && a->range_to < a->range_total &&
                                (a->length < 0 || a->length == a->range_to + 1));
}

/* The whole thing comes, or the rest of it: makes the part ready for it. */
static en_status accept_body(transfer *t, en_error *err)
{
    const en_http_answer *a = &t->answer;
    int64_t total;
    if (t->part.have == 0 && !is_start(a)) {
        return en_error_set(err, EN_NETWORK, "'%s' was answered with a part of it (206), which was not asked for",
                            t->shown);
    }
    if (a->status == 206 && t->part.have > 0) {
        total = a->range_total >= 0 ? a->range_total : t->part.total;
        if (!is_the_rest(&t->part, a)) {
            en_http_part_forget(&t->part); /* the next attempt starts anew */
            return en_error_set(err, EN_NETWORK, "'%s' was answered with other bytes than those asked for", t->shown);
        }
        t->part.total = total;
    } else {
        if (t->part.have > 0) {
            const char *etag = t->part.identity.etag;
            t->changes += etag[0] != '\0' && strcmp(etag, a->identity.etag) != 0;
            en_event_note(t->http->events, "'%s' changed on the server, or is not sent in parts: starting anew",
                          t->shown);
        }
        if (strncasecmp(a->content_type, "text/html", 9) == 0 && (t->part.have > 0 || t->part.whole)) {
            return web_page(t, err);
        }
        total = a->status == 206 ? a->range_total : a->length;
        t->result->resumed = 0;
        en_status started = en_http_part_restart(&t->part, &a->identity, total, err);
        if (started != EN_OK) {
            return started;
        }
    }
    en_status st = check_answer(t, total, err);
    if (st != EN_OK) {
        return st;
    }
    if (!t->announced) {
        en_event_begin(t->http->events, "download", "bytes", total);
        t->announced = true;
        if (t->part.have > 0) { /* what was here counts for no rate */
            en_event_progress(t->http->events, t->part.have, total, NULL);
        }
    }
    st = total > t->part.have ? en_http_part_room(&t->part, total - t->part.have, err) : EN_OK;
    int64_t size = range_bytes(t, total);
    return st == EN_OK && size > 0 ? en_http_part_split(&t->part, size, &a->sums, err) : st;
}

/* Looks at an answer once its headers are in: at its first byte, or at its end when it has none. */
static en_status judge(transfer *t)
{
    if (t->judged) {
        return t->fault.status;
    }
    t->judged = true;
    const en_http_answer *a = &t->answer;
    en_http_answer_read(&t->answer, t->http->curl);
    t->wanted = a->status == 200 || a->status == 206;
    en_status st = t->wanted ? accept_body(t, &t->fault) : EN_OK;
    t->wanted = t->wanted && t->part.pieces.count == 0;
    return st;
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    transfer *t = ctx;
    size_t bytes = size * count;
    t->heard_ms = en_http_clock_ms();
    if (judge(t) != EN_OK) {
        return CURL_WRITEFUNC_ERROR;
    }
    if (t->part.pieces.count > 0) { /* the file comes in ranges */
        return CURL_WRITEFUNC_ERROR;
    }
    if (!t->wanted) { /* the body of an error; a longer one is cut off */
        t->words += (int64_t)bytes;
        return t->words <= MIB ? bytes : CURL_WRITEFUNC_ERROR;
    }
    if (t->part.have + (int64_t)bytes > t->http->options.max_bytes) {
        (void)too_long(t, &t->fault);
        return CURL_WRITEFUNC_ERROR;
    }
    if (en_http_part_add(&t->part, data, bytes, &t->fault) != EN_OK ||
        en_stop_check(t->http->events, &t->fault) != EN_OK) {
        return CURL_WRITEFUNC_ERROR;
    }
    en_event_progress(t->http->events, t->part.have, t->part.total, NULL);
    return en_http_pace(t->http, bytes, &t->fault) == EN_OK ? bytes : CURL_WRITEFUNC_ERROR;
}

/* libcurl calls this about every second, also while nothing comes. The stall is timed here and not by libcurl's
 * LOW_SPEED_TIME, which knows whole seconds only, and averages: what came in a burst before would count for a while. */
static int on_idle(void *ctx, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
    transfer *t = ctx;
    (void)total;
    (void)now;
    (void)up_total;
    (void)up;
    if (en_http_clock_ms() - t->heard_ms > t->http->options.stall_ms) {
        en_error_set(&t->fault, EN_NETWORK, "cannot download '%s': no data for %g s", t->shown,
                     (double)t->http->options.stall_ms / 1000);
        return 1;
    }
    return en_stop_check(t->http->events, &t->fault) == EN_OK ? 0 : 1;
}

/* Requests --------------------------------------------------------------------------------------------------------- */

/* Either the rest of a part, if the server still has the same thing, or the whole, unless it is what is known. Returns
 * the number of headers; `range` is memory for one of them. */
static size_t request_headers(const transfer *t, en_http_header *headers, char range[64])
{
    if (t->part.have > 0) {
        snprintf(range, 64, "bytes=%lld-", (long long)t->part.have);
        headers[0] = (en_http_header){"Range", range};
        headers[1] = (en_http_header){"If-Range", en_http_part_validator(&t->part)};
        return 2;
    }
    if (t->known != NULL && t->known->etag[0] != '\0') {
        headers[0] = (en_http_header){"If-None-Match", t->known->etag};
        return 1;
    }
    if (t->known != NULL && t->known->last_modified[0] != '\0') {
        headers[0] = (en_http_header){"If-Modified-Since", t->known->last_modified};
        return 1;
    }
    return 0;
}

/* One request and its answer's body; *again when another try may help. */
static en_status exchange(transfer *t, bool *again, en_error *err)
{
    char range[64];
    en_http_header headers[2 + EN_PLACE_HEADERS];
    en_http_request request = {.header_count = request_headers(t, headers, range)};
    en_http_route_ask(&t->route, &t->hop, &request, headers);
    const en_http_sink sink = {.body = on_body, .idle = on_idle, .ctx = t};
    CURLcode code = CURLE_OK;
    en_http_answer_begin(&t->answer);
    t->judged = t->wanted = false;
    t->words = 0;
    t->heard_ms = en_http_clock_ms();
    en_error_clear(&t->fault);
    en_status st = en_http_exchange(t->http, &request, &sink, 0, t->why, &code, err);
    if (st != EN_OK) {
        return st;
    }
    if (!t->judged) { /* it has no body, or failed before one */
        en_http_answer_read(&t->answer, t->http->curl);
    }
    t->result->status = t->answer.status;
    t->reached = t->reached || t->answer.status != 0;
    if (code == CURLE_OK) {
        (void)judge(t); /* of an answer without a body; what it found is in the fault */
    }
    if (t->fault.status != EN_OK) {
        *again = t->fault.status == EN_NETWORK && !t->hopeless;
        st = en_error_copy(err, &t->fault);
    } else if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && !t->wanted)) {
        st = en_http_route_failure(&t->route, t->http->curl, code, t->why, t->reached, again, err);
    }
    return st;
}

/* All has come: is it what the server, or a listing, said it would be? What is not is dropped, and comes again. */
static en_status verify(transfer *t, bool *again, en_error *err)
{
    en_error why = {0};
    en_status st = EN_OK;
    if (t->place->bytes > 0 && t->part.have != t->place->bytes) {
        st = en_error_set(&why, EN_NETWORK, "it has %lld bytes, and its listing says %lld", (long long)t->part.have,
                          (long long)t->place->bytes);
    } else {
        const en_http_sums *sums = t->part.pieces.count > 0 ? &t->part.pieces.sums : &t->answer.sums;
        st = en_http_sums_any(sums)
                 ? en_http_sums_check(sums, t->part.fd, t->part.part, t->part.have, t->http->events, &why)
                 : EN_OK;
    }
    if (st == EN_NETWORK) {
        t->one_stream = t->part.pieces.count > 0;
        en_http_part_forget(&t->part);
        *again = true;
        return en_error_set(err, EN_NETWORK, "'%s' did not come right: %s", t->shown, why.text);
    }
    return st == EN_OK ? EN_OK : en_error_copy(err, &why);
}

/* The file comes in ranges: those that are missing. */
static en_status in_ranges(transfer *t, bool *again, en_error *err)
{
    en_http_parallel p = {.http = t->http,
                          .route = &t->route,
                          .part = &t->part,
                          .first = &t->answer,
                          .at = &t->hop.url,
                          .status = t->result->status};
    if (!t->announced) {
        en_event_begin(t->http->events, "download", "bytes", t->part.total);
        t->announced = true;
        if (t->part.have > 0) {
            en_event_progress(t->http->events, t->part.have, t->part.total, NULL);
        }
    }
    en_status st = en_http_parallel_run(&p, err);
    t->result->status = p.status;
    if (st == EN_OK) {
        return verify(t, again, err);
    }
    if (p.end != EN_RANGES_SERVED) {
        t->changes += p.end == EN_RANGES_CHANGED;
        t->one_stream = p.end == EN_RANGES_UNFIT || t->changes > 1;
        en_event_note(t->http->events, "'%s' %s: starting anew%s", t->shown,
                      p.end == EN_RANGES_UNFIT ? "is not sent in ranges as asked for"
                      : t->changes > 1         ? "has another ETag in every answer"
                                               : "changed on the server",
                      t->one_stream ? " in one stream" : "");
        en_http_part_forget(&t->part);
        t->result->resumed = 0;
        *again = true;
    }
    return st;
}

/* What an answer means, its body being where it belongs. */
static en_status conclude(transfer *t, bool *again, en_error *err)
{
    int status = t->answer.status;
    switch (status) {
    case 200:
    case 206:
        if (t->part.pieces.count > 0) {
            return in_ranges(t, again, err);
        }
        if (t->part.total >= 0 && t->part.have != t->part.total) {
            *again = true;
            return en_error_set(err, EN_NETWORK, "cannot download '%s': the connection ended early", t->shown);
        }
        return verify(t, again, err);
    case 304:
        if (t->known == NULL || t->part.have > 0) {
            return en_error_set(err, EN_NETWORK, "cannot download '%s': the server answered 304 unasked", t->shown);
        }
        t->result->unchanged = true;
        return EN_OK;
    case 416: /* nothing is left to send: either all is here, or what is here is none of it */
        if (t->part.have > 0 && t->answer.range_total == t->part.have && t->part.total == t->part.have) {
            return EN_OK;
        }
        en_http_part_forget(&t->part);
        *again = true;
        return en_error_set(err, EN_NETWORK, "cannot download '%s': the server sent fewer bytes than it announced",
                            t->shown);
    default: return en_http_route_refusal(&t->route, &t->hop, &t->answer, again, err);
    }
}

/* From the URL given to its end: places that a redirect points to may be good for one time only. */
static en_status attempt(transfer *t, bool *again, en_error *err)
{
    *again = false;
    t->result->attempts++;
    if (t->part.pieces.count > 0) {
        return in_ranges(t, again, err);
    }
    en_status st = en_http_route_begin(&t->route, &t->hop, err);
    while (st == EN_OK) {
        st = exchange(t, again, err);
        if (st != EN_OK) {
            return st;
        }
        if (!en_http_is_redirect(t->answer.status)) {
            return conclude(t, again, err);
        }
        st = en_http_route_follow(&t->route, &t->hop, t->http->curl, t->http->options.redirects, err);
    }
    return st;
}

/* Tries until it is done, hopeless, or as often in a row without a new MiB as allowed. */
static en_status persist(transfer *t, en_error *err)
{
    const en_http_options *o = &t->http->options;
    int64_t pause = o->backoff_ms;
    for (unsigned failures = 0;;) {
        bool again = false;
        en_status st = en_stop_check(t->http->events, err);
        if (st == EN_OK) {
            st = attempt(t, &again, err);
        }
        if (st == EN_OK || !again) {
            return st;
        }
        if (t->part.have >= t->most + MIB) {
            t->most = t->part.have;
            failures = t->route.denied = 0;
            pause = o->backoff_ms;
        }
        if (!en_http_prepares(t->http, t->answer.status, &t->prepared_ms) && failures++ == o->retries) {
            return t->changes < 2 ? st
                                  : en_error_hint(err, st,
                                                  "it began anew each time: the server gives the file another ETag in "
                                                  "every answer; fetch it from another server, or in another way");
        }
        if (en_http_part_validator(&t->part) == NULL) {
            en_http_part_forget(
                &t->part); /* without one the server cannot check that the rest belongs to the same version */
        }
        st = en_http_wait(t->http, pause, err != NULL ? err->text : t->shown, err);
        if (st != EN_OK) {
            return st;
        }
        pause = en_http_next_pause(pause);
    }
}

/* The URL for messages: without the query, too. */
static char *shown_url(const char *url)
{
    char *shown = en_http_public_url(url);
    if (shown != NULL) {
        shown[strcspn(shown, "?")] = '\0';
    }
    return shown;
}

/* The name that the server gives the file. */
static void name_file(const transfer *t, char out[EN_HTTP_NAME])
{
    const char *at = t->hop.url != NULL ? t->hop.url : t->place->url; /* NULL: all was here, and the place is signed */
    char *last = t->answer.name[0] == '\0' && at != NULL ? en_http_file_name(at) : NULL;
    snprintf(out, EN_HTTP_NAME, "%s", last != NULL && strlen(last) < EN_HTTP_NAME ? last : t->answer.name);
    en_free(last);
}

/* What the server is asked about: PATH as it is, or else what the caller knows. */
static void choose_known(transfer *t, const en_http_identity *known, en_http_identity *asked)
{
    if (t->part.whole) {
        *asked = t->part.identity;
    } else if (known != NULL) {
        en_http_validator_copy(asked->etag, known->etag, strlen(known->etag));
        en_http_validator_copy(asked->last_modified, known->last_modified, strlen(known->last_modified));
    }
    t->known = t->part.whole || known != NULL ? asked : NULL;
}

static en_status transfer_file(transfer *t, const en_http_identity *known, en_error *err)
{
    en_http_identity asked = {0};
    en_http_result *result = t->result;
    result->resumed = t->most = t->part.have;
    choose_known(t, known, &asked);
    en_status st = persist(t, err);
    if (st == EN_OK && !result->unchanged) {
        st = en_http_part_commit(&t->part, err);
    }
    result->bytes = t->part.whole ? t->part.total : t->part.have;
    if (st == EN_OK) {
        result->identity = result->unchanged ? *t->known : t->part.identity;
        memcpy(result->content_type, t->answer.content_type, sizeof result->content_type);
        name_file(t, result->name);
    }
    if (t->announced) {
        en_event_end(t->http->events, t->part.have, t->part.total);
    }
    return st;
}

en_status en_http_fetch(en_http *http, const en_http_place *place, const char *path, const en_http_identity *known,
                        en_http_result *result, en_error *err)
{
    *result = (en_http_result){0};
    transfer t = {.http = http, .place = place, .result = result, .part = {.lock = -1, .fd = -1}};
    char *public = place->shown != NULL ? en_strdup(place->shown) : en_http_public_url(place->url);
    t.shown = place->shown != NULL ? en_strdup(place->shown) : shown_url(place->url);
    en_status st = EN_OK;
    if (public == NULL || t.shown == NULL) {
        st = en_error_set(err, EN_INPUT, "this is not a readable http or https URL");
        goto done;
    }
    t.route = (en_http_route){.place = place, .shown = t.shown, .verb = "download"};
    st = en_http_part_open(&t.part, path, public, err);
    if (st == EN_OK) {
        st = transfer_file(&t, known, err);
    }
done:
    en_http_part_close(&t.part);
    result->signed_urls = t.route.given;
    en_http_hop_clear(&t.hop);
    en_http_route_clear(&t.route);
    en_free(t.shown);
    en_free(public);
    return st;
}

en_status en_http_download(en_http *http, const char *url, const char *path, const en_http_identity *known,
                           en_http_result *result, en_error *err)
{
    const en_http_place place = {.url = url};
    return en_http_fetch(http, &place, path, known, result, err);
}
