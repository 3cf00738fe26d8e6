/* The engine of an offline page, compiled for this machine, says what the network says; a page is written whole,
 * escaped and always with the same bytes, or not at all. (What browsers make of it: tests/consumers/page.sh.) */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "offline/page.h"
#include "offline/run.h"

enum { CLASSES = 5, SIDE = 37, SAMPLE = SIDE * SIDE * 3 };

/* A network of every kind of layer with a page about it. */
typedef struct fixture {
    en_spec *spec;
    en_network *net;
    en_recipe recipe;
    en_export_model model;
    en_offline_page page;
    double offset[CLASSES], value[CLASSES], cut[CLASSES];
    const char *name[CLASSES];
    uint8_t sample[SAMPLE];
} fixture;

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / (double)(UINT64_C(1) << 53);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    uint64_t seed = 3;
    f->spec = calloc(1, sizeof *f->spec);
    OK(en_spec_load(EVERY, f->spec, &err));
    en_network_config config = {.spec = f->spec, .classes = CLASSES, .batch = 1, .mode = EN_INFER};
    OK(en_kernel_select("ref", &config.kernels, &err));
    OK(en_network_new(&config, &f->net, &err));
    en_network_init(f->net, 5);
    for (size_t i = 0; i < en_network_parameters(f->net); i++) {
        en_parameter *p = en_network_parameter(f->net, i);
        const bool factors = strstr(p->name, "expand.bias") != NULL; /* some 0, some 1, some between */
        for (size_t k = 0; k < p->count; k++) {
            p->value[k] += (float)(factors ? 10 * uniform(&seed) - 5 : p->rank > 1 ? 0 : 0.3 * uniform(&seed));
        }
    }
    for (size_t i = 0; i < SAMPLE; i++) {
        f->sample[i] = (uint8_t)(255 * uniform(&seed));
    }
    OK(en_recipe_parse("crop=none size=37", &f->recipe, &err));
    for (size_t i = 0; i < CLASSES; i++) {
        f->name[i] = i == 1 ? "<script>alert(1)</script>\xff" : "a class";
        f->value[i] = (double)i;
    }
    f->model = (en_export_model){
        .name = "\"><img src=x>", .spec = f->spec, .classes = CLASSES, .class_name = f->name, .offset = f->offset};
    f->model.factor = 1;
    OK(en_operations_of(f->net, &f->model.ops, &err));
    f->page = (en_offline_page){.model = &f->model,
                                .recipe = &f->recipe,
                                .label = f->name,
                                .value = f->value,
                                .cut = f->cut,
                                .target = "grade < 2",
                                .decision = "the most probable class"};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    en_operations_clear(&f->model.ops);
    en_network_free(f->net);
    free(f->spec);
    free(f);
    return 0;
}

static en_offline_model *model_of(const fixture *f)
{
    en_buf out;
    en_buf_init(&out, (size_t)64 << 20);
    OK(en_offline_model_bytes(&f->page, &out, &err));
    return (en_offline_model *)(void *)out.data; /* freed with en_free */
}

static void the_engine_says_what_the_network_says(void **state)
{
    fixture *f = *state;
    en_offline_model *model = model_of(f);
    float wanted[CLASSES], found[CLASSES];
    OK(en_network_predict(f->net, f->sample, 1, wanted, &err));
    OK(en_offline_predict(model, f->sample, found, &err));
    for (size_t i = 0; i < CLASSES; i++) {
        NEAR((double)found[i], (double)wanted[i], 1e-5);
    }
    en_free(model);
}

static void calibration_is_that_of_the_formula(void **state)
{
    fixture *f = *state;
    float raw[CLASSES], found[CLASSES];
    double sum = 0, above = 0;
    f->model.calibrated = f->model.cumulative = true;
    f->model.factor = 0.5;
    f->model.offset = (double[CLASSES]){0.1, 0.2, -0.3, 0, 0.4};
    f->model.scale = 2;
    f->model.shift = 0.25;
    en_offline_model *model = model_of(f);
    OK(en_network_predict(f->net, f->sample, 1, raw, &err));
    OK(en_offline_predict(model, f->sample, found, &err));
    for (size_t i = 0; i < CLASSES; i++) {
        const double p = exp(0.5 * log((double)raw[i]) + f->model.offset[i]);
        sum += p;
        above += i > 2 ? p : 0;
    }
    const double odds = log(above / (sum - above)), wanted = 1 / (1 + exp(-(2 * odds + 0.25)));
    NEAR((double)found[3] + (double)found[4], wanted, 1e-5);
    f->model.calibrated = f->model.cumulative = false;
    f->model.factor = 1;
    f->model.offset = f->offset;
    en_free(model);
}

static void cuts_of_the_expected_value_answer_where_there_are_some(void **state)
{
    fixture *f = *state;
    const float p[CLASSES] = {0.4F, 0.1F, 0.1F, 0.1F, 0.3F}; /* expects 1.8 */
    memcpy(f->cut, (double[]){0.5, 1.0, 1.5, 1.9}, 4 * sizeof *f->cut);
    en_offline_model *model = model_of(f);
    assert_int_equal(en_offline_answer(model, p), 0);
    en_free(model);
    f->page.cuts = CLASSES - 1;
    model = model_of(f);
    assert_int_equal(en_offline_answer(model, p), 3);
    en_free(model);
    f->page.cuts = 0;
}

static void photographs_are_judged_by_the_gate(void **state)
{
    fixture *f = *state;
    en_offline_model *model = model_of(f);
    en_offline_result result;
    uint8_t sample[SAMPLE], *rgba = calloc(64 * 48, 4);
    en_offline_grade(model, rgba, 64, 48, sample, &result);
    assert_int_equal(result.refused, 1);
    assert_non_null(strstr(result.reason, "black"));
    en_offline_grade(model, rgba, 16, 16, sample, &result);
    assert_non_null(strstr(result.reason, "too small: 16x16"));
    for (size_t i = 0; i < (size_t)4 * 64 * 48; i++) {
        rgba[i] = (uint8_t)(i % 251);
    }
    en_offline_grade(model, rgba, 64, 48, sample, &result);
    assert_int_equal(result.refused, 0);
    double sum = 0;
    for (size_t i = 0; i < CLASSES; i++) {
        sum += (double)result.probability[i];
    }
    NEAR(sum, 1, 1e-5);
    free(rgba);
    en_free(model);
}

static void every_allocation_may_fail(void **state)
{
    fixture *f = *state;
    en_offline_model *model = model_of(f);
    float found[CLASSES];
    long nth = 1;
    en_status st = EN_NOMEM;
    for (; st != EN_OK; nth++) {
        en_error err;
        en_alloc_fail_at(nth);
        st = en_offline_predict(model, f->sample, found, &err);
        en_alloc_fail_at(0);
        assert_true(st == EN_OK || st == EN_NOMEM);
    }
    assert_true(nth > 50);
    en_free(model);
}

static void a_page_is_escaped_and_has_the_same_bytes_each_time(void **state)
{
    fixture *f = *state;
    const en_offline_engine engine = {"\0asm", 4};
    const en_offline_fact facts[] = {{"learned <b>from", "\"'&"}};
    const en_offline_threshold thresholds[] = {{"youden", 0.25}};
    en_buf first, second;
    f->page.fact = facts, f->page.facts = 1;
    f->page.threshold = thresholds, f->page.thresholds = 1;
    en_buf_init(&first, (size_t)1 << 24);
    en_buf_init(&second, (size_t)1 << 24);
    OK(en_offline_page_write(&f->page, &engine, "page.html", &err));
    OK(en_file_read("page.html", &first, &err));
    OK(en_offline_page_write(&f->page, &engine, "page.html", &err));
    OK(en_file_read("page.html", &second, &err));
    assert_string_equal(first.data, second.data);
    assert_int_equal(strncmp(first.data, EN_OFFLINE_PAGE_BEGINS, strlen(EN_OFFLINE_PAGE_BEGINS)), 0);
    assert_null(strstr(first.data, "<script>alert"));
    assert_null(strstr(first.data, "<img"));
    assert_null(strstr(first.data, "<b>from"));
    assert_non_null(strstr(first.data, "&lt;script&gt;alert"));
    assert_non_null(strstr(first.data, "grade &lt; 2"));
    assert_non_null(strstr(first.data, "data-threshold=\"0.25\""));
    assert_non_null(strstr(first.data, "data-block=\"engine\">AGFzbQ==</script>"));
    assert_non_null(strstr(first.data, "default-src 'none'"));
    en_buf_clear(&first);
    en_buf_clear(&second);
    f->page.facts = f->page.thresholds = 0;
    (void)unlink("page.html");
}

static void what_a_page_cannot_carry_is_named(void **state)
{
    fixture *f = *state;
    const en_offline_engine none = {"", 0}, engine = {"\0asm", 4};
    FAILS(en_offline_page_write(&f->page, &none, "none.html", &err), EN_FAILED, "without a compiler for WebAssembly");
    f->recipe.size = 38;
    FAILS(en_offline_page_write(&f->page, &engine, "none.html", &err), EN_INPUT, "its recipe makes 38x38x3");
    f->recipe.size = SIDE;
    f->model.classes = EN_OFFLINE_CLASSES + 1;
    FAILS(en_offline_page_write(&f->page, &engine, "none.html", &err), EN_INPUT, "at most 64 classes");
    f->model.classes = CLASSES;
    size_t *count = &f->model.ops.op[0].count[0], was = *count;
    *count = EN_OFFLINE_WEIGHTS_MAX;
    FAILS(en_offline_page_write(&f->page, &engine, "none.html", &err), EN_INPUT, "at most 512 MiB of weights");
    *count = was;
    assert_false(en_file_exists("none.html"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_engine_says_what_the_network_says),
        cmocka_unit_test(calibration_is_that_of_the_formula),
        cmocka_unit_test(cuts_of_the_expected_value_answer_where_there_are_some),
        cmocka_unit_test(photographs_are_judged_by_the_gate),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_page_is_escaped_and_has_the_same_bytes_each_time),
        cmocka_unit_test(what_a_page_cannot_carry_is_named),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
