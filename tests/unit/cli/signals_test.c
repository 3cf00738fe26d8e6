/* The first Ctrl-C asks, the second ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/signals.h"

enum { NOT_HEARD = 2, SURVIVED = 3 };

/* In a child: how it ends after `number` twice. */
static int raise_twice(int number)
{
    int status = -1;
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        static const int numbers[] = {SIGINT, SIGTERM, SIGHUP}; /* a test runner may have had them ignored */
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            signal(numbers[i], SIG_DFL);
        }
        en_signals_install();
        if (en_signals_stop(NULL) || raise(number) != 0 || !en_signals_stop(NULL)) {
            _exit(NOT_HEARD);
        }
        (void)raise(number);
        _exit(SURVIVED);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void the_first_asks_to_stop_and_the_second_ends_the_program(void **state)
{
    (void)state;
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int status = raise_twice(numbers[i]);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != numbers[i]) {
            fail_msg("signal %d twice: ended with status %d", numbers[i], status);
        }
    }
}

static void what_was_ignored_stays_ignored(void **state)
{
    (void)state;
    int status = -1;
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        signal(SIGHUP, SIG_IGN); /* as nohup leaves it */
        en_signals_install();
        _exit(raise(SIGHUP) == 0 && raise(SIGHUP) == 0 && raise(SIGPIPE) == 0 && !en_signals_stop(NULL) ? 0
                                                                                                        : NOT_HEARD);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_asks_to_stop_and_the_second_ends_the_program),
        cmocka_unit_test(what_was_ignored_stays_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
