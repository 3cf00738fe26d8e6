/* Credentials, region and endpoint for S3, from where AWS's tools keep them. */
#ifndef EN_INTAKE_FETCH_S3_LOGIN_H
#define EN_INTAKE_FETCH_S3_LOGIN_H

#include "intake/fetch/secret.h"

typedef struct en_s3_login {
    char *key, *secret; /* NULL: requests are not signed, as for public buckets */
    char *session;      /* token of temporary credentials, or NULL */
    char *region;
    char *endpoint; /* without a slash at its end; NULL: Amazon's */
    char *from;     /* a variable's or a file's name, for messages; NULL: nothing was found */
} en_s3_login;

/* AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or else the profile AWS_PROFILE ("default") of
 * AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials) and AWS_CONFIG_FILE (~/.aws/config). The region is AWS_REGION,
 * AWS_DEFAULT_REGION, the profile's, or us-east-1; the endpoint AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or the profile's.
 * EN_INPUT for AWS_PROFILE without such a profile, and for an endpoint that is not a URL. */
en_status en_s3_login_find(en_s3_login *login, en_variable_fn *variable, const en_events *events,
                           en_error *err) EN_CHECKED;
void en_s3_login_clear(en_s3_login *login);

#endif
