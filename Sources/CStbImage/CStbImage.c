// stb_image and stb_image_write behind two functions that check every size.
#include "CStbImage.h"

#include <limits.h>
#include <stdlib.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_MAX_DIMENSIONS (1 << 20) // The number of pixels is what is limited.
#include <stb/stb_image.h>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

#pragma GCC diagnostic pop

static int refuse(const char **reason, const char *text) {
  if (reason != NULL) *reason = text;
  return -1;
}

// Whether a JPEG file has a Huffman table of more codes than stb_image has room for.
//
// This stb_image does not check it and writes past its tables. Tables stand in DHT segments
// (FF C4): a length, then for each table a class, 16 counts and as many symbols. Before the first
// scan APPn and comment segments are skipped as stb_image skips them, since a profile may hold
// FF C4 by chance; behind it every FF C4 is looked at, since scan data cannot hold one.
static int has_large_huffman_table(const uint8_t *bytes, size_t length) {
  int scanning = 0;
  size_t at = 2;
  while (at + 4 <= length) {
    if (bytes[at] != 0xFF || bytes[at + 1] == 0xFF || bytes[at + 1] == 0) {
      at++;
      continue;
    }
    uint8_t marker = bytes[at + 1];
    size_t size = (size_t)bytes[at + 2] << 8 | bytes[at + 3];
    if (marker == 0xDA) scanning = 1;
    if (marker == 0xC4) {
      size_t table = at + 4, end = at + 2 + size;
      while (table < end && table < length) {
        size_t codes = 0;
        for (size_t i = 1; i <= 16 && table + i < length; i++) codes += bytes[table + i];
        if (codes > 256) return 1;
        table += 17 + codes;
      }
    }
    int skipped = !scanning && ((marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE);
    at += skipped && size >= 2 ? 2 + size : 2;
  }
  return 0;
}

int mdm_stb_decode(
    const uint8_t *bytes, size_t length, size_t max_pixels, uint8_t **pixels, int *width,
    int *height, const char **reason) {
  if (bytes == NULL || pixels == NULL || width == NULL || height == NULL)
    return refuse(reason, "no data");
  *pixels = NULL;
  if (length == 0) return refuse(reason, "no data");
  if (length > INT_MAX) return refuse(reason, "the file is too large");
  if (length > 2 && bytes[0] == 0xFF && has_large_huffman_table(bytes, length))
    return refuse(reason, "a Huffman table is too large");
  int w = 0, h = 0, channels = 0;
  if (!stbi_info_from_memory(bytes, (int)length, &w, &h, &channels))
    return refuse(reason, stbi_failure_reason());
  if (w <= 0 || h <= 0) return refuse(reason, "the image has no pixels");
  if ((size_t)w > max_pixels / (size_t)h) return refuse(reason, "the image has too many pixels");
  uint8_t *rgba = stbi_load_from_memory(bytes, (int)length, &w, &h, &channels, 4);
  if (rgba == NULL) return refuse(reason, stbi_failure_reason());
  size_t count = (size_t)w * (size_t)h;
  uint8_t *rgb = w > 0 && h > 0 && count <= max_pixels ? malloc(count * 3) : NULL;
  if (rgb == NULL) {
    stbi_image_free(rgba);
    return refuse(reason, "not enough memory");
  }
  for (size_t i = 0; i < count; i++) {
    unsigned alpha = rgba[4 * i + 3];
    for (size_t c = 0; c < 3; c++)
      rgb[3 * i + c] = (uint8_t)((rgba[4 * i + c] * alpha + 255u * (255u - alpha) + 127u) / 255u);
  }
  stbi_image_free(rgba);
  *pixels = rgb;
  *width = w;
  *height = h;
  return 0;
}

int mdm_stb_encode_png(
    const uint8_t *pixels, size_t pixel_bytes, int width, int height, uint8_t **png,
    size_t *png_length) {
  if (pixels == NULL || png == NULL || png_length == NULL || width <= 0 || height <= 0) return -1;
  // stb counts bytes in `int`, filter byte and zlib overhead included.
  if ((size_t)width > (INT_MAX / 4) / (size_t)height) return -1;
  if (pixel_bytes != (size_t)width * (size_t)height * 3) return -1;
  int length = 0;
  uint8_t *encoded = stbi_write_png_to_mem(pixels, width * 3, width, height, 3, &length);
  if (encoded == NULL || length <= 0) return -1;
  *png = encoded;
  *png_length = (size_t)length;
  return 0;
}

void mdm_stb_free(void *memory) { free(memory); }
