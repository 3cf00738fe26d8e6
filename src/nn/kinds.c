/* The list of the kinds of layers. */
#include "nn/kind.h"

static const en_layer_kind *const kinds[] = {
    &en_layer_conv,    &en_layer_dense,     &en_layer_batchnorm,  &en_layer_maxpool,
    &en_layer_avgpool, &en_layer_globalmax, &en_layer_globalavg,  &en_layer_dropout,
    &en_layer_add,     &en_layer_squeeze,   &en_layer_activation, NULL,
};

const en_layer_kind *const *en_layer_kinds(void) { return kinds; }
