/* ONNX (https://onnx.ai, IR version 7, opset 13): a graph from a sample's bytes to probabilities.
 *
 *   input    pixels         uint8 (N,H,W,C), samples as the recipe makes them
 *   outputs  probabilities  float (N,classes), calibrated: what `predict` gives
 *            logits         float (N,units), the network's last numbers
 *
 * Scaling, normalisation and the order of channels are part of the graph. Weights have the names of the model's own
 * file. The metadata are those of the model. */
#ifndef EN_EXPORT_ONNX_H
#define EN_EXPORT_ONNX_H

#include "export/model.h"

#define EN_ONNX_BEGINS                                                                                                 \
    "\x08\x07\x12\x06"                                                                                                 \
    "eyenet" /* how these files begin: IR version and producer */

/* Writes the file whole or not at all, whatever was there before. EN_INPUT when the format has no space for it: 2 GiB.
 */
en_status en_onnx_write(const en_export_model *model, const char *path, en_error *err) EN_CHECKED;

#endif
