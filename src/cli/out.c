/* The stream results go to. */
#include "cli/out.h"

#include <errno.h>
#include <stdarg.h>

void en_out_line(en_out *out, const char *fmt, ...)
{
    if (out->format != EN_FORMAT_PEOPLE) {
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
        out->failure = errno != 0 ? errno : EIO;
    }
    return out->failure != 0;
}

en_status en_out_finish(en_out *out, en_error *err)
{
    if (!en_out_failed(out) && fflush(out->stream) != 0) {
        out->failure = errno;
    }
    if (out->failure == 0 || out->failure == EPIPE) {
        return EN_OK;
    }
    errno = out->failure;
    return en_error_errno(err, "cannot write the result");
}
