// libdeflate, libzstd and snappy behind one function that never writes more than it is given.
#include "CCompression.h"

#include <libdeflate.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <zstd.h>

ptrdiff_t mdm_decompress(
    mdm_compression kind, const uint8_t *input, size_t length, uint8_t *output, size_t capacity) {
  size_t count = 0;
  switch (kind) {
    case mdm_deflate_raw:
    case mdm_deflate_gzip: {
      struct libdeflate_decompressor *machine = libdeflate_alloc_decompressor();
      if (machine == NULL) return -1;
      enum libdeflate_result result = LIBDEFLATE_SUCCESS;
      if (kind == mdm_deflate_raw) {
        result = libdeflate_deflate_decompress(machine, input, length, output, capacity, &count);
      } else {
        // A gzip file may be several, one behind the other.
        size_t used = 0, written = 0;
        while (result == LIBDEFLATE_SUCCESS && length > 0) {
          result = libdeflate_gzip_decompress_ex(
              machine, input, length, output + count, capacity - count, &used, &written);
          if (result != LIBDEFLATE_SUCCESS) break;
          input += used, length -= used, count += written;
        }
      }
      libdeflate_free_decompressor(machine);
      return result == LIBDEFLATE_SUCCESS ? (ptrdiff_t)count : -1;
    }
    case mdm_snappy:
      if (snappy_uncompressed_length((const char *)input, length, &count) != SNAPPY_OK) return -1;
      if (count > capacity) return -1;
      if (snappy_uncompress((const char *)input, length, (char *)output, &count) != SNAPPY_OK) return -1;
      return (ptrdiff_t)count;
    case mdm_zstd:
      count = ZSTD_decompress(output, capacity, input, length);
      return ZSTD_isError(count) ? -1 : (ptrdiff_t)count;
  }
  return -1;
}

size_t mdm_snappy_bound(size_t length) { return snappy_max_compressed_length(length); }

size_t mdm_compress_snappy(const uint8_t *input, size_t length, uint8_t *output) {
  size_t count = snappy_max_compressed_length(length);
  snappy_compress((const char *)input, length, (char *)output, &count);
  return count;
}

uint8_t *mdm_compress_zlib(const uint8_t *input, size_t length, int level, size_t *written) {
  struct libdeflate_compressor *machine = libdeflate_alloc_compressor(level);
  if (machine == NULL) return NULL;
  size_t capacity = libdeflate_zlib_compress_bound(machine, length);
  uint8_t *output = malloc(capacity);
  *written = output == NULL ? 0 : libdeflate_zlib_compress(machine, input, length, output, capacity);
  libdeflate_free_compressor(machine);
  return output;
}

uint32_t mdm_crc32(const uint8_t *bytes, size_t length) { return libdeflate_crc32(0, bytes, length); }
