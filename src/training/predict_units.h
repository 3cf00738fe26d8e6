/* What photographs of one eye or patient say together: predict --unit. */
#ifndef EN_TRAINING_PREDICT_UNITS_H
#define EN_TRAINING_PREDICT_UNITS_H

#include "training/fellow.h"
#include "training/predict.h"
#include "training/units.h"

/* Fills patient_group and eye_group of the rows from patient and eye. O(n log n). */
en_status en_predict_number(en_predict_result *result, en_error *err) EN_CHECKED;

/* The indices of the rows [count] (en_free): patients in the order in which they come first, and the photographs of
 * each as given. After en_predict_number. */
en_status en_predict_by_patient(const en_predict_result *result, size_t **order, en_error *err) EN_CHECKED;

/* The threshold by which that photograph is answered; NaN: none. */
double en_predict_threshold(const en_predict_result *result, const en_prediction_row *row);

/* Sets result->unit and fills result->unit_row from result->row: photographs that were predicted are combined as
 * evaluate combines them (training/units.h), those of an eye by their mean. In the order in which the patients, and
 * their eyes, come first. calibration: whose cuts make the answer of several photographs; alone: of a run that looks at
 * both eyes (result->fellows), of those without the fellow. O(n log n). After en_predict_number. */
en_status en_predict_combine(en_predict_result *result, const en_calibration *calibration, const en_calibration *alone,
                             en_unit unit, en_combine combine, en_error *err) EN_CHECKED;

/* Of a run that looks at both eyes: the photographs whose fellow eye is among them are answered anew, all by the
 * decision that was chosen for such. calibration: of eyes with a fellow. Before en_predict_combine. */
en_status en_predict_fellows(en_predict_result *result, const en_calibration *calibration, const en_fellow *both,
                             en_error *err) EN_CHECKED;

#endif
