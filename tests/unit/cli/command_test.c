/* The table of commands: what its options say of each other holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "cli/command.h"

static void join(const en_command *c, en_option_set *set)
{
    const en_binding bindings[EN_COMMAND_BINDINGS] = {
        {c->options, NULL}, {c->table ? en_table_options : NULL, NULL}, {en_common_options, NULL}};
    en_error err;
    assert_int_equal(en_option_set_join(bindings, EN_COMMAND_BINDINGS, set, &err), EN_OK);
}

static size_t place_of(const en_option_set *set, const char *name)
{
    size_t i = 0;
    while (i < set->count && strcmp(set->option[i]->name, name) != 0) {
        i++;
    }
    return i;
}

static void names_and_letters_of_a_command_differ(void **state)
{
    (void)state;
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        en_option_set set;
        join(*c, &set);
        for (size_t i = 0; i < set.count; i++) {
            for (size_t k = 0; k < i; k++) {
                if (strcmp(set.option[i]->name, set.option[k]->name) == 0 ||
                    (set.option[i]->letter != '\0' && set.option[i]->letter == set.option[k]->letter)) {
                    fail_msg("%s: --%s and --%s", (*c)->name, set.option[i]->name, set.option[k]->name);
                }
            }
        }
    }
}

/* Every option that needs or excludes another: a name that is misspelt in the table would never be found. */
static void every_relation_is_between_options_of_the_command_and_refuses(void **state)
{
    (void)state;
    size_t relations = 0;
    for (const en_command *const *c = en_commands; *c != NULL; c++) {
        en_option_set set;
        join(*c, &set);
        for (size_t i = 0; i < set.count; i++) {
            const en_option *o = set.option[i];
            const char *other = o->needs != NULL ? o->needs : o->excludes;
            if (other == NULL) {
                continue;
            }
            const size_t k = place_of(&set, other);
            en_words words = {0};
            en_error err;
            if (k == set.count || k == i) {
                fail_msg("%s: --%s names --%s", (*c)->name, o->name, other);
            }
            for (size_t r = 0; r < set.count; r++) { /* what the command requires is not the point */
                words.given[r] = set.option[r]->required && r != k;
            }
            words.given[i] = true;
            assert_int_equal(en_options_check(&set, &words, &err), o->needs != NULL ? EN_USAGE : EN_OK);
            words.given[k] = true;
            assert_int_equal(en_options_check(&set, &words, &err), o->needs != NULL ? EN_OK : EN_USAGE);
            relations++;
        }
    }
    assert_true(relations >= 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_letters_of_a_command_differ),
        cmocka_unit_test(every_relation_is_between_options_of_the_command_and_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
