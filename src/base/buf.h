/* A growing byte buffer with a mandatory cap: it never grows past the cap. */
#ifndef EN_BASE_BUF_H
#define EN_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct en_buf {
    char *data;      /* owned; always NUL-terminated once something was added; NULL while empty */
    size_t size;     /* bytes in use, the NUL not counted */
    size_t capacity; /* bytes allocated */
    size_t cap;      /* the most `size` may reach */
} en_buf;

void en_buf_init(en_buf *buf, size_t cap);
void en_buf_clear(en_buf *buf); /* frees; usable again with the same cap */
void en_buf_reset(en_buf *buf); /* empties, keeps the memory */
/* EN_NOMEM, or EN_INPUT when the cap would be passed. */
en_status en_buf_add(en_buf *buf, const void *data, size_t bytes, en_error *err) EN_CHECKED;
en_status en_buf_text(en_buf *buf, const char *text, en_error *err) EN_CHECKED;
en_status en_buf_printf(en_buf *buf, en_error *err, const char *fmt, ...) EN_PRINTF(3, 4) EN_CHECKED;
/* The contents as a string, never NULL; borrowed. */
const char *en_buf_str(const en_buf *buf);

#endif
