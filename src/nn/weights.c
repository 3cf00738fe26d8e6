/* A network's parameters, and Adam's moments, to and from safetensors files. */
#include "nn/weights.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/safetensors.h"

#define NAME_SIZE 64
#define KINDS 3u /* of numbers a parameter has: the values, and in a checkpoint both moments */

static const char *const suffix[KINDS] = {"", ".adam_m", ".adam_v"};

static size_t kinds(en_keep keep) { return keep == EN_KEEP_CHECKPOINT ? KINDS : 1; }

static float *numbers(const en_parameter *p, size_t kind)
{
    float *of[KINDS] = {p->value, p->m, p->v};
    return of[kind];
}

static void name_of(const en_parameter *p, size_t kind, char name[NAME_SIZE])
{
    (void)snprintf(name, NAME_SIZE, "%s%s", p->name, suffix[kind]);
}

static en_status check_keep(en_network *net, en_keep keep, en_error *err)
{
    if (keep == EN_KEEP_CHECKPOINT && en_network_parameter(net, 0)->m == NULL) {
        return en_error_set(err, EN_BUG, "a checkpoint of a network made for prediction");
    }
    return EN_OK;
}

en_status en_weights_save(en_network *net, en_keep keep, const char *path, const en_meta *meta, size_t metas,
                          en_error *err)
{
    en_status st = check_keep(net, keep, err);
    if (st != EN_OK) {
        return st;
    }
    size_t count = en_network_parameters(net) * kinds(keep);
    en_tensor *tensor = en_calloc(count, sizeof *tensor);
    char(*name)[NAME_SIZE] = en_calloc(count, sizeof *name);
    if (tensor == NULL || name == NULL) {
        st = en_error_nomem(err, "a table of tensors");
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        const en_parameter *p = en_network_parameter(net, i / kinds(keep));
        name_of(p, i % kinds(keep), name[i]);
        tensor[i] = (en_tensor){.name = name[i], .rank = p->rank, .data = numbers(p, i % kinds(keep))};
        memcpy(tensor[i].shape, p->shape, p->rank * sizeof *p->shape);
    }
    st = en_tensors_write(path, tensor, count, meta, metas, err);
done:
    en_free(name);
    en_free(tensor);
    return st;
}

/* The file's tensor of that parameter and kind, checked against the network. */
static en_status find(const en_tensor_file *file, const en_parameter *p, size_t kind, const char *path,
                      const en_tensor **out, en_error *err)
{
    char name[NAME_SIZE];
    name_of(p, kind, name);
    const en_tensor *tensor = *out = en_tensors_find(file, name);
    if (tensor == NULL) {
        return en_error_set(err, EN_INPUT, "'%s' has no tensor '%s': it belongs to another network%s", path, name,
                            kind > 0 ? " or is not a checkpoint" : "");
    }
    if (tensor->rank != p->rank || memcmp(tensor->shape, p->shape, p->rank * sizeof *p->shape) != 0) {
        return en_error_set(err, EN_INPUT, "the tensor '%s' of '%s' has another shape than the network's", name, path);
    }
    return EN_OK;
}

en_status en_weights_load(en_network *net, en_keep keep, const char *path, en_error *err)
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
    size_t parameters = en_network_parameters(net);
    if (file.count != parameters && file.count != parameters * KINDS) {
        st = en_error_set(err, EN_INPUT, "'%s' has %zu tensors, not the network's %zu: it belongs to another network",
                          path, file.count, parameters);
    }
    for (int reading = 0; reading < 2; reading++) { /* all is checked before anything is read */
        for (size_t i = 0; st == EN_OK && i < parameters * kinds(keep); i++) {
            const en_parameter *p = en_network_parameter(net, i / kinds(keep));
            const en_tensor *tensor;
            st = find(&file, p, i % kinds(keep), path, &tensor, err);
            if (st == EN_OK && reading) {
                st = en_tensors_read(&file, tensor, numbers(p, i % kinds(keep)), path, err);
            }
        }
    }
    en_tensors_close(&file);
    return st;
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
