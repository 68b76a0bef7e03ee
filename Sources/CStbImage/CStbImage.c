// stb_image and stb_image_write behind functions that check every size; libdeflate packs and unpacks PNG.
#include "CStbImage.h"

#include <CCompression.h>
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
#define STBI_ONLY_GIF
#define STBI_NO_ZLIB // stbi_zlib_decode_malloc_guesssize_headerflag is below.
#define STBI_MAX_DIMENSIONS (1 << 20) // The number of pixels is what is limited.
#include <stb/stb_image.h>

static unsigned char *compress_png(unsigned char *data, int length, int *written, int quality) {
  (void)quality;
  size_t count = 0;
  unsigned char *output = mdm_compress_zlib(data, (size_t)length, 6, &count);
  *written = (int)count;
  return output;
}

#define STBIW_ZLIB_COMPRESS compress_png
#define STBIW_CRC32(bytes, length) mdm_crc32(bytes, (size_t)(length))
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

#pragma GCC diagnostic pop

// Trying all five filters on every row takes two thirds of a picture's time and saves nothing on drawn ones.
__attribute__((constructor)) static void choose_filter(void) { stbi_write_force_png_filter = 1; }

// stb gives the number of bytes that the rows of a PNG have. The seven passes of an interlaced
// picture begin at most 15/8 as many rows, and no file needs more than that.
static char *stbi_zlib_decode_malloc_guesssize_headerflag(
    const char *buffer, int length, int size, int *written, int has_header) {
  int start = has_header ? 2 : 0;
  if (size <= 0 || length <= start || size > (INT_MAX - 4096) / 2) return NULL;
  size_t capacity = 2 * (size_t)size + 4096;
  char *output = malloc(capacity);
  if (output == NULL) return NULL;
  ptrdiff_t count = mdm_decompress(
      mdm_deflate_raw, (const uint8_t *)buffer + start, (size_t)(length - start), (uint8_t *)output,
      capacity);
  if (count < 0) {
    free(output);
    stbi__err("wrong compressed data", "");
    return NULL;
  }
  *written = (int)count;
  return output;
}

static int refuse(const char **reason, const char *text) {
  if (reason != NULL) *reason = text == NULL ? "wrong data" : text;
  return -1;
}

int mdm_stb_size(
    const uint8_t *bytes, size_t length, int *width, int *height, const char **reason) {
  int channels = 0;
  if (bytes == NULL || length == 0) return refuse(reason, "no data");
  if (length > INT_MAX) return refuse(reason, "the file is too large");
  if (!stbi_info_from_memory(bytes, (int)length, width, height, &channels))
    return refuse(reason, stbi_failure_reason());
  if (*width <= 0 || *height <= 0) return refuse(reason, "the image has no pixels");
  return 0;
}

static uint8_t over_white(unsigned value, unsigned alpha) {
  return (uint8_t)((value * alpha + 255u * (255u - alpha) + 127u) / 255u);
}

int mdm_stb_decode(
    const uint8_t *bytes, size_t length, int width, int height, uint8_t *pixels,
    const char **reason) {
  int w = 0, h = 0, channels = 0;
  if (mdm_stb_size(bytes, length, &w, &h, reason) != 0) return -1;
  if (w != width || h != height) return refuse(reason, "the size changes");
  uint8_t *loaded = stbi_load_from_memory(bytes, (int)length, &w, &h, &channels, 0);
  if (loaded == NULL) return refuse(reason, stbi_failure_reason());
  if (w != width || h != height) {
    stbi_image_free(loaded);
    return refuse(reason, "the size changes");
  }
  // GIF pictures always have four channels.
  if (bytes[0] == 'G') channels = 4;
  size_t count = (size_t)w * (size_t)h;
  const uint8_t *from = loaded;
  if (channels == 3) {
    memcpy(pixels, loaded, count * 3);
  } else {
    int has_alpha = channels == 2 || channels == 4, is_gray = channels < 3;
    for (size_t i = 0; i < count; i++, from += channels, pixels += 3) {
      unsigned alpha = has_alpha ? from[channels - 1] : 255;
      uint8_t red = from[0], green = is_gray ? red : from[1], blue = is_gray ? red : from[2];
      pixels[0] = alpha == 255 ? red : over_white(red, alpha);
      pixels[1] = alpha == 255 ? green : over_white(green, alpha);
      pixels[2] = alpha == 255 ? blue : over_white(blue, alpha);
    }
  }
  stbi_image_free(loaded);
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
