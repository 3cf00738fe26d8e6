/* What the process finds around it: environment and terminals. Read once, here and nowhere else. */
#ifndef EN_CLI_ENVIRONMENT_H
#define EN_CLI_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "net/http.h"

typedef struct en_environment {
    const char *isa;             /* EYENET_ISA or NULL */
    const char *convolution;     /* EYENET_CONV or NULL */
    unsigned threads;            /* EYENET_THREADS or 0 */
    bool utf8;                   /* LC_ALL, LC_CTYPE or LANG speak UTF-8 */
    bool err_live;               /* a terminal that can draw a line anew: TERM is not dumb */
    bool out_colour, err_colour; /* such a terminal, and no NO_COLOR */
    size_t out_width, err_width; /* columns: COLUMNS, or the terminal's; 0: no limit */
} en_environment;

/* EN_USAGE when one of eyenet's environment variables is invalid. Chooses the process's character type, too. */
en_status en_environment_read(en_environment *out, en_error *err) EN_CHECKED;
/* The size of the terminal that results go to as it is now; what is not known stays as it was. */
void en_environment_terminal(size_t *columns, size_t *rows);
/* How downloads are made here, as the tools of curl and of OpenSSL have it: the certificates to be trusted by
 * CURL_CA_BUNDLE, or else by SSL_CERT_FILE and SSL_CERT_DIR. libcurl reads only the variables of proxies. */
en_http_options en_environment_http(void);
/* The value of a variable, or NULL when it is missing or empty; borrowed. For what looks up credentials. */
const char *en_environment_variable(const char *name);

#endif
