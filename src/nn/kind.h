/* The kinds of layers: how a line of the text is read and written, and what the layer does. One file for each kind.
 *
 * To add a kind: a file of its own with its en_layer_kind, declared below and listed in kinds.c; its line in spec.h and
 * docs/engine.md; its forward pass in tests/unit/nn/reference.c and a gradient test against it. */
#ifndef EN_NN_KIND_H
#define EN_NN_KIND_H

#include "nn/layer.h"
#include "nn/reader.h"

#define EN_EPSILON 1e-5 /* of batchnorm, unless the text says another */
/* The shortest text that reads back as the same double, for numbers typed by users. */
#define EN_TEXT_NUMBER "%.15g"

/* What may follow on a layer's line. */
enum { EN_TAKES_NORM = 1, EN_TAKES_ACT = 2, EN_TAKES_OUTPUT = 4 };

struct en_layer_kind {
    const char *word; /* that starts its line; NULL: the line is an activation's word */
    unsigned takes;

    /* The text. Each may be NULL where there is nothing to do. */
    en_status (*read)(en_reader *r, en_layer_spec *l); /* the words that must follow */
    const char *const *options;                        /* words of its own that may follow, NULL-terminated */
    en_status (*option)(en_reader *r, en_layer_spec *l, const char *word);
    en_status (*size)(en_reader *r, en_layer_spec *l); /* l->out, which is l->in before; l->in.c is not 0 */
    /* Its words up to its own options; NULL: `word` alone. */
    en_status (*text)(const en_spec *spec, const en_layer_spec *l, en_buf *out, en_error *err);

    /* The layer. */
    bool fuses_relu; /* a relu that follows on its line is applied by its forward and backward passes */
    bool adds_dx;    /* its backward pass can add to dx: see en_layer.adds */
    /* Claims parameters and memory, and says what its backward pass reads; called once to count and once to cut, with
     * the same answers. */
    void (*plan)(en_layer *l, en_plan *plan);
    void (*init)(en_layer *l, en_pool *pool, uint64_t seed); /* NULL: no parameters */
    void (*forward)(en_layer *l, const en_pass *pass);       /* y from x */
    /* dx, where it is not NULL, from dy, which may be overwritten; then the gradients of the parameters, into the sink.
     * Not called when neither is wanted. */
    void (*backward)(en_layer *l, const en_pass *pass);
    const char *(*algorithm)(const en_layer *l); /* NULL: there is only one */
};

extern const en_layer_kind en_layer_conv, en_layer_dense, en_layer_batchnorm, en_layer_maxpool, en_layer_avgpool,
    en_layer_globalmax, en_layer_globalavg, en_layer_dropout, en_layer_add, en_layer_squeeze, en_layer_activation;

/* Makes the weights that a convolution uses in prediction from its own and the norm's that follows it. */
void en_conv_fold(en_layer *conv, const en_layer *norm);
/* The norm's y = a*x + b for its running statistics; a and b have a number for each channel. */
void en_norm_running(const en_layer *norm, float *a, float *b);

/* All of them, NULL-terminated. */
const en_layer_kind *const *en_layer_kinds(void);

/* The next word as the name of a tensor above this line. */
en_status en_reader_tensor(en_reader *r, size_t *out);
/* What follows "batchnorm": [frozen] [epsilon E]. */
en_status en_reader_norm(en_reader *r, en_layer_spec *l);
/* "input", or the name that a layer gave its output. */
const char *en_tensor_name(const en_spec *spec, size_t tensor);
/* " stride S", unless it is `stride`, and " pad P". */
en_status en_text_window(const en_layer_spec *l, size_t stride, en_buf *out, en_error *err);
/* "batchnorm [frozen] [epsilon E]". */
en_status en_text_norm(const en_layer_spec *l, en_buf *out, en_error *err);

#endif
