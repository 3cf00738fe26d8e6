/* The one changing global of the program: a signal handler can reach nothing else. */
#include "cli/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static atomic_bool asked_to_stop; /* without a lock, so a handler may set it and any thread read it */

static void on_signal(int number)
{
    static const char text[] = "\neyenet: stopping; press Ctrl-C again to stop immediately\n";
    int saved = errno;
    atomic_store(&asked_to_stop, true);
    if (number == SIGINT && isatty(STDERR_FILENO)) {
        ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
        (void)ignored;
    }
    errno = saved;
}

void en_signals_install(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        /* Without SA_RESTART: who waits in a pipe that nobody writes to is to hear it, see en_error_errno. */
        struct sigaction before, mine = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
        sigemptyset(&mine.sa_mask);
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(numbers[i], &mine, NULL);
        }
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

bool en_signals_stop(void *ctx)
{
    (void)ctx;
    return atomic_load(&asked_to_stop);
}
