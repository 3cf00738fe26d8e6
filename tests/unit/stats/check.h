/* What the tests of this layer share. */
#ifndef EN_TEST_STATS_CHECK_H
#define EN_TEST_STATS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/error.h"

#define NEAR(value, expected, tolerance)                                                                               \
    do {                                                                                                               \
        double near_value = (value), near_expected = (expected);                                                       \
        if (!(fabs(near_value - near_expected) <= (tolerance))) {                                                      \
            fail_msg("%s is %.17g, not %.17g", #value, near_value, near_expected);                                     \
        }                                                                                                              \
    } while (0)

#define OK(call)                                                                                                       \
    do {                                                                                                               \
        en_error err = {0};                                                                                            \
        en_status ok_status = (call);                                                                                  \
        if (ok_status != EN_OK) {                                                                                      \
            fail_msg("%s: %s", #call, err.text);                                                                       \
        }                                                                                                              \
    } while (0)

#define FAILS(call, status_wanted, text_wanted)                                                                        \
    do {                                                                                                               \
        en_error err = {0};                                                                                            \
        en_status got_status = (call);                                                                                 \
        if (got_status != (status_wanted) || strstr(err.text, (text_wanted)) == NULL) {                                \
            fail_msg("%s: status %d, '%s'", #call, (int)got_status, err.text);                                         \
        }                                                                                                              \
    } while (0)

#endif
