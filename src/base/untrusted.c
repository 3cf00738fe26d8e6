/* Rules of texts, and paths that stay beneath a folder. */
#include "base/untrusted.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/utf8.h"

/* Whether the text is UTF-8 without control characters. */
static bool is_plain(const char *text, size_t length)
{
    for (size_t at = 0, taken; at < length; at += taken) {
        uint32_t c = en_utf8_next(text + at, length - at, &taken);
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c == EN_UTF8_BAD && taken == 1)) {
            return false;
        }
    }
    return true;
}

static const char *name_fault(const char *text, bool of_a_file)
{
    size_t length = strlen(text);
    if (length == 0 || length > EN_NAME_MAX) {
        return "has not 1 to 100 bytes";
    }
    if (!is_plain(text, length)) {
        return "has control characters or is not UTF-8";
    }
    if (text[0] == ' ' || text[length - 1] == ' ') {
        return "begins or ends with a space";
    }
    return of_a_file && (text[0] == '.' || strpbrk(text, "/\\") != NULL) ? "cannot name a file" : NULL;
}

static const char *path_fault(const char *text)
{
    if (text[0] == '\0') {
        return "is empty";
    }
    if (text[0] == '/') {
        return "leads out of the project";
    }
    if (strlen(text) >= PATH_MAX) {
        return "is too long";
    }
    for (const char *part = text, *slash; part != NULL; part = slash != NULL ? slash + 1 : NULL) {
        slash = strchr(part, '/');
        size_t length = slash != NULL ? (size_t)(slash - part) : strlen(part);
        if (length == 2 && part[0] == '.' && part[1] == '.') {
            return "leads out of the project";
        }
        if (length == 0 || (length == 1 && part[0] == '.')) {
            return "has an empty part";
        }
    }
    return NULL;
}

const char *en_rule_fault(en_rule rule, const char *text)
{
    if (rule == EN_RULE_NONE) {
        return NULL;
    }
    if (text == NULL) {
        return "is missing";
    }
    switch (rule) {
    case EN_RULE_NAME: return name_fault(text, false);
    case EN_RULE_FILE_NAME: return name_fault(text, true);
    case EN_RULE_PATH: return path_fault(text);
    case EN_RULE_HASH:
        return strspn(text, "0123456789abcdef") == EN_SHA256_HEX - 1 && text[EN_SHA256_HEX - 1] == '\0'
                   ? NULL
                   : "is not a SHA-256";
    default: return NULL;
    }
}

bool en_rule_is_of_numbers(en_rule rule) { return rule == EN_RULE_COUNT || rule == EN_RULE_EPOCH; }

const char *en_rule_number_fault(en_rule rule, int64_t value)
{
    if (rule == EN_RULE_COUNT && (value < 0 || value > EN_COUNT_MAX)) {
        return "is not a whole number from 0 to 17592186044416";
    }
    if (rule == EN_RULE_EPOCH && (value < 0 || value > EN_EPOCHS_MAX)) {
        return "is not a whole number from 0 to 100000";
    }
    return NULL;
}

/* Opens a part beneath `folder`, which is closed. -1 with errno. */
static int descend(int folder, const char *part)
{
    int fd = openat(folder, part, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    int why = errno;
    (void)close(folder);
    errno = why;
    return fd;
}

/* Whether what was opened may be there: the last part is a file or a folder, the others are folders. */
static en_status check_part(int fd, const char *relative, const char *until, bool last, en_error *err)
{
    struct stat s;
    int length = (int)(until - relative);
    if (fstat(fd, &s) != 0) {
        return en_error_errno(err, "cannot look at '%.*s' in the project", length, relative);
    }
    if (S_ISLNK(s.st_mode)) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "'%.*s' in the project is a symbolic link, which is not followed", length,
                                          relative),
                             "put what it points at in its place");
    }
    if (S_ISDIR(s.st_mode) || (last && S_ISREG(s.st_mode))) {
        return EN_OK;
    }
    return en_error_set(err, EN_INPUT, "'%.*s' in the project is not a %s", length, relative,
                        last ? "regular file" : "folder");
}

/* Follows the path as far as it is there. */
static en_status follow(const char *root, char *relative, en_error *err)
{
    int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return en_error_errno(err, "cannot open the project's folder '%s'", root);
    }
    for (char *part = relative, *slash; part != NULL; part = slash != NULL ? slash + 1 : NULL) {
        slash = strchr(part, '/');
        char *until = slash != NULL ? slash : part + strlen(part);
        char kept = *until;
        *until = '\0';
        fd = descend(fd, part);
        int why = errno;
        *until = kept;
        if (fd < 0) {
            errno = why;
            return why == ENOENT
                       ? EN_OK
                       : en_error_errno(err, "cannot open '%.*s' in the project", (int)(until - relative), relative);
        }
        en_status st = check_part(fd, relative, until, slash == NULL, err);
        if (st != EN_OK) {
            (void)close(fd);
            return st;
        }
    }
    (void)close(fd);
    return EN_OK;
}

en_status en_path_beneath(const char *root, const char *relative, char **path, en_error *err)
{
    *path = NULL;
    const char *fault = en_rule_fault(EN_RULE_PATH, relative);
    if (fault != NULL) {
        return en_error_hint(
            err, en_error_set(err, EN_INPUT, "the path '%.200s' %s", relative != NULL ? relative : "", fault),
            "'eyenet doctor' looks the project over");
    }
    char *copy = en_strdup(relative);
    char *whole = copy != NULL ? en_path_join(root, relative) : NULL;
    en_status st = whole != NULL ? follow(root, copy, err) : en_error_nomem(err, "a path");
    en_free(copy);
    if (st != EN_OK) {
        en_free(whole);
        return st;
    }
    *path = whole;
    return EN_OK;
}
