/* Short ways to assert, for the tests of all layers. `call` ends in &err: the macro brings its own. */
#ifndef EN_TEST_CHECK_H
#define EN_TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/error.h"

/* Asserts that two numbers are within `tolerance`. */
#define NEAR(value, expected, tolerance)                                                                               \
    do {                                                                                                               \
        double near_value = (value), near_expected = (expected);                                                       \
        if (!(fabs(near_value - near_expected) <= (tolerance))) {                                                      \
            fail_msg("%s is %.17g, not %.17g", #value, near_value, near_expected);                                     \
        }                                                                                                              \
    } while (0)

/* Asserts that a call returned EN_OK, showing the error's text when not. */
#define OK(call)                                                                                                       \
    do {                                                                                                               \
        en_error err = {0};                                                                                            \
        en_status ok_status = (call);                                                                                  \
        if (ok_status != EN_OK) {                                                                                      \
            fail_msg("%s: %s", #call, err.text);                                                                       \
        }                                                                                                              \
    } while (0)

/* Asserts that a call returned `status_wanted` and that its error's text holds `text_wanted`. */
#define FAILS(call, status_wanted, text_wanted)                                                                        \
    do {                                                                                                               \
        en_error err = {0};                                                                                            \
        en_status got_status = (call);                                                                                 \
        char line_got[EN_ERROR_LINE];                                                                                  \
        if (got_status != (status_wanted) || strstr(en_error_line(&err, line_got), (text_wanted)) == NULL) {           \
            fail_msg("%s: status %d, '%s'", #call, (int)got_status, line_got);                                         \
        }                                                                                                              \
    } while (0)

#endif
