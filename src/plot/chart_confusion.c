/* The confusion matrix as a heat map: a row is a true class, and its shades are fractions of that row. Uses base only.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/frame.h"

#define CELL_MOST 76.0        /* px */
#define CELL_COUNTS 30.0      /* from this width on a cell is wide enough for its count */
#define CELL_PROPORTIONS 46.0 /* and for the percentage of the row */
#define TOTALS 56.0           /* px, for the rows' totals */
#define NAME_LEAST 24.0       /* px; below, nothing of a column's name could be read */
#define LINE 16.0             /* px, of a second line above the columns */
#define STRONG 0.8            /* from this fraction of a row on, white letters are easier to read than dark ones */

typedef struct layout {
    double left, top, cell, height;
    size_t every;      /* narrow cells name every so many columns */
    double name_width; /* px available for the name of a column */
    bool two_lines;    /* of some columns' names */
    bool first_words;  /* name the columns: some name is too wide for two lines */
} layout;

/* Whether a name fits above its column, in one line or two. */
static bool fits(const char *name, double width)
{
    const char *second = en_frame_second_line(name, EN_LETTER_TEXT, width);
    const char *last = second != NULL ? second : name;
    return en_sheet_text_width(last, EN_LETTER_TEXT, false) <= width;
}

static size_t first_word(const char *name) { return strcspn(name, " "); }

/* Whether the first words tell the classes apart: "0" to "4" of the grades. */
static bool distinct_words(const en_chart_confusion *chart)
{
    for (size_t i = 0; i < chart->classes; i++) {
        for (size_t k = 0; k < i; k++) {
            size_t length = first_word(chart->names[i]);
            if (length == first_word(chart->names[k]) && strncmp(chart->names[i], chart->names[k], length) == 0) {
                return false;
            }
        }
    }
    return true;
}

static layout plan(const en_chart_confusion *chart)
{
    double names = 0;
    for (size_t i = 0; i < chart->classes; i++) {
        names = fmax(names, en_sheet_text_width(chart->names[i], EN_LETTER_TEXT, false));
    }
    names = fmin(fmax(names, en_sheet_text_width("graded", EN_LETTER_SMALL, false)), 120);
    layout l = {.left = EN_FRAME_MARGIN + names + 12, .top = en_frame_head_height(&chart->head) + 46};
    l.cell = fmin(CELL_MOST, (EN_CHART_WIDTH - TOTALS - l.left - EN_FRAME_MARGIN) / (double)chart->classes);
    l.every = l.cell < 14 ? (size_t)ceil(14 / l.cell) : 1;
    l.name_width = l.cell * (double)l.every - 4;
    for (size_t i = 0; i < chart->classes; i++) {
        l.first_words = l.first_words || !fits(chart->names[i], l.name_width);
    }
    l.first_words = l.first_words && distinct_words(chart);
    for (size_t i = 0; l.name_width >= NAME_LEAST && !l.first_words && i < chart->classes; i++) {
        l.two_lines = l.two_lines || en_frame_second_line(chart->names[i], EN_LETTER_TEXT, l.name_width) != NULL;
    }
    l.top += l.two_lines ? LINE : 0;
    l.height = l.top + l.cell * (double)chart->classes + 40;
    return l;
}

static int64_t row_total(const en_chart_confusion *chart, size_t row)
{
    int64_t total = 0;
    for (size_t i = 0; i < chart->classes; i++) {
        total += chart->count[row * chart->classes + i];
    }
    return total;
}

static void draw_cell(en_sheet *sheet, const en_chart_confusion *chart, const layout *l, size_t row, size_t column)
{
    int64_t count = chart->count[row * chart->classes + column], total = row_total(chart, row);
    double proportion = total > 0 ? (double)count / (double)total : 0;
    double x = l->left + l->cell * (double)column, y = l->top + l->cell * (double)row;
    double gap = l->cell > 20 ? 1.5 : 0.5;
    char figure[EN_NUMBER_TEXT], percent[EN_NUMBER_TEXT], tip[256];
    en_number_count(count, figure);
    en_number_percent(proportion, 0, percent);
    snprintf(tip, sizeof tip, "%.60s predicted as %.60s: %s (%s)", chart->names[row], chart->names[column], figure,
             percent);
    en_sheet_rect(sheet, x + gap, y + gap, l->cell - 2 * gap, l->cell - 2 * gap,
                  (en_pen){.fill = EN_INK_SERIES, .opacity = 0.05 + 0.95 * proportion, .tip = tip});
    if (l->cell < CELL_COUNTS) {
        return;
    }
    bool proportions = l->cell >= CELL_PROPORTIONS;
    en_letters letters = {.size = fmin(17, l->cell * 0.28),
                          .align = EN_ALIGN_CENTRE,
                          .bold = row == column,
                          .ink = proportion > STRONG ? EN_INK_WHITE : EN_INK_TEXT,
                          .max_width = l->cell - 4};
    en_sheet_text(sheet, x + l->cell / 2, y + l->cell / 2 + (proportions ? 0 : letters.size * 0.35), letters, figure);
    if (!proportions || total == 0) {
        return;
    }
    letters.size = 12;
    letters.bold = false;
    if (proportion <= 0.3) {
        letters.ink = EN_INK_MUTED;
    }
    en_sheet_text(sheet, x + l->cell / 2, y + l->cell / 2 + 18, letters, percent);
}

static void draw_column_name(en_sheet *sheet, const layout *l, double middle, const char *name)
{
    en_letters above = {
        .size = EN_LETTER_TEXT, .ink = EN_INK_TEXT, .align = EN_ALIGN_CENTRE, .max_width = l->name_width};
    const char *second = en_frame_second_line(name, EN_LETTER_TEXT, l->name_width);
    if (l->name_width < NAME_LEAST) {
        return;
    }
    if (l->first_words) {
        char word[128];
        snprintf(word, sizeof word, "%.*s", (int)first_word(name), name);
        en_sheet_text(sheet, l->left + middle, l->top - 9, above, word);
        return;
    }
    if (second != NULL) {
        char first[128];
        snprintf(first, sizeof first, "%.*s", (int)(second - 1 - name), name);
        en_sheet_text(sheet, l->left + middle, l->top - 9 - LINE, above, first);
    }
    en_sheet_text(sheet, l->left + middle, l->top - 9, above, second != NULL ? second : name);
}

/* The classes' names along both sides and each row's total. */
static void draw_names(en_sheet *sheet, const en_chart_confusion *chart, const layout *l)
{
    en_letters side = {.size = EN_LETTER_TEXT, .ink = EN_INK_TEXT, .align = EN_ALIGN_RIGHT, .max_width = 122};
    en_letters total = {.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED};
    double right = l->left + l->cell * (double)chart->classes + 8;
    for (size_t i = 0; i < chart->classes; i += l->every) {
        double middle = l->cell * ((double)i + 0.5);
        char figure[EN_NUMBER_TEXT], text[64];
        snprintf(text, sizeof text, "n = %s", en_number_count(row_total(chart, i), figure));
        en_sheet_text(sheet, l->left - 8, l->top + middle + 4.5, side, chart->names[i]);
        draw_column_name(sheet, l, middle, chart->names[i]);
        en_sheet_text(sheet, right, l->top + middle + 4.5, total, text);
    }
    en_letters quiet = {.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED};
    en_sheet_text(sheet, l->left + 2, l->top - 29 - (l->two_lines ? LINE : 0), quiet, "predicted \xe2\x86\x92");
    quiet.align = EN_ALIGN_RIGHT;
    en_sheet_text(sheet, l->left - 8, l->top - 9, quiet, "truth \xe2\x86\x93");
    quiet.align = EN_ALIGN_LEFT;
    en_sheet_text(sheet, EN_FRAME_MARGIN, l->height - 14, quiet, "Shades and percentages are relative to the row.");
}

en_status en_chart_draw_confusion(const en_chart_confusion *chart, en_chart_medium medium, en_buf *out, en_error *err)
{
    if (chart->classes < 1 || chart->classes > EN_CHART_CLASSES_MAX) {
        return en_error_set(err, EN_USAGE, "a confusion matrix of %zu classes: 1 to %d can be drawn", chart->classes,
                            EN_CHART_CLASSES_MAX);
    }
    layout l = plan(chart);
    en_sheet sheet;
    en_sheet_begin(&sheet, medium, EN_CHART_WIDTH, ceil(l.height),
                   chart->head.alt != NULL ? chart->head.alt : chart->head.title, err);
    en_frame_head(&sheet, &chart->head);
    for (size_t row = 0; row < chart->classes; row++) {
        for (size_t column = 0; column < chart->classes; column++) {
            draw_cell(&sheet, chart, &l, row, column);
        }
    }
    draw_names(&sheet, chart, &l);
    return en_sheet_finish(&sheet, out);
}
