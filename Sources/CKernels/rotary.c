#include "kernels.h"

INLINE void rotate(const float *restrict x, float *restrict y, const float *c, const float *s, long half, float sign) {
  for (long j = 0; j < half; j++) {
    float a = x[j], b = x[j + half], t = sign * s[j];
    y[j] = a * c[j] - b * t;
    y[j + half] = b * c[j] + a * t;
  }
}

KERNEL void mdm_rotate_split(const mdm_rotary *p, const float *qkv, float *q, float *k, float *v) {
  long d = p->d, half = d / 2, group = p->heads / p->kv_heads, width = (p->heads + 2 * p->kv_heads) * d;
  for (long i = 0; i < p->rows; i++) {
    const float *x = qkv + i * width, *c = p->cosine + i * half, *s = p->sine + i * half;
    if (i >= p->first)
      for (long h = 0; h < p->heads; h++)
        rotate(x + h * d, q + (((h / group) * p->q_places + p->q_place[i]) * group + h % group) * d, c, s, half, 1);
    for (long h = 0; h < p->kv_heads; h++) {
      long to = (h * p->kv_places + p->kv_place[i]) * d;
      rotate(x + (p->heads + h) * d, k + to, c, s, half, 1);
      memcpy(v + to, x + (p->heads + p->kv_heads + h) * d, sizeof(float) * (unsigned long)d);
    }
  }
}

KERNEL void mdm_rotate_split_backward(const mdm_rotary *p, const float *dq, const float *dk, const float *dv,
                                      float *dqkv) {
  long d = p->d, half = d / 2, group = p->heads / p->kv_heads, width = (p->heads + 2 * p->kv_heads) * d;
  for (long i = 0; i < p->rows; i++) {
    float *x = dqkv + i * width;
    const float *c = p->cosine + i * half, *s = p->sine + i * half;
    if (i >= p->first)
      for (long h = 0; h < p->heads; h++)
        rotate(dq + (((h / group) * p->q_places + p->q_place[i]) * group + h % group) * d, x + h * d, c, s, half, -1);
    for (long h = 0; h < p->kv_heads; h++) {
      long from = (h * p->kv_places + p->kv_place[i]) * d;
      rotate(dk + from, x + (p->heads + h) * d, c, s, half, -1);
      memcpy(x + (p->heads + p->kv_heads + h) * d, dv + from, sizeof(float) * (unsigned long)d);
    }
  }
}

void mdm_heads_to_rows(const mdm_rotary *p, const float *packed, float *rows) {
  long d = p->d, group = p->heads / p->kv_heads, part = group * d;
  for (long i = p->first; i < p->rows; i++)
    for (long h = 0; h < p->kv_heads; h++, rows += part)
      memcpy(rows, packed + (h * p->q_places + p->q_place[i]) * part, sizeof(float) * (unsigned long)part);
}

void mdm_rows_to_heads(const mdm_rotary *p, const float *rows, float *packed) {
  long d = p->d, group = p->heads / p->kv_heads, part = group * d;
  for (long i = p->first; i < p->rows; i++)
    for (long h = 0; h < p->kv_heads; h++, rows += part)
      memcpy(packed + (h * p->q_places + p->q_place[i]) * part, rows, sizeof(float) * (unsigned long)part);
}
