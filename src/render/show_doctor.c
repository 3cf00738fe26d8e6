/* The findings of doctor. */
#include <string.h>

#include "render/prose.h"
#include "render/show.h"
#include "render/table.h"

static const char *const word[] = {
    [EN_FINDING_OK] = "ok", [EN_FINDING_NOTE] = "note", [EN_FINDING_BAD] = "bad", [EN_FINDING_SKIPPED] = "skip"};

/* Findings are sentences: as text they are wrapped, not cut. */
static void show_text(en_out *out, const en_doctor_result *r)
{
    static const char *const colour[] = {"\033[32m", "\033[33m", "\033[31m", "\033[33m"};
    FILE *to = out->stream;
    size_t width = out->width > 0 ? out->width : 100;
    for (size_t i = 0; i < r->count; i++) {
        const en_finding *f = &r->finding[i];
        bool bold = out->colour;
        fprintf(to, "%s%-5s%s %-16s ", bold ? colour[f->kind] : "", word[f->kind], bold ? "\033[0m" : "", f->subject);
        en_prose_wrap(to, f->text, strlen(f->text), 23, 23, width);
        if (f->remedy[0] != '\0') {
            fprintf(to, "%23s", "");
            en_prose_wrap(to, f->remedy, strlen(f->remedy), 23, 23, width);
        }
    }
}

static en_status show_rows(en_out *out, const en_doctor_result *r, en_error *err)
{
    static const en_column columns[] = {{"state", 0}, {"subject", 0}, {"finding", 0}, {"remedy", 0}};
    en_table *t;
    en_status st = en_table_new(out, columns, 4, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < r->count; i++) {
        const en_finding *f = &r->finding[i];
        en_table_text(t, word[f->kind]);
        en_table_text(t, f->subject);
        en_table_text(t, f->text);
        en_table_text(t, f->remedy[0] != '\0' ? f->remedy : NULL);
    }
    return en_table_end(t, err);
}

en_status en_show_doctor(en_out *out, const en_doctor_result *r, en_error *err)
{
    if (out->format != EN_OUT_TEXT) {
        return show_rows(out, r, err);
    }
    show_text(out, r);
    return EN_OK;
}
