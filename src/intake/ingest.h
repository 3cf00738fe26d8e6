/* ingest: every fetched photograph is decoded, turned upright, measured and judged once, and becomes a sample by a
 * recipe. */
#ifndef EN_INTAKE_INGEST_H
#define EN_INTAKE_INGEST_H

#include <stdint.h>

#include "catalog/patient.h"
#include "catalog/words.h"
#include "project/project.h"

#define EN_DEFAULT_RECIPE "crop=retina size=256"

typedef struct en_ingest_options {
    const char *recipe; /* NULL: EN_DEFAULT_RECIPE */
    const char *names;  /* a pattern or preset for patients and eyes (catalog/name.h); NULL: they are recognised */
} en_ingest_options;

typedef struct en_ingest_count {
    en_rejection reason;
    int64_t count;
} en_ingest_count;

typedef struct en_ingest_result {
    int64_t photographs;                      /* looked at in this call */
    int64_t accepted, rejected;               /* of them */
    int64_t samples;                          /* made in this call, for earlier photographs too */
    int64_t left;                             /* missing, unreadable or changed since: another call takes them */
    int64_t total_accepted, total_rejected;   /* in the catalog now */
    en_ingest_count by_reason[EN_REJECTIONS]; /* of `rejected`, most frequent first */
    size_t reasons;
    double seconds;
    en_catalog_knowledge known; /* of the catalog's images: whose they are */
    unsigned workers;
    char recipe[256]; /* canonical text */
} en_ingest_result;

/* Photographs are taken in the natural order of their datasets and paths, whatever the number of workers and the order
 * in which they were fetched; a batch is committed
 * whole, after its pixels are on disk, so an interrupted ingest resumes. Photographs that are missing
 * or cannot be read are left for another call: the others are ingested, and then EN_INPUT names the first. The result
 * is filled whatever is returned. */
en_status en_ingest(en_project *project, const en_ingest_options *options, en_ingest_result *result,
                    en_error *err) EN_CHECKED;

#endif
