/* Names of photographs: patients and eyes recognised in them, or taken from them by a pattern. */
#include "catalog/name.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"

const char *const en_catalog_image_columns[] = {"image",    "image_name", "image_id",   "id_code",    "image name",
                                                "image id", "filename",   "file_name",  "file name",  "imagename",
                                                "imageid",  "image_path", "image path", "image file", "file",
                                                "path",     "img",        "id",         NULL};

static const char *const from_words[] = {NULL, "name", "pattern", "column", "pairs"};
const en_wordlist en_patient_froms = EN_WORDLIST("origin of a patient", from_words);

static const char separators[] = "_-. ";

static const struct {
    const char *word, *eye;
    unsigned weight; /* of two words in a name the heavier one counts */
} eyes[] = {{"right", "right", 3}, {"left", "left", 3}, {"od", "right", 2},
            {"os", "left", 2},     {"r", "right", 1},   {"l", "left", 1}};
#define EYES (sizeof eyes / sizeof *eyes)

const char *en_catalog_eye(const char *word)
{
    for (size_t i = 0; i < EYES; i++) {
        if (strcasecmp(word, eyes[i].word) == 0) {
            return eyes[i].eye;
        }
    }
    return NULL;
}

/* What else follows a dot may name the eye or the visit: "7.OS". */
static bool of_a_photograph(const char *extension)
{
    static const char *const known[] = {"jpg",  "jpeg", "jpe", "jfif", "png",   "tif",  "tiff", "bmp",
                                        "webp", "mpo",  "dib", "dcm",  "dicom", "heic", "heif"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcasecmp(extension, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The last part of a path; Windows separates with '\'. */
static const char *last_part(const char *path)
{
    const char *base = path;
    for (const char *c = path; *c != '\0'; c++) {
        base = *c == '/' || *c == '\\' ? c + 1 : base;
    }
    return base;
}

size_t en_catalog_stem_length(const char *path)
{
    const char *ext = en_path_ext(last_part(path));
    return strlen(path) - (of_a_photograph(ext) ? strlen(ext) + 1 : 0);
}

/* A part of a name between separators. */
typedef struct token {
    const char *at;
    size_t length;
} token;

static token next_token(const char **at, const char *end)
{
    while (*at < end && strchr(separators, **at) != NULL) {
        (*at)++;
    }
    token t = {*at, 0};
    while (*at < end && strchr(separators, **at) == NULL) {
        (*at)++;
    }
    t.length = (size_t)(*at - t.at);
    return t;
}

static bool all_digits(token t)
{
    for (size_t i = 0; i < t.length; i++) {
        if (!isdigit((unsigned char)t.at[i])) {
            return false;
        }
    }
    return t.length > 0;
}

/* The index of the token's word among `eyes`, or EYES. Digits behind it are a shot's number, but not at the beginning
 * of a name, where "R12" is more likely a patient. */
static size_t eye_of(token t, bool first)
{
    for (size_t i = 0; i < EYES; i++) {
        size_t length = strlen(eyes[i].word);
        if (t.length < length || t.length > length + (first ? 0 : 2) || strncasecmp(t.at, eyes[i].word, length) != 0) {
            continue;
        }
        if (t.length == length || all_digits((token){t.at + length, t.length - length})) {
            return i;
        }
    }
    return EYES;
}

/* The one eye that a name tells; false when it tells none or two. */
static bool find_eye(const char *name, const char *end, token *found, const char **eye)
{
    unsigned heaviest = 0;
    bool clash = false;
    for (const char *at = name; at < end;) {
        token t = next_token(&at, end);
        size_t i = t.length > 0 ? eye_of(t, t.at == name) : EYES;
        if (i == EYES) {
            continue;
        }
        if (eyes[i].weight >= heaviest) {
            clash = eyes[i].weight == heaviest && (clash || strcmp(eyes[i].eye, *eye) != 0);
            heaviest = eyes[i].weight;
            *found = t;
            *eye = eyes[i].eye;
        }
    }
    return heaviest > 0 && !clash;
}

static token trim(token t)
{
    while (t.length > 0 && strchr(separators, t.at[0]) != NULL) {
        t.at++;
        t.length--;
    }
    while (t.length > 0 && strchr(separators, t.at[t.length - 1]) != NULL) {
        t.length--;
    }
    return t;
}

/* Behind an eye that begins the name: all of it, less a last number below 100 that counts shots. */
static token patient_behind(token rest)
{
    rest = trim(rest);
    size_t cut = rest.length;
    while (cut > 0 && strchr(separators, rest.at[cut - 1]) == NULL) {
        cut--;
    }
    token last = {rest.at + cut, rest.length - cut};
    return cut > 0 && last.length <= 2 && all_digits(last) ? trim((token){rest.at, cut}) : rest;
}

/* The last folder of the path whose last part is `base`; empty when there is none. */
static token folder_of(const char *path, const char *base)
{
    token t = {base, 0};
    if (base > path) {
        t.at = base - 1;
        while (t.at > path && t.at[-1] != '/' && t.at[-1] != '\\') {
            t.at--;
            t.length++;
        }
    }
    return t;
}

static void recognise(const char *path, const char *base, size_t length, en_catalog_name *out)
{
    token word = {base, 0};
    const char *eye = NULL, *end = base + length;
    if (!find_eye(base, end, &word, &eye)) {
        return;
    }
    token patient = trim((token){base, (size_t)(word.at - base)});
    if (patient.length == 0) {
        token rest = patient_behind((token){word.at + word.length, (size_t)(end - word.at) - word.length});
        bool shot = rest.length == 0 || (rest.length <= 2 && all_digits(rest));
        token folder = folder_of(path, base);
        patient = shot && folder.length > 0 && folder.length <= EN_CATALOG_NAME_MAX ? folder : rest;
    }
    if (patient.length == 0) {
        return;
    }
    memcpy(out->patient, patient.at, patient.length);
    out->patient[patient.length] = '\0';
    out->eye = eye;
    out->from = EN_PATIENT_NAME;
}

en_status en_catalog_name_parse(const char *path_or_name, en_catalog_name *out, en_error *err)
{
    const char *base = last_part(path_or_name);
    size_t length = en_catalog_stem_length(base);
    *out = (en_catalog_name){0};
    if (length == 0 || length > EN_CATALOG_NAME_MAX) {
        return en_error_set(err, EN_INPUT, "'%.80s' is not a valid image name: it must have 1 to %d bytes", base,
                            EN_CATALOG_NAME_MAX);
    }
    memcpy(out->name, base, length);
    memcpy(out->patient, base, length);
    recognise(path_or_name, base, length, out);
    return EN_OK;
}

/* Patterns */

static const struct {
    const char *name, *pattern; /* NULL: its names do not tell the patient */
} presets[] = {
    {"eyepacs", "{patient}_{eye}"}, {"deepdrid", "{patient}_{eye}*"}, {"ddr", "{patient}-*"}, {"aptos", "{patient}"},
    {"idrid", "{patient}"},         {"rfmid", "{patient}"},           {"messidor2", NULL},
};

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        count++;
    }
    return count;
}

en_status en_catalog_pattern(const char *text, const char **pattern, en_error *err)
{
    *pattern = text;
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++) {
        if (strcasecmp(text, presets[i].name) != 0) {
            continue;
        }
        *pattern = presets[i].pattern;
        return *pattern != NULL
                   ? EN_OK
                   : en_error_hint(
                         err, en_error_set(err, EN_USAGE, "the names of %s do not tell the patient", presets[i].name),
                         "give its file of pairs: eyenet patients --pairs FILE");
    }
    size_t patients = count_of(text, "{patient}"), found = count_of(text, "{eye}");
    if (patients == 1 && found <= 1 && count_of(text, "{") == patients + found) {
        return EN_OK;
    }
    *pattern = NULL;
    return en_error_hint(err, en_error_set(err, EN_USAGE, "'%s' is not a pattern for names", text),
                         "it must have {patient} once and may have {eye} and *, as in '{patient}_{eye}'; or it is one "
                         "of eyepacs, deepdrid, ddr, aptos, idrid and rfmid");
}

typedef struct matching {
    const char *end; /* of the path */
    token patient;
    const char *eye;
} matching;

static bool match(matching *m, const char *pattern, const char *at);

/* Tries the longest first, down to `least` bytes; never over a folder's end. */
static bool match_run(matching *m, const char *rest, const char *at, size_t least, token *out)
{
    size_t most = 0;
    while (at + most < m->end && at[most] != '/') {
        most++;
    }
    for (size_t n = most + 1; n-- > least;) {
        if (match(m, rest, at + n)) {
            if (out != NULL) {
                *out = (token){at, n};
            }
            return true;
        }
    }
    return false;
}

static bool match(matching *m, const char *pattern, const char *at)
{
    static const char patient[] = "{patient}", eye[] = "{eye}";
    if (*pattern == '\0') {
        return at == m->end;
    }
    if (strncmp(pattern, patient, sizeof patient - 1) == 0) {
        return match_run(m, pattern + sizeof patient - 1, at, 1, &m->patient);
    }
    if (*pattern == '*') {
        return match_run(m, pattern + 1, at, 0, NULL);
    }
    if (strncmp(pattern, eye, sizeof eye - 1) == 0) {
        for (size_t i = 0; i < EYES; i++) {
            size_t length = strlen(eyes[i].word);
            if ((size_t)(m->end - at) >= length && strncasecmp(at, eyes[i].word, length) == 0 &&
                match(m, pattern + sizeof eye - 1, at + length)) {
                m->eye = eyes[i].eye;
                return true;
            }
        }
        return false;
    }
    return at < m->end && tolower((unsigned char)*at) == tolower((unsigned char)*pattern) &&
           match(m, pattern + 1, at + 1);
}

bool en_catalog_pattern_match(const char *pattern, const char *path, en_catalog_name *name)
{
    matching m = {.end = path + en_catalog_stem_length(path)};
    size_t folders = count_of(pattern, "/");
    const char *at = last_part(path);
    for (; folders > 0 && at > path; folders--) {
        at--;
        while (at > path && at[-1] != '/') {
            at--;
        }
    }
    if (folders > 0 || !match(&m, pattern, at) || m.patient.length > EN_CATALOG_NAME_MAX) {
        return false;
    }
    memcpy(name->patient, m.patient.at, m.patient.length);
    name->patient[m.patient.length] = '\0';
    name->eye = m.eye;
    name->from = EN_PATIENT_PATTERN;
    return true;
}
