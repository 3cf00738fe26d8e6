/* Vectors of floats for kernels that are written once and compiled for each instruction set: 16 lanes with AVX-512, 8
 * with AVX2 and FMA, 4 with NEON and wherever else. Sums, products and quotients may be written with operators, too.
 * Nothing here may run before select.c has asked the processor. */
#ifndef EN_KERNEL_VECTOR_H
#define EN_KERNEL_VECTOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined __AVX2__
#include <immintrin.h>
#elif defined __aarch64__
#include <arm_neon.h>
#endif

/* Kernels whose accumulators stay in registers: inlined with constant sizes, loops unrolled as a whole. */
#define EN_INLINE static inline __attribute__((always_inline))
#if defined __clang__
#define EN_UNROLL _Pragma("clang loop unroll(full)")
#else
#define EN_UNROLL _Pragma("GCC unroll 64")
#endif

/* A byte for each lane, or what is left: a copy whose length the compiler knows wherever it can. */
EN_INLINE void en_bytes_copy(void *to, const void *from, size_t lanes, size_t left)
{
    if (left >= lanes) {
        memcpy(to, from, lanes);
    } else {
        memcpy(to, from, left);
    }
}

/* Each instruction set has
 *   en_vec_all             x in each lane
 *   en_vec_load, _store    a whole vector, at any address; en_vec_stream past the cache, at an aligned one
 *   ..._part               the first `count` lanes, 1..EN_LANES; the others are 0 and not touched in memory
 *   ..._bytes              a vector, or what is left of an array as en_vec_take, of numbers 0..255 that are bytes in
 *                          memory
 *   en_vec_fma, _fnma      a*b + c and c - a*b, rounded once
 *   en_vec_at_least        max(floor, x), x where x is NaN
 *   en_mask_...            which lanes are above 0; equal; above `most` or NaN, and `most` not NaN; of a bit that is
 *                          set, the first lane being bit 0, and back to bits
 *   en_vec_choose, _keep   by mask one or the other; one or 0 */

#if defined __AVX512F__

#define EN_LANES 16
#define EN_VECTORS 32 /* registers */
typedef __m512 en_vec;
typedef __mmask16 en_mask;
EN_INLINE en_mask en_mask_first(size_t count) { return (__mmask16)(0xFFFFu >> (EN_LANES - count)); }
EN_INLINE en_vec en_vec_all(float x) { return _mm512_set1_ps(x); }
EN_INLINE en_vec en_vec_load(const float *p) { return _mm512_loadu_ps(p); }
EN_INLINE void en_vec_store(float *p, en_vec x) { _mm512_storeu_ps(p, x); }
EN_INLINE void en_vec_stream(float *p, en_vec x) { _mm512_stream_ps(p, x); }
EN_INLINE en_vec en_vec_load_part(const float *p, size_t count)
{
    return _mm512_maskz_loadu_ps(en_mask_first(count), p);
}
EN_INLINE void en_vec_store_part(float *p, size_t count, en_vec x)
{
    _mm512_mask_storeu_ps(p, en_mask_first(count), x);
}
EN_INLINE en_vec en_vec_take_bytes(const uint8_t *p, size_t left)
{
    en_mask in = en_mask_first(left < EN_LANES ? left : EN_LANES);
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(in, p)));
}
EN_INLINE void en_vec_put_bytes(uint8_t *p, size_t left, en_vec x)
{
    en_mask in = en_mask_first(left < EN_LANES ? left : EN_LANES);
    _mm_mask_storeu_epi8(p, in, _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(x)));
}
EN_INLINE en_vec en_vec_fma(en_vec a, en_vec b, en_vec c) { return _mm512_fmadd_ps(a, b, c); }
EN_INLINE en_vec en_vec_fnma(en_vec a, en_vec b, en_vec c) { return _mm512_fnmadd_ps(a, b, c); }
EN_INLINE en_vec en_vec_sqrt(en_vec x) { return _mm512_sqrt_ps(x); }
EN_INLINE en_vec en_vec_at_least(en_vec floor, en_vec x) { return _mm512_max_ps(floor, x); }
EN_INLINE en_mask en_mask_positive(en_vec x) { return _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ); }
EN_INLINE en_mask en_mask_equal(en_vec a, en_vec b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
EN_INLINE en_mask en_mask_above(en_vec x, en_vec most)
{
    return _mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(most, most, _CMP_ORD_Q), x, most, _CMP_NLE_UQ);
}
EN_INLINE en_mask en_mask_of_bits(unsigned bits) { return (__mmask16)bits; }
EN_INLINE unsigned en_mask_bits(en_mask m) { return m; }
EN_INLINE en_vec en_vec_choose(en_mask m, en_vec yes, en_vec no) { return _mm512_mask_mov_ps(no, m, yes); }
EN_INLINE en_vec en_vec_keep(en_mask m, en_vec x) { return _mm512_maskz_mov_ps(m, x); }

#elif defined __AVX2__ && defined __FMA__

#define EN_LANES 8
#define EN_VECTORS 16
typedef __m256 en_vec;
typedef __m256 en_mask; /* all bits of a lane */
EN_INLINE __m256i en_mask_first(size_t count)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
EN_INLINE en_vec en_vec_all(float x) { return _mm256_set1_ps(x); }
EN_INLINE en_vec en_vec_load(const float *p) { return _mm256_loadu_ps(p); }
EN_INLINE void en_vec_store(float *p, en_vec x) { _mm256_storeu_ps(p, x); }
EN_INLINE void en_vec_stream(float *p, en_vec x) { _mm256_stream_ps(p, x); }
EN_INLINE en_vec en_vec_load_part(const float *p, size_t count) { return _mm256_maskload_ps(p, en_mask_first(count)); }
EN_INLINE void en_vec_store_part(float *p, size_t count, en_vec x) { _mm256_maskstore_ps(p, en_mask_first(count), x); }
EN_INLINE en_vec en_vec_take_bytes(const uint8_t *p, size_t left)
{
    uint64_t bytes = 0;
    en_bytes_copy(&bytes, p, EN_LANES, left);
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)bytes)));
}
EN_INLINE void en_vec_put_bytes(uint8_t *p, size_t left, en_vec x)
{
    __m256i low = _mm256_broadcastsi128_si256(_mm_cvtsi32_si128(0x0C080400));
    __m256i packed = _mm256_shuffle_epi8(_mm256_cvtps_epi32(x), low); /* 4 bytes at the start of each half */
    __m128i bytes = _mm_unpacklo_epi32(_mm256_castsi256_si128(packed), _mm256_extracti128_si256(packed, 1));
    long long all = _mm_cvtsi128_si64(bytes);
    en_bytes_copy(p, &all, EN_LANES, left);
}
EN_INLINE en_vec en_vec_fma(en_vec a, en_vec b, en_vec c) { return _mm256_fmadd_ps(a, b, c); }
EN_INLINE en_vec en_vec_fnma(en_vec a, en_vec b, en_vec c) { return _mm256_fnmadd_ps(a, b, c); }
EN_INLINE en_vec en_vec_sqrt(en_vec x) { return _mm256_sqrt_ps(x); }
EN_INLINE en_vec en_vec_at_least(en_vec floor, en_vec x) { return _mm256_max_ps(floor, x); }
EN_INLINE en_mask en_mask_positive(en_vec x) { return _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_GT_OQ); }
EN_INLINE en_mask en_mask_equal(en_vec a, en_vec b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
EN_INLINE en_mask en_mask_above(en_vec x, en_vec most)
{
    return _mm256_andnot_ps(_mm256_cmp_ps(most, most, _CMP_UNORD_Q), _mm256_cmp_ps(x, most, _CMP_NLE_UQ));
}
EN_INLINE en_mask en_mask_of_bits(unsigned bits)
{
    __m256i each = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    return _mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32((int)bits), each), each));
}
EN_INLINE unsigned en_mask_bits(en_mask m) { return (unsigned)_mm256_movemask_ps(m); }
EN_INLINE en_vec en_vec_choose(en_mask m, en_vec yes, en_vec no) { return _mm256_blendv_ps(no, yes, m); }
EN_INLINE en_vec en_vec_keep(en_mask m, en_vec x) { return _mm256_and_ps(m, x); }

#else

#define EN_LANES 4
typedef float en_vec __attribute__((vector_size(16)));
typedef int32_t en_mask __attribute__((vector_size(16))); /* all bits of a lane */
EN_INLINE en_vec en_vec_all(float x) { return (en_vec){x, x, x, x}; }
EN_INLINE en_vec en_vec_load(const float *p)
{
    en_vec x;
    memcpy(&x, p, sizeof x);
    return x;
}
EN_INLINE void en_vec_store(float *p, en_vec x) { memcpy(p, &x, sizeof x); }
EN_INLINE void en_vec_stream(float *p, en_vec x) { en_vec_store(p, x); }
EN_INLINE en_vec en_vec_load_part(const float *p, size_t count)
{
    en_vec x = {0};
    memcpy(&x, p, count * sizeof *p);
    return x;
}
EN_INLINE void en_vec_store_part(float *p, size_t count, en_vec x) { memcpy(p, &x, count * sizeof *p); }
EN_INLINE en_vec en_vec_take_bytes(const uint8_t *p, size_t left)
{
    uint8_t bytes[EN_LANES] = {0};
    en_bytes_copy(bytes, p, EN_LANES, left);
    return (en_vec){bytes[0], bytes[1], bytes[2], bytes[3]};
}
EN_INLINE void en_vec_put_bytes(uint8_t *p, size_t left, en_vec x)
{
    uint8_t bytes[EN_LANES] = {(uint8_t)x[0], (uint8_t)x[1], (uint8_t)x[2], (uint8_t)x[3]};
    en_bytes_copy(p, bytes, EN_LANES, left);
}
EN_INLINE en_mask en_mask_positive(en_vec x) { return x > 0; }
EN_INLINE en_mask en_mask_equal(en_vec a, en_vec b) { return a == b; }
EN_INLINE en_mask en_mask_above(en_vec x, en_vec most) { return ~(x <= most) & (most == most); }
EN_INLINE en_mask en_mask_of_bits(unsigned bits)
{
    const en_mask each = {1, 2, 4, 8}, b = {(int32_t)bits, (int32_t)bits, (int32_t)bits, (int32_t)bits};
    return (b & each) == each;
}
EN_INLINE unsigned en_mask_bits(en_mask m)
{
    m &= (en_mask){1, 2, 4, 8};
    return (unsigned)(m[0] | m[1] | m[2] | m[3]);
}
EN_INLINE en_vec en_vec_choose(en_mask m, en_vec yes, en_vec no)
{
    return (en_vec)(((en_mask)yes & m) | ((en_mask)no & ~m));
}
EN_INLINE en_vec en_vec_keep(en_mask m, en_vec x) { return (en_vec)((en_mask)x & m); }
EN_INLINE en_vec en_vec_at_least(en_vec floor, en_vec x) { return en_vec_choose(floor > x, floor, x); }
#if defined __aarch64__
#define EN_VECTORS 32
EN_INLINE en_vec en_vec_fma(en_vec a, en_vec b, en_vec c) { return vfmaq_f32(c, a, b); }
EN_INLINE en_vec en_vec_fnma(en_vec a, en_vec b, en_vec c) { return vfmsq_f32(c, a, b); }
EN_INLINE en_vec en_vec_sqrt(en_vec x) { return vsqrtq_f32(x); }
#else
#define EN_VECTORS 16
EN_INLINE en_vec en_vec_fma(en_vec a, en_vec b, en_vec c) { return a * b + c; } /* rounded twice */
EN_INLINE en_vec en_vec_fnma(en_vec a, en_vec b, en_vec c) { return c - a * b; }
EN_INLINE en_vec en_vec_sqrt(en_vec x)
{
    return (en_vec){__builtin_sqrtf(x[0]), __builtin_sqrtf(x[1]), __builtin_sqrtf(x[2]), __builtin_sqrtf(x[3])};
}
#endif

#endif

/* From these for all: */
EN_INLINE en_vec en_vec_zero(void) { return en_vec_all(0); }
EN_INLINE en_vec en_vec_add(en_vec a, en_vec b) { return a + b; }
EN_INLINE en_vec en_vec_sub(en_vec a, en_vec b) { return a - b; }
EN_INLINE en_vec en_vec_mul(en_vec a, en_vec b) { return a * b; }
/* max(x, 0); NaN propagates. */
EN_INLINE en_vec en_vec_relu(en_vec x) { return en_vec_at_least(en_vec_zero(), x); }
/* x where y > 0, otherwise 0. */
EN_INLINE en_vec en_vec_where_positive(en_vec y, en_vec x) { return en_vec_keep(en_mask_positive(y), x); }
/* What is left of an array, a vector at most: `left` is 1 or more. */
EN_INLINE en_vec en_vec_take(const float *p, size_t left)
{
    return left >= EN_LANES ? en_vec_load(p) : en_vec_load_part(p, left);
}
EN_INLINE void en_vec_put(float *p, size_t left, en_vec x)
{
    if (left >= EN_LANES) {
        en_vec_store(p, x);
    } else {
        en_vec_store_part(p, left, x);
    }
}

#endif
