/* Ctrl-C and its kin: the first asks workflows to stop after saving, the second ends the process at once. */
#ifndef EN_CLI_SIGNALS_H
#define EN_CLI_SIGNALS_H

#include <stdbool.h>

/* SIGINT, SIGTERM and SIGHUP set the flag, unless the parent process had them ignored (nohup). SIGPIPE and SIGXFSZ are
 * ignored: writing to a reader that went away, or beyond the largest file allowed, is an error of that write. */
void en_signals_install(void);
/* An en_events.stop; ctx is not used. */
bool en_signals_stop(void *ctx);

#endif
