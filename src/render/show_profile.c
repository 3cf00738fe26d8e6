/* Where a network's time goes. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "render/field.h"
#include "render/show.h"

typedef struct line {
    const char *text, *shape, *algorithm;
    int64_t number, parameters, bytes;
    double forward_ms, backward_ms, gflops, fraction;
    char memory[32];
} line;

static line line_of(const en_profile_line *p, double peak)
{
    double seconds = p->forward + p->backward;
    bool counts = p->flops > 0 && seconds > 0;
    line l = {.text = p->text,
              .shape = p->shape,
              .algorithm = p->algorithm,
              .number = p->line,
              .parameters = p->parameters,
              .bytes = p->bytes,
              .forward_ms = p->forward * 1e3,
              .backward_ms = p->backward * 1e3,
              .gflops = counts ? p->flops / seconds / 1e9 : (double)NAN,
              .fraction = counts && peak > 0 ? p->flops / seconds / peak : (double)NAN};
    (void)en_human_size(p->bytes, l.memory, sizeof l.memory);
    return l;
}

static const en_field brief[] = {
    EN_SHOW("layer", line, text, 0),
    EN_SHOW("output", line, shape, EN_UNCUT),
    EN_SHOW("algorithm", line, algorithm, 0),
    EN_SHOW("fwd ms", line, forward_ms, 2),
    EN_SHOW("bwd ms", line, backward_ms, 2),
    EN_SHOW("GFLOP/s", line, gflops, 1),
    EN_SHOW("of peak", line, fraction, 2),
    EN_SHOW("memory", line, memory, EN_UNCUT),
    EN_FIELDS_END,
};

static const en_field whole[] = {
    EN_SHOW_FROM("line", line, number, 1),
    EN_SHOW("layer", line, text, 0),
    EN_SHOW("output", line, shape, 0),
    EN_SHOW("algorithm", line, algorithm, 0),
    EN_SHOW("forward_ms", line, forward_ms, 4),
    EN_SHOW("backward_ms", line, backward_ms, 4),
    EN_SHOW("gflops", line, gflops, 2),
    EN_SHOW("fraction_of_peak", line, fraction, 4),
    EN_SHOW("parameters", line, parameters, 0),
    EN_SHOW("bytes", line, bytes, 0),
    EN_FIELDS_END,
};

en_status en_show_profile(en_out *out, const en_profile *p, size_t batch, bool predict, en_error *err)
{
    en_table *t;
    const en_field *fields = out->format == EN_OUT_TEXT ? brief : whole;
    en_status st = en_table_new_fields(out, fields, &t, err);
    if (st != EN_OK) {
        return st;
    }
    double listed = 0;
    for (size_t i = 0; i < p->count; i++) {
        line l = line_of(&p->line[i], p->peak);
        listed += p->line[i].forward + p->line[i].backward;
        en_table_row(t, fields, &l);
    }
    st = en_table_end(t, err);
    if (st == EN_OK && out->format == EN_OUT_TEXT) {
        en_out_line(out,
                    "%zu images in %.1f ms (%.1f to %.1f), %.1f images/s %s; %.1f ms of it in these layers; peak %.0f "
                    "GFLOP/s",
                    batch, p->step * 1e3, p->least * 1e3, p->most * 1e3, (double)batch / p->step,
                    predict ? "predicting" : "training", listed * 1e3, p->peak / 1e9);
    }
    return st;
}
