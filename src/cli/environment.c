/* Environment and terminals. */
#include "cli/environment.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

#define MOST_THREADS 1024

const char *en_environment_variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : NULL;
}

en_http_options en_environment_http(void)
{
    const char *bundle = en_environment_variable("CURL_CA_BUNDLE");
    return (en_http_options){.ca_file = bundle != NULL ? bundle : en_environment_variable("SSL_CERT_FILE"),
                             .ca_folder = bundle != NULL ? NULL : en_environment_variable("SSL_CERT_DIR")};
}

static const char *variable(const char *name) { return en_environment_variable(name); }

static bool speaks_utf8(void)
{
    const char *locale = variable("LC_ALL");
    locale = locale != NULL ? locale : variable("LC_CTYPE");
    locale = locale != NULL ? locale : variable("LANG");
    const char *dot = locale != NULL ? strchr(locale, '.') : NULL;
    return dot != NULL && (strncasecmp(dot, ".UTF-8", 6) == 0 || strncasecmp(dot, ".utf8", 5) == 0);
}

static size_t width_of(int fd)
{
    int64_t columns;
    struct winsize size;
    if (en_parse_int(variable("COLUMNS"), &columns) && columns >= 20 && columns <= 10000) {
        return (size_t)columns;
    }
    return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void en_environment_terminal(size_t *columns, size_t *rows)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        *columns = size.ws_col;
        *rows = size.ws_row;
    }
}

en_status en_environment_read(en_environment *out, en_error *err)
{
    /* Widths of characters need a UTF-8 locale, whatever the user's; numbers stay as C writes them. */
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    const char *term = variable("TERM");
    bool able = term != NULL && strcmp(term, "dumb") != 0;
    bool colours = able && getenv("NO_COLOR") == NULL;
    *out = (en_environment){
        .isa = variable("EYENET_ISA"),
        .convolution = variable("EYENET_CONV"),
        .utf8 = speaks_utf8(),
        .err_live = able && isatty(STDERR_FILENO),
        .out_width = width_of(STDOUT_FILENO),
        .err_width = width_of(STDERR_FILENO),
    };
    out->out_colour = colours && isatty(STDOUT_FILENO);
    out->err_colour = colours && isatty(STDERR_FILENO);
    const char *threads = variable("EYENET_THREADS");
    int64_t count = 0;
    if (threads != NULL && (!en_parse_int(threads, &count) || count < 1 || count > MOST_THREADS)) {
        return en_error_set(err, EN_USAGE, "EYENET_THREADS is a whole number from 1 to %d, not '%s'", MOST_THREADS,
                            threads);
    }
    out->threads = (unsigned)count;
    return EN_OK;
}
