/* See page.h: the HTML. What a catalog names is escaped; the policy in the head lets the page run its one script and
 * ask the network for nothing. */
#include "offline/page.h"

#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/markup.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"
#include "offline/built_in.h"

const en_offline_engine en_offline_built_in = {en_offline_wasm, sizeof en_offline_wasm - 1}; /* a NUL follows */

#define TEXT_MAX ((size_t)1 << 20) /* bytes of the page but for engine and model */
#define HEAD_MAX ((size_t)1 << 20) /* of a model but for its weights */

/* Bytes of a block: browsers read a block as one text. A multiple of 3, so that blocks are whole in base64. */
#define BLOCK ((size_t)3 << 20)
enum { LINE = 3 * 4096 };

static void base64(const uint8_t *d, size_t bytes, char *out)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes; i += 3, out += 4) {
        const size_t left = bytes - i;
        const unsigned three =
            (unsigned)d[i] << 16 | (left > 1 ? (unsigned)d[i + 1] << 8 : 0) | (left > 2 ? d[i + 2] : 0u);
        out[0] = digit[three >> 18];
        out[1] = digit[three >> 12 & 63];
        out[2] = left > 1 ? digit[three >> 6 & 63] : '=';
        out[3] = left > 2 ? digit[three & 63] : '=';
    }
}

/* Blocks ----------------------------------------------------------------------------------------------------------- */

/* Bytes that go to the file as they come, in blocks of a name. */
typedef struct blocks {
    en_writer *file;
    const char *name;
    uint8_t held[LINE]; /* not yet written */
    size_t holds, in_block;
} blocks;

static en_status put(blocks *b, const char *text, en_error *err)
{
    return en_writer_write(b->file, text, strlen(text), err);
}

static en_status end_block(blocks *b, en_error *err)
{
    b->in_block = 0;
    return put(b, "</script>\n", err);
}

static en_status flush(blocks *b, en_error *err)
{
    char text[LINE / 3 * 4 + 1];
    if (b->holds == 0) {
        return EN_OK;
    }
    en_status st = EN_OK;
    if (b->in_block == 0) {
        (void)en_print(text, sizeof text, "<script type=\"application/octet-stream\" data-block=\"%s\">", b->name);
        st = put(b, text, err);
    }
    base64(b->held, b->holds, text);
    if (st == EN_OK) {
        st = en_writer_write(b->file, text, (b->holds + 2) / 3 * 4, err);
    }
    b->in_block += b->holds;
    b->holds = 0;
    return st == EN_OK && b->in_block >= BLOCK ? end_block(b, err) : st;
}

static en_status add(blocks *b, const void *data, size_t bytes, en_error *err)
{
    const uint8_t *from = data;
    en_status st = EN_OK;
    while (st == EN_OK && bytes > 0) {
        const size_t some = bytes < LINE - b->holds ? bytes : LINE - b->holds;
        memcpy(b->held + b->holds, from, some);
        b->holds += some;
        from += some;
        bytes -= some;
        st = b->holds == LINE ? flush(b, err) : EN_OK;
    }
    return st;
}

static en_status end(blocks *b, en_error *err)
{
    en_status st = flush(b, err);
    return st == EN_OK && b->in_block > 0 ? end_block(b, err) : st;
}

static en_status write_engine(en_writer *file, const en_offline_engine *engine, en_error *err)
{
    blocks b = {.file = file, .name = "engine"};
    en_status st = add(&b, engine->bytes, engine->size, err);
    return st == EN_OK ? end(&b, err) : st;
}

static en_status write_model(en_writer *file, const en_offline_page *page, const en_buf *head, en_error *err)
{
    blocks b = {.file = file, .name = "model"};
    en_status st = add(&b, head->data, head->size, err);
    for (size_t i = 0; st == EN_OK && i < page->model->ops.count; i++) {
        const en_operation *op = &page->model->ops.op[i];
        for (size_t k = 0; st == EN_OK && k < EN_OFFLINE_TENSORS; k++) {
            if (op->tensor[k] != NULL) {
                st = add(&b, op->tensor[k], op->count[k] * sizeof(float), err);
            }
        }
    }
    return st == EN_OK ? end(&b, err) : st;
}

/* The text --------------------------------------------------------------------------------------------------------- */

/* Text in memory; the first error stays. */
typedef struct text {
    en_buf out;
    en_status status;
    en_error *err;
} text;

static void html(text *t, const char *markup)
{
    if (t->status == EN_OK) {
        t->status = en_buf_text(&t->out, markup, t->err);
    }
}

static void words(text *t, const char *plain)
{
    if (t->status == EN_OK) {
        t->status = en_markup_text(&t->out, plain, t->err);
    }
}

/* 'sha256-...' of a script or style, by which the policy knows it. */
static void hash(text *t, const char *of)
{
    char hex[EN_SHA256_HEX], out[45] = "";
    uint8_t raw[32];
    if (t->status == EN_OK) {
        t->status = en_sha256_bytes(of, strlen(of), hex, t->err);
    }
    if (t->status == EN_OK) {
        for (size_t i = 0; i < sizeof raw; i++) {
            static const char digits[] = "0123456789abcdef";
            raw[i] = (uint8_t)((strchr(digits, hex[2 * i]) - digits) << 4 | (strchr(digits, hex[2 * i + 1]) - digits));
        }
        base64(raw, sizeof raw, out);
    }
    html(t, "'sha256-");
    html(t, out);
    html(t, "'");
}

static void put_head(text *t, const en_offline_page *page)
{
    html(t, EN_OFFLINE_PAGE_BEGINS "\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                                   "base-uri 'none'; form-action 'none'; style-src ");
    hash(t, en_offline_style);
    html(t, "; script-src 'wasm-unsafe-eval' ");
    hash(t, en_offline_script);
    html(t, "\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    words(t, page->model->name);
    html(t, "</title>\n<style>");
    html(t, en_offline_style);
    html(t, "</style>\n</head>\n<body>\n<main>\n<header>\n<p class=\"kicker\">eyenet page</p>\n<h1>");
    words(t, page->model->name);
    html(t, "</h1>\n<p class=\"lead\">Answers <code>");
    words(t, page->target);
    html(t, "</code> of a photograph of the retina. The photograph stays on this device: the page needs no network "
            "and sends nothing.</p>\n<p class=\"warn\">A model of a laboratory, not a medical device. Nothing here is "
            "fit to decide about a patient.</p>\n</header>\n");
}

static void put_choice(text *t)
{
    html(t,
         "<label class=\"drop\" id=\"drop\"><span>Choose a photograph, or drop one on this page</span>"
         "<input type=\"file\" id=\"file\" accept=\"image/*\" disabled></label>\n"
         "<p class=\"quiet\" id=\"state\" role=\"status\">Starting.</p>\n"
         "<noscript><p class=\"warn\">This page needs JavaScript, which this browser does not run.</p></noscript>\n");
}

static void put_classes(text *t, const en_offline_page *page)
{
    html(t,
         "<table id=\"classes\"><caption>Probability of each class</caption>\n<thead><tr><th scope=\"col\">Class</th>"
         "<th scope=\"col\"><span aria-hidden=\"true\"></span></th><th scope=\"col\" class=\"n\">Probability</th>"
         "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->model->classes; i++) {
        html(t, "<tr><th scope=\"row\">");
        words(t, page->label[i]);
        html(t, "</th><td><meter min=\"0\" max=\"1\" value=\"0\" aria-label=\"");
        words(t, page->label[i]);
        html(t, "\"></meter></td><td class=\"n\"></td></tr>\n");
    }
    html(t, "</tbody></table>\n");
}

static void put_thresholds(text *t, const en_offline_page *page)
{
    char number[32];
    if (page->thresholds == 0) {
        return;
    }
    html(t, "<table><caption>Thresholds of the probability of <em>");
    words(t, page->label[page->model->classes - 1]);
    html(t,
         "</em>, chosen on validation images</caption>\n<thead><tr><th scope=\"col\">Chosen for</th>"
         "<th scope=\"col\" class=\"n\">Threshold</th><th scope=\"col\" class=\"n\">Here</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->thresholds; i++) {
        html(t, "<tr><th scope=\"row\">");
        words(t, page->threshold[i].rule);
        (void)en_print(number, sizeof number, "%.4f", page->threshold[i].threshold);
        html(t, "</th><td class=\"n\">");
        html(t, number);
        (void)en_print(number, sizeof number, "%.17g", page->threshold[i].threshold);
        html(t, "</td><td class=\"n\" data-threshold=\"");
        html(t, number);
        html(t, "\"></td></tr>\n");
    }
    html(t, "</tbody></table>\n");
}

static void put_result(text *t, const en_offline_page *page)
{
    html(t, "<section id=\"result\" aria-live=\"polite\" hidden>\n<h2>Answer to <code>");
    words(t, page->target);
    html(t, "</code></h2>\n<p class=\"answer\" id=\"answer\"></p>\n<p class=\"warn\" id=\"poor\" hidden></p>\n<p "
            "class=\"quiet\">Answered by ");
    words(t, page->decision);
    html(t, ".</p>\n");
    put_classes(t, page);
    put_thresholds(t, page);
    html(t, "<figure><canvas id=\"sample\" width=\"1\" height=\"1\" role=\"img\" "
            "aria-label=\"The square of the photograph that the network saw\"></canvas>"
            "<figcaption>What the network saw</figcaption></figure>\n</section>\n");
}

static void put_about(text *t, const en_offline_page *page)
{
    html(t, "<section id=\"model\">\n<h2>The model</h2>\n<dl>\n");
    for (size_t i = 0; i < page->facts; i++) {
        html(t, "<dt>");
        words(t, page->fact[i].name);
        html(t, "</dt><dd>");
        words(t, page->fact[i].value);
        html(t, "</dd>\n");
    }
    html(t, "</dl>\n</section>\n</main>\n");
}

static en_status write_text(en_writer *file, const text *t, en_error *err)
{
    return t->status == EN_OK ? en_writer_write(file, t->out.data, t->out.size, err) : t->status;
}

static en_status write_all(en_writer *file, const en_offline_page *page, const en_offline_engine *engine,
                           const en_buf *head, en_error *err)
{
    text t = {.err = err};
    en_buf_init(&t.out, TEXT_MAX);
    put_head(&t, page);
    put_choice(&t);
    put_result(&t, page);
    put_about(&t, page);
    en_status st = write_text(file, &t, err);
    if (st == EN_OK) {
        st = write_engine(file, engine, err);
    }
    if (st == EN_OK) {
        st = write_model(file, page, head, err);
    }
    en_buf_reset(&t.out);
    html(&t, "<script>");
    html(&t, en_offline_script);
    html(&t, "</script>\n</body>\n</html>\n");
    if (st == EN_OK) {
        st = write_text(file, &t, err);
    }
    en_buf_clear(&t.out);
    return st;
}

en_status en_offline_page_write(const en_offline_page *page, const en_offline_engine *engine, const char *path,
                                en_error *err)
{
    en_writer file = {0};
    en_buf head;
    if (engine->size == 0) {
        return en_error_hint(err,
                             en_error_set(err, EN_FAILED,
                                          "this eyenet has no engine for pages: it was built without a "
                                          "compiler for WebAssembly"),
                             "install Debian's clang, lld, wasi-libc and libclang-rt-14-dev-wasm32, and build again");
    }
    en_buf_init(&head, HEAD_MAX);
    en_status st = en_offline_layout(page, &head, err);
    if (st == EN_OK) {
        st = en_writer_open(&file, path, err);
    }
    if (st == EN_OK) {
        st = write_all(&file, page, engine, &head, err);
    }
    if (st == EN_OK) {
        st = en_writer_commit(&file, err);
    }
    en_writer_abort(&file);
    en_buf_clear(&head);
    return st;
}
