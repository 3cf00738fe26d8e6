/* Why a request failed before it was answered, in words: libcurl's, and what is to be done about it. For the files of
 * this folder alone. */
#ifndef EN_NET_FAILURE_H
#define EN_NET_FAILURE_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"

#define EN_HTTP_PROXY_LOGIN "put it into the variable that names the proxy: http://USER:PASSWORD@HOST:PORT"

typedef struct en_http_failure {
    bool untrusted;     /* it is about a certificate */
    bool unreachable;   /* there is no way to a server; trying again helps only where there was one before */
    bool refused;       /* by a proxy, for lack of a login or for ever */
    const char *prefix; /* of the words: "the proxy does not let it through: "; "" */
    const char *words;  /* `why`, or what libcurl says of the code */
    const char *hint;   /* static; "" for none */
} en_http_failure;

/* What is to be said of the code that the transfer on `curl` ended with; `why` is its error buffer. Borrows from it. */
en_http_failure en_http_failure_of(CURL *curl, CURLcode code, const char *why);
/* The certificates that an https URL is to be trusted by can be read: EN_INPUT when they cannot. Either may be NULL. */
en_status en_http_check_certificates(const char *url, const char *file, const char *folder, en_error *err) EN_CHECKED;

#endif
