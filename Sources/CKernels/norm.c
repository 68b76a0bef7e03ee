#include "kernels.h"

KERNEL void mdm_rms_norm(const float *x, const float *w, float *y, float *scale, long rows, long n, float eps) {
  for (long i = 0; i < rows; i++, x += n, y += n) {
    float sum = 0;
    for (long j = 0; j < n; j++) sum += x[j] * x[j];
    float s = 1.0f / sqrtf(sum / (float)n + eps);
    scale[i] = s;
    for (long j = 0; j < n; j++) y[j] = x[j] * s * w[j];
  }
}

KERNEL void mdm_rms_norm_backward(const float *dy, const float *x, const float *w, const float *scale,
                                  float *restrict dx, float *restrict dw, long rows, long n) {
  for (long i = 0; i < rows; i++, x += n, dx += n, dy += n) {
    float s = scale[i], sum = 0;
    for (long j = 0; j < n; j++) {
      float g = dy[j] * x[j];
      sum += g * w[j];
      dw[j] += g * s;
    }
    float c = sum * s * s * s / (float)n;
    for (long j = 0; j < n; j++) dx[j] += dy[j] * w[j] * s - x[j] * c;
  }
}

KERNEL void mdm_layer_norm(const float *x, const float *w, const float *b, float *y, float *mean, float *scale,
                           long rows, long n, float eps) {
  for (long i = 0; i < rows; i++, x += n, y += n) {
    float sum = 0, squares = 0;
    for (long j = 0; j < n; j++) sum += x[j];
    float m = sum / (float)n;
    for (long j = 0; j < n; j++) squares += (x[j] - m) * (x[j] - m);
    float s = 1.0f / sqrtf(squares / (float)n + eps);
    mean[i] = m;
    scale[i] = s;
    for (long j = 0; j < n; j++) y[j] = (x[j] - m) * s * w[j] + b[j];
  }
}

KERNEL void mdm_layer_norm_backward(const float *dy, const float *x, const float *w, const float *mean,
                                    const float *scale, float *restrict dx, float *restrict dw, float *restrict db,
                                    long rows, long n) {
  for (long i = 0; i < rows; i++, x += n, dx += n, dy += n) {
    float s = scale[i], m = mean[i], sum = 0, product = 0;
    for (long j = 0; j < n; j++) {
      float z = (x[j] - m) * s, g = dy[j] * w[j];
      sum += g;
      product += g * z;
      dw[j] += dy[j] * z;
      db[j] += dy[j];
    }
    sum /= (float)n;
    product /= (float)n;
    for (long j = 0; j < n; j++) dx[j] += s * (dy[j] * w[j] - sum - (x[j] - m) * s * product);
  }
}
