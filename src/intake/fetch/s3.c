/* The kind of source of S3: an object, an archive in volumes, or all photographs and archives below a key. */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "intake/fetch/kind.h"
#include "intake/fetch/s3_api.h"

typedef struct opened {
    en_s3 s3;
    en_fetch_listing listing;
    bool single;
    char *where, *url, *shown; /* the last two: of the place last asked for */
} opened;

static char *source_of(void *ctx, const char *file)
{
    const opened *o = ctx;
    const char *key = o->s3.key, *slash = file != NULL && key[0] != '\0' ? "/" : "";
    if (o->single && file != NULL) {
        return en_format("s3://%s/%.*s%s", o->s3.bucket, (int)(en_path_base(key) - key), key, file);
    }
    return en_format("s3://%s/%s%s%s", o->s3.bucket, key, slash, file != NULL ? file : "");
}

static en_status place(void *ctx, const en_fetch_file *file, en_http_place *out, en_error *err)
{
    opened *o = ctx;
    const en_s3 *s3 = &o->s3;
    en_free(o->url);
    en_free(o->shown);
    o->url = en_s3_url(s3, file->name, o->single);
    o->shown = source_of(o, file->name);
    out->url = o->url;
    out->shown = o->shown;
    out->headers = s3->headers;
    out->header_count = s3->header_count;
    out->user = s3->login.secret != NULL ? s3->login.key : NULL;
    out->password = s3->login.secret;
    out->sigv4 = s3->sigv4;
    return o->url != NULL && o->shown != NULL ? EN_OK : en_error_nomem(err, "a name");
}

static en_status open_s3(en_fetch_job *job, en_error *err)
{
    const en_fetch_options *options = job->options;
    opened *o = job->opened = en_calloc(1, sizeof *o);
    en_status st =
        o != NULL ? en_s3_open(&o->s3, options->source, &options->http, options->variable, &job->project->events, err)
                  : en_error_nomem(err, "fetching");
    if (st != EN_OK) {
        return st;
    }
    en_s3_any_volume(&o->s3);
    o->where = en_format("'s3://%s/%s'", o->s3.bucket, o->s3.key);
    if (o->where == NULL) {
        return en_error_nomem(err, "a name");
    }
    o->listing = (en_fetch_listing){
        .kind = EN_SOURCE_S3, .where = o->where, .http = o->s3.http, .source_of = source_of, .place = place, .ctx = o};
    st = en_s3_list(&o->s3, &o->listing.files, &o->single, err);
    return st == EN_OK ? en_fetch_listing_open(job, &o->listing, o->single ? en_path_base(o->s3.key) : NULL, err) : st;
}

static en_fetch_listing *listing_of(const en_fetch_job *job) { return &((opened *)job->opened)->listing; }

static en_status list(en_fetch_job *job, en_error *err) { return en_fetch_listing_list(job, listing_of(job), err); }
static en_status hash(en_fetch_job *job, en_error *err) { return en_fetch_listing_hash(job, listing_of(job), err); }
static en_status copy(en_fetch_job *job, en_error *err) { return en_fetch_listing_copy(job, listing_of(job), err); }

static en_status compare(en_fetch_job *job, en_fetch_item *item, en_error *err)
{
    return en_fetch_listing_compare(job, listing_of(job), item, err);
}

static void close_s3(en_fetch_job *job, en_status st, en_error *err)
{
    opened *o = job->opened;
    if (o == NULL) {
        return;
    }
    en_fetch_listing_close(job, &o->listing, st, err);
    en_s3_close(&o->s3);
    en_free(o->where);
    en_free(o->url);
    en_free(o->shown);
    en_free(o);
}

const en_fetch_kind en_fetch_s3 = {
    .open = open_s3,
    .list = list,
    .hash = hash,
    .compare = compare,
    .copy = copy,
    .close = close_s3,
};
