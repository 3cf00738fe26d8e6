/* Augmentation: by how much samples are distorted at random while a network trains, as a text such as
 *     mirror flip quarter rotate 15 zoom 0.9..1.1 shift 0.05 brightness 0.2 contrast 0.2 saturation 0.2 hue 5
 * of these words, each once, in any order:
 *     mirror          left and right exchanged half of the time
 *     flip            top and bottom exchanged half of the time
 *     quarter         turned by 0, 90, 180 or 270 degrees, equally often
 *     rotate D        turned by -D..D degrees, 0 < D <= 180
 *     zoom A..B       enlarged by a factor from A to B, whose logarithm is uniform, 0.25 <= A <= B <= 4
 *     shift F         moved by -F..F of the width, in both directions, 0 < F <= 0.5
 *     brightness F    values times 1-F..1+F, 0 < F <= 0.8
 *     contrast F      the distance to the mean luminance times 1-F..1+F, 0 < F <= 0.8
 *     saturation F    the distance to the pixel's luminance times 1-F..1+F, 0 < F <= 0.8
 *     hue D           hues turned by -D..D degrees, 0 < D <= 30
 * or of one of `none`, `light` and `strong`. All but zoom are uniform. image/distort.h has the order in which they are
 * applied. The canonical text (this order, the shortest numbers) is what a run records. */
#ifndef EN_IMAGE_AUGMENTATION_H
#define EN_IMAGE_AUGMENTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/distort.h"

#define EN_AUGMENTATION_LIGHT "mirror rotate 10 zoom 0.95..1.05 brightness 0.1 contrast 0.1"
#define EN_AUGMENTATION_STRONG                                                                                         \
    "mirror flip quarter rotate 15 zoom 0.85..1.15 shift 0.05 brightness 0.2 contrast 0.2 saturation 0.2 hue 5"
#define EN_AUGMENTATION_TEXT 512 /* bytes of a canonical text with its NUL */

/* Ranges; zero is none. */
typedef struct en_augmentation {
    bool mirror, flip, quarter;
    double rotate_deg;
    double zoom_low, zoom_high; /* both 0: none */
    double shift;               /* of the width */
    double brightness, contrast, saturation;
    double hue_deg;
} en_augmentation;

/* EN_USAGE names the word and says what is known. */
en_status en_augmentation_parse(const char *text, en_augmentation *out, en_error *err) EN_CHECKED;
/* The canonical text, "none" without any; returns `out`. */
const char *en_augmentation_text(const en_augmentation *a, char out[EN_AUGMENTATION_TEXT]);
/* Whether it does anything; whether it shows pictures mirrored; whether it turns them. */
bool en_augmentation_is_any(const en_augmentation *a);
bool en_augmentation_mirrors(const en_augmentation *a);
bool en_augmentation_turns(const en_augmentation *a);
/* Whether it only mirrors and turns by quarters: then it shows a sample in one of EN_VIEWS views, drawn below. */
bool en_augmentation_is_views(const en_augmentation *a);
#define EN_VIEWS 8 /* as it is, three quarter turns of it, and the same mirrored */
/* The distortion that is view 0..EN_VIEWS-1 of a variant; 0: as it is. */
en_distortion en_augmentation_view(size_t view, bool mirror, int rotation);
/* Which view a distortion of en_augmentation_draw is, where the augmentation only shows views. */
size_t en_augmentation_view_of(const en_distortion *d, bool mirror, int rotation);
/* Whether the augmentation may show that view. */
bool en_augmentation_shows(const en_augmentation *a, size_t view);
/* The distortion of the variant (mirror, rotation in degrees, as in image/variant.h) that `key` names, in an epoch of a
 * run with that seed; it includes the variant's own mirror and rotation. Depends on nothing else. A word that is left
 * out does not change what the others draw. */
en_distortion en_augmentation_draw(const en_augmentation *a, uint64_t seed, uint32_t epoch, uint64_t key, bool mirror,
                                   int rotation);

#endif
