/* See reader.h. */
#include "nn/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

en_status en_reader_fault(en_reader *r, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)en_error_setv(r->err, EN_INPUT, fmt, args);
    va_end(args);
    en_error_prefix(r->err, "%s:%d", r->name, r->line);
    return EN_INPUT;
}

en_status en_reader_unknown(en_reader *r, const char *word, const char *const *known)
{
    const char *near = en_nearest_word(word, known);
    if (near != NULL) {
        return en_reader_fault(r, "unknown word '%s' (did you mean %s?)", word, near);
    }
    return en_reader_fault(r, "unknown word '%s'", word);
}

const char *en_reader_word(en_reader *r) { return r->next < r->words ? r->word[r->next++] : NULL; }

bool en_reader_take(en_reader *r, const char *word)
{
    bool there = r->next < r->words && strcmp(r->word[r->next], word) == 0;
    r->next += there;
    return there;
}

en_status en_reader_needed(en_reader *r, const char *what, const char **out)
{
    *out = en_reader_word(r);
    return *out != NULL ? EN_OK : en_reader_fault(r, "'%s' needs %s", r->word[r->next - 1], what);
}

en_status en_reader_count(en_reader *r, const char *what, int64_t least, int64_t most, size_t *out)
{
    const char *word;
    en_status st = en_reader_needed(r, what, &word);
    if (st != EN_OK) {
        return st;
    }
    int64_t n;
    if (!en_parse_int(word, &n) || n < least || n > most) {
        return en_reader_fault(r, "'%s' is not %s from %lld to %lld", word, what, (long long)least, (long long)most);
    }
    *out = (size_t)n;
    return EN_OK;
}

en_status en_reader_number(en_reader *r, const char *what, double *out)
{
    const char *word;
    en_status st = en_reader_needed(r, what, &word);
    if (st == EN_OK && !en_parse_double(word, out)) {
        st = en_reader_fault(r, "'%s' is not %s", word, what);
    }
    return st;
}

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

en_status en_reader_sizes(en_reader *r, const char *what, const char *remedy, size_t count, int64_t most, size_t *out)
{
    const char *word;
    char needs[64];
    (void)snprintf(needs, sizeof needs, "a %s such as %s", what, count == 3 ? "256x256x3" : "3x3");
    en_status st = en_reader_needed(r, needs, &word);
    if (st == EN_OK && !parse_sizes(word, count, most, out)) {
        st = en_reader_fault(r, "'%s' is not a %s: %s", word, what, remedy);
    }
    return st;
}

en_status en_reader_check_tensor(en_reader *r, en_dims d)
{
    size_t n;
    if (!en_mul(d.h, d.w, &n) || !en_mul(n, d.c, &n) || n > EN_TENSOR_MAX) {
        return en_reader_fault(r, "a tensor of %zux%zux%zu is too large", d.h, d.w, d.c);
    }
    return EN_OK;
}

en_status en_reader_stride(en_reader *r, en_layer_spec *l)
{
    return en_reader_count(r, "a stride", 1, EN_KERNEL_MAX, &l->stride);
}

en_status en_reader_pad(en_reader *r, en_layer_spec *l)
{
    l->pad = 0;
    l->same = en_reader_take(r, "same");
    return l->same ? EN_OK : en_reader_count(r, "'same' or a padding", 0, EN_KERNEL_MAX, &l->pad);
}

size_t en_window_steps(size_t length, size_t window, size_t stride)
{
    return window <= length ? (length - window) / stride + 1 : 0;
}
