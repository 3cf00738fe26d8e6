/* Winograd's convolution in plain C: the formulas of winograd.h, with their matrices, summed in double precision. The
 * kernels for vectors are tested against these. */
#include "kernel/winograd.h"

#include <string.h>

#define OUT EN_WINOGRAD_OUT
#define IN EN_WINOGRAD_IN
#define POINTS EN_WINOGRAD_POINTS
#define PANEL EN_WINOGRAD_PANEL
#define A EN_WINOGRAD_A
#define B EN_WINOGRAD_B
#define A2 EN_WINOGRAD_A2
#define B2 EN_WINOGRAD_B2
#define S EN_WINOGRAD_S
#define P EN_WINOGRAD_P
#define N EN_WINOGRAD_N
#define Q EN_WINOGRAD_Q

/* B^T, A and G: one row for each point. */
static const double input_matrix[IN * IN] = {
    P, 0,      -S,  0,  1, 0, /* 0 */
    0, -A *B2, -B2, A,  1, 0, /* a */
    0, A *B2,  -B2, -A, 1, 0, /* -a */
    0, -B *A2, -A2, B,  1, 0, /* b */
    0, B *A2,  -A2, -B, 1, 0, /* -b */
    0, P,      0,   -S, 0, 1, /* infinity */
};
static const double output_matrix[IN * OUT] = {
    1, 0, 0, 0, 1, A, A2, A *A2, 1, -A, A2, -A *A2, 1, B, B2, B *B2, 1, -B, B2, -B *B2, 0, 0, 0, 1,
};
static const double weight_matrix[IN * 3] = {
    1 / P, 0, 0, 1 / N, A / N, A2 / N, 1 / N, -A / N, A2 / N, 1 / Q, B / Q, B2 / Q, 1 / Q, -B / Q, B2 / Q, 0, 0, 1,
};

/* y (rows,rows) = matrix (rows,cols) x (cols,cols) matrix^T, or, transposed, y (cols,cols) = matrix^T x matrix. */
static void both_sides(const double *matrix, size_t rows, size_t cols, bool transposed, const double *x, double *y)
{
    size_t to = transposed ? cols : rows, from = transposed ? rows : cols;
    for (size_t i = 0; i < to; i++) {
        for (size_t j = 0; j < to; j++) {
            double sum = 0;
            for (size_t r = 0; r < from; r++) {
                for (size_t q = 0; q < from; q++) {
                    double left = transposed ? matrix[r * cols + i] : matrix[i * cols + r];
                    double right = transposed ? matrix[q * cols + j] : matrix[j * cols + q];
                    sum += left * x[r * from + q] * right;
                }
            }
            y[i * to + j] = sum;
        }
    }
}

/* Where channel c of a row begins. */
static size_t place(size_t c, size_t step) { return c / PANEL * POINTS * step + c % PANEL; }

static double pixel(const en_winograd_image *from, ptrdiff_t row, ptrdiff_t column, size_t c)
{
    if (row < 0 || column < 0 || (size_t)row >= from->h || (size_t)column >= from->w) {
        return 0;
    }
    size_t at = (size_t)row * from->w + (size_t)column;
    if (from->bits != NULL && (from->bits[at * from->panels + c / PANEL] >> c % PANEL & 1) == 0) {
        return 0;
    }
    return (double)from->x[(size_t)row * from->row + (size_t)column * from->pixel + c];
}

static void transform(const en_winograd_image *from, ptrdiff_t row, ptrdiff_t column, const double *matrix, size_t side,
                      float *to, size_t step, float *sum)
{
    for (size_t c = 0; c < from->channels; c++) {
        double tile[POINTS], points[POINTS], total = 0;
        for (size_t i = 0; i < side * side; i++) {
            tile[i] = pixel(from, row + (ptrdiff_t)(i / side), column + (ptrdiff_t)(i % side), c);
            total += tile[i];
        }
        both_sides(matrix, IN, side, false, tile, points);
        for (size_t i = 0; i < POINTS; i++) {
            to[place(c, step) + i * step] = (float)points[i];
        }
        if (sum != NULL) {
            sum[c] = (float)((double)sum[c] + total);
        }
    }
}

static void input(const en_winograd_image *from, ptrdiff_t row, ptrdiff_t column, float *v, size_t step)
{
    transform(from, row, column, input_matrix, IN, v, step, NULL);
}

static void fetch(const en_winograd_image *from, ptrdiff_t row, ptrdiff_t column)
{
    (void)from;
    (void)row;
    (void)column;
}

static void gradient(const en_winograd_image *from, size_t row, size_t column, float *d, size_t step, float *sum)
{
    size_t panels = (from->channels + PANEL - 1) / PANEL;
    for (size_t i = 0; i < panels * POINTS; i++) {
        memset(d + i * step, 0, PANEL * sizeof *d);
    }
    transform(from, (ptrdiff_t)row, (ptrdiff_t)column, output_matrix, OUT, d, step, sum);
}

static void set_bit(const en_winograd_target *to, size_t at, size_t c, bool on)
{
    if (to->bits != NULL) {
        uint16_t *bits = &to->bits[at * to->panels + c / PANEL];
        unsigned was = c % PANEL == 0 ? 0 : *bits; /* the first channel clears the others */
        *bits = (uint16_t)(was | (unsigned)on << c % PANEL);
    }
}

static void output(const float *m, size_t step, const en_winograd_target *to, size_t row, size_t column)
{
    for (size_t c = 0; c < to->channels; c++) {
        double points[POINTS], tile[OUT * OUT];
        for (size_t i = 0; i < POINTS; i++) {
            points[i] = (double)m[place(c, step) + i * step];
        }
        both_sides(output_matrix, IN, OUT, true, points, tile);
        for (size_t i = 0; i < OUT * OUT; i++) {
            size_t r = row + i / OUT, q = column + i % OUT;
            double y = tile[i] + (to->bias != NULL ? (double)to->bias[c] : 0);
            if (r < to->h && q < to->w) {
                to->y[r * to->row + q * to->pixel + c] = (float)(to->relu && y < 0 ? 0 : y);
                set_bit(to, r * to->w + q, c, (float)y > 0);
            }
        }
    }
}

static void weights(const float *w, size_t c, size_t oc, bool turned, size_t panel, float *u, size_t step)
{
    size_t rows = turned ? oc : c, columns = turned ? c : oc;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < PANEL; j++) {
            double kernel[9], points[POINTS];
            size_t column = panel * PANEL + j;
            for (size_t k = 0; k < 9; k++) {
                const float *tap = w + (turned ? 8 - k : k) * c * oc;
                kernel[k] = column >= columns ? 0 : (double)(turned ? tap[column * oc + i] : tap[i * oc + column]);
            }
            both_sides(weight_matrix, IN, 3, false, kernel, points);
            for (size_t p = 0; p < POINTS; p++) {
                u[p * step + i * PANEL + j] = (float)points[p];
            }
        }
    }
}

static void multiply(const float *v, size_t v_step, size_t rows, size_t c, const float *u, size_t u_step, size_t panels,
                     float *m, size_t m_step)
{
    for (size_t t = 0; t < rows; t++) {
        for (size_t j = 0; j < panels * PANEL; j++) {
            double sum = 0;
            for (size_t i = 0; i < c; i++) {
                sum += (double)v[place(i, v_step) + t * PANEL] * (double)u[place(j, u_step) + i * PANEL];
            }
            m[place(j, m_step) + t * PANEL] = (float)sum;
        }
    }
}

static void accumulate(const float *v, size_t v_step, size_t rows, size_t c, const float *d, size_t d_step,
                       size_t panels, float *du, size_t du_step)
{
    for (size_t i = 0; i < c; i++) {
        for (size_t j = 0; j < panels * PANEL; j++) {
            float *to = du + place(j, du_step) + i * PANEL;
            double sum = (double)*to;
            for (size_t t = 0; t < rows; t++) {
                sum += (double)v[place(i, v_step) + t * PANEL] * (double)d[place(j, d_step) + t * PANEL];
            }
            *to = (float)sum;
        }
    }
}

static void weights_back(const float *du, size_t step, size_t c, size_t oc, float *dw, size_t tap, size_t row, bool add)
{
    for (size_t i = 0; i < c; i++) {
        for (size_t j = 0; j < oc; j++) {
            double points[POINTS], kernel[9];
            for (size_t p = 0; p < POINTS; p++) {
                points[p] = (double)du[place(j, step) + p * step + i * PANEL];
            }
            both_sides(weight_matrix, IN, 3, true, points, kernel);
            for (size_t k = 0; k < 9; k++) {
                float *to = dw + k * tap + i * row + j;
                *to = (float)(kernel[k] + (add ? (double)*to : 0));
            }
        }
    }
}

const en_winograd_kernels en_winograd_ref = {
    .input = input,
    .fetch = fetch,
    .gradient = gradient,
    .output = output,
    .weights = weights,
    .multiply = multiply,
    .accumulate = accumulate,
    .weights_back = weights_back,
};
