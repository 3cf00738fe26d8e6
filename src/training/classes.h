/* The classes of a target: its different values, as text, in their natural order ("0", "1", ..., "left", "right"). */
#ifndef EN_TRAINING_CLASSES_H
#define EN_TRAINING_CLASSES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/items.h"

#define EN_MAX_CLASSES 64
#define EN_CLASS_NAME 32   /* bytes of a class's name, the NUL included */
#define EN_CLASS_LABEL 136 /* bytes of its label: a name, and what a scheme calls it (EN_NAME_MAX) */

typedef struct en_classes {
    size_t count;
    char name[EN_MAX_CLASSES][EN_CLASS_NAME];
    size_t positive;              /* of two classes, the one that is looked for: the last */
    bool ordinal;                 /* the classes are numbers, and how far they are apart means something */
    double value[EN_MAX_CLASSES]; /* those numbers, where ordinal */
    char label[EN_MAX_CLASSES]
              [EN_CLASS_LABEL]; /* "2 near", where the target is a grade of a scheme with names; or "" */
} en_classes;

/* The values among `items`. EN_INPUT: fewer than two, more than EN_MAX_CLASSES, or one too long. `target` is for
 * messages. */
en_status en_classes_of(const en_catalog_items *items, const char *target, en_classes *out, en_error *err) EN_CHECKED;
/* Makes the class of this name the positive one. EN_INPUT: there is none of that name, or there are not two classes. */
en_status en_classes_choose_positive(en_classes *classes, const char *name, en_error *err) EN_CHECKED;
/* The same, and moves it to the end, so that in the catalog the score of a prediction is its probability. */
en_status en_classes_positive_last(en_classes *classes, const char *name, en_error *err) EN_CHECKED;
/* Sets whether the classes are ordinal. scale: "ordinal", "nominal", or NULL: grades are ordinal, other targets are
 * not. EN_INPUT: a class of an ordinal target is not a number. */
en_status en_classes_scale(en_classes *classes, const char *target, const char *scale, en_error *err) EN_CHECKED;
/* Fills the labels where the target is label(image_id, 'SCHEME') and all classes are values of that scheme; *ordered:
 * it is, and there are more than two. Otherwise, also where there is no such scheme, nothing is filled. */
en_status en_classes_read_scheme(en_catalog *c, const char *target, en_classes *classes, bool *ordered,
                                 en_error *err) EN_CHECKED;
/* Both: where `scale` is NULL, the target's scheme says whether the classes are ordinal. */
en_status en_classes_scale_in(en_catalog *c, en_classes *classes, const char *target, const char *scale,
                              en_error *err) EN_CHECKED;
/* Whether the target is the column grade of the view variants: its classes are grades of the international scale. */
bool en_classes_are_grades(const en_classes *classes, const char *target);
/* Class indices of all items, int32 [items->count], caller frees. Items whose value is none of the classes are taken
 * out of the list and counted in its no_class; EN_INPUT when none is left names such a value. */
en_status en_classes_truth(const en_classes *classes, en_catalog_items *items, int32_t **truth,
                           en_error *err) EN_CHECKED;
/* Whether both have the same names in the same order. */
bool en_classes_are_same(const en_classes *a, const en_classes *b);
/* -1 when there is none of that name. */
int en_classes_find(const en_classes *classes, const char *name);

/* Class i as text shows it: "no" and "yes" for the 0 and 1 of a comparison such as 'grade >= 2', "not gradable" and
 * "gradable", "2 moderate" for a grade, "2 near" for a value of a scheme; otherwise its name. Borrowed from `classes`,
 * or static. */
const char *en_classes_label(const en_classes *classes, const char *target, size_t i);
/* "2 moderate": a grade of the international scale (Wilkinson et al. 2003), 0..4; NULL for any other number. */
const char *en_classes_grade(int64_t grade);

/* How evenly views are spread: the classes whose members are rotated least and most often, and in what proportions
 * (0..1).
 */
typedef struct en_class_views {
    size_t least, most;
    double low, high;
} en_class_views;
/* Whether the rotation is confounded with the class: the proportions differ by more than a tenth. Items of none of
 * the classes do not count. */
bool en_classes_uneven_views(const en_classes *classes, const en_catalog_items *items, en_class_views *out);

/* As a JSON array of strings; *json: en_free. */
en_status en_classes_to_json(const en_classes *classes, char **json, en_error *err) EN_CHECKED;
/* The labels in the same way; *json is NULL when there are none. EN_INPUT when a list is not one for the classes. */
en_status en_classes_labels_to_json(const en_classes *classes, char **json, en_error *err) EN_CHECKED;
en_status en_classes_labels_from_json(const char *json, en_classes *classes, en_error *err) EN_CHECKED;
en_status en_classes_from_json(const char *json, en_classes *out, en_error *err) EN_CHECKED;

#define EN_CLASSES_SCALE "scale" /* the setting of a run that says "ordinal" or "nominal" */
/* The classes of a run from their JSON, with the scale that was set for it and the labels of the target's scheme. */
en_status en_classes_of_run(en_catalog *c, int64_t run_id, const char *json, const char *target, en_classes *out,
                            en_error *err) EN_CHECKED;

#endif
