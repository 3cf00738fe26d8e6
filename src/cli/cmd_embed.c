/* eyenet embed. */
#include "training/embed.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct embed_options {
    const char *layer, *subset, *recipe;
} embed_options;

static const embed_options defaults = {0};

static en_status embed(const en_cli *cli, const en_call *call, en_error *err)
{
    const embed_options *given = call->options;
    const en_embed_options options = {
        .model = call->word[0], .layer = given->layer, .subset = given->subset, .recipe = given->recipe};
    en_embed_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_embed(&project, &options, &result, err);
    en_project_close(&project);
    /* What an interrupted one wrote stays: it is shown before it is said that it was interrupted. */
    if (st == EN_OK || (st == EN_INTERRUPTED && result.images > 0)) {
        en_error shown;
        en_status ended = en_show_embed(cli->out, &result, &shown);
        st = en_first_error(st, ended, &shown, err);
    }
    return st;
}

static const en_option options[] = {
    {.name = "layer",
     EN_FIELD(embed_options, layer),
     .arg = "LINE",
     .doc = "keep what this layer is given: a layer's number as 'eyenet model show' has it, or the name of a tensor; "
            "without it, the head, the last dense layer"},
    {.name = "subset",
     .letter = 's',
     EN_FIELD(embed_options, subset),
     .arg = "SUBSET",
     .doc = "only of the images in it; without it, of all accepted images"},
    {.name = "recipe",
     EN_FIELD(embed_options, recipe),
     .arg = "TEXT",
     .doc =
         "of an imported model: whose samples to use; without it, the newest recipe that has any. A run has its own"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet embed efficientnet-lite0", "by imported weights: they know nothing of the labels"},
    {"eyenet sql \"SELECT * FROM neighbours('10_left', 5)\"", "the five photographs that look most like this one"},
    {"eyenet sql \"SELECT a.image, b.image, embedding_distance(a.vector, b.vector)\n"
     "      FROM embeddings a JOIN embeddings b USING (embedding_set_id, patient)\n"
     "      WHERE a.eye = 'left' AND b.eye = 'right'\"",
     "how alike the two eyes of each patient are"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such model, layer or subset, or samples of another size than the network takes"},
    {EN_INTERRUPTED, "Ctrl-C or SIGTERM: what was written stays, and the same command goes on"},
    {EN_OK, NULL},
};

const en_command en_cmd_embed = {
    .name = "embed",
    .group = EN_GROUP_MODELS,
    .args = "MODEL",
    .summary = "keep what a network makes of photographs, to compare them",
    .text =
        "MODEL is an imported model, else a run by its name, its uuid or the beginning of one. What its head is given "
        "of each photograph, unmirrored and unturned, becomes a row: the embedding, a vector of numbers that are alike "
        "for photographs that look alike to the network. Those that are there are kept, so the command may be repeated "
        "after an interruption or after new photographs came; the numbers do not depend on the number of threads.\n\n"
        "The view embeddings has the rows. In SQL, embedding_distance(a, b) is the cosine distance of two vectors, 0 "
        "to 2, and neighbours(IMAGE, K) is a table of the K nearest images, by name or image_id: rank, image_id, "
        "image, distance; neighbours(IMAGE, K, MODEL) by the embeddings of this model rather than the newest.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(embed_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = embed,
};
