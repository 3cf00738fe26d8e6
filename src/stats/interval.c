/* Points of distributions and transforms of intervals. Uses nothing. */
#include "stats/interval.h"

#include <math.h>

#define HALVINGS 200 /* more than a double has bits */

const en_interval en_interval_none = {(double)NAN, (double)NAN};

double en_normal_point(double confidence)
{
    double low = 0, high = 40;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        *(erf(middle / sqrt(2.0)) < confidence ? &low : &high) = middle;
    }
    return low;
}

/* The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), evaluated from the front by
 * Lentz's method as modified by Thompson and Barnett (1986). */
static double beta_fraction(double x, double a, double b)
{
    enum { TERMS = 500 };
    const double tiny = 1e-300, enough = 1e-15;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) > tiny ? d : tiny);
    double result = d;
    for (int m = 1; m <= TERMS; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        const double term[] = {even, odd};
        double change = 1;
        for (int k = 0; k < 2; k++) {
            d = 1 + term[k] * d;
            d = 1 / (fabs(d) > tiny ? d : tiny);
            c = 1 + term[k] / c;
            c = fabs(c) > tiny ? c : tiny;
            change = c * d;
            result *= change;
        }
        if (fabs(change - 1) < enough) {
            break;
        }
    }
    return result;
}

/* The regularised incomplete beta function I_x(a, b); the fraction converges fast on one side of the mean only, and
 * I_x(a, b) = 1 - I_(1-x)(b, a) serves the other. */
static double incomplete_beta(double x, double a, double b)
{
    if (x <= 0 || x >= 1) {
        return x <= 0 ? 0 : 1;
    }
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(x, a, b) / a : 1 - front * beta_fraction(1 - x, b, a) / b;
}

/* P(-t < T < t) = 1 - I_(v/(v+t^2))(v/2, 1/2) (Abramowitz and Stegun 26.7.1). */
double en_student_point(double confidence, double freedom)
{
    if (!(freedom > 0)) {
        return (double)NAN;
    }
    if (freedom > 1e7) {
        return en_normal_point(confidence);
    }
    double low = 0, high = 1e6;
    for (int i = 0; i < HALVINGS; i++) {
        double t = (low + high) / 2, inside = 1 - incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5);
        *(inside < confidence ? &low : &high) = t;
    }
    return low;
}

en_interval en_interval_logit(double value, double variance, double point)
{
    if (!(value > 0 && value < 1 && variance > 0 && point > 0)) {
        return en_interval_none;
    }
    double middle = log(value / (1 - value)), half = point * sqrt(variance) / (value * (1 - value));
    return (en_interval){1 / (1 + exp(half - middle)), 1 / (1 + exp(-half - middle))};
}

en_interval en_interval_fisher(double value, double variance, double point)
{
    if (!(value > -1 && value < 1 && variance > 0 && point > 0)) {
        return en_interval_none;
    }
    double middle = atanh(value), half = point * sqrt(variance) / (1 - value * value);
    return (en_interval){tanh(middle - half), tanh(middle + half)};
}
