/* See csv.h. */
#include "export/csv.h"

#include <string.h>

en_status en_csv_text(en_buf *out, bool first, const char *text, en_error *err)
{
    en_status st = first ? EN_OK : en_buf_text(out, ",", err);
    if (st != EN_OK || text == NULL) {
        return st;
    }
    if (strpbrk(text, ",\"\r\n") == NULL) {
        return en_buf_text(out, text, err);
    }
    st = en_buf_text(out, "\"", err);
    while (st == EN_OK && *text != '\0') {
        size_t plain = strcspn(text, "\"");
        st = en_buf_add(out, text, plain, err);
        text += plain;
        if (st == EN_OK && *text == '"') {
            st = en_buf_text(out, "\"\"", err);
            text++;
        }
    }
    return st == EN_OK ? en_buf_text(out, "\"", err) : st;
}

en_status en_csv_number(en_buf *out, bool first, int64_t value, en_error *err)
{
    en_status st = first ? EN_OK : en_buf_text(out, ",", err);
    return st == EN_OK && value >= 0 ? en_buf_printf(out, err, "%lld", (long long)value) : st;
}
