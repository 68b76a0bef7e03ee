#ifndef C_COMPRESSION_H
#define C_COMPRESSION_H

#include <stddef.h>
#include <stdint.h>

/// How a block of bytes is compressed.
typedef enum {
  mdm_deflate_raw,
  mdm_deflate_gzip,
  mdm_snappy,
  mdm_zstd,
} mdm_compression;

/// Writes what a compressed block holds to `output` and returns its length.
///
/// Returns -1 where the block is damaged or holds more than `capacity` bytes: nothing is written
/// behind the buffer, and no memory is taken that the block's own header asks for.
ptrdiff_t mdm_decompress(
    mdm_compression kind, const uint8_t *input, size_t length, uint8_t *output, size_t capacity);

/// The most bytes that `mdm_compress_snappy` writes for as many.
size_t mdm_snappy_bound(size_t length);

/// Compresses a block with snappy; `output` has room for `mdm_snappy_bound(length)` bytes.
size_t mdm_compress_snappy(const uint8_t *input, size_t length, uint8_t *output);

/// Compresses to the zlib form of PNG (RFC 1950), from level 1 (fast) to 12 (small).
///
/// Returns memory for `free` and its used length, or NULL where there is none.
uint8_t *mdm_compress_zlib(const uint8_t *input, size_t length, int level, size_t *written);

/// The checksum of PNG chunks and gzip files (ISO 3309).
uint32_t mdm_crc32(const uint8_t *bytes, size_t length);

#endif
