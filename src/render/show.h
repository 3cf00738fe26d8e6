/* The result of every workflow on an output, in the output's format. What a person sees beside the rows themselves (a
 * confusion matrix, totals) is left out of the formats for programs, which find it in the views. */
#ifndef EN_RENDER_SHOW_H
#define EN_RENDER_SHOW_H

#include "backup/backup.h"
#include "base/buf.h"
#include "bundle/bundle.h"
#include "dataset/augment.h"
#include "dataset/given.h"
#include "dataset/split.h"
#include "dataset/subset.h"
#include "intake/agreement.h"
#include "intake/audit.h"
#include "intake/fetch/fetch.h"
#include "intake/ingest.h"
#include "intake/label.h"
#include "nn/profile.h"
#include "phantom/set.h"
#include "catalog/run_facts.h"
#include "catalog/scheme.h"
#include "project/doctor.h"
#include "project/run_trash.h"
#include "publish/mlflow.h"
#include "render/out.h"
#include "report/contact.h"
#include "report/report.h"
#include "training/compare.h"
#include "training/embed.h"
#include "training/evaluate.h"
#include "training/export_board.h"
#include "training/export_croissant.h"
#include "training/export_data.h"
#include "training/export_model.h"
#include "training/predict.h"
#include "training/pretrained.h"
#include "training/promote.h"
#include "training/retrain.h"
#include "training/reproduce.h"
#include "training/run_combine.h"
#include "training/run_import.h"
#include "training/run_log.h"
#include "training/track/track.h"
#include "training/runs.h"
#include "training/suspects.h"
#include "training/sweep.h"
#include "training/top.h"
#include "training/train/folds.h"

/* dataset: the name of the source's; NULL: none. */
/* What a fetch would do; `free` is the free space of the project's disk, bytes. */
en_status en_show_fetch_plan(en_out *out, const en_fetch_result *r, int64_t free, const char *terms,
                             en_error *err) EN_CHECKED;
en_status en_show_verified(en_out *out, const en_fetch_verified *r, en_error *err) EN_CHECKED;
en_status en_show_fetch(en_out *out, const char *dataset, const en_fetch_result *r, en_error *err) EN_CHECKED;
en_status en_show_schemes(en_out *out, const en_catalog_scheme_list *list, en_error *err) EN_CHECKED;
en_status en_show_agreement(en_out *out, const en_agreements *list, en_error *err) EN_CHECKED;
en_status en_show_conflicts(en_out *out, const en_catalog_conflicts *conflicts, en_error *err) EN_CHECKED;
/* changed: how many images were given a patient. */
en_status en_show_patients(en_out *out, const en_catalog_knowledge *known, int64_t changed, en_error *err) EN_CHECKED;
en_status en_show_contact(en_out *out, const en_contact_result *r, en_error *err) EN_CHECKED;
en_status en_show_ingest(en_out *out, const en_ingest_result *r, en_error *err) EN_CHECKED;
en_status en_show_labels(en_out *out, const en_label_result *r, en_error *err) EN_CHECKED;
en_status en_show_phantom(en_out *out, const en_phantom_result *r, en_error *err) EN_CHECKED;
en_status en_show_augment(en_out *out, const char *policy, const en_augment_result *r, en_error *err) EN_CHECKED;
en_status en_show_split(en_out *out, const en_split_result *r, en_error *err) EN_CHECKED;
/* skipped: rows of the file whose images are not in the catalog. */
en_status en_show_given(en_out *out, const char *name, const en_given_result *r, int64_t skipped,
                        en_error *err) EN_CHECKED;
en_status en_show_audit(en_out *out, const en_audit_result *r, en_error *err) EN_CHECKED;
en_status en_show_subset(en_out *out, const char *name, const en_subset_result *r, en_error *err) EN_CHECKED;
en_status en_show_import(en_out *out, const en_import_result *r, en_error *err) EN_CHECKED;
en_status en_show_models(en_out *out, const en_catalog_pretrained_list *models, en_error *err) EN_CHECKED;
en_status en_show_model(en_out *out, const en_model_summary *model, en_error *err) EN_CHECKED;
en_status en_show_folds(en_out *out, const en_folds_result *r, en_error *err) EN_CHECKED;
en_status en_show_train(en_out *out, const en_train_result *r, en_error *err) EN_CHECKED;
en_status en_show_top(en_out *out, const en_top *top, en_error *err) EN_CHECKED;
/* The same as lines of text in `out`, as wide as `like` is, with its colours and characters; `rows` lines at most, 0:
 * no limit. Curves are there only where every run fits with its own. */
en_status en_top_screen(const en_top *top, const en_out *like, size_t rows, en_buf *out, en_error *err) EN_CHECKED;
en_status en_show_reproduce(en_out *out, const en_reproduce_result *result, en_error *err) EN_CHECKED;
/* Rows in the order of the result, with a column for everything that varies. */
en_status en_show_sweep(en_out *out, const en_sweep_options *o, const en_sweep_plan *plan, const en_sweep_result *r,
                        en_error *err) EN_CHECKED;
en_status en_show_retrain(en_out *out, const en_retrain_result *result, en_error *err) EN_CHECKED;
en_status en_show_promote(en_out *out, const en_promote_result *r, en_error *err) EN_CHECKED;
en_status en_show_promotions(en_out *out, const en_catalog_promotions *list, en_error *err) EN_CHECKED;
en_status en_show_run_combine(en_out *out, const en_run_combine_result *r, en_error *err) EN_CHECKED;
en_status en_show_run_import(en_out *out, const en_run_import_result *r, en_error *err) EN_CHECKED;
en_status en_show_track(en_out *out, const en_track_result *r, en_error *err) EN_CHECKED;
en_status en_show_run_log(en_out *out, const en_run_log_result *r, en_error *err) EN_CHECKED;
en_status en_show_runs(en_out *out, const en_run_summaries *runs, en_error *err) EN_CHECKED;
en_status en_show_compare(en_out *out, const en_compare_result *result, en_error *err) EN_CHECKED;
/* All about one run; in what two runs differ. */
en_status en_show_facts(en_out *out, const en_catalog_run_fact_list *facts, en_error *err) EN_CHECKED;
en_status en_show_differences(en_out *out, const en_catalog_run_fact_list *facts, en_error *err) EN_CHECKED;
en_status en_show_runs_gone(en_out *out, const en_runs_gone *gone, en_error *err) EN_CHECKED;
/* Of steps of `batch` images, in prediction or in training. */
en_status en_show_profile(en_out *out, const en_profile *p, size_t batch, bool predict, en_error *err) EN_CHECKED;
en_status en_show_evaluate(en_out *out, const en_evaluate_result *r, en_error *err) EN_CHECKED;
en_status en_show_predict(en_out *out, const en_predict_result *r, en_error *err) EN_CHECKED;
/* As HL7 FHIR R4, a Bundle of DiagnosticReports, whatever the output's format. */
en_status en_show_fhir(en_out *out, const en_predict_result *r, en_error *err) EN_CHECKED;
en_status en_show_report(en_out *out, const en_report_result *r, en_error *err) EN_CHECKED;
en_status en_show_several(en_out *out, const en_report_several_result *r, en_error *err) EN_CHECKED;
en_status en_show_plotted(en_out *out, const en_report_plotted *plotted, en_error *err) EN_CHECKED;
en_status en_show_export_data(en_out *out, const en_export_data_result *r, en_error *err) EN_CHECKED;
en_status en_show_croissant(en_out *out, const en_croissant_result *r, en_error *err) EN_CHECKED;
en_status en_show_mlflow(en_out *out, const en_mlflow_result *r, en_error *err) EN_CHECKED;
en_status en_show_board(en_out *out, const en_board_result *rows, size_t count, en_error *err) EN_CHECKED;
en_status en_show_embed(en_out *out, const en_embed_result *r, en_error *err) EN_CHECKED;
en_status en_show_suspects(en_out *out, const en_suspects_result *r, en_error *err) EN_CHECKED;
en_status en_show_export(en_out *out, const en_export_result *r, en_error *err) EN_CHECKED;
en_status en_show_bundle_export(en_out *out, const en_bundle_export_result *result, en_error *err) EN_CHECKED;
en_status en_show_bundle_import(en_out *out, const en_bundle_import_result *result, en_error *err) EN_CHECKED;
en_status en_show_backup(en_out *out, const en_backup_result *r, en_error *err) EN_CHECKED;
en_status en_show_backups(en_out *out, const en_backup_rows *rows, en_error *err) EN_CHECKED;
en_status en_show_backup_verified(en_out *out, const en_backup_verified *r, en_error *err) EN_CHECKED;
en_status en_show_restored(en_out *out, const en_restore_result *r, en_error *err) EN_CHECKED;
en_status en_show_doctor(en_out *out, const en_doctor_result *r, en_error *err) EN_CHECKED;

#endif
