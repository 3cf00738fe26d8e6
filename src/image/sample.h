/* From the bytes of a file to a judged sample, in one call that ingest and predict share, so that they cannot differ.
 */
#ifndef EN_IMAGE_SAMPLE_H
#define EN_IMAGE_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/decode.h"
#include "image/quality.h"
#include "image/recipe.h"

/* Decodes bytes[0..n) at the smallest scale that serves the recipe, measures it and makes the sample (N,N,3) in `out`.
 * limits (may be NULL) gives the caps; its min_edge is ignored. *info and *quality are filled as far as things went
 * (quality is all zero when the photograph could not be decoded). *gate: the verdict of the
 * quality gate (the sample is made all the same); after an error, that it passed. */
en_status en_sample_make(const void *bytes, size_t n, const en_recipe *recipe, const en_decode_options *limits,
                         uint8_t *out, en_image_info *info, en_quality *quality, en_gate *gate,
                         en_error *err) EN_CHECKED;

/* The same of pixels: measures them and makes the sample. EN_NOMEM only. */
en_status en_sample_of_image(const en_image *image, const en_recipe *recipe, uint8_t *out, en_quality *quality,
                             en_error *err) EN_CHECKED;

#endif
