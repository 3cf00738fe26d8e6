/* S3's interface, as far as fetching and backups need it: listing a prefix (ListObjectsV2), where an object is, and
 * small objects read and written whole, with requests that libcurl signs (AWS Signature Version 4). */
#ifndef EN_INTAKE_FETCH_S3_API_H
#define EN_INTAKE_FETCH_S3_API_H

#include "intake/fetch/listing.h"
#include "intake/fetch/s3_login.h"
#include "net/request.h"

#define EN_S3_HEADERS 3

typedef struct en_s3 {
    en_http *http;
    en_s3_login login;
    const en_events *events;
    char *bucket, *key; /* of "s3://BUCKET/KEY"; key: an object, an archive without the
                                       number of a volume, or a folder without a slash at its end */
    char *base;         /* URL of the bucket */
    char *sigv4;
    en_http_header headers[EN_S3_HEADERS];
    size_t header_count;
} en_s3;

/* EN_INPUT for what is not s3://BUCKET[/KEY]. */
en_status en_s3_open(en_s3 *s3, const char *source, const en_http_options *options, en_variable_fn *variable,
                     const en_events *events, en_error *err) EN_CHECKED;
void en_s3_close(en_s3 *s3);
/* The key of a volume, "train.zip.001", becomes that of all of them. */
void en_s3_any_volume(en_s3 *s3);

/* The objects whose key begins with that of the source, page by page. Names are what follows "KEY/"; *single is set,
 * and names are whole base names, when the key is that of an object or of the volumes of one: then there are only
 * these. */
en_status en_s3_list(en_s3 *s3, en_fetch_remote_files *files, bool *single, en_error *err) EN_CHECKED;
/* The URL of an object by its name in that list; en_free. */
char *en_s3_url(const en_s3 *s3, const char *name, bool single);
/* An object below the key, by its name there, appended to `out`, whose cap bounds it. EN_DONE: there is none. */
en_status en_s3_get(en_s3 *s3, const char *name, en_buf *out, en_error *err) EN_CHECKED;
/* Writes an object below the key; `sha256` is that of the data, and signed with the request. EN_DONE, when it is
 * `fresh`: there is one of that name, on servers that heed If-None-Match. */
en_status en_s3_put(en_s3 *s3, const char *name, const void *data, size_t bytes, const char *sha256, bool fresh,
                    en_error *err) EN_CHECKED;

#endif
