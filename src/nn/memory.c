/* Planning of a network's memory. */
#include <stdint.h>

#include "base/memory.h"
#include "nn/build.h"

void *en_memory_take(en_memory *memory, size_t count, size_t each, size_t size)
{
    size_t bytes;
    if (!en_mul(count, each, &bytes) || !en_mul(bytes, size, &bytes) || bytes > SIZE_MAX / 4 ||
        !en_add(memory->bytes, en_arena_round(bytes), &memory->bytes)) {
        memory->overflow = true;
        return NULL;
    }
    return memory->arena != NULL ? en_arena_take(memory->arena, bytes) : NULL;
}

static void raise_to(en_plan *plan, size_t *most, size_t count, size_t each)
{
    size_t floats;
    if (!en_mul(count, each, &floats)) {
        plan->work.overflow = true;
    } else if (floats > *most) {
        *most = floats;
    }
}

void en_plan_shared(en_plan *plan, size_t count, size_t each) { raise_to(plan, &plan->shared_floats, count, each); }

void en_plan_scratch(en_plan *plan, size_t count, size_t each) { raise_to(plan, &plan->scratch_floats, count, each); }
