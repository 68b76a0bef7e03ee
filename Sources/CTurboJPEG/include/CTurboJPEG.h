#ifndef C_TURBO_JPEG_H
#define C_TURBO_JPEG_H

#include <stddef.h>
#include <stdint.h>

/// Reads the size of a JPEG file; returns 0, or -1 with a text in `reason` of 200 characters.
int mdm_jpeg_size(const uint8_t *bytes, size_t length, int *width, int *height, char *reason);

/// Decodes a JPEG file, baseline or progressive, to `width * height` RGB triples.
///
/// Four channels are read as Adobe writes them, inverted, and become RGB as Pillow makes them.
/// Returns 0, -1 where the file is damaged, -2 where it ends too early, with `reason` set.
int mdm_jpeg_decode(
    const uint8_t *bytes, size_t length, int width, int height, uint8_t *pixels, char *reason);

#endif
