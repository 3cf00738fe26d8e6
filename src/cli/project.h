/* What most commands do with a project: open it, and print the rows of a query. */
#ifndef EN_CLI_PROJECT_H
#define EN_CLI_PROJECT_H

#include "base/buf.h"
#include "cli/command.h"
#include "project/project.h"

typedef enum en_access { EN_LOOK, EN_CHANGE } en_access;

/* How the project the user is in, or named with -C, is opened. */
en_project_options en_cli_project_options(const en_cli *cli, en_access access);
/* The project the user is in or named with -C; en_project_close it. */
en_status en_cli_open(const en_cli *cli, en_access access, en_project *project, en_error *err) EN_CHECKED;
/* Prints the rows of a query as a table; `what` begins the messages. */
en_status en_cli_query(const en_cli *cli, en_project *project, const char *what, const char *sql,
                       en_error *err) EN_CHECKED;
/* SQL as given on the command line; "-" reads standard input into `buffer`, which the caller clears. *sql is borrowed.
 */
en_status en_cli_sql(const char *word, en_buf *buffer, const char **sql, en_error *err) EN_CHECKED;

#endif
