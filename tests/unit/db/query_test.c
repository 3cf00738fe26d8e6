/* SQL that people write: everything but reading is refused, on a handle that could write. */
#include "scratch.h"

#include <sqlite3.h>

#include "db/query.h"

static void refused(en_db *db, const char *sql, const char *why)
{
    en_query *q;
    en_error err = {0};
    en_status st = en_query_open(db, "eyenet sql", sql, NULL, &q, &err);
    if (st != EN_INPUT || strstr(err.text, why) == NULL || strncmp(err.text, "eyenet sql", 10) != 0) {
        fail_msg("%s: status %d, '%s'", sql, (int)st, err.text);
    }
    assert_null(q);
}

static void writing_is_refused_with_what_it_would_do(void **state)
{
    (void)state;
    en_db *db = create();
    refused(db, "DELETE FROM image", "eyenet sql only reads: this would delete from 'image'");
    refused(db, "INSERT INTO image (name, patient, status) VALUES ('a', 'a', 'listed')", "insert into 'image'");
    refused(db, "UPDATE image SET name = 'b'", "update 'image'");
    refused(db, "WITH x AS (SELECT 1) DELETE FROM image", "delete from 'image'");
    refused(db, "INSERT INTO image (name, patient, status) VALUES ('a', 'a', 'listed') RETURNING image_id",
            "insert into");
    refused(db, "CREATE TABLE t (x)", "only reads: this would change the schema");
    refused(db, "CREATE TEMP TABLE t (x)", "only reads");
    refused(db, "DROP TABLE image", "only reads");
    refused(db, "DROP VIEW images", "only reads");
    refused(db, "ALTER TABLE image RENAME TO picture", "only reads");
    refused(db, "ATTACH 'other.db' AS other", "attach");
    refused(db, "PRAGMA user_version = 7", "run the pragma 'user_version'");
    refused(db, "PRAGMA writable_schema = ON", "run the pragma");
    refused(db, "VACUUM", "only reads");
    refused(db, "VACUUM INTO 'stolen.db'", "only reads");
    refused(db, "BEGIN", "begin or end a transaction");
    refused(db, "REINDEX", "only reads");
    refused(db, "ANALYZE", "only reads");
    refused(db, "SELECT load_extension('evil')", "call 'load_extension'");
    refused(db, "UPDATE sqlite_schema SET sql = ''", "may not be modified");
    refused(db, "EXPLAIN DELETE FROM image", "delete from");
    en_db_close(db);
}

static int64_t count_of(en_db *db, const char *sql)
{
    en_query *q;
    int64_t count = -1;
    OK(en_query_open(db, "a test", sql, NULL, &q, &err));
    if (en_query_next(q, NULL) == EN_OK) {
        count = en_query_int(q, 0);
    }
    en_query_close(q);
    return count;
}

/* Some statements show only at their steps what they do. */
static void what_a_query_would_write_while_it_steps_is_refused_too(void **state)
{
    (void)state;
    en_db *db = create();
    static const char *const writing[] = {
        "SELECT count(*) FROM pragma_optimize(0x10002)", "SELECT * FROM pragma_optimize",
        "SELECT 1 WHERE (SELECT count(*) FROM pragma_optimize(0x10002)) >= 0",
        "SELECT x FROM (SELECT 1 AS x) WHERE EXISTS (SELECT 1 FROM pragma_optimize(-1))"};
    for (size_t i = 0; i < sizeof writing / sizeof writing[0]; i++) {
        en_query *q;
        OK(en_query_open(db, "eyenet sql", writing[i], NULL, &q, &err));
        FAILS(en_query_next(q, &err), EN_INPUT, "eyenet sql only reads: this would run the pragma 'optimize'");
        en_query_close(q);
    }
    assert_int_equal(count_of(db, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'"), 0);
    OK(en_db_exec(db, "ANALYZE; PRAGMA user_version = 7", "test", &err)); /* our own hands are free again */
    assert_int_equal(count_of(db, "SELECT user_version FROM pragma_user_version"), 7);
    en_db_close(db);
}

/* The linker puts this in the place of SQLite's. */
static bool nothing_is_read_only;
int __real_sqlite3_stmt_readonly(sqlite3_stmt *s);
int __wrap_sqlite3_stmt_readonly(sqlite3_stmt *s);
int __wrap_sqlite3_stmt_readonly(sqlite3_stmt *s) { return nothing_is_read_only ? 0 : __real_sqlite3_stmt_readonly(s); }

static void what_sqlite_itself_calls_writing_is_refused_whatever_the_authorizer_saw(void **state)
{
    (void)state;
    en_db *db = create();
    nothing_is_read_only = true;
    refused(db, "SELECT 1", "only reads: this statement does something else");
    nothing_is_read_only = false;
    assert_int_equal(count_of(db, "SELECT 1"), 1);
    en_db_close(db);
}

static void what_is_no_single_query_is_refused(void **state)
{
    (void)state;
    en_db *db = create();
    refused(db, "", "there is no statement");
    refused(db, " -- only a comment\n", "there is no statement");
    refused(db, "SELECT 1; SELECT 2", "one statement at a time");
    refused(db, "SELECT 1; nonsense", "one statement at a time");
    refused(db, "SELECT 1; DELETE FROM image", "only reads");
    refused(db, "SELECT colour FROM image", "no such column: colour");
    refused(db, "SELECT name FROM image WHERE eye = \"left\"", "no such column: left");
    refused(db, "SELEKT 1", "syntax error");
    refused(db, "SELECT name FROM image WHERE name = :x", "the parameter ':x' has no value");
    refused(db, "SELECT ?", "the parameter '?' has no value");
    en_db_close(db);
}

static void a_misspelt_name_gets_a_hint(void **state)
{
    (void)state;
    en_db *db = create();
    refused(db, "SELECT grad FROM variants", "no such column: grad: did you mean 'grade'?");
    refused(db, "SELECT v.sharpnes FROM variants v", "no such column: v.sharpnes: did you mean 'sharpness'?");
    refused(db, "SELECT grade FROM variant_s", "no such table: variant_s: did you mean 'variants'?");
    refused(db, "SELECT xyzzyplugh FROM variants", "no such column: xyzzyplugh: 'eyenet schema' shows what there is");
    en_db_close(db);
}

static void rows_come_with_names_and_kinds(void **state)
{
    (void)state;
    en_db *db = create();
    en_query *q;
    size_t bytes;
    OK(en_query_open(db, "eyenet sql",
                     "SELECT 1 AS one, 0.5 AS half, 'x' AS text, NULL AS void, x'00ff' AS blob; -- and a comment", NULL,
                     &q, &err));
    assert_int_equal(en_query_columns(q), 5);
    assert_string_equal(en_query_name(q, 1), "half");
    OK(en_query_next(q, &err));
    assert_int_equal(en_query_kind(q, 0), EN_VALUE_INT);
    assert_int_equal(en_query_kind(q, 1), EN_VALUE_DOUBLE);
    assert_int_equal(en_query_kind(q, 2), EN_VALUE_TEXT);
    assert_int_equal(en_query_kind(q, 3), EN_VALUE_NULL);
    assert_int_equal(en_query_kind(q, 4), EN_VALUE_BLOB);
    assert_int_equal(en_query_int(q, 0), 1);
    assert_true(en_query_double(q, 1) > 0.4);
    assert_string_equal(en_query_text(q, 2), "x");
    assert_null(en_query_text(q, 3));
    const unsigned char *blob = en_query_blob(q, 4, &bytes);
    assert_int_equal(bytes, 2);
    assert_int_equal(blob[1], 255);
    assert_int_equal(en_query_next(q, NULL), EN_DONE);
    en_query_close(q);
    en_db_close(db);
}

static void reading_the_schema_and_recursion_are_allowed(void **state)
{
    (void)state;
    en_db *db = create();
    static const char *const fine[] = {
        "SELECT sql FROM sqlite_schema",
        "VALUES (1), (2)",
        "EXPLAIN QUERY PLAN SELECT * FROM variants",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT sum(i) FROM n",
        "SELECT value FROM json_each('[1,2]')",
        "SELECT name FROM pragma_table_info('image')"};
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        en_query *q;
        OK(en_query_open(db, "eyenet sql", fine[i], NULL, &q, &err));
        OK(en_query_next(q, &err));
        en_query_close(q);
    }
    en_db_close(db);
}

static bool stop_at_the_third_look(void *ctx) { return ++*(int *)ctx >= 3; }

static void an_endless_query_stops_when_asked(void **state)
{
    (void)state;
    en_db *db = create();
    int looks = 0;
    en_query *q;
    en_events events = {.ctx = &looks, .stop = stop_at_the_third_look};
    OK(en_query_open(db, "eyenet sql",
                     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", &events,
                     &q, &err));
    FAILS(en_query_next(q, &err), EN_INTERRUPTED, "interrupted");
    en_query_close(q);
    en_db_close(db);
}

/* The mean, to see that rows with a NULL are left out and errors come through. */
static en_status mean(const double *rows, size_t count, double *result, en_error *err)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i] < 0.0) {
            return en_error_set(err, EN_INPUT, "%g is negative", rows[i]);
        }
        sum += rows[i];
    }
    *result = sum / (double)count; /* NaN without rows */
    return EN_OK;
}

static void an_aggregate_in_c_works_by_group(void **state)
{
    (void)state;
    en_db *db = create();
    en_query *q;
    OK(en_db_add_aggregate(db, "mean", 1, mean, &err));
    OK(en_query_open(db, "eyenet sql",
                     "SELECT column1, mean(column2) FROM (VALUES (1, 2), (1, 4), (1, NULL), (2, NULL)) GROUP BY 1",
                     NULL, &q, &err));
    OK(en_query_next(q, &err));
    assert_true(en_query_double(q, 1) > 2.99 && en_query_double(q, 1) < 3.01);
    OK(en_query_next(q, &err));
    assert_int_equal(en_query_kind(q, 1), EN_VALUE_NULL);
    assert_int_equal(en_query_next(q, NULL), EN_DONE);
    en_query_close(q);
    OK(en_query_open(db, "eyenet sql", "SELECT mean(-1)", NULL, &q, &err));
    FAILS(en_query_next(q, &err), EN_INPUT, "eyenet sql: mean: -1 is negative");
    en_query_close(q);
    OK(en_query_open(db, "eyenet sql", "SELECT mean('x')", NULL, &q, &err));
    FAILS(en_query_next(q, &err), EN_INPUT, "every argument must be a number");
    en_query_close(q);
    OK(en_query_open(db, "eyenet sql", "SELECT mean(1) FROM (SELECT 1 WHERE false)", NULL, &q, &err));
    OK(en_query_next(q, &err));
    assert_int_equal(en_query_kind(q, 0), EN_VALUE_NULL);
    en_query_close(q);
    en_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writing_is_refused_with_what_it_would_do, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(what_a_query_would_write_while_it_steps_is_refused_too, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(what_sqlite_itself_calls_writing_is_refused_whatever_the_authorizer_saw,
                                        make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(what_is_no_single_query_is_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_misspelt_name_gets_a_hint, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(rows_come_with_names_and_kinds, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(reading_the_schema_and_recursion_are_allowed, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(an_endless_query_stops_when_asked, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(an_aggregate_in_c_works_by_group, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
