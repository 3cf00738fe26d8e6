/* From the layers of a network to operations. */
#include "nn/operation.h"

#include "base/memory.h"
#include "nn/build.h"

const char *en_operation_word(en_operation_kind kind)
{
    static const char *const word[] = {
        [EN_OP_CONV] = "conv",       [EN_OP_DENSE] = "dense",
        [EN_OP_NORM] = "batchnorm",  [EN_OP_MAXPOOL] = "maxpool",
        [EN_OP_AVGPOOL] = "avgpool", [EN_OP_GLOBALMAX] = "globalmaxpool",
        [EN_OP_ADD] = "add",         [EN_OP_GLOBALAVG] = "globalavgpool",
        [EN_OP_SQUEEZE] = "squeeze", [EN_OP_ACTIVATION] = "act",
    };
    return word[kind];
}

/* Pixels of padding before and behind: `before` as the layer has it, and as far as its windows reach. */
static size_t behind(size_t in, size_t out, size_t window, size_t stride, size_t before)
{
    size_t reach = (out - 1) * stride + window, have = in + before;
    return reach > have ? reach - have : 0;
}

static size_t before_of(size_t in, size_t out, size_t window, const en_layer_spec *spec)
{
    size_t reach = (out - 1) * spec->stride + window;
    return !spec->same ? spec->pad : reach > in ? (reach - in) / 2 : 0;
}

static void set_window(en_operation *op, const en_layer_spec *spec)
{
    size_t high = (spec->kh - 1) * op->dilation + 1, wide = (spec->kw - 1) * op->dilation + 1;
    op->kh = spec->kh;
    op->kw = spec->kw;
    op->stride = spec->stride;
    op->top = before_of(op->in.h, op->out.h, high, spec);
    op->left = before_of(op->in.w, op->out.w, wide, spec);
    op->bottom = behind(op->in.h, op->out.h, high, op->stride, op->top);
    op->right = behind(op->in.w, op->out.w, wide, op->stride, op->left);
}

static const struct {
    const en_layer_kind *kind;
    en_operation_kind op;
} kinds[] = {
    {&en_layer_conv, EN_OP_CONV},           {&en_layer_dense, EN_OP_DENSE},
    {&en_layer_batchnorm, EN_OP_NORM},      {&en_layer_maxpool, EN_OP_MAXPOOL},
    {&en_layer_avgpool, EN_OP_AVGPOOL},     {&en_layer_globalmax, EN_OP_GLOBALMAX},
    {&en_layer_globalavg, EN_OP_GLOBALAVG}, {&en_layer_add, EN_OP_ADD},
    {&en_layer_squeeze, EN_OP_SQUEEZE},     {&en_layer_activation, EN_OP_ACTIVATION},
};

static en_operation_kind kind_of(const en_layer *l)
{
    size_t i = 0;
    while (kinds[i].kind != l->kind) {
        i++;
    }
    return kinds[i].op;
}

/* A convolution whose norm is folded into it applies that norm's activation already; here the norm has it. */
static en_activation act_of(const en_layer *l)
{
    return l->kind == &en_layer_conv && l->u.conv.folds ? EN_ACT_NONE : l->act;
}

static en_operation operation_of(const en_layer *l, const size_t *value)
{
    en_operation op = {.kind = kind_of(l),
                       .line = l->index,
                       .inputs = l->inputs,
                       .in = l->in,
                       .out = l->out,
                       .dilation = l->spec->dilation > 0 ? l->spec->dilation : 1,
                       .groups = l->spec->groups > 0 ? l->spec->groups : 1,
                       .epsilon = l->spec->epsilon,
                       .units = l->spec->units,
                       .act = act_of(l)};
    for (size_t i = 0; i < l->inputs; i++) {
        op.input[i] = value[l->input[i]];
    }
    if (op.kind == EN_OP_CONV || op.kind == EN_OP_MAXPOOL || op.kind == EN_OP_AVGPOOL) {
        set_window(&op, l->spec);
    }
    for (size_t i = 0; i < l->parameters; i++) {
        op.tensor[i] = l->parameter[i].value;
        op.count[i] = l->parameter[i].count;
    }
    return op;
}

en_status en_operations_of(en_network *net, en_operations *out, en_error *err)
{
    *out = (en_operations){.op = en_calloc(net->count, sizeof *out->op)};
    size_t *value = en_calloc(net->count + 1, sizeof *value);
    if (out->op == NULL || value == NULL) {
        en_free(value);
        en_operations_clear(out);
        return en_error_nomem(err, "the operations of a network");
    }
    for (size_t i = 0; i < net->count; i++) {
        const en_layer *l = &net->layer[i];
        if (l->kind == &en_layer_dropout) {
            value[i + 1] = value[l->input[0]];
        } else {
            out->op[out->count++] = operation_of(l, value);
            value[i + 1] = out->count;
        }
    }
    out->last = value[net->count];
    en_free(value);
    return EN_OK;
}

void en_operations_clear(en_operations *ops)
{
    en_free(ops->op);
    *ops = (en_operations){0};
}
