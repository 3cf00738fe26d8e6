/* Every allocation of ours fails once: each call says "out of memory", leaks nothing and leaves the catalog usable. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define MOST 5000

static int64_t recipe, train, test, run_id, evaluation;

static int open_full_project(void **state)
{
    if (open_project(state) != 0) {
        return -1;
    }
    add_patients(10);
    add_split("main", 10);
    add_member("photos/1/waiting.jpeg");
    recipe = add_samples();
    train = add_subset("train", "SELECT variant_id FROM variants WHERE part = 'train'");
    test = add_subset("test", "SELECT variant_id FROM variants WHERE part = 'test'");
    run_id = add_run("first", train, recipe);
    const en_catalog_metric loss[] = {{1, 1, 1, EN_PART_TRAIN, "loss", 0.5},
                                      {1, 1, 1, EN_PART_VAL, "loss", 0.5},
                                      {1, 2, 2, EN_PART_VAL, "loss", 0.4}};
    OK(en_catalog_metrics_add(catalog, run_id, loss, 3, &err));
    OK(en_catalog_evaluation_create(catalog, run_id, test, 1, HASH_A, &evaluation, &err));
    exec("INSERT INTO prediction SELECT 1, variant_id, 0, 0, 0.5, '[0.5,0.5]' FROM subset_member WHERE subset_id = 2");
    return 0;
}

static en_status load_subset(en_error *err)
{
    en_catalog_items items;
    en_status st = en_catalog_subset_load(catalog, train, "grade >= 2", recipe, NULL, &items, err);
    en_catalog_items_clear(&items);
    return st;
}

static en_status make_subset(en_error *err)
{
    en_catalog_subset subset;
    en_status st = en_catalog_begin(catalog, err);
    if (st == EN_OK) {
        st = en_catalog_subset_create(catalog, "new", "SELECT variant_id FROM variants WHERE grade > 2", "main", NULL,
                                      &subset, err);
    }
    en_catalog_rollback(catalog); /* so that it can be made again */
    en_catalog_subset_clear(&subset);
    return st;
}

static en_status get_run(en_error *err)
{
    en_catalog_run run;
    en_status st = en_catalog_run_get(catalog, "first", &run, err);
    en_catalog_run_clear(&run);
    return st;
}

static en_status miss_run(en_error *err)
{
    en_catalog_run run;
    en_status st = en_catalog_run_get(catalog, "fist", &run, err);
    return st == EN_INPUT ? EN_OK : st;
}

static en_status read_curves(en_error *err)
{
    en_catalog_curves curves;
    en_status st = en_catalog_metrics_of(catalog, run_id, &curves, err);
    en_catalog_curves_clear(&curves);
    return st;
}

static en_status read_predictions(en_error *err)
{
    en_catalog_predictions p;
    en_status st = en_catalog_predictions_of(catalog, evaluation, &p, err);
    en_catalog_predictions_clear(&p);
    return st;
}

static en_status read_lists(en_error *err)
{
    en_catalog_patients patients;
    en_catalog_members members = {0};
    en_catalog_todos todo = {0};
    en_catalog_counts counts = {0};
    en_catalog_accounts books = {0};
    en_status st = en_catalog_patients_read(catalog, &patients, err);
    if (st == EN_OK) {
        st = en_catalog_members_pending(catalog, &members, err);
    }
    if (st == EN_OK) {
        st = en_catalog_samples_missing(catalog, recipe + 1, &todo, err);
    }
    if (st == EN_OK) {
        st = en_catalog_image_states(catalog, &counts, err);
    }
    if (st == EN_OK) {
        st = en_catalog_reconcile(catalog, &books, err);
    }
    en_catalog_patients_clear(&patients);
    en_catalog_members_clear(&members);
    en_catalog_todos_clear(&todo);
    en_catalog_counts_clear(&counts);
    en_catalog_accounts_clear(&books);
    return st;
}

static en_status open_again(en_error *err)
{
    en_catalog *c;
    char *root = NULL;
    en_status st = en_catalog_open(scratch, NULL, &c, err);
    en_catalog_close(c);
    if (st == EN_OK) {
        st = en_catalog_find_root(scratch, &root, err);
    }
    en_free(root);
    return st;
}

static void a_failing_allocation_is_told_and_leaves_no_trace(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        en_status (*call)(en_error *err);
    } calls[] = {{"load_subset", load_subset}, {"make_subset", make_subset}, {"get_run", get_run},
                 {"miss_run", miss_run},       {"read_curves", read_curves}, {"read_predictions", read_predictions},
                 {"read_lists", read_lists},   {"open_again", open_again}};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        long nth = 1;
        en_status st = EN_NOMEM;
        for (; nth < MOST && st != EN_OK; nth++) {
            en_error err = {0};
            en_alloc_fail_at(nth);
            st = calls[i].call(&err);
            en_alloc_fail_at(0);
            if (st != EN_OK && (st != EN_NOMEM || strstr(err.text, "out of memory") == NULL)) {
                fail_msg("%s, allocation %ld: status %d, '%s'", calls[i].name, nth, (int)st, err.text);
            }
        }
        assert_true(nth > 2 && nth < MOST); /* some failed, and without a failure it works */
    }
    assert_int_equal(number("SELECT count(*) FROM subset"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_failing_allocation_is_told_and_leaves_no_trace, open_full_project,
                                        close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
