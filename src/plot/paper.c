/* A document as PDF: pages, and text on them. */
#include "plot/paper.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <string.h>

#include "base/markup.h"
#include "base/memory.h"
#include "plot/paper_internal.h"
#include "plot/sheet.h"

#define DOCUMENT_CAP ((size_t)256 << 20) /* bytes */
#define LINE_MAX_BYTES 2048              /* of a line as it is set; what is longer goes on in the next */
#define MONO_WIDTH 0.602                 /* of the size, of each character of DejaVu Sans Mono */
#define SLOT_GAP 14.0                    /* between things beside each other */
#define CHARTS_ACROSS 2
#define PICTURES_ACROSS 4
#define BELOW_HEADING 80.0         /* a heading is not alone at the foot of a page */
#define BELOW_CHARTS_HEADING 280.0 /* nor one above charts */

static const en_paper_style title_style = {.size = 18, .bold = true}, heading_style = {.size = 13, .bold = true},
                            body_style = {.size = 9}, name_style = {.size = 9, .bold = true},
                            code_style = {.size = 8, .mono = true}, foot_style = {.size = 7.5, .muted = true},
                            caption_style = {.size = 7.5};

static double character_width(unsigned c, en_paper_style style)
{
    char text[8];
    if (style.mono) {
        return MONO_WIDTH * style.size;
    }
    text[en_markup_encode(c, text)] = '\0';
    return en_sheet_text_width(text, style.size, style.bold);
}

/* Takes the next line off the text: as much as fits the width, at least a character. Its words go to line[], without
 * the blanks at its end. */
static double take_line(const char **text, en_paper_style style, double width, char line[LINE_MAX_BYTES])
{
    const char *at = *text, *after_space = NULL;
    size_t size = 0, size_at_space = 0;
    double used = 0, used_at_space = 0;
    while (*at != '\0' && *at != '\n') {
        const char *next = at;
        const unsigned c = en_markup_next(&next);
        const double wide = character_width(c, style);
        if (size > 0 && (used + wide > width || size + 8 > LINE_MAX_BYTES)) {
            if (c != ' ' && after_space != NULL) {
                at = after_space;
                size = size_at_space;
                used = used_at_space;
            }
            break;
        }
        if (c == ' ' && size > 0) {
            after_space = next;
            size_at_space = size;
            used_at_space = used;
        }
        size += en_markup_encode(c == '\t' || c == '\r' ? ' ' : c, line + size);
        used += wide;
        at = next;
    }
    line[size] = '\0';
    at += *at == '\n' || (*at == ' ' && size > 0);
    *text = at;
    return used;
}

double en_paper_text_width(const char *text, en_paper_style style)
{
    char line[LINE_MAX_BYTES];
    double most = 0;
    while (*text != '\0') {
        const double wide = take_line(&text, style, 1e9, line);
        most = wide > most ? wide : most;
    }
    return most;
}

double en_paper_measure(const char *text, en_paper_style style, double width)
{
    char line[LINE_MAX_BYTES];
    size_t lines = 0;
    do {
        (void)take_line(&text, style, width, line);
        lines++;
    } while (*text != '\0');
    return (double)lines * style.size * EN_PAPER_LEADING;
}

static void put_line(en_paper *p, const char *line, en_paper_style style, double x, double y, double width)
{
    const unsigned rgb = en_ink_rgb(style.muted ? EN_INK_MUTED : EN_INK_TEXT);
    cairo_set_source_rgb(p->cairo, (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
    cairo_select_font_face(p->cairo, style.mono ? "DejaVu Sans Mono" : "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(p->cairo, style.size);
    if (style.right) {
        cairo_text_extents_t extents;
        cairo_text_extents(p->cairo, line, &extents);
        x += width - extents.x_advance;
    }
    cairo_move_to(p->cairo, x, y + style.size * 1.05);
    cairo_show_text(p->cairo, line);
}

double en_paper_draw(en_paper *p, const char *text, en_paper_style style, double x, double y, double width)
{
    char line[LINE_MAX_BYTES];
    double height = 0;
    do {
        (void)take_line(&text, style, width, line);
        put_line(p, line, style, x, y + height, width);
        height += style.size * EN_PAPER_LEADING;
    } while (*text != '\0');
    return height;
}

void en_paper_rule(en_paper *p, double y, double thickness)
{
    const unsigned rgb = en_ink_rgb(thickness > 0.5 ? EN_INK_AXIS : EN_INK_GRID);
    cairo_set_source_rgb(p->cairo, (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
    cairo_set_line_width(p->cairo, thickness);
    cairo_move_to(p->cairo, EN_PAPER_MARGIN, y);
    cairo_line_to(p->cairo, EN_PAPER_MARGIN + EN_PAPER_BODY, y);
    cairo_stroke(p->cairo);
}

/* Title and number below what is on the page. */
static void end_page(en_paper *p)
{
    char number[24];
    const double y = EN_PAPER_BOTTOM + foot_style.size * 1.5;
    en_paper_style right = foot_style;
    right.right = true;
    (void)snprintf(number, sizeof number, "%u", p->page);
    char line[LINE_MAX_BYTES];
    const char *rest = p->title;
    (void)take_line(&rest, foot_style, EN_PAPER_BODY - 40, line);
    put_line(p, line, foot_style, EN_PAPER_MARGIN, y, EN_PAPER_BODY);
    put_line(p, number, right, EN_PAPER_MARGIN, y, EN_PAPER_BODY);
    cairo_show_page(p->cairo);
}

void en_paper_need(en_paper *p, double height)
{
    if (p->y + height > EN_PAPER_BOTTOM && p->y > EN_PAPER_MARGIN) {
        end_page(p);
        p->page++;
        p->y = EN_PAPER_MARGIN;
    }
}

void en_paper_flow(en_paper *p, const char *text, en_paper_style style, double x, double width)
{
    char line[LINE_MAX_BYTES];
    do {
        (void)take_line(&text, style, width, line);
        en_paper_need(p, style.size * EN_PAPER_LEADING);
        put_line(p, line, style, x, p->y, width);
        p->y += style.size * EN_PAPER_LEADING;
    } while (*text != '\0');
}

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned length)
{
    en_paper *p = closure;
    if (p->status == EN_OK) {
        p->status = en_buf_add(&p->bytes, data, length, p->err);
    }
    return p->status == EN_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* The first line of a text, as clean UTF-8. */
static char *first_line(const char *text)
{
    char line[LINE_MAX_BYTES];
    (void)take_line(&text, body_style, 1e9, line);
    return en_strdup(line);
}

en_paper *en_paper_new(const char *title, en_error *err)
{
    en_paper *p = en_calloc(1, sizeof *p);
    char *copy = p != NULL ? first_line(title) : NULL;
    if (copy == NULL) {
        en_free(p);
        (void)en_error_nomem(err, "a document");
        return NULL;
    }
    *p = (en_paper){.title = copy, .page = 1, .y = EN_PAPER_MARGIN, .err = err};
    en_buf_init(&p->bytes, DOCUMENT_CAP);
    p->surface = cairo_pdf_surface_create_for_stream(collect, p, EN_PAPER_WIDTH, EN_PAPER_HEIGHT);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, copy);
    p->cairo = cairo_create(p->surface);
    en_sheet_fonts(p->cairo);
    en_paper_flow(p, title, title_style, EN_PAPER_MARGIN, EN_PAPER_BODY);
    p->y += 4;
    en_paper_rule(p, p->y, 1);
    p->y += 8;
    return p;
}

en_status en_paper_finish(en_paper *p, en_buf *out, en_error *err)
{
    if (p == NULL) {
        return en_error_nomem(err, "a document");
    }
    if (p->status == EN_OK) {
        end_page(p);
    }
    cairo_surface_finish(p->surface);
    cairo_status_t cs = cairo_status(p->cairo);
    cs = cs == CAIRO_STATUS_SUCCESS ? cairo_surface_status(p->surface) : cs;
    cairo_destroy(p->cairo);
    cairo_surface_destroy(p->surface);
    en_status st = p->status;
    if (st == EN_OK && cs != CAIRO_STATUS_SUCCESS) {
        st = en_error_set(err, cs == CAIRO_STATUS_NO_MEMORY ? EN_NOMEM : EN_BUG, "cannot write the document: %s",
                          cairo_status_to_string(cs));
    }
    if (st == EN_OK) {
        st = en_buf_add(out, p->bytes.data, p->bytes.size, err);
    }
    en_paper_table_clear(&p->table);
    en_buf_clear(&p->bytes);
    en_free(p->title);
    en_free(p);
    return st;
}

void en_paper_close_row(en_paper *p)
{
    if (p->across > 0) {
        p->y = p->row_bottom;
        p->across = p->taken = 0;
    }
}

double en_paper_slot_width(size_t across) { return (EN_PAPER_BODY - SLOT_GAP * (double)(across - 1)) / (double)across; }

en_paper_slot en_paper_take_slot(en_paper *p, size_t across, double height)
{
    const double width = en_paper_slot_width(across);
    if (p->across != across || p->taken == across || p->row_top + height > EN_PAPER_BOTTOM) {
        en_paper_close_row(p);
        en_paper_need(p, height);
        p->across = across;
        p->row_top = p->row_bottom = p->y;
    }
    const en_paper_slot slot = {EN_PAPER_MARGIN + (double)p->taken * (width + SLOT_GAP), p->row_top, width};
    const double bottom = p->row_top + height + 6;
    p->row_bottom = bottom > p->row_bottom ? bottom : p->row_bottom;
    p->taken++;
    return slot;
}

void en_paper_heading(en_paper *p, const char *text, bool charts)
{
    if (p == NULL || p->status != EN_OK) {
        return;
    }
    en_paper_close_row(p);
    p->y += p->y > EN_PAPER_MARGIN ? 10 : 0;
    en_paper_need(p, charts ? BELOW_CHARTS_HEADING : BELOW_HEADING);
    char place[64], clean[LINE_MAX_BYTES];
    const char *rest = text;
    (void)take_line(&rest, heading_style, 1e9, clean);
    (void)snprintf(place, sizeof place, "page=%u pos=[%.0f %.0f]", p->page, EN_PAPER_MARGIN, p->y);
    (void)cairo_pdf_surface_add_outline(p->surface, CAIRO_PDF_OUTLINE_ROOT, clean, place, CAIRO_PDF_OUTLINE_FLAG_OPEN);
    en_paper_flow(p, text, heading_style, EN_PAPER_MARGIN, EN_PAPER_BODY);
    p->y += 3;
}

void en_paper_text(en_paper *p, const char *text)
{
    if (p != NULL && p->status == EN_OK) {
        en_paper_close_row(p);
        en_paper_flow(p, text, body_style, EN_PAPER_MARGIN, EN_PAPER_BODY);
        p->y += 4;
    }
}

void en_paper_fact(en_paper *p, const char *name, const char *text)
{
    const double names = 125, x = EN_PAPER_MARGIN + names;
    if (p == NULL || p->status != EN_OK) {
        return;
    }
    en_paper_close_row(p);
    en_paper_need(p, en_paper_measure(name, name_style, names - 8));
    const double top = p->y;
    const unsigned page = p->page;
    const double height = en_paper_draw(p, name, name_style, EN_PAPER_MARGIN, top, names - 8);
    en_paper_flow(p, text, body_style, x, EN_PAPER_BODY - names);
    p->y = p->page == page && p->y < top + height ? top + height : p->y;
}

void en_paper_code(en_paper *p, const char *text)
{
    if (p != NULL && p->status == EN_OK) {
        en_paper_close_row(p);
        en_paper_flow(p, text, code_style, EN_PAPER_MARGIN + 12, EN_PAPER_BODY - 12);
        p->y += 4;
    }
}

en_chart_medium en_paper_chart(en_paper *p) { return (en_chart_medium){.format = EN_CHART_PDF, .paper = p}; }

cairo_t *en_paper_place(en_paper *p, double width, double height)
{
    if (p->status != EN_OK) {
        return NULL;
    }
    const double scale = en_paper_slot_width(CHARTS_ACROSS) / width;
    const en_paper_slot slot = en_paper_take_slot(p, CHARTS_ACROSS, height * scale);
    p->placing = true;
    cairo_save(p->cairo);
    cairo_translate(p->cairo, slot.x, slot.y);
    cairo_scale(p->cairo, scale, scale);
    return p->cairo;
}

void en_paper_placed(en_paper *p)
{
    if (p->placing) {
        cairo_restore(p->cairo);
        p->placing = false;
    }
}

static void free_bytes(void *bytes) { en_free(bytes); }

/* A surface of the JPEG's size that stands for it: a PDF takes the file as it is and none of the pixels. */
static cairo_surface_t *stand_in(en_paper *p, const void *jpeg, size_t bytes, int width, int height)
{
    unsigned char *copy = en_alloc(bytes);
    if (copy == NULL) {
        p->status = en_error_nomem(p->err, "a picture");
        return NULL;
    }
    memcpy(copy, jpeg, bytes);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    const cairo_status_t cs = cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, copy, bytes, free_bytes, copy);
    if (cs != CAIRO_STATUS_SUCCESS) {
        en_free(copy);
        cairo_surface_destroy(surface);
        p->status = en_error_set(p->err, cs == CAIRO_STATUS_NO_MEMORY ? EN_NOMEM : EN_BUG, "cannot place a picture: %s",
                                 cairo_status_to_string(cs));
        return NULL;
    }
    return surface;
}

void en_paper_picture(en_paper *p, const void *jpeg, size_t bytes, int width, int height, const char *caption)
{
    if (p == NULL || p->status != EN_OK || width < 1 || height < 1) {
        return;
    }
    const double wide = en_paper_slot_width(PICTURES_ACROSS), scale = wide / (width > height ? width : height);
    const double words = en_paper_measure(caption, caption_style, wide);
    cairo_surface_t *surface = stand_in(p, jpeg, bytes, width, height);
    if (surface == NULL) {
        return;
    }
    const en_paper_slot slot = en_paper_take_slot(p, PICTURES_ACROSS, wide + 2 + words);
    cairo_save(p->cairo);
    cairo_translate(p->cairo, slot.x, slot.y);
    cairo_scale(p->cairo, scale, scale);
    cairo_set_source_surface(p->cairo, surface, 0, 0);
    cairo_paint(p->cairo);
    cairo_restore(p->cairo);
    cairo_surface_destroy(surface);
    (void)en_paper_draw(p, caption, caption_style, slot.x, slot.y + wide + 2, wide);
}
