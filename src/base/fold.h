/* Text regardless of Unicode forms and letter case: what file systems and programs write in several ways. macOS writes
 * an accented letter as the letter and its accent (NFD) where others have one character (NFC). Uses utf8proc. */
#ifndef EN_BASE_FOLD_H
#define EN_BASE_FOLD_H

#include "base/buf.h"
#include "base/error.h"

/* Appends the text with its case folded (Unicode's CaseFolding, full) and composed (NFC): texts that differ only in
 * these become the same bytes. What is not UTF-8 stays as it is. */
en_status en_fold(const char *text, en_buf *out, en_error *err) EN_CHECKED;

#endif
