/* Host name, processor and memory, from the kernel. */
#include "lab/machine.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void en_machine_read(en_machine *machine)
{
    *machine = (en_machine){.cpu = "unknown"};
    if (gethostname(machine->host, sizeof machine->host - 1) != 0) {
        snprintf(machine->host, sizeof machine->host, "unknown");
    }
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    machine->memory_bytes = pages > 0 && page > 0 ? (int64_t)pages * page : 0;
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
