/* Variants: a sample seen through a mirror and a rotation. Made on reading, never stored; used by the loader. */
#ifndef EN_IMAGE_VARIANT_H
#define EN_IMAGE_VARIANT_H

#include <stdbool.h>
#include <stdint.h>

/* Renders a variant of sample (n,n,3) into out (n,n,3); the two must not overlap. The sample is mirrored about its
 * vertical axis first (left and right change places), then turned anticlockwise as seen by the viewer about its centre.
 * rotation_degrees may be any integer; multiples of 90 move pixels exactly, others interpolate bilinearly with black
 * outside. Allocates nothing, and gives the same bytes everywhere (fixed point). n is 1..2048. */
void en_variant_render(const uint8_t *sample, int n, bool mirror, int rotation_degrees, uint8_t *out);

#endif
