// libwebp's simple decoder behind two functions.
#include "CWebP.h"

#include <webp/decode.h>

int mdm_webp_size(const uint8_t *bytes, size_t length, int *width, int *height) {
  return WebPGetInfo(bytes, length, width, height) ? 0 : -1;
}

int mdm_webp_decode(const uint8_t *bytes, size_t length, int width, int height, uint8_t *pixels) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes, length, &features) != VP8_STATUS_OK) return -1;
  if (features.width != width || features.height != height) return -1;
  size_t count = (size_t)width * (size_t)height;
  if (!features.has_alpha)
    return WebPDecodeRGBInto(bytes, length, pixels, count * 3, width * 3) == NULL ? -1 : 0;
  uint8_t *rgba = WebPDecodeRGBA(bytes, length, &width, &height);
  if (rgba == NULL) return -1;
  for (size_t i = 0; i < count; i++) {
    unsigned alpha = rgba[4 * i + 3];
    for (size_t c = 0; c < 3; c++)
      pixels[3 * i + c] = (uint8_t)((rgba[4 * i + c] * alpha + 255u * (255u - alpha) + 127u) / 255u);
  }
  WebPFree(rgba);
  return 0;
}
