/* Splits and subsets: chosen by SQL, frozen, and loaded with a target. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define PATIENTS 20
#define PLAIN "mirror = 0 AND rotation = 0"

/* Of this process's own work: a busy machine is no fault of ours. */
static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fill(void)
{
    add_patients(PATIENTS);
    add_split("main", PATIENTS);
}

static void patients_come_with_their_worst_grade(void **state)
{
    (void)state;
    en_catalog_patients p;
    add_patients(12);
    add_label("12_right", 4); /* patient 12: left 2, right now 4 */
    add_label("13_left", 0);  /* listed, counts too */
    OK(en_catalog_patients_read(catalog, &p, &err));
    assert_int_equal(p.count, 13);
    assert_string_equal(p.row[1].patient, "2");
    assert_string_equal(p.row[9].patient, "10"); /* natural order */
    assert_int_equal(p.row[11].worst_grade, 4);
    assert_int_equal(p.row[11].images, 2);
    assert_int_equal(p.row[11].by_grade[2], 1);
    assert_int_equal(p.row[11].by_grade[4], 1);
    assert_int_equal(p.row[12].images, 1);
    en_catalog_patients_clear(&p);
}

static void a_split_is_found_by_name_or_as_the_newest(void **state)
{
    (void)state;
    en_catalog_split s;
    int64_t id;
    assert_int_equal(en_catalog_split_find(catalog, NULL, &s, NULL), EN_DONE);
    fill();
    add_split("second", PATIENTS);
    OK(en_catalog_split_find(catalog, NULL, &s, &err));
    assert_string_equal(s.name, "second");
    en_catalog_split_clear(&s);
    OK(en_catalog_split_find(catalog, "main", &s, &err));
    assert_string_equal(s.rule, "every fifth");
    assert_int_equal(s.seed, 1);
    en_catalog_split_clear(&s);
    FAILS(en_catalog_split_create(catalog, "main", 2, "r", &id, &err), EN_INPUT, "there is a split 'main' already");
}

static void a_subset_is_frozen_with_its_part_and_hash(void **state)
{
    (void)state;
    en_catalog_subset s, found;
    fill();
    OK(en_catalog_subset_create(catalog, "small",
                                "SELECT variant_id, image FROM variants WHERE part = 'train' AND sharpness > 0.3", NULL,
                                NULL, &s, &err));
    assert_int_equal(s.members, number("SELECT count(*) FROM variants WHERE part = 'train'"));
    assert_int_equal(s.patients, 12);
    assert_int_equal(s.images, 24);
    assert_int_equal(s.part, EN_PART_TRAIN);
    assert_string_equal(s.split, "main");
    assert_non_null(s.frozen_at);
    OK(en_catalog_subset_get(catalog, "small", &found, &err));
    assert_int_equal(found.id, s.id);
    assert_string_equal(found.sha256, s.sha256);
    en_catalog_subset_clear(&found);
    en_catalog_subset_clear(&s);
    FAILS(en_catalog_subset_get(catalog, "smal", &found, &err), EN_INPUT,
          "there is no subset 'smal': did you mean 'small'?");
    assert_int_equal(en_catalog_subset_find(catalog, "smal", &found, NULL), EN_DONE);
    FAILS(en_catalog_subset_create(catalog, "small", "SELECT variant_id FROM variants", NULL, NULL, &s, &err), EN_INPUT,
          "already");
}

static void the_hash_is_of_the_sorted_members_whatever_the_query(void **state)
{
    (void)state;
    en_catalog_subset a, b;
    char hex[EN_SHA256_HEX];
    const char lines[] =
        "10_left 0 0\n10_left 1 0\n5_left 0 0\n5_left 1 0\n"; /* grade 0: two variants; by byte value */
    fill();
    OK(en_catalog_subset_create(catalog, "a", "SELECT variant_id FROM variants WHERE image IN ('5_left', '10_left')",
                                NULL, NULL, &a, &err));
    OK(en_catalog_subset_create(catalog, "b",
                                "SELECT variant_id AS VARIANT_ID FROM variants WHERE image IN ('5_left', '10_left') "
                                "UNION ALL SELECT variant_id FROM variants WHERE image = '5_left' ORDER BY 1 DESC",
                                NULL, NULL, &b, &err));
    OK(en_sha256_bytes(lines, strlen(lines), hex, &err));
    assert_string_equal(a.sha256, hex);
    assert_string_equal(b.sha256, hex);
    assert_int_equal(b.members, 4);
    en_catalog_subset_clear(&a);
    en_catalog_subset_clear(&b);
}

static void a_bad_query_makes_no_subset(void **state)
{
    (void)state;
    en_catalog_subset s;
    fill();
    static const struct {
        const char *sql, *why;
    } bad[] = {{"SELECT variant_id FROM variants WHERE part = 'trian'", "subset 'x' is empty"},
               {"DELETE FROM variant", "subset 'x' only reads: this would delete from 'variant'"},
               {"SELECT image, grade FROM variants", "must have a column variant_id"},
               {"SELECT count(*) FROM variants", "must have a column variant_id"}, /* a number, and no variant */
               {"SELECT image AS variant_id FROM variants", "'1_left' in column variant_id is not a variant_id"},
               {"SELECT 999999 AS variant_id", "there is no variant 999999"},
               {"SELECT variant_id FROM variants WHERE grad = 1", "no such column: grad"},
               {"SELECT NULL AS variant_id", "'NULL' in column variant_id"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        FAILS(en_catalog_subset_create(catalog, "x", bad[i].sql, NULL, NULL, &s, &err), EN_INPUT, bad[i].why);
    }
    FAILS(en_catalog_subset_create(catalog, "x", "SELECT variant_id FROM variants", "mian", NULL, &s, &err), EN_INPUT,
          "there is no split 'mian': did you mean 'main'?");
    assert_int_equal(number("SELECT count(*) FROM subset"), 0);
    assert_false(en_db_in_transaction(en_catalog_db(catalog)));
}

static void a_mixed_subset_has_no_part(void **state)
{
    (void)state;
    en_catalog_subset s;
    fill();
    OK(en_catalog_subset_create(catalog, "all", "SELECT variant_id FROM variants", NULL, NULL, &s, &err));
    assert_int_equal(s.part, EN_PART_NONE);
    assert_string_equal(s.split, "main");
    en_catalog_subset_clear(&s);
}

static void part_is_told_by_the_split_that_was_asked_for(void **state)
{
    (void)state;
    en_catalog_subset s;
    fill();
    int64_t in_main = number("SELECT count(*) FROM variants WHERE part = 'test'");
    exec("INSERT INTO split (name, seed, rule) VALUES ('other', 1, 'all test')");
    exec("INSERT INTO assignment SELECT 2, patient, 'test' FROM image GROUP BY patient");
    int64_t in_other = number("SELECT count(*) FROM variants WHERE part = 'test' AND split = 'other'");
    assert_true(in_other > in_main);
    OK(en_catalog_subset_create(catalog, "old",
                                "SELECT variant_id FROM variants WHERE part = 'test' AND split = 'main'", "main", NULL,
                                &s, &err));
    assert_int_equal(s.members, in_main);
    assert_string_equal(s.split, "main");
    en_catalog_subset_clear(&s);
    /* the views are as before, also after a failure */
    FAILS(en_catalog_subset_create(catalog, "bad", "SELECT variant_id FROM variants WHERE nonsense", "main", NULL, &s,
                                   &err),
          EN_INPUT, "no such column");
    assert_int_equal(number("SELECT count(*) FROM variants WHERE part = 'test' AND split = 'other'"), in_other);
    assert_int_equal(number("SELECT count(*) FROM sqlite_temp_schema"), 0);
}

/* What another program does while a subset's query runs: `meanwhile` is called once, between two of its rows. */
static const char *meanwhile;
static en_status meanwhile_came_to;

static bool stop_when_it_waits(void *ctx) { return ++*(int *)ctx > 5; }

static bool do_it_meanwhile(void *ctx)
{
    if (meanwhile != NULL && ++*(int *)ctx == 3) {
        en_catalog *another;
        int looks = 0;
        en_catalog_options options = {.events = {.ctx = &looks, .stop = stop_when_it_waits}};
        OK(en_catalog_open(scratch, &options, &another, &err));
        meanwhile_came_to = en_db_begin(en_catalog_db(another), NULL);
        if (meanwhile_came_to == EN_OK) {
            meanwhile_came_to = en_db_exec(en_catalog_db(another), meanwhile, "meanwhile", NULL);
        }
        if (meanwhile_came_to == EN_OK) {
            meanwhile_came_to = en_db_commit(en_catalog_db(another), NULL);
        }
        en_catalog_close(another);
    }
    return false;
}

static en_status create_while(const char *sql, const char *split, en_catalog_subset *s, en_error *err)
{
    int looks = 0;
    en_events events = {.ctx = &looks, .stop = do_it_meanwhile};
    meanwhile = sql;
    meanwhile_came_to = EN_DONE;
    en_status st = en_catalog_subset_create(catalog, "all", "SELECT variant_id FROM variants", split, &events, s, err);
    meanwhile = NULL;
    assert_int_equal(meanwhile_came_to, EN_OK); /* nobody was kept waiting */
    return st;
}

static void nobody_waits_for_a_subsets_query_and_it_is_what_the_query_saw(void **state)
{
    (void)state;
    en_catalog_subset s;
    fill();
    exec("INSERT INTO split (name, seed, rule) VALUES ('other', 1, 'all test')"); /* so views are looked through */
    int64_t seen = number("SELECT count(*) FROM variants");
    OK(create_while("INSERT INTO image (name, patient, status) VALUES ('late', 'late', 'listed');"
                    "INSERT INTO variant (image_id, mirror, rotation) SELECT image_id, 0, 0 FROM image "
                    "WHERE name = 'late'",
                    "main", &s, &err));
    assert_int_equal(s.members, seen);
    assert_string_equal(s.split, "main");
    assert_int_equal(number("SELECT count(*) FROM variant"), seen + 1);
    assert_int_equal(number("SELECT count(*) FROM sqlite_temp_schema"), 0);
    en_catalog_subset_clear(&s);
}

static void a_subset_whose_variants_changed_meanwhile_is_not_frozen(void **state)
{
    (void)state;
    en_catalog_subset s;
    fill();
    FAILS(create_while("DELETE FROM variant WHERE variant_id = 3", NULL, &s, &err), EN_BUSY, "try again");
    FAILS(create_while("DELETE FROM variant WHERE variant_id = 4;" /* and another takes its number */
                       "INSERT INTO variant (variant_id, image_id, mirror, rotation) SELECT 4, image_id, 1, 270 "
                       "FROM image WHERE name = '9_left'",
                       NULL, &s, &err),
          EN_BUSY, "the catalog changed while the query ran; try again");
    FAILS(create_while("INSERT INTO subset (name, sql, members, sha256) VALUES ('all', 'SELECT 1', 1, '" HASH_A "')",
                       NULL, &s, &err),
          EN_INPUT, "there is a subset 'all' already");
    assert_int_equal(number("SELECT count(*) FROM subset_member"), 0);
}

static void what_is_shared_between_subsets_is_counted(void **state)
{
    (void)state;
    int64_t patients, images;
    fill();
    int64_t train = add_subset("train", "SELECT variant_id FROM variants WHERE part = 'train'");
    int64_t test = add_subset("test", "SELECT variant_id FROM variants WHERE part = 'test'");
    int64_t left = add_subset("left", "SELECT variant_id FROM variants WHERE image IN ('1_left', '2_left', '5_left')");
    OK(en_catalog_subset_shared(catalog, train, test, &patients, &images, &err));
    assert_int_equal(patients, 0);
    assert_int_equal(images, 0);
    int64_t right = add_subset("right", "SELECT variant_id FROM variants WHERE image LIKE '%_right'");
    OK(en_catalog_subset_shared(catalog, left, right, &patients, &images, &err));
    assert_int_equal(patients, 3);
    assert_int_equal(images, 0);
    OK(en_catalog_subset_shared(catalog, left, train, &patients, &images, &err));
    assert_int_equal(patients, 2);
    assert_int_equal(images, 2);
}

static void members_load_with_target_and_place_of_their_pixels(void **state)
{
    (void)state;
    en_catalog_items items;
    fill();
    int64_t recipe = add_samples();
    int64_t id = add_subset("train", "SELECT variant_id FROM variants WHERE part = 'train'");
    OK(en_catalog_subset_load(catalog, id, "grade >= 2", recipe, NULL, &items, &err));
    assert_int_equal(items.count, items.members);
    assert_int_equal(items.no_sample + items.no_target + items.rejected, 0);
    assert_int_equal(items.packs, 1);
    assert_string_equal(items.pack[0], "samples/1-0001.pack");
    for (size_t i = 0; i < items.count; i++) {
        const en_catalog_item *it = &items.item[i];
        int patient = 0;
        int order = i > 0 ? strcmp(items.item[i - 1].image, it->image) : -1;
        assert_true(order < 0 || (order == 0 && items.item[i - 1].mirror * 1000 + items.item[i - 1].rotation <
                                                    it->mirror * 1000 + it->rotation));
        assert_true(it->key < (uint64_t)1 << 56 && (i == 0 || items.item[i - 1].key != it->key));
        assert_int_equal(strlen(it->sample_sha256), 64);
        assert_int_equal(sscanf(it->image, "%d_", &patient), 1);
        assert_string_equal(it->target, patient % 5 >= 2 ? "1" : "0");
        assert_int_equal(it->slot, 2 * (patient - 1) + (strstr(it->image, "right") != NULL));
        assert_true(it->mirror <= 1 && it->rotation < 360);
    }
    en_catalog_items_clear(&items);
    OK(en_catalog_subset_load(catalog, id, "eye -- left or right", recipe, NULL, &items, &err));
    assert_true(items.count > 0);
    assert_true(strcmp(items.item[0].target, "left") == 0);
    en_catalog_items_clear(&items);
}

static void members_that_cannot_be_used_are_counted(void **state)
{
    (void)state;
    en_catalog_items items;
    fill();
    add_label("99_left", 1);
    add_label("98_left", 1);
    const en_catalog_policy *plain;
    int64_t added, total;
    OK(en_catalog_policy_get("plain", &plain, &err));
    OK(en_catalog_variants_apply(catalog, plain, &added, &total, &err));
    int64_t recipe = add_samples();
    int64_t id = add_subset("all", "SELECT variant_id FROM variants WHERE " PLAIN);
    OK(en_catalog_subset_load(catalog, id, "nullif(grade, 0)", recipe, NULL, &items, &err));
    assert_int_equal(items.members, 42);
    assert_int_equal(items.no_target, 8); /* patients 5, 10, 15, 20 */
    assert_int_equal(items.no_sample, 2); /* listed */
    assert_int_equal(items.count, 32);
    en_catalog_items_clear(&items);
    char path[] = "photos/1/99_left.jpeg";
    en_catalog_image black = {.member_id = add_member(path),
                              .name = path,
                              .status = EN_IMAGE_REJECTED,
                              .reason = EN_REJECTED_BLACK,
                              .width = 9,
                              .height = 9};
    OK(en_catalog_image_put(catalog, &black, NULL, NULL, &err));
    OK(en_catalog_subset_load(catalog, id, "nullif(grade, 0)", recipe, NULL, &items, &err));
    assert_int_equal(items.rejected, 1);
    assert_int_equal(items.no_sample, 1);
    assert_int_equal(items.count, 32);
    en_catalog_items_clear(&items);
}

static void a_bad_target_is_named(void **state)
{
    (void)state;
    en_catalog_items items;
    fill();
    int64_t recipe = add_samples();
    int64_t id = add_subset("all", "SELECT variant_id FROM variants");
    static const struct {
        const char *target, *why;
    } bad[] = {{"grad >= 2", "target 'grad >= 2': no such column: grad"},
               {"grade >=", "syntax error"},
               {"grade), (eye", "a target is one expression"},
               {"grade) FROM variants; DELETE FROM image; --", "only reads"},
               {"(SELECT load_extension('x'))", "only reads"},
               {"avg(grade)", "aggregates are not allowed"},
               {"", "syntax error"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        FAILS(en_catalog_subset_load(catalog, id, bad[i].target, recipe, NULL, &items, &err), EN_INPUT, bad[i].why);
        assert_null(items.item);
    }
}

static void a_subset_of_106386_variants_is_frozen_and_loaded_quickly(void **state)
{
    (void)state;
    en_catalog_items items;
    en_catalog_subset s;
    exec("WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 17730) "
         "INSERT INTO image (name, patient, status) SELECT i, i / 2, 'listed' FROM n");
    exec("INSERT INTO variant (image_id, mirror, rotation) SELECT image_id, column1, column2 FROM image, "
         "(VALUES (0, 0), (1, 0), (0, 90), (0, 120), (0, 180), (0, 270))");
    exec("INSERT INTO split (name, seed, rule) VALUES ('main', 1, 'all train')");
    exec("INSERT INTO assignment SELECT 1, patient, 'train' FROM image GROUP BY patient");
    double start = seconds_now();
    OK(en_catalog_subset_create(catalog, "all", "SELECT variant_id FROM variants WHERE part = 'train'", NULL, NULL, &s,
                                &err));
    double frozen = seconds_now();
    assert_int_equal(s.members, 106386);
    OK(en_catalog_subset_load(catalog, s.id, "grade IS NULL", 1, NULL, &items, &err));
    double loaded = seconds_now();
    print_message("106,386 members: %.2f s to freeze, %.2f s to load\n", frozen - start, loaded - frozen);
    assert_true(frozen - start < 20.0 && loaded - frozen < 5.0); /* ten times what it takes: sanitizers are slow */
    assert_int_equal(items.no_sample, 106386);
    en_catalog_items_clear(&items);
    en_catalog_subset_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(patients_come_with_their_worst_grade, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_split_is_found_by_name_or_as_the_newest, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_subset_is_frozen_with_its_part_and_hash, open_project, close_project),
        cmocka_unit_test_setup_teardown(the_hash_is_of_the_sorted_members_whatever_the_query, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(a_bad_query_makes_no_subset, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_mixed_subset_has_no_part, open_project, close_project),
        cmocka_unit_test_setup_teardown(part_is_told_by_the_split_that_was_asked_for, open_project, close_project),
        cmocka_unit_test_setup_teardown(nobody_waits_for_a_subsets_query_and_it_is_what_the_query_saw, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(a_subset_whose_variants_changed_meanwhile_is_not_frozen, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(what_is_shared_between_subsets_is_counted, open_project, close_project),
        cmocka_unit_test_setup_teardown(members_load_with_target_and_place_of_their_pixels, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(members_that_cannot_be_used_are_counted, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_bad_target_is_named, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_subset_of_106386_variants_is_frozen_and_loaded_quickly, open_project,
                                        close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
