/* Finding Kaggle's credentials. */
#include "intake/fetch/kaggle_login.h"

#include <jansson.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define SECRET_CAP ((size_t)64 << 10)

/* Digits at `at`, as a number; -1 when one of them is not. */
static int digits(const char *at, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return -1;
        }
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

int64_t en_kaggle_time(const char *text)
{
    static const char form[] = "0000-00-00T00:00:00";
    size_t length = strlen(text);
    if (length < sizeof form - 1) {
        return 0;
    }
    for (size_t i = 0; form[i] != '\0'; i++) {
        if (form[i] == '0' ? (text[i] < '0' || text[i] > '9') : text[i] != form[i] && !(i == 10 && text[i] == ' ')) {
            return 0;
        }
    }
    struct tm tm = {.tm_year = digits(text, 4) - 1900,
                    .tm_mon = digits(text + 5, 2) - 1,
                    .tm_mday = digits(text + 8, 2),
                    .tm_hour = digits(text + 11, 2),
                    .tm_min = digits(text + 14, 2),
                    .tm_sec = digits(text + 17, 2)};
    int64_t at = (int64_t)timegm(&tm);
    const char *end = text + sizeof form - 1;
    end += *end == '.' ? 1 + strspn(end + 1, "0123456789") : 0;
    if ((*end == '+' || *end == '-') && strlen(end) >= 6) {
        int hours = digits(end + 1, 2), minutes = digits(end + 4, 2);
        int64_t offset = hours < 0 || minutes < 0 ? 0 : (int64_t)hours * 3600 + minutes * 60;
        at -= *end == '+' ? offset : -offset;
    }
    return at;
}

typedef struct looking {
    en_kaggle_login *login;
    en_variable_fn *variable;
    const en_events *events;
} looking;

static en_status keep_name(en_kaggle_login *login, const char *from, en_error *err)
{
    login->from = en_strdup(from);
    return login->from != NULL ? EN_OK : en_error_nomem(err, "credentials");
}

/* A file that is a token and nothing else. */
static en_status token_file(const looking *l, const char *path, en_error *err)
{
    en_buf text;
    en_buf_init(&text, SECRET_CAP);
    en_status st = en_secret_read(path, l->events, &text, err);
    if (st == EN_OK && text.size == 0) {
        st = EN_DONE;
    }
    if (st == EN_OK) {
        l->login->bearer = en_strdup(en_buf_str(&text));
        st = l->login->bearer != NULL ? keep_name(l->login, path, err) : en_error_nomem(err, "credentials");
    }
    en_secret_clear(&text);
    return st;
}

static en_status from_token(const looking *l, en_error *err)
{
    static const char *const names[] = {".kaggle/access_token", ".kaggle/access_token.txt"};
    const char *given = en_variable(l->variable, "KAGGLE_API_TOKEN");
    if (given != NULL && en_file_exists(given)) {
        en_status st = token_file(l, given, err);
        return st == EN_DONE ? en_error_set(err, EN_INPUT, "KAGGLE_API_TOKEN names '%s', which is empty", given) : st;
    }
    if (given != NULL) {
        l->login->bearer = en_strdup(given);
        return l->login->bearer != NULL ? keep_name(l->login, "KAGGLE_API_TOKEN", err)
                                        : en_error_nomem(err, "credentials");
    }
    en_status st = EN_DONE;
    for (size_t i = 0; i < 2 && st == EN_DONE; i++) {
        char *path = en_home_path(l->variable, names[i]);
        st = path != NULL ? token_file(l, path, err) : EN_DONE;
        en_free(path);
    }
    return st;
}

/* A file in JSON; EN_DONE when it is not there. *out is json_decref's. */
static en_status json_file(const looking *l, const char *path, json_t **out, en_error *err)
{
    en_buf text;
    en_buf_init(&text, SECRET_CAP);
    *out = NULL;
    en_status st = en_secret_read(path, l->events, &text, err);
    if (st == EN_OK) {
        *out = json_loadb(en_buf_str(&text), text.size, 0, NULL);
        st =
            *out != NULL ? EN_OK : en_error_set(err, EN_INPUT, "'%s' is not JSON: cannot read credentials in it", path);
    }
    en_secret_clear(&text);
    return st;
}

/* The text under a key, copied; NULL for none and for an empty one. */
static char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL && text[0] != '\0' ? en_strdup(text) : NULL;
}

static en_status from_oauth(const looking *l, en_error *err)
{
    json_t *json = NULL;
    char *path = en_home_path(l->variable, ".kaggle/credentials.json");
    en_status st = path != NULL ? json_file(l, path, &json, err) : EN_DONE;
    if (st == EN_OK) {
        const char *expires = json_string_value(json_object_get(json, "access_token_expiration"));
        l->login->refresh = text_of(json, "refresh_token");
        l->login->bearer = text_of(json, "access_token");
        l->login->expires = l->login->bearer != NULL && expires != NULL ? en_kaggle_time(expires) : 0;
        st = l->login->refresh != NULL || l->login->expires > 0 ? keep_name(l->login, path, err) : EN_DONE;
    }
    json_decref(json);
    en_free(path);
    return st;
}

static en_status key_file(const looking *l, const char *folder, en_error *err)
{
    json_t *json = NULL;
    char *path = folder != NULL ? en_path_join(folder, "kaggle.json") : NULL;
    en_status st = path != NULL ? json_file(l, path, &json, err) : EN_DONE;
    if (st == EN_OK) {
        l->login->user = text_of(json, "username");
        l->login->key = text_of(json, "key");
        st = l->login->user != NULL && l->login->key != NULL
                 ? keep_name(l->login, path, err)
                 : en_error_set(err, EN_INPUT, "'%s' has no username or no key in it", path);
    }
    json_decref(json);
    en_free(path);
    return st;
}

static en_status from_key(const looking *l, en_error *err)
{
    const char *user = en_variable(l->variable, "KAGGLE_USERNAME"), *key = en_variable(l->variable, "KAGGLE_KEY");
    if (user != NULL && key != NULL) {
        l->login->user = en_strdup(user);
        l->login->key = en_strdup(key);
        return l->login->user != NULL && l->login->key != NULL ? keep_name(l->login, "KAGGLE_KEY", err)
                                                               : en_error_nomem(err, "credentials");
    }
    const char *folder = en_variable(l->variable, "KAGGLE_CONFIG_DIR"),
               *xdg = en_variable(l->variable, "XDG_CONFIG_HOME");
    if (folder != NULL) {
        return key_file(l, folder, err);
    }
    char *home = en_home_path(l->variable, ".kaggle");
    char *config = xdg != NULL ? en_path_join(xdg, "kaggle") : en_home_path(l->variable, ".config/kaggle");
    en_status st = key_file(l, home, err);
    if (st == EN_DONE) {
        st = key_file(l, config, err);
    }
    en_free(home);
    en_free(config);
    return st;
}

en_status en_kaggle_login_find(en_kaggle_login *login, en_variable_fn *variable, const en_events *events, en_error *err)
{
    *login = (en_kaggle_login){0};
    const looking l = {.login = login, .variable = variable, .events = events};
    en_status st = from_token(&l, err);
    if (st == EN_DONE) {
        st = from_oauth(&l, err);
    }
    if (st == EN_DONE) {
        en_kaggle_login_clear(login);
        st = from_key(&l, err);
    }
    if (st != EN_OK) {
        en_kaggle_login_clear(login);
    }
    return st == EN_DONE ? EN_OK : st;
}

void en_kaggle_login_clear(en_kaggle_login *login)
{
    en_secret_free(login->bearer);
    en_secret_free(login->user);
    en_secret_free(login->key);
    en_secret_free(login->refresh);
    en_free(login->from);
    *login = (en_kaggle_login){0};
}
