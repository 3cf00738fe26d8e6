/* Reads and writes safetensors files. Files are untrusted: every value is checked before use. */
#include "nn/safetensors.h"

#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"

#define HEADER_MAX ((uint64_t)16 << 20) /* bytes; ours are a few thousand */
#define TENSORS_MAX 4096u
#define METADATA "__metadata__"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "safetensors are little-endian and are copied as they are");

/* A name out of a file, fit to be shown. */
static const char *shown(const char *name)
{
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (i == 60 || iscntrl((unsigned char)name[i])) {
            return "(unreadable name)";
        }
    }
    return name;
}

static en_status bad_file(const char *path, en_error *err, const char *why)
{
    return en_error_set(err, EN_INPUT, "'%s' is not a whole safetensors file: %s", path, why);
}

static bool get_size(const json_t *value, uint64_t *out)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        return false;
    }
    *out = (uint64_t)json_integer_value(value);
    return true;
}

/* Bytes of a number; 0: not a type that the format has. */
static size_t type_bytes(const char *type)
{
    static const struct {
        const char *word;
        size_t bytes;
    } types[] = {{"F32", 4}, {"F64", 8}, {"F16", 2}, {"BF16", 2}, {"I64", 8},  {"I32", 4},     {"I16", 2},    {"I8", 1},
                 {"U64", 8}, {"U32", 4}, {"U16", 2}, {"U8", 1},   {"BOOL", 1}, {"F8_E5M2", 1}, {"F8_E4M3", 1}};
    for (size_t i = 0; type != NULL && i < sizeof types / sizeof *types; i++) {
        if (strcmp(type, types[i].word) == 0) {
            return types[i].bytes;
        }
    }
    return 0;
}

/* One entry of the header; NULL, or what is wrong with it. */
static const char *read_entry(const json_t *entry, uint64_t data_bytes, en_tensor *out)
{
    const json_t *shape = json_object_get(entry, "shape"), *offsets = json_object_get(entry, "data_offsets");
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    uint64_t bytes = type_bytes(type);
    if (bytes == 0) {
        return "is not of type F32, nor of another that the format has";
    }
    out->other_type = strcmp(type, "F32") != 0;
    out->width = (size_t)bytes;
    if (!json_is_array(shape) || json_array_size(shape) > EN_TENSOR_RANK) {
        return "has no shape of at most 8 sizes";
    }
    for (out->rank = 0; out->rank < json_array_size(shape); out->rank++) {
        uint64_t size;
        if (!get_size(json_array_get(shape, out->rank), &size) || __builtin_mul_overflow(bytes, size, &bytes)) {
            return "has an impossible shape";
        }
        out->shape[out->rank] = (size_t)size;
    }
    if (!json_is_array(offsets) || json_array_size(offsets) != 2 ||
        !get_size(json_array_get(offsets, 0), &out->begin) || !get_size(json_array_get(offsets, 1), &out->end) ||
        out->begin > out->end || out->end > data_bytes) {
        return "lies outside the file";
    }
    return out->end - out->begin == bytes ? NULL : "has a size that is not its shape's";
}

static int by_place(const void *a, const void *b)
{
    const en_tensor *left = a, *right = b;
    if (left->begin != right->begin) {
        return left->begin < right->begin ? -1 : 1;
    }
    return left->end < right->end ? -1 : left->end > right->end;
}

static en_status read_entries(en_tensor_file *file, const char *path, en_error *err)
{
    size_t entries = json_object_size(file->header);
    if (entries > TENSORS_MAX) {
        return bad_file(path, err, "it has too many tensors");
    }
    file->tensor = en_calloc(entries, sizeof *file->tensor);
    if (file->tensor == NULL) {
        return en_error_nomem(err, "a table of tensors");
    }
    const char *name;
    json_t *entry;
    json_object_foreach(file->header, name, entry)
    {
        if (strcmp(name, METADATA) == 0) {
            continue;
        }
        en_tensor *tensor = &file->tensor[file->count++];
        tensor->name = name;
        const char *wrong = read_entry(entry, file->data_bytes, tensor);
        if (wrong != NULL) {
            return en_error_set(err, EN_INPUT, "'%s': the tensor '%s' %s", path, shown(name), wrong);
        }
    }
    qsort(file->tensor, file->count, sizeof *file->tensor, by_place);
    uint64_t at = 0;
    for (size_t i = 0; i < file->count; at = file->tensor[i++].end) {
        if (file->tensor[i].begin != at) {
            return en_error_set(err, EN_INPUT, "'%s': the tensor '%s' overlaps another or leaves a gap", path,
                                shown(file->tensor[i].name));
        }
    }
    return at == file->data_bytes ? EN_OK : bad_file(path, err, "its tensors do not fill it");
}

static en_status check_metadata(const json_t *header, const char *path, en_error *err)
{
    json_t *strings = json_object_get(header, METADATA), *value;
    const char *key;
    if (strings == NULL) {
        return EN_OK;
    }
    if (!json_is_object(strings)) {
        return bad_file(path, err, "its metadata are not strings");
    }
    json_object_foreach(strings, key, value)
    {
        if (!json_is_string(value)) {
            return bad_file(path, err, "its metadata are not strings");
        }
    }
    return EN_OK;
}

/* The JSON between the 8 bytes of its length and the data. */
static en_status read_header(en_tensor_file *file, const char *path, en_error *err)
{
    struct stat info;
    uint64_t length;
    if (fstat(fileno(file->stream), &info) != 0) {
        return en_error_errno(err, "cannot read '%s'", path);
    }
    if (!S_ISREG(info.st_mode) || info.st_size < (off_t)sizeof length ||
        fread(&length, 1, sizeof length, file->stream) != sizeof length) {
        return bad_file(path, err, "it is too short");
    }
    uint64_t remaining = (uint64_t)info.st_size - sizeof length;
    if (length > HEADER_MAX || length > remaining) {
        return bad_file(path, err, "its header is longer than it may be");
    }
    file->data_at = sizeof length + length;
    file->data_bytes = remaining - length;
    char *text = en_alloc((size_t)length);
    if (text == NULL) {
        return en_error_nomem(err, "a header");
    }
    json_error_t fault;
    if (fread(text, 1, (size_t)length, file->stream) == length) {
        file->header = json_loadb(text, (size_t)length, JSON_REJECT_DUPLICATES, &fault);
    }
    en_free(text);
    return json_is_object(file->header) ? EN_OK : bad_file(path, err, "its header is not a JSON object");
}

en_status en_tensors_open(const char *path, en_tensor_file *out, en_error *err)
{
    *out = (en_tensor_file){.stream = fopen(path, "rbe")};
    if (out->stream == NULL) {
        return en_error_errno(err, "cannot open '%s'", path);
    }
    en_status st = read_header(out, path, err);
    if (st == EN_OK) {
        st = check_metadata(out->header, path, err);
    }
    if (st == EN_OK) {
        st = read_entries(out, path, err);
    }
    if (st != EN_OK) {
        en_tensors_close(out);
    }
    return st;
}

void en_tensors_close(en_tensor_file *file)
{
    if (file->stream != NULL) {
        (void)fclose(file->stream);
    }
    en_free(file->tensor);
    json_decref(file->header);
    *file = (en_tensor_file){0};
}

const en_tensor *en_tensors_find(const en_tensor_file *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++) {
        if (strcmp(file->tensor[i].name, name) == 0) {
            return &file->tensor[i];
        }
    }
    return NULL;
}

en_status en_tensors_read(const en_tensor_file *file, const en_tensor *tensor, float *to, const char *path,
                          en_error *err)
{
    size_t bytes = (size_t)(tensor->end - tensor->begin);
    if (tensor->other_type) {
        return en_error_set(err, EN_INPUT, "the tensor '%s' of '%s' is not of type F32", shown(tensor->name), path);
    }
    if (fseeko(file->stream, (off_t)(file->data_at + tensor->begin), SEEK_SET) != 0 ||
        fread(to, 1, bytes, file->stream) != bytes) {
        return en_error_set(err, EN_IO, "cannot read the tensor '%s' of '%s'", shown(tensor->name), path);
    }
    return EN_OK;
}

static json_t *entry_of(const en_tensor *tensor)
{
    json_t *shape = json_array();
    for (unsigned i = 0; i < tensor->rank; i++) {
        (void)json_array_append_new(shape, json_integer((json_int_t)tensor->shape[i]));
    }
    return json_pack("{s:s, s:o, s:[I,I]}", "dtype", "F32", "shape", shape, "data_offsets", (json_int_t)tensor->begin,
                     (json_int_t)tensor->end);
}

/* The header as text, padded with blanks to a multiple of 8 so that the data are aligned in a mapped file; en_free. */
static char *header_text(const en_tensor *tensor, size_t count, const en_meta *meta, size_t metas, size_t *length)
{
    json_t *header = json_object(), *strings = json_object();
    bool whole = header != NULL && strings != NULL;
    for (size_t i = 0; i < metas; i++) {
        whole = whole && json_object_set_new(strings, meta[i].key, json_string(meta[i].value)) == 0;
    }
    whole = whole && json_object_set(header, METADATA, strings) == 0;
    for (size_t i = 0; i < count; i++) {
        whole = whole && json_object_set_new(header, tensor[i].name, entry_of(&tensor[i])) == 0;
    }
    char *text = whole ? json_dumps(header, JSON_COMPACT) : NULL, *padded = NULL;
    if (text != NULL) {
        *length = (strlen(text) + 7) / 8 * 8;
        padded = en_format("%-*s", (int)*length, text);
    }
    free(text);
    json_decref(strings);
    json_decref(header);
    return padded;
}

en_status en_tensors_write(const char *path, en_tensor *tensor, size_t count, const en_meta *meta, size_t metas,
                           en_error *err)
{
    uint64_t at = 0;
    for (size_t i = 0; i < count; i++) {
        tensor[i].begin = at;
        at += sizeof(float);
        for (unsigned d = 0; d < tensor[i].rank; d++) {
            at = tensor[i].begin + (at - tensor[i].begin) * tensor[i].shape[d];
        }
        tensor[i].end = at;
    }
    size_t length = 0;
    char *text = header_text(tensor, count, meta, metas, &length);
    if (text == NULL) {
        return en_error_set(err, EN_NOMEM,
                            "cannot make the header of '%s': out of memory, or metadata that are not UTF-8", path);
    }
    en_writer w = {0};
    uint64_t prefix = length;
    en_status st = en_writer_open(&w, path, err);
    if (st == EN_OK) {
        st = en_writer_write(&w, &prefix, sizeof prefix, err);
    }
    if (st == EN_OK) {
        st = en_writer_write(&w, text, length, err);
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        st = en_writer_write(&w, tensor[i].data, (size_t)(tensor[i].end - tensor[i].begin), err);
    }
    if (st == EN_OK) {
        st = en_writer_commit(&w, err);
    }
    en_writer_abort(&w);
    en_free(text);
    return st;
}
