/* Reading untrusted archives: libarchive behind checks on paths, kinds, sizes and the ratio. Uses libarchive and
 * base. */
#include "archive/reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>

#include "archive/inflow.h"
#include "archive/supply.h"
#include "archive/zipdir.h"
#include "base/charset.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define REOPENED_MOST 2000 /* each time costs a walk through the headers before the place */
#define TAIL_CAP ((size_t)1 << 30)

struct en_archive {
    struct archive *lib;
    en_supply supply;
    const en_volumes *volumes;
    en_volumes view; /* the same; of an unusual zip, or behind a damaged member, with a directory of ours */
    en_buf tail;     /* of that: its directory */
    en_archive_caps caps;
    int64_t members, total; /* so far */
    char *path;             /* of the current member */
    char *recognised;       /* as en_member has it */
    const char *encoding;   /* of names that are not UTF-8, as the first of them was recognised; NULL: none yet */
    en_member member;
    int64_t left;         /* bytes of the member not read yet */
    en_zip_directory zip; /* of a zip: its members in the order in which libarchive gives them */
    bool is_zip;
    size_t next;            /* number of the next member in the directory */
    bool broken;            /* libarchive gave up on this zip: it is to be opened anew for the next member */
    int reopened;           /* so often */
    en_volume_stream *peek; /* for headers, so that libarchive's stream stays where it is */
    char damage[240];
    bool method;   /* that is no damage, but a method of compression that is not known here */
    locale_t utf8; /* libarchive turns names of zips marked as UTF-8 into the locale's: this keeps them */
};

/* Reading fails for two reasons: our stream did (its own status counts), or the archive is not in order. */
static en_status library_error(en_archive *a, const char *what, en_error *err)
{
    if (a->supply.fault.status != EN_OK) {
        return en_error_copy(err, &a->supply.fault);
    }
    const char *why = archive_error_string(a->lib);
    return en_error_set(err, EN_INPUT, "%s '%s': %s", what, a->volumes->path, why != NULL ? why : "it is damaged");
}

static int64_t or_default(int64_t value, int64_t standard) { return value > 0 ? value : standard; }

/* A new handle of libarchive, at the start. */
static en_status new_handle(en_archive *a, en_error *err)
{
    if (a->lib != NULL) {
        archive_read_free(a->lib);
    }
    a->lib = archive_read_new();
    if (a->lib == NULL) {
        return en_error_nomem(err, "reading an archive");
    }
    /* Zips only by their directory at the end: read as a stream, a zip that is cut short would pass for a smaller one.
     */
    if ((a->is_zip && archive_read_support_format_zip_seekable(a->lib) != ARCHIVE_OK) ||
        (!a->is_zip && archive_read_support_format_tar(a->lib) != ARCHIVE_OK) ||
        (!a->is_zip && a->supply.inflow == NULL && archive_read_support_format_7zip(a->lib) != ARCHIVE_OK)) {
        return library_error(a, "cannot read", err);
    }
    if (a->is_zip && a->caps.unchecked && archive_read_set_options(a->lib, "zip:ignorecrc32") != ARCHIVE_OK) {
        return library_error(a, "cannot read", err);
    }
    en_supply_begin(&a->supply, a->lib);
    return EN_OK;
}

/* The directory that libarchive reads becomes one of the members from a->next on, at their places in the whole. */
static en_status write_view(en_archive *a, en_error *err)
{
    int64_t *at = en_calloc(a->zip.count + 1, sizeof *at);
    en_status st = at != NULL ? EN_OK : en_error_nomem(err, "a directory");
    en_buf_reset(&a->tail);
    for (size_t i = 0; st == EN_OK && i < a->zip.count; i++) {
        at[i] = i < a->next ? -1 : a->zip.entry[i].at;
    }
    if (st == EN_OK) {
        st = en_zip_directory_write(&a->zip, at, a->zip.at, &a->tail, err);
    }
    if (st == EN_OK) {
        a->view.tail = a->tail.data;
        a->view.tail_at = a->zip.at;
        a->view.bytes = a->zip.at + (int64_t)a->tail.size;
    }
    en_free(at);
    return st;
}

static en_status read_directory(en_archive *a, en_error *err)
{
    en_status st = en_volume_stream_open(&a->view, &a->peek, err);
    if (st == EN_OK) {
        st = en_zip_directory_read(a->volumes, a->caps.members, &a->zip, err);
    }
    return st == EN_OK && a->zip.unusual ? write_view(a, err) : st;
}

/* What kind of archive it is, by its first bytes. */
static en_status prepare(en_archive *a, en_error *err)
{
    unsigned char head[512] = {0};
    size_t got = 0;
    a->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    en_status st = en_supply_open(&a->supply, err);
    st = st == EN_OK ? en_supply_head(&a->supply, head, sizeof head, &got, err) : st;
    if (st != EN_OK) {
        return st;
    }
    a->is_zip =
        (got >= 2 && head[0] == 'P' && head[1] == 'K') || (!en_archive_known(head, got) && en_zip_ends(a->volumes));
    if (a->is_zip) {
        return read_directory(a, err);
    }
    return en_inflow_known(head, got) ? en_supply_inflate(&a->supply, err) : EN_OK;
}

/* libarchive reports only "unrecognized archive format"; the first bytes allow a better message. */
static en_status open_error(en_archive *a, en_error *err)
{
    unsigned char head[512];
    size_t got = 0;
    if (a->supply.fault.status != EN_OK) {
        return library_error(a, "cannot read", err);
    }
    if (a->supply.inflow != NULL) {
        return en_supply_is_compressed_twice(&a->supply)
                   ? en_error_set(err, EN_INPUT, "refused '%s': it is compressed more than once", a->volumes->path)
                   : en_error_set(err, EN_INPUT, "cannot read '%s': what is compressed in it is not a tar",
                                  a->volumes->path);
    }
    en_status st = en_supply_head(&a->supply, head, sizeof head, &got, err);
    if (st != EN_OK) {
        return st;
    }
    if (en_archive_known(head, got)) {
        return library_error(a, "cannot read", err);
    }
    return en_error_set(err, EN_INPUT, "cannot read '%s': it is not " EN_ARCHIVE_FORMS, a->volumes->path);
}

en_status en_archive_open(const en_volumes *volumes, const en_archive_caps *caps, en_archive **out, en_error *err)
{
    static const en_archive_caps none = {0};
    caps = caps != NULL ? caps : &none;
    en_archive *a = en_calloc(1, sizeof *a);
    if (a == NULL) {
        return en_error_nomem(err, "reading an archive");
    }
    a->volumes = volumes;
    a->view = *volumes;
    en_buf_init(&a->tail, TAIL_CAP);
    a->caps.members = or_default(caps->members, 1000000);
    a->caps.member_bytes = or_default(caps->member_bytes, (int64_t)1 << 30);
    a->caps.total_bytes = or_default(caps->total_bytes, (int64_t)1 << 40);
    a->caps.ratio = or_default(caps->ratio, 200);
    a->caps.events = caps->events;
    a->caps.names_only = caps->names_only;
    a->caps.unchecked = caps->unchecked;
    a->caps.encoding = caps->encoding;
    a->supply = (en_supply){.volumes = volumes, .view = &a->view, .ratio = a->caps.ratio, .events = a->caps.events};
    en_status st = prepare(a, err);
    bool directory = a->is_zip && (a->caps.names_only || a->zip.count == 0);
    if (st == EN_OK && !directory) {
        st = new_handle(a, err);
    }
    if (st == EN_OK && !directory && archive_read_open1(a->lib) != ARCHIVE_OK) {
        st = open_error(a, err);
    }
    if (st != EN_OK) {
        en_archive_free(a);
        a = NULL;
    }
    *out = a;
    return st;
}

/* "./a//b" is a plain way to write "a/b"; tar writes the first form. Anything else is left to the check. */
static char *plain_path(const char *path)
{
    char *plain = en_strdup(path);
    if (plain == NULL || path[0] == '/') {
        return plain;
    }
    char *to = plain;
    for (const char *at = path; *at != '\0';) {
        size_t length = strcspn(at, "/");
        size_t step = length + (at[length] == '/' ? 1 : 0);
        if (length > 0 && !(length == 1 && at[0] == '.')) {
            memmove(to, at, step);
            to += step;
        }
        at += step;
    }
    *to = '\0';
    return plain;
}

/* All names of an archive are most likely of one page; one that cannot be is recognised by itself. */
static en_status recognise(en_archive *a, en_buf *name, en_error *err)
{
    size_t size = strlen(a->path);
    if (a->encoding == NULL) {
        a->encoding = en_charset_detect(a->path, size, NULL);
    }
    en_status st = en_charset_to_utf8(a->path, size, a->encoding, name, err);
    if (st == EN_INPUT) {
        en_error_clear(err);
        en_buf_reset(name);
        st = en_charset_to_utf8(a->path, size, NULL, name, err);
    }
    return st;
}

/* The same by the encoding that was given; what was recognised is kept where it differs. */
static en_status decode(en_archive *a, en_buf *name, en_error *err)
{
    en_buf given;
    en_buf_init(&given, 4 * strlen(a->path));
    en_status st = en_charset_to_utf8(a->path, strlen(a->path), a->caps.encoding, &given, err);
    if (st == EN_INPUT) {
        en_error_prefix(err, "the name '%s' in '%s'", en_buf_str(name), a->volumes->path);
    }
    if (st == EN_OK && strcmp(en_buf_str(&given), en_buf_str(name)) != 0) {
        a->recognised = en_strdup(en_buf_str(name));
        en_buf_reset(name);
        st = a->recognised != NULL ? en_buf_text(name, en_buf_str(&given), err) : en_error_nomem(err, "a path");
    }
    en_buf_clear(&given);
    return st;
}

/* A name in the code page of the computer that made the archive becomes UTF-8. */
static en_status to_utf8(en_archive *a, en_error *err)
{
    en_buf name;
    en_free(a->recognised);
    a->recognised = NULL;
    if (en_charset_is_utf8(a->path, strlen(a->path))) {
        return EN_OK;
    }
    en_buf_init(&name, 4 * strlen(a->path));
    en_status st = recognise(a, &name, err);
    if (st == EN_OK && a->caps.encoding != NULL) {
        st = decode(a, &name, err);
    }
    if (st == EN_OK) {
        en_free(a->path);
        a->path = en_strdup(en_buf_str(&name));
        st = a->path != NULL ? EN_OK : en_error_nomem(err, "a path");
    }
    en_buf_clear(&name);
    return st;
}

static en_status encrypted(const en_archive *a, const char *name, en_error *err)
{
    return en_error_set(err, EN_INPUT, "refused '%s': its member '%s' is encrypted; decrypt it first", a->volumes->path,
                        name);
}

static en_status check_kind(const en_archive *a, struct archive_entry *entry, const char *path, en_error *err)
{
    const char *what = NULL;
    if (archive_entry_hardlink(entry) != NULL || archive_entry_filetype(entry) == AE_IFLNK) {
        what = "a link";
    } else if (archive_entry_filetype(entry) != AE_IFREG) {
        what = "a device, pipe or socket";
    } else if (archive_entry_is_encrypted(entry) > 0) {
        return encrypted(a, path, err);
    } else if (!archive_entry_size_is_set(entry) || archive_entry_size(entry) < 0) {
        return en_error_set(err, EN_INPUT, "refused '%s': its member '%s' has no length", a->volumes->path, path);
    }
    return what == NULL ? EN_OK
                        : en_error_set(err, EN_INPUT, "refused '%s': its member '%s' is %s, not a file",
                                       a->volumes->path, path, what);
}

/* Lengths are announced, and libarchive holds members to what they announced. */
static en_status check_size(en_archive *a, const char *path, int64_t bytes, en_error *err)
{
    const char *name = a->volumes->path;
    char size[32];
    if (bytes > a->caps.member_bytes) {
        return en_error_set(err, EN_INPUT, "refused '%s': its member '%s' unpacks to more than %s", name, path,
                            en_human_size(a->caps.member_bytes, size, sizeof size));
    }
    if (__builtin_add_overflow(a->total, bytes, &a->total) || a->total > a->caps.total_bytes) {
        return en_error_set(err, EN_INPUT, "refused '%s': it unpacks to more than %s", name,
                            en_human_size(a->caps.total_bytes, size, sizeof size));
    }
    if (a->total > EN_RATIO_FROM && a->total / a->caps.ratio >= a->volumes->bytes) {
        return en_error_set(err, EN_INPUT, "refused '%s': it unpacks to more than %lld times its own size", name,
                            (long long)a->caps.ratio);
    }
    return EN_OK;
}

/* Goes past members of a zip that libarchive could not go past, by a new handle and a directory without them. */
static en_status open_anew(en_archive *a, en_error *err)
{
    if (++a->reopened > REOPENED_MOST) {
        return en_error_set(err, EN_INPUT, "refused '%s': more than %d of its members are damaged", a->volumes->path,
                            REOPENED_MOST);
    }
    en_status st = write_view(a, err);
    st = st == EN_OK ? new_handle(a, err) : st;
    a->broken = false;
    return st == EN_OK && archive_read_open1(a->lib) != ARCHIVE_OK ? library_error(a, "cannot read", err) : st;
}

/* The next entry's header; its name comes out as it is stored. */
static en_status next_entry(en_archive *a, struct archive_entry **entry, const char **name, en_error *err)
{
    locale_t before = a->utf8 != (locale_t)0 ? uselocale(a->utf8) : (locale_t)0;
    int code = archive_read_next_header(a->lib, entry);
    *name = code == ARCHIVE_OK || code == ARCHIVE_WARN ? archive_entry_pathname(*entry) : NULL;
    if (a->utf8 != (locale_t)0) {
        uselocale(before);
    }
    if (code == ARCHIVE_EOF) {
        en_status st = a->supply.inflow != NULL ? en_supply_drain(&a->supply, err) : EN_OK;
        return st == EN_OK ? EN_DONE : st;
    }
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
        return library_error(a, "cannot read", err);
    }
    if (*name == NULL) {
        return en_error_set(err, EN_INPUT, "refused '%s': it has a member without a readable name", a->volumes->path);
    }
    return EN_OK;
}

static const char *keep_damage(en_archive *a, const char *why)
{
    en_print(a->damage, sizeof a->damage, "%s", why);
    return a->damage;
}

/* A member of which only the directory is known. */
static en_status damaged_member(en_archive *a, const en_zip_entry *e, const char *damage, en_error *err)
{
    size_t length = strlen(e->name);
    en_free(a->path);
    a->path = plain_path(e->name);
    if (a->path == NULL) {
        return en_error_nomem(err, "a path");
    }
    en_status st = to_utf8(a, err);
    if (st != EN_OK) {
        return st;
    }
    a->left = 0;
    a->member = (en_member){.path = a->path,
                            .recognised = a->recognised,
                            .bytes = e->bytes,
                            .crc32 = e->crc32,
                            .at = e->at,
                            .damage = damage,
                            .method = damage != NULL && a->method};
    if (length > 0 && e->name[length - 1] == '/') {
        return EN_DONE; /* a folder, of which nothing is needed */
    }
    st = en_archive_check_path(a->path, err);
    if (st != EN_OK) {
        en_error_prefix(err, "refused '%s'", a->volumes->path);
        return st;
    }
    return check_size(a, a->path, e->bytes, err);
}

static en_status count_entry(en_archive *a, en_error *err)
{
    if (++a->members > a->caps.members) {
        return en_error_set(err, EN_INPUT, "refused '%s': it has more than %lld members", a->volumes->path,
                            (long long)a->caps.members);
    }
    return en_stop_check(a->caps.events, err);
}

/* The next member of a zip, by its directory alone. */
static en_status next_name(en_archive *a, en_error *err)
{
    en_status st;
    do {
        if (a->next == a->zip.count) {
            return EN_DONE;
        }
        st = count_entry(a, err);
        st = st == EN_OK ? damaged_member(a, &a->zip.entry[a->next++], NULL, err) : st;
    } while (st == EN_DONE);
    return st;
}

/* The next member of a zip's directory before libarchive is asked for it; *damage when it is not to be read. */
static en_status next_of_zip(en_archive *a, const en_zip_entry **entry, const char **damage, en_error *err)
{
    char why[200];
    *entry = NULL;
    *damage = NULL;
    if (!a->is_zip) {
        return EN_OK;
    }
    if (a->next == a->zip.count) {
        return EN_DONE;
    }
    const en_zip_entry *e = *entry = &a->zip.entry[a->next++];
    if ((e->flags & 1) != 0) {
        return encrypted(a, e->name, err);
    }
    en_status st = en_zip_compare(e, a->peek, why, &a->method, err);
    *damage = st == EN_OK && why[0] != '\0' ? keep_damage(a, why) : NULL;
    a->broken = a->broken || *damage != NULL; /* libarchive may give up on its header: it is not asked */
    return st;
}

en_status en_archive_next(en_archive *a, const en_member **out, en_error *err)
{
    *out = NULL;
    if (a->caps.names_only && a->is_zip) {
        *out = &a->member;
        return next_name(a, err);
    }
    for (;;) {
        struct archive_entry *entry = NULL;
        const en_zip_entry *listed = NULL;
        const char *name = NULL, *damage = NULL;
        en_status st = next_of_zip(a, &listed, &damage, err);
        if (st == EN_OK && damage != NULL) {
            st = damaged_member(a, listed, damage, err);
            if (st == EN_DONE) {
                continue;
            }
            *out = &a->member;
            return st;
        }
        if (st == EN_OK && a->broken) {
            a->next--; /* this one is the next again */
            st = open_anew(a, err);
            a->next++;
        }
        if (st == EN_OK) {
            st = next_entry(a, &entry, &name, err);
        }
        if (st == EN_OK) {
            st = count_entry(a, err);
        }
        if (st != EN_OK) {
            return st;
        }
        bool folder = archive_entry_filetype(entry) == AE_IFDIR;
        en_free(a->path);
        a->path = plain_path(name);
        if (a->path == NULL) {
            return en_error_nomem(err, "a path");
        }
        st = to_utf8(a, err);
        if (st != EN_OK) {
            return st;
        }
        if (folder && a->path[0] == '\0') { /* "./", as tar writes it */
            continue;
        }
        st = en_archive_check_path(a->path, err);
        if (st != EN_OK) {
            en_error_prefix(err, "refused '%s'", a->volumes->path);
            return st;
        }
        if (folder) {
            continue;
        }
        st = check_kind(a, entry, a->path, err);
        if (st == EN_OK) {
            st = check_size(a, a->path, archive_entry_size(entry), err);
        }
        if (st != EN_OK) {
            return st;
        }
        a->left = archive_entry_size(entry);
        a->member = (en_member){.path = a->path,
                                .recognised = a->recognised,
                                .bytes = a->left,
                                .crc32 = listed != NULL ? (int64_t)listed->crc32 : -1,
                                .at = listed != NULL ? listed->at : -1};
        *out = &a->member;
        return EN_OK;
    }
}

en_status en_archive_read(en_archive *a, void *data, size_t capacity, size_t *got, en_error *err)
{
    *got = 0;
    if (a->member.damage != NULL) {
        return en_error_set(err, EN_INPUT, "member '%s' of '%s' is damaged: %s", a->path, a->volumes->path,
                            a->member.damage);
    }
    la_ssize_t n = archive_read_data(a->lib, data, capacity);
    if (n < 0) {
        const char *why = archive_error_string(a->lib);
        en_status st = library_error(a, "cannot read", err);
        (void)keep_damage(a, why != NULL ? why : "it cannot be read");
        a->broken = a->is_zip;
        if (st == EN_INPUT) {
            en_error_prefix(err, "member '%s' is damaged", a->path);
        }
        return st;
    }
    a->left -= n;
    if (a->left < 0 || (n == 0 && a->left > 0)) {
        a->broken = a->is_zip;
        (void)keep_damage(a, "its length differs from its header's");
        return en_error_set(err, EN_INPUT, "member '%s' of '%s' is damaged: its length differs from its header's",
                            a->path, a->volumes->path);
    }
    *got = (size_t)n;
    return n > 0 ? EN_OK : EN_DONE;
}

const char *en_archive_why(const en_archive *a) { return a->damage; }

bool en_archive_goes_on(const en_archive *a) { return a->is_zip; }

bool en_archive_is_ended(const en_archive *a)
{
    bool tar = !a->is_zip && (archive_format(a->lib) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
    return !tar || en_supply_ends_in_zeros(&a->supply);
}

void en_archive_free(en_archive *a)
{
    if (a == NULL) {
        return;
    }
    if (a->lib != NULL) {
        archive_read_free(a->lib);
    }
    en_zip_directory_clear(&a->zip);
    en_buf_clear(&a->tail);
    en_volume_stream_close(a->peek);
    en_supply_close(&a->supply);
    if (a->utf8 != (locale_t)0) {
        freelocale(a->utf8);
    }
    en_free(a->recognised);
    en_free(a->path);
    en_free(a);
}
