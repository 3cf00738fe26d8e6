/* Results shown through their tables of fields, in every format. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "render/field.h"

typedef struct thing {
    char name[8];
    const char *note;
    bool measured;
    struct {
        double loss;
        int64_t n;
    } inner;
    int64_t best;
} thing;

static const en_field fields[] = {
    EN_SHOW("name", thing, name, 0),
    EN_SHOW("note", thing, note, 0),
    EN_SHOW_IF("loss", thing, inner.loss, 2, measured),
    EN_SHOW("n", thing, inner.n, 0),
    EN_SHOW_FROM("best", thing, best, 1),
    EN_FIELDS_END,
};

static const thing things[] = {
    {.name = "first", .note = "a < b & c", .measured = true, .inner = {0.126, 3}, .best = 1},
    {.name = "", .note = NULL, .measured = false, .inner = {7, -4}, .best = 0},
};

static char *shown(en_out_format format, const thing *row, size_t rows)
{
    char *text = NULL;
    size_t size = 0;
    en_error err;
    en_out out = {.format = format, .utf8 = true, .stream = open_memstream(&text, &size)};
    if (rows == 0) {
        en_record r = {.out = &out};
        en_record_fields(&r, fields, row);
        assert_int_equal(en_record_end(&r, &err), EN_OK);
    } else {
        assert_int_equal(en_table_fields(&out, fields, row, rows, sizeof *row, &err), EN_OK);
    }
    assert_int_equal(fclose(out.stream), 0);
    return text;
}

static void expect(en_out_format format, const thing *row, size_t rows, const char *wanted)
{
    char *text = shown(format, row, rows);
    assert_string_equal(text, wanted);
    free(text);
}

static void rows_are_a_table(void **state)
{
    (void)state;
    expect(EN_OUT_CSV, things, 2, "name,note,loss,n,best\nfirst,a < b & c,0.126,3,1\n,,,-4,\n");
    expect(EN_OUT_JSON, things, 2,
           "[{\"name\": \"first\", \"note\": \"a < b & c\", \"loss\": 0.126, \"n\": 3, \"best\": 1},\n"
           " {\"name\": null, \"note\": null, \"loss\": null, \"n\": -4, \"best\": null}]\n");
    expect(EN_OUT_HTML, things, 2,
           "<table>\n<thead><tr><th scope=\"col\">name</th><th scope=\"col\">note</th><th scope=\"col\">loss</th>"
           "<th scope=\"col\">n</th><th scope=\"col\">best</th></tr></thead>\n<tbody>\n"
           "<tr><td>first</td><td>a &lt; b &amp; c</td><td class=\"n\">0.13</td><td class=\"n\">3</td>"
           "<td class=\"n\">1</td></tr>\n"
           "<tr><td></td><td></td><td></td><td class=\"n\">-4</td><td></td></tr>\n</tbody>\n</table>\n");
}

static void a_record_stands_upright(void **state)
{
    (void)state;
    expect(EN_OUT_TEXT, things, 0, "name  first\nnote  a < b & c\nloss  0.13\nn     3\nbest  1\n");
    expect(EN_OUT_TEXT, things + 1, 0, "n     -4\n");
    expect(EN_OUT_HTML, things + 1, 0,
           "<table>\n<tbody>\n<tr><th scope=\"row\">n</th><td class=\"n\">-4</td></tr>\n</tbody>\n</table>\n");
    expect(EN_OUT_CSV, NULL, 0, "name,note,loss,n,best\n,,,,\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_a_table),
        cmocka_unit_test(a_record_stands_upright),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
