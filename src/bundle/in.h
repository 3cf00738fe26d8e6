/* A bundle that is read: first compared as a whole with its manifest, then read once more for what is in it. For the
 * files of this folder alone. */
#ifndef EN_BUNDLE_IN_H
#define EN_BUNDLE_IN_H

#include "archive/reader.h"
#include "base/events.h"
#include "bundle/manifest.h"

/* A pass over the members. What is read of a member is hashed; its end is EN_DONE only where length and hash are those
 * of the manifest, so that a file that changes between the passes is found out. */
typedef struct en_bundle_in {
    en_volumes volumes;
    en_archive_caps caps;
    en_archive *archive;
    en_bundle_manifest manifest;
    size_t next;                    /* member to come */
    const en_bundle_member *member; /* that is being read; NULL: none */
    en_sha256 *hash;
    int64_t bytes; /* read of it */
    en_buf buffer; /* of lines: what was read and not taken, from `at` on */
    size_t at;
    int64_t line;
    bool ended;
} en_bundle_in;

/* Opens the file and reads its manifest, for a first pass. `events` is borrowed. EN_INPUT: it is not a bundle. */
en_status en_bundle_in_open(const char *file, const en_events *events, en_bundle_in *in, en_error *err) EN_CHECKED;
/* Back to before the first member. */
en_status en_bundle_in_rewind(en_bundle_in *in, en_error *err) EN_CHECKED;
/* The next member; what is left of the one before is read and compared first. EN_DONE behind the last, at the end of
 * the file. */
en_status en_bundle_in_next(en_bundle_in *in, en_error *err) EN_CHECKED;
/* Its next bytes; EN_DONE at its end. */
en_status en_bundle_in_read(en_bundle_in *in, void *data, size_t capacity, size_t *got, en_error *err) EN_CHECKED;
/* Its next line; EN_DONE at its end. json_decref it. */
en_status en_bundle_in_line(en_bundle_in *in, json_t **line, en_error *err) EN_CHECKED;
/* Puts "'run-1/params.jsonl', line 7" before an error. Returns `st`. */
en_status en_bundle_in_fault(const en_bundle_in *in, en_status st, en_error *err);
void en_bundle_in_clear(en_bundle_in *in);

/* Whether the file is a bundle: its first member is a manifest of one. */
bool en_bundle_is(const char *file);

#endif
