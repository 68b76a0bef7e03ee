#pragma once
#include <stddef.h>

/// The HTML of a Markdown text (GitHub's, with tables); raw HTML and dangerous links are left out.
/// NULL where memory is short; `cmarkdown_free` takes it back.
char *cmarkdown_html(const char *text, size_t length);
void cmarkdown_free(char *html);
