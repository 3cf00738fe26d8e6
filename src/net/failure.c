/* Failures of libcurl, told apart. */
#include "net/failure.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

#define TRUST_HINT                                                                                                     \
    "where a network or a server has an authority of its own, name its certificate, a PEM file, in CURL_CA_BUNDLE or " \
    "SSL_CERT_FILE"
#define PROXY_HINT "correct the variable http_proxy, https_proxy or all_proxy, or name the server in no_proxy"

/* Whether libcurl went to another place than that of the URL. Its message alone has where: "Failed to connect to HOST
 * port N after ...", of the proxy if there is one, and in later versions "... via PROXY". */
static bool went_elsewhere(CURL *curl, const char *why)
{
    static const char begins[] = "Failed to connect to ";
    char *url = NULL, *host = NULL, *port = NULL, *own = NULL;
    CURLU *u = curl_url();
    bool elsewhere = strstr(why, " via ") != NULL;
    if (u != NULL && strncmp(why, begins, sizeof begins - 1) == 0 &&
        curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &url) == CURLE_OK && url != NULL &&
        curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK && curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
        size_t length = strlen(host);
        bool brackets = length > 1 && host[0] == '[';
        own = en_format("%.*s port %s ", (int)(brackets ? length - 2 : length), host + (brackets ? 1 : 0), port);
        elsewhere = elsewhere || (own != NULL && strncasecmp(why + sizeof begins - 1, own, strlen(own)) != 0);
    }
    en_free(own);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(u);
    return elsewhere;
}

en_http_failure en_http_failure_of(CURL *curl, CURLcode code, const char *why)
{
    en_http_failure f = {.prefix = "", .words = why[0] != '\0' ? why : curl_easy_strerror(code), .hint = ""};
    long answer = 0; /* of a proxy that is to open the way to an https server */
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE: f.hint = TRUST_HINT; /* fall through */
    case CURLE_SSL_CONNECT_ERROR: f.untrusted = true; return f;
    case CURLE_COULDNT_RESOLVE_HOST: f.unreachable = true; return f;
    case CURLE_COULDNT_RESOLVE_PROXY:
        f.unreachable = true;
        f.hint = PROXY_HINT;
        return f;
    case CURLE_COULDNT_CONNECT: f.unreachable = true; break;
    default: break;
    }
    if (curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &answer) == CURLE_OK && answer >= 300) {
        f.refused = answer < 500 && answer != 408 && answer != 429;
        f.prefix = "the proxy does not let it through: ";
        f.hint = answer == 407 ? EN_HTTP_PROXY_LOGIN : PROXY_HINT;
    } else if (code == CURLE_PROXY || (f.unreachable && (strstr(why, "proxy") != NULL || went_elsewhere(curl, why)))) {
        f.prefix = "its proxy cannot be reached: ";
        f.hint = PROXY_HINT;
    }
    return f;
}

en_status en_http_check_certificates(const char *url, const char *file, const char *folder, en_error *err)
{
    const char *bad = file != NULL && access(file, R_OK) != 0       ? file
                      : folder != NULL && access(folder, R_OK) != 0 ? folder
                                                                    : NULL;
    if (bad == NULL || strncasecmp(url, "https:", 6) != 0) {
        return EN_OK;
    }
    return en_error_hint(err, en_error_errno(err, "cannot read the certificates '%s'", bad),
                         "correct or unset the variable CURL_CA_BUNDLE, SSL_CERT_FILE or SSL_CERT_DIR that names them");
}
