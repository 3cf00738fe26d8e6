/* For WebAssembly alone, in the place of base/error.c and base/text.c: there is one thread, and no locale but C. */
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"

int en_printv(char *out, size_t capacity, const char *fmt, va_list args) { return vsnprintf(out, capacity, fmt, args); }

int en_print(char *out, size_t capacity, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int length = en_printv(out, capacity, fmt, args);
    va_end(args);
    return length;
}

en_status en_error_set(en_error *err, en_status status, const char *fmt, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, fmt);
        err->status = status;
        (void)en_printv(err->text, sizeof err->text, fmt, args);
        va_end(args);
    }
    return status;
}
