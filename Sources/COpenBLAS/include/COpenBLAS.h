#pragma once

/* OpenBLAS, loaded at the first product.
 *
 * Linked in the usual way it would start its own threads before main, which then spin for a tenth of a second in every
 * process, also in those that never multiply. */

/* Loads the library: one thread, since the callers share the work out themselves. Where keeps_core is 0, an exported
 * OPENBLAS_CORETYPE is forgotten. Returns 0, or a static text that says why there is no library. Call it once. */
const char *mdm_blas_load(int keeps_core);

/* The name of the processor whose kernels are used. */
const char *mdm_blas_core(void);

/* C (m x n) = alpha op(A) op(B) + beta C for row-major matrices of floats; ld is the distance of rows. */
void mdm_sgemm(int transposes_a, int transposes_b, int m, int n, int k, float alpha, const float *a, int lda,
               const float *b, int ldb, float beta, float *c, int ldc);
