/* eyenet train. */
#include "training/train/train.h"

#include <math.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct train_options {
    const char *model, *subset, *val, *name, *target, *recipe, *class_weights;
    const char *init, *freeze, *batchnorm;
    int64_t epochs, batch, micro_batch, patience, seed, threads;
    double lr, clip;
    bool mixed_parts;
} train_options;

static const train_options defaults = {
    .model = EN_TRAIN_MODEL,
    .target = EN_TRAIN_TARGET,
    .class_weights = EN_TRAIN_CLASS_WEIGHTS,
    .epochs = EN_TRAIN_EPOCHS,
    .batch = EN_TRAIN_BATCH,
    .patience = EN_TRAIN_PATIENCE,
    .seed = 1,
    .lr = EN_TRAIN_LEARNING_RATE,
};

static const char *const batchnorms[] = {"frozen", "train", NULL};

static en_status train(const en_cli *cli, const en_call *call, en_error *err)
{
    const train_options *given = call->options;
    const en_train_options options = {
        .model = given->init != NULL && given->model == defaults.model ? NULL : given->model,
        .init = given->init,
        .freeze = given->freeze,
        .batchnorm = given->batchnorm,
        .subset = given->subset,
        .validation = given->val,
        .name = given->name,
        .target = given->target,
        .recipe = given->recipe,
        .class_weights = given->class_weights,
        .epochs = given->epochs,
        .batch = given->batch,
        .micro_batch = given->micro_batch,
        .clip_norm = given->clip,
        .patience = given->patience > 0 ? given->patience : EN_TRAIN_NO_EARLY_STOP,
        .learning_rate = given->lr,
        .seed = (uint64_t)given->seed,
        .mixed_parts = given->mixed_parts,
    };
    en_cli with_threads = *cli;
    with_threads.threads = given->threads > 0 ? (unsigned)given->threads : cli->threads;
    en_train_result result = {0};
    en_project project;
    en_status st = en_cli_open(&with_threads, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_train(&project, &options, &result, err);
    en_project_close(&project);
    /* An interrupted training has a result, too: say what there is before saying that it was interrupted. */
    if (st == EN_OK || (st == EN_INTERRUPTED && result.run[0] != '\0')) {
        en_error shown;
        en_status ended = en_show_train(cli->out, &result, &shown);
        st = en_first_error(st, ended, &shown, err);
    }
    return st;
}

static const en_option options[] = {
    {.name = "subset",
     .letter = 's',
     EN_FIELD(train_options, subset),
     .arg = "SUBSET",
     .required = true,
     .doc = "what to learn from, made by 'eyenet subset'"},
    {.name = "model",
     .letter = 'm',
     EN_FIELD(train_options, model),
     .arg = "MODEL",
     .doc = "a built-in network, or a file of network text"},
    {.name = "init",
     EN_FIELD(train_options, init),
     .arg = "MODEL",
     .doc = "start from these weights, all but the head's: an imported model, or a file of weights that eyenet wrote; "
            "without --model its network is trained"},
    {.name = "freeze",
     EN_FIELD(train_options, freeze),
     .arg = "LINE",
     .doc = "do not train the layers before this one: a layer's number as 'eyenet model show' has it, the name of a "
            "tensor, or head"},
    {.name = "batchnorm",
     EN_FIELD(train_options, batchnorm),
     .arg = "HOW",
     .choices = batchnorms,
     .doc = "normalise by the running statistics, or by each batch's; without it, frozen with --init, else as the "
            "network's text says"},
    {.name = "name",
     .letter = 'n',
     EN_FIELD(train_options, name),
     .arg = "NAME",
     .doc = "what to call the run; without it, the model's name and a number"},
    {.name = "target",
     .letter = 't',
     EN_FIELD(train_options, target),
     .arg = "SQL",
     .doc = "what to learn: any expression over the view variants"},
    {.name = "val",
     EN_FIELD(train_options, val),
     .arg = "SUBSET",
     .doc = "what to validate on; without it, the plain variants of the split's part val"},
    {.name = "recipe",
     EN_FIELD(train_options, recipe),
     .arg = "TEXT",
     .doc = "whose samples to use; without it, the newest recipe that has any"},
    {.name = "epochs",
     .letter = 'e',
     EN_FIELD(train_options, epochs),
     .arg = "N",
     .low = 1,
     .high = 100000,
     .doc = "passes over the subset at most"},
    {.name = "batch",
     .letter = 'b',
     EN_FIELD(train_options, batch),
     .arg = "N",
     .low = 1,
     .high = 65536,
     .doc = "images between two steps of the weights"},
    {.name = "micro-batch",
     EN_FIELD(train_options, micro_batch),
     .arg = "N",
     .low = 1,
     .high = 65536,
     .doc = "images in memory at a time; the gradients of a batch are added up, so the result is the same but for "
            "rounding (default: the batch, or the largest half, quarter and so on of it that fits the memory)"},
    {.name = "clip",
     EN_FIELD(train_options, clip),
     .arg = "NORM",
     .low = 1e-9,
     .high = 1e9,
     .doc = "scale the gradient of a step down to this norm (default: never)"},
    {.name = "lr", EN_FIELD(train_options, lr), .arg = "X", .low = 1e-9, .high = 10, .doc = "learning rate of Adam"},
    {.name = "patience",
     EN_FIELD(train_options, patience),
     .arg = "N",
     .low = 0,
     .high = 100000,
     .doc = "stop after so many epochs without a better validation loss; 0: never"},
    {.name = "class-weights",
     EN_FIELD(train_options, class_weights),
     .arg = "LIST",
     .doc = "none, auto (inverse frequency), or one weight per class: 1,4"},
    {.name = "seed",
     EN_FIELD(train_options, seed),
     .arg = "N",
     .low = 0,
     .high = 9007199254740992.0,
     .doc = "the same seed, data and instruction set give the same weights"},
    {.name = "threads",
     EN_FIELD(train_options, threads),
     .arg = "N",
     .low = 1,
     .high = 1024,
     .doc = "number of threads (default: EYENET_THREADS, or one per processor); the result does not depend on it"},
    {.name = "mixed-parts",
     EN_FIELD(train_options, mixed_parts),
     .doc = "allow members outside the training part; evaluation results are then biased"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet train --subset small --name first", "referable or not, with the built-in network eyenet"},
    {"eyenet train --subset small --model my.net --target grade --epochs 50",
     "five grades, with a network of your own"},
    {"eyenet train --subset small --target eye", "left or right"},
    {"eyenet train --subset small --init efficientnet-lite0 --lr 0.0003", "from imported weights"},
    {"eyenet sql \"SELECT epoch, part, value FROM metrics \\\n      WHERE run = 'first' AND metric = 'loss'\"",
     "its learning curve"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such subset, an invalid network text (the line and word are named), or a network that does not fit"},
    {EN_INTERRUPTED, "Ctrl-C: the best weights so far are kept and the run is marked interrupted"},
    {EN_OK, NULL},
};

const en_command en_cmd_train = {
    .name = "train",
    .group = EN_GROUP_MODELS,
    .args = "",
    .summary = "train a network on a subset",
    .text = "The network learns the target from the subset's samples, with Adam and cross-entropy. After each epoch "
            "it is measured on the validation images; the weights of the best epoch are kept. Every metric of every "
            "epoch is a row in the catalog.\n\n"
            "A network is text, one layer per line:\n\n"
            "    input 256x256x3 scale 1/255\n"
            "    conv 32 8x8 relu\n"
            "    maxpool 2\n"
            "    dense 128 sigmoid\n"
            "    dropout 0.25\n"
            "    dense classes softmax\n\n"
            "Press Ctrl-C once to stop after saving, twice to stop immediately.",
    .choice = en_choice_network,
    .choices_heading = "Built-in networks",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(train_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = train,
};
