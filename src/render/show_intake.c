/* What fetch, ingest, label import and phantom did. */
#include <inttypes.h>

#include "render/field.h"
#include "render/show.h"

en_status en_show_fetch(en_out *out, const char *dataset, const en_fetch_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW_WORD("kind", en_fetch_result, form, en_fetch_forms),
        EN_SHOW("volumes", en_fetch_result, volumes, 0),
        EN_SHOW("photographs", en_fetch_result, photographs, 0),
        EN_SHOW("fetched", en_fetch_result, fetched, 0),
        EN_SHOW("present", en_fetch_result, present, 0),
        EN_SHOW("skipped", en_fetch_result, skipped, 0),
        EN_SHOW("bytes", en_fetch_result, bytes, 0),
        EN_SHOW("downloaded", en_fetch_result, downloaded, 0),
        EN_SHOW("seconds", en_fetch_result, seconds, 1),
        EN_FIELDS_END,
    };
    en_record r = {.out = out};
    en_record_text(&r, "dataset", dataset);
    en_record_fields(&r, fields, result);
    return en_record_end(&r, err);
}

en_status en_show_fetch_plan(en_out *out, const en_fetch_result *result, int64_t free, const char *terms, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW_WORD("kind", en_fetch_result, form, en_fetch_forms),
        EN_SHOW("volumes", en_fetch_result, volumes, 0),
        EN_SHOW("photographs", en_fetch_result, photographs, 0),
        EN_SHOW("present", en_fetch_result, present, 0),
        EN_SHOW("skipped", en_fetch_result, skipped, 0),
        EN_SHOW("needed", en_fetch_result, needed, 0),
        EN_FIELDS_END,
    };
    en_record r = {.out = out};
    en_record_fields(&r, fields, result);
    en_record_int(&r, "free", free);
    en_record_text(&r, "terms", terms);
    return en_record_end(&r, err);
}

en_status en_show_verified(en_out *out, const en_fetch_verified *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("photographs", en_fetch_verified, photographs, 0),
        EN_SHOW("right", en_fetch_verified, right, 0),
        EN_SHOW("missing", en_fetch_verified, missing, 0),
        EN_SHOW("changed", en_fetch_verified, changed, 0),
        EN_SHOW("damaged", en_fetch_verified, damaged, 0),
        EN_SHOW("bytes", en_fetch_verified, bytes, 0),
        EN_FIELDS_END,
    };
    en_record r = {.out = out};
    en_record_fields(&r, fields, result);
    return en_record_end(&r, err);
}

static void put(en_table *t, const char *state, const char *reason, int64_t count)
{
    en_table_text(t, state);
    en_table_text(t, reason);
    en_table_int(t, count);
}

en_status en_show_ingest(en_out *out, const en_ingest_result *r, en_error *err)
{
    static const en_column columns[] = {{"state", 0}, {"reason", 0}, {"photographs", 0}};
    char known[300];
    en_table *t;
    en_status st = en_table_new(out, columns, 3, &t, err);
    if (st != EN_OK) {
        return st;
    }
    put(t, en_word(&en_image_statuses, EN_IMAGE_ACCEPTED), NULL, r->accepted);
    for (size_t i = 0; i < r->reasons; i++) {
        put(t, en_word(&en_image_statuses, EN_IMAGE_REJECTED), en_word(&en_rejections, r->by_reason[i].reason),
            r->by_reason[i].count);
    }
    if (r->left > 0) {
        put(t, "left", "missing or unreadable", r->left);
    }
    st = en_table_end(t, err);
    en_out_line(out, "\n%" PRId64 " photographs and %" PRId64 " samples in %.1f s (%.1f/s, %u workers)", r->photographs,
                r->samples, r->seconds, r->seconds > 0 ? (double)r->samples / r->seconds : 0, r->workers);
    en_out_line(out, "recipe: %s", r->recipe);
    en_out_line(out, "in the catalog now: %" PRId64 " accepted, %" PRId64 " rejected", r->total_accepted,
                r->total_rejected);
    if (r->known.images > 0) {
        en_out_line(out, "%s", en_catalog_knowledge_text(&r->known, known, sizeof known));
    }
    return st;
}

en_status en_show_labels(en_out *out, const en_label_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("scheme", en_label_result, scheme.name, 0),
        EN_SHOW("rows", en_label_result, rows, 0),
        EN_SHOW("imported", en_label_result, imported, 0),
        EN_SHOW("superseded", en_label_result, superseded, 0),
        EN_SHOW("unchanged", en_label_result, unchanged, 0),
        EN_SHOW("skipped", en_label_result, skipped, 0),
        EN_SHOW("added", en_label_result, added, 0),
        EN_SHOW("other_form", en_label_result, other_form, 0),
        EN_SHOW("repeated", en_label_result, repeated, 0),
        EN_SHOW("empty", en_label_result, empty, 0),
        EN_SHOW("ungradable", en_label_result, ungradable, 0),
        EN_SHOW("patients", en_label_result, patients, 0),
        EN_SHOW("eyes", en_label_result, eyes, 0),
        EN_SHOW("conflicts", en_label_result, conflicts, 0),
        EN_FIELDS_END,
    };
    en_record r = {.out = out};
    char grade[EN_SCHEME_VALUES][16];
    en_record_fields(&r, fields, result);
    for (int64_t i = result->scheme.lowest; i <= result->scheme.highest && result->scheme.name[0] != '\0'; i++) {
        snprintf(grade[i], sizeof grade[i], "grade_%d", (int)i);
        en_record_int(&r, grade[i], result->by_grade[i]);
    }
    en_record_real(&r, "seconds", 1, result->seconds);
    return en_record_end(&r, err);
}

en_status en_show_conflicts(en_out *out, const en_catalog_conflicts *conflicts, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("scheme", en_catalog_conflict, scheme, 0),
        EN_SHOW_WORD("kind", en_catalog_conflict, kind, en_conflicts),
        EN_SHOW("image", en_catalog_conflict, image, 0),
        EN_SHOW("grade", en_catalog_conflict, grade, 0),
        EN_SHOW("grader", en_catalog_conflict, grader, 0),
        EN_SHOW("file", en_catalog_conflict, file, 0),
        EN_SHOW("copy", en_catalog_conflict, other, 0),
        EN_SHOW("other_grade", en_catalog_conflict, other_grade, 0),
        EN_SHOW("other_grader", en_catalog_conflict, other_grader, 0),
        EN_SHOW("other_file", en_catalog_conflict, other_file, 0),
        EN_FIELDS_END,
    };
    return en_table_fields(out, fields, conflicts->row, conflicts->count, sizeof *conflicts->row, err);
}

en_status en_show_agreement(en_out *out, const en_agreements *list, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("scheme", en_agreement, scheme, 0),
        EN_SHOW("first", en_agreement, first, 0),
        EN_SHOW("second", en_agreement, second, 0),
        EN_SHOW("photographs", en_agreement, photographs, 0),
        EN_SHOW("patients", en_agreement, patients, 0),
        EN_SHOW("equal", en_agreement, equal, 0),
        EN_SHOW("agreement", en_agreement, agreement, 3),
        EN_SHOW("agreement_low", en_agreement, agreement_in.low, 3),
        EN_SHOW("agreement_high", en_agreement, agreement_in.high, 3),
        EN_SHOW("weights", en_agreement, weights, 0),
        EN_SHOW("kappa", en_agreement, kappa, 3),
        EN_SHOW("kappa_low", en_agreement, kappa_in.low, 3),
        EN_SHOW("kappa_high", en_agreement, kappa_in.high, 3),
        EN_FIELDS_END,
    };
    return en_table_fields(out, fields, list->row, list->count, sizeof *list->row, err);
}

en_status en_show_schemes(en_out *out, const en_catalog_scheme_list *list, en_error *err)
{
    static const en_column columns[] = {{"scheme", 0},  {"values", 0},   {"order", 0},    {"labels", 0},
                                        {"graders", 0}, {"built_in", 0}, {"meanings", 0}, {"description", 0}};
    en_table *t;
    en_status st = en_table_new(out, columns, sizeof columns / sizeof *columns, &t, err);
    for (size_t i = 0; st == EN_OK && i < list->count; i++) {
        const en_catalog_scheme_row *r = &list->row[i];
        char range[48];
        snprintf(range, sizeof range, "%" PRId64 "..%" PRId64, r->scheme.lowest, r->scheme.highest);
        en_table_text(t, r->scheme.name);
        en_table_text(t, range);
        en_table_text(t, r->scheme.ordered ? "ordered" : "kinds");
        en_table_int(t, r->labels);
        en_table_int(t, r->graders);
        en_table_text(t, r->scheme.built_in ? "yes" : "no");
        en_table_text(t, r->meanings);
        en_table_text(t, r->description);
    }
    return st == EN_OK ? en_table_end(t, err) : st;
}

en_status en_show_patients(en_out *out, const en_catalog_knowledge *known, int64_t changed, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("images", en_catalog_knowledge, images, 0),
        EN_SHOW("patients", en_catalog_knowledge, patients, 0),
        EN_SHOW("eyes", en_catalog_knowledge, eyes, 0),
        EN_SHOW("from_names", en_catalog_knowledge, by[EN_PATIENT_NAME], 0),
        EN_SHOW("from_pattern", en_catalog_knowledge, by[EN_PATIENT_PATTERN], 0),
        EN_SHOW("from_column", en_catalog_knowledge, by[EN_PATIENT_COLUMN], 0),
        EN_SHOW("from_pairs", en_catalog_knowledge, by[EN_PATIENT_PAIRS], 0),
        EN_SHOW("unknown", en_catalog_knowledge, by[EN_PATIENT_UNKNOWN], 0),
        EN_FIELDS_END,
    };
    en_record r = {.out = out};
    en_record_int(&r, "given", changed);
    en_record_fields(&r, fields, known);
    return en_record_end(&r, err);
}

en_status en_show_phantom(en_out *out, const en_phantom_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("photographs", en_phantom_result, photographs, 0),
        EN_SHOW("bytes", en_phantom_result, bytes, 0),
        EN_SHOW("volumes", en_phantom_result, volumes, 0),
        EN_SHOW("grade_0", en_phantom_result, by_grade[0], 0),
        EN_SHOW("grade_1", en_phantom_result, by_grade[1], 0),
        EN_SHOW("grade_2", en_phantom_result, by_grade[2], 0),
        EN_SHOW("grade_3", en_phantom_result, by_grade[3], 0),
        EN_SHOW("grade_4", en_phantom_result, by_grade[4], 0),
        EN_SHOW("black", en_phantom_result, black, 0),
        EN_SHOW("blurred", en_phantom_result, blurred, 0),
        EN_SHOW("overexposed", en_phantom_result, overexposed, 0),
        EN_SHOW("truncated", en_phantom_result, truncated, 0),
        EN_SHOW("both_eyes", en_phantom_result, both_eyes, 0),
        EN_SHOW("seconds", en_phantom_result, seconds, 1),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}
