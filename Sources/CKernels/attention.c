#include "kernels.h"

KERNEL void mdm_scores(const float *q, const float *k, float *s, long m, long n, long d, long ld) {
  for (long i = 0; i < m; i++)
    for (long j = 0; j < n; j++) {
      float sum = 0;
      for (long t = 0; t < d; t++) sum += q[i * d + t] * k[j * d + t];
      s[i * ld + j] = sum;
    }
}

KERNEL void mdm_mix(const float *restrict p, const float *restrict v, float *restrict o, long m, long n, long d,
                    long ld) {
  for (long i = 0; i < m; i++, o += d)
    for (long j = 0; j < n; j++) {
      float w = p[i * ld + j];
      for (long t = 0; t < d; t++) o[t] += w * v[j * d + t];
    }
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
