/* Requests to Kaggle, and what their answers mean. Uses jansson. */
#include "intake/fetch/kaggle_api.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "archive/reader.h"
#include "base/memory.h"
#include "base/text.h"

#define BASE "https://api.kaggle.com/v1"
#define ANSWER_CAP ((size_t)16 << 20)
#define PAGE 200
#define PAGES_MOST 20000
#define FILES_MOST 2000000
#define RENEW_BEFORE_S 300 /* a token that ends so soon is renewed first */
#define SITE "https://www.kaggle.com"

/* Opening ---------------------------------------------------------------------------------------------------------- */

static bool is_this_machine(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
}

en_status en_kaggle_open(en_kaggle *k, const en_http_options *options, en_variable_fn *variable,
                         const en_events *events, en_error *err)
{
    char host[EN_HTTP_NAME];
    bool https = false;
    const char *base = en_variable(variable, "EYENET_KAGGLE_URL");
    base = base != NULL ? base : BASE;
    *k = (en_kaggle){.events = events, .base = en_strdup(base)};
    if (k->base == NULL) {
        return en_error_nomem(err, "an address");
    }
    for (size_t n = strlen(k->base); n > 0 && k->base[n - 1] == '/'; n--) {
        k->base[n - 1] = '\0';
    }
    if (!en_http_host(k->base, host, &https) || (!https && !is_this_machine(host))) {
        return en_error_set(err, EN_INPUT, "EYENET_KAGGLE_URL must be an https address: credentials are sent there");
    }
    en_status st = en_kaggle_login_find(&k->login, variable, events, err);
    return st == EN_OK ? en_http_new(options, events, &k->http, err) : st;
}

void en_kaggle_close(en_kaggle *k)
{
    en_http_free(k->http);
    en_kaggle_login_clear(&k->login);
    en_free(k->base);
    *k = (en_kaggle){0};
}

/* Requests --------------------------------------------------------------------------------------------------------- */

/* One call. `login` says whether credentials go with it. *status is the HTTP status; the answer's text is in `answer`.
 */
static en_status call(en_kaggle *k, const char *method, const json_t *body, bool login, en_buf *answer, int *status,
                      en_error *err)
{
    static const en_http_header headers[] = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    char *url = en_format("%s/%s", k->base, method), *text = json_dumps(body, JSON_COMPACT);
    en_status st = url != NULL && text != NULL ? EN_OK : en_error_nomem(err, "a request");
    if (st == EN_OK) {
        const en_http_request request = {.url = url,
                                         .headers = headers,
                                         .header_count = 2,
                                         .bearer = login ? k->login.bearer : NULL,
                                         .user = login && k->login.bearer == NULL ? k->login.user : NULL,
                                         .password = k->login.key,
                                         .body = text,
                                         .body_size = strlen(text)};
        st = en_http_ask(k->http, &request, answer, status, err);
    }
    en_free(url);
    free(text); /* jansson's */
    return st;
}

/* A new token for the one that ends, which is not used any longer. */
static en_status renew(en_kaggle *k, en_error *err)
{
    int status = 0;
    en_buf answer;
    en_buf_init(&answer, ANSWER_CAP);
    json_t *json = NULL, *body = json_pack("{s:s, s:s, s:s}", "refreshToken", k->login.refresh, "apiVersion",
                                           "API_VERSION_V1", "expirationDuration", "43200s");
    en_status st = body != NULL
                       ? call(k, "users.AccountService/GenerateAccessToken", body, false, &answer, &status, err)
                       : en_error_nomem(err, "a request");
    if (st != EN_OK) {
        en_error_prefix(err, "the token of '%s' could not be renewed", k->login.from);
        goto done;
    }
    json = json_loadb(en_buf_str(&answer), answer.size, 0, NULL);
    const char *token = json_string_value(json_object_get(json, "token"));
    if (status >= 500 || status == 429) {
        st = en_error_hint(err,
                           en_error_set(err, EN_NETWORK, "Kaggle answered %d when the token of '%s' was to be renewed",
                                        status, k->login.from),
                           "try again later");
        goto done;
    }
    if (status != 200 || token == NULL || token[0] == '\0') {
        st = en_error_hint(
            err, en_error_set(err, EN_DENIED, "Kaggle does not renew the token of '%s' (%d)", k->login.from, status),
            "log in again: kaggle auth login");
        goto done;
    }
    en_secret_free(k->login.bearer);
    k->login.bearer = en_strdup(token);
    json_int_t seconds = json_integer_value(json_object_get(json, "expiresIn"));
    k->login.expires = (int64_t)time(NULL) + (seconds > 0 ? (int64_t)seconds : 43200);
    st = k->login.bearer != NULL ? EN_OK : en_error_nomem(err, "a token");
done:
    json_decref(json);
    json_decref(body);
    en_secret_clear(&answer);
    return st;
}

/* What Kaggle says in an error's answer, as it may be shown: one short line, and never what was sent to it. */
static const char *said(const en_kaggle *k, const char *answer, size_t size, char out[200])
{
    json_t *json = json_loadb(answer, size, 0, NULL);
    const char *text = json_string_value(json_object_get(json, "message"));
    const char *secrets[] = {k->login.bearer, k->login.key, k->login.refresh, "Basic", "Bearer"};
    out[0] = '\0';
    for (size_t i = 0; text != NULL && i < sizeof secrets / sizeof *secrets; i++) {
        text = secrets[i] != NULL && strstr(text, secrets[i]) != NULL ? NULL : text;
    }
    if (text != NULL && text[0] != '\0') {
        en_print(out, 200, ": %s", text);
        for (char *c = out; *c != '\0'; c++) {
            *c = (unsigned char)*c < ' ' || *c == 0x7f ? ' ' : *c;
        }
    }
    json_decref(json);
    return out;
}

static en_status unauthorised(const en_kaggle *k, const char *why, en_error *err)
{
    if (k->login.from == NULL) {
        return en_error_hint(err, en_error_set(err, EN_DENIED, "Kaggle wants to know who you are (401)%s", why),
                             "make an API token at " SITE
                             "/settings and put it in ~/.kaggle/access_token (chmod 600) or in KAGGLE_API_TOKEN");
    }
    return en_error_hint(
        err, en_error_set(err, EN_DENIED, "Kaggle does not accept the credentials of '%s' (401)%s", k->login.from, why),
        "they may have expired: make a new API token at " SITE "/settings and put it in ~/.kaggle/access_token");
}

static en_status forbidden(const en_kaggle *k, const en_kaggle_name *name, const char *why, en_error *err)
{
    const char *token = k->login.from == NULL ? ", with an API token in ~/.kaggle/access_token" : "";
    if (name->owner != NULL) {
        return en_error_hint(
            err, en_error_set(err, EN_DENIED, "Kaggle denies dataset '%s/%s' (403)%s", name->owner, name->name, why),
            "see whether you may download it at " SITE "/datasets/%s/%s%s", name->owner, name->name, token);
    }
    return en_error_hint(
        err, en_error_set(err, EN_DENIED, "Kaggle denies the data of competition '%s' (403)%s", name->name, why),
        "accept its rules at " SITE "/competitions/%s/rules and repeat the command%s", name->name, token);
}

static en_status not_there(const en_kaggle_name *name, en_error *err)
{
    if (name->owner != NULL) {
        return en_error_hint(
            err, en_error_set(err, EN_INPUT, "there is no dataset '%s/%s' on Kaggle (404)", name->owner, name->name),
            "its name is the end of its address: " SITE "/datasets/OWNER/NAME");
    }
    return en_error_hint(err, en_error_set(err, EN_INPUT, "there is no competition '%s' on Kaggle (404)", name->name),
                         "its name is the end of its address: " SITE "/competitions/NAME; a dataset is OWNER/NAME");
}

/* What an answer other than the one that was hoped for means. */
static en_status refuse(const en_kaggle *k, const en_kaggle_name *name, int status, const en_buf *answer, en_error *err)
{
    char why[200];
    said(k, en_buf_str(answer), answer->size, why);
    switch (status) {
    case 401: return unauthorised(k, why, err);
    case 403: return forbidden(k, name, why, err);
    case 404: return not_there(name, err);
    default: return en_error_set(err, EN_NETWORK, "Kaggle answered %d%s", status, why);
    }
}

/* A call about the data of `name`, with what lets one in; a token that ends is renewed, once more when it is denied. */
static en_status ask(en_kaggle *k, const char *method, const json_t *body, en_buf *answer, int *status, en_error *err)
{
    en_kaggle_login *l = &k->login;
    bool ends = l->bearer == NULL || (l->expires > 0 && l->expires - (int64_t)time(NULL) < RENEW_BEFORE_S) ||
                (l->refresh != NULL && l->expires == 0);
    en_status st = l->refresh != NULL && ends ? renew(k, err) : EN_OK;
    if (st == EN_OK) {
        st = call(k, method, body, true, answer, status, err);
    }
    if (st == EN_OK && *status == 401 && l->refresh != NULL && !ends) {
        st = renew(k, err);
        st = st == EN_OK ? call(k, method, body, true, answer, status, err) : st;
    }
    return st;
}

/* {"competitionName": NAME} or {"ownerSlug": OWNER, "datasetSlug": NAME}, to which more may be added. */
static json_t *about(const en_kaggle_name *name)
{
    return name->owner != NULL ? json_pack("{s:s, s:s}", "ownerSlug", name->owner, "datasetSlug", name->name)
                               : json_pack("{s:s}", "competitionName", name->name);
}

#define COMPETITIONS "competitions.CompetitionApiService/"
#define DATASETS "datasets.DatasetApiService/"

/* Listings --------------------------------------------------------------------------------------------------------- */

/* A 64-bit number, which some servers write as a text (the JSON form of protocol buffers). */
static int64_t number_of(const json_t *value)
{
    int64_t number = 0;
    if (json_is_integer(value)) {
        number = (int64_t)json_integer_value(value);
    } else if (json_is_string(value) && !en_parse_int(json_string_value(value), &number)) {
        number = 0;
    }
    return number > 0 ? number : 0;
}

static en_status add_file(en_fetch_remote_files *files, const json_t *file, en_error *err)
{
    const char *name = json_string_value(json_object_get(file, "name"));
    if (name == NULL || files->count == FILES_MOST) {
        return en_error_set(err, EN_NETWORK, "Kaggle's listing cannot be read: %s",
                            name == NULL ? "a file has no name" : "it is too long");
    }
    return en_fetch_files_add(files, name, number_of(json_object_get(file, "totalBytes")), NULL, err);
}

/* One page; *next is the token of the one after it, "" at the end. en_free. */
static en_status list_page(en_kaggle *k, const en_kaggle_name *name, en_fetch_remote_files *files, char **token,
                           en_error *err)
{
    int status = 0;
    en_buf answer;
    en_buf_init(&answer, ANSWER_CAP);
    json_t *json = NULL, *body = about(name);
    en_status st = body != NULL && json_object_set_new(body, "pageSize", json_integer(PAGE)) == 0 &&
                           (*token == NULL || json_object_set_new(body, "pageToken", json_string(*token)) == 0)
                       ? EN_OK
                       : en_error_nomem(err, "a request");
    if (st == EN_OK) {
        st = ask(k, name->owner != NULL ? DATASETS "ListDatasetFiles" : COMPETITIONS "ListDataFiles", body, &answer,
                 &status, err);
    }
    if (st == EN_OK && status != 200) {
        st = refuse(k, name, status, &answer, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    json = json_loadb(en_buf_str(&answer), answer.size, 0, NULL);
    const json_t *list = json_object_get(json, name->owner != NULL ? "datasetFiles" : "files");
    if (json == NULL || (list != NULL && !json_is_array(list))) {
        st = en_error_set(err, EN_NETWORK, "Kaggle's listing of '%s' cannot be read", name->name);
        goto done;
    }
    for (size_t i = 0; i < json_array_size(list) && st == EN_OK; i++) {
        st = add_file(files, json_array_get(list, i), err);
    }
    const char *next = json_string_value(json_object_get(json, "nextPageToken"));
    next = next != NULL ? next : "";
    if (st == EN_OK && *token != NULL && next[0] != '\0' && strcmp(next, *token) == 0) {
        st = en_error_set(err, EN_NETWORK, "Kaggle's listing of '%s' does not end: a page leads to itself", name->name);
    }
    en_free(*token);
    *token = en_strdup(next);
    st = st == EN_OK && *token == NULL ? en_error_nomem(err, "a listing") : st;
done:
    json_decref(json);
    json_decref(body);
    en_buf_clear(&answer);
    return st;
}

/* How many files Kaggle counts, and their bytes; *count is -1 when it does not say. */
static en_status summary(en_kaggle *k, const en_kaggle_name *name, int64_t *count, int64_t *bytes, en_error *err)
{
    int status = 0;
    en_buf answer;
    en_buf_init(&answer, ANSWER_CAP);
    json_t *json = NULL, *body = about(name);
    *count = -1;
    *bytes = 0;
    en_status st = body != NULL ? ask(k,
                                      name->owner != NULL ? DATASETS "GetDatasetFilesSummary"
                                                          : COMPETITIONS "GetCompetitionDataFilesSummary",
                                      body, &answer, &status, err)
                                : en_error_nomem(err, "a request");
    if (st == EN_OK && status == 200) {
        json = json_loadb(en_buf_str(&answer), answer.size, 0, NULL);
        const json_t *info = json_object_get(json, "fileSummaryInfo");
        const json_t *types = json_object_get(info, "fileTypes");
        *count = info != NULL ? number_of(json_object_get(info, "totalFileCount")) : -1;
        for (size_t i = 0; i < json_array_size(types); i++) {
            *bytes += number_of(json_object_get(json_array_get(types, i), "totalSize"));
        }
    }
    json_decref(json);
    json_decref(body);
    en_buf_clear(&answer);
    return st;
}

en_status en_kaggle_list(en_kaggle *k, const en_kaggle_name *name, en_fetch_remote_files *files, en_error *err)
{
    char *token = NULL;
    int64_t count, bytes;
    *files = (en_fetch_remote_files){0};
    en_status st = EN_OK;
    for (unsigned page = 0; st == EN_OK && (token == NULL || token[0] != '\0'); page++) {
        st = page < PAGES_MOST ? list_page(k, name, files, &token, err)
                               : en_error_set(err, EN_NETWORK, "Kaggle's listing of '%s' does not end", name->name);
    }
    if (st == EN_OK) {
        st = summary(k, name, &count, &bytes, err);
    }
    if (st == EN_OK && count >= 0 && (count != (int64_t)files->count || (bytes > 0 && bytes != files->bytes))) {
        st = en_error_set(
            err, EN_NETWORK,
            "Kaggle lists %zu files with %lld bytes of '%s', and counts %lld with %lld: its listing is not "
            "complete; try again later",
            files->count, (long long)files->bytes, name->name, (long long)count, (long long)bytes);
    }
    en_free(token);
    if (st != EN_OK) {
        en_fetch_files_clear(files);
    }
    return st;
}

/* Links ------------------------------------------------------------------------------------------------------------ */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcasecmp(text + length - tail, end) == 0;
}

/* A link leads to Kaggle's storage: elsewhere photographs could be anybody's. */
static en_status check_link(const en_kaggle *k, const char *url, en_error *err)
{
    static const char *const hosts[] = {".googleapis.com", ".kaggle.com", ".kaggleusercontent.com",
                                        ".googleusercontent.com"};
    char host[EN_HTTP_NAME] = "", base[EN_HTTP_NAME] = "";
    bool https = false, base_https = true;
    if (!en_http_host(k->base, base, &base_https) || !en_http_host(url, host, &https)) {
        return en_error_set(err, EN_NETWORK, "Kaggle's link to the file is not an https URL");
    }
    if (!https && base_https) {
        return en_error_set(err, EN_NETWORK, "refused Kaggle's link to the file: it is plain http, to '%s'", host);
    }
    bool known = strcasecmp(host, base) == 0;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts && !known; i++) {
        known = https && ends_with(host, hosts[i]);
    }
    return known ? EN_OK
                 : en_error_set(err, EN_NETWORK, "refused Kaggle's link to the file: '%s' is not its storage", host);
}

en_status en_kaggle_link(en_kaggle *k, const en_kaggle_name *name, const char *file, char **url, en_error *err)
{
    int status = 0;
    en_buf answer;
    en_buf_init(&answer, ANSWER_CAP);
    *url = NULL;
    json_t *body = about(name);
    en_status st = body != NULL && (file == NULL || json_object_set_new(body, "fileName", json_string(file)) == 0)
                       ? EN_OK
                       : en_error_nomem(err, "a request");
    if (st == EN_OK) {
        st = ask(k,
                 name->owner != NULL ? DATASETS "DownloadDataset"
                 : file != NULL      ? COMPETITIONS "DownloadDataFile"
                                     : COMPETITIONS "DownloadDataFiles",
                 body, &answer, &status, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    bool redirect = status == 302 || status == 301 || status == 303 || status == 307 || status == 308;
    *url = redirect ? en_http_location(k->http) : NULL;
    if (!redirect) {
        st = status == 200 ? en_error_set(err, EN_INPUT, "Kaggle gave no link to the file")
                           : refuse(k, name, status, &answer, err);
    } else {
        st = *url != NULL ? check_link(k, *url, err) : en_error_set(err, EN_INPUT, "Kaggle gave no link to the file");
    }
done:
    if (st != EN_OK) {
        en_free(*url);
        *url = NULL;
    }
    json_decref(body);
    en_buf_clear(&answer);
    return st;
}

/* Names ------------------------------------------------------------------------------------------------------------ */

static bool is_slug(const char *text)
{
    return text[0] != '\0' &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] == '\0';
}

/* Cuts the text before its next '/'; returns what follows, or NULL. */
static char *cut(char *text)
{
    char *slash = text != NULL ? strchr(text, '/') : NULL;
    if (slash != NULL) {
        *slash++ = '\0';
    }
    return slash;
}

en_status en_kaggle_name_parse(en_kaggle_name *name, const char *source, en_error *err)
{
    char *copy = en_strdup(source + strlen("kaggle:"));
    *name = (en_kaggle_name){0};
    if (copy == NULL) {
        return en_error_nomem(err, "a name");
    }
    char *first = copy + strspn(copy, "/"), *rest = cut(first), *owner = NULL;
    if (strcmp(first, "competitions") == 0 || strcmp(first, "c") == 0) {
        first = rest;
        rest = cut(first);
    } else if (strcmp(first, "datasets") == 0) {
        owner = rest;
        first = cut(owner);
        rest = cut(first);
    } else if (rest != NULL && strchr(rest, '.') == NULL && rest[0] != '\0' && strchr(rest, '/') == NULL) {
        owner = first;
        first = rest;
        rest = NULL;
    } else if (rest != NULL && strchr(rest, '/') != NULL && memchr(rest, '.', strcspn(rest, "/")) == NULL) {
        owner = first; /* OWNER/DATASET/FILE; the file of a competition in a folder is competitions/NAME/FOLDER/FILE */
        first = rest;
        rest = cut(first);
    }
    rest = rest != NULL && rest[0] != '\0' ? rest : NULL;
    if (first == NULL || !is_slug(first) || (owner != NULL && !is_slug(owner)) ||
        (rest != NULL && en_archive_check_path(rest, NULL) != EN_OK)) {
        en_free(copy);
        return en_error_set(err, EN_INPUT,
                            "'%s' is not kaggle:COMPETITION, kaggle:OWNER/DATASET, or one of these with /FILE", source);
    }
    name->owner = owner != NULL ? en_strdup(owner) : NULL;
    name->name = en_strdup(first);
    name->file = rest != NULL ? en_strdup(rest) : NULL;
    bool ok = name->name != NULL && (owner == NULL || name->owner != NULL) && (rest == NULL || name->file != NULL);
    en_free(copy);
    if (!ok) {
        en_kaggle_name_clear(name);
        return en_error_nomem(err, "a name");
    }
    return EN_OK;
}

void en_kaggle_name_clear(en_kaggle_name *name)
{
    en_free(name->owner);
    en_free(name->name);
    en_free(name->file);
    *name = (en_kaggle_name){0};
}
