/* The kind of source of Kaggle: the data of a competition or a dataset, or one file of it. What is one file, one
 * archive in volumes, or to be had as one zip is downloaded and read like files; a competition of several archives is a
 * source per archive. */
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "intake/fetch/download.h"
#include "intake/fetch/kaggle_api.h"
#include "intake/fetch/kind.h"
#include "intake/fetch/remote.h"

typedef struct opened {
    en_kaggle kaggle;
    en_kaggle_name name;
    en_kaggle_files files;
    char *uri;
    size_t *wanted; /* indices of the file, of its volumes, or of loose photographs, in the order of their numbers */
    size_t count;   /* 0: all files, as one zip */
    size_t at;      /* the one that `place` was asked for */
    char *shown;
    int64_t bytes; /* of that one; 0: unknown, or another: it comes as a zip */
    en_http_place *place;
    en_fetch_download download;
    bool downloads; /* `download` has begun */
    bool loose;
} opened;

/* "kaggle:NAME/FILE" in the form that says what it is; file may be NULL. */
static char *source_of(const en_kaggle_name *name, const char *file)
{
    const char *slash = file != NULL ? "/" : "", *rest = file != NULL ? file : "";
    return name->owner != NULL ? en_format("kaggle:datasets/%s/%s%s%s", name->owner, name->name, slash, rest)
                               : en_format("kaggle:competitions/%s%s%s", name->name, slash, rest);
}

/* The file of number `at`, or NULL when everything comes as one zip. */
static const char *file_at(const opened *o) { return o->count > 0 ? o->files.item[o->wanted[o->at]].name : NULL; }

static en_status sign(void *ctx, char **url, en_error *err)
{
    opened *o = ctx;
    const char *file = file_at(o);
    en_status st = en_kaggle_link(&o->kaggle, &o->name, file, url, err);
    if (st != EN_OK || file == NULL) {
        return st;
    }
    /* Large texts, and sometimes other files, come as NAME.zip, whose length no listing says. */
    char *given = en_http_file_name(*url);
    const char *base = en_path_base(file);
    bool zipped = given != NULL && strlen(given) == strlen(base) + 4 && en_starts_with(given, base) &&
                  strcasecmp(given + strlen(base), ".zip") == 0;
    o->place->bytes = zipped ? 0 : o->bytes;
    en_free(given);
    return EN_OK;
}

static en_status place_at(opened *o, size_t at, en_http_place *out, en_error *err)
{
    o->at = at;
    const char *file = file_at(o);
    o->bytes = file != NULL ? o->files.item[o->wanted[at]].bytes : 0;
    en_free(o->shown);
    o->shown = source_of(&o->name, file);
    o->place = out;
    *out = (en_http_place){.shown = o->shown, .sign = sign, .ctx = o, .bytes = o->bytes};
    return o->shown != NULL ? EN_OK : en_error_nomem(err, "a name");
}

static en_status volume_place(void *ctx, unsigned number, en_http_place *out, en_error *err)
{
    opened *o = ctx;
    size_t count = o->count > 0 ? o->count : 1;
    return number <= count ? place_at(o, number - 1, out, err) : EN_DONE;
}

static en_status loose_place(void *ctx, size_t index, en_http_place *out, en_error *err)
{
    return place_at(ctx, index, out, err);
}

/* Choosing files --------------------------------------------------------------------------------------------------- */

static bool is_archive(const char *name)
{
    static const char *const ends[] = {".zip", ".tar", ".tar.gz", ".tgz", ".7z", ".tar.xz", ".tar.bz2", ".tar.zst"};
    size_t length = strlen(name) - (en_volume_number(name) > 0 ? 4 : 0);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t tail = strlen(ends[i]);
        if (length > tail && strncasecmp(name + length - tail, ends[i], tail) == 0) {
            return true;
        }
    }
    return false;
}

/* trainLabels.csv.zip: an archive of something that is not a photograph, by its name. */
static bool is_other_zipped(const char *name)
{
    static const char *const ends[] = {".csv.zip", ".json.zip", ".txt.zip", ".tsv.zip", ".pdf.zip", ".md.zip"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t tail = strlen(ends[i]);
        if (length > tail && strcasecmp(name + length - tail, ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The index of a file, or files.count. */
static size_t find(const opened *o, const char *name)
{
    size_t i = 0;
    while (i < o->files.count && strcmp(o->files.item[i].name, name) != 0) {
        i++;
    }
    return i;
}

static en_status unknown_file(const opened *o, en_error *err)
{
    const char **names = en_calloc(o->files.count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < o->files.count; i++) {
        names[i] = o->files.item[i].name;
    }
    const char *near = names != NULL ? en_nearest_word(o->name.file, names) : NULL;
    en_status st = en_error_set(err, EN_INPUT, "'%s' on Kaggle has no file '%s' among its %zu files", o->name.name,
                                o->name.file, o->files.count);
    if (near != NULL) {
        (void)en_error_hint(err, st, "did you mean '%s'?", near);
    }
    en_free(names);
    return st;
}

/* All volumes of the sequence that `whole` is the name of, without a number; all but the last are equally long. */
static en_status want_volumes(opened *o, const char *whole, en_error *err)
{
    unsigned last = 0;
    size_t length = strlen(whole);
    for (size_t i = 0; i < o->files.count; i++) {
        const char *name = o->files.item[i].name;
        unsigned number = en_volume_number(name);
        if (number > last && strlen(name) == length + 4 && strncmp(name, whole, length) == 0) {
            last = number;
        }
    }
    for (unsigned n = 1; n <= last; n++) {
        char *name = en_format("%s.%03u", whole, n);
        size_t i = name != NULL ? find(o, name) : 0;
        en_free(name);
        if (i == o->files.count) {
            return en_error_set(err, EN_INPUT,
                                "'%s.%03u' is missing in Kaggle's listing: there are volumes up to .%03u", whole, n,
                                last);
        }
        o->wanted[o->count++] = i;
        int64_t first = o->files.item[o->wanted[0]].bytes, bytes = o->files.item[i].bytes;
        if (first > 0 && bytes > 0 && (n < last ? bytes != first : bytes > first)) {
            return en_error_set(err, EN_INPUT,
                                "'%s.%03u' has %lld bytes in Kaggle's listing, and the first volume %lld", whole, n,
                                (long long)bytes, (long long)first);
        }
    }
    return EN_OK;
}

/* The file that was named, or the volumes of its sequence. */
static en_status want_file(opened *o, en_error *err)
{
    const char *file = o->name.file;
    char *whole = en_volume_number(file) > 0 ? en_strndup(file, strlen(file) - 4) : en_strdup(file);
    char *first = whole != NULL ? en_format("%s.001", whole) : NULL;
    en_status st = first != NULL ? EN_OK : en_error_nomem(err, "a name");
    size_t i = find(o, file);
    if (st == EN_OK && (en_volume_number(file) > 0 || (i == o->files.count && find(o, first) < o->files.count))) {
        st = want_volumes(o, whole, err);
    } else if (st == EN_OK && i < o->files.count) {
        o->wanted[o->count++] = i;
    }
    if (st == EN_OK && o->count == 0) {
        st = unknown_file(o, err);
    }
    en_free(first);
    en_free(whole);
    return st;
}

/* Archives become sources of their own, and loose photographs beside them are this source's. */
static en_status want_all(en_fetch_job *job, opened *o, en_error *err)
{
    size_t archives = 0;
    en_status st = EN_OK;
    for (size_t i = 0; i < o->files.count; i++) {
        archives += is_archive(o->files.item[i].name);
    }
    for (size_t i = 0; archives > 0 && i < o->files.count && st == EN_OK; i++) {
        const char *name = o->files.item[i].name;
        if (is_archive(name) && !is_other_zipped(name) && en_volume_number(name) <= 1) {
            char *part = source_of(&o->name, name);
            st = part != NULL ? en_fetch_add_part(job, part, err) : en_error_nomem(err, "a name");
            en_free(part);
        } else if (en_fetch_is_photograph(name)) {
            o->wanted[o->count++] = i;
            st = en_fetch_list_add(&job->list, name, o->files.item[i].bytes, err);
        } else if (en_volume_number(name) == 0) {
            en_fetch_list_skip(&job->list, name);
        }
    }
    o->loose = o->count > 0;
    job->only_parts = archives > 0 && !o->loose;
    return st;
}

/* The kind ----------------------------------------------------------------------------------------------------------
 */

static en_status begin_download(en_fetch_job *job, opened *o, en_error *err)
{
    const en_fetch_places places = {.place = volume_place, .ctx = o};
    const char *file = o->count > 0 ? o->files.item[o->wanted[0]].name : NULL;
    char *name = file != NULL ? en_strdup(en_path_base(file)) : en_format("%s.zip", o->name.name);
    o->uri = source_of(&o->name, file);
    en_status st = o->uri != NULL && name != NULL ? EN_OK : en_error_nomem(err, "a name");
    if (st == EN_OK) {
        st = en_fetch_download_begin_at(&o->download, job->project, o->uri, name, places, err);
    }
    en_free(name);
    if (st != EN_OK) {
        return st;
    }
    o->downloads = true;
    return en_fetch_bring(job, &o->download, EN_SOURCE_KAGGLE, err);
}

static en_status open_kaggle(en_fetch_job *job, en_error *err)
{
    const en_fetch_options *options = job->options;
    opened *o = job->opened = en_calloc(1, sizeof *o);
    en_status st = o != NULL ? en_kaggle_name_parse(&o->name, options->source, err) : en_error_nomem(err, "fetching");
    if (st == EN_OK) {
        st = en_kaggle_open(&o->kaggle, &options->http, options->variable, &job->project->events, err);
    }
    if (st == EN_OK) {
        st = en_kaggle_list(&o->kaggle, &o->name, &o->files, err);
    }
    if (st != EN_OK) {
        return st;
    }
    o->wanted = en_calloc(o->files.count + 1, sizeof *o->wanted);
    st = o->wanted == NULL      ? en_error_nomem(err, "a listing")
         : o->files.count == 0  ? en_error_set(err, EN_INPUT, "there are no files in '%s' on Kaggle", o->name.name)
         : o->name.file != NULL ? want_file(o, err)
                                : want_all(job, o, err);
    if (st != EN_OK || job->only_parts) {
        return st;
    }
    if (!o->loose) {
        return begin_download(job, o, err);
    }
    o->uri = source_of(&o->name, NULL);
    job->origin = (en_fetch_origin){.uri = o->uri, .kind = EN_SOURCE_KAGGLE, .shown = o->uri};
    job->result->form = EN_FETCH_FOLDER;
    return o->uri != NULL ? EN_OK : en_error_nomem(err, "a name");
}

static bool is_loose(const en_fetch_job *job) { return ((const opened *)job->opened)->loose; }

static en_status list(en_fetch_job *job, en_error *err)
{
    return is_loose(job) ? EN_OK : en_fetch_files_list(job, err);
}

static en_status hash(en_fetch_job *job, en_error *err)
{
    return is_loose(job) ? EN_OK : en_fetch_files_hash(job, err);
}

static en_status compare(en_fetch_job *job, en_fetch_item *item, en_error *err)
{
    return is_loose(job) ? en_fetch_remote_compare(job, item, err) : en_fetch_files_compare(job, item, err);
}

static en_status copy(en_fetch_job *job, en_error *err)
{
    opened *o = job->opened;
    const en_fetch_remote remote = {.http = o->kaggle.http, .place = loose_place, .ctx = o};
    return o->loose ? en_fetch_remote_copy(job, &remote, err) : en_fetch_files_copy(job, err);
}

static void close_kaggle(en_fetch_job *job, en_status st, en_error *err)
{
    opened *o = job->opened;
    if (o == NULL) {
        return;
    }
    if (o->downloads) {
        en_fetch_bring_end(job, &o->download, st, err);
    }
    en_kaggle_close(&o->kaggle);
    en_kaggle_files_clear(&o->files);
    en_kaggle_name_clear(&o->name);
    en_free(o->wanted);
    en_free(o->shown);
    en_free(o->uri);
    en_free(o);
}

const en_fetch_kind en_fetch_kaggle = {
    .open = open_kaggle,
    .list = list,
    .hash = hash,
    .compare = compare,
    .copy = copy,
    .close = close_kaggle,
};
