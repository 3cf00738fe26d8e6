/* Backups: what was made, listed, verified and restored. */
#include "render/field.h"
#include "render/show.h"

en_status en_show_backup(en_out *out, const en_backup_result *result, en_error *err)
{
    static const en_field row[] = {
        EN_SHOW("backup", en_backup_row, number, 0),         EN_SHOW("name", en_backup_row, name, 0),
        EN_SHOW("created_at", en_backup_row, created_at, 0), EN_SHOW("files", en_backup_row, files, 0),
        EN_SHOW("bytes", en_backup_row, bytes, 0),           EN_FIELDS_END,
    };
    static const en_field fields[] = {
        EN_SHOW("new_objects", en_backup_result, new_objects, 0), EN_SHOW("new_bytes", en_backup_result, new_bytes, 0),
        EN_SHOW("missing", en_backup_result, missing, 0),         EN_SHOW("changed", en_backup_result, changed, 0),
        EN_SHOW("seconds", en_backup_result, seconds, 1),         EN_FIELDS_END,
    };
    en_record r = {.out = out};
    en_record_fields(&r, row, &result->made);
    en_record_fields(&r, fields, result);
    return en_record_end(&r, err);
}

en_status en_show_backups(en_out *out, const en_backup_rows *rows, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("backup", en_backup_row, number, 0),         EN_SHOW("name", en_backup_row, name, 0),
        EN_SHOW("created_at", en_backup_row, created_at, 0), EN_SHOW("project", en_backup_row, project, 0),
        EN_SHOW("files", en_backup_row, files, 0),           EN_SHOW("bytes", en_backup_row, bytes, 0),
        EN_SHOW("program", en_backup_row, program, 0),       EN_FIELDS_END,
    };
    return en_table_fields(out, fields, rows->row, rows->count, sizeof *rows->row, err);
}

en_status en_show_backup_verified(en_out *out, const en_backup_verified *result, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("backups", en_backup_verified, backups, 0),
        EN_SHOW("objects", en_backup_verified, objects, 0),
        EN_SHOW("right", en_backup_verified, right, 0),
        EN_SHOW("missing", en_backup_verified, missing, 0),
        EN_SHOW("damaged", en_backup_verified, damaged, 0),
        EN_SHOW("bytes", en_backup_verified, bytes, 0),
        EN_FIELDS_END,
    };
    return en_show_record(out, fields, result, err);
}

en_status en_show_restored(en_out *out, const en_restore_result *result, en_error *err)
{
    static const en_field row[] = {
        EN_SHOW("backup", en_backup_row, number, 0),         EN_SHOW("name", en_backup_row, name, 0),
        EN_SHOW("created_at", en_backup_row, created_at, 0), EN_SHOW("files", en_backup_row, files, 0),
        EN_SHOW("bytes", en_backup_row, bytes, 0),           EN_FIELDS_END,
    };
    static const en_field fields[] = {
        EN_SHOW("kept", en_restore_result, kept, 0),
        EN_SHOW("missing", en_restore_result, missing, 0),
        EN_SHOW("changed", en_restore_result, changed, 0),
        EN_SHOW("seconds", en_restore_result, seconds, 1),
        EN_FIELDS_END,
    };
    en_record r = {.out = out};
    en_record_text(&r, "folder", result->folder);
    en_record_fields(&r, row, &result->from);
    en_record_fields(&r, fields, result);
    return en_record_end(&r, err);
}
