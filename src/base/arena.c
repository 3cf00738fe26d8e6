/* The arena on anonymous memory; every page is touched once at the start, so that no later step incurs page faults. */
#include "base/arena.h"

#include <stdint.h>
#include <sys/mman.h>

#include "base/memory.h"

#define HUGE_PAGE ((size_t)2 << 20)
#define SMALL_PAGE 4096u

size_t en_arena_round(size_t bytes) { return (bytes + EN_ARENA_ALIGN - 1) / EN_ARENA_ALIGN * EN_ARENA_ALIGN; }

en_status en_arena_init(en_arena *arena, size_t bytes, const char *what, en_error *err)
{
    *arena = (en_arena){0};
    size_t align = bytes >= HUGE_PAGE ? HUGE_PAGE : SMALL_PAGE;
    size_t size, map_size;
    if (!en_add(bytes, align - 1, &size) || !en_add(size / align * align, align, &map_size)) {
        return en_error_set(err, EN_NOMEM, "out of memory for %s: %zu bytes", what, bytes);
    }
    void *map = mmap(NULL, map_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) {
        return en_error_set(err, EN_NOMEM, "out of memory for %s: %zu MiB", what, bytes >> 20);
    }
    arena->map = map;
    arena->map_size = map_size;
    arena->base = (unsigned char *)(((uintptr_t)map + align - 1) / align * align);
    arena->size = bytes;
    if (align == HUGE_PAGE) {
        (void)madvise(arena->base, size / align * align, MADV_HUGEPAGE); /* a hint: failure is harmless */
    }
    for (size_t at = 0; at < bytes; at += SMALL_PAGE) {
        ((volatile unsigned char *)arena->base)[at] = 0;
    }
    return EN_OK;
}

void en_arena_clear(en_arena *arena)
{
    if (arena->map != NULL) {
        munmap(arena->map, arena->map_size);
    }
    *arena = (en_arena){0};
}

void *en_arena_take(en_arena *arena, size_t bytes)
{
    size_t rounded = en_arena_round(bytes);
    if (rounded < bytes || rounded > en_arena_round(arena->size) - arena->used) {
        return NULL;
    }
    void *piece = arena->base + arena->used;
    arena->used += rounded;
    return piece;
}
