/* Embeddings. */
#include "render/field.h"
#include "render/show.h"

en_status en_show_embed(en_out *out, const en_embed_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("model", en_embed_result, model, 0),
        EN_SHOW("layer", en_embed_result, layer, 0),
        EN_SHOW("layer_text", en_embed_result, layer_text, 0),
        EN_SHOW("dimensions", en_embed_result, dimensions, 0),
        EN_SHOW("recipe", en_embed_result, recipe, 0),
        EN_SHOW("images", en_embed_result, images, 0),
        EN_SHOW("computed", en_embed_result, computed, 0),
        EN_SHOW("kept", en_embed_result, kept, 0),
        EN_SHOW("weights_sha256", en_embed_result, weights_sha256, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}
