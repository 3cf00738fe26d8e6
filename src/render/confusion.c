/* The confusion matrix in a terminal. */
#include "render/confusion.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define HEADING_BYTES (EN_CLASS_NAME + 8) /* "called " and a class */
#define HEADING_WIDTH 40                  /* bytes; wider ones would push the metrics off the screen */

const char *en_heading_of(const char *word, const char *target, char out[EN_HEADING_ROOM])
{
    bool fits = strlen(word) + 2 + strlen(target) <= HEADING_WIDTH;
    snprintf(out, EN_HEADING_ROOM, "%s%s%s", word, fits ? ": " : "", fits ? target : "");
    return out;
}

en_status en_confusion_show(en_out *out, const en_confusion *m, const en_classes *classes, const char *target,
                            en_error *err)
{
    char truth_of[EN_HEADING_ROOM];
    size_t count = m->classes;
    en_status st = EN_OK;
    en_table *t = NULL;
    en_column *columns = en_calloc(count + 1, sizeof *columns);
    char *heading = en_calloc(count, HEADING_BYTES);
    if (columns == NULL || heading == NULL) {
        st = en_error_nomem(err, "a confusion matrix");
        goto done;
    }
    columns[0].name = en_heading_of("truth", target, truth_of);
    for (size_t c = 0; c < count; c++) {
        snprintf(heading + c * HEADING_BYTES, HEADING_BYTES, "called %s", en_classes_label(classes, target, c));
        columns[c + 1].name = heading + c * HEADING_BYTES;
    }
    en_out_line(out, "%s", "");
    st = en_table_new(out, columns, count + 1, &t, err);
    if (st != EN_OK) {
        goto done;
    }
    for (size_t truth = 0; truth < count; truth++) {
        en_table_text(t, en_classes_label(classes, target, truth));
        for (size_t c = 0; c < count; c++) {
            en_table_int(t, en_confusion_at(m, truth, c));
        }
    }
    st = en_table_end(t, err);
done:
    en_free(columns);
    en_free(heading);
    return st;
}
