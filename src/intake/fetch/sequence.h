/* The names of volumes that no folder lists: on a server one is asked for after the other. For fetch alone. */
#ifndef EN_INTAKE_FETCH_SEQUENCE_H
#define EN_INTAKE_FETCH_SEQUENCE_H

#include <stdbool.h>

/* Whether the name is that of a volume: "train.zip.002", or "train.z02" of a split zip, whose last one is "train.zip".
 */
bool en_fetch_is_volume(const char *name);
/* Volume `number` (1, 2, ...) of the sequence that `name`, a volume's, belongs to; of a split zip 0 is the last.
 * en_free. */
char *en_fetch_volume_name(const char *name, unsigned number);
/* What the volumes are together: "train.zip"; the name itself when it is not that of a volume. en_free. */
char *en_fetch_whole_name(const char *name);

#endif
