#ifndef CNUMBERS_H
#define CNUMBERS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Reads a decimal number, exactly rounded and whatever the locale; inf and nan too.
/// Gives 1 where all bytes belong to it, else 0.
int c_parse_double(const uint8_t *first, const uint8_t *last, double *value);

#ifdef __cplusplus
}
#endif

#endif
