/* eyenet train. */
#include "training/train/folds.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "image/augmentation.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "cli/train.h"
#include "render/show.h"

typedef struct train_options {
    const char *model, *subset, *val, *name, *target, *recipe, *class_weights, *augment, *schedule, *optimiser, *loss,
        *positive, *init, *freeze, *lr_scale, *best, *batchnorm, *resume, *time_limit, *tensorboard, *folds, *config;
    int64_t epochs, head_epochs, batch, micro_batch, patience, seed, threads;
    double lr, clip, at_sensitivity, at_specificity, miss_cost;
    bool mixed_parts, ordinal;
} train_options;

static const train_options defaults = {
    .model = EN_TRAIN_MODEL,
    .target = EN_TRAIN_TARGET,
    .loss = EN_TRAIN_LOSS,
    .patience = -1, /* not given */
    .seed = 1,
    .at_sensitivity = EN_TRAIN_AT,
    .at_specificity = EN_TRAIN_AT,
    .miss_cost = EN_TRAIN_MISS_COST,
};

static const char *const batchnorms[] = {"frozen", "train", NULL};
static const char *const best_rules[] = {"loss", "calibrated-loss", "order", "last", NULL};

/* A number of seconds, or with s, m or h behind it: 90, 90s, 30m, 12h. */
static bool parse_time(const char *text, double *seconds)
{
    static const char units[] = "smh";
    char number[32];
    const size_t size = strlen(text);
    const char *unit = size > 1 ? strchr(units, text[size - 1]) : NULL;
    snprintf(number, sizeof number, "%.*s", (int)(unit != NULL ? size - 1 : size), text);
    if (size >= sizeof number || !en_parse_double(number, seconds)) {
        return false;
    }
    for (const char *u = units; unit != NULL && u < unit; u++) {
        *seconds *= 60;
    }
    return *seconds > 0 && *seconds < 1e9;
}

en_status en_cli_time_limit(const char *text, double *seconds, en_error *err)
{
    *seconds = 0;
    if (text != NULL && !parse_time(text, seconds)) {
        return en_error_set(err, EN_USAGE, "--time-limit takes seconds, or a number with s, m or h, not '%s'", text);
    }
    return EN_OK;
}

/* A run that is resumed keeps its settings. */
static en_status check_resume(const train_options *given, en_error *err)
{
    static const char *const allowed[] = {"resume", "threads", "time-limit", "tensorboard", "config"};
    for (const en_option *o = en_cmd_train.options; o->name != NULL; o++) {
        const void *is = (const char *)given + o->at, *was = (const char *)&defaults + o->at;
        const size_t size = o->kind == EN_OPTION_FLAG ? sizeof(bool) : 8;
        bool settled = memcmp(is, was, size) == 0;
        for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
            settled = settled || strcmp(o->name, allowed[i]) == 0;
        }
        if (!settled) {
            return en_error_set(err, EN_USAGE, "--%s and --resume are mutually exclusive: a run keeps its settings",
                                o->name);
        }
    }
    return EN_OK;
}

static en_status train_one(const en_cli *cli, en_project *project, const en_train_options *wanted, en_error *err)
{
    en_error shown;
    en_train_result result = {0};
    en_status st = en_train(project, wanted, &result, err);
    /* An interrupted training has a result, too: say what there is before saying that it was interrupted. */
    if (st == EN_OK || (st == EN_INTERRUPTED && result.run[0] != '\0')) {
        en_status ended = en_show_train(cli->out, &result, &shown);
        st = en_first_error(st, ended, &shown, err);
    }
    return st;
}

static en_status train_folds(const en_cli *cli, en_project *project, const char *partition,
                             const en_train_options *wanted, en_error *err)
{
    en_error shown;
    en_folds_result *result = en_calloc(1, sizeof *result);
    if (result == NULL) {
        return en_error_nomem(err, "runs");
    }
    en_status st = en_train_folds(project, partition, wanted, result, err);
    if (result->count > 0) {
        en_status ended = en_show_folds(cli->out, result, &shown);
        st = en_first_error(st, ended, &shown, err);
    }
    en_free(result);
    return st;
}

void en_cli_train_options(const void *options, en_train_options *out)
{
    const train_options *given = options;
    *out = (en_train_options){
        .resume = given->resume,
        .tensorboard = given->tensorboard,
        .model = given->init != NULL && given->model == defaults.model ? NULL : given->model,
        .init = given->init,
        .freeze = given->freeze,
        .head_epochs = given->head_epochs,
        .lr_scale = given->lr_scale,
        .batchnorm = given->batchnorm,
        .subset = given->subset,
        .validation = given->val,
        .name = given->name,
        .target = given->target,
        .recipe = given->recipe,
        .class_weights = given->class_weights,
        .positive = given->positive,
        .scale = given->ordinal ? "ordinal" : NULL,
        .augmentation = given->augment,
        .schedule = given->schedule,
        .optimiser = given->optimiser,
        .loss = given->loss,
        .best = given->best,
        .epochs = given->epochs,
        .batch = given->batch,
        .micro_batch = given->micro_batch,
        .clip_norm = given->clip,
        .patience = given->patience > 0    ? given->patience
                    : given->patience == 0 ? EN_TRAIN_NO_EARLY_STOP
                                           : 0,
        .learning_rate = given->lr,
        .at_sensitivity = given->at_sensitivity,
        .at_specificity = given->at_specificity,
        .miss_cost = given->miss_cost,
        .seed = (uint64_t)given->seed,
        .mixed_parts = given->mixed_parts,
    };
}

static en_status train(const en_cli *cli, const en_call *call, en_error *err)
{
    const train_options *given = call->options;
    double time_limit;
    en_status st = en_cli_time_limit(given->time_limit, &time_limit, err);
    if (st == EN_OK && given->resume != NULL) {
        st = check_resume(given, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_train_options wanted;
    en_cli_train_options(given, &wanted);
    wanted.time_limit = time_limit;
    en_cli with_threads = *cli;
    with_threads.threads = given->threads > 0 ? (unsigned)given->threads : cli->threads;
    en_project project;
    st = en_cli_open(&with_threads, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = given->folds != NULL ? train_folds(cli, &project, given->folds, &wanted, err)
                              : train_one(cli, &project, &wanted, err);
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "subset",
     .letter = 's',
     EN_FIELD(train_options, subset),
     .arg = "SUBSET",
     .required = true,
     .doc = "what to learn from, made by 'eyenet subset'"},
    {.name = "folds",
     EN_FIELD(train_options, folds),
     .arg = "PARTITION",
     .excludes = "subset",
     .doc = "train a run for each fold of 'eyenet split PARTITION --folds K', on the plain variants of the other "
            "folds: NAME-1 to NAME-K, by --name or that of the partition; repeated, it keeps what has finished and "
            "goes on with the rest"},
    {.name = "model",
     .letter = 'm',
     EN_FIELD(train_options, model),
     .arg = "MODEL",
     .doc = "a built-in network, or a file of network text"},
    {.name = "init",
     EN_FIELD(train_options, init),
     .arg = "MODEL",
     .doc = "start from these weights, all but the head's: an imported model, a file of weights that eyenet wrote, or "
            "a run; "
            "without --model its network is trained"},
    {.name = "freeze",
     EN_FIELD(train_options, freeze),
     .arg = "LINE",
     .doc = "do not train the layers before this one: a layer's number as 'eyenet model show' has it, the name of a "
            "tensor, or head. What they make of the images, in all views that training shows, is computed once and "
            "kept in features/ where --augment is of mirror, flip and quarter, as it then is by default for the head"},
    {.name = "head-epochs",
     EN_FIELD(train_options, head_epochs),
     .arg = "N",
     .low = 0,
     .high = 100000,
     .doc = "train the head alone in the first so many epochs"},
    {.name = "lr-scale",
     EN_FIELD(train_options, lr_scale),
     .arg = "LIST",
     .doc = "learning rates of layers, as factors: 0=0.1,head=1 is a tenth of the rate up to the head (default: 1, but "
            "with Adam and without --init 2048/N for a dense layer of more inputs, N, which would saturate)"},
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
    {.name = "positive",
     EN_FIELD(train_options, positive),
     .arg = "CLASS",
     .doc = "of two classes, the one to look for, whose sensitivity and so on are measured; without it, the last in "
            "order"},
    {.name = "ordinal",
     EN_FIELD(train_options, ordinal),
     .doc =
         "the target's values are numbers on a scale: kappa weighs how far apart they are; without it, the "
         "target grade is ordinal, and label(image_id, 'SCHEME') of a scheme whose more than two values are ordered"},
    {.name = "at-sensitivity",
     EN_FIELD(train_options, at_sensitivity),
     .arg = "X",
     .low = 0.01,
     .high = 1,
     .doc = "of the operating point that finds so many of the positives on the validation images"},
    {.name = "at-specificity",
     EN_FIELD(train_options, at_specificity),
     .arg = "X",
     .low = 0.01,
     .high = 1,
     .doc = "of the operating point that clears so many of the negatives there"},
    {.name = "miss-cost",
     EN_FIELD(train_options, miss_cost),
     .arg = "X",
     .low = 1e-3,
     .high = 1e6,
     .doc = "of the operating point with the least cost there: a missed positive costs so many false alarms"},
    {.name = "val",
     EN_FIELD(train_options, val),
     .excludes = "folds",
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
     .doc = "passes over the subset at most (default: 20; with --init 10)"},
    {.name = "batch",
     .letter = 'b',
     EN_FIELD(train_options, batch),
     .arg = "N",
     .low = 1,
     .high = 65536,
     .doc = "images between two steps of the weights (default: 16; with --init 32)"},
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
    {.name = "lr",
     EN_FIELD(train_options, lr),
     .arg = "X",
     .low = 1e-9,
     .high = 10,
     .doc = "learning rate (default: 0.001; 0.0002 with --init, unless --batchnorm train or --freeze head)"},
    {.name = "optimiser",
     EN_FIELD(train_options, optimiser),
     .arg = "TEXT",
     .doc = "how weights follow their gradients: adam, adam-torch or sgd, with words as below (default: adam; with "
            "--init '" EN_TRAIN_INIT_OPTIMISER "')"},
    {.name = "loss",
     EN_FIELD(train_options, loss),
     .arg = "TEXT",
     .doc = "what is minimised: cross-entropy, focal or squared, with words as below"},
    {.name = "schedule",
     EN_FIELD(train_options, schedule),
     .arg = "TEXT",
     .doc = "how the learning rate changes over the epochs asked for: constant, step, cosine or onecycle, with words "
            "as below (default: constant; with --init onecycle)"},
    {.name = "patience",
     EN_FIELD(train_options, patience),
     .arg = "N",
     .low = 0,
     .high = 100000,
     .doc = "stop after so many epochs without a better one; 0: never (default: 5; with --init 0)"},
    {.name = "best",
     EN_FIELD(train_options, best),
     .arg = "RULE",
     .choices = best_rules,
     .doc =
         "which epoch's weights are kept, by the validation images: that of the lowest loss, as training minimises it; "
         "of the lowest calibrated-loss, the loss of the probabilities after calibration; of the best order, AUC or "
         "concordance; or the last (default: loss; with --init " EN_TRAIN_INIT_BEST ")"},
    {.name = "class-weights",
     EN_FIELD(train_options, class_weights),
     .arg = "LIST",
     .doc = "none, auto (inverse frequency), or one weight per class: 1,4 (default: auto; with --init none)"},
    {.name = "augment",
     EN_FIELD(train_options, augment),
     .arg = "TEXT",
     .doc = "how training images are distorted at random, anew in every epoch: none, light, strong, or words as above "
            "(default: none; with --init '" EN_TRAIN_INIT_AUGMENTATION "', as far as the target allows)"},
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
    {.name = "resume",
     EN_FIELD(train_options, resume),
     .arg = "RUN",
     .excludes = "subset",
     .doc = "go on with a run that was stopped or killed, by name or uuid, or with the newest of them: auto; it keeps "
            "its settings, and its weights become those of an uninterrupted run"},
    {.name = "time-limit",
     EN_FIELD(train_options, time_limit),
     .arg = "TIME",
     .doc = "save and stop after so many seconds, or 90s, 30m, 12h; --resume goes on"},
    {.name = "tensorboard",
     EN_FIELD(train_options, tensorboard),
     .arg = "DIR",
     .doc = "write TensorBoard's event file DIR/RUN while it trains: metrics, settings, network and weights"},
    {.name = "config",
     EN_FIELD(train_options, config),
     .arg = "FILE",
     .doc = "options from a file, a line each as in epochs = 20 or model = \"my.net\"; those of the command line win"},
    {.name = "mixed-parts",
     EN_FIELD(train_options, mixed_parts),
     .doc = "allow members outside the training part; evaluation results are then biased"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet train --subset small --name first", "referable or not, with the built-in network eyenet"},
    {"eyenet train --subset small --model my.net --target grade --epochs 50",
     "five grades, with a network of your own"},
    {"eyenet train --subset small --augment 'mirror flip quarter zoom 0.9..1.1 brightness 0.2'",
     "other views of the same photographs in every epoch"},
    {"eyenet train --subset small --target eye", "left or right"},
    {"eyenet train --config usual.toml --lr 0.0003", "what is usual, with another learning rate"},
    {"eyenet train --resume first", "go on with it after it was stopped"},
    {"eyenet train --folds cv --target grade --name graded",
     "graded-1 to graded-5, after 'eyenet split cv --folds 5': every patient validates one of them"},
    {"eyenet train --subset small --init efficientnet-lite0 --target grade", "from imported weights: the five grades"},
    {"eyenet sql \"SELECT epoch, part, value FROM metrics \\\n      WHERE run = 'first' AND metric = 'weighted_loss'\"",
     "its learning curve"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such subset, an invalid network text (the line and word are named), or a network that does not fit"},
    {EN_FAILED, "the training diverged: the weights of its best epoch are kept"},
    {EN_INTERRUPTED,
     "Ctrl-C, SIGTERM or the time limit: weights and state are saved and the run is marked interrupted"},
    {EN_OK, NULL},
};

const en_command en_cmd_train = {
    .name = "train",
    .group = EN_GROUP_MODELS,
    .args = "",
    .summary = "train a network on a subset",
    .text =
        "The network learns the target from the subset's samples, with Adam and cross-entropy unless told otherwise. "
        "After each epoch "
        "it is measured on the validation images; the weights of the best epoch are kept. Every metric of every "
        "epoch is a row in the catalog: loss is the mean cross-entropy, weighted_loss the same weighted by class, "
        "which "
        "is what class weights minimise and the best epoch has least of.\n\n"
        "A network is text, one layer per line:\n\n"
        "    input 256x256x3 scale 1/255\n"
        "    conv 32 8x8 relu\n"
        "    maxpool 2\n"
        "    dense 128 sigmoid\n"
        "    dropout 0.25\n"
        "    dense classes softmax\n\n"
        "An augmentation distorts what is trained on, drawn anew in every epoch from the seed and the variant; what "
        "is validated on stays as it is. Its words are mirror (left and right), flip (top and bottom), quarter "
        "(quarter turns), rotate DEGREES, zoom A..B (factors), shift F (of the width), brightness F, contrast F, "
        "saturation F (0.2: by up to a fifth) and hue DEGREES. light is '" EN_AUGMENTATION_LIGHT
        "', strong '" EN_AUGMENTATION_STRONG
        "'. A target that mirroring or turning changes, as eye, cannot be trained with "
        "the words that do so.\n\n"
        "A schedule multiplies the learning rate: constant by 1; step [every E] [times F] by F (0.1) after each "
        "proportion E (1/3) of the steps; cosine [to F] by 1, falling to F (0); onecycle [rise R] [to F] by 1/25, "
        "rising "
        "to 1 in the proportion R (0.3) of the steps and falling to F (0.0001). With warmup W, it first rises linearly "
        "during the proportion W of the steps: 'cosine warmup 0.05'.\n\n"
        "An optimiser is adam (epsilon as in Keras) or adam-torch (as in PyTorch), with [beta1 B] [beta2 B] [epsilon "
        "E], "
        "or sgd with [momentum M] [nesterov]; each takes decay D (weight decay, of matrices and kernels; taken from "
        "the "
        "weights as in AdamW, or with coupled added to the gradient) and average A (a moving average of the weights "
        "with that decay, 0.999 say, is what is validated and kept). A loss is cross-entropy [smoothing E], focal "
        "[gamma G] (2), or squared: of the expected class, for grades.\n\n"
        "With --init, training starts from weights that were learned on other pictures, and the defaults are those "
        "that "
        "suit it: a small rate that rises and falls, as a larger one destroys what the weights know while their norms "
        "are frozen. A network that comes with its weights ends in an ordinal output where the target is a scale of "
        "three or more classes.\n\n"
        "A file of options is TOML: KEY = VALUE by line, the keys being the options without dashes; texts are in "
        "quotes, "
        "flags are true or false, # begins a comment.\n\n"
        "Training stops after the last epoch, or --patience epochs without a better one (--best). It fails where "
        "the "
        "output is not finite (diverged). A network that answers alike for all validation images, of which 10 or more "
        "are needed, has collapsed: a warning says so at the end of the epoch, as do 'runs', 'runs show' and the "
        "report as "
        "long as the kept weights are such. A tenth of --lr, --clip 1 or --init are the remedies.\n\n"
        "Press Ctrl-C once to stop after saving, twice to stop immediately. However a training ended, by Ctrl-C, kill "
        "-9, a "
        "full disk or a power cut, --resume goes on where its state was last saved: at the end of an epoch, every few "
        "minutes within one, and when it is stopped. The same command with the same --name does so, too. On the same "
        "kind of processor the weights are then those of an uninterrupted run, bit for bit.",
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
