/* What is known about a run, in what two differ, and runs that were removed, restored or deleted. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "render/field.h"
#include "render/show.h"

en_status en_show_facts(en_out *out, const en_catalog_run_fact_list *facts, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("section", en_catalog_run_fact, section, 0),
        EN_SHOW("name", en_catalog_run_fact, name, 0),
        EN_SHOW("value", en_catalog_run_fact, value, EN_WRAPPED),
        EN_FIELDS_END,
    };
    return en_table_fields(out, fields, facts->row, facts->count, sizeof *facts->row, err);
}

en_status en_show_differences(en_out *out, const en_catalog_run_fact_list *facts, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("section", en_catalog_run_fact, section, 0),
        EN_SHOW("name", en_catalog_run_fact, name, 0),
        EN_SHOW("first", en_catalog_run_fact, value, 0),
        EN_SHOW("second", en_catalog_run_fact, other, 0),
        EN_FIELDS_END,
    };
    return en_table_fields(out, fields, facts->row, facts->count, sizeof *facts->row, err);
}

en_status en_show_runs_gone(en_out *out, const en_runs_gone *gone, en_error *err)
{
    static const en_field fields[] = {
        EN_SHOW("run", en_run_gone, run, 0),
        EN_SHOW("removed_at", en_run_gone, removed_at, 0),
        EN_SHOW("files", en_run_gone, files, 0),
        EN_SHOW("bytes", en_run_gone, bytes, 0),
        EN_SHOW("files_left", en_run_gone, files_left, 0),
        EN_SHOW("repeated_by", en_run_gone, repeated_by, 0),
        EN_SHOW("folder", en_run_gone, folder, 0),
        EN_SHOW("uuid", en_run_gone, uuid, 0),
        EN_FIELDS_END,
    };
    return en_table_fields(out, fields, gone->row, gone->count, sizeof *gone->row, err);
}
