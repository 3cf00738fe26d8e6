/* How often do the intervals of differences hold the true difference? Two models answer for the same patients with two
 * eyes each, drawn over and over. Prints the table of docs/statistics.md.
 *
 *     test_stats_differences [SIMULATIONS [SEED]]
 *
 * The model: eye e of patient i is diseased where a normal variable exceeds the prevalence's point. The score of a
 * model is normal with variance 1 around 0, or around d where diseased, so that its AUC is Phi(d / sqrt 2). Its
 * deviation is made of one that both models share, whose square correlation is `alike`, and one of its own; both, and
 * the variables behind the disease, are correlated between the eyes of a patient. An eye is called positive where its
 * score is nearer to d than to 0. Ends with 1 when the coverage of a difference, in all cells of a correlation
 * together, lies outside 93 to 97% by more than chance. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/random.h"
#include "base/text.h"
#include "stats/paired.h"

enum { EYES = 2, PATIENTS_MAX = 1000, N_MAX = EYES * PATIENTS_MAX, MODELS = 2, METRICS = 6 };
static const char *const metric_name[METRICS] = {"accuracy", "sens.", "spec.", "AUC", "balanced", "kappa"};

typedef struct cell {
    size_t patients;
    double prevalence, auc[MODELS], alike, correlation;
} cell;

typedef struct drawn {
    size_t n;
    double score[MODELS][N_MAX], right[MODELS][N_MAX];
    uint8_t ill[N_MAX], healthy[N_MAX];
    int32_t truth[N_MAX], called[MODELS][N_MAX];
    int64_t patient[N_MAX];
} drawn;

static double phi(double x) { return erfc(-x / sqrt(2.0)) / 2; }

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
    const double limit = point_of(1 - c->prevalence);
    double d[MODELS];
    for (int m = 0; m < MODELS; m++) {
        d[m] = sqrt(2.0) * point_of(c->auc[m]);
    }
    x->n = EYES * c->patients;
    for (size_t i = 0; i < c->patients; i++) {
        double disease[EYES], shared[EYES], own[MODELS][EYES];
        draw_pair(&r, c->correlation, disease);
        draw_pair(&r, c->correlation, shared);
        draw_pair(&r, c->correlation, own[0]);
        draw_pair(&r, c->correlation, own[1]);
        for (size_t e = 0; e < EYES; e++) {
            const size_t k = EYES * i + e;
            const bool ill = disease[e] > limit;
            x->ill[k] = ill;
            x->healthy[k] = !ill;
            x->truth[k] = ill;
            x->patient[k] = (int64_t)i;
            for (int m = 0; m < MODELS; m++) {
                x->score[m][k] = sqrt(c->alike) * shared[e] + sqrt(1 - c->alike) * own[m][e] + (ill ? d[m] : 0);
                x->called[m][k] = x->score[m][k] > d[m] / 2;
                x->right[m][k] = x->called[m][k] == x->truth[k];
            }
        }
    }
}

/* The differences in the whole population. */
static void find_truth(const cell *c, double *truth)
{
    double right[MODELS], kappa[MODELS];
    const double q = c->prevalence;
    for (int m = 0; m < MODELS; m++) {
        right[m] = phi(sqrt(2.0) * point_of(c->auc[m]) / 2);
        const double called = q * right[m] + (1 - q) * (1 - right[m]);
        const double chance = q * called + (1 - q) * (1 - called);
        kappa[m] = (right[m] - chance) / (1 - chance);
    }
    truth[0] = truth[1] = truth[2] = truth[4] = right[1] - right[0];
    truth[3] = c->auc[1] - c->auc[0];
    truth[5] = kappa[1] - kappa[0];
}

static en_status measure(const drawn *x, en_difference *of, en_error *err)
{
    en_clusters c;
    en_status st = en_clusters_init(&c, x->patient, x->n, err);
    const uint8_t *const among[3] = {NULL, x->ill, x->healthy};
    for (int k = 0; st == EN_OK && k < 3; k++) {
        st = en_paired_mean(x->right[0], x->right[1], among[k], &c, &of[k], err);
    }
    if (st == EN_OK) {
        st = en_paired_auc(x->score[0], x->score[1], x->ill, &c, &of[3], err);
    }
    if (st == EN_OK) {
        st = en_paired_balanced(2, x->truth, x->called[0], x->called[1], &c, &of[4], err);
    }
    if (st == EN_OK) {
        st = en_paired_kappa(2, NULL, x->truth, x->called[0], x->called[1], &c, &of[5], err);
    }
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
        en_difference of[METRICS];
        en_error err;
        draw(c, seed, (uint64_t)s, x);
        if (measure(x, of, &err) != EN_OK) {
            fprintf(stderr, "%s\n", err.text);
            return false;
        }
        for (int m = 0; m < METRICS; m++) {
            of_cell[m].given += !isnan(of[m].is_in.low);
            of_cell[m].held += of[m].is_in.low <= truth[m] && truth[m] <= of[m].is_in.high;
        }
    }
    printf("| %zu | %.2f | %.2f, %.2f | %.1f |", c->patients, c->prevalence, c->auc[0], c->auc[1], c->correlation);
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
    printf("| patients | prevalence | AUCs | correlation |");
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
    static const double prevalence[] = {0.05, 0.2}, auc[][MODELS] = {{0.8, 0.8}, {0.93, 0.96}},
                        correlation[] = {0, 0.7};
    int64_t simulations = 200, seed = 1;
    if (argc > 3 || (argc > 1 && !en_parse_int(argv[1], &simulations)) || (argc > 2 && !en_parse_int(argv[2], &seed)) ||
        simulations < 1 || simulations > 1000000) {
        fprintf(stderr, "usage: test_stats_differences [SIMULATIONS [SEED]]\n");
        return 2;
    }
    static drawn x;
    tally all[2][METRICS] = {0};
    print_head();
    for (int i = 0; i < 32; i++) {
        const double *const of = auc[i / 2 % 2];
        const cell c = {patients[i / 8], prevalence[i / 4 % 2], {of[0], of[1]}, 0.8, correlation[i % 2]};
        if (!run_cell(&c, (uint64_t)seed, simulations, &x, all[i % 2])) {
            return 2;
        }
    }
    bool within = print_sum(correlation[0], all[0]);
    return print_sum(correlation[1], all[1]) && within ? 0 : 1;
}
