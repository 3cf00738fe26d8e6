/* Writing stored zips that are the same bytes for the same members, whole or in volumes. Uses libarchive and base. */
#include "archive/writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/reader.h"
#include "archive/volumes.h"
#include "base/file.h"
#include "base/memory.h"

/* Volumes are written as temporary files beside their final paths, synced and closed as they fill, and renamed by the
 * commit. */
struct en_zip_writer {
    struct archive *lib;
    char *path;
    int64_t volume_bytes, remaining; /* remaining: bytes left in the current volume */
    char *part[EN_VOLUMES_MAX];
    size_t count;   /* parts begun */
    FILE *current;  /* the last of them, while it is open */
    bool ended;     /* what libarchive still writes is dropped */
    en_error fault; /* of our files: libarchive passes on messages only */
};

/* The place of volume `index`, or of its part; en_free. */
static char *place(const en_zip_writer *zip, size_t index, bool part)
{
    char number[8] = "", process[32] = "";
    if (zip->volume_bytes > 0) {
        snprintf(number, sizeof number, ".%03u", (unsigned)(index + 1) % 1000);
    }
    if (part) {
        snprintf(process, sizeof process, ".part-%ld", (long)getpid());
    }
    return en_format("%s%s%s", zip->path, number, process);
}

static en_status end_volume(en_zip_writer *zip, en_error *err)
{
    if (zip->current == NULL) {
        return EN_OK;
    }
    FILE *f = zip->current;
    zip->current = NULL;
    en_status st = EN_OK;
    if (fflush(f) != 0 || fsync(fileno(f)) != 0) {
        st = en_error_errno(err, "cannot write '%s'", zip->path);
    }
    if (fclose(f) != 0 && st == EN_OK) {
        st = en_error_errno(err, "cannot write '%s'", zip->path);
    }
    return st;
}

static en_status begin_volume(en_zip_writer *zip, en_error *err)
{
    en_status st = end_volume(zip, err);
    if (st != EN_OK) {
        return st;
    }
    if (zip->count == EN_VOLUMES_MAX) {
        return en_error_set(err, EN_INPUT, "cannot write '%s': it needs more than %d volumes; make them larger",
                            zip->path, EN_VOLUMES_MAX);
    }
    char *part = place(zip, zip->count, true);
    if (part == NULL) {
        return en_error_nomem(err, "a path");
    }
    zip->current = fopen(part, "wb");
    if (zip->current == NULL) {
        st = en_error_errno(err, "cannot write '%s'", part);
        en_free(part);
        return st;
    }
    zip->part[zip->count++] = part;
    zip->remaining = zip->volume_bytes > 0 ? zip->volume_bytes : INT64_MAX;
    return EN_OK;
}

static la_ssize_t on_write(struct archive *lib, void *ctx, const void *data, size_t bytes)
{
    en_zip_writer *zip = ctx;
    const unsigned char *from = data;
    for (size_t left = zip->ended ? 0 : bytes; left > 0;) {
        if (zip->remaining == 0 && begin_volume(zip, &zip->fault) != EN_OK) {
            archive_set_error(lib, EIO, "%s", zip->fault.text);
            return -1;
        }
        size_t step = (uint64_t)left < (uint64_t)zip->remaining ? left : (size_t)zip->remaining;
        if (fwrite(from, 1, step, zip->current) != step) {
            en_error_errno(&zip->fault, "cannot write '%s'", zip->path);
            archive_set_error(lib, EIO, "%s", zip->fault.text);
            return -1;
        }
        from += step;
        left -= step;
        zip->remaining -= (int64_t)step;
    }
    return (la_ssize_t)bytes;
}

static en_status library_error(en_zip_writer *zip, en_error *err)
{
    if (zip->fault.status != EN_OK) {
        return en_error_copy(err, &zip->fault);
    }
    const char *why = archive_error_string(zip->lib);
    return en_error_set(err, EN_IO, "cannot write '%s': %s", zip->path,
                        why != NULL ? why : "the zip could not be made");
}

en_status en_zip_new(const char *path, int64_t volume_bytes, en_zip_writer **out, en_error *err)
{
    en_status st = EN_OK;
    en_zip_writer *zip = en_calloc(1, sizeof *zip);
    *out = zip;
    if (zip == NULL) {
        return en_error_nomem(err, "writing a zip");
    }
    zip->volume_bytes = volume_bytes > 0 ? volume_bytes : 0;
    zip->path = en_strdup(path);
    zip->lib = archive_write_new();
    if (zip->path == NULL || zip->lib == NULL) {
        st = en_error_nomem(err, "writing a zip");
        goto done;
    }
    st = begin_volume(zip, err);
    if (st != EN_OK) {
        goto done;
    }
    /* No blocks and no padding: what libarchive writes is what is in the files. */
    if (archive_write_set_format_zip(zip->lib) != ARCHIVE_OK ||
        archive_write_zip_set_compression_store(zip->lib) != ARCHIVE_OK ||
        archive_write_set_bytes_per_block(zip->lib, 0) != ARCHIVE_OK ||
        archive_write_open(zip->lib, zip, NULL, on_write, NULL) != ARCHIVE_OK) {
        st = library_error(zip, err);
    }
done:
    if (st != EN_OK) {
        en_zip_free(zip);
        *out = NULL;
    }
    return st;
}

en_status en_zip_begin(en_zip_writer *zip, const char *path, int64_t bytes, en_error *err)
{
    en_status st = en_archive_check_path(path, err);
    if (st != EN_OK) {
        return st;
    }
    struct archive_entry *entry = archive_entry_new();
    if (entry == NULL) {
        return en_error_nomem(err, "writing a zip");
    }
    /* No time is set: libarchive would write a time in the zone of this machine, and an unset one is always 1980-01-01.
     */
    archive_entry_set_pathname(entry, path);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, bytes);
    if (archive_write_header(zip->lib, entry) != ARCHIVE_OK) {
        st = library_error(zip, err);
    }
    archive_entry_free(entry);
    return st;
}

en_status en_zip_data(en_zip_writer *zip, const void *data, size_t bytes, en_error *err)
{
    return bytes == 0 || archive_write_data(zip->lib, data, bytes) == (la_ssize_t)bytes ? EN_OK
                                                                                        : library_error(zip, err);
}

en_status en_zip_add(en_zip_writer *zip, const char *path, const void *data, size_t bytes, en_error *err)
{
    en_status st = en_zip_begin(zip, path, (int64_t)bytes, err);
    return st == EN_OK ? en_zip_data(zip, data, bytes, err) : st;
}

/* Volumes that an earlier, longer sequence left behind the new last one would be read as its continuation. */
static en_status remove_longer(const en_zip_writer *zip, en_error *err)
{
    for (size_t i = zip->count; zip->volume_bytes > 0 && i < EN_VOLUMES_MAX; i++) {
        char *path = place(zip, i, false);
        if (path == NULL) {
            return en_error_nomem(err, "a path");
        }
        int gone = unlink(path);
        en_status st = gone == 0 || errno == ENOENT ? EN_OK : en_error_errno(err, "cannot remove '%s'", path);
        en_free(path);
        if (st != EN_OK || gone != 0) {
            return st;
        }
    }
    return EN_OK;
}

en_status en_zip_commit(en_zip_writer *zip, size_t *volumes, en_error *err)
{
    if (archive_write_close(zip->lib) != ARCHIVE_OK) {
        return library_error(zip, err);
    }
    en_status st = end_volume(zip, err);
    for (size_t i = 0; i < zip->count && st == EN_OK; i++) {
        char *path = place(zip, i, false);
        if (path == NULL) {
            return en_error_nomem(err, "a path");
        }
        if (rename(zip->part[i], path) != 0) {
            st = en_error_errno(err, "cannot write '%s'", path);
        } else {
            en_free(zip->part[i]);
            zip->part[i] = NULL;
        }
        en_free(path);
    }
    if (st == EN_OK) {
        st = remove_longer(zip, err);
    }
    if (st == EN_OK) {
        st = en_file_sync_folder(zip->path, err);
    }
    if (volumes != NULL) {
        *volumes = zip->count;
    }
    return st;
}

void en_zip_free(en_zip_writer *zip)
{
    if (zip == NULL) {
        return;
    }
    if (zip->lib != NULL) {
        zip->ended = true; /* an archive still open writes its directory now: not into our files */
        archive_write_free(zip->lib);
    }
    if (zip->current != NULL) {
        fclose(zip->current);
    }
    for (size_t i = 0; i < zip->count; i++) {
        if (zip->part[i] != NULL) {
            (void)unlink(zip->part[i]);
            en_free(zip->part[i]);
        }
    }
    en_free(zip->path);
    en_free(zip);
}
