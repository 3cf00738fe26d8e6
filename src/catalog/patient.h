/* Whose photographs there are, and how that is known. */
#ifndef EN_CATALOG_PATIENT_H
#define EN_CATALOG_PATIENT_H

#include "catalog/catalog.h"
#include "catalog/name.h"

/* Changes the patient, and the eye (NULL: not known), of an image. EN_INPUT when subsets were chosen by a split of the
 * patient. */
en_status en_catalog_image_set_patient(en_catalog *c, int64_t image_id, const char *patient, const char *eye,
                                       en_patient_from from, en_error *err) EN_CHECKED;
/* The patient of an image as given by a file: called by the dataset's name too where the dataset has its own patients.
 * A NULL eye or patient leaves the one that is known. */
en_status en_catalog_image_give_patient(en_catalog *c, int64_t image_id, const char *patient, const char *eye,
                                        en_patient_from from, en_error *err) EN_CHECKED;
/* Two photographs are of one patient: that of the first, and so is every other image of the second's. */
en_status en_catalog_image_pair(en_catalog *c, int64_t first, int64_t second, en_error *err) EN_CHECKED;

/* Looks at every name again. pattern NULL: recognises what is not known yet; else what the pattern matches is given
 * that patient and eye, unless a file gave them. *changed: images. */
en_status en_catalog_patients_recognise(en_catalog *c, const char *pattern, int64_t *changed, en_error *err) EN_CHECKED;

/* How many of the images that are not rejected have a known patient, and how. A photograph of which only another
 * photograph of the same patient is known counts by its name. */
typedef struct en_catalog_knowledge {
    int64_t images, patients;
    int64_t by[EN_PATIENT_PAIRS + 1]; /* by en_patient_from; [EN_PATIENT_UNKNOWN]: not known */
    int64_t eyes;                     /* images with a known eye */
} en_catalog_knowledge;
en_status en_catalog_patients_known(en_catalog *c, en_catalog_knowledge *out, en_error *err) EN_CHECKED;
/* "24 of 30 images have a known patient: 20 from their names, 4 from a column; 6 have none". Into out, as text. */
const char *en_catalog_knowledge_text(const en_catalog_knowledge *k, char *out, size_t capacity);

#endif
