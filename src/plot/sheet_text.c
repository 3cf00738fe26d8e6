/* A sheet of characters, for a terminal. Lines and areas are dots, 2 x 4 in a character (the Braille patterns, U+2800),
 * or '.', ':' and '#' by their number where there is no UTF-8; letters take the place of the dots beneath them. Without
 * colours lines differ by their dashes. Grids and tints are left out. */
#include <math.h>
#include <string.h>
#include <wchar.h>

#include "base/markup.h"
#include "base/memory.h"
#include "plot/sheet.h"

#define ACROSS 2 /* dots of a character */
#define DOWN 4
#define ALL_DOTS 0xff
#define BRAILLE 0x2800u
#define FULL_BLOCK 0x2588u
#define BESIDE 1u   /* the right half of a character that is two wide */
#define ROW_PX 15.0 /* of a row, whatever a column is: lines of text are no nearer, and each has a row of its own */
#define LEAST_COLUMNS 40
#define MOST_COLUMNS 400

struct en_text_grid {
    size_t columns, rows;
    uint32_t *letter;          /* [rows * columns]; 0: none */
    uint8_t *dots;             /* [rows * columns] */
    double x_per_px, y_per_px; /* dots */
    bool utf8;
};

/* Bits of a pattern, as Unicode numbers them, by row and column. */
static const uint8_t bits[DOWN][ACROSS] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

static void set_dot(en_text_grid *g, long x, long y, bool on)
{
    if (x < 0 || y < 0 || (size_t)x >= g->columns * ACROSS || (size_t)y >= g->rows * DOWN) {
        return;
    }
    uint8_t *cell = &g->dots[(size_t)y / DOWN * g->columns + (size_t)x / ACROSS];
    const uint8_t bit = bits[y % DOWN][x % ACROSS];
    *cell = (uint8_t)(on ? *cell | bit : *cell & ~bit);
}

static long dot_x(const en_text_grid *g, double px) { return lround(px * g->x_per_px - 0.5); }
static long dot_y(const en_text_grid *g, double px) { return lround(px * g->y_per_px - 0.5); }

/* Where on a dashed line one is: the sum of the lengths, and how far it went. */
typedef struct dashes {
    double length[EN_DASH_MAX], all, at;
    size_t count;
} dashes;

static dashes dashes_of(const en_text_grid *g, unsigned dash)
{
    dashes d = {.all = 0};
    d.count = en_dash_lengths(dash, d.length);
    for (size_t i = 0; i < d.count; i++) {
        d.length[i] = fmax(1, d.length[i] * g->x_per_px);
        d.all += d.length[i];
    }
    return d;
}

/* Whether the dot that comes now is drawn. */
static bool next_is_on(dashes *d)
{
    double at = fmod(d->at, d->all > 0 ? d->all : 1);
    d->at += 1;
    for (size_t i = 0; i < d->count; i++) {
        if (at < d->length[i]) {
            return i % 2 == 0;
        }
        at -= d->length[i];
    }
    return true;
}

/* Dot by dot along the longer side, without the first one, which the piece before has drawn. */
static void draw_line(en_text_grid *g, en_point from, en_point to, dashes *d, bool first)
{
    const double x = from.x * g->x_per_px - 0.5, y = from.y * g->y_per_px - 0.5;
    const double dx = (to.x - from.x) * g->x_per_px, dy = (to.y - from.y) * g->y_per_px;
    const double steps = fmin(ceil(fmax(fabs(dx), fabs(dy))), 1e5);
    for (double i = first ? 0 : 1; i <= steps; i++) {
        const double part = steps > 0 ? i / steps : 0;
        if (next_is_on(d)) {
            set_dot(g, lround(x + part * dx), lround(y + part * dy), true);
        }
    }
}

static bool is_drawn(en_ink ink) { return ink != EN_INK_NONE && ink != EN_INK_GRID && ink != EN_INK_PAPER; }

static void draw_path(en_sheet *sheet, const en_point *p, size_t count, const en_pen *pen)
{
    dashes d = dashes_of(sheet->text, pen->dash);
    for (size_t i = 1; is_drawn(pen->stroke) && i < count; i++) {
        draw_line(sheet->text, p[i - 1], p[i], &d, i == 1);
    }
}

static void draw_rect(en_sheet *sheet, double x, double y, double width, double height, const en_pen *pen)
{
    en_text_grid *g = sheet->text;
    const bool tint = pen->opacity > 0 && pen->opacity < 0.5;
    if (pen->fill == EN_INK_PAPER || (is_drawn(pen->fill) && !tint)) {
        for (long row = dot_y(g, y); row <= dot_y(g, y + height - 1 / g->y_per_px); row++) {
            for (long column = dot_x(g, x); column <= dot_x(g, x + width - 1 / g->x_per_px); column++) {
                set_dot(g, column, row, pen->fill != EN_INK_PAPER);
            }
        }
    }
    const double right = x + width, bottom = y + height;
    draw_path(sheet, (en_point[]){{x, y}, {right, y}, {right, bottom}, {x, bottom}, {x, y}}, 5, pen);
}

static void put_letter(en_text_grid *g, long column, long row, uint32_t letter)
{
    if (column >= 0 && row >= 0 && (size_t)column < g->columns && (size_t)row < g->rows) {
        g->letter[(size_t)row * g->columns + (size_t)column] = letter;
    }
}

/* A mark of its own is a letter; one on a line that shows a measurement is a few dots. */
static void draw_circle(en_sheet *sheet, double x, double y, double radius, const en_pen *pen)
{
    en_text_grid *g = sheet->text;
    (void)pen;
    if (radius >= 4) {
        put_letter(g, dot_x(g, x) / ACROSS, dot_y(g, y) / DOWN, g->utf8 ? 0x25cf : 'o');
    } else {
        set_dot(g, dot_x(g, x), dot_y(g, y), true);
    }
}

/* What a terminal shows of a character; control characters have become U+FFFD already (base/markup.h). */
static uint32_t shown(uint32_t c, bool utf8)
{
    if (utf8 || c < 0x7f) {
        return wcwidth((wchar_t)c) > 0 ? c : '?';
    }
    static const struct {
        uint32_t character;
        char instead;
    } plain[] = {{0xb7, '.'},   {0x2013, '-'}, {0x201c, '"'}, {0x201d, '"'}, {0x2026, '.'},
                 {0x2192, '>'}, {0x2193, 'v'}, {0x2212, '-'}, {0x2265, '>'}};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (plain[i].character == c) {
            return (unsigned char)plain[i].instead;
        }
    }
    return '?';
}

static size_t width_of(uint32_t c) { return wcwidth((wchar_t)c) == 2 ? 2 : 1; }

static void draw_text(en_sheet *sheet, double x, double y, const en_letters *letters, const char *text)
{
    en_text_grid *g = sheet->text;
    size_t width = 0;
    for (const char *at = text; *at != '\0';) {
        width += width_of(shown(en_markup_next(&at), g->utf8));
    }
    const size_t before = letters->align == EN_ALIGN_LEFT ? 0 : letters->align == EN_ALIGN_RIGHT ? width : width / 2;
    long column = lround(x * g->x_per_px / ACROSS) - (long)before;
    const long row = (long)floor((y - 0.35 * letters->size) * g->y_per_px / DOWN); /* of the letters' middle */
    while (*text != '\0') {
        const uint32_t c = shown(en_markup_next(&text), g->utf8);
        put_letter(g, column++, row, c);
        if (width_of(c) == 2) {
            put_letter(g, column++, row, BESIDE);
        }
    }
}

static uint32_t glyph_of(const en_text_grid *g, size_t cell)
{
    const uint8_t dots = g->dots[cell];
    if (g->letter[cell] != 0) {
        return g->letter[cell];
    }
    if (dots == 0) {
        return ' ';
    }
    if (g->utf8) {
        return dots == ALL_DOTS ? FULL_BLOCK : BRAILLE + dots;
    }
    const int count = __builtin_popcount(dots);
    return count < 3 ? '.' : count < 6 ? ':' : '#';
}

/* Without blanks at the end of a line, and without empty lines above and below. */
static void put_grid(en_sheet *sheet)
{
    const en_text_grid *g = sheet->text;
    size_t lines = 0; /* empty ones that were held back */
    bool begun = false;
    for (size_t row = 0; sheet->status == EN_OK && row < g->rows; row++) {
        size_t end = g->columns;
        while (end > 0 && glyph_of(g, row * g->columns + end - 1) == ' ') {
            end--;
        }
        lines += begun && end == 0;
        for (; sheet->status == EN_OK && end > 0 && lines > 0; lines--) {
            sheet->status = en_buf_text(&sheet->bytes, "\n", sheet->err);
        }
        for (size_t i = 0; sheet->status == EN_OK && i < end; i++) {
            char text[8];
            const uint32_t c = glyph_of(g, row * g->columns + i);
            if (c != BESIDE) {
                sheet->status = en_buf_add(&sheet->bytes, text, en_markup_encode(c, text), sheet->err);
            }
        }
        if (end > 0 && sheet->status == EN_OK) {
            begun = true;
            sheet->status = en_buf_text(&sheet->bytes, "\n", sheet->err);
        }
    }
}

static void draw_finish(en_sheet *sheet)
{
    if (sheet->status == EN_OK) {
        put_grid(sheet);
    }
    if (sheet->text != NULL) {
        en_free(sheet->text->letter);
        en_free(sheet->text->dots);
    }
    en_free(sheet->text);
}

void en_sheet_text_begin(en_sheet *sheet, en_chart_medium medium)
{
    static const en_sheet_ops ops = {draw_path, draw_rect, draw_circle, draw_text, draw_finish};
    sheet->ops = &ops;
    en_text_grid *g = sheet->text = en_calloc(1, sizeof *g);
    if (g == NULL) {
        sheet->status = en_error_nomem(sheet->err, "a chart");
        return;
    }
    g->utf8 = medium.utf8;
    g->columns = medium.columns < LEAST_COLUMNS ? LEAST_COLUMNS : medium.columns;
    g->columns = g->columns > MOST_COLUMNS ? MOST_COLUMNS : g->columns;
    g->x_per_px = (double)(g->columns * ACROSS) / sheet->width;
    g->y_per_px = DOWN / ROW_PX;
    g->rows = (size_t)ceil(sheet->height / ROW_PX);
    g->letter = en_calloc(g->rows * g->columns, sizeof *g->letter);
    g->dots = en_calloc(g->rows * g->columns, sizeof *g->dots);
    if (g->letter == NULL || g->dots == NULL) {
        sheet->status = en_error_nomem(sheet->err, "a chart");
    }
}
