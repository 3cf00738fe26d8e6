/* Distortions of a sample for training: mirror, turn, zoom and shift in one resampling, and the colours in one affine
 * map. Pixels of 8 bits in, pixels of 8 bits out; used by the loader, drawn by image/augmentation.h. */
#ifndef EN_IMAGE_DISTORT_H
#define EN_IMAGE_DISTORT_H

#include <stdbool.h>
#include <stdint.h>

/* In this order. The picture's place: */
typedef struct en_distortion {
    bool mirror;             /* left and right exchanged, */
    double degrees;          /* then turned anticlockwise, as seen by the viewer, about the centre, */
    double zoom;             /* enlarged about the centre by this factor, 1/16..16; 1: not, */
    double shift_x, shift_y; /* and moved to the right and downwards, in widths of the picture, -4..4; 0: not */
    /* Its colours, as factors 0..1.8; 1: not changed: */
    double brightness; /* of every value, */
    double contrast;   /* of the distance to the sample's mean luminance, */
    double saturation; /* of the distance to the pixel's luminance; */
    double hue_deg;    /* and the angle by which hues are turned, -30..30 */
} en_distortion;

#define EN_DISTORTION_NONE ((en_distortion){.zoom = 1, .brightness = 1, .contrast = 1, .saturation = 1})

/* Writes the distorted sample (n,n,3) to out (n,n,3); the two must not overlap. Turns by multiples of 90 degrees
 * without zoom and shift move pixels exactly, so that a distortion that is none copies; others interpolate bilinearly
 * in steps of 1/128 px. Outside lies the background of the frame: in each channel the second lowest value of the four
 * corners. The mean luminance is that of every fourth row. Luminance is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601); the
 * hue is turned in the plane of its two colour differences. Allocates nothing, and gives the same bytes everywhere
 * (fixed point). n is 1..2048. */
void en_distort(const uint8_t *sample, int n, const en_distortion *d, uint8_t *out);
/* The same bytes in plain C: what en_distort is tested against, and what it is on processors without SSE2. */
void en_distort_plain(const uint8_t *sample, int n, const en_distortion *d, uint8_t *out);

#endif
