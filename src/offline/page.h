/* A page that grades photographs in a browser, without a network: one HTML file with the engine as WebAssembly, the
 * model, and a script that joins them (page.js, page.css). */
#ifndef EN_OFFLINE_PAGE_H
#define EN_OFFLINE_PAGE_H

#include <stdbool.h>

#include "base/buf.h"
#include "export/model.h"
#include "image/recipe.h"
#include "offline/model.h"

#define EN_OFFLINE_PAGE_BEGINS "<!doctype html>\n<!-- eyenet page -->" /* how these files begin */
#define EN_OFFLINE_WEIGHTS_MAX ((size_t)512 << 20) /* bytes of weights: browsers read no more in one page */

typedef struct en_offline_fact {
    const char *name, *value;
} en_offline_fact;

/* A threshold of the probability of the last of two classes. */
typedef struct en_offline_threshold {
    const char *rule; /* "sensitivity 0.9" */
    double threshold;
} en_offline_threshold;

/* What a page holds; everything is borrowed. */
typedef struct en_offline_page {
    const en_export_model *model;
    const en_recipe *recipe;
    const char *const *label;  /* [classes], as people read them */
    const double *value, *cut; /* the classes' numbers and the cuts between them [cuts]; cuts 0: the most probable is
                                * answered */
    size_t cuts;
    const char *target, *decision; /* what is asked; by what is answered */
    const en_offline_threshold *threshold;
    size_t thresholds;
    const en_offline_fact *fact; /* about the model, in this order */
    size_t facts;
} en_offline_page;

/* The engine for browsers that this program was built with; size 0: it was built without a compiler for it. */
typedef struct en_offline_engine {
    const void *bytes;
    size_t size;
} en_offline_engine;
extern const en_offline_engine en_offline_built_in;

/* The beginning of a model as a page carries it, up to the weights, which follow at model->weights: EN_INPUT names
 * what the engine cannot do. */
en_status en_offline_layout(const en_offline_page *page, en_buf *out, en_error *err) EN_CHECKED;
/* The whole of it. */
en_status en_offline_model_bytes(const en_offline_page *page, en_buf *out, en_error *err) EN_CHECKED;

/* Writes the file whole or not at all, whatever was there before. EN_FAILED without an engine; EN_INPUT as
 * en_offline_layout. The same page has the same bytes. */
en_status en_offline_page_write(const en_offline_page *page, const en_offline_engine *engine, const char *path,
                                en_error *err) EN_CHECKED;

#endif
