/* Logged lines: first the pairs of keys and values, from JSON or words, then what each of them means. */
#include "training/log_line.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/untrusted.h"

typedef struct pair {
    char *name, *text;
    bool is_number; /* text is one, or says that there is none: value is NaN then */
    bool is_param;  /* of `params`: a setting whatever else is in the line */
    double value;
} pair;

typedef struct reading {
    pair *row;
    size_t count;
} reading;

static void clear(reading *r)
{
    for (size_t i = 0; i < r->count; i++) {
        en_free(r->row[i].name);
        en_free(r->row[i].text);
    }
    en_free(r->row);
    *r = (reading){0};
}

static bool is_printable(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == '\x7f') {
            return false;
        }
    }
    return true;
}

static en_status add_pair(reading *r, const char *name, const char *text, const double *number, bool is_param,
                          en_error *err)
{
    if (*name == '\0' || strlen(name) > EN_LOG_NAME_MAX || !is_printable(name)) {
        return en_error_set(err, EN_INPUT, "'%.40s' cannot be a key: 1 to %d bytes without control characters", name,
                            EN_LOG_NAME_MAX);
    }
    if (strlen(text) > EN_LOG_VALUE_MAX) {
        return en_error_set(err, EN_INPUT, "the value of '%s' has more than %d bytes", name, EN_LOG_VALUE_MAX);
    }
    pair *row = en_array_grow(r->row, r->count, sizeof *row, err);
    if (row == NULL) {
        return EN_NOMEM;
    }
    r->row = row;
    row[r->count] = (pair){.name = en_strdup(name),
                           .text = en_strdup(text),
                           .is_number = number != NULL,
                           .is_param = is_param,
                           .value = number != NULL ? *number : (double)NAN};
    const pair *p = &row[r->count++];
    return p->name != NULL && p->text != NULL ? EN_OK : en_error_nomem(err, "a logged line");
}

void en_log_number_text(double number, char text[EN_LOG_NUMBER_TEXT])
{
    double back = 0;
    for (int digits = 6; digits <= 17; digits++) {
        (void)en_print(text, EN_LOG_NUMBER_TEXT, "%.*g", digits, number);
        if (en_parse_double(text, &back) && !(back < number) && !(back > number)) {
            return;
        }
    }
}

/* JSON ------------------------------------------------------------------------------------------------------------- */

static en_status add_object(reading *r, json_t *object, const char *prefix, bool is_param, unsigned depth,
                            en_error *err);

static en_status add_value(reading *r, const char *name, json_t *value, bool is_param, unsigned depth, en_error *err)
{
    char text[EN_LOG_NUMBER_TEXT];
    double number = (double)NAN;
    switch (json_typeof(value)) {
    case JSON_STRING:
        if (json_string_length(value) != strlen(json_string_value(value))) {
            return en_error_set(err, EN_INPUT, "the value of '%.60s' has a NUL in it", name);
        }
        return add_pair(r, name, json_string_value(value), NULL, is_param, err);
    case JSON_TRUE:
    case JSON_FALSE: return add_pair(r, name, json_is_true(value) ? "true" : "false", NULL, is_param, err);
    case JSON_NULL: return add_pair(r, name, "null", &number, is_param, err);
    case JSON_INTEGER:
        (void)en_print(text, sizeof text, "%lld", (long long)json_integer_value(value));
        number = (double)json_integer_value(value);
        return add_pair(r, name, text, &number, is_param, err);
    case JSON_REAL:
        number = json_real_value(value);
        en_log_number_text(number, text);
        return add_pair(r, name, text, &number, is_param, err);
    case JSON_OBJECT: return add_object(r, value, name, is_param, depth + 1, err);
    default: break;
    }
    en_status st = EN_OK;
    const bool tags = strcmp(name, "tags") == 0 && !is_param;
    for (size_t i = 0; st == EN_OK && i < json_array_size(value); i++) {
        char at[EN_LOG_NAME_MAX + 16];
        (void)en_print(at, sizeof at, "%.*s.%zu", EN_LOG_NAME_MAX, name, i);
        st = depth < 8 ? add_value(r, tags ? name : at, json_array_get(value, i), is_param, depth + 1, err)
                       : en_error_set(err, EN_INPUT, "'%.60s' is nested too deeply", name);
    }
    return st;
}

static en_status add_object(reading *r, json_t *object, const char *prefix, bool is_param, unsigned depth,
                            en_error *err)
{
    const char *key;
    json_t *value;
    en_status st = EN_OK;
    if (depth > 8) {
        return en_error_set(err, EN_INPUT, "'%.60s' is nested too deeply", prefix);
    }
    json_object_foreach(object, key, value)
    {
        char name[EN_LOG_NAME_MAX * 2];
        if (depth == 0 && strcmp(key, "params") == 0 && json_is_object(value)) {
            st = add_object(r, value, "", true, 1, err);
        } else if (strlen(prefix) + strlen(key) > EN_LOG_NAME_MAX) {
            st = en_error_set(err, EN_INPUT, "'%.40s' cannot be a key: 1 to %d bytes", key, EN_LOG_NAME_MAX);
        } else {
            (void)en_print(name, sizeof name, "%s%s%s", prefix, *prefix != '\0' ? "." : "", key);
            st = add_value(r, name, value, is_param, depth, err);
        }
        if (st != EN_OK) {
            return st;
        }
    }
    return EN_OK;
}

/* Python writes NaN and Infinity, which JSON does not have: null takes their place, outside of texts. */
en_status en_log_without_nan(const char *text, size_t size, en_buf *out, en_error *err)
{
    static const char *const odd[] = {"NaN", "-Infinity", "Infinity"};
    bool inside = false;
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < size;) {
        size_t skip = 0;
        for (size_t k = 0; !inside && skip == 0 && k < sizeof odd / sizeof *odd; k++) {
            const size_t n = strlen(odd[k]);
            skip = size - i >= n && memcmp(text + i, odd[k], n) == 0 ? n : 0;
        }
        if (skip > 0) {
            st = en_buf_text(out, "null", err);
            i += skip;
            continue;
        }
        if (inside && text[i] == '\\' && i + 1 < size) {
            st = en_buf_add(out, text + i, 2, err);
            i += 2;
            continue;
        }
        inside ^= text[i] == '"';
        st = en_buf_add(out, text + i++, 1, err);
    }
    return st;
}

static en_status read_json(const char *text, size_t size, bool params, reading *r, en_error *err)
{
    json_error_t why;
    en_buf clean;
    en_buf_init(&clean, size * 2 + 16);
    en_status st = en_log_without_nan(text, size, &clean, err);
    json_t *root = NULL;
    if (st == EN_OK) {
        root = json_loadb(clean.data, clean.size, JSON_REJECT_DUPLICATES, &why);
        st = root != NULL ? EN_OK : en_error_set(err, EN_INPUT, "not JSON: %.120s", why.text);
    }
    if (st == EN_OK && !json_is_object(root)) {
        st = en_error_set(err, EN_INPUT, "not a JSON object of keys and values");
    }
    if (st == EN_OK) {
        st = add_object(r, root, "", params, params ? 1 : 0, err);
    }
    json_decref(root);
    en_buf_clear(&clean);
    return st;
}

/* KEY=VALUE -------------------------------------------------------------------------------------------------------- */

static en_status add_word(reading *r, const char *key, size_t key_size, const char *value, size_t size, en_error *err)
{
    static const char *const none[] = {"nan", "NaN", "inf", "-inf", "Infinity", "-Infinity", "null"};
    double number = (double)NAN;
    char *name = en_format("%.*s", (int)key_size, key), *text = en_format("%.*s", (int)size, value);
    en_status st = name != NULL && text != NULL ? EN_OK : en_error_nomem(err, "a logged line");
    bool is_number = st == EN_OK && en_parse_double(text, &number);
    for (size_t i = 0; st == EN_OK && !is_number && i < sizeof none / sizeof *none; i++) {
        is_number = strcmp(text, none[i]) == 0;
    }
    const bool is_param = st == EN_OK && en_starts_with(name, "param.");
    if (st == EN_OK) {
        st = add_pair(r, is_param ? name + 6 : name, text, is_number ? &number : NULL, is_param, err);
    }
    en_free(name);
    en_free(text);
    return st;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static en_status read_words(const char *text, size_t size, reading *r, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < size;) {
        size_t equals = i, end;
        if (is_blank(text[i])) {
            i++;
            continue;
        }
        while (equals < size && text[equals] != '=' && !is_blank(text[equals])) {
            equals++;
        }
        if (equals == size || text[equals] != '=' || equals == i || equals - i > EN_LOG_NAME_MAX) {
            return en_error_hint(err,
                                 en_error_set(err, EN_INPUT, "'%.*s' is not KEY=VALUE",
                                              (int)(equals - i < 40 ? equals - i : 40), text + i),
                                 "write epoch=3 val_loss=0.41, or a JSON object");
        }
        const bool quoted = equals + 1 < size && text[equals + 1] == '"';
        const size_t from = equals + 1 + quoted;
        for (end = from; end < size && (quoted ? text[end] != '"' : !is_blank(text[end])); end++) {
        }
        if (quoted && end == size) {
            return en_error_set(err, EN_INPUT, "the quote of '%.*s' does not end", (int)(equals - i), text + i);
        }
        st = add_word(r, text + i, equals - i, text + from, end - from, err);
        i = end + quoted;
    }
    return st;
}

/* Meaning ---------------------------------------------------------------------------------------------------------- */

/* The part that a metric's name begins or ends with, which is taken off. */
en_part en_log_take_part(char *name)
{
    for (unsigned p = EN_PART_TRAIN; p < EN_PARTS; p++) {
        const char *word = en_word(&en_parts, p);
        const size_t n = strlen(word), size = strlen(name);
        if (size > n + 1 && strncmp(name, word, n) == 0 && strchr("_/ ", name[n]) != NULL) {
            memmove(name, name + n + 1, size - n);
            return (en_part)p;
        }
        if (size > n + 1 && strcmp(name + size - n, word) == 0 && name[size - n - 1] == '/') {
            name[size - n - 1] = '\0';
            return (en_part)p;
        }
    }
    return EN_PART_NONE;
}

/* epoch, step and part apply to the whole line, wherever they stand in it. */
typedef struct place {
    int64_t epoch, step; /* -1: not given */
    en_part part;
} place;

static bool is_place(const pair *p)
{
    return !p->is_param &&
           (strcmp(p->name, "epoch") == 0 || strcmp(p->name, "step") == 0 || strcmp(p->name, "part") == 0);
}

static en_status find_place(const reading *r, place *out, en_error *err)
{
    *out = (place){-1, -1, EN_PART_NONE};
    for (size_t i = 0; i < r->count; i++) {
        const pair *p = &r->row[i];
        if (!is_place(p)) {
            continue;
        }
        if (strcmp(p->name, "part") == 0) {
            out->part = (en_part)en_word_find(&en_parts, p->text);
            if (out->part == EN_PART_NONE) {
                return en_error_set(err, EN_INPUT, "part '%.40s' is not train, val or test", p->text);
            }
            continue;
        }
        const bool epoch = strcmp(p->name, "epoch") == 0;
        const int64_t most = epoch ? EN_EPOCHS_MAX : EN_COUNT_MAX;
        if (!p->is_number || !(p->value >= 0 && p->value <= (double)most) || p->value > floor(p->value)) {
            return en_error_set(err, EN_INPUT, "%s '%.40s' is not a whole number from 0 to %lld", p->name, p->text,
                                (long long)most);
        }
        int64_t *number = epoch ? &out->epoch : &out->step;
        *number = (int64_t)p->value;
    }
    return EN_OK;
}

static en_status add_item(const pair *p, const place *at, en_log_line *out, en_error *err)
{
    en_log_item *rows = en_array_grow(out->item, out->count, sizeof *rows, err);
    if (rows == NULL) {
        return EN_NOMEM;
    }
    out->item = rows;
    en_log_item *item = &rows[out->count++];
    *item = (en_log_item){.kind = EN_LOG_PARAM, .part = at->part, .value = p->value};
    if (!p->is_param && (strcmp(p->name, "tag") == 0 || strcmp(p->name, "tags") == 0)) {
        item->kind = EN_LOG_TAG;
    } else if (!p->is_param && strcmp(p->name, "note") == 0) {
        item->kind = EN_LOG_NOTE;
    } else if (!p->is_param && strcmp(p->name, "state") == 0) {
        item->kind = EN_LOG_STATE;
        item->state = (en_run_state)en_word_find(&en_run_states, p->text);
        if (item->state < EN_RUN_FINISHED) {
            return en_error_set(err, EN_INPUT, "state '%.40s' is not finished, interrupted or failed", p->text);
        }
    } else if (!p->is_param && (at->epoch >= 0 || at->step >= 0)) {
        item->kind = EN_LOG_METRIC;
        if (!p->is_number) {
            return en_error_hint(
                err, en_error_set(err, EN_INPUT, "'%.40s' of metric '%s' is not a number", p->text, p->name),
                "a setting in a line of metrics is in params, or written param.NAME=VALUE");
        }
    }
    item->name = en_strdup(p->name);
    item->text = en_strdup(p->text);
    if (item->name == NULL || item->text == NULL) {
        return en_error_nomem(err, "a logged line");
    }
    if (item->kind == EN_LOG_METRIC) {
        const en_part named = en_log_take_part(item->name);
        item->part = named != EN_PART_NONE ? named : at->part;
    }
    return EN_OK;
}

static en_status read_meaning(const reading *r, en_log_line *out, en_error *err)
{
    place at;
    en_status st = find_place(r, &at, err);
    out->epoch = at.epoch >= 0 ? at.epoch : 0;
    out->step = at.step >= 0 ? at.step : out->epoch;
    for (size_t i = 0; st == EN_OK && i < r->count; i++) {
        if (!is_place(&r->row[i])) {
            st = add_item(&r->row[i], &at, out, err);
        }
    }
    return st;
}

static en_status parse(const char *text, size_t size, bool params, en_log_line *out, en_error *err)
{
    reading r = {0};
    *out = (en_log_line){0};
    while (size > 0 && (is_blank(*text) || *text == '\n')) {
        text++;
        size--;
    }
    en_status st = EN_OK;
    if (memchr(text, '\0', size) != NULL) {
        st = en_error_set(err, EN_INPUT, "there is a NUL in it");
    } else if (params || (size > 0 && *text == '{')) {
        st = read_json(text, size, params, &r, err);
    } else if (size > 0 && *text != '#') {
        st = read_words(text, size, &r, err);
    }
    if (st == EN_OK) {
        st = read_meaning(&r, out, err);
    }
    clear(&r);
    return st;
}

en_status en_log_line_parse(const char *text, size_t size, en_log_line *out, en_error *err)
{
    return parse(text, size, false, out, err);
}

en_status en_log_params_parse(const char *text, size_t size, en_log_line *out, en_error *err)
{
    return parse(text, size, true, out, err);
}

void en_log_line_clear(en_log_line *line)
{
    for (size_t i = 0; i < line->count; i++) {
        en_free(line->item[i].name);
        en_free(line->item[i].text);
    }
    en_free(line->item);
    *line = (en_log_line){0};
}
