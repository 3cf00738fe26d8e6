/* Options in words, for help, man pages, Markdown and completions. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/option.h"

/* "0.2", or "" when there is no default to speak of. */
static void default_value(const en_option *option, const void *defaults, char *out, size_t room)
{
    out[0] = '\0';
    if (defaults == NULL || option->kind == EN_OPTION_FLAG) {
        return;
    }
    const void *field = (const char *)defaults + option->at;
    if (option->kind == EN_OPTION_TEXT) {
        const char *text = *(const char *const *)field;
        snprintf(out, room, "%s", text != NULL ? text : "");
        return;
    }
    double number = option->kind == EN_OPTION_REAL ? *(const double *)field : (double)*(const int64_t *)field;
    bool limited = option->low != 0 || option->high != 0;
    if (limited && (number < option->low || number > option->high)) {
        return;
    }
    if (option->kind == EN_OPTION_SIZE) {
        en_human_size((int64_t)number, out, room);
    } else {
        snprintf(out, room, "%.15g", number);
    }
}

const char *en_option_doc(const en_option *option, const void *defaults, char *out, size_t room)
{
    size_t used = (size_t)snprintf(out, room, "%s", option->doc);
    for (const char *const *c = option->choices; c != NULL && *c != NULL && used < room; c++) {
        const char *before = c == option->choices ? ": " : c[1] == NULL ? " or " : ", ";
        used += (size_t)snprintf(out + used, room - used, "%s%s", before, *c);
    }
    if (option->required && used < room) {
        used += (size_t)snprintf(out + used, room - used, " (required)");
    }
    char value[128];
    default_value(option, defaults, value, sizeof value);
    if (value[0] != '\0' && used < room) {
        snprintf(out + used, room - used, " (default: %s)", value);
    }
    return out;
}

const char *en_option_spelling(const en_option *option, bool with_letter, char *out, size_t room)
{
    char letter[8] = "";
    if (option->letter != '\0') {
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    } else if (with_letter) {
        snprintf(letter, sizeof letter, "    ");
    }
    snprintf(out, room, "%s--%s%s%s", letter, option->name, option->arg != NULL ? " " : "",
             option->arg != NULL ? option->arg : "");
    return out;
}
