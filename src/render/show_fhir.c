/* Predictions as HL7 FHIR R4 (https://hl7.org/fhir/R4): a Bundle with a DiagnosticReport for each patient, which
 * contains its Observations and the Device. Codes of LOINC: severity of each eye (71490-7, 71491-5) with the answers
 * LL2117-1; of SNOMED CT: the structure of the eye. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/version.h"
#include "render/show.h"
#include "render/utf8.h"
#include "training/predict_units.h"

#define TEXT_CAP ((size_t)1 << 16)
#define LOINC "http://loinc.org"
#define SNOMED "http://snomed.info/sct"
#define TERMINOLOGY "http://terminology.hl7.org/CodeSystem/"

static const struct {
    const char *code, *display;
} severity[] = {{"LA18643-9", "No apparent retinopathy"},
                {"LA18644-7", "Mild non-proliferative retinopathy"},
                {"LA18645-4", "Moderate non-proliferative retinopathy"},
                {"LA18646-2", "Severe non-proliferative retinopathy"},
                {"LA18648-8", "Proliferative retinopathy"}};

typedef struct fhir {
    const en_predict_result *result;
    bool grades; /* the classes are those of the international scale */
    bool failed; /* no memory */
    char issued[32];
} fhir;

/* A string of any bytes. */
static json_t *text_of(const char *text)
{
    en_buf clean;
    en_buf_init(&clean, TEXT_CAP);
    json_t *value =
        en_utf8_valid(text, strlen(text), &clean, NULL) == EN_OK ? json_stringn(en_buf_str(&clean), clean.size) : NULL;
    en_buf_clear(&clean);
    return value;
}

static json_t *concept(const char *system, const char *code, const char *display, const char *text)
{
    json_t *c = json_pack("{s:o}", "text", text_of(text));
    if (c != NULL && code != NULL) {
        json_object_set_new(c, "coding",
                            json_pack("[{s:s, s:s, s:s}]", "system", system, "code", code, "display", display));
    }
    return c;
}

static json_t *eye_of(const char *eye)
{
    bool left = strcmp(eye, "left") == 0;
    return concept(SNOMED, left ? "8966001" : "18944008", left ? "Left eye structure" : "Right eye structure",
                   left ? "left eye" : "right eye");
}

/* A number between 0 and 1 as a component. */
static void add_fraction(json_t *list, const char *what, double value)
{
    json_array_append_new(list, json_pack("{s:o, s:{s:f, s:s, s:s, s:s}}", "code", concept(NULL, NULL, NULL, what),
                                          "valueQuantity", "value", value, "unit", "1", "system",
                                          "http://unitsofmeasure.org", "code", "1"));
}

static json_t *components_of(fhir *f, const en_prediction_row *row)
{
    const en_predict_result *r = f->result;
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < r->classes.count; i++) {
        char *what = en_format("probability of '%s' (calibrated)", en_classes_label(&r->classes, r->target, i));
        f->failed |= what == NULL;
        add_fraction(list, what != NULL ? what : "", row->probability[i]);
        en_free(what);
    }
    const double threshold = en_predict_threshold(r, row);
    if (list != NULL && !isnan(threshold)) {
        add_fraction(list, "threshold of the last probability, chosen on the validation images", threshold);
    }
    return list;
}

/* What every observation of a photograph begins with. */
static json_t *begin_observation(fhir *f, size_t i, const char *kind, json_t *code)
{
    const en_prediction_row *row = &f->result->row[i];
    char id[48];
    (void)snprintf(id, sizeof id, "%s-%zu", kind, i + 1);
    json_t *o =
        json_pack("{s:s, s:s, s:s, s:o, s:{s:{s:o}}, s:s, s:{s:s}, s:[{s:o}]}", "resourceType", "Observation", "id", id,
                  "status", "preliminary", "code", code, "subject", "identifier", "value", text_of(row->patient),
                  "issued", f->issued, "device", "reference", "#device", "note", "text", text_of(row->path));
    if (o != NULL && row->eye != NULL) {
        json_object_set_new(o, "bodySite", eye_of(row->eye));
    }
    return o;
}

static json_t *code_of_answer(const fhir *f, const char *eye)
{
    if (f->grades && eye != NULL) {
        bool left = strcmp(eye, "left") == 0;
        return concept(LOINC, left ? "71490-7" : "71491-5",
                       left ? "Left eye Diabetic retinopathy severity level by Ophthalmoscopy"
                            : "Right eye Diabetic retinopathy severity level by Ophthalmoscopy",
                       "diabetic retinopathy severity level");
    }
    return concept(NULL, NULL, NULL, f->grades ? "diabetic retinopathy severity level" : f->result->target);
}

static json_t *value_of_answer(const fhir *f, size_t predicted)
{
    const en_classes *classes = &f->result->classes;
    const char *label = en_classes_label(classes, f->result->target, predicted);
    double grade = f->grades ? classes->value[predicted] : -1;
    for (size_t k = 0; k < sizeof severity / sizeof *severity; k++) {
        if (grade == (double)k) {
            return concept(LOINC, severity[k].code, severity[k].display, label);
        }
    }
    return concept(NULL, NULL, NULL, label);
}

static json_t *answer_of(fhir *f, size_t i)
{
    const en_prediction_row *row = &f->result->row[i];
    json_t *o = begin_observation(f, i, "answer", code_of_answer(f, row->eye));
    if (o == NULL) {
        return NULL;
    }
    if (row->reason == NULL) {
        json_object_set_new(o, "valueCodeableConcept", value_of_answer(f, row->predicted));
        json_object_set_new(o, "component", components_of(f, row));
    } else {
        json_object_set_new(o, "dataAbsentReason",
                            concept(TERMINOLOGY "data-absent-reason", "error", "Error", row->reason));
    }
    return o;
}

/* Whether the photograph could be judged, and how good it is. */
static json_t *gradability_of(fhir *f, size_t i)
{
    const en_prediction_row *row = &f->result->row[i];
    json_t *o = begin_observation(f, i, "gradability", concept(NULL, NULL, NULL, "photograph can be graded"));
    if (o == NULL) {
        return NULL;
    }
    json_object_set_new(o, "valueBoolean", json_boolean(row->reason == NULL));
    if (row->reason == NULL) {
        json_t *list = json_array();
        add_fraction(list, "quality of the photograph, 0 hopeless to 1 good", row->quality);
        json_object_set_new(o, "component", list);
    }
    if (row->warning != NULL) {
        json_array_append_new(json_object_get(o, "note"), json_pack("{s:o}", "text", text_of(row->warning)));
    }
    return o;
}

static json_t *device_of(const en_predict_result *r)
{
    return json_pack("{s:s, s:s, s:[{s:s, s:o}], s:[{s:s, s:s}], s:[{s:o}], s:[{s:o}]}", "resourceType", "Device", "id",
                     "device", "identifier", "system", "urn:ietf:rfc:3986", "value",
                     json_sprintf("urn:uuid:%s", r->uuid), "deviceName", "name", "eyenet", "type", "model-name",
                     "version", "value", json_sprintf("eyenet %s, run %s", en_version(), r->uuid), "note", "text",
                     json_sprintf("A research model, not a medical device: preliminary, to be confirmed by a person. "
                                  "Target: %s",
                                  r->target));
}

/* The same for the same run and photographs: bits of a hash, as UUID version 8. */
static json_t *url_of(const fhir *f, size_t first)
{
    char hex[EN_SHA256_HEX] = "";
    char *text = en_format("%s\n%s\n%s", f->result->uuid, f->result->row[first].patient, f->result->row[first].path);
    if (text == NULL || en_sha256_bytes(text, strlen(text), hex, NULL) != EN_OK) {
        en_free(text);
        return NULL;
    }
    en_free(text);
    return json_sprintf("urn:uuid:%.8s-%.4s-8%.3s-a%.3s-%.12s", hex, hex + 8, hex + 12, hex + 15, hex + 18);
}

/* The report of a patient: of the photographs number photograph[0..count). */
static json_t *report_of(fhir *f, const size_t *photograph, size_t count)
{
    json_t *contained = json_array(), *results = json_array(), *conclusion = NULL;
    json_array_append_new(contained, device_of(f->result));
    for (size_t i = 0; i < count; i++) {
        json_t *of_photograph[] = {answer_of(f, photograph[i]), gradability_of(f, photograph[i])};
        for (size_t k = 0; k < 2; k++) {
            json_array_append_new(
                results, json_pack("{s:o}", "reference",
                                   json_sprintf("#%s", json_string_value(json_object_get(of_photograph[k], "id")))));
            f->failed |= json_array_append_new(contained, of_photograph[k]) != 0;
        }
    }
    conclusion = json_sprintf("%zu observations by the model of run %s; not confirmed by a person",
                              json_array_size(results), f->result->uuid);
    return json_pack("{s:s, s:o, s:s, s:[{s:[{s:s, s:s, s:s}]}], s:o, s:{s:{s:o}}, s:s, s:o, s:o}", "resourceType",
                     "DiagnosticReport", "contained", contained, "status", "preliminary", "category", "coding",
                     "system", TERMINOLOGY "v2-0074", "code", "OTH", "display", "Other", "code",
                     concept(NULL, NULL, NULL, "Diabetic retinopathy screening of retinal photographs"), "subject",
                     "identifier", "value", text_of(f->result->row[photograph[0]].patient), "issued", f->issued,
                     "result", results, "conclusion", conclusion);
}

static bool same_patient(const en_predict_result *r, size_t a, size_t b)
{
    return r->row[a].patient_group == r->row[b].patient_group;
}

en_status en_show_fhir(en_out *out, const en_predict_result *result, en_error *err)
{
    fhir f = {.result = result, .grades = en_classes_are_grades(&result->classes, result->target)};
    const time_t now = time(NULL);
    struct tm utc;
    (void)strftime(f.issued, sizeof f.issued, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    size_t *order;
    en_status st = en_predict_by_patient(result, &order, err);
    json_t *entries = json_array();
    for (size_t i = 0, end; st == EN_OK && i < result->count; i = end) {
        for (end = i + 1; end < result->count && same_patient(result, order[i], order[end]);) {
            end++;
        }
        json_t *entry =
            json_pack("{s:o, s:o}", "fullUrl", url_of(&f, order[i]), "resource", report_of(&f, order + i, end - i));
        f.failed |= json_array_append_new(entries, entry) != 0;
    }
    json_t *bundle = st == EN_OK ? json_pack("{s:s, s:s, s:s, s:O}", "resourceType", "Bundle", "type", "collection",
                                             "timestamp", f.issued, "entry", entries)
                                 : NULL;
    if (st == EN_OK && (bundle == NULL || f.failed)) {
        st = en_error_nomem(err, "a report");
    }
    if (st == EN_OK) { /* a failed write shows in the stream and is reported when the output is finished */
        (void)json_dumpf(bundle, out->stream, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
        (void)fputc('\n', out->stream);
    }
    json_decref(bundle);
    json_decref(entries);
    en_free(order);
    return st;
}
