/* The part of a sheet common to SVG and cairo: colours, dashes, widths of letters, shortening. Uses base only. */
#include "plot/sheet.h"

#include <string.h>

#include "base/markup.h"

#define PICTURE_CAP ((size_t)64 << 20) /* bytes; a chart is some 10 KiB */
#define TEXT_MAX 512                   /* bytes of one piece of text; what is longer is shortened */
#define ELLIPSIS 0x2026u

unsigned en_ink_rgb(en_ink ink)
{
    static const unsigned rgb[EN_INK_COUNT] = {
        [EN_INK_PAPER] = 0xffffff,      [EN_INK_TEXT] = 0x1f2328,       [EN_INK_MUTED] = 0x59636e,
        [EN_INK_GRID] = 0xe6e8eb,       [EN_INK_AXIS] = 0x8c959f,       [EN_INK_WHITE] = 0xffffff,
        [EN_INK_SERIES + 0] = 0x0072b2, [EN_INK_SERIES + 1] = 0xd55e00, [EN_INK_SERIES + 2] = 0x009e73,
        [EN_INK_SERIES + 3] = 0xcc79a7, [EN_INK_SERIES + 4] = 0xe69f00, [EN_INK_SERIES + 5] = 0x56b4e9,
    };
    return rgb[ink];
}

size_t en_dash_lengths(unsigned dash, double lengths[EN_DASH_MAX])
{
    static const double pattern[][EN_DASH_MAX] = {{0}, {7, 3}, {2, 2.5}, {9, 3, 2, 3}, {4, 2}, {1.5, 4}};
    const double *chosen = pattern[dash % (sizeof pattern / sizeof pattern[0])];
    size_t count = 0;
    while (count < EN_DASH_MAX && chosen[count] > 0) {
        lengths[count] = chosen[count];
        count++;
    }
    return count;
}

void en_sheet_begin(en_sheet *sheet, en_chart_medium medium, double width, double height, const char *alt,
                    en_error *err)
{
    *sheet = (en_sheet){.width = width, .height = height, .err = err};
    en_buf_init(&sheet->bytes, PICTURE_CAP);
    if (medium.format == EN_CHART_SVG) {
        en_sheet_svg_begin(sheet, medium, alt);
    } else if (medium.format == EN_CHART_TEXT) {
        en_sheet_text_begin(sheet, medium);
    } else {
        en_sheet_cairo_begin(sheet, medium);
    }
    en_sheet_rect(sheet, 0, 0, width, height, (en_pen){.fill = EN_INK_PAPER});
}

en_status en_sheet_finish(en_sheet *sheet, en_buf *out)
{
    sheet->ops->finish(sheet);
    if (sheet->status == EN_OK) {
        sheet->status = en_buf_add(out, sheet->bytes.data, sheet->bytes.size, sheet->err);
    }
    en_buf_clear(&sheet->bytes);
    return sheet->status;
}

void en_sheet_path(en_sheet *sheet, const en_point *p, size_t count, en_pen pen)
{
    if (sheet->status == EN_OK && count > 1) {
        sheet->ops->path(sheet, p, count, &pen);
    }
}

void en_sheet_line(en_sheet *sheet, double x0, double y0, double x1, double y1, en_pen pen)
{
    en_sheet_path(sheet, (en_point[]){{x0, y0}, {x1, y1}}, 2, pen);
}

void en_sheet_rect(en_sheet *sheet, double x, double y, double width, double height, en_pen pen)
{
    if (sheet->status == EN_OK) {
        sheet->ops->rect(sheet, x, y, width, height, &pen);
    }
}

void en_sheet_circle(en_sheet *sheet, double x, double y, double radius, en_pen pen)
{
    if (sheet->status == EN_OK) {
        sheet->ops->circle(sheet, x, y, radius, &pen);
    }
}

/* Thousandths of the font size, of DejaVu Sans. */
static unsigned character_width(unsigned ch)
{
    static const unsigned short width[] = {
        318,  401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, /* space to / */
        636,  636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, /* 0 to ? */
        1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, /* @ to O */
        603,  787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, /* P to _ */
        500,  613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, /* ` to o */
        635,  635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,      /* p to ~ */
    };
    if (ch >= 0x20 && ch < 0x7f) {
        return width[ch - 0x20];
    }
    return ch < 0x1100 ? 700 : 1000; /* other alphabets, then ideographs and arrows */
}

double en_sheet_text_width(const char *text, double size, bool bold)
{
    double sum = 0;
    while (*text != '\0') {
        sum += character_width(en_markup_next(&text));
    }
    return sum * size / 1000 * (bold ? 1.12 : 1.0);
}

/* Copies `text` as clean UTF-8 into out, shortened to `max_width` px (0: no limit) and to the memory there is. */
static void fit_text(const char *text, const en_letters *letters, char out[TEXT_MAX])
{
    double em = letters->size / 1000 * (letters->bold ? 1.12 : 1.0);
    bool whole =
        letters->max_width <= 0 || en_sheet_text_width(text, letters->size, letters->bold) <= letters->max_width;
    double width = letters->max_width - character_width(ELLIPSIS) * em;
    double used = 0;
    size_t size = 0;
    while (*text != '\0') {
        unsigned ch = en_markup_next(&text);
        used += character_width(ch) * em;
        if ((!whole && used > width) || size + 8 > TEXT_MAX) {
            size += en_markup_encode(ELLIPSIS, out + size);
            break;
        }
        size += en_markup_encode(ch, out + size);
    }
    out[size] = '\0';
}

void en_sheet_text(en_sheet *sheet, double x, double y, en_letters letters, const char *text)
{
    if (sheet->status != EN_OK || text == NULL || *text == '\0') {
        return;
    }
    char clean[TEXT_MAX];
    fit_text(text, &letters, clean);
    sheet->ops->text(sheet, x, y, &letters, clean);
}
