/* Errors are values. A function that can fail returns en_status and takes an en_error as its last parameter; it fills
 * the error once, where the fault is found, and callers pass the status up or add context with en_error_prefix.
 * Messages are lower case, without a full stop, and name the thing: "cannot open 'eyenet.db': not an eyenet catalog".
 * What the user can do about it is a part of its own, the hint, so that a caller can show it elsewhere or leave it out.
 */
#ifndef EN_BASE_ERROR_H
#define EN_BASE_ERROR_H

#include <stdarg.h>

typedef enum en_status {
    EN_OK = 0,
    EN_DONE,        /* nothing more to read; not an error, the en_error is untouched */
    EN_FAILED,      /* a check failed: the work was done and its answer is no            (exit 1) */
    EN_USAGE,       /* usage error: unknown option, missing argument                     (exit 2) */
    EN_INPUT,       /* bad input: file, label, SQL, network text, catalog                (exit 3) */
    EN_DENIED,      /* credentials missing, or rules not accepted                        (exit 4) */
    EN_BUSY,        /* locked by another process: try again                              (exit 75) */
    EN_NETWORK,     /* a server failed or broke the protocol                             (exit 75) */
    EN_PATH,        /* a path that is not there, of the wrong kind or not allowed        (exit 3) */
    EN_IO,          /* reading or writing failed: full disk, device                      (exit 75) */
    EN_NOMEM,       /* out of memory                                                     (exit 75) */
    EN_INTERRUPTED, /* Ctrl-C or SIGTERM                                                 (exit 130) */
    EN_BUG          /* a rule of eyenet itself is broken                                 (exit 70) */
} en_status;

typedef struct en_error {
    en_status status;
    char text[1024]; /* one line, possibly cut with "..." */
    char hint[256];  /* the remedy, an imperative without a full stop: "restore a backup"; "" when there is none */
} en_error;

#define EN_CHECKED __attribute__((warn_unused_result))
#define EN_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* All return `status`, so that a caller can write: return en_error_set(err, EN_INPUT, "...", ...). err may be NULL. */
en_status en_error_set(en_error *err, en_status status, const char *fmt, ...) EN_PRINTF(3, 4);
en_status en_error_setv(en_error *err, en_status status, const char *fmt, va_list args) EN_PRINTF(3, 0);
/* Sets the hint of an error just set: return en_error_hint(err, en_error_set(err, EN_INPUT, ...), "ingest again").
 * Every en_error_set clears the hint of the error before. */
en_status en_error_hint(en_error *err, en_status status, const char *fmt, ...) EN_PRINTF(3, 4);
/* Adds ": strerror(errno)" and chooses the status by errno: ENOMEM is EN_NOMEM; a path that is not there, of the wrong
 * kind or not allowed is EN_PATH; EINTR is EN_INTERRUPTED "interrupted", as only a request to stop breaks a call off;
 * anything else EN_IO. */
en_status en_error_errno(en_error *err, const char *fmt, ...) EN_PRINTF(2, 3);
/* Copies another error whole, and returns its status. */
en_status en_error_copy(en_error *err, const en_error *from);
/* Puts "prefix: " before the text of an error already set. The caller has the status: without an en_error there would
 * be none to return. */
void en_error_prefix(en_error *err, const char *fmt, ...) EN_PRINTF(2, 3);
void en_error_clear(en_error *err);

enum { EN_ERROR_LINE = sizeof((en_error *)0)->text + sizeof((en_error *)0)->hint + 2 };
/* "TEXT; HINT", or the text alone; returns `line`. */
const char *en_error_line(const en_error *err, char line[EN_ERROR_LINE]);

/* The process's exit code for a status. */
int en_status_exit_code(en_status status);

#endif
