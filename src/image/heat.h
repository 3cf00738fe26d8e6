/* Heat maps over pictures: a coarse grid of numbers drawn as colour over a photograph. */
#ifndef EN_IMAGE_HEAT_H
#define EN_IMAGE_HEAT_H

#include <stddef.h>
#include <stdint.h>

typedef struct en_heat_grid {
    const float *value; /* (h,w), at least 0; borrowed */
    size_t h, w;
    double start_y, start_x, step_y, step_x; /* value (i,j) belongs to pixel (start_y + i*step_y, start_x + j*step_x) of
                                              * the picture, px, 0 being the middle of the first */
} en_heat_grid;

/* Lays the grid over rgb (n,n,3), in place. Values are divided by the greatest of the grid, and those between its
 * points interpolated bilinearly; outside it the nearest counts. 0 leaves the photograph as it is, 1 covers it to three
 * quarters with yellow; between are violet, blue and green, which retinas are not. A grid of zeros changes nothing. */
void en_heat_draw(const en_heat_grid *grid, int n, uint8_t *rgb);

#endif
