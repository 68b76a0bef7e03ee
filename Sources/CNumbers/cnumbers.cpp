#include "cnumbers.h"

#include <charconv>

// std::from_chars of libstdc++ is Lemire's fast_float: several times faster than strtod, and it
// does not look at the locale.
int c_parse_double(const uint8_t *first, const uint8_t *last, double *value) {
  const char *end = reinterpret_cast<const char *>(last);
  const auto result = std::from_chars(reinterpret_cast<const char *>(first), end, *value);
  return result.ec == std::errc() && result.ptr == end;
}
