/* The words of the catalog's enumerations. */
#include "catalog/words.h"

static const char *const part[] = {NULL, "train", "val", "test"};
static const char *const source_kind[] = {NULL, "folder", "file", "volumes", "http", "s3", "kaggle"};
static const char *const source_state[] = {NULL, "fetching", "whole", "broken"};
static const char *const status[] = {NULL, "accepted", "rejected", "listed"};
static const char *const rejection[EN_REJECTIONS] = {
    [EN_REJECTED_NO_IMAGE] = "no image",       [EN_REJECTED_TRUNCATED] = "truncated",
    [EN_REJECTED_DAMAGED] = "damaged",         [EN_REJECTED_TOO_LARGE] = "too large",
    [EN_REJECTED_UNSUPPORTED] = "unsupported", [EN_REJECTED_BLACK] = "black",
    [EN_REJECTED_UNIFORM] = "uniform",         [EN_REJECTED_DUPLICATE] = "duplicate",
    [EN_REJECTED_NAME_TAKEN] = "name taken",   [EN_REJECTED_TOO_SMALL] = "too small",
};
static const char *const state[] = {NULL, "created", "running", "finished", "interrupted", "failed"};
static const char *const origin[] = {NULL, "trained", "imported", "ensemble"};
static const char *const checkpoint[] = {NULL, "best", "last"};

const en_wordlist en_parts = EN_WORDLIST("part", part);
const en_wordlist en_source_kinds = EN_WORDLIST("kind of source", source_kind);
const en_wordlist en_source_states = EN_WORDLIST("state of a source", source_state);
const en_wordlist en_image_statuses = EN_WORDLIST("image status", status);
const en_wordlist en_rejections = EN_WORDLIST("reason of a rejection", rejection);
const en_wordlist en_run_states = EN_WORDLIST("run state", state);
const en_wordlist en_run_origins = EN_WORDLIST("origin of a run", origin);
const en_wordlist en_checkpoint_kinds = EN_WORDLIST("kind of checkpoint", checkpoint);
