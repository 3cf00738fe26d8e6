/* The figures of an evaluation as columns of a record. */
#include "cli/figures.h"

#include <math.h>

static void put_counts(en_record *r, const en_metrics *f)
{
    const bool known = f != NULL, two = known && f->is_binary;
    en_record_int_if(r, "n", known, known ? f->n : 0);
    en_record_int_if(r, "patients", known, known ? f->patients : 0);
    en_record_int_if(r, "positives", two, two ? f->binary.positives : 0);
    en_record_int_if(r, "negatives", two, two ? f->binary.negatives : 0);
    en_record_int_if(r, "correct", known, known ? f->correct : 0);
}

void en_record_figures(en_record *r, const en_metrics *f)
{
    const double nothing = (double)NAN; /* the macro is a float */
    const bool known = f != NULL, two = known && f->is_binary;
    const en_binary_metrics *b = two ? &f->binary : NULL;
    const struct {
        const char *name;
        double value;
    } figure[] = {
        {"loss", known ? f->loss : nothing},
        {"accuracy", known ? f->accuracy : nothing},
        {"accuracy_low", known ? f->accuracy_low : nothing},
        {"accuracy_high", known ? f->accuracy_high : nothing},
        {"balanced_accuracy", known ? f->balanced_accuracy : nothing},
        {"kappa", known ? f->kappa : nothing},
        {"auc", two ? b->auc : nothing},
        {"auc_low", two ? b->auc_low : nothing},
        {"auc_high", two ? b->auc_high : nothing},
        {"sensitivity", two ? b->sensitivity : nothing},
        {"sensitivity_low", two ? b->sensitivity_low : nothing},
        {"sensitivity_high", two ? b->sensitivity_high : nothing},
        {"specificity", two ? b->specificity : nothing},
        {"specificity_low", two ? b->specificity_low : nothing},
        {"specificity_high", two ? b->specificity_high : nothing},
        {"sensitivity_at_90", two ? b->sensitivity_at_90 : nothing},
        {"sensitivity_at_90_low", two ? b->sensitivity_at_90_low : nothing},
        {"sensitivity_at_90_high", two ? b->sensitivity_at_90_high : nothing},
        {"ece", two ? b->ece : nothing},
    };
    put_counts(r, f);
    for (size_t i = 0; i < sizeof figure / sizeof figure[0]; i++) {
        en_record_real(r, figure[i].name, 4, figure[i].value);
    }
}
