/* See contact.h. */
#include "plot/contact.h"

#include <string.h>

#include "plot/sheet.h"

#define GAP 16.0
#define LINE 15.0    /* px from one line of words to the next */
#define HEADING 34.0 /* px of the title, and of a group's name */
#define CELL_HEIGHT (EN_CONTACT_EDGE + LINE * EN_CONTACT_LINES + GAP)
#define WIDTH (GAP + EN_CONTACT_COLUMNS * (EN_CONTACT_EDGE + GAP))

static bool is_new_group(const en_contact_picture *picture, size_t i)
{
    const char *is = picture[i].group, *was = i > 0 ? picture[i - 1].group : NULL;
    return is != NULL && (was == NULL || strcmp(is, was) != 0);
}

/* Puts the pixels on the sheet, in the middle of their square. */
static void draw_pixels(en_sheet *sheet, const en_contact_picture *p, double x, double y)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, p->width, p->height);
    unsigned char *row = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int i = 0; row != NULL && i < p->height; i++, row += stride) {
        for (int j = 0; j < p->width; j++) {
            const uint8_t *rgb = p->rgb + 3 * ((size_t)i * (size_t)p->width + (size_t)j);
            const uint32_t pixel = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
            memcpy(row + 4 * j, &pixel, sizeof pixel);
        }
    }
    cairo_surface_mark_dirty(surface);
    cairo_set_source_surface(sheet->cairo, surface, x + (EN_CONTACT_EDGE - p->width) / 2,
                             y + (EN_CONTACT_EDGE - p->height) / 2);
    cairo_paint(sheet->cairo);
    cairo_surface_destroy(surface);
}

static void draw_picture(en_sheet *sheet, const en_contact_picture *p, double x, double y)
{
    const en_letters missing = {.size = 12, .align = EN_ALIGN_CENTRE, .ink = EN_INK_MUTED};
    en_sheet_rect(sheet, x, y, EN_CONTACT_EDGE, EN_CONTACT_EDGE, (en_pen){.fill = EN_INK_GRID});
    if (p->rgb != NULL) {
        draw_pixels(sheet, p, x, y);
    } else {
        en_sheet_text(sheet, x + EN_CONTACT_EDGE / 2.0, y + EN_CONTACT_EDGE / 2.0, missing, "no picture");
    }
    for (int k = 0; k < EN_CONTACT_LINES; k++) {
        const en_letters letters = {
            .size = 11, .bold = k == 0, .ink = k == 0 ? EN_INK_TEXT : EN_INK_MUTED, .max_width = EN_CONTACT_EDGE};
        en_sheet_text(sheet, x, y + EN_CONTACT_EDGE + LINE * (k + 1), letters, p->line[k]);
    }
}

/* Goes over the pictures, draws them unless sheet is NULL, and returns the height of it all. */
static double lay_out(en_sheet *sheet, const en_contact_picture *picture, size_t count)
{
    double y = GAP + HEADING;
    size_t column = 0;
    for (size_t i = 0; i < count; i++) {
        bool heading = is_new_group(picture, i);
        if (column > 0 && (heading || column == EN_CONTACT_COLUMNS)) {
            y += CELL_HEIGHT;
            column = 0;
        }
        if (heading) {
            if (sheet != NULL) {
                en_sheet_text(sheet, GAP, y + HEADING / 2, (en_letters){.size = 14, .bold = true, .ink = EN_INK_TEXT},
                              picture[i].group);
            }
            y += HEADING;
        }
        if (sheet != NULL && sheet->status == EN_OK) {
            draw_picture(sheet, &picture[i], GAP + (double)column * (EN_CONTACT_EDGE + GAP), y);
        }
        column++;
    }
    return y + (column > 0 ? CELL_HEIGHT : 0);
}

en_status en_contact_draw(const char *title, const en_contact_picture *picture, size_t count, en_buf *out,
                          en_error *err)
{
    if (count > EN_CONTACT_MOST) {
        return en_error_set(err, EN_USAGE, "%zu pictures on a sheet: the most are %d", count, EN_CONTACT_MOST);
    }
    en_sheet sheet;
    const en_chart_medium medium = {
        .format = EN_CHART_PNG, .width_mm = WIDTH / 96 * 25.4, .dpi = 96}; /* 1 px is 1 px */
    en_sheet_begin(&sheet, medium, WIDTH, lay_out(NULL, picture, count), NULL, err);
    en_sheet_text(&sheet, GAP, GAP + HEADING / 2, (en_letters){.size = 17, .bold = true, .ink = EN_INK_TEXT}, title);
    (void)lay_out(&sheet, picture, count);
    return en_sheet_finish(&sheet, out);
}
