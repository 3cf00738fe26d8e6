/* The commands, one file each: cmd_NAME.c. */
#ifndef EN_CLI_COMMANDS_H
#define EN_CLI_COMMANDS_H

#include "cli/command.h"

extern const en_command en_cmd_init, en_cmd_fetch, en_cmd_ingest, en_cmd_label_import, en_cmd_label_conflicts,
    en_cmd_label_agreement, en_cmd_scheme_add, en_cmd_scheme_list, en_cmd_scheme_rm, en_cmd_patients, en_cmd_images,
    en_cmd_rejects, en_cmd_phantom, en_cmd_augment, en_cmd_split, en_cmd_split_import, en_cmd_split_audit,
    en_cmd_subset, en_cmd_suspects, en_cmd_model_import, en_cmd_model_list, en_cmd_model_show, en_cmd_train,
    en_cmd_embed, en_cmd_evaluate, en_cmd_predict, en_cmd_compare, en_cmd_runs, en_cmd_runs_show, en_cmd_runs_diff,
    en_cmd_runs_tag, en_cmd_runs_note, en_cmd_runs_rename, en_cmd_runs_rm, en_cmd_runs_restore, en_cmd_runs_gc,
    en_cmd_sweep, en_cmd_top, en_cmd_promote, en_cmd_retrain, en_cmd_run_combine, en_cmd_run_import, en_cmd_run_log,
    en_cmd_import_mlflow, en_cmd_import_trackio, en_cmd_reproduce, en_cmd_bench, en_cmd_report, en_cmd_plot,
    en_cmd_export_onnx, en_cmd_export_coreml, en_cmd_export_litert, en_cmd_export_page, en_cmd_export_tensorboard,
    en_cmd_export_npy, en_cmd_export_npz, en_cmd_export_folder, en_cmd_export_croissant, en_cmd_export_mlflow,
    en_cmd_sql, en_cmd_schema, en_cmd_doctor, en_cmd_backup, en_cmd_restore, en_cmd_bundle_export, en_cmd_bundle_import,
    en_cmd_help, en_cmd_completion, en_cmd_version;

#endif
