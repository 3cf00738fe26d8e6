/* An arena: one mapping made and touched once, from which pieces are cut and which is freed as a whole.
 * Big arenas ask for transparent huge pages: on virtual machines the first touch of a 4 KiB page can cost 11 us. */
#ifndef EN_BASE_ARENA_H
#define EN_BASE_ARENA_H

#include <stddef.h>

#include "base/error.h"

#define EN_ARENA_ALIGN 64 /* of every piece, bytes: a cache line and an AVX-512 register */

typedef struct en_arena {
    unsigned char *base; /* 2 MiB-aligned when the arena is 2 MiB or more */
    size_t size, used;   /* bytes */
    void *map;           /* the mapping itself */
    size_t map_size;
} en_arena;

/* Zeroed. EN_NOMEM names `what` and the size. */
en_status en_arena_init(en_arena *arena, size_t bytes, const char *what, en_error *err) EN_CHECKED;
void en_arena_clear(en_arena *arena);
/* NULL when it does not fit, which is an error in the plan of the arena. */
void *en_arena_take(en_arena *arena, size_t bytes);
/* `bytes` rounded up to the alignment, for planning. */
size_t en_arena_round(size_t bytes);

#endif
