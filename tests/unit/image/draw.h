/* Pictures for the tests of the image layer, drawn here: no photograph is part of the project. */
#ifndef EN_TEST_IMAGE_DRAW_H
#define EN_TEST_IMAGE_DRAW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "image/image.h"

/* Fails the test with the error's text unless it is EN_OK. */
#define assert_ok(call) assert_ok_at((call), &err, __FILE__, __LINE__)
void assert_ok_at(en_status st, const en_error *err, const char *file, int line);

/* A smooth picture without symmetry: red grows to the right, green downwards, blue to the lower right. */
void draw_gradient(en_image *out, int width, int height);

typedef struct eye {
    double x, y, radius; /* of the disc, px */
    double light;        /* 0..1 */
    bool vessels, notch, shadow;
    unsigned seed; /* of the vessels */
} eye;
/* A retina on black: brown disc, darker to the rim. */
void draw_eye(en_image *out, int width, int height, eye e);
/* 3x3 means, `times` over. */
void blur(en_image *image, int times);

/* Peak signal to noise of two equally large pictures, dB; 99 when they are the same. */
double psnr(const uint8_t *a, const uint8_t *b, size_t n);

#endif
