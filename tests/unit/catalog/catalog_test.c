/* The catalog as a whole: opening, moving, its accounts, its schema. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/file.h"
#include "base/memory.h"

static void a_project_is_made_once(void **state)
{
    (void)state;
    FAILS(en_catalog_create(scratch, false, &err), EN_INPUT, "there is a database already");
    FAILS(en_catalog_create("/nowhere/at/all", false, &err), EN_IO, "/nowhere/at/all/eyenet.db");
}

/* What the linker puts in the place of SQLite's: before the first file is opened, all else happens; or it gets no
 * space.
 */
static void (*before_open)(void);
static bool no_room;
int __real_sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs)
{
    void (*hook)(void) = before_open;
    before_open = NULL;
    if (hook != NULL) {
        hook();
    }
    int rc = __real_sqlite3_open_v2(path, db, flags, vfs);
    return no_room && rc == SQLITE_OK ? sqlite3_exec(*db, "PRAGMA max_page_count = 3", NULL, NULL, NULL) : rc;
}

static char empty_folder[96];

static void make_an_empty_folder(void)
{
    snprintf(empty_folder, sizeof empty_folder, "%s/empty", scratch);
    OK(en_file_mkdirs(empty_folder, &err));
}

static size_t files_in_it(void)
{
    en_names names;
    OK(en_file_list(empty_folder, &names, &err));
    size_t count = names.count;
    en_names_free(&names);
    return count;
}

static void create_and_fill(void)
{
    OK(en_catalog_create(empty_folder, false, &err));
    en_catalog *other;
    int64_t id;
    OK(en_catalog_open(empty_folder, NULL, &other, &err));
    OK(en_catalog_recipe_put(other, "crop=none size=8", &id, &err));
    en_catalog_close(other);
}

static void a_slow_creation_spares_the_catalog_that_a_faster_one_made(void **state)
{
    (void)state;
    en_catalog *mine = catalog;
    make_an_empty_folder();
    before_open = create_and_fill;
    FAILS(en_catalog_create(empty_folder, false, &err), EN_INPUT, "there is a database already");
    assert_int_equal(files_in_it(), 1);
    OK(en_catalog_open(empty_folder, NULL, &catalog, &err));
    assert_int_equal(number("SELECT count(*) FROM recipe"), 1);
    en_catalog_close(catalog);
    catalog = mine;
}

static void a_creation_that_fails_leaves_nothing(void **state)
{
    (void)state;
    char path[128];
    make_an_empty_folder();
    no_room = true;
    FAILS(en_catalog_create(empty_folder, false, &err), EN_IO, "/empty/eyenet.db'; free some disk space");
    no_room = false;
    assert_int_equal(files_in_it(), 0);
    snprintf(path, sizeof path, "%s/eyenet.db", empty_folder);
    OK(en_file_write(path, "", 0, &err)); /* somebody's, and not ours to remove */
    FAILS(en_catalog_create(empty_folder, false, &err), EN_INPUT, "of that name exists already; remove it");
    assert_true(en_file_exists(path));
    OK(en_file_remove_tree(path, &err));
    OK(en_catalog_create(empty_folder, false, &err));
    assert_int_equal(files_in_it(), 1);
}

static void the_root_is_found_from_below(void **state)
{
    (void)state;
    char deep[128], *root, *whole = realpath(scratch, NULL);
    snprintf(deep, sizeof deep, "%s/photos/1/train", scratch);
    OK(en_file_mkdirs(deep, &err));
    OK(en_catalog_find_root(deep, &root, &err));
    assert_string_equal(root, whole);
    en_free(root);
    OK(en_catalog_find_root(scratch, &root, &err));
    assert_string_equal(root, whole);
    en_free(root);
    free(whole);
    FAILS(en_catalog_find_root("/", &root, &err), EN_INPUT, "no eyenet project in '/' or above");
    FAILS(en_catalog_find_root("/nowhere/at/all", &root, &err), EN_INPUT, "there is no folder");
}

static void a_moved_project_still_works(void **state)
{
    (void)state;
    char moved[80];
    en_catalog_members pending;
    add_patients(3);
    int64_t recipe = add_samples();
    int64_t subset = add_subset("all", "SELECT variant_id FROM variants");
    add_member("photos/1/train/99_left.jpeg");
    en_catalog_close(catalog);
    snprintf(moved, sizeof moved, "%s-moved here", scratch);
    assert_int_equal(rename(scratch, moved), 0);
    assert_int_equal(mkdir(scratch, 0777), 0); /* what teardown removes */
    OK(en_catalog_open(moved, NULL, &catalog, &err));
    OK(en_catalog_members_pending(catalog, &pending, &err));
    assert_int_equal(pending.count, 1);
    assert_string_equal(pending.row[0].path, "photos/1/train/99_left.jpeg"); /* wherever the project is */
    en_catalog_members_clear(&pending);
    en_catalog_items items;
    OK(en_catalog_subset_load(catalog, subset, "grade", recipe, NULL, &items, &err));
    assert_string_equal(items.pack[0], "samples/1-0001.pack");
    en_catalog_items_clear(&items);
    en_catalog_close(catalog);
    catalog = NULL;
    OK(en_file_remove_tree(moved, &err));
}

static void no_column_holds_the_projects_own_place(void **state)
{
    (void)state;
    add_patients(3);
    add_samples();
    en_buf bytes;
    char path[96];
    en_catalog_close(catalog);
    catalog = NULL;
    snprintf(path, sizeof path, "%s/eyenet.db", scratch);
    en_buf_init(&bytes, 10000000);
    OK(en_file_read(path, &bytes, &err));
    assert_null(memmem(bytes.data, bytes.size, scratch, strlen(scratch)));
    en_buf_clear(&bytes);
}

static void a_read_only_catalog_reads_while_another_writes(void **state)
{
    (void)state;
    en_catalog *writer = catalog;
    en_catalog_options options = {.read_only = true};
    int64_t id;
    add_patients(2);
    OK(en_catalog_open(scratch, &options, &catalog, &err));
    OK(en_catalog_begin(writer, &err));
    OK(en_catalog_recipe_put(writer, "crop=none size=8", &id, &err));
    assert_int_equal(number("SELECT count(*) FROM images"), 4);
    OK(en_catalog_commit(writer, &err));
    FAILS(en_catalog_recipe_put(catalog, "crop=none size=9", &id, &err), EN_BUG, "opened for reading");
    en_catalog_close(catalog);
    catalog = writer;
}

/* The accounts of a project with something of everything. */
static void the_accounts_agree(void **state)
{
    (void)state;
    en_catalog_accounts accounts;
    int64_t evaluation;
    add_patients(10);
    add_split("main", 10);
    add_label("77_left", 2);
    int64_t recipe = add_samples();
    add_accepted("88_left"); /* without a sample */
    add_member("photos/1/waiting.jpeg");
    exec("INSERT INTO image (name, patient, status, reason) VALUES ('66_left', '66', 'rejected', 'black')");
    int64_t train = add_subset("train", "SELECT variant_id FROM variants WHERE part = 'train'");
    int64_t test = add_subset("test", "SELECT variant_id FROM variants WHERE part = 'test'");
    int64_t run = add_run("first", train, recipe);
    OK(en_catalog_evaluation_create(catalog, run, test, 1, HASH_A, &evaluation, &err));
    exec("INSERT INTO prediction SELECT 1, variant_id, 0, 1, 0.5, '[0.5,0.5]' FROM subset_member WHERE subset_id = 2");
    OK(en_catalog_evaluation_create(catalog, run, test, 1, HASH_A, &evaluation, &err)); /* once more: it counts once */
    exec("INSERT INTO prediction SELECT 2, variant_id, 0, variant_id % 2, 0.5, '[0.5,0.5]' FROM subset_member WHERE "
         "subset_id = 2");
    OK(en_catalog_reconcile(catalog, &accounts, &err));
    assert_true(accounts.count >= 10);
    for (size_t i = 0; i < accounts.count; i++) {
        if (accounts.row[i].expected != accounts.row[i].found || (accounts.row[i].expected == 0)) {
            fail_msg("%s: %lld, found %lld", accounts.row[i].what, (long long)accounts.row[i].expected,
                     (long long)accounts.row[i].found);
        }
    }
    en_catalog_accounts_clear(&accounts);
    OK(en_catalog_check(catalog, &err));
    /* one query accounts for a photograph from its source to the runs */
    assert_int_equal(
        number("SELECT count(*) FROM provenance WHERE image = '1_left' AND source = '/somewhere/photos' AND "
               "path LIKE 'photos/%' AND labels = 1 AND samples = 1 AND variants = 6 AND subsets = 1 AND "
               "trained_runs = 1 AND label_file = 'labels.csv'"),
        1);
    /* an image that is rejected later keeps its sample, and the accounts know */
    exec("UPDATE image SET status = 'rejected', reason = 'black' WHERE name = '5_left'");
    OK(en_catalog_reconcile(catalog, &accounts, &err));
    for (size_t i = 0; i < accounts.count; i++) {
        assert_int_equal(accounts.row[i].expected, accounts.row[i].found);
    }
    en_catalog_accounts_clear(&accounts);
    /* and the accounts can fail to balance */
    exec("PRAGMA foreign_keys = OFF");
    exec("DROP TRIGGER subset_member_of_frozen_is_kept");
    exec("DELETE FROM subset_member WHERE subset_id = 1 AND variant_id = (SELECT min(variant_id) FROM subset_member)");
    OK(en_catalog_reconcile(catalog, &accounts, &err));
    size_t wrong = 0;
    for (size_t i = 0; i < accounts.count; i++) {
        wrong += accounts.row[i].expected != accounts.row[i].found;
    }
    assert_int_equal(wrong, 1);
    en_catalog_accounts_clear(&accounts);
    exec("DROP TRIGGER recipe_in_use_is_kept");
    exec("DELETE FROM recipe");
    FAILS(en_catalog_check(catalog, &err), EN_FAILED, "references lead to no row");
}

static void an_empty_catalog_has_agreeing_accounts_and_empty_views(void **state)
{
    (void)state;
    en_catalog_accounts accounts;
    OK(en_catalog_reconcile(catalog, &accounts, &err));
    for (size_t i = 0; i < accounts.count; i++) {
        assert_int_equal(accounts.row[i].expected, 0);
        assert_int_equal(accounts.row[i].found, 0);
    }
    en_catalog_accounts_clear(&accounts);
    static const char *const views[] = {"images",  "labels",    "class_balance", "rejects",        "variants",
                                        "subsets", "runs",      "metrics",       "latest_metrics", "predictions",
                                        "errors",  "confusion", "leakage",       "provenance"};
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", views[i]);
        assert_int_equal(number(sql), 0);
    }
}

static void the_schema_speaks(void **state)
{
    (void)state;
    en_catalog_objects objects;
    OK(en_catalog_schema(catalog, &objects, &err));
    assert_string_equal(objects.row[0].type, "view");
    for (size_t i = 0; i < objects.count; i++) {
        const en_catalog_object *o = &objects.row[i];
        if ((strcmp(o->type, "view") == 0 || strcmp(o->type, "table") == 0) && strstr(o->sql, "-- ") == NULL) {
            fail_msg("%s %s has no comment", o->type, o->name);
        }
    }
    en_catalog_objects_clear(&objects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_project_is_made_once, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_slow_creation_spares_the_catalog_that_a_faster_one_made, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(a_creation_that_fails_leaves_nothing, open_project, close_project),
        cmocka_unit_test_setup_teardown(the_root_is_found_from_below, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_moved_project_still_works, open_project, close_project),
        cmocka_unit_test_setup_teardown(no_column_holds_the_projects_own_place, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_read_only_catalog_reads_while_another_writes, open_project, close_project),
        cmocka_unit_test_setup_teardown(the_accounts_agree, open_project, close_project),
        cmocka_unit_test_setup_teardown(an_empty_catalog_has_agreeing_accounts_and_empty_views, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(the_schema_speaks, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
