/* augment: applies a policy of sql/policy/. */
#include "dataset/augment.h"

#include "catalog/variant.h"
#include "base/clock.h"

en_status en_augment(en_project *project, const char *policy, en_augment_result *result, en_error *err)
{
    double began = en_clock_seconds();
    *result = (en_augment_result){0};
    const en_catalog_policy *rule;
    en_status st = en_catalog_policy_get(policy, &rule, err);
    if (st == EN_OK) {
        st = en_catalog_variants_apply(project->catalog, rule, &result->added, &result->total, err);
    }
    result->seconds = en_clock_seconds() - began;
    return st;
}
