/* embed: finds the network, plans which samples lack an embedding, and writes batch by batch. */
#include "training/embed.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/embedding.h"
#include "catalog/sample.h"
#include "catalog/subset.h"
#include "dataset/dataset.h"
#include "nn/weights.h"
#include "training/model.h"
#include "training/pretrained.h"

enum {
    BATCH = 16,    /* images in memory */
    AT_ONCE = 256, /* images in one transaction */
    CLASSES = 2    /* of the head that an imported network lacks and that is not asked */
};

typedef struct embedding {
    en_project *project;
    en_embed_result *result;
    en_model model;      /* of a run */
    en_network *network; /* of an imported model, owned; of a run, the model's */
    en_recipe recipe;
    en_catalog_embedding_set set;
    en_catalog_facts facts; /* what is missing */
    en_catalog_items items; /* the same, as samples */
    en_loader loader;
    uint8_t *pixels; /* [BATCH] samples */
    float *vectors;  /* [AT_ONCE * dimensions] */
} embedding;

static en_status set_model(embedding *x, const char *name, const char *sha256, en_error *err)
{
    en_embed_result *r = x->result;
    (void)snprintf(r->model, sizeof r->model, "%s", name);
    (void)snprintf(r->weights_sha256, sizeof r->weights_sha256, "%s", sha256);
    memcpy(x->set.weights_sha256, r->weights_sha256, sizeof x->set.weights_sha256);
    x->set.model = en_strdup(name);
    return x->set.model != NULL ? EN_OK : en_error_nomem(err, "a model");
}

static en_status set_recipe(embedding *x, const char *words, en_error *err)
{
    en_status st = en_dataset_recipe(x->project, words, &x->recipe, &x->set.recipe_id, &x->set.recipe, err);
    if (st == EN_OK) {
        (void)snprintf(x->result->recipe, sizeof x->result->recipe, "%s", x->set.recipe);
    }
    return st;
}

static en_status load_imported(embedding *x, const en_pretrained *found, en_error *err)
{
    en_pool *pool;
    en_network_config config = {.classes = CLASSES, .batch = BATCH, .mode = EN_INFER};
    en_spec *spec = en_alloc(sizeof *spec);
    en_status st = spec != NULL ? en_spec_parse(found->spec, found->name, spec, err) : en_error_nomem(err, "a network");
    const size_t edge = (size_t)x->recipe.size;
    if (st == EN_OK && (spec->input.h != edge || spec->input.w != edge || spec->input.c != 3)) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "model '%s' takes %zux%zux%zu, recipe '%s' makes %zux%zux3",
                                        found->name, spec->input.h, spec->input.w, spec->input.c, x->set.recipe, edge,
                                        edge),
                           "ingest with a size that fits, or choose another --recipe");
    }
    if (st == EN_OK) {
        st = en_project_kernels(x->project, &config.kernels, err);
    }
    if (st == EN_OK) {
        st = en_project_pool(x->project, &pool, err);
    }
    if (st == EN_OK) {
        config.spec = spec;
        config.pool = pool;
        st = en_network_new(&config, &x->network, err);
    }
    if (st == EN_OK) {
        st = en_weights_load_without(x->network, en_spec_head(spec), found->file, err);
    }
    en_free(spec);
    return st;
}

static en_status find_imported(embedding *x, const en_embed_options *o, en_error *err)
{
    en_pretrained found;
    en_status st = en_pretrained_find(x->project, o->model, &found, err);
    if (st == EN_OK) {
        st = set_model(x, found.name, found.sha256, err);
    }
    if (st == EN_OK) {
        st = set_recipe(x, o->recipe, err);
    }
    if (st == EN_OK) {
        st = load_imported(x, &found, err);
    }
    en_pretrained_clear(&found);
    return st;
}

static en_status find_run(embedding *x, const en_embed_options *o, en_error *err)
{
    char words[EN_RECIPE_TEXT_MAX];
    en_catalog_run run = {0};
    en_catalog_checkpoint weights = {0};
    en_status st = en_catalog_run_get(x->project->catalog, o->model, &run, err);
    if (st == EN_OK) {
        st = en_model_of_run(x->project, &run, BATCH, &x->model, &weights, err);
    }
    if (st == EN_OK) {
        st = set_model(x, run.name, weights.sha256, err);
    }
    if (st == EN_OK) {
        st = set_recipe(x, en_recipe_text(&x->model.recipe, words), err);
    }
    if (st == EN_OK && o->recipe != NULL) {
        st = en_error_set(err, EN_USAGE, "run '%s' has its own recipe, '%s': leave --recipe out", run.name, words);
    }
    x->network = x->model.network;
    en_catalog_checkpoint_clear(&weights);
    en_catalog_run_clear(&run);
    return st;
}

/* An imported model of that name, else a run. */
static en_status find_network(embedding *x, const en_embed_options *o, en_error *err)
{
    en_catalog_pretrained row;
    en_status st = en_catalog_pretrained_find(x->project->catalog, o->model, &row, err);
    en_catalog_pretrained_clear(&row);
    return st == EN_OK ? find_imported(x, o, err) : st == EN_DONE ? find_run(x, o, err) : st;
}

static en_status find_layer(embedding *x, const char *word, en_error *err)
{
    const en_spec *spec = en_network_spec(x->network);
    en_line_info info;
    size_t wanted = en_spec_head(spec);
    en_status st = word != NULL ? en_spec_line(spec, word, &wanted, err) : EN_OK;
    if (st == EN_OK && wanted >= spec->count) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "model '%s' has no dense layer at its end", x->set.model),
                           "name a --layer, as 'eyenet model show' numbers them");
    }
    const size_t line = st == EN_OK ? en_network_feature_line(x->network, wanted) : 0;
    const size_t dimensions = line > 0 ? en_network_feature_size(x->network, line) : 0;
    if (st == EN_OK && line == 0) {
        st = en_error_set(err, EN_INPUT,
                          "nothing before layer %zu of model '%s' is all that the layers after it are given", wanted,
                          x->set.model);
    } else if (st == EN_OK && dimensions > EN_EMBEDDING_DIMENSIONS_MAX) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT,
                                        "layer %zu of model '%s' is given %zu numbers of an image, of %d at most", line,
                                        x->set.model, dimensions, EN_EMBEDDING_DIMENSIONS_MAX),
                           "choose a later --layer");
    }
    if (st == EN_OK) {
        st = en_network_line(x->network, line, &info, err);
    }
    if (st == EN_OK) {
        memcpy(x->result->layer_text, info.text, sizeof info.text);
        x->result->layer = x->set.layer = (int64_t)line;
        x->result->dimensions = x->set.dimensions = (int64_t)dimensions;
    }
    return st;
}

static en_status find_missing(embedding *x, const char *subset, en_error *err)
{
    en_catalog_subset chosen = {.id = -1};
    en_catalog *c = x->project->catalog;
    en_status st = subset != NULL ? en_catalog_subset_get(c, subset, &chosen, err) : EN_OK;
    if (st == EN_OK) {
        st = en_catalog_embedding_set_put(c, &x->set, err);
    }
    if (st == EN_OK) {
        st = en_catalog_embeddings_missing(c, &x->set, chosen.id, &x->facts, &x->result->images, err);
    }
    if (st == EN_OK && x->result->images == 0) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "there are no samples of recipe '%s' to embed", x->set.recipe),
                           "run 'eyenet ingest' with it first");
    }
    if (st == EN_OK) {
        st = en_catalog_items_of_facts(c, x->set.recipe_id, &x->facts, &x->items, err);
    }
    x->result->kept = x->result->images - (int64_t)x->facts.count;
    if (subset != NULL) {
        en_catalog_subset_clear(&chosen);
    }
    return st;
}

/* The vectors of items [first, first+n), n up to AT_ONCE. */
static en_status compute(embedding *x, size_t first, size_t n, en_error *err)
{
    const size_t line = (size_t)x->set.layer, size = (size_t)x->set.dimensions;
    uint32_t index[BATCH];
    en_status st = en_loader_check(&x->loader, first, n, err);
    for (size_t done = 0, count; st == EN_OK && done < n; done += count) {
        count = n - done < BATCH ? n - done : BATCH;
        for (size_t i = 0; i < count; i++) {
            index[i] = (uint32_t)(first + done + i);
        }
        en_loader_render(&x->loader, index, count, x->pixels);
        st = en_network_features(x->network, line, x->pixels, count, x->vectors + done * size, err);
        if (st == EN_OK) {
            en_event_progress(&x->project->events, (int64_t)(first + done + count), (int64_t)x->items.count, NULL);
            st = en_stop_check(&x->project->events, err);
        }
    }
    return st;
}

static en_status write(embedding *x, size_t first, size_t n, en_error *err)
{
    en_catalog *c = x->project->catalog;
    en_status st = en_catalog_begin(c, err);
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        const en_catalog_item *item = &x->items.item[first + i];
        st = en_catalog_embedding_put(c, &x->set, item->image_id, item->sample_sha256,
                                      x->vectors + i * (size_t)x->set.dimensions, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(c, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(c);
    }
    return st;
}

static en_status run_batches(embedding *x, en_error *err)
{
    size_t bytes = 0, numbers = 0;
    const size_t count = x->items.count;
    en_status st = en_loader_open_unchecked(x->project, &x->items, x->recipe.size, &x->loader, err);
    if (st != EN_OK) {
        return st;
    }
    x->pixels = en_mul(BATCH, en_recipe_bytes(&x->recipe), &bytes) ? en_alloc(bytes) : NULL;
    x->vectors = en_mul(AT_ONCE, (size_t)x->set.dimensions, &numbers) ? en_calloc(numbers, sizeof(float)) : NULL;
    if (x->pixels == NULL || x->vectors == NULL) {
        return en_error_nomem(err, "embeddings");
    }
    en_event_begin(&x->project->events, "embed", "images", (int64_t)count);
    for (size_t first = 0, n; st == EN_OK && first < count; first += n) {
        n = count - first < AT_ONCE ? count - first : AT_ONCE;
        st = compute(x, first, n, err);
        if (st == EN_OK) {
            st = write(x, first, n, err);
        }
        x->result->computed += st == EN_OK ? (int64_t)n : 0;
    }
    en_event_end(&x->project->events, x->result->computed, (int64_t)count);
    return st;
}

en_status en_embed(en_project *project, const en_embed_options *options, en_embed_result *result, en_error *err)
{
    *result = (en_embed_result){0};
    embedding x = {.project = project, .result = result};
    en_status st = find_network(&x, options, err);
    if (st == EN_OK) {
        st = find_layer(&x, options->layer, err);
    }
    if (st == EN_OK) {
        st = find_missing(&x, options->subset, err);
    }
    if (st == EN_OK && x.items.count > 0) {
        st = run_batches(&x, err);
    }
    en_free(x.pixels);
    en_free(x.vectors);
    en_loader_close(&x.loader); /* it borrows the items, and they the facts */
    en_catalog_items_clear(&x.items);
    en_catalog_facts_clear(&x.facts);
    en_catalog_embedding_set_clear(&x.set);
    if (x.network != x.model.network) {
        en_network_free(x.network);
    }
    en_model_close(&x.model);
    return st;
}
