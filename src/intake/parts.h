/* split import: the parts that a file gives to images. */
#ifndef EN_INTAKE_PARTS_H
#define EN_INTAKE_PARTS_H

#include "catalog/part.h"
#include "project/project.h"

/* A column is named or numbered, as for labels (intake/label.h). */
typedef struct en_parts_options {
    const char *file, *encoding;  /* as label files; encoding NULL: recognised */
    const char *part_column;      /* required */
    const char *image_column;     /* NULL: recognised */
    const char *map;              /* catalog/part.h */
    const char *dataset, *folder; /* where its images are; NULL: anywhere */
    bool no_header;
    bool skip_unknown; /* images that are not in the catalog are counted; without it, they are an error */
} en_parts_options;

/* Rows of one image agree, or the file is refused; rows without a part are left out. *skipped: rows of images that are
 * not in the catalog. The catalog is only read. */
en_status en_parts_read(en_project *project, const en_parts_options *options, en_given_parts *out, int64_t *skipped,
                        en_error *err) EN_CHECKED;

#endif
