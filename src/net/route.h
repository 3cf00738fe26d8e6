/* The way to a file: where its place is at this moment, and the redirects from there. Redirects are followed here
 * rather than by libcurl, so that each hop is looked at: CURLOPT_REDIR_PROTOCOLS_STR is one list for all hops and
 * cannot say "never from https to http, but from http to either". For the files of this folder alone. */
#ifndef EN_NET_ROUTE_H
#define EN_NET_ROUTE_H

#include "net/answer.h"
#include "net/exchange.h"

#define EN_PLACE_HEADERS 6 /* headers of a place that are sent */

typedef struct en_http_route {
    const en_http_place *place; /* borrowed, as are the texts */
    const char *shown;          /* the URL without secrets, and what is done with it: "download" */
    const char *verb;
    char *signed_url; /* that place->sign gave; NULL: none is good */
    unsigned given;   /* signed URLs so far */
    unsigned denied;  /* of them, in a row; the caller sets it to 0 when something came */
} en_http_route;

/* One step of the way. Zeroed before the first. */
typedef struct en_http_hop {
    char *url;
    unsigned count; /* redirects so far; 0: the place itself */
    unsigned given; /* the signed URL that it began at */
} en_http_hop;

/* The first step of a try. A signed URL is used until it is about to expire. */
en_status en_http_route_begin(en_http_route *r, en_http_hop *hop, en_error *err) EN_CHECKED;
/* Where the answer on `curl` redirects to. EN_NETWORK for too many, for none, and from https to http. */
en_status en_http_route_follow(const en_http_route *r, en_http_hop *hop, CURL *curl, unsigned most,
                               en_error *err) EN_CHECKED;
/* Fills the URL of a request and, at the place itself and nowhere else, what lets one in. `headers` has space for
 * EN_PLACE_HEADERS more than request->header_count. */
void en_http_route_ask(const en_http_route *r, const en_http_hop *hop, en_http_request *request,
                       en_http_header *headers);
/* The answer of the hop was that it is denied: whether another try, with another signed URL, makes sense. */
bool en_http_route_denied(en_http_route *r, const en_http_hop *hop);
/* What is said of an answer that brings nothing of the file; *again when another try may be answered otherwise. */
en_status en_http_route_refusal(en_http_route *r, const en_http_hop *hop, const en_http_answer *answer, bool *again,
                                en_error *err) EN_CHECKED;
/* The same of a transfer that libcurl gave up, with its message. `reached`: a server answered before, so that a failure
 * to connect may pass. */
en_status en_http_route_failure(const en_http_route *r, CURL *curl, CURLcode code, const char *why, bool reached,
                                bool *again, en_error *err) EN_CHECKED;
bool en_http_is_redirect(int status);
void en_http_hop_clear(en_http_hop *hop);
void en_http_route_clear(en_http_route *r);

#endif
