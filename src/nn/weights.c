/* A network's parameters, and Adam's moments, to and from safetensors files. */
#include "nn/weights.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/safetensors.h"

#define NAME_SIZE 64

#define ALL_LINES SIZE_MAX /* none is left out */

/* The optimiser's slots that are beside a parameter. */
static size_t slots(const en_network *net, const en_parameter *p)
{
    bool has_slots = !p->statistic && !(p->frozen && p->slot[0] == NULL);
    return has_slots ? en_optimiser_slots(en_network_optimiser(net)) : 0;
}

/* How many tensors of a parameter a file has: its values, and in a checkpoint the optimiser's slots and the moving
 * average, where there is one. */
static size_t kinds(const en_network *net, const en_parameter *p, en_keep keep)
{
    return keep == EN_KEEP_CHECKPOINT ? 1 + slots(net, p) + (p->average != NULL) : 1;
}

static size_t tensors_of(en_network *net, en_keep keep, size_t without)
{
    size_t count = 0;
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        const en_parameter *p = en_network_parameter(net, i);
        count += p->line != without ? kinds(net, p, keep) : 0;
    }
    return count;
}

static float *numbers(const en_network *net, const en_parameter *p, size_t kind)
{
    return kind == 0 ? p->value : kind <= slots(net, p) ? p->slot[kind - 1] : p->average;
}

static void name_of(const en_network *net, const en_parameter *p, size_t kind, char name[NAME_SIZE])
{
    const char *what = kind == 0               ? ""
                       : kind <= slots(net, p) ? en_optimiser_slot_name(en_network_optimiser(net), kind - 1)
                                               : "average";
    (void)snprintf(name, NAME_SIZE, "%s%s%s", p->name, kind > 0 ? "." : "", what);
}

static en_status check_keep(const en_network *net, en_keep keep, en_error *err)
{
    if (keep == EN_KEEP_CHECKPOINT && en_network_mode(net) != EN_TRAIN) {
        return en_error_set(err, EN_BUG, "a checkpoint of a network made for prediction");
    }
    return EN_OK;
}

static en_status save(en_network *net, en_keep keep, size_t without, const char *path, const en_meta *meta,
                      size_t metas, en_error *err)
{
    en_status st = check_keep(net, keep, err);
    if (st != EN_OK) {
        return st;
    }
    size_t count = tensors_of(net, keep, without), at = 0;
    en_tensor *tensor = en_calloc(count, sizeof *tensor);
    char(*name)[NAME_SIZE] = en_calloc(count, sizeof *name);
    if (tensor == NULL || name == NULL) {
        st = en_error_nomem(err, "a table of tensors");
        goto done;
    }
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        const en_parameter *p = en_network_parameter(net, i);
        for (size_t kind = 0; p->line != without && kind < kinds(net, p, keep); kind++, at++) {
            name_of(net, p, kind, name[at]);
            tensor[at] = (en_tensor){.name = name[at], .rank = p->rank, .data = numbers(net, p, kind)};
            memcpy(tensor[at].shape, p->shape, p->rank * sizeof *p->shape);
        }
    }
    st = en_tensors_write(path, tensor, count, meta, metas, err);
done:
    en_free(name);
    en_free(tensor);
    return st;
}

en_status en_weights_save(en_network *net, en_keep keep, const char *path, const en_meta *meta, size_t metas,
                          en_error *err)
{
    return save(net, keep, ALL_LINES, path, meta, metas, err);
}

en_status en_weights_save_without(en_network *net, size_t line, const char *path, const en_meta *meta, size_t metas,
                                  en_error *err)
{
    return save(net, EN_KEEP_MODEL, line, path, meta, metas, err);
}

/* The file's tensor of that parameter and kind, checked against the network. */
static en_status find(const en_network *net, const en_tensor_file *file, const en_parameter *p, size_t kind,
                      const char *path, const en_tensor **out, en_error *err)
{
    char name[NAME_SIZE];
    name_of(net, p, kind, name);
    const en_tensor *tensor = *out = en_tensors_find(file, name);
    if (tensor == NULL) {
        return en_error_set(err, EN_INPUT, "'%s' has no tensor '%s': it belongs to another network%s", path, name,
                            kind > 0 ? " or is not a checkpoint" : "");
    }
    if (tensor->other_type) {
        return en_error_set(err, EN_INPUT, "the tensor '%s' of '%s' is not of type F32", name, path);
    }
    if (tensor->rank != p->rank || memcmp(tensor->shape, p->shape, p->rank * sizeof *p->shape) != 0) {
        return en_error_set(err, EN_INPUT, "the tensor '%s' of '%s' has another shape than the network's", name, path);
    }
    return EN_OK;
}

/* Finds every tensor that is to be loaded, and reads it when `read`. */
static en_status go_through(en_network *net, en_keep keep, size_t without, const en_tensor_file *file, bool read,
                            const char *path, en_error *err)
{
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        const en_parameter *p = en_network_parameter(net, i);
        for (size_t kind = 0; p->line != without && kind < kinds(net, p, keep); kind++) {
            const en_tensor *tensor;
            en_status st = find(net, file, p, kind, path, &tensor, err);
            if (st == EN_OK && read) {
                st = en_tensors_read(file, tensor, numbers(net, p, kind), path, err);
            }
            if (st != EN_OK) {
                return st;
            }
        }
    }
    return EN_OK;
}

static en_status load(en_network *net, en_keep keep, size_t without, const char *path, en_error *err)
{
    en_status st = check_keep(net, keep, err);
    if (st != EN_OK) {
        return st;
    }
    en_tensor_file file;
    st = en_tensors_open(path, &file, err);
    if (st != EN_OK) {
        return st;
    }
    size_t whole = tensors_of(net, EN_KEEP_CHECKPOINT, ALL_LINES), values = en_network_parameters(net);
    if (without == ALL_LINES && file.count != values && file.count != whole) {
        st = en_error_set(err, EN_INPUT, "'%s' has %zu tensors, not the network's %zu: it belongs to another network",
                          path, file.count, values);
    }
    if (st == EN_OK) { /* all is checked before anything is read */
        st = go_through(net, keep, without, &file, false, path, err);
    }
    if (st == EN_OK) {
        st = go_through(net, keep, without, &file, true, path, err);
    }
    en_tensors_close(&file);
    return st;
}

en_status en_weights_load(en_network *net, en_keep keep, const char *path, en_error *err)
{
    return load(net, keep, ALL_LINES, path, err);
}

en_status en_weights_load_without(en_network *net, size_t line, const char *path, en_error *err)
{
    return load(net, EN_KEEP_MODEL, line, path, err);
}

en_status en_metadata_read(const char *path, en_metadata *out, en_error *err)
{
    en_tensor_file file;
    out->strings = NULL;
    en_status st = en_tensors_open(path, &file, err);
    if (st == EN_OK) {
        out->strings = json_incref(json_object_get(file.header, "__metadata__"));
        en_tensors_close(&file);
    }
    return st;
}

const char *en_metadata_get(const en_metadata *meta, const char *key)
{
    return json_string_value(json_object_get(meta->strings, key));
}

void en_metadata_clear(en_metadata *meta)
{
    json_decref(meta->strings);
    meta->strings = NULL;
}
