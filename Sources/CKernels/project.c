#include "kernels.h"

/* Products with a matrix that was cut into panels of 32 columns beforehand. Each output is one chain of
   multiply-adds in the order of k, whatever the number of rows: a row's result does not depend on its neighbours. */

#define PANEL 32

INLINE void tile(const int rows, const float *x, long ldx, const float *panel, const float *start, long start_ld,
                 float *y, long ldy, long k) {
  v16 a[12][2];
  for (int i = 0; i < rows; i++) {
    a[i][0] = *(const v16 *)(start + i * start_ld);
    a[i][1] = *(const v16 *)(start + i * start_ld + 16);
  }
  for (long t = 0; t < k; t++, panel += PANEL) {
    v16 b0 = *(const v16 *)panel, b1 = *(const v16 *)(panel + 16);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      float s = x[i * ldx + t];
      a[i][0] += s * b0;
      a[i][1] += s * b1;
    }
  }
  for (int i = 0; i < rows; i++) {
    *(v16 *)(y + i * ldy) = a[i][0];
    *(v16 *)(y + i * ldy + 16) = a[i][1];
  }
}

/* The rows that are left over, by a tile of exactly that height so that accumulators stay in registers. */
INLINE void rest(int rows, const float *x, long ldx, const float *panel, const float *start, long start_ld, float *y,
                 long ldy, long k) {
  switch (rows) {
#define CASE(n) \
  case n: tile(n, x, ldx, panel, start, start_ld, y, ldy, k); break;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11)
#undef CASE
  default: break;
  }
}

INLINE void project(const int height, const float *x, long ldx, const float *panels, const float *bias, float *y,
                    long ldy, long m, long n, long k, int add) {
  static const float zeros[PANEL];
  for (long j = 0; j < n; j += PANEL, panels += PANEL * k) {
    if (n - j >= PANEL) {
      const float *fixed = bias ? bias + j : zeros;
      long i = 0;
      for (; i + height <= m; i += height)
        tile(height, x + i * ldx, ldx, panels, add ? y + i * ldy + j : fixed, add ? ldy : 0, y + i * ldy + j, ldy, k);
      if (i < m)
        rest((int)(m - i), x + i * ldx, ldx, panels, add ? y + i * ldy + j : fixed, add ? ldy : 0, y + i * ldy + j, ldy,
             k);
    } else { /* a narrow last panel goes through a buffer of full width */
      float buffer[12 * PANEL];
      unsigned long bytes = sizeof(float) * (unsigned long)(n - j);
      for (long i = 0; i < m; i += height) {
        long rows = m - i < height ? m - i : height;
        memset(buffer, 0, sizeof buffer);
        for (long r = 0; r < rows; r++)
          if (add || bias) memcpy(buffer + r * PANEL, add ? y + (i + r) * ldy + j : bias + j, bytes);
        if (rows == height)
          tile(height, x + i * ldx, ldx, panels, buffer, PANEL, buffer, PANEL, k);
        else
          rest((int)rows, x + i * ldx, ldx, panels, buffer, PANEL, buffer, PANEL, k);
        for (long r = 0; r < rows; r++) memcpy(y + (i + r) * ldy + j, buffer + r * PANEL, bytes);
      }
    }
  }
}

#define ARGUMENTS \
  const float *x, long ldx, const float *panels, const float *bias, float *y, long ldy, long m, long n, long k, int add

static void project_plain(ARGUMENTS) { project(3, x, ldx, panels, bias, y, ldy, m, n, k, add); }

#if defined(__x86_64__)
__attribute__((target("arch=x86-64-v4"), min_vector_width(512))) static void project_v4(ARGUMENTS) {
  project(12, x, ldx, panels, bias, y, ldy, m, n, k, add);
}

__attribute__((target("arch=x86-64-v3"))) static void project_v3(ARGUMENTS) {
  project(3, x, ldx, panels, bias, y, ldy, m, n, k, add);
}

void mdm_project(ARGUMENTS) {
  if (__builtin_cpu_supports("x86-64-v4"))
    project_v4(x, ldx, panels, bias, y, ldy, m, n, k, add);
  else if (__builtin_cpu_supports("x86-64-v3"))
    project_v3(x, ldx, panels, bias, y, ldy, m, n, k, add);
  else
    project_plain(x, ldx, panels, bias, y, ldy, m, n, k, add);
}
#else
void mdm_project(ARGUMENTS) { project_plain(x, ldx, panels, bias, y, ldy, m, n, k, add); }
#endif

long mdm_panel_count(long n, long k) { return (n + PANEL - 1) / PANEL * PANEL * k; }

/* 16 columns of 16 rows: riffling the two halves of the rows four times turns them. */
INLINE void transpose(const float *w, long ld, float *panel) {
  v16 a[16], b[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++) a[i] = *(const v16 *)(w + i * ld);
#pragma clang loop unroll(full)
  for (int round = 0; round < 4; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
      b[2 * i] = PICK(a[i], a[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      b[2 * i + 1] = PICK(a[i], a[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) a[i] = b[i];
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++) *(v16 *)(panel + i * PANEL) = a[i];
}

KERNEL void mdm_pack_rows(const float *restrict w, long ld, float *restrict panels, long n, long k) {
  for (long j = 0; j < n; j += PANEL, panels += PANEL * k) {
    long columns = n - j < PANEL ? n - j : PANEL;
    if (columns < PANEL) memset(panels, 0, sizeof(float) * (unsigned long)(PANEL * k));
    long t = 0;
    for (; columns == PANEL && t + 16 <= k; t += 16) {
      transpose(w + j * ld + t, ld, panels + t * PANEL);
      transpose(w + (j + 16) * ld + t, ld, panels + t * PANEL + 16);
    }
    for (; t < k; t += 16) { /* blocks that keep the touched lines in the cache */
      long end = t + 16 < k ? t + 16 : k;
      for (long c = 0; c < columns; c++)
        for (long s = t; s < end; s++) panels[s * PANEL + c] = w[(j + c) * ld + s];
    }
  }
}

KERNEL void mdm_pack_columns(const float *restrict w, long ld, float *restrict panels, long n, long k) {
  for (long j = 0; j < n; j += PANEL, panels += PANEL * k) {
    long columns = n - j < PANEL ? n - j : PANEL;
    if (columns < PANEL) memset(panels, 0, sizeof(float) * (unsigned long)(PANEL * k));
    for (long t = 0; t < k; t++)
      memcpy(panels + t * PANEL, w + t * ld + j, sizeof(float) * (unsigned long)columns);
  }
}
