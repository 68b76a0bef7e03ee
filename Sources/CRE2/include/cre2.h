// RE2 behind a plain C header: no C++ exception leaves this module, and memory is bounded.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One compiled pattern. Threads may match with it at the same time.
typedef struct cre2_pattern cre2_pattern;

enum {
  CRE2_IGNORE_CASE = 1,
  /// `^` and `$` match at line ends too.
  CRE2_MULTI_LINE = 2,
  /// `.` matches line ends too.
  CRE2_DOT_ALL = 4
};

/// Why a pattern was refused: RE2's error code (1 for trouble without one) and the fragment of the
/// pattern that it is about, cut to the room there is.
typedef struct {
  int code;
  char fragment[256];
  size_t fragment_length;
} cre2_error;

/// Compiles UTF-8 bytes. Returns NULL and fills `*error` on failure; `*error` may not be NULL.
cre2_pattern *cre2_compile(const char *pattern, size_t length, int flags, cre2_error *error);

void cre2_free(cre2_pattern *pattern);

/// The number of groups, without the whole match.
int cre2_group_count(const cre2_pattern *pattern);

/// The name of a group from 1 on, or NULL. It lives as long as the pattern.
const char *cre2_group_name(const cre2_pattern *pattern, int group);

/// Searches from an offset on; what stands before it counts as context. With `whole` the match
/// has to span the text from the offset to its end. Fills `spans` with start and end of the match
/// and of its first `count - 1` groups, -1 for groups that took no part.
/// Returns 1 for a match, 0 for none, -1 where memory ran out.
int cre2_match(
    const cre2_pattern *pattern, const char *text, size_t length, size_t start, int whole,
    ptrdiff_t *spans, int count);

#ifdef __cplusplus
}
#endif
