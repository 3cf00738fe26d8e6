/* The flow diagram: boxes below each other, what remains at each step, and beside the arrows what left, as STARD asks
 * for (Bossuyt et al., "STARD 2015: an updated list of essential items for reporting diagnostic accuracy studies").
 * Uses base only. */
#include <math.h>

#include "plot/frame.h"

#define BOX 212.0    /* px, the width of a box */
#define PAD 9.0      /* px, from a box to its text */
#define LINE 17.0    /* px */
#define GAP 22.0     /* px at least, of an arrow */
#define BETWEEN 26.0 /* px, from the column of boxes to what left */
#define HEAD 4.0     /* px, half the head of an arrow */

static size_t side_lines(const en_chart_step *s)
{
    size_t n = 0;
    while (n < EN_CHART_SIDE_MAX && s->side[n] != NULL) {
        n++;
    }
    return n;
}

static double box_height(const en_chart_step *s) { return 2 * PAD + LINE * (s->detail != NULL ? 2 : 1) - 3; }
static double side_height(const en_chart_step *s) { return 2 * PAD + LINE * (double)side_lines(s) - 3; }
/* Of the arrow below a step. */
static double gap_height(const en_chart_step *s) { return side_lines(s) > 0 ? side_height(s) + GAP : GAP; }

static void draw_box(en_sheet *sheet, double x, double y, double width, double height, en_ink edge)
{
    en_sheet_rect(sheet, x, y, width, height, (en_pen){.fill = EN_INK_PAPER, .stroke = edge, .width = 1.2});
}

static void draw_arrow(en_sheet *sheet, double x0, double y0, double x1, double y1)
{
    en_pen pen = {.stroke = EN_INK_AXIS, .width = 1.2};
    bool down = y1 > y0;
    en_point head[] = {{x1, y1},
                       {x1 - (down ? HEAD : 1.6 * HEAD), y1 - (down ? 1.6 * HEAD : HEAD)},
                       {x1 + (down ? HEAD : -1.6 * HEAD), y1 - (down ? 1.6 * HEAD : -HEAD)}};
    en_sheet_line(sheet, x0, y0, x1, y1, pen);
    en_sheet_path(sheet, head, 3, (en_pen){.fill = EN_INK_AXIS});
}

static void draw_side(en_sheet *sheet, const en_chart_step *s, double middle, double x)
{
    double height = side_height(s), y = middle - height / 2;
    double width = sheet->width - EN_FRAME_MARGIN - x;
    draw_box(sheet, x, y, width, height, EN_INK_GRID);
    for (size_t i = 0; i < side_lines(s); i++) {
        en_sheet_text(sheet, x + PAD, y + PAD + LINE * (double)i + 11,
                      (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED, .max_width = width - 2 * PAD},
                      s->side[i]);
    }
}

static void draw_step(en_sheet *sheet, const en_chart_step *s, double y, bool last)
{
    double left = EN_FRAME_MARGIN, middle = left + BOX / 2, height = box_height(s), below = y + height;
    draw_box(sheet, left, y, BOX, height, EN_INK_AXIS);
    en_sheet_text(sheet, left + PAD, y + PAD + 11,
                  (en_letters){.size = EN_LETTER_TEXT, .bold = true, .ink = EN_INK_TEXT, .max_width = BOX - 2 * PAD},
                  s->title);
    en_sheet_text(sheet, left + PAD, y + PAD + LINE + 11,
                  (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED, .max_width = BOX - 2 * PAD}, s->detail);
    if (last) {
        return;
    }
    double gap = gap_height(s);
    draw_arrow(sheet, middle, below, middle, below + gap);
    if (side_lines(s) > 0) {
        double x = left + BOX + BETWEEN;
        draw_arrow(sheet, middle, below + gap / 2, x, below + gap / 2);
        draw_side(sheet, s, below + gap / 2, x);
    }
}

en_status en_chart_draw_flow(const en_chart_flow *chart, en_chart_medium medium, en_buf *out, en_error *err)
{
    if (chart->steps > EN_CHART_STEPS_MAX) {
        return en_error_set(err, EN_USAGE, "%zu steps in a flow diagram: at most %d", chart->steps, EN_CHART_STEPS_MAX);
    }
    double head = en_frame_head_height(&chart->head), height = chart->steps > 0 ? 0 : 60;
    for (size_t i = 0; i < chart->steps; i++) {
        height += box_height(&chart->step[i]) + (i + 1 < chart->steps ? gap_height(&chart->step[i]) : 0);
    }
    en_sheet sheet;
    en_sheet_begin(&sheet, medium, EN_CHART_WIDTH, ceil(head + 6 + height + 18),
                   chart->head.alt != NULL ? chart->head.alt : chart->head.title, err);
    en_frame_head(&sheet, &chart->head);
    double y = head + 6;
    for (size_t i = 0; i < chart->steps; i++) {
        bool last = i + 1 == chart->steps;
        draw_step(&sheet, &chart->step[i], y, last);
        y += box_height(&chart->step[i]) + (last ? 0 : gap_height(&chart->step[i]));
    }
    if (chart->steps == 0) {
        en_frame_no_data(&sheet, &(en_frame){.left = 0, .right = sheet.width, .top = y, .bottom = y + height});
    }
    return en_sheet_finish(&sheet, out);
}
