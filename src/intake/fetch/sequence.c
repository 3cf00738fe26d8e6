/* Names of volumes. Uses archive. */
#include "intake/fetch/sequence.h"

#include <string.h>

#include "archive/volumes.h"
#include "base/memory.h"

bool en_fetch_is_volume(const char *name) { return en_volume_number(name) > 0 || en_volume_is_split(name); }

char *en_fetch_volume_name(const char *name, unsigned number)
{
    int stem = (int)strlen(name) - 4;
    if (!en_volume_is_split(name)) {
        return en_format("%.*s.%03u", stem, name, number);
    }
    const char *dot = strrchr(name, '.');
    stem = (int)(dot - name);
    return number > 0 ? en_format("%.*s.%c%02u", stem, name, dot[1], number)
                      : en_format("%.*s.%s", stem, name, dot[1] == 'Z' ? "ZIP" : "zip");
}

char *en_fetch_whole_name(const char *name)
{
    return en_volume_is_split(name)     ? en_fetch_volume_name(name, 0)
           : en_volume_number(name) > 0 ? en_strndup(name, strlen(name) - 4)
                                        : en_strdup(name);
}
