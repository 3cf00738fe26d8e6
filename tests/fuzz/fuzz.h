/* What the fuzz targets share. A target is NAME.c: it hands the bytes to one reader of strangers' input and checks what
 * must hold whatever they are. With the preset fuzz (clang) it becomes a libFuzzer program, else corpus/NAME is
 * replayed as a test. */
#ifndef EN_TEST_FUZZ_H
#define EN_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The path of a file in memory with these bytes; the next call reuses it. */
const char *fuzz_file(const uint8_t *bytes, size_t size);

/* Ends the program, and so fails the test, when something that must hold does not. */
#define FUZZ_MUST(holds) ((holds) ? (void)0 : fuzz_broken(#holds, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *what, const char *file, int line);

#endif
