/* Host name, processor and memory, as the kernel and the control groups report them. */
#include "base/machine.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

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

size_t en_machine_group_limit(const char *root, const char *membership)
{
    char line[PATH_MAX], folder[2 * PATH_MAX];
    size_t least = limit_in(root), top = strlen(root);
    FILE *file = fopen(membership, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "0::/", 4) == 0) {
            line[strcspn(line, "\n")] = '\0';
            (void)snprintf(folder, sizeof folder, "%s%s", root, line + 3);
            for (char *end = folder + strlen(folder); end > folder + top; end = strrchr(folder, '/')) {
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
    size_t bytes = SIZE_MAX, limit = en_machine_group_limit("/sys/fs/cgroup", "/proc/self/cgroup");
    if (pages > 0 && page > 0 && !en_mul((size_t)pages, (size_t)page, &bytes)) {
        bytes = SIZE_MAX;
    }
    return limit < bytes ? limit : bytes;
}

void en_machine_read(en_machine *machine)
{
    *machine = (en_machine){.cpu = "unknown"};
    if (gethostname(machine->host, sizeof machine->host - 1) != 0) {
        snprintf(machine->host, sizeof machine->host, "unknown");
    }
    size_t bytes = en_machine_memory();
    machine->memory_bytes = bytes < INT64_MAX ? (int64_t)bytes : 0;
    FILE *f = fopen("/proc/cpuinfo", "r");
    char line[512];
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        const char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && value != NULL) {
            snprintf(machine->cpu, sizeof machine->cpu, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
            break;
        }
    }
    if (f != NULL) {
        fclose(f);
    }
}
