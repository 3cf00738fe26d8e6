/* Signed URLs and redirects. */
#include "net/route.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/memory.h"
#include "net/failure.h"

#define DENIED_MOST 2      /* signed URLs in a row that may be denied */
#define EXPIRY_MARGIN_S 60 /* a URL that expires so soon is asked for anew */

static void drop_signed(en_http_route *r)
{
    en_free(r->signed_url);
    r->signed_url = NULL;
}

en_status en_http_route_begin(en_http_route *r, en_http_hop *hop, en_error *err)
{
    const char *url = r->place->url;
    if (r->place->sign != NULL) {
        int64_t end = r->signed_url != NULL ? en_http_expiry(r->signed_url) : 0;
        if (end > 0 && end - (int64_t)time(NULL) < EXPIRY_MARGIN_S) {
            drop_signed(r);
        }
        if (r->signed_url == NULL) {
            en_status st = r->place->sign(r->place->ctx, &r->signed_url, err);
            if (st != EN_OK) {
                return st;
            }
            r->given++;
        }
        url = r->signed_url;
    }
    en_http_hop_clear(hop);
    hop->given = r->given;
    hop->url = en_strdup(url);
    return hop->url != NULL ? EN_OK : en_error_nomem(err, "a URL");
}

en_status en_http_route_follow(const en_http_route *r, en_http_hop *hop, CURL *curl, unsigned most, en_error *err)
{
    const char *to = NULL;
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &to);
    if (hop->count >= most) {
        return en_error_set(err, EN_NETWORK, "cannot %s '%s': it redirects more than %u times", r->verb, r->shown,
                            most);
    }
    if (to == NULL || !en_http_is_url(to)) {
        return en_error_set(err, EN_NETWORK, "cannot %s '%s': it redirects without a location", r->verb, r->shown);
    }
    if (strncasecmp(hop->url, "https:", 6) == 0 && strncasecmp(to, "https:", 6) != 0) {
        return en_error_set(err, EN_NETWORK, "refused '%s': it redirects from https to plain http", r->shown);
    }
    char *copy = en_http_encoded_url(to);
    if (copy == NULL) {
        return en_error_nomem(err, "a URL");
    }
    en_free(hop->url);
    hop->url = copy;
    hop->count++;
    return EN_OK;
}

void en_http_route_ask(const en_http_route *r, const en_http_hop *hop, en_http_request *request,
                       en_http_header *headers)
{
    request->url = hop->url;
    request->headers = headers;
    if (hop->count == 0) {
        request->user = r->place->user;
        request->password = r->place->password;
        request->sigv4 = r->place->sigv4;
        for (size_t i = 0; i < r->place->header_count && i < EN_PLACE_HEADERS; i++) {
            headers[request->header_count++] = r->place->headers[i];
        }
    }
}

bool en_http_route_denied(en_http_route *r, const en_http_hop *hop)
{
    if (r->place->sign == NULL) {
        return false;
    }
    if (hop->given != r->given) { /* there is a newer one already */
        return true;
    }
    drop_signed(r);
    return r->denied++ < DENIED_MOST;
}

en_status en_http_route_refusal(en_http_route *r, const en_http_hop *hop, const en_http_answer *answer, bool *again,
                                en_error *err)
{
    int status = answer->status;
    if (answer->for_browsers) {
        return en_error_hint(err,
                             en_error_set(err, EN_DENIED, "cannot %s '%s': the server gives it to browsers alone (%d)",
                                          r->verb, r->shown, status),
                             "download it by one, and fetch the file");
    }
    switch (status) {
    case 400: /* so Google's storage answers what has expired */
        if (r->place->sign == NULL) {
            break;
        }
        /* fall through */
    case 401:
    case 403:
        *again = en_http_route_denied(r, hop);
        return en_error_set(err, EN_DENIED,
                            "cannot %s '%s': the server denies it (%d); is a login needed, or terms to be accepted "
                            "there?",
                            r->verb, r->shown, status);
    case 407:
        return en_error_hint(
            err, en_error_set(err, EN_DENIED, "cannot %s '%s': the proxy wants a login (407)", r->verb, r->shown),
            EN_HTTP_PROXY_LOGIN);
    case 404:
    case 410:
        return en_error_set(err, EN_INPUT, "cannot %s '%s': it does not exist on the server (%d)", r->verb, r->shown,
                            status);
    case 202:
        *again = true;
        return en_error_set(err, EN_NETWORK, "cannot %s '%s': the server still prepares it (202)", r->verb, r->shown);
    default: break;
    }
    *again = en_http_is_passing(status);
    return en_error_set(err, EN_NETWORK, "cannot %s '%s': the server answered %d", r->verb, r->shown, status);
}

en_status en_http_route_failure(const en_http_route *r, CURL *curl, CURLcode code, const char *why, bool reached,
                                bool *again, en_error *err)
{
    if (code == CURLE_OUT_OF_MEMORY) {
        return en_error_nomem(err, "a download");
    }
    const en_http_failure f = en_http_failure_of(curl, code, why);
    bool url = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
    *again = !url && !f.untrusted && !f.refused && (reached || !f.unreachable);
    if (f.untrusted) {
        return en_error_hint(err, en_error_set(err, EN_NETWORK, "cannot trust '%s': %s", r->shown, f.words), "%s",
                             f.hint);
    }
    en_status status = url ? EN_INPUT : f.refused ? EN_DENIED : EN_NETWORK;
    return en_error_hint(err, en_error_set(err, status, "cannot %s '%s': %s%s", r->verb, r->shown, f.prefix, f.words),
                         "%s", f.hint);
}

bool en_http_is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

void en_http_hop_clear(en_http_hop *hop)
{
    en_free(hop->url);
    *hop = (en_http_hop){0};
}

void en_http_route_clear(en_http_route *r) { drop_signed(r); }
