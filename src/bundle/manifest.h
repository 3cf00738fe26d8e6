/* The manifest of a bundle. For the files of this folder alone. */
#ifndef EN_BUNDLE_MANIFEST_H
#define EN_BUNDLE_MANIFEST_H

#include "base/buf.h"
#include "bundle/form.h"

/* What may change about a run without making it another one, and what it is tied to. */
typedef struct en_bundle_about {
    char *name, *uuid;   /* owned */
    char *parent, *note; /* uuid of the run that it continues or repeats; NULL: none */
    char **tag;          /* owned */
    size_t tags;
    int64_t subset, val_subset; /* by their places in subsets.jsonl; -1: none */
} en_bundle_about;

typedef struct en_bundle_manifest {
    char *made_at, *program, *project;
    en_bundle_about *run;
    size_t runs;
    en_bundle_member *member; /* in their order, without the manifest */
    size_t members;
    char sha256[EN_SHA256_HEX]; /* of its own bytes, when it was read */
} en_bundle_manifest;

/* Appends the text. */
en_status en_bundle_manifest_write(const en_bundle_manifest *m, en_buf *out, en_error *err) EN_CHECKED;
/* EN_INPUT, with what is wrong. */
en_status en_bundle_manifest_read(en_bundle_manifest *m, const void *text, size_t bytes, en_error *err) EN_CHECKED;
void en_bundle_about_clear(en_bundle_about *about);
void en_bundle_manifest_clear(en_bundle_manifest *m);

#endif
