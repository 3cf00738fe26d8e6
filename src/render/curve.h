/* A curve as lines of characters, for a terminal: a column is filled up to its value, in eighths of a character where
 * the terminal understands UTF-8. */
#ifndef EN_RENDER_CURVE_H
#define EN_RENDER_CURVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

typedef struct en_curve {
    const double *value; /* from left to right; borrowed. Not finite: an empty column */
    size_t count;
    size_t width, rows; /* in characters, 1 or more */
    bool utf8;
} en_curve;

/* The least and the greatest of what the columns show; both NaN where none shows anything. */
void en_curve_range(const en_curve *curve, double *low, double *high);
/* Adds line `row` of the curve, 0 being the top one: `width` characters. `low` is drawn as the least that can be seen,
 * `high` as all rows;
 * what is beyond them, as they are. A column shows the mean of the values that fall on it; where there are fewer values
 * than columns, each takes several. */
en_status en_curve_row(const en_curve *curve, double low, double high, size_t row, en_buf *out,
                       en_error *err) EN_CHECKED;

#endif
