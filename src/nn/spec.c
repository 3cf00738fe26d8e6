/* The parser of network texts: lines into words, words into layers, and the shape of every tensor on the way.
 * Faults name the text, the line and the word. */
#include "nn/spec.h"

#include <stdint.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "nn/kind.h"
#include "nn/reader.h"

#define SIDE_MAX 16384 /* px of an input */

static const char *const activation_words[] = {
    [EN_ACT_NONE] = "",           [EN_ACT_RELU] = "relu",       [EN_ACT_RELU6] = "relu6", [EN_ACT_LEAKY] = "leaky",
    [EN_ACT_SIGMOID] = "sigmoid", [EN_ACT_TANH] = "tanh",       [EN_ACT_GELU] = "gelu",   [EN_ACT_HSWISH] = "hswish",
    [EN_ACT_SOFTMAX] = "softmax", [EN_ACT_ORDINAL] = "ordinal",
};

const char *en_activation_word(en_activation act) { return activation_words[act]; }

static bool is_output(en_activation act) { return act == EN_ACT_SOFTMAX || act == EN_ACT_ORDINAL; }

size_t en_spec_units(const en_spec *spec, size_t classes)
{
    return spec->output == EN_ACT_ORDINAL ? classes - 1 : classes;
}

size_t en_spec_head(const en_spec *spec)
{
    for (size_t i = spec->count; i-- > 0;) {
        if (spec->layer[i].kind == &en_layer_dense) {
            return i;
        }
    }
    return spec->count;
}

en_status en_spec_line(const en_spec *spec, const char *word, size_t *out, en_error *err)
{
    int64_t number;
    *out = en_spec_head(spec);
    if (strcmp(word, "head") == 0 && *out < spec->count) {
        return EN_OK;
    }
    if (en_parse_int(word, &number) && number >= 0 && number < (int64_t)spec->count) {
        *out = (size_t)number;
        return EN_OK;
    }
    for (size_t i = 0; i < spec->count; i++) {
        if (spec->layer[i].name[0] != '\0' && strcmp(spec->layer[i].name, word) == 0) {
            *out = i;
            return EN_OK;
        }
    }
    return en_error_set(err, EN_INPUT,
                        "the network has no line '%s': give head, the name of a tensor, or a number from 0 to %zu",
                        word, spec->count - 1);
}

static en_status read_scale(en_reader *r, en_spec *spec)
{
    const char *word;
    en_status st = en_reader_needed(r, "a number or a fraction such as 1/255", &word);
    if (st != EN_OK) {
        return st;
    }
    char top[64];
    const char *slash = strchr(word, '/');
    size_t length = slash != NULL ? (size_t)(slash - word) : strlen(word);
    if (length < sizeof top) {
        memcpy(top, word, length);
        top[length] = '\0';
        spec->scale_bottom = 1;
        if (en_parse_double(top, &spec->scale_top) &&
            (slash == NULL || en_parse_double(slash + 1, &spec->scale_bottom)) && spec->scale_top > 0 &&
            spec->scale_bottom > 0) {
            return EN_OK;
        }
    }
    return en_reader_fault(r, "'%s' is not a scale: give a number above 0 or a fraction such as 1/255", word);
}

/* A number for each channel. */
static en_status read_channels(en_reader *r, bool positive, double *out)
{
    en_spec *spec = r->spec;
    const char *what = r->word[r->next - 1];
    if (spec->input.c > EN_SPEC_CHANNELS) {
        return en_reader_fault(r, "'%s' of %zu channels: an input with it has at most %d", what, spec->input.c,
                               EN_SPEC_CHANNELS);
    }
    for (size_t i = 0; i < spec->input.c; i++) {
        en_status st =
            en_reader_number(r, positive ? "a number above 0 for each channel" : "a number for each channel", &out[i]);
        if (st != EN_OK) {
            return st;
        }
        if (positive && !(out[i] > 0)) {
            return en_reader_fault(r, "'%s' is not a std: give a number above 0", r->word[r->next - 1]);
        }
    }
    spec->normalised = true;
    return EN_OK;
}

static en_status read_input(en_reader *r)
{
    static const char *const options[] = {"scale", "shift", "mean", "std", NULL};
    en_spec *spec = r->spec;
    if (spec->input.h != 0) {
        return en_reader_fault(r, "a second 'input': a network has one");
    }
    size_t size[3];
    en_status st = en_reader_sizes(r, "size", "give height x width x channels, such as 256x256x3", 3, SIDE_MAX, size);
    if (st != EN_OK) {
        return st;
    }
    spec->input = (en_dims){size[0], size[1], size[2]};
    spec->scale_top = 1;
    spec->scale_bottom = 255;
    for (size_t i = 0; i < EN_SPEC_CHANNELS; i++) {
        spec->std[i] = 1;
    }
    for (const char *word; st == EN_OK && (word = en_reader_word(r)) != NULL;) {
        if (strcmp(word, "scale") == 0) {
            st = read_scale(r, spec);
        } else if (strcmp(word, "shift") == 0) {
            st = en_reader_number(r, "a number", &spec->shift);
        } else if (strcmp(word, "mean") == 0) {
            st = read_channels(r, false, spec->mean);
        } else if (strcmp(word, "std") == 0) {
            st = read_channels(r, true, spec->std);
        } else {
            st = en_reader_unknown(r, word, options);
        }
    }
    return st != EN_OK ? st : en_reader_check_tensor(r, spec->input);
}

static en_dims tensor_dims(const en_spec *spec, size_t tensor)
{
    return tensor == 0 ? spec->input : spec->layer[tensor - 1].out;
}

/* The tensor of that name above this line. */
static en_status find_tensor(en_reader *r, const char *name, size_t *out)
{
    const char *known[EN_SPEC_LAYERS + 2] = {"input"};
    size_t count = 1;
    if (strcmp(name, "input") == 0) {
        *out = 0;
        return EN_OK;
    }
    for (size_t i = 0; i < r->spec->count; i++) {
        const char *given = r->spec->layer[i].name;
        if (given[0] != '\0') {
            known[count++] = given;
            if (strcmp(given, name) == 0) {
                *out = i + 1;
                return EN_OK;
            }
        }
    }
    const char *near = en_nearest_word(name, known);
    return en_reader_fault(r, "no tensor '%s' above this line%s%s%s", name, near != NULL ? " (did you mean " : "",
                           near != NULL ? near : ": name one by ending its line with 'as NAME'",
                           near != NULL ? "?)" : "");
}

en_status en_reader_tensor(en_reader *r, size_t *out)
{
    const char *name;
    en_status st = en_reader_needed(r, "the name of a tensor", &name);
    return st == EN_OK ? find_tensor(r, name, out) : st;
}

static en_status read_name(en_reader *r, en_layer_spec *l)
{
    const char *name;
    en_status st = en_reader_needed(r, "a name", &name);
    if (st != EN_OK) {
        return st;
    }
    if (strlen(name) > EN_SPEC_NAME) {
        return en_reader_fault(r, "the name '%s' has more than %d bytes", name, EN_SPEC_NAME);
    }
    if (strcmp(name, "input") == 0) {
        return en_reader_fault(r, "'input' is the name of the network's input: choose another");
    }
    for (size_t i = 0; i < r->spec->count; i++) {
        if (strcmp(r->spec->layer[i].name, name) == 0) {
            return en_reader_fault(r, "a second tensor '%s': line %d names one so", name, r->spec->layer[i].line);
        }
    }
    memcpy(l->name, name, strlen(name) + 1);
    return EN_OK;
}

static bool parse_activation(const char *word, en_activation *out)
{
    for (size_t i = EN_ACT_RELU; i <= EN_ACT_ORDINAL; i++) {
        if (strcmp(word, activation_words[i]) == 0) {
            *out = (en_activation)i;
            return true;
        }
    }
    return false;
}

en_status en_reader_norm(en_reader *r, en_layer_spec *l)
{
    l->norm = en_reader_take(r, "frozen") ? EN_NORM_FROZEN : EN_NORM_BATCH;
    l->epsilon = EN_EPSILON;
    if (!en_reader_take(r, "epsilon")) {
        return EN_OK;
    }
    en_status st = en_reader_number(r, "a number above 0", &l->epsilon);
    return st == EN_OK && !(l->epsilon > 0 && l->epsilon <= 1)
               ? en_reader_fault(r, "'%s' is not an epsilon: give a number above 0, at most 1", r->word[r->next - 1])
               : st;
}

static bool takes_act(const en_layer_kind *kind, en_activation act)
{
    return (kind->takes & EN_TAKES_ACT) && (!is_output(act) || (kind->takes & EN_TAKES_OUTPUT));
}

/* A fault that names what might have been meant. */
static en_status unknown_option(en_reader *r, const en_layer_kind *kind, const char *word)
{
    const char *known[32];
    size_t count = 0;
    for (size_t i = 0; kind->options != NULL && kind->options[i] != NULL; i++) {
        known[count++] = kind->options[i];
    }
    for (size_t i = EN_ACT_RELU; i <= EN_ACT_ORDINAL; i++) {
        if (takes_act(kind, (en_activation)i)) {
            known[count++] = activation_words[i];
        }
    }
    if (kind->takes & EN_TAKES_NORM) {
        known[count++] = "batchnorm";
    }
    known[count++] = "from";
    known[count++] = "as";
    known[count] = NULL;
    return en_reader_unknown(r, word, known);
}

static bool is_own_option(const en_layer_kind *kind, const char *word)
{
    for (size_t i = 0; kind->options != NULL && kind->options[i] != NULL; i++) {
        if (strcmp(kind->options[i], word) == 0) {
            return true;
        }
    }
    return false;
}

/* The words after those that the layer must have, in any order but that of norm and activation. */
static en_status read_options(en_reader *r, en_layer_spec *l)
{
    en_status st = EN_OK;
    for (const char *word; st == EN_OK && (word = en_reader_word(r)) != NULL;) {
        en_activation act;
        if (is_own_option(l->kind, word)) {
            st = l->kind->option(r, l, word);
        } else if (strcmp(word, "as") == 0) {
            st = read_name(r, l);
        } else if (strcmp(word, "from") == 0) {
            st = en_reader_tensor(r, &l->input[0]);
        } else if ((l->kind->takes & EN_TAKES_NORM) && strcmp(word, "batchnorm") == 0) {
            st = l->act != EN_ACT_NONE
                     ? en_reader_fault(r, "batchnorm after %s: on one line it stands before the activation",
                                       activation_words[l->act])
                     : en_reader_norm(r, l);
        } else if (parse_activation(word, &act) && takes_act(l->kind, act)) {
            if (l->act != EN_ACT_NONE) {
                return en_reader_fault(r, "'%s' after %s: a line has one activation", word, activation_words[l->act]);
            }
            l->act = act;
        } else {
            st = unknown_option(r, l->kind, word);
        }
    }
    return st;
}

/* What may follow what. */
static en_status check_place(en_reader *r, const en_layer_spec *l)
{
    const en_layer_spec *before = r->spec->count > 0 ? l - 1 : NULL;
    if (before != NULL && is_output(before->act)) {
        return en_reader_fault(r, "'%s' after %s: %s must be the last layer", r->word[0], activation_words[before->act],
                               activation_words[before->act]);
    }
    if (l->in.c == 0 && !(l->kind == &en_layer_activation && is_output(l->act))) {
        return en_reader_fault(r, "'%s' after 'dense classes': only softmax or ordinal may follow it", r->word[0]);
    }
    if (is_output(l->act) && l->out.h * l->out.w != 1) {
        return en_reader_fault(r, "%s of %zux%zux%zu: put globalmaxpool, globalavgpool or dense before it",
                               activation_words[l->act], l->in.h, l->in.w, l->in.c);
    }
    return EN_OK;
}

static en_status start_layer(en_reader *r, const en_layer_kind *kind, en_layer_spec *l)
{
    en_spec *spec = r->spec;
    if (spec->input.h == 0) {
        return en_reader_fault(r, "'%s' before 'input': the first line is the input, such as: input 256x256x3",
                               r->word[0]);
    }
    if (spec->count == EN_SPEC_LAYERS) {
        return en_reader_fault(r, "more than %d layers", EN_SPEC_LAYERS);
    }
    *l = (en_layer_spec){.kind = kind, .line = r->line, .inputs = 1, .input = {spec->count}, .stride = 1};
    l->dilation = l->groups = 1;
    return EN_OK;
}

static en_status read_layer(en_reader *r, const en_layer_kind *kind)
{
    en_spec *spec = r->spec;
    en_layer_spec *l = &spec->layer[spec->count < EN_SPEC_LAYERS ? spec->count : 0];
    en_status st = start_layer(r, kind, l);
    if (st == EN_OK && kind == &en_layer_activation) {
        (void)parse_activation(r->word[0], &l->act);
    }
    if (st == EN_OK && kind->read != NULL) {
        st = kind->read(r, l);
    }
    if (st != EN_OK || (st = read_options(r, l)) != EN_OK) {
        return st;
    }
    l->in = l->out = tensor_dims(spec, l->input[0]);
    if (kind->size != NULL && l->in.c != 0) {
        st = kind->size(r, l);
    }
    if (st != EN_OK || (st = check_place(r, l)) != EN_OK || (st = en_reader_check_tensor(r, l->out)) != EN_OK) {
        return st;
    }
    spec->count++;
    return EN_OK;
}

static en_status read_line(en_reader *r)
{
    const char *known[48] = {"input"}, *first = en_reader_word(r);
    size_t count = 1;
    if (strcmp(first, "input") == 0) {
        return read_input(r);
    }
    for (const en_layer_kind *const *kind = en_layer_kinds(); *kind != NULL; kind++) {
        if ((*kind)->word != NULL && strcmp(first, (*kind)->word) == 0) {
            return read_layer(r, *kind);
        }
        known[count++] = (*kind)->word != NULL ? (*kind)->word : "";
    }
    en_activation act;
    if (parse_activation(first, &act)) {
        return read_layer(r, &en_layer_activation);
    }
    for (size_t i = EN_ACT_RELU; i <= EN_ACT_ORDINAL; i++) {
        known[count++] = activation_words[i];
    }
    known[count] = NULL;
    return en_reader_unknown(r, first, known);
}

/* Cuts the line of `length` bytes at `text` into words; what follows '#' is left out. */
static en_status split_line(en_reader *r, const char *text, size_t length)
{
    const char *comment = memchr(text, '#', length);
    if (comment != NULL) {
        length = (size_t)(comment - text);
    }
    r->words = r->next = 0;
    if (length >= sizeof r->text) {
        return en_reader_fault(r, "a line of more than %d bytes", EN_LINE_MAX - 1);
    }
    memcpy(r->text, text, length);
    r->text[length] = '\0';
    char *rest = NULL;
    for (char *w = strtok_r(r->text, " \t\r", &rest); w != NULL; w = strtok_r(NULL, " \t\r", &rest)) {
        if (r->words == EN_WORDS_MAX) {
            return en_reader_fault(r, "more than %d words", EN_WORDS_MAX);
        }
        r->word[r->words++] = w;
    }
    return EN_OK;
}

/* Nothing that was named may be left unread but the output: a forgotten branch is a fault, not a choice. */
static en_status check_branches(en_reader *r)
{
    en_spec *spec = r->spec;
    bool read[EN_SPEC_LAYERS + 1] = {false};
    for (size_t i = 0; i < spec->count; i++) {
        for (size_t k = 0; k < spec->layer[i].inputs; k++) {
            read[spec->layer[i].input[k]] = true;
        }
    }
    for (size_t i = 0; i + 1 < spec->count; i++) {
        if (!read[i + 1]) {
            r->line = spec->layer[i].line;
            return en_reader_fault(r, "nothing reads the output of this layer");
        }
    }
    return EN_OK;
}

en_status en_spec_parse(const char *text, const char *name, en_spec *out, en_error *err)
{
    en_reader r = {.name = name, .spec = out, .err = err};
    *out = (en_spec){0};
    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        r.line++;
        en_status st = split_line(&r, at, length);
        if (st == EN_OK && r.words > 0) {
            st = read_line(&r);
        }
        if (st != EN_OK) {
            return st;
        }
        at += length + (at[length] == '\n');
    }
    if (out->count == 0) {
        return en_error_set(err, EN_INPUT, "%s: no layers: a network starts with a line such as 'input 256x256x3'",
                            name);
    }
    const en_layer_spec *last = &out->layer[out->count - 1];
    if (!is_output(last->act)) {
        r.line = last->line;
        return en_reader_fault(&r, "the last layer must end in softmax or ordinal, such as: dense classes softmax");
    }
    out->output = last->act;
    return check_branches(&r);
}

en_status en_spec_load(const char *file_or_preset, en_spec *out, en_error *err)
{
    const char *names[32] = {NULL};
    size_t count = 0;
    for (const en_preset *p = en_presets(); p->name != NULL; p++) {
        if (strcmp(p->name, file_or_preset) == 0) {
            return en_spec_parse(p->text, p->name, out, err);
        }
        if (count + 1 < sizeof names / sizeof *names) {
            names[count++] = p->name;
        }
    }
    if (!en_file_exists(file_or_preset)) {
        const char *near = en_nearest_word(file_or_preset, names);
        return en_error_set(err, EN_INPUT, "'%s' is neither a file nor a built-in network%s%s%s", file_or_preset,
                            near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "");
    }
    en_buf text;
    en_buf_init(&text, EN_SPEC_TEXT_MAX);
    en_status st = en_file_read(file_or_preset, &text, err);
    if (st == EN_OK && strlen(en_buf_str(&text)) != text.size) {
        st = en_error_set(err, EN_INPUT, "%s is not a text file", file_or_preset);
    }
    if (st == EN_OK) {
        const char *words = en_buf_str(&text);
        words += en_starts_with(words, "\xef\xbb\xbf") ? 3 : 0; /* a byte order mark */
        st = en_spec_parse(words, en_path_base(file_or_preset), out, err);
    }
    en_buf_clear(&text);
    return st;
}
