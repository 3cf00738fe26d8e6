/* A canvas that writes SVG 1.1 as text. Numbers are written with at most two decimals and without regard to the locale,
 * so that the same chart is the same bytes everywhere. Uses base only. */
#include <stdio.h>
#include <string.h>

#include "plot/canvas.h"
#include "plot/figure.h"
#include "plot/markup.h"

static void put(en_canvas *c, const char *text)
{
    if (c->status == EN_OK) c->status = en_buf_text(&c->bytes, text, c->err);
}

static void put_text(en_canvas *c, const char *text)
{
    if (c->status == EN_OK) c->status = en_markup_text(&c->bytes, text, c->err);
}

static void put_number(en_canvas *c, double value)
{
    char text[EN_FIGURE_ROOM];
    put(c, en_figure_short(value, 2, text));
}

/* ` name="value"` */
static void put_attribute(en_canvas *c, const char *name, double value)
{
    put(c, " ");
    put(c, name);
    put(c, "=\"");
    put_number(c, value);
    put(c, "\"");
}

static const char *ink_class(en_ink ink)
{
    static const char *const name[EN_INK_COUNT] = {
        [EN_INK_PAPER] = "pl-paper",   [EN_INK_TEXT] = "pl-ink",      [EN_INK_MUTED] = "pl-muted",
        [EN_INK_GRID] = "pl-grid",     [EN_INK_AXIS] = "pl-axis",     [EN_INK_WHITE] = "pl-white",
        [EN_INK_SERIES] = "pl-s0",     [EN_INK_SERIES + 1] = "pl-s1", [EN_INK_SERIES + 2] = "pl-s2",
        [EN_INK_SERIES + 3] = "pl-s3", [EN_INK_SERIES + 4] = "pl-s4", [EN_INK_SERIES + 5] = "pl-s5",
    };
    return name[ink];
}

static void put_colour(en_canvas *c, const char *attribute, en_ink ink)
{
    char text[48];
    if (ink == EN_INK_NONE) {
        snprintf(text, sizeof text, " %s=\"none\"", attribute);
    } else {
        snprintf(text, sizeof text, " %s=\"#%06x\"", attribute, en_ink_rgb(ink));
    }
    put(c, text);
}

static void put_class(en_canvas *c, en_ink fill, en_ink stroke)
{
    put(c, " class=\"");
    if (fill != EN_INK_NONE) put(c, ink_class(fill));
    if (fill != EN_INK_NONE && stroke != EN_INK_NONE) put(c, " ");
    if (stroke != EN_INK_NONE) {
        put(c, ink_class(stroke));
        put(c, "-l");
    }
    put(c, "\"");
}

/* The attributes of a shape, its end and what is shown when it is hovered. */
static void put_pen(en_canvas *c, const char *element, const en_pen *pen)
{
    put_class(c, pen->fill, pen->stroke);
    put_colour(c, "fill", pen->fill);
    if (pen->opacity > 0 && pen->opacity < 1) put_attribute(c, "fill-opacity", pen->opacity);
    if (pen->stroke != EN_INK_NONE) {
        put_colour(c, "stroke", pen->stroke);
        put_attribute(c, "stroke-width", pen->width);
        double lengths[EN_DASH_MAX];
        size_t count = en_dash_lengths(pen->dash, lengths);
        for (size_t i = 0; i < count; i++) {
            put(c, i == 0 ? " stroke-dasharray=\"" : " ");
            put_number(c, lengths[i]);
        }
        if (count > 0) put(c, "\"");
    }
    if (pen->tip == NULL) {
        put(c, "/>\n");
        return;
    }
    put(c, "><title>");
    put_text(c, pen->tip);
    put(c, "</title></");
    put(c, element);
    put(c, ">\n");
}

static void svg_path(en_canvas *c, const en_point *p, size_t count, const en_pen *pen)
{
    put(c, "<polyline points=\"");
    for (size_t i = 0; i < count; i++) {
        if (i > 0) put(c, " ");
        put_number(c, p[i].x);
        put(c, ",");
        put_number(c, p[i].y);
    }
    put(c, "\" stroke-linejoin=\"round\"");
    put_pen(c, "polyline", pen);
}

static void svg_rect(en_canvas *c, double x, double y, double width, double height, const en_pen *pen)
{
    put(c, "<rect");
    put_attribute(c, "x", x);
    put_attribute(c, "y", y);
    put_attribute(c, "width", width);
    put_attribute(c, "height", height);
    put_pen(c, "rect", pen);
}

static void svg_circle(en_canvas *c, double x, double y, double radius, const en_pen *pen)
{
    put(c, "<circle");
    put_attribute(c, "cx", x);
    put_attribute(c, "cy", y);
    put_attribute(c, "r", radius);
    put_pen(c, "circle", pen);
}

static void svg_text(en_canvas *c, double x, double y, const en_letters *letters, const char *text)
{
    static const char *const anchor[] = {
        [EN_ALIGN_LEFT] = "", [EN_ALIGN_CENTRE] = " text-anchor=\"middle\"", [EN_ALIGN_RIGHT] = " text-anchor=\"end\""};
    put(c, "<text");
    put_attribute(c, "x", x);
    put_attribute(c, "y", y);
    put_attribute(c, "font-size", letters->size);
    put(c, anchor[letters->align]);
    if (letters->bold) put(c, " font-weight=\"600\"");
    put_class(c, letters->ink, EN_INK_NONE);
    put_colour(c, "fill", letters->ink);
    put(c, ">");
    put_text(c, text);
    put(c, "</text>\n");
}

static void svg_finish(en_canvas *c)
{
    put(c, "</svg>\n");
}

void en_canvas_svg_begin(en_canvas *c, const char *alt)
{
    static const en_canvas_ops ops = {svg_path, svg_rect, svg_circle, svg_text, svg_finish};
    c->ops = &ops;
    put(c, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    put_attribute(c, "width", c->width);
    put_attribute(c, "height", c->height);
    put(c, " viewBox=\"0 0 ");
    put_number(c, c->width);
    put(c, " ");
    put_number(c, c->height);
    put(c, "\" font-family=\"system-ui,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif\""
           " role=\"img\" aria-label=\"");
    put_text(c, alt);
    put(c, "\">\n");
}
