/* Direct convolution: products straight from the image, summed in registers, without unrolling it. For kernels that
 * neither Winograd's nor Fourier's transform serves better: few channels in, strides, 1x1. The passes are in
 * conv_direct_jobs.c (forward, backward data) and conv_direct_weights.c. */
#include "nn/conv_direct.h"

static bool serves(const en_conv_shape *s, const en_kernels *k)
{
    return k->direct != NULL && (s->dilation == 1 || s->stride == 1);
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static en_conv_need need(const en_conv_shape *s, size_t n, bool train)
{
    en_conv_need need = {.shared = en_direct_packed_floats(s, false)};
    en_direct_job job = en_direct_forward_job(s, n, 0);
    need.scratch = en_direct_copy_floats(&job);
    if (train) {
        need.shared = larger(need.shared, en_direct_packed_floats(s, true) + en_direct_gradient_floats(s, n));
        need.scratch = larger(need.scratch, en_direct_gradient_scratch(s));
        for (size_t i = 0; i < en_direct_backward_jobs(s); i++) {
            job = en_direct_backward_job(s, n, i);
            need.scratch = larger(need.scratch, en_direct_copy_floats(&job));
        }
    }
    return need;
}

static void forward(const en_conv_call *call) { en_direct_run(call, false, call->shared); }

/* relu's gradient of one image, for when the gradients of the weights are not wanted, which undo it on their way. */
static void mask_image(void *ctx, size_t image, unsigned worker)
{
    const en_conv_call *call = *(const en_conv_call **)ctx;
    size_t size = call->s->oh * call->s->ow * call->s->oc;
    (void)worker;
    call->k->relu_back(call->dy + image * size, call->y + image * size, size);
}

static void backward(const en_conv_call *call)
{
    if (call->dw != NULL) {
        en_direct_gradient(call, call->shared + en_direct_packed_floats(call->s, true));
    } else if (call->relu) {
        en_pool_run(call->pool, call->n, mask_image, &call);
    }
    if (call->dx != NULL) {
        en_direct_run(call, true, call->shared);
    }
}

const en_conv_algorithm en_conv_direct = {
    .name = "direct",
    .serves = serves,
    .need = need,
    .forward = forward,
    .backward = backward,
};
