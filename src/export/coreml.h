/* Core ML (https://apple.github.io/coremltools/mlmodel): a neural network classifier of specification version 1, or of
 * version 4 where it has a gelu, which 1 cannot express exactly.
 *
 *   input    image           RGB, of the network's width and height: a sample as the recipe makes it
 *   outputs  classLabel      the most probable class
 *            probabilities   a dictionary from each class to its probability, calibrated: what `predict` gives
 *
 * Scaling is the model's preprocessing: one factor, and a bias for each channel. A standard deviation for each channel
 * is part of the weights of the convolutions that read the image, or a layer of its own where anything else reads it.
 */
#ifndef EN_EXPORT_COREML_H
#define EN_EXPORT_COREML_H

#include "export/model.h"

/* How these files begin: the author's name, as a description that the rest of it is merged with. */
#define EN_COREML_BEGINS                                                                                               \
    "\x12\x0b\xa2\x06\x08\x1a\x06"                                                                                     \
    "eyenet"

/* Writes the file whole or not at all, whatever was there before. EN_INPUT when the network does not take images of
 * three channels, two classes have one name, or it has more than 2 GiB. */
en_status en_coreml_write(const en_export_model *model, const char *path, en_error *err) EN_CHECKED;

#endif
