/* Who one is to Kaggle: credentials from where Kaggle's own tools keep them. For fetch alone. */
#ifndef EN_INTAKE_FETCH_KAGGLE_LOGIN_H
#define EN_INTAKE_FETCH_KAGGLE_LOGIN_H

#include <stdint.h>

#include "intake/fetch/secret.h"

/* Either a token (Bearer), or a user and a key (Basic), or nothing: public datasets need neither. */
typedef struct en_kaggle_login {
    char *bearer;
    char *user, *key;
    char *refresh;   /* with which a new `bearer` is had; NULL: it cannot be renewed */
    int64_t expires; /* of the bearer, seconds since 1970; 0: unknown, and with `refresh` it has to be renewed first */
    char *from;      /* a variable's or a file's name, for messages; NULL: nothing was found */
} en_kaggle_login;

/* Looks, and takes the first: KAGGLE_API_TOKEN (a token, or the path of a file of one); ~/.kaggle/access_token and
 * access_token.txt; ~/.kaggle/credentials.json, which `kaggle auth login` writes; KAGGLE_USERNAME with KAGGLE_KEY;
 * kaggle.json in KAGGLE_CONFIG_DIR, or else in ~/.kaggle, or else in XDG_CONFIG_HOME/kaggle (~/.config/kaggle).
 * EN_INPUT for a file that is there and cannot be read. */
en_status en_kaggle_login_find(en_kaggle_login *login, en_variable_fn *variable, const en_events *events,
                               en_error *err) EN_CHECKED;
void en_kaggle_login_clear(en_kaggle_login *login);

/* "2026-11-26T07:30:00+00:00", with or without a fraction and an offset, in seconds since 1970; 0 when it is not that.
 */
int64_t en_kaggle_time(const char *text);

#endif
