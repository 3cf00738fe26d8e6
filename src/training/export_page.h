/* export page: a run's model as a page that grades photographs in a browser. */
#ifndef EN_TRAINING_EXPORT_PAGE_H
#define EN_TRAINING_EXPORT_PAGE_H

#include "export/model.h"
#include "training/model.h"

/* Writes the page whole or not at all. export: of the same model. EN_FAILED: this program was built without an engine
 * for browsers; EN_INPUT: a page cannot carry the model. */
en_status en_export_page(en_project *project, const en_catalog_run *run, const en_model *model,
                         const en_export_model *export, const char *path, en_error *err) EN_CHECKED;

#endif
