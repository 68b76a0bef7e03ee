#pragma once
#include "CKernels.h"
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif
#define INLINE static inline __attribute__((always_inline))

/* A register of AVX-512, or as many narrower ones as it takes. */
typedef float v16 __attribute__((vector_size(64), aligned(4)));
#define PICK __builtin_shufflevector

/* exp by a power of two and a polynomial of degree 6 on |r| <= ln(2) / 2: relative error below 2e-7, and it vectorises. */
INLINE float mdm_exp(float x) {
  x = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
  int n = (int)(x * 1.44269504f + 256.5f) - 256;
  float r = x - (float)n * 0.693147181f;
  float p = 1.38888889e-3f;
  p = p * r + 8.33333333e-3f;
  p = p * r + 4.16666667e-2f;
  p = p * r + 1.66666667e-1f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int bits = (n + 127) << 23;
  float power;
  memcpy(&power, &bits, 4);
  return p * power;
}

INLINE float mdm_sigmoid(float x) { return 1.0f / (1.0f + mdm_exp(-x)); }
