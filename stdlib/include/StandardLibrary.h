#pragma once
#include <stddef.h>

/// One file of stdlib/, embedded in the executable.
struct standard_library_file {
  /// The path below stdlib/, such as "recipes/warmup.mdm".
  const char *path;
  const unsigned char *bytes;
  size_t size;
};

/// All embedded files, sorted by path; `count` receives how many there are.
const struct standard_library_file *standard_library_files(size_t *count);
