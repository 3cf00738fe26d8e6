/* Starts tests/support/http_server.py for a test. */
#ifndef EN_TESTS_HTTP_SERVER_H
#define EN_TESTS_HTTP_SERVER_H

#include <stdbool.h>

typedef struct http_server {
    int port;
    int in; /* the server lives until this is closed */
    long pid;
} http_server;

/* Serves `folder` and logs requests to `log`; certificate: a PEM file, or NULL for plain http. False, with a line on
 * stderr, when there is no python3 to run it. */
bool http_server_start(http_server *server, const char *folder, const char *log, const char *certificate);
/* The same by another program of tests/support. */
bool http_server_start_as(http_server *server, const char *program, const char *folder, const char *log,
                          const char *certificate);
void http_server_stop(http_server *server);
/* Writes a new self-signed certificate for 127.0.0.1 with its key to the file `path`. */
bool http_server_certificate(const char *path);

#endif
