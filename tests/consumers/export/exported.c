/* A network with weights of its own, written in another program's format, and what it says of photographs.
 *
 *   exported NETWORK CLASSES CALIBRATION FORMAT FILE PIXELS PROBABILITIES COUNT PHOTOGRAPH...
 *
 * NETWORK: a preset or a file of network text; CALIBRATION: none, prior, platt, temperature or
 * cumulative; FORMAT: onnx, coreml or litert. Weights and statistics
 * are random, all different. PIXELS (n,N,N,3) are the samples of the first COUNT photographs that can be used,
 * PROBABILITIES (n,classes) what `predict` makes of them, 32-bit floats. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "export/coreml.h"
#include "export/litert.h"
#include "export/onnx.h"
#include "image/sample.h"
#include "offline/page.h"
#include "training/calibrate.h"

static void check(en_status st, const en_error *err)
{
    if (st != EN_OK) {
        fprintf(stderr, "exported: %s\n", err->text);
        exit(1);
    }
}

static double uniform(uint64_t *state, double low, double high)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return low + (high - low) * (double)(*state >> 11) / (double)(UINT64_C(1) << 53);
}

/* What init leaves the same for all channels gets values of its own. A squeeze halves what passes it, so that after
 * several of them all photographs would look alike: then norms make up for it. */
static void vary(en_network *net, bool squeezes)
{
    uint64_t state = 7;
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        en_parameter *p = en_network_parameter(net, i);
        bool spread = strstr(p->name, "scale") != NULL || strstr(p->name, "variance") != NULL;
        double least = squeezes && strstr(p->name, "scale") != NULL ? 1.3 : 0.7;
        for (size_t k = 0; k < p->count; k++) {
            if (spread) {
                p->value[k] = (float)uniform(&state, least, least + 0.6);
            } else if (p->rank == 1) {
                p->value[k] = (float)uniform(&state, -0.2, 0.2);
            }
        }
    }
}

/* The logit of an output unit, from probabilities. */
static double logit_of(en_activation output, const float *p, size_t classes, size_t unit)
{
    double above = 0, below = 0;
    for (size_t k = 0; k < classes; k++) {
        *(k > unit ? &above : &below) += (double)p[k];
    }
    return output == EN_ACT_ORDINAL ? log(fmax(above, 1e-30) / fmax(below, 1e-30)) : log(fmax((double)p[unit], 1e-30));
}

/* Standard deviation of the logits over the photographs. Random networks say almost the same of all of them, so a
 * larger one would mostly magnify the rounding of everything before the last layer. */
#define SPREAD 0.25

/* The last dense layer is scaled so that the logits vary about 0. */
static void spread_out(en_network *net, const en_spec *spec, size_t classes, const uint8_t *pixels, size_t n, float *p)
{
    en_error err;
    size_t units = en_spec_units(spec, classes);
    en_parameter *weight = NULL, *bias = NULL;
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        if (en_network_parameter(net, i)->line == en_spec_head(spec)) {
            weight = weight == NULL ? en_network_parameter(net, i) : weight;
            bias = en_network_parameter(net, i);
        }
    }
    for (int round = 0; round < 8; round++) {
        double widest = SPREAD / 8;
        check(en_network_predict(net, pixels, n, p, &err), &err);
        for (size_t u = 0; u < units; u++) {
            double sum = 0, squares = 0;
            for (size_t i = 0; i < n; i++) {
                double z = logit_of(spec->output, p + i * classes, classes, u);
                sum += z;
                squares += z * z;
            }
            widest = fmax(widest, sqrt(fmax(squares / (double)n - sum * sum / (double)(n * n), 0)));
            bias->value[u] -= (float)(sum / (double)n);
        }
        for (size_t k = 0; k < weight->count; k++) {
            weight->value[k] *= (float)(SPREAD / widest);
        }
        for (size_t u = 0; u < units; u++) { /* an ordinal output has its thresholds in order */
            bias->value[u] = bias->value[u] * (float)(SPREAD / widest) - (round == 7 ? 0.3F * (float)u : 0);
        }
    }
}

static en_calibration calibration_of(const char *word, size_t classes)
{
    en_calibration c = {.method = en_word_find(&en_calibrate_methods, word), .scale = 1};
    for (size_t i = 0; i < classes; i++) {
        c.weight[i] = c.method != 0 ? 0.6 + 0.3 * (double)i : 1;
    }
    if (c.method != 0 && c.method != EN_CALIBRATE_PRIOR) {
        c.scale = 0.7;
        c.shift = c.method != EN_CALIBRATE_TEMPERATURE ? -0.4 : 0;
    }
    return c;
}

static void save(const char *path, const void *data, size_t bytes)
{
    en_error err;
    check(en_file_write(path, data, bytes, &err), &err);
}

int main(int argc, char **argv)
{
    if (argc < 10) {
        return 2;
    }
    size_t classes = strtoul(argv[2], NULL, 10), n = strtoul(argv[8], NULL, 10);
    en_error err;
    en_spec *spec = en_calloc(1, sizeof *spec);
    check(en_spec_load(argv[1], spec, &err), &err);
    en_network_config config = {.spec = spec, .classes = classes, .batch = 5, .mode = EN_INFER};
    check(en_kernel_select(NULL, &config.kernels, &err), &err);
    check(en_pool_new(2, &config.pool, &err), &err);
    en_network *net = NULL;
    check(en_network_new(&config, &net, &err), &err);
    en_network_init(net, 11);
    vary(net, strstr(argv[1], "mobilenet") != NULL);

    en_recipe recipe;
    char text[EN_RECIPE_TEXT_MAX];
    snprintf(text, sizeof text, "crop=retina size=%zu", spec->input.h);
    check(en_recipe_parse(text, &recipe, &err), &err);
    size_t bytes = en_recipe_bytes(&recipe);
    uint8_t *pixels = en_calloc(n, bytes);
    float *probability = en_calloc(n * classes, sizeof *probability);
    for (size_t i = 0, at = 9; i < n; at++) {
        en_buf file;
        en_buf_init(&file, 1 << 26);
        en_image_info info;
        en_quality quality;
        en_gate gate;
        if (at >= (size_t)argc) {
            fprintf(stderr, "exported: only %zu photographs can be used\n", i);
            return 1;
        }
        check(en_file_read(argv[at], &file, &err), &err);
        en_status st =
            en_sample_make(file.data, file.size, &recipe, NULL, pixels + i * bytes, &info, &quality, &gate, &err);
        i += st == EN_OK && gate.kind == EN_GATE_PASSED;
        en_buf_clear(&file);
    }
    spread_out(net, spec, classes, pixels, n, probability);
    check(en_network_predict(net, pixels, n, probability, &err), &err);
    en_calibration calibration = calibration_of(argv[3], classes);
    for (size_t i = 0; i < n; i++) {
        en_calibration_apply(&calibration, probability + i * classes, classes);
    }

    double offset[EN_MAX_CLASSES];
    char name[EN_MAX_CLASSES][24];
    const char *names[EN_MAX_CLASSES];
    for (size_t i = 0; i < classes; i++) {
        snprintf(name[i], sizeof name[i], "%zu", i);
        names[i] = name[i];
    }
    const en_meta meta[] = {{"recipe", text}, {"run", "a run"}};
    en_export_model model = {.name = "exported",
                             .spec = spec,
                             .classes = classes,
                             .class_name = names,
                             .offset = offset,
                             .meta = meta,
                             .metas = 2};
    model.calibrated = en_calibration_formula(&calibration, classes, &model.factor, offset);
    model.cumulative = calibration.method == EN_CALIBRATE_CUMULATIVE;
    model.scale = calibration.scale;
    model.shift = calibration.shift;
    check(en_operations_of(net, &model.ops, &err), &err);
    const en_offline_page page = {.model = &model,
                                  .recipe = &recipe,
                                  .label = names,
                                  .target = "a target",
                                  .decision = "the most probable class"};
    check(strcmp(argv[4], "onnx") == 0     ? en_onnx_write(&model, argv[5], &err)
          : strcmp(argv[4], "coreml") == 0 ? en_coreml_write(&model, argv[5], &err)
          : strcmp(argv[4], "litert") == 0 ? en_litert_write(&model, argv[5], &err)
          : strcmp(argv[4], "page") == 0   ? en_offline_page_write(&page, &en_offline_built_in, argv[5], &err)
                                           : en_error_set(&err, EN_USAGE, "no such format"),
          &err);
    save(argv[6], pixels, n * bytes);
    save(argv[7], probability, n * classes * sizeof *probability);
    en_operations_clear(&model.ops);
    en_network_free(net);
    en_pool_free(config.pool);
    en_free(spec);
    en_free(pixels);
    en_free(probability);
    return 0;
}
