/* Kaggle's interface, as far as fetching needs it: POST BASE/SERVICE/METHOD with JSON, BASE being
 * https://api.kaggle.com/v1 unless EYENET_KAGGLE_URL names another: a mirror, or a server for tests. The forms of
 * requests and answers are those of Kaggle's own client (kagglesdk 0.1.38). For fetch alone. */
#ifndef EN_INTAKE_FETCH_KAGGLE_API_H
#define EN_INTAKE_FETCH_KAGGLE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intake/fetch/kaggle_login.h"
#include "intake/fetch/listing.h"
#include "net/request.h"

/* What "kaggle:..." names: a competition's or a dataset's data, or one file of it. */
typedef struct en_kaggle_name {
    char *owner; /* of a dataset; NULL: a competition */
    char *name;
    char *file; /* with its folders; NULL: all of it */
} en_kaggle_name;

typedef struct en_kaggle {
    en_http *http;
    en_kaggle_login login;
    char *base; /* without a slash at its end */
    const en_events *events;
} en_kaggle;

/* Reads "kaggle:COMPETITION[/FILE]" and "kaggle:OWNER/DATASET[/FILE]". Of two parts the second is a file when it has a
 * dot, which names of datasets do not have; "kaggle:competitions/NAME..." and "kaggle:datasets/OWNER/NAME..." say which
 * it is, as the addresses of Kaggle's pages do. EN_INPUT with the forms. */
en_status en_kaggle_name_parse(en_kaggle_name *name, const char *source, en_error *err) EN_CHECKED;
void en_kaggle_name_clear(en_kaggle_name *name);

/* EN_INPUT for a base that is neither https nor on this machine: credentials go there. */
en_status en_kaggle_open(en_kaggle *kaggle, const en_http_options *options, en_variable_fn *variable,
                         const en_events *events, en_error *err) EN_CHECKED;
void en_kaggle_close(en_kaggle *kaggle);

/* All files, page by page, in Kaggle's order; compared with Kaggle's summary when there is one. EN_DENIED, EN_INPUT and
 * EN_NETWORK say what is to be done. */
en_status en_kaggle_list(en_kaggle *kaggle, const en_kaggle_name *name, en_fetch_remote_files *files,
                         en_error *err) EN_CHECKED;
/* A signed link to one file, or (NULL) to a zip of all of them. It is on a host of Kaggle's storage or on that of BASE,
 * and https unless BASE is not. en_free. */
en_status en_kaggle_link(en_kaggle *kaggle, const en_kaggle_name *name, const char *file, char **url,
                         en_error *err) EN_CHECKED;

#endif
