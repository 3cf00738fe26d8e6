/* Options in words, for help, man pages, Markdown and completions. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/option.h"

/* "0.2", or "" when there is no default to speak of. */
static void default_value(const en_option *option, const void *defaults, char *out, size_t capacity)
{
    out[0] = '\0';
    if (defaults == NULL || option->kind == EN_OPTION_FLAG) {
        return;
    }
    const void *field = (const char *)defaults + option->at;
    if (option->kind == EN_OPTION_TEXT) {
        const char *text = *(const char *const *)field;
        snprintf(out, capacity, "%s", text != NULL ? text : "");
        return;
    }
    double number = option->kind == EN_OPTION_REAL ? *(const double *)field : (double)*(const int64_t *)field;
    bool limited = option->low != 0 || option->high != 0;
    if (limited && (number < option->low || number > option->high)) {
        return;
    }
    if (option->kind == EN_OPTION_SIZE) {
        en_human_size((int64_t)number, out, capacity);
    } else {
        snprintf(out, capacity, "%.15g", number);
    }
}

const char *en_option_doc(const en_option *option, const void *defaults, char *out, size_t capacity)
{
    size_t used = (size_t)snprintf(out, capacity, "%s", option->doc);
    for (const char *const *c = option->choices; c != NULL && *c != NULL && used < capacity; c++) {
        const char *before = c == option->choices ? ": " : c[1] == NULL ? " or " : ", ";
        used += (size_t)snprintf(out + used, capacity - used, "%s%s", before, *c);
    }
    char value[128];
    default_value(option, defaults, value, sizeof value);
    const struct {
        const char *words, *name; /* name NULL: no such remark */
    } remark[] = {
        {"required", option->required ? "" : NULL},
        {"default: ", value[0] != '\0' ? value : NULL},
        {"needs --", option->needs},
        {"not with --", option->excludes},
    };
    const char *before = " (";
    for (size_t i = 0; i < sizeof remark / sizeof *remark; i++) {
        if (remark[i].name != NULL && used < capacity) {
            used += (size_t)snprintf(out + used, capacity - used, "%s%s%s", before, remark[i].words, remark[i].name);
            before = "; ";
        }
    }
    if (before[0] == ';' && used < capacity) {
        snprintf(out + used, capacity - used, ")");
    }
    return out;
}

const char *en_option_spelling(const en_option *option, bool with_letter, char *out, size_t capacity)
{
    char letter[8] = "";
    if (option->letter != '\0') {
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    } else if (with_letter) {
        snprintf(letter, sizeof letter, "    ");
    }
    snprintf(out, capacity, "%s--%s%s%s", letter, option->name, option->arg != NULL ? " " : "",
             option->arg != NULL ? option->arg : "");
    return out;
}
