/* The metrics of an evaluation, in the order and with the digits in which every command shows them. */
#ifndef EN_RENDER_METRICS_H
#define EN_RENDER_METRICS_H

#include "render/field.h"

/* Of an en_metrics. What needs two classes has no value with more. */
extern const en_field en_metrics_fields[];

#endif
