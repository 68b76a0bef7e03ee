// libjpeg-turbo's plain interface behind two functions that check every size.
#include "CTurboJPEG.h"

#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

static int refuse(char *reason, const char *text, int status) {
  strncpy(reason, text, 199);
  reason[199] = 0;
  return status;
}

int mdm_jpeg_size(const uint8_t *bytes, size_t length, int *width, int *height, char *reason) {
  tjhandle machine = tjInitDecompress();
  if (machine == NULL) return refuse(reason, "not enough memory", -1);
  int sampling = 0, space = 0;
  int status = tjDecompressHeader3(machine, bytes, length, width, height, &sampling, &space);
  if (status != 0) status = refuse(reason, tjGetErrorStr2(machine), -1);
  tjDestroy(machine);
  return status;
}

static uint8_t scaled(unsigned a, unsigned b) {
  unsigned product = a * b + 128;
  return (uint8_t)(((product >> 8) + product) >> 8);
}

int mdm_jpeg_decode(
    const uint8_t *bytes, size_t length, int width, int height, uint8_t *pixels, char *reason) {
  tjhandle machine = tjInitDecompress();
  if (machine == NULL) return refuse(reason, "not enough memory", -1);
  int w = 0, h = 0, sampling = 0, space = 0;
  int status = tjDecompressHeader3(machine, bytes, length, &w, &h, &sampling, &space);
  if (status != 0 || w != width || h != height) {
    status = refuse(reason, tjGetErrorStr2(machine), -1);
    tjDestroy(machine);
    return status;
  }
  int inks = space == TJCS_CMYK || space == TJCS_YCCK;
  size_t count = (size_t)w * (size_t)h;
  uint8_t *four = NULL;
  if (inks && (four = malloc(count * 4)) == NULL) {
    tjDestroy(machine);
    return refuse(reason, "not enough memory", -1);
  }
  // A progressive file of thousands of scans would take minutes: 500 is the library's own limit.
  if (tjDecompress2(
          machine, bytes, length, inks ? four : pixels, w, 0, h, inks ? TJPF_CMYK : TJPF_RGB,
          TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT) != 0) {
    const char *text = tjGetErrorStr2(machine);
    // Warnings are for what cameras write and everybody shows; a file that ends is not.
    int ends = strstr(text, "Premature end of JPEG file") != NULL;
    if (ends || tjGetErrorCode(machine) == TJERR_FATAL) status = refuse(reason, text, ends ? -2 : -1);
  }
  tjDestroy(machine);
  if (status == 0 && inks) {
    for (size_t i = 0; i < count; i++) {
      unsigned key = four[4 * i + 3];
      for (size_t c = 0; c < 3; c++)
        pixels[3 * i + c] = (uint8_t)(key - scaled(255u - four[4 * i + c], key));
    }
  }
  free(four);
  return status;
}
