/* A sheet on cairo: PNG and PDF. Hinting is off and the PDF's date is fixed, so that the same chart
 * is the same bytes on a machine, whenever it is drawn. Uses base and cairo. */
#include <cairo-pdf.h>
#include <math.h>

#include "plot/paper_internal.h"
#include "plot/sheet.h"

static void set_colour(cairo_t *cr, en_ink ink, double opacity)
{
    unsigned rgb = en_ink_rgb(ink);
    cairo_set_source_rgba(cr, (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, opacity);
}

/* Fills and strokes the current path. */
static void use_pen(cairo_t *cr, const en_pen *pen)
{
    if (pen->fill != EN_INK_NONE) {
        set_colour(cr, pen->fill, pen->opacity > 0 ? pen->opacity : 1);
        cairo_fill_preserve(cr);
    }
    if (pen->stroke != EN_INK_NONE) {
        double lengths[EN_DASH_MAX];
        size_t count = en_dash_lengths(pen->dash, lengths);
        cairo_set_dash(cr, lengths, (int)count, 0);
        cairo_set_line_width(cr, pen->width);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        set_colour(cr, pen->stroke, 1);
        cairo_stroke_preserve(cr);
    }
    cairo_new_path(cr);
}

static void draw_path(en_sheet *sheet, const en_point *p, size_t count, const en_pen *pen)
{
    for (size_t i = 0; i < count; i++) {
        cairo_line_to(sheet->cairo, p[i].x, p[i].y);
    }
    use_pen(sheet->cairo, pen);
}

static void draw_rect(en_sheet *sheet, double x, double y, double width, double height, const en_pen *pen)
{
    cairo_rectangle(sheet->cairo, x, y, width, height);
    use_pen(sheet->cairo, pen);
}

static void draw_circle(en_sheet *sheet, double x, double y, double radius, const en_pen *pen)
{
    cairo_arc(sheet->cairo, x, y, radius, 0, 6.283185307179586);
    use_pen(sheet->cairo, pen);
}

static void draw_text(en_sheet *sheet, double x, double y, const en_letters *letters, const char *text)
{
    static const double before[] = {[EN_ALIGN_LEFT] = 0, [EN_ALIGN_CENTRE] = 0.5, [EN_ALIGN_RIGHT] = 1};
    cairo_t *cr = sheet->cairo;
    cairo_select_font_face(cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           letters->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, letters->size);
    cairo_text_extents_t extents;
    cairo_text_extents(cr, text, &extents);
    cairo_move_to(cr, x - before[letters->align] * extents.x_advance, y);
    set_colour(cr, letters->ink, 1);
    cairo_show_text(cr, text);
    cairo_new_path(cr);
}

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned length)
{
    en_sheet *sheet = closure;
    if (sheet->status == EN_OK) {
        sheet->status = en_buf_add(&sheet->bytes, data, length, sheet->err);
    }
    return sheet->status == EN_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void draw_finish(en_sheet *sheet)
{
    if (sheet->paper != NULL) {
        en_paper_placed(sheet->paper);
        return;
    }
    cairo_status_t cs = cairo_status(sheet->cairo);
    if (cs == CAIRO_STATUS_SUCCESS && sheet->status == EN_OK) {
        if (cairo_surface_get_type(sheet->surface) == CAIRO_SURFACE_TYPE_IMAGE) {
            cs = cairo_surface_write_to_png_stream(sheet->surface, collect, sheet);
        } else {
            cairo_surface_finish(sheet->surface);
            cs = cairo_surface_status(sheet->surface);
        }
    }
    cairo_destroy(sheet->cairo);
    cairo_surface_destroy(sheet->surface);
    if (sheet->status != EN_OK || cs == CAIRO_STATUS_SUCCESS) {
        return;
    }
    en_status st = cs == CAIRO_STATUS_NO_MEMORY ? EN_NOMEM : EN_BUG;
    sheet->status = en_error_set(sheet->err, st, "cannot draw the chart: %s", cairo_status_to_string(cs));
}

void en_sheet_fonts(cairo_t *cr)
{
    cairo_font_options_t *fonts = cairo_font_options_create();
    cairo_font_options_set_hint_style(fonts, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(fonts, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(fonts, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(cr, fonts);
    cairo_font_options_destroy(fonts);
}

void en_sheet_cairo_begin(en_sheet *sheet, en_chart_medium medium)
{
    static const en_sheet_ops ops = {draw_path, draw_rect, draw_circle, draw_text, draw_finish};
    sheet->ops = &ops;
    if (medium.paper != NULL) {
        sheet->paper = medium.paper;
        sheet->cairo = en_paper_place(medium.paper, sheet->width, sheet->height);
        sheet->status = medium.paper->status;
        return;
    }
    double inches = (medium.width_mm > 0 ? medium.width_mm : EN_CHART_WIDTH_MM) / 25.4;
    double per_inch = medium.format == EN_CHART_PDF ? 72 : medium.dpi > 0 ? medium.dpi : EN_CHART_DPI;
    double scale = inches * per_inch / sheet->width; /* a point of PDF is 1/72 inch */
    double width = sheet->width * scale, height = sheet->height * scale;
    if (!(width <= EN_CHART_PX_MAX && height <= EN_CHART_PX_MAX)) {
        sheet->status = en_error_set(sheet->err, EN_USAGE, "a chart of %.0f x %.0f pixels: at most %d", width, height,
                                     EN_CHART_PX_MAX);
        width = height = scale = 1;
    }
    if (medium.format == EN_CHART_PNG) {
        sheet->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(width), (int)lround(height));
    } else {
        sheet->surface = cairo_pdf_surface_create_for_stream(collect, sheet, width, height);
        cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    }
    sheet->cairo = cairo_create(sheet->surface);
    cairo_scale(sheet->cairo, scale, scale);
    en_sheet_fonts(sheet->cairo);
}
