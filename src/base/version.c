/* EN_VERSION and EN_COMMIT come from CMake. */
#include "base/version.h"

const char *en_version(void) { return EN_VERSION; }

const char *en_commit(void) { return EN_COMMIT; }
