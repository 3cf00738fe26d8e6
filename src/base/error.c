/* Errors as values: filling, prefixing and mapping them to exit codes. */
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Marks a text that did not fit, and keeps it one line. */
static void finish(char *text, size_t capacity, int wanted)
{
    if (wanted >= (int)capacity) {
        memcpy(text + capacity - 4, "...", 4);
    }
    for (char *c = text; *c != '\0'; c++) {
        if (*c == '\n' || *c == '\r') {
            *c = ' ';
        }
    }
}

en_status en_error_setv(en_error *err, en_status status, const char *fmt, va_list args)
{
    if (err != NULL) {
        err->status = status;
        err->hint[0] = '\0';
        finish(err->text, sizeof err->text, en_printv(err->text, sizeof err->text, fmt, args));
    }
    return status;
}

en_status en_error_set(en_error *err, en_status status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    en_error_setv(err, status, fmt, args);
    va_end(args);
    return status;
}

en_status en_error_hint(en_error *err, en_status status, const char *fmt, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, fmt);
        finish(err->hint, sizeof err->hint, en_printv(err->hint, sizeof err->hint, fmt, args));
        va_end(args);
    }
    return status;
}

const char *en_error_line(const en_error *err, char line[EN_ERROR_LINE])
{
    snprintf(line, EN_ERROR_LINE, "%s%s%s", err->text, err->hint[0] != '\0' ? "; " : "", err->hint);
    return line;
}

/* Trying again helps against a full or failing disk, not against a path that is wrong or not allowed. */
static en_status status_of(int cause)
{
    switch (cause) {
    case ENOMEM: return EN_NOMEM;
    case EINTR: return EN_INTERRUPTED;
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case EEXIST:
    case EACCES:
    case EPERM:
    case EROFS:
    case ENAMETOOLONG:
    case ELOOP: return EN_PATH;
    default: return EN_IO;
    }
}

en_status en_error_errno(en_error *err, const char *fmt, ...)
{
    int cause = errno;
    en_status status = status_of(cause);
    if (err == NULL) {
        return status;
    }
    if (status == EN_INTERRUPTED) { /* the only handled signals ask to stop */
        return en_error_set(err, status, "interrupted");
    }
    va_list args;
    va_start(args, fmt);
    en_error_setv(err, status, fmt, args);
    va_end(args);
    char reason[128];
    size_t used = strlen(err->text);
    int all = (int)used +
              snprintf(err->text + used, sizeof err->text - used, ": %s", strerror_r(cause, reason, sizeof reason));
    finish(err->text, sizeof err->text, all);
    return status;
}

void en_error_prefix(en_error *err, const char *fmt, ...)
{
    if (err == NULL) {
        return;
    }
    char tail[sizeof err->text];
    memcpy(tail, err->text, sizeof tail);
    va_list args;
    va_start(args, fmt);
    int used = en_printv(err->text, sizeof err->text, fmt, args);
    va_end(args);
    if (used >= 0 && used < (int)sizeof err->text) {
        used += snprintf(err->text + used, sizeof err->text - (size_t)used, ": %s", tail);
    }
    finish(err->text, sizeof err->text, used);
}

en_status en_error_copy(en_error *err, const en_error *from)
{
    if (err != NULL) {
        *err = *from;
    }
    return from->status;
}

void en_error_clear(en_error *err)
{
    if (err != NULL) {
        err->status = EN_OK;
        err->text[0] = '\0';
        err->hint[0] = '\0';
    }
}

int en_status_exit_code(en_status status)
{
    switch (status) {
    case EN_OK:
    case EN_DONE: return 0;
    case EN_FAILED: return 1;
    case EN_USAGE: return 2;
    case EN_INPUT:
    case EN_PATH: return 3;
    case EN_DENIED: return 4;
    case EN_BUSY:
    case EN_NETWORK:
    case EN_IO:
    case EN_NOMEM: return 75;
    case EN_INTERRUPTED: return 130;
    case EN_BUG: return 70;
    }
    return 70;
}
