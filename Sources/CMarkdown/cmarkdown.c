#include "CMarkdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdlib.h>
#include <string.h>

// Shows HTML as the text that it is, where leaving it out would leave out what it says: a line break
// stays one, a comment stays unseen.
static void show_html(cmark_node *document) {
  cmark_iter *walk = cmark_iter_new(document);
  if (!walk) return;
  cmark_event_type event;
  while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
    cmark_node *node = cmark_iter_get_node(walk);
    cmark_node_type type = cmark_node_get_type(node);
    if (event != CMARK_EVENT_ENTER || (type != CMARK_NODE_HTML_BLOCK && type != CMARK_NODE_HTML_INLINE))
      continue;
    const char *html = cmark_node_get_literal(node);
    if (!html || strncmp(html, "<!--", 4) == 0) continue;
    int is_inline = type == CMARK_NODE_HTML_INLINE;
    int is_break = is_inline && strncmp(html, "<br", 3) == 0;
    cmark_node *text = cmark_node_new(
        is_break ? CMARK_NODE_LINEBREAK : is_inline ? CMARK_NODE_TEXT : CMARK_NODE_CODE_BLOCK);
    if (!text) continue;
    if (!is_break) cmark_node_set_literal(text, html);
    if (cmark_node_replace(node, text)) {
      cmark_node_free(node);
    } else {
      cmark_node_free(text);
    }
  }
  cmark_iter_free(walk);
}

char *cmarkdown_html(const char *text, size_t length) {
  static const char *const extensions[] = {"table", "strikethrough", "autolink", "tasklist"};
  cmark_gfm_core_extensions_ensure_registered();
  cmark_parser *parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
  if (!parser) return NULL;
  for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
    cmark_syntax_extension *extension = cmark_find_syntax_extension(extensions[i]);
    if (extension) cmark_parser_attach_syntax_extension(parser, extension);
  }
  cmark_parser_feed(parser, text, length);
  cmark_node *document = cmark_parser_finish(parser);
  if (document) show_html(document);
  char *html = cmark_render_html(
      document, CMARK_OPT_VALIDATE_UTF8, cmark_parser_get_syntax_extensions(parser));
  cmark_node_free(document);
  cmark_parser_free(parser);
  return html;
}

void cmarkdown_free(char *html) { free(html); }
