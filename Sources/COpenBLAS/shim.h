#pragma once
#include <cblas.h>

/* Exported by builds with DYNAMIC_ARCH, but not declared in cblas.h: they forget and repeat the choice of kernels. */
void gotoblas_dynamic_quit(void);
void gotoblas_dynamic_init(void);
