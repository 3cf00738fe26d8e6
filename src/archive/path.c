/* Paths of members, which come from strangers. */
#include <string.h>

#include "archive/reader.h"

#define PART_MOST 255  /* bytes of a file's name, as file systems have it (NAME_MAX) */
#define PATH_MOST 3072 /* bytes of a path: PATH_MAX less the length of a project's path */

/* A name too long for any file system is a fault of the archive, not of the disk. */
static const char *too_long(const char *path)
{
    for (const char *at = path; *at != '\0';) {
        size_t length = strcspn(at, "/");
        if (length > PART_MOST) {
            return "a name in it is longer than 255 bytes";
        }
        at += length + (at[length] == '/' ? 1 : 0);
    }
    return strlen(path) > PATH_MOST ? "it is longer than 3072 bytes" : NULL;
}

en_status en_archive_check_path(const char *path, en_error *err)
{
    const char *why = NULL;
    if (path[0] == '\0') {
        why = "it is empty";
    } else if (path[0] == '/' || path[0] == '\\' || (path[1] == ':' && (path[2] == '\\' || path[2] == '/'))) {
        why = "it is absolute";
    }
    for (const char *at = path; why == NULL && *at != '\0';) {
        size_t length =
            strcspn(at, "/\\"); /* a backslash is a letter here and a separator where the archive may come from */
        if (length == 2 && at[0] == '.' && at[1] == '.') {
            why = "it leaves the folder";
        } else if ((length == 1 && at[0] == '.') || (length == 0 && at != path)) {
            why = "it has an empty part";
        }
        at += length;
        at += *at != '\0' ? 1 : 0;
    }
    for (const unsigned char *at = (const unsigned char *)path; why == NULL && *at != '\0'; at++) {
        if (*at < 0x20 || *at == 0x7f) {
            why = "it contains a control character";
        }
    }
    why = why != NULL ? why : too_long(path);
    if (why == NULL) {
        return EN_OK;
    }
    char shown[160]; /* a message is one line, whatever the name holds */
    size_t i = 0;
    for (; path[i] != '\0' && i < sizeof shown - 1; i++) {
        shown[i] = (unsigned char)path[i] < 0x20 || path[i] == 0x7f ? '?' : path[i];
    }
    shown[i] = '\0';
    return en_error_set(err, EN_INPUT, "the path '%s' is unsafe: %s", shown, why);
}
