/* What photographs of one eye or patient say together: predict --unit. */
#ifndef EN_TRAINING_PREDICT_UNITS_H
#define EN_TRAINING_PREDICT_UNITS_H

#include "training/fellow.h"
#include "training/predict.h"
#include "training/units.h"

/* Fills result->unit_row from result->row: photographs that were predicted are combined as evaluate combines them
 * (training/units.h), those of an eye by their mean. Patient and eye are what the names of the files say, as ingest
 * recognises them (catalog/name.h); a photograph of no known eye is of one of its own. In the order in which the
 * patients, and their eyes, come first. calibration: whose cuts make the answer of several photographs. */
en_status en_predict_combine(en_predict_result *result, const en_calibration *calibration, en_unit unit,
                             en_combine combine, en_error *err) EN_CHECKED;

/* Of a run that looks at both eyes: the photographs whose fellow eye is among them are answered anew, all by the
 * decision that was chosen for such. calibration: of eyes with a fellow. Before en_predict_combine. */
en_status en_predict_fellows(en_predict_result *result, const en_calibration *calibration, const en_fellow *both,
                             en_error *err) EN_CHECKED;

#endif
