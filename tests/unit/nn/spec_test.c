/* Network texts: what is read, what is refused and in which words, and the canonical form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "nn/kind.h"
#include "nn/spec.h"

static void assert_refused(const char *text, const char *message)
{
    en_spec spec;
    en_error err = {0};
    assert_int_equal(en_spec_parse(text, "my.net", &spec, &err), EN_INPUT);
    assert_string_equal(err.text, message);
    assert_int_equal(en_spec_parse(text, "my.net", &spec, NULL), EN_INPUT); /* the status does not hang on the words */
}

static void parse(const char *text, en_spec *spec)
{
    en_error err = {0};
    if (en_spec_parse(text, "my.net", spec, &err) != EN_OK) {
        fail_msg("%s", err.text);
    }
}

static void assert_dims(en_dims d, size_t h, size_t w, size_t c)
{
    assert_int_equal(d.h, h);
    assert_int_equal(d.w, w);
    assert_int_equal(d.c, c);
}

static void every_preset_is_read_and_has_the_layers_it_should(void **state)
{
    (void)state;
    size_t count = 0;
    for (const en_preset *p = en_presets(); p->name != NULL; p++, count++) {
        en_spec spec;
        parse(p->text, &spec);
    }
    assert_true(count >= 3);
    en_spec spec;
    en_error err = {0};
    assert_int_equal(en_spec_load("eyenet", &spec, &err), EN_OK);
    assert_int_equal(spec.count, 7);
    assert_dims(spec.layer[0].out, 249, 249, 32);
    assert_dims(spec.layer[2].out, 235, 235, 32);
    assert_dims(spec.layer[3].out, 117, 117, 32);
    assert_dims(spec.layer[4].out, 1, 1, 128);
}

/* The program itself, or a clone of it, lies where it is run. */
static void a_file_or_a_folder_does_not_hide_a_preset_of_its_name(void **state)
{
    (void)state;
    char folder[] = "/tmp/eyenet-spec-XXXXXX", before[4096];
    en_spec spec;
    en_error err = {0};
    assert_non_null(mkdtemp(folder));
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("eyenet", 0700), 0);
    FILE *file = fopen("eyenet3", "w");
    assert_non_null(file);
    assert_true(fputs("input 8x8x3\ndense classes softmax\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(en_spec_load("eyenet", &spec, &err), EN_OK);
    assert_int_equal(spec.count, 7);
    assert_int_equal(en_spec_load("eyenet3", &spec, &err), EN_OK);
    assert_true(spec.count > 1);
    assert_int_equal(en_spec_load("./eyenet3", &spec, &err), EN_OK);
    assert_int_equal(spec.count, 1);
    assert_int_equal(unlink("eyenet3"), 0);
    assert_int_equal(rmdir("eyenet"), 0);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void a_preset_that_does_not_exist_is_refused_with_the_nearest(void **state)
{
    (void)state;
    en_spec spec;
    en_error err = {0};
    assert_int_equal(en_spec_load("eynet3", &spec, &err), EN_INPUT);
    assert_string_equal(err.text, "'eynet3' is neither a file nor a built-in network (did you mean eyenet3?)");
}

static void shapes_follow_stride_padding_and_window(void **state)
{
    (void)state;
    en_spec spec;
    parse("input 11x8x3\n"
          "conv 4 3x2\n"                   /* 9x7 */
          "conv 5 3x3 stride 2 pad 1\n"    /* 5x4 */
          "conv 6 4x4 stride 3 pad same\n" /* 2x2 */
          "maxpool 2 stride 1\n"           /* 1x1 */
          "dense classes softmax",
          &spec);
    assert_dims(spec.layer[0].out, 9, 7, 4);
    assert_dims(spec.layer[1].out, 5, 4, 5);
    assert_dims(spec.layer[2].out, 2, 2, 6);
    assert_dims(spec.layer[3].out, 1, 1, 6);
    assert_dims(spec.layer[4].out, 1, 1, 0);
}

static void comments_blanks_and_line_ends_do_not_matter(void **state)
{
    (void)state;
    en_spec spec;
    parse("# mine\r\n\r\n  input\t8x8x3   # pixels\r\n\n conv 2 3x3#relu\r\ndense 2  softmax", &spec);
    assert_int_equal(spec.count, 2);
    assert_int_equal(spec.layer[0].act, EN_ACT_NONE);
    assert_int_equal(spec.layer[0].line, 5);
}

static void the_canonical_text_says_each_thing_in_one_way(void **state)
{
    (void)state;
    en_spec spec, again;
    en_error err = {0};
    en_buf text, twice;
    en_buf_init(&text, 4096);
    en_buf_init(&twice, 4096);
    parse("input 16x16x3\nconv 4 3x3 relu stride 1 pad 0 # x\nconv 4 3x3 pad same stride 2\nrelu\nmaxpool 2 stride 2\n"
          "maxpool 2 stride 1\ndropout 0.250\nglobalmaxpool\ndense 4 sigmoid\ndense classes\nsoftmax",
          &spec);
    assert_int_equal(en_spec_text(&spec, &text, &err), EN_OK);
    assert_string_equal(en_buf_str(&text),
                        "input 16x16x3 scale 1/255\nconv 4 3x3 relu\nconv 4 3x3 stride 2 pad same\nrelu\nmaxpool 2\n"
                        "maxpool 2 stride 1\ndropout 0.25\nglobalmaxpool\ndense 4 sigmoid\ndense classes\nsoftmax\n");
    parse(en_buf_str(&text), &again);
    assert_int_equal(en_spec_text(&again, &twice, &err), EN_OK);
    assert_string_equal(en_buf_str(&twice), en_buf_str(&text));
    en_buf_clear(&text);
    en_buf_clear(&twice);
}

static void scale_and_shift_survive_the_canonical_text(void **state)
{
    (void)state;
    en_spec spec, again;
    en_error err = {0};
    en_buf text;
    en_buf_init(&text, 4096);
    parse("input 2x2x3 scale 0.0078125 shift -1\ndense 2 softmax", &spec);
    assert_int_equal(en_spec_text(&spec, &text, &err), EN_OK);
    assert_string_equal(en_buf_str(&text), "input 2x2x3 scale 0.0078125 shift -1\ndense 2 softmax\n");
    parse(en_buf_str(&text), &again);
    assert_true(again.scale_top / again.scale_bottom == spec.scale_top / spec.scale_bottom &&
                again.shift == spec.shift);
    en_buf_clear(&text);
}

static void mean_and_std_of_each_channel_survive_the_canonical_text(void **state)
{
    (void)state;
    static const char text[] = "input 2x2x3 scale 1/255 mean 0.485 0.456 0 std 0.229 1 0.225\ndense 2 softmax\n";
    en_spec spec;
    en_error err = {0};
    en_buf out;
    en_buf_init(&out, 4096);
    parse(text, &spec);
    assert_true(spec.normalised && spec.mean[1] == 0.456 && spec.std[2] == 0.225);
    assert_int_equal(en_spec_text(&spec, &out, &err), EN_OK);
    assert_string_equal(en_buf_str(&out), text);
    en_buf_clear(&out);
    assert_refused("input 2x2x3 mean 0 0\n", "my.net:1: '0' needs a number for each channel");
    assert_refused("input 2x2x3 std 1 0 1\n", "my.net:1: '0' is not a std: give a number above 0");
    assert_refused("input 2x2x5 std 1 1 1 1 1\n", "my.net:1: 'std' of 5 channels: an input with it has at most 4");
}

/* The shapes before the head, and how many layers there are, as in the networks' sources. */
static void the_networks_for_transfer_learning_have_their_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t input, last, units, count;
    } expected[] = {{"efficientnet-lite0", 224, 7, 1280, 61},
                    {"efficientnet-lite1", 240, 8, 1280, 81},
                    {"efficientnet-lite2", 260, 9, 1280, 81},
                    {"resnet18", 224, 7, 512, 31},
                    {"mobilenet-v3-large", 224, 7, 960, 68}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        en_spec spec;
        en_error err = {0};
        assert_int_equal(en_spec_load(expected[i].name, &spec, &err), EN_OK);
        assert_dims(spec.input, expected[i].input, expected[i].input, 3);
        assert_int_equal(spec.count, expected[i].count);
        size_t k = 0;
        while (strcmp(spec.layer[k].kind->word != NULL ? spec.layer[k].kind->word : "", "globalavgpool") != 0) {
            k++;
        }
        assert_dims(spec.layer[k].in, expected[i].last, expected[i].last, expected[i].units);
        assert_int_equal(spec.layer[spec.count - 1].units, 0);
    }
}

static void a_misspelt_word_is_named_with_its_line_and_the_nearest(void **state)
{
    (void)state;
    assert_refused("input 8x8x3\n\nconv 2 3x3 rlu\n", "my.net:3: unknown word 'rlu' (did you mean relu?)");
    assert_refused("input 8x8x3\ncnv 2 3x3\n", "my.net:2: unknown word 'cnv' (did you mean conv?)");
    assert_refused("imput 8x8x3\n", "my.net:1: unknown word 'imput' (did you mean input?)");
    assert_refused("input 8x8x3 scael 1\n", "my.net:1: unknown word 'scael' (did you mean scale?)");
    assert_refused("input 8x8x3\nzzzzzzzzzz\n", "my.net:2: unknown word 'zzzzzzzzzz'");
}

static void numbers_out_of_place_are_refused(void **state)
{
    (void)state;
    assert_refused("input 8x8\n", "my.net:1: '8x8' is not a size: give height x width x channels, such as 256x256x3");
    assert_refused("input 8x8x0\n",
                   "my.net:1: '8x8x0' is not a size: give height x width x channels, such as 256x256x3");
    assert_refused("input\n", "my.net:1: 'input' needs a size such as 256x256x3");
    assert_refused("input 8x8x3 scale 1/0\n",
                   "my.net:1: '1/0' is not a scale: give a number above 0 or a fraction such as 1/255");
    assert_refused("input 8x8x3\nconv 0 3x3\n", "my.net:2: '0' is not a number of kernels from 1 to 1048576");
    assert_refused("input 8x8x3\nconv 3\n", "my.net:2: '3' needs a kernel such as 3x3");
    assert_refused("input 8x8x3\nconv 3 3\n",
                   "my.net:2: '3' is not a kernel: give height x width in pixels, such as 3x3");
    assert_refused("input 8x8x3\nconv 3 3x3 stride 0\n", "my.net:2: '0' is not a stride from 1 to 1024");
    assert_refused("input 8x8x3\nmaxpool 17\n", "my.net:2: '17' is not a window from 1 to 16");
    assert_refused("input 8x8x3\ndropout 1\n", "my.net:2: '1' is not a fraction from 0 to below 1");
    assert_refused("input 8x8x3\ndense 1e9\n",
                   "my.net:2: '1e9' is not 'classes' or a number of units from 1 to 1048576");
    assert_refused("input 8x8x3\nglobalmaxpool 2\n", "my.net:2: unknown word '2'");
}

static void what_does_not_fit_its_input_is_refused_with_both_shapes(void **state)
{
    (void)state;
    assert_refused("input 8x6x3\nconv 4 7x7\ndense 2 softmax",
                   "my.net:2: a kernel of 7x7 does not fit its input of 8x6x3");
    assert_refused("input 8x6x3\nconv 4 6x6\nmaxpool 2\ndense 2 softmax",
                   "my.net:3: a window of 2x2 does not fit its input of 3x1x4");
    assert_refused("input 8x6x3\ndense 4\nconv 4 3x3\ndense 2 softmax",
                   "my.net:3: a kernel of 3x3 does not fit its input of 1x1x4");
}

static void layers_in_the_wrong_place_are_refused(void **state)
{
    (void)state;
    assert_refused("", "my.net: no layers: a network starts with a line such as 'input 256x256x3'");
    assert_refused("# nothing\n", "my.net: no layers: a network starts with a line such as 'input 256x256x3'");
    assert_refused("conv 4 3x3\n",
                   "my.net:1: 'conv' before 'input': the first line is the input, such as: input 256x256x3");
    assert_refused("input 8x8x3\ninput 8x8x3\n", "my.net:2: a second 'input': a network has one");
    assert_refused("input 8x8x3\ndense 2\n",
                   "my.net:2: the last layer must end in softmax or ordinal, such as: dense classes softmax");
    assert_refused("input 8x8x3\ndense 2 softmax\nrelu\n",
                   "my.net:3: 'relu' after softmax: softmax must be the last layer");
    assert_refused("input 8x8x3\ndense classes relu\ndense 2 softmax\n",
                   "my.net:3: 'dense' after 'dense classes': only softmax or ordinal may follow it");
    assert_refused("input 8x8x3\nconv 2 3x3\nsoftmax\n",
                   "my.net:3: softmax of 6x6x2: put globalmaxpool, globalavgpool or dense before it");
    assert_refused("input 8x8x3\nconv 2 3x3 softmax\n", "my.net:2: unknown word 'softmax'");
}

static void what_is_too_large_is_refused_without_overflow(void **state)
{
    (void)state;
    assert_refused("input 16384x16384x16384\ndense 2 softmax", "my.net:1: a tensor of 16384x16384x16384 is too large");
    assert_refused("input 16384x16384x4\nconv 1048576 1x1\ndense 2 softmax",
                   "my.net:2: a tensor of 16384x16384x1048576 is too large");
    assert_refused("input 1024x1024x16\nconv 1000 1024x1024\ndense 2 softmax",
                   "my.net:2: 1000 kernels of 1024x1024x16 are too large");
    char line[700];
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\0';
    assert_refused(line, "my.net:1: a line of more than 511 bytes");
    assert_refused("a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g\n",
                   "my.net:1: more than 32 words");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_preset_is_read_and_has_the_layers_it_should),
        cmocka_unit_test(a_file_or_a_folder_does_not_hide_a_preset_of_its_name),
        cmocka_unit_test(a_preset_that_does_not_exist_is_refused_with_the_nearest),
        cmocka_unit_test(shapes_follow_stride_padding_and_window),
        cmocka_unit_test(comments_blanks_and_line_ends_do_not_matter),
        cmocka_unit_test(the_canonical_text_says_each_thing_in_one_way),
        cmocka_unit_test(scale_and_shift_survive_the_canonical_text),
        cmocka_unit_test(mean_and_std_of_each_channel_survive_the_canonical_text),
        cmocka_unit_test(the_networks_for_transfer_learning_have_their_shapes),
        cmocka_unit_test(a_misspelt_word_is_named_with_its_line_and_the_nearest),
        cmocka_unit_test(numbers_out_of_place_are_refused),
        cmocka_unit_test(what_does_not_fit_its_input_is_refused_with_both_shapes),
        cmocka_unit_test(layers_in_the_wrong_place_are_refused),
        cmocka_unit_test(what_is_too_large_is_refused_without_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
