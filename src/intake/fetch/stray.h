/* Answers that are not what they were asked for: a server may have something for every name, a page that wants a login
 * or says that there is no such file. For fetch alone. */
#ifndef EN_INTAKE_FETCH_STRAY_H
#define EN_INTAKE_FETCH_STRAY_H

#include <stdbool.h>

#include "archive/volumes.h"

/* Whether a Content-Type is that of a page or of a message, which no part of an archive has; "" is not. */
bool en_fetch_is_message(const char *content_type);
/* Whether volumes are most likely not followed by another: the last one is shorter than the first. */
bool en_fetch_ends_short(const en_volumes *volumes);
/* Why the file `path`, which a server sent with this Content-Type, is not the volume after those `before` it: words to
 * follow "the server answers 'NAME'". NULL when it may be one. */
const char *en_fetch_why_stray(const en_volumes *before, const char *path, const char *content_type);

#endif
