#include "kernels.h"

/* Products with a matrix of bfloat16 as it lies in a file: n rows of k numbers, at any address. A vector of sums runs
   along k and is added up at the end, whatever the number of rows: a row's result does not depend on its neighbours. */

#pragma clang fp reassociate(off) /* else each height of a tile would add up in an order of its own */
#pragma clang diagnostic ignored "-Wpsabi" /* vectors are passed between inlined functions only */
typedef unsigned int w16 __attribute__((vector_size(64)));
typedef unsigned short h16 __attribute__((vector_size(32), aligned(1)));
typedef unsigned short half __attribute__((aligned(1)));

INLINE float widened(unsigned short bits) {
  unsigned int word = (unsigned int)bits << 16;
  float value;
  memcpy(&value, &word, 4);
  return value;
}

INLINE v16 load(const half *w) { return (v16)(__builtin_convertvector(*(const h16 *)w, w16) << 16); }

INLINE v16 load_some(const half *w, long count) {
  half buffer[16] = {0};
  memcpy(buffer, w, sizeof(half) * (unsigned long)count);
  return load(buffer);
}

INLINE v16 floats_some(const float *x, long count) {
  v16 buffer = {0};
  memcpy(&buffer, x, sizeof(float) * (unsigned long)count);
  return buffer;
}

INLINE float total(v16 a) {
  float s[8];
  for (int i = 0; i < 8; i++) s[i] = a[i] + a[i + 8];
  for (int i = 0; i < 4; i++) s[i] += s[i + 4];
  return (s[0] + s[2]) + (s[1] + s[3]);
}

INLINE void tile(const int rows, const int columns, const int fetches, const float *x, long ldx, const half *w,
                 const float *bias, float *y, long ldy, long k, int add) {
  v16 a[6][4];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++) a[i][j] = (v16){0};
  long t = 0;
  for (; t + 16 <= k; t += 16) {
    v16 b[4];
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      b[j] = load(w + j * k + t);
      if (fetches) __builtin_prefetch(w + (columns + j) * k + t);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      v16 s = *(const v16 *)(x + i * ldx + t);
#pragma clang loop unroll(full)
      for (int j = 0; j < columns; j++) a[i][j] += s * b[j];
    }
  }
  if (t < k)
    for (int j = 0; j < columns; j++) {
      v16 b = load_some(w + j * k + t, k - t);
      for (int i = 0; i < rows; i++) a[i][j] += floats_some(x + i * ldx + t, k - t) * b;
    }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++) {
      float *out = y + i * ldy + j;
      *out = total(a[i][j]) + (add ? *out : bias ? bias[j] : 0);
    }
}

/* Some rows of y, all their columns; `fetches` asks for the next rows of w ahead of time. */
INLINE void band(const int rows, const int fetches, const float *x, long ldx, const half *w, const float *bias, float *y,
                 long ldy, long n, long k, int add) {
  long j = 0;
  for (; j + 4 <= n; j += 4) tile(rows, 4, fetches, x, ldx, w + j * k, bias ? bias + j : 0, y + j, ldy, k, add);
  for (; j < n; j++) tile(rows, 1, 0, x, ldx, w + j * k, bias ? bias + j : 0, y + j, ldy, k, add);
}

INLINE void project(const int height, const float *x, long ldx, const half *w, const float *bias, float *y, long ldy,
                    long m, long n, long k, int add) {
  for (long j = 0; j < n; j += 64) { /* a block of w stays in the cache for all rows */
    long columns = n - j < 64 ? n - j : 64;
    const half *block = w + j * k;
    const float *start = bias ? bias + j : 0;
    long i = 0;
    if (height <= m) band(height, 1, x, ldx, block, start, y + j, ldy, columns, k, add), i = height;
    for (; i + height <= m; i += height)
      band(height, 0, x + i * ldx, ldx, block, start, y + i * ldy + j, ldy, columns, k, add);
    switch (m - i) {
#define CASE(r) \
  case r: band(r, 1, x + i * ldx, ldx, block, start, y + i * ldy + j, ldy, columns, k, add); break;
      CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
#undef CASE
    default: break;
    }
  }
}

#define ARGUMENTS \
  const float *x, long ldx, const void *w, const float *bias, float *y, long ldy, long m, long n, long k, int add

static void project_plain(ARGUMENTS) { project(2, x, ldx, w, bias, y, ldy, m, n, k, add); }

#if defined(__x86_64__)
__attribute__((target("arch=x86-64-v4"), min_vector_width(512))) static void project_v4(ARGUMENTS) {
  project(6, x, ldx, w, bias, y, ldy, m, n, k, add);
}

__attribute__((target("arch=x86-64-v3"))) static void project_v3(ARGUMENTS) {
  project(2, x, ldx, w, bias, y, ldy, m, n, k, add);
}

void mdm_project_halves(ARGUMENTS) {
  if (__builtin_cpu_supports("x86-64-v4"))
    project_v4(x, ldx, w, bias, y, ldy, m, n, k, add);
  else if (__builtin_cpu_supports("x86-64-v3"))
    project_v3(x, ldx, w, bias, y, ldy, m, n, k, add);
  else
    project_plain(x, ldx, w, bias, y, ldy, m, n, k, add);
}
#else
void mdm_project_halves(ARGUMENTS) { project_plain(x, ldx, w, bias, y, ldy, m, n, k, add); }
#endif

KERNEL void mdm_widen_halves(const void *halves, float *y, long n) {
  const half *w = halves;
  for (long i = 0; i < n; i++) y[i] = widened(w[i]);
}

KERNEL long mdm_first_infinite_half(const void *halves, long n) {
  const half *w = halves;
  for (long i = 0; i < n; i += 4096) {
    long end = i + 4096 < n ? i + 4096 : n;
    int bad = 0;
    for (long j = i; j < end; j++) bad |= (w[j] & 0x7F80) == 0x7F80;
    if (bad)
      for (long j = i; j < end; j++)
        if ((w[j] & 0x7F80) == 0x7F80) return j;
  }
  return -1;
}
