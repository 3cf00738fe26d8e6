/* Heap memory with checked sizes, and the hook that lets a test make the n-th allocation fail. */
#ifndef EN_BASE_MEMORY_H
#define EN_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* *out = a*b or a+b; false, leaving *out alone, when it does not fit. */
static inline bool en_mul(size_t a, size_t b, size_t *out)
{
    size_t value;
    if (__builtin_mul_overflow(a, b, &value)) {
        return false;
    }
    *out = value;
    return true;
}
static inline bool en_add(size_t a, size_t b, size_t *out)
{
    size_t value;
    if (__builtin_add_overflow(a, b, &value)) {
        return false;
    }
    *out = value;
    return true;
}

/* NULL when out of memory (or when count*size overflows). Memory is zeroed by en_calloc only. Free with en_free. */
void *en_alloc(size_t bytes);
void *en_calloc(size_t count, size_t size);
/* Grows or shrinks; on NULL the old block is untouched. */
void *en_realloc(void *block, size_t count, size_t size);
/* An array of `count` elements of `size` bytes with space for one more, which is zeroed: reallocated when count is 0 or
 * a power of two, so the count alone says how large it is. NULL, with the error set, when out of memory; the old array
 * is untouched then. */
void *en_array_grow(void *array, size_t count, size_t size, en_error *err);
char *en_strdup(const char *text);
char *en_strndup(const char *text, size_t bytes);
/* printf into fresh memory; NULL when out of memory. */
char *en_format(const char *fmt, ...) EN_PRINTF(1, 2);
void en_free(void *block);

/* "out of memory" with the purpose named; returns EN_NOMEM. */
en_status en_error_nomem(en_error *err, const char *what);

/* Tests only: the allocation number `nth` from now (1 = the next) fails, once. 0 switches off. */
void en_alloc_fail_at(long nth);

#endif
