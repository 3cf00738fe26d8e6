/* The stream results go to. */
#include "render/out.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/memory.h"

/* What the stream has collected, on its way out. 0 is a failure: so fopencookie(3) wants it. */
static ssize_t write_on(void *cookie, const char *data, size_t size)
{
    en_out *out = cookie;
    size_t done = 0;
    while (done < size && out->failure == 0) {
        ssize_t wrote = write(out->fd, data + done, size - done);
        if (wrote >= 0) {
            done += (size_t)wrote;
        } else if (errno != EINTR) {
            out->failure = errno;
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

void en_out_line(en_out *out, const char *fmt, ...)
{
    if (out->format != EN_OUT_TEXT) {
        return;
    }
    va_list args;
    va_start(args, fmt);
    vfprintf(out->stream, fmt, args);
    va_end(args);
    fputc('\n', out->stream);
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
