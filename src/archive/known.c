/* Archives by their first bytes. */
#include <string.h>

#include "archive/inflow.h"
#include "archive/reader.h"

/* A tar without a mark, as it was before POSIX: its header's bytes, with blanks for the sum, have the sum that it says.
 */
static bool is_old_tar(const unsigned char *h, size_t bytes)
{
    unsigned long sum = 0, said = 0;
    size_t at = 148; /* of the sum: blanks, octal digits, and what ends them */
    if (bytes < 512 || h[0] == '\0') {
        return false;
    }
    for (size_t i = 0; i < 512; i++) {
        sum += i >= 148 && i < 156 ? ' ' : h[i];
    }
    while (at < 156 && h[at] == ' ') {
        at++;
    }
    for (; at < 156 && h[at] >= '0' && h[at] <= '7'; at++) {
        said = said * 8 + (unsigned long)(h[at] - '0');
    }
    return said == sum;
}

bool en_archive_known(const void *head, size_t bytes)
{
    const unsigned char *h = head;
    if (bytes >= 4 && h[0] == 'P' && h[1] == 'K' &&
        ((h[2] == 3 && h[3] == 4) || (h[2] == 5 && h[3] == 6) || (h[2] == 7 && h[3] == 8))) { /* 7, 8: a split one */
        return true;
    }
    if (en_inflow_known(head, bytes) || (bytes >= 6 && memcmp(h, "7z\xbc\xaf\x27\x1c", 6) == 0)) {
        return true;
    }
    return (bytes >= 262 && memcmp(h + 257, "ustar", 5) == 0) || is_old_tar(h, bytes); /* POSIX and GNU tar alike */
}
