/* Command lines into structs, and what is said about those that make no sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "cli/option.h"

typedef struct settings {
    bool force;
    const char *name, *scheme;
    int64_t epochs, size;
    double share;
} settings;

static const char *const schemes[] = {"icdr", "eyeq", NULL};
static const settings defaults = {.scheme = "icdr", .epochs = 20, .size = -1, .share = 0.2};
static const en_option list[] = {
    {.name = "force", .letter = 'f', EN_FIELD(settings, force), .doc = "even so"},
    {.name = "name", .letter = 'n', EN_FIELD(settings, name), .arg = "NAME", .doc = "what to call it"},
    {.name = "scheme", EN_FIELD(settings, scheme), .arg = "NAME", .choices = schemes, .doc = "which grades"},
    {.name = "epochs", EN_FIELD(settings, epochs), .arg = "N", .low = 1, .high = 100, .doc = "how long"},
    {.name = "size", EN_FIELD_SIZE(settings, size), .arg = "SIZE", .low = 1024, .high = 1 << 30, .doc = "how large"},
    {.name = "share", EN_FIELD(settings, share), .arg = "F", .low = 0, .high = 1, .doc = "how much"},
    {.name = NULL},
};

#define MOST_WORDS 16

/* Reads "a b c" as the command line `eyenet a b c`; the words are copied to `said`, with blanks between them. */
static en_status parse(const char *line, en_order order, settings *into, char *said, size_t capacity, en_error *err)
{
    char text[256], *argv[MOST_WORDS + 1] = {(char[]){"eyenet"}};
    int argc = 1;
    assert_true(strlen(line) < sizeof text);
    strcpy(text, line);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        argv[argc++] = word;
    }
    *into = defaults;
    en_words words = {0};
    const en_binding binding = {list, into};
    en_option_set set;
    assert_int_equal(en_option_set_join(&binding, 1, &set, err), EN_OK);
    en_status st = en_options_parse(&set, order, argc, argv, &words, err);
    said[0] = '\0';
    for (size_t i = 0; st == EN_OK && i < words.count; i++) {
        strncat(said, i > 0 ? " " : "", capacity - strlen(said) - 1);
        strncat(said, words.word[i], capacity - strlen(said) - 1);
    }
    en_words_clear(&words);
    /* texts point into `text`, which ends here: keep what the tests look at */
    static char kept[64];
    if (into->name != NULL) {
        snprintf(kept, sizeof kept, "%s", into->name);
        into->name = kept;
    }
    return st;
}

static void values_go_to_the_fields_by_their_type(void **state)
{
    (void)state;
    settings s;
    char said[64];
    en_error err;
    assert_int_equal(
        parse("--epochs 3 one --share=0.5 -f -n x two --size 64k", EN_ORDER_ANY, &s, said, sizeof said, &err), EN_OK);
    assert_true(s.force && s.epochs == 3 && s.size == 65536 && s.share > 0.49 && s.share < 0.51);
    assert_string_equal(s.name, "x");
    assert_string_equal(s.scheme, "icdr");
    assert_string_equal(said, "one two");
}

static void a_required_option_is_missed_by_name(void **state)
{
    (void)state;
    static const en_option needs[] = {
        {.name = "name", EN_FIELD(settings, name), .arg = "NAME", .required = true, .doc = "what to call it"},
        {.name = NULL},
    };
    settings s = defaults;
    en_error err;
    char doc[80];
    const en_option_set set = {.option = {&needs[0]}, .into = {&s}, .count = 1};
    en_words words = {0};
    assert_int_equal(en_options_check(&set, &words, &err), EN_USAGE);
    assert_string_equal(err.text, "--name NAME is missing: what to call it");
    assert_string_equal(en_option_doc(&needs[0], &s, doc, sizeof doc), "what to call it (required)");
    words.given[0] = true;
    assert_int_equal(en_options_check(&set, &words, &err), EN_OK);
    const en_option_set none = {.count = 0};
    assert_int_equal(en_options_check(&none, &words, &err), EN_OK);
}

static void options_that_would_be_ignored_are_refused(void **state)
{
    (void)state;
    static const en_option related[] = {
        {.name = "charts", EN_FIELD(settings, name), .arg = "DIR", .doc = "where"},
        {.name = "scheme", EN_FIELD(settings, scheme), .arg = "NAME", .needs = "charts", .doc = "which"},
        {.name = "force", EN_FIELD(settings, force), .excludes = "charts", .doc = "even so"},
        {.name = "epochs", EN_FIELD(settings, epochs), .arg = "N", .without_args = true, .doc = "how long"},
    };
    static const struct {
        bool given[4];
        size_t words;
        const char *message; /* NULL: none */
    } cases[] = {
        {{true, true, false, true}, 0, NULL},
        {{true, true, false, false}, 1, NULL},
        {{false, false, true, false}, 1, NULL},
        {{false, true, false, false}, 0, "--scheme has no effect without --charts"},
        {{true, false, true, false}, 0, "--force and --charts are mutually exclusive"},
        {{false, false, false, true}, 1, "unexpected argument 'one' with --epochs"},
    };
    en_option_set set = {.count = 4};
    for (size_t i = 0; i < 4; i++) {
        set.option[i] = &related[i];
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        en_words words = {.word = (const char *[]){"one"}, .count = cases[i].words};
        en_error err = {.status = EN_OK};
        memcpy(words.given, cases[i].given, sizeof cases[i].given);
        assert_int_equal(en_options_check(&set, &words, &err), cases[i].message != NULL ? EN_USAGE : EN_OK);
        assert_string_equal(err.text, cases[i].message != NULL ? cases[i].message : "");
    }
    char doc[80];
    assert_string_equal(en_option_doc(&related[1], NULL, doc, sizeof doc), "which (needs --charts)");
    assert_string_equal(en_option_doc(&related[2], NULL, doc, sizeof doc), "even so (not with --charts)");
    const bool given[EN_MOST_OPTIONS] = {true};
    assert_true(en_option_is_ruled_out(&set, given, 0)); /* given */
    assert_false(en_option_is_ruled_out(&set, given, 1));
    assert_true(en_option_is_ruled_out(&set, given, 2)); /* excludes what was given */
    const bool other[EN_MOST_OPTIONS] = {[2] = true};
    assert_true(en_option_is_ruled_out(&set, other, 0)); /* excluded by what was given */
}

static void a_scan_goes_on_behind_a_mistake(void **state)
{
    (void)state;
    const en_option_set set = {.option = {&list[0], &list[1]}, .count = 2};
    const char *arg[] = {"-xf", "--banana", "one", "-nx", "--name"};
    en_scan scan = {.set = &set, .arg = arg, .count = 5};
    en_item item;
    en_error err;
    assert_int_equal(en_scan_next(&scan, &item, &err), EN_USAGE);
    assert_true(item.option == EN_NO_OPTION);
    assert_int_equal(en_scan_next(&scan, &item, &err), EN_OK);
    assert_true(item.option == 0 && item.text == NULL);
    assert_int_equal(en_scan_next(&scan, &item, &err), EN_USAGE);
    assert_int_equal(en_scan_next(&scan, &item, &err), EN_OK);
    assert_string_equal(item.text, "one");
    assert_int_equal(en_scan_next(&scan, &item, &err), EN_OK);
    assert_true(item.option == 1 && strcmp(item.text, "x") == 0);
    assert_int_equal(en_scan_next(&scan, &item, &err), EN_USAGE); /* the value of --name is missing */
    assert_true(item.option == 1);
    assert_int_equal(en_scan_next(&scan, &item, &err), EN_DONE);
}

static void names_may_be_cut_short_and_dashes_end_the_options(void **state)
{
    (void)state;
    settings s;
    char said[64];
    en_error err;
    assert_int_equal(parse("--ep 7 -- --share -x", EN_ORDER_ANY, &s, said, sizeof said, &err), EN_OK);
    assert_int_equal(s.epochs, 7);
    assert_string_equal(said, "--share -x");
}

static void options_before_the_first_word_are_the_programs(void **state)
{
    (void)state;
    settings s;
    char said[64];
    en_error err;
    assert_int_equal(parse("-f train --epochs 3 --nonsense", EN_ORDER_UNTIL_WORD, &s, said, sizeof said, &err), EN_OK);
    assert_true(s.force);
    assert_int_equal(s.epochs, 20);
    assert_string_equal(said, "train --epochs 3 --nonsense");
}

static void every_mistake_has_a_line_that_names_it(void **state)
{
    (void)state;
    static const struct {
        const char *line, *message;
    } cases[] = {
        {"--epohcs 3", "no option --epohcs: did you mean --epochs?"},
        {"--banana", "no option --banana"},
        {"--s 1", "--s may mean --scheme or --size"},
        {"-x", "no option -x"},
        {"--force=yes", "--force takes no value"},
        {"one --epochs", "--epochs needs a value: --epochs N"},
        {"-fn", "-n needs a value: -n NAME"},
        {"--epochs 0", "--epochs is a whole number from 1 to 100, not '0'"},
        {"--epochs 1.5", "--epochs is a whole number from 1 to 100, not '1.5'"},
        {"--share 2", "--share is a number from 0 to 1, not '2'"},
        {"--size 5", "--size is a size such as 64M or 8G, from 1.0 KiB to 1.0 GiB, not '5'"},
        {"--scheme best", "--scheme is icdr or eyeq, not 'best'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        settings s;
        char said[64];
        en_error err = {.status = EN_OK};
        assert_int_equal(parse(cases[i].line, EN_ORDER_ANY, &s, said, sizeof said, &err), EN_USAGE);
        assert_string_equal(err.text, cases[i].message);
    }
}

static void what_stands_where_a_value_is_due_is_the_value(void **state)
{
    (void)state;
    settings s;
    char said[64];
    en_error err;
    assert_int_equal(parse("--name --force", EN_ORDER_ANY, &s, said, sizeof said, &err), EN_OK);
    assert_string_equal(s.name, "--force");
    assert_false(s.force);
}

static void words_are_counted_as_the_help_says(void **state)
{
    (void)state;
    const char *given[] = {"a", "b", "c"};
    en_error err;
    size_t least, most;
    en_words_asked("RUN IMAGE...", &least, &most);
    assert_true(least == 2 && most == SIZE_MAX);
    en_words_asked("NAME [DIR]", &least, &most);
    assert_true(least == 1 && most == 2);
    assert_int_equal(en_words_check("[DIR]", &(en_words){.word = given, .count = 0}, &err), EN_OK);
    assert_int_equal(en_words_check("RUN IMAGE...", &(en_words){.word = given, .count = 3}, &err), EN_OK);
    assert_int_equal(en_words_check("RUN IMAGE...", &(en_words){.word = given, .count = 1}, &err), EN_USAGE);
    assert_string_equal(err.text, "IMAGE is missing");
    assert_int_equal(en_words_check("FILE.csv", &(en_words){.word = given, .count = 0}, &err), EN_USAGE);
    assert_string_equal(err.text, "FILE.csv is missing");
    assert_int_equal(en_words_check("[DIR]", &(en_words){.word = given, .count = 2}, &err), EN_USAGE);
    assert_string_equal(err.text, "unexpected argument 'b'");
}

static void the_help_of_an_option_ends_with_choices_and_default(void **state)
{
    (void)state;
    char text[100];
    assert_string_equal(en_option_doc(&list[2], &defaults, text, sizeof text),
                        "which grades: icdr or eyeq (default: icdr)");
    assert_string_equal(en_option_doc(&list[3], &defaults, text, sizeof text), "how long (default: 20)");
    assert_string_equal(en_option_doc(&list[4], &defaults, text, sizeof text), "how large");
    assert_string_equal(en_option_doc(&list[0], &defaults, text, sizeof text), "even so");
    assert_string_equal(en_option_spelling(&list[1], true, text, sizeof text), "-n, --name NAME");
    assert_string_equal(en_option_spelling(&list[3], true, text, sizeof text), "    --epochs N");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_go_to_the_fields_by_their_type),
        cmocka_unit_test(a_required_option_is_missed_by_name),
        cmocka_unit_test(options_that_would_be_ignored_are_refused),
        cmocka_unit_test(a_scan_goes_on_behind_a_mistake),
        cmocka_unit_test(names_may_be_cut_short_and_dashes_end_the_options),
        cmocka_unit_test(options_before_the_first_word_are_the_programs),
        cmocka_unit_test(every_mistake_has_a_line_that_names_it),
        cmocka_unit_test(what_stands_where_a_value_is_due_is_the_value),
        cmocka_unit_test(words_are_counted_as_the_help_says),
        cmocka_unit_test(the_help_of_an_option_ends_with_choices_and_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
