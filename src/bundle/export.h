/* An export in progress. For export.c and export_rows.c alone. */
#ifndef EN_BUNDLE_EXPORT_H
#define EN_BUNDLE_EXPORT_H

#include "bundle/bundle.h"
#include "bundle/manifest.h"
#include "bundle/out.h"
#include "db/db.h"

typedef struct en_bundle_source {
    int64_t run_id;
    char *weights; /* absolute; owned; NULL: none */
} en_bundle_source;

/* The file of a photograph. */
typedef struct en_bundle_picture {
    char *path, *sha256; /* in the project; owned; NULL: there is none */
    const char *format;
} en_bundle_picture;

typedef struct en_bundle_ids {
    int64_t *id;
    size_t count;
} en_bundle_ids;

typedef struct en_bundle_exporter {
    en_project *project;
    const en_bundle_export_options *options;
    en_bundle_export_result *result;
    en_bundle_source *run;      /* [manifest.runs] */
    en_bundle_ids subset;       /* in the order of the bundle */
    en_bundle_ids image;        /* sorted */
    en_bundle_picture *picture; /* [image.count]; NULL: they stay here */
    en_bundle_manifest manifest;
    char made_at[32];
} en_bundle_exporter;

en_status en_bundle_prepare(const en_bundle_exporter *x, en_sql id, const char *name, int64_t value, en_stmt **s,
                            en_error *err) EN_CHECKED;
en_status en_bundle_add_id(en_bundle_ids *list, int64_t id, en_error *err) EN_CHECKED;
int en_bundle_by_id(const void *a, const void *b); /* as qsort wants it */
/* The place of a subset in the bundle, where it is added when it is new; -1 of one below 0. */
en_status en_bundle_subset_index(en_bundle_exporter *x, int64_t id, int64_t *index, en_error *err) EN_CHECKED;

/* A member's content (export_rows.c). */
en_status en_bundle_write_member(en_bundle_exporter *x, const en_bundle_member *m, en_bundle_out *out,
                                 en_error *err) EN_CHECKED;

#endif
