/* Scores: batches through the network, then loss, accuracy and AUC. */
#include "training/score.h"

#include <math.h>

#include "base/memory.h"
#include "stats/roc.h"

en_status en_score_items(const en_loader *loader, en_network *network, uint8_t *pixels, float *probabilities,
                         const en_events *events, en_error *err)
{
    size_t batch = en_network_batch(network), classes = en_network_classes(network), count = loader->items->count;
    uint32_t *index = en_calloc(batch, sizeof *index);
    if (index == NULL) {
        return en_error_nomem(err, "a batch");
    }
    en_status st = EN_OK;
    for (size_t first = 0; st == EN_OK && first < count; first += batch) {
        size_t n = count - first < batch ? count - first : batch;
        for (size_t i = 0; i < n; i++) {
            index[i] = (uint32_t)(first + i);
        }
        en_loader_render(loader, index, n, pixels);
        st = en_network_predict(network, pixels, n, probabilities + first * classes, err);
        if (st == EN_OK) {
            en_event_progress(events, (int64_t)(first + n), (int64_t)count, NULL);
            st = en_stop_check(events, err);
        }
    }
    en_free(index);
    return st;
}

size_t en_score_argmax(const float *probability, size_t classes)
{
    size_t best = 0;
    for (size_t c = 1; c < classes; c++) {
        best = probability[c] > probability[best] ? c : best;
    }
    return best;
}

static en_status auc_of_last(const float *p, const int32_t *truth, size_t n, double *auc, en_error *err)
{
    double *score = en_calloc(n, sizeof *score);
    uint8_t *positive = en_calloc(n, 1);
    en_status st = score != NULL && positive != NULL ? EN_OK : en_error_nomem(err, "scores");
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        score[i] = (double)p[2 * i + 1];
        positive[i] = truth[i] == 1;
    }
    if (st == EN_OK) {
        st = en_roc_auc(score, positive, n, auc, err);
    }
    en_free(score);
    en_free(positive);
    return st;
}

/* The AUCs of all pairs of classes, weighted by their pairs of items. */
static en_status concordance_of(const float *p, const int32_t *truth, size_t n, size_t classes, double *out,
                                en_error *err)
{
    double *expected = en_calloc(n, sizeof *expected), *score = en_calloc(n, sizeof *score), right = 0, pairs = 0;
    uint8_t *positive = en_calloc(n, 1);
    en_status st = expected != NULL && score != NULL && positive != NULL ? EN_OK : en_error_nomem(err, "scores");
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        for (size_t c = 1; c < classes; c++) {
            expected[i] += (double)c * (double)p[i * classes + c];
        }
    }
    for (int32_t a = 0; st == EN_OK && a + 1 < (int32_t)classes; a++) {
        for (int32_t b = a + 1; st == EN_OK && b < (int32_t)classes; b++) {
            size_t count = 0, higher = 0;
            for (size_t i = 0; i < n; i++) {
                if (truth[i] == a || truth[i] == b) {
                    score[count] = expected[i];
                    positive[count++] = truth[i] == b;
                    higher += truth[i] == b;
                }
            }
            const double weight = (double)higher * (double)(count - higher);
            double auc;
            if (weight > 0 && (st = en_roc_auc(score, positive, count, &auc, err)) == EN_OK) {
                right += weight * auc;
                pairs += weight;
            }
        }
    }
    *out = pairs > 0 ? right / pairs : (double)NAN;
    en_free(expected);
    en_free(score);
    en_free(positive);
    return st;
}

/* The greatest standard deviation of a class's probability. */
static double spread_of(const float *p, size_t n, size_t classes)
{
    double most = 0;
    for (size_t c = 0; c < classes; c++) {
        double mean = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            mean += (double)p[i * classes + c] / (double)n;
        }
        for (size_t i = 0; i < n; i++) {
            const double off = (double)p[i * classes + c] - mean;
            squares += off * off;
        }
        most = fmax(most, sqrt(squares / (double)n));
    }
    return most;
}

bool en_score_is_constant(const en_score *score, const float *probabilities, const int32_t *truth, size_t n,
                          size_t classes)
{
    size_t positives = 0, alike = 0;
    if (n < EN_SCORE_LEAST || !(score->spread < EN_SCORE_SPREAD)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        positives += truth[i] == 1;
        alike += en_score_argmax(probabilities + i * classes, classes) == en_score_argmax(probabilities, classes);
    }
    if (classes != 2 || positives == 0 || positives == n) {
        return alike == n;
    }
    const double error = sqrt(((double)n + 1) / (12.0 * (double)positives * (double)(n - positives)));
    return fabs(score->auc - 0.5) <= fmax(0.05, error);
}

en_status en_score_of(const float *probabilities, const int32_t *truth, size_t n, size_t classes,
                      const float *class_weight, en_score *out, en_error *err)
{
    const double none = (double)NAN;
    *out = (en_score){none, none, none, none, none, none};
    if (n == 0) {
        return EN_OK;
    }
    double loss = 0, weighted = 0, weights = 0;
    size_t correct = 0;
    for (size_t i = 0; i < n; i++) {
        const float *p = probabilities + i * classes;
        double weight = class_weight != NULL ? (double)class_weight[truth[i]] : 1;
        double entropy = en_cross_entropy(p, truth[i]);
        loss += entropy;
        weighted += weight * entropy;
        weights += weight;
        correct += en_score_argmax(p, classes) == (size_t)truth[i];
    }
    out->loss = loss / (double)n;
    out->weighted_loss = class_weight != NULL ? weighted / weights : (double)NAN;
    out->accuracy = (double)correct / (double)n;
    out->spread = spread_of(probabilities, n, classes);
    en_status st = concordance_of(probabilities, truth, n, classes, &out->concordance, err);
    return st == EN_OK && classes == 2 ? auc_of_last(probabilities, truth, n, &out->auc, err) : st;
}
