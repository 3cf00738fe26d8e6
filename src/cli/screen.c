/* The terminal as a screen of its own. The sequences are those of xterm, which every terminal of today knows. */
#include "cli/screen.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/environment.h"

#define ENTER "\033[?1049h\033[?25l" /* the alternate screen, without a cursor */
#define LEAVE "\033[?25h\033[?1049l"
#define HOME "\033[H"
#define LINE_END "\033[K\r\n" /* clears the rest of the line */
#define BELOW "\033[J"        /* clears the rest of the screen */

static en_status put(const char *data, size_t size, en_error *err)
{
    while (size > 0) {
        const ssize_t n = write(STDOUT_FILENO, data, size);
        if (n < 0) {
            return en_error_errno(err, "cannot write to the terminal");
        }
        data += n;
        size -= (size_t)n;
    }
    return EN_OK;
}

bool en_screen_possible(void)
{
    const char *term = en_environment_variable("TERM");
    return term != NULL && strcmp(term, "dumb") != 0 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

en_status en_screen_open(en_screen *s, en_error *err)
{
    struct termios raw;
    *s = (en_screen){.open = false};
    if (tcgetattr(STDIN_FILENO, &s->before) != 0) {
        return en_error_errno(err, "cannot read the terminal's settings");
    }
    raw = s->before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0) {
        return en_error_errno(err, "cannot change the terminal's settings");
    }
    s->open = true;
    return put(ENTER, sizeof ENTER - 1, err);
}

void en_screen_close(en_screen *s)
{
    if (s->open) {
        s->open = false;
        (void)put(LEAVE, sizeof LEAVE - 1, NULL);
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &s->before);
    }
}

en_status en_screen_draw(const char *text, en_error *err)
{
    en_buf all;
    en_buf_init(&all, 1 << 24);
    en_status st = en_buf_text(&all, HOME, err);
    while (st == EN_OK && *text != '\0') {
        const size_t length = strcspn(text, "\n");
        st = en_buf_add(&all, text, length, err);
        text += length;
        if (st == EN_OK && *text == '\n') {
            text++;
            /* The last line does not end: a screen that is full would scroll. */
            st = en_buf_text(&all, *text != '\0' ? LINE_END : "\033[K", err);
        }
    }
    st = st == EN_OK ? en_buf_text(&all, BELOW, err) : st;
    st = st == EN_OK ? put(en_buf_str(&all), all.size, err) : st;
    en_buf_clear(&all);
    return st;
}

int en_screen_key(double seconds)
{
    unsigned char byte[32];
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&in, 1, (int)(seconds * 1000)) <= 0) {
        return 0;
    }
    const ssize_t n = read(STDIN_FILENO, byte, sizeof byte);
    return n <= 0 ? -1 : byte[0];
}
