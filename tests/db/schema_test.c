/* The schema as a whole, against the file schema.golden: a change of it is seen in review, as text.
 * To renew the file after a new migration: test_db_schema --renew (the program is in tests/db of the build folder). */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

#define SCHEMA_CAP 1000000

static void dump_schema(en_buf *out)
{
    en_catalog_objects objects;
    OK(en_buf_printf(
        out, &err,
        "-- The schema that migrations/ and sql/view/ make, version %lld. Renew with: test_db_schema --renew\n",
        (long long)number("SELECT max(version) FROM schema_migration")));
    OK(en_catalog_schema(catalog, &objects, &err));
    for (size_t i = 0; i < objects.count; i++) {
        OK(en_buf_printf(out, &err, "\n%s;\n", objects.row[i].sql));
    }
    en_catalog_objects_clear(&objects);
}

static void the_schema_is_the_golden_one(void **state)
{
    (void)state;
    en_buf now, golden;
    en_buf_init(&now, SCHEMA_CAP);
    en_buf_init(&golden, SCHEMA_CAP);
    dump_schema(&now);
    OK(en_file_read(EN_GOLDEN, &golden, &err));
    if (strcmp(en_buf_str(&now), en_buf_str(&golden)) != 0) {
        fail_msg("the schema is not that of tests/db/schema.golden: if it should change, add a migration and renew the "
                 "file");
    }
    en_buf_clear(&now);
    en_buf_clear(&golden);
}

/* The views are the users' API: their columns may grow, but none may go or change its place. */
static void views_keep_their_columns(void **state)
{
    (void)state;
    static const struct {
        const char *view, *columns;
    } promised[] = {
        {"images", "image_id,image,patient,eye,status,reason,grade,gradable,eyeq,split,part,width,height,format,"
                   "brightness,contrast,"
                   "sharpness,black_fraction,disc_radius,disc_coverage,score,phash,path,sha256,detail"},
        {"variants",
         "variant_id,image,patient,eye,grade,gradable,eyeq,mirror,rotation,part,split,width,height,brightness,contrast,"
         "sharpness,black_fraction,disc_radius,disc_coverage,score,status,image_id"},
        {"labels", "image,patient,eye,scheme,grade,grader,file,imported_at,image_id,import_id,dataset,meaning"},
        {"schemes", "scheme,lowest,highest,ordered,built_in,meanings,labels,graded_by,description,added_at"},
        {"class_balance", "split,part,grade,images,patients,variants"},
        {"rejects", "image,patient,eye,reason,detail,path,width,height,image_id"},
        {"splits", "split,rule,seed,folds,fold,train_patients,val_patients,test_patients,train_images,val_images,"
                   "test_images,subsets,created_at,split_id"},
        {"subsets", "subset,part,split,variants,images,patients,runs,frozen_at,sha256,sql,subset_id"},
        {"runs",
         "run,state,model,target,subset,val_subset,split,recipe,seed,attempts,epochs,best_epoch,seconds,created_at,"
         "started_at,"
         "ended_at,classes,parent,uuid,host,cpu,isa,threads,program_version,program_commit,command_line,run_id,"
         "augmentation,tags,note,settings,folder,origin,trouble,members,views"},
        {"removed_runs", "run,state,model,target,subset,removed_at,uuid,run_id,folder"},
        {"run_facts", "run,section,name,value,run_id"},
        {"metrics", "run,part,metric,epoch,step,value,attempt,run_id"},
        {"latest_metrics", "run,part,metric,epoch,step,value,attempt,run_id"},
        {"steps", "run,step,epoch,images,loss,learning_rate,seconds,run_id"},
        {"predictions",
         "run,subset,part,image,patient,eye,grade,truth,predicted,truth_class,predicted_class,p,score,probabilities,"
         "mirror,rotation,target,variant_id,evaluation_id,run_id"},
        {"errors",
         "run,subset,part,image,patient,eye,grade,truth,predicted,truth_class,predicted_class,p,score,probabilities,"
         "mirror,rotation,target,variant_id,evaluation_id,run_id"},
        {"confusion", "run,subset,truth,predicted,truth_class,predicted_class,count,evaluation_id"},
        {"evaluations", "run,subset,part,predictions,created_at,weights_sha256,weights_kept,newest,target,evaluation_"
                        "id,run_id,file,answers_only"},
        {"params", "run,param,value,run_id"},
        {"promotions", "alias,run,current,replaced,metric,difference,low,high,margin,n,patients,reason,promoted_at,"
                       "promotion_id,run_id"},
        {"retrainings", "run,new_run,chosen,split,subset,photographs,patients,kept_out,rejected,promoted,alias,metric,"
                        "difference,low,high,margin,n,test_patients,reason,began_at,decided_at,retraining_id"},
        {"leakage", "run,trained_on,measured_on,use,patients,shared_patients,shared_images"},
        {"provenance",
         "image,patient,eye,status,reason,source,source_kind,path,bytes,sha256,label_file,labels,samples,variants,"
         "subsets,trained_runs,image_id"},
        {"manifest", "dataset,source,source_kind,version,terms,fetched_at,program,file,path,bytes,sha256,source_id"},
        {"embeddings",
         "image,patient,eye,model,layer,dimensions,recipe,vector,current,weights_sha256,created_at,image_id,"
         "embedding_set_id"},
        {"damaged", "dataset,source,path,volume,reason,found_at,source_id"},
    };
    for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++) {
        char sql[200];
        en_query *q;
        snprintf(sql, sizeof sql, "SELECT group_concat(name) FROM pragma_table_info('%s')", promised[i].view);
        OK(en_catalog_query(catalog, "test", sql, NULL, &q, &err));
        OK(en_query_next(q, &err));
        size_t length = strlen(promised[i].columns);
        const char *columns = en_query_text(q, 0);
        if (columns == NULL || strncmp(columns, promised[i].columns, length) != 0 ||
            (columns[length] != '\0' && columns[length] != ',')) {
            fail_msg("view %s has the columns %s", promised[i].view, columns != NULL ? columns : "(none)");
        }
        en_query_close(q);
    }
    assert_int_equal(number("SELECT count(*) FROM sqlite_schema WHERE type = 'view'"),
                     sizeof promised / sizeof promised[0]);
}

/* The page that pictures the schema names every table and view. */
static void the_page_of_the_schema_leaves_nothing_out(void **state)
{
    (void)state;
    en_catalog_objects objects;
    en_buf page;
    en_buf_init(&page, SCHEMA_CAP);
    OK(en_file_read(EN_SCHEMA_PAGE, &page, &err));
    OK(en_catalog_schema(catalog, &objects, &err));
    for (size_t i = 0; i < objects.count; i++) {
        const en_catalog_object *o = &objects.row[i];
        bool shown = strcmp(o->type, "table") == 0 || strcmp(o->type, "view") == 0;
        if (shown && strstr(en_buf_str(&page), o->name) == NULL) {
            fail_msg("docs/schema.md does not show %s %s", o->type, o->name);
        }
    }
    en_catalog_objects_clear(&objects);
    en_buf_clear(&page);
}

static int renew(void)
{
    en_buf now;
    en_error err;
    en_buf_init(&now, SCHEMA_CAP);
    if (open_project(NULL) != 0) {
        return 1;
    }
    dump_schema(&now);
    en_status st = en_file_write(EN_GOLDEN, now.data, now.size, &err);
    if (st != EN_OK) {
        print_error("%s\n", err.text);
    }
    en_buf_clear(&now);
    return close_project(NULL) != 0 || st != EN_OK;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--renew") == 0) {
        return renew();
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_schema_is_the_golden_one, open_project, close_project),
        cmocka_unit_test_setup_teardown(views_keep_their_columns, open_project, close_project),
        cmocka_unit_test_setup_teardown(the_page_of_the_schema_leaves_nothing_out, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
