/* Scales of labels: whole numbers from a lowest to a highest value, which may have names. "icdr" 0..4, "eyeq" 0..2 and
 * "gradable" 0..1 come with every catalog; users add their own. */
#ifndef EN_CATALOG_SCHEME_H
#define EN_CATALOG_SCHEME_H

#include "base/untrusted.h"
#include "catalog/catalog.h"

#define EN_SCHEME_HIGHEST 100                    /* the greatest value of any scheme; the lowest is 0 or more */
#define EN_SCHEME_VALUES (EN_SCHEME_HIGHEST + 1) /* so many values a scheme has at most */

#define EN_SCHEME_DESCRIPTION 1000 /* bytes of a description at most */

typedef struct en_catalog_scheme {
    char name[EN_NAME_MAX + 1];
    int64_t lowest, highest; /* 0 <= lowest < highest <= EN_SCHEME_HIGHEST */
    bool ordered;            /* a higher value is more of the same; false: the values are kinds */
    bool built_in;
} en_catalog_scheme;

/* The scheme of that name, in another case (of ASCII) where only one has it; EN_DONE when there is none. EN_INPUT when
 * its row breaks the rules above. */
en_status en_catalog_scheme_find(en_catalog *c, const char *name, en_catalog_scheme *out, en_error *err) EN_CHECKED;
/* The same, but EN_INPUT with the nearest name. */
en_status en_catalog_scheme_get(en_catalog *c, const char *name, en_catalog_scheme *out, en_error *err) EN_CHECKED;

typedef struct en_catalog_scheme_options {
    const char *name;
    const char *range;       /* "0..2" */
    const char *values;      /* "0=none,1=mild": names of some values or of all; NULL: they have none */
    const char *description; /* NULL or "": none */
    bool kinds;              /* the values are not ordered */
} en_catalog_scheme_options;

/* EN_INPUT: the name is taken or not valid (EN_RULE_FILE_NAME), the range is not LO..HI within the limits, the names
 * are not VALUE=NAME of different values, or the description is longer than EN_SCHEME_DESCRIPTION or not UTF-8. */
en_status en_catalog_scheme_add(en_catalog *c, const en_catalog_scheme_options *o, en_error *err) EN_CHECKED;
/* EN_INPUT: no such scheme, it is built in, or labels rest on it. */
en_status en_catalog_scheme_remove(en_catalog *c, const char *name, en_error *err) EN_CHECKED;

/* A row of the view schemes. */
typedef struct en_catalog_scheme_row {
    en_catalog_scheme scheme;
    char *meanings, *description, *added_at; /* NULL: none; UTC, ISO 8601 */
    int64_t labels, graders;                 /* images that have a label on the scale; who gave them */
} en_catalog_scheme_row;
typedef struct en_catalog_scheme_list {
    en_catalog_scheme_row *row;
    size_t count;
} en_catalog_scheme_list;
/* Those that are built in first. Clear in every case. */
en_status en_catalog_scheme_all(en_catalog *c, en_catalog_scheme_list *out, en_error *err) EN_CHECKED;
void en_catalog_scheme_list_clear(en_catalog_scheme_list *list);

/* What the values of a scheme are called; NULL: they have no name. */
typedef struct en_catalog_scheme_meanings {
    char *name[EN_SCHEME_VALUES];
} en_catalog_scheme_meanings;
en_status en_catalog_scheme_meanings_read(en_catalog *c, const en_catalog_scheme *scheme,
                                          en_catalog_scheme_meanings *out, en_error *err) EN_CHECKED;
void en_catalog_scheme_meanings_clear(en_catalog_scheme_meanings *meanings);

#endif
