/* A model as a page carries it: one block of memory that the engine reads in place. It is written by the machine that
 * exports and read by a WebAssembly machine; both have the numbers of C as they are in memory, little-endian. It
 * describes itself by offsets, and holds no pointers. */
#ifndef EN_OFFLINE_MODEL_H
#define EN_OFFLINE_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define EN_OFFLINE_BEGINS 0x4d464f45u /* "EOFM" */
#define EN_OFFLINE_CLASSES 64         /* most classes */
#define EN_OFFLINE_CHANNELS 3         /* of a sample */
#define EN_OFFLINE_INPUTS 2
#define EN_OFFLINE_TENSORS 4
#define EN_OFFLINE_NONE UINT32_MAX /* of a tensor: there is none */

/* An en_operation (nn/operation.h); sizes are (h,w,c). */
typedef struct en_offline_operation {
    uint32_t kind, act; /* en_operation_kind, en_activation */
    uint32_t inputs, input[EN_OFFLINE_INPUTS];
    uint32_t in[3], out[3];
    uint32_t kh, kw, stride, dilation, groups, top, left, units;
    float epsilon;
    uint32_t tensor[EN_OFFLINE_TENSORS]; /* the place of its first number among the weights */
} en_offline_operation;

typedef struct en_offline_model {
    uint32_t begins;
    uint32_t operations, last, classes, output; /* output: EN_ACT_SOFTMAX or EN_ACT_ORDINAL */
    int32_t crop, centre_px, size, normalise;   /* en_recipe */
    uint32_t calibrated, cumulative, cuts;      /* flags; and how many cuts there are */
    uint32_t weights;                           /* bytes from the beginning to the first number, a multiple of 16 */
    float factor[EN_OFFLINE_CHANNELS], shift[EN_OFFLINE_CHANNELS]; /* what becomes of a sample's bytes */
    uint32_t gap;                                                  /* 0 */
    double by, offset[EN_OFFLINE_CLASSES], scale, shifted;         /* as in en_export_model */
    double value[EN_OFFLINE_CLASSES], cut[EN_OFFLINE_CLASSES];     /* the classes of a scale, and its cuts */
} en_offline_model;
/* It is followed by the operations and, from `weights` on, by the numbers. */

_Static_assert(sizeof(en_offline_operation) == 96, "a layout that all machines share");
_Static_assert(sizeof(en_offline_model) == 1640, "a layout that all machines share");
_Static_assert(offsetof(en_offline_model, by) == 80, "a layout that all machines share");
_Static_assert(offsetof(en_offline_model, size) == 28, "the page's script reads it");

#endif
