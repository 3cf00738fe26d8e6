/* Ticks at 1, 2 or 5 times a power of ten, after Heckbert, "Nice Numbers for Graph Labels", Graphics Gems (1990). */
#include "plot/axis.h"

#include <math.h>
#include <stdio.h>

bool en_value_drawn(double value) { return isfinite(value) && fabs(value) <= EN_VALUE_MAX; }

/* The round step nearest above or around span/wanted. */
static double nice_step(double span, size_t wanted)
{
    double rough = span / (double)(wanted > 0 ? wanted : 1);
    double power = pow(10, floor(log10(rough)));
    double lead = rough / power;
    double round = lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10;
    return round * power;
}

en_axis en_axis_make(double low, double high, size_t wanted, bool whole, bool round_out)
{
    if (!en_value_drawn(low) || !en_value_drawn(high) || low > high) {
        low = 0;
        high = 1;
    }
    /* A range too narrow to be told apart from its own rounding is widened. */
    double least = fmax(fabs(low), fabs(high)) * 1e-9;
    if (high - low <= fmax(least, 1e-30)) {
        double around = fabs(low) > 0 ? fabs(low) * 0.1 : 0.5;
        if (whole && around < 1) {
            around = 1;
        }
        low -= around;
        high += around;
    }
    en_axis axis = {.low = low, .high = high, .to = 1};
    axis.step = nice_step(high - low, wanted);
    if (whole && axis.step < 1) {
        axis.step = 1;
    }
    if (round_out) {
        axis.low = floor(low / axis.step + 1e-9) * axis.step;
        axis.high = ceil(high / axis.step - 1e-9) * axis.step;
    }
    axis.first = ceil(axis.low / axis.step - 1e-9) * axis.step;
    axis.ticks = (size_t)fmax(0, floor((axis.high - axis.first) / axis.step + 1e-6)) + 1;
    axis.decimals = axis.step >= 1 ? 0 : (unsigned)fmin(9, ceil(-log10(axis.step) - 1e-9));
    return axis;
}

double en_axis_at(const en_axis *axis, double value)
{
    return axis->from + (value - axis->low) / (axis->high - axis->low) * (axis->to - axis->from);
}

double en_axis_tick(const en_axis *axis, size_t i) { return axis->first + (double)i * axis->step; }

const char *en_axis_label(const en_axis *axis, double value, char out[EN_NUMBER_TEXT])
{
    if (axis->step < 1e-6) { /* rare: a loss of 1e-9; one significant digit more than the step's */
        snprintf(out, EN_NUMBER_TEXT, "%.2e", value);
        return out;
    }
    if (axis->step >= 1 && fabs(value) < 1e7) {
        return en_number_count(llround(value), out);
    }
    return en_number_fixed(value, axis->decimals, out);
}
