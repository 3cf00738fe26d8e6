/* Archives among the files of a folder: which of them become sources of their own. For fetch alone. */
#ifndef EN_INTAKE_FETCH_ARCHIVES_H
#define EN_INTAKE_FETCH_ARCHIVES_H

#include "intake/fetch/job.h"

/* Whether a name is that of an archive, or of a raw volume of one: "train.zip", "train.tar.gz", "train.7z.001". */
bool en_fetch_is_archive(const char *name);
/* Whether it is that of an archive of something that is not a photograph: "trainLabels.csv.zip". */
bool en_fetch_is_zipped_text(const char *name);
/* Whether a file of that name may belong to an archive of photographs: also "train.z01". */
bool en_fetch_has_archive(const char *name);
/* The same, or "eyes.001", whose bytes have to be looked at. */
bool en_fetch_may_be_archive(const char *name);
/* The name of the archive that a file belongs to: "train.zip" of train.zip.001 and of train.z01; en_free. */
char *en_fetch_archive_key(const char *name);

/* Adds a source for each archive in job->list.archive, which are paths below `root`: volumes of one sequence are one,
 * and so are an archive and the volumes that it was joined from. An archive whose photographs are all in the list,
 * unpacked, is left out with a note; files that are no archive are counted as skipped. The list of
 * archives is empty afterwards. */
en_status en_fetch_add_archives(en_fetch_job *job, const char *root, en_error *err) EN_CHECKED;

#endif
