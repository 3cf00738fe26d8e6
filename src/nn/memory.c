/* Planning of a network's memory, and how much this machine has. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* The number in a file of the control groups; SIZE_MAX for "max", or when there is none. */
static size_t limit_in(const char *folder)
{
    char path[PATH_MAX];
    unsigned long long allowed = 0;
    (void)snprintf(path, sizeof path, "%s/memory.max", folder);
    FILE *file = fopen(path, "re");
    bool read = file != NULL && fscanf(file, "%llu", &allowed) == 1;
    if (file != NULL) {
        (void)fclose(file);
    }
    return read ? (size_t)allowed : SIZE_MAX;
}

/* The least limit of the control groups (version 2) this process is in: its own and all above it. */
static size_t group_limit(void)
{
    static const char root[] = "/sys/fs/cgroup";
    char line[PATH_MAX], folder[PATH_MAX + sizeof root];
    size_t least = limit_in(root);
    FILE *file = fopen("/proc/self/cgroup", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "0::/", 4) == 0) {
            line[strcspn(line, "\n")] = '\0';
            (void)snprintf(folder, sizeof folder, "%s%s", root, line + 3);
            for (char *end = folder + strlen(folder); end > folder + sizeof root - 1; end = strrchr(folder, '/')) {
                *end = '\0';
                size_t limit = limit_in(folder);
                least = limit < least ? limit : least;
            }
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return least;
}

size_t en_machine_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    size_t bytes = SIZE_MAX, limit = group_limit();
    if (pages > 0 && page > 0 && !en_mul((size_t)pages, (size_t)page, &bytes)) {
        bytes = SIZE_MAX;
    }
    return limit < bytes ? limit : bytes;
}
