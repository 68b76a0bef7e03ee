#include "kernels.h"

KERNEL void mdm_scores(const float *q, const float *k, float *s, long m, long n, long d, long ld) {
  for (long i = 0; i < m; i++)
    for (long j = 0; j < n; j++) {
      float sum = 0;
      for (long t = 0; t < d; t++) sum += q[i * d + t] * k[j * d + t];
      s[i * ld + j] = sum;
    }
}

typedef float v16 __attribute__((vector_size(64), aligned(4)));

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
