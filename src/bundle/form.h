/* What a bundle is made of: its members by what they are, and the rows in them. For the files of this folder alone. */
#ifndef EN_BUNDLE_FORM_H
#define EN_BUNDLE_FORM_H

#include "base/hash.h"
#include "bundle/row.h"
#include "catalog/run.h"

#define EN_BUNDLE_FORMAT "eyenet bundle"
#define EN_BUNDLE_VERSION 1
#define EN_BUNDLE_MANIFEST "manifest.json"
#define EN_BUNDLE_MANIFEST_MAX ((size_t)64 << 20)
#define EN_BUNDLE_LINE_MAX ((size_t)8 << 20)
#define EN_BUNDLE_RUNS_MAX 1000
#define EN_BUNDLE_SUBSETS_MAX 10000
#define EN_BUNDLE_PHOTOGRAPHS_MAX 1000000
#define EN_BUNDLE_MEMBERS_MAX 20000000 /* of all subsets together */

/* In the order in which they come; those from EN_BUNDLE_RUN on once for each run. */
typedef enum en_bundle_kind {
    EN_BUNDLE_PHOTOGRAPHS,
    EN_BUNDLE_SUBSETS,
    EN_BUNDLE_RUN,
    EN_BUNDLE_NETWORK, /* not of an imported run */
    EN_BUNDLE_PARAMS,
    EN_BUNDLE_METRICS,
    EN_BUNDLE_STEPS,
    EN_BUNDLE_EVALUATIONS,
    EN_BUNDLE_WEIGHTS, /* not of an imported run */
    EN_BUNDLE_PICTURE, /* a photograph, behind the runs: photographs/0000012.jpeg is that of line 12, from 0 */
    EN_BUNDLE_KINDS
} en_bundle_kind;

#define EN_BUNDLE_PATH 64

typedef struct en_bundle_member {
    en_bundle_kind kind;
    size_t run;         /* from 0; of what belongs to a run */
    size_t picture;     /* of a photograph: its line */
    const char *format; /* of a photograph: "jpeg"; static */
    int64_t bytes;
    char sha256[EN_SHA256_HEX];
} en_bundle_member;

/* "run-1/run.json" */
void en_bundle_path(const en_bundle_member *member, char path[EN_BUNDLE_PATH]);
/* False when no member has this path. */
bool en_bundle_path_parse(const char *path, en_bundle_member *member);
/* The format as a static text; NULL: photographs are not in it. */
const char *en_bundle_picture_format(const char *format);
/* Whether b may come behind a. */
bool en_bundle_is_after(const en_bundle_member *a, const en_bundle_member *b);

/* A member that is rows of one table of a run. */
typedef struct en_bundle_table {
    en_sql read, write;
    const en_bundle_field *field;
    size_t fields;
} en_bundle_table;
/* Of EN_BUNDLE_PARAMS, METRICS and STEPS. */
const en_bundle_table *en_bundle_table_of(en_bundle_kind kind);

#define EN_BUNDLE_FIELDS(list) (list), sizeof(list) / sizeof *(list)
enum { EN_BUNDLE_RUN_BEGIN = 14, EN_BUNDLE_RUN_END = 6, EN_BUNDLE_RUN_FIELDS = 27 };
extern const en_bundle_field en_bundle_run_fields[EN_BUNDLE_RUN_FIELDS]; /* run.json, an object */
extern const en_bundle_field en_bundle_photograph_fields[6];             /* a line of photographs.jsonl */
extern const en_bundle_field en_bundle_subset_fields[5];                 /* an object before its members */
extern const en_bundle_field en_bundle_member_fields[4]; /* photograph (by its line, from 0), mirror, rotation, part */
extern const en_bundle_field en_bundle_evaluation_fields[6]; /* an object before its predictions */
extern const en_bundle_field en_bundle_prediction_fields[6]; /* photograph, mirror, rotation, truth, predicted, [p] */

#endif
