/* A canvas on cairo: PNG at twice the size, and PDF. Hinting is off and the PDF's date is fixed, so that the same chart
 * is the same bytes on a machine, whenever it is drawn. Uses base and cairo. */
#include <cairo-pdf.h>

#include "plot/canvas.h"

#define PNG_SCALE 2.0
#define PDF_SCALE 0.75 /* a CSS px is 1/96 inch, a point of PDF 1/72 */

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

static void cairo_canvas_path(en_canvas *c, const en_point *p, size_t count, const en_pen *pen)
{
    for (size_t i = 0; i < count; i++) cairo_line_to(c->cairo, p[i].x, p[i].y);
    use_pen(c->cairo, pen);
}

static void cairo_canvas_rect(en_canvas *c, double x, double y, double width, double height, const en_pen *pen)
{
    cairo_rectangle(c->cairo, x, y, width, height);
    use_pen(c->cairo, pen);
}

static void cairo_canvas_circle(en_canvas *c, double x, double y, double radius, const en_pen *pen)
{
    cairo_arc(c->cairo, x, y, radius, 0, 6.283185307179586);
    use_pen(c->cairo, pen);
}

static void cairo_canvas_text(en_canvas *c, double x, double y, const en_letters *letters, const char *text)
{
    static const double before[] = {[EN_ALIGN_LEFT] = 0, [EN_ALIGN_CENTRE] = 0.5, [EN_ALIGN_RIGHT] = 1};
    cairo_t *cr = c->cairo;
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
    en_canvas *c = closure;
    if (c->status == EN_OK) c->status = en_buf_add(&c->bytes, data, length, c->err);
    return c->status == EN_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void cairo_canvas_finish(en_canvas *c)
{
    cairo_status_t cs = cairo_status(c->cairo);
    if (cs == CAIRO_STATUS_SUCCESS && c->status == EN_OK) {
        if (cairo_surface_get_type(c->surface) == CAIRO_SURFACE_TYPE_IMAGE) {
            cs = cairo_surface_write_to_png_stream(c->surface, collect, c);
        } else {
            cairo_surface_finish(c->surface);
            cs = cairo_surface_status(c->surface);
        }
    }
    cairo_destroy(c->cairo);
    cairo_surface_destroy(c->surface);
    if (c->status != EN_OK || cs == CAIRO_STATUS_SUCCESS) return;
    c->status = en_error_set(c->err, cs == CAIRO_STATUS_NO_MEMORY ? EN_NOMEM : EN_BUG, "cannot draw the chart: %s",
                             cairo_status_to_string(cs));
}

void en_canvas_cairo_begin(en_canvas *c, en_chart_format format)
{
    static const en_canvas_ops ops = {cairo_canvas_path, cairo_canvas_rect, cairo_canvas_circle, cairo_canvas_text,
                                      cairo_canvas_finish};
    c->ops = &ops;
    double scale = format == EN_CHART_PNG ? PNG_SCALE : PDF_SCALE;
    if (format == EN_CHART_PNG) {
        c->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(c->width * scale), (int)(c->height * scale));
    } else {
        c->surface = cairo_pdf_surface_create_for_stream(collect, c, c->width * scale, c->height * scale);
        cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    }
    c->cairo = cairo_create(c->surface);
    cairo_scale(c->cairo, scale, scale);
    cairo_font_options_t *fonts = cairo_font_options_create();
    cairo_font_options_set_hint_style(fonts, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(fonts, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(fonts, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(c->cairo, fonts);
    cairo_font_options_destroy(fonts);
}
