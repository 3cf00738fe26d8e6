/* The program eyenet. */
#include <stdio.h>
#include <string.h>

#include "cli/program.h"
#include "cli/signals.h"
#include "render/utf8.h"

/* OpenBLAS asks this function of its own how many threads to start when it is loaded, before main: one fewer than the
 * processors, and each of them calls sched_yield for 2^26 cycles before it sleeps, in every command. The program's
 * definition comes before the library's, so it starts none. The engine has a pool of its own; OpenBLAS computes in the
 * calling thread (kernel/blas.c). Builds of OpenBLAS without threads never call it. */
__attribute__((visibility("default"))) int openblas_num_threads_env(void);
int openblas_num_threads_env(void) { return 1; }

/* One line, whatever file names are in it. */
static void complain(const en_error *err)
{
    char line[EN_ERROR_LINE];
    en_buf visible;
    (void)en_error_line(err, line);
    en_buf_init(&visible, 16 * sizeof line);
    bool shown = en_utf8_visible(line, strlen(line), &visible, NULL) == EN_OK;
    fprintf(stderr, "eyenet: %s\n", shown ? en_buf_str(&visible) : line);
    en_buf_clear(&visible);
}

int main(int argc, char **argv)
{
    en_error err = {.status = EN_OK};
    en_environment around;
    en_signals_install();
    en_status st = en_environment_read(&around, &err);
    if (st == EN_OK) {
        st = en_program_run(argc, argv, &around, &err);
    }
    if (st != EN_OK && st != EN_DONE) {
        complain(&err);
    }
    return en_status_exit_code(st);
}
