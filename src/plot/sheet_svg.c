/* A sheet that writes SVG 1.1 as text. Numbers are written with at most two decimals and without regard to the locale,
 * so that the same chart is the same bytes everywhere. Uses base only. */
#include <stdio.h>
#include <string.h>

#include "plot/sheet.h"
#include "base/number.h"
#include "base/markup.h"

static void put(en_sheet *sheet, const char *text)
{
    if (sheet->status == EN_OK) {
        sheet->status = en_buf_text(&sheet->bytes, text, sheet->err);
    }
}

static void put_text(en_sheet *sheet, const char *text)
{
    if (sheet->status == EN_OK) {
        sheet->status = en_markup_text(&sheet->bytes, text, sheet->err);
    }
}

static void put_number(en_sheet *sheet, double value)
{
    char text[EN_NUMBER_TEXT];
    put(sheet, en_number_short(value, 2, text));
}

/* ` name="value"` */
static void put_attribute(en_sheet *sheet, const char *name, double value)
{
    put(sheet, " ");
    put(sheet, name);
    put(sheet, "=\"");
    put_number(sheet, value);
    put(sheet, "\"");
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

static void put_colour(en_sheet *sheet, const char *attribute, en_ink ink)
{
    char text[48];
    if (ink == EN_INK_NONE) {
        snprintf(text, sizeof text, " %s=\"none\"", attribute);
    } else {
        snprintf(text, sizeof text, " %s=\"#%06x\"", attribute, en_ink_rgb(ink));
    }
    put(sheet, text);
}

static void put_class(en_sheet *sheet, en_ink fill, en_ink stroke)
{
    put(sheet, " class=\"");
    if (fill != EN_INK_NONE) {
        put(sheet, ink_class(fill));
    }
    if (fill != EN_INK_NONE && stroke != EN_INK_NONE) {
        put(sheet, " ");
    }
    if (stroke != EN_INK_NONE) {
        put(sheet, ink_class(stroke));
        put(sheet, "-l");
    }
    put(sheet, "\"");
}

/* The attributes of a shape, its end and what is shown when it is hovered. */
static void put_pen(en_sheet *sheet, const char *element, const en_pen *pen)
{
    put_class(sheet, pen->fill, pen->stroke);
    put_colour(sheet, "fill", pen->fill);
    if (pen->opacity > 0 && pen->opacity < 1) {
        put_attribute(sheet, "fill-opacity", pen->opacity);
    }
    if (pen->stroke != EN_INK_NONE) {
        put_colour(sheet, "stroke", pen->stroke);
        put_attribute(sheet, "stroke-width", pen->width);
        double lengths[EN_DASH_MAX];
        size_t count = en_dash_lengths(pen->dash, lengths);
        for (size_t i = 0; i < count; i++) {
            put(sheet, i == 0 ? " stroke-dasharray=\"" : " ");
            put_number(sheet, lengths[i]);
        }
        if (count > 0) {
            put(sheet, "\"");
        }
    }
    if (pen->tip == NULL) {
        put(sheet, "/>\n");
        return;
    }
    put(sheet, "><title>");
    put_text(sheet, pen->tip);
    put(sheet, "</title></");
    put(sheet, element);
    put(sheet, ">\n");
}

static void svg_path(en_sheet *sheet, const en_point *p, size_t count, const en_pen *pen)
{
    put(sheet, "<polyline points=\"");
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            put(sheet, " ");
        }
        put_number(sheet, p[i].x);
        put(sheet, ",");
        put_number(sheet, p[i].y);
    }
    put(sheet, "\" stroke-linejoin=\"round\"");
    put_pen(sheet, "polyline", pen);
}

static void svg_rect(en_sheet *sheet, double x, double y, double width, double height, const en_pen *pen)
{
    put(sheet, "<rect");
    put_attribute(sheet, "x", x);
    put_attribute(sheet, "y", y);
    put_attribute(sheet, "width", width);
    put_attribute(sheet, "height", height);
    put_pen(sheet, "rect", pen);
}

static void svg_circle(en_sheet *sheet, double x, double y, double radius, const en_pen *pen)
{
    put(sheet, "<circle");
    put_attribute(sheet, "cx", x);
    put_attribute(sheet, "cy", y);
    put_attribute(sheet, "r", radius);
    put_pen(sheet, "circle", pen);
}

static void svg_text(en_sheet *sheet, double x, double y, const en_letters *letters, const char *text)
{
    static const char *const anchor[] = {
        [EN_ALIGN_LEFT] = "", [EN_ALIGN_CENTRE] = " text-anchor=\"middle\"", [EN_ALIGN_RIGHT] = " text-anchor=\"end\""};
    put(sheet, "<text");
    put_attribute(sheet, "x", x);
    put_attribute(sheet, "y", y);
    put_attribute(sheet, "font-size", letters->size);
    put(sheet, anchor[letters->align]);
    if (letters->bold) {
        put(sheet, " font-weight=\"600\"");
    }
    put_class(sheet, letters->ink, EN_INK_NONE);
    put_colour(sheet, "fill", letters->ink);
    put(sheet, ">");
    put_text(sheet, text);
    put(sheet, "</text>\n");
}

static void svg_finish(en_sheet *sheet) { put(sheet, "</svg>\n"); }

void en_sheet_svg_begin(en_sheet *sheet, en_chart_medium medium, const char *alt)
{
    static const en_sheet_ops ops = {svg_path, svg_rect, svg_circle, svg_text, svg_finish};
    sheet->ops = &ops;
    put(sheet, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    double scale = medium.width_mm > 0 ? medium.width_mm / EN_CHART_WIDTH_MM : 1;
    put_attribute(sheet, "width", sheet->width * scale);
    put_attribute(sheet, "height", sheet->height * scale);
    put(sheet, " viewBox=\"0 0 ");
    put_number(sheet, sheet->width);
    put(sheet, " ");
    put_number(sheet, sheet->height);
    put(sheet, "\" font-family=\"system-ui,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif\""
               " role=\"img\" aria-label=\"");
    put_text(sheet, alt);
    put(sheet, "\">\n");
}
