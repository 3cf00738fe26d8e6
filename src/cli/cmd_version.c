/* eyenet version: which eyenet this is, and which libraries it found when it started. The libraries' headers are here
 * for nothing but that. */
#include <archive.h>
#include <cairo.h>
#include <cblas.h>
#include <curl/curl.h>
#include <jansson.h>
#include <utf8proc.h>
#include <openssl/crypto.h>
#include <png.h>
#include <sqlite3.h>

#include "base/version.h"
#include "cli/commands.h"
#include "db/db.h"

static en_status version(const en_cli *cli, const en_call *call, en_error *err)
{
    (void)call;
    static const en_column columns[] = {{"name", 0}, {"version", 0}};
    const char *const row[][2] = {
        {"eyenet", en_version()},
        {"commit", en_commit()},
        {"sqlite", sqlite3_libversion()},
        {"checkpoints",
         en_db_checkpoints_can_corrupt()
             ? "by eyenet, under its own lock: two programs at once can corrupt a catalog with this SQLite"
             : "by eyenet, under its own lock"},
        {"curl", curl_version()},
        {"archive", archive_version_details()},
        {"png", png_get_libpng_ver(NULL)},
        {"openblas", openblas_get_config()},
        {"openssl", OpenSSL_version(OPENSSL_VERSION)},
        {"jansson", jansson_version_str()},
        {"utf8proc", utf8proc_version()},
        {"cairo", cairo_version_string()},
    };
    en_table *t;
    en_status st = en_table_new(cli->out, columns, 2, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        en_table_text(t, row[i][0]);
        en_table_text(t, row[i][1]);
    }
    return en_table_end(t, err);
}

static const en_example examples[] = {
    {"eyenet version", NULL},
    {"eyenet --version", "the same"},
    {NULL, NULL},
};

const en_command en_cmd_version = {
    .name = "version",
    .group = EN_GROUP_EYENET,
    .args = "",
    .summary = "print the version, the commit and the libraries",
    .table = true,
    .examples = examples,
    .run = version,
};
