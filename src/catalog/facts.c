/* See facts.h. Uses db. */
#include "catalog/facts.h"

#include <stdlib.h>

#include "base/memory.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column columns[] = {
    {"variant_id", EN_COL(en_catalog_fact, variant_id)},
    {"image_id", EN_COL(en_catalog_fact, image_id)},
    {"image", EN_COL_IS(en_catalog_fact, image, EN_RULE_TEXT)},
    {"dataset", EN_COL(en_catalog_fact, dataset)},
    {"patient", EN_COL(en_catalog_fact, patient)},
    {"eye", EN_COL(en_catalog_fact, eye)},
    {"part", EN_COL_WORD(en_catalog_fact, part, en_parts)},
    {"grade", EN_COL(en_catalog_fact, grade)},
    {"gradable", EN_COL(en_catalog_fact, gradable)},
    {"eyeq", EN_COL(en_catalog_fact, eyeq)},
    {"pack_id", EN_COL(en_catalog_fact, pack_id)},
    {"slot", EN_COL(en_catalog_fact, slot)},
    {"sha256", EN_COL_MAY(en_catalog_fact, sha256, EN_RULE_HASH)},
};
static const en_row_type type = EN_ROW_TYPE(en_catalog_fact, columns);

en_status en_catalog_facts_read(en_stmt *s, en_catalog_facts *out, en_error *err)
{
    void *rows = NULL;
    en_status st = en_rows_read(s, &type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_facts_clear(out);
    }
    return st;
}

en_status en_catalog_facts_of_subset(en_catalog *c, int64_t subset_id, en_catalog_facts *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_facts){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_SUBSET_FACTS, "subset_id", subset_id, &s, err);
    return st == EN_OK ? en_catalog_facts_read(s, out, err) : st;
}

en_status en_catalog_facts_of_samples(en_catalog *c, int64_t recipe_id, int64_t split_id, en_catalog_facts *out,
                                      en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_facts){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_SAMPLE_FACTS, "recipe_id", recipe_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_id(s, "split_id", split_id);
    return en_catalog_facts_read(s, out, err);
}

void en_catalog_facts_clear(en_catalog_facts *facts)
{
    en_rows_clear(&type, facts->row, facts->count);
    *facts = (en_catalog_facts){0};
}

static int by_variant(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = ((const en_catalog_fact *)b)->variant_id;
    return (x > y) - (x < y);
}

const en_catalog_fact *en_catalog_fact_find(const en_catalog_facts *facts, int64_t variant_id)
{
    return facts->count > 0 ? bsearch(&variant_id, facts->row, facts->count, sizeof *facts->row, by_variant) : NULL;
}

en_status en_catalog_items_of_facts(en_catalog *c, int64_t recipe_id, const en_catalog_facts *facts,
                                    en_catalog_items *out, en_error *err)
{
    int64_t *pack_id = NULL;
    *out = (en_catalog_items){.item = en_calloc(facts->count + 1, sizeof *out->item)};
    en_status st =
        out->item != NULL ? en_catalog_packs_of(c, recipe_id, out, &pack_id, err) : en_error_nomem(err, "samples");
    for (size_t i = 0; st == EN_OK && i < facts->count; i++) {
        const en_catalog_fact *f = &facts->row[i];
        size_t pack = 0;
        while (pack < out->packs && pack_id[pack] != f->pack_id) {
            pack++;
        }
        if (pack == out->packs || f->slot < 0 || f->slot > UINT32_MAX || f->sha256[0] == '\0') {
            st =
                en_error_hint(err, en_error_set(err, EN_INPUT, "the catalog has a sample of '%s' in no pack", f->image),
                              "'eyenet doctor' looks the catalog over");
            break;
        }
        out->item[out->count++] = (en_catalog_item){.variant_id = f->variant_id,
                                                    .image_id = f->image_id,
                                                    .image = f->image,
                                                    .target = "",
                                                    .sample_sha256 = f->sha256,
                                                    .pack = (uint32_t)pack,
                                                    .slot = (uint32_t)f->slot};
    }
    en_free(pack_id);
    if (st != EN_OK) {
        en_catalog_items_clear(out);
    }
    return st;
}
