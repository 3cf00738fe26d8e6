/* Links the new name, then unlinks the old one: link(2) is the call that never replaces, on every file system that has
 * it. Those without hard links (exFAT) rename without replacing. */
#include "base/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

en_status en_file_place(const char *from, const char *to, en_error *err)
{
    bool placed = link(from, to) == 0;
    if (placed) {
        (void)unlink(from); /* a surplus name is harmless */
    } else if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) {
        placed = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
    }
    if (!placed) {
        return errno == EEXIST ? EN_DONE : en_error_errno(err, "cannot write '%s'", to);
    }
    return en_file_sync_folder(to, err);
}
