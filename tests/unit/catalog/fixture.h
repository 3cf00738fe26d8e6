/* A project in a scratch folder, and short ways to fill its catalog, for the tests of this layer. Every helper asserts.
 */
#ifndef EN_TEST_CATALOG_FIXTURE_H
#define EN_TEST_CATALOG_FIXTURE_H

#include "check.h"

#include "catalog/catalog.h"
#include "catalog/evaluation.h"
#include "catalog/image.h"
#include "catalog/items.h"
#include "catalog/label.h"
#include "catalog/metric.h"
#include "catalog/run.h"
#include "catalog/sample.h"
#include "catalog/source.h"
#include "catalog/split.h"
#include "catalog/subset.h"
#include "catalog/variant.h"

extern char scratch[64];    /* the project's folder */
extern en_catalog *catalog; /* open for writing */

/* cmocka's setup and teardown of one test: a fresh project, opened; and its end. */
int open_project(void **state);
int close_project(void **state);

void exec(const char *sql);                     /* of our own, must succeed */
void refused(const char *sql, const char *why); /* SQL that the schema refuses, with `why` in the message */
int64_t number(const char *sql);                /* the first column of the first row */
int64_t add_source(void);
int64_t add_member(const char *path);            /* of one source */
int64_t add_accepted(const char *name);          /* an accepted photograph with a member; its id */
void add_label(const char *name, int64_t grade); /* icdr; lists the image when it is not there */
/* `patients` patients with both eyes, accepted; patient p has grade p % 5; variants by the policy seed. */
void add_patients(int patients);
/* Split "main": of patients 1.. every fifth is test, the one before it val, the others train. */
void add_split(const char *name, int patients);
/* Recipe, one pack, and a sample for every accepted image; the recipe's id. */
int64_t add_samples(void);
int64_t add_subset(const char *name, const char *sql); /* its id */
/* A run of model "eyenet" on the subset, target grade >= 2, classes no and yes; its id. */
int64_t add_run(const char *name, int64_t subset_id, int64_t recipe_id);

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

#endif
