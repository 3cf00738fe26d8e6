/* MLflow's folder mlruns: EXPERIMENT/meta.yaml, and of each run RUN/meta.yaml and a file per tag, parameter and metric,
 * whose path beneath tags/, params/ or metrics/ is its name. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "training/track/beneath.h"
#include "training/track/meta.h"
#include "training/track/store.h"

#define META_MAX ((size_t)64 << 10)    /* bytes of a meta.yaml */
#define TEXT_MAX ((size_t)1 << 20)     /* of a parameter or tag */
#define METRIC_MAX ((size_t)128 << 20) /* of a metric's file */
#define DEPTH_MAX 16                   /* folders that a name may have */
#define NAMED_MAX 10                   /* damaged files that are warned of one by one */

typedef struct folder_store {
    int root;
    char *path;
} folder_store;

/* Files ------------------------------------------------------------------------------------------------------------ */

/* A folder in a folder; EN_DONE: there is none. */
static en_status open_folder(int in, const char *name, int *fd, en_error *err)
{
    bool is_folder = false;
    en_status st = en_beneath_open(in, name, fd, &is_folder, err);
    if (st == EN_OK && !is_folder) {
        (void)close(*fd);
        st = EN_DONE;
    }
    return st;
}

/* A file in a folder as a whole; EN_DONE: there is none. */
static en_status read_file(int in, const char *name, en_buf *out, en_error *err)
{
    int fd;
    bool is_folder = false;
    en_status st = en_beneath_open(in, name, &fd, &is_folder, err);
    if (st != EN_OK) {
        return st;
    }
    st = is_folder ? EN_DONE : en_beneath_read(fd, name, out, err);
    (void)close(fd);
    return st;
}

static en_status read_meta(int in, en_meta *out, en_error *err)
{
    en_buf text;
    en_buf_init(&text, META_MAX);
    *out = (en_meta){0};
    en_status st = read_file(in, "meta.yaml", &text, err);
    if (st == EN_OK) {
        st = en_meta_parse(en_buf_str(&text), text.size, out, err);
    }
    en_buf_clear(&text);
    return st;
}

/* Runs ------------------------------------------------------------------------------------------------------------- */

static en_run_state state_of(const char *status)
{
    static const struct {
        const char *word;
        en_run_state state;
    } known[] = {{"3", EN_RUN_FINISHED},    {"FINISHED", EN_RUN_FINISHED}, {"4", EN_RUN_FAILED},
                 {"FAILED", EN_RUN_FAILED}, {"5", EN_RUN_INTERRUPTED},     {"KILLED", EN_RUN_INTERRUPTED}};
    for (size_t i = 0; status != NULL && i < sizeof known / sizeof *known; i++) {
        if (strcmp(status, known[i].word) == 0) {
            return known[i].state;
        }
    }
    return EN_RUN_CREATED;
}

static int64_t time_of(const char *text)
{
    int64_t ms;
    return text != NULL && en_parse_int(text, &ms) && ms >= 0 ? ms : -1;
}

static bool is_active(const en_meta *m)
{
    const char *stage = en_meta_get(m, "lifecycle_stage");
    return stage == NULL || strcmp(stage, "active") == 0;
}

static char *copy(const char *text) { return en_strndup(text, strlen(text) < 1000 ? strlen(text) : 1000); }

/* `where` is EXPERIMENT/RUN, by which the run is read again. */
static en_status add_run(en_store_runs *out, const en_meta *m, const char *id, const char *where,
                         const char *experiment, en_error *err)
{
    const char *name = en_meta_get(m, "run_name") != NULL ? en_meta_get(m, "run_name") : en_meta_get(m, "name");
    en_store_run *rows = en_array_grow(out->row, out->count, sizeof *rows, err);
    if (rows == NULL) {
        return EN_NOMEM;
    }
    out->row = rows;
    rows[out->count] = (en_store_run){.id = en_strdup(id),
                                      .where = en_strdup(where),
                                      .name = copy(name != NULL ? name : ""),
                                      .experiment = copy(experiment),
                                      .state = state_of(en_meta_get(m, "status")),
                                      .started_ms = time_of(en_meta_get(m, "start_time")),
                                      .ended_ms = time_of(en_meta_get(m, "end_time"))};
    const en_store_run *r = &rows[out->count++];
    return r->id != NULL && r->where != NULL && r->name != NULL && r->experiment != NULL ? EN_OK
                                                                                         : en_error_nomem(err, "a run");
}

/* What a damaged meta.yaml says is not known, and costs only the folder that it is of. */
static void pass_over(const en_store *s, en_store_runs *out, const en_error *why)
{
    if (out->damaged < NAMED_MAX) {
        en_event_warn(s->events, "%s: it is passed over", why->text);
    } else if (out->damaged == NAMED_MAX) {
        en_event_warn(s->events, "there are more of them");
    }
    out->damaged++;
}

static en_status list_run(en_store *s, int in, const char *folder, const char *id, const char *experiment,
                          const char *wanted, en_store_runs *out, en_error *err)
{
    int fd;
    en_meta m;
    if (wanted != NULL && strlen(wanted) == 32 && strspn(wanted, "0123456789abcdef") == 32 && strcmp(wanted, id) != 0) {
        return EN_OK; /* another one by its id, which may be damaged */
    }
    en_status st = open_folder(in, id, &fd, err);
    if (st != EN_OK) {
        return st == EN_DONE ? EN_OK : st;
    }
    st = read_meta(fd, &m, err);
    if (st == EN_INPUT) {
        en_error_prefix(err, "'%.100s/%.100s/meta.yaml'", folder, id);
        if (wanted == NULL || strcmp(wanted, id) != 0) {
            pass_over(s, out, err);
            st = EN_DONE;
        }
    }
    const char *name = st == EN_OK ? en_meta_get(&m, "run_name") : NULL;
    if (st == EN_OK && en_meta_get(&m, "start_time") != NULL && is_active(&m) &&
        (wanted == NULL || strcmp(wanted, id) == 0 || (name != NULL && strcmp(wanted, name) == 0))) {
        char *where = en_format("%s/%s", folder, id);
        st = where != NULL ? add_run(out, &m, id, where, experiment, err) : en_error_nomem(err, "a run");
        en_free(where);
    }
    en_meta_clear(&m);
    (void)close(fd);
    return st == EN_DONE ? EN_OK : st;
}

/* The folders of an experiment that have a meta.yaml with a start time are its runs. */
static en_status list_experiment(en_store *s, int root, const char *folder, const char *experiment, const char *run,
                                 bool *found, en_store_runs *out, en_error *err)
{
    int fd;
    en_meta m;
    en_names names = {0};
    en_status st = open_folder(root, folder, &fd, err);
    if (st != EN_OK) {
        return st == EN_DONE ? EN_OK : st;
    }
    st = read_meta(fd, &m, err);
    if (st == EN_INPUT) {
        en_error_prefix(err, "'%.100s/meta.yaml'", folder);
        pass_over(s, out, err);
        st = EN_DONE;
    }
    const char *name = st == EN_OK && en_meta_get(&m, "name") != NULL ? en_meta_get(&m, "name") : folder;
    if (st == EN_OK && is_active(&m) && (experiment == NULL || strcmp(experiment, name) == 0)) {
        *found = true;
        st = en_beneath_list(fd, &names, err);
    }
    for (size_t i = 0; st == EN_OK && i < names.count && out->count <= EN_STORE_RUNS_MAX; i++) {
        st = list_run(s, fd, folder, names.name[i], name, run, out, err);
        st = st == EN_OK ? en_stop_check(s->events, err) : st;
    }
    en_names_free(&names);
    en_meta_clear(&m);
    (void)close(fd);
    return st == EN_DONE ? EN_OK : st;
}

static int by_time(const void *a, const void *b)
{
    const en_store_run *x = a, *y = b;
    const int order = (x->started_ms > y->started_ms) - (x->started_ms < y->started_ms);
    return order != 0 ? order : strcmp(x->id, y->id);
}

static en_status list_runs(en_store *s, const char *experiment, const char *run, en_store_runs *out, en_error *err)
{
    const folder_store *f = s->ctx;
    en_names names;
    bool found = false;
    en_status st = en_beneath_list(f->root, &names, err);
    for (size_t i = 0; st == EN_OK && i < names.count; i++) {
        if (names.name[i][0] != '.') { /* .trash */
            st = list_experiment(s, f->root, names.name[i], experiment, run, &found, out, err);
        }
    }
    en_names_free(&names);
    if (st == EN_OK && !found && out->damaged == 0) {
        st = experiment != NULL
                 ? en_error_set(err, EN_INPUT, "'%s' has no experiment '%.100s'", f->path, experiment)
                 : en_error_set(err, EN_INPUT, "'%s' is not a folder mlruns: no folder in it has a meta.yaml", f->path);
    }
    if (st == EN_OK && out->count > 0) {
        qsort(out->row, out->count, sizeof *out->row, by_time);
    }
    return st;
}

/* Files of a run --------------------------------------------------------------------------------------------------- */

typedef en_status put_file(en_track_writer *w, const char *key, int fd, en_error *err);

/* All regular files beneath a folder, each with its path as its key. */
static en_status walk(int folder, const char *prefix, unsigned depth, put_file *put, en_track_writer *w, en_error *err)
{
    en_names names;
    en_status st = en_beneath_list(folder, &names, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; st == EN_OK && i < names.count; i++) {
        int fd;
        bool is_folder = false;
        char *key = en_format("%s%s%s", prefix, *prefix != '\0' ? "/" : "", names.name[i]);
        st = key != NULL ? en_beneath_open(folder, names.name[i], &fd, &is_folder, err) : en_error_nomem(err, "a name");
        if (st == EN_DONE || (st == EN_OK && is_folder && depth == DEPTH_MAX)) {
            en_track_left_out(w, "file", key, st == EN_DONE ? "it is a link, or not a file" : "it is too deep");
            if (st == EN_OK) {
                (void)close(fd);
            }
            st = EN_OK;
        } else if (st == EN_OK) {
            st = is_folder ? walk(fd, key, depth + 1, put, w, err) : put(w, key, fd, err);
            (void)close(fd);
        }
        st = st == EN_OK ? en_stop_check(&w->project->events, err) : st;
        en_free(key);
    }
    en_names_free(&names);
    return st;
}

static en_status read_text(const char *key, int fd, en_buf *text, en_error *err)
{
    en_buf_init(text, TEXT_MAX);
    en_status st = en_beneath_read(fd, key, text, err);
    if (st == EN_OK && text->size > 0 && memchr(text->data, '\0', text->size) != NULL) {
        st = en_error_set(err, EN_INPUT, "'%.200s' has a NUL in it", key);
    }
    return st;
}

static en_status put_tag(en_track_writer *w, const char *key, int fd, en_error *err)
{
    en_buf text;
    en_status st = read_text(key, fd, &text, err);
    st = st == EN_OK ? en_track_tag(w, key, en_buf_str(&text), err) : st;
    en_buf_clear(&text);
    return st;
}

static en_status put_param(en_track_writer *w, const char *key, int fd, en_error *err)
{
    en_buf text;
    en_status st = read_text(key, fd, &text, err);
    st = st == EN_OK ? en_track_param(w, key, en_buf_str(&text), err) : st;
    en_buf_clear(&text);
    return st;
}

/* Metrics ---------------------------------------------------------------------------------------------------------- */

typedef struct point {
    int64_t step, time;
    size_t line;
    double value;
} point;

static int by_step(const void *a, const void *b)
{
    const point *x = a, *y = b;
    const int step = (x->step > y->step) - (x->step < y->step), time = (x->time > y->time) - (x->time < y->time);
    return step != 0 ? step : time != 0 ? time : (x->line > y->line) - (x->line < y->line);
}

static bool read_value(const char *text, double *value)
{
    static const char *const none[] = {"nan", "inf", "-inf", "NaN", "Infinity", "-Infinity"};
    *value = (double)NAN;
    bool is = en_parse_double(text, value);
    for (size_t i = 0; !is && i < sizeof none / sizeof *none; i++) {
        is = strcmp(text, none[i]) == 0;
    }
    return is;
}

/* "TIME VALUE", "TIME VALUE STEP", or that and a dataset's name and digest. */
static bool read_point(char *line, point *out)
{
    char *field[6] = {line};
    size_t n = 1;
    for (char *c = line; *c != '\0' && n < 6; c++) {
        if (*c == ' ') {
            *c = '\0';
            field[n++] = c + 1;
        }
    }
    out->step = 0;
    return (n == 2 || n == 3 || n == 5) && en_parse_int(field[0], &out->time) && read_value(field[1], &out->value) &&
           (n == 2 || en_parse_int(field[2], &out->step));
}

static en_status read_points(en_buf *text, const char *key, point **rows, size_t *count, en_error *err)
{
    size_t number = 0;
    for (size_t at = 0; at < text->size;) {
        char line[256];
        const char *end = memchr(text->data + at, '\n', text->size - at);
        const size_t next = end != NULL ? (size_t)(end - text->data) + 1 : text->size;
        size_t n = next - at - (end != NULL);
        number++;
        if (n >= sizeof line) {
            return en_error_set(err, EN_INPUT, "metric '%.100s', line %zu: it is too long", key, number);
        }
        memcpy(line, text->data + at, n);
        n -= n > 0 && line[n - 1] == '\r';
        line[n] = '\0';
        at = next;
        if (n == 0) {
            continue;
        }
        point *grown = en_array_grow(*rows, *count, sizeof *grown, err);
        if (grown == NULL) {
            return EN_NOMEM;
        }
        *rows = grown;
        grown[*count].line = number;
        if (memchr(line, '\0', n) != NULL || !read_point(line, &grown[*count])) {
            return en_error_set(err, EN_INPUT, "metric '%.100s', line %zu: not 'time value step'", key, number);
        }
        ++*count;
    }
    return EN_OK;
}

/* Of several values at one step the last one is written; where no value has a step, they are numbered by time. */
static en_status put_points(en_track_writer *w, const char *key, point *rows, size_t count, en_error *err)
{
    bool unstepped = count > 1;
    for (size_t i = 0; i < count; i++) {
        unstepped = unstepped && rows[i].step == 0;
    }
    qsort(rows, count, sizeof *rows, by_step);
    w->counts->unstepped += unstepped;
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        if (!unstepped && i + 1 < count && rows[i + 1].step == rows[i].step) {
            w->counts->replaced++;
        } else {
            st = en_track_metric(w, key, unstepped ? (int64_t)i + 1 : rows[i].step, -1, rows[i].value, err);
        }
    }
    return st;
}

static en_status put_metric(en_track_writer *w, const char *key, int fd, en_error *err)
{
    en_buf text;
    point *rows = NULL;
    size_t count = 0;
    en_buf_init(&text, METRIC_MAX);
    en_status st = en_beneath_read(fd, key, &text, err);
    if (st == EN_OK && text.size > 0) {
        st = read_points(&text, key, &rows, &count, err);
    }
    en_buf_clear(&text);
    if (st == EN_OK && count > 0) {
        st = put_points(w, key, rows, count, err);
    }
    en_free(rows);
    return st;
}

static en_status read_part(int run, const char *folder, put_file *put, en_track_writer *w, en_error *err)
{
    int fd;
    en_status st = open_folder(run, folder, &fd, err);
    if (st == EN_OK) {
        st = walk(fd, "", 0, put, w, err);
        (void)close(fd);
        return st;
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status read_run(en_store *s, const en_store_run *run, en_track_writer *w, en_error *err)
{
    const folder_store *f = s->ctx;
    const char *slash = strchr(run->where, '/');
    char *experiment = en_strndup(run->where, (size_t)(slash - run->where));
    int in = -1, fd = -1;
    en_status st = experiment != NULL ? open_folder(f->root, experiment, &in, err) : en_error_nomem(err, "a run");
    en_free(experiment);
    if (st == EN_OK) {
        st = open_folder(in, slash + 1, &fd, err);
        (void)close(in);
    }
    if (st != EN_OK) {
        return st == EN_DONE ? en_error_set(err, EN_INPUT, "its folder is gone") : st;
    }
    st = read_part(fd, "tags", put_tag, w, err);
    st = st == EN_OK ? read_part(fd, "params", put_param, w, err) : st;
    st = st == EN_OK ? read_part(fd, "metrics", put_metric, w, err) : st;
    (void)close(fd);
    return st;
}

static void close_store(en_store *s)
{
    folder_store *f = s->ctx;
    if (f->root >= 0) {
        (void)close(f->root);
    }
    en_free(f->path);
    en_free(f);
}

static const en_store_kind kind = {
    .title = "MLflow", .prefix = "mlflow", .list = list_runs, .read = read_run, .close = close_store};

en_status en_store_open_mlflow_folder(const char *path, const en_events *events, en_store *out, en_error *err)
{
    *out = (en_store){0};
    folder_store *f = en_calloc(1, sizeof *f);
    if (f == NULL || (f->path = en_strdup(path)) == NULL) {
        en_free(f);
        return en_error_nomem(err, "a store");
    }
    f->root = -1;
    *out = (en_store){.kind = &kind, .ctx = f, .events = events};
    const en_status st = en_beneath_root(path, &f->root, err);
    if (st != EN_OK) {
        en_store_close(out);
    }
    return st;
}
