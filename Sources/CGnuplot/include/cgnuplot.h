// libgnuplot-iostream behind a plain C header: no C++ exception and no SIGPIPE leaves this module.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One running gnuplot process and the pipes that lead to it.
typedef struct cgnuplot cgnuplot;

/// Starts `program` (looked up on PATH) in a process group of its own, with SIGINT blocked and
/// without reading anybody's gnuplotrc. Returns NULL and sets `*error` to an errno on failure.
cgnuplot *cgnuplot_start(const char *program, int *error);

/// Closes gnuplot's input and waits until it has gone; kills it when a synchronisation has failed.
void cgnuplot_stop(cgnuplot *process);

/// Sends command text. Returns 0, or -1 when gnuplot no longer reads.
int cgnuplot_send(cgnuplot *process, const char *text);

/// Sends `rows` lines of `columns` numbers followed by a line `e`, through gnuplot-iostream's
/// send1d, or send2d with a blank line after every `row_length` lines when that is not 0.
/// `values` holds one column after the other. Returns 0, or -1 when gnuplot is gone.
int cgnuplot_send_columns(
    cgnuplot *process, const double *values, size_t columns, size_t rows, size_t row_length);

/// Waits until gnuplot has worked through all that was sent, and hands over what it has written
/// (errors, warnings, text pictures) in `*text`, to be freed with cgnuplot_free_text.
/// Returns 0, -1 when gnuplot has gone, -2 when it did not answer within `timeout_ms`.
int cgnuplot_synchronize(cgnuplot *process, int timeout_ms, char **text, size_t *length);

void cgnuplot_free_text(char *text);

#ifdef __cplusplus
}
#endif
