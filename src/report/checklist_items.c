/* The items of the checklists, in short. TRIPOD+AI: Collins and others, BMJ 2024;385:e078378. CLAIM: Tejani and others,
 * Radiology: Artificial Intelligence 2024;6(4):e240300. */
#include "report/checklist.h"

#define WRITE(number, what)                                                                                            \
    {                                                                                                                  \
        (number), (what), NULL, false                                                                                  \
    }
#define FILL(number, what, by)                                                                                         \
    {                                                                                                                  \
        (number), (what), (by), false                                                                                  \
    }
#define PART(number, what, by)                                                                                         \
    {                                                                                                                  \
        (number), (what), (by), true                                                                                   \
    }

static const en_checklist_item tripod_ai[] = {
    PART("1", "Title: development or evaluation of a prediction model, target population, outcome", en_fill_task),
    WRITE("2", "Abstract, by TRIPOD+AI for Abstracts"),
    WRITE("3a", "Background: healthcare context and rationale, with existing models"),
    WRITE("3b", "Background: target population, purpose in the care pathway, intended users"),
    WRITE("3c", "Background: known health inequalities between groups"),
    PART("4", "Objectives: development, evaluation or both", en_fill_task),
    PART("5a", "Data: sources for development and evaluation, why these, how representative", en_fill_sources),
    WRITE("5b", "Data: dates, with start and end of accrual"),
    WRITE("6a", "Participants: setting, number and location of centres"),
    PART("6b", "Participants: eligibility", en_fill_eligibility),
    WRITE("6c", "Participants: treatments received and how they were handled"),
    PART("7", "Data preparation: preprocessing and checks of quality, also across groups", en_fill_preprocessing),
    PART("8a", "Outcome: definition, how and when assessed, why this one", en_fill_reference),
    PART("8b", "Outcome: qualifications of the assessors where it needs judgement", en_fill_reference),
    WRITE("8c", "Outcome: blinding of its assessment"),
    WRITE("9a", "Predictors: choice of the initial ones"),
    PART("9b", "Predictors: definition, how and when measured", en_fill_preprocessing),
    WRITE("9c", "Predictors: qualifications of the assessors where they need judgement"),
    PART("10", "Sample size: how it was arrived at, for development and evaluation", en_fill_sizes),
    PART("11", "Missing data: how handled, reasons for leaving out", en_fill_missing),
    FILL("12a", "Analysis: how data were used and partitioned", en_fill_partition),
    FILL("12b", "Analysis: how predictors were handled, scaling and transformation", en_fill_preprocessing),
    FILL("12c", "Analysis: type of model, building steps, hyperparameters, internal validation", en_fill_model),
    PART("12d", "Analysis: differences between clusters, such as hospitals", en_fill_subgroups),
    FILL("12e", "Analysis: measures of performance: discrimination, calibration, utility", en_fill_measures),
    FILL("12f", "Analysis: updating of the model, such as recalibration", en_fill_calibration),
    FILL("12g", "Analysis: how predictions were calculated for the evaluation", en_fill_repeat),
    FILL("13", "Class imbalance: methods and recalibration", en_fill_imbalance),
    PART("14", "Fairness: approaches and rationale", en_fill_subgroups),
    FILL("15", "Output of the model, and thresholds with their rationale", en_fill_output),
    PART("16", "Differences between the data of development and evaluation", en_fill_balance),
    WRITE("17", "Ethical approval and consent"),
    WRITE("18a", "Funding, and the role of funders"),
    WRITE("18b", "Conflicts of interest"),
    WRITE("18c", "Protocol: where it can be read, or that there is none"),
    WRITE("18d", "Registration, or that there is none"),
    WRITE("18e", "Data sharing"),
    PART("18f", "Code sharing", en_fill_software),
    WRITE("19", "Involvement of patients and the public"),
    FILL("20a", "Participants: flow, with and without the outcome", en_fill_flow),
    PART("20b", "Participants: characteristics overall and by source, missing data", en_fill_balance),
    PART("20c", "Participants: the evaluation's compared with those of the development", en_fill_balance),
    FILL("21", "Number of participants and outcomes in each analysis", en_fill_sizes),
    FILL("22", "Full model, so that it can predict for others, and access to it", en_fill_access),
    FILL("23a", "Performance with confidence intervals, also in key subgroups", en_fill_performance),
    PART("23b", "Differences in performance between clusters", en_fill_subgroups),
    FILL("24", "Results of updating the model", en_fill_calibration),
    WRITE("25", "Interpretation, with fairness"),
    PART("26", "Limitations", en_fill_failures),
    PART("27a", "Use: how input of poor quality or that is missing is to be handled", en_fill_eligibility),
    WRITE("27b", "Use: what users must do and know"),
    WRITE("27c", "Next steps, applicability and generalisability"),
};

static const en_checklist_item claim[] = {
    PART("1", "Title or abstract: a study of AI, and the kind of technology", en_fill_task),
    WRITE("2", "Structured abstract"),
    WRITE("3", "Background, with intended use and role"),
    WRITE("4", "Aims, objectives, hypotheses"),
    WRITE("5", "Prospective or retrospective"),
    WRITE("6", "Goal of the study"),
    PART("7", "Sources of the data", en_fill_sources),
    PART("8", "Inclusion and exclusion", en_fill_eligibility),
    FILL("9", "Preprocessing", en_fill_preprocessing),
    FILL("10", "Selection of subsets of the data", en_fill_partition),
    WRITE("11", "De-identification"),
    PART("12", "Missing data", en_fill_missing),
    WRITE("13", "Acquisition protocol of the images"),
    PART("14", "Definition of the reference standard", en_fill_reference),
    WRITE("15", "Why this reference standard"),
    PART("16", "Source of the reference annotations", en_fill_reference),
    WRITE("17", "Annotation of the test set"),
    WRITE("18", "Variability within and between annotators"),
    FILL("19", "How data were assigned to partitions", en_fill_partition),
    FILL("20", "Level at which partitions are disjoint", en_fill_partition),
    PART("21", "Intended sample size", en_fill_sizes),
    FILL("22", "Description of the model", en_fill_model),
    FILL("23", "Software, with versions", en_fill_software),
    FILL("24", "Initialisation of the parameters", en_fill_start),
    FILL("25", "Training", en_fill_model),
    FILL("26", "Selection of the final model", en_fill_selection),
    WRITE("27", "Ensembles, if any"),
    FILL("28", "Metrics of performance", en_fill_measures),
    FILL("29", "Measures of significance and uncertainty", en_fill_uncertainty),
    PART("30", "Robustness or sensitivity analysis", en_fill_subgroups),
    WRITE("31", "Explainability or interpretability"),
    FILL("32", "Evaluation on internal data", en_fill_performance),
    WRITE("33", "Testing on external data"),
    WRITE("34", "Registration of a trial"),
    FILL("35", "Patients or examinations included and excluded", en_fill_flow),
    PART("36", "Characteristics of the cases in each partition", en_fill_balance),
    FILL("37", "Performance and its uncertainty", en_fill_performance),
    FILL("38", "Diagnostic performance with its precision", en_fill_performance),
    FILL("39", "Analysis of failures", en_fill_failures),
    WRITE("40", "Limitations"),
    WRITE("41", "Implications for practice"),
    WRITE("42", "Full protocol, or further technical details"),
    PART("43", "Availability of software, model and data", en_fill_access),
    WRITE("44", "Funding"),
};

const en_checklist en_checklist_tripod_ai = {"TRIPOD+AI", "BMJ 2024;385:e078378", tripod_ai,
                                             sizeof tripod_ai / sizeof *tripod_ai};
const en_checklist en_checklist_claim = {"CLAIM, 2024 update", "Radiology: Artificial Intelligence 2024;6(4):e240300",
                                         claim, sizeof claim / sizeof *claim};
