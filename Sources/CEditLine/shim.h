// libedit's wide interface. Its setters are variadic, which Swift cannot import: each use has one
// inline wrapper here.
#pragma once
#include <histedit.h>
#include <stdio.h>
#include <wchar.h>

typedef unsigned char (*cedit_function)(EditLine *, int);
typedef wchar_t *(*cedit_prompt)(EditLine *);
typedef int (*cedit_getc)(EditLine *, wchar_t *);

static inline EditLine *cedit_init(const char *name, FILE *input, FILE *output) {
  return el_init(name, input, output, output);
}
static inline int cedit_set_int(EditLine *e, int operation, int value) {
  return el_wset(e, operation, value);
}
// The mark stands around what takes no columns, such as colours.
static inline int cedit_set_prompt(EditLine *e, cedit_prompt prompt, wchar_t mark) {
  return el_wset(e, EL_PROMPT_ESC, prompt, mark);
}
static inline int cedit_set_editor(EditLine *e, const wchar_t *name) {
  return el_wset(e, EL_EDITOR, name);
}
static inline int cedit_set_getc(EditLine *e, cedit_getc function) {
  return el_wset(e, EL_GETCFN, function);
}
// libedit keeps both pointers: they must live as long as the editor.
static inline int cedit_add_function(
    EditLine *e, const wchar_t *name, const wchar_t *help, cedit_function function) {
  return el_wset(e, EL_ADDFN, name, help, function);
}
static inline int cedit_bind(EditLine *e, const wchar_t *key, const wchar_t *function) {
  return el_wset(e, EL_BIND, key, function, NULL);
}
static inline int cedit_set_data(EditLine *e, void *data) {
  return el_wset(e, EL_CLIENTDATA, data);
}
static inline void *cedit_data(EditLine *e) {
  void *data = NULL;
  el_wget(e, EL_CLIENTDATA, &data);
  return data;
}
static inline int cedit_set_history(EditLine *e, HistoryW *h) {
  return el_wset(e, EL_HIST, history_w, h);
}
static inline int cedit_refresh(EditLine *e) { return el_wset(e, EL_REFRESH); }
static inline int cedit_history_size(HistoryW *h, int count) {
  HistEventW event;
  return history_w(h, &event, H_SETSIZE, count);
}
static inline int cedit_history_enter(HistoryW *h, const wchar_t *text) {
  HistEventW event;
  return history_w(h, &event, H_ENTER, text);
}
static inline int cedit_history_clear(HistoryW *h) {
  HistEventW event;
  return history_w(h, &event, H_CLEAR);
}
// Declared here: the C library shows it under X/Open's name space only.
extern int wcwidth(wchar_t character);
static inline void cedit_write(FILE *stream, const char *text) {
  fputs(text, stream);
  fflush(stream);
}
