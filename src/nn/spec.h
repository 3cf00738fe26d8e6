/* Networks are text: one layer per line, words separated by blanks, '#' starts a comment.
 *
 *   input 256x256x3 scale 1/255      height x width x channels of a sample; its bytes become byte*scale + shift
 *         [shift S]                  (default: scale 1/255, shift 0);
 *         [mean M...] [std D...]     then each channel's mean is subtracted and the rest divided by its std, which are
 *                                    as many numbers as there are channels, at most 4
 *   conv 32 8x8 [stride S] [pad P|pad same] [dilation D] [groups G|depthwise]
 *                                    32 kernels of 8x8 (height x width); no padding by default; `same` gives an
 *                                    output of input/stride rounded up; `groups G` sees input/G channels per kernel,
 *                                    `depthwise` is one group for each channel
 *   dense 128                        every input to every unit; `dense classes` has one for each class
 *   batchnorm [frozen]               each channel to mean 0 and variance 1 over the batch, then scaled and shifted by
 *             [epsilon E]            trained numbers (Ioffe & Szegedy 2015); prediction, and training when `frozen`,
 *                                    use the running mean and variance; E is added to the variance (default 1e-5)
 *   maxpool 2, avgpool 2             window 2x2, the stride defaults to the window; incomplete windows are left out
 *          [stride S] [pad P|pad same]
 *   globalmaxpool, globalavgpool     (h,w,c) -> (c)
 *   dropout 0.25                     in training, sets this fraction of values to 0 and scales up the others
 *   add NAME                         plus the tensor NAME: a residual connection
 *   squeeze-excite 16                each channel times a factor from the means of all channels, through 16 units
 *                                    with relu and a hard sigmoid (Hu 2018, Howard 2019)
 *   relu, relu6, leaky, sigmoid, tanh, gelu, hswish
 *                                    activations, as lines or at the end of a layer's line; leaky has slope 0.01 below
 *                                    0; gelu is the exact one; hswish is x*relu6(x+3)/6
 *   softmax, ordinal                 the output, last in the text: class probabilities of as many units as classes;
 *                                    or of one unit fewer, unit k being the logit of `class > k` (Niu 2016)
 *
 * On the line of a conv, dense, pooling or add layer `batchnorm` and then an activation may follow. A layer works on
 * the line above, or with `from NAME` at the end of its line on the tensor of that name; `as NAME` names its output.
 * The first line is the input. */
#ifndef EN_NN_SPEC_H
#define EN_NN_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

#define EN_SPEC_LAYERS 256           /* most layers of a network, the input not counted */
#define EN_SPEC_TEXT_MAX (64 * 1024) /* most bytes of its text */
#define EN_SPEC_NAME 24              /* most bytes of a tensor's name */
#define EN_SPEC_CHANNELS 4           /* most channels of an input with a mean and a std of each */
#define EN_LAYER_INPUTS 2            /* most tensors a layer reads */

typedef enum en_activation {
    EN_ACT_NONE,
    EN_ACT_RELU,
    EN_ACT_RELU6,
    EN_ACT_LEAKY,
    EN_ACT_SIGMOID,
    EN_ACT_TANH,
    EN_ACT_GELU,
    EN_ACT_HSWISH,
    EN_ACT_SOFTMAX, /* this and the next: the output, see en_spec.output */
    EN_ACT_ORDINAL
} en_activation;

typedef enum en_norm { EN_NORM_NONE, EN_NORM_BATCH, EN_NORM_FROZEN } en_norm;

typedef struct en_dims { /* of one sample's tensor; a vector of n is 1x1xn */
    size_t h, w, c;
} en_dims;

typedef struct en_layer_spec {
    const struct en_layer_kind *kind; /* kind.h */
    int line;                         /* in the text, from 1 */
    size_t inputs;
    size_t input[EN_LAYER_INPUTS]; /* tensors: 0 is the network's input, i+1 the output of layer i */
    char name[EN_SPEC_NAME + 1];   /* of the output; "" */
    size_t units;                  /* conv: kernels; dense: units, 0 = as the output needs; squeeze-excite: units */
    size_t kh, kw;                 /* conv: kernel; pooling: kh = window */
    size_t stride;                 /* conv, pooling */
    bool same;                     /* conv, pooling: pad same */
    size_t pad;                    /* conv, pooling: pixels on every side, without `same` */
    size_t dilation, groups;       /* conv */
    double rate;                   /* dropout */
    en_norm norm;                  /* of this line, after the layer */
    double epsilon;                /* of norm */
    en_activation act;             /* after norm */
    en_dims in, out;               /* in: of the first input; c = 0 stands for as many as the output needs */
} en_layer_spec;

typedef struct en_spec {
    en_dims input;
    double scale_top, scale_bottom, shift;                /* scale = top/bottom */
    bool normalised;                                      /* by mean and std, after scale and shift */
    double mean[EN_SPEC_CHANNELS], std[EN_SPEC_CHANNELS]; /* of each channel */
    en_activation output;                                 /* EN_ACT_SOFTMAX or EN_ACT_ORDINAL */
    size_t count;
    en_layer_spec layer[EN_SPEC_LAYERS];
} en_spec;

/* Reads `text`; `name` is what messages call it: EN_INPUT "eyenet.net:3: unknown word 'rlu' (did you mean relu?)". */
en_status en_spec_parse(const char *text, const char *name, en_spec *out, en_error *err) EN_CHECKED;
/* The preset of that name, else the file: write ./eyenet for a file that has the name of a preset. */
en_status en_spec_load(const char *file_or_preset, en_spec *out, en_error *err) EN_CHECKED;
/* Appends the text in its canonical form: no comments, one blank, defaults left out. Parsing it gives the same spec;
 * equal networks have equal canonical texts. */
en_status en_spec_text(const en_spec *spec, en_buf *out, en_error *err) EN_CHECKED;

/* One layer's line of it, without the line's end. */
en_status en_spec_layer_text(const en_spec *spec, const en_layer_spec *layer, en_buf *out, en_error *err) EN_CHECKED;

/* How many units the output needs for so many classes. */
size_t en_spec_units(const en_spec *spec, size_t classes);

/* The layer that is replaced for another task: the last dense one. Its place, or spec->count when there is none. */
size_t en_spec_head(const en_spec *spec);
/* The line that a user means: the place of a layer after the input, from 0, as in the names of weights; the name of a
 * tensor; or "head". EN_INPUT when there is none. */
en_status en_spec_line(const en_spec *spec, const char *word, size_t *out, en_error *err) EN_CHECKED;

/* The words of an activation, EN_ACT_NONE is "". */
const char *en_activation_word(en_activation act);

/* The built-in networks, which are examples/models/NAME.net. */
typedef struct en_preset {
    const char *name, *text;
} en_preset;
/* NULL-name-terminated. */
const en_preset *en_presets(void);

#endif
