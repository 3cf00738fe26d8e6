/* Measures of a photograph's quality, and the gate. */
#include "image/quality.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "image/resize.h"

en_status en_quality_measure(const en_image *image, const en_disc *disc, en_quality *out, en_error *err)
{
    (void)image; (void)disc; (void)err;
    *out = (en_quality){0};
    return EN_OK;
}
bool en_quality_gate(const en_quality *quality, char reason[EN_QUALITY_REASON_MAX]) { (void)quality; (void)reason; return true; }
int en_phash_distance(uint64_t a, uint64_t b) { return __builtin_popcountll(a ^ b); }
