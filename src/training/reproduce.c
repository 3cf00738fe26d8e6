/* reproduce: the training of a run's settings once more, and what differs. */
#include "training/reproduce.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "catalog/run.h"
#include "catalog/run_imported.h"
#include "db/row.h"
#include "db/statements.h"
#include "training/calibrate.h"
#include "training/train/train.h"

typedef struct comparison {
    int64_t metrics, different, first_epoch;
} comparison;

static const en_row_column columns[] = {
    {"metrics", EN_COL(comparison, metrics)},
    {"different", EN_COL(comparison, different)},
    {"first_epoch", EN_COL(comparison, first_epoch)},
};
static const en_row_type comparison_type = EN_ROW_TYPE(comparison, columns);

static en_status compare_metrics(en_catalog *c, int64_t run, int64_t other, en_reproduce_result *r, en_error *err)
{
    en_stmt *s;
    comparison found;
    en_status st = en_db_prepare(en_catalog_db(c), EN_SQL_RUN_SAME_METRICS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "run_id", run);
    en_stmt_bind_int(s, "other_id", other);
    st = en_row_one(s, &comparison_type, &found, err);
    if (st == EN_OK) {
        r->metrics = found.metrics;
        r->different = found.different;
        r->first_epoch = found.first_epoch;
    }
    return st;
}

static en_status hash_of(en_catalog *c, int64_t run, char hex[EN_SHA256_HEX], en_error *err)
{
    en_catalog_checkpoint kept;
    en_status st = en_catalog_checkpoint_find(c, run, EN_CHECKPOINT_BEST, &kept, err);
    if (st == EN_OK) {
        memcpy(hex, kept.sha256, sizeof kept.sha256);
    }
    en_catalog_checkpoint_clear(&kept);
    return st == EN_DONE ? EN_OK : st;
}

static void add_difference(en_reproduce_result *r, const char *name, const char *was, const char *is)
{
    was = was != NULL ? was : "not recorded";
    is = is != NULL ? is : "none";
    const size_t used = strlen(r->differences);
    if (strcmp(was, is) != 0) {
        snprintf(r->differences + used, sizeof r->differences - used, "%s%.40s %.120s, now %.120s",
                 used > 0 ? "; " : "", name, was, is);
    }
}

/* What the two were made with: columns of the run, and settings; the memory follows from them, the calibration is a
 * result, and attempts are of one alone. */
static en_status compare_settings(en_catalog *c, const en_catalog_run *run, const en_catalog_run *again,
                                  en_reproduce_result *r, en_error *err)
{
    const char *const column[][3] = {{"isa", run->isa, again->isa},
                                     {"program", run->version, again->version},
                                     {"commit", run->commit, again->commit},
                                     {"processor", run->cpu, again->cpu},
                                     {"classes", run->classes, again->classes},
                                     {"validation subset", run->val_subset, again->val_subset}};
    en_catalog_params was = {0}, is = {0};
    for (size_t i = 0; i < sizeof column / sizeof *column; i++) {
        add_difference(r, column[i][0], column[i][1], column[i][2]);
    }
    if (run->threads != again->threads) {
        char a[24], b[24];
        snprintf(a, sizeof a, "%lld", (long long)run->threads);
        snprintf(b, sizeof b, "%lld", (long long)again->threads);
        add_difference(r, "threads (which do not matter)", a, b);
    }
    en_status st = en_catalog_run_params(c, run->id, &was, err);
    if (st == EN_OK) {
        st = en_catalog_run_params(c, again->id, &is, err);
    }
    for (size_t i = 0; st == EN_OK && i < is.count; i++) {
        const char *name = is.row[i].name;
        if (strcmp(name, EN_CALIBRATION_SETTING) != 0 && strcmp(name, "memory_bytes") != 0) {
            add_difference(r, strcmp(name, "data_sha256") == 0 ? "data (labels or samples)" : name,
                           en_catalog_params_get(&was, name), is.row[i].value);
        }
    }
    en_catalog_params_clear(&was);
    en_catalog_params_clear(&is);
    return st;
}

static en_status compare(en_catalog *c, const en_catalog_run *run, const en_catalog_run *again, en_reproduce_result *r,
                         en_error *err)
{
    en_status st = hash_of(c, run->id, r->weights_sha256, err);
    if (st == EN_OK) {
        st = hash_of(c, again->id, r->again_sha256, err);
    }
    if (st == EN_OK) {
        st = compare_metrics(c, run->id, again->id, r, err);
    }
    if (st == EN_OK) {
        st = compare_settings(c, run, again, r, err);
    }
    r->identical = r->weights_sha256[0] != '\0' && strcmp(r->weights_sha256, r->again_sha256) == 0 && r->different == 0;
    snprintf(r->outcome, sizeof r->outcome, "%s", r->identical ? "identical" : "different");
    return st;
}

en_status en_reproduce(en_project *project, const en_reproduce_options *options, en_reproduce_result *result,
                       en_error *err)
{
    *result = (en_reproduce_result){.first_epoch = -1};
    const double began = en_clock_seconds();
    en_catalog *c = project->catalog;
    en_catalog_run run = {0}, again = {0};
    en_train_result trained;
    en_status st = en_catalog_run_get(c, options->run, &run, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_run_need_trained(&run, "reproduce", err);
    if (st != EN_OK) {
        goto done;
    }
    if (run.state != EN_RUN_FINISHED) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "run '%s' is %s: only a finished run can be reproduced",
                                        run.name, en_word(&en_run_states, run.state)),
                           "resume it with 'eyenet train --resume %s'", run.name);
        goto done;
    }
    const en_train_options how = {.repeat = run.uuid, .name = options->name};
    st = en_train(project, &how, &trained, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_catalog_run_get(c, trained.uuid, &again, err);
    if (st != EN_OK) {
        goto done;
    }
    snprintf(result->run, sizeof result->run, "%s", run.name);
    snprintf(result->again, sizeof result->again, "%s", again.name);
    st = compare(c, &run, &again, result, err);
    result->seconds = en_clock_seconds() - began;
done:
    en_catalog_run_clear(&run);
    en_catalog_run_clear(&again);
    return st;
}
