#include "kernels.h"

KERNEL double mdm_sum_squares(const float *x, long n) {
  double total = 0;
  for (long i = 0; i < n; i += 1024) { /* float partial sums, so that the loop vectorises fully */
    long end = i + 1024 < n ? i + 1024 : n;
    float sum = 0;
    for (long j = i; j < end; j++) sum += x[j] * x[j];
    total += (double)sum;
  }
  return total;
}

KERNEL void mdm_adamw(const mdm_adamw_step *s, float *restrict w, const float *restrict g, float *restrict m,
                      float *restrict v, long n) {
  float b1 = s->beta1, b2 = s->beta2, keep = 1.0f - s->rate * s->decay, scale = s->gradient_scale;
  float rate = s->rate / s->correction1, root = 1.0f / sqrtf(s->correction2), eps = s->epsilon;
  for (long j = 0; j < n; j++) {
    float d = g[j] * scale;
    float a = b1 * m[j] + (1.0f - b1) * d, b = b2 * v[j] + (1.0f - b2) * d * d;
    m[j] = a;
    v[j] = b;
    w[j] = w[j] * keep - rate * a / (sqrtf(b) * root + eps);
  }
}
