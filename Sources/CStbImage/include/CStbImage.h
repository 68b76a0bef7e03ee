#ifndef C_STB_IMAGE_H
#define C_STB_IMAGE_H

#include <stddef.h>
#include <stdint.h>

/// Reads the size of a PNG or GIF file.
///
/// Returns 0, or -1 and sets `reason` to a static text.
int mdm_stb_size(
    const uint8_t *bytes, size_t length, int *width, int *height, const char **reason);

/// Decodes a PNG file, or the first picture of a GIF file, to `width * height` RGB triples,
/// transparent pixels laid over white.
///
/// Returns 0, or -1 and sets `reason`. A file that unpacks to more than its size needs is refused.
int mdm_stb_decode(
    const uint8_t *bytes, size_t length, int width, int height, uint8_t *pixels,
    const char **reason);

/// Encodes RGB bytes as a PNG file.
///
/// Returns 0 and sets `png` (free with `mdm_stb_free`) and `png_length`, or returns -1.
int mdm_stb_encode_png(
    const uint8_t *pixels, size_t pixel_bytes, int width, int height, uint8_t **png,
    size_t *png_length);

/// Frees what `mdm_stb_encode_png` gave.
void mdm_stb_free(void *memory);

#endif
