/* What model import, list and show found. */
#include "base/text.h"
#include "render/field.h"
#include "render/show.h"

en_status en_show_import(en_out *out, const en_import_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("model", en_import_result, name, 0),
        EN_SHOW("network", en_import_result, preset, 0),
        EN_SHOW("tensors", en_import_result, tensors, 0),
        EN_SHOW("parameters", en_import_result, parameters, 0),
        EN_SHOW("left_out", en_import_result, left_out, 0),
        EN_SHOW("origin", en_import_result, origin, 0),
        EN_SHOW("licence", en_import_result, licence, 0),
        EN_SHOW("weights", en_import_result, weights, 0),
        EN_SHOW("sha256", en_import_result, sha256, 0),
        EN_SHOW("origin_sha256", en_import_result, origin_sha256, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_models(en_out *out, const en_catalog_pretrained_list *models, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("model", en_catalog_pretrained, name, 0),
        EN_SHOW("network", en_catalog_pretrained, preset, 0),
        EN_SHOW("parameters", en_catalog_pretrained, parameters, 0),
        EN_SHOW("licence", en_catalog_pretrained, licence, 0),
        EN_SHOW("origin", en_catalog_pretrained, origin, 0),
        EN_FIELDS_END,
    };
    static const en_field all[] = {
        EN_SHOW("model", en_catalog_pretrained, name, 0),
        EN_SHOW("network", en_catalog_pretrained, preset, 0),
        EN_SHOW("tensors", en_catalog_pretrained, tensors, 0),
        EN_SHOW("parameters", en_catalog_pretrained, parameters, 0),
        EN_SHOW("licence", en_catalog_pretrained, licence, 0),
        EN_SHOW("origin", en_catalog_pretrained, origin, 0),
        EN_SHOW("origin_sha256", en_catalog_pretrained, origin_sha256, 0),
        EN_SHOW("weights", en_catalog_pretrained, path, 0),
        EN_SHOW("sha256", en_catalog_pretrained, sha256, 0),
        EN_SHOW("imported_at", en_catalog_pretrained, imported_at, 0),
        EN_FIELDS_END,
    };
    return en_table_fields(out, out->format == EN_OUT_TEXT ? fields : all, models->row, models->count,
                           sizeof *models->row, err);
}

en_status en_show_model(en_out *out, const en_model_summary *model, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW_FROM("line", en_model_line, line, 0),      EN_SHOW("layer", en_model_line, layer, 0),
        EN_SHOW("output", en_model_line, output, 0),       EN_SHOW("parameters", en_model_line, parameters, 0),
        EN_SHOW("megaflops", en_model_line, megaflops, 2), EN_SHOW("output_bytes", en_model_line, output_bytes, 0),
        EN_SHOW("algorithm", en_model_line, algorithm, 0), EN_FIELDS_END,
    };
    en_status st = en_table_fields(out, fields, model->line, model->count, sizeof *model->line, err);
    char predict[32], train[32];
    en_out_line(out, "%lld parameters, %.1f million floating point operations per image", (long long)model->parameters,
                model->megaflops);
    en_out_line(out, "memory: %s to predict one image, %s to train in batches of %lld",
                en_human_size(model->predict_bytes, predict, sizeof predict),
                en_human_size(model->train_bytes, train, sizeof train), (long long)model->batch);
    return st;
}
