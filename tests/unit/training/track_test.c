/* Stores of MLflow and Trackio, made here by SQL and as files: what comes of their runs, and that a hostile store does
 * nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/track/track.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/run_edit.h"
#include "scratch_project.h"

#define ID_A "2f7fd73ed6bb4aaea4a7ff836fad385e"
#define ID_B "d4e25ce417cd410dbe93262ab297a7b3"

static const char mlflow_schema[] =
    "CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name VARCHAR(256), lifecycle_stage VARCHAR(32));"
    "CREATE TABLE runs (run_uuid VARCHAR(32) PRIMARY KEY, name VARCHAR(250), status VARCHAR(9), start_time BIGINT, "
    "end_time BIGINT,"
    " lifecycle_stage VARCHAR(20), experiment_id INTEGER);"
    "CREATE TABLE params (key VARCHAR(250), value VARCHAR(8000), run_uuid VARCHAR(32));"
    "CREATE TABLE tags (key VARCHAR(250), value VARCHAR(8000), run_uuid VARCHAR(32));"
    "CREATE TABLE metrics (key VARCHAR(250), value FLOAT, timestamp BIGINT, run_uuid VARCHAR(32), step BIGINT, is_nan "
    "BOOLEAN);"
    "INSERT INTO experiments VALUES (0, 'Default', 'active'), (1, 'retina', 'active');"
    "INSERT INTO runs VALUES ('" ID_A "', 'res/net', 'FINISHED', 1795870215446, 1795870217946, 'active', 1),"
    " ('" ID_B "', 'res/net', 'FAILED', 1795870216000, NULL, 'active', 0),"
    " ('00000000000000000000000000000001', 'gone', 'FINISHED', 1, 2, 'deleted', 0);";
static const char mlflow_rows[] =
    "INSERT INTO params VALUES ('lr', '0.001', '" ID_A "'), ('scale', 'big', '" ID_A "'), ('lr', '1', '" ID_B "');"
    "INSERT INTO tags VALUES ('mlflow.user', 'root', '" ID_A "'), ('team', 'eyes', '" ID_A "'), ('flag', '', '" ID_A
    "'),"
    " ('list', 'a,b', '" ID_A "'), ('mlflow.note.content', 'first', '" ID_A "');"
    "INSERT INTO metrics VALUES ('val_loss', 0.5, 10, '" ID_A "', 1, 0), ('val_loss', 0.4, 20, '" ID_A "', 2, 0),"
    " ('val_loss', 0.3, 30, '" ID_A "', 2, 0), ('loss/train', 0, 10, '" ID_A
    "', 1, 1), ('auc', 1.7976931348623157e308, 1, '" ID_A "', 3, 0),"
    " ('free', 3, 30, '" ID_A "', 0, 0), ('free', 1, 10, '" ID_A "', 0, 0), ('free', 2, 20, '" ID_A "', 0, 0),"
    " ('val/loss', 9, 10, '" ID_A "', 1, 0);";
/* What comes of the first run, of either kind of store. */
static const char metrics_of_a[] = "|auc|3|3|NULL\n|free|1|1|1.0\n|free|2|2|2.0\n|free|3|3|3.0\n|val_loss|1|1|0.5\n"
                                   "|val_loss|2|2|0.3\ntrain|loss|1|1|NULL\nval|loss|1|1|9.0\n";

static void make(const char *file, const char *sql, const char *more)
{
    sqlite3 *db;
    (void)unlink(file);
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, more, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static en_status try(scratch *r, en_track_kind kind, const char *path, en_track_result *result)
{
    const en_track_options options = {.kind = kind, .path = path};
    return en_track_import(&r->project, &options, result, &r->err);
}

static void is(scratch *r, const char *sql, const char *want)
{
    en_buf text;
    en_buf_init(&text, 1 << 20);
    scratch_dump(r, sql, &text);
    assert_string_equal(en_buf_str(&text), want);
    en_buf_clear(&text);
}

#define METRICS_OF_A                                                                                                   \
    "SELECT part, metric.name, step, epoch, value FROM metric JOIN run USING (run_id) WHERE uuid = "                   \
    "'2f7fd73e-d6bb-4aae-a4a7-"                                                                                        \
    "ff836fad385e' ORDER BY part, metric.name, step"

static void check_first(scratch *r)
{
    is(r,
       "SELECT name, state, started_at, ended_at, seconds FROM run WHERE uuid = '2f7fd73e-d6bb-4aae-a4a7-ff836fad385e'",
       "res_net|finished|2026-11-28T12:50:15Z|2026-11-28T12:50:17Z|2.5\n");
    is(r, "SELECT param.name, value FROM param JOIN run USING (run_id) WHERE run.name = 'res_net' ORDER BY 1",
       "lr|0.001\nmlflow.scale|big\n");
    is(r, "SELECT tag FROM run_tag JOIN run USING (run_id) WHERE name = 'res_net' ORDER BY 1",
       "experiment=retina\nflag\nteam=eyes\n");
    is(r, "SELECT text FROM run_note JOIN run USING (run_id) WHERE name = 'res_net'",
       "first\n\nMLflow run 'res/net', id " ID_A ", of 'retina'\nlist: a,b\n");
    is(r, METRICS_OF_A, metrics_of_a);
}

static void a_database_of_mlflow_is_imported_once(void **state)
{
    scratch *r = *state;
    en_track_result result;
    make("mlflow.db", mlflow_schema, mlflow_rows);
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result));
    assert_int_equal(result.runs, 2);
    assert_int_equal(result.imported, 2);
    assert_int_equal(result.skipped, 0);
    assert_int_equal(result.counts.replaced, 1);
    assert_int_equal(result.counts.metrics, 8);
    assert_int_equal(result.counts.params, 3);
    assert_int_equal(result.counts.left_out, 0);
    check_first(r);
    is(r, "SELECT name, state, ended_at, seconds FROM run WHERE state = 'failed'",
       "res_net-d4e25ce4|failed|NULL|NULL\n");
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result));
    assert_int_equal(result.imported, 0);
    assert_int_equal(result.skipped, 2);
    assert_int_equal(result.counts.metrics, 0);
    /* also where it is in the trash */
    SCRATCH_OK(r, en_catalog_run_remove(r->project.catalog, scratch_number(r, "SELECT max(run_id) FROM run"), &r->err));
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result));
    assert_int_equal(result.skipped, 2);
    assert_false(en_file_exists("mlflow.db-wal"));
}

static void runs_and_experiments_are_chosen(void **state)
{
    scratch *r = *state;
    en_track_result result;
    make("mlflow.db", mlflow_schema, mlflow_rows);
    en_track_options options = {.path = "mlflow.db", .experiment = "nothing"};
    scratch_refused(r, en_track_import(&r->project, &options, &result, &r->err), EN_INPUT, "experiment 'nothing'");
    assert_non_null(strstr(r->err.hint, "Default, retina"));
    options = (en_track_options){.path = "mlflow.db", .run = "nobody"};
    scratch_refused(r, en_track_import(&r->project, &options, &result, &r->err), EN_INPUT, "no run 'nobody'");
    options = (en_track_options){.path = "mlflow.db", .experiment = "Default"};
    SCRATCH_OK(r, en_track_import(&r->project, &options, &result, &r->err));
    assert_int_equal(result.runs, 1);
    options = (en_track_options){.path = "mlflow.db", .run = ID_A, .optimiser_steps = true};
    SCRATCH_OK(r, en_track_import(&r->project, &options, &result, &r->err));
    assert_int_equal(result.imported, 1);
    is(r, "SELECT DISTINCT epoch FROM metric", "0\n");
}

/* The same store as a folder. */
static void put(const char *path, const char *text)
{
    en_error err;
    char folder[256];
    snprintf(folder, sizeof folder, "%.*s", (int)(en_path_base(path) - path), path);
    assert_true(*folder == '\0' || en_file_mkdirs(folder, &err) == EN_OK);
    assert_int_equal(en_file_write(path, text, strlen(text), &err), EN_OK);
}

#define RUN_A "mlruns/17/" ID_A
#define META_A                                                                                                         \
    "artifact_uri: file:///x y/z\nend_time: 1795870217946\nexperiment_id: '17'\nlifecycle_stage: "                     \
    "active\nrun_id: " ID_A "\nrun_name: res/net\nstart_time: 1795870215446\nstatus: 3\ntags: []\n"

static void make_folder(void)
{
    put("mlruns/17/meta.yaml", "experiment_id: '17'\nlifecycle_stage: active\nname: retina\n");
    put(RUN_A "/meta.yaml", META_A);
    put(RUN_A "/params/lr", "0.001");
    put(RUN_A "/params/scale", "big");
    put(RUN_A "/tags/mlflow.user", "root");
    put(RUN_A "/tags/mlflow.note.content", "first");
    put(RUN_A "/tags/team", "eyes");
    put(RUN_A "/tags/flag", "");
    put(RUN_A "/tags/list", "a,b");
    put(RUN_A "/metrics/val_loss", "10 0.5 1\n30 0.3 2\n20 0.4 2\n");
    put(RUN_A "/metrics/loss/train", "10 nan 1\n");
    put(RUN_A "/metrics/auc", "1 inf 3\n");
    put(RUN_A "/metrics/free", "30 3 0\n10 1.0\n20 2e0 0 data digest\n");
    put(RUN_A "/metrics/val/loss", "10 9 1");
    put("mlruns/.trash/18/meta.yaml", "name: old\n");
    put("mlruns/models/x", "");
}

static void a_folder_of_mlflow_says_the_same(void **state)
{
    scratch *r = *state;
    en_track_result result;
    make_folder();
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlruns", &result));
    assert_int_equal(result.runs, 1);
    assert_int_equal(result.counts.replaced, 1);
    assert_int_equal(result.counts.left_out, 0);
    check_first(r);
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlruns", &result));
    assert_int_equal(result.skipped, 1);
    make("mlflow.db", mlflow_schema, mlflow_rows); /* the run is the same one */
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result));
    assert_int_equal(result.skipped, 1);
}

static void links_and_pipes_are_left_out(void **state)
{
    scratch *r = *state;
    en_track_result result;
    make_folder();
    put("secret/key", "secret");
    assert_int_equal(symlink("../../../../secret/key", RUN_A "/params/link"), 0);
    assert_int_equal(symlink("../../../../secret", RUN_A "/params/folder"), 0);
    assert_int_equal(mkfifo(RUN_A "/params/pipe", 0600), 0);
    assert_int_equal(symlink("../secret", "mlruns/linked"), 0);
    assert_int_equal(symlink(ID_A, "mlruns/17/" ID_B), 0);
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlruns", &result));
    assert_int_equal(result.imported, 1);
    assert_int_equal(result.counts.left_out, 3);
    is(r, "SELECT count(*) FROM param WHERE value = 'secret'", "0\n");
    assert_non_null(strstr(en_buf_str(&r->said), "left out"));
}

static void what_is_not_as_mlflow_writes_it_is_named(void **state)
{
    scratch *r = *state;
    en_track_result result;
    make_folder();
    put(RUN_A "/metrics/bad", "1 2 3\n1 zero 4\n");
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "mlruns", &result), EN_INPUT, "metric 'bad', line 2");
    put(RUN_A "/metrics/bad", "1 2 3 4\n");
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "mlruns", &result), EN_INPUT, "metric 'bad', line 1");
    put(RUN_A "/metrics/bad", "1 2 100001\n");
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "mlruns", &result), EN_INPUT, "not an epoch");
    put(RUN_A "/meta.yaml", "run_id: !!python/object x\n");
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "mlruns", &result), EN_INPUT, "meta.yaml");
    is(r, "SELECT count(*) FROM run", "0\n");
    is(r, "SELECT count(*) FROM metric", "0\n");
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "photo", &result), EN_PATH, "photo");
    put("other/x", "");
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "other", &result), EN_INPUT, "not a folder mlruns");
}

/* Of an experiment, and of a run: what lies beside them is imported. */
static void a_damaged_meta_costs_its_own_folder(void **state)
{
    scratch *r = *state;
    en_track_result result;
    make_folder();
    put("mlruns/16/meta.yaml", "name: \"open\n");
    put("mlruns/17/00000000000000000000000000000001/meta.yaml", "run_name: [a]\n");
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlruns", &result));
    assert_int_equal(result.imported, 1);
    assert_int_equal(result.damaged, 2);
    assert_non_null(strstr(en_buf_str(&r->said), "'16/meta.yaml': line 1"));
    assert_non_null(strstr(en_buf_str(&r->said), "'17/00000000000000000000000000000001/meta.yaml': line 1"));
    check_first(r);
}

static void names_are_valid_and_unique(void **state)
{
    scratch *r = *state;
    en_track_result result;
    make(
        "mlflow.db", mlflow_schema,
        "DELETE FROM runs; WITH series(value) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9)) INSERT INTO runs "
        "SELECT printf('%08x%024x', value, 0), CASE value WHEN 1 THEN 'last' WHEN 2 THEN '' WHEN 3 THEN '.x' WHEN 4 "
        "THEN '@x' "
        "WHEN 5 THEN char(27) || 'a' || char(10) || '\\b ' WHEN 6 THEN printf('%.*c', 250, 'y') "
        "WHEN 7 THEN printf('%.*c', 250, 'y') WHEN 8 THEN CAST(x'61ff62' AS TEXT) END, 'RUNNING', value, NULL, "
        "'active', 1 "
        "FROM series;");
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result));
    assert_int_equal(result.imported, 9);
    is(r, "SELECT replace(name, printf('%.*c', 60, 'y'), 'Y') FROM run ORDER BY run_id",
       "mlflow-00000001\nmlflow-00000002\n_x\n_x-00000004\n?a?_b\nYyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\nY-"
       "00000007\na?b\n"
       "mlflow-00000009\n");
    is(r, "SELECT DISTINCT state, ended_at FROM run", "created|NULL\n");
}

/* Each is refused in one line, and the project stays as it was. */
static void refused(scratch *r, const char *more, const char *words)
{
    en_track_result result;
    make("mlflow.db", mlflow_schema, more);
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result), EN_INPUT, words);
    is(r, "SELECT count(*) FROM run", "0\n");
}

static void a_hostile_database_does_nothing(void **state)
{
    scratch *r = *state;
    en_track_result result;
    refused(r, "DROP TABLE params; CREATE VIEW params AS SELECT 'a' AS key, 'b' AS value, '" ID_A "' AS run_uuid",
            "no table 'params'");
    refused(r, "DROP TABLE params; CREATE VIRTUAL TABLE params USING fts5(key, value, run_uuid)", "no table 'params'");
    refused(r, "DROP TABLE params; CREATE TABLE params (name, value, run_uuid)", "key");
    refused(r, "INSERT INTO params VALUES (x'00', 'b', '" ID_A "')", "key");
    refused(r, "INSERT INTO params VALUES ('a' || char(0) || 'b', 'b', '" ID_A "')", "key");
    refused(r, "INSERT INTO params VALUES (NULL, 'b', '" ID_A "')", "key");
    refused(r, "INSERT INTO params VALUES (printf('%.*c', 2000, 'k'), 'b', '" ID_A "')", "key");
    refused(r, "INSERT INTO metrics VALUES ('a', 'high', 1, '" ID_A "', 1, 0)", "value");
    refused(r, "INSERT INTO metrics VALUES ('a', 1, 1, '" ID_A "', 'one', 0)", "step");
    refused(r, "INSERT INTO metrics VALUES ('a', 1, 1, '" ID_A "', 100001, 0)", "not an epoch");
    refused(r, "INSERT INTO params VALUES ('a', zeroblob(17000000), '" ID_A "')", "too big");
    refused(r, "UPDATE runs SET run_uuid = NULL", "id");
    refused(r, "UPDATE runs SET start_time = 'yesterday'", "started_ms");
    put("mlflow.db", "SQLite format 3");
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result), EN_INPUT, "not an SQLite database");
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "nowhere.db", &result), EN_PATH, "nowhere.db");
    assert_int_equal(mkfifo("pipe.db", 0600), 0);
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "pipe.db", &result), EN_INPUT, "not a regular file");
    make("mlflow.db", mlflow_schema, mlflow_rows);
    put("mlflow.db-journal", "x");
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result), EN_BUSY, "mlflow.db");
    assert_int_equal(unlink("mlflow.db-journal"), 0);
    assert_int_equal(truncate("mlflow.db", 5000), 0);
    assert_int_not_equal(try(r, EN_TRACK_MLFLOW, "mlflow.db", &result), EN_OK);
    is(r, "SELECT count(*) FROM run", "0\n");
}

static void what_cannot_be_kept_is_left_out_and_counted(void **state)
{
    scratch *r = *state;
    en_track_result result;
    make("mlflow.db", mlflow_schema,
         "INSERT INTO params VALUES ('long', printf('%.*c', 8001, 'v'), '" ID_A "'), (char(7), 'x', '" ID_A "'),"
         " (printf('%.*c', 251, 'k'), 'x', '" ID_A "'), ('utf', CAST(x'61ff62' AS TEXT), '" ID_A "');"
         "INSERT INTO metrics VALUES ('a', 1, 1, '" ID_A "', -1, 0), ('a', 2, 1, '" ID_A "', 1, 0);");
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result));
    assert_int_equal(result.counts.left_out, 4);
    assert_int_equal(result.counts.metrics, 1);
    is(r, "SELECT name, value FROM param", "utf|a?b\n");
}

static void a_run_that_fails_leaves_those_before_it(void **state)
{
    scratch *r = *state;
    en_track_result result;
    make("mlflow.db", mlflow_schema, "INSERT INTO params VALUES ('a', '1', '" ID_B "'), (NULL, '1', '" ID_B "')");
    scratch_refused(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result), EN_INPUT, ID_B);
    assert_int_equal(result.imported, 1);
    is(r, "SELECT uuid FROM run", "2f7fd73e-d6bb-4aae-a4a7-ff836fad385e\n");
    is(r, "SELECT count(*) FROM param", "0\n");
}

static void a_run_from_here_is_skipped(void **state)
{
    scratch *r = *state;
    en_track_result result;
    make("mlflow.db", mlflow_schema, mlflow_rows);
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result));
    make("mlflow.db", mlflow_schema,
         "UPDATE runs SET run_uuid = replace(run_uuid, 'd', 'a');"
         "INSERT INTO tags SELECT 'eyenet.uuid', '2f7fd73e-d6bb-4aae-a4a7-ff836fad385e', run_uuid FROM runs WHERE "
         "status = 'FAILED'");
    SCRATCH_OK(r, try(r, EN_TRACK_MLFLOW, "mlflow.db", &result));
    assert_int_equal(result.imported, 1);
    assert_int_equal(result.skipped, 1);
}

#define TRACKIO_ROWS                                                                                                   \
    "INSERT INTO metrics (run_name, timestamp, step, metrics) VALUES"                                                  \
    " ('a/b', '2026-11-28T12:50:32.130963+00:00', 0, "                                                                 \
    "CAST('{\"train/loss\":1.0,\"val_loss\":2,\"epoch\":1,\"t\":\"x\"}' AS BLOB)),"                                    \
    " ('a/b', '2026-11-28T12:50:42+00:00', 1, '{\"val_loss\":\"NaN\",\"epoch\":2,\"train/loss\":NaN}'),"               \
    " ('a/b', '2026-11-28T12:50:52+00:00', 1, '{\"val_loss\":0.5}');"                                                  \
    "INSERT INTO configs (run_name, config, created_at) VALUES ('a/b',"                                                \
    " '{\"lr\":0.001,\"n\":{\"a\":1},\"l\":[1,2],\"_Username\":null,\"_Group\":\"g\"}', '2026-11-28T12:50:31+00:00');"

static void a_project_of_trackio_is_imported(void **state)
{
    scratch *r = *state;
    en_track_result result;
    static const char named[] =
        "CREATE TABLE metrics (id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);"
        "CREATE TABLE configs (id INTEGER PRIMARY KEY, run_name TEXT, config TEXT, created_at TEXT);";
    static const char ids[] =
        "PRAGMA journal_mode = WAL; CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id TEXT NOT NULL DEFAULT '" ID_B
        "', timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);"
        "CREATE TABLE configs (id INTEGER PRIMARY KEY, run_id TEXT NOT NULL DEFAULT '" ID_B
        "', run_name TEXT, config TEXT, created_at TEXT);";
    make("retina.db", ids, TRACKIO_ROWS);
    SCRATCH_OK(r, try(r, EN_TRACK_TRACKIO, "retina.db", &result));
    assert_int_equal(result.imported, 1);
    assert_int_equal(result.counts.left_out, 1); /* t */
    assert_int_equal(result.counts.replaced, 1);
    is(r, "SELECT name, uuid, state, started_at, seconds FROM run",
       "a_b|d4e25ce4-17cd-410d-be93-262ab297a7b3|finished|2026-11-28T12:50:31Z|21.0\n");
    is(r, "SELECT part, name, step, epoch, value FROM metric ORDER BY 1, 2, 3",
       "train|loss|0|1|1.0\ntrain|loss|1|2|NULL\nval|loss|0|1|2.0\nval|loss|1|2|0.5\n");
    is(r, "SELECT name, value FROM param ORDER BY 1", "l|[1,2]\nlr|0.001\nn.a|1\n");
    is(r, "SELECT tag FROM run_tag ORDER BY 1", "experiment=retina\ngroup=g\n");
    assert_false(en_file_exists("retina.db-shm"));
    SCRATCH_OK(r, try(r, EN_TRACK_TRACKIO, "retina.db", &result));
    assert_int_equal(result.skipped, 1);
    make("retina.db", named, TRACKIO_ROWS); /* without ids a run is its project and name */
    SCRATCH_OK(r, try(r, EN_TRACK_TRACKIO, "retina.db", &result));
    assert_int_equal(result.imported, 1);
    SCRATCH_OK(r, try(r, EN_TRACK_TRACKIO, "retina.db", &result));
    assert_int_equal(result.skipped, 1);
    make("retina.db", named, "INSERT INTO metrics (run_name, step, metrics) VALUES ('c', 1, '[1]')");
    scratch_refused(r, try(r, EN_TRACK_TRACKIO, "retina.db", &result), EN_INPUT, "not a JSON object");
    make("retina.db", named, "INSERT INTO configs (run_name, config) VALUES ('c', '{\"a\":')");
    scratch_refused(r, try(r, EN_TRACK_TRACKIO, "retina.db", &result), EN_INPUT, "not JSON");
    is(r, "SELECT count(*) FROM run", "2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_database_of_mlflow_is_imported_once, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(runs_and_experiments_are_chosen, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_folder_of_mlflow_says_the_same, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(links_and_pipes_are_left_out, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_as_mlflow_writes_it_is_named, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_meta_costs_its_own_folder, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(names_are_valid_and_unique, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_hostile_database_does_nothing, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_kept_is_left_out_and_counted, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_run_that_fails_leaves_those_before_it, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_run_from_here_is_skipped, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_project_of_trackio_is_imported, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
