/* Ensembles: members in their order, removed after the ensemble alone; and catalogs in which they are not as the
 * schema would have them. */
#include "fixture.h"

#include "base/memory.h"
#include "catalog/run_edit.h"
#include "catalog/run_ensemble.h"
#include "catalog/run_imported.h"

#include <stdio.h>
#include <string.h>

enum { MEMBERS = 3 };

static en_catalog_run member[MEMBERS];
static en_error why; /* of what is looked at after the call */

static int64_t add_finished(const char *name, int64_t subset, int64_t recipe)
{
    int64_t attempt, id = add_run(name, subset, recipe);
    OK(en_catalog_run_start(catalog, id, &attempt, &err));
    OK(en_catalog_run_end(catalog, id, EN_RUN_FINISHED, 1, 1, 1.0, &err));
    return id;
}

/* Three finished runs: cv-1 to cv-3. */
static int open_with_runs(void **state)
{
    if (open_project(state) != 0) {
        return -1;
    }
    add_patients(10);
    add_split("main", 10);
    const int64_t recipe = add_samples(), train = add_subset("train", "SELECT variant_id FROM variants WHERE part = "
                                                                      "'train'");
    for (int i = 0; i < MEMBERS; i++) {
        char name[16];
        snprintf(name, sizeof name, "cv-%d", i + 1);
        OK(en_catalog_run_by_id(catalog, add_finished(name, train, recipe), &member[i], &err));
    }
    return 0;
}

static int close_with_runs(void **state)
{
    for (int i = 0; i < MEMBERS; i++) {
        en_catalog_run_clear(&member[i]);
    }
    return close_project(state);
}

static int64_t create(const char *name)
{
    int64_t id;
    const en_catalog_run_spec spec = {.name = name,
                                      .parent_id = -1,
                                      .origin = EN_RUN_ENSEMBLE,
                                      .model_id = -1,
                                      .subset_id = -1,
                                      .val_subset_id = -1,
                                      .recipe_id = -1,
                                      .target = "grade >= 2",
                                      .classes = "[\"0\",\"1\"]",
                                      .threads = -1};
    OK(en_catalog_run_create(catalog, &spec, &id, &err));
    return id;
}

static int64_t combine(const char *name, bool views)
{
    const int64_t id = create(name);
    OK(en_catalog_ensemble_put(catalog, id, views, member, MEMBERS, &err));
    OK(en_catalog_ensemble_end(catalog, id, 1.5, &err));
    return id;
}

static en_status read_again(const char *name, en_catalog_ensemble *out)
{
    en_catalog_run run;
    OK(en_catalog_run_get(catalog, name, &run, &err));
    en_status st = en_catalog_ensemble_read(catalog, &run, out, &why);
    en_catalog_run_clear(&run);
    return st;
}

static void damaged(const char *words)
{
    en_catalog_ensemble e;
    const en_status st = read_again("all", &e);
    assert_int_equal(st, EN_INPUT);
    assert_non_null(strstr(why.text, "ensemble 'all' is damaged"));
    if (strstr(why.text, words) == NULL) {
        fail_msg("'%s' does not say '%s'", why.text, words);
    }
    en_catalog_ensemble_clear(&e);
}

static void an_ensemble_comes_back_with_its_members_in_their_order(void **state)
{
    (void)state;
    en_catalog_ensemble e;
    en_catalog_run run;
    combine("all", true);
    assert_int_equal(read_again("all", &e), EN_OK);
    assert_true(e.views);
    assert_int_equal(e.count, MEMBERS);
    assert_string_equal(e.run[0].name, "cv-1");
    assert_string_equal(e.run[2].name, "cv-3");
    assert_string_equal(e.run[1].subset, "train");
    en_catalog_ensemble_clear(&e);
    OK(en_catalog_run_get(catalog, "all", &run, &err));
    assert_int_equal(run.origin, EN_RUN_ENSEMBLE);
    assert_int_equal(run.state, EN_RUN_FINISHED);
    assert_string_equal(run.model, "ensemble");
    assert_null(run.spec);
    assert_null(run.subset);
    assert_null(run.split);
    FAILS(en_catalog_run_need_trained(&run, "read", &err), EN_INPUT, "run 'all' is an ensemble");
    en_catalog_run_clear(&run);
    assert_int_equal(number("SELECT count(*) FROM runs WHERE run = 'all' AND members = 'cv-1, cv-2, cv-3' AND views = "
                            "1 AND origin = 'ensemble'"),
                     1);
    assert_int_equal(number("SELECT count(*) FROM runs WHERE members IS NOT NULL OR views IS NOT NULL"), 1);
}

static void what_is_no_finished_run_is_not_a_member(void **state)
{
    (void)state;
    const int64_t id = create("all"), other = create("other");
    en_catalog_run run;
    OK(en_catalog_run_by_id(catalog, other, &run, &err));
    FAILS(en_catalog_ensemble_put(catalog, id, false, &run, 1, &err), EN_INPUT, "is a finished run");
    en_catalog_run_clear(&run);
    OK(en_catalog_run_by_id(catalog, id, &run, &err));
    exec("INSERT INTO ensemble SELECT run_id, 0 FROM run WHERE name = 'other'");
    refused("INSERT INTO ensemble_member SELECT run_id, 1, run_id FROM run WHERE name = 'other'", "is a finished run");
    en_catalog_run_clear(&run);
    FAILS(en_catalog_ensemble_put(catalog, id, false, member, 0, &err), EN_INPUT, "1 to 32 members");
    FAILS(en_catalog_ensemble_put(catalog, id, false, member, EN_ENSEMBLE_MAX + 1, &err), EN_INPUT, "1 to 32 members");
}

static void a_member_goes_after_its_ensemble_and_comes_back_before_it(void **state)
{
    (void)state;
    char *name;
    const int64_t all = combine("all", false);
    OK(en_catalog_ensemble_of(catalog, member[1].id, false, &name, &err));
    assert_string_equal(name, "all");
    en_free(name);
    assert_int_equal(en_catalog_ensemble_of(catalog, member[1].id, true, &name, &why), EN_DONE);
    FAILS(en_catalog_run_remove(catalog, member[1].id, &err), EN_INPUT, "is a member of an ensemble");
    OK(en_catalog_run_remove(catalog, all, &err));
    assert_int_equal(en_catalog_ensemble_of(catalog, member[1].id, false, &name, &why), EN_DONE);
    OK(en_catalog_run_remove(catalog, member[1].id, &err));
    OK(en_catalog_ensemble_of(catalog, member[1].id, true, &name, &err));
    assert_string_equal(name, "all");
    en_free(name);
    OK(en_catalog_ensemble_lacks(catalog, all, &name, &err));
    assert_string_equal(name, "cv-2");
    en_free(name);
    FAILS(en_catalog_run_restore(catalog, all, "all", &err), EN_INPUT, "a member of this ensemble was removed");
    FAILS(en_catalog_run_delete(catalog, member[1].id, &err), EN_INPUT, "");
    OK(en_catalog_run_restore(catalog, member[1].id, "cv-2", &err));
    OK(en_catalog_run_restore(catalog, all, "all", &err));
    OK(en_catalog_run_remove(catalog, all, &err));
    OK(en_catalog_run_delete(catalog, all, &err));
    assert_int_equal(number("SELECT count(*) FROM ensemble_member"), 0);
    assert_int_equal(number("SELECT count(*) FROM ensemble"), 0);
    OK(en_catalog_run_remove(catalog, member[1].id, &err));
}

/* As only somebody who takes the rules away can write it. */
static void write_anyway(const char *sql)
{
    static const char *const trigger[] = {"ensemble_is_fixed",
                                          "ensemble_is_kept",
                                          "ensemble_member_is_fixed",
                                          "ensemble_member_is_kept",
                                          "ensemble_member_is_not_replaced",
                                          "ensemble_member_is_a_finished_run"};
    for (size_t i = 0; i < sizeof trigger / sizeof *trigger; i++) {
        char drop[96];
        snprintf(drop, sizeof drop, "DROP TRIGGER IF EXISTS %s", trigger[i]);
        exec(drop);
    }
    exec("PRAGMA foreign_keys = 0");
    exec("PRAGMA ignore_check_constraints = 1");
    exec(sql);
}

static void a_member_that_is_the_run_itself_is_found(void **state)
{
    (void)state;
    combine("all", false);
    write_anyway("UPDATE ensemble_member SET member_run_id = run_id WHERE position = 2");
    damaged("it is a member of itself");
}

static void ensembles_in_a_ring_are_found(void **state)
{
    (void)state;
    combine("all", false);
    combine("other", false);
    write_anyway("UPDATE ensemble_member SET member_run_id = (SELECT run_id FROM run WHERE name = CASE (SELECT name "
                 "FROM run r WHERE r.run_id = ensemble_member.run_id) WHEN 'all' THEN 'other' ELSE 'all' END) WHERE "
                 "position = 1");
    damaged("a member is not a run that was trained here");
}

static void a_member_that_is_not_there_is_found(void **state)
{
    (void)state;
    combine("all", false);
    write_anyway("UPDATE ensemble_member SET member_run_id = 777 WHERE position = 3");
    damaged("a member is not there");
}

static void an_unfinished_member_is_found(void **state)
{
    (void)state;
    combine("all", false);
    write_anyway("DROP TRIGGER run_finished_is_fixed");
    exec("UPDATE run SET state = 'failed' WHERE name = 'cv-3'");
    damaged("a member is not finished");
}

static void too_many_members_are_found_before_they_are_read(void **state)
{
    (void)state;
    combine("all", false);
    write_anyway("WITH RECURSIVE n (i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n LIMIT 10000) INSERT INTO "
                 "ensemble_member SELECT (SELECT run_id FROM run WHERE name = 'all'), i, 1000 + i FROM n");
    damaged("more members than an ensemble may have");
}

static void no_members_and_no_row_are_found(void **state)
{
    (void)state;
    combine("all", false);
    write_anyway("DELETE FROM ensemble_member");
    damaged("it has no members");
    exec("DELETE FROM ensemble");
    damaged("how its members are asked is not there");
}

int main(void)
{
#define WITH_RUNS(test) cmocka_unit_test_setup_teardown(test, open_with_runs, close_with_runs)
    const struct CMUnitTest tests[] = {
        WITH_RUNS(an_ensemble_comes_back_with_its_members_in_their_order),
        WITH_RUNS(what_is_no_finished_run_is_not_a_member),
        WITH_RUNS(a_member_goes_after_its_ensemble_and_comes_back_before_it),
        WITH_RUNS(a_member_that_is_the_run_itself_is_found),
        WITH_RUNS(ensembles_in_a_ring_are_found),
        WITH_RUNS(a_member_that_is_not_there_is_found),
        WITH_RUNS(an_unfinished_member_is_found),
        WITH_RUNS(too_many_members_are_found_before_they_are_read),
        WITH_RUNS(no_members_and_no_row_are_found),
    };
    return cmocka_run_group_tests_name("ensembles", tests, NULL, NULL);
}
