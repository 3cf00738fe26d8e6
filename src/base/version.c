/* EN_VERSION, EN_VERSION_DATE and EN_COMMIT come from CMake. */
#include "base/version.h"

#include "commit.h" /* made by the build */

const char *en_version(void) { return EN_VERSION; }

const char *en_version_date(void) { return EN_VERSION_DATE; }

const char *en_commit(void) { return EN_COMMIT; }
