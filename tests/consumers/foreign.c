/* What the script pytorch.py compares: a built-in network with weights that PyTorch wrote, on raw pixels.
 *
 *   consumer_foreign PRESET WEIGHTS.safetensors PIXELS COUNT LOGITS GRADIENTS.safetensors
 *
 * PIXELS has COUNT images of (H,W,C) bytes. LOGITS gets (COUNT,classes) floats, the logarithms of the probabilities,
 * which are the logits but for a constant of each image. GRADIENTS gets the gradient of every weight for the mean
 * cross-entropy of the first 8 images, the truth of image i being class 37*i, with the norms' running statistics. The
 * losses of six steps of Adam on these are printed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/foreign.h"
#include "nn/weights.h"

#define GRADIENT_IMAGES 8u
#define STEPS 6u
#define LEARNING_RATE 0.0001f

static en_error err;

static void check(en_status st)
{
    if (st != EN_OK) {
        (void)fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
}

static en_network *make(en_spec *spec, const char *preset, const char *weights, en_mode mode, size_t batch, bool keep)
{
    en_network_config config = {.spec = spec, .batch = batch, .gradients = keep, .mode = mode};
    en_network *net;
    en_foreign_result result;
    check(en_spec_load(preset, spec, &err));
    for (size_t i = 0; i < spec->count; i++) {
        spec->layer[i].norm = spec->layer[i].norm != EN_NORM_NONE ? EN_NORM_FROZEN : EN_NORM_NONE;
        spec->layer[i].rate = 0; /* no dropout */
    }
    check(en_foreign_classes(weights, preset, spec, &config.classes, &err));
    check(en_kernel_select(NULL, &config.kernels, &err));
    check(en_network_new(&config, &net, &err));
    check(en_foreign_read(net, spec, preset, weights, true, &result, &err));
    return net;
}

static uint8_t *read_pixels(const char *path, size_t bytes)
{
    uint8_t *pixels = malloc(bytes);
    FILE *file = fopen(path, "rbe");
    if (pixels == NULL || file == NULL || fread(pixels, 1, bytes, file) != bytes) {
        (void)fprintf(stderr, "cannot read %zu bytes of '%s'\n", bytes, path);
        exit(1);
    }
    (void)fclose(file);
    return pixels;
}

static void write_logits(en_network *net, const uint8_t *pixels, size_t count, const char *path)
{
    size_t values = count * en_network_classes(net);
    float *p = calloc(values, sizeof *p);
    check(en_network_predict(net, pixels, count, p, &err));
    for (size_t i = 0; i < values; i++) {
        p[i] = logf(p[i]);
    }
    FILE *file = fopen(path, "wbe");
    if (file == NULL || fwrite(p, sizeof *p, values, file) != values || fclose(file) != 0) {
        (void)fprintf(stderr, "cannot write '%s'\n", path);
        exit(1);
    }
    free(p);
}

/* One step on the first images; returns the loss before it. */
static double step_on(en_network *net, const uint8_t *pixels, uint64_t number, float lr)
{
    int32_t truth[GRADIENT_IMAGES];
    uint64_t keys[GRADIENT_IMAGES];
    for (size_t i = 0; i < GRADIENT_IMAGES; i++) {
        truth[i] = (int32_t)((37 * i) % en_network_classes(net));
        keys[i] = i;
    }
    const en_batch batch = {.pixels = pixels, .truth = truth, .keys = keys, .n = GRADIENT_IMAGES};
    const en_step step = {.seed = 1, .epoch = 1, .step = number, .lr = lr};
    en_step_result result;
    check(en_network_train_step(net, &batch, &step, &result, &err));
    return result.loss_sum / result.weight_sum;
}

static void write_gradients(en_network *net, const uint8_t *pixels, const char *path)
{
    (void)step_on(net, pixels, 1, 0);
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        en_parameter *p = en_network_parameter(net, i);
        if (p->gradient != NULL) {
            memcpy(p->value, p->gradient, p->count * sizeof *p->value);
        }
    }
    check(en_weights_save(net, EN_KEEP_MODEL, path, NULL, 0, &err));
}

/* The losses of a few steps of Adam, each gradient used as soon as it is made. */
static void print_losses(en_network *net, const uint8_t *pixels)
{
    for (uint64_t i = 1; i <= STEPS; i++) {
        (void)printf("%.7f\n", step_on(net, pixels, i, LEARNING_RATE));
    }
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        (void)fprintf(stderr, "usage: %s PRESET WEIGHTS PIXELS COUNT LOGITS GRADIENTS\n", argv[0]);
        return 2;
    }
    en_spec *spec = calloc(1, sizeof *spec);
    size_t count = strtoul(argv[4], NULL, 10);
    en_network *net = make(spec, argv[1], argv[2], EN_INFER, 4, false);
    uint8_t *pixels = read_pixels(argv[3], count * spec->input.h * spec->input.w * spec->input.c);
    write_logits(net, pixels, count, argv[5]);
    en_network_free(net);
    if (count >= GRADIENT_IMAGES) {
        net = make(spec, argv[1], argv[2], EN_TRAIN, GRADIENT_IMAGES, true);
        write_gradients(net, pixels, argv[6]);
        en_network_free(net);
        net = make(spec, argv[1], argv[2], EN_TRAIN, GRADIENT_IMAGES, false);
        print_losses(net, pixels);
        en_network_free(net);
    }
    free(pixels);
    free(spec);
    return 0;
}
