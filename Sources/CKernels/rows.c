#include "kernels.h"

KERNEL void mdm_fill_rows(float *y, const float *bias, long rows, long n, long ld) {
  for (long i = 0; i < rows; i++, y += ld) memcpy(y, bias, sizeof(float) * (unsigned long)n);
}

KERNEL void mdm_add_bias(const float *x, const float *bias, float *restrict y, long rows, long n) {
  for (long i = 0; i < rows; i++, x += n, y += n)
    for (long j = 0; j < n; j++) y[j] = x[j] + bias[j];
}

KERNEL void mdm_column_sums(const float *dy, float *restrict db, long rows, long n, long ld) {
  for (long i = 0; i < rows; i++, dy += ld)
    for (long j = 0; j < n; j++) db[j] += dy[j];
}

KERNEL void mdm_add(float *restrict y, const float *restrict x, long n) {
  for (long j = 0; j < n; j++) y[j] += x[j];
}

void mdm_gather_rows(const float *table, const int *index, float *y, long rows, long n) {
  for (long i = 0; i < rows; i++, y += n) memcpy(y, table + index[i] * n, sizeof(float) * (unsigned long)n);
}

KERNEL void mdm_scatter_add_rows(float *restrict table, const int *index, const float *restrict dy, long rows, long n) {
  for (long i = 0; i < rows; i++, dy += n) {
    float *to = table + index[i] * n;
    for (long j = 0; j < n; j++) to[j] += dy[j];
  }
}
