/* Reading AWS's variables and files. */
#include "intake/fetch/s3_login.h"

#include <string.h>

#include "base/memory.h"
#include "net/http.h"

#define FILE_CAP ((size_t)1 << 20)

typedef struct looking {
    en_s3_login *login;
    en_variable_fn *variable;
    const en_events *events;
    const char *profile;
    bool found; /* the profile */
} looking;

/* Sets a field that is not set yet. */
static en_status keep(char **field, const char *value, size_t length, en_error *err)
{
    if (*field != NULL || length == 0) {
        return EN_OK;
    }
    *field = en_strndup(value, length);
    return *field != NULL ? EN_OK : en_error_nomem(err, "credentials");
}

static en_status take_line(looking *l, const char *line, size_t length, en_error *err)
{
    en_s3_login *to = l->login;
    struct {
        const char *name;
        char **field;
    } const fields[] = {{"aws_access_key_id", &to->key},
                        {"aws_secret_access_key", &to->secret},
                        {"aws_session_token", &to->session},
                        {"region", &to->region},
                        {"endpoint_url", &to->endpoint}};
    const char *equals = memchr(line, '=', length);
    if (equals == NULL) {
        return EN_OK;
    }
    size_t name = (size_t)(equals - line);
    while (name > 0 && (line[name - 1] == ' ' || line[name - 1] == '\t')) {
        name--;
    }
    const char *value = equals + 1, *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t')) {
        value++;
    }
    while (end > value && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) {
        end--;
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (strlen(fields[i].name) == name && strncmp(line, fields[i].name, name) == 0) {
            return keep(fields[i].field, value, (size_t)(end - value), err);
        }
    }
    return EN_OK;
}

/* Whether "[NAME]" or "[profile NAME]" begins the profile that is looked for. */
static bool is_profile(const looking *l, const char *line, size_t length)
{
    size_t name = strlen(l->profile);
    const char *at = line + 1;
    size_t rest = length > 1 ? length - 1 : 0;
    if (rest > 8 && strncmp(at, "profile ", 8) == 0) {
        at += 8;
        rest -= 8;
    }
    return rest > name && strncmp(at, l->profile, name) == 0 && at[name] == ']';
}

/* The lines of the profile in a file of sections; a file that is not there has none. */
static en_status read_profile(looking *l, const char *path, bool secret, en_error *err)
{
    en_buf text;
    en_buf_init(&text, FILE_CAP);
    static const en_events nobody = {0};
    en_status st = path != NULL ? en_secret_read(path, secret ? l->events : &nobody, &text, err) : EN_DONE;
    bool inside = false;
    for (const char *at = en_buf_str(&text); st == EN_OK && *at != '\0';) {
        size_t length = strcspn(at, "\n");
        if (*at == '[') {
            inside = is_profile(l, at, length);
            l->found = l->found || inside;
        } else if (inside && *at != '#' && *at != ';' && *at != ' ' && *at != '\t') {
            st = take_line(l, at, length, err);
        }
        at += length + (at[length] == '\n');
    }
    if (st == EN_OK && l->login->secret != NULL && l->login->from == NULL) {
        l->login->from = en_strdup(path);
    }
    en_secret_clear(&text);
    return st == EN_DONE ? EN_OK : st;
}

static en_status from_variables(looking *l, en_error *err)
{
    const char *key = en_variable(l->variable, "AWS_ACCESS_KEY_ID");
    const char *secret = en_variable(l->variable, "AWS_SECRET_ACCESS_KEY");
    const char *session = en_variable(l->variable, "AWS_SESSION_TOKEN");
    if (key == NULL || secret == NULL) {
        return EN_OK;
    }
    en_status st = keep(&l->login->key, key, strlen(key), err);
    if (st == EN_OK) {
        st = keep(&l->login->secret, secret, strlen(secret), err);
    }
    if (st == EN_OK && session != NULL) {
        st = keep(&l->login->session, session, strlen(session), err);
    }
    l->login->from = en_strdup("AWS_ACCESS_KEY_ID");
    return st;
}

static en_status from_files(looking *l, en_error *err)
{
    const char *shared = en_variable(l->variable, "AWS_SHARED_CREDENTIALS_FILE");
    const char *config = en_variable(l->variable, "AWS_CONFIG_FILE");
    char *credentials = shared != NULL ? en_strdup(shared) : en_home_path(l->variable, ".aws/credentials");
    char *settings = config != NULL ? en_strdup(config) : en_home_path(l->variable, ".aws/config");
    en_s3_login given = *l->login; /* credentials of variables are a whole: nothing of a file joins them */
    en_status st = read_profile(l, credentials, given.secret == NULL, err);
    if (st == EN_OK) {
        st = read_profile(l, settings, false, err);
    }
    if (given.secret != NULL && given.session == NULL) {
        en_secret_free(l->login->session);
        l->login->session = NULL;
    }
    en_free(credentials);
    en_free(settings);
    return st;
}

static en_status set_from(looking *l, char **field, const char *const *names, en_error *err)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        const char *value = en_variable(l->variable, names[i]);
        en_status st = value != NULL ? keep(field, value, strlen(value), err) : EN_OK;
        if (st != EN_OK) {
            return st;
        }
    }
    return EN_OK;
}

static en_status find_all(looking *l, en_error *err)
{
    static const char *const regions[] = {"AWS_REGION", "AWS_DEFAULT_REGION", NULL};
    static const char *const endpoints[] = {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", NULL};
    const char *named = en_variable(l->variable, "AWS_PROFILE");
    l->profile = named != NULL ? named : "default";
    en_status st = from_variables(l, err);
    if (st == EN_OK) {
        st = set_from(l, &l->login->region, regions, err);
    }
    if (st == EN_OK) {
        st = set_from(l, &l->login->endpoint, endpoints, err);
    }
    if (st == EN_OK) {
        st = from_files(l, err);
    }
    if (st == EN_OK && named != NULL && !l->found) {
        st = en_error_set(err, EN_INPUT, "AWS_PROFILE names '%s', and there is no such profile in ~/.aws", named);
    }
    return st == EN_OK ? keep(&l->login->region, "us-east-1", 9, err) : st;
}

en_status en_s3_login_find(en_s3_login *login, en_variable_fn *variable, const en_events *events, en_error *err)
{
    char host[EN_HTTP_NAME];
    bool https;
    *login = (en_s3_login){0};
    looking l = {.login = login, .variable = variable, .events = events};
    en_status st = find_all(&l, err);
    if (st == EN_OK && login->endpoint != NULL && !en_http_host(login->endpoint, host, &https)) {
        st = en_error_set(err, EN_INPUT, "the endpoint of S3 is not an http or https URL");
    }
    for (size_t n = st == EN_OK && login->endpoint != NULL ? strlen(login->endpoint) : 0;
         n > 0 && login->endpoint[n - 1] == '/'; n--) {
        login->endpoint[n - 1] = '\0';
    }
    if (st != EN_OK) {
        en_s3_login_clear(login);
    }
    return st;
}

void en_s3_login_clear(en_s3_login *login)
{
    en_secret_free(login->key);
    en_secret_free(login->secret);
    en_secret_free(login->session);
    en_free(login->region);
    en_free(login->endpoint);
    en_free(login->from);
    *login = (en_s3_login){0};
}
