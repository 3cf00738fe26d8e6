/* Which table this processor gets. The only place that asks the processor what it is. */
#include <cblas.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "kernel/tables.h"

static const char *const names[] = {
#ifdef EN_HAVE_AVX512
    "avx512",
#endif
#ifdef EN_HAVE_AVX2
    "avx2",
#endif
#ifdef EN_HAVE_NEON
    "neon",
#endif
    "generic", "ref", NULL,
};

static const en_kernels *const tables[] = {
/* as `names` */
#ifdef EN_HAVE_AVX512
    &en_kernels_avx512,
#endif
#ifdef EN_HAVE_AVX2
    &en_kernels_avx2,
#endif
#ifdef EN_HAVE_NEON
    &en_kernels_neon,
#endif
    &en_kernels_generic, &en_kernels_ref,
};

static bool runs_here(const char *name)
{
#ifdef EN_HAVE_AVX512
    if (strcmp(name, "avx512") == 0) {
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("fma");
    }
#endif
#ifdef EN_HAVE_AVX2
    if (strcmp(name, "avx2") == 0) {
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    }
#endif
    (void)name;
    return true;
}

/* Once in the life of the process: OpenBLAS keeps its thread count in a global of its own. */
static pthread_once_t blas_once = PTHREAD_ONCE_INIT;

static void settle_blas(void) { openblas_set_num_threads(1); }

const char *const *en_kernel_names(void) { return names; }

const char *en_kernel_blas(const en_kernels *kernels, char *out, size_t capacity)
{
    if (kernels->gemm != en_gemm_blas) {
        (void)snprintf(out, capacity, "eyenet");
        return out;
    }
    const char *config = openblas_get_config(); /* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..." */
    size_t words = strcspn(config, " ");
    if (config[words] == ' ') {
        words += 1 + strcspn(config + words + 1, " ");
    }
    (void)snprintf(out, capacity, "%.*s %s", (int)words, config, openblas_get_corename());
    return out;
}

en_status en_kernel_select(const char *name, const en_kernels **out, en_error *err)
{
    (void)pthread_once(&blas_once, settle_blas);
    bool any = name == NULL || strcmp(name, "auto") == 0;
    for (size_t i = 0; names[i] != NULL; i++) {
        if (any ? runs_here(names[i]) : strcmp(name, names[i]) == 0) {
            if (!runs_here(names[i])) {
                return en_error_set(err, EN_FAILED,
                                    "this processor cannot run the '%s' kernels: leave the choice to eyenet", name);
            }
            *out = tables[i];
            return EN_OK;
        }
    }
    const char *near = en_nearest_word(name, names);
    return en_error_set(err, EN_USAGE, "unknown kernels '%s'%s%s%s", name, near != NULL ? " (did you mean " : "",
                        near != NULL ? near : ": leave the choice to eyenet", near != NULL ? "?)" : "");
}
