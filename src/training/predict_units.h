/* What photographs of one eye or patient say together: predict --unit. */
#ifndef EN_TRAINING_PREDICT_UNITS_H
#define EN_TRAINING_PREDICT_UNITS_H

#include "training/predict.h"
#include "training/units.h"

/* Fills result->unit_row from result->row: photographs that were predicted are combined as evaluate combines them
 * (training/units.h), those of an eye by their mean. Patient and eye are what the names of the files say, as ingest
 * recognises them (catalog/name.h); a photograph of no known eye is of one of its own. In the order in which the
 * patients, and their eyes, come first. calibration: whose cuts make the answer of several photographs. */
en_status en_predict_combine(en_predict_result *result, const en_calibration *calibration, en_unit unit,
                             en_combine combine, en_error *err) EN_CHECKED;

#endif
