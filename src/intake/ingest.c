/* ingest: photographs become images, measures and samples. Workers decode one batch while the batch before it is
 * stored, in the natural order of the photographs' paths, by whichever worker took that chunk. Pixels reach the disk
 * before their rows are committed. */
#include "intake/ingest.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/dataset.h"
#include "catalog/patient.h"
#include "catalog/source.h"
#include "catalog/image.h"
#include "catalog/sample.h"
#include "image/pack.h"
#include "image/sample.h"
#include "base/clock.h"
#include "project/folder_lock.h"

enum { BATCH = 48 }; /* photographs decoded, stored and committed together */

/* A photograph on its way: what is to be done, and what came of it. */
typedef struct photograph {
    int64_t member_id, image_id; /* image_id >= 0: judged before, only its sample is missing */
    const char *judged;          /* then the hash of the bytes that were judged; borrowed from the lists */
    char *path;                  /* relative to the project; borrowed from the lists */
    char *called;                /* in its dataset; borrowed from the lists */
    uint8_t *sample;             /* (N,N,3), a place in the batch's block */
    bool decoded;
    en_error fault; /* why not */
    en_image_info info;
    en_quality quality;
    en_gate gate;
    char sha256[EN_SHA256_HEX], sample_sha256[EN_SHA256_HEX];
} photograph;

typedef struct batch {
    photograph *item; /* [BATCH] */
    size_t count;
    uint8_t *pixels;
} batch;

typedef struct ingest {
    en_project *project;
    en_folder_lock lock; /* of samples/ */
    en_recipe recipe;
    const char *names; /* a pattern; NULL: patients are recognised */
    int64_t recipe_id, pack_id;
    en_pack_writer pack;
    batch side[2], *decoding, *storing;
    en_catalog_members members;
    en_catalog_todos todos;
    size_t taken;     /* jobs handed out */
    en_status stored; /* of the batch being stored, with its error */
    en_error error;
    en_error left; /* why the first photograph that was left was */
    en_ingest_result *result;
} ingest;

/* The photograph's bytes and their hash. One over the cap is hashed, not read: that is a fault of the photograph, while
 * a file that is missing or cannot be read is not. */
static en_status read_photograph(photograph *j, const char *path, en_buf *bytes)
{
    int64_t size;
    if (!en_file_exists(path)) {
        return en_error_hint(&j->fault, en_error_set(&j->fault, EN_INPUT, "photograph '%s' is missing", j->path),
                             "fetch it again");
    }
    en_status st = en_file_size(path, &size, &j->fault);
    if (st == EN_OK && (uint64_t)size > EN_DECODE_MAX_BYTES) {
        st = en_sha256_file(path, j->sha256, &j->fault);
        if (st == EN_OK) {
            j->info.fault = EN_FAULT_TOO_LARGE;
            st = en_error_set(&j->fault, EN_INPUT, "too large: %.1f of at most %.1f megabytes", (double)size / 1e6,
                              (double)EN_DECODE_MAX_BYTES / 1e6);
        }
        return st;
    }
    if (st == EN_OK) {
        st = en_file_read(path, bytes, &j->fault);
    }
    return st == EN_OK ? en_sha256_bytes(bytes->data, bytes->size, j->sha256, &j->fault) : st;
}

static void decode_one(ingest *in, photograph *j)
{
    en_buf bytes;
    en_buf_init(&bytes, EN_DECODE_MAX_BYTES);
    en_error_clear(&j->fault);
    char *path;
    en_status st = en_project_path(in->project, j->path, &path, &j->fault);
    if (st == EN_OK) {
        st = read_photograph(j, path, &bytes);
    }
    if (st == EN_OK) {
        st = en_sample_make(bytes.data, bytes.size, &in->recipe, NULL, j->sample, &j->info, &j->quality, &j->gate,
                            &j->fault);
    }
    if (st == EN_OK) {
        st = en_sha256_bytes(j->sample, en_recipe_bytes(&in->recipe), j->sample_sha256, &j->fault);
    }
    j->decoded = st == EN_OK;
    en_buf_clear(&bytes);
    en_free(path);
}

static void count_reason(en_ingest_result *r, en_rejection reason)
{
    size_t i = 0;
    while (i < r->reasons && r->by_reason[i].reason != reason) {
        i++;
    }
    r->reasons += i == r->reasons;
    r->by_reason[i].reason = reason;
    r->by_reason[i].count++;
    for (; i > 0 && r->by_reason[i].count > r->by_reason[i - 1].count; i--) {
        en_ingest_count kept = r->by_reason[i];
        r->by_reason[i] = r->by_reason[i - 1];
        r->by_reason[i - 1] = kept;
    }
}

static en_status keep_sample(ingest *in, const photograph *j, int64_t image_id, en_error *err)
{
    int64_t slot = 0;
    en_status st = en_pack_writer_add(&in->pack, j->sample, &slot, err);
    if (st == EN_OK) {
        st = en_catalog_sample_put(in->project->catalog, image_id, in->recipe_id, in->pack_id, slot, j->sample_sha256,
                                   err);
    }
    if (st == EN_OK) {
        in->result->samples++;
    }
    return st;
}

/* Whether the same photograph is here already, byte for byte, or in another file that gives the same pixels: filed
 * twice, it could lie in training and test at once. EN_DONE when it is not. */
static en_status find_duplicate(ingest *in, const photograph *j, char *text, size_t capacity, en_error *err)
{
    char *same = NULL;
    const char *what = "bytes";
    en_status st = en_catalog_image_same(in->project->catalog, j->sha256, &same, err);
    if (st == EN_DONE) {
        what = "pixels";
        st = en_catalog_sample_same(in->project->catalog, in->recipe_id, j->sample_sha256, &same, err);
    }
    if (st == EN_OK) {
        snprintf(text, capacity, "duplicate: the same %s as %s", what, same);
    }
    en_free(same);
    return st;
}

/* The judgement on a photograph that was decoded or could not be; when it is rejected, the detail is in `text`. */
static en_status judge(ingest *in, const photograph *j, en_rejection *reason, char text[EN_ERROR_LINE], en_error *err)
{
    static const en_rejection by_fault[] = {[EN_FAULT_NO_IMAGE] = EN_REJECTED_NO_IMAGE,
                                            [EN_FAULT_TRUNCATED] = EN_REJECTED_TRUNCATED,
                                            [EN_FAULT_DAMAGED] = EN_REJECTED_DAMAGED,
                                            [EN_FAULT_TOO_LARGE] = EN_REJECTED_TOO_LARGE,
                                            [EN_FAULT_UNSUPPORTED] = EN_REJECTED_UNSUPPORTED};
    static const en_rejection by_gate[] = {[EN_GATE_BLACK] = EN_REJECTED_BLACK,
                                           [EN_GATE_UNIFORM] = EN_REJECTED_UNIFORM,
                                           [EN_GATE_TOO_SMALL] = EN_REJECTED_TOO_SMALL};
    if (!j->decoded) {
        *reason = by_fault[j->info.fault];
        (void)en_error_line(&j->fault, text);
        return *reason != EN_REJECTED_NOT ? EN_OK : en_error_copy(err, &j->fault);
    }
    *reason = by_gate[j->gate.kind];
    if (*reason != EN_REJECTED_NOT) {
        snprintf(text, EN_ERROR_LINE, "%s", j->gate.reason);
        return EN_OK;
    }
    en_status st = find_duplicate(in, j, text, EN_ERROR_LINE, err);
    *reason = st == EN_OK ? EN_REJECTED_DUPLICATE : EN_REJECTED_NOT;
    return st == EN_DONE ? EN_OK : st;
}

static en_catalog_quality to_row(const en_quality *q, int width, int height)
{
    int shorter = width < height ? width : height;
    return (en_catalog_quality){
        .brightness = q->brightness,
        .contrast = q->contrast,
        .sharpness = q->sharpness,
        .black_fraction = q->black_fraction,
        .disc_radius = q->relative_radius * shorter / 2,
        .disc_coverage = q->disc_coverage,
        .score = q->score,
        .integrity = q->integrity,
        .background = q->background,
        .phash = (int64_t)q->phash,
        .has_phash = true,
    };
}

static en_status store_new(ingest *in, photograph *j, en_error *err)
{
    char text[EN_ERROR_LINE], format[16];
    en_rejection reason;
    en_status st = judge(in, j, &reason, text, err);
    if (st != EN_OK) {
        return st;
    }
    bool turned = j->info.orientation >= 5, known = j->info.format != EN_FORMAT_NONE;
    bool sized = j->info.width > 0 && j->info.width <= EN_IMAGE_EDGE_MAX && j->info.height <= EN_IMAGE_EDGE_MAX;
    int width = turned ? j->info.height : j->info.width, height = turned ? j->info.width : j->info.height;
    bool rejected = reason != EN_REJECTED_NOT;
    snprintf(format, sizeof format, "%s", en_format_name(j->info.format));
    en_catalog_image image = {
        .member_id = j->member_id,
        .name = j->path,
        .called = j->called,
        .names = in->names,
        .status = rejected ? EN_IMAGE_REJECTED : EN_IMAGE_ACCEPTED,
        .reason = reason,
        .detail = rejected ? text : NULL,
        .format = known ? format : NULL,
        .sha256 = j->sha256,
        .width = sized ? width : -1,
        .height = sized ? height : -1,
    };
    en_catalog_quality quality = to_row(&j->quality, width, height);
    bool taken = false;
    st = en_catalog_image_put(in->project->catalog, &image, j->decoded ? &quality : NULL, &taken, err);
    if (st != EN_OK) {
        return st;
    }
    in->result->photographs++;
    if (rejected || taken) {
        in->result->rejected++;
        count_reason(in->result, taken ? EN_REJECTED_NAME_TAKEN : reason);
        return EN_OK;
    }
    in->result->accepted++;
    return keep_sample(in, j, image.id, err);
}

/* Leaves a photograph as it was, for another call, when it cannot be judged now. */
static en_status leave(ingest *in, const en_error *why)
{
    in->left = in->result->left++ == 0 ? *why : in->left;
    return EN_OK;
}

static en_status store_one(ingest *in, photograph *j, en_error *err)
{
    if (!j->decoded && j->info.fault == EN_FAULT_NONE) { /* it could not be read: not the photograph's fault */
        *err = j->fault;
        bool file = j->fault.status == EN_INPUT || j->fault.status == EN_PATH || j->fault.status == EN_IO;
        return file ? leave(in, &j->fault) : j->fault.status;
    }
    if (j->image_id < 0) {
        return store_new(in, j, err);
    }
    if (strcmp(j->sha256, j->judged) != 0) {
        en_error changed;
        (void)en_error_hint(
            &changed, en_error_set(&changed, EN_INPUT, "photograph '%s' is not the one that was accepted", j->path),
            "fetch it again");
        return leave(in, &changed);
    }
    if (!j->decoded) {
        return leave(in, &j->fault);
    }
    return keep_sample(in, j, j->image_id, err);
}

static en_status store_batch(ingest *in, const batch *b, en_error *err)
{
    if (b->count == 0) {
        return EN_OK;
    }
    en_status st = en_catalog_begin(in->project->catalog, err);
    for (size_t i = 0; st == EN_OK && i < b->count; i++) {
        st = store_one(in, &b->item[i], err);
    }
    if (st == EN_OK) {
        st = en_pack_writer_sync(&in->pack, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(in->project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(in->project->catalog);
    }
    return st;
}

/* Chunk 0 stores the batch before; the others decode a photograph each. */
static void work(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    ingest *in = ctx;
    if (chunk == 0) {
        in->stored = store_batch(in, in->storing, &in->error);
    } else {
        decode_one(in, &in->decoding->item[chunk - 1]);
    }
}

/* Hands out the next jobs: photographs never seen, then those that only lack a sample. */
static void fill(ingest *in, batch *b)
{
    size_t total = in->members.count + in->todos.count, bytes = en_recipe_bytes(&in->recipe);
    for (b->count = 0; b->count < BATCH && in->taken < total; b->count++, in->taken++) {
        photograph *j = &b->item[b->count];
        *j = (photograph){.image_id = -1, .member_id = -1, .sample = b->pixels + b->count * bytes};
        if (in->taken < in->members.count) {
            const en_catalog_member *m = &in->members.row[in->taken];
            j->member_id = m->id;
            j->path = m->path;
            j->called = m->called;
        } else {
            const en_catalog_todo *t = &in->todos.row[in->taken - in->members.count];
            j->image_id = t->image_id;
            j->path = t->path;
            j->judged = t->sha256;
        }
    }
}

/* The recipe's pack in the catalog, with the slots taken; its row is made when it is new. *relative: en_free. */
static en_status find_pack(ingest *in, char **relative, int64_t *slots, en_error *err)
{
    en_status st = en_catalog_pack_newest(in->project->catalog, in->recipe_id, &in->pack_id, relative, slots, err);
    if (st == EN_DONE) {
        *slots = 0;
        *relative = en_format("%s/recipe-%lld.pack", EN_SAMPLES_DIR, (long long)in->recipe_id);
        st = *relative != NULL ? en_catalog_pack_put(in->project->catalog, in->recipe_id, *relative, &in->pack_id, err)
                               : en_error_nomem(err, "a path");
    }
    return st;
}

/* A pack that is missing or damaged is given up with its rows, and those images are without a sample then. */
static en_status replace_pack(ingest *in, const char *relative, const char *path, const char hash[EN_SHA256_HEX],
                              int64_t slots, en_error *err)
{
    const en_error why = *err;
    en_status st = en_pack_remove(path, err);
    if (st != EN_OK) {
        return st;
    }
    en_event_warn(&in->project->events, "%s", why.text);
    en_event_note(&in->project->events, "the %lld samples of '%s' are made again", (long long)slots, relative);
    st = en_catalog_pack_forget(in->project->catalog, in->pack_id, err);
    return st == EN_OK ? en_pack_writer_open(&in->pack, path, in->recipe.size, hash, 0, err) : st;
}

/* samples/NAME.pack: no other file is written over or removed, whatever a catalog from elsewhere calls a pack. */
static bool is_place_of_packs(const char *relative)
{
    return en_starts_with(relative, EN_SAMPLES_DIR "/") && strcmp(en_path_ext(relative), "pack") == 0;
}

/* Opens the pack behind the samples the catalog knows. Samples can always be made again. */
static en_status open_pack(ingest *in, const char *recipe_text, en_error *err)
{
    char hash[EN_SHA256_HEX], *relative = NULL, *path = NULL;
    int64_t slots = 0;
    en_status st = en_sha256_bytes(recipe_text, strlen(recipe_text), hash, err);
    if (st != EN_OK) {
        goto done;
    }
    st = find_pack(in, &relative, &slots, err);
    if (st != EN_OK) {
        goto done;
    }
    st = is_place_of_packs(relative)
             ? en_project_path(in->project, relative, &path, err)
             : en_error_set(err, EN_INPUT, "'%s' is no place for a pack: it must be in " EN_SAMPLES_DIR "/", relative);
    if (st != EN_OK) {
        goto done;
    }
    bool lost = slots > 0 && !en_file_exists(path);
    st = lost ? en_error_set(err, EN_INPUT, "pack '%s' is missing", relative)
              : en_pack_writer_open(&in->pack, path, in->recipe.size, hash, slots, err);
    if (st == EN_INPUT) {
        st = replace_pack(in, relative, path, hash, slots, err);
    }
done:
    en_free(relative);
    en_free(path);
    return st;
}

static en_status make_batches(ingest *in, en_error *err)
{
    size_t block = 0;
    bool fits = en_mul(BATCH, en_recipe_bytes(&in->recipe), &block);
    for (int i = 0; fits && i < 2; i++) {
        in->side[i].item = en_calloc(BATCH, sizeof(photograph));
        in->side[i].pixels = en_alloc(block);
        fits = in->side[i].item != NULL && in->side[i].pixels != NULL;
    }
    return fits ? EN_OK : en_error_nomem(err, "samples");
}

/* The folder is held before anything is read: what is pending, and where the pack ends, stays true then. */
static en_status prepare(ingest *in, const en_ingest_options *options, en_error *err)
{
    en_catalog *c = in->project->catalog;
    en_status st = en_recipe_parse(options->recipe != NULL ? options->recipe : EN_DEFAULT_RECIPE, &in->recipe, err);
    if (st == EN_OK && options->names != NULL) {
        st = en_catalog_pattern(options->names, &in->names, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = en_folder_lock_acquire(in->project, EN_SAMPLES_DIR, "another process is ingesting into", &in->lock, err);
    if (st != EN_OK) {
        return st;
    }
    const char *text = en_recipe_text(&in->recipe, in->result->recipe);
    st = en_catalog_recipe_put(c, text, &in->recipe_id, err);
    if (st != EN_OK) {
        return st;
    }
    st = open_pack(in, text, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_members_pending(c, &in->members, err);
    if (st == EN_OK) {
        st = en_catalog_members_call(c, &in->members, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_samples_missing(c, in->recipe_id, &in->todos, err);
    if (st != EN_OK) {
        return st;
    }
    return make_batches(in, err);
}

static en_status run_batches(ingest *in, en_pool *pool, en_error *err)
{
    const en_events *events = &in->project->events;
    int64_t total = (int64_t)(in->members.count + in->todos.count), done = 0;
    en_event_begin(events, "ingest", "photographs", total);
    en_status st = EN_OK;
    do {
        fill(in, in->decoding);
        en_pool_run(pool, in->decoding->count + 1, work, in);
        st = in->stored;
        if (st != EN_OK) {
            *err = in->error;
            break;
        }
        done += (int64_t)in->storing->count;
        en_event_progress(events, done, total, NULL);
        batch *decoded = in->decoding;
        in->decoding = in->storing;
        in->storing = decoded;
        st = en_stop_check(events, err);
    } while (st == EN_OK && in->storing->count > 0);
    en_event_end(events, done, total);
    return st;
}

static en_status totals(ingest *in, en_error *err)
{
    en_catalog_counts states = {0};
    en_status st = en_catalog_image_states(in->project->catalog, &states, err);
    if (st == EN_OK && states.count >= 2) {
        in->result->total_accepted = states.row[0].count;
        in->result->total_rejected = states.row[1].count;
    }
    en_catalog_counts_clear(&states);
    return st == EN_OK ? en_catalog_patients_known(in->project->catalog, &in->result->known, err) : st;
}

en_status en_ingest(en_project *project, const en_ingest_options *options, en_ingest_result *result, en_error *err)
{
    double began = en_clock_seconds();
    *result = (en_ingest_result){.workers = project->threads};
    en_error unreported;
    err = err != NULL ? err : &unreported;
    ingest in = {.project = project, .pack = {.fd = -1}, .result = result};
    in.decoding = &in.side[0];
    in.storing = &in.side[1];
    en_pool *pool = NULL;
    en_status st = prepare(&in, options, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_project_pool(project, &pool, err);
    if (st != EN_OK) {
        goto done;
    }
    st = run_batches(&in, pool, err);
    if (st != EN_OK) {
        goto done;
    }
    st = totals(&in, err);
    if (st != EN_OK) {
        goto done;
    }
    if (result->photographs + result->samples + result->total_accepted + result->total_rejected == 0) {
        en_event_note(&project->events, "there are no photographs here yet: fetch some first");
    }
    if (result->left > 0) {
        char first[EN_ERROR_LINE];
        st = en_error_set(err, EN_INPUT, "%lld photograph%s could not be read; the first: %s", (long long)result->left,
                          result->left == 1 ? "" : "s", en_error_line(&in.left, first));
    }
done:
    en_pack_writer_close(&in.pack);
    en_folder_lock_release(&in.lock);
    en_catalog_members_clear(&in.members);
    en_catalog_todos_clear(&in.todos);
    for (int i = 0; i < 2; i++) {
        en_free(in.side[i].item);
        en_free(in.side[i].pixels);
    }
    result->seconds = en_clock_seconds() - began;
    return st;
}
