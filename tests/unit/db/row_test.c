/* Rows by column name: order is free, what is missing, surplus or twice is an error before the first row. */
#include "scratch.h"

#include <math.h>

#include "base/memory.h"
#include "db/row.h"
#include "db/statements.h"

/* sql/source/find: source_id, uri, version, kind, etag, bytes, sha256, state. */
typedef struct source {
    uint64_t id;
    char *uri, *etag, *sha256;
    char kind[8], state[16];
    int64_t bytes, version;
} source;

static const en_row_column columns[] = {{"state", EN_COL(source, state)},   {"bytes", EN_COL(source, bytes)},
                                        {"uri", EN_COL(source, uri)},       {"kind", EN_COL(source, kind)},
                                        {"sha256", EN_COL(source, sha256)}, {"etag", EN_COL(source, etag)},
                                        {"source_id", EN_COL(source, id)},  {"version", EN_COL(source, version)}};
static const en_row_type type = EN_ROW_TYPE(source, columns);

static en_db *db;

static en_stmt *find(const char *uri)
{
    en_stmt *s;
    OK(en_db_prepare(db, EN_SQL_SOURCE_FIND, &s, &err));
    en_stmt_bind_text(s, "uri", uri);
    return s;
}

static int set_up(void **state)
{
    if (make_folder(state) != 0) {
        return -1;
    }
    db = create();
    OK(en_db_exec(db,
                  "INSERT INTO source (source_id, uri, kind, etag, bytes, state) "
                  "VALUES (7, 'https://x', 'http', 'an etag', 4711, 'fetching'), "
                  "(9, 'y', 'folder', NULL, NULL, 'broken')",
                  "test", &err));
    return 0;
}

static int tear_down(void **state)
{
    en_db_close(db);
    return drop_folder(state);
}

static void each_value_goes_to_the_member_of_its_name(void **state)
{
    (void)state;
    source row;
    OK(en_row_one(find("https://x"), &type, &row, &err));
    assert_int_equal(row.id, 7);
    assert_string_equal(row.uri, "https://x");
    assert_string_equal(row.kind, "http");
    assert_string_equal(row.etag, "an etag");
    assert_int_equal(row.bytes, 4711);
    assert_null(row.sha256);
    assert_string_equal(row.state, "fetching");
    en_row_clear(&type, &row);
    assert_null(row.uri);
    assert_int_equal(row.bytes, 0);
}

static void null_is_unknown(void **state)
{
    (void)state;
    source row;
    OK(en_row_one(find("y"), &type, &row, &err));
    assert_null(row.etag);
    assert_int_equal(row.bytes, -1);
    en_row_clear(&type, &row);
    assert_int_equal(en_row_one(find("nowhere"), &type, &row, NULL), EN_DONE);
    assert_null(row.uri);
}

static void refused(const en_row_column *column, size_t count, const char *why)
{
    const en_row_type other = {"other", sizeof(source), column, count};
    en_stmt *s = find("nowhere"); /* no row: the columns alone are at fault */
    FAILS(en_row_bind(s, &other, &err), EN_BUG, why);
    en_stmt_reset(s);
}

static void a_missing_or_surplus_column_is_named_before_any_row(void **state)
{
    (void)state;
    en_row_column list[9];
    memcpy(list, columns, sizeof columns);
    refused(list, 6, "sql/source/find has a surplus column 'source_id'");
    list[8] = (en_row_column){"host", EN_COL(source, uri)};
    refused(list, 9, "sql/source/find lacks the column 'host'");
    list[1].name = "state"; /* twice in the type: the first one counts, and the other is not there */
    refused(list, 8, "sql/source/find has a surplus column 'bytes'");
}

static void a_text_with_a_zero_byte_is_bad_input(void **state)
{
    (void)state;
    source row;
    OK(en_db_exec(db,
                  "INSERT INTO source (uri, kind, etag, state) VALUES ('z', 'folder', 'a' || char(0) || 'b', 'broken')",
                  "test", &err));
    FAILS(en_row_one(find("z"), &type, &row, &err), EN_INPUT, "etag 'a' has a zero byte");
    assert_null(row.uri);
}

static void a_value_of_another_type_is_bad_input(void **state)
{
    (void)state;
    static const en_row_column mixed[] = {{"state", EN_COL(source, state)},   {"bytes", EN_COL(source, bytes)},
                                          {"uri", EN_COL(source, uri)},       {"kind", EN_COL(source, kind)},
                                          {"sha256", EN_COL(source, sha256)}, {"etag", EN_COL(source, version)},
                                          {"source_id", EN_COL(source, id)},  {"version", EN_COL_OTHER}};
    static const en_row_type mixed_type = EN_ROW_TYPE(source, mixed);
    source row;
    FAILS(en_row_one(find("https://x"), &mixed_type, &row, &err), EN_INPUT, "etag 'an etag' is not a whole number");
    assert_null(row.uri);
}

static void a_text_that_does_not_fit_is_bad_input(void **state)
{
    (void)state;
    static const en_row_column narrow[] = {{"state", EN_COL(source, kind)},    {"bytes", EN_COL(source, bytes)},
                                           {"uri", EN_COL(source, uri)},       {"kind", EN_COL(source, state)},
                                           {"sha256", EN_COL(source, sha256)}, {"etag", EN_COL(source, etag)},
                                           {"source_id", EN_COL(source, id)},  {"version", EN_COL(source, version)}};
    static const en_row_type narrow_type = EN_ROW_TYPE(source, narrow);
    source row;
    FAILS(en_row_one(find("https://x"), &narrow_type, &row, &err), EN_INPUT, "state is longer than 7 bytes");
    assert_null(row.uri);
}

enum sign { SIGN_NONE, SIGN_HTTP, SIGN_FOLDER };
static const char *const sign_words[] = {NULL, "http", "folder"}, *const other_words[] = {NULL, "ftp"};
static const en_wordlist signs = EN_WORDLIST("sign", sign_words), others = EN_WORDLIST("sign", other_words);

static void a_word_becomes_its_value_and_another_is_bad_input(void **state)
{
    (void)state;
    typedef struct {
        enum sign sign;
        char *text;
    } row_of_words;
#define REST                                                                                                           \
    {"source_id", EN_COL_OTHER}, {"uri", EN_COL_OTHER}, {"version", EN_COL_OTHER}, {"bytes", EN_COL_OTHER},            \
        {"etag", EN_COL(row_of_words, text)}, {"sha256", EN_COL_OTHER},                                                \
    {                                                                                                                  \
        "state", EN_COL_OTHER                                                                                          \
    }
    static const en_row_column known[] = {{"kind", EN_COL_WORD(row_of_words, sign, signs)}, REST};
    static const en_row_column unknown[] = {{"kind", EN_COL_WORD(row_of_words, sign, others)}, REST};
    static const en_row_type known_type = EN_ROW_TYPE(row_of_words, known),
                             unknown_type = EN_ROW_TYPE(row_of_words, unknown);
    row_of_words row;
    OK(en_row_one(find("https://x"), &known_type, &row, &err));
    assert_int_equal(row.sign, SIGN_HTTP);
    en_row_clear(&known_type, &row);
    FAILS(en_row_one(find("https://x"), &unknown_type, &row, &err), EN_INPUT,
          "the catalog's kind 'http' is not a sign");
    assert_null(row.text);
    assert_null(en_word(&signs, 3));
    assert_null(en_word(&signs, SIGN_NONE));
    assert_int_equal(en_word_find(&signs, ""), SIGN_NONE);
}

static void a_list_has_every_row(void **state)
{
    (void)state;
    static const en_row_column member_columns[] = {{"member_id", EN_COL_OTHER},       {"source_id", EN_COL_OTHER},
                                                   {"path", EN_COL(source, uri)},     {"photograph", EN_COL_OTHER},
                                                   {"bytes", EN_COL(source, bytes)},  {"crc32", EN_COL_OTHER},
                                                   {"sha256", EN_COL(source, sha256)}};
    static const en_row_type member_type = EN_ROW_TYPE(source, member_columns);
    OK(en_db_exec(db,
                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 37) "
                  "INSERT INTO member (source_id, path, photograph, bytes) SELECT 7, 'photos/' || i, 1, 100 * i FROM n",
                  "test", &err));
    void *rows = NULL;
    size_t count = 0;
    en_stmt *s;
    OK(en_db_prepare(db, EN_SQL_SOURCE_MEMBERS_OF, &s, &err));
    en_stmt_bind_int(s, "source_id", 7);
    OK(en_rows_read(s, &member_type, &rows, &count, &err));
    assert_int_equal(count, 37);
    const source *list = rows;
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        char path[32];
        snprintf(path, sizeof path, "photos/%lld", (long long)(list[i].bytes / 100));
        assert_string_equal(list[i].uri, path);
        sum += list[i].bytes;
    }
    assert_int_equal(sum, 100 * 37 * 38 / 2);
    en_rows_clear(&member_type, rows, count);
}

static void memory_that_runs_out_loses_nothing(void **state)
{
    (void)state;
    for (long nth = 1; nth < 10; nth++) {
        source row;
        en_stmt *s = find("https://x");
        en_alloc_fail_at(nth);
        en_status st = en_row_one(s, &type, &row, NULL);
        en_alloc_fail_at(0);
        assert_true(st == EN_OK || st == EN_NOMEM);
        if (st == EN_OK) {
            en_row_clear(&type, &row);
            assert_true(nth > 2);
            return;
        }
        assert_null(row.uri);
    }
    fail();
}

int main(void)
{
#define IN_A_CATALOG(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        IN_A_CATALOG(each_value_goes_to_the_member_of_its_name),
        IN_A_CATALOG(null_is_unknown),
        IN_A_CATALOG(a_missing_or_surplus_column_is_named_before_any_row),
        IN_A_CATALOG(a_text_with_a_zero_byte_is_bad_input),
        IN_A_CATALOG(a_value_of_another_type_is_bad_input),
        IN_A_CATALOG(a_text_that_does_not_fit_is_bad_input),
        IN_A_CATALOG(a_word_becomes_its_value_and_another_is_bad_input),
        IN_A_CATALOG(a_list_has_every_row),
        IN_A_CATALOG(memory_that_runs_out_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
