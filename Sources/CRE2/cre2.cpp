#include "cre2.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <re2/re2.h>

struct cre2_pattern {
  std::unique_ptr<re2::RE2> regex;
  std::vector<std::string> names;
};

namespace {

// Program and caches of one pattern: enough for patterns that people write, too little for bombs.
constexpr int64_t kMemory = 4 << 20;

}  // namespace

cre2_pattern *cre2_compile(const char *pattern, size_t length, int flags, cre2_error *error) {
  error->code = 1;
  error->fragment_length = 0;
  try {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMemory);
    options.set_case_sensitive((flags & CRE2_IGNORE_CASE) == 0);
    options.set_dot_nl((flags & CRE2_DOT_ALL) != 0);
    std::string text;
    if ((flags & CRE2_MULTI_LINE) != 0) text = "(?m)";
    text.append(pattern, length);
    auto made = std::make_unique<cre2_pattern>();
    made->regex = std::make_unique<re2::RE2>(text, options);
    if (!made->regex->ok()) {
      const std::string &fragment = made->regex->error_arg();
      error->code = made->regex->error_code();
      error->fragment_length = std::min(fragment.size(), sizeof error->fragment);
      std::memcpy(error->fragment, fragment.data(), error->fragment_length);
      return nullptr;
    }
    made->names.resize(made->regex->NumberOfCapturingGroups() + 1);
    for (const auto &[index, name] : made->regex->CapturingGroupNames()) made->names[index] = name;
    return made.release();
  } catch (...) {
    return nullptr;
  }
}

void cre2_free(cre2_pattern *pattern) { delete pattern; }

int cre2_group_count(const cre2_pattern *pattern) {
  return static_cast<int>(pattern->names.size()) - 1;
}

const char *cre2_group_name(const cre2_pattern *pattern, int group) {
  if (group < 1 || static_cast<size_t>(group) >= pattern->names.size()) return nullptr;
  const std::string &name = pattern->names[group];
  return name.empty() ? nullptr : name.c_str();
}

int cre2_match(
    const cre2_pattern *pattern, const char *text, size_t length, size_t start, int whole,
    ptrdiff_t *spans, int count) {
  constexpr int kRoom = 16;
  try {
    re2::StringPiece fixed[kRoom];
    std::vector<re2::StringPiece> many;
    re2::StringPiece *pieces = fixed;
    if (count > kRoom) {
      many.resize(count);
      pieces = many.data();
    }
    // An empty text still needs an address, or RE2 cannot tell "empty" from "took no part".
    const char *base = text != nullptr ? text : "";
    const auto anchor = whole ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED;
    if (!pattern->regex->Match(
            re2::StringPiece(base, length), start, length, anchor, pieces, count)) {
      return 0;
    }
    for (int i = 0; i < count; i++) {
      const bool took_part = pieces[i].data() != nullptr;
      spans[2 * i] = took_part ? pieces[i].data() - base : -1;
      spans[2 * i + 1] =
          took_part ? pieces[i].data() - base + static_cast<ptrdiff_t>(pieces[i].size()) : -1;
    }
    return 1;
  } catch (...) {
    return -1;
  }
}
