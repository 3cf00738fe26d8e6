/* How often do the intervals hold what they claim to hold? Draws patients with two eyes each, over and over, from a
 * model in which every metric is known, and counts the intervals that contain it. Prints the table of
 * docs/statistics.md.
 *
 *     test_stats_coverage [SIMULATIONS [SEED]]
 *
 * The model: eye e of patient i is diseased where a normal variable exceeds the prevalence's point; the score of an eye
 * is normal with variance 1 around 0, or around d where diseased, so that the AUC is Phi(d / sqrt 2). Both the
 * variables behind the disease and those of the scores are correlated between the eyes of a patient. The probability is
 * the posterior of the score, as a calibrated network gives it, or the posterior at equal classes, as one trained with
 * class weights. An eye is called positive where it is nearer to d than to 0. Ends with 1 when the coverage of a
 * metric, in all cells of a correlation together, lies outside 93 to 97% by more than chance; a cell that does so is
 * marked with a star. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/random.h"
#include "base/text.h"
#include "stats/agreement.h"
#include "stats/calibration.h"
#include "stats/kappa.h"
#include "stats/precision.h"
#include "stats/roc.h"

enum { EYES = 2, PATIENTS_MAX = 1000, N_MAX = EYES * PATIENTS_MAX, METRICS = 13 };
static const char *const metric_name[METRICS] = {"accuracy", "sens.",         "spec.",  "PPV",      "NPV",
                                                 "AUC",      "sens. at 90%",  "PR AUC", "balanced", "kappa",
                                                 "ECE",      "ECE, weighted", "Brier"};

typedef struct cell {
    size_t patients;
    double prevalence, auc, correlation;
} cell;

typedef struct drawn {
    size_t n;
    double score[N_MAX], p[N_MAX], weighted[N_MAX];
    uint8_t truth[N_MAX], called[N_MAX], cleared[N_MAX], right[N_MAX], healthy[N_MAX];
    int32_t truth_class[N_MAX], called_class[N_MAX];
    int64_t patient[N_MAX];
} drawn;

static double phi(double x) { return erfc(-x / sqrt(2.0)) / 2; }
static double density(double x) { return exp(-x * x / 2) / sqrt(2 * acos(-1.0)); }

/* The point of the normal distribution below which a fraction q lies. */
static double point_of(double q)
{
    double low = -10, high = 10;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        *(phi(middle) < q ? &low : &high) = middle;
    }
    return low;
}

static double posterior(double score, double d, double prevalence)
{
    return 1 / (1 + exp(-(d * score - d * d / 2 + log(prevalence / (1 - prevalence)))));
}

/* Two normal variables of variance 1 and this correlation. */
static void draw_pair(en_random *r, double correlation, double *pair)
{
    double common = en_random_normal(r);
    for (int e = 0; e < EYES; e++) {
        pair[e] = sqrt(correlation) * common + sqrt(1 - correlation) * en_random_normal(r);
    }
}

static void draw(const cell *c, uint64_t seed, uint64_t item, drawn *x)
{
    en_random r = en_random_init(seed, 0, item, EN_FOR_TEST);
    const double d = sqrt(2.0) * point_of(c->auc), limit = point_of(1 - c->prevalence);
    x->n = EYES * c->patients;
    for (size_t i = 0; i < c->patients; i++) {
        double disease[EYES], noise[EYES];
        draw_pair(&r, c->correlation, disease);
        draw_pair(&r, c->correlation, noise);
        for (size_t e = 0; e < EYES; e++) {
            size_t k = EYES * i + e;
            bool ill = disease[e] > limit;
            x->truth[k] = ill;
            x->score[k] = noise[e] + (ill ? d : 0);
            x->p[k] = posterior(x->score[k], d, c->prevalence);
            x->weighted[k] = posterior(x->score[k], d, 0.5);
            x->called[k] = x->score[k] > d / 2;
            x->cleared[k] = !x->called[k];
            x->healthy[k] = !ill;
            x->right[k] = x->called[k] == x->truth[k];
            x->truth_class[k] = ill;
            x->called_class[k] = x->called[k];
            x->patient[k] = (int64_t)i;
        }
    }
}

/* What the metrics are in the whole population: closed formulas, or sums over a fine grid of scores. */
static void find_truth(const cell *c, double *truth)
{
    enum { STEPS = 200000 };
    const double q = c->prevalence, d = sqrt(2.0) * point_of(c->auc), right = phi(d / 2);
    const double called = q * right + (1 - q) * (1 - right);
    const double chance = q * called + (1 - q) * (1 - called);
    double precision = 0, brier = 0, calibrated[EN_CALIBRATION_BINS] = {0}, weighted[EN_CALIBRATION_BINS] = {0};
    for (int i = 0; i < STEPS; i++) {
        double s = -9 + 20.0 * (i + 0.5) / STEPS, width = 20.0 / STEPS;
        double ill = q * density(s - d) * width, healthy = (1 - q) * density(s) * width;
        double above = q * phi(d - s), false_above = (1 - q) * phi(-s), p = posterior(s, d, q),
               w = posterior(s, d, 0.5);
        precision += above > 0 ? ill / q * above / (above + false_above) : 0;
        brier += ill * (1 - p) * (1 - p) + healthy * p * p;
        calibrated[(int)(p * EN_CALIBRATION_BINS)] += ill - (ill + healthy) * p;
        weighted[(int)(w * EN_CALIBRATION_BINS)] += ill - (ill + healthy) * w;
    }
    double ece = 0, ece_weighted = 0;
    for (int b = 0; b < EN_CALIBRATION_BINS; b++) {
        ece += fabs(calibrated[b]);
        ece_weighted += fabs(weighted[b]);
    }
    const double values[METRICS] = {right,
                                    right,
                                    right,
                                    q * right / called,
                                    (1 - q) * right / (1 - called),
                                    c->auc,
                                    phi(d - point_of(0.9)),
                                    precision,
                                    right,
                                    (right - chance) / (1 - chance),
                                    ece < 1e-9 ? 0 : ece,
                                    ece_weighted,
                                    brier};
    for (int m = 0; m < METRICS; m++) {
        truth[m] = values[m];
    }
}

static en_status measure(const drawn *x, en_interval *of, en_error *err)
{
    en_clusters c;
    en_confusion m = {0};
    en_proportion p[5];
    double area;
    en_status st = en_clusters_init(&c, x->patient, x->n, err);
    if (st == EN_OK) {
        st = en_confusion_init(&m, 2, err);
    }
    for (size_t i = 0; st == EN_OK && i < x->n; i++) {
        st = en_confusion_add(&m, x->truth[i], x->called[i], err);
    }
    if (st == EN_OK) {
        en_clusters_proportion(&c, x->right, NULL, &p[0]);
        en_clusters_proportion(&c, x->called, x->truth, &p[1]);
        en_clusters_proportion(&c, x->cleared, x->healthy, &p[2]);
        en_clusters_proportion(&c, x->truth, x->called, &p[3]);
        en_clusters_proportion(&c, x->healthy, x->cleared, &p[4]);
        for (int k = 0; k < 5; k++) {
            of[k] = p[k].is_in;
        }
        st = en_roc_auc_interval(x->score, x->truth, &c, &of[5], err);
    }
    if (st == EN_OK) {
        st = en_roc_sensitivity_at_interval(x->score, x->truth, &c, 0.9, &of[6], err);
    }
    if (st == EN_OK) {
        st = en_precision_area(x->score, x->truth, &c, &area, &of[7], err);
    }
    if (st == EN_OK) {
        st = en_agreement_balanced(&m, x->truth_class, x->called_class, &c, &of[8], err);
    }
    if (st == EN_OK) {
        st = en_agreement_kappa(&m, NULL, x->truth_class, x->called_class, &c, &of[9], err);
    }
    if (st == EN_OK) {
        st = en_calibration_ece_interval(x->p, x->truth, &c, &of[10], err);
    }
    if (st == EN_OK) {
        st = en_calibration_ece_interval(x->weighted, x->truth, &c, &of[11], err);
    }
    if (st == EN_OK) {
        st = en_calibration_brier_interval(x->p, x->truth, &c, &of[12], err);
    }
    en_confusion_clear(&m);
    en_clusters_clear(&c);
    return st;
}

#define LOW 0.93
#define HIGH 0.97

/* Simulations that gave an interval, and those whose interval held the truth. */
typedef struct tally {
    int64_t given, held;
} tally;

static double coverage(const tally *t) { return (double)t->held / (double)t->given; }

/* Whether chance alone, 3 standard errors, explains that the coverage is out of bounds. */
static bool is_within(const tally *t)
{
    double low = 3 * sqrt(LOW * (1 - LOW) / (double)t->given), high = 3 * sqrt(HIGH * (1 - HIGH) / (double)t->given);
    return t->given == 0 || (coverage(t) > LOW - low && coverage(t) < HIGH + high);
}

/* Adds what a cell found to `all`, which is of cells with the same correlation. */
static bool run_cell(const cell *c, uint64_t seed, int64_t simulations, drawn *x, tally *all)
{
    double truth[METRICS];
    tally of_cell[METRICS] = {0};
    find_truth(c, truth);
    for (int64_t s = 0; s < simulations; s++) {
        en_interval of[METRICS];
        en_error err;
        draw(c, seed, (uint64_t)s, x);
        if (measure(x, of, &err) != EN_OK) {
            fprintf(stderr, "%s\n", err.text);
            return false;
        }
        for (int m = 0; m < METRICS; m++) {
            of_cell[m].given += !isnan(of[m].low);
            of_cell[m].held += of[m].low <= truth[m] && truth[m] <= of[m].high;
        }
    }
    printf("| %zu | %.2f | %.2f | %.1f |", c->patients, c->prevalence, c->auc, c->correlation);
    for (int m = 0; m < METRICS; m++) {
        if (2 * of_cell[m].given < simulations) {
            printf(" too few |");
            continue;
        }
        all[m].given += of_cell[m].given;
        all[m].held += of_cell[m].held;
        printf(" %.3f%s |", coverage(&of_cell[m]), is_within(&of_cell[m]) ? "" : "*");
    }
    printf("\n");
    return true;
}

static void print_head(void)
{
    printf("| patients | prevalence | AUC | correlation |");
    for (int m = 0; m < METRICS; m++) {
        printf(" %s |", metric_name[m]);
    }
    printf("\n|---|---|---|---|");
    for (int m = 0; m < METRICS; m++) {
        printf("---|");
    }
    printf("\n");
}

/* All cells of a correlation together: what a few simulations of each can tell apart. */
static bool print_sum(double correlation, const tally *all)
{
    bool within = true;
    printf("| all | | | %.1f |", correlation);
    for (int m = 0; m < METRICS; m++) {
        bool good = is_within(&all[m]);
        printf(" %.3f%s |", coverage(&all[m]), good ? "" : "*");
        within = within && good;
    }
    printf("\n");
    return within;
}

int main(int argc, char **argv)
{
    static const size_t patients[] = {50, 100, 300, 1000};
    static const double prevalence[] = {0.05, 0.2}, auc[] = {0.8, 0.96}, correlation[] = {0, 0.7};
    int64_t simulations = 200, seed = 1;
    if (argc > 3 || (argc > 1 && !en_parse_int(argv[1], &simulations)) || (argc > 2 && !en_parse_int(argv[2], &seed)) ||
        simulations < 1 || simulations > 1000000) {
        fprintf(stderr, "usage: test_stats_coverage [SIMULATIONS [SEED]]\n");
        return 2;
    }
    static drawn x;
    tally all[2][METRICS] = {0};
    print_head();
    for (int i = 0; i < 32; i++) {
        const cell c = {patients[i / 8], prevalence[i / 4 % 2], auc[i / 2 % 2], correlation[i % 2]};
        if (!run_cell(&c, (uint64_t)seed, simulations, &x, all[i % 2])) {
            return 2;
        }
    }
    bool within = print_sum(correlation[0], all[0]);
    return print_sum(correlation[1], all[1]) && within ? 0 : 1;
}
