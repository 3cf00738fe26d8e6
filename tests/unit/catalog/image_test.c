/* From the file to the sample: every photograph is accounted for. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

static void names_tell_patient_and_eye(void **state)
{
    (void)state;
    en_catalog_name n;
    OK(en_catalog_name_parse("photos/1/train/10_left.jpeg", &n, &err));
    assert_string_equal(n.name, "10_left");
    assert_string_equal(n.patient, "10");
    assert_string_equal(n.eye, "left");
    OK(en_catalog_name_parse("17_right", &n, &err));
    assert_string_equal(n.patient, "17");
    assert_string_equal(n.eye, "right");
    OK(en_catalog_name_parse("IDRiD_001.jpg", &n, &err));
    assert_string_equal(n.name, "IDRiD_001");
    assert_string_equal(n.patient, "IDRiD_001");
    assert_null(n.eye);
    OK(en_catalog_name_parse("_left.png", &n, &err));
    assert_string_equal(n.patient, "_left");
    OK(en_catalog_name_parse("scan 1.2 of 3", &n, &err));
    assert_string_equal(n.name, "scan 1.2 of 3");
    FAILS(en_catalog_name_parse("photos/", &n, &err), EN_INPUT, "not a valid image name");
    char longest[EN_CATALOG_NAME_MAX + 2];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    FAILS(en_catalog_name_parse(longest, &n, &err), EN_INPUT, "not a valid image name");
    OK(en_catalog_name_parse(longest + 1, &n, &err));
}

static void one_extension_is_taken_off_and_only_a_photographs(void **state)
{
    (void)state;
    static const char *const name_of[][2] = {
        {"a.jpg", "a"}, {"a.JPEG", "a"},    {"a.Png", "a"},         {"a.tif", "a"},       {"a.TIFF", "a"},
        {"a.bmp", "a"}, {"7.OS", "7.OS"},   {"p/7.OS.jpg", "7.OS"}, {"x.od.jpg", "x.od"}, {"a.png.jpg", "a.png"},
        {"a.dcm", "a"}, {"a.csv", "a.csv"}, {".jpg", ".jpg"},       {"a.jpgs", "a.jpgs"}, {"a.", "a."}};
    for (size_t i = 0; i < sizeof name_of / sizeof name_of[0]; i++) {
        en_catalog_name n;
        OK(en_catalog_name_parse(name_of[i][0], &n, &err));
        assert_string_equal(n.name, name_of[i][1]);
    }
}

static void a_listed_name_is_the_parsed_one_and_not_parsed_again(void **state)
{
    (void)state;
    int64_t first, second;
    bool added;
    en_catalog_name n;
    OK(en_catalog_name_parse("a.png.jpg", &n, &err));
    OK(en_catalog_image_list(catalog, &n, -1, &first, &added, &err));
    assert_true(added);
    OK(en_catalog_name_parse("a.jpg", &n, &err));
    OK(en_catalog_image_list(catalog, &n, -1, &second, &added, &err));
    assert_true(added && first != second);
    assert_int_equal(number("SELECT count(*) FROM image WHERE name IN ('a', 'a.png')"), 2);
}

static void sources_and_members_are_updated_not_doubled(void **state)
{
    (void)state;
    int64_t id = add_source();
    assert_int_equal(add_source(), id);
    int64_t member = add_member("photos/1/train/10_left.jpeg");
    assert_int_equal(add_member("photos/1/train/10_left.jpeg"), member);
    assert_int_equal(number("SELECT count(*) FROM member"), 1);
    en_catalog_source source;
    OK(en_catalog_source_find(catalog, "/somewhere/photos", &source, &err));
    assert_int_equal(source.state, EN_SOURCE_WHOLE);
    assert_int_equal(source.bytes, -1);
    en_catalog_source_clear(&source);
    assert_int_equal(en_catalog_source_find(catalog, "elsewhere", &source, NULL), EN_DONE);
    OK(en_catalog_volume_put(catalog, id, 1, "train.zip.001", 123, HASH_A, &err));
    OK(en_catalog_volume_put(catalog, id, 1, "train.zip.001", 124, HASH_A, &err));
    assert_int_equal(number("SELECT bytes FROM volume"), 124);
    en_catalog_member m;
    OK(en_catalog_member_find(catalog, "photos/1/train/10_left.jpeg", &m, &err));
    assert_int_equal(m.id, member);
    assert_int_equal(m.crc32, -1);
    assert_null(m.sha256);
    en_catalog_member_clear(&m);
}

static void pending_photographs_come_in_natural_order_and_go_when_ingested(void **state)
{
    (void)state;
    char csv[] = "photos/1/labels.csv";
    add_member("photos/1/10_left.jpeg");
    add_member("photos/1/2_right.jpeg");
    add_member("photos/1/2_left.jpeg");
    en_catalog_member other = {.source_id = add_source(), .path = csv, .photograph = false, .bytes = 5, .crc32 = 7};
    OK(en_catalog_member_put(catalog, &other, &err));
    en_catalog_members pending;
    OK(en_catalog_members_pending(catalog, &pending, &err));
    assert_int_equal(pending.count, 3);
    assert_string_equal(pending.row[0].path, "photos/1/2_left.jpeg");
    assert_string_equal(pending.row[1].path, "photos/1/2_right.jpeg");
    assert_string_equal(pending.row[2].path, "photos/1/10_left.jpeg");
    en_catalog_image image = {.member_id = pending.row[2].id,
                              .name = pending.row[2].path,
                              .status = EN_IMAGE_REJECTED,
                              .reason = EN_REJECTED_DAMAGED,
                              .width = -1,
                              .height = -1};
    OK(en_catalog_image_put(catalog, &image, NULL, NULL, &err));
    en_catalog_members_clear(&pending);
    OK(en_catalog_members_pending(catalog, &pending, &err));
    assert_int_equal(pending.count, 2);
    en_catalog_members_clear(&pending);
}

static void a_listed_image_gets_its_file_and_keeps_its_labels(void **state)
{
    (void)state;
    add_label("10_left", 3);
    assert_int_equal(number("SELECT count(*) FROM images WHERE status = 'listed' AND width IS NULL"), 1);
    int64_t id = add_accepted("10_left"), found;
    OK(en_catalog_image_find(catalog, "10_left", &found, &err));
    assert_int_equal(found, id);
    assert_int_equal(
        number("SELECT count(*) FROM images WHERE status = 'accepted' AND grade = 3 AND width = 1024 AND phash = -7"),
        1);
    assert_int_equal(number("SELECT count(*) FROM image"), 1);
    assert_int_equal(en_catalog_image_find(catalog, "11_left", &found, NULL), EN_DONE);
}

static void a_second_photograph_of_a_name_is_recorded_and_rejected(void **state)
{
    (void)state;
    char path[] = "photos/2/10_left.png", format[] = "png", hash[] = HASH_B;
    bool taken = false;
    add_accepted("10_left");
    en_catalog_image image = {.member_id = add_member(path),
                              .name = path,
                              .status = EN_IMAGE_ACCEPTED,
                              .format = format,
                              .sha256 = hash,
                              .width = 10,
                              .height = 10};
    OK(en_catalog_image_put(catalog, &image, NULL, &taken, &err));
    assert_true(taken);
    assert_int_equal(number("SELECT count(*) FROM rejects WHERE image = '10_left' AND reason = 'name taken' "
                            "AND detail LIKE '%photos/1/train/10_left.jpeg%' AND path = 'photos/2/10_left.png'"),
                     1);
    int64_t found;
    OK(en_catalog_image_find(catalog, "10_left", &found, &err));
    assert_true(found != image.id);
}

static void the_same_bytes_are_found(void **state)
{
    (void)state;
    char hex[EN_SHA256_HEX], *name;
    add_accepted("10_left");
    OK(en_sha256_bytes("10_left", 7, hex, &err));
    OK(en_catalog_image_same(catalog, hex, &name, &err));
    assert_string_equal(name, "10_left");
    en_free(name);
    assert_int_equal(en_catalog_image_same(catalog, HASH_A, &name, NULL), EN_DONE);
}

static void states_and_reasons_are_counted(void **state)
{
    (void)state;
    en_catalog_counts counts;
    OK(en_catalog_image_states(catalog, &counts, &err));
    assert_int_equal(counts.count, 3);
    assert_int_equal(counts.row[0].count + counts.row[1].count + counts.row[2].count, 0);
    en_catalog_counts_clear(&counts);
    add_accepted("1_left");
    add_label("1_right", 0);
    const en_rejection reasons[] = {EN_REJECTED_BLACK, EN_REJECTED_DAMAGED, EN_REJECTED_BLACK};
    for (int i = 0; i < 3; i++) {
        char path[64];
        snprintf(path, sizeof path, "photos/1/%d_left.jpeg", 20 + i);
        en_catalog_image image = {.member_id = add_member(path),
                                  .name = path,
                                  .status = EN_IMAGE_REJECTED,
                                  .reason = reasons[i],
                                  .width = -1,
                                  .height = -1};
        OK(en_catalog_image_put(catalog, &image, NULL, NULL, &err));
    }
    OK(en_catalog_image_states(catalog, &counts, &err));
    assert_string_equal(counts.row[0].name, "accepted");
    assert_int_equal(counts.row[0].count, 1);
    assert_int_equal(counts.row[1].count, 3);
    assert_int_equal(counts.row[2].count, 1);
    en_catalog_counts_clear(&counts);
    OK(en_catalog_image_reasons(catalog, &counts, &err));
    assert_int_equal(counts.count, 2);
    assert_string_equal(counts.row[0].name, "black");
    assert_int_equal(counts.row[0].count, 2);
    en_catalog_counts_clear(&counts);
}

static void recipes_packs_and_samples_hold_together(void **state)
{
    (void)state;
    int64_t none, pack, slots, again;
    char *path, *text;
    add_accepted("10_left");
    add_accepted("9_left");
    add_label("8_left", 0); /* listed: no pixels, no sample */
    assert_int_equal(en_catalog_recipe_newest(catalog, &none, NULL), EN_DONE);
    int64_t recipe = add_samples();
    assert_int_equal(number("SELECT count(*) FROM sample"), 2);
    assert_int_equal(number("SELECT slot FROM sample JOIN image USING (image_id) WHERE name = '9_left'"),
                     0); /* natural order */
    OK(en_catalog_recipe_newest(catalog, &again, &err));
    assert_int_equal(again, recipe);
    OK(en_catalog_recipe_text(catalog, recipe, &text, &err));
    assert_string_equal(text, "crop=retina size=256");
    en_free(text);
    OK(en_catalog_pack_newest(catalog, recipe, &pack, &path, &slots, &err));
    assert_string_equal(path, "samples/1-0001.pack");
    assert_int_equal(slots, 2);
    en_free(path);
    en_catalog_todos todo;
    OK(en_catalog_samples_missing(catalog, recipe, &todo, &err));
    assert_int_equal(todo.count, 0);
    en_catalog_todos_clear(&todo);
    OK(en_catalog_recipe_put(catalog, "crop=none size=64", &again, &err));
    OK(en_catalog_samples_missing(catalog, again, &todo, &err));
    assert_int_equal(todo.count, 2);
    assert_string_equal(todo.row[1].path, "photos/1/train/10_left.jpeg");
    en_catalog_todos_clear(&todo);
    FAILS(en_catalog_sample_put(catalog, todo.count == 0 ? 1 : 0, again, pack, 9, HASH_A, &err), EN_INPUT,
          "its own recipe");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_tell_patient_and_eye),
        cmocka_unit_test(one_extension_is_taken_off_and_only_a_photographs),
        cmocka_unit_test_setup_teardown(a_listed_name_is_the_parsed_one_and_not_parsed_again, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(sources_and_members_are_updated_not_doubled, open_project, close_project),
        cmocka_unit_test_setup_teardown(pending_photographs_come_in_natural_order_and_go_when_ingested, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(a_listed_image_gets_its_file_and_keeps_its_labels, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_second_photograph_of_a_name_is_recorded_and_rejected, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(the_same_bytes_are_found, open_project, close_project),
        cmocka_unit_test_setup_teardown(states_and_reasons_are_counted, open_project, close_project),
        cmocka_unit_test_setup_teardown(recipes_packs_and_samples_hold_together, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
