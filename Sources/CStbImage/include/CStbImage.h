#ifndef C_STB_IMAGE_H
#define C_STB_IMAGE_H

#include <stddef.h>
#include <stdint.h>

/// Decodes a PNG or JPEG file to RGB bytes, transparent pixels laid over white.
///
/// Returns 0 and sets `pixels` (free with `mdm_stb_free`), `width` and `height`; or returns -1 and
/// sets `reason` to a static text. Images of more than `max_pixels` pixels are refused before
/// their pixels are decoded.
int mdm_stb_decode(
    const uint8_t *bytes, size_t length, size_t max_pixels, uint8_t **pixels, int *width,
    int *height, const char **reason);

/// Encodes RGB bytes as a PNG file.
///
/// Returns 0 and sets `png` (free with `mdm_stb_free`) and `png_length`, or returns -1.
int mdm_stb_encode_png(
    const uint8_t *pixels, size_t pixel_bytes, int width, int height, uint8_t **png,
    size_t *png_length);

/// Frees what the two functions above returned.
void mdm_stb_free(void *memory);

#endif
