/* Classes: collecting, finding, and keeping them as JSON. */
#include "training/classes.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "catalog/run.h"
#include "catalog/run_imported.h"

bool en_classes_are_same(const en_classes *a, const en_classes *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = strcmp(a->name[i], b->name[i]) == 0;
    }
    return same;
}

int en_classes_find(const en_classes *classes, const char *name)
{
    for (size_t i = 0; i < classes->count; i++) {
        if (strcmp(classes->name[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static int natural(const void *a, const void *b) { return en_natural_compare(a, b); }

static en_status add(en_classes *c, const char *name, en_error *err)
{
    if (strlen(name) >= EN_CLASS_NAME) {
        return en_error_set(err, EN_INPUT, "'%s' is too long for a class: more than %d bytes", name, EN_CLASS_NAME - 1);
    }
    if (c->count == EN_MAX_CLASSES) {
        return en_error_set(err, EN_INPUT, "there are more than %d different values: are they classes?",
                            EN_MAX_CLASSES);
    }
    snprintf(c->name[c->count++], EN_CLASS_NAME, "%s", name);
    return EN_OK;
}

en_status en_classes_of(const en_catalog_items *items, const char *target, en_classes *out, en_error *err)
{
    *out = (en_classes){0};
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < items->count; i++) {
        if (en_classes_find(out, items->item[i].target) < 0) {
            st = add(out, items->item[i].target, err);
        }
    }
    if (st != EN_OK) {
        en_error_prefix(err, "target '%s'", target);
        return st;
    }
    if (out->count < 2) {
        return en_error_set(err, EN_INPUT, "target '%s' has %s: at least two classes are needed", target,
                            out->count == 0 ? "no values" : "one value only");
    }
    qsort(out->name, out->count, sizeof out->name[0], natural);
    out->positive = out->count - 1;
    return EN_OK;
}

en_status en_classes_choose_positive(en_classes *classes, const char *name, en_error *err)
{
    int at = en_classes_find(classes, name);
    if (classes->count != 2) {
        return en_error_set(err, EN_INPUT, "one of two classes can be the positive one; there are %zu", classes->count);
    }
    if (at < 0) {
        return en_error_set(err, EN_INPUT, "'%s' cannot be the positive class: there are '%s' and '%s'", name,
                            classes->name[0], classes->name[1]);
    }
    classes->positive = (size_t)at;
    return EN_OK;
}

en_status en_classes_positive_last(en_classes *classes, const char *name, en_error *err)
{
    en_status st = en_classes_choose_positive(classes, name, err);
    if (st == EN_OK && classes->positive == 0) {
        char first[EN_CLASS_NAME];
        memcpy(first, classes->name[0], sizeof first);
        memcpy(classes->name[0], classes->name[1], sizeof first);
        memcpy(classes->name[1], first, sizeof first);
        char label[EN_CLASS_LABEL];
        memcpy(label, classes->label[0], sizeof label);
        memcpy(classes->label[0], classes->label[1], sizeof label);
        memcpy(classes->label[1], label, sizeof label);
        classes->positive = 1;
    }
    return st;
}

bool en_classes_are_grades(const en_classes *classes, const char *target)
{
    bool grades = strcmp(target, "grade") == 0;
    for (size_t i = 0; i < classes->count; i++) {
        const char *name = classes->name[i];
        grades = grades && name[0] >= '0' && name[0] <= '4' && name[1] == '\0';
    }
    return grades;
}

en_status en_classes_scale(en_classes *classes, const char *target, const char *scale, en_error *err)
{
    classes->ordinal = scale != NULL ? strcmp(scale, "ordinal") == 0 : en_classes_are_grades(classes, target);
    for (size_t i = 0; classes->ordinal && i < classes->count; i++) {
        if (!en_parse_double(classes->name[i], &classes->value[i])) {
            return en_error_set(err, EN_INPUT, "target '%s' cannot be ordinal: its value '%s' is not a number", target,
                                classes->name[i]);
        }
    }
    return EN_OK;
}

en_status en_classes_truth(const en_classes *classes, en_catalog_items *items, int32_t **truth, en_error *err)
{
    int32_t *index = en_calloc(items->count, sizeof *index);
    if (index == NULL) {
        return en_error_nomem(err, "a subset's classes");
    }
    const en_catalog_item lost = items->count > 0 ? items->item[0] : (en_catalog_item){0};
    size_t kept = 0;
    for (size_t i = 0; i < items->count; i++) {
        int class = en_classes_find(classes, items->item[i].target);
        if (class >= 0) {
            items->item[kept] = items->item[i];
            index[kept++] = class;
        }
    }
    if (kept == 0) {
        en_free(index);
        return en_error_set(err, EN_INPUT,
                            "no image has one of the %zu classes trained on; '%s', for one, has the value '%s'",
                            classes->count, lost.image, lost.target);
    }
    items->no_class += (int64_t)(items->count - kept);
    items->count = kept;
    *truth = index;
    return EN_OK;
}

#define UNEVEN 0.1 /* a difference that chance and a few lost photographs do not make */

bool en_classes_uneven_views(const en_classes *classes, const en_catalog_items *items, en_class_views *out)
{
    size_t members[EN_MAX_CLASSES] = {0}, rotated[EN_MAX_CLASSES] = {0};
    for (size_t i = 0; i < items->count; i++) {
        int c = en_classes_find(classes, items->item[i].target);
        if (c >= 0) {
            members[c]++;
            rotated[c] += items->item[i].rotation != 0;
        }
    }
    bool any = false;
    *out = (en_class_views){0};
    for (size_t c = 0; c < classes->count; c++) {
        if (members[c] == 0) {
            continue;
        }
        double proportion = (double)rotated[c] / (double)members[c];
        if (!any || proportion < out->low) {
            out->least = c;
            out->low = proportion;
        }
        if (!any || proportion > out->high) {
            out->most = c;
            out->high = proportion;
        }
        any = true;
    }
    return out->high - out->low > UNEVEN;
}

const char *en_classes_grade(int64_t grade)
{
    static const char *const name[] = {"0 no DR", "1 mild", "2 moderate", "3 severe", "4 proliferative"};
    return grade >= 0 && grade < (int64_t)(sizeof name / sizeof name[0]) ? name[grade] : NULL;
}

const char *en_classes_label(const en_classes *classes, const char *target, size_t i)
{
    static const char *const answer[] = {"no", "yes"}, *const gradable[] = {"not gradable", "gradable"};
    const char *name = classes->name[i];
    if (classes->label[i][0] != '\0') {
        return classes->label[i];
    }
    bool zero_one = classes->count == 2 && strcmp(classes->name[0], "0") == 0 && strcmp(classes->name[1], "1") == 0;
    if (zero_one && strcmp(target, "gradable") == 0) {
        return gradable[i];
    }
    if (zero_one && strpbrk(target, "<>= ") != NULL) {
        return answer[i];
    }
    bool digit = name[0] >= '0' && name[0] <= '9' && name[1] == '\0';
    const char *grade = digit && strcmp(target, "grade") == 0 ? en_classes_grade(name[0] - '0') : NULL;
    return grade != NULL ? grade : name;
}

/* Takes the array over. */
static en_status to_json(json_t *array, size_t count, char **json, en_error *err)
{
    *json = NULL;
    char *text = json_array_size(array) == count ? json_dumps(array, JSON_COMPACT) : NULL;
    json_decref(array);
    if (text != NULL) {
        *json = en_strdup(text);
        free(text); /* jansson's own */
    }
    return *json != NULL ? EN_OK : en_error_nomem(err, "the classes");
}

en_status en_classes_to_json(const en_classes *classes, char **json, en_error *err)
{
    json_t *array = json_array();
    for (size_t i = 0; i < classes->count; i++) {
        json_array_append_new(array, json_string(classes->name[i]));
    }
    return to_json(array, classes->count, json, err);
}

en_status en_classes_labels_to_json(const en_classes *classes, char **json, en_error *err)
{
    bool any = false;
    json_t *array = json_array();
    for (size_t i = 0; i < classes->count; i++) {
        any = any || classes->label[i][0] != '\0';
        json_array_append_new(array, json_string(classes->label[i]));
    }
    if (!any) {
        json_decref(array);
        *json = NULL;
        return EN_OK;
    }
    return to_json(array, classes->count, json, err);
}

en_status en_classes_labels_from_json(const char *json, en_classes *classes, en_error *err)
{
    json_t *array = json_loads(json, 0, NULL);
    bool good = json_array_size(array) == classes->count;
    for (size_t i = 0; good && i < classes->count; i++) {
        const char *label = json_string_value(json_array_get(array, i));
        good = label != NULL && strlen(label) < EN_CLASS_LABEL;
        if (good) {
            memcpy(classes->label[i], label, strlen(label) + 1);
        }
    }
    json_decref(array);
    return good ? EN_OK : en_error_set(err, EN_INPUT, "the labels of the model's classes are not a list of theirs");
}

en_status en_classes_from_json(const char *json, en_classes *out, en_error *err)
{
    *out = (en_classes){0};
    en_status st = EN_OK;
    json_t *array = json_loads(json, 0, NULL);
    size_t count = json_array_size(array);
    if (count < 2) {
        st = en_error_set(err, EN_INPUT, "the model's classes are not a list of two or more");
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        const char *name = json_string_value(json_array_get(array, i));
        st =
            name != NULL ? add(out, name, err) : en_error_set(err, EN_INPUT, "class %zu of the model is not a text", i);
    }
    json_decref(array);
    out->positive = out->count > 0 ? out->count - 1 : 0;
    return st;
}

en_status en_classes_of_run(en_catalog *c, int64_t run_id, const char *json, const char *target, en_classes *out,
                            en_error *err)
{
    en_catalog_params params = {0};
    if (strcmp(json, EN_NO_CLASSES) == 0) {
        return en_error_hint(err, en_error_set(err, EN_INPUT, "this run of another program has no predictions yet"),
                             "'eyenet run import FILE.csv --name RUN' reads them");
    }
    en_status st = en_classes_from_json(json, out, err);
    if (st == EN_OK) {
        st = en_catalog_run_params(c, run_id, &params, err);
    }
    if (st == EN_OK) {
        st = en_classes_scale(out, target, en_catalog_params_get(&params, EN_CLASSES_SCALE), err);
    }
    if (st == EN_OK) { /* whether it is ordinal was said when it was trained */
        bool ordered;
        st = en_classes_read_scheme(c, target, out, &ordered, err);
    }
    en_catalog_params_clear(&params);
    return st;
}
