/* See foreign.h. A naming walks over the lines of the network's text and says what the source calls each. */
#include "nn/foreign.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "nn/kind.h"
#include "nn/safetensors.h"

#define NAME_SIZE 96
#define LIST_MAX ((size_t)512) /* bytes of a list of names in a message */
#define LISTED 6u              /* names in it */

typedef struct walk {
    const en_spec *spec;
    size_t line;
    size_t stage, block, part; /* the naming's own; 0 to begin with */
} walk;

/* The source's two modules of a line: the layer and its norm, or the two products of squeeze-excite; "" for none. */
typedef struct modules {
    char name[2][NAME_SIZE / 2];
} modules;

typedef void naming(walk *w, modules *out);

static const en_layer_spec *layer_at(const walk *w) { return &w->spec->layer[w->line]; }

static bool is_kind(const walk *w, size_t line, const en_layer_kind *kind)
{
    return line < w->spec->count && w->spec->layer[line].kind == kind;
}

static void call(modules *out, size_t which, const char *format, ...) EN_PRINTF(3, 4);
static void call(modules *out, size_t which, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(out->name[which], sizeof out->name[which], format, args);
    va_end(args);
}

/* A block is an expansion, where there is one, a depthwise convolution, and a projection without an activation. */
static void name_efficientnet(walk *w, modules *out)
{
    const en_layer_spec *l = layer_at(w);
    if (l->kind == &en_layer_dense) {
        call(out, 0, "_fc");
    } else if (l->kind != &en_layer_conv) {
        return;
    } else if (w->line == 0) {
        call(out, 0, "_conv_stem");
        call(out, 1, "_bn0");
    } else if (is_kind(w, w->line + 1, &en_layer_globalavg)) {
        call(out, 0, "_conv_head");
        call(out, 1, "_bn1");
    } else {
        bool wide = l->groups > 1, last = l->act == EN_ACT_NONE;
        call(out, 0, "_blocks.%zu.%s", w->block, wide ? "_depthwise_conv" : last ? "_project_conv" : "_expand_conv");
        call(out, 1, "_blocks.%zu.%s", w->block, wide ? "_bn1" : last ? "_bn2" : "_bn0");
        w->block += last;
    }
}

/* A block's parts are numbered, squeeze-excite among them; the last has no activation. */
static void name_mobilenet(walk *w, modules *out)
{
    const en_layer_spec *l = layer_at(w);
    if (l->kind == &en_layer_dense) {
        call(out, 0, "classifier.%d", w->line == en_spec_head(w->spec) ? 3 : 0);
    } else if (l->kind == &en_layer_squeeze) {
        call(out, 0, "features.%zu.block.%zu.fc1", w->block, w->part);
        call(out, 1, "features.%zu.block.%zu.fc2", w->block, w->part++);
    } else if (l->kind != &en_layer_conv) {
        return;
    } else if (w->line == 0 || is_kind(w, w->line + 1, &en_layer_globalavg)) {
        call(out, 0, "features.%zu.0", w->block);
        call(out, 1, "features.%zu.1", w->block++);
    } else {
        call(out, 0, "features.%zu.block.%zu.0", w->block, w->part);
        call(out, 1, "features.%zu.block.%zu.1", w->block, w->part++);
        if (l->act == EN_ACT_NONE) {
            w->block++;
            w->part = 0;
        }
    }
}

/* Four stages of two blocks; a block has two convolutions of 3x3, perhaps one of 1x1 beside them, and ends in add. */
static void name_resnet(walk *w, modules *out)
{
    const en_layer_spec *l = layer_at(w);
    if (l->kind == &en_layer_dense) {
        call(out, 0, "fc");
    } else if (l->kind == &en_layer_add) {
        w->part = 0;
        w->stage += w->block;
        w->block = 1 - w->block;
    } else if (l->kind == &en_layer_conv && w->line == 0) {
        call(out, 0, "conv1");
        call(out, 1, "bn1");
    } else if (l->kind == &en_layer_conv && l->kh == 1) {
        call(out, 0, "layer%zu.%zu.downsample.0", w->stage + 1, w->block);
        call(out, 1, "layer%zu.%zu.downsample.1", w->stage + 1, w->block);
    } else if (l->kind == &en_layer_conv) {
        w->part++;
        call(out, 0, "layer%zu.%zu.conv%zu", w->stage + 1, w->block, w->part);
        call(out, 1, "layer%zu.%zu.bn%zu", w->stage + 1, w->block, w->part);
    }
}

static naming *naming_of(const char *preset)
{
    static const struct {
        const char *preset;
        naming *names;
    } all[] = {{"efficientnet-lite0", name_efficientnet},
               {"efficientnet-lite1", name_efficientnet},
               {"efficientnet-lite2", name_efficientnet},
               {"mobilenet-v3-large", name_mobilenet},
               {"resnet18", name_resnet}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(preset, all[i].preset) == 0) {
            return all[i].names;
        }
    }
    return NULL;
}

bool en_foreign_knows(const char *preset) { return naming_of(preset) != NULL; }

/* What a parameter, without its line's number, is called in its module. */
static const struct {
    const char *own;
    size_t module;
    const char *theirs;
} suffixes[] = {{"conv.weight", 0, "weight"},           {"conv.bias", 0, "bias"},
                {"dense.weight", 0, "weight"},          {"dense.bias", 0, "bias"},
                {"batchnorm.scale", 1, "weight"},       {"batchnorm.shift", 1, "bias"},
                {"batchnorm.mean", 1, "running_mean"},  {"batchnorm.variance", 1, "running_var"},
                {"squeeze.reduce.weight", 0, "weight"}, {"squeeze.reduce.bias", 0, "bias"},
                {"squeeze.expand.weight", 1, "weight"}, {"squeeze.expand.bias", 1, "bias"}};

/* The source's name of a parameter; "" when it has none. */
static void foreign_name(const en_parameter *p, const modules *line, char out[NAME_SIZE])
{
    const char *own = strchr(p->name, '.') + 1;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (strcmp(own, suffixes[i].own) == 0) {
            (void)snprintf(out, NAME_SIZE, "%s.%s", line[p->line].name[suffixes[i].module], suffixes[i].theirs);
        }
    }
}

/* The modules of every line; en_free. */
static modules *name_lines(const en_spec *spec, const char *preset)
{
    modules *line = en_calloc(spec->count, sizeof *line);
    walk w = {.spec = spec};
    naming *names = naming_of(preset);
    for (; line != NULL && w.line < spec->count; w.line++) {
        names(&w, &line[w.line]);
    }
    return line;
}

/* A list of names for a message: the first of them, and how many there are. */
typedef struct name_list {
    char text[LIST_MAX];
    size_t count;
} name_list;

static void list_name(name_list *list, const char *name)
{
    size_t used = strlen(list->text);
    if (list->count++ < LISTED) {
        (void)snprintf(list->text + used, sizeof list->text - used, "%s%s", used > 0 ? ", " : "", name);
    }
}

static const char *and_more(const name_list *list) { return list->count > LISTED ? ", ..." : ""; }

/* PyTorch's shape of a weight: outputs first, the kernel last; a product as a convolution of 1x1 counts too. */
static bool has_shape(const en_parameter *p, const en_tensor *t)
{
    if (p->rank == 1) {
        return t->rank == 1 && t->shape[0] == p->shape[0];
    }
    const size_t *s = p->shape;
    size_t kh = p->rank == 4 ? s[0] : 1, kw = p->rank == 4 ? s[1] : 1;
    bool same = t->rank >= 2 && t->shape[0] == s[p->rank - 1] && t->shape[1] == s[p->rank - 2];
    return same && ((t->rank == 4 && t->shape[2] == kh && t->shape[3] == kw) || (t->rank == 2 && p->rank == 2));
}

static en_status check_shape(const en_parameter *p, const en_tensor *t, const char *path, en_error *err)
{
    if (t->other_type) {
        return en_error_set(err, EN_INPUT, "'%s': the tensor '%s' is not of type F32", path, t->name);
    }
    if (has_shape(p, t)) {
        return EN_OK;
    }
    char shape[96] = "";
    for (unsigned i = 0; i < t->rank; i++) {
        size_t used = strlen(shape);
        (void)snprintf(shape + used, sizeof shape - used, "%s%zu", i > 0 ? "x" : "", t->shape[i]);
    }
    return en_error_set(err, EN_INPUT, "'%s': the tensor '%s' has the shape %s, which is not that of the network's %s",
                        path, t->name, shape, p->name);
}

typedef struct reading {
    en_network *net;
    const en_spec *spec;
    const char *path;
    const modules *line;
    const en_tensor_file *file;
    size_t head; /* its line */
    bool with_head;
} reading;

static bool is_read(const reading *r, const en_parameter *p) { return r->with_head || p->line != r->head; }

/* Whether a tensor of the file may be left unread: a count of batches, or one of the head. */
static bool may_be_left(const reading *r, const char *name, size_t *left_out)
{
    static const char tracked[] = ".num_batches_tracked";
    size_t size = strlen(name), tail = sizeof tracked - 1;
    if (size > tail && strcmp(name + size - tail, tracked) == 0) {
        return true;
    }
    const char *head = r->head < r->spec->count ? r->line[r->head].name[0] : "";
    bool of_head = !r->with_head && strncmp(name, head, strlen(head)) == 0 &&
                   (strcmp(name + strlen(head), ".weight") == 0 || strcmp(name + strlen(head), ".bias") == 0);
    *left_out += of_head;
    return of_head;
}

/* Shown only where it is fit to be. */
static const char *printable(const char *name)
{
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (i == NAME_SIZE || (unsigned char)name[i] < ' ' || (unsigned char)name[i] >= 0x7f) {
            return "(unreadable name)";
        }
    }
    return name;
}

static bool is_wanted(const reading *r, const char *name)
{
    char theirs[NAME_SIZE];
    for (size_t i = 0; i < en_network_parameters(r->net); i++) {
        const en_parameter *p = en_network_parameter(r->net, i);
        foreign_name(p, r->line, theirs);
        if (is_read(r, p) && strcmp(theirs, name) == 0) {
            return true;
        }
    }
    return false;
}

static en_status check_names(const reading *r, en_foreign_result *out, en_error *err)
{
    name_list missing = {"", 0}, surplus = {"", 0};
    char name[NAME_SIZE];
    for (size_t i = 0; i < en_network_parameters(r->net); i++) {
        const en_parameter *p = en_network_parameter(r->net, i);
        foreign_name(p, r->line, name);
        if (is_read(r, p) && en_tensors_find(r->file, name) == NULL) {
            list_name(&missing, name);
        }
    }
    for (size_t i = 0; i < r->file->count; i++) {
        const char *theirs = r->file->tensor[i].name;
        if (!is_wanted(r, theirs) && !may_be_left(r, theirs, &out->left_out)) {
            list_name(&surplus, printable(theirs));
        }
    }
    if (missing.count + surplus.count == 0) {
        return EN_OK;
    }
    return en_error_set(
        err, EN_INPUT, "'%s' does not have the network's tensors: %zu missing%s%s%s%s, %zu surplus%s%s%s%s", r->path,
        missing.count, missing.count > 0 ? " (" : "", missing.text, and_more(&missing), missing.count > 0 ? ")" : "",
        surplus.count, surplus.count > 0 ? " (" : "", surplus.text, and_more(&surplus), surplus.count > 0 ? ")" : "");
}

/* From (out, in, kh, kw) to (kh, kw, in, out); a dense weight has a kernel of one. */
static void reorder(const en_parameter *p, const float *from)
{
    bool conv = p->rank == 4;
    size_t outs = p->shape[p->rank - 1], ins = p->shape[p->rank - 2], kernel = conv ? p->shape[0] * p->shape[1] : 1;
    for (size_t o = 0; o < outs; o++) {
        for (size_t i = 0; i < ins; i++) {
            for (size_t k = 0; k < kernel; k++) {
                p->value[(k * ins + i) * outs + o] = from[(o * ins + i) * kernel + k];
            }
        }
    }
}

static en_status check_numbers(const en_parameter *p, const char *name, const char *path, en_error *err)
{
    bool variance = p->statistic && strstr(p->name, "variance") != NULL;
    for (size_t i = 0; i < p->count; i++) {
        if (!isfinite(p->value[i]) || (variance && p->value[i] < 0)) {
            return en_error_set(err, EN_INPUT, "'%s': the tensor '%s' has a %s", path, name,
                                isfinite(p->value[i]) ? "negative variance" : "number that is not finite");
        }
    }
    return EN_OK;
}

static en_status read_tensors(const reading *r, float *buffer, en_foreign_result *out, en_error *err)
{
    char name[NAME_SIZE];
    for (size_t i = 0; i < en_network_parameters(r->net); i++) {
        const en_parameter *p = en_network_parameter(r->net, i);
        if (!is_read(r, p)) {
            continue;
        }
        foreign_name(p, r->line, name);
        bool turned = p->rank > 1;
        en_status st =
            en_tensors_read(r->file, en_tensors_find(r->file, name), turned ? buffer : p->value, r->path, err);
        if (st == EN_OK && turned) {
            reorder(p, buffer);
        }
        if (st == EN_OK) {
            st = check_numbers(p, name, r->path, err);
        }
        if (st != EN_OK) {
            return st;
        }
        out->tensors++;
        out->parameters += p->count;
    }
    return EN_OK;
}

static en_status check_shapes(const reading *r, size_t *largest, en_error *err)
{
    char name[NAME_SIZE];
    *largest = 1;
    for (size_t i = 0; i < en_network_parameters(r->net); i++) {
        const en_parameter *p = en_network_parameter(r->net, i);
        foreign_name(p, r->line, name);
        en_status st = is_read(r, p) ? check_shape(p, en_tensors_find(r->file, name), r->path, err) : EN_OK;
        if (st != EN_OK) {
            return st;
        }
        *largest = p->count > *largest ? p->count : *largest;
    }
    return EN_OK;
}

en_status en_foreign_read(en_network *net, const en_spec *spec, const char *preset, const char *path, bool head,
                          en_foreign_result *out, en_error *err)
{
    *out = (en_foreign_result){0};
    en_tensor_file file;
    float *buffer = NULL;
    size_t largest;
    en_status st = en_tensors_open(path, &file, err);
    if (st != EN_OK) {
        return st;
    }
    modules *line = name_lines(spec, preset);
    const reading r = {net, spec, path, line, &file, en_spec_head(spec), head};
    st = line != NULL ? check_names(&r, out, err) : en_error_nomem(err, "a table of names");
    if (st == EN_OK) {
        st = check_shapes(&r, &largest, err);
    }
    if (st == EN_OK && (buffer = en_calloc(largest, sizeof *buffer)) == NULL) {
        st = en_error_nomem(err, "a tensor");
    }
    if (st == EN_OK) {
        st = read_tensors(&r, buffer, out, err);
    }
    en_free(buffer);
    en_free(line);
    en_tensors_close(&file);
    return st;
}

en_status en_foreign_classes(const char *path, const char *preset, const en_spec *spec, size_t *out, en_error *err)
{
    en_tensor_file file;
    char name[NAME_SIZE];
    size_t head = en_spec_head(spec);
    en_status st = en_tensors_open(path, &file, err);
    if (st != EN_OK) {
        return st;
    }
    modules *line = name_lines(spec, preset);
    if (line == NULL || head == spec->count) {
        st = line == NULL ? en_error_nomem(err, "a table of names")
                          : en_error_set(err, EN_INPUT, "the network '%s' has no dense layer", preset);
    } else {
        (void)snprintf(name, sizeof name, "%s.weight", line[head].name[0]);
        const en_tensor *t = en_tensors_find(&file, name);
        *out = t != NULL && t->rank == 2 ? t->shape[0] : 0;
        if (*out == 0) {
            st = en_error_set(err, EN_INPUT, "'%s' has no head: no tensor '%s' of two dimensions", path, name);
        }
    }
    en_free(line);
    en_tensors_close(&file);
    return st;
}
