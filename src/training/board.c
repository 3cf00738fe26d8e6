/* See board.h. */
#include "training/board.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/untrusted.h"

#define FACTS 6
#define FILE_BEGINS "events.out.tfevents."
#define FILE_ENDS ".eyenet"

const char *en_board_tag(en_part part, const char *name, char tag[EN_BOARD_TAG])
{
    const char *of = en_word(&en_parts, part);
    (void)snprintf(tag, EN_BOARD_TAG, "%s/%s", of != NULL ? name : "run", of != NULL ? of : name);
    return tag;
}

/* A calibration, or what a later attempt went on with. */
static bool is_record(const en_catalog_param *p)
{
    return p->value == NULL || p->value[0] == '{' || strncmp(p->name, "attempt_", 8) == 0;
}

void en_board_settings(en_tensorboard *t, double time, const en_catalog_run *run, const en_catalog_params *params,
                       const char *const *tag, size_t tags)
{
    en_tensorboard_setting *list = en_calloc(params->count + FACTS, sizeof *list);
    char seed[24];
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)run->seed);
    const en_tensorboard_setting fact[FACTS] = {{"model", run->model},   {"subset", run->subset},
                                                {"target", run->target}, {"recipe", run->recipe},
                                                {"seed", seed},          {"uuid", run->uuid}};
    size_t count = 0;
    for (size_t i = 0; list != NULL && i < FACTS; i++) {
        if (fact[i].value != NULL) {
            list[count++] = fact[i];
        }
    }
    for (size_t i = 0; list != NULL && i < params->count; i++) {
        if (!is_record(&params->row[i])) {
            list[count++] = (en_tensorboard_setting){params->row[i].name, params->row[i].value};
        }
    }
    if (list == NULL) {
        t->status = en_error_nomem(&t->error, "settings");
    } else {
        en_tensorboard_settings(t, time, run->name, list, count, tag, tags);
    }
    en_free(list);
}

en_status en_board_network(en_tensorboard *t, double time, en_network *network, en_error *err)
{
    en_operations ops;
    en_status st = en_operations_of(network, &ops, err);
    if (st == EN_OK) {
        en_tensorboard_graph(t, time, en_network_spec(network), &ops, en_network_classes(network));
        en_operations_clear(&ops);
    }
    return st;
}

void en_board_weights(en_tensorboard *t, double time, int64_t epoch, en_network *network)
{
    for (size_t i = 0; i < en_network_parameters(network); i++) {
        const en_parameter *p = en_network_parameter(network, i);
        char tag[EN_BOARD_TAG];
        (void)snprintf(tag, sizeof tag, "weights/%s", p->name);
        en_tensorboard_histogram(t, time, epoch, tag, p->value, p->count);
    }
}

en_status en_board_folder(const char *folder, const char *run, char **path, en_error *err)
{
    const char *fault = en_rule_fault(EN_RULE_FILE_NAME, run);
    *path = NULL;
    if (fault != NULL) {
        return en_error_set(err, EN_INPUT, "the run's name cannot name a folder: '%s' %s", run, fault);
    }
    *path = en_path_join(folder, run);
    return *path != NULL ? en_file_mkdirs(*path, err) : en_error_nomem(err, "a path");
}

char *en_board_file(const char *folder, double time)
{
    return en_format("%s/" FILE_BEGINS "%.0f" FILE_ENDS, folder, time);
}

bool en_board_is_file(const char *name)
{
    const size_t begins = sizeof FILE_BEGINS - 1;
    return strncmp(name, FILE_BEGINS, begins) == 0 &&
           strcmp(name + begins + strspn(name + begins, "0123456789"), FILE_ENDS) == 0;
}
