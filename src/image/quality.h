/* Quality of a photograph, independent of its use: measures of the small copy (resize.h), and the gate that
 * rejects ungradable photographs. Poor photographs are measured, only hopeless ones are rejected. The constants were
 * chosen on 960 photographs of the competition; "sharpness" separates the ungradable (EyeQ's "reject") from the rest
 * with an AUC of 0.97. "Luminance" is Rec. 601 luma of the 8-bit values as they are, (0.299 R + 0.587 G + 0.114 B)/255.
 */
#ifndef EN_IMAGE_QUALITY_H
#define EN_IMAGE_QUALITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/disc.h"
#include "image/image.h"

typedef struct en_quality {
    double brightness;     /* mean luminance inside the retina's disc (of the whole photograph if none), 0..1 */
    double contrast;       /* standard deviation of the luminance there, 0..1 */
    double sharpness;      /* v/(v+100), v the variance of the green channel's Laplacian there: 0..1, 0.5 is average */
    double overexposed;    /* fraction of the disc with luminance of 235/255 and more, 0..1 */
    double black_fraction; /* fraction of the whole photograph with luminance below 12/255, 0..1 */
    double
        relative_radius;  /* of the retina, in halves of the photograph's shorter side: above 1 it is cut; 0 if none */
    double disc_coverage; /* fraction of the disc that is in the picture and not black, 0..1; 0 if none */
    double integrity;     /* fraction of the retina whose rows are not constant or repeated (integrity.h), 0..1 */
    double background;    /* mean luminance outside the disc, 0..1; NAN where nothing is outside */
    double score;         /* 0 hopeless .. 1 good: the product of how far sharpness, brightness, exposure, coverage and
                           * integrity suffice; see quality.c */
    uint64_t phash;       /* perceptual hash of the retina: near copies differ in few bits (en_phash_distance) */
} en_quality;

/* The verdict of the gate. */
typedef enum en_gate_kind { EN_GATE_PASSED, EN_GATE_BLACK, EN_GATE_UNIFORM, EN_GATE_TOO_SMALL } en_gate_kind;
typedef struct en_gate {
    en_gate_kind kind;
    char reason[96]; /* "black: mean brightness 2.1 of 255", "uniform: contrast 0.4 of 255", or "" when it passed */
} en_gate;

/* `disc` is the retina of this very image, or NULL to have it found here. The measures of a photograph decoded at a
 * reduced scale differ from those at full size in the fourth digit, sharpness by up to 0.04. EN_NOMEM only. */
en_status en_quality_measure(const en_image *image, const en_disc *disc, en_quality *out, en_error *err) EN_CHECKED;

/* width and height as decoded at full size, px; the shorter side must have EN_EDGE_MIN. */
#define EN_EDGE_MIN 32
en_gate en_quality_gate(const en_quality *quality, int width, int height);

/* Bits in which two hashes differ, 0..64. */
int en_phash_distance(uint64_t a, uint64_t b);

#endif
