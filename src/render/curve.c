/* A curve as lines of characters. */
#include "render/curve.h"

#include <math.h>

#define EIGHTHS 8

/* What column `x` of `width` shows. */
static double column(const en_curve *curve, size_t x)
{
    const size_t from = x * curve->count / curve->width;
    size_t to = (x + 1) * curve->count / curve->width, n = 0;
    double sum = 0;
    to = to > from ? to : from + 1;
    for (size_t i = from; i < to && i < curve->count; i++) {
        if (isfinite(curve->value[i])) {
            sum += curve->value[i];
            n++;
        }
    }
    return n > 0 ? sum / (double)n : (double)NAN;
}

void en_curve_range(const en_curve *curve, double *low, double *high)
{
    *low = *high = (double)NAN;
    for (size_t x = 0; x < curve->width && curve->count > 0; x++) {
        const double value = column(curve, x);
        *low = fmin(*low, value); /* of a NaN and a number, the number */
        *high = fmax(*high, value);
    }
}

en_status en_curve_row(const en_curve *curve, double low, double high, size_t row, en_buf *out, en_error *err)
{
    static const char *const block[EIGHTHS + 1] = {" ",      "\u2581", "\u2582", "\u2583", "\u2584",
                                                   "\u2585", "\u2586", "\u2587", "\u2588"};
    static const char *const ascii[EIGHTHS + 1] = {" ", ".", ".", ".", ":", ":", ":", "#", "#"};
    const double all = (double)(curve->rows * EIGHTHS), below = (double)((curve->rows - 1 - row) * EIGHTHS);
    en_status st = EN_OK;
    for (size_t x = 0; st == EN_OK && x < curve->width; x++) {
        const double value = column(curve, x);
        const double part = high > low ? (value - low) / (high - low) : 0;
        size_t filled = 0;
        if (isfinite(value)) {
            const double height = 1 + fmax(0, fmin(part, 1)) * (all - 1); /* in eighths of a character */
            filled = (size_t)fmax(0, fmin(round(height - below), EIGHTHS));
        }
        st = en_buf_text(out, (curve->utf8 ? block : ascii)[filled], err);
    }
    return st;
}
