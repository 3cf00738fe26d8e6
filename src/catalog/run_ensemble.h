/* Ensembles: runs that are asked as one, as a run of their own. Such a run is finished as soon as it is there; it has
 * no network, recipe, subset or weights: its members have. Its settings are those of a run that was trained, as far as
 * they say how it answers. */
#ifndef EN_CATALOG_RUN_ENSEMBLE_H
#define EN_CATALOG_RUN_ENSEMBLE_H

#include "catalog/run.h"

#define EN_ENSEMBLE_MAX 32 /* members */

typedef struct en_catalog_ensemble {
    bool views;          /* each photograph is also mirrored and turned */
    en_catalog_run *run; /* owned [count]: the members, in their order */
    size_t count;
} en_catalog_ensemble;

/* Of a run in state created and of origin ensemble, within a transaction. EN_INPUT: a member is not a finished run that
 * was trained here, or is named twice; more than EN_ENSEMBLE_MAX. */
en_status en_catalog_ensemble_put(en_catalog *c, int64_t run_id, bool views, const en_catalog_run *member, size_t count,
                                  en_error *err) EN_CHECKED;
/* To finished. seconds: that combining took. */
en_status en_catalog_ensemble_end(en_catalog *c, int64_t run_id, double seconds, en_error *err) EN_CHECKED;

/* The members of a run of origin ensemble. EN_INPUT, of catalogs that others wrote: there are none or more than
 * EN_ENSEMBLE_MAX, a member is not there, not finished or not a run that was trained here (an ensemble of ensembles,
 * or of itself), or one is there twice. en_catalog_ensemble_clear it, also after an error. */
en_status en_catalog_ensemble_read(en_catalog *c, const en_catalog_run *run, en_catalog_ensemble *out,
                                   en_error *err) EN_CHECKED;
void en_catalog_ensemble_clear(en_catalog_ensemble *e); /* safe on a zeroed one */

/* The name of the first ensemble of which a run is a member, *name: en_free; of those in the trash or of the others.
 * EN_DONE when there is none. */
en_status en_catalog_ensemble_of(en_catalog *c, int64_t member_id, bool removed, char **name, en_error *err) EN_CHECKED;
/* The name that the first of the members in the trash had; *name: en_free. EN_DONE when there is none. */
en_status en_catalog_ensemble_lacks(en_catalog *c, int64_t run_id, char **name, en_error *err) EN_CHECKED;

#endif
