/* Archives inside of an archive: each comes out into downloads/, is fetched as a source of its own, "OUTER!/PATH", and
 * is removed again. For fetch alone.
 *
 * What is inside is hostile until shown otherwise: archives lie at most EN_FETCH_DEEP deep in one another, there are
 * at most EN_FETCH_INNER_MOST of them, and all that comes out of one source together is held to EN_FETCH_INNER_RATIO
 * times its own size (and always allowed 64 MiB). */
#ifndef EN_INTAKE_FETCH_INSIDE_H
#define EN_INTAKE_FETCH_INSIDE_H

#include "intake/fetch/job.h"

#define EN_FETCH_DEEP 3
#define EN_FETCH_INNER_MOST 1000
#define EN_FETCH_INNER_RATIO 200

/* What may still come out of the outermost archive. */
typedef struct en_fetch_budget {
    int64_t bytes, archives;
} en_fetch_budget;

/* The place of a source inside of another one. */
struct en_fetch_inside {
    const char *uri;  /* of the source, as in the catalog */
    const char *etag; /* of lengths and checksums in the outer directory; NULL: it has none */
    unsigned depth;   /* 1: in a source of its own */
    en_fetch_budget *budget;
};

/* Fetches the archives in job->list.archive, while the job's files are here; `all` grows by what came. *whole is set
 * when all that is in them is here. The first error counts, when all have been tried; further ones are warnings. */
en_status en_fetch_inside_run(en_fetch_job *job, en_fetch_result *all, bool *whole, en_error *err) EN_CHECKED;

/* The part of a uri before what is inside of it; NULL when it is not one of a source inside of another; en_free. */
char *en_fetch_outer_uri(const char *uri);

#endif
