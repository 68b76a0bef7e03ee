#include "kernels.h"

KERNEL void mdm_log_sum_exp(const float *logits, float *lse, long rows, long n) {
  for (long i = 0; i < rows; i++, logits += n) {
    float max = logits[0], sum = 0;
    for (long j = 1; j < n; j++) max = logits[j] > max ? logits[j] : max;
    for (long j = 0; j < n; j++) sum += mdm_exp(logits[j] - max);
    lse[i] = max + logf(sum);
  }
}

KERNEL void mdm_entropy(const float *logits, const float *lse, float *entropy, long rows, long n) {
  for (long i = 0; i < rows; i++, logits += n) {
    float l = lse[i], sum = 0;
    for (long j = 0; j < n; j++) {
      float d = logits[j] - l;
      sum -= d * mdm_exp(d);
    }
    entropy[i] = sum;
  }
}

KERNEL void mdm_scaled_softmax(float *logits, const float *lse, const float *factor, long rows, long n) {
  for (long i = 0; i < rows; i++, logits += n) {
    float f = factor[i], l = lse[i];
    for (long j = 0; j < n; j++) logits[j] = f * mdm_exp(logits[j] - l);
  }
}

KERNEL long mdm_sample(const float *logits, float *weights, long n, float temperature, double uniform,
                       const int *banned, long banned_count) {
  memcpy(weights, logits, sizeof(float) * (unsigned long)n);
  for (long j = 0; j < banned_count; j++) weights[banned[j]] = -3e38f;
  long best = 0;
  for (long j = 1; j < n; j++)
    if (weights[j] > weights[best]) best = j;
  if (temperature <= 0) return best;
  float max = weights[best], f = 1.0f / temperature, sum = 0;
  for (long j = 0; j < n; j++) {
    float e = weights[j] <= -3e38f ? 0.0f : mdm_exp((weights[j] - max) * f);
    weights[j] = e;
    sum += e;
  }
  double left = uniform * (double)sum;
  for (long j = 0; j < n; j++) {
    left -= (double)weights[j];
    if (left < 0 && weights[j] > 0) return j;
  }
  return best; /* rounding left a remainder */
}
