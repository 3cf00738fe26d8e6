/* eyenet bench. */
#include "nn/profile.h"

#include "base/memory.h"
#include "cli/commands.h"
#include "render/show.h"

typedef struct bench_options {
    int64_t batch, rounds, threads;
    bool predict;
} bench_options;

static const bench_options defaults = {.batch = 16, .rounds = 7};

/* As many as the text says, or two. */
static size_t classes_of(const en_spec *spec)
{
    size_t units = spec->layer[spec->count - 1].out.c;
    return units == 0 ? 2 : spec->output == EN_ACT_ORDINAL ? units + 1 : units;
}

static en_status profile(const en_cli *cli, en_network_config *config, size_t rounds, en_profile *out, en_error *err)
{
    en_network *net = NULL;
    en_status st = en_kernel_select(cli->isa, &config->kernels, err);
    if (st == EN_OK) {
        st = en_network_new(config, &net, err);
    }
    if (st == EN_OK) {
        en_network_init(net, 1);
        st = en_network_profile(net, rounds, out, err);
    }
    en_network_free(net);
    return st;
}

static en_status bench(const en_cli *cli, const en_call *call, en_error *err)
{
    const bench_options *given = call->options;
    const char *model = call->words > 0 ? call->word[0] : "eyenet";
    en_spec *spec = en_calloc(1, sizeof *spec);
    en_profile *result = en_calloc(1, sizeof *result);
    en_pool *pool = NULL;
    en_status st = spec != NULL && result != NULL ? EN_OK : en_error_nomem(err, "a network");
    if (st == EN_OK) {
        st = en_spec_load(model, spec, err);
    }
    if (st == EN_OK) {
        st = en_pool_new(given->threads > 0 ? (unsigned)given->threads : cli->threads, &pool, err);
    }
    if (st == EN_OK) {
        en_network_config config = {.spec = spec,
                                    .classes = classes_of(spec),
                                    .batch = (size_t)given->batch,
                                    .mode = given->predict ? EN_INFER : EN_TRAIN,
                                    .pool = pool,
                                    .convolution = cli->convolution};
        st = profile(cli, &config, (size_t)given->rounds, result, err);
    }
    if (st == EN_OK) {
        st = en_show_profile(cli->out, result, (size_t)given->batch, given->predict, err);
    }
    en_pool_free(pool);
    en_free(result);
    en_free(spec);
    return st;
}

static const en_option options[] = {
    {.name = "batch",
     .letter = 'b',
     EN_FIELD(bench_options, batch),
     .arg = "N",
     .low = 1,
     .high = 65536,
     .doc = "images in a step"},
    {.name = "rounds",
     EN_FIELD(bench_options, rounds),
     .arg = "N",
     .low = 1,
     .high = EN_PROFILE_ROUNDS_MAX,
     .doc = "steps that are timed, after one that is not; times are their medians"},
    {.name = "predict", EN_FIELD(bench_options, predict), .doc = "time prediction instead of training"},
    {.name = "threads",
     EN_FIELD(bench_options, threads),
     .arg = "N",
     .low = 1,
     .high = 1024,
     .doc = "threads to compute with (default: EYENET_THREADS, else one per processor)"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet bench retina --batch 32", NULL},
    {"eyenet bench my.net --predict --batch 1 --csv", "how long one photograph takes, for a spreadsheet"},
    {"EYENET_CONV=im2col eyenet bench eyenet3", "the same network with one algorithm for all convolutions"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_INPUT, "the network's text is not valid"}, {EN_OK, NULL}};

const en_command en_cmd_bench = {
    .name = "bench",
    .group = EN_GROUP_MODELS,
    .args = "[MODEL]",
    .summary = "time a network on this machine, layer by layer",
    .text =
        "MODEL is a built-in network (eyenet unless given) or a file of network text. Trains it on noise, or predicts, "
        "and prints for each line of its text the shape of the output, the algorithm chosen for a convolution, "
        "milliseconds forward and backward (with the update of the weights) per batch, billions of floating point "
        "operations per second by the formula of the layer, their fraction of what a large matrix product reaches "
        "here on all threads (a fast algorithm needs fewer operations than the formula and can exceed it), and the "
        "memory for the layer's parameters and activations. Needs no project.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(bench_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = bench,
};
