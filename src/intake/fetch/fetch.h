/* fetch: photographs come into the project, as photos/SOURCE_ID/MEMBER, with rows for where each came from. */
#ifndef EN_INTAKE_FETCH_H
#define EN_INTAKE_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/wordlist.h"
#include "project/project.h"
#include "net/http.h"

typedef struct en_fetch_options {
    const char *source; /* a folder, a photograph, a zip, tar or tar.gz, any volume of train.zip.001 ..., the http(s)
                           URL of a photograph, an archive or a first volume, kaggle:COMPETITION,
                           kaggle:OWNER/DATASET, or s3://BUCKET/KEY */
    const char *only;   /* a pattern of paths or names ("*_left.*", "train/1?_*"): other photographs are left to a
                           later fetch; NULL: all */
    const char
        *patients;     /* only photographs of these, by their names: "7,12,30", or a file with one on each line; NULL */
    int64_t head;      /* only so many, the first by their names' natural order; 0: all */
    const char *terms; /* a link to the terms of use of the photographs, for the manifest; NULL */
    const char *sha256;   /* that the file, or the volumes together, must have: 64 hex digits; NULL */
    const char *encoding; /* of names of files and members that are not UTF-8; NULL: recognised (base/charset.h) */
    bool no_follow;       /* of a folder: symbolic links to files are left out */
    bool quick; /* of a folder: photographs that are here with their length are not read, and archives are left */
    /* Of a folder: which files are to be read; others are left to a later fetch. `path` is that on the disk, below the
     * folder. NULL: all */
    bool (*ready)(void *ctx, const char *path, int64_t bytes, int64_t mtime_ns);
    void *ready_ctx;
    bool dry_run;    /* look only: nothing is downloaded or copied */
    bool no_extract; /* archives are downloaded only: they stay in downloads/ for a fetch without this. EN_USAGE for
                        what    is on this machine already */
    bool force;      /* copy photographs again even if the project has them */
    en_http_options http; /* zeroed: defaults */
    /* The value of an environment variable, or NULL: credentials and addresses are looked up by it. NULL: there are
     * none */
    const char *(*variable)(const char *name);
} en_fetch_options;

/* What a source turned out to be. */
typedef enum en_fetch_form { EN_FETCH_NO_FORM, EN_FETCH_FOLDER, EN_FETCH_PHOTOGRAPH, EN_FETCH_ARCHIVE } en_fetch_form;
extern const en_wordlist en_fetch_forms;

typedef struct en_fetch_result {
    int64_t source_id; /* the last one, of several */
    int64_t sources;   /* rows of sources that this was about: 1, or the archives of a competition */
    en_fetch_form form;
    int64_t volumes;     /* files the source is made of: 1, or the number of volumes */
    int64_t photographs; /* in the source */
    int64_t fetched;     /* of them, written by this call */
    int64_t present;     /* of them, here already */
    int64_t unwanted;    /* photographs that were not asked for; not among the others */
    int64_t skipped;     /* members and files that are not photographs; the first few are named in a note */
    int64_t bytes;       /* of all its photographs */
    int64_t downloaded;  /* bytes that came over the network in this call */
    int64_t needed;      /* of a dry run: bytes that would be copied or downloaded */
    char terms[256];     /* a link to the terms of use, where it is known; "" */
    bool unchanged;      /* nothing was to be done */
    double seconds;
} en_fetch_result;

/* Photographs are the files and members with the extension of a photograph (list.h), and files of a folder that begin
 * as one; everything else is counted as skipped. Each is there whole or not at all, and its row only once it is on
 * disk: after a kill at any point, repeating the fetch resumes from there. A photograph already here with the length
 * and CRC of its row is left alone. A source that changed since it was fetched is reported, and what was fetched before
 * stays: the new version is a separate source. A folder is always the same source: a photograph in it that changed is
 * named in a warning, left out, and counted as present. A competition, or a dataset, of several archives becomes a
 * source per archive; those without photographs are left out. So do the archives in a folder, whose photographs come
 * besides, and the first error of a part counts when all have been tried. EN_INPUT names what was looked for; EN_BUSY
 * when another fetch is running here; EN_IO with the bytes needed and free.
 */
en_status en_fetch(en_project *project, const en_fetch_options *options, en_fetch_result *result,
                   en_error *err) EN_CHECKED;

typedef struct en_fetch_verified {
    int64_t photographs, right, missing, changed; /* missing: no such file; changed: other bytes, or unreadable */
    int64_t damaged;                              /* rows of photographs that never came right */
    int64_t bytes;                                /* of all photographs */
} en_fetch_verified;

/* Compares the photographs that were fetched with their lengths and hashes: those of one source, as it was given or as
 * the catalog has it, and of one dataset; NULL: of all. What is wrong is named in warnings. EN_FAILED, with the result,
 * when something is wrong; EN_INPUT when nothing was fetched from there. */
en_status en_fetch_verify(en_project *project, const char *source, const char *dataset, en_fetch_verified *result,
                          en_error *err) EN_CHECKED;

#endif
