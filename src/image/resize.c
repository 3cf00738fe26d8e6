/* Area averaging in two separable steps. Down first: source rows are added up element by element, which compilers turn
 * into vector code; across second, once for each row of the result. */
#include "image/resize.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

/* One run of source pixels and their weights: `first` weighs head, `last` weighs tail, those between weigh 1.
 * first == last: only head counts. Empty (outside the source): last < first. */
typedef struct span {
    int first, last;
    float head, tail;
} span;

/* The source pixels of [from, to) clipped to [0, count). */
static span span_of(double from, double to, int count)
{
    if (from < 0) {
        from = 0;
    }
    if (to > count) {
        to = count;
    }
    if (!(to > from)) {
        return (span){.first = 0, .last = -1};
    }
    int first = (int)floor(from), last = (int)ceil(to) - 1;
    if (last <= first) {
        return (span){.first = first, .last = first, .head = (float)(to - from)};
    }
    return (span){.first = first, .last = last, .head = (float)(first + 1 - from), .tail = (float)(to - last)};
}

/* sum[0..n) of `rows` of an image whose rows are `stride` bytes; `from` is the first column in use of row 0. */
static void down(const uint8_t *from, size_t stride, span rows, float *sum, size_t n)
{
    memset(sum, 0, n * sizeof *sum);
    for (int y = rows.first; y <= rows.last; y++) {
        float weight = y == rows.first ? rows.head : y == rows.last ? rows.tail : 1.0f;
        const uint8_t *row = from + (size_t)y * stride;
        for (size_t i = 0; i < n; i++) {
            sum[i] += weight * (float)row[i];
        }
    }
}

/* A pixel's three sums, and one of its neighbour's beside them that is never looked at. */
typedef float four __attribute__((vector_size(16)));

static four four_at(const float *from)
{
    four v;
    memcpy(&v, from, sizeof v);
    return v;
}

/* Means of one row of the result: columns[x] of the sums, times `scale`, one over the area of a result pixel. One float
 * after the sums is read. */
static void across(const float *sum, const span *columns, int out_width, float scale, uint8_t *out)
{
    for (int x = 0; x < out_width; x++, out += 3) {
        span s = columns[x];
        four mean = {0};
        if (s.last >= s.first) {
            const float *p = sum + 3 * (size_t)s.first;
            mean = four_at(p) * s.head;
            for (int i = s.first + 1; i < s.last; i++) {
                p += 3;
                mean += four_at(p);
            }
            if (s.last > s.first) {
                mean += four_at(p + 3) * s.tail;
            }
        }
        mean = mean * scale + 0.5f;
        for (int c = 0; c < 3; c++) {
            out[c] = mean[c] >= 255.0f ? 255 : (uint8_t)mean[c];
        }
    }
}

/* Where result pixel i of n begins. The end of the last one is the box's own: start + n * (length / n) may round past
 * it, and so into a source pixel that was not summed. */
static double edge_of(double start, double length, int i, int n)
{
    return i == n ? start + length : start + i * (length / n);
}

en_status en_resize(const en_image *image, en_box box, int out_width, int out_height, uint8_t *out, en_error *err)
{
    float scale = (float)(1.0 / ((box.width / out_width) * (box.height / out_height)));
    span used = span_of(box.x, box.x + box.width, image->width);
    size_t n = used.last < used.first ? 0 : 3 * (size_t)(used.last - used.first + 1), stride = 3 * (size_t)image->width;
    span *columns = en_calloc((size_t)out_width, sizeof *columns);
    float *sum = en_calloc(n + 1, sizeof *sum);
    en_status st = EN_OK;
    if (columns == NULL || sum == NULL) {
        st = en_error_nomem(err, "a row of sums");
        goto done;
    }
    for (int x = 0; x < out_width; x++) {
        columns[x] =
            span_of(edge_of(box.x, box.width, x, out_width), edge_of(box.x, box.width, x + 1, out_width), image->width);
        columns[x].first -= used.first;
        columns[x].last -= used.first;
    }
    for (int y = 0; y < out_height; y++) {
        span rows = span_of(edge_of(box.y, box.height, y, out_height), edge_of(box.y, box.height, y + 1, out_height),
                            image->height);
        down(image->rgb + 3 * (size_t)used.first, stride, rows, sum, n);
        across(sum, columns, out_width, scale, out + (size_t)y * (size_t)out_width * 3);
    }
done:
    en_free(sum);
    en_free(columns);
    return st;
}

static int scaled_edge(int edge, int from, int to)
{
    int result = (int)(((int64_t)edge * to + from / 2) / from);
    return result < 1 ? 1 : result;
}

en_status en_shrink(const en_image *image, int longest, en_image *out, en_error *err)
{
    int width = image->full_width, height = image->full_height;
    int longer = width > height ? width : height;
    if (longest > longer) {
        longest = longer;
    }
    en_status st = en_image_alloc(out, scaled_edge(width, longer, longest), scaled_edge(height, longer, longest), err);
    if (st != EN_OK) {
        return st;
    }
    en_box box = {0, 0, width * image->scale, height * image->scale};
    return en_resize(image, box, out->width, out->height, out->rgb, err);
}

en_status en_small_copy(const en_image *image, en_image *own, const en_image **small, en_error *err)
{
    int longer = image->full_width > image->full_height ? image->full_width : image->full_height;
    if (longer <= EN_SMALL_EDGE && image->width == image->full_width && image->height == image->full_height) {
        *small = image;
        return EN_OK;
    }
    *small = own;
    return en_shrink(image, EN_SMALL_EDGE, own, err);
}
