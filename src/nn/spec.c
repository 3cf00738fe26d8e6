/* The parser of network texts: lines into words, words into layers, and the shape of every tensor on the way.
 * Faults name the text, the line and the word. */
#include "nn/spec.h"

#include <stdint.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define LINE_MAX_BYTES 512
#define WORDS_MAX 16
#define SIDE_MAX 16384 /* px of an input */
#define UNITS_MAX (1 << 20)
#define KERNEL_MAX 1024 /* px */
#define WINDOW_MAX 16   /* px: a place in it fits a byte (kernel.h) */
#define TENSOR_MAX                                                                                                     \
    ((size_t)1 << 30) /* numbers of one sample's tensor or one layer's kernels: BLAS counts in 32 bits                 \
                       */

/* A line being read, and where it goes. */
typedef struct reader {
    const char *name;
    int line;
    char text[LINE_MAX_BYTES]; /* cut into words */
    const char *word[WORDS_MAX + 1];
    size_t words, next;
    en_spec *spec;
    en_error *err;
} reader;

static en_status fault(reader *r, const char *fmt, ...) EN_PRINTF(2, 3);
static en_status fault(reader *r, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)en_error_setv(r->err, EN_INPUT, fmt, args);
    va_end(args);
    en_error_prefix(r->err, "%s:%d", r->name, r->line);
    return EN_INPUT;
}

static en_status unknown_word(reader *r, const char *word, const char *const *known)
{
    const char *near = en_nearest_word(word, known);
    if (near != NULL) {
        return fault(r, "unknown word '%s' (did you mean %s?)", word, near);
    }
    return fault(r, "unknown word '%s'", word);
}

/* The next word, or NULL at the end of the line. */
static const char *next_word(reader *r) { return r->next < r->words ? r->word[r->next++] : NULL; }

static en_status read_needed(reader *r, const char *what, const char **out)
{
    *out = next_word(r);
    return *out != NULL ? EN_OK : fault(r, "'%s' needs %s", r->word[r->next - 1], what);
}

static en_status read_count(reader *r, const char *what, int64_t least, int64_t most, size_t *out)
{
    const char *word;
    en_status st = read_needed(r, what, &word);
    if (st != EN_OK) {
        return st;
    }
    int64_t n;
    if (!en_parse_int(word, &n) || n < least || n > most) {
        return fault(r, "'%s' is not %s from %lld to %lld", word, what, (long long)least, (long long)most);
    }
    *out = (size_t)n;
    return EN_OK;
}

static en_status read_number(reader *r, const char *what, double *out)
{
    const char *word;
    en_status st = read_needed(r, what, &word);
    if (st == EN_OK && !en_parse_double(word, out)) {
        st = fault(r, "'%s' is not %s", word, what);
    }
    return st;
}

/* "256x256x3" into `count` numbers of 1..most each. */
static bool parse_sizes(const char *word, size_t count, int64_t most, size_t *out)
{
    char copy[64];
    if (strlen(word) >= sizeof copy) {
        return false;
    }
    memcpy(copy, word, strlen(word) + 1);
    char *part = copy;
    for (size_t i = 0; i < count; i++) {
        char *end = strchr(part, 'x');
        if ((end == NULL) != (i + 1 == count)) {
            return false;
        }
        if (end != NULL) {
            *end = '\0';
        }
        int64_t n;
        if (!en_parse_int(part, &n) || n < 1 || n > most) {
            return false;
        }
        out[i] = (size_t)n;
        part = end != NULL ? end + 1 : part;
    }
    return true;
}

static en_status check_tensor(reader *r, en_dims d)
{
    size_t n;
    if (!en_mul(d.h, d.w, &n) || !en_mul(n, d.c, &n) || n > TENSOR_MAX) {
        return fault(r, "a tensor of %zux%zux%zu is too large", d.h, d.w, d.c);
    }
    return EN_OK;
}

static en_status read_scale(reader *r, en_spec *spec)
{
    const char *word;
    en_status st = read_needed(r, "a number or a fraction such as 1/255", &word);
    if (st != EN_OK) {
        return st;
    }
    char top[64];
    const char *slash = strchr(word, '/');
    size_t length = slash != NULL ? (size_t)(slash - word) : strlen(word);
    if (length < sizeof top) {
        memcpy(top, word, length);
        top[length] = '\0';
        spec->scale_bottom = 1;
        if (en_parse_double(top, &spec->scale_top) &&
            (slash == NULL || en_parse_double(slash + 1, &spec->scale_bottom)) && spec->scale_top > 0 &&
            spec->scale_bottom > 0) {
            return EN_OK;
        }
    }
    return fault(r, "'%s' is not a scale: give a number above 0 or a fraction such as 1/255", word);
}

static en_status read_input(reader *r)
{
    static const char *const options[] = {"scale", "shift", NULL};
    en_spec *spec = r->spec;
    if (spec->input.h != 0) {
        return fault(r, "a second 'input': a network has one");
    }
    const char *word;
    size_t size[3];
    en_status st = read_needed(r, "a size such as 256x256x3", &word);
    if (st != EN_OK) {
        return st;
    }
    if (!parse_sizes(word, 3, SIDE_MAX, size)) {
        return fault(r, "'%s' is not a size: give height x width x channels, such as 256x256x3", word);
    }
    spec->input = (en_dims){size[0], size[1], size[2]};
    spec->scale_top = 1;
    spec->scale_bottom = 255;
    while (st == EN_OK && (word = next_word(r)) != NULL) {
        if (strcmp(word, "scale") == 0) {
            st = read_scale(r, spec);
        } else if (strcmp(word, "shift") == 0) {
            st = read_number(r, "a number", &spec->shift);
        } else {
            st = unknown_word(r, word, options);
        }
    }
    return st != EN_OK ? st : check_tensor(r, spec->input);
}

static bool parse_activation(const char *word, en_activation *out)
{
    static const char *const words[] = {
        [EN_ACT_RELU] = "relu", [EN_ACT_SIGMOID] = "sigmoid", [EN_ACT_SOFTMAX] = "softmax"};
    for (size_t i = EN_ACT_RELU; i <= EN_ACT_SOFTMAX; i++) {
        if (strcmp(word, words[i]) == 0) {
            *out = (en_activation)i;
            return true;
        }
    }
    return false;
}

/* How many steps of `stride` a window makes over `length`; 0 when it does not fit. */
static size_t steps(size_t length, size_t window, size_t stride)
{
    return window <= length ? (length - window) / stride + 1 : 0;
}

static en_status size_conv(reader *r, en_layer_spec *l)
{
    if (l->same) {
        l->out = (en_dims){(l->in.h - 1) / l->stride + 1, (l->in.w - 1) / l->stride + 1, l->units};
    } else {
        l->out = (en_dims){steps(l->in.h + 2 * l->pad, l->kh, l->stride), steps(l->in.w + 2 * l->pad, l->kw, l->stride),
                           l->units};
    }
    if (l->out.h == 0 || l->out.w == 0) {
        return fault(r, "a kernel of %zux%zu does not fit its input of %zux%zux%zu", l->kh, l->kw, l->in.h, l->in.w,
                     l->in.c);
    }
    size_t window; /* of numbers: a row of the matrix that im2col makes */
    if (!en_mul(l->kh * l->kw, l->in.c, &window) || window > TENSOR_MAX / l->units) {
        return fault(r, "%zu kernels of %zux%zux%zu are too large", l->units, l->kh, l->kw, l->in.c);
    }
    return EN_OK;
}

static en_status read_conv(reader *r, en_layer_spec *l)
{
    static const char *const options[] = {"stride", "pad", "relu", "sigmoid", NULL};
    size_t kernel[2];
    const char *word;
    l->stride = 1;
    en_status st = read_count(r, "a number of kernels", 1, UNITS_MAX, &l->units);
    if (st != EN_OK || (st = read_needed(r, "a kernel such as 3x3", &word)) != EN_OK) {
        return st;
    }
    if (!parse_sizes(word, 2, KERNEL_MAX, kernel)) {
        return fault(r, "'%s' is not a kernel: give height x width in pixels, such as 3x3", word);
    }
    l->kh = kernel[0];
    l->kw = kernel[1];
    while (st == EN_OK && (word = next_word(r)) != NULL) {
        if (strcmp(word, "stride") == 0) {
            st = read_count(r, "a stride", 1, KERNEL_MAX, &l->stride);
        } else if (strcmp(word, "pad") == 0) {
            l->same = r->next < r->words && strcmp(r->word[r->next], "same") == 0;
            if (l->same) {
                r->next++;
            } else {
                st = read_count(r, "'same' or a padding", 0, KERNEL_MAX, &l->pad);
            }
        } else if (!parse_activation(word, &l->act) || l->act == EN_ACT_SOFTMAX) {
            st = unknown_word(r, word, options);
        }
    }
    return st != EN_OK ? st : size_conv(r, l);
}

static en_status read_maxpool(reader *r, en_layer_spec *l)
{
    static const char *const options[] = {"stride", NULL};
    const char *word;
    en_status st = read_count(r, "a window", 1, WINDOW_MAX, &l->kh);
    l->stride = l->kh;
    while (st == EN_OK && (word = next_word(r)) != NULL) {
        st = strcmp(word, "stride") == 0 ? read_count(r, "a stride", 1, KERNEL_MAX, &l->stride)
                                         : unknown_word(r, word, options);
    }
    if (st != EN_OK) {
        return st;
    }
    l->out = (en_dims){steps(l->in.h, l->kh, l->stride), steps(l->in.w, l->kh, l->stride), l->in.c};
    if (l->out.h == 0 || l->out.w == 0) {
        return fault(r, "a window of %zux%zu does not fit its input of %zux%zux%zu", l->kh, l->kh, l->in.h, l->in.w,
                     l->in.c);
    }
    return EN_OK;
}

static en_status read_global(reader *r, en_layer_spec *l)
{
    (void)r;
    l->out = (en_dims){1, 1, l->in.c};
    return EN_OK;
}

static en_status read_dense(reader *r, en_layer_spec *l)
{
    static const char *const options[] = {"relu", "sigmoid", "softmax", NULL};
    if (r->next < r->words && strcmp(r->word[r->next], "classes") == 0) {
        r->next++;
    } else {
        en_status st = read_count(r, "'classes' or a number of units", 1, UNITS_MAX, &l->units);
        if (st != EN_OK) {
            return st;
        }
    }
    for (const char *word; (word = next_word(r)) != NULL;) {
        if (!parse_activation(word, &l->act)) {
            return unknown_word(r, word, options);
        }
    }
    l->out = (en_dims){1, 1, l->units};
    return EN_OK;
}

static en_status read_dropout(reader *r, en_layer_spec *l)
{
    en_status st = read_number(r, "a fraction from 0 to below 1", &l->rate);
    if (st == EN_OK && (l->rate < 0 || l->rate >= 1)) {
        st = fault(r, "'%s' is not a fraction from 0 to below 1", r->word[r->next - 1]);
    }
    l->out = l->in;
    return st;
}

static en_status read_activation(reader *r, en_layer_spec *l)
{
    (void)parse_activation(r->word[0], &l->act);
    l->out = l->in;
    return EN_OK;
}

static const struct {
    const char *word;
    en_layer_kind kind;
    en_status (*read)(reader *r, en_layer_spec *l);
} layer_words[] = {
    {"conv", EN_LAYER_CONV, read_conv},
    {"maxpool", EN_LAYER_MAXPOOL, read_maxpool},
    {"globalmaxpool", EN_LAYER_GLOBALMAXPOOL, read_global},
    {"globalavgpool", EN_LAYER_GLOBALAVGPOOL, read_global},
    {"dense", EN_LAYER_DENSE, read_dense},
    {"dropout", EN_LAYER_DROPOUT, read_dropout},
    {"relu", EN_LAYER_ACTIVATION, read_activation},
    {"sigmoid", EN_LAYER_ACTIVATION, read_activation},
    {"softmax", EN_LAYER_ACTIVATION, read_activation},
};
#define LAYER_WORDS (sizeof layer_words / sizeof *layer_words)

/* What may follow what. */
static en_status check_place(reader *r, const en_layer_spec *l)
{
    const en_layer_spec *before = r->spec->count > 0 ? l - 1 : NULL;
    if (before != NULL && before->act == EN_ACT_SOFTMAX) {
        return fault(r, "'%s' after softmax: softmax must be the last layer", r->word[0]);
    }
    if (before != NULL && before->out.c == 0 && !(l->kind == EN_LAYER_ACTIVATION && l->act == EN_ACT_SOFTMAX)) {
        return fault(r, "'%s' after 'dense classes': only softmax may follow it", r->word[0]);
    }
    if (l->act == EN_ACT_SOFTMAX && l->out.h * l->out.w != 1) {
        return fault(r, "softmax of %zux%zux%zu: put globalmaxpool, globalavgpool or dense before it", l->in.h, l->in.w,
                     l->in.c);
    }
    return EN_OK;
}

static en_status read_layer(reader *r)
{
    en_spec *spec = r->spec;
    const char *known[LAYER_WORDS + 2] = {"input"};
    const char *first = next_word(r);
    for (size_t i = 0; i < LAYER_WORDS; i++) {
        known[i + 1] = layer_words[i].word;
        if (strcmp(first, layer_words[i].word) != 0) {
            continue;
        }
        if (spec->input.h == 0) {
            return fault(r, "'%s' before 'input': the first line is the input, such as: input 256x256x3", first);
        }
        if (spec->count == EN_SPEC_LAYERS) {
            return fault(r, "more than %d layers", EN_SPEC_LAYERS);
        }
        en_layer_spec *l = &spec->layer[spec->count];
        *l = (en_layer_spec){.kind = layer_words[i].kind, .line = r->line};
        l->in = spec->count == 0 ? spec->input : l[-1].out;
        en_status st = layer_words[i].read(r, l);
        if (st != EN_OK || (st = check_place(r, l)) != EN_OK || (st = check_tensor(r, l->out)) != EN_OK) {
            return st;
        }
        if (r->next < r->words) {
            return fault(r, "'%s' is not understood after '%s'", r->word[r->next], first);
        }
        spec->count++;
        return EN_OK;
    }
    return strcmp(first, "input") == 0 ? read_input(r) : unknown_word(r, first, known);
}

/* Cuts the line of `length` bytes at `text` into words; what follows '#' is left out. */
static en_status split_line(reader *r, const char *text, size_t length)
{
    const char *comment = memchr(text, '#', length);
    if (comment != NULL) {
        length = (size_t)(comment - text);
    }
    r->words = r->next = 0;
    if (length >= sizeof r->text) {
        return fault(r, "a line of more than %d bytes", LINE_MAX_BYTES - 1);
    }
    memcpy(r->text, text, length);
    r->text[length] = '\0';
    char *rest = NULL;
    for (char *w = strtok_r(r->text, " \t\r", &rest); w != NULL; w = strtok_r(NULL, " \t\r", &rest)) {
        if (r->words == WORDS_MAX) {
            return fault(r, "more than %d words", WORDS_MAX);
        }
        r->word[r->words++] = w;
    }
    return EN_OK;
}

en_status en_spec_parse(const char *text, const char *name, en_spec *out, en_error *err)
{
    reader r = {.name = name, .spec = out, .err = err};
    *out = (en_spec){0};
    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        r.line++;
        en_status st = split_line(&r, at, length);
        if (st == EN_OK && r.words > 0) {
            st = read_layer(&r);
        }
        if (st != EN_OK) {
            return st;
        }
        at += length + (at[length] == '\n');
    }
    if (out->count == 0) {
        return en_error_set(err, EN_INPUT, "%s: no layers: a network starts with a line such as 'input 256x256x3'",
                            name);
    }
    const en_layer_spec *last = &out->layer[out->count - 1];
    if (last->act != EN_ACT_SOFTMAX) {
        r.line = last->line;
        return fault(&r, "the last layer must end in softmax, such as: dense classes softmax");
    }
    return EN_OK;
}

en_status en_spec_load(const char *file_or_preset, en_spec *out, en_error *err)
{
    const char *names[32] = {NULL};
    size_t count = 0;
    if (!en_file_exists(file_or_preset)) {
        for (const en_preset *p = en_presets(); p->name != NULL; p++) {
            if (strcmp(p->name, file_or_preset) == 0) {
                return en_spec_parse(p->text, p->name, out, err);
            }
            if (count + 1 < sizeof names / sizeof *names) {
                names[count++] = p->name;
            }
        }
        const char *near = en_nearest_word(file_or_preset, names);
        return en_error_set(err, EN_INPUT, "'%s' is neither a file nor a built-in network%s%s%s", file_or_preset,
                            near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "");
    }
    en_buf text;
    en_buf_init(&text, EN_SPEC_TEXT_MAX);
    en_status st = en_file_read(file_or_preset, &text, err);
    if (st == EN_OK && strlen(en_buf_str(&text)) != text.size) {
        st = en_error_set(err, EN_INPUT, "%s is not a text file", file_or_preset);
    }
    if (st == EN_OK) {
        const char *words = en_buf_str(&text);
        words += en_starts_with(words, "\xef\xbb\xbf") ? 3 : 0; /* a byte order mark */
        st = en_spec_parse(words, en_path_base(file_or_preset), out, err);
    }
    en_buf_clear(&text);
    return st;
}
