/* The views as a set: made anew when their text changes, all or none, and nobody else's touched. */
#include "scratch.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "db/query.h"

#define SCHEMA_CAP 1000000

/* Two sets of another program's; `second` selects from `third`, which comes after it. */
static const en_view before[] = {
    {"first", "CREATE VIEW first AS\n-- One.\nSELECT 1 AS x"},
    {"second", "CREATE VIEW second AS\n-- Two.\nSELECT x + 1 AS x FROM third"},
    {"third", "CREATE VIEW third AS\n-- Three.\nSELECT x AS x FROM first"},
};
static const en_view after[] = {
    {"fourth", "CREATE VIEW fourth AS\n-- Four.\nSELECT x AS x FROM second"},
    {"second", "CREATE VIEW second AS\n-- Two.\nSELECT 7 AS x, 8 AS y"},
};

static en_schema with_views(const en_view *view, size_t views)
{
    en_schema s = {.view = view, .views = views};
    s.step = en_migrations(&s.steps);
    return s;
}

static en_status become(en_db *db, const en_view *view, size_t views, en_error *err)
{
    int applied;
    const en_schema s = with_views(view, views);
    return en_db_migrate_to(db, &s, &applied, err);
}

/* The first value of a query as text, or what is wrong with it; in fresh memory. */
static char *first_of(en_db *db, const char *sql)
{
    en_error err;
    en_query *q = NULL;
    if (en_query_open(db, "test", sql, NULL, &q, &err) != EN_OK) {
        return en_strdup(err.text);
    }
    const char *text = en_query_next(q, &err) == EN_OK ? en_query_text(q, 0) : "none";
    char *copy = en_strdup(text != NULL ? text : "NULL");
    en_query_close(q);
    return copy;
}

static void says(en_db *db, const char *sql, const char *expected)
{
    char *found = first_of(db, sql);
    assert_string_equal(found, expected);
    en_free(found);
}

#define VIEW_NAMES "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name)"
#define SET_COUNT "SELECT count(*) FROM schema_view_set"

static void the_texts_of_all_views(en_db *db, en_buf *out)
{
    en_query *q;
    en_buf_init(out, SCHEMA_CAP);
    OK(en_query_open(db, "test", "SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name", NULL, &q,
                     &err));
    while (en_query_next(q, NULL) == EN_OK) {
        OK(en_buf_printf(out, &err, "%s\n", en_query_text(q, 0)));
        OK(en_buf_printf(out, &err, "%s\n", en_query_text(q, 1)));
    }
    en_query_close(q);
}

static void an_old_catalog_gets_the_same_views_as_a_new_one(void **state)
{
    (void)state;
    int applied;
    size_t count;
    const en_migration *own = en_migrations(&count);
    en_buf fresh, old, upgraded;
    en_db *db = create();
    the_texts_of_all_views(db, &fresh);
    en_db_close(db);
    OK(en_file_remove_tree(file, &err));
    db = open_as(EN_DB_CREATE);
    OK(en_db_migrate_with(db, own, 4, &applied, &err)); /* the foundation's schema, whose migrations make the views */
    the_texts_of_all_views(db, &old);
    en_db_close(db);
    db = open_as(EN_DB_WRITE);
    OK(en_db_migrate(db, &applied, &err));
    the_texts_of_all_views(db, &upgraded);
    en_db_close(db);
    assert_string_not_equal(en_buf_str(&old), en_buf_str(&fresh));
    assert_string_equal(en_buf_str(&upgraded), en_buf_str(&fresh));
    assert_non_null(strstr(en_buf_str(&fresh), "CREATE VIEW provenance AS\n-- "));
    en_buf_clear(&fresh);
    en_buf_clear(&old);
    en_buf_clear(&upgraded);
}

static void another_set_replaces_the_views_and_the_same_one_does_not(void **state)
{
    (void)state;
    en_db *db = open_as(EN_DB_CREATE);
    OK(become(db, before, 3, &err));
    says(db, VIEW_NAMES, "first,second,third");
    says(db, "SELECT x FROM second", "2"); /* whatever the order */
    OK(become(db, before, 3, &err));
    says(db, SET_COUNT, "1");
    OK(become(db, after, 2, &err));
    says(db, VIEW_NAMES, "fourth,second");
    says(db, "SELECT x FROM fourth", "7");
    says(db, SET_COUNT, "2");
    says(db, "SELECT names FROM schema_view_set ORDER BY set_id DESC", "[\"fourth\",\"second\"]");
    OK(en_db_exec(db, "DROP VIEW fourth", "test", &err)); /* one that is gone is not missed */
    OK(become(db, before, 3, &err));
    says(db, VIEW_NAMES, "first,second,third");
    en_db_close(db);
}

static void new_views_need_no_backup(void **state)
{
    (void)state;
    en_names names;
    en_db *db = open_as(EN_DB_CREATE);
    OK(become(db, before, 3, &err));
    OK(become(db, after, 2, &err));
    en_db_close(db);
    OK(en_file_list(folder, &names, &err));
    assert_int_equal(names.count, 1);
    en_names_free(&names);
}

static void views_of_the_users_stay(void **state)
{
    (void)state;
    en_db *db = open_as(EN_DB_CREATE);
    OK(become(db, before, 3, &err));
    OK(en_db_exec(db, "CREATE VIEW mine AS SELECT x * 10 AS x FROM second", "test", &err));
    OK(become(db, after, 2, &err));
    says(db, "SELECT x FROM mine", "70");
    OK(en_db_exec(db, "CREATE VIEW first AS SELECT 'mine' AS x", "test", &err)); /* not ours any more */
    FAILS(become(db, before, 3, &err), EN_INPUT, "there is a view of that name: rename it");
    says(db, VIEW_NAMES, "first,fourth,mine,second"); /* nothing was changed */
    OK(en_db_exec(db, "DROP VIEW first; CREATE TABLE FIRST (x)", "test", &err));
    FAILS(become(db, before, 3, &err), EN_INPUT, "there is a table of that name: rename it");
    says(db, "SELECT x FROM mine", "70");
    en_db_close(db);
}

static void a_table_may_be_rebuilt_under_views_of_the_users(void **state)
{
    (void)state;
    size_t count;
    int applied;
    const en_migration *own = en_migrations(&count);
    en_migration *more = en_calloc(count + 1, sizeof *more);
    assert_non_null(more);
    memcpy(more, own, count * sizeof *more);
    more[count] =
        (en_migration){(int)count + 1, "rebuilt",
                       "CREATE TABLE new_param (run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, name "
                       "TEXT, value TEXT, unit TEXT, PRIMARY KEY (run_id, name)) STRICT, WITHOUT ROWID;"
                       "DROP TABLE param; ALTER TABLE new_param RENAME TO param;"};
    en_db *db = open_as(EN_DB_CREATE);
    OK(become(db, before, 3, &err));
    OK(en_db_exec(db, "CREATE VIEW mine AS SELECT s.x, count(p.name) AS params FROM second s LEFT JOIN param p", "test",
                  &err));
    const en_schema newer = {more, count + 1, after, 2};
    OK(en_db_migrate_to(db, &newer, &applied, &err));
    assert_int_equal(applied, 1);
    says(db, "SELECT x || ' ' || params FROM mine", "7 0");
    says(db, VIEW_NAMES, "fourth,mine,second");
    en_db_close(db);
    en_free(more);
}

static void a_set_that_fails_leaves_the_old_one(void **state)
{
    (void)state;
    static const en_view broken[] = {
        {"fourth", "CREATE VIEW fourth AS\n-- Four.\nSELECT 4 AS x"},
        {"second", "CREATE VIEW second AS\n-- Two.\nSELCT 1"},
    };
    en_db *db = open_as(EN_DB_CREATE);
    OK(become(db, before, 3, &err));
    FAILS(become(db, broken, 2, &err), EN_BUG, "second");
    says(db, VIEW_NAMES, "first,second,third");
    says(db, "SELECT x FROM second", "2");
    says(db, SET_COUNT, "1");
    OK(become(db, after, 2, &err)); /* and the right one is still made */
    says(db, VIEW_NAMES, "fourth,second");
    en_db_close(db);
}

static en_status die(const double *rows, size_t count, double *result, en_error *error)
{
    (void)rows;
    (void)count;
    (void)result;
    (void)error;
    (void)raise(SIGKILL);
    return EN_BUG;
}

static void a_process_killed_between_two_views_leaves_the_old_set(void **state)
{
    (void)state;
    static const en_view deadly[] = {
        {"fourth", "CREATE VIEW fourth AS\n-- Four.\nSELECT 4 AS x"},
        {"second", "CREATE VIEW second AS\n-- Two.\nSELECT 2 AS x; SELECT die(1)"},
    };
    en_db *db = open_as(EN_DB_CREATE);
    OK(become(db, before, 3, &err));
    en_db_close(db);
    pid_t pid = fork();
    if (pid == 0) {
        db = open_as(EN_DB_WRITE);
        OK(en_db_add_aggregate(db, "die", 1, die, &err));
        (void)!become(db, deadly, 2, NULL);
        _exit(1);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    db = open_as(EN_DB_WRITE);
    says(db, VIEW_NAMES, "first,second,third");
    says(db, "SELECT x FROM second", "2");
    says(db, SET_COUNT, "1");
    en_db_close(db);
}

static void a_reader_of_another_set_sees_its_own_views(void **state)
{
    (void)state;
    const en_schema newer = with_views(after, 2), older = with_views(before, 3);
    en_db *db = open_as(EN_DB_CREATE);
    OK(become(db, before, 3, &err));
    en_db_close(db);
    db = open_as(EN_DB_READ);
    OK(en_db_check_schema_of(db, &older, &err));
    says(db, "SELECT count(*) FROM sqlite_temp_schema", "0");
    OK(en_db_check_schema_of(db, &newer, &err));
    says(db, "SELECT x FROM fourth", "7"); /* through its own `second` */
    says(db, "SELECT y FROM second", "8");
    says(db, "SELECT x FROM third", "1"); /* there is no other */
    says(db, "SELECT group_concat(name) FROM main.sqlite_schema WHERE type = 'view'", "first,second,third");
    en_db_close(db);
    db = open_as(EN_DB_READ);
    says(db, "SELECT x FROM second", "2"); /* nothing was written */
    says(db, SET_COUNT, "1");
    en_db_close(db);
}

static void a_catalog_without_its_ledger_of_views_is_damaged(void **state)
{
    (void)state;
    en_db *db = open_as(EN_DB_CREATE);
    OK(become(db, before, 3, &err));
    OK(en_db_exec(db, "DROP TABLE schema_view_set", "test", &err));
    FAILS(become(db, before, 3, &err), EN_INPUT, "table 'schema_view_set' is missing");
    en_db_close(db);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
    const struct CMUnitTest tests[] = {
        TEST(an_old_catalog_gets_the_same_views_as_a_new_one),
        TEST(another_set_replaces_the_views_and_the_same_one_does_not),
        TEST(new_views_need_no_backup),
        TEST(views_of_the_users_stay),
        TEST(a_table_may_be_rebuilt_under_views_of_the_users),
        TEST(a_set_that_fails_leaves_the_old_one),
        TEST(a_process_killed_between_two_views_leaves_the_old_set),
        TEST(a_reader_of_another_set_sees_its_own_views),
        TEST(a_catalog_without_its_ledger_of_views_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
