/* The statements of sql/: each is prepared, and binding by name catches every slip. */
#include "scratch.h"

#include <math.h>

#include "base/memory.h"
#include "db/statements.h"

/* What no parameter can stand for, so that these are statements only when they are composed. */
static const en_sql_piece pieces[] = {
    {"columns", "run_id, lr"}, {"rows", "(1, 0.5)"}, {"show", ", lr"},    {"where", "lr < 1"}, {"sort", "lr"},
    {"direction", "DESC"},     {"limit", "3"},       {"expression", "lr"}};
static const en_sql composed[] = {EN_SQL_RUN_CHOOSE, EN_SQL_RUN_EXPRESSION};
#define COMPOSED (sizeof composed / sizeof *composed)

/* Statements of other programs' files are prepared where these are read: unit.training.track. */
static bool is_composed(int id)
{
    bool is =
        strncmp(en_sql_name[id], "foreign/mlflow", 14) == 0 || strncmp(en_sql_name[id], "foreign/trackio", 15) == 0;
    for (size_t i = 0; i < COMPOSED; i++) {
        is = is || composed[i] == (en_sql)id;
    }
    return is;
}

static void every_statement_prepares_on_a_new_catalog(void **state)
{
    (void)state;
    en_db *db = create();
    assert_true(EN_SQL_COUNT > 50);
    for (int id = 0; id < EN_SQL_COUNT; id++) {
        en_stmt *s;
        if (!is_composed(id)) {
            OK(en_db_prepare(db, (en_sql)id, &s, &err));
        }
    }
    en_db_close(db);
}

static void what_is_composed_is_a_statement_then(void **state)
{
    (void)state;
    en_db *db = create();
    for (size_t i = 0; i < COMPOSED; i++) {
        char *sql = en_sql_compose(composed[i], pieces, sizeof pieces / sizeof *pieces);
        assert_null(strstr(sql, " :"));
        OK(en_db_exec(db, sql, en_sql_name[composed[i]], &err));
        en_free(sql);
    }
    en_db_close(db);
}

static void every_statement_begins_with_a_comment_of_intent(void **state)
{
    (void)state;
    for (int id = 0; id < EN_SQL_COUNT; id++) {
        if (strncmp(en_sql_text[id], "-- ", 3) != 0) {
            fail_msg("sql/%s has no comment", en_sql_name[id]);
        }
    }
}

static void a_text_is_composed_in_one_look(void **state)
{
    (void)state;
    const en_sql_piece piece[] = {{"target", "1 -- :subset_id"}, {"subset_id", "7"}};
    char *text = en_sql_compose(EN_SQL_SUBSET_TARGET, piece, 2);
    assert_string_equal(text, "SELECT (\n1 -- :subset_id\n) FROM variants"); /* no comment, no semicolon */
    en_free(text);
    text = en_sql_compose(EN_SQL_SUBSET_ITEMS, piece, 2);
    assert_non_null(strstr(text, "m.subset_id = 7 ORDER BY"));
    assert_non_null(strstr(text, "p.recipe_id = :recipe_id AND")); /* no piece of that name */
    en_free(text);
}

static void an_unknown_parameter_is_a_bug(void **state)
{
    (void)state;
    en_db *db = create();
    en_stmt *s;
    OK(en_db_prepare(db, EN_SQL_RUN_PARAMS, &s, &err));
    en_stmt_bind_int(s, "run_id", 1);
    en_stmt_bind_int(s, "runid", 1);
    FAILS(en_stmt_step(s, &err), EN_BUG, "sql/run/params has no parameter :runid");
    OK(en_db_prepare(db, EN_SQL_RUN_PARAMS, &s, &err));
    en_stmt_bind_int(s, "run_id", 1);
    assert_int_equal(en_stmt_step(s, NULL), EN_DONE); /* the slip is forgotten */
    en_db_close(db);
}

static void a_forgotten_parameter_is_a_bug(void **state)
{
    (void)state;
    en_db *db = create();
    en_stmt *s;
    OK(en_db_prepare(db, EN_SQL_LABEL_PUT, &s, &err));
    en_stmt_bind_int(s, "image_id", 1);
    en_stmt_bind_text(s, "scheme", "icdr");
    en_stmt_bind_int(s, "grade", 1);
    FAILS(en_stmt_run(s, &err), EN_BUG, ":import_id was not bound");
    en_db_close(db);
}

static void a_statement_in_use_is_not_prepared_again(void **state)
{
    (void)state;
    en_db *db = create();
    en_stmt *s, *again;
    OK(en_db_prepare(db, EN_SQL_IMAGE_STATES, &s, &err));
    OK(en_stmt_step(s, &err));
    FAILS(en_db_prepare(db, EN_SQL_IMAGE_STATES, &again, &err), EN_BUG, "still in use");
    en_stmt_reset(s);
    OK(en_db_prepare(db, EN_SQL_IMAGE_STATES, &again, &err));
    assert_ptr_equal(s, again); /* the cache */
    en_db_close(db);
}

static void values_come_back_as_they_went_in(void **state)
{
    (void)state;
    en_db *db = create();
    en_stmt *s;
    int64_t id;
    OK(en_db_prepare(db, EN_SQL_SOURCE_PUT, &s, &err));
    en_stmt_bind_text(s, "uri", "a 'quoted' uri");
    en_stmt_bind_int(s, "version", 1);
    en_stmt_bind_text(s, "kind", "folder");
    en_stmt_bind_text(s, "etag", NULL);
    en_stmt_bind_id(s, "bytes", -1);
    en_stmt_bind_null(s, "sha256");
    en_stmt_bind_text(s, "state", "whole");
    OK(en_stmt_number(s, &id, &err));
    OK(en_db_prepare(db, EN_SQL_SOURCE_FIND, &s, &err));
    en_stmt_bind_text(s, "uri", "a 'quoted' uri");
    OK(en_stmt_step(s, &err));
    assert_int_equal(en_stmt_int(s, 0), id);
    assert_string_equal(en_stmt_text(s, 1), "a 'quoted' uri");
    assert_null(en_stmt_text(s, 4));
    assert_int_equal(en_stmt_id(s, 5), -1);
    assert_true(isnan(en_stmt_double(s, 5)));
    assert_true(en_stmt_is_null(s, 6));
    en_stmt_reset(s);
    en_db_close(db);
}

static void a_broken_rule_of_the_schema_is_bad_input_not_a_bug(void **state)
{
    (void)state;
    en_db *db = create();
    en_stmt *s;
    OK(en_db_prepare(db, EN_SQL_LABEL_IMPORT_PUT, &s, &err));
    en_stmt_bind_text(s, "file", "x.csv");
    en_stmt_bind_text(s, "sha256", "short");
    en_stmt_bind_text(s, "scheme", "icdr");
    en_stmt_bind_text(s, "grader", "x");
    FAILS(en_stmt_run(s, &err), EN_INPUT, "CHECK");
    en_db_close(db);
}

/* A catalog from elsewhere may have any tables; what our statements cannot ask them is its fault. */
static void a_statement_that_other_tables_do_not_fit_is_bad_input(void **state)
{
    (void)state;
    en_stmt *s;
    en_db *db = create();
    OK(en_db_exec(db, "PRAGMA legacy_alter_table = ON; ALTER TABLE run_note RENAME COLUMN text TO words", "test",
                  &err));
    FAILS(en_db_prepare(db, EN_SQL_RUN_NOTE_PUT, &s, &err), EN_INPUT,
          "its table 'run_note' is another; " EN_DB_RESTORE);
    OK(en_db_exec(db, "DROP TABLE run_note", "test", &err));
    FAILS(en_db_prepare(db, EN_SQL_RUN_NOTE_PUT, &s, &err), EN_INPUT, "its table 'run_note' is missing");
    en_db_close(db);
}

static void a_piece_stays_in_its_brackets(void **state)
{
    (void)state;
    static const char *const within[] = {"1",          "",           "(a) OR (b)", "a = ')'",  "a = 'it''s ('",
                                         "\"x)\" > 0", "`a``)` = 1", "[;)]",       "1 -- ) ;", "1 /* ) */ + 2",
                                         "a - -1 / b"};
    static const char *const beyond[] = {"1)",  "1) OR (1", "(1", "1 /*", "1 /*/",     "'a",    "'a''",
                                         "\"a", "`a",       "[a", "1; 2", "1 -- (\n)", "')' )", "f((a)"};
    for (size_t i = 0; i < sizeof within / sizeof *within; i++) {
        assert_true(en_sql_is_enclosed(within[i]));
    }
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        assert_false(en_sql_is_enclosed(beyond[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_stays_in_its_brackets),
        cmocka_unit_test_setup_teardown(every_statement_prepares_on_a_new_catalog, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(what_is_composed_is_a_statement_then, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(every_statement_begins_with_a_comment_of_intent, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_text_is_composed_in_one_look, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(an_unknown_parameter_is_a_bug, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_forgotten_parameter_is_a_bug, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_statement_in_use_is_not_prepared_again, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(values_come_back_as_they_went_in, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_statement_that_other_tables_do_not_fit_is_bad_input, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(a_broken_rule_of_the_schema_is_bad_input_not_a_bug, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
