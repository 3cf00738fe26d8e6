/* eyenet fetch. */
#include "intake/fetch/fetch.h"

#include "base/file.h"
#include "base/memory.h"
#include "catalog/dataset.h"
#include "catalog/fetched.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct fetch_options {
    const char *only, *patients, *sha256, *terms, *dataset, *encoding;
    int64_t head, limit_rate, jobs;
    bool dry_run, retry, verify, no_extract, force, no_follow;
} fetch_options;

static en_status verify(const en_cli *cli, const en_call *call, en_error *err)
{
    const fetch_options *given = call->options;
    en_fetch_verified result;
    en_project project;
    en_error shown;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_fetch_verify(&project, call->words > 0 ? call->word[0] : NULL, given->dataset, &result, err);
    en_project_close(&project);
    if (st != EN_OK && st != EN_FAILED) {
        return st;
    }
    return en_first_error(st, en_show_verified(cli->out, &result, &shown), &shown, err);
}

/* One source; the result is shown when it is whole. */
static en_status fetch_one(const en_cli *cli, en_project *project, const fetch_options *given, const char *source,
                           en_error *err)
{
    en_fetch_options options = {.source = source,
                                .only = given->only,
                                .patients = given->patients,
                                .head = given->head,
                                .terms = given->terms,
                                .sha256 = given->sha256,
                                .encoding = given->encoding,
                                .no_follow = given->no_follow,
                                .no_extract = given->no_extract,
                                .dry_run = given->dry_run,
                                .force = given->force,
                                .http = en_environment_http(),
                                .variable = en_environment_variable};
    en_fetch_result result;
    char *dataset = NULL;
    int64_t space = 0;
    options.http.bytes_per_second = given->limit_rate;
    options.http.ranges = (unsigned)given->jobs;
    en_status st = en_fetch(project, &options, &result, err);
    if (st == EN_OK && given->dry_run) {
        st = en_file_free_space(project->root, &space, err);
        return st == EN_OK ? en_show_fetch_plan(cli->out, &result, space, result.terms, err) : st;
    }
    if (st == EN_OK && given->dataset != NULL) { /* also when there was nothing to be fetched */
        st = en_catalog_dataset_join(project->catalog, &(en_catalog_source){.id = result.source_id}, err);
    }
    if (st == EN_OK) {
        st = en_catalog_dataset_of_source(project->catalog, result.source_id, &dataset, err);
        st = st == EN_DONE ? EN_OK : st;
    }
    if (st == EN_OK) {
        st = en_show_fetch(cli->out, dataset, &result, err);
    }
    en_free(dataset);
    return st;
}

/* All sources with damaged photographs, whatever becomes of the others; the first error counts. */
static en_status retry_all(const en_cli *cli, en_project *project, const fetch_options *given, en_error *err)
{
    en_catalog_uris uris;
    en_status first = EN_OK, st = en_catalog_damaged(project->catalog, &uris, err);
    if (st == EN_OK && uris.count == 0) {
        en_event_note(cli->events, "no photograph is damaged: there is nothing to be fetched anew");
    }
    for (size_t i = 0; st == EN_OK && i < uris.count; i++) {
        en_error why;
        en_status one = fetch_one(cli, project, given, uris.uri[i], &why);
        first = en_first_error(first, one, &why, err);
        st = en_stop_check(cli->events, err);
    }
    en_catalog_uris_clear(&uris);
    return st == EN_OK ? first : st;
}

/* What needs photographs, when archives are only downloaded. */
static en_status check_no_extract(const fetch_options *given, en_error *err)
{
    const char *other = given->patients != NULL  ? "patients"
                        : given->head > 0        ? "head"
                        : given->dataset != NULL ? "dataset"
                        : given->retry           ? "retry"
                        : given->verify          ? "verify"
                                                 : NULL;
    return given->no_extract && other != NULL
               ? en_error_set(err, EN_USAGE, "--no-extract and --%s are mutually exclusive", other)
               : EN_OK;
}

static en_status fetch(const en_cli *cli, const en_call *call, en_error *err)
{
    const fetch_options *given = call->options;
    en_project project;
    en_status st = check_no_extract(given, err);
    if (st != EN_OK) {
        return st;
    }
    if (given->verify) {
        return verify(cli, call, err);
    }
    if (call->words == 0 && !given->retry) {
        return en_error_set(err, EN_USAGE, "fetch needs a SOURCE");
    }
    st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_dataset_use(project.catalog, given->dataset, err);
    if (st == EN_OK) {
        st = call->words > 0 ? fetch_one(cli, &project, given, call->word[0], err)
                             : retry_all(cli, &project, given, err);
    }
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "only",
     EN_FIELD(fetch_options, only),
     .arg = "PATTERN",
     .doc = "only photographs of that path or name, with * and ?; a later fetch brings the others"},
    {.name = "patients",
     EN_FIELD(fetch_options, patients),
     .arg = "LIST",
     .doc = "only photographs of these patients, by their names: 7,12,30, or a file with one on each line"},
    {.name = "head",
     EN_FIELD(fetch_options, head),
     .arg = "N",
     .low = 1,
     .high = 1e9,
     .doc = "only the first N of them, in the natural order of their names"},
    {.name = "dry-run",
     EN_FIELD(fetch_options, dry_run),
     .doc = "show what would be fetched: how much, the free space, and where the terms of use are"},
    {.name = "retry",
     EN_FIELD(fetch_options, retry),
     .excludes = "dry-run",
     .doc = "fetch anew what was damaged, of SOURCE or of all sources"},
    {.name = "verify",
     EN_FIELD(fetch_options, verify),
     .excludes = "retry",
     .doc = "compare the photographs fetched from SOURCE, or all, with their lengths and hashes; nothing is fetched"},
    {.name = "terms",
     EN_FIELD(fetch_options, terms),
     .arg = "LINK",
     .doc = "where the terms of use of the photographs are, for the manifest; Kaggle's are known"},
    {.name = "sha256",
     EN_FIELD(fetch_options, sha256),
     .arg = "HASH",
     .doc = "refuse the file, or the volumes together, unless they have this SHA-256"},
    {.name = "jobs",
     EN_FIELD(fetch_options, jobs),
     .arg = "N",
     .low = 1,
     .high = EN_HTTP_RANGES_MOST,
     .doc =
         "download so many ranges of a long file at once, where the server sends ranges; 1: one stream (default: 8)"},
    {.name = "limit-rate",
     EN_FIELD_SIZE(fetch_options, limit_rate),
     .arg = "SIZE",
     .low = 1024,
     .high = 1e12,
     .doc = "receive no more bytes than that per second, all ranges together"},
    {.name = "no-extract",
     EN_FIELD(fetch_options, no_extract),
     .excludes = "only",
     .doc = "download archives and leave them in downloads/; the same command without it unpacks them"},
    {.name = "force", EN_FIELD(fetch_options, force), .doc = "copy photographs again even if the project has them"},
    {.name = "no-follow",
     EN_FIELD(fetch_options, no_follow),
     .doc = "leave out symbolic links to files in a folder; without it, they are read"},
    {.name = "encoding",
     EN_FIELD(fetch_options, encoding),
     .arg = "NAME",
     .doc = "of names of files and members that are not UTF-8, as iconv knows it: CP932, CP850 (default: recognised)"},
    {.name = "dataset",
     EN_FIELD(fetch_options, dataset),
     .arg = "NAME",
     .doc = "the collection that the photographs belong to, within which names are unique (default: the last part of "
            "SOURCE)"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet fetch ~/eyes", "copy the photographs of a folder"},
    {"eyenet fetch train.zip.001", "read a zip in volumes, as Kaggle ships it"},
    {"eyenet fetch https://example.org/eyes.tar.gz", "download, then unpack"},
    {"eyenet fetch s3://bucket/eyes", "photographs and archives of a bucket"},
    {"eyenet fetch kaggle:diabetic-retinopathy-detection", "all archives of the competition"},
    {"eyenet fetch --head 100 --dry-run train.zip.001", "what the first hundred would take"},
    {"eyenet fetch --verify", "whether all photographs are as they were fetched"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_FAILED, "--verify found photographs missing or changed"},
    {EN_INPUT, "no such source, a volume missing, or a damaged archive"},
    {EN_DENIED, "the server wants credentials, or rules are not accepted there"},
    {EN_OK, NULL},
};

const en_command en_cmd_fetch = {
    .name = "fetch",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "[SOURCE]",
    .summary = "copy or download photographs into the project",
    .text =
        "SOURCE is a folder, a photograph, a zip, tar or tar.gz, any volume of train.zip.001 ..., a text file of "
        "links, or the http or "
        "https URL of a photograph, an archive or a first volume. Of a folder, every archive becomes a source of its "
        "own, unless its photographs are in the folder, too. kaggle:COMPETITION, kaggle:OWNER/DATASET, or one of "
        "them with /FILE, is what Kaggle has under that name; every archive of a competition becomes a source of its "
        "own. s3://BUCKET/KEY is an object, or all photographs and archives below that key.\n\n"
        "Kaggle's credentials are read where its own tools keep them: KAGGLE_API_TOKEN, ~/.kaggle/access_token, "
        "~/.kaggle/credentials.json, KAGGLE_USERNAME with KAGGLE_KEY, kaggle.json. EYENET_KAGGLE_URL names a "
        "mirror. Those of S3 are AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile "
        "AWS_PROFILE of ~/.aws; AWS_ENDPOINT_URL names a server other than Amazon's.\n\n"
        "Of a zip on a server that sends pieces of files, --only, --patients, --head and --retry bring the bytes of "
        "these "
        "photographs alone.\n\n"
        "Downloads are compared with the length and the checksums that the server sends. Servers are trusted by the "
        "system's certificates, or those of CURL_CA_BUNDLE, SSL_CERT_FILE and SSL_CERT_DIR; http_proxy, https_proxy, "
        "all_proxy and no_proxy are heeded.\n\n"
        "A photograph whose bytes are damaged is left out and kept as a row of the view 'damaged', with the reason and "
        "the volume; the others come in, and the exit code is 3. With the damaged volumes there anew, the same command "
        "or --retry brings what is missing. The view 'manifest' lists what came from where, when, and under which "
        "terms.\n\n"
        "JPEG and PNG files are kept in photos/, each with its length and checksum; other files are counted and "
        "left out. An interrupted fetch resumes when it is repeated.",
    .options = options,
    .size = sizeof(fetch_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = fetch,
};
