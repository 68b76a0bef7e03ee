#include "kernels.h"

KERNEL void mdm_swiglu(const float *gate_up, float *restrict y, long rows, long n) {
  for (long i = 0; i < rows; i++, gate_up += 2 * n, y += n)
    for (long j = 0; j < n; j++) y[j] = gate_up[j] * mdm_sigmoid(gate_up[j]) * gate_up[n + j];
}

KERNEL void mdm_swiglu_backward(const float *dy, const float *gate_up, float *restrict dgate_up, long rows, long n) {
  for (long i = 0; i < rows; i++, gate_up += 2 * n, dgate_up += 2 * n, dy += n)
    for (long j = 0; j < n; j++) {
      float g = gate_up[j], s = mdm_sigmoid(g);
      dgate_up[j] = dy[j] * gate_up[n + j] * s * (1.0f + g * (1.0f - s));
      dgate_up[n + j] = dy[j] * g * s;
    }
}

/* The normal distribution function; erf by Abramowitz and Stegun 7.1.26, absolute error 1.5e-7. */
INLINE float normal(float x) {
  float z = fabsf(x) * 0.707106781f, t = 1.0f / (1.0f + 0.3275911f * z);
  float p = 1.061405429f;
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  float tail = 0.5f * p * t * mdm_exp(-z * z);
  return x < 0 ? tail : 1.0f - tail;
}

KERNEL void mdm_gelu(const float *x, float *restrict y, long n, int exact) {
  if (exact)
    for (long j = 0; j < n; j++) y[j] = x[j] * normal(x[j]);
  else
    for (long j = 0; j < n; j++) y[j] = x[j] * mdm_sigmoid(1.702f * x[j]);
}

KERNEL void mdm_gelu_backward(const float *dy, const float *x, float *restrict dx, long n, int exact) {
  if (exact)
    for (long j = 0; j < n; j++)
      dx[j] = dy[j] * (normal(x[j]) + x[j] * 0.398942280f * mdm_exp(-0.5f * x[j] * x[j]));
  else
    for (long j = 0; j < n; j++) {
      float s = mdm_sigmoid(1.702f * x[j]);
      dx[j] = dy[j] * s * (1.0f + 1.702f * x[j] * (1.0f - s));
    }
}
