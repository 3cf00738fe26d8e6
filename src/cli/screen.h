/* The terminal as a screen of its own, which is drawn anew and gives way to what was there before. */
#ifndef EN_CLI_SCREEN_H
#define EN_CLI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "base/error.h"

typedef struct en_screen { /* zeroed: not open */
    bool open;
    struct termios before;
} en_screen;

/* Whether standard input and output are both a terminal that can be drawn on. */
bool en_screen_possible(void);
/* Keys are read one by one and not shown from here on, Ctrl-C among them. */
en_status en_screen_open(en_screen *s, en_error *err) EN_CHECKED;
/* Puts everything back; safe on a zeroed one. */
void en_screen_close(en_screen *s);
/* The lines take the place of what was drawn; they must fit. */
en_status en_screen_draw(const char *text, en_error *err) EN_CHECKED;
/* Waits for a key at most so many seconds: its byte, 0 when there was none or a signal came, -1 when there will be no
 * more. Of a key that sends several bytes, as arrows do, the first counts. */
int en_screen_key(double seconds);

#endif
