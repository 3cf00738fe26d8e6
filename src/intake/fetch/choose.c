/* Which photographs of a source are asked for: by a pattern, by patient, and how many. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/name.h"
#include "intake/fetch/job.h"

#define LIST_CAP ((size_t)16 << 20)
#define BLANKS " \t\r\n,"

/* Patients by name, sorted; the texts are borrowed from the text that they were read from. */
typedef struct patients {
    en_buf text;
    char **name;
    size_t count;
    bool *met;
} patients;

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The list itself, or the file that it is the path of. */
static en_status read_patients(patients *p, const char *list, en_error *err)
{
    en_buf_init(&p->text, LIST_CAP);
    bool file = en_file_exists(list) && !en_file_is_dir(list);
    en_status st = file ? en_file_read(list, &p->text, err) : en_buf_text(&p->text, list, err);
    for (char *at = p->text.data; st == EN_OK && at != NULL && *at != '\0';) {
        at += strspn(at, BLANKS);
        size_t length = strcspn(at, BLANKS);
        if (length == 0) {
            break;
        }
        char **grown = en_array_grow(p->name, p->count, sizeof *grown, err);
        if (grown == NULL) {
            return EN_NOMEM;
        }
        p->name = grown;
        grown[p->count++] = at;
        at += length;
        if (*at != '\0') {
            *at++ = '\0';
        }
    }
    if (st == EN_OK && p->count == 0) {
        st = en_error_set(err, EN_USAGE, "there are no patients in '%s'", list);
    }
    if (st == EN_OK) {
        qsort(p->name, p->count, sizeof *p->name, by_name);
        p->met = en_calloc(p->count, sizeof *p->met);
        st = p->met != NULL ? EN_OK : en_error_nomem(err, "a list of patients");
    }
    return st;
}

static bool is_of_them(const patients *p, const char *path)
{
    en_catalog_name name;
    if (en_catalog_name_parse(path, &name, NULL) != EN_OK) {
        return false;
    }
    const char *key = name.patient;
    char *const *found = bsearch(&key, p->name, p->count, sizeof *p->name, by_name);
    if (found != NULL) {
        p->met[found - p->name] = true;
    }
    return found != NULL;
}

static en_status choose_patients(en_fetch_job *job, en_error *err)
{
    patients p = {0};
    en_status st = read_patients(&p, job->options->patients, err);
    for (size_t i = 0; st == EN_OK && i < job->list.count; i++) {
        en_fetch_item *item = &job->list.item[i];
        item->unwanted = !is_of_them(&p, item->path) || item->unwanted;
    }
    size_t unmet = 0, first = 0;
    for (size_t i = p.count; st == EN_OK && i > 0; i--) {
        unmet += !p.met[i - 1];
        first = p.met[i - 1] ? first : i - 1;
    }
    if (unmet > 0) {
        en_event_warn(&job->project->events, "patients that are not in '%s': %zu of %zu (first '%s')",
                      job->origin.shown, unmet, p.count, p.name[first]);
    }
    en_free(p.met);
    en_free(p.name);
    en_buf_clear(&p.text);
    return st;
}

static int by_natural_order(const void *a, const void *b)
{
    const en_fetch_item *x = *(en_fetch_item *const *)a, *y = *(en_fetch_item *const *)b;
    int order = en_natural_compare(x->path, y->path);
    return order != 0 ? order : strcmp(x->path, y->path);
}

/* The first of what is asked for so far. */
static en_status choose_head(en_fetch_job *job, en_error *err)
{
    size_t count = 0;
    en_fetch_item **sorted = en_calloc(job->list.count + 1, sizeof *sorted);
    if (sorted == NULL) {
        return en_error_nomem(err, "a list of photographs");
    }
    for (size_t i = 0; i < job->list.count; i++) {
        if (!job->list.item[i].unwanted) {
            sorted[count++] = &job->list.item[i];
        }
    }
    qsort(sorted, count, sizeof *sorted, by_natural_order);
    for (size_t i = (size_t)job->options->head; i < count; i++) {
        sorted[i]->unwanted = true;
    }
    en_free(sorted);
    return EN_OK;
}

en_status en_fetch_choose(en_fetch_job *job, en_error *err)
{
    const en_fetch_options *o = job->options;
    en_fetch_list *list = &job->list;
    en_status st = EN_OK;
    for (size_t i = 0; o->only != NULL && i < list->count; i++) {
        en_fetch_item *item = &list->item[i];
        item->unwanted = fnmatch(o->only, item->path, 0) != 0 && fnmatch(o->only, en_path_base(item->path), 0) != 0;
    }
    if (o->patients != NULL) {
        st = choose_patients(job, err);
    }
    if (st == EN_OK && o->head > 0) {
        st = choose_head(job, err);
    }
    for (size_t i = 0; st == EN_OK && i < list->count; i++) {
        en_fetch_item *item = &list->item[i];
        item->left = item->left || item->unwanted;
        job->result->unwanted += item->unwanted;
        job->result->bytes -= item->unwanted ? item->bytes : 0;
    }
    if (st != EN_OK) {
        return st;
    }
    job->result->photographs -= job->result->unwanted;
    if (job->result->photographs > 0 || list->archives > 0) {
        return EN_OK;
    }
    return o->patients == NULL && o->only != NULL
               ? en_error_set(err, EN_INPUT, "none of the %zu photographs in '%s' is called '%s'", list->count,
                              job->origin.shown, o->only)
               : en_error_set(err, EN_INPUT, "none of the %zu photographs in '%s' is of these patients%s%s%s",
                              list->count, job->origin.shown, o->only != NULL ? " and called '" : "",
                              o->only != NULL ? o->only : "", o->only != NULL ? "'" : "");
}
