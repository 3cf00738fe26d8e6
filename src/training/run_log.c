/* run log: lines of another program, read as they come and written in batches. */
#include "training/run_log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "catalog/metric.h"
#include "catalog/run_edit.h"
#include "catalog/run_imported.h"
#include "training/train/train.h"

#define CHUNK ((size_t)64 << 10)
#define LINE_MAX_BYTES ((size_t)1 << 20)

en_status en_run_log_find(en_project *project, const char *name, const char *target, const char *classes,
                          int64_t subset_id, en_catalog_run *run, bool *made, en_error *err)
{
    en_catalog *c = project->catalog;
    int64_t id;
    *run = (en_catalog_run){0};
    en_status st = en_catalog_run_name_check(name, err);
    if (st != EN_OK) {
        return st;
    }
    const bool is_new = en_catalog_run_name_free(c, name, NULL) == EN_OK;
    if (made != NULL) {
        *made = is_new;
    }
    if (is_new) {
        const en_catalog_run_spec spec = {.name = name,
                                          .origin = EN_RUN_IMPORTED,
                                          .parent_id = -1,
                                          .model_id = -1,
                                          .subset_id = subset_id,
                                          .val_subset_id = -1,
                                          .recipe_id = -1,
                                          .target = target != NULL ? target : EN_TRAIN_TARGET,
                                          .classes = classes != NULL ? classes : EN_NO_CLASSES,
                                          .command_line = project->command_line,
                                          .threads = -1};
        st = en_catalog_run_create(c, &spec, &id, err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_get(c, name, run, err);
    }
    if (st == EN_OK && run->origin != EN_RUN_IMPORTED) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "run '%s' %s", run->name,
                                        run->origin == EN_RUN_ENSEMBLE ? "is an ensemble" : "was trained here"),
                           "runs of other programs have names of their own");
    }
    return st;
}

static en_status write_item(en_project *project, int64_t run_id, const en_log_line *line, const en_log_item *item,
                            en_run_log_result *r, en_error *err)
{
    en_catalog *c = project->catalog;
    bool repeated;
    const en_catalog_metric metric = {.attempt = 1,
                                      .step = line->step,
                                      .epoch = line->epoch,
                                      .part = item->part,
                                      .name = item->name,
                                      .value = item->value};
    en_status st = EN_OK;
    switch (item->kind) {
    case EN_LOG_PARAM: r->params++; return en_catalog_run_param(c, run_id, item->name, item->text, err);
    case EN_LOG_TAG: r->tags++; return en_catalog_run_tag(c, run_id, item->text, err);
    case EN_LOG_NOTE: return en_catalog_run_note(c, run_id, item->text, err);
    case EN_LOG_METRIC:
        st = en_catalog_metric_log(c, run_id, &metric, &repeated, err);
        r->metrics += st == EN_OK && !repeated;
        r->repeated += st == EN_OK && repeated;
        return st;
    case EN_LOG_STATE: break; /* after all others */
    }
    return EN_OK;
}

en_status en_run_log_write(en_project *project, int64_t run_id, const en_log_line *line, en_run_log_result *result,
                           en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < line->count; i++) {
        st = write_item(project, run_id, line, &line->item[i], result, err);
    }
    for (size_t i = 0; st == EN_OK && i < line->count; i++) {
        if (line->item[i].kind == EN_LOG_STATE) {
            st = en_catalog_run_imported_end(project->catalog, run_id, line->item[i].state, err);
            result->state = line->item[i].state;
        }
    }
    return st;
}

typedef struct log_input {
    en_project *project;
    const en_run_log_options *options;
    en_run_log_result *result;
    int64_t run_id;
    en_buf text; /* read, and not yet written */
} log_input;

/* One line in a transaction of the caller's. What it counted is undone when it fails. */
static en_status write_line(log_input *in, const char *text, size_t size, en_error *err)
{
    en_log_line line;
    const en_run_log_result before = *in->result;
    in->result->lines++;
    en_status st = en_log_line_parse(text, size, &line, err);
    if (st == EN_OK) {
        st = en_run_log_write(in->project, in->run_id, &line, in->result, err);
    }
    if (st == EN_INPUT && in->options->words == 0) {
        en_error_prefix(err, "standard input, line %lld", (long long)in->result->lines);
    }
    if (st != EN_OK) {
        *in->result = before;
    }
    en_log_line_clear(&line);
    return st;
}

/* The whole lines of the buffer, or all of it at the end, in one transaction; *used of it, up to a line that failed. */
static en_status write_lines(log_input *in, bool at_end, size_t *used, en_error *err)
{
    const char *text = in->text.data;
    *used = 0;
    en_status st = en_catalog_begin(in->project->catalog, err);
    if (st != EN_OK) {
        return st;
    }
    while (st == EN_OK && *used < in->text.size) {
        const char *end = memchr(text + *used, '\n', in->text.size - *used);
        if (end == NULL && !at_end) {
            break;
        }
        const size_t size = (end != NULL ? (size_t)(end - text) : in->text.size) - *used;
        st = write_line(in, text + *used, size, err);
        *used += st == EN_OK ? size + (end != NULL) : 0;
    }
    if (st == EN_OK) {
        st = en_catalog_commit(in->project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(in->project->catalog);
    }
    return st;
}

/* The lines before one that failed, whose transaction was rolled back with it. */
static en_status write_before(log_input *in, size_t size, const en_run_log_result *before, en_error *err)
{
    const size_t all = in->text.size;
    size_t used;
    *in->result = *before;
    in->text.size = size;
    en_status st = size > 0 ? write_lines(in, true, &used, err) : EN_OK;
    in->text.size = all;
    return st;
}

static en_status flush(log_input *in, bool at_end, en_error *err)
{
    const en_run_log_result before = *in->result;
    size_t used;
    en_error later;
    en_status st = write_lines(in, at_end, &used, err);
    if (st != EN_OK) {
        if (st == EN_INPUT) {
            (void)!write_before(in, used, &before, &later); /* the first fault is the one to name */
        }
        return st;
    }
    memmove(in->text.data, in->text.data + used, in->text.size - used);
    in->text.size -= used;
    return EN_OK;
}

static en_status read_lines(log_input *in, en_error *err)
{
    char *chunk = en_alloc(CHUNK);
    en_status st = chunk != NULL ? EN_OK : en_error_nomem(err, "logged lines");
    while (st == EN_OK) {
        const ssize_t n = read(in->options->input, chunk, CHUNK);
        if (n < 0 && errno == EINTR) {
            st = en_stop_check(&in->project->events, err);
            continue;
        }
        if (n < 0) {
            st = en_error_errno(err, "cannot read standard input");
        } else if (n == 0) {
            st = in->text.size > 0 ? flush(in, true, err) : EN_OK;
            break;
        } else {
            st = en_buf_add(&in->text, chunk, (size_t)n, err);
            if (st == EN_OK && memchr(chunk, '\n', (size_t)n) != NULL) {
                st = flush(in, false, err);
            }
            if (st == EN_OK && in->text.size > LINE_MAX_BYTES) {
                st = en_error_set(err, EN_INPUT, "standard input, line %lld has more than %zu bytes",
                                  (long long)in->result->lines + 1, LINE_MAX_BYTES);
            }
        }
        if (st == EN_OK) {
            st = en_stop_check(&in->project->events, err);
        }
    }
    en_free(chunk);
    return st;
}

static en_status join_words(log_input *in, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < in->options->words; i++) {
        const char *word = in->options->word[i], *equals = strchr(word, '=');
        const bool quote = *word != '{' && equals != NULL && strchr(equals, ' ') != NULL;
        st = quote ? en_buf_printf(&in->text, err, "%.*s=\"%s\" ", (int)(equals - word), word, equals + 1)
                   : en_buf_printf(&in->text, err, "%s ", word);
    }
    return st;
}

/* The run is there before its first line, so that a program that is waited for shows up. */
static en_status open_run(log_input *in, en_error *err)
{
    en_catalog_run run = {0};
    en_status st = en_catalog_begin(in->project->catalog, err);
    if (st == EN_OK) {
        st = en_run_log_find(in->project, in->options->run, in->options->target, NULL, -1, &run, NULL, err);
    }
    if (st == EN_OK) {
        in->run_id = run.id;
        st = run.state == EN_RUN_CREATED ? EN_OK
                                         : en_error_set(err, EN_INPUT, "run '%s' has ended (%s) and takes no more",
                                                        run.name, en_word(&en_run_states, run.state));
    }
    if (st == EN_OK) {
        in->result->state = run.state;
        snprintf(in->result->run, sizeof in->result->run, "%s", run.name);
        snprintf(in->result->uuid, sizeof in->result->uuid, "%s", run.uuid);
        st = en_catalog_commit(in->project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(in->project->catalog);
    }
    en_catalog_run_clear(&run);
    return st;
}

en_status en_run_log(en_project *project, const en_run_log_options *options, en_run_log_result *result, en_error *err)
{
    *result = (en_run_log_result){0};
    log_input in = {.project = project, .options = options, .result = result};
    en_buf_init(&in.text, 2 * LINE_MAX_BYTES + CHUNK);
    en_status st = open_run(&in, err);
    if (st == EN_OK && options->words > 0) {
        st = join_words(&in, err);
        if (st == EN_OK) {
            st = flush(&in, true, err);
        }
    } else if (st == EN_OK) {
        st = read_lines(&in, err);
    }
    en_buf_clear(&in.text);
    return st;
}
