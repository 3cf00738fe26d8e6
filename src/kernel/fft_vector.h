/* Vectors of floats as wide as the flags of the file that includes this allow: what the transforms of fft_lanes.h are
 * written in. Sums and products are operators; the rest is here. */
#ifndef EN_KERNEL_FFT_VECTOR_H
#define EN_KERNEL_FFT_VECTOR_H

#include <stddef.h>
#include <string.h>

#define EN_INLINE static inline __attribute__((always_inline))
#if defined __clang__
#define EN_UNROLL _Pragma("clang loop unroll(full)")
#else
#define EN_UNROLL _Pragma("GCC unroll 64")
#endif

#if defined __AVX512F__
#include <immintrin.h>
#define EN_LANES 16u
typedef __m512 en_vec;
EN_INLINE en_vec vec_load(const float *p) { return _mm512_loadu_ps(p); }
EN_INLINE void vec_store(float *p, en_vec v) { _mm512_storeu_ps(p, v); }
EN_INLINE en_vec vec_all(float x) { return _mm512_set1_ps(x); }
/* a*b + c and c - a*b, rounded once. */
EN_INLINE en_vec vec_mul_add(en_vec a, en_vec b, en_vec c) { return _mm512_fmadd_ps(a, b, c); }
EN_INLINE en_vec vec_mul_from(en_vec a, en_vec b, en_vec c) { return _mm512_fnmadd_ps(a, b, c); }
/* max(v, 0); NaN propagates. */
EN_INLINE en_vec vec_relu(en_vec v) { return _mm512_max_ps(_mm512_setzero_ps(), v); }
/* v where m > 0, else 0. */
EN_INLINE en_vec vec_where(en_vec v, en_vec m)
{
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(m, _mm512_setzero_ps(), _CMP_GT_OQ), v);
}
/* The first n lanes, 0 < n <= EN_LANES; the others are 0, and left alone in memory. */
EN_INLINE en_vec vec_load_some(const float *p, size_t n)
{
    return _mm512_maskz_loadu_ps((__mmask16)(0xFFFFu >> (EN_LANES - n)), p);
}
EN_INLINE void vec_store_some(float *p, en_vec v, size_t n)
{
    _mm512_mask_storeu_ps(p, (__mmask16)(0xFFFFu >> (EN_LANES - n)), v);
}

#elif defined __AVX2__ && defined __FMA__
#include <immintrin.h>
#define EN_LANES 8u
typedef __m256 en_vec;
EN_INLINE en_vec vec_load(const float *p) { return _mm256_loadu_ps(p); }
EN_INLINE void vec_store(float *p, en_vec v) { _mm256_storeu_ps(p, v); }
EN_INLINE en_vec vec_all(float x) { return _mm256_set1_ps(x); }
EN_INLINE en_vec vec_mul_add(en_vec a, en_vec b, en_vec c) { return _mm256_fmadd_ps(a, b, c); }
EN_INLINE en_vec vec_mul_from(en_vec a, en_vec b, en_vec c) { return _mm256_fnmadd_ps(a, b, c); }
EN_INLINE en_vec vec_relu(en_vec v) { return _mm256_max_ps(_mm256_setzero_ps(), v); }
EN_INLINE en_vec vec_where(en_vec v, en_vec m)
{
    return _mm256_and_ps(v, _mm256_cmp_ps(m, _mm256_setzero_ps(), _CMP_GT_OQ));
}
EN_INLINE __m256i vec_first(size_t n)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
EN_INLINE en_vec vec_load_some(const float *p, size_t n) { return _mm256_maskload_ps(p, vec_first(n)); }
EN_INLINE void vec_store_some(float *p, en_vec v, size_t n) { _mm256_maskstore_ps(p, vec_first(n), v); }

#else /* whatever the processor has, 4 at a time */
#define EN_LANES 4u
typedef float en_vec __attribute__((vector_size(16)));
EN_INLINE en_vec vec_load(const float *p)
{
    en_vec v;
    memcpy(&v, p, sizeof v);
    return v;
}
EN_INLINE void vec_store(float *p, en_vec v) { memcpy(p, &v, sizeof v); }
EN_INLINE en_vec vec_all(float x) { return (en_vec){x, x, x, x}; }
EN_INLINE en_vec vec_mul_add(en_vec a, en_vec b, en_vec c) { return a * b + c; }
EN_INLINE en_vec vec_mul_from(en_vec a, en_vec b, en_vec c) { return c - a * b; }
EN_INLINE en_vec vec_relu(en_vec v)
{
    for (size_t i = 0; i < EN_LANES; i++) {
        v[i] = v[i] < 0 ? 0 : v[i];
    }
    return v;
}
EN_INLINE en_vec vec_where(en_vec v, en_vec m)
{
    for (size_t i = 0; i < EN_LANES; i++) {
        v[i] = m[i] > 0 ? v[i] : 0;
    }
    return v;
}
EN_INLINE en_vec vec_load_some(const float *p, size_t n)
{
    en_vec v = {0};
    memcpy(&v, p, n * sizeof *p);
    return v;
}
EN_INLINE void vec_store_some(float *p, en_vec v, size_t n) { memcpy(p, &v, n * sizeof *p); }
#endif

#endif
