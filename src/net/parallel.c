/* Ranges with libcurl's multi interface, each over a connection of its own. A lane is one of them: it takes a piece and
 * keeps it until it is whole. */
#include "net/parallel.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

#define MIB ((int64_t)1 << 20)
#define POLL_MS 200
#define SAVE_MS 10000 /* the state is saved at least so often */
#define NONE SIZE_MAX

typedef struct work work;

typedef struct lane {
    work *w;
    CURL *curl;
    size_t piece; /* NONE: it is idle */
    bool running;
    int64_t from; /* the first byte asked for, in the piece */
    en_http_hop hop;
    en_http_answer answer;
    bool judged, wanted;
    int64_t words;    /* bytes of a body that is not wanted */
    int64_t heard_ms; /* when something came last */
    int64_t ready_ms; /* no try before that */
    int64_t pause_ms, credit;
    unsigned failures; /* in a row since the piece had `credit` bytes */
    struct curl_slist *headers;
    en_error fault;
    char why[CURL_ERROR_SIZE];
} lane;

struct work {
    en_http_parallel *p;
    lane lane[EN_HTTP_RANGES_MOST];
    unsigned at_once; /* lanes that may have a piece */
    unsigned running;
    bool *taken; /* per piece: a lane has it */
    int64_t saved_ms;
    bool reached; /* a server answered in this run */
};

/* Answers ---------------------------------------------------------------------------------------------------------- */

static int64_t piece_start(const lane *l) { return (int64_t)l->piece * l->w->p->part->pieces.size; }

static bool is_missing(const en_http_pieces *p, size_t i) { return p->got[i] < en_http_pieces_bytes(p, i); }

/* Whether a 206 is exactly the range that was asked for, of the version that the part is of. */
static bool is_right(const lane *l)
{
    const en_http_part *part = l->w->p->part;
    const en_http_answer *a = &l->answer;
    int64_t from = piece_start(l) + l->from, to = piece_start(l) + en_http_pieces_bytes(&part->pieces, l->piece) - 1;
    return a->range_from == from && a->range_to == to && a->range_total == part->total &&
           (a->length < 0 || a->length == to - from + 1) && a->encoding[0] == '\0';
}

/* The answer is of no use, nor is any other: all end. */
static en_status give_up(lane *l, en_http_ranges_end end)
{
    en_http_parallel *p = l->w->p;
    p->end = end;
    return end == EN_RANGES_CHANGED
               ? en_error_set(&l->fault, EN_NETWORK, "'%s' changed on the server", p->route->shown)
               : en_error_set(&l->fault, EN_NETWORK, "'%s' was answered with other bytes than those asked for",
                              p->route->shown);
}

/* What belongs to the file rather than to a range of it, when the part was begun by an earlier call. */
static en_status keep_first(const lane *l, en_error *err)
{
    en_http_parallel *p = l->w->p;
    if (p->first->status == 200 || p->first->status == 206) {
        return EN_OK;
    }
    *p->first = l->answer;
    en_free(*p->at);
    *p->at = en_strdup(l->hop.url);
    return *p->at != NULL ? EN_OK : en_error_nomem(err, "a URL");
}

static en_status judge_whole(lane *l)
{
    const en_http_parallel *p = l->w->p;
    bool same = strcmp(l->answer.identity.etag, p->part->identity.etag) == 0;
    if (!same && strncasecmp(l->answer.content_type, "text/html", 9) == 0) {
        return en_error_set(&l->fault, EN_DENIED, EN_HTTP_WEB_PAGE, p->route->shown, p->part->part);
    }
    return give_up(l, same ? EN_RANGES_UNFIT : EN_RANGES_CHANGED);
}

/* Looks at an answer once its headers are in. */
static en_status judge(lane *l)
{
    if (l->judged) {
        return l->fault.status;
    }
    l->judged = true;
    en_http_answer_read(&l->answer, l->curl);
    switch (l->answer.status) {
    case 206: break;
    case 200: return judge_whole(l);
    case 416: return give_up(l, EN_RANGES_UNFIT);
    default: return EN_OK;
    }
    const char *etag = l->answer.identity.etag;
    if (etag[0] != '\0' && strcmp(etag, l->w->p->part->identity.etag) != 0) {
        return give_up(l, EN_RANGES_CHANGED);
    }
    if (etag[0] == '\0' || !is_right(l)) {
        return give_up(l, EN_RANGES_UNFIT);
    }
    l->wanted = true;
    return keep_first(l, &l->fault);
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    lane *l = ctx;
    en_http_parallel *p = l->w->p;
    size_t bytes = size * count;
    l->heard_ms = en_http_clock_ms();
    if (judge(l) != EN_OK) {
        return CURL_WRITEFUNC_ERROR;
    }
    if (!l->wanted) {
        l->words += (int64_t)bytes;
        return l->words <= MIB ? bytes : CURL_WRITEFUNC_ERROR;
    }
    if ((int64_t)bytes > en_http_pieces_bytes(&p->part->pieces, l->piece) - p->part->pieces.got[l->piece]) {
        (void)give_up(l, EN_RANGES_UNFIT);
        return CURL_WRITEFUNC_ERROR;
    }
    if (en_http_part_put(p->part, l->piece, data, bytes, &l->fault) != EN_OK ||
        en_stop_check(p->http->events, &l->fault) != EN_OK) {
        return CURL_WRITEFUNC_ERROR;
    }
    en_event_progress(p->http->events, p->part->have, p->part->total, NULL);
    return en_http_pace(p->http, bytes, &l->fault) == EN_OK ? bytes : CURL_WRITEFUNC_ERROR;
}

static int on_idle(void *ctx, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
    lane *l = ctx;
    const en_http_parallel *p = l->w->p;
    (void)total;
    (void)now;
    (void)up_total;
    (void)up;
    if (en_http_clock_ms() - l->heard_ms > p->http->options.stall_ms) {
        en_error_set(&l->fault, EN_NETWORK, "cannot download '%s': no data for %g s", p->route->shown,
                     (double)p->http->options.stall_ms / 1000);
        return 1;
    }
    return en_stop_check(p->http->events, &l->fault) == EN_OK ? 0 : 1;
}

/* Requests --------------------------------------------------------------------------------------------------------- */

static en_status open_handles(const work *w, en_error *err)
{
    en_http *http = w->p->http;
    if (http->multi == NULL) {
        http->multi = curl_multi_init();
        /* several streams over one connection would share what one connection is given */
        if (http->multi == NULL ||
            curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING) != CURLM_OK) {
            return en_error_nomem(err, "libcurl");
        }
    }
    for (unsigned i = 0; i < w->at_once; i++) {
        if (http->lane[i] == NULL && (http->lane[i] = en_http_handle()) == NULL) {
            return en_error_nomem(err, "libcurl");
        }
    }
    return EN_OK;
}

/* Asks for the rest of the lane's piece at its hop. */
static en_status start(lane *l, en_error *err)
{
    const en_http_parallel *p = l->w->p;
    const en_http_pieces *pieces = &p->part->pieces;
    char range[64];
    en_http_header headers[2 + EN_PLACE_HEADERS];
    en_http_request request = {.header_count = 2};
    const en_http_sink sink = {.body = on_body, .idle = on_idle, .ctx = l};
    l->from = pieces->got[l->piece];
    snprintf(range, sizeof range, "bytes=%lld-%lld", (long long)(piece_start(l) + l->from),
             (long long)(piece_start(l) + en_http_pieces_bytes(pieces, l->piece) - 1));
    headers[0] = (en_http_header){"Range", range};
    headers[1] = (en_http_header){"If-Range", p->part->identity.etag};
    en_http_route_ask(p->route, &l->hop, &request, headers);
    en_http_answer_begin(&l->answer);
    l->judged = l->wanted = false;
    l->words = 0;
    l->heard_ms = en_http_clock_ms();
    en_error_clear(&l->fault);
    en_status st = en_http_prepare(p->http, l->curl, &request, &sink, 0, l->why, &l->headers, err);
    if (st == EN_OK && (curl_easy_setopt(l->curl, CURLOPT_PRIVATE, (char *)l) != CURLE_OK ||
                        curl_multi_add_handle(p->http->multi, l->curl) != CURLM_OK)) {
        st = en_error_nomem(err, "a request");
    }
    if (st != EN_OK) {
        return st;
    }
    l->running = true;
    l->w->running++;
    return EN_OK;
}

static void stop(lane *l)
{
    if (l->running) {
        curl_multi_remove_handle(l->w->p->http->multi, l->curl);
        l->running = false;
        l->w->running--;
    }
    (void)curl_easy_setopt(l->curl, CURLOPT_ERRORBUFFER, NULL);
    (void)curl_easy_setopt(l->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(l->headers);
    l->headers = NULL;
}

static void release(lane *l)
{
    l->w->taken[l->piece] = false;
    l->piece = NONE;
}

/* Ends --------------------------------------------------------------------------------------------------------------
 */

/* A try that may go better the next time. A server that is asked too much is asked for one range fewer. */
static en_status try_again(lane *l, bool crowded, en_error *why, en_error *err)
{
    work *w = l->w;
    const en_http_options *o = &w->p->http->options;
    int64_t got = w->p->part->pieces.got[l->piece];
    if (crowded && w->at_once > 1) {
        w->at_once--;
        l->ready_ms = en_http_clock_ms() + en_http_pause_ms(w->p->http, l->curl, 0, why->text);
        release(l);
        return EN_OK;
    }
    if (got >= l->credit + MIB) {
        l->credit = got;
        l->failures = w->p->route->denied = 0;
        l->pause_ms = o->backoff_ms;
    }
    if (l->failures++ == o->retries) {
        return en_error_copy(err, why);
    }
    l->ready_ms = en_http_clock_ms() + en_http_pause_ms(w->p->http, l->curl, l->pause_ms, why->text);
    l->pause_ms = en_http_next_pause(l->pause_ms);
    return EN_OK;
}

/* A status that says that the range is not to be had. */
static en_status refused(lane *l, en_error *err)
{
    en_http_parallel *p = l->w->p;
    bool again = false;
    en_error why = {0};
    en_status st = en_http_route_refusal(p->route, &l->hop, &l->answer, &again, &why);
    bool crowded = again && st == EN_NETWORK;
    return again ? try_again(l, crowded, &why, err) : en_error_copy(err, &why);
}

static en_status broken(lane *l, CURLcode code, en_error *err)
{
    en_error why = {0};
    bool again = false;
    bool crowded = l->answer.status == 0 && l->w->reached && l->w->running > 1;
    en_status st = en_http_route_failure(l->w->p->route, l->curl, code, l->why, l->w->reached, &again, &why);
    return st != EN_OK && again ? try_again(l, crowded, &why, err) : en_error_copy(err, &why);
}

static void piece_done(lane *l)
{
    l->failures = l->w->p->route->denied = 0;
    release(l);
}

/* A lane's request is over. */
static en_status finish(lane *l, CURLcode code, en_error *err)
{
    en_http_parallel *p = l->w->p;
    en_status st = EN_OK;
    if (!l->judged) { /* it has no body, or failed before one */
        if (code == CURLE_OK) {
            (void)judge(l);
        } else {
            en_http_answer_read(&l->answer, l->curl);
        }
    }
    int status = l->answer.status;
    p->status = status;
    l->w->reached = l->w->reached || status != 0;
    if (l->fault.status != EN_OK) {
        bool passing = l->fault.status == EN_NETWORK && p->end == EN_RANGES_SERVED;
        st = passing ? try_again(l, false, &l->fault, err) : en_error_copy(err, &l->fault);
    } else if (l->wanted && !is_missing(&p->part->pieces, l->piece)) {
        piece_done(l);
    } else if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && status != 0 && !l->wanted)) {
        st = broken(l, code, err);
    } else if (l->wanted) {
        st = broken(l, CURLE_PARTIAL_FILE, err);
    } else if (en_http_is_redirect(status)) {
        st = en_http_route_follow(p->route, &l->hop, l->curl, p->http->options.redirects, err);
        stop(l);
        return st == EN_OK ? start(l, err) : st;
    } else {
        st = refused(l, err);
    }
    stop(l);
    en_http_hop_clear(&l->hop);
    return st;
}

/* The next piece that is missing and that no lane has; NONE when there is none. */
static size_t next_piece(const work *w)
{
    const en_http_pieces *pieces = &w->p->part->pieces;
    for (size_t i = 0; i < pieces->count; i++) {
        if (!w->taken[i] && is_missing(pieces, i)) {
            return i;
        }
    }
    return NONE;
}

/* Gives work to the lanes that have none, as many as may be; *idle when no lane has any. */
static en_status fill(work *w, bool *idle, en_error *err)
{
    int64_t now = en_http_clock_ms();
    unsigned busy = 0;
    en_status st = EN_OK;
    for (unsigned i = 0; i < EN_HTTP_RANGES_MOST; i++) {
        busy += w->lane[i].piece != NONE;
    }
    for (unsigned i = 0; i < EN_HTTP_RANGES_MOST && st == EN_OK; i++) {
        lane *l = &w->lane[i];
        if (l->curl == NULL || l->running || l->ready_ms > now) {
            continue;
        }
        if (l->piece == NONE && busy < w->at_once && (l->piece = next_piece(w)) != NONE) {
            w->taken[l->piece] = true;
            l->credit = w->p->part->pieces.got[l->piece];
            l->pause_ms = w->p->http->options.backoff_ms;
            busy++;
        }
        if (l->piece != NONE) {
            st = en_http_route_begin(w->p->route, &l->hop, err);
            st = st == EN_OK ? start(l, err) : st;
        }
    }
    *idle = busy == 0 && next_piece(w) == NONE;
    return st;
}

/* What is over. */
static en_status collect(const work *w, en_error *err)
{
    int left = 0;
    const CURLMsg *message;
    en_status st = EN_OK;
    while (st == EN_OK && (message = curl_multi_info_read(w->p->http->multi, &left)) != NULL) {
        char *of = NULL;
        CURLcode code = message->data.result;
        if (message->msg == CURLMSG_DONE &&
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &of) == CURLE_OK && of != NULL) {
            st = finish((lane *)(void *)of, code, err);
        }
    }
    return st;
}

static en_status save_sometimes(work *w, en_error *err)
{
    int64_t now = en_http_clock_ms();
    if (w->p->part->unsaved < w->p->http->options.save_bytes && now - w->saved_ms < SAVE_MS) {
        return EN_OK;
    }
    w->saved_ms = now;
    return en_http_part_save(w->p->part, err);
}

static en_status run(work *w, en_error *err)
{
    CURLM *multi = w->p->http->multi;
    for (;;) {
        int running = 0;
        bool idle = false;
        en_status st = en_stop_check(w->p->http->events, err);
        st = st == EN_OK ? fill(w, &idle, err) : st;
        if (st != EN_OK || idle) {
            return st;
        }
        if (curl_multi_perform(multi, &running) != CURLM_OK) {
            return en_error_nomem(err, "libcurl");
        }
        st = collect(w, err);
        st = st == EN_OK ? save_sometimes(w, err) : st;
        if (st != EN_OK) {
            return st;
        }
        if (curl_multi_poll(multi, NULL, 0, w->running > 0 ? POLL_MS : POLL_MS / 10, NULL) != CURLM_OK) {
            return en_error_nomem(err, "libcurl");
        }
    }
}

en_status en_http_parallel_run(en_http_parallel *p, en_error *err)
{
    work w = {.p = p, .at_once = p->http->options.ranges, .saved_ms = en_http_clock_ms()};
    p->end = EN_RANGES_SERVED;
    w.taken = en_calloc(p->part->pieces.count, sizeof *w.taken);
    en_status st = w.taken != NULL ? open_handles(&w, err) : en_error_nomem(err, "a list of ranges");
    for (unsigned i = 0; i < EN_HTTP_RANGES_MOST; i++) {
        w.lane[i] = (lane){.w = &w, .curl = i < w.at_once ? p->http->lane[i] : NULL, .piece = NONE};
    }
    st = st == EN_OK ? run(&w, err) : st;
    for (unsigned i = 0; i < EN_HTTP_RANGES_MOST; i++) {
        if (w.lane[i].curl != NULL) {
            stop(&w.lane[i]);
            en_http_hop_clear(&w.lane[i].hop);
        }
    }
    if (st != EN_OK && p->end == EN_RANGES_SERVED && en_http_part_save(p->part, NULL) != EN_OK) {
        en_event_note(p->http->events, "what came of '%s' in this run could not be saved", p->route->shown);
    }
    en_free(w.taken);
    return st;
}
