/* Reading secrets. Uses OpenSSL to overwrite them. */
#include "intake/fetch/secret.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"

const char *en_variable(en_variable_fn *variable, const char *name)
{
    const char *value = variable != NULL ? variable(name) : NULL;
    return value != NULL && value[0] != '\0' ? value : NULL;
}

char *en_home_path(en_variable_fn *variable, const char *name)
{
    const char *home = en_variable(variable, "HOME");
    return home != NULL ? en_path_join(home, name) : NULL;
}

en_status en_secret_read(const char *path, const en_events *events, en_buf *out, en_error *err)
{
    struct stat s;
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode)) {
        return EN_DONE;
    }
    if ((s.st_mode & (S_IRGRP | S_IROTH)) != 0) {
        en_event_warn(events, "'%s' can be read by other users of this machine: chmod 600 '%s'", path, path);
    }
    en_status st = en_file_read(path, out, err);
    if (st != EN_OK) {
        return st;
    }
    while (out->size > 0 && isspace((unsigned char)out->data[out->size - 1])) {
        out->data[--out->size] = '\0';
    }
    size_t blank = out->size > 0 ? strspn(out->data, " \t\r\n") : 0;
    if (blank > 0) {
        memmove(out->data, out->data + blank, out->size - blank + 1);
        out->size -= blank;
    }
    return EN_OK;
}

void en_secret_clear(en_buf *secret)
{
    if (secret->data != NULL) {
        OPENSSL_cleanse(secret->data, secret->capacity);
    }
    en_buf_clear(secret);
}

void en_secret_free(char *text)
{
    if (text != NULL) {
        OPENSSL_cleanse(text, strlen(text));
        en_free(text);
    }
}
