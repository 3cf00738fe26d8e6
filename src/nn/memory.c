/* Planning of a network's memory. */
#include <stdint.h>
#include <stdlib.h>

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

void en_plan_span(en_plan *plan, size_t first, size_t last, size_t count, size_t each, size_t size, void **where)
{
    size_t bytes;
    *where = NULL;
    if (!en_mul(count, each, &bytes) || !en_mul(bytes, size, &bytes) || bytes > SIZE_MAX / 4 ||
        plan->spans == EN_SPANS_MAX) {
        plan->work.overflow = true;
    } else if (bytes > 0) {
        plan->span[plan->spans++] = (en_span){en_arena_round(bytes), first, last, where, 0};
    }
}

static int compare_spans(const void *a, const void *b)
{
    const en_span *x = a, *y = b;
    if (x->bytes != y->bytes) {
        return x->bytes > y->bytes ? -1 : 1;
    }
    return x->first != y->first ? (x->first < y->first ? -1 : 1) : (x->last < y->last) - (x->last > y->last);
}

static bool overlap(const en_span *a, const en_span *b) { return a->first <= b->last && b->first <= a->last; }

/* The lowest place for span i among those before it. */
static size_t lowest_place(const en_plan *plan, size_t i)
{
    const en_span *s = &plan->span[i];
    size_t at = 0;
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t k = 0; k < i; k++) {
            const en_span *other = &plan->span[k];
            if (overlap(s, other) && at < other->offset + other->bytes && other->offset < at + s->bytes) {
                at = other->offset + other->bytes;
                moved = true;
            }
        }
    }
    return at;
}

/* Largest first, each at the lowest place that is free while it lives. */
void en_plan_place(en_plan *plan)
{
    size_t top = 0;
    qsort(plan->span, plan->spans, sizeof *plan->span, compare_spans);
    for (size_t i = 0; i < plan->spans; i++) {
        en_span *s = &plan->span[i];
        s->offset = lowest_place(plan, i);
        if (!en_add(s->offset, s->bytes, &s->offset)) { /* of all, the sizes are below SIZE_MAX/4 each */
            plan->work.overflow = true;
            return;
        }
        top = s->offset > top ? s->offset : top;
        s->offset -= s->bytes;
    }
    unsigned char *base = en_memory_take(&plan->work, top, 1, 1);
    for (size_t i = 0; base != NULL && i < plan->spans; i++) {
        *plan->span[i].where = base + plan->span[i].offset;
    }
}
