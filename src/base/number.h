/* Numbers as text, without regard to the locale. */
#ifndef EN_BASE_NUMBER_H
#define EN_BASE_NUMBER_H

#include <stdint.h>

#define EN_NUMBER_TEXT 48

/* Each writes into `out` and returns it. A NaN or an infinity is an en dash. */
const char *en_number_count(int64_t value, char out[EN_NUMBER_TEXT]);                   /* 106,386 */
const char *en_number_fixed(double value, unsigned decimals, char out[EN_NUMBER_TEXT]); /* 0.940; decimals 0..9 */
const char *en_number_short(double value, unsigned decimals, char out[EN_NUMBER_TEXT]); /* 0.94: no zeros at the end */
const char *en_number_percent(double proportion, unsigned decimals, char out[EN_NUMBER_TEXT]); /* 0.9 is 90% */
const char *en_number_seconds(double seconds, char out[EN_NUMBER_TEXT]); /* 4.2 s, 12 min 5 s, 3 h 2 min */
/* The fewest digits, 15 to 17, that read back as the same number. */
int en_number_digits(double value);

#endif
