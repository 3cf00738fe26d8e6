/* CSV files as people have them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "archive/csv.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static char path[64];

static int make_path(void **state)
{
    (void)state;
    strcpy(path, "/tmp/eyenet-csv-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int drop_path(void **state)
{
    (void)state;
    return unlink(path);
}

static en_status read_text(const char *text, size_t bytes, en_csv *table, en_error *err)
{
    assert_int_equal(en_file_write(path, text, bytes, err), EN_OK);
    return en_csv_read(path, NULL, table, err);
}

static void kaggles_labels_are_read(void **state)
{
    (void)state;
    en_csv t;
    en_error err;
    const char text[] = "image,level\n10_left,0\n\n10_right,4\n";
    assert_int_equal(read_text(text, strlen(text), &t, &err), EN_OK);
    assert_int_equal(t.rows, 3);
    assert_int_equal(en_csv_column(&t, "LEVEL"), 1);
    assert_int_equal(en_csv_column(&t, "grade"), -1);
    assert_string_equal(en_csv_field(&t, 2, 0), "10_right");
    assert_string_equal(en_csv_field(&t, 2, 1), "4");
    assert_string_equal(en_csv_field(&t, 2, 9), "");
    char sha256[EN_SHA256_HEX];
    assert_int_equal(en_sha256_bytes(text, strlen(text), sha256, &err), EN_OK);
    assert_string_equal(t.sha256, sha256);
    assert_int_equal(t.row[2].line, 4);
    en_csv_clear(&t);
}

static void separators_quotes_marks_and_line_ends_do_not_matter(void **state)
{
    (void)state;
    static const char *const text[] = {"\xef\xbb\xbfimage;level\r\n\"10_left\";\"2\"\r\n",
                                       "image\tlevel\n10_left\t2",
                                       "image level\n10_left 2\n",
                                       "\"image\",\"level\",\"note\"\n10_left,2,\"a, \"\"b\"\"\nc\"\n",
                                       "\"sep=;\"\r\n\"image\";\"level\"\r\n10_left;2\r\n",
                                       "sep=|\nimage|level\n10_left|2\n",
                                       "image|level\n10_left|2\n",
                                       "\"image\";\"level\";\"a, b, c, and d\"\n10_left;2;\"d, e\"\n",
                                       "\n\r\n  \nimage,level\n\n10_left,2\n",
                                       "# of 2026\n#\nimage,level\n10_left,2\n",
                                       "# by a, b and c\nimage,level\n10_left,2\n",
                                       "# by a, b\n\nimage,level\n10_left,2\n",
                                       "#image,level\n10_left,2\n",
                                       "# image,level\r\n10_left,2\r\n",
                                       "\"#image\",\"level\"\n\"10_left\",2\n",
                                       "# image level\n10_left 2\n",
                                       "sep=;\n#image;level;;\n10_left;2\n",
                                       "# image,level,0\n10_left,2,1\n",
                                       "# of 2026, 2 rows\n#image\tlevel\n# 5, ungradable\n\n10_left\t2\n",
                                       "image,level\r10_left,2\r",
                                       "image,level\n10_left,2\n\x1A",
                                       "image,level,\r\n,,\r\n10_left,2,\r\n , ,\r\n"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        en_csv t;
        en_error err;
        assert_int_equal(read_text(text[i], strlen(text[i]), &t, &err), EN_OK);
        assert_int_equal(t.rows, 2);
        assert_int_equal(en_csv_column(&t, "image"), 0);
        assert_int_equal(en_csv_column(&t, "level"), 1);
        assert_string_equal(en_csv_field(&t, 1, 0), "10_left");
        assert_string_equal(en_csv_field(&t, 1, 1), "2");
        en_csv_clear(&t);
    }
}

/* Neither a comment nor a header: names that begin with '#', and a column that is called so. */
static void a_number_sign_may_be_part_of_a_name(void **state)
{
    (void)state;
    static const char *const text[] = {"#1.jpg,0\n2.jpg,1\n", "#1.jpg,0\n#2.jpg,1\n", "#1.jpg,0\n#2.jpg,1\n3.jpg,1\n",
                                       "#1.jpg;0\n2.jpg;1\n"};
    en_csv t;
    en_error err;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        assert_int_equal(read_text(text[i], strlen(text[i]), &t, &err), EN_OK);
        assert_int_equal(t.rows, i == 2 ? 3 : 2);
        assert_string_equal(en_csv_field(&t, 0, 0), "#1.jpg");
        en_csv_clear(&t);
    }
    const char numbered[] = "#,image,level\n1,10_left,2\n";
    assert_int_equal(read_text(numbered, strlen(numbered), &t, &err), EN_OK);
    assert_int_equal(en_csv_column(&t, "#"), 0);
    assert_int_equal(en_csv_column(&t, "image"), 1);
    en_csv_clear(&t);
    const char words[] = "#image,level\na,mild\nb,moderate\n";
    assert_int_equal(read_text(words, strlen(words), &t, &err), EN_OK);
    assert_int_equal(t.rows, 3);
    assert_int_equal(en_csv_column(&t, "image"), 0);
    en_csv_clear(&t);
}

static void lines_are_counted_from_the_first_of_the_file(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line; /* of the second row */
    } file[] = {{"sep=;\r\nimage;level\r\na;1\r\n", 3},
                {"\n\n# x\nimage,level\n\na,1\n", 6},
                {"image,level\ra,1\r", 2},
                {"# x, y\n#image,level\n# z\na,1\n", 4}};
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        en_csv t;
        en_error err;
        assert_int_equal(read_text(file[i].text, strlen(file[i].text), &t, &err), EN_OK);
        assert_int_equal(t.rows, 2);
        assert_int_equal(t.row[1].line, file[i].line);
        en_csv_clear(&t);
    }
}

static void a_web_page_is_called_one(void **state)
{
    (void)state;
    const char text[] = "\n<!DOCTYPE html>\n<html>Sign in, please</html>\n";
    en_csv t;
    en_error err;
    assert_int_equal(read_text(text, strlen(text), &t, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "HTML"));
}

static void what_is_no_table_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t bytes;
    } bad[] = {{"", 0},
               {"\n\n", 2},
               {"sep=;\n", 6},
               {"# nothing else", 14},
               {"\x1A", 1},
               {",,\n,,\n", 6},
               {"a\0b,c\n", 6},
               {"image,level\n\"10_left,0\n", 22},
               {"image,level\n10\"_left\"x,0\n", 25}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        en_csv t;
        en_error err;
        assert_int_equal(read_text(bad[i].text, bad[i].bytes, &t, &err), EN_INPUT);
        assert_non_null(strstr(err.text, path));
        assert_null(t.row);
    }
    en_csv t;
    en_error err;
    assert_int_equal(en_csv_read("/nowhere/labels.csv", NULL, &t, &err), EN_INPUT);
}

static void a_long_file_is_read_whole(void **state)
{
    (void)state;
    enum { ROWS = 20000 };
    en_buf text;
    en_error err;
    en_csv t;
    en_buf_init(&text, 1 << 20);
    assert_int_equal(en_buf_text(&text, "image,level\n", &err), EN_OK);
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(en_buf_printf(&text, &err, "%d_left,%d\n", i, i % 5), EN_OK);
    }
    assert_int_equal(read_text(text.data, text.size, &t, &err), EN_OK);
    assert_int_equal(t.rows, ROWS + 1);
    assert_string_equal(en_csv_field(&t, ROWS, 0), "19999_left");
    en_csv_clear(&t);
    en_buf_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kaggles_labels_are_read),
        cmocka_unit_test(separators_quotes_marks_and_line_ends_do_not_matter),
        cmocka_unit_test(a_number_sign_may_be_part_of_a_name),
        cmocka_unit_test(lines_are_counted_from_the_first_of_the_file),
        cmocka_unit_test(a_web_page_is_called_one),
        cmocka_unit_test(what_is_no_table_is_refused_by_name),
        cmocka_unit_test(a_long_file_is_read_whole),
    };
    return cmocka_run_group_tests(tests, make_path, drop_path);
}
