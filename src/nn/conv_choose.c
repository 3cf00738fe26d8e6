/* Which algorithm a convolution gets. */
#include <stdlib.h>
#include <string.h>

#include "nn/conv.h"

/* Fastest first, wherever it serves. */
static const en_conv_algorithm *const algorithms[] = {
    &en_conv_depthwise, &en_conv_direct, &en_conv_pointwise, &en_conv_im2col, NULL,
};

const en_conv_algorithm *const *en_conv_algorithms(void) { return algorithms; }

const en_conv_algorithm *en_conv_choose(const en_conv_shape *s, const en_kernels *k)
{
    const char *forced = getenv("EYENET_CONV");
    for (size_t i = 0; forced != NULL && algorithms[i] != NULL; i++) {
        if (strcmp(algorithms[i]->name, forced) == 0 && algorithms[i]->serves(s, k)) {
            return algorithms[i];
        }
    }
    size_t i = 0;
    while (algorithms[i + 1] != NULL && !algorithms[i]->serves(s, k)) {
        i++;
    }
    return algorithms[i];
}
