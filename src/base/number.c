/* Numbers as text, written digit by digit: printf would use the locale's decimal point. Uses base only. */
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define EXACT 9e15 /* below it a double holds every whole number */

const char *en_number_count(int64_t value, char out[EN_NUMBER_TEXT])
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%lld", (long long)value);
    size_t used = 0;
    for (int i = 0; i < size; i++) {
        out[used++] = digits[i];
        int left = size - 1 - i;
        if (left > 0 && left % 3 == 0 && digits[i] != '-') {
            out[used++] = ',';
        }
    }
    out[used] = '\0';
    return out;
}

const char *en_number_fixed(double value, unsigned decimals, char out[EN_NUMBER_TEXT])
{
    int64_t scale = 1;
    for (unsigned i = 0; i < decimals && i < 9; i++) {
        scale *= 10;
    }
    if (!isfinite(value)) {
        snprintf(out, EN_NUMBER_TEXT, "\xe2\x80\x93"); /* an en dash */
    } else if (fabs(value) * (double)scale >= EXACT) {
        snprintf(out, EN_NUMBER_TEXT, "%.0e", value);
    } else {
        int64_t whole = llround(fabs(value) * (double)scale);
        const char *sign = value < 0 && whole > 0 ? "-" : "";
        if (scale == 1) {
            snprintf(out, EN_NUMBER_TEXT, "%s%lld", sign, (long long)whole);
        } else {
            snprintf(out, EN_NUMBER_TEXT, "%s%lld.%0*lld", sign, (long long)(whole / scale), (int)decimals,
                     (long long)(whole % scale));
        }
    }
    return out;
}

const char *en_number_short(double value, unsigned decimals, char out[EN_NUMBER_TEXT])
{
    en_number_fixed(value, decimals, out);
    if (strchr(out, '.') == NULL) {
        return out;
    }
    size_t size = strlen(out);
    while (out[size - 1] == '0') {
        size--;
    }
    if (out[size - 1] == '.') {
        size--;
    }
    out[size] = '\0';
    return out;
}

const char *en_number_percent(double proportion, unsigned decimals, char out[EN_NUMBER_TEXT])
{
    en_number_fixed(proportion * 100, decimals, out);
    if (isfinite(proportion)) {
        size_t length = strlen(out);
        snprintf(out + length, EN_NUMBER_TEXT - length, "%%");
    }
    return out;
}

const char *en_number_seconds(double seconds, char out[EN_NUMBER_TEXT])
{
    char figure[EN_NUMBER_TEXT];
    if (!isfinite(seconds) || seconds < 99.95 || seconds >= EXACT) {
        snprintf(out, EN_NUMBER_TEXT, "%.40s%s", en_number_fixed(seconds, 1, figure), isfinite(seconds) ? " s" : "");
        return out;
    }
    long long whole = llround(seconds);
    if (whole < 3600) {
        snprintf(out, EN_NUMBER_TEXT, "%lld min %lld s", whole / 60, whole % 60);
    } else {
        snprintf(out, EN_NUMBER_TEXT, "%lld h %lld min", whole / 3600, whole % 3600 / 60);
    }
    return out;
}

int en_number_digits(double value)
{
    int digits = 15;
    char text[40];
    double read = 0;
    for (; digits < 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (en_parse_double(text, &read) && read == value) {
            break;
        }
    }
    return digits;
}
