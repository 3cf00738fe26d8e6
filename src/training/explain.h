/* Heat maps of a trained model: where on a photograph its answer comes from (nn/explain.h). */
#ifndef EN_TRAINING_EXPLAIN_H
#define EN_TRAINING_EXPLAIN_H

#include "training/model.h"

/* The class that a heat map of a photograph explains: of two the positive one, whatever the answer is, as it is what
 * one looks for; of more that which was answered. */
size_t en_explained_class(const en_classes *classes, size_t predicted);

/* Draws the heat map of a class over a sample, (N,N,3) both, N being the size of the model's recipe; they may be the
 * same memory. The model is one of en_model_explainer_of_run. */
en_status en_model_explain(en_model *model, const uint8_t *sample, size_t class, uint8_t *over,
                           en_error *err) EN_CHECKED;

#endif
