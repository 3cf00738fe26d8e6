/* A member on its way out: counted and hashed, and in the second pass written. For the files of this folder alone. */
#ifndef EN_BUNDLE_OUT_H
#define EN_BUNDLE_OUT_H

#include "archive/writer.h"
#include "base/buf.h"
#include "bundle/form.h"
#include "project/project.h"

typedef struct en_bundle_out {
    en_zip_writer *zip; /* NULL: only counted */
    en_sha256 *hash;
    int64_t bytes, lines;
    en_buf waiting;
    en_status failed; /* of what json_dump_callback could not pass on */
} en_bundle_out;

en_status en_bundle_out_begin(en_bundle_out *out, en_zip_writer *zip, en_error *err) EN_CHECKED;
en_status en_bundle_out_data(en_bundle_out *out, const void *data, size_t bytes, en_error *err) EN_CHECKED;
/* A line; `digits` of reals. The value is taken over, also NULL, which is want of memory. */
en_status en_bundle_out_line(en_bundle_out *out, json_t *value, unsigned digits, en_error *err) EN_CHECKED;
/* Sets length and hash of the member. */
en_status en_bundle_out_end(en_bundle_out *out, en_bundle_member *member, en_error *err) EN_CHECKED;
void en_bundle_out_clear(en_bundle_out *out);

/* What a run is: run.json, network.txt, params, metrics and steps. The same bytes wherever the run is, so that their
 * hashes say whether two runs are the same. */
en_status en_bundle_write_core(en_project *project, int64_t run_id, en_bundle_kind kind, en_bundle_out *out,
                               en_error *err) EN_CHECKED;

#endif
