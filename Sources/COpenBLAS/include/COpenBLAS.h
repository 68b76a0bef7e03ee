#pragma once

/* OpenBLAS, loaded at the first product.
 *
 * Linked in the usual way it would start its own threads before main, which then spin for a tenth of a second in every
 * process, also in those that never multiply. */

/* Loads the library: one thread, since the callers share the work out themselves. Where keeps_core is 0, an exported
 * OPENBLAS_CORETYPE is forgotten. Returns 0, or a static text that says why there is no library. Further calls give the first answer. */
const char *mdm_blas_load(int keeps_core);

/* The name of the processor whose kernels are used. */
const char *mdm_blas_core(void);

/* C (m x n) = alpha op(A) op(B) + beta C for row-major matrices of floats; ld is the distance of rows. */
void mdm_sgemm(int transposes_a, int transposes_b, int m, int n, int k, float alpha, const float *a, int lda,
               const float *b, int ldb, float beta, float *c, int ldc);

/* Whether the library has what follows. */
int mdm_has_lapack(void);

/* C (m x n) = op(A) op(B) for row-major matrices of doubles. */
void mdm_dgemm(int transposes_a, int transposes_b, int m, int n, int k, const double *a, int lda, const double *b, int ldb,
               double *c, int ldc);

/* The lower triangle of a symmetric row-major n x n matrix becomes its Cholesky factor L; the rest stays. Not 0 where
 * the matrix is not positive definite. */
int mdm_dpotrf(int n, double *a);

/* The lower triangle of L becomes that of the inverse of L L'. */
int mdm_dpotri(int n, double *a);
