/* Units: views of a photograph, photographs of an eye, eyes of a patient. */
#include "check.h"

#include "training/units.h"

enum { N = 7 };

/* Patient 1: two views of the left eye, 0.2 and 0.6; two photographs of the right one, 0.9 and 0.5. Patient 2: a left
 * eye, 0.3. Patient 3: the same photograph seen as two truths; the last prediction has no truth. */
static const double score[N + 1] = {0.2, 0.6, 0.9, 0.5, 0.3, 0.7, 0.1, 0.8};
static const int64_t place[N + 1][5] = {/* patient, eye, image, truth, predicted */
                                        {1, 10, 100, 0, 0}, {1, 10, 100, 0, 1}, {1, 11, 101, 1, 1},
                                        {1, 11, 102, 0, 1}, {2, 12, 103, 1, 0}, {3, 13, 104, 0, 1},
                                        {3, 13, 104, 1, 0}, {4, 14, 105, -1, 1}};
static en_catalog_prediction row[N + 1];
static float probability[N + 1][2];
static const en_classes yes_no = {.count = 2, .name = {"0", "1"}, .positive = 1};

/* In another order than by patient. */
static en_catalog_predictions predictions(void)
{
    for (size_t i = 0; i <= N; i++) {
        size_t from = i * 3 % (N + 1);
        probability[i][1] = (float)score[from];
        probability[i][0] = (float)(1 - score[from]);
        row[i] = (en_catalog_prediction){.variant_id = (int64_t)from,
                                         .patient_group = place[from][0],
                                         .eye_group = place[from][1],
                                         .image_id = place[from][2],
                                         .truth = place[from][3],
                                         .predicted = place[from][4],
                                         .score = score[from],
                                         .probability = probability[i]};
    }
    return (en_catalog_predictions){.row = row, .count = N + 1, .classes = 2};
}

typedef struct expected {
    double score;
    int32_t truth, predicted;
    int64_t patient;
} expected;

static void answers_are(en_unit unit, en_combine combine, const expected *as, size_t count)
{
    const en_catalog_predictions all = predictions();
    en_answers a;
    OK(en_answers_of(&all, &yes_no, NULL, unit, combine, &a, &err));
    assert_int_equal(a.count, count);
    for (size_t i = 0; i < count; i++) {
        NEAR((double)a.probability[2 * i + 1], as[i].score, 1e-6);
        NEAR((double)a.probability[2 * i], 1 - as[i].score, 1e-6);
        assert_int_equal(a.truth[i], as[i].truth);
        assert_int_equal(a.predicted[i], as[i].predicted);
        assert_int_equal(a.patient[i], as[i].patient);
    }
    en_answers_clear(&a);
}

static void views_of_a_photograph_are_averaged(void **state)
{
    (void)state;
    static const expected as[] = {{0.4, 0, 0, 1}, {0.9, 1, 1, 1}, {0.5, 0, 1, 1},
                                  {0.3, 1, 0, 2}, {0.7, 0, 1, 3}, {0.1, 1, 0, 3}};
    answers_are(EN_UNIT_PHOTOGRAPH, EN_COMBINE_WORST, as, 6);
}

static void photographs_of_an_eye_are_averaged_and_its_truth_is_the_worst(void **state)
{
    (void)state;
    static const expected as[] = {{0.4, 0, 0, 1}, {0.7, 1, 1, 1}, {0.3, 1, 0, 2}, {0.4, 1, 0, 3}};
    answers_are(EN_UNIT_EYE, EN_COMBINE_WORST, as, 4);
}

static void a_patient_is_the_worst_eye_or_the_mean_of_them(void **state)
{
    (void)state;
    static const expected worst[] = {{0.7, 1, 1, 1}, {0.3, 1, 0, 2}, {0.4, 1, 0, 3}};
    static const expected mean[] = {{0.55, 1, 1, 1}, {0.3, 1, 0, 2}, {0.4, 1, 0, 3}};
    answers_are(EN_UNIT_PATIENT, EN_COMBINE_WORST, worst, 3);
    answers_are(EN_UNIT_PATIENT, EN_COMBINE_MEAN, mean, 3);
}

/* Of the words a, b and c none is worse; of the numbers 0, 1 and 4 the greatest is. */
static void of_nominal_classes_none_is_the_worst(void **state)
{
    (void)state;
    static float p[2][3] = {{0.1F, 0.8F, 0.1F}, {0.6F, 0.1F, 0.3F}};
    en_catalog_prediction eye[2] = {{.patient_group = 1, .eye_group = 1, .image_id = 1, .truth = 1, .predicted = 1},
                                    {.patient_group = 1, .eye_group = 2, .image_id = 2, .truth = 2, .predicted = 0}};
    eye[0].probability = p[0];
    eye[1].probability = p[1];
    const en_catalog_predictions all = {.row = eye, .count = 2, .classes = 3};
    en_classes words = {.count = 3, .name = {"a", "b", "c"}}, numbers = {.count = 3, .name = {"0", "1", "4"}};
    en_answers a;
    FAILS(en_answers_of(&all, &words, NULL, EN_UNIT_PATIENT, EN_COMBINE_WORST, &a, &err), EN_INPUT, "are 'b' and 'c'");
    en_answers_clear(&a);
    OK(en_classes_scale(&numbers, "stage", "ordinal", &err));
    OK(en_answers_of(&all, &numbers, NULL, EN_UNIT_PATIENT, EN_COMBINE_WORST, &a, &err));
    assert_int_equal(a.count, 1);
    assert_int_equal(a.truth[0], 2);
    assert_int_equal(a.predicted[0], 0); /* expected values 1.2 and 1.3: the second eye is the worse */
    en_answers_clear(&a);
    /* several predictions are answered by the cuts: the mean of the eyes' expected values is 1.25 */
    en_calibration c = {.cuts = 2, .cut = {1.24, 1.26}};
    OK(en_answers_of(&all, &numbers, &c, EN_UNIT_PATIENT, EN_COMBINE_MEAN, &a, &err));
    assert_int_equal(a.predicted[0], 1);
    en_answers_clear(&a);
    OK(en_answers_of(&all, &numbers, NULL, EN_UNIT_PATIENT, EN_COMBINE_MEAN, &a, &err));
    assert_int_equal(a.predicted[0], 1);
    c.cut[1] = 1.245;
    en_answers_clear(&a);
    OK(en_answers_of(&all, &numbers, &c, EN_UNIT_PATIENT, EN_COMBINE_MEAN, &a, &err));
    assert_int_equal(a.predicted[0], 2);
    en_answers_clear(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_of_a_photograph_are_averaged),
        cmocka_unit_test(photographs_of_an_eye_are_averaged_and_its_truth_is_the_worst),
        cmocka_unit_test(a_patient_is_the_worst_eye_or_the_mean_of_them),
        cmocka_unit_test(of_nominal_classes_none_is_the_worst),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
