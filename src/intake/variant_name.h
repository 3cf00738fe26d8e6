/* Names of variants: what marks them, for split audit. */
#ifndef EN_INTAKE_VARIANT_NAME_H
#define EN_INTAKE_VARIANT_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* The length of a name (without folders and extension) without the words at its end that mark a variant: mirror images,
 * rotations, augmentations. "10_left_mir_rot90": 7. */
size_t en_variant_words_off(const char *name, size_t length);
/* The length without a last bare angle, "10_left_90": 7, a multiple of 15 below 360; `length` when it has none. */
size_t en_variant_angle_off(const char *name, size_t length);
/* Whether the name ends with a word for an eye (catalog/name.h). */
bool en_variant_ends_with_eye(const char *name, size_t length);

#endif
