/* Assigns grades, traits and defects to the patients. Systematic sampling gives exact proportions; Latin hypercube
 * sampling (McKay, Beckman, Conover 1979) within the referable and within the other patients spreads their traits. */
#include "phantom/plan.h"

#include <math.h>

#include "base/memory.h"
#include "base/random.h"

/* Both eyes' grades, the milder first, and the proportion of patients that have them, per mille: rounded from the
 * competition's training labels, so that 73/7/15/2/2 % of the eyes have the grades 0..4. */
static const struct pair {
    uint8_t milder, worse;
    uint16_t proportion;
} pairs[] = {{0, 0, 693}, {0, 1, 48}, {0, 2, 36}, {0, 4, 1},  {1, 1, 34}, {1, 2, 22},
             {2, 2, 114}, {2, 3, 10}, {2, 4, 5},  {3, 3, 18}, {3, 4, 4},  {4, 4, 15}};

#define PAIRS (sizeof pairs / sizeof pairs[0])

/* From so many patients on each defect is there at least once. */
#define PATIENTS_FOR_DEFECTS 20

/* Patient order[i] gets the pair of grades in which the i-th of evenly spaced points on 0..1 falls. */
static void deal_grades(en_phantom_plan *plan, const uint32_t *order, en_random *random)
{
    unsigned total = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        total += pairs[i].proportion;
    }
    double start = en_random_uniform(random);
    size_t cell = 0;
    unsigned filled = pairs[0].proportion;
    for (uint32_t i = 0; i < plan->patients; i++) {
        while ((i + start) / plan->patients * total >= filled && cell + 1 < PAIRS) {
            filled += pairs[++cell].proportion;
        }
        unsigned worse_side = en_random_below(random, 2);
        plan->patient[order[i]].grade[worse_side] = pairs[cell].worse;
        plan->patient[order[i]].grade[1 - worse_side] = pairs[cell].milder;
    }
}

static bool is_referable(const en_phantom_patient *patient) { return patient->grade[0] >= 2 || patient->grade[1] >= 2; }

/* Each of the referable (or of the other) patients gets a slice of 0..1 of its own in every trait. */
static void deal_traits(en_phantom_plan *plan, bool referable, uint32_t *member, en_random *random)
{
    size_t count = 0;
    for (uint32_t i = 0; i < plan->patients; i++) {
        if (is_referable(&plan->patient[i]) == referable) {
            member[count++] = i;
        }
    }
    for (int trait = 0; trait < EN_PHANTOM_TRAITS; trait++) {
        en_random_shuffle(random, member, count);
        for (size_t i = 0; i < count; i++) {
            double value = ((double)i + en_random_uniform(random)) / (double)count;
            plan->patient[member[i]].trait[trait] = (float)value;
        }
    }
}

static uint32_t proportion_of(uint32_t count, double proportion)
{
    double wanted = floor(count * proportion + 0.5);
    return wanted < 1.0 ? 1 : (uint32_t)wanted;
}

/* The first patients of a shuffled order get the defects, one eye each. */
static void deal_defects(en_phantom_plan *plan, uint32_t *order, en_random *random)
{
    static const struct {
        en_phantom_defect defect;
        double proportion; /* of photographs */
    } kinds[] = {{EN_PHANTOM_BLACK, EN_PHANTOM_PROPORTION_BLACK},
                 {EN_PHANTOM_BLURRED, EN_PHANTOM_PROPORTION_BLURRED},
                 {EN_PHANTOM_OVEREXPOSED, EN_PHANTOM_PROPORTION_OVEREXPOSED},
                 {EN_PHANTOM_TRUNCATED, EN_PHANTOM_PROPORTION_TRUNCATED}};
    if (plan->patients < PATIENTS_FOR_DEFECTS) {
        return;
    }
    en_random_shuffle(random, order, plan->patients);
    uint32_t next = 0;
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        for (uint32_t left = proportion_of(2 * plan->patients, kinds[kind].proportion); left > 0; left--) {
            plan->patient[order[next++]].defect[en_random_below(random, 2)] = (uint8_t)kinds[kind].defect;
        }
    }
    uint32_t twice = proportion_of(plan->patients, EN_PHANTOM_PROPORTION_BOTH_EYES);
    for (; twice > 0 && next < plan->patients; next++) {
        en_phantom_patient *patient = &plan->patient[order[next]];
        if (patient->grade[0] == patient->grade[1]) {
            patient->both_eyes = true;
            twice--;
        }
    }
}

en_status en_phantom_plan_make(uint32_t patients, uint64_t seed, en_phantom_plan *plan, en_error *err)
{
    *plan = (en_phantom_plan){.seed = seed};
    if (patients < 1 || patients > EN_PHANTOM_PATIENTS_MAX) {
        return en_error_set(err, EN_USAGE, "%u phantom patients: choose 1 to %d", patients, EN_PHANTOM_PATIENTS_MAX);
    }
    uint32_t *order = en_calloc(patients, sizeof *order);
    plan->patient = en_calloc(patients, sizeof *plan->patient);
    if (order == NULL || plan->patient == NULL) {
        en_free(order);
        en_phantom_plan_clear(plan);
        return en_error_nomem(err, "the plan of phantom eyes");
    }
    plan->patients = patients;
    for (uint32_t i = 0; i < patients; i++) {
        order[i] = i;
    }
    en_random random = en_random_init(seed, 0, 0, EN_FOR_PHANTOM); /* patients use other epochs, see phantom.c */
    en_random_shuffle(&random, order, patients);
    deal_grades(plan, order, &random);
    deal_defects(plan, order, &random);
    deal_traits(plan, true, order, &random);
    deal_traits(plan, false, order, &random);
    en_free(order);
    return EN_OK;
}

void en_phantom_plan_clear(en_phantom_plan *plan)
{
    en_free(plan->patient);
    *plan = (en_phantom_plan){0};
}
