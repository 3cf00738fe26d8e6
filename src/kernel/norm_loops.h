/* The loops of normalisation and of SGD, plain C that a compiler vectorises: every table's file includes them and
 * compiles them for its instruction set. The formulas are in kernel.h. */
#ifndef EN_KERNEL_NORM_LOOPS_H
#define EN_KERNEL_NORM_LOOPS_H

#include <string.h>

#include "kernel/kernel.h"

static inline void moments(const float *restrict x, size_t rows, size_t cols, float *restrict mean,
                           float *restrict squares)
{
    memset(mean, 0, cols * sizeof *mean);
    memset(squares, 0, cols * sizeof *squares);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            mean[j] += x[i * cols + j];
        }
    }
    for (size_t j = 0; j < cols; j++) {
        mean[j] /= (float)rows;
    }
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            float off = x[i * cols + j] - mean[j];
            squares[j] += off * off;
        }
    }
}

static inline void affine(const float *x, const float *restrict a, const float *restrict b, size_t rows, size_t cols,
                          float least, float most, float *y)
{
    for (size_t i = 0; i < rows; i++, x += cols, y += cols) {
        for (size_t j = 0; j < cols; j++) {
            float value = x[j] * a[j] + b[j];
            value = value < least ? least : value; /* in this order a NaN stays one */
            y[j] = value > most ? most : value;
        }
    }
}

static inline void norm_sums(const float *restrict x, const float *restrict g, const float *restrict mean,
                             const float *restrict factor, size_t rows, size_t cols, float *restrict sum,
                             float *restrict sum_z)
{
    memset(sum, 0, cols * sizeof *sum);
    memset(sum_z, 0, cols * sizeof *sum_z);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            sum[j] += g[i * cols + j];
            sum_z[j] += g[i * cols + j] * (x[i * cols + j] - mean[j]);
        }
    }
    for (size_t j = 0; j < cols; j++) {
        sum_z[j] *= factor[j];
    }
}

static inline void norm_back(const float *x, const float *g, const float *restrict p, const float *restrict q,
                             const float *restrict r, size_t rows, size_t cols, float *dx)
{
    for (size_t i = 0; i < rows; i++, x += cols, g += cols, dx += cols) {
        for (size_t j = 0; j < cols; j++) {
            dx[j] = p[j] * g[j] + q[j] * x[j] + r[j];
        }
    }
}

static inline void sgd(const en_sgd *s, size_t n, const float *restrict g, float *restrict w, float *restrict m)
{
    for (size_t i = 0; i < n; i++) {
        m[i] = s->momentum * m[i] + g[i];
        float step = s->nesterov ? g[i] + s->momentum * m[i] : m[i];
        w[i] = w[i] - s->rate * step - s->decay * w[i];
    }
}

#endif
