/* eyenet fetch. */
#include "intake/fetch/fetch.h"

#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct fetch_options {
    const char *only, *sha256;
    int64_t limit_rate;
    bool force;
} fetch_options;

static en_status fetch(const en_cli *cli, const en_call *call, en_error *err)
{
    const fetch_options *given = call->options;
    const en_fetch_options options = {.source = call->word[0],
                                      .only = given->only,
                                      .sha256 = given->sha256,
                                      .force = given->force,
                                      .http = {.bytes_per_second = given->limit_rate},
                                      .variable = en_environment_variable};
    en_fetch_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_fetch(&project, &options, &result, err);
    en_project_close(&project);
    return st == EN_OK ? en_show_fetch(cli->out, &result, err) : st;
}

static const en_option options[] = {
    {.name = "only",
     EN_FIELD(fetch_options, only),
     .arg = "PATTERN",
     .doc = "only photographs of that path or name, with * and ?; a later fetch brings the others"},
    {.name = "sha256",
     EN_FIELD(fetch_options, sha256),
     .arg = "HASH",
     .doc = "refuse the file, or the volumes together, unless they have this SHA-256"},
    {.name = "limit-rate",
     EN_FIELD_SIZE(fetch_options, limit_rate),
     .arg = "SIZE",
     .low = 1024,
     .high = 1e12,
     .doc = "receive no more bytes than that per second"},
    {.name = "force", EN_FIELD(fetch_options, force), .doc = "copy photographs again even if the project has them"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet fetch ~/eyes", "copy the photographs of a folder"},
    {"eyenet fetch train.zip.001", "read a zip in volumes, as Kaggle ships it"},
    {"eyenet fetch https://example.org/eyes.tar.gz", "download, then unpack"},
    {"eyenet fetch s3://bucket/eyes", "photographs and archives of a bucket"},
    {"eyenet fetch kaggle:diabetic-retinopathy-detection", "all archives of the competition"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such source, a volume missing, or a damaged archive"},
    {EN_DENIED, "the server wants credentials, or rules are not accepted there"},
    {EN_OK, NULL},
};

const en_command en_cmd_fetch = {
    .name = "fetch",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "SOURCE",
    .summary = "copy or download photographs into the project",
    .text =
        "SOURCE is a folder, a photograph, a zip, tar or tar.gz, any volume of train.zip.001 ..., a text file of "
        "links, or the http or "
        "https URL of a photograph, an archive or a first volume. kaggle:COMPETITION, kaggle:OWNER/DATASET, or one of "
        "them with /FILE, is what Kaggle has under that name; every archive of a competition becomes a source of its "
        "own. s3://BUCKET/KEY is an object, or all photographs and archives below that key.\n\n"
        "Kaggle's credentials are read where its own tools keep them: KAGGLE_API_TOKEN, ~/.kaggle/access_token, "
        "~/.kaggle/credentials.json, KAGGLE_USERNAME with KAGGLE_KEY, kaggle.json. EYENET_KAGGLE_URL names a "
        "mirror. Those of S3 are AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile "
        "AWS_PROFILE of ~/.aws; AWS_ENDPOINT_URL names a server other than Amazon's.\n\n"
        "Downloads are compared with the length and the checksums that the server sends.\n\n"
        "JPEG and PNG files are kept in photos/, each with its length and checksum; other files are counted and "
        "left out. An interrupted fetch resumes when it is repeated.",
    .options = options,
    .size = sizeof(fetch_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = fetch,
};
