#include "kernels.h"
#include <stdint.h>
#include <stdlib.h>

/* Products whose operands are rounded to bfloat16 and whose sums are float32. Numbers lie in pairs along k, as the
   AVX-512 BF16 instruction takes them: it multiplies and adds two pairs a lane. Blocks of both operands are copied
   into the order in which a tile of 12 x 32 sums reads them (Goto and van de Geijn 2008, doi 10.1145/1356052.1356053).
   The order of a row's sums does not depend on the other rows or columns. */

#define HEIGHT 12 /* rows of a tile */
#define PANEL 32  /* columns of a tile */
#define PAIRS 192 /* pairs of a block */
#define ROWS 192  /* rows of a block, a multiple of HEIGHT */
#define COLUMNS 1024

#pragma clang diagnostic ignored "-Wpsabi" /* vectors are passed between inlined functions only */
typedef uint32_t w16 __attribute__((vector_size(64), aligned(4)));
typedef uint64_t l8 __attribute__((vector_size(64)));
typedef uint32_t w8 __attribute__((vector_size(32), aligned(4)));

typedef void tile_sums(const uint32_t *a, const uint32_t *b, long pairs, const float *start, long start_ld, float *c,
                       long ldc);

/* To the nearest bfloat16, ties to even; NaN stays NaN. In the low half. */
INLINE uint32_t rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  uint32_t nearest = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  return (bits & 0x7fffffffu) > 0x7f800000u ? (bits >> 16) | 0x40u : nearest;
}

INLINE uint32_t pair(float even, float odd) { return rounded(even) | rounded(odd) << 16; }

INLINE w16 rounded16(const float *x) {
  w16 bits = *(const w16 *)x, nearest = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  w16 is_nan = (w16)((bits & 0x7fffffffu) > 0x7f800000u);
  return (is_nan & ((bits >> 16) | 0x40u)) | (~is_nan & nearest);
}

INLINE void pair16(const float *even, const float *odd, uint32_t *to) {
  *(w16 *)to = rounded16(even) | rounded16(odd) << 16;
}

typedef struct {
  enum { FLOATS, HALVES, HALVES_TRANSPOSED } kind; /* k x n floats, k x n bfloat16, n x k bfloat16 */
  const void *data;
  long ld;    /* between rows */
  long panel; /* between panels of 32 columns */
} operand;

/* [panel][pair][column] of the rows from `t` on. */
INLINE void pack_b(const operand *b, long j, long columns, long t, long k, uint32_t *to) {
  long pairs = (k + 1) / 2;
  for (long first = 0; first < columns; first += PANEL, to += pairs * PANEL) {
    long width = columns - first < PANEL ? columns - first : PANEL;
    if (width < PANEL) memset(to, 0, sizeof(uint32_t) * (unsigned long)(pairs * PANEL));
    long panel = (j + first) / PANEL;
    for (long p = 0; p < pairs; p++) {
      int whole = 2 * p + 1 < k;
      if (b->kind == FLOATS) {
        const float *even = (const float *)b->data + panel * b->panel + (t + 2 * p) * b->ld, *odd = even + b->ld;
        if (whole && width == PANEL) {
          pair16(even, odd, to + p * PANEL);
          pair16(even + 16, odd + 16, to + p * PANEL + 16);
        } else if (whole)
          for (long c = 0; c < width; c++) to[p * PANEL + c] = pair(even[c], odd[c]);
        else
          for (long c = 0; c < width; c++) to[p * PANEL + c] = pair(even[c], 0);
      } else if (b->kind == HALVES) {
        const char *row = (const char *)b->data + 2 * ((t + 2 * p) * b->ld + panel * b->panel);
        for (long c = 0; c < width; c++) {
          uint16_t even, odd = 0;
          memcpy(&even, row + 2 * c, 2);
          if (whole) memcpy(&odd, row + 2 * (b->ld + c), 2);
          to[p * PANEL + c] = even | (uint32_t)odd << 16;
        }
      } else {
        const char *row = (const char *)b->data + 2 * (panel * b->panel + t + 2 * p);
        for (long c = 0; c < width; c++) {
          uint32_t both = 0;
          memcpy(&both, row + 2 * c * b->ld, whole ? 4 : 2);
          to[p * PANEL + c] = both;
        }
      }
    }
  }
}

/* [row][PAIRS], rows filled up to whole tiles. */
INLINE void pack_a(const float *a, long lda, int transposed, long i, long rows, long t, long k, uint32_t *to) {
  long pairs = (k + 1) / 2;
  if (transposed) {
    for (long p = 0; p < pairs; p++) {
      const float *even = a + (t + 2 * p) * lda + i, *odd = 2 * p + 1 < k ? even + lda : 0;
      uint32_t row[ROWS];
      long r = 0;
      for (; odd && r + 16 <= rows; r += 16) pair16(even + r, odd + r, row + r);
      for (; r < rows; r++) row[r] = pair(even[r], odd ? odd[r] : 0);
      for (long r = 0; r < rows; r++) to[r * PAIRS + p] = row[r];
    }
  } else {
    for (long r = 0; r < rows; r++) {
      const float *x = a + (i + r) * lda + t;
      long p = 0;
      for (; 2 * p + 16 <= k; p += 8) {
        l8 both = (l8)rounded16(x + 2 * p);
        *(w8 *)(to + r * PAIRS + p) = __builtin_convertvector(both | both >> 16, w8);
      }
      for (; p < k / 2; p++) to[r * PAIRS + p] = pair(x[2 * p], x[2 * p + 1]);
      if (k & 1) to[r * PAIRS + k / 2] = pair(x[k - 1], 0);
    }
  }
  for (long r = rows; r % HEIGHT != 0; r++) memset(to + r * PAIRS, 0, sizeof(uint32_t) * PAIRS);
}

/* Where a thread's blocks lie; a pool's threads live as long as the process. */
static uint32_t *blocks(void) {
  static _Thread_local uint32_t *memory;
  if (memory == 0) memory = aligned_alloc(64, sizeof(uint32_t) * PAIRS * (ROWS + COLUMNS));
  if (memory == 0) abort();
  return memory;
}

INLINE void product(tile_sums *sums, const float *a, long lda, int transposed, const operand *b, const float *bias,
                    float *c, long ldc, long m, long n, long k, int add) {
  static const float zeros[PANEL];
  uint32_t *block_a = blocks(), *block_b = block_a + PAIRS * ROWS;
  for (long j = 0; j < n; j += COLUMNS) {
    long columns = n - j < COLUMNS ? n - j : COLUMNS;
    for (long t = 0; t < k; t += 2 * PAIRS) {
      long depth = k - t < 2 * PAIRS ? k - t : 2 * PAIRS, pairs = (depth + 1) / 2;
      int starts = t == 0 && !add;
      pack_b(b, j, columns, t, depth, block_b);
      for (long i = 0; i < m; i += ROWS) {
        long rows = m - i < ROWS ? m - i : ROWS;
        pack_a(a, lda, transposed, i, rows, t, depth, block_a);
        for (long q = 0; q < columns; q += PANEL) {
          const uint32_t *panel = block_b + q * pairs;
          long width = columns - q < PANEL ? columns - q : PANEL;
          for (long r = 0; r < rows; r += HEIGHT) {
            long height = rows - r < HEIGHT ? rows - r : HEIGHT;
            float *at = c + (i + r) * ldc + j + q;
            if (width == PANEL && height == HEIGHT) {
              const float *start = !starts ? at : bias ? bias + j + q : zeros;
              sums(block_a + r * PAIRS, panel, pairs, start, starts ? 0 : ldc, at, ldc);
              continue;
            }
            float buffer[HEIGHT * PANEL] = {0};
            unsigned long bytes = sizeof(float) * (unsigned long)width;
            for (long s = 0; s < height; s++) {
              if (!starts) memcpy(buffer + s * PANEL, at + s * ldc, bytes);
              else if (bias) memcpy(buffer + s * PANEL, bias + j + q, bytes);
            }
            sums(block_a + r * PAIRS, panel, pairs, buffer, PANEL, buffer, PANEL);
            for (long s = 0; s < height; s++) memcpy(at + s * ldc, buffer + s * PANEL, bytes);
          }
        }
      }
    }
  }
}

/* The same sums where the processor has no such instruction. */
INLINE void plain_sums(const uint32_t *a, const uint32_t *b, long pairs, const float *start, long start_ld, float *c,
                       long ldc) {
  for (int i = 0; i < HEIGHT; i++) {
    v16 s0 = *(const v16 *)(start + i * start_ld), s1 = *(const v16 *)(start + i * start_ld + 16);
    for (long p = 0; p < pairs; p++) {
      uint32_t both = a[i * PAIRS + p], low = both << 16, high = both & 0xffff0000u;
      float x, y;
      memcpy(&x, &low, 4);
      memcpy(&y, &high, 4);
      w16 b0 = *(const w16 *)(b + p * PANEL), b1 = *(const w16 *)(b + p * PANEL + 16);
      s0 += x * (v16)(b0 << 16) + y * (v16)(b0 & 0xffff0000u);
      s1 += x * (v16)(b1 << 16) + y * (v16)(b1 & 0xffff0000u);
    }
    *(v16 *)(c + i * ldc) = s0;
    *(v16 *)(c + i * ldc + 16) = s1;
  }
}

KERNEL static void widened_sums(const uint32_t *a, const uint32_t *b, long pairs, const float *start, long start_ld,
                                float *c, long ldc) {
  plain_sums(a, b, pairs, start, start_ld, c, ldc);
}

#define ARGUMENTS \
  const float *a, long lda, int transposed, const operand *b, const float *bias, float *c, long ldc, long m, long n, \
      long k, int add

KERNEL static void product_widened(ARGUMENTS) {
  product(widened_sums, a, lda, transposed, b, bias, c, ldc, m, n, k, add);
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("arch=x86-64-v4,avx512bf16"), min_vector_width(512))) static void native_sums(
    const uint32_t *a, const uint32_t *b, long pairs, const float *start, long start_ld, float *c, long ldc) {
  __m512 s[HEIGHT][2];
  for (int i = 0; i < HEIGHT; i++) {
    s[i][0] = _mm512_loadu_ps(start + i * start_ld);
    s[i][1] = _mm512_loadu_ps(start + i * start_ld + 16);
  }
  for (long p = 0; p < pairs; p++, b += PANEL) {
    __m512bh b0 = (__m512bh)_mm512_loadu_si512(b), b1 = (__m512bh)_mm512_loadu_si512(b + 16);
#pragma clang loop unroll(full)
    for (int i = 0; i < HEIGHT; i++) {
      __m512bh x = (__m512bh)_mm512_set1_epi32((int)a[i * PAIRS + p]);
      s[i][0] = _mm512_dpbf16_ps(s[i][0], x, b0);
      s[i][1] = _mm512_dpbf16_ps(s[i][1], x, b1);
    }
  }
  for (int i = 0; i < HEIGHT; i++) {
    _mm512_storeu_ps(c + i * ldc, s[i][0]);
    _mm512_storeu_ps(c + i * ldc + 16, s[i][1]);
  }
}

__attribute__((target("arch=x86-64-v4,avx512bf16"), min_vector_width(512))) static void product_native(ARGUMENTS) {
  product(native_sums, a, lda, transposed, b, bias, c, ldc, m, n, k, add);
}

int mdm_has_bfloat16_products(void) { return __builtin_cpu_supports("avx512bf16") != 0; }

static void product_rounded(ARGUMENTS) {
  if (mdm_has_bfloat16_products())
    product_native(a, lda, transposed, b, bias, c, ldc, m, n, k, add);
  else
    product_widened(a, lda, transposed, b, bias, c, ldc, m, n, k, add);
}
#else
int mdm_has_bfloat16_products(void) { return 0; }

static void product_rounded(ARGUMENTS) { product_widened(a, lda, transposed, b, bias, c, ldc, m, n, k, add); }
#endif

void mdm_rounded_project(const float *x, long ldx, const float *panels, const float *bias, float *y, long ldy, long m,
                         long n, long k, int add) {
  operand b = {FLOATS, panels, PANEL, PANEL * k};
  product_rounded(x, ldx, 0, &b, bias, y, ldy, m, n, k, add);
}

void mdm_rounded_project_halves(const float *x, long ldx, const void *w, const float *bias, float *y, long ldy, long m,
                                long n, long k, int add) {
  operand b = {HALVES_TRANSPOSED, w, k, PANEL * k};
  product_rounded(x, ldx, 0, &b, bias, y, ldy, m, n, k, add);
}

void mdm_rounded_times(const float *a, long lda, int transposed, const float *b, long ldb, float *c, long ldc, long m,
                       long n, long k, int add) {
  operand right = {FLOATS, b, ldb, PANEL};
  product_rounded(a, lda, transposed, &right, 0, c, ldc, m, n, k, add);
}

void mdm_rounded_times_halves(const float *a, long lda, const void *b, float *c, long ldc, long m, long n, long k,
                              int add) {
  operand right = {HALVES, b, n, PANEL};
  product_rounded(a, lda, 0, &right, 0, c, ldc, m, n, k, add);
}
