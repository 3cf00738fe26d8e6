/* A small made-up project to report on: photographs, labels, samples, a split, a run and what it predicted. */
#ifndef EN_TEST_LAB_REPORT_PROJECT_H
#define EN_TEST_LAB_REPORT_PROJECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>

#include "report/report.h"

#define EDGE 16 /* px of a sample */

enum { PATIENTS = 40 };

typedef struct project {
    char *root;
    en_project project;
    en_report_result report;
    en_error err;
    int64_t image[2 * PATIENTS], recipe, split, import;
} project;

/* What a project is made of. */
typedef struct plan {
    const char *word; /* put into every text that a stranger could choose */
    const char *name; /* of the split and a subset, which must be a valid one; NULL: word */
    const char *target, *classes;
    size_t class_count;
    bool evaluate;
    const char *policy; /* of the variants; NULL: plain */
    bool constant;      /* the network answers everything alike */
    bool severe;        /* an eye of grade 4 is missed, and another answer is doubtful */
} plan;

extern const plan plain; /* grade >= 2, measured, as it is best done */

#define ok(status) assert_int_equal(status, EN_OK)
#define assert_near(a, b, epsilon) assert_true(fabs((a) - (b)) <= (epsilon))

int open_project(void **state);
int close_project(void **state);
/* Photographs alone, and their labels: a project without runs. */
void add_photographs(project *p, const char *word);
void add_labels(project *p, const char *word);
/* The greys of image i's sample (i < 2 * PATIENTS), whose quarters are each of one: top left, top right, bottom left,
 * bottom right. No two of an image are nearer than 50. */
void sample_greys(int image, uint8_t grey[4]);
/* All of it. */
void make_project(project *p, const plan *made_of);
/* Into p->report; NULL: the newest run. */
void report(project *p, const char *run);
/* The page written: en_buf_clear. */
void read_page(const project *p, en_buf *page);

#endif
