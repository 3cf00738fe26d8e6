/* Settings, metrics and tags of a store, as the catalog has them. */
#include "training/track/writer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/untrusted.h"
#include "base/utf8.h"
#include "catalog/metric.h"
#include "catalog/run_edit.h"
#include "catalog/run_imported.h"
#include "training/calibrate.h"
#include "training/classes.h"
#include "training/log_line.h"

void en_track_writer_begin(en_track_writer *w, en_project *project, const char *prefix, bool steps_are_epochs,
                           en_track_counts *counts)
{
    *w =
        (en_track_writer){.project = project, .prefix = prefix, .steps_are_epochs = steps_are_epochs, .counts = counts};
    en_buf_init(&w->note, EN_TRACK_NOTE_MAX);
    en_buf_init(&w->rest, EN_TRACK_NOTE_MAX);
}

void en_track_writer_clear(en_track_writer *w)
{
    for (size_t i = 0; i < w->keys; i++) {
        en_free(w->key[i].key);
        en_free(w->key[i].name);
    }
    en_free(w->key);
    en_buf_clear(&w->note);
    en_buf_clear(&w->rest);
    *w = (en_track_writer){0};
}

char *en_track_clean(const char *text, size_t most, bool lines)
{
    const size_t size = strlen(text);
    char *out = en_alloc((size < most ? size : most) + 1);
    size_t to = 0, taken = 0;
    for (size_t at = 0; out != NULL && at < size; at += taken) {
        const uint32_t c = en_utf8_next(text + at, size - at, &taken);
        const bool control = c < ' ' || (c >= 0x7f && c < 0xa0);
        const bool bad = (c == EN_UTF8_BAD && taken == 1) || (control && !(lines && (c == '\n' || c == '\t')));
        if (to + (bad ? 1 : taken) > most) {
            break;
        }
        if (bad) {
            out[to++] = '?';
        } else {
            memcpy(out + to, text + at, taken);
            to += taken;
        }
    }
    if (out != NULL) {
        out[to] = '\0';
    }
    return out;
}

void en_track_left_out(en_track_writer *w, const char *what, const char *name, const char *why)
{
    if (w->counts->left_out++ == 0) {
        char *clean = en_track_clean(name, 100, false);
        (void)snprintf(w->counts->first, sizeof w->counts->first, "%s '%s': %s", what, clean != NULL ? clean : "", why);
        en_free(clean);
    }
}

/* Why a name cannot be kept, or NULL. */
static const char *name_fault(const char *name)
{
    size_t taken = 0;
    const size_t size = strlen(name);
    if (size == 0 || size > EN_TRACK_NAME_MAX) {
        return "its name does not have 1 to 250 bytes";
    }
    for (size_t at = 0; at < size; at += taken) {
        const uint32_t c = en_utf8_next(name + at, size - at, &taken);
        if (c < ' ' || (c >= 0x7f && c < 0xa0) || (c == EN_UTF8_BAD && taken == 1)) {
            return "its name has control characters or is not UTF-8";
        }
    }
    return NULL;
}

en_status en_track_param(en_track_writer *w, const char *name, const char *value, en_error *err)
{
    const char *fault = name_fault(name);
    if (fault == NULL && strlen(value) > EN_TRACK_VALUE_MAX) {
        fault = "its value has more than 8000 bytes";
    }
    if (fault != NULL) {
        en_track_left_out(w, "setting", name, fault);
        return EN_OK;
    }
    /* What these say here is not what another program means by them. */
    const bool ours = strcmp(name, EN_CALIBRATION_SETTING) == 0 || strcmp(name, EN_CLASSES_SCALE) == 0;
    char *as = ours ? en_format("%s.%s", w->prefix, name) : en_strdup(name);
    char *clean = en_track_clean(value, EN_TRACK_VALUE_MAX, true);
    en_status st = as != NULL && clean != NULL ? en_catalog_run_param(w->project->catalog, w->run_id, as, clean, err)
                                               : en_error_nomem(err, "a setting");
    w->counts->params += st == EN_OK;
    en_free(as);
    en_free(clean);
    return st;
}

/* Where a key is among the sorted ones, or belongs. */
static size_t place_of(const en_track_writer *w, const char *key, bool *found)
{
    size_t low = 0, high = w->keys;
    *found = false;
    while (low < high && !*found) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(w->key[middle].key, key);
        *found = order == 0;
        low = order < 0 ? middle + 1 : low;
        high = order >= 0 ? middle : high;
    }
    return *found ? high : low;
}

/* Part and name that a key stands for: those that it says, or, where another key says the same, its own text. */
static en_status add_key(en_track_writer *w, const char *key, size_t at, en_error *err)
{
    if (w->keys == EN_TRACK_KEYS_MAX) {
        return en_error_set(err, EN_INPUT, "it has more than %d metrics", EN_TRACK_KEYS_MAX);
    }
    en_track_key *rows = en_array_grow(w->key, w->keys, sizeof *rows, err);
    if (rows == NULL) {
        return EN_NOMEM;
    }
    w->key = rows;
    en_track_key added = {.key = en_strdup(key), .name = en_strdup(key)};
    if (added.key == NULL || added.name == NULL) {
        en_free(added.key);
        en_free(added.name);
        return en_error_nomem(err, "a metric");
    }
    added.part = en_log_take_part(added.name);
    for (size_t i = 0; i < w->keys && added.part != EN_PART_NONE; i++) {
        if (rows[i].part == added.part && strcmp(rows[i].name, added.name) == 0) {
            added.part = EN_PART_NONE;
            memcpy(added.name, added.key, strlen(added.key) + 1); /* it had been that long */
        }
    }
    memmove(rows + at + 1, rows + at, (w->keys++ - at) * sizeof *rows);
    rows[at] = added;
    return EN_OK;
}

en_status en_track_metric(en_track_writer *w, const char *key, int64_t step, int64_t epoch, double value, en_error *err)
{
    const char *fault = name_fault(key);
    if (fault == NULL && en_rule_number_fault(EN_RULE_COUNT, step) != NULL) {
        fault = "a step is not a whole number from 0 to 17592186044416";
    }
    if (fault != NULL) {
        en_track_left_out(w, "metric", key, fault);
        return EN_OK;
    }
    epoch = epoch >= 0 ? epoch : w->steps_are_epochs ? step : 0;
    if (epoch > EN_EPOCHS_MAX) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "step %lld of metric '%s' is not an epoch, of which there are "
                                          "at most %d",
                                          (long long)step, key, EN_EPOCHS_MAX),
                             "say --steps steps where steps are those of the optimiser");
    }
    bool found;
    const size_t at = place_of(w, key, &found);
    en_status st = found ? EN_OK : add_key(w, key, at, err);
    if (st == EN_OK) {
        const en_catalog_metric metric = {.attempt = 1,
                                          .step = step,
                                          .epoch = epoch,
                                          .part = w->key[at].part,
                                          .name = w->key[at].name,
                                          .value = isfinite(value) && fabs(value) < 1.797e308 ? value : (double)NAN};
        st = en_catalog_metrics_add(w->project->catalog, w->run_id, &metric, 1, err);
    }
    w->counts->metrics += st == EN_OK;
    return st;
}

/* A text goes to the note as far as there is space. */
static en_status add_line(en_track_writer *w, en_buf *to, const char *key, const char *value, en_error *err)
{
    char *name = en_track_clean(key, EN_TRACK_NAME_MAX, false), *text = en_track_clean(value, EN_TRACK_NOTE_MAX, true);
    en_status st = name != NULL && text != NULL ? EN_OK : en_error_nomem(err, "a note");
    if (st == EN_OK && to->size + strlen(name) + strlen(text) + 4 > to->cap) {
        en_track_left_out(w, "tag", key, "its value is too long for a note");
    } else if (st == EN_OK) {
        st = *name != '\0' ? en_buf_printf(to, err, "%s: %s\n", name, text) : en_buf_printf(to, err, "%s\n", text);
    }
    en_free(name);
    en_free(text);
    return st;
}

en_status en_track_tag(en_track_writer *w, const char *key, const char *value, en_error *err)
{
    en_catalog *c = w->project->catalog;
    if (strcmp(key, "eyenet.uuid") == 0) {
        bool here;
        const en_status st = en_catalog_run_has_uuid(c, value, &here, err);
        if (st != EN_OK || here) {
            return st == EN_OK ? EN_DONE : st;
        }
    }
    if (strcmp(key, "mlflow.note.content") == 0) {
        return add_line(w, &w->note, "", value, err);
    }
    if (en_starts_with(key, "mlflow.")) {
        return EN_OK;
    }
    char *tag = en_format("%.400s%s%.400s", key, *value != '\0' ? "=" : "", value);
    if (tag == NULL) {
        return en_error_nomem(err, "a tag");
    }
    const bool fits = en_rule_fault(EN_RULE_NAME, tag) == NULL && strchr(tag, ',') == NULL;
    const en_status st = fits ? en_catalog_run_tag(c, w->run_id, tag, err) : add_line(w, &w->rest, key, value, err);
    w->counts->tags += fits && st == EN_OK;
    en_free(tag);
    return st;
}

en_status en_track_note(en_track_writer *w, const char *origin, en_error *err)
{
    en_buf text;
    en_buf_init(&text, (size_t)4 * EN_TRACK_NOTE_MAX);
    en_status st = en_buf_printf(&text, err, "%s%s%s%s%s", en_buf_str(&w->note), w->note.size > 0 ? "\n" : "", origin,
                                 w->rest.size > 0 ? "\n" : "", en_buf_str(&w->rest));
    while (st == EN_OK && text.size > 0 && text.data[text.size - 1] == '\n') {
        text.data[--text.size] = '\0';
    }
    if (st == EN_OK) {
        st = en_catalog_run_note(w->project->catalog, w->run_id, en_buf_str(&text), err);
    }
    en_buf_clear(&text);
    return st;
}
