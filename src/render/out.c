/* The stream results go to. */
#include "render/out.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "render/utf8.h"

#define ROOM_MS 500 /* for a reader to take more, after a write that was broken off */

/* What the stream has collected, on its way out. 0 is a failure: so fopencookie(3) wants it. */
static ssize_t write_on(void *cookie, const char *data, size_t size)
{
    en_out *out = cookie;
    size_t done = 0;
    while (done < size && out->failure == 0) {
        ssize_t wrote = write(out->fd, data + done, size - done);
        if (wrote < 0) {
            out->failure = errno; /* EINTR: a stop was asked for, and nobody reads */
            break;
        }
        done += (size_t)wrote;
        struct pollfd room = {.fd = out->fd, .events = POLLOUT};
        if (done < size && poll(&room, 1, ROOM_MS) == 0) { /* a part was written: the same, in the midst of it */
            out->failure = EINTR;
        }
    }
    return done == size ? (ssize_t)done : 0;
}

en_status en_out_open(en_out *out, int fd, en_error *err)
{
    out->fd = fd;
    out->stream = fopencookie(out, "w", (cookie_io_functions_t){.write = write_on});
    if (out->stream == NULL) {
        return en_error_nomem(err, "the output");
    }
    if (isatty(fd)) {
        (void)setvbuf(out->stream, NULL, _IOLBF, BUFSIZ);
    }
    return EN_OK;
}

void en_out_close(en_out *out)
{
    if (out->stream != NULL) {
        (void)fclose(out->stream);
        out->stream = NULL;
    }
}

/* Names in it may be anybody's and must not steer a terminal; its own line ends stay. */
static void put_visible(en_out *out, const char *text)
{
    en_buf visible;
    en_buf_init(&visible, 16 * (strlen(text) + 1));
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, "\n");
        if (en_utf8_visible(at, length, &visible, NULL) == EN_OK) {
            fputs(en_buf_str(&visible), out->stream);
        }
        fputc('\n', out->stream);
        en_buf_reset(&visible);
        at += length;
        if (*at == '\0') {
            break;
        }
    }
    en_buf_clear(&visible);
}

void en_out_line(en_out *out, const char *fmt, ...)
{
    if (out->format != EN_OUT_TEXT) {
        return;
    }
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, fmt, args);
    char *text = length >= 0 ? en_alloc((size_t)length + 1) : NULL;
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)length + 1, fmt, again);
        put_visible(out, text);
    } else if (out->failure == 0) {
        out->failure = ENOMEM;
    }
    va_end(again);
    va_end(args);
    en_free(text);
}

bool en_out_failed(en_out *out)
{
    if (out->failure == 0 && ferror(out->stream)) {
        out->failure = EIO; /* a stream that keeps no reason: errno may have changed by now */
    }
    return out->failure != 0;
}

en_status en_out_finish(en_out *out, en_error *err)
{
    if (!en_out_failed(out) && fflush(out->stream) != 0 && out->failure == 0) {
        out->failure = errno;
    }
    if (out->failure == 0 || out->failure == EPIPE) {
        return EN_OK;
    }
    errno = out->failure;
    return en_error_errno(err, "cannot write the result");
}
