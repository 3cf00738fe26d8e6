/* See tensorboard.h. The numbers of fields are those of tensorflow's event.proto, summary.proto, histogram.proto and
 * graph.proto, and of tensorboard's plugin hparams. */
#include "export/tensorboard.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/markup.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "export/proto.h"

#define EVENTS_CAP ((size_t)1 << 30)
#define BINS 64
#define TEXT_MAX 1024

enum { EVENT_TIME = 1, EVENT_STEP = 2, EVENT_VERSION = 3, EVENT_GRAPH = 4, EVENT_SUMMARY = 5 };
enum { VALUE_TAG = 1, VALUE_SIMPLE = 2, VALUE_IMAGE = 4, VALUE_HISTOGRAM = 5, VALUE_METADATA = 9 };
enum { METADATA_PLUGIN = 1, METADATA_DISPLAY = 2 };
enum { PLUGIN_NAME = 1, PLUGIN_CONTENT = 2 };

static uint32_t masked(const void *data, size_t bytes)
{
    uint32_t crc = en_crc32c(0, data, bytes);
    return (crc >> 15 | crc << 17) + 0xa282ead8;
}

static void add(en_tensorboard *t, const void *data, size_t bytes)
{
    if (t->status == EN_OK) {
        t->status = en_buf_add(&t->bytes, data, bytes, &t->error);
    }
}

/* length, its checksum, the message, its checksum */
static void add_record(en_tensorboard *t, en_proto *event)
{
    if (event->status != EN_OK && t->status == EN_OK) {
        t->status = event->status;
        t->error = event->error;
    }
    if (t->status == EN_OK) {
        const uint64_t length = event->bytes.size;
        const uint32_t of_length = masked(&length, sizeof length),
                       of_message = masked(event->bytes.data, event->bytes.size);
        add(t, &length, sizeof length);
        add(t, &of_length, sizeof of_length);
        add(t, event->bytes.data, event->bytes.size);
        add(t, &of_message, sizeof of_message);
    }
    en_proto_clear(event);
}

/* A text as UTF-8 of at most TEXT_MAX bytes. */
static void put_text(en_proto *p, unsigned field, const char *text)
{
    char clean[TEXT_MAX + 4];
    size_t used = 0, taken, size = strlen(text);
    for (size_t at = 0; at < size && used < TEXT_MAX; at += taken) {
        used += en_markup_encode(en_utf8_next(text + at, size - at, &taken), clean + used);
    }
    en_proto_bytes(p, field, clean, used);
}

static void begin(en_proto *event, double time, int64_t step)
{
    en_proto_init(event);
    en_proto_double(event, EVENT_TIME, time);
    if (step != 0) {
        en_proto_int(event, EVENT_STEP, step);
    }
}

/* An event of a summary of one value, which is emptied. */
static void add_value(en_tensorboard *t, double time, int64_t step, en_proto *value)
{
    en_proto event, summary;
    en_proto_init(&summary);
    begin(&event, time, step);
    en_proto_message(&summary, 1, value);
    en_proto_message(&event, EVENT_SUMMARY, &summary);
    add_record(t, &event);
}

void en_tensorboard_init(en_tensorboard *t, double time)
{
    *t = (en_tensorboard){0};
    en_buf_init(&t->bytes, EVENTS_CAP);
    en_proto event;
    begin(&event, time, 0);
    en_proto_text(&event, EVENT_VERSION, "brain.Event:2");
    add_record(t, &event);
}

void en_tensorboard_clear(en_tensorboard *t)
{
    en_buf_clear(&t->bytes);
    *t = (en_tensorboard){0};
}

void en_tensorboard_scalar(en_tensorboard *t, double time, int64_t step, const char *tag, double value)
{
    en_proto v;
    en_proto_init(&v);
    put_text(&v, VALUE_TAG, tag);
    en_proto_float(&v, VALUE_SIMPLE, (float)value);
    add_value(t, time, step, &v);
}

void en_tensorboard_histogram(en_tensorboard *t, double time, int64_t step, const char *tag, const float *value,
                              size_t count)
{
    double least = HUGE_VAL, most = -HUGE_VAL, sum = 0, squares = 0, number = 0;
    double limit[BINS], bin[BINS] = {0};
    for (size_t i = 0; i < count; i++) {
        double x = (double)value[i];
        if (isfinite(x)) {
            least = fmin(least, x);
            most = fmax(most, x);
            sum += x;
            squares += x * x;
            number++;
        }
    }
    if (number == 0) {
        return;
    }
    double width = (most - least) / BINS;
    for (size_t b = 0; b < BINS; b++) { /* the limits rise, even where all values are one */
        limit[b] = width > 0 ? (b + 1 < BINS ? least + (double)(b + 1) * width : most)
                             : most + (double)b * fmax(fabs(most), 1) * 1e-6;
    }
    for (size_t i = 0; i < count; i++) {
        if (isfinite((double)value[i])) {
            double at = width > 0 ? ((double)value[i] - least) / width : 0;
            bin[at < BINS - 1 ? (size_t)at : BINS - 1]++;
        }
    }
    en_proto v, h;
    en_proto_init(&v);
    en_proto_init(&h);
    const double fact[] = {least, most, number, sum, squares};
    for (unsigned i = 0; i < 5; i++) {
        en_proto_double(&h, i + 1, fact[i]);
    }
    en_proto_bytes(&h, 6, limit, sizeof limit);
    en_proto_bytes(&h, 7, bin, sizeof bin);
    put_text(&v, VALUE_TAG, tag);
    en_proto_message(&v, VALUE_HISTOGRAM, &h);
    add_value(t, time, step, &v);
}

void en_tensorboard_image(en_tensorboard *t, double time, int64_t step, const char *tag, const char *title,
                          const en_buf *png, int height, int width)
{
    en_proto v, image, metadata;
    en_proto_init(&v);
    en_proto_init(&image);
    en_proto_init(&metadata);
    en_proto_int(&image, 1, height);
    en_proto_int(&image, 2, width);
    en_proto_int(&image, 3, 3); /* RGB */
    en_proto_bytes(&image, 4, png->data, png->size);
    put_text(&metadata, METADATA_DISPLAY, title);
    put_text(&v, VALUE_TAG, tag);
    en_proto_message(&v, VALUE_IMAGE, &image);
    en_proto_message(&v, VALUE_METADATA, &metadata);
    add_value(t, time, step, &v);
}

/* NodeDef with its output's shape; -1 is the batch. */
static void add_node(en_proto *graph, const char *name, const char *op, const char *const *input, size_t inputs,
                     const int64_t *shape, size_t rank)
{
    en_proto node, attribute, value, list, dims, dim;
    en_proto *all[] = {&node, &attribute, &value, &list, &dims, &dim};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        en_proto_init(all[i]);
    }
    for (size_t i = 0; i < rank; i++) {
        en_proto_int(&dim, 1, shape[i]);
        en_proto_message(&dims, 2, &dim);
    }
    en_proto_message(&list, 7, &dims);
    en_proto_message(&value, 1, &list);
    en_proto_text(&attribute, 1, "_output_shapes");
    en_proto_message(&attribute, 2, &value);
    en_proto_text(&node, 1, name);
    en_proto_text(&node, 2, op);
    for (size_t i = 0; i < inputs; i++) {
        en_proto_text(&node, 3, input[i]);
    }
    en_proto_message(&node, 5, &attribute);
    en_proto_message(graph, 1, &node);
}

#define NODE_NAME 48

static void node_name(char out[NODE_NAME], const en_operations *ops, size_t value)
{
    if (value == 0) {
        (void)snprintf(out, NODE_NAME, "pixels");
        return;
    }
    const en_operation *op = &ops->op[value - 1];
    (void)snprintf(out, NODE_NAME, "%zu/%s", op->line,
                   op->kind == EN_OP_ACTIVATION ? en_activation_word(op->act) : en_operation_word(op->kind));
}

static void add_operation(en_proto *graph, const en_operations *ops, size_t i)
{
    static const char *const type[] = {"Conv2D", "MatMul", "BatchNorm", "MaxPool",       "AvgPool",
                                       "Max",    "Mean",   "Add",       "SqueezeExcite", "Activation"};
    const en_operation *op = &ops->op[i];
    char name[NODE_NAME], input[EN_LAYER_INPUTS][NODE_NAME], kind[64];
    const char *inputs[EN_LAYER_INPUTS];
    for (size_t k = 0; k < op->inputs; k++) {
        node_name(input[k], ops, op->input[k]);
        inputs[k] = input[k];
    }
    node_name(name, ops, i + 1);
    const char *act = op->act != EN_ACT_NONE && op->kind != EN_OP_ACTIVATION ? en_activation_word(op->act) : NULL;
    (void)snprintf(kind, sizeof kind, "%s%s%s", type[op->kind], act != NULL ? "+" : "", act != NULL ? act : "");
    add_node(graph, name, kind, inputs, op->inputs,
             (const int64_t[]){-1, (int64_t)op->out.h, (int64_t)op->out.w, (int64_t)op->out.c}, 4);
}

void en_tensorboard_graph(en_tensorboard *t, double time, const en_spec *spec, const en_operations *ops, size_t classes)
{
    en_proto event, graph, versions, body;
    en_proto_init(&graph);
    en_proto_init(&versions);
    en_proto_init(&body);
    begin(&event, time, 0);
    const en_dims in = spec->input;
    add_node(&graph, "pixels", "Placeholder", NULL, 0,
             (const int64_t[]){-1, (int64_t)in.h, (int64_t)in.w, (int64_t)in.c}, 4);
    for (size_t i = 0; i < ops->count; i++) {
        add_operation(&graph, ops, i);
    }
    char last[NODE_NAME];
    node_name(last, ops, ops->last);
    add_node(&graph, "probabilities", spec->output == EN_ACT_ORDINAL ? "Ordinal" : "Softmax",
             (const char *const[]){last}, 1, (const int64_t[]){-1, (int64_t)classes}, 2);
    en_proto_int(&versions, 1, 22); /* of GraphDef, since TensorFlow 1.0 */
    en_proto_message(&graph, 4, &versions);
    en_proto_bytes(&event, EVENT_GRAPH, graph.bytes.data, graph.bytes.size);
    event.status = event.status != EN_OK ? event.status : graph.status;
    en_proto_clear(&graph);
    add_record(t, &event);
}

/* A value without data, whose metadata are for the plugin hparams. */
static void add_hparams(en_tensorboard *t, double time, const char *tag, unsigned field, en_proto *content)
{
    en_proto value, metadata, plugin, data;
    en_proto_init(&value);
    en_proto_init(&metadata);
    en_proto_init(&plugin);
    en_proto_init(&data);
    en_proto_message(&data, field, content);
    en_proto_text(&plugin, PLUGIN_NAME, "hparams");
    en_proto_message(&plugin, PLUGIN_CONTENT, &data);
    en_proto_message(&metadata, METADATA_PLUGIN, &plugin);
    en_proto_text(&value, VALUE_TAG, tag);
    en_proto_message(&value, VALUE_METADATA, &metadata);
    add_value(t, time, 0, &value);
}

enum { CONTENT_EXPERIMENT = 2, CONTENT_START = 3, CONTENT_END = 4 };
enum { TYPE_TEXT = 1, TYPE_NUMBER = 3 };

void en_tensorboard_settings(en_tensorboard *t, double time, const char *run, const en_tensorboard_setting *setting,
                             size_t settings, const char *const *tag, size_t tags)
{
    en_proto experiment, start, info, name, entry, value;
    en_proto *all[] = {&experiment, &start, &info, &name, &entry, &value};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        en_proto_init(all[i]);
    }
    en_proto_double(&experiment, 3, time);
    for (size_t i = 0; i < settings; i++) {
        double number;
        bool is_number = en_parse_double(setting[i].value, &number);
        put_text(&info, 1, setting[i].name);
        en_proto_int(&info, 4, is_number ? TYPE_NUMBER : TYPE_TEXT);
        en_proto_message(&experiment, 4, &info);
        if (is_number) {
            en_proto_double(&value, 2, number);
        } else {
            put_text(&value, 3, setting[i].value);
        }
        put_text(&entry, 1, setting[i].name);
        en_proto_message(&entry, 2, &value);
        en_proto_message(&start, 1, &entry);
    }
    for (size_t i = 0; i < tags; i++) {
        put_text(&name, 2, tag[i]);
        en_proto_message(&info, 1, &name);
        en_proto_message(&experiment, 5, &info);
    }
    put_text(&start, 4, run);
    en_proto_double(&start, 5, time);
    add_hparams(t, time, "_hparams_/experiment", CONTENT_EXPERIMENT, &experiment);
    add_hparams(t, time, "_hparams_/session_start_info", CONTENT_START, &start);
}

void en_tensorboard_end(en_tensorboard *t, double time, en_tensorboard_state state)
{
    en_proto end;
    en_proto_init(&end);
    en_proto_int(&end, 1, (int64_t)state);
    en_proto_double(&end, 2, time);
    add_hparams(t, time, "_hparams_/session_end_info", CONTENT_END, &end);
}

en_status en_tensorboard_save(const en_tensorboard *t, const char *path, en_error *err)
{
    return t->status == EN_OK ? en_file_write(path, t->bytes.data, t->bytes.size, err) : en_error_copy(err, &t->error);
}

en_status en_tensorboard_append(en_tensorboard *t, int fd, const char *path, int64_t *size, en_error *err)
{
    if (t->status != EN_OK) {
        return en_error_copy(err, &t->error);
    }
    en_status st = en_fd_write(fd, path, t->bytes.data, t->bytes.size, *size, err);
    if (st == EN_OK) {
        *size += (int64_t)t->bytes.size;
        en_buf_reset(&t->bytes);
    } else if (ftruncate(fd, (off_t)*size) != 0) {
        en_error_prefix(err, "'%s' is torn", path);
    }
    return st;
}
