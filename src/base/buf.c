/* The growing buffer: doubles its capacity up to the cap. */
#include "base/buf.h"

#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

void en_buf_init(en_buf *buf, size_t cap) { *buf = (en_buf){.cap = cap}; }

void en_buf_clear(en_buf *buf)
{
    en_free(buf->data);
    en_buf_init(buf, buf->cap);
}

void en_buf_reset(en_buf *buf)
{
    buf->size = 0;
    if (buf->data != NULL) {
        buf->data[0] = '\0';
    }
}

/* Ensures space for `more` bytes and a NUL. */
static en_status reserve(en_buf *buf, size_t more, en_error *err)
{
    size_t need;
    if (!en_add(buf->size, more, &need) || need > buf->cap) {
        return en_error_set(err, EN_INPUT, "more than %zu bytes", buf->cap);
    }
    if (need < buf->capacity) {
        return EN_OK;
    }
    size_t capacity = buf->capacity < 64 ? 64 : buf->capacity;
    while (capacity <= need) {
        capacity = capacity > SIZE_MAX / 2 ? need + 1 : capacity * 2;
    }
    char *data = en_realloc(buf->data, capacity, 1);
    if (data == NULL) {
        return en_error_nomem(err, "a buffer");
    }
    buf->data = data;
    buf->capacity = capacity;
    return EN_OK;
}

en_status en_buf_add(en_buf *buf, const void *data, size_t bytes, en_error *err)
{
    en_status st = reserve(buf, bytes, err);
    if (st != EN_OK) {
        return st;
    }
    if (bytes > 0) {
        memcpy(buf->data + buf->size, data, bytes);
    }
    buf->size += bytes;
    buf->data[buf->size] = '\0';
    return EN_OK;
}

en_status en_buf_text(en_buf *buf, const char *text, en_error *err) { return en_buf_add(buf, text, strlen(text), err); }

en_status en_buf_printf(en_buf *buf, en_error *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int length = en_printv(NULL, 0, fmt, args);
    va_end(args);
    if (length < 0) {
        return en_error_set(err, EN_BUG, "a text cannot be formatted");
    }
    en_status st = reserve(buf, (size_t)length, err);
    if (st != EN_OK) {
        return st;
    }
    va_start(args, fmt);
    en_printv(buf->data + buf->size, (size_t)length + 1, fmt, args);
    va_end(args);
    buf->size += (size_t)length;
    return EN_OK;
}

const char *en_buf_str(const en_buf *buf) { return buf->data != NULL ? buf->data : ""; }
