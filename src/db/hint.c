/* What a misspelt name in a user's SQL may have meant. Uses SQLite and base. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "db/internal.h"
#include "db/statements.h"

#define NAMES_MAX 1000 /* as in sql/catalog/names.sql */

/* The names of this kind, NULL-terminated; *count of them to free. Whatever fails, the list is just shorter. */
static void read_names(en_db *db, const char *kind, char **names, size_t *count)
{
    en_stmt *s;
    *count = 0;
    if (en_db_prepare(db, EN_SQL_CATALOG_NAMES, &s, NULL) != EN_OK) {
        return;
    }
    en_stmt_bind_text(s, "kind", kind);
    while (*count < NAMES_MAX && en_stmt_step(s, NULL) == EN_OK) {
        if (en_stmt_dup(s, 0, &names[*count], NULL) == EN_OK && names[*count] != NULL) {
            (*count)++;
        }
    }
    en_stmt_reset(s);
}

/* A column of that very name, which the query does not reach: where it is. False when there is none. */
static bool hint_elsewhere(en_db *db, const char *column, char *hint, size_t capacity)
{
    en_stmt *s;
    bool found = false;
    if (en_db_prepare(db, EN_SQL_CATALOG_VIEWS_WITH, &s, NULL) != EN_OK) {
        return false;
    }
    en_stmt_bind_text(s, "name", column);
    if (en_stmt_step(s, NULL) == EN_OK && !en_stmt_is_null(s, 0)) {
        snprintf(hint, capacity, ": '%.40s' is a column of %s", column, en_stmt_text(s, 0));
        found = true;
    }
    en_stmt_reset(s);
    return found;
}

/* Grades on a scale of the user's own are not a column. False when no scheme has the name. */
static bool hint_scheme(en_db *db, const char *word, char *hint, size_t capacity)
{
    en_stmt *s;
    bool found = false;
    if (en_db_prepare(db, EN_SQL_CATALOG_SCHEME_NAMED, &s, NULL) != EN_OK) {
        return false;
    }
    en_stmt_bind_text(s, "name", word);
    if (en_stmt_step(s, NULL) == EN_OK && !en_stmt_is_null(s, 0)) {
        snprintf(hint, capacity, ": '%.40s' is a scheme: label(image_id, '%.100s') is the grade", word,
                 en_stmt_text(s, 0));
        found = true;
    }
    en_stmt_reset(s);
    return found;
}

void en_db_hint(en_db *db, const char *message, char *hint, size_t capacity)
{
    static const char *const beginning[] = {"no such column: ", "no such table: "}, *const kind[] = {"column", "table"};
    hint[0] = '\0';
    for (size_t k = 0; k < 2; k++) {
        const char *word = strstr(message, beginning[k]);
        char **names = word != NULL ? en_calloc(NAMES_MAX + 1, sizeof *names) : NULL;
        if (names == NULL) {
            continue;
        }
        size_t count;
        word += strlen(beginning[k]);
        const char *dot = strrchr(word, '.'); /* v.grade: the qualifier is not what is missing */
        const char *name = dot != NULL ? dot + 1 : word;
        if (k == 0 && (hint_elsewhere(db, name, hint, capacity) || hint_scheme(db, name, hint, capacity))) {
            en_free(names);
            continue;
        }
        read_names(db, kind[k], names, &count);
        const char *near = en_nearest_word(name, (const char *const *)names);
        if (near != NULL) {
            snprintf(hint, capacity, ": did you mean '%s'?", near);
        } else {
            snprintf(hint, capacity, ": 'eyenet schema' shows what there is");
        }
        for (size_t i = 0; i < count; i++) {
            en_free(names[i]);
        }
        en_free(names);
    }
}
