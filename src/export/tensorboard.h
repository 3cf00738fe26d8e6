/* TensorBoard's event files: records of TFRecord (https://www.tensorflow.org/tutorials/load_data/tfrecord, CRC-32C,
 * masked) that are messages tensorflow.Event.
 *
 * Events are gathered and written by en_tensorboard_save, whole or not at all, or by en_tensorboard_append to a file
 * that TensorBoard reads while it grows. The first error is remembered, what follows does nothing, and these two report
 * it.
 *
 * Times are seconds since 1970; steps count from 0. Texts may have any bytes: those that are not UTF-8 become U+FFFD.
 */
#ifndef EN_EXPORT_TENSORBOARD_H
#define EN_EXPORT_TENSORBOARD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "nn/operation.h"

#define EN_TENSORBOARD_BEGINS "\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22" /* length of the first record, and its checksum */

typedef struct en_tensorboard {
    en_buf bytes;
    en_status status;
    en_error error;
} en_tensorboard;

/* Begins with the event that names the format. */
void en_tensorboard_init(en_tensorboard *t, double time);
void en_tensorboard_clear(en_tensorboard *t); /* safe on a zeroed one */

void en_tensorboard_scalar(en_tensorboard *t, double time, int64_t step, const char *tag, double value);
/* Of the finite values, in 64 bins of one width from the least to the largest; nothing when there are none. */
void en_tensorboard_histogram(en_tensorboard *t, double time, int64_t step, const char *tag, const float *value,
                              size_t count);
/* A PNG file of (height,width); `title` is shown beside it. */
void en_tensorboard_image(en_tensorboard *t, double time, int64_t step, const char *tag, const char *title,
                          const en_buf *png, int height, int width);
/* The network, an operation a node, with the shapes of its values. */
void en_tensorboard_graph(en_tensorboard *t, double time, const en_spec *spec, const en_operations *ops,
                          size_t classes);

typedef struct en_tensorboard_setting {
    const char *name, *value; /* a value that is a number is one there, too */
} en_tensorboard_setting;
/* The plugin hparams: settings, and the tags by which runs are compared. */
void en_tensorboard_settings(en_tensorboard *t, double time, const char *run, const en_tensorboard_setting *setting,
                             size_t settings, const char *const *tag, size_t tags);
typedef enum en_tensorboard_state {
    EN_TENSORBOARD_SUCCESS = 1,
    EN_TENSORBOARD_FAILURE,
    EN_TENSORBOARD_RUNNING
} en_tensorboard_state;
void en_tensorboard_end(en_tensorboard *t, double time, en_tensorboard_state state);

/* Writes all events as a file. */
en_status en_tensorboard_save(const en_tensorboard *t, const char *path, en_error *err) EN_CHECKED;
/* Appends them to an open file of *size bytes and empties the list; after an error the file ends as it did before. */
en_status en_tensorboard_append(en_tensorboard *t, int fd, const char *path, int64_t *size, en_error *err) EN_CHECKED;

#endif
