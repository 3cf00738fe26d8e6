/* Networks are text: one layer per line, words separated by blanks, '#' starts a comment.
 *
 *   input 256x256x3 scale 1/255      height x width x channels of a sample; its bytes become byte*scale + shift
 *         [shift S]                  (default: scale 1/255, shift 0)
 *   conv 32 8x8 [stride S] [pad P|pad same] [relu|sigmoid]
 *                                    32 kernels of 8x8 (height x width); no padding by default; `same` gives an
 *                                    output of input/stride rounded up
 *   maxpool 2 [stride S]             window 2x2, the stride defaults to the window; incomplete windows are left out
 *   globalmaxpool, globalavgpool     (h,w,c) -> (c)
 *   dense 128 [relu|sigmoid|softmax] every input to every unit; `dense classes` has one for each class
 *   dropout 0.25                     in training, sets this fraction of values to 0 and scales up the others
 *   relu, sigmoid, softmax           also as lines of their own
 *
 * The first line is the input, the last line is or ends in softmax, and softmax stands nowhere else. */
#ifndef EN_NN_SPEC_H
#define EN_NN_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

#define EN_SPEC_LAYERS 128           /* most layers of a network, the input not counted */
#define EN_SPEC_TEXT_MAX (64 * 1024) /* most bytes of its text */

typedef enum en_layer_kind {
    EN_LAYER_CONV,
    EN_LAYER_MAXPOOL,
    EN_LAYER_GLOBALMAXPOOL,
    EN_LAYER_GLOBALAVGPOOL,
    EN_LAYER_DENSE,
    EN_LAYER_DROPOUT,
    EN_LAYER_ACTIVATION /* relu, sigmoid or softmax on a line of its own */
} en_layer_kind;

typedef enum en_activation { EN_ACT_NONE, EN_ACT_RELU, EN_ACT_SIGMOID, EN_ACT_SOFTMAX } en_activation;

typedef struct en_dims { /* of one sample's tensor; a vector of n is 1x1xn */
    size_t h, w, c;
} en_dims;

typedef struct en_layer_spec {
    en_layer_kind kind;
    en_activation act;
    int line;        /* in the text, from 1 */
    size_t units;    /* conv: kernels; dense: units, 0 = as many as classes */
    size_t kh, kw;   /* conv: kernel; maxpool: kh = window */
    size_t stride;   /* conv, maxpool */
    bool same;       /* conv: pad same */
    size_t pad;      /* conv: pixels on every side, without `same` */
    double rate;     /* dropout */
    en_dims in, out; /* c = 0 stands for the number of classes */
} en_layer_spec;

typedef struct en_spec {
    en_dims input;
    double scale_top, scale_bottom, shift; /* scale = top/bottom */
    size_t count;
    en_layer_spec layer[EN_SPEC_LAYERS];
} en_spec;

/* Reads `text`; `name` is what messages call it: EN_INPUT "eyenet.net:3: unknown word 'rlu' (did you mean relu?)". */
en_status en_spec_parse(const char *text, const char *name, en_spec *out, en_error *err) EN_CHECKED;
/* Reads a file, or, where no file of that name exists, the preset of that name. */
en_status en_spec_load(const char *file_or_preset, en_spec *out, en_error *err) EN_CHECKED;
/* Appends the text in its canonical form: no comments, one blank, defaults left out. Parsing it gives the same spec;
 * equal networks have equal canonical texts. */
en_status en_spec_text(const en_spec *spec, en_buf *out, en_error *err) EN_CHECKED;

/* One layer's line of it, without the line's end. */
en_status en_spec_layer_text(const en_layer_spec *layer, en_buf *out, en_error *err) EN_CHECKED;

/* The built-in networks, which are examples/models/NAME.net. */
typedef struct en_preset {
    const char *name, *text;
} en_preset;
/* NULL-name-terminated. */
const en_preset *en_presets(void);

#endif
