/* Waiting between tries, as long as the server asks or longer and longer, and requests that are sent until they are
 * answered. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "net/exchange.h"

#define BACKOFF_MOST_MS 60000
#define CREDIT_NS 100000000 /* that a transfer which fell behind its rate may catch up */
#define NOTED_FROM_MS 2000  /* waits as long as this are announced */

int64_t en_http_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t en_http_next_pause(int64_t pause) { return pause * 2 < BACKOFF_MOST_MS ? pause * 2 : BACKOFF_MOST_MS; }

/* Up to a quarter less or more, so that those who failed together do not come back together. */
static int64_t jitter(int64_t ms)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return ms - ms / 4 + (ms >= 4 ? (int64_t)(now.tv_nsec / 1000) % (ms / 2 + 1) : 0);
}

static en_status wait_ms(const en_events *events, int64_t ms, en_error *err)
{
    for (int64_t end = en_http_clock_ms() + ms, left = ms; left > 0; left = end - en_http_clock_ms()) {
        en_status st = en_stop_check(events, err);
        if (st != EN_OK) {
            return st;
        }
        nanosleep(&(struct timespec){.tv_nsec = (left < 50 ? left : 50) * 1000000}, NULL);
    }
    return EN_OK;
}

en_status en_http_pace(en_http *http, size_t bytes, en_error *err)
{
    const int64_t rate = http->options.bytes_per_second, now = en_http_clock_ms() * 1000000;
    if (rate <= 0) {
        return EN_OK;
    }
    if (http->due_ns < now - CREDIT_NS) { /* time without a transfer is not saved up */
        http->due_ns = now - CREDIT_NS;
    }
    http->due_ns += (int64_t)((double)bytes * 1e9 / (double)rate);
    return wait_ms(http->events, (http->due_ns - now) / 1000000, err);
}

int64_t en_http_pause_ms(const en_http *http, CURL *curl, int64_t pause, const char *why)
{
    const en_http_options *o = &http->options;
    curl_off_t asked = 0; /* seconds; libcurl reads dates as well */
    if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &asked) != CURLE_OK || asked < 0) {
        asked = 0;
    }
    bool capped = asked > o->retry_after_ms / 1000;
    int64_t wanted = capped ? o->retry_after_ms : (int64_t)asked * 1000, own = jitter(pause);
    int64_t wait = wanted > own ? wanted : own;
    if (capped) {
        en_event_note(http->events, "%s and asks for %lld seconds; trying again in %.0f", why, (long long)asked,
                      (double)wait / 1000);
    } else if (wait >= NOTED_FROM_MS) {
        en_event_note(http->events, "%s; trying again in %.0f seconds", why, (double)wait / 1000);
    }
    return wait;
}

en_status en_http_wait(en_http *http, int64_t pause, const char *why, en_error *err)
{
    return wait_ms(http->events, en_http_pause_ms(http, http->curl, pause, why), err);
}

bool en_http_prepares(const en_http *http, int status, int64_t *since_ms)
{
    int64_t now = en_http_clock_ms();
    *since_ms = status == 202 && *since_ms == 0 ? now : *since_ms;
    return status == 202 && now - *since_ms < http->options.prepare_ms;
}

bool en_http_is_passing(int status)
{
    return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

en_status en_http_ask(en_http *http, const en_http_request *request, en_buf *answer, int *status, en_error *err)
{
    int64_t pause = http->options.backoff_ms;
    bool reached = false; /* a server answered once, so that a failure to connect may pass */
    for (unsigned failures = 0;; pause = en_http_next_pause(pause)) {
        en_error why = {0};
        en_status st = en_http_send(http, request, answer, status, &why);
        if (st == EN_OK && en_http_is_passing(*status)) {
            (void)en_error_set(&why, EN_NETWORK, "the server answered %d", *status);
        }
        reached = reached || *status != 0;
        bool again =
            (st == EN_NETWORK && (reached || !http->unreachable)) || (st == EN_OK && en_http_is_passing(*status));
        if (!again || failures++ == http->options.retries) {
            return st == EN_OK ? EN_OK : en_error_copy(err, &why);
        }
        st = en_http_wait(http, pause, why.text, err);
        if (st != EN_OK) {
            return st;
        }
    }
}
