/* model show: what a network is made of, and what it takes. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "training/pretrained.h"

#define WEIGHTS ".safetensors"

static bool is_weights(const char *file)
{
    size_t size = strlen(file), tail = strlen(WEIGHTS);
    return size > tail && strcmp(file + size - tail, WEIGHTS) == 0;
}

bool en_model_is_built_in(const char *model)
{
    for (const en_preset *p = en_presets(); p->name != NULL; p++) {
        if (strcmp(p->name, model) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_imported(en_project *project, const char *model)
{
    en_catalog_pretrained row = {0};
    const bool found = project != NULL && en_catalog_pretrained_find(project->catalog, model, &row, NULL) == EN_OK;
    en_catalog_pretrained_clear(&row);
    return found;
}

/* Names come before files: a file or folder that happens to be there hides no model. */
static en_status load_spec(en_project *project, const char *model, en_spec *spec, en_error *err)
{
    if (en_model_is_built_in(model) || (!is_imported(project, model) && en_file_exists(model) && !is_weights(model))) {
        return en_spec_load(model, spec, err);
    }
    en_pretrained found;
    en_status st = en_pretrained_find(project, model, &found, err);
    if (st == EN_OK) {
        st = en_spec_parse(found.spec, model, spec, err);
    }
    en_pretrained_clear(&found);
    return st;
}

static void put_line(en_model_summary *out, int64_t line, const en_line_info *info)
{
    en_model_line *l = &out->line[out->count++];
    *l = (en_model_line){.line = line,
                         .parameters = (int64_t)info->parameters,
                         .megaflops = info->flops / 1e6,
                         .output_bytes = (int64_t)(info->out.h * info->out.w * info->out.c * sizeof(float)),
                         .algorithm = info->algorithm};
    (void)snprintf(l->layer, sizeof l->layer, "%s", info->text);
    (void)snprintf(l->output, sizeof l->output, "%zux%zux%zu", info->out.h, info->out.w, info->out.c);
}

static en_status put_lines(const en_network *net, const en_spec *spec, en_model_summary *out, en_error *err)
{
    en_line_info info = {.text = "input", .out = spec->input, .algorithm = ""};
    out->line = en_calloc(spec->count + 1, sizeof *out->line);
    if (out->line == NULL) {
        return en_error_nomem(err, "a table of layers");
    }
    put_line(out, -1, &info);
    for (size_t i = 0; i < spec->count; i++) {
        en_status st = en_network_line(net, i, &info, err);
        if (st != EN_OK) {
            return st;
        }
        put_line(out, (int64_t)i, &info);
    }
    return EN_OK;
}

en_status en_model_summarise(en_project *project, const char *model, size_t classes, size_t batch,
                             en_model_summary *out, en_error *err)
{
    *out = (en_model_summary){.batch = (int64_t)batch};
    en_network *net = NULL;
    en_network_size size = {0};
    en_spec *spec = en_alloc(sizeof *spec);
    en_network_config config = {.spec = spec, .classes = classes, .batch = batch, .mode = EN_TRAIN};
    en_status st = spec != NULL ? load_spec(project, model, spec, err) : en_error_nomem(err, "a network");
    if (st == EN_OK && spec->layer[spec->count - 1].out.c > 0) { /* units of its own */
        config.classes = spec->layer[spec->count - 1].out.c + (spec->output == EN_ACT_ORDINAL);
    }
    if (st == EN_OK) {
        st = project != NULL ? en_project_kernels(project, &config.kernels, err)
                             : en_kernel_select(NULL, &config.kernels, err);
    }
    if (st == EN_OK) {
        st = en_network_plan(&config, &size, err);
        out->train_bytes = (int64_t)size.total_bytes;
        st = st == EN_NOMEM ? EN_OK : st; /* what it would take is to be seen all the same */
    }
    config.batch = 1;
    config.mode = EN_INFER;
    if (st == EN_OK) {
        st = en_network_plan(&config, &size, err);
    }
    if (st == EN_OK) {
        st = en_network_new(&config, &net, err);
    }
    if (st == EN_OK) {
        out->parameters = (int64_t)size.parameters;
        out->megaflops = size.flops / 1e6;
        out->predict_bytes = (int64_t)size.total_bytes;
        st = put_lines(net, spec, out, err);
    }
    en_network_free(net);
    en_free(spec);
    return st;
}

void en_model_summary_clear(en_model_summary *s)
{
    en_free(s->line);
    *s = (en_model_summary){0};
}
