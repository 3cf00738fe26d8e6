/* The plain statement of fft.h: its sums, one channel at a time, in double precision. */
#include <math.h>

#include "kernel/fft.h"

#define PI 3.14159265358979323846
#define PAIR 2u /* floats of a complex number */
#define SIDE_MAX 64u

typedef struct number {
    double re, im;
} number;

/* exp(2 pi i n / t), n < t */
typedef struct circle {
    number at[SIDE_MAX];
} circle;

static circle circle_of(size_t t)
{
    circle c;
    for (size_t n = 0; n < t; n++) {
        double angle = 2 * PI * (double)n / (double)t;
        c.at[n] = (number){cos(angle), sin(angle)};
    }
    return c;
}

/* sum + (re + i im) * exp(sign * 2 pi i turns / t) */
static number add_turned(number sum, double re, double im, const circle *c, double sign, size_t turns, size_t t)
{
    number by = c->at[turns % t];
    by.im *= sign;
    return (number){sum.re + re * by.re - im * by.im, sum.im + re * by.im + im * by.re};
}

static double source_at(const en_fft_source *s, size_t r, size_t q, size_t channel)
{
    if (r < s->top || r >= s->bottom || q < s->left || q >= s->right) {
        return 0;
    }
    size_t at = (r - s->top) * s->row + (q - s->left) * s->pixel + channel;
    return s->mask == NULL || s->mask[at] > 0 ? (double)s->x[at] : 0;
}

static void rows(size_t t, const en_fft_source *from, float *half, size_t column_stride)
{
    const circle c = circle_of(t);
    for (size_t channel = 0; channel < from->channels; channel++) {
        for (size_t r = 0; r < t; r++) {
            for (size_t v = 0; v <= t / 2; v++) {
                number sum = {0, 0};
                for (size_t q = 0; q < t; q++) {
                    sum = add_turned(sum, source_at(from, r, q, channel), 0, &c, -1, v * q, t);
                }
                float *out = half + v * column_stride + (channel * t + r) * PAIR;
                out[0] = (float)sum.re;
                out[1] = (float)sum.im;
            }
        }
    }
}

static void column(size_t t, bool real, size_t groups, const float *half, float *out, size_t frequency, size_t plane)
{
    const circle c = circle_of(t);
    for (size_t g = 0; g < groups; g++, half += t * PAIR, out++) {
        for (size_t u = 0; u < (real ? t / 2 + 1 : t); u++) {
            number sum = {0, 0};
            for (size_t r = 0; r < t; r++) {
                sum = add_turned(sum, (double)half[r * PAIR], real ? 0 : (double)half[r * PAIR + 1], &c, -1, u * r, t);
            }
            float *at = out + u * frequency;
            at[0] = (float)sum.re;
            at[plane] = (float)sum.im;
        }
    }
}

static void column_back(size_t t, bool real, size_t groups, const float *spectrum, size_t frequency, size_t plane,
                        float *half)
{
    const circle c = circle_of(t);
    for (size_t g = 0; g < groups; g++, half += t * PAIR, spectrum++) {
        for (size_t r = 0; r < t; r++) {
            number sum = {0, 0};
            for (size_t u = 0; u < t; u++) {
                bool mirrored = real && u > t / 2; /* the conjugate of number t-u */
                const float *at = spectrum + (mirrored ? t - u : u) * frequency;
                double im = mirrored ? -(double)at[plane] : (double)at[plane];
                sum = add_turned(sum, (double)at[0], im, &c, 1, u * r, t);
            }
            half[r * PAIR] = (float)sum.re;
            half[r * PAIR + 1] = real ? 0 : (float)sum.im;
        }
    }
}

/* Pixel (r,q) of the inverse of a half transformed tile. */
static double pixel(size_t t, const circle *c, const float *half, size_t column_stride, size_t r, size_t q)
{
    number sum = {0, 0};
    for (size_t v = 0; v <= t / 2; v++) { /* the columns past t/2 are conjugates, so that imaginary parts cancel */
        const float *at = half + v * column_stride + r * PAIR;
        double times = v == 0 || v == t / 2 ? 1 : 2;
        sum = add_turned(sum, times * (double)at[0], times * (double)at[1], c, 1, v * q, t);
    }
    return sum.re;
}

static void rows_back(size_t t, const float *half, const float *above, size_t count, size_t column_stride,
                      const en_fft_target *to)
{
    const circle c = circle_of(t);
    for (size_t channel = 0; channel < to->channels; channel++) {
        for (size_t r = to->top; r < to->bottom; r++) {
            for (size_t q = to->left; q < to->right; q++) {
                double sum = pixel(t, &c, half + channel * t * PAIR, column_stride, r, q);
                if (above != NULL && r < t - count) {
                    sum += pixel(t, &c, above + channel * t * PAIR, column_stride, r + count, q);
                }
                sum = sum * (double)to->scale + (to->bias != NULL ? (double)to->bias[channel] : 0);
                float *y = to->y + (r - to->top) * to->row + (q - to->left) * to->pixel + channel;
                sum += q < to->add ? (double)*y : 0;
                *y = to->relu && sum < 0 ? 0 : (float)sum;
            }
        }
    }
}

static void product(const en_fft_product *p)
{
    for (size_t f = 0; f < p->frequencies; f++) {
        for (size_t i = 0; i < p->rows; i++) {
            for (size_t g = 0; g < p->groups; g++) {
                float *z = p->z + f * p->z_frequency + i * p->z_row + g;
                number sum = {p->add ? (double)z[0] : 0, p->add ? (double)z[p->z_plane] : 0};
                for (size_t k = 0; k < p->depth; k++) {
                    const float *x = p->x + f * p->x_frequency + i * p->x_row + k * p->x_depth;
                    const float *w = p->w + f * p->w_frequency + k * p->w_depth + g;
                    double re = (double)w[0], im = p->conjugate ? -(double)w[p->w_plane] : (double)w[p->w_plane];
                    double xr = (double)x[0], xi = (double)x[p->x_plane];
                    sum.re += xr * re - xi * im;
                    sum.im += xr * im + xi * re;
                }
                z[0] = (float)sum.re;
                z[p->z_plane] = (float)sum.im;
            }
        }
    }
}

const en_fft_kernels en_fft_ref = {
    .lanes = 1,
    .rows = rows,
    .column = column,
    .column_back = column_back,
    .rows_back = rows_back,
    .product = product,
};
