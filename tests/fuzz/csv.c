/* A label file: every field of every row can be read, and rows stand in the order of their lines. */
#include <string.h>

#include "fuzz.h"
#include "archive/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    en_error err;
    en_csv table;
    if (en_csv_read(fuzz_file(bytes, size), NULL, &table, &err) != EN_OK) {
        return 0;
    }
    FUZZ_MUST(table.rows > 0);
    size_t letters = 0, line = 0;
    for (size_t row = 0; row < table.rows; row++) {
        FUZZ_MUST(table.row[row].line >= line);
        line = table.row[row].line;
        for (size_t i = 0; i <= table.row[row].fields; i++) {
            letters += strlen(en_csv_field(&table, row, i));
        }
    }
    FUZZ_MUST(letters < (size_t)2 << 30); /* as read: a gzip may be many times its size */
    for (size_t i = 0; i < table.row[0].fields; i++) {
        FUZZ_MUST(en_csv_column(&table, en_csv_field(&table, 0, i)) >= 0);
    }
    en_csv_clear(&table);
    return 0;
}
