/* The plain statement of the depthwise kernels: loops that read like the formulas of depthwise.h. */
#include "kernel/depthwise.h"

/* The input column of output column j and tap q; false in the padding. */
static bool column_of(const en_depthwise_row *g, size_t j, size_t q, size_t *column)
{
    ptrdiff_t at = (ptrdiff_t)(j * g->step + q * g->dilation) + g->offset;
    *column = (size_t)at;
    return at >= 0 && *column < g->width;
}

static void correlate(const en_depthwise_row *g, const float *x, const float *w, const float *b, bool relu, float *y)
{
    size_t n = g->channels, column;
    for (size_t j = 0; j < g->count; j++, y += g->y_distance * n) {
        for (size_t c = 0; c < n; c++) {
            y[c] = b != NULL ? b[c] : 0;
        }
        for (size_t r = 0; r < g->rows; r++) {
            for (size_t q = 0; q < g->taps; q++) {
                if (column_of(g, j, q, &column)) {
                    const float *from = x + (ptrdiff_t)r * g->x_row + column * n;
                    const float *by = w + (ptrdiff_t)r * g->w_row + (ptrdiff_t)q * g->w_tap;
                    for (size_t c = 0; c < n; c++) {
                        y[c] += from[c] * by[c];
                    }
                }
            }
        }
        for (size_t c = 0; relu && c < n; c++) {
            y[c] = y[c] < 0 ? 0 : y[c];
        }
    }
}

static void weights(const en_depthwise_row *g, const float *x, const float *dy, float *dw)
{
    size_t n = g->channels, column;
    for (size_t j = 0; j < g->count; j++, dy += g->y_distance * n) {
        for (size_t r = 0; r < g->rows; r++) {
            for (size_t q = 0; q < g->taps; q++) {
                if (column_of(g, j, q, &column)) {
                    const float *from = x + (ptrdiff_t)r * g->x_row + column * n;
                    float *to = dw + (ptrdiff_t)r * g->w_row + (ptrdiff_t)q * g->w_tap;
                    for (size_t c = 0; c < n; c++) {
                        to[c] += from[c] * dy[c];
                    }
                }
            }
        }
    }
}

const en_depthwise_kernels en_depthwise_ref = {.correlate = correlate, .weights = weights};
