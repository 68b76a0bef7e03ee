#ifndef C_WEBP_H
#define C_WEBP_H

#include <stddef.h>
#include <stdint.h>

/// Reads the size of a still WebP file; returns 0 or -1.
int mdm_webp_size(const uint8_t *bytes, size_t length, int *width, int *height);

/// Decodes a still WebP file to `width * height` RGB triples, transparent pixels laid over white.
int mdm_webp_decode(const uint8_t *bytes, size_t length, int width, int height, uint8_t *pixels);

#endif
