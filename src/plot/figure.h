/* Figures as text shows them, without regard to the locale. Uses base only. */
#ifndef EN_PLOT_FIGURE_H
#define EN_PLOT_FIGURE_H

#include <stdint.h>

#define EN_FIGURE_ROOM 48

/* Each writes into `out` and returns it. A NaN or an infinity is an en dash. */
const char *en_figure_count(int64_t value, char out[EN_FIGURE_ROOM]);                   /* 106,386 */
const char *en_figure_fixed(double value, unsigned decimals, char out[EN_FIGURE_ROOM]); /* 0.940; decimals 0..9 */
const char *en_figure_short(double value, unsigned decimals, char out[EN_FIGURE_ROOM]); /* 0.94: no zeros at the end */
const char *en_figure_percent(double proportion, unsigned decimals, char out[EN_FIGURE_ROOM]); /* 0.9 is 90% */
const char *en_figure_seconds(double seconds, char out[EN_FIGURE_ROOM]); /* 4.2 s, 12 min 5 s, 3 h 2 min */

#endif
