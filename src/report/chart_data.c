/* The charts of the photographs alone: retinopathy or none, variants, distributions of the measures of quality. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "report/parts.h"

#define NOTHING ((double)NAN)
#define OUTLINE (2 * EN_REPORT_BINS + 2) /* points around the bars of a histogram */

/* The original's first chart: whoever has any retinopathy against those who have none. */
en_status en_report_draw_disease(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
{
    static const char *const name[] = {"no retinopathy", "any retinopathy"};
    static const char *const part[] = {"train", "validation", "test", "in no part"};
    double of[2][4] = {{0}}, value[8];
    for (size_t i = 0; i < r->balances; i++) {
        const en_report_balance *b = &r->balance[i];
        if (b->grade >= 0) {
            double *sum = of[b->grade > 0];
            sum[0] += (double)b->train;
            sum[1] += (double)b->val;
            sum[2] += (double)b->test;
            sum[3] += (double)b->none;
        }
    }
    bool split = r->split.id >= 0, leftover = of[0][3] + of[1][3] > 0;
    size_t parts = split ? (leftover ? 4 : 3) : 1;
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < parts; i++) {
            value[k * parts + i] = of[k][split ? i : 3];
        }
    }
    return en_chart_draw_bars(
        &(en_chart_bars){.head = {.title = "Photographs with and without retinopathy",
                                  .alt = "Bar chart: photographs of grade 0 and of grades 1 to 4"},
                         .names = name,
                         .bars = 2,
                         .part_names = split ? part : NULL,
                         .parts = parts,
                         .value = value,
                         .proportion = true},
        medium, out, err);
}

en_status en_report_draw_views(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
{
    static const char *const part[] = {"as taken", "mirrored or rotated"};
    const char *name[EN_CHART_BARS_MAX];
    double value[EN_CHART_BARS_MAX * 2];
    size_t bars = r->views_by_grade < EN_CHART_BARS_MAX ? r->views_by_grade : EN_CHART_BARS_MAX;
    for (size_t i = 0; i < bars; i++) {
        name[i] = r->view[i].name;
        value[2 * i] = (double)r->view[i].plain;
        value[2 * i + 1] = (double)r->view[i].changed;
    }
    return en_chart_draw_bars(
        &(en_chart_bars){.head = {.title = "Variants by grade", .alt = "Bar chart: variants of photographs by grade"},
                         .names = name,
                         .bars = bars,
                         .part_names = part,
                         .parts = 2,
                         .value = value,
                         .proportion = true},
        medium, out, err);
}

static int64_t sum(const int64_t count[EN_REPORT_BINS])
{
    int64_t all = 0;
    for (size_t i = 0; i < EN_REPORT_BINS; i++) {
        all += count[i];
    }
    return all;
}

int64_t en_report_histogram_count(const en_report_result *r, en_report_trait trait)
{
    return sum(r->histogram[trait].accepted) + sum(r->histogram[trait].rejected);
}

/* The points around a histogram's bars, each a proportion of all; how many points. */
static size_t draw_outline(const int64_t count[EN_REPORT_BINS], int64_t all, double x[OUTLINE], double y[OUTLINE])
{
    size_t n = 0;
    x[n] = y[n] = 0;
    n++;
    for (size_t i = 0; i < EN_REPORT_BINS; i++) {
        for (size_t side = 0; side < 2; side++) {
            x[n] = (double)(i + side) / EN_REPORT_BINS;
            y[n++] = (double)count[i] / (double)all;
        }
    }
    x[n] = 1;
    y[n++] = 0;
    return n;
}

en_status en_report_draw_histogram(const en_report_result *r, en_report_trait trait, en_chart_medium medium,
                                   en_buf *out, en_error *err)
{
    static const struct {
        const char *title, *x;
    } text[] = {
        [EN_REPORT_BRIGHTNESS] = {"Brightness", "mean luminance inside the disc, 0 to 1"},
        [EN_REPORT_CONTRAST] = {"Contrast", "standard deviation of luminance inside the disc, 0 to 1"},
        [EN_REPORT_SHARPNESS] = {"Sharpness", "detail of the green channel, 0.5 is average"},
        [EN_REPORT_SCORE] = {"Quality score", "0 hopeless to 1 good"},
    };
    const en_report_histogram *h = &r->histogram[trait];
    double x[2][OUTLINE], y[2][OUTLINE];
    en_chart_series series[2];
    char n[EN_NUMBER_TEXT], name[2][EN_NUMBER_TEXT + 32], alt[128];
    static const char *const status[] = {"accepted", "rejected"};
    const int64_t *of[] = {h->accepted, h->rejected};
    size_t count = 0;
    for (size_t k = 0; k < 2; k++) {
        int64_t all = sum(of[k]);
        if (all > 0) {
            snprintf(name[k], sizeof name[k], "%s, n = %s", status[k], en_number_count(all, n));
            series[count++] = (en_chart_series){name[k], x[k], y[k], draw_outline(of[k], all, x[k], y[k])};
        }
    }
    snprintf(alt, sizeof alt, "Histogram: %s of accepted and rejected photographs", text[trait].title);
    return en_chart_draw_lines(&(en_chart_lines){.head = {.title = text[trait].title, .alt = alt},
                                                 .x_label = text[trait].x,
                                                 .y_label = "proportion of the photographs",
                                                 .series = series,
                                                 .count = count,
                                                 .y_low = 0,
                                                 .y_high = NOTHING,
                                                 .mark_x = NOTHING,
                                                 .no_dots = true},
                               medium, out, err);
}
