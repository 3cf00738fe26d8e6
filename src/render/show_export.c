/* What an export wrote. */
#include "render/field.h"
#include "render/show.h"

en_status en_show_export(en_out *out, const en_export_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_export_result, run, 0),         EN_SHOW("format", en_export_result, format, 0),
        EN_SHOW("file", en_export_result, file, 0),       EN_SHOW("bytes", en_export_result, bytes, 0),
        EN_SHOW("sha256", en_export_result, sha256, 0),   EN_SHOW("parameters", en_export_result, parameters, 0),
        EN_SHOW("input", en_export_result, input, 0),     EN_SHOW("recipe", en_export_result, recipe, 0),
        EN_SHOW("classes", en_export_result, classes, 0), EN_SHOW("origin", en_export_result, origin, 0),
        EN_SHOW("licence", en_export_result, licence, 0), EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_export_data(en_out *out, const en_export_data_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("format", en_export_data_result, format, 0),
        EN_SHOW("subset", en_export_data_result, subset, 0),
        EN_SHOW("split", en_export_data_result, split, 0),
        EN_SHOW("file", en_export_data_result, file, 0),
        EN_SHOW("labels", en_export_data_result, labels, 0),
        EN_SHOW("bytes", en_export_data_result, bytes, 0),
        EN_SHOW("shape", en_export_data_result, shape, 0),
        EN_SHOW("recipe", en_export_data_result, recipe, 0),
        EN_SHOW("rows", en_export_data_result, rows, 0),
        EN_SHOW_FROM("patients", en_export_data_result, patients, 0),
        EN_SHOW_FROM("classes", en_export_data_result, classes, 0),
        EN_SHOW_FROM("left_out", en_export_data_result, left_out, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_croissant(en_out *out, const en_croissant_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("name", en_croissant_result, name, 0),
        EN_SHOW("split", en_croissant_result, split, 0),
        EN_SHOW("file", en_croissant_result, file, 0),
        EN_SHOW("bytes", en_croissant_result, bytes, 0),
        EN_SHOW("sha256", en_croissant_result, sha256, 0),
        EN_SHOW("photographs", en_croissant_result, photographs, 0),
        EN_SHOW("accepted", en_croissant_result, accepted, 0),
        EN_SHOW("graded", en_croissant_result, graded, 0),
        EN_SHOW("assigned", en_croissant_result, assigned, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_mlflow(en_out *out, const en_mlflow_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_mlflow_result, run, 0),
        EN_SHOW("url", en_mlflow_result, url, 0),
        EN_SHOW("experiment", en_mlflow_result, experiment, 0),
        EN_SHOW("experiment_id", en_mlflow_result, experiment_id, 0),
        EN_SHOW("run_id", en_mlflow_result, run_id, 0),
        EN_SHOW("params", en_mlflow_result, params, 0),
        EN_SHOW("metrics", en_mlflow_result, metrics, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_board(en_out *out, const en_board_result *rows, size_t count, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_board_result, run, 0),
        EN_SHOW("file", en_board_result, file, 0),
        EN_SHOW("scalars", en_board_result, scalars, 0),
        EN_SHOW("histograms", en_board_result, histograms, 0),
        EN_SHOW("images", en_board_result, images, 0),
        EN_SHOW("bytes", en_board_result, bytes, 0),
        EN_FIELDS_END,
    };
    return en_table_fields(out, fields, rows, count, sizeof *rows, err);
}
