/* LiteRT, formerly TensorFlow Lite (https://ai.google.dev/edge/litert, schema version 3): a graph from a sample's bytes
 * to probabilities, for Android.
 *
 *   input    pixels         uint8 (1,H,W,C), samples as the recipe makes them; the first size is free
 *   outputs  probabilities  float (1,classes), calibrated: what `predict` gives
 *            logits         float (1,units), the network's last numbers
 *
 * Operators of the interpreter's own alone, in single precision. Scaling and normalisation are part of the graph; norms
 * are part of the weights before them where only they read these. The metadata are those of the model, each in a buffer
 * of its own. The file begins with a mark, by which it is known as one of eyenet's. */
#ifndef EN_EXPORT_LITERT_H
#define EN_EXPORT_LITERT_H

#include "export/model.h"

#define EN_LITERT_BEGINS                                                                                               \
    "\x24\0\0\0TFL3"                                                                                                   \
    "eyenet\0\0" /* how these files begin: where the root is, what they are, and the mark */

/* Writes the file whole or not at all, whatever was there before. EN_INPUT when the format has no space for it: 2 GiB.
 */
en_status en_litert_write(const en_export_model *model, const char *path, en_error *err) EN_CHECKED;

#endif
