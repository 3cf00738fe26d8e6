/* Runs compared. */
#include <inttypes.h>

#include "render/field.h"
#include "render/show.h"

static en_status show_pair(en_out *out, const en_compare_pair *pair, const en_compared *rows, size_t count,
                           en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("metric", en_compared, metric, 0),
        EN_SHOW("first", en_compared, first_value, 3),
        EN_SHOW("second", en_compared, second_value, 3),
        EN_SHOW("difference", en_compared, difference, 4),
        EN_SHOW("low", en_compared, low, 4),
        EN_SHOW("high", en_compared, high, 4),
        EN_SHOW("second is", en_compared, verdict, EN_UNCUT),
        EN_SHOW("n", en_compared, n, 0),
        EN_FIELDS_END,
    };
    en_out_line(out, "first: '%s' on '%s'; second: '%s' on '%s'", pair->first, pair->first_subset, pair->second,
                pair->second_subset);
    en_out_line(out,
                "%" PRId64 " photographs in common, per %s%s%s; %" PRId64 " only of the first, %" PRId64
                " only of the second; 95%% intervals of paired differences, by patient\n",
                pair->photographs, rows[0].unit, rows[0].positive_class[0] != '\0' ? ", positive: " : "",
                rows[0].positive_class, pair->only_first, pair->only_second);
    return en_table_fields(out, fields, rows, count, sizeof *rows, err);
}

en_status en_show_compare(en_out *out, const en_compare_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("first", en_compared, first, 0),
        EN_SHOW("second", en_compared, second, 0),
        EN_SHOW("metric", en_compared, metric, 0),
        EN_SHOW("first_value", en_compared, first_value, 4),
        EN_SHOW("second_value", en_compared, second_value, 4),
        EN_SHOW("difference", en_compared, difference, 4),
        EN_SHOW("low", en_compared, low, 4),
        EN_SHOW("high", en_compared, high, 4),
        EN_SHOW("verdict", en_compared, verdict, 0),
        EN_SHOW("n", en_compared, n, 0),
        EN_SHOW("patients", en_compared, patients, 0),
        EN_SHOW("patients_different", en_compared, patients_different, 0),
        EN_SHOW("unit", en_compared, unit, 0),
        EN_SHOW("positive_class", en_compared, positive_class, 0),
        EN_SHOW("first_subset", en_compared, first_subset, 0),
        EN_SHOW("second_subset", en_compared, second_subset, 0),
        EN_FIELDS_END,
    };
    if (out->format != EN_OUT_TEXT) {
        return en_table_fields(out, fields, result->row, result->count, sizeof *result->row, err);
    }
    en_status st = EN_OK;
    const size_t each = result->pairs > 0 ? result->count / result->pairs : 0;
    for (size_t i = 0; st == EN_OK && i < result->pairs; i++) {
        if (i > 0) {
            en_out_line(out, "%s", "");
        }
        st = show_pair(out, &result->pair[i], result->row + i * each, each, err);
    }
    return st;
}
