/* Vectors of floats for kernels that are written once and compiled for each instruction set: 16 lanes with AVX-512, 8
 * with AVX2 and FMA, otherwise one. Nothing here may run before select.c has asked the processor. */
#ifndef EN_KERNEL_VECTOR_H
#define EN_KERNEL_VECTOR_H

#include <stddef.h>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

/* Kernels whose accumulators stay in registers: inlined with constant sizes, loops unrolled as a whole. */
#define EN_INLINE static inline __attribute__((always_inline))
#if defined(__clang__)
#define EN_UNROLL _Pragma("clang loop unroll(full)")
#else
#define EN_UNROLL _Pragma("GCC unroll 64")
#endif

#if defined(__AVX512F__)

#define EN_LANES 16
typedef __m512 en_vec;
EN_INLINE en_vec en_vec_zero(void) { return _mm512_setzero_ps(); }
EN_INLINE en_vec en_vec_all(float x) { return _mm512_set1_ps(x); }
EN_INLINE en_vec en_vec_load(const float *p) { return _mm512_loadu_ps(p); }
EN_INLINE void en_vec_store(float *p, en_vec x) { _mm512_storeu_ps(p, x); }
/* Past the cache; p is aligned to the vector. */
EN_INLINE void en_vec_stream(float *p, en_vec x) { _mm512_stream_ps(p, x); }
EN_INLINE en_vec en_vec_add(en_vec a, en_vec b) { return _mm512_add_ps(a, b); }
EN_INLINE en_vec en_vec_sub(en_vec a, en_vec b) { return _mm512_sub_ps(a, b); }
EN_INLINE en_vec en_vec_mul(en_vec a, en_vec b) { return _mm512_mul_ps(a, b); }
/* a*b + c, rounded once */
EN_INLINE en_vec en_vec_fma(en_vec a, en_vec b, en_vec c) { return _mm512_fmadd_ps(a, b, c); }
/* c - a*b, rounded once */
EN_INLINE en_vec en_vec_fnma(en_vec a, en_vec b, en_vec c) { return _mm512_fnmadd_ps(a, b, c); }
/* max(x, 0); NaN propagates. */
EN_INLINE en_vec en_vec_relu(en_vec x) { return _mm512_max_ps(_mm512_setzero_ps(), x); }
/* x where y > 0, otherwise 0. */
EN_INLINE en_vec en_vec_where_positive(en_vec y, en_vec x)
{
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(y, _mm512_setzero_ps(), _CMP_GT_OQ), x);
}
/* The first `count` lanes, 1..EN_LANES; the others are 0 and not touched in memory. */
EN_INLINE en_vec en_vec_load_part(const float *p, size_t count)
{
    return _mm512_maskz_loadu_ps((__mmask16)(0xFFFFu >> (16 - count)), p);
}
EN_INLINE void en_vec_store_part(float *p, size_t count, en_vec x)
{
    _mm512_mask_storeu_ps(p, (__mmask16)(0xFFFFu >> (16 - count)), x);
}

#elif defined(__AVX2__) && defined(__FMA__)

#define EN_LANES 8
typedef __m256 en_vec;
EN_INLINE en_vec en_vec_zero(void) { return _mm256_setzero_ps(); }
EN_INLINE en_vec en_vec_all(float x) { return _mm256_set1_ps(x); }
EN_INLINE en_vec en_vec_load(const float *p) { return _mm256_loadu_ps(p); }
EN_INLINE void en_vec_store(float *p, en_vec x) { _mm256_storeu_ps(p, x); }
EN_INLINE void en_vec_stream(float *p, en_vec x) { _mm256_stream_ps(p, x); }
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
EN_INLINE __m256i en_vec_lanes(size_t count)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
EN_INLINE en_vec en_vec_load_part(const float *p, size_t count) { return _mm256_maskload_ps(p, en_vec_lanes(count)); }
EN_INLINE void en_vec_store_part(float *p, size_t count, en_vec x) { _mm256_maskstore_ps(p, en_vec_lanes(count), x); }

#else

#define EN_LANES 1
typedef float en_vec;
EN_INLINE en_vec en_vec_zero(void) { return 0; }
EN_INLINE en_vec en_vec_all(float x) { return x; }
EN_INLINE en_vec en_vec_load(const float *p) { return *p; }
EN_INLINE void en_vec_store(float *p, en_vec x) { *p = x; }
EN_INLINE void en_vec_stream(float *p, en_vec x) { *p = x; }
EN_INLINE en_vec en_vec_add(en_vec a, en_vec b) { return a + b; }
EN_INLINE en_vec en_vec_sub(en_vec a, en_vec b) { return a - b; }
EN_INLINE en_vec en_vec_mul(en_vec a, en_vec b) { return a * b; }
EN_INLINE en_vec en_vec_fma(en_vec a, en_vec b, en_vec c) { return a * b + c; }
EN_INLINE en_vec en_vec_fnma(en_vec a, en_vec b, en_vec c) { return c - a * b; }
EN_INLINE en_vec en_vec_relu(en_vec x) { return x < 0 ? 0 : x; }
EN_INLINE en_vec en_vec_where_positive(en_vec y, en_vec x) { return y > 0 ? x : 0; }
EN_INLINE en_vec en_vec_load_part(const float *p, size_t count) { return count > 0 ? *p : 0; }
EN_INLINE void en_vec_store_part(float *p, size_t count, en_vec x)
{
    if (count > 0) {
        *p = x;
    }
}

#endif

#endif
