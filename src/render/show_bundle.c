/* Bundles: what was exported and imported. */
#include "render/field.h"
#include "render/show.h"

en_status en_show_bundle_export(en_out *out, const en_bundle_export_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("file", en_bundle_export_result, file, 0),
        EN_SHOW("runs", en_bundle_export_result, runs, 0),
        EN_SHOW("evaluations", en_bundle_export_result, evaluations, 0),
        EN_SHOW("predictions", en_bundle_export_result, predictions, 0),
        EN_SHOW("photographs", en_bundle_export_result, photographs, 0),
        EN_SHOW("with_pixels", en_bundle_export_result, pictures, 0),
        EN_SHOW("bytes", en_bundle_export_result, bytes, 0),
        EN_SHOW("seconds", en_bundle_export_result, seconds, 1),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_bundle_import(en_out *out, const en_bundle_import_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_bundle_run, run, 0),
        EN_SHOW("outcome", en_bundle_run, outcome, 0),
        EN_SHOW("evaluations", en_bundle_run, evaluations, 0),
        EN_SHOW("predictions", en_bundle_run, predictions, 0),
        EN_SHOW("photographs", en_bundle_run, photographs, 0),
        EN_SHOW("absent", en_bundle_run, absent, 0),
        EN_SHOW("uuid", en_bundle_run, uuid, 0),
        EN_FIELDS_END,
    };
    return en_table_fields(out, fields, result->run, result->runs, sizeof *result->run, err);
}
