/* Recognising encodings and converting them by iconv. The code pages are told apart by what is common in each: a byte
 * sequence that is valid in several reads as everyday text in few. */
#include "base/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

bool en_charset_is_utf8(const char *text, size_t size)
{
    for (size_t at = 0, taken = 0; at < size; at += taken) {
        if (en_utf8_next(text + at, size - at, &taken) == EN_UTF8_BAD && taken == 1) {
            return false;
        }
    }
    return true;
}

/* Characters that are not ASCII: how many there are, and how many are everyday ones. valid: all can be read. */
typedef struct reading {
    size_t all, common;
    bool valid;
} reading;

/* Code pages of two bytes per character: which first and second bytes are valid, and which first bytes are those of
 * everyday characters. */
typedef struct pairs {
    uint8_t first_low, first_high;
    uint8_t common_low, common_high; /* of the first byte */
    uint8_t also_low, also_high;     /* a second range of them; 1, 0: none */
    uint8_t second_low;              /* of the second byte, where the character is everyday */
    bool single_kana;                /* A1..DF are characters of one byte */
} pairs;
static const pairs gbk = {0x81, 0xFE, 0xB0, 0xD7, 1, 0, 0xA1, false};        /* GB 2312, level 1: the 3,755 most used */
static const pairs cp932 = {0x81, 0xFC, 0x82, 0x83, 0x88, 0x97, 0x40, true}; /* kana; JIS X 0208, level 1 */
static const pairs big5 = {0xA1, 0xF9, 0xA4, 0xC6, 1, 0, 0x40, false};       /* level 1: the 5,401 most used */
static const pairs cp949 = {0x81, 0xFE, 0xB0, 0xC8, 1, 0, 0xA1, false};      /* the 2,350 hangul of KS X 1001 */

static bool within(uint8_t b, uint8_t low, uint8_t high) { return b >= low && b <= high; }

static reading read_pairs(const uint8_t *s, size_t size, const pairs *p)
{
    reading r = {.valid = true};
    size_t read = 0; /* up to here it was pairs */
    for (size_t i = 0; i < size && r.valid; i++) {
        if (s[i] < 0x80) {
            continue;
        }
        r.all++;
        if (p->single_kana && within(s[i], 0xA1, 0xDF)) {
            continue;
        }
        bool second = i + 1 < size && s[i + 1] >= 0x40 && s[i + 1] != 0x7F && s[i + 1] != 0xFF;
        r.valid = within(s[i], p->first_low, p->first_high) && second;
        if (r.valid) {
            bool everyday = within(s[i], p->common_low, p->common_high) || within(s[i], p->also_low, p->also_high);
            bool in_word = i > read && s[i - 1] >= 'a' && s[i - 1] <= 'z' && s[i + 1] < 0x80; /* "r\x82tine" */
            bool hiragana = !p->single_kana || s[i] != 0x82 || s[i + 1] >= 0x9F;
            r.common += everyday && !in_word && hiragana && s[i + 1] >= p->second_low;
            i++;
            read = i + 1;
        }
    }
    return r;
}

/* What a byte from 0x80 on is in a page of one byte per character. */
typedef enum kind { OTHER, LOWER, UPPER } kind;

static kind kind_cp1251(uint8_t b)
{
    return b >= 0xE0 || b == 0xB8 || b == 0xB3 || b == 0xBF || b == 0xBA   ? LOWER
           : b >= 0xC0 || b == 0xA8 || b == 0xB2 || b == 0xAF || b == 0xAA ? UPPER
                                                                           : OTHER;
}
static kind kind_cp866(uint8_t b)
{
    return within(b, 0xA0, 0xAF) || within(b, 0xE0, 0xEF) || b == 0xF1 ? LOWER
           : within(b, 0x80, 0x9F) || b == 0xF0                        ? UPPER
                                                                       : OTHER;
}
static kind kind_cp1252(uint8_t b)
{
    return (b >= 0xDF && b != 0xF7) || b == 0x9C || b == 0x9A || b == 0x9E ? LOWER
           : (within(b, 0xC0, 0xDE) && b != 0xD7) || b == 0x8C             ? UPPER
                                                                           : OTHER;
}
static kind kind_cp850(uint8_t b)
{
    static const uint8_t lower[] = {0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x91,
                                    0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x9B, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xE1};
    static const uint8_t upper[] = {0x80, 0x8E, 0x8F, 0x90, 0x92, 0x99, 0x9A, 0x9D, 0xA5, 0xB5, 0xB6, 0xB7};
    return memchr(lower, b, sizeof lower) != NULL ? LOWER : memchr(upper, b, sizeof upper) != NULL ? UPPER : OTHER;
}

static bool is_ascii_letter(uint8_t b) { return (b | 0x20) >= 'a' && (b | 0x20) <= 'z'; }

/* Letters of a script of its own, Cyrillic: runs of two or more, in which no capital follows a small letter. */
static reading read_script(const uint8_t *s, size_t size, kind of(uint8_t))
{
    reading r = {.valid = true};
    for (size_t i = 0; i < size; i++) {
        if (s[i] < 0x80) {
            continue;
        }
        kind k = of(s[i]), before = i > 0 && s[i - 1] >= 0x80 ? of(s[i - 1]) : OTHER;
        bool among = (i > 0 && is_ascii_letter(s[i - 1])) || (i + 1 < size && is_ascii_letter(s[i + 1]));
        r.all++;
        bool alone = before == OTHER && !(i + 1 < size && s[i + 1] >= 0x80 && of(s[i + 1]) != OTHER);
        r.common += k != OTHER && !among && !alone && !(k == UPPER && before == LOWER);
    }
    return r;
}

/* Accented letters stand among plain ones, seldom two together. */
static reading read_accents(const uint8_t *s, size_t size, kind of(uint8_t))
{
    reading r = {.valid = true};
    for (size_t i = 0; i < size; i++) {
        if (s[i] < 0x80) {
            continue;
        }
        bool alone = !(i > 0 && s[i - 1] >= 0x80) && !(i + 1 < size && s[i + 1] >= 0x80);
        bool small = i > 0 && s[i - 1] >= 'a' && s[i - 1] <= 'z';
        kind k = of(s[i]);
        r.all++;
        r.common += alone && (k == LOWER || (k == UPPER && !small));
    }
    return r;
}

/* 0..1: how much of what is not ASCII is everyday. */
static double share(reading r) { return r.valid && r.all > 0 ? (double)r.common / (double)r.all : 0; }

static const char *detect_page(const uint8_t *s, size_t size)
{
    /* Korean syllables lie where the first two thirds of the everyday Chinese characters do: three of them in a row are
     * Korean rather than Chinese. */
    const reading korean = read_pairs(s, size, &cp949);
    const struct {
        const char *name;
        double score;
    } page[] = {
        {"CP949", share(korean) + (korean.all >= 3 && korean.common == korean.all ? 0.001 : -0.001)},
        {"GB18030", share(read_pairs(s, size, &gbk))},
        {"CP932", share(read_pairs(s, size, &cp932))},
        {"BIG5", share(read_pairs(s, size, &big5)) - 0.002},
        {"CP1251", share(read_script(s, size, kind_cp1251))},
        {"CP866", share(read_script(s, size, kind_cp866)) - 0.001},
        {"CP1252", share(read_accents(s, size, kind_cp1252))},
        {"CP850", share(read_accents(s, size, kind_cp850)) - 0.001},
    };
    const char *best = "CP1252";
    double most = 0;
    for (size_t i = 0; i < sizeof page / sizeof *page; i++) {
        if (page[i].score > most) {
            most = page[i].score;
            best = page[i].name;
        }
    }
    return best;
}

/* UTF-16 without a mark: every other byte of its ASCII characters is 0. */
static const char *detect_wide(const uint8_t *s, size_t size)
{
    size_t zeros[2] = {0};
    size_t looked = size < 4096 ? size : 4096;
    for (size_t i = 0; i < looked; i++) {
        zeros[i % 2] += s[i] == 0;
    }
    if (zeros[0] + zeros[1] == 0 || size % 2 != 0) {
        return NULL;
    }
    return zeros[1] > looked / 4 && zeros[0] * 8 < zeros[1]   ? "UTF-16LE"
           : zeros[0] > looked / 4 && zeros[1] * 8 < zeros[0] ? "UTF-16BE"
                                                              : NULL;
}

const char *en_charset_detect(const char *text, size_t size, size_t *mark)
{
    static const struct {
        const char *mark;
        size_t size;
        const char *name;
    } marks[] = {{"\xEF\xBB\xBF", 3, "UTF-8"},
                 {"\xFF\xFE\0\0", 4, "UTF-32LE"},
                 {"\0\0\xFE\xFF", 4, "UTF-32BE"},
                 {"\xFF\xFE", 2, "UTF-16LE"},
                 {"\xFE\xFF", 2, "UTF-16BE"}};
    size_t unused;
    mark = mark != NULL ? mark : &unused;
    *mark = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (size >= marks[i].size && memcmp(text, marks[i].mark, marks[i].size) == 0) {
            *mark = marks[i].size;
            return marks[i].name;
        }
    }
    const char *wide = detect_wide((const uint8_t *)text, size);
    if (wide != NULL) {
        return wide;
    }
    return en_charset_is_utf8(text, size) ? "UTF-8" : detect_page((const uint8_t *)text, size);
}

static en_status convert(iconv_t to, const char *text, size_t size, const char *encoding, bool guessed, en_buf *out,
                         en_error *err)
{
    char block[4096], *in = (char *)(uintptr_t)text; /* iconv does not write to it */
    en_status st = EN_OK;
    while (st == EN_OK && size > 0) {
        char *at = block;
        size_t left = sizeof block;
        size_t n = iconv(to, &in, &size, &at, &left);
        int code = n == (size_t)-1 ? errno : 0;
        st = en_buf_add(out, block, sizeof block - left, err);
        if (st != EN_OK || code == 0 || code == E2BIG) {
            continue;
        }
        if (!guessed) {
            return en_error_set(err, EN_INPUT, "it is not valid %s", encoding);
        }
        st = en_buf_add(out, "\xEF\xBF\xBD", 3, err);
        in++;
        size--;
    }
    return st;
}

static en_status open_from(const char *encoding, iconv_t *to, en_error *err)
{
    *to = iconv_open("UTF-8", encoding);
    return *to != (iconv_t)-1 ? EN_OK
                              : en_error_set(err, EN_USAGE, "'%s' is not an encoding that is known here", encoding);
}

en_status en_charset_check(const char *encoding, en_error *err)
{
    iconv_t to;
    en_status st = open_from(encoding, &to, err);
    if (st == EN_OK) {
        iconv_close(to);
    }
    return st;
}

en_status en_charset_to_utf8(const char *text, size_t size, const char *encoding, en_buf *out, en_error *err)
{
    size_t mark = 0;
    const char *from = encoding != NULL ? encoding : en_charset_detect(text, size, &mark);
    if (strcmp(from, "UTF-8") == 0 && en_charset_is_utf8(text + mark, size - mark)) {
        return en_buf_add(out, text + mark, size - mark, err);
    }
    iconv_t to;
    en_status st = open_from(from, &to, err);
    if (st != EN_OK) {
        return st;
    }
    st = convert(to, text + mark, size - mark, from, encoding == NULL, out, err);
    iconv_close(to);
    return st;
}
