#include "COpenBLAS.h"

#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static __typeof__(&cblas_sgemm) sgemm;
static __typeof__(&openblas_get_corename) corename;
static __typeof__(&cblas_dgemm) dgemm;
static void (*dpotrf)(const char *, const int *, double *, const int *, int *, size_t);
static void (*dpotri)(const char *, const int *, double *, const int *, int *, size_t);

/* The library reads its environment when it is loaded; the process and its children keep theirs. */
static void with_variable(const char *name, const char *value, char **kept) {
  const char *old = getenv(name);
  *kept = old ? strdup(old) : NULL;
  if (value) setenv(name, value, 1);
  else unsetenv(name);
}

static void restore(const char *name, char *kept) {
  if (kept) setenv(name, kept, 1);
  else unsetenv(name);
  free(kept);
}

static const char *load(int keeps_core) {
  static const char *const names[] = {"libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"};
  char *threads, *core = NULL, *cache = NULL;
  with_variable("OPENBLAS_NUM_THREADS", "1", &threads);
  if (!keeps_core) {
    with_variable("OPENBLAS_CORETYPE", NULL, &core);
    with_variable("OPENBLAS_L2_SIZE", NULL, &cache);
  }
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++) library = dlopen(names[i], RTLD_NOW);
  restore("OPENBLAS_NUM_THREADS", threads);
  if (!keeps_core) {
    restore("OPENBLAS_CORETYPE", core);
    restore("OPENBLAS_L2_SIZE", cache);
  }
  if (!library) return "OpenBLAS cannot be loaded: install Debian's libopenblas0 or another build of libopenblas.so.0";
  sgemm = (__typeof__(sgemm))dlsym(library, "cblas_sgemm");
  corename = (__typeof__(corename))dlsym(library, "openblas_get_corename");
  dgemm = (__typeof__(dgemm))dlsym(library, "cblas_dgemm");
  dpotrf = (__typeof__(dpotrf))dlsym(library, "dpotrf_");
  dpotri = (__typeof__(dpotri))dlsym(library, "dpotri_");
  return sgemm ? NULL : "the libopenblas.so.0 that was found has no cblas_sgemm: install Debian's libopenblas0";
}

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

const char *mdm_blas_load(int keeps_core) {
  static int loaded;
  static const char *failure;
  pthread_mutex_lock(&loading);
  if (!loaded) failure = load(keeps_core);
  loaded = 1;
  pthread_mutex_unlock(&loading);
  return failure;
}

const char *mdm_blas_core(void) { return corename ? corename() : "unknown"; }

void mdm_sgemm(int transposes_a, int transposes_b, int m, int n, int k, float alpha, const float *a, int lda,
               const float *b, int ldb, float beta, float *c, int ldc) {
  sgemm(CblasRowMajor, transposes_a ? CblasTrans : CblasNoTrans, transposes_b ? CblasTrans : CblasNoTrans, m, n, k, alpha,
        a, lda, b, ldb, beta, c, ldc);
}

int mdm_has_lapack(void) { return dgemm && dpotrf && dpotri; }

void mdm_dgemm(int transposes_a, int transposes_b, int m, int n, int k, const double *a, int lda, const double *b, int ldb,
               double *c, int ldc) {
  dgemm(CblasRowMajor, transposes_a ? CblasTrans : CblasNoTrans, transposes_b ? CblasTrans : CblasNoTrans, m, n, k, 1, a,
        lda, b, ldb, 0, c, ldc);
}

/* The upper triangle by columns is the lower one by rows. */
int mdm_dpotrf(int n, double *a) {
  int info;
  dpotrf("U", &n, a, &n, &info, 1);
  return info;
}

int mdm_dpotri(int n, double *a) {
  int info;
  dpotri("U", &n, a, &n, &info, 1);
  return info;
}
