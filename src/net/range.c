/* Requests for pieces of a file, with redirects, signed URLs and retries. */
#include "net/range.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "net/answer.h"

#define WORDS_MOST ((size_t)1 << 20)

/* One piece. */
typedef struct piece {
    en_http_ranges *r;
    int64_t from;
    size_t bytes, got, words; /* words: of a body that is not wanted */
    unsigned char *data;
    en_http_answer answer;
    bool judged, wanted;
    int64_t heard_ms, prepared_ms;
    en_error fault;
} piece;

static const char *validator(const en_http_identity *id)
{
    return id->etag[0] == '"' ? id->etag : id->last_modified[0] != '\0' ? id->last_modified : NULL;
}

static bool is_same(const en_http_identity *a, const en_http_identity *b)
{
    return a->etag[0] == '"' ? strcmp(a->etag, b->etag) == 0 : strcmp(a->last_modified, b->last_modified) == 0;
}

/* Servers behind one name may each have an ETag of their own. The bytes are then of one version by date and length:
 * every member of a zip has a checksum besides. Whether that is so of this answer, and has just been found out. */
static bool goes_by_date(en_http_ranges *r, const en_http_answer *a)
{
    int64_t total = a->status == 206 ? a->range_total : a->length;
    bool other = r->identity.etag[0] != '\0' && strcmp(r->identity.etag, a->identity.etag) != 0;
    bool date = r->identity.last_modified[0] != '\0' &&
                strcmp(r->identity.last_modified, a->identity.last_modified) == 0 && total == r->total;
    if (other && date) {
        en_event_note(r->http->events, "'%s' has another ETag in every answer, and one date: going by that", r->shown);
        r->identity.etag[0] = '\0';
    }
    return other && date;
}

/* Looks at an answer once its headers are in. The first one says which version of the file it is. */
static en_status judge(piece *p)
{
    en_http_ranges *r = p->r;
    const en_http_answer *a = &p->answer;
    if (p->judged) {
        return p->fault.status;
    }
    p->judged = true;
    en_http_answer_read(&p->answer, r->http->curl);
    if (a->status != 206) {
        return EN_OK;
    }
    bool first = r->total < 0;
    int64_t total = first ? a->range_total : r->total, end = p->from + (int64_t)p->bytes;
    end = first && end > total ? total : end;
    bool right = total >= 0 && a->range_total == total && a->range_from == p->from + (int64_t)p->got &&
                 a->range_to == end - 1 && a->encoding[0] == '\0' &&
                 (first ? validator(&a->identity) != NULL : is_same(&r->identity, &a->identity) || goes_by_date(r, a));
    if (!right) {
        return en_error_set(&p->fault, EN_NETWORK, "'%s' was answered with other bytes than those asked for%s",
                            r->shown, first ? "" : ", or is another file by now");
    }
    if (first) {
        r->total = total;
        r->identity = a->identity;
        p->bytes = (size_t)(end - p->from);
    }
    p->wanted = true;
    return EN_OK;
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    piece *p = ctx;
    size_t bytes = size * count;
    p->heard_ms = en_http_clock_ms();
    p->r->moved += (int64_t)bytes;
    if (judge(p) == EN_OK && !p->wanted && p->answer.status != 200) { /* of an error or a redirect; a long one is cut */
        p->words += bytes;
        return p->words <= WORDS_MOST ? bytes : CURL_WRITEFUNC_ERROR;
    }
    if (p->fault.status != EN_OK || !p->wanted || bytes > p->bytes - p->got ||
        en_stop_check(p->r->http->events, &p->fault) != EN_OK) {
        return CURL_WRITEFUNC_ERROR;
    }
    memcpy(p->data + p->got, data, bytes);
    p->got += bytes;
    return en_http_pace(p->r->http, bytes, &p->fault) == EN_OK ? bytes : CURL_WRITEFUNC_ERROR;
}

static int on_idle(void *ctx, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
    piece *p = ctx;
    (void)total;
    (void)now;
    (void)up_total;
    (void)up;
    if (en_http_clock_ms() - p->heard_ms > p->r->http->options.stall_ms) {
        en_error_set(&p->fault, EN_NETWORK, "cannot read '%s': no data for %g s", p->r->shown,
                     (double)p->r->http->options.stall_ms / 1000);
        return 1;
    }
    return en_stop_check(p->r->http->events, &p->fault) == EN_OK ? 0 : 1;
}

/* One request; *code is libcurl's. */
static en_status exchange(piece *p, const en_http_hop *hop, char why[CURL_ERROR_SIZE], CURLcode *code, en_error *err)
{
    en_http_ranges *r = p->r;
    char range[64];
    en_http_header headers[2 + EN_PLACE_HEADERS];
    en_http_request request = {.header_count = 1};
    int64_t from = p->from + (int64_t)p->got; /* what came before the connection broke is of the same version */
    snprintf(range, sizeof range, "bytes=%lld-%lld", (long long)from, (long long)p->from + (long long)p->bytes - 1);
    headers[0] = (en_http_header){"Range", range};
    if (r->total >= 0) {
        headers[request.header_count++] = (en_http_header){"If-Range", validator(&r->identity)};
    }
    en_http_route_ask(&r->route, hop, &request, headers);
    const en_http_sink sink = {.body = on_body, .idle = on_idle, .ctx = p};
    en_http_answer_begin(&p->answer);
    p->judged = p->wanted = false;
    p->words = 0;
    p->heard_ms = en_http_clock_ms();
    en_error_clear(&p->fault);
    en_status st = en_http_exchange(r->http, &request, &sink, 0, why, code, err);
    if (st == EN_OK) {
        (void)judge(p);
        r->status = p->answer.status;
    }
    return st;
}

/* What an answer means; *again when another try may help. */
static en_status conclude(piece *p, const en_http_hop *hop, CURLcode code, const char *why, bool *again, en_error *err)
{
    en_http_ranges *r = p->r;
    int status = p->answer.status;
    if (p->fault.status != EN_OK) {
        *again = p->fault.status == EN_NETWORK && !p->judged;
        return en_error_copy(err, &p->fault);
    }
    if (status == 206 && code == CURLE_OK && p->got == p->bytes) {
        return EN_OK;
    }
    if (status == 206 || status == 0) {
        code = code != CURLE_OK ? code : CURLE_PARTIAL_FILE;
        return en_http_route_failure(&r->route, r->http->curl, code, why, status != 0 || r->total >= 0, again, err);
    }
    if (status == 200 && r->total >= 0 && goes_by_date(r, &p->answer)) {
        *again = true;
        return en_error_set(err, EN_NETWORK, "'%s' has another ETag in every answer", r->shown);
    }
    if (status == 200 || status == 416) {
        return r->total < 0 ? EN_DONE : en_error_set(err, EN_NETWORK, "'%s' changed on the server", r->shown);
    }
    return en_http_route_refusal(&r->route, hop, &p->answer, again, err);
}

/* From the place to where it redirects. */
static en_status attempt(piece *p, bool *again, en_error *err)
{
    char why[CURL_ERROR_SIZE];
    en_http_hop hop = {0};
    CURLcode code = CURLE_OK;
    en_http *http = p->r->http;
    p->r->route.place = &p->r->place; /* the struct may have moved since it was opened */
    en_status st = en_http_route_begin(&p->r->route, &hop, err);
    while (st == EN_OK) {
        st = exchange(p, &hop, why, &code, err);
        if (st != EN_OK || !en_http_is_redirect(p->answer.status)) {
            st = st == EN_OK ? conclude(p, &hop, code, why, again, err) : st;
            break;
        }
        st = en_http_route_follow(&p->r->route, &hop, http->curl, http->options.redirects, err);
    }
    en_http_hop_clear(&hop);
    return st;
}

static en_status persist(piece *p, en_error *err)
{
    const en_http_options *o = &p->r->http->options;
    int64_t pause = o->backoff_ms;
    for (unsigned failures = 0;;) {
        bool again = false;
        en_error why = {0};
        size_t before = p->got;
        en_status st = attempt(p, &again, &why);
        if (p->got > before) {
            failures = p->r->route.denied = 0;
        }
        if (st == EN_OK || st == EN_DONE) {
            p->r->route.denied = 0;
            return st;
        }
        bool prepares = again && en_http_prepares(p->r->http, p->answer.status, &p->prepared_ms);
        if (!again || (!prepares && failures++ == o->retries)) {
            return en_error_copy(err, &why);
        }
        st = en_http_wait(p->r->http, pause, why.text, err);
        if (st != EN_OK) {
            return st;
        }
        pause = en_http_next_pause(pause);
    }
}

en_status en_http_ranges_open(en_http_ranges *r, en_http *http, const en_http_place *place, unsigned char head[4],
                              en_error *err)
{
    *r = (en_http_ranges){.http = http, .place = *place, .total = -1};
    r->shown = place->shown != NULL ? en_strdup(place->shown) : en_http_public_url(place->url);
    if (r->shown == NULL) {
        return en_error_set(err, EN_INPUT, "this is not a readable http or https URL");
    }
    r->shown[strcspn(r->shown, "?")] = '\0';
    r->route = (en_http_route){.place = &r->place, .shown = r->shown, .verb = "read"};
    memset(head, 0, 4);
    piece p = {.r = r, .bytes = 4, .data = head};
    en_status st = persist(&p, err);
    if (st == EN_OK && place->bytes > 0 && r->total != place->bytes) {
        st = en_error_set(err, EN_NETWORK, "'%s' has %lld bytes there, and its listing says %lld", r->shown,
                          (long long)r->total, (long long)place->bytes);
    }
    return st;
}

en_status en_http_ranges_read(en_http_ranges *r, int64_t from, void *data, size_t bytes, en_error *err)
{
    piece p = {.r = r, .from = from, .bytes = bytes, .data = data};
    return bytes > 0 ? persist(&p, err) : EN_OK;
}

void en_http_ranges_close(en_http_ranges *r)
{
    en_free(r->shown);
    en_http_route_clear(&r->route);
    *r = (en_http_ranges){0};
}
