#include "COpenBLAS.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static __typeof__(&cblas_sgemm) sgemm;
static __typeof__(&openblas_get_corename) corename;

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

const char *mdm_blas_load(int keeps_core) {
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
  return sgemm ? NULL : "the libopenblas.so.0 that was found has no cblas_sgemm: install Debian's libopenblas0";
}

const char *mdm_blas_core(void) { return corename ? corename() : "unknown"; }

void mdm_sgemm(int transposes_a, int transposes_b, int m, int n, int k, float alpha, const float *a, int lda,
               const float *b, int ldb, float beta, float *c, int ldc) {
  sgemm(CblasRowMajor, transposes_a ? CblasTrans : CblasNoTrans, transposes_b ? CblasTrans : CblasNoTrans, m, n, k, alpha,
        a, lda, b, ldb, beta, c, ldc);
}
