/* See heat.h. */
#include "image/heat.h"

#include <math.h>

#define COVER 0.75 /* how much of the photograph the greatest value covers */

/* The colours of 0, 1/4, ... 1: the map viridis (Smith & van der Walt 2015), whose lightness rises evenly. */
static const double colours[5][3] = {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}};

/* Where pixel `at` lies between the points of an axis: the one before it, and how far it is from there to the next. */
static size_t find(double at, double start, double step, size_t points, double *part)
{
    double place = fmin(fmax((at - start) / step, 0), (double)(points - 1));
    size_t before = (size_t)place;
    before = before + 1 < points || before == 0 ? before : before - 1;
    *part = place - (double)before;
    return before;
}

static void mix(uint8_t *rgb, double value)
{
    double cover = COVER * value, place = value * 4;
    size_t before = place < 3 ? (size_t)place : 3;
    for (size_t c = 0; c < 3; c++) {
        double colour = colours[before][c] + (place - (double)before) * (colours[before + 1][c] - colours[before][c]);
        rgb[c] = (uint8_t)lround((1 - cover) * rgb[c] + cover * colour);
    }
}

void en_heat_draw(const en_heat_grid *g, int n, uint8_t *rgb)
{
    float most = 0;
    for (size_t i = 0; i < g->h * g->w; i++) {
        most = g->value[i] > most ? g->value[i] : most;
    }
    for (int y = 0; most > 0 && y < n; y++) {
        double down, across;
        size_t row = find(y, g->start_y, g->step_y, g->h, &down);
        const float *above = g->value + row * g->w, *below = g->value + (row + (g->h > 1)) * g->w;
        for (int x = 0; x < n; x++) {
            size_t i = find(x, g->start_x, g->step_x, g->w, &across), k = i + (g->w > 1);
            double high = (1 - across) * (double)above[i] + across * (double)above[k];
            double low = (1 - across) * (double)below[i] + across * (double)below[k];
            mix(rgb + 3 * ((size_t)y * (size_t)n + (size_t)x), ((1 - down) * high + down * low) / (double)most);
        }
    }
}
