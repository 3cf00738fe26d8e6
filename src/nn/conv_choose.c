/* Which algorithm a convolution gets. */
#include <string.h>

#include "base/text.h"
#include "nn/conv.h"

/* Fastest first, wherever it serves. */
static const en_conv_algorithm *const algorithms[] = {
    &en_conv_depthwise, &en_conv_fft, &en_conv_winograd, &en_conv_direct, &en_conv_pointwise, &en_conv_im2col, NULL,
};

const en_conv_algorithm *const *en_conv_algorithms(void) { return algorithms; }

en_status en_conv_check(const char *forced, en_error *err)
{
    const char *names[sizeof algorithms / sizeof *algorithms] = {NULL};
    for (size_t i = 0; algorithms[i] != NULL; i++) {
        names[i] = algorithms[i]->name;
        if (forced == NULL || strcmp(forced, names[i]) == 0) {
            return EN_OK;
        }
    }
    const char *near = en_nearest_word(forced, names);
    return en_error_set(err, EN_USAGE, "unknown algorithm of convolution '%s'%s%s%s", forced,
                        near != NULL ? " (did you mean " : "", near != NULL ? near : ": leave the choice to eyenet",
                        near != NULL ? "?)" : "");
}

static bool is_fastest(const en_conv_algorithm *a, const en_conv_shape *s, const en_kernels *k)
{
    return a->serves(s, k) && (a->pays == NULL || a->pays(s));
}

const en_conv_algorithm *en_conv_choose(const en_conv_shape *s, const en_kernels *k, const char *forced)
{
    for (size_t i = 0; forced != NULL && algorithms[i] != NULL; i++) {
        if (strcmp(algorithms[i]->name, forced) == 0 && algorithms[i]->serves(s, k)) {
            return algorithms[i];
        }
    }
    size_t i = 0;
    while (algorithms[i + 1] != NULL && !is_fastest(algorithms[i], s, k)) {
        i++;
    }
    return algorithms[i];
}
