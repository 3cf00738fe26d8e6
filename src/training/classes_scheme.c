/* Classes of a target that is the grade on a scale: label(image_id, 'dme'). The scale's row says what its values are
 * called and whether they are ordered. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "catalog/scheme.h"
#include "training/classes.h"

static const char *behind_blanks(const char *at) { return at + strspn(at, " \t\r\n"); }

/* The scheme's name as SQL quotes it, '' for a quote in it; NULL when it is not one, or is too long. */
static const char *read_quoted(const char *at, char name[EN_NAME_MAX + 1])
{
    size_t n = 0;
    if (*at++ != '\'') {
        return NULL;
    }
    for (; *at != '\0' && n < EN_NAME_MAX; at++) {
        if (*at == '\'' && *++at != '\'') {
            name[n] = '\0';
            return at;
        }
        name[n++] = *at;
    }
    return NULL;
}

/* The scheme of "label(image_id, 'SCHEME')", the image's number being a name that ends so; false for anything else. */
static bool read_target(const char *target, char scheme[EN_NAME_MAX + 1])
{
    static const char id[] = "image_id";
    const char *at = behind_blanks(target);
    if (strncasecmp(at, "label", 5) != 0 || *(at = behind_blanks(at + 5)) != '(') {
        return false;
    }
    at = behind_blanks(at + 1);
    size_t length = strcspn(at, " \t\r\n,()'");
    const char *after = behind_blanks(at + length);
    if (length < sizeof id - 1 || strncasecmp(at + length - (sizeof id - 1), id, sizeof id - 1) != 0 || *after != ',') {
        return false;
    }
    at = read_quoted(behind_blanks(after + 1), scheme);
    at = at != NULL ? behind_blanks(at) : "";
    return *at == ')' && *behind_blanks(at + 1) == '\0';
}

/* Whether all classes are values of the scheme; value[i]: which. */
static bool are_values(const en_classes *classes, const en_catalog_scheme *scheme, int64_t value[EN_MAX_CLASSES])
{
    bool all = true;
    for (size_t i = 0; all && i < classes->count; i++) {
        all = en_parse_int(classes->name[i], &value[i]) && value[i] >= scheme->lowest && value[i] <= scheme->highest;
    }
    return all;
}

en_status en_classes_read_scheme(en_catalog *c, const char *target, en_classes *classes, bool *ordered, en_error *err)
{
    char name[EN_NAME_MAX + 1];
    int64_t value[EN_MAX_CLASSES];
    en_catalog_scheme scheme;
    en_catalog_scheme_meanings meaning = {{NULL}};
    *ordered = false;
    if (!read_target(target, name)) {
        return EN_OK;
    }
    en_status st = en_catalog_scheme_find(c, name, &scheme, err);
    if (st != EN_OK || !are_values(classes, &scheme, value)) {
        return st == EN_DONE ? EN_OK : st;
    }
    *ordered = scheme.ordered && classes->count > 2;
    st = en_catalog_scheme_meanings_read(c, &scheme, &meaning, err);
    for (size_t i = 0; st == EN_OK && i < classes->count; i++) {
        const char *called = meaning.name[value[i]];
        if (called != NULL) {
            (void)snprintf(classes->label[i], sizeof classes->label[i], "%s %s", classes->name[i], called);
        }
    }
    en_catalog_scheme_meanings_clear(&meaning);
    return st;
}

en_status en_classes_scale_in(en_catalog *c, en_classes *classes, const char *target, const char *scale, en_error *err)
{
    bool ordered;
    en_status st = en_classes_read_scheme(c, target, classes, &ordered, err);
    return st == EN_OK ? en_classes_scale(classes, target, scale == NULL && ordered ? "ordinal" : scale, err) : st;
}
