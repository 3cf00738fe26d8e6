/* Backups of a project in a folder: what comes back, what is written anew, and what a hostile folder can do. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/backup.h"
#include "base/file.h"
#include "base/memory.h"
#include "catalog/run.h"
#include "check.h"
#include "project/run_weights.h"
#include "scratch_project.h"

static char place[100], back[100]; /* beside the project */

static const en_events quiet = {0};

static int set_up(void **state)
{
    int rc = scratch_set_up(state);
    const scratch *r = *state;
    snprintf(place, sizeof place, "%s-backup", r->folder);
    snprintf(back, sizeof back, "%s-back", r->folder);
    return rc;
}

static int tear_down(void **state)
{
    (void)!en_file_remove_tree(place, NULL);
    (void)!en_file_remove_tree(back, NULL);
    return scratch_tear_down(state);
}

static en_backup_options at(const char *number) { return (en_backup_options){.place = place, .at = number}; }

/* Makes a backup and returns how many objects it wrote. */
static int64_t back_up(scratch *r)
{
    en_backup_options options = at(NULL);
    en_backup_result result;
    SCRATCH_OK(r, en_backup(&r->project, &options, &result, &r->err));
    en_backup_row_clear(&result.made);
    return result.new_objects;
}

static void restore(scratch *r, const char *number)
{
    en_backup_options options = at(number);
    en_restore_result result;
    SCRATCH_OK(r, en_file_remove_tree(back, &r->err));
    SCRATCH_OK(r, en_restore(&options, back, &quiet, &result, &r->err));
    en_restore_result_clear(&result);
}

static void restore_fails(scratch *r, en_status wanted, const char *words)
{
    en_backup_options options = at(NULL);
    en_restore_result result;
    (void)!en_file_remove_tree(back, NULL);
    scratch_refused(r, en_restore(&options, back, &quiet, &result, &r->err), wanted, words);
    assert_false(en_file_exists(back));
    en_restore_result_clear(&result);
}

static void read_back(const char *path, en_buf *out)
{
    char *whole = en_path_join(back, path);
    en_buf_reset(out);
    OK(en_file_read(whole, out, &err));
    en_free(whole);
}

static void write_file(const char *path, const void *data, size_t bytes)
{
    char folder[200];
    snprintf(folder, sizeof folder, "%.*s", (int)(en_path_base(path) - path), path);
    OK(en_file_mkdirs(folder, &err));
    OK(en_file_write(path, data, bytes, &err));
}

static void everything_comes_back_and_only_what_is_new_is_written(void **state)
{
    scratch *r = *state;
    en_buf before, after;
    en_buf_init(&before, 1 << 24);
    en_buf_init(&after, 1 << 24);
    scratch_fill(r, 4);
    write_file("runs/x/report.html", "", 0);
    size_t size = (33 << 20) + 5; /* three chunks */
    unsigned char *big = en_calloc(size, 1);
    big[20 << 20] = 1;
    write_file("models/big.safetensors", big, size);
    assert_in_range(back_up(r), 10, 20);
    assert_int_equal(back_up(r), 0);
    big[size - 1] = 2;
    write_file("models/big.safetensors", big, size);
    assert_int_equal(back_up(r), 1); /* its last chunk */

    scratch_dump_all(r, &before);
    restore(r, NULL);
    scratch *other = scratch_another();
    char own[64];
    snprintf(own, sizeof own, "%s", other->folder);
    assert_in_range(strlen(back), 1, sizeof other->folder - 1);
    memcpy(other->folder, back, strlen(back) + 1);
    scratch_open(other, 1);
    scratch_dump_all(other, &after);
    assert_string_equal(en_buf_str(&before), en_buf_str(&after));
    snprintf(other->folder, sizeof other->folder, "%s", own);
    void *ended = other;
    scratch_tear_down(&ended);
    assert_int_equal(chdir(r->folder), 0);

    en_buf_clear(&after);
    en_buf_init(&after, (size_t)64 << 20);
    read_back("models/big.safetensors", &after);
    assert_int_equal(after.size, size);
    assert_memory_equal(after.data, big, size);
    restore(r, "2");
    read_back("models/big.safetensors", &after);
    assert_int_equal(after.data[size - 1], 0);
    read_back("runs/x/report.html", &after);
    assert_int_equal(after.size, 0);
    en_free(big);
    en_buf_clear(&before);
    en_buf_clear(&after);
}

static void the_newest_is_the_last_that_was_made(void **state)
{
    scratch *r = *state;
    en_buf text;
    en_buf_init(&text, 100);
    for (int i = 0; i < 12; i++) { /* all in a second */
        char word[12];
        snprintf(word, sizeof word, "%d", i);
        write_file("runs/x/report.md", word, strlen(word));
        (void)back_up(r);
    }
    restore(r, NULL);
    read_back("runs/x/report.md", &text);
    assert_string_equal(en_buf_str(&text), "11");
    restore(r, "10");
    read_back("runs/x/report.md", &text);
    assert_string_equal(en_buf_str(&text), "9");
    en_buf_clear(&text);
}

/* The file of an object of the text "twelve bytes", absolute. */
#define TWELVE "twelve bytes"
static void object_path(char *out, size_t capacity)
{
    char hash[EN_SHA256_HEX];
    OK(en_sha256_bytes(TWELVE, strlen(TWELVE), hash, &err));
    snprintf(out, capacity, "%s/objects/%.2s/%s", place, hash, hash);
}

static void an_object_that_is_not_what_it_was_is_never_restored(void **state)
{
    scratch *r = *state;
    char object[200];
    en_backup_options options = at(NULL);
    en_backup_verified seen;
    write_file("runs/x/report.md", TWELVE, strlen(TWELVE));
    (void)back_up(r);
    object_path(object, sizeof object);
    SCRATCH_OK(r, en_backup_verify(&options, &quiet, &seen, &r->err));
    assert_int_equal(seen.right, seen.objects);

    write_file(object, "Twelve bytes", strlen(TWELVE));
    restore_fails(r, EN_INPUT, "its hash differs");
    scratch_refused(r, en_backup_verify(&options, &quiet, &seen, &r->err), EN_FAILED, "are missing (0) or damaged (1)");
    write_file(object, TWELVE, strlen(TWELVE) - 1);
    restore_fails(r, EN_INPUT, "its length differs");
    assert_int_equal(truncate(object, (off_t)1 << 40), 0);
    restore_fails(r, EN_INPUT, "cannot restore 'runs/x/report.md'");
    assert_int_equal(unlink(object), 0);
    restore_fails(r, EN_INPUT, "is missing");
    assert_int_equal(symlink("/etc/passwd", object), 0);
    restore_fails(r, EN_INPUT, "is neither a regular file nor a folder");
    assert_int_equal(unlink(object), 0);
    assert_int_equal(mkfifo(object, 0600), 0);
    restore_fails(r, EN_INPUT, "is neither a regular file nor a folder");
    assert_int_equal(unlink(object), 0);
    assert_int_equal(mkdir(object, 0700), 0);
    restore_fails(r, EN_INPUT, "folder");
    assert_int_equal(rmdir(object), 0);
    assert_int_equal(back_up(r), 1); /* it is written anew, and both backups are whole again */
    restore(r, "1");
}

static void a_backup_of_the_wrong_length_is_written_again(void **state)
{
    scratch *r = *state;
    char object[200];
    write_file("runs/x/report.md", TWELVE, strlen(TWELVE));
    (void)back_up(r);
    object_path(object, sizeof object);
    write_file(object, "", 0);
    assert_int_equal(back_up(r), 1);
    restore(r, "1");
}

static void what_is_not_a_place_of_backups_is_left_alone(void **state)
{
    scratch *r = *state;
    en_backup_options options = at(NULL);
    en_backup_result result;
    en_restore_result restored;
    char path[120];
    scratch_refused(r, en_restore(&options, back, &quiet, &restored, &r->err), EN_INPUT, "there is no folder");
    snprintf(path, sizeof path, "%s/x", place);
    write_file(path, "x", 1);
    scratch_refused(r, en_backup(&r->project, &options, &result, &r->err), EN_INPUT,
                    "not empty and not a place of backups");
    scratch_refused(r, en_restore(&options, back, &quiet, &restored, &r->err), EN_INPUT, "is not a place of backups");
    options.place = path;
    assert_int_equal(en_backup(&r->project, &options, &result, &r->err), EN_PATH);
    snprintf(path, sizeof path, "%s/photos/deep/er", r->folder);
    scratch_refused(r, en_backup(&r->project, &options, &result, &r->err), EN_INPUT, "lies in the project");
    options.place = ".";
    scratch_refused(r, en_backup(&r->project, &options, &result, &r->err), EN_INPUT, "lies in the project");
    assert_false(en_file_exists("photos/deep"));
}

static void a_folder_with_something_in_it_is_not_restored_over(void **state)
{
    scratch *r = *state;
    en_backup_options options = at(NULL);
    en_restore_result result;
    char path[120];
    (void)back_up(r);
    snprintf(path, sizeof path, "%s/x", back);
    write_file(path, "x", 1);
    scratch_refused(r, en_restore(&options, back, &quiet, &result, &r->err), EN_INPUT, "is not empty");
    en_restore_result_clear(&result);
    assert_int_equal(unlink(path), 0);
    SCRATCH_OK(r, en_restore(&options, back, &quiet, &result, &r->err)); /* empty */
    en_restore_result_clear(&result);
}

static void symbolic_links_are_left_out_and_named(void **state)
{
    scratch *r = *state;
    en_backup_options options = at(NULL);
    en_backup_result result;
    assert_int_equal(symlink("/etc", "photos/link"), 0);
    assert_int_equal(mkfifo("photos/pipe", 0600), 0);
    SCRATCH_OK(r, en_backup(&r->project, &options, &result, &r->err));
    assert_int_equal(result.other, 2);
    assert_int_equal(result.made.files, 1);
    en_backup_row_clear(&result.made);
}

static void what_the_catalog_names_and_is_not_so_is_counted(void **state)
{
    scratch *r = *state;
    en_backup_options options = at(NULL);
    en_backup_result result;
    en_restore_result restored;
    scratch_add(r, "photos/1/1_left.jpeg", "abc", 3);
    scratch_add(r, "photos/1/1_right.jpeg", "def", 3);
    write_file("photos/1/1_left.jpeg", "abcd", 4);
    assert_int_equal(unlink("photos/1/1_right.jpeg"), 0);
    scratch_refused(r, en_backup(&r->project, &options, &result, &r->err), EN_FAILED,
                    "are missing (1) or not as it says (1)");
    assert_int_equal(result.missing, 1);
    assert_int_equal(result.changed, 1);
    en_backup_row_clear(&result.made);
    assert_int_equal(en_restore(&options, back, &quiet, &restored, &r->err), EN_FAILED);
    assert_true(en_file_exists(back));
    assert_int_equal(restored.missing, 1);
    assert_int_equal(restored.changed, 1);
    en_restore_result_clear(&restored);
}

/* Weights of a run that is training: of the row alone, wherever they are at the moment. */
static int64_t begin_run(scratch *r)
{
    int64_t id = 0, attempt = 0, model = 0;
    SCRATCH_OK(r, en_catalog_model_put(r->project.catalog, "tiny", SCRATCH_NETWORK, &model, &r->err));
    const en_catalog_run_spec spec = {.name = "x",
                                      .parent_id = -1,
                                      .model_id = model,
                                      .subset_id =
                                          scratch_number(r, "SELECT max(subset_id) FROM subset WHERE name = 'train'"),
                                      .val_subset_id = -1,
                                      .recipe_id = scratch_number(r, "SELECT max(recipe_id) FROM recipe"),
                                      .target = "grade",
                                      .classes = "[\"0\",\"1\"]",
                                      .threads = 1};
    SCRATCH_OK(r, en_catalog_run_create(r->project.catalog, &spec, &id, &r->err));
    SCRATCH_OK(r, en_catalog_run_start(r->project.catalog, id, &attempt, &r->err));
    return id;
}

static void keep(scratch *r, int64_t run, const char *weights)
{
    char path[] = "runs/x/model.safetensors";
    en_catalog_checkpoint row = {
        .run_id = run, .kind = EN_CHECKPOINT_BEST, .path = path, .attempt = 1, .epoch = 1, .step = 1};
    SCRATCH_OK(r, en_sha256_bytes(weights, strlen(weights), row.file_sha256, &r->err));
    memcpy(row.sha256, row.file_sha256, sizeof row.sha256);
    SCRATCH_OK(r, en_catalog_checkpoint_put(r->project.catalog, run, &row, &r->err));
}

static void the_weights_of_a_training_are_those_of_its_row(void **state)
{
    scratch *r = *state;
    en_backup_options options = at(NULL);
    en_backup_result result;
    en_buf text;
    en_buf_init(&text, 100);
    scratch_fill(r, 4);
    int64_t run = begin_run(r);
    write_file("runs/x/model.safetensors", "old", 3);
    keep(r, run, "old");
    write_file("runs/x/model.safetensors.next", "new", 3); /* its row is not written yet */
    (void)back_up(r);
    restore(r, NULL);
    read_back("runs/x/model.safetensors", &text);
    assert_string_equal(en_buf_str(&text), "old");
    keep(r, run, "new"); /* not renamed yet */
    (void)back_up(r);
    restore(r, NULL);
    read_back("runs/x/model.safetensors", &text);
    assert_string_equal(en_buf_str(&text), "new");
    char *next = en_path_join(back, "runs/x/model.safetensors.next");
    assert_false(en_file_exists(next));
    en_free(next);
    keep(r, run, "other"); /* which never comes */
    scratch_refused(r, en_backup(&r->project, &options, &result, &r->err), EN_BUSY, "replaces its weights");
    en_backup_row_clear(&result.made);
    restore(r, NULL);
    read_back("runs/x/model.safetensors", &text);
    assert_string_equal(en_buf_str(&text), "new");
    en_buf_clear(&text);
}

static void a_damaged_manifest_leaves_the_others(void **state)
{
    scratch *r = *state;
    en_backup_options options = at(NULL);
    en_backup_rows rows;
    en_names names;
    char backups[120];
    (void)back_up(r);
    (void)back_up(r);
    snprintf(backups, sizeof backups, "%s/backups", place);
    SCRATCH_OK(r, en_file_list(backups, &names, &r->err));
    assert_int_equal(names.count, 2);
    char *path = en_path_join(backups, names.name[1]);
    assert_int_equal(truncate(path, 100), 0);
    scratch_refused(r, en_backup_list(&options, &quiet, &rows, &r->err), EN_FAILED, "1 of 2 backups");
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.row[0].number, 1);
    en_backup_rows_clear(&rows);
    restore_fails(r, EN_INPUT, "is damaged: it is cut short");
    restore(r, "1");
    (void)back_up(r);
    restore(r, "3");
    en_free(path);
    en_names_free(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_comes_back_and_only_what_is_new_is_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_newest_is_the_last_that_was_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_object_that_is_not_what_it_was_is_never_restored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_backup_of_the_wrong_length_is_written_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_a_place_of_backups_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_with_something_in_it_is_not_restored_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(symbolic_links_are_left_out_and_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_catalog_names_and_is_not_so_is_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_weights_of_a_training_are_those_of_its_row, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_manifest_leaves_the_others, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
