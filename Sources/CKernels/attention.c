#include "kernels.h"

/* Both halves of each group of lanes added: half as many lanes of twice as many keys. */
#define FOLD8(a, b)                                                       \
  (PICK(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +   \
   PICK(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#define FOLD4(a, b)                                                       \
  (PICK(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) + \
   PICK(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31))
#define FOLD2(a, b)                                                       \
  (PICK(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) + \
   PICK(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
#define FOLD1(a, b)                                                       \
  (PICK(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30) + \
   PICK(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31))

/* The products of one query with 16 keys, each summed in the same order whatever its place; where there are fewer
   keys, the last one stands for those that are not there. */
INLINE void dots(const float *q, const float *k, float *out, long d, long keys) {
  v16 s[16];
  const float *row[16];
#pragma clang loop unroll(full)
  for (long j = 0; j < 16; j++) {
    row[j] = k + (j < keys ? j : keys - 1) * d;
    s[j] = *(const v16 *)q * *(const v16 *)row[j];
  }
  for (long t = 16; t < d; t += 16) {
    v16 part = *(const v16 *)(q + t);
#pragma clang loop unroll(full)
    for (int j = 0; j < 16; j++) s[j] += part * *(const v16 *)(row[j] + t);
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < 8; j++) s[j] = FOLD8(s[2 * j], s[2 * j + 1]);
#pragma clang loop unroll(full)
  for (int j = 0; j < 4; j++) s[j] = FOLD4(s[2 * j], s[2 * j + 1]);
  s[0] = FOLD2(s[0], s[1]);
  s[1] = FOLD2(s[2], s[3]);
  s[0] = FOLD1(s[0], s[1]); /* in lanes of four: keys 0 4 8 12, 1 5 9 13, ... */
  *(v16 *)out = PICK(s[0], s[0], 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}

KERNEL void mdm_scores(const float *q, const float *k, float *s, long m, long n, long d, long ld) {
  if (d % 16 != 0) { /* heads that fill no registers */
    for (long i = 0; i < m; i++)
      for (long j = 0; j < n; j++) {
        float sum = 0;
        for (long t = 0; t < d; t++) sum += q[i * d + t] * k[j * d + t];
        s[i * ld + j] = sum;
      }
    return;
  }
  long j = 0;
  for (; j + 16 <= n; j += 16)
    for (long i = 0; i < m; i++) dots(q + i * d, k + j * d, s + i * ld + j, d, 16);
  float last[16];
  for (long i = 0; i < m && j < n; i++) {
    dots(q + i * d, k + j * d, last, d, n - j);
    memcpy(s + i * ld + j, last, sizeof(float) * (unsigned long)(n - j));
  }
}

/* Some rows of o together, so that their sums stay in registers and each v is read once for all of them. */
INLINE void mix_rows(const int rows, const float *restrict p, const float *restrict v, float *restrict o, long n, long d,
                     long ld) {
  long t = 0;
  for (; t + 32 <= d; t += 32) {
    v16 a[4][2];
    for (int i = 0; i < rows; i++)
      for (int c = 0; c < 2; c++) a[i][c] = *(const v16 *)(o + i * d + t + 16 * c);
    for (long j = 0; j < n; j++) {
      v16 v0 = *(const v16 *)(v + j * d + t), v1 = *(const v16 *)(v + j * d + t + 16);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        float w = p[i * ld + j];
        a[i][0] += w * v0;
        a[i][1] += w * v1;
      }
    }
    for (int i = 0; i < rows; i++)
      for (int c = 0; c < 2; c++) *(v16 *)(o + i * d + t + 16 * c) = a[i][c];
  }
  for (int i = 0; i < rows && t < d; i++)
    for (long j = 0; j < n; j++) {
      float w = p[i * ld + j];
      for (long s = t; s < d; s++) o[i * d + s] += w * v[j * d + s];
    }
}

KERNEL void mdm_mix(const float *restrict p, const float *restrict v, float *restrict o, long m, long n, long d,
                    long ld) {
  long i = 0;
  for (; i + 4 <= m; i += 4) mix_rows(4, p + i * ld, v, o + i * d, n, d, ld);
  for (; i + 2 <= m; i += 2) mix_rows(2, p + i * ld, v, o + i * d, n, d, ld);
  for (; i < m; i++) mix_rows(1, p + i * ld, v, o + i * d, n, d, ld);
}

KERNEL void mdm_softmax(float *s, long rows, long group, long ld, long n, long base, long step,
                        float scale) {
  for (long i = 0; i < rows; i++, s += ld) {
    long valid = base + step * (i / group);
    float max = s[0], sum = 0;
    for (long j = 1; j < valid; j++) max = s[j] > max ? s[j] : max;
    for (long j = 0; j < valid; j++) {
      float e = mdm_exp((s[j] - max) * scale);
      s[j] = e;
      sum += e;
    }
    float f = 1.0f / sum;
    for (long j = 0; j < valid; j++) s[j] *= f;
    for (long j = valid; j < n; j++) s[j] = 0;
  }
}

KERNEL void mdm_softmax_backward(const float *p, float *dp, long rows, long group, long ld, long n, long base,
                                 long step, float scale) {
  for (long i = 0; i < rows; i++, p += ld, dp += ld) {
    long valid = base + step * (i / group);
    float sum = 0;
    for (long j = 0; j < valid; j++) sum += p[j] * dp[j];
    for (long j = 0; j < valid; j++) dp[j] = p[j] * (dp[j] - sum) * scale;
    for (long j = valid; j < n; j++) dp[j] = 0;
  }
}
