/* One axis: from values to px, with ticks at round numbers. Inside plot only. */
#ifndef EN_PLOT_AXIS_H
#define EN_PLOT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/number.h"

#define EN_VALUE_MAX 1e30 /* what is beyond is not drawn */

typedef struct en_axis {
    double low, high;   /* values at the ends; low < high */
    double from, to;    /* px of the ends */
    double first, step; /* ticks at first + i*step */
    size_t ticks;
    unsigned decimals; /* the labels need */
} en_axis;

/* An axis over [low, high], widened to the ticks around it when `round_out`. An empty or invalid range becomes one
 * around it (or 0..1). About `wanted` ticks, at whole numbers only when `whole`. */
en_axis en_axis_make(double low, double high, size_t wanted, bool whole, bool round_out);
/* The px of a value. */
double en_axis_at(const en_axis *axis, double value);
double en_axis_tick(const en_axis *axis, size_t i);
const char *en_axis_label(const en_axis *axis, double value, char out[EN_NUMBER_TEXT]);
/* Finite and within EN_VALUE_MAX. */
bool en_value_drawn(double value);

#endif
