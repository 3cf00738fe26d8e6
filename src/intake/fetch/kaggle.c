/* The kind of source of Kaggle: the data of a competition or a dataset, or one file of it. */
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "intake/fetch/kaggle_api.h"
#include "intake/fetch/kind.h"

typedef struct opened {
    en_kaggle kaggle;
    en_kaggle_name name;
    en_fetch_listing listing;
    char *where, *zip_name;
    char *shown, *file; /* of the place last asked for; file NULL: everything */
    en_http_place *place;
} opened;

/* "kaggle:NAME/FILE" in the form that says what it is; file may be NULL. */
static char *source_of(void *ctx, const char *file)
{
    const en_kaggle_name *name = &((const opened *)ctx)->name;
    const char *slash = file != NULL ? "/" : "", *rest = file != NULL ? file : "";
    return name->owner != NULL ? en_format("kaggle:datasets/%s/%s%s%s", name->owner, name->name, slash, rest)
                               : en_format("kaggle:competitions/%s%s%s", name->name, slash, rest);
}

static en_status sign(void *ctx, char **url, en_error *err)
{
    opened *o = ctx;
    en_status st = en_kaggle_link(&o->kaggle, &o->name, o->file, url, err);
    if (st != EN_OK || o->file == NULL) {
        return st;
    }
    /* Large texts, and sometimes other files, come as NAME.zip, whose length no listing says. */
    char *given = en_http_file_name(*url);
    const char *base = en_path_base(o->file);
    bool zipped = given != NULL && strlen(given) == strlen(base) + 4 && en_starts_with(given, base) &&
                  strcasecmp(given + strlen(base), ".zip") == 0;
    o->place->bytes = zipped ? 0 : o->place->bytes;
    en_free(given);
    return EN_OK;
}

static en_status place(void *ctx, const en_fetch_file *file, en_http_place *out, en_error *err)
{
    opened *o = ctx;
    en_free(o->shown);
    en_free(o->file);
    o->file = file != NULL ? en_strdup(file->name) : NULL;
    o->shown = source_of(o, o->file);
    o->place = out;
    out->shown = o->shown;
    out->sign = sign;
    out->ctx = o;
    return o->shown != NULL && (file == NULL || o->file != NULL) ? EN_OK : en_error_nomem(err, "a name");
}

static en_status open_kaggle(en_fetch_job *job, en_error *err)
{
    const en_fetch_options *options = job->options;
    opened *o = job->opened = en_calloc(1, sizeof *o);
    en_status st = o != NULL ? en_kaggle_name_parse(&o->name, options->source, err) : en_error_nomem(err, "fetching");
    if (st == EN_OK) {
        st = en_kaggle_open(&o->kaggle, &options->http, options->variable, &job->project->events, err);
    }
    if (st != EN_OK) {
        return st;
    }
    o->where = en_format("'%s' on Kaggle", o->name.name);
    o->zip_name = en_format("%s.zip", o->name.name);
    job->terms = o->name.owner != NULL ? en_format("https://www.kaggle.com/datasets/%s/%s", o->name.owner, o->name.name)
                                       : en_format("https://www.kaggle.com/competitions/%s/rules", o->name.name);
    if (o->where == NULL || o->zip_name == NULL || job->terms == NULL) {
        return en_error_nomem(err, "a name");
    }
    o->listing = (en_fetch_listing){.kind = EN_SOURCE_KAGGLE,
                                    .where = o->where,
                                    .zip_name = o->zip_name,
                                    .http = o->kaggle.http,
                                    .source_of = source_of,
                                    .place = place,
                                    .ctx = o};
    st = en_kaggle_list(&o->kaggle, &o->name, &o->listing.files, err);
    return st == EN_OK ? en_fetch_listing_open(job, &o->listing, o->name.file, err) : st;
}

static en_fetch_listing *listing_of(const en_fetch_job *job) { return &((opened *)job->opened)->listing; }

static en_status list(en_fetch_job *job, en_error *err) { return en_fetch_listing_list(job, listing_of(job), err); }
static en_status hash(en_fetch_job *job, en_error *err) { return en_fetch_listing_hash(job, listing_of(job), err); }
static en_status copy(en_fetch_job *job, en_error *err) { return en_fetch_listing_copy(job, listing_of(job), err); }

static en_status compare(en_fetch_job *job, en_fetch_item *item, en_error *err)
{
    return en_fetch_listing_compare(job, listing_of(job), item, err);
}

static void close_kaggle(en_fetch_job *job, en_status st, en_error *err)
{
    opened *o = job->opened;
    if (o == NULL) {
        return;
    }
    en_fetch_listing_close(job, &o->listing, st, err);
    en_kaggle_close(&o->kaggle);
    en_kaggle_name_clear(&o->name);
    en_free(o->where);
    en_free(o->zip_name);
    en_free(o->shown);
    en_free(o->file);
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
