/* URLs: their names, and their forms that may be shown. Uses libcurl's URL parser. */
#include "net/http.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"

bool en_http_is_url(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

/* NULL when `url` is not an http(s) URL or memory is short. */
static CURLU *parse(const char *url)
{
    CURLU *u = en_http_is_url(url) ? curl_url() : NULL;
    if (u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK) {
        curl_url_cleanup(u);
        u = NULL;
    }
    return u;
}

char *en_http_encoded_url(const char *text)
{
    static const char hex[] = "0123456789ABCDEF", blanks[] = " \t\r\n\v\f";
    text += strspn(text, blanks);
    size_t length = strlen(text);
    while (length > 0 && strchr(blanks, text[length - 1]) != NULL) {
        length--;
    }
    const char *host = strstr(text, "://");
    size_t path = host != NULL ? (size_t)(host - text) + 3 + strcspn(host + 3, "/?#") : length;
    char *out = en_alloc(3 * length + 1), *to = out;
    bool query = false;
    for (size_t i = 0; out != NULL && i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        query = query || c == '?' || c == '#';
        bool lone = c == '%' && !query &&
                    !(i + 2 < length && isxdigit((unsigned char)text[i + 1]) && isxdigit((unsigned char)text[i + 2]));
        if (i >= path && (c <= ' ' || c >= 0x7f || lone || strchr(query ? "\"<>" : "\"<>\\^`{|}", c) != NULL)) {
            *to++ = '%';
            *to++ = hex[c >> 4];
            *to++ = hex[c & 15];
        } else {
            *to++ = (char)c;
        }
    }
    if (out != NULL) {
        *to = '\0';
    }
    return out;
}

const char *en_http_url_fault(const char *text)
{
    CURLU *u = curl_url();
    CURLUcode code = u != NULL ? curl_url_set(u, CURLUPART_URL, text, 0) : CURLUE_OUT_OF_MEMORY;
    code = code == CURLUE_OK && !en_http_is_url(text) ? CURLUE_UNSUPPORTED_SCHEME : code;
    curl_url_cleanup(u);
    return code != CURLUE_OK ? curl_url_strerror(code) : NULL;
}

/* A part in memory of ours; NULL when the URL has none. */
static char *get(CURLU *u, CURLUPart what)
{
    char *part = NULL, *copy = NULL;
    if (curl_url_get(u, what, &part, 0) == CURLUE_OK) {
        copy = en_strdup(part);
        curl_free(part);
    }
    return copy;
}

/* Whether a query parameter's value lets its holder in, or changes whenever that is renewed. */
static bool is_secret(const char *name, size_t length)
{
    static const char *const words[] = {
        "sig",        "signature", "token",    "key",    "apikey", "keyid", "awsaccesskeyid", "googleaccessid",
        "credential", "secret",    "password", "passwd", "pwd",    "auth",  "authorization",  "jwt",
        "session",    "expires",   "policy",   NULL};
    if ((length > 6 && strncasecmp(name, "x-amz-", 6) == 0) || (length > 7 && strncasecmp(name, "x-goog-", 7) == 0)) {
        return true;
    }
    size_t from = length; /* "access_token" ends with the telling word */
    while (from > 0 && name[from - 1] != '-' && name[from - 1] != '_' && name[from - 1] != '.') {
        from--;
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strlen(words[i]) == length - from && strncasecmp(words[i], name + from, length - from) == 0) {
            return true;
        }
    }
    return false;
}

/* The query with the values of secrets replaced by "-", which never makes it longer than one byte a parameter more. */
static char *plain_query(const char *query)
{
    char *plain = en_alloc(strlen(query) * 2 + 2), *to = plain;
    if (plain == NULL) {
        return NULL;
    }
    for (const char *at = query; *at != '\0';) {
        size_t length = strcspn(at, "&");
        const char *equals = memchr(at, '=', length);
        if (equals != NULL && is_secret(at, (size_t)(equals - at))) {
            memcpy(to, at, (size_t)(equals - at) + 1);
            to += equals - at + 1;
            *to++ = '-';
        } else {
            memcpy(to, at, length);
            to += length;
        }
        at += length;
        if (*at == '&') {
            *to++ = *at++;
        }
    }
    *to = '\0';
    return plain;
}

char *en_http_public_url(const char *url)
{
    char *plain = NULL, *out = NULL;
    CURLU *u = parse(url);
    if (u == NULL) {
        return NULL;
    }
    if (curl_url_set(u, CURLUPART_USER, NULL, 0) != CURLUE_OK ||
        curl_url_set(u, CURLUPART_PASSWORD, NULL, 0) != CURLUE_OK ||
        curl_url_set(u, CURLUPART_OPTIONS, NULL, 0) != CURLUE_OK ||
        curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0) != CURLUE_OK) {
        goto done;
    }
    char *query = get(u, CURLUPART_QUERY);
    if (query != NULL) {
        plain = plain_query(query);
        en_free(query);
        if (plain == NULL || curl_url_set(u, CURLUPART_QUERY, plain, 0) != CURLUE_OK) {
            goto done;
        }
    }
    out = get(u, CURLUPART_URL);
done:
    en_free(plain);
    curl_url_cleanup(u);
    return out;
}

char *en_http_file_name(const char *url)
{
    CURLU *u = parse(url);
    if (u == NULL) {
        return NULL;
    }
    char *out = NULL, *path = get(u, CURLUPART_PATH);
    if (path != NULL) {
        const char *slash = strrchr(path, '/');
        int length = 0;
        char *name = curl_easy_unescape(NULL, slash != NULL ? slash + 1 : path, 0, &length);
        if (name != NULL) {
            out = en_strdup(strlen(name) == (size_t)length ? name : ""); /* a NUL in a name is no name */
            curl_free(name);
        }
    }
    en_free(path);
    curl_url_cleanup(u);
    return out;
}

en_status en_http_escape(en_buf *out, const char *text, bool slashes, en_error *err)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    en_status st = EN_OK;
    for (const char *c = text; *c != '\0' && st == EN_OK; c++) {
        st = strchr(plain, *c) != NULL || (slashes && *c == '/')
                 ? en_buf_add(out, c, 1, err)
                 : en_buf_printf(out, err, "%%%02X", (unsigned)(unsigned char)*c);
    }
    return st;
}

char *en_http_with_file_name(const char *url, const char *name)
{
    CURLU *u = parse(url);
    if (u == NULL) {
        return NULL;
    }
    char *out = NULL, *renamed = NULL, *path = get(u, CURLUPART_PATH);
    char *escaped = curl_easy_escape(NULL, name, 0);
    if (path != NULL && escaped != NULL) {
        const char *slash = strrchr(path, '/');
        int folder = slash != NULL ? (int)(slash - path) : 0;
        renamed = en_format("%.*s/%s", folder, path, escaped);
    }
    if (renamed != NULL && curl_url_set(u, CURLUPART_PATH, renamed, 0) == CURLUE_OK) {
        out = get(u, CURLUPART_URL);
    }
    curl_free(escaped);
    en_free(renamed);
    en_free(path);
    curl_url_cleanup(u);
    return out;
}

bool en_http_host(const char *url, char host[EN_HTTP_NAME], bool *https)
{
    CURLU *u = parse(url);
    if (u == NULL) {
        return false;
    }
    char *name = get(u, CURLUPART_HOST);
    bool fits = name != NULL && strlen(name) < EN_HTTP_NAME;
    if (fits) {
        memcpy(host, name, strlen(name) + 1);
        *https = strncasecmp(url, "https:", 6) == 0;
    }
    en_free(name);
    curl_url_cleanup(u);
    return fits;
}

/* The value of a parameter as a number or a date (20261126T073000Z); -1 when there is none such. */
static int64_t number_in(const char *query, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = query; *at != '\0';) {
        size_t whole = strcspn(at, "&");
        if (whole > length && at[length] == '=' && strncasecmp(at, name, length) == 0) {
            char text[32] = "", value[32];
            size_t n = 0;
            for (const char *c = at + length + 1; c < at + whole && n + 1 < sizeof text; c++) {
                text[n++] = *c;
            }
            int64_t number = -1;
            if (n == 16 && text[8] == 'T' && text[15] == 'Z') {
                snprintf(value, sizeof value, "%.8s %.2s:%.2s:%.2s", text, text + 9, text + 11, text + 13);
                return (int64_t)curl_getdate(value, NULL);
            }
            return en_parse_int(text, &number) ? number : -1;
        }
        at += whole + (at[whole] == '&');
    }
    return -1;
}

int64_t en_http_expiry(const char *url)
{
    static const char *const forms[][2] = {{"X-Goog-Date", "X-Goog-Expires"}, {"X-Amz-Date", "X-Amz-Expires"}};
    const char *mark = strchr(url, '?'), *query = mark != NULL ? mark + 1 : "";
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        int64_t from = number_in(query, forms[i][0]), seconds = number_in(query, forms[i][1]), end;
        if (from > 0 && seconds > 0 && !__builtin_add_overflow(from, seconds, &end)) {
            return end;
        }
    }
    int64_t end = number_in(query, "Expires");
    return end > 0 ? end : 0;
}

char *en_file_url_path(const char *text)
{
    if (strncasecmp(text, "file:", 5) != 0) {
        return NULL;
    }
    const char *path = text + 5;
    if (strncmp(path, "//", 2) == 0) {
        path += strncasecmp(path, "//localhost/", 12) == 0 ? 11 : 2;
    }
    int length = 0;
    char *name = path[0] == '/' ? curl_easy_unescape(NULL, path, 0, &length) : NULL;
    char *out = name != NULL && strlen(name) == (size_t)length ? en_strdup(name) : NULL; /* a NUL ends no path */
    curl_free(name);
    return out;
}
