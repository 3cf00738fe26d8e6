/* Listing buckets. The answers are XML of a fixed form, of which a few elements are read; keys come percent-encoded
 * (encoding-type=url), so that no character of a key is one of XML's. */
#include "intake/fetch/s3_api.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define ANSWER_CAP ((size_t)16 << 20)
#define PAGES_MOST 20000
#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" /* of the body of a GET */

/* URLs ------------------------------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* In place; '+' is a space in keys of listings. */
static void decode(char *text)
{
    char *to = text;
    for (const char *c = text; *c != '\0'; c++) {
        int high = *c == '%' ? hex_digit(c[1]) : -1, low = high >= 0 ? hex_digit(c[2]) : -1;
        *to++ = low >= 0 ? (char)(high * 16 + low) : *c == '+' ? ' ' : *c;
        c += low >= 0 ? 2 : 0;
    }
    *to = '\0';
}

static char *url_of(const en_s3 *s3, const char *key)
{
    en_buf url;
    en_buf_init(&url, (size_t)64 << 10);
    char *copy = en_buf_printf(&url, NULL, "%s/", s3->base) == EN_OK && en_http_escape(&url, key, true, NULL) == EN_OK
                     ? en_strdup(en_buf_str(&url))
                     : NULL;
    en_buf_clear(&url);
    return copy;
}

char *en_s3_url(const en_s3 *s3, const char *name, bool single)
{
    const char *base = en_path_base(s3->key);
    char *key = s3->key[0] == '\0' ? en_strdup(name)
                : single           ? en_format("%.*s%s", (int)(base - s3->key), s3->key, name)
                                   : en_format("%s/%s", s3->key, name);
    char *url = key != NULL ? url_of(s3, key) : NULL;
    en_free(key);
    return url;
}

/* Opening ---------------------------------------------------------------------------------------------------------- */

/* The bucket's URL: at Amazon a host of its own, unless dots in its name would not fit the certificate; elsewhere a
 * folder of the endpoint. */
static en_status set_region(en_s3 *s3, en_error *err)
{
    const en_s3_login *l = &s3->login;
    en_free(s3->base);
    en_free(s3->sigv4);
    s3->base = l->endpoint != NULL               ? en_format("%s/%s", l->endpoint, s3->bucket)
               : strchr(s3->bucket, '.') != NULL ? en_format("https://s3.%s.amazonaws.com/%s", l->region, s3->bucket)
                                                 : en_format("https://%s.s3.%s.amazonaws.com", s3->bucket, l->region);
    s3->sigv4 = en_format("aws:amz:%s:s3", l->region);
    return s3->base != NULL && s3->sigv4 != NULL ? EN_OK : en_error_nomem(err, "a URL");
}

static bool is_bucket(const char *name)
{
    return strlen(name) >= 3 && strlen(name) <= 63 &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-")] == '\0';
}

en_status en_s3_open(en_s3 *s3, const char *source, const en_http_options *options, en_variable_fn *variable,
                     const en_events *events, en_error *err)
{
    const char *name = source + strlen("s3:");
    name += strspn(name, "/");
    size_t length = strcspn(name, "/");
    *s3 = (en_s3){.events = events, .bucket = en_strndup(name, length)};
    s3->key = en_strdup(name + length + strspn(name + length, "/"));
    if (s3->bucket == NULL || s3->key == NULL) {
        return en_error_nomem(err, "a name");
    }
    for (size_t n = strlen(s3->key); n > 0 && s3->key[n - 1] == '/'; n--) {
        s3->key[n - 1] = '\0';
    }
    if (!is_bucket(s3->bucket)) {
        return en_error_set(err, EN_INPUT, "'%s' is not s3://BUCKET/KEY", source);
    }
    en_status st = en_s3_login_find(&s3->login, variable, events, err);
    if (st == EN_OK) {
        st = set_region(s3, err);
    }
    if (st == EN_OK) {
        s3->headers[s3->header_count++] = (en_http_header){"x-amz-checksum-mode", "ENABLED"};
        if (s3->login.secret != NULL) {
            s3->headers[s3->header_count++] = (en_http_header){"x-amz-content-sha256", EMPTY_SHA256};
        }
        if (s3->login.secret != NULL && s3->login.session != NULL) {
            s3->headers[s3->header_count++] = (en_http_header){"x-amz-security-token", s3->login.session};
        }
        st = en_http_new(options, events, &s3->http, err);
    }
    return st;
}

void en_s3_any_volume(en_s3 *s3)
{
    if (en_volume_number(s3->key) > 0) {
        s3->key[strlen(s3->key) - 4] = '\0';
    }
}

void en_s3_close(en_s3 *s3)
{
    en_http_free(s3->http);
    en_s3_login_clear(&s3->login);
    en_free(s3->bucket);
    en_free(s3->key);
    en_free(s3->base);
    en_free(s3->sigv4);
    *s3 = (en_s3){0};
}

/* Answers ---------------------------------------------------------------------------------------------------------- */

/* The text of the first element of that name between `at` and `end`; NULL when there is none. *after is behind it.
 * en_free.
 */
static char *element(const char *at, const char *end, const char *name, const char **after)
{
    char open[40], close[40];
    en_print(open, sizeof open, "<%s>", name);
    en_print(close, sizeof close, "</%s>", name);
    const char *from = memmem(at, (size_t)(end - at), open, strlen(open));
    const char *text = from != NULL ? from + strlen(open) : NULL;
    const char *to = text != NULL ? memmem(text, (size_t)(end - text), close, strlen(close)) : NULL;
    if (to == NULL) {
        return NULL;
    }
    if (after != NULL) {
        *after = to + strlen(close);
    }
    return en_strndup(text, (size_t)(to - text));
}

/* "&quot;x&quot;" in place, as ETags come; other entities stay, which makes them another text and no wrong one. */
static void unquote(char *text)
{
    char *to = text;
    for (const char *c = text; *c != '\0';) {
        bool entity = strncmp(c, "&quot;", 6) == 0;
        *to++ = entity ? '"' : *c;
        c += entity ? 6 : 1;
    }
    *to = '\0';
}

static en_status denied(const en_s3 *s3, const char *code, int status, const char *what, en_error *err)
{
    en_status st = en_error_set(err, EN_DENIED, "S3 denies 's3://%s/%s' (%d%s%s)", s3->bucket, s3->key, status,
                                code != NULL ? ", " : "", code != NULL ? code : "");
    if (s3->login.from == NULL) {
        return en_error_hint(err, st,
                             "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE of ~/.aws/credentials");
    }
    if (code != NULL && strcmp(code, "ExpiredToken") == 0) {
        return en_error_hint(err, st, "the session of '%s' has ended: log in again", s3->login.from);
    }
    return en_error_hint(err, st, "the credentials are those of '%s'; may they %s this bucket?", s3->login.from, what);
}

/* `what` was not allowed when it is denied: "list and read". */
static en_status refuse(const en_s3 *s3, int status, const en_buf *answer, const char *what, en_error *err)
{
    const char *text = en_buf_str(answer);
    char *code = element(text, text + answer->size, "Code", NULL);
    en_status st;
    if (status == 401 || status == 403 ||
        (status == 400 && code != NULL && (strcmp(code, "ExpiredToken") == 0 || strcmp(code, "InvalidToken") == 0))) {
        st = denied(s3, code, status, what, err);
    } else if (status == 404) {
        st = en_error_set(err, EN_INPUT, "there is no bucket '%s' (404)", s3->bucket);
    } else {
        st = en_error_set(err, EN_NETWORK, "S3 answered %d%s%s", status, code != NULL ? ", " : "",
                          code != NULL ? code : "");
    }
    en_free(code);
    return st;
}

static en_status ask(en_s3 *s3, const char *url, en_buf *answer, int *status, en_error *err)
{
    const en_http_request request = {.url = url,
                                     .headers = s3->headers,
                                     .header_count = s3->header_count,
                                     .user = s3->login.key,
                                     .password = s3->login.secret,
                                     .sigv4 = s3->login.secret != NULL ? s3->sigv4 : NULL};
    return en_http_ask(s3->http, &request, answer, status, err);
}

/* Asks for a page; a bucket of another region says which, and is asked there. */
static en_status get_page(en_s3 *s3, const char *query, en_buf *answer, en_error *err)
{
    int status = 0;
    en_status st = EN_OK;
    for (int tries = 0; st == EN_OK && tries < 2; tries++) {
        char *url = en_format("%s/?%s", s3->base, query);
        st = url != NULL ? ask(s3, url, answer, &status, err) : en_error_nomem(err, "a URL");
        en_free(url);
        const char *text = en_buf_str(answer);
        bool other = st == EN_OK && (status == 301 || status == 307 || status == 400) && s3->login.endpoint == NULL;
        char *region = other ? element(text, text + answer->size, "Region", NULL) : NULL;
        if (region == NULL || strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(region)) {
            en_free(region);
            break;
        }
        en_free(s3->login.region);
        s3->login.region = region;
        st = set_region(s3, err);
    }
    return st == EN_OK && status != 200 ? refuse(s3, status, answer, "list and read", err) : st;
}

/* Listings --------------------------------------------------------------------------------------------------------- */

/* What a key is called among the files, or NULL: it is not one of them. Only the names of one object, or of its
 * volumes, go without "KEY/" before them. */
static const char *name_of(const en_s3 *s3, const char *key, bool *single)
{
    size_t length = strlen(s3->key);
    *single = false;
    if (length == 0) {
        return key;
    }
    if (strncmp(key, s3->key, length) != 0) {
        return NULL;
    }
    if (key[length] == '/') {
        return key + length + 1;
    }
    *single = key[length] == '\0' || (strlen(key) == length + 4 && en_volume_number(key) > 0);
    return *single ? en_path_base(key) : NULL;
}

static en_status add_object(const en_s3 *s3, const char *at, const char *end, en_fetch_remote_files files[2],
                            en_error *err)
{
    int64_t bytes = 0;
    bool single = false;
    char *key = element(at, end, "Key", NULL), *size = element(at, end, "Size", NULL),
         *tag = element(at, end, "ETag", NULL);
    en_status st = EN_OK;
    if (key == NULL || size == NULL || !en_parse_int(size, &bytes)) {
        st = en_error_set(err, EN_NETWORK, "the listing of bucket '%s' cannot be read", s3->bucket);
        goto done;
    }
    decode(key);
    if (tag != NULL) {
        unquote(tag);
    }
    const char *name = name_of(s3, key, &single);
    if (name != NULL && name[0] != '\0' && name[strlen(name) - 1] != '/') { /* a key that ends in '/' is a folder */
        st = en_fetch_files_add(&files[single], name, bytes, tag, err);
    }
done:
    en_free(key);
    en_free(size);
    en_free(tag);
    return st;
}

/* One page; *token leads to the next one, NULL at the end. */
static en_status list_page(en_s3 *s3, en_fetch_remote_files files[2], char **token, en_error *err)
{
    en_buf answer, query;
    en_buf_init(&answer, ANSWER_CAP);
    en_buf_init(&query, (size_t)64 << 10);
    en_status st = EN_OK; /* in the order of signatures: of the alphabet */
    if (*token != NULL) {
        st = en_buf_text(&query, "continuation-token=", err);
        st = st == EN_OK ? en_http_escape(&query, *token, false, err) : st;
        st = st == EN_OK ? en_buf_text(&query, "&", err) : st;
    }
    st = st == EN_OK ? en_buf_text(&query, "encoding-type=url&list-type=2&prefix=", err) : st;
    st = st == EN_OK ? en_http_escape(&query, s3->key, false, err) : st;
    st = st == EN_OK ? get_page(s3, en_buf_str(&query), &answer, err) : st;
    const char *at = en_buf_str(&answer), *end = at + answer.size;
    if (st == EN_OK && memmem(at, answer.size, "<ListBucketResult", 17) == NULL) {
        st = en_error_set(err, EN_NETWORK, "the listing of bucket '%s' cannot be read", s3->bucket);
    }
    const char *rest = at;
    while (st == EN_OK && (rest = memmem(at, (size_t)(end - at), "<Contents>", 10)) != NULL) {
        const char *to = memmem(rest, (size_t)(end - rest), "</Contents>", 11);
        st = to != NULL ? add_object(s3, rest, to, files, err)
                        : en_error_set(err, EN_NETWORK, "the listing of bucket '%s' is cut short", s3->bucket);
        at = to != NULL ? to + 11 : end;
    }
    char *more = st == EN_OK ? element(en_buf_str(&answer), end, "IsTruncated", NULL) : NULL;
    char *next = more != NULL && strcmp(more, "true") == 0
                     ? element(en_buf_str(&answer), end, "NextContinuationToken", NULL)
                     : NULL;
    if (more != NULL && strcmp(more, "true") == 0 && (next == NULL || (*token != NULL && strcmp(next, *token) == 0))) {
        st = en_error_set(err, EN_NETWORK, "the listing of bucket '%s' does not end", s3->bucket);
    }
    en_free(*token);
    *token = next;
    en_free(more);
    en_buf_clear(&query);
    en_buf_clear(&answer);
    return st;
}

en_status en_s3_list(en_s3 *s3, en_fetch_remote_files *files, bool *single, en_error *err)
{
    en_fetch_remote_files found[2] = {{0}, {0}}; /* below the key, and of the key itself */
    char *token = NULL;
    unsigned page = 0;
    en_status st = EN_OK;
    do {
        st = list_page(s3, found, &token, err);
    } while (st == EN_OK && token != NULL && ++page < PAGES_MOST);
    en_free(token);
    *single = found[1].count > 0;
    en_fetch_files_clear(&found[*single ? 0 : 1]);
    *files = found[*single ? 1 : 0];
    if (st != EN_OK) {
        en_fetch_files_clear(files);
    }
    return st;
}

/* Objects ---------------------------------------------------------------------------------------------------------- */

en_status en_s3_get(en_s3 *s3, const char *name, en_buf *out, en_error *err)
{
    int status = 0;
    char *url = en_s3_url(s3, name, false);
    en_status st = url != NULL ? ask(s3, url, out, &status, err) : en_error_nomem(err, "a URL");
    en_free(url);
    if (st == EN_OK && status == 404) {
        return EN_DONE;
    }
    return st == EN_OK && status != 200 ? refuse(s3, status, out, "list and read", err) : st;
}

en_status en_s3_put(en_s3 *s3, const char *name, const void *data, size_t bytes, const char *sha256, bool fresh,
                    en_error *err)
{
    en_http_header headers[4] = {{"content-type", "application/octet-stream"}};
    size_t count = 1;
    const bool is_signed = s3->login.secret != NULL;
    if (is_signed) {
        headers[count++] = (en_http_header){"x-amz-content-sha256", sha256};
    }
    if (is_signed && s3->login.session != NULL) {
        headers[count++] = (en_http_header){"x-amz-security-token", s3->login.session};
    }
    if (fresh) {
        headers[count++] = (en_http_header){"if-none-match", "*"};
    }
    char *url = en_s3_url(s3, name, false);
    const en_http_request request = {.url = url,
                                     .method = "PUT",
                                     .headers = headers,
                                     .header_count = count,
                                     .user = s3->login.key,
                                     .password = s3->login.secret,
                                     .sigv4 = is_signed ? s3->sigv4 : NULL,
                                     .body = data,
                                     .body_size = bytes};
    int status = 0;
    en_buf answer;
    en_buf_init(&answer, ANSWER_CAP);
    en_status st = url != NULL ? en_http_ask(s3->http, &request, &answer, &status, err) : en_error_nomem(err, "a URL");
    if (st == EN_OK && fresh && (status == 412 || status == 409)) {
        st = EN_DONE;
    } else if (st == EN_OK && status != 200) {
        st = refuse(s3, status, &answer, "write to", err);
    }
    en_buf_clear(&answer);
    en_free(url);
    return st;
}
