/* Suspect labels. */
#include <inttypes.h>

#include "render/field.h"
#include "render/show.h"

en_status en_show_suspects(en_out *out, const en_suspects_result *r, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("rank", en_suspect, rank, 0),
        EN_SHOW("image", en_suspect, image, EN_UNCUT),
        EN_SHOW("given", en_suspect, given, 0),
        EN_SHOW("suggested", en_suspect, suggested, 0),
        EN_SHOW("score", en_suspect, score, 3),
        EN_SHOW("p_given", en_suspect, p_given, 3),
        EN_SHOW("p_suggested", en_suspect, p_suggested, 3),
        EN_SHOW("p_photograph", en_suspect, p_photograph, 3),
        EN_SHOW("fellow_given", en_suspect, fellow_given, 0),
        EN_SHOW("confident", en_suspect, confident, 0),
        EN_FIELDS_END,
    };
    static const en_field all[] = {
        EN_SHOW("rank", en_suspect, rank, 0),
        EN_SHOW("image", en_suspect, image, 0),
        EN_SHOW("patient", en_suspect, patient, 0),
        EN_SHOW("eye", en_suspect, eye, 0),
        EN_SHOW("given", en_suspect, given, 0),
        EN_SHOW("suggested", en_suspect, suggested, 0),
        EN_SHOW("score", en_suspect, score, 4),
        EN_SHOW("p_given", en_suspect, p_given, 4),
        EN_SHOW("p_suggested", en_suspect, p_suggested, 4),
        EN_SHOW("p_photograph", en_suspect, p_photograph, 4),
        EN_SHOW("fellow", en_suspect, fellow, 0),
        EN_SHOW("fellow_given", en_suspect, fellow_given, 0),
        EN_SHOW("confident", en_suspect, confident, 0),
        EN_SHOW("fold", en_suspect, fold, 0),
        EN_SHOW("image_id", en_suspect, image_id, 0),
        EN_SHOW("n", en_suspect, n, 0),
        EN_SHOW("target", en_suspect, target, 0),
        EN_SHOW("model", en_suspect, model, 0),
        EN_FIELDS_END,
    };
    en_out_line(out,
                "target '%s' of %" PRId64 " photographs of %" PRId64 " patients, %" PRId64
                " with a fellow eye; %" PRId64 " without a value left out",
                r->target, r->n, r->patients, r->with_fellow, r->no_value);
    en_out_line(out,
                "by the other of %" PRId64 " folds of patients, from embeddings of '%s' (layer %" PRId64 ", %" PRId64
                " numbers)%s%s",
                r->folds, r->model, r->layer, r->dimensions, r->ordinal ? ", on a scale" : "",
                r->alone ? "; without the fellow eye" : "");
    en_out_line(
        out,
        "out of fold, against the given labels: accuracy %.3f, cross-entropy %.3f nats; confident joint: %" PRId64
        " labels off its diagonal, %.0f scaled to the classes (no intervals)\n",
        r->accuracy, r->loss, r->confident, r->estimated);
    return en_table_fields(out, out->format == EN_OUT_TEXT ? fields : all, r->row, r->count, sizeof *r->row, err);
}
