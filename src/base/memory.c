/* The heap behind one interface, so that a test can make any allocation fail. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static atomic_long fail_countdown; /* 0: never */

static bool must_fail(void)
{
    return atomic_load_explicit(&fail_countdown, memory_order_relaxed) > 0 && atomic_fetch_sub(&fail_countdown, 1) == 1;
}

void en_alloc_fail_at(long nth) { atomic_store(&fail_countdown, nth); }

void *en_alloc(size_t bytes) { return must_fail() ? NULL : malloc(bytes > 0 ? bytes : 1); }

void *en_calloc(size_t count, size_t size)
{
    if (must_fail()) {
        return NULL;
    }
    return count > 0 && size > 0 ? calloc(count, size) : calloc(1, 1);
}

void *en_realloc(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (!en_mul(count, size, &bytes) || must_fail()) {
        return NULL;
    }
    return realloc(block, bytes > 0 ? bytes : 1);
}

void *en_array_grow(void *array, size_t count, size_t size, en_error *err)
{
    if ((count & (count - 1)) == 0) { /* 0, 1, 2, 4, ...: it is full */
        size_t twice = 1;
        array = count == 0 || en_mul(count, 2, &twice) ? en_realloc(array, twice, size) : NULL;
        if (array == NULL) {
            (void)en_error_nomem(err, "a list");
            return NULL;
        }
    }
    memset((char *)array + count * size, 0, size);
    return array;
}

char *en_strndup(const char *text, size_t bytes)
{
    size_t length = strnlen(text, bytes);
    char *copy = en_alloc(length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *en_strdup(const char *text) { return en_strndup(text, strlen(text)); }

char *en_format(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int length = en_printv(NULL, 0, fmt, args);
    va_end(args);
    if (length < 0) {
        return NULL;
    }
    char *text = en_alloc((size_t)length + 1);
    if (text != NULL) {
        va_start(args, fmt);
        en_printv(text, (size_t)length + 1, fmt, args);
        va_end(args);
    }
    return text;
}

void en_free(void *block) { free(block); }

en_status en_error_nomem(en_error *err, const char *what)
{
    return en_error_set(err, EN_NOMEM, "out of memory for %s", what);
}
