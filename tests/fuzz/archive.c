/* An archive of strangers: every member handed out is safe to write below a folder, and caps hold. */
#include "archive/reader.h"
#include "base/memory.h"
#include "fuzz.h"

#define MEMBERS 64
#define BYTES (1 << 20)

/* Reads the member; false where the archive ends it. */
static bool read_member(en_archive *archive, const en_member *member, int64_t *total)
{
    en_error err;
    char data[4096];
    size_t got = 0;
    en_status st = EN_OK;
    int64_t bytes = 0;
    while (st == EN_OK) {
        st = en_archive_read(archive, data, sizeof data, &got, &err);
        if (st == EN_OK) {
            FUZZ_MUST(got <= sizeof data);
            bytes += (int64_t)got;
        }
    }
    FUZZ_MUST(st != EN_DONE || bytes == member->bytes);
    *total += bytes;
    FUZZ_MUST(*total <= BYTES);
    return st == EN_DONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    en_error err;
    en_archive *archive = NULL;
    const en_member *member = NULL;
    const en_archive_caps caps = {.members = MEMBERS, .member_bytes = BYTES, .total_bytes = BYTES};
    en_volumes volumes = {0};
    (void)en_archive_known(bytes, size);
    FUZZ_MUST(en_volumes_find(fuzz_file(bytes, size), &volumes, &err) == EN_OK);
    if (en_archive_open(&volumes, &caps, &archive, &err) == EN_OK) {
        int64_t total = 0;
        size_t members = 0;
        while (en_archive_next(archive, &member, &err) == EN_OK) {
            FUZZ_MUST(++members <= MEMBERS);
            FUZZ_MUST(en_archive_check_path(member->path, &err) == EN_OK);
            if (!read_member(archive, member, &total)) {
                break;
            }
        }
    }
    en_archive_free(archive);
    en_volumes_clear(&volumes);
    return 0;
}
