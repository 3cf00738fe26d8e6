/* A vector of floats, as wide as the file that includes this is compiled for: kernels written once in terms of it are
 * compiled once for each width. Loads and stores need no alignment. */
#ifndef EN_KERNEL_LANES_H
#define EN_KERNEL_LANES_H

#include <stddef.h>

#define EN_INLINE static inline __attribute__((always_inline))

#if defined __AVX512F__

#include <immintrin.h>

#define EN_LANES 16u
typedef __m512 en_vec;

EN_INLINE en_vec en_vec_zero(void) { return _mm512_setzero_ps(); }
EN_INLINE en_vec en_vec_all(float x) { return _mm512_set1_ps(x); }
EN_INLINE en_vec en_vec_load(const float *x) { return _mm512_loadu_ps(x); }
EN_INLINE void en_vec_store(float *y, en_vec x) { _mm512_storeu_ps(y, x); }
EN_INLINE void en_vec_stream(float *y, en_vec x) { _mm512_stream_ps(y, x); }
EN_INLINE __mmask16 en_vec_first(size_t n) { return (__mmask16)(n < 16 ? (1u << n) - 1 : 0xFFFFu); }
/* The first n lanes, n at most EN_LANES; the others are 0. */
EN_INLINE en_vec en_vec_load_part(const float *x, size_t n) { return _mm512_maskz_loadu_ps(en_vec_first(n), x); }
EN_INLINE void en_vec_store_part(float *y, size_t n, en_vec x) { _mm512_mask_storeu_ps(y, en_vec_first(n), x); }
EN_INLINE en_vec en_vec_add(en_vec a, en_vec b) { return _mm512_add_ps(a, b); }
EN_INLINE en_vec en_vec_sub(en_vec a, en_vec b) { return _mm512_sub_ps(a, b); }
EN_INLINE en_vec en_vec_mul(en_vec a, en_vec b) { return _mm512_mul_ps(a, b); }
/* a*b + c and c - a*b, rounded once. */
EN_INLINE en_vec en_vec_fma(en_vec a, en_vec b, en_vec c) { return _mm512_fmadd_ps(a, b, c); }
EN_INLINE en_vec en_vec_fnma(en_vec a, en_vec b, en_vec c) { return _mm512_fnmadd_ps(a, b, c); }
/* max(x, 0); NaN stays. */
EN_INLINE en_vec en_vec_relu(en_vec x) { return _mm512_max_ps(_mm512_setzero_ps(), x); }
/* x where y > 0, elsewhere 0. */
EN_INLINE en_vec en_vec_where_positive(en_vec y, en_vec x)
{
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(y, _mm512_setzero_ps(), _CMP_GT_OQ), x);
}

#elif defined __AVX2__ && defined __FMA__

#include <immintrin.h>

#define EN_LANES 8u
typedef __m256 en_vec;

EN_INLINE en_vec en_vec_zero(void) { return _mm256_setzero_ps(); }
EN_INLINE en_vec en_vec_all(float x) { return _mm256_set1_ps(x); }
EN_INLINE en_vec en_vec_load(const float *x) { return _mm256_loadu_ps(x); }
EN_INLINE void en_vec_store(float *y, en_vec x) { _mm256_storeu_ps(y, x); }
EN_INLINE void en_vec_stream(float *y, en_vec x) { _mm256_stream_ps(y, x); }
EN_INLINE __m256i en_vec_first(size_t n)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
EN_INLINE en_vec en_vec_load_part(const float *x, size_t n) { return _mm256_maskload_ps(x, en_vec_first(n)); }
EN_INLINE void en_vec_store_part(float *y, size_t n, en_vec x) { _mm256_maskstore_ps(y, en_vec_first(n), x); }
EN_INLINE en_vec en_vec_add(en_vec a, en_vec b) { return _mm256_add_ps(a, b); }
EN_INLINE en_vec en_vec_sub(en_vec a, en_vec b) { return _mm256_sub_ps(a, b); }
EN_INLINE en_vec en_vec_mul(en_vec a, en_vec b) { return _mm256_mul_ps(a, b); }
EN_INLINE en_vec en_vec_fma(en_vec a, en_vec b, en_vec c) { return _mm256_fmadd_ps(a, b, c); }
EN_INLINE en_vec en_vec_fnma(en_vec a, en_vec b, en_vec c) { return _mm256_fnmadd_ps(a, b, c); }
EN_INLINE en_vec en_vec_relu(en_vec x) { return _mm256_max_ps(_mm256_setzero_ps(), x); }
EN_INLINE en_vec en_vec_where_positive(en_vec y, en_vec x)
{
    return _mm256_and_ps(x, _mm256_cmp_ps(y, _mm256_setzero_ps(), _CMP_GT_OQ));
}

#else /* one lane: for reading, and for compilers of other processors */

#include <math.h>

#define EN_LANES 1u
typedef float en_vec;

EN_INLINE en_vec en_vec_zero(void) { return 0; }
EN_INLINE en_vec en_vec_all(float x) { return x; }
EN_INLINE en_vec en_vec_load(const float *x) { return *x; }
EN_INLINE void en_vec_store(float *y, en_vec x) { *y = x; }
EN_INLINE void en_vec_stream(float *y, en_vec x) { *y = x; }
EN_INLINE en_vec en_vec_load_part(const float *x, size_t n) { return n > 0 ? *x : 0; }
EN_INLINE void en_vec_store_part(float *y, size_t n, en_vec x) { *y = n > 0 ? x : *y; }
EN_INLINE en_vec en_vec_add(en_vec a, en_vec b) { return a + b; }
EN_INLINE en_vec en_vec_sub(en_vec a, en_vec b) { return a - b; }
EN_INLINE en_vec en_vec_mul(en_vec a, en_vec b) { return a * b; }
EN_INLINE en_vec en_vec_fma(en_vec a, en_vec b, en_vec c) { return fmaf(a, b, c); }
EN_INLINE en_vec en_vec_fnma(en_vec a, en_vec b, en_vec c) { return fmaf(-a, b, c); }
EN_INLINE en_vec en_vec_relu(en_vec x) { return x < 0 ? 0 : x; }
EN_INLINE en_vec en_vec_where_positive(en_vec y, en_vec x) { return y > 0 ? x : 0; }

#endif

/* Before a loop over an array of vectors that is to stay in registers: every such loop must be unrolled. */
#define EN_UNROLL _Pragma("GCC unroll 16")

#endif
