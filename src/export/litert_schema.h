/* The numbers of LiteRT's schema, version 3 (schema.fbs of https://github.com/google-ai-edge/LiteRT): fields of tables,
 * counted from 0, operators, and the types of their options. Only what litert*.c writes. */
#ifndef EN_EXPORT_LITERT_SCHEMA_H
#define EN_EXPORT_LITERT_SCHEMA_H

#define EN_LITERT_SCHEMA 3

enum { /* Model */
       MODEL_VERSION = 0,
       MODEL_OPERATORS = 1,
       MODEL_SUBGRAPHS = 2,
       MODEL_DESCRIPTION = 3,
       MODEL_BUFFERS = 4,
       MODEL_METADATA = 6,
       MODEL_SIGNATURES = 7
};
enum { CODE_BYTE = 0, CODE_VERSION = 2, CODE_NUMBER = 3, CODE_BYTE_MAX = 127 };                       /* OperatorCode */
enum { GRAPH_TENSORS = 0, GRAPH_INPUTS = 1, GRAPH_OUTPUTS = 2, GRAPH_OPERATORS = 3, GRAPH_NAME = 4 }; /* SubGraph */
enum { TENSOR_SHAPE = 0, TENSOR_TYPE = 1, TENSOR_BUFFER = 2, TENSOR_NAME = 3, TENSOR_SIGNATURE = 7 };
enum { OPERATOR_CODE = 0, OPERATOR_INPUTS = 1, OPERATOR_OUTPUTS = 2, OPERATOR_TYPE = 3, OPERATOR_OPTIONS = 4 };
enum { BUFFER_DATA = 0 };
enum { METADATA_NAME = 0, METADATA_BUFFER = 1 };
enum { SIGNATURE_INPUTS = 0, SIGNATURE_OUTPUTS = 1, SIGNATURE_KEY = 2, SIGNATURE_SUBGRAPH = 4 }; /* SignatureDef */
enum { NAMED_NAME = 0, NAMED_TENSOR = 1 };                                                       /* TensorMap */

typedef enum en_litert_type { EN_LITERT_FLOAT = 0, EN_LITERT_INT32 = 2, EN_LITERT_UINT8 = 3 } en_litert_type;
enum { PADDING_SAME = 0, PADDING_VALID = 1 };
enum { FUSED_NONE = 0, FUSED_RELU = 1, FUSED_RELU6 = 3 };

/* Fields of the options of operators. */
enum {
    CONV_PADDING = 0,
    CONV_STRIDE_W = 1,
    CONV_STRIDE_H = 2,
    CONV_FUSED = 3,
    CONV_DILATION_W = 4,
    CONV_DILATION_H = 5
};
enum {
    DEPTHWISE_PADDING = 0,
    DEPTHWISE_STRIDE_W = 1,
    DEPTHWISE_STRIDE_H = 2,
    DEPTHWISE_MULTIPLIER = 3,
    DEPTHWISE_FUSED = 4,
    DEPTHWISE_DILATION_W = 5,
    DEPTHWISE_DILATION_H = 6
};
enum { POOL_PADDING = 0, POOL_STRIDE_W = 1, POOL_STRIDE_H = 2, POOL_WIDTH = 3, POOL_HEIGHT = 4, POOL_FUSED = 5 };
enum {
    DENSE_FUSED = 0,
    ARITHMETIC_FUSED = 0,
    REDUCE_KEEP = 0,
    SOFTMAX_BETA = 0,
    LEAKY_ALPHA = 0,
    CAST_IN = 0,
    CAST_OUT = 1
};

/* X(name, operator, type of its options or 0) */
#define EN_LITERT_OPERATORS(X)                                                                                         \
    X(ADD, 0, 11)                                                                                                      \
    X(AVERAGE_POOL, 1, 5)                                                                                              \
    X(CONV, 3, 1)                                                                                                      \
    X(DEPTHWISE, 4, 2)                                                                                                 \
    X(DENSE, 9, 8)                                                                                                     \
    X(LOGISTIC, 14, 0)                                                                                                 \
    X(MAX_POOL, 17, 5)                                                                                                 \
    X(MUL, 18, 21)                                                                                                     \
    X(RELU, 19, 0)                                                                                                     \
    X(RELU6, 21, 0)                                                                                                    \
    X(RESHAPE, 22, 17)                                                                                                 \
    X(SOFTMAX, 25, 9)                                                                                                  \
    X(TANH, 28, 0)                                                                                                     \
    X(PAD, 34, 22)                                                                                                     \
    X(MEAN, 40, 27)                                                                                                    \
    X(SUB, 41, 28)                                                                                                     \
    X(EXP, 47, 33)                                                                                                     \
    X(LOG_SOFTMAX, 50, 36)                                                                                             \
    X(CAST, 53, 37)                                                                                                    \
    X(MAXIMUM, 55, 39)                                                                                                 \
    X(MINIMUM, 57, 39)                                                                                                 \
    X(NEG, 59, 42)                                                                                                     \
    X(PAD_VALUE, 60, 43)                                                                                               \
    X(SLICE, 65, 48)                                                                                                   \
    X(LOG, 73, 0)                                                                                                      \
    X(REDUCE_MAX, 82, 27)                                                                                              \
    X(LEAKY_RELU, 98, 75)                                                                                              \
    X(HARD_SWISH, 117, 91)                                                                                             \
    X(GELU, 150, 116)

#define EN_LITERT_NAMED(name, number, options) EN_LITERT_##name = (number),
typedef enum en_litert_kind { EN_LITERT_OPERATORS(EN_LITERT_NAMED) } en_litert_kind;
#undef EN_LITERT_NAMED

#endif
