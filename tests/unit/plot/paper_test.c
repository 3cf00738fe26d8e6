/* Documents as PDF. What they look like is for eyes; here are their pages, their bookmarks and their failures. The
 * streams of a PDF are compressed, its pages and outlines are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/memory.h"
#include "plot/paper.h"

#define HOSTILE "\xff\x01</text>()\\ \xc3\xa9\n\n\ttail"

/* fontconfig keeps some hundred bytes for good, which is no leak of ours. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void) { return "leak:libfontconfig"; }

static en_buf out;
static en_error err;

static int begin(void **state)
{
    (void)state;
    en_buf_init(&out, (size_t)16 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    en_alloc_fail_at(0);
    en_buf_clear(&out);
    return 0;
}

/* How often the words occur in the document. */
static size_t count(const char *words)
{
    size_t n = 0;
    const char *at = out.data, *const stop = out.data + out.size;
    while ((at = memmem(at, (size_t)(stop - at), words, strlen(words))) != NULL) {
        n++;
        at += strlen(words);
    }
    return n;
}

static size_t pages(void) { return count("/Type /Page "); }

static void finish(en_paper *p)
{
    assert_non_null(p);
    assert_int_equal(en_paper_finish(p, &out, &err), EN_OK);
    assert_memory_equal(out.data, "%PDF-", 5);
}

static void fill_table(en_paper *p, size_t rows)
{
    static const en_paper_column column[] = {{"name", false}, {"value", true}, {"remark", false}};
    char text[32];
    en_paper_table(p, "a table", column, 3);
    for (size_t i = 0; i < rows; i++) {
        (void)snprintf(text, sizeof text, "row %zu", i);
        en_paper_cell(p, text);
        en_paper_cell(p, "0.5");
        en_paper_cell(p, i % 2 == 0 ? "" : HOSTILE);
    }
    en_paper_table_end(p);
}

static void one_page_holds_a_little_of_everything(void **state)
{
    (void)state;
    static const char *const names[] = {"first", "second"};
    static const double value[] = {3, 5};
    const en_chart_bars bars = {.head = {.title = "Bars"}, .names = names, .bars = 2, .parts = 1, .value = value};
    en_paper *p = en_paper_new("A title", &err);
    en_paper_heading(p, "First part", false);
    en_paper_text(p, "A sentence.");
    en_paper_fact(p, "a name", "a value");
    en_paper_code(p, "eyenet train\n  --subset all");
    fill_table(p, 3);
    en_paper_heading(p, "Second part", true);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(en_chart_draw_bars(&bars, en_paper_chart(p), &out, &err), EN_OK);
    }
    assert_int_equal(out.size, 0); /* the charts are in the document alone */
    finish(p);
    assert_int_equal(pages(), 1);
    assert_int_equal(count("/Title (First part)"), 1);
    assert_int_equal(count("/Title (Second part)"), 1);
}

static void what_is_long_goes_on_over_pages(void **state)
{
    (void)state;
    en_paper *p = en_paper_new("Long", &err);
    fill_table(p, 200);
    finish(p);
    const size_t of_the_table = pages();
    assert_in_range(of_the_table, 4, 12);
    en_buf_reset(&out);
    char *word = en_alloc(20001); /* which has no place to break it */
    assert_non_null(word);
    memset(word, 'w', 20000);
    word[20000] = '\0';
    p = en_paper_new(word, &err);
    en_paper_text(p, word);
    en_paper_fact(p, "name", word);
    en_paper_code(p, word);
    finish(p);
    assert_in_range(pages(), 8, 40);
    en_free(word);
}

static void pictures_stand_as_they_are(void **state)
{
    (void)state;
    /* the header of a JPEG of 32 x 16 px, and nothing behind it: a viewer decodes, not the document */
    static const char jpeg[] = "\xff\xd8\xff\xc0\x00\x11\x08\x00\x10\x00\x20\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
                               "as it is\xff\xd9";
    en_paper *p = en_paper_new("Pictures", &err);
    for (int i = 0; i < 5; i++) {
        en_paper_picture(p, jpeg, sizeof jpeg - 1, 32, 16, "a caption\nof two lines");
    }
    finish(p);
    assert_int_equal(pages(), 1);
    assert_int_equal(count("as it is"), 5);
}

static void hostile_texts_do_no_harm(void **state)
{
    (void)state;
    en_paper *p = en_paper_new(HOSTILE, &err);
    en_paper_heading(p, HOSTILE, false);
    en_paper_heading(p, "", false);
    en_paper_text(p, HOSTILE);
    en_paper_text(p, "");
    en_paper_fact(p, HOSTILE, HOSTILE);
    en_paper_code(p, HOSTILE);
    fill_table(p, 2);
    en_paper_picture(p, "", 0, 0, 0, HOSTILE); /* no size: nothing is drawn */
    finish(p);
    assert_int_equal(pages(), 1);
}

static void the_same_document_is_the_same_bytes(void **state)
{
    (void)state;
    en_buf first = {0};
    for (int i = 0; i < 2; i++) {
        en_paper *p = en_paper_new("Twice", &err);
        fill_table(p, 30);
        finish(p);
        if (i == 0) {
            first = out;
            en_buf_init(&out, (size_t)16 << 20);
        }
    }
    assert_int_equal(first.size, out.size);
    assert_memory_equal(first.data, out.data, out.size);
    en_buf_clear(&first);
}

static void failures_are_reported_once_and_leave_nothing(void **state)
{
    (void)state;
    static const en_paper_column none[1];
    en_paper *p = en_paper_new("Too wide", &err);
    en_paper_table(p, NULL, none, EN_PAPER_COLUMNS_MAX + 1);
    en_paper_cell(p, "ignored");
    en_paper_table_end(p);
    assert_int_equal(en_paper_finish(p, &out, &err), EN_BUG);
    assert_int_equal(out.size, 0);
    size_t failed = 0;
    for (unsigned n = 1;; n++) {
        en_alloc_fail_at(n);
        p = en_paper_new("No memory", &err);
        if (p != NULL) {
            fill_table(p, 3);
            en_paper_picture(p, "j", 1, 1, 1, "");
        }
        const en_status st = en_paper_finish(p, &out, &err);
        en_alloc_fail_at(0);
        if (st == EN_OK) {
            break;
        }
        assert_int_equal(st, EN_NOMEM);
        assert_int_equal(out.size, 0);
        failed++;
    }
    assert_in_range(failed, 10, 1000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(one_page_holds_a_little_of_everything),
        TEST(what_is_long_goes_on_over_pages),
        TEST(pictures_stand_as_they_are),
        TEST(hostile_texts_do_no_harm),
        TEST(the_same_document_is_the_same_bytes),
        TEST(failures_are_reported_once_and_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
