/* Embeddings in SQL: distances computed by hand, the nearest images, and what hostile blobs come to. */
#include "fixture.h"

#include <math.h>
#include <string.h>

#include "catalog/embedding.h"

/* Vectors of two numbers of images 1 to 4, at 0, 90, 45 and 180 degrees; image 5 has none. */
static int64_t fill(void)
{
    static const float vector[][2] = {{2, 0}, {0, 0.5F}, {1, 1}, {-3, 0}};
    char model[] = "lite", recipe_text[] = "";
    add_patients(3);
    en_catalog_embedding_set set = {.model = model,
                                    .weights_sha256 = HASH_A,
                                    .recipe_id = add_samples(),
                                    .recipe = recipe_text,
                                    .layer = 3,
                                    .dimensions = 2};
    OK(en_catalog_embedding_set_put(catalog, &set, &err));
    for (int64_t i = 0; i < 4; i++) {
        OK(en_catalog_embedding_put(catalog, &set, i + 1, HASH_B, vector[i], &err));
    }
    return set.id;
}

static double real(const char *sql)
{
    en_query *q;
    OK(en_catalog_query(catalog, "test", sql, NULL, &q, &err));
    OK(en_query_next(q, &err));
    double x = en_query_kind(q, 0) == EN_VALUE_NULL ? (double)NAN : en_query_double(q, 0);
    en_query_close(q);
    return x;
}

static void near(const char *sql, double expected)
{
    double x = real(sql);
    if (!(fabs(x - expected) < 1e-12)) {
        fail_msg("%s is %.15g, not %.15g", sql, x, expected);
    }
}

static void fails(const char *sql, const char *why)
{
    en_query *q;
    OK(en_catalog_query(catalog, "eyenet sql", sql, NULL, &q, &err));
    FAILS(en_query_next(q, &err), EN_INPUT, why);
    en_query_close(q);
}

static void text_is(const char *sql, const char *expected)
{
    en_query *q;
    OK(en_catalog_query(catalog, "test", sql, NULL, &q, &err));
    OK(en_query_next(q, &err));
    const char *text = en_query_text(q, 0);
    if (text == NULL || strcmp(text, expected) != 0) {
        fail_msg("%s is %s, not %s", sql, text != NULL ? text : "NULL", expected);
    }
    en_query_close(q);
}

#define DISTANCE(a, b)                                                                                                 \
    "SELECT embedding_distance(a.vector, b.vector) FROM embedding a, embedding b WHERE a.image_id = " #a               \
    " AND b.image_id = " #b

static void distances_are_those_of_the_hand(void **state)
{
    (void)state;
    fill();
    near(DISTANCE(1, 1), 0);
    near(DISTANCE(1, 2), 1);
    near(DISTANCE(1, 3), 1 - sqrt(0.5));
    near(DISTANCE(1, 4), 2);
    assert_true(isnan(real("SELECT embedding_distance(NULL, x'00000000')")));
    assert_true(isnan(real("SELECT embedding_distance(x'00000000', x'0000803f')"))); /* 0 has no direction */
}

static void hostile_blobs_are_errors(void **state)
{
    (void)state;
    fails("SELECT embedding_distance(x'0000803f', x'0000803f0000803f')", "vectors of 4 and 8 bytes cannot be compared");
    fails("SELECT embedding_distance(x'', x'')", "0 bytes are not a vector");
    fails("SELECT embedding_distance(x'000000', x'000000')", "3 bytes are not a vector");
    fails("SELECT embedding_distance(zeroblob(262148), zeroblob(262148))", "of 1 to 65536 numbers");
    fails("SELECT embedding_distance(x'0000807f', x'0000803f')", "not finite");
    fails("SELECT embedding_distance(x'0000c07f', x'0000803f')", "not finite");
    fails("SELECT embedding_distance('1234', x'0000803f')", "every argument must be a blob");
    fails("SELECT embedding_distance(1, x'0000803f')", "every argument must be a blob");
}

#define ALL(call) "SELECT group_concat(rank || ' ' || image || ' ' || round(distance, 3), ', ') FROM " call

static void the_nearest_come_first(void **state)
{
    (void)state;
    fill();
    text_is(ALL("neighbours(1, 10)"), "1 2_left 0.293, 2 1_right 1.0, 3 2_right 2.0");
    text_is(ALL("neighbours('1_left', 2)"), "1 2_left 0.293, 2 1_right 1.0");
    text_is(ALL("neighbours('1_left', 1, 'lite')"), "1 2_left 0.293");
    /* of two as far away the first by name */
    text_is(ALL("neighbours('2_left', 1)"), "1 1_left 0.293");
    /* for each image of another table, and twice in one query */
    text_is("SELECT group_concat(i.image || ' ' || n.image, ', ') FROM images i, neighbours(i.image_id, 1) n",
            "1_left 2_left, 1_right 2_left, 2_left 1_left, 2_right 1_right");
    assert_int_equal(number("SELECT count(*) FROM neighbours(1, 9) a JOIN neighbours(2, 9) b USING (image_id)"), 2);
    exec("UPDATE image SET status = 'rejected', reason = 'black' WHERE image_id = 3");
    text_is(ALL("neighbours(1, 10)"), "1 1_right 1.0, 2 2_right 2.0");
}

static void what_has_no_embedding_has_no_neighbours(void **state)
{
    (void)state;
    assert_int_equal(number("SELECT count(*) FROM neighbours(1, 10)"), 0);
    fill();
    assert_int_equal(number("SELECT count(*) FROM neighbours(5, 10)"), 0);
    assert_int_equal(number("SELECT count(*) FROM neighbours('nobody', 10)"), 0);
    assert_int_equal(number("SELECT count(*) FROM neighbours(NULL, 10)"), 0);
    assert_int_equal(number("SELECT count(*) FROM neighbours(1, 10, 'another')"), 0);
}

static void a_wrong_call_is_refused(void **state)
{
    (void)state;
    fill();
    fails("SELECT * FROM neighbours(1)", "neighbours: takes at least 2 arguments, (image, k)");
    fails("SELECT * FROM neighbours", "takes at least 2 arguments");
    fails("SELECT * FROM neighbours(1, 0)", "k is a whole number from 1 to 10000");
    fails("SELECT * FROM neighbours(1, 'many')", "k is a whole number");
    fails("SELECT * FROM neighbours(1, 10001)", "k is a whole number");
    fails("SELECT * FROM neighbours(1.5, 1)", "an image is named by its name or its image_id");
    fails("SELECT * FROM neighbours(1, 1, 7)", "a model is named by its name");
}

/* Nothing in a catalog from elsewhere calls them: not its views, and a set that lies about its dimensions is refused.
 */
static void a_hostile_catalog_is_met_with_errors(void **state)
{
    (void)state;
    en_query *q;
    fill();
    exec("CREATE VIEW trap AS SELECT * FROM neighbours(1, 10)");
    assert_int_equal(en_catalog_query(catalog, "test", "SELECT * FROM trap", NULL, &q, NULL), EN_INPUT);
    exec("DROP TRIGGER embedding_is_fixed");
    exec("UPDATE embedding SET vector = x'0000807f00000000' WHERE image_id = 2");
    fails("SELECT * FROM neighbours(1, 10)", "the embedding of '1_right' has numbers that are not finite");
    exec("UPDATE embedding SET vector = x'00' WHERE image_id = 2");
    fails("SELECT * FROM neighbours(1, 10)", "the embedding of '1_right' has not as many numbers as its set");
    fails("SELECT * FROM neighbours(2, 10)", "the embedding of '1_right' has not as many numbers");
}

static void a_set_is_found_again(void **state)
{
    (void)state;
    en_catalog_embedding_set set;
    assert_int_equal(en_catalog_embedding_set_get(catalog, NULL, &set, NULL), EN_INPUT);
    const int64_t id = fill();
    OK(en_catalog_embedding_set_get(catalog, NULL, &set, &err));
    assert_int_equal(set.id, id);
    assert_string_equal(set.model, "lite");
    assert_string_equal(set.weights_sha256, HASH_A);
    assert_int_equal(set.layer, 3);
    assert_int_equal(set.dimensions, 2);
    const int64_t before = set.id;
    set.id = -1;
    OK(en_catalog_embedding_set_put(catalog, &set, &err)); /* found, not made */
    assert_int_equal(set.id, before);
    set.dimensions = 3;
    FAILS(en_catalog_embedding_set_put(catalog, &set, &err), EN_INPUT, "2 dimensions");
    en_catalog_embedding_set_clear(&set);
    FAILS(en_catalog_embedding_set_get(catalog, "lte", &set, &err), EN_INPUT, "'lte'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(distances_are_those_of_the_hand, open_project, close_project),
        cmocka_unit_test_setup_teardown(hostile_blobs_are_errors, open_project, close_project),
        cmocka_unit_test_setup_teardown(the_nearest_come_first, open_project, close_project),
        cmocka_unit_test_setup_teardown(what_has_no_embedding_has_no_neighbours, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_wrong_call_is_refused, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_hostile_catalog_is_met_with_errors, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_set_is_found_again, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
