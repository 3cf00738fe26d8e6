/* The scratch project of the catalog's tests. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

char scratch[64];
en_catalog *catalog;

int open_project(void **state)
{
    (void)state;
    strcpy(scratch, "/tmp/eyenet-catalog-XXXXXX");
    en_error err = {0};
    if (mkdtemp(scratch) == NULL || en_catalog_create(scratch, false, &err) != EN_OK ||
        en_catalog_open(scratch, NULL, &catalog, &err) != EN_OK) {
        print_error("%s\n", err.text);
        return -1;
    }
    return 0;
}

int close_project(void **state)
{
    (void)state;
    en_error err;
    en_catalog_close(catalog);
    catalog = NULL;
    return en_file_remove_tree(scratch, &err) == EN_OK ? 0 : -1;
}

void exec(const char *sql) { OK(en_db_exec(en_catalog_db(catalog), sql, "test", &err)); }

void refused(const char *sql, const char *why)
{
    en_error err = {0};
    en_status st = en_db_exec(en_catalog_db(catalog), sql, "test", &err);
    if (st != EN_INPUT || strstr(err.text, why) == NULL) {
        fail_msg("%s: expected '%s', got status %d '%s'", sql, why, (int)st, st == EN_OK ? "" : err.text);
    }
}

int64_t number(const char *sql)
{
    en_query *q;
    OK(en_catalog_query(catalog, "test", sql, NULL, &q, &err));
    OK(en_query_next(q, &err));
    int64_t n = en_query_int(q, 0);
    en_query_close(q);
    return n;
}

int64_t add_source(void)
{
    char uri[] = "/somewhere/photos";
    en_catalog_source source = {
        .uri = uri, .version = 1, .kind = EN_SOURCE_FOLDER, .state = EN_SOURCE_WHOLE, .bytes = -1};
    OK(en_catalog_source_put(catalog, &source, &err));
    return source.id;
}

int64_t add_member(const char *path)
{
    char copy[256];
    snprintf(copy, sizeof copy, "%s", path);
    en_catalog_member member = {
        .source_id = add_source(), .path = copy, .photograph = true, .bytes = 1000, .crc32 = -1};
    OK(en_catalog_member_put(catalog, &member, &err));
    return member.id;
}

int64_t add_accepted(const char *name)
{
    char path[300], hex[EN_SHA256_HEX], format[] = "jpeg";
    snprintf(path, sizeof path, "photos/1/train/%s.jpeg", name);
    OK(en_sha256_bytes(name, strlen(name), hex, &err));
    en_catalog_image image = {.member_id = add_member(path),
                              .name = path,
                              .status = EN_IMAGE_ACCEPTED,
                              .format = format,
                              .sha256 = hex,
                              .width = 1024,
                              .height = 683};
    en_catalog_quality quality = {.brightness = 0.4,
                                  .contrast = 0.2,
                                  .sharpness = 0.5,
                                  .black_fraction = 0.1,
                                  .disc_radius = 300,
                                  .disc_coverage = 0.9,
                                  .score = 0.8,
                                  .phash = -7,
                                  .has_phash = true};
    bool taken = true;
    OK(en_catalog_image_put(catalog, &image, &quality, &taken, &err));
    assert_false(taken);
    return image.id;
}

void add_label(const char *name, int64_t grade)
{
    en_catalog_label_import import = {"labels.csv", HASH_A, "icdr", "a grader"};
    en_catalog_label_outcome outcome;
    int64_t import_id, image_id;
    bool added;
    en_catalog_name parsed;
    OK(en_catalog_label_begin(catalog, &import, &import_id, &err));
    OK(en_catalog_name_parse(name, &parsed, &err));
    OK(en_catalog_image_list(catalog, &parsed, -1, &image_id, &added, &err));
    OK(en_catalog_label_put(catalog, import_id, image_id, grade, &outcome, &err));
}

void add_patients(int patients)
{
    int64_t added, total;
    const en_catalog_policy *seed;
    OK(en_catalog_begin(catalog, &err));
    for (int p = 1; p <= patients; p++) {
        for (int eye = 0; eye < 2; eye++) {
            char name[64];
            snprintf(name, sizeof name, "%d_%s", p, eye == 0 ? "left" : "right");
            add_accepted(name);
            add_label(name, p % 5);
        }
    }
    OK(en_catalog_commit(catalog, &err));
    OK(en_catalog_policy_get("seed", &seed, &err));
    OK(en_catalog_variants_apply(catalog, seed, &added, &total, &err));
}

void add_split(const char *name, int patients)
{
    int64_t split_id;
    OK(en_catalog_begin(catalog, &err));
    OK(en_catalog_split_create(catalog, name, 1, "every fifth", &split_id, &err));
    for (int p = 1; p <= patients; p++) {
        char patient[32];
        snprintf(patient, sizeof patient, "%d", p);
        OK(en_catalog_split_assign(catalog, split_id, patient,
                                   p % 5 == 0   ? EN_PART_TEST
                                   : p % 5 == 4 ? EN_PART_VAL
                                                : EN_PART_TRAIN,
                                   &err));
    }
    OK(en_catalog_commit(catalog, &err));
}

int64_t add_samples(void)
{
    int64_t recipe_id, pack_id, slot = 0;
    en_catalog_todos todo;
    OK(en_catalog_recipe_put(catalog, "crop=retina size=256", &recipe_id, &err));
    OK(en_catalog_samples_missing(catalog, recipe_id, &todo, &err));
    OK(en_catalog_begin(catalog, &err));
    OK(en_catalog_pack_put(catalog, recipe_id, "samples/1-0001.pack", &pack_id, &err));
    for (size_t i = 0; i < todo.count; i++) {
        OK(en_catalog_sample_put(catalog, todo.row[i].image_id, recipe_id, pack_id, slot++, HASH_B, &err));
    }
    OK(en_catalog_commit(catalog, &err));
    en_catalog_todos_clear(&todo);
    return recipe_id;
}

int64_t add_subset(const char *name, const char *sql)
{
    en_catalog_subset subset;
    OK(en_catalog_subset_create(catalog, name, sql, NULL, NULL, &subset, &err));
    int64_t id = subset.id;
    en_catalog_subset_clear(&subset);
    return id;
}

int64_t add_run(const char *name, int64_t subset_id, int64_t recipe_id)
{
    int64_t model_id, run_id;
    OK(en_catalog_model_put(catalog, "eyenet", "input 256x256x3\ndense 2 softmax\n", &model_id, &err));
    en_catalog_run_spec spec = {.name = name,
                                .parent_id = -1,
                                .model_id = model_id,
                                .subset_id = subset_id,
                                .val_subset_id = -1,
                                .recipe_id = recipe_id,
                                .target = "grade >= 2",
                                .classes = "[\"0\",\"1\"]",
                                .seed = 7,
                                .host = "here",
                                .isa = "avx2",
                                .version = "0.1.0",
                                .threads = 2};
    OK(en_catalog_run_create(catalog, &spec, &run_id, &err));
    return run_id;
}
