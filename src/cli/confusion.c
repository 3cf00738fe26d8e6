/* The confusion matrix in a terminal. */
#include "cli/confusion.h"

#include "base/memory.h"

#define HEADING_BYTES 80

en_status en_confusion_show(en_out *out, const en_confusion *m, const char *const *names, en_error *err)
{
    size_t classes = m->classes;
    en_status st = EN_OK;
    en_table *t = NULL;
    en_column *columns = en_calloc(classes + 1, sizeof *columns);
    char *heading = en_calloc(classes, HEADING_BYTES);
    if (columns == NULL || heading == NULL) {
        st = en_error_nomem(err, "a confusion matrix");
        goto done;
    }
    columns[0].name = "truth";
    for (size_t c = 0; c < classes; c++) {
        snprintf(heading + c * HEADING_BYTES, HEADING_BYTES, "called %s", names[c]);
        columns[c + 1].name = heading + c * HEADING_BYTES;
    }
    en_out_line(out, "%s", "");
    st = en_table_new(out, columns, classes + 1, &t, err);
    if (st != EN_OK) {
        goto done;
    }
    for (size_t truth = 0; truth < classes; truth++) {
        en_table_text(t, names[truth]);
        for (size_t c = 0; c < classes; c++) {
            en_table_int(t, en_confusion_at(m, truth, c));
        }
    }
    st = en_table_end(t, err);
done:
    en_free(columns);
    en_free(heading);
    return st;
}
