/* A line of a network's text while it is read: its words, and faults that name text and line. Inside this layer. */
#ifndef EN_NN_READER_H
#define EN_NN_READER_H

#include "nn/spec.h"

#define EN_LINE_MAX 512 /* bytes */
#define EN_WORDS_MAX 32

#define EN_KERNEL_MAX 1024 /* px; also of strides and paddings */
#define EN_UNITS_MAX (1 << 20)
/* Numbers of one sample's tensor or one layer's kernels: BLAS counts in 32 bits. */
#define EN_TENSOR_MAX ((size_t)1 << 30)

typedef struct en_reader {
    const char *name; /* of the text */
    int line;
    char text[EN_LINE_MAX]; /* cut into words */
    const char *word[EN_WORDS_MAX + 1];
    size_t words, next;
    en_spec *spec;
    en_error *err;
} en_reader;

/* Sets the error "NAME:LINE: ..." and returns EN_INPUT. */
en_status en_reader_fault(en_reader *r, const char *fmt, ...) EN_PRINTF(2, 3);
/* The same for a word that is none of `known` (NULL-terminated), with the nearest of them. */
en_status en_reader_unknown(en_reader *r, const char *word, const char *const *known);

/* The next word, or NULL at the end of the line. */
const char *en_reader_word(en_reader *r);
/* Whether the next word is `word`, which is then taken. */
bool en_reader_take(en_reader *r, const char *word);
/* The next word; `what` is the fault's name for it when there is none. */
en_status en_reader_needed(en_reader *r, const char *what, const char **out);
en_status en_reader_count(en_reader *r, const char *what, int64_t least, int64_t most, size_t *out);
en_status en_reader_number(en_reader *r, const char *what, double *out);
/* "256x256x3": `count` (at most 4) numbers of 1..most; fault when it is not, with `remedy`. */
en_status en_reader_sizes(en_reader *r, const char *what, const char *remedy, size_t count, int64_t most, size_t *out);
en_status en_reader_check_tensor(en_reader *r, en_dims d);

/* Options shared by layers with windows: "stride S", "pad P", "pad same". */
en_status en_reader_stride(en_reader *r, en_layer_spec *l);
en_status en_reader_pad(en_reader *r, en_layer_spec *l);

/* How many steps of `stride` a window makes over `length`; 0 when it does not fit. */
size_t en_window_steps(size_t length, size_t window, size_t stride);

#endif
