/* Migrations: the ledger, the backup, and steps that fail. */
#include "scratch.h"

#include <sqlite3.h>

static const en_migration three[] = {
    {1, "letters",
     "CREATE TABLE letter (id INTEGER PRIMARY KEY, x TEXT NOT NULL) STRICT; INSERT INTO letter VALUES (1, 'a');"},
    {2, "words",
     "CREATE TABLE word (id INTEGER PRIMARY KEY, letter_id INTEGER REFERENCES letter) STRICT;"
     "INSERT INTO word VALUES (1, 1);"},
    {3, "rebuilt",
     "CREATE TABLE new_letter (id INTEGER PRIMARY KEY, x TEXT NOT NULL, y TEXT) STRICT;"
     "INSERT INTO new_letter SELECT id, x, NULL FROM letter; DROP TABLE letter;"
     "ALTER TABLE new_letter RENAME TO letter;"},
};

static int64_t version_of(const char *path)
{
    unsigned char head[100];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fread(head, 1, sizeof head, f), sizeof head);
    fclose(f);
    return (int64_t)head[60] << 24 | head[61] << 16 | head[62] << 8 | head[63];
}

static int64_t file_version(void) { return version_of(file); }

static void steps_run_once_and_in_order(void **state)
{
    (void)state;
    int applied;
    en_db *db = open_as(EN_DB_CREATE);
    OK(en_db_migrate_with(db, three, 2, &applied, &err));
    assert_int_equal(applied, 2);
    OK(en_db_migrate_with(db, three, 2, &applied, &err));
    assert_int_equal(applied, 0);
    OK(en_db_exec(db, "INSERT INTO word VALUES (2, 1)", "test", &err));
    en_db_close(db);
    assert_int_equal(file_version(), 2);
}

static void an_upgrade_backs_the_old_file_up_and_keeps_the_rows(void **state)
{
    (void)state;
    int applied;
    char backup[128];
    en_db *db = open_as(EN_DB_CREATE);
    OK(en_db_migrate_with(db, three, 2, &applied, &err));
    snprintf(backup, sizeof backup, "%s.backup-v0", file);
    assert_false(en_file_exists(backup)); /* there was nothing to back up */
    OK(en_db_migrate_with(db, three, 3, &applied, &err));
    assert_int_equal(applied, 1);
    OK(en_db_exec(db, "UPDATE letter SET y = 'new'", "test", &err));
    FAILS(en_db_exec(db, "INSERT INTO word VALUES (2, 77)", "test", &err), EN_INPUT, "FOREIGN KEY"); /* on again */
    en_db_close(db);

    snprintf(backup, sizeof backup, "%s.backup-v2", file);
    assert_true(en_file_exists(backup));
    OK(en_file_remove_tree(file, &err));
    assert_int_equal(rename(backup, file), 0);
    assert_int_equal(file_version(), 2);
    db = open_as(EN_DB_READ);
    FAILS(en_db_exec(db, "SELECT y FROM letter", "test", &err), EN_BUG, "no such column: y");
    OK(en_db_exec(db, "SELECT x FROM letter", "test", &err));
    en_db_close(db);
}

/* What the linker puts in the place of SQLite's: the other upgrade happens just before ours is copied. */
static en_db *other;
sqlite3_backup *__real_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from, const char *from_name);
sqlite3_backup *__wrap_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from, const char *from_name);
sqlite3_backup *__wrap_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from, const char *from_name)
{
    if (other != NULL) {
        int applied;
        en_db *faster = other;
        other = NULL;
        OK(en_db_migrate_with(faster, three, 3, &applied, &err));
        assert_int_equal(applied, 2);
    }
    return __real_sqlite3_backup_init(to, to_name, from, from_name);
}

static void of_two_upgraders_the_slower_one_does_not_spoil_the_backup(void **state)
{
    (void)state;
    int applied;
    char backup[128];
    en_names names;
    en_db *db = open_as(EN_DB_CREATE);
    OK(en_db_migrate_with(db, three, 1, &applied, &err));
    en_db *second = open_as(EN_DB_WRITE);
    other = second;
    OK(en_db_migrate_with(db, three, 3, &applied, &err));
    assert_int_equal(applied, 0);
    en_db_close(second);
    en_db_close(db);
    snprintf(backup, sizeof backup, "%s.backup-v1", file);
    assert_int_equal(version_of(backup), 1);
    OK(en_file_list(folder, &names, &err));
    assert_int_equal(names.count, 2); /* the catalog, the backup */
    en_names_free(&names);
}

static void a_backup_that_is_there_is_never_replaced(void **state)
{
    (void)state;
    int applied;
    char backup[128];
    en_buf kept;
    en_db *db = open_as(EN_DB_CREATE);
    OK(en_db_migrate_with(db, three, 2, &applied, &err));
    snprintf(backup, sizeof backup, "%s.backup-v2", file);
    OK(en_file_write(backup, "precious", 8, &err));
    OK(en_db_migrate_with(db, three, 3, &applied, &err));
    en_db_close(db);
    en_buf_init(&kept, 100);
    OK(en_file_read(backup, &kept, &err));
    assert_string_equal(en_buf_str(&kept), "precious");
    en_buf_clear(&kept);
    snprintf(backup, sizeof backup, "%s.backup-v2-2", file);
    assert_int_equal(version_of(backup), 2);
}

/* Reading the ledger fails in its preparation or its step, with this code; the linker puts these in SQLite's place. */
static int prepare_fails, step_fails;
static bool of_ledger(const char *sql) { return sql != NULL && strstr(sql, "FROM schema_migration WHERE") != NULL; }

int __real_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int bytes, sqlite3_stmt **out, const char **rest);
int __wrap_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int bytes, sqlite3_stmt **out, const char **rest);
int __wrap_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int bytes, sqlite3_stmt **out, const char **rest)
{
    return of_ledger(sql) && prepare_fails != 0 ? prepare_fails : __real_sqlite3_prepare_v2(db, sql, bytes, out, rest);
}
int __real_sqlite3_step(sqlite3_stmt *s);
int __wrap_sqlite3_step(sqlite3_stmt *s);
int __wrap_sqlite3_step(sqlite3_stmt *s)
{
    return of_ledger(sqlite3_sql(s)) && step_fails != 0 ? step_fails : __real_sqlite3_step(s);
}

static void a_ledger_that_cannot_be_read_now_is_not_called_damaged(void **state)
{
    (void)state;
    static const struct {
        int code;
        en_status status;
        const char *words;
    } fault[] = {{SQLITE_NOMEM, EN_NOMEM, "out of memory"},
                 {SQLITE_IOERR_READ, EN_IO, "cannot read the ledger"},
                 {SQLITE_BUSY, EN_BUSY, "held by another program"},
                 {SQLITE_CORRUPT, EN_INPUT, "restore a backup"}};
    int applied;
    en_db *db = open_as(EN_DB_CREATE);
    OK(en_db_migrate_with(db, three, 2, &applied, &err));
    for (size_t i = 0; i < sizeof fault / sizeof fault[0]; i++) {
        prepare_fails = fault[i].code;
        FAILS(en_db_migrate_with(db, three, 2, &applied, &err), fault[i].status, fault[i].words);
        prepare_fails = 0;
        step_fails = fault[i].code;
        FAILS(en_db_migrate_with(db, three, 2, &applied, &err), fault[i].status, fault[i].words);
        step_fails = 0;
    }
    OK(en_db_migrate_with(db, three, 2, &applied, &err));
    OK(en_db_exec(db, "DROP TABLE schema_migration", "test", &err));
    FAILS(en_db_migrate_with(db, three, 2, &applied, &err), EN_INPUT, "it has no ledger of migrations");
    en_db_close(db);
}

static void an_edited_migration_is_refused(void **state)
{
    (void)state;
    int applied;
    en_db *db = open_as(EN_DB_CREATE);
    OK(en_db_migrate_with(db, three, 2, &applied, &err));
    en_migration edited[3] = {three[0], three[1], three[2]};
    edited[0].sql = "CREATE TABLE letter (id INTEGER PRIMARY KEY, x TEXT) STRICT;";
    FAILS(en_db_migrate_with(db, edited, 3, &applied, &err), EN_INPUT, "another text of migration 1 (letters)");
    assert_int_equal(applied, 0);
    OK(en_db_exec(db, "DELETE FROM schema_migration WHERE version = 2", "test", &err));
    FAILS(en_db_migrate_with(db, three, 3, &applied, &err), EN_INPUT, "migration 2 (words)");
    en_db_close(db);
}

static void a_newer_schema_than_the_list_is_refused(void **state)
{
    (void)state;
    int applied;
    en_db *db = open_as(EN_DB_CREATE);
    OK(en_db_migrate_with(db, three, 3, &applied, &err));
    FAILS(en_db_migrate_with(db, three, 2, &applied, &err), EN_INPUT, "version 3 and this eyenet knows up to 2");
    en_db_close(db);
}

static void a_step_that_fails_changes_nothing(void **state)
{
    (void)state;
    int applied;
    en_db *db = open_as(EN_DB_CREATE);
    OK(en_db_migrate_with(db, three, 1, &applied, &err));
    const en_migration broken[] = {three[0],
                                   {2, "broken", "CREATE TABLE half (x) STRICT; INSERT INTO nowhere VALUES (1);"}};
    FAILS(en_db_migrate_with(db, broken, 2, &applied, &err), EN_BUG, "migration 2");
    assert_int_equal(applied, 0);
    FAILS(en_db_exec(db, "SELECT * FROM half", "test", &err), EN_BUG, "no such table");
    const en_migration dangling[] = {three[0],
                                     {2, "dangling",
                                      "CREATE TABLE word (letter_id INTEGER REFERENCES letter) STRICT;"
                                      "INSERT INTO word VALUES (99);"}};
    FAILS(en_db_migrate_with(db, dangling, 2, &applied, &err), EN_BUG, "dangling reference");
    FAILS(en_db_exec(db, "SELECT * FROM word", "test", &err), EN_BUG, "no such table");
    OK(en_db_migrate_with(db, three, 3, &applied, &err)); /* and the right ones still run */
    assert_int_equal(applied, 2);
    en_db_close(db);
}

static void a_read_only_handle_asks_for_the_upgrade(void **state)
{
    (void)state;
    int applied;
    size_t count;
    const en_migration *own = en_migrations(&count);
    en_db *db = open_as(EN_DB_CREATE);
    OK(en_db_migrate_with(db, own, count - 1, &applied, &err));
    en_db_close(db);
    db = open_as(EN_DB_READ);
    FAILS(en_db_check_schema(db, &err), EN_INPUT, "any command that writes upgrades it");
    en_db_close(db);
    db = open_as(EN_DB_WRITE);
    OK(en_db_migrate(db, &applied, &err));
    assert_int_equal(applied, 1);
    en_db_close(db);
    db = open_as(EN_DB_READ);
    OK(en_db_check_schema(db, &err));
    en_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(steps_run_once_and_in_order, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(an_upgrade_backs_the_old_file_up_and_keeps_the_rows, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(of_two_upgraders_the_slower_one_does_not_spoil_the_backup, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(a_backup_that_is_there_is_never_replaced, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_ledger_that_cannot_be_read_now_is_not_called_damaged, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(an_edited_migration_is_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_newer_schema_than_the_list_is_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_step_that_fails_changes_nothing, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_read_only_handle_asks_for_the_upgrade, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
