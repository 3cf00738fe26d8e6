/* What augment, split and subset made. */
#include "render/field.h"
#include "render/show.h"

#include <inttypes.h>
#include <stdio.h>

en_status en_show_augment(en_out *out, const char *policy, const en_augment_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("added", en_augment_result, added, 0),
        EN_SHOW("variants", en_augment_result, total, 0),
        EN_SHOW("seconds", en_augment_result, seconds, 1),
        EN_FIELDS_END,
    };
    en_record r = {.out = out};
    en_record_text(&r, "policy", policy);
    en_record_fields(&r, fields, result);
    return en_record_end(&r, err);
}

static void show_size(en_table *t, const char *part, const en_split_size *size)
{
    en_table_text(t, part);
    en_table_int(t, size->patients);
    en_table_int(t, size->images);
    for (size_t grade = 0; grade < EN_GRADES; grade++) {
        en_table_int(t, size->by_grade[grade]);
    }
}

en_status en_show_split(en_out *out, const en_split_result *r, en_error *err)
{
    static const en_column columns[] = {{"part", 0},    {"patients", 0}, {"images", 0},  {"grade_0", 0},
                                        {"grade_1", 0}, {"grade_2", 0},  {"grade_3", 0}, {"grade_4", 0}};
    en_table *t;
    char text[300];
    en_status st = en_table_new(out, columns, sizeof columns / sizeof *columns, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (int64_t f = 0; f < r->folds; f++) {
        snprintf(text, sizeof text, "fold %lld", (long long)f + 1);
        show_size(t, text, &r->fold[f]);
    }
    for (en_part part = r->folds > 0 ? EN_PART_TEST : EN_PART_TRAIN; part < EN_PARTS; part++) {
        show_size(t, en_word(&en_parts, part), &r->part[part]);
    }
    st = en_table_end(t, err);
    en_out_line(out, "\n%s", en_catalog_knowledge_text(&r->known, text, sizeof text));
    if (r->sets < r->known.patients) {
        en_out_line(out, "%lld sets of patients stay together", (long long)r->sets);
    }
    return st;
}

en_status en_show_given(en_out *out, const char *name, const en_given_result *r, int64_t skipped, en_error *err)
{
    en_status st = en_show_split(out, &r->split, err);
    if (st != EN_OK) {
        return st;
    }
    en_out_line(out, "split '%s'; images in no part: %" PRId64, name, r->left_out);
    if (r->joined > 0) {
        en_out_line(out, "images without a part, put into that of their patients: %" PRId64, r->joined);
    }
    if (skipped > 0) {
        en_out_line(out, "rows skipped, of images that are not in the catalog: %" PRId64, skipped);
    }
    return EN_OK;
}

en_status en_show_audit(en_out *out, const en_audit_result *r, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("part", en_audit_pair, part, 0),
        EN_SHOW("against", en_audit_pair, against, 0),
        EN_SHOW("rows", en_audit_pair, rows, 0),
        EN_SHOW("same_photograph", en_audit_pair, same_photograph, 0),
        EN_SHOW("photograph_percent", en_audit_pair, photograph_percent, 1),
        EN_SHOW("same_patient", en_audit_pair, same_patient, 0),
        EN_SHOW("patient_percent", en_audit_pair, patient_percent, 1),
        EN_FIELDS_END,
    };
    en_status st = en_table_fields(out, fields, r->pair, r->pairs, sizeof *r->pair, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < r->pairs; i++) {
        const en_audit_pair *p = &r->pair[i];
        en_out_line(out,
                    "%s'%s' against '%s', %" PRId64
                    " row%s: %.1f%% have a sibling of the same photograph, %.1f%% one of "
                    "the same patient",
                    i == 0 ? "\n" : "", p->part, p->against, p->rows, p->rows == 1 ? "" : "s", p->photograph_percent,
                    p->patient_percent);
    }
    en_out_line(out,
                "%" PRId64 " rows, %" PRId64 " photographs, %" PRId64 " patients; the patient is known of %" PRId64
                " rows",
                r->rows, r->photographs, r->patients, r->known);
    if (r->without_part > 0) {
        en_out_line(out, "rows without a part: %" PRId64, r->without_part);
    }
    return EN_OK;
}

en_status en_show_subset(en_out *out, const char *name, const en_subset_result *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW_WORD("part", en_subset_result, part, en_parts), EN_SHOW("variants", en_subset_result, members, 0),
        EN_SHOW("images", en_subset_result, images, 0),         EN_SHOW("patients", en_subset_result, patients, 0),
        EN_SHOW("sha256", en_subset_result, sha256, 0),         EN_FIELDS_END,
    };
    en_record r = {.out = out};
    en_record_text(&r, "subset", name);
    en_record_fields(&r, fields, result);
    return en_record_end(&r, err);
}
