/* The manifest of a bundle, both ways. */
#include "bundle/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { TAGS_MAX = 1000, NOTE_MAX = 1 << 16 };

void en_bundle_about_clear(en_bundle_about *about)
{
    for (size_t i = 0; i < about->tags; i++) {
        en_free(about->tag[i]);
    }
    en_free(about->tag);
    en_free(about->name);
    en_free(about->uuid);
    en_free(about->parent);
    en_free(about->note);
    *about = (en_bundle_about){0};
}

void en_bundle_manifest_clear(en_bundle_manifest *m)
{
    for (size_t i = 0; i < m->runs; i++) {
        en_bundle_about_clear(&m->run[i]);
    }
    en_free(m->run);
    en_free(m->member);
    en_free(m->made_at);
    en_free(m->program);
    en_free(m->project);
    *m = (en_bundle_manifest){0};
}

/* Writing --------------------------------------------------------------------------------------------------------- */

static json_t *subset_json(int64_t index) { return index >= 0 ? json_integer(index) : json_null(); }

static json_t *about_json(const en_bundle_about *a)
{
    json_t *tags = json_array();
    for (size_t i = 0; i < a->tags; i++) {
        json_array_append_new(tags, json_string(a->tag[i]));
    }
    return json_pack("{s:s, s:s, s:s?, s:s?, s:o, s:o, s:o}", "name", a->name, "uuid", a->uuid, "parent", a->parent,
                     "note", a->note, "tags", tags, "subset", subset_json(a->subset), "val_subset",
                     subset_json(a->val_subset));
}

static json_t *member_json(const en_bundle_member *m)
{
    char path[EN_BUNDLE_PATH];
    en_bundle_path(m, path);
    return json_pack("{s:s, s:I, s:s}", "path", path, "bytes", (json_int_t)m->bytes, "sha256", m->sha256);
}

en_status en_bundle_manifest_write(const en_bundle_manifest *m, en_buf *out, en_error *err)
{
    json_t *runs = json_array(), *members = json_array();
    bool whole = true;
    for (size_t i = 0; i < m->runs; i++) {
        whole = whole && json_array_append_new(runs, about_json(&m->run[i])) == 0;
    }
    for (size_t i = 0; i < m->members; i++) {
        whole = whole && json_array_append_new(members, member_json(&m->member[i])) == 0;
    }
    json_t *all = json_pack("{s:s, s:i, s:s, s:s, s:s, s:o, s:o}", "format", EN_BUNDLE_FORMAT, "version",
                            EN_BUNDLE_VERSION, "made_at", m->made_at, "program", m->program, "project", m->project,
                            "runs", runs, "members", members);
    char *text = all != NULL && whole ? json_dumps(all, JSON_INDENT(1)) : NULL;
    en_status st = text != NULL ? en_buf_text(out, text, err) : en_error_nomem(err, "a manifest");
    st = st == EN_OK ? en_buf_text(out, "\n", err) : st;
    json_decref(all);
    free(text);
    return st;
}

/* Reading --------------------------------------------------------------------------------------------------------- */

#define WRONG(...) en_error_set(err, EN_INPUT, "the manifest: " __VA_ARGS__)

/* A copy of a text that keeps a rule; without `needed` null, too, is one. */
static en_status take_text(const json_t *of, const char *key, en_rule rule, bool needed, size_t most, char **out,
                           en_error *err)
{
    const json_t *value = json_object_get(of, key);
    if (!needed && json_is_null(value)) {
        return EN_OK;
    }
    const char *text = json_string_value(value);
    if (text == NULL || json_string_length(value) > most) {
        return WRONG("'%s' is not a text of at most %zu bytes", key, most);
    }
    const char *fault = en_rule_fault(rule, text);
    if (fault != NULL) {
        return WRONG("%s '%.100s' %s", key, text, fault);
    }
    *out = en_strdup(text);
    return *out != NULL ? EN_OK : en_error_nomem(err, "a manifest");
}

static en_status take_subset(const json_t *of, const char *key, int64_t *index, en_error *err)
{
    const json_t *value = json_object_get(of, key);
    *index = json_is_integer(value) ? (int64_t)json_integer_value(value) : -1;
    return json_is_null(value) || (json_is_integer(value) && *index >= 0 && *index < EN_BUNDLE_SUBSETS_MAX)
               ? EN_OK
               : WRONG("'%s' is not a subset", key);
}

static en_status take_tags(const json_t *of, en_bundle_about *a, en_error *err)
{
    const json_t *tags = json_object_get(of, "tags");
    const size_t count = json_array_size(tags);
    if (!json_is_array(tags) || count > TAGS_MAX) {
        return WRONG("'tags' are not a list of at most %d", TAGS_MAX);
    }
    a->tag = en_calloc(count + 1, sizeof *a->tag);
    if (a->tag == NULL) {
        return en_error_nomem(err, "a manifest");
    }
    for (size_t i = 0; i < count; i++) {
        const char *tag = json_string_value(json_array_get(tags, i));
        const char *fault = en_rule_fault(EN_RULE_NAME, tag);
        if (fault != NULL) {
            return WRONG("a tag %s", fault);
        }
        if ((a->tag[a->tags] = en_strdup(tag)) == NULL) {
            return en_error_nomem(err, "a manifest");
        }
        a->tags++;
    }
    return EN_OK;
}

/* A uuid as eyenet writes it: it is compared with that of the catalog. */
static bool is_uuid(const char *text)
{
    for (size_t i = 0; i < EN_UUID_TEXT - 1; i++) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : text[i] == '\0' || strchr("0123456789abcdef", text[i]) == NULL) {
            return false;
        }
    }
    return text[EN_UUID_TEXT - 1] == '\0';
}

static en_status take_run(const json_t *of, en_bundle_about *a, en_error *err)
{
    if (!json_is_object(of) || json_object_size(of) != 7) {
        return WRONG("a run is not an object of 7 values");
    }
    en_status st = take_text(of, "name", EN_RULE_FILE_NAME, true, EN_NAME_MAX, &a->name, err);
    if (st == EN_OK) {
        st = take_text(of, "uuid", EN_RULE_NAME, true, EN_UUID_TEXT - 1, &a->uuid, err);
    }
    if (st == EN_OK) {
        st = take_text(of, "parent", EN_RULE_NAME, false, EN_UUID_TEXT - 1, &a->parent, err);
    }
    if (st == EN_OK && (!is_uuid(a->uuid) || (a->parent != NULL && !is_uuid(a->parent)))) {
        st = WRONG("'%.40s' or the uuid of its parent is not a uuid", a->uuid);
    }
    if (st == EN_OK) {
        st = take_text(of, "note", EN_RULE_TEXT, false, NOTE_MAX, &a->note, err);
    }
    if (st == EN_OK) {
        st = take_tags(of, a, err);
    }
    if (st == EN_OK) {
        st = take_subset(of, "subset", &a->subset, err);
    }
    return st == EN_OK ? take_subset(of, "val_subset", &a->val_subset, err) : st;
}

static en_status take_runs(const json_t *runs, en_bundle_manifest *m, en_error *err)
{
    const size_t count = json_array_size(runs);
    if (count == 0 || count > EN_BUNDLE_RUNS_MAX) {
        return WRONG("'runs' are not a list of 1 to %d", EN_BUNDLE_RUNS_MAX);
    }
    m->run = en_calloc(count, sizeof *m->run);
    if (m->run == NULL) {
        return en_error_nomem(err, "a manifest");
    }
    for (; m->runs < count; m->runs++) {
        en_bundle_about *a = &m->run[m->runs];
        en_status st = take_run(json_array_get(runs, m->runs), a, err);
        for (size_t i = 0; st == EN_OK && i < m->runs; i++) {
            if (strcmp(m->run[i].uuid, a->uuid) == 0 || strcmp(m->run[i].name, a->name) == 0) {
                st = WRONG("run '%s' is in it twice", a->name);
            }
        }
        if (st != EN_OK) {
            en_bundle_about_clear(a);
            return st;
        }
    }
    return EN_OK;
}

static en_status take_member(const json_t *of, en_bundle_member *member, en_error *err)
{
    const char *path = json_string_value(json_object_get(of, "path"));
    const char *sha256 = json_string_value(json_object_get(of, "sha256"));
    const json_t *bytes = json_object_get(of, "bytes");
    if (json_object_size(of) != 3 || path == NULL || !en_bundle_path_parse(path, member)) {
        return WRONG("'%.100s' is not a member of a bundle", path != NULL ? path : "");
    }
    const char *fault = en_rule_fault(EN_RULE_HASH, sha256);
    if (fault != NULL) {
        return WRONG("the hash of '%s' %s", path, fault);
    }
    member->bytes = json_is_integer(bytes) ? (int64_t)json_integer_value(bytes) : -1;
    fault = en_rule_number_fault(EN_RULE_COUNT, member->bytes);
    if (fault != NULL) {
        return WRONG("the length of '%s' %s", path, fault);
    }
    memcpy(member->sha256, sha256, EN_SHA256_HEX);
    return EN_OK;
}

/* Every run has all its members; weights have a network. */
static en_status check_whole(const en_bundle_manifest *m, en_error *err)
{
    enum {
        NEEDED = 1 << EN_BUNDLE_RUN | 1 << EN_BUNDLE_PARAMS | 1 << EN_BUNDLE_METRICS | 1 << EN_BUNDLE_STEPS |
                 1 << EN_BUNDLE_EVALUATIONS,
        BOTH = 1 << EN_BUNDLE_NETWORK | 1 << EN_BUNDLE_WEIGHTS
    };
    size_t at = 2;
    for (size_t run = 0; run < m->runs; run++) {
        unsigned has = 0;
        for (; at < m->members && m->member[at].kind < EN_BUNDLE_PICTURE && m->member[at].run == run; at++) {
            has |= 1U << m->member[at].kind;
        }
        if ((has & NEEDED) != NEEDED || ((has & BOTH) != 0 && (has & BOTH) != BOTH)) {
            return WRONG("members of run '%s' are missing", m->run[run].name);
        }
    }
    while (at < m->members && m->member[at].kind == EN_BUNDLE_PICTURE) {
        at++;
    }
    return at == m->members ? EN_OK : WRONG("there are members of more than %zu runs", m->runs);
}

static en_status take_members(const json_t *members, en_bundle_manifest *m, en_error *err)
{
    const size_t count = json_array_size(members);
    m->member = en_calloc(count + 1, sizeof *m->member);
    if (m->member == NULL) {
        return en_error_nomem(err, "a manifest");
    }
    for (; m->members < count; m->members++) {
        en_bundle_member *member = &m->member[m->members];
        en_status st = take_member(json_array_get(members, m->members), member, err);
        if (st != EN_OK) {
            return st;
        }
        if (m->members == 0 ? member->kind != EN_BUNDLE_PHOTOGRAPHS
                            : !en_bundle_is_after(&m->member[m->members - 1], member)) {
            char path[EN_BUNDLE_PATH];
            en_bundle_path(member, path);
            return WRONG("'%s' is not where it belongs, or is there twice", path);
        }
    }
    return m->members > 2 ? check_whole(m, err) : WRONG("members are missing");
}

static en_status take_all(const json_t *all, en_bundle_manifest *m, en_error *err)
{
    const char *format = json_string_value(json_object_get(all, "format"));
    const json_t *version = json_object_get(all, "version");
    if (format == NULL || strcmp(format, EN_BUNDLE_FORMAT) != 0 || !json_is_integer(version)) {
        return en_error_set(err, EN_INPUT, "not an eyenet bundle");
    }
    if (json_integer_value(version) != EN_BUNDLE_VERSION) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "version %lld of the form of bundles is not known here",
                                          (long long)json_integer_value(version)),
                             "import it with the version of eyenet that made it, or a newer one");
    }
    en_status st = take_text(all, "made_at", EN_RULE_NAME, true, EN_NAME_MAX, &m->made_at, err);
    if (st == EN_OK) {
        st = take_text(all, "program", EN_RULE_NAME, true, EN_NAME_MAX, &m->program, err);
    }
    if (st == EN_OK) {
        st = take_text(all, "project", EN_RULE_NAME, true, EN_NAME_MAX, &m->project, err);
    }
    if (st == EN_OK) {
        st = take_runs(json_object_get(all, "runs"), m, err);
    }
    return st == EN_OK ? take_members(json_object_get(all, "members"), m, err) : st;
}

en_status en_bundle_manifest_read(en_bundle_manifest *m, const void *text, size_t bytes, en_error *err)
{
    json_error_t why;
    *m = (en_bundle_manifest){0};
    json_t *all = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &why);
    en_status st = all != NULL ? take_all(all, m, err) : WRONG("line %d: %.80s", why.line, why.text);
    if (st == EN_OK) {
        st = en_sha256_bytes(text, bytes, m->sha256, err);
    }
    json_decref(all);
    if (st != EN_OK) {
        en_bundle_manifest_clear(m);
    }
    return st;
}
