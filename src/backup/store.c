/* What folders and buckets of backups have in common: names, and objects that are compared with their hashes. */
#include "backup/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define NUMBER_DIGITS 10
#define RANDOM_DIGITS 16

en_status en_backup_no_place(const char *shown, en_error *err)
{
    return en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' is not a place of backups", shown),
                         "name one that eyenet made, or for 'eyenet backup' an empty one");
}

int64_t en_backup_number(const char *name)
{
    char digits[NUMBER_DIGITS + 1];
    int64_t number = 0;
    if (strspn(name, "0123456789") != NUMBER_DIGITS || name[NUMBER_DIGITS] != '-' ||
        strspn(name + NUMBER_DIGITS + 1, "0123456789abcdef") != RANDOM_DIGITS ||
        name[NUMBER_DIGITS + 1 + RANDOM_DIGITS] != '\0') {
        return 0;
    }
    memcpy(digits, name, NUMBER_DIGITS);
    digits[NUMBER_DIGITS] = '\0';
    return en_parse_int(digits, &number) ? number : 0;
}

en_status en_backup_names_add(en_backup_names *names, const char *name, en_error *err)
{
    if (en_backup_number(name) == 0) {
        return EN_OK;
    }
    void *grown = en_array_grow(names->name, names->count, sizeof *names->name, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    names->name = grown;
    snprintf(names->name[names->count++], EN_BACKUP_NAME, "%s", name);
    return EN_OK;
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

en_status en_backup_store_open(en_backup_store *store, const en_backup_options *options, en_backup_access access,
                               const en_events *events, en_error *err)
{
    *store = (en_backup_store){.shown = options->place,
                               .kind = en_starts_with(options->place, "s3:") ? &en_backup_s3 : &en_backup_folder};
    en_status st = store->kind->open(store, options, access, events, err);
    if (st != EN_OK) {
        en_backup_store_close(store);
    } else if (store->names.count > 1) {
        qsort(store->names.name, store->names.count, sizeof *store->names.name, by_name);
    }
    return st;
}

void en_backup_store_close(en_backup_store *store)
{
    if (store->kind != NULL) {
        store->kind->close(store);
    }
    en_free(store->names.name);
    *store = (en_backup_store){0};
}

void en_backup_object(const char *sha256, char out[EN_BACKUP_OBJECT])
{
    snprintf(out, EN_BACKUP_OBJECT, "objects/%.2s/%s", sha256, sha256);
}

en_status en_backup_choose(const en_backup_store *store, const char *at, size_t *index, en_error *err)
{
    const en_backup_names *names = &store->names;
    int64_t number = 0;
    size_t found = 0;
    if (names->count == 0) {
        return en_error_set(err, EN_INPUT, "there is no backup in '%s'", store->shown);
    }
    if (at == NULL) {
        *index = names->count - 1;
        return EN_OK;
    }
    bool numbered = en_parse_int(at, &number);
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->name[i], at) == 0 || (numbered && en_backup_number(names->name[i]) == number)) {
            *index = i;
            found++;
        }
    }
    if (found == 1) {
        return EN_OK;
    }
    return en_error_hint(err,
                         found > 1 ? en_error_set(err, EN_INPUT, "there are %zu backups with the number %s in '%s'",
                                                  found, at, store->shown)
                                   : en_error_set(err, EN_INPUT, "there is no backup '%s' in '%s'", at, store->shown),
                         "'eyenet backup --list' shows their numbers and names");
}

en_status en_backup_fetch(en_backup_store *store, const char *sha256, size_t bytes, en_buf *out, bool *missing,
                          en_error *err)
{
    char name[EN_BACKUP_OBJECT], found[EN_SHA256_HEX];
    en_backup_object(sha256, name);
    en_buf_reset(out);
    en_status st = store->kind->get(store, name, out, err);
    *missing = st == EN_DONE;
    if (*missing) {
        st = en_error_set(err, EN_INPUT, "'%s' is missing in '%s'", name, store->shown);
    }
    if (st == EN_OK) {
        st = en_sha256_bytes(en_buf_str(out), out->size, found, err);
    }
    if (st == EN_OK && (out->size != bytes || strcmp(found, sha256) != 0)) {
        st = en_error_set(err, EN_INPUT, "'%s' in '%s' is damaged: its %s differs", name, store->shown,
                          out->size != bytes ? "length" : "hash");
    }
    return st;
}
