/* Phantom eyes: drawn fundus photographs, one at a time. What is drawn depends on (seed, patient, side) alone. */
#ifndef EN_PHANTOM_PHANTOM_H
#define EN_PHANTOM_PHANTOM_H

#include "base/buf.h"
#include "base/error.h"
#include "image/image.h"
#include "phantom/plan.h"

/* The planes to draw on, kept from one photograph to the next; one for each thread. */
typedef struct en_phantom_easel en_phantom_easel;

en_status en_phantom_easel_new(en_phantom_easel **out, en_error *err) EN_CHECKED;
void en_phantom_easel_free(en_phantom_easel *easel);

/* Draws the photograph of a patient (number 1..plan->patients), as the camera gives it. max_width (px, 0: none) shrinks
 * wider cameras. *out must be zeroed and is cleared by the caller. A truncated photograph is drawn whole here. */
en_status en_phantom_draw(const en_phantom_plan *plan, uint32_t number, en_phantom_side side, unsigned max_width,
                          en_phantom_easel *easel, en_image *out, en_error *err) EN_CHECKED;

/* The file of that photograph: JPEG 4:2:0 appended to `out`, cut short when its defect is to be truncated. */
en_status en_phantom_jpeg(const en_phantom_plan *plan, uint32_t number, en_phantom_side side, unsigned max_width,
                          en_phantom_easel *easel, en_buf *out, en_error *err) EN_CHECKED;

#endif
