/* The ranges of a part, several at once. For http.c alone. */
#ifndef EN_NET_PARALLEL_H
#define EN_NET_PARALLEL_H

#include "net/answer.h"
#include "net/part.h"
#include "net/route.h"

/* What the server turned out to do. */
typedef enum en_http_ranges_end {
    EN_RANGES_SERVED,
    EN_RANGES_CHANGED, /* it has another version of the file */
    EN_RANGES_UNFIT    /* it does not send the ranges that it is asked for */
} en_http_ranges_end;

typedef struct en_http_parallel {
    en_http *http; /* borrowed, all of these */
    en_http_route *route;
    en_http_part *part;    /* with pieces */
    en_http_answer *first; /* takes an answer's headers, and *at the URL that they came from, if it has none yet */
    char **at;
    int status;             /* of the last answer, 0: none */
    en_http_ranges_end end; /* not EN_RANGES_SERVED only with EN_NETWORK: what came is of no use then */
} en_http_parallel;

/* Downloads what is missing of the pieces. A range that breaks is taken up where it broke, as often in a row without a
 * new MiB as the options allow; a server that refuses several at once is asked for fewer. The error of a range that
 * is given up ends all; what came is saved. */
en_status en_http_parallel_run(en_http_parallel *p, en_error *err) EN_CHECKED;

#endif
