/* The document of `export croissant`: metadata, the files with their hashes, and sets of records: the parts of a
 * split, the grades, a record for each photograph, and where there are any, the labels on scales of the user's own. The
 * records are in the document itself, so that it needs no table beside it. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "training/export_croissant.h"

/* The context of the specification, whose words mlcroissant compares with this. */
static void context(en_json *j)
{
    static const char *const word[][2] = {
        {"@language", "en"},
        {"@vocab", "https://schema.org/"},
        {"arrayShape", "cr:arrayShape"},
        {"citeAs", "cr:citeAs"},
        {"column", "cr:column"},
        {"conformsTo", "dct:conformsTo"},
        {"containedIn", "cr:containedIn"},
        {"cr", "http://mlcommons.org/croissant/"},
        {"dct", "http://purl.org/dc/terms/"},
        {"equivalentProperty", "cr:equivalentProperty"},
        {"extract", "cr:extract"},
        {"field", "cr:field"},
        {"fileObject", "cr:fileObject"},
        {"fileProperty", "cr:fileProperty"},
        {"fileSet", "cr:fileSet"},
        {"format", "cr:format"},
        {"includes", "cr:includes"},
        {"isArray", "cr:isArray"},
        {"isLiveDataset", "cr:isLiveDataset"},
        {"jsonPath", "cr:jsonPath"},
        {"key", "cr:key"},
        {"md5", "cr:md5"},
        {"parentField", "cr:parentField"},
        {"path", "cr:path"},
        {"rai", "http://mlcommons.org/croissant/RAI/"},
        {"recordSet", "cr:recordSet"},
        {"references", "cr:references"},
        {"regex", "cr:regex"},
        {"repeated", "cr:repeated"},
        {"replace", "cr:replace"},
        {"samplingRate", "cr:samplingRate"},
        {"sc", "https://schema.org/"},
        {"separator", "cr:separator"},
        {"source", "cr:source"},
        {"subField", "cr:subField"},
        {"transform", "cr:transform"},
    };
    static const char *const typed[][3] = {
        {"data", "cr:data", "@json"}, {"dataType", "cr:dataType", "@vocab"}, {"examples", "cr:examples", "@json"}};
    en_json_object(j, "@context");
    for (size_t i = 0; i < sizeof word / sizeof *word; i++) {
        en_json_text(j, word[i][0], word[i][1]);
    }
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        en_json_line(j, typed[i][0]);
        en_json_text(j, "@id", typed[i][1]);
        en_json_text(j, "@type", typed[i][2]);
        en_json_end(j);
    }
    for (size_t i = 0; i < 2; i++) {
        en_json_line(j, i == 0 ? "description" : "name");
        en_json_text(j, "@container", "@language");
        en_json_end(j);
    }
    en_json_end(j);
}

/* The day of the newest fetch: what the files were at. */
static void published(en_json *j, const en_catalog_files *files)
{
    const char *newest = NULL;
    char day[11];
    for (size_t i = 0; i < files->count; i++) {
        const char *at = files->row[i].fetched_at;
        newest = at != NULL && (newest == NULL || strcmp(at, newest) > 0) ? at : newest;
    }
    if (newest != NULL && strlen(newest) >= sizeof day - 1) {
        (void)snprintf(day, sizeof day, "%.10s", newest);
        en_json_text(j, "datePublished", day);
    }
}

/* A place that means something elsewhere: not a path on this machine. */
static bool is_public(const char *uri) { return strstr(uri, "://") != NULL || strncmp(uri, "kaggle:", 7) == 0; }

/* The different values of a text of the files, in the order in which they come first. */
static void different(en_json *j, const char *key, const en_catalog_files *files,
                      const char *(*of)(const en_catalog_file *))
{
    const char *said[64];
    size_t count = 0;
    for (size_t i = 0; i < files->count && count < sizeof said / sizeof *said; i++) {
        const char *text = of(&files->row[i]);
        bool had = text == NULL;
        for (size_t k = 0; k < count && !had; k++) {
            had = strcmp(said[k], text) == 0;
        }
        if (!had) {
            said[count++] = text;
        }
    }
    if (count == 1) {
        en_json_text(j, key, said[0]);
    } else if (count > 1) {
        en_json_array(j, key);
        for (size_t i = 0; i < count; i++) {
            en_json_text(j, NULL, said[i]);
        }
        en_json_end(j);
    }
}

static const char *source_of(const en_catalog_file *f) { return is_public(f->source) ? f->source : NULL; }

static const char *terms_of(const en_catalog_file *f) { return f->terms; }

static void text_if(en_json *j, const char *key, const char *text)
{
    if (text != NULL) {
        en_json_text(j, key, text);
    }
}

static void metadata(en_json *j, const en_croissant_about *about, const en_catalog_files *files)
{
    en_json_text(j, "@type", "sc:Dataset");
    en_json_text(j, "conformsTo", "http://mlcommons.org/croissant/1.1");
    en_json_text(j, "name", about->name);
    en_json_text(j, "description", about->description);
    if (about->licence != NULL) {
        en_json_text(j, "license", about->licence);
    } else {
        different(j, "license", files, terms_of);
    }
    text_if(j, "url", about->url);
    if (about->creator != NULL) {
        en_json_line(j, "creator");
        en_json_text(j, "@type", "sc:Organization");
        en_json_text(j, "name", about->creator);
        en_json_end(j);
    }
    published(j, files);
    different(j, "isBasedOn", files, source_of);
}

static const char *id_of(size_t file, char id[32])
{
    (void)snprintf(id, 32, "file-%zu", file + 1);
    return id;
}

static const char *media_type(const en_catalog_file *f)
{
    static const char *const type[][2] = {{"png", "image/png"}, {"tiff", "image/tiff"}, {"webp", "image/webp"}};
    const char *extension = strrchr(f->path, '.');
    const char *format = f->format != NULL ? f->format : extension != NULL ? extension + 1 : "";
    for (size_t i = 0; i < sizeof type / sizeof *type; i++) {
        if (strcmp(format, type[i][0]) == 0) {
            return type[i][1];
        }
    }
    return strcmp(format, "jpeg") == 0 || strcmp(format, "jpg") == 0 ? "image/jpeg" : "application/octet-stream";
}

static void distribution(en_json *j, const en_catalog_files *files)
{
    en_json_array(j, "distribution");
    for (size_t i = 0; i < files->count; i++) {
        const en_catalog_file *f = &files->row[i];
        char id[32], size[32];
        (void)snprintf(size, sizeof size, "%lld B", (long long)f->bytes);
        en_json_line(j, NULL);
        en_json_text(j, "@type", "cr:FileObject");
        en_json_text(j, "@id", id_of(i, id));
        en_json_text(j, "name", f->path);
        en_json_text(j, "contentUrl", f->path);
        en_json_text(j, "contentSize", size);
        en_json_text(j, "encodingFormat", media_type(f));
        en_json_text(j, "sha256", f->sha256);
        en_json_end(j);
    }
    en_json_end(j);
}

typedef struct field {
    const char *name, *type, *what;
    const char *references; /* a field of another set, or NULL */
} field;

static void reference(en_json *j, const char *key, const char *id)
{
    en_json_line(j, key);
    en_json_text(j, "@id", id);
    en_json_end(j);
}

static void set_begin(en_json *j, const char *name, const char *what, const char *type, const field *fields,
                      size_t count)
{
    char id[64];
    en_json_object(j, NULL);
    en_json_text(j, "@type", "cr:RecordSet");
    en_json_text(j, "@id", name);
    en_json_text(j, "name", name);
    en_json_text(j, "description", what);
    text_if(j, "dataType", type);
    (void)snprintf(id, sizeof id, "%s/%s", name, fields[0].name);
    reference(j, "key", id);
    en_json_array(j, "field");
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(id, sizeof id, "%s/%s", name, fields[i].name);
        en_json_line(j, NULL);
        en_json_text(j, "@type", "cr:Field");
        en_json_text(j, "@id", id);
        en_json_text(j, "name", fields[i].name);
        en_json_text(j, "description", fields[i].what);
        en_json_text(j, "dataType", fields[i].type);
        if (fields[i].references != NULL) {
            en_json_line(j, "references");
            reference(j, "field", fields[i].references);
            en_json_end(j);
        }
        en_json_end(j);
    }
    en_json_end(j);
    en_json_array(j, "data");
}

static void set_end(en_json *j)
{
    en_json_end(j);
    en_json_end(j);
}

static void splits(en_json *j)
{
    static const field fields[] = {{"name", "sc:Text", "the part", NULL}, {"url", "sc:URL", "what it is for", NULL}};
    static const char *const part[][2] = {
        {"train", "cr:TrainingSplit"}, {"val", "cr:ValidationSplit"}, {"test", "cr:TestSplit"}};
    set_begin(j, "splits", "The parts of the split; all photographs of a patient are in one of them.", "cr:Split",
              fields, 2);
    for (size_t i = 0; i < 3; i++) {
        en_json_line(j, NULL);
        en_json_text(j, "splits/name", part[i][0]);
        en_json_text(j, "splits/url", part[i][1]);
        en_json_end(j);
    }
    set_end(j);
}

static void grades(en_json *j)
{
    static const field fields[] = {{"grade", "sc:Integer", "0 to 4", NULL}, {"name", "sc:Text", "its name", NULL}};
    static const char *const name[] = {"none", "mild", "moderate", "severe", "proliferative"};
    set_begin(
        j, "grades",
        "The grades of diabetic retinopathy on the international clinical scale (ICDR); 2 and above is referable.",
        "sc:Enumeration", fields, 2);
    for (int64_t i = 0; i < 5; i++) {
        en_json_line(j, NULL);
        en_json_int(j, "grades/grade", i);
        en_json_text(j, "grades/name", name[i]);
        en_json_end(j);
    }
    set_end(j);
}

static void record(en_json *j, size_t index, const en_catalog_file *f)
{
    char id[32];
    en_json_line(j, NULL);
    en_json_text(j, "photographs/file", id_of(index, id));
    en_json_text(j, "photographs/path", f->path);
    en_json_text(j, "photographs/sha256", f->sha256);
    en_json_text(j, "photographs/status", f->status != NULL ? f->status : "waiting");
    en_json_text(j, "photographs/reason", f->reason);
    en_json_text(j, "photographs/image", f->image);
    en_json_text(j, "photographs/dataset", f->dataset);
    en_json_text(j, "photographs/patient", f->patient);
    en_json_text(j, "photographs/eye", f->eye);
    en_json_text(j, "photographs/split", en_word(&en_parts, f->part));
    en_json_count(j, "photographs/grade", f->grade);
    en_json_count(j, "photographs/gradable", f->gradable);
    en_json_count(j, "photographs/eyeq", f->eyeq);
    en_json_count(j, "photographs/width", f->width);
    en_json_count(j, "photographs/height", f->height);
    en_json_end(j);
}

static void photographs(en_json *j, const en_catalog_files *files)
{
    static const field fields[] = {
        {"file", "sc:Text", "the file, by its @id in the distribution", NULL},
        {"path", "sc:Text", "the file's path", NULL},
        {"sha256", "sc:Text", "the SHA-256 of the file", NULL},
        {"status", "sc:Text", "accepted; rejected, with a reason; or waiting to be looked at", NULL},
        {"reason", "sc:Text", "why it was rejected", NULL},
        {"image", "sc:Text", "the photograph's name", NULL},
        {"dataset", "sc:Text", "the collection in which it has this name", NULL},
        {"patient", "sc:Text", "whose eye it shows", NULL},
        {"eye", "sc:Text", "left or right", NULL},
        {"split", "sc:Text", "the patient's part in the split", "splits/name"},
        {"grade", "sc:Integer", "the newest grade of diabetic retinopathy (ICDR), 0 to 4", "grades/grade"},
        {"gradable", "sc:Integer", "1: good enough to grade, 0: not", NULL},
        {"eyeq", "sc:Integer", "quality on the scale EyeQ: 0 good, 1 usable, 2 reject", NULL},
        {"width", "sc:Integer", "px, of the photograph turned upright", NULL},
        {"height", "sc:Integer", "px, of the photograph turned upright", NULL},
    };
    set_begin(j, "photographs", "A record for each file, with its labels; null where nothing is known.", NULL, fields,
              sizeof fields / sizeof *fields);
    for (size_t i = 0; i < files->count; i++) {
        record(j, i, &files->row[i]);
    }
    set_end(j);
}

static void schemes(en_json *j, const en_catalog_scheme_list *list)
{
    static const field fields[] = {{"scheme", "sc:Text", "its name", NULL},
                                   {"lowest", "sc:Integer", "the lowest value", NULL},
                                   {"highest", "sc:Integer", "the highest value", NULL},
                                   {"ordered", "sc:Boolean", "whether a higher value is more of the same", NULL},
                                   {"meanings", "sc:Text", "what the values are called: 0=none,1=mild", NULL},
                                   {"description", "sc:Text", "what is graded", NULL}};
    set_begin(j, "schemes", "The scales of the labels in the set labels.", NULL, fields,
              sizeof fields / sizeof *fields);
    for (size_t i = 0; i < list->count; i++) {
        const en_catalog_scheme_row *s = &list->row[i];
        if (!s->scheme.built_in) {
            en_json_line(j, NULL);
            en_json_text(j, "schemes/scheme", s->scheme.name);
            en_json_int(j, "schemes/lowest", s->scheme.lowest);
            en_json_int(j, "schemes/highest", s->scheme.highest);
            en_json_bool(j, "schemes/ordered", s->scheme.ordered);
            en_json_text(j, "schemes/meanings", s->meanings);
            en_json_text(j, "schemes/description", s->description);
            en_json_end(j);
        }
    }
    set_end(j);
}

/* Files and labels are both in the order of paths. */
static void labels_of_files(en_json *j, const en_catalog_files *files, const en_catalog_file_labels *labels)
{
    static const field fields[] = {
        {"label", "sc:Text", "the file and the scale, which one label has", NULL},
        {"file", "sc:Text", "the file, by its @id in the distribution", "photographs/file"},
        {"scheme", "sc:Text", "the scale", "schemes/scheme"},
        {"value", "sc:Integer", "the newest value, between the lowest and the highest of its scale", NULL},
        {"meaning", "sc:Text", "what the value is called", NULL}};
    size_t at = 0;
    set_begin(j, "labels", "A record for each label on a scale other than grade, gradable and eyeq.", NULL, fields,
              sizeof fields / sizeof *fields);
    for (size_t i = 0; i < labels->count; i++) {
        const en_catalog_file_label *l = &labels->row[i];
        char id[32], key[EN_NAME_MAX + 40];
        while (at < files->count && strcmp(files->row[at].path, l->path) < 0) {
            at++;
        }
        if (at == files->count || strcmp(files->row[at].path, l->path) != 0) {
            continue;
        }
        (void)snprintf(key, sizeof key, "%s %s", id_of(at, id), l->scheme);
        en_json_line(j, NULL);
        en_json_text(j, "labels/label", key);
        en_json_text(j, "labels/file", id);
        en_json_text(j, "labels/scheme", l->scheme);
        en_json_int(j, "labels/value", l->grade);
        en_json_text(j, "labels/meaning", l->meaning);
        en_json_end(j);
    }
    set_end(j);
}

void en_croissant_write(en_json *j, const en_croissant_about *about, const en_catalog_files *files,
                        const en_croissant_labels *labels)
{
    en_json_object(j, NULL);
    context(j);
    metadata(j, about, files);
    distribution(j, files);
    en_json_array(j, "recordSet");
    splits(j);
    grades(j);
    photographs(j, files);
    if (labels->labels.count > 0) {
        schemes(j, &labels->schemes);
        labels_of_files(j, files, &labels->labels);
    }
    en_json_end(j);
    en_json_end(j);
}
