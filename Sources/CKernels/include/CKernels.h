#pragma once
/* Fused float kernels that BLAS does not have. Matrices are row-major; `ld` is the distance of rows in floats.
   Each kernel is compiled for several CPU levels; the loader chooses one. Every forward has its backward beside it. */

/* project.c: y (m x n) = x (m x k) P + bias, or y += x P, with P of k x n in panels of 32 columns. */
void mdm_project(const float *x, long ldx, const float *panels, const float *bias, float *y, long ldy, long m, long n,
                 long k, int add);
/* The number of floats of the panels. */
long mdm_panel_count(long n, long k);
/* Panels of the transpose of w (n x k), and of w (k x n) itself. */
void mdm_pack_rows(const float *w, long ld, float *panels, long n, long k);
void mdm_pack_columns(const float *w, long ld, float *panels, long n, long k);

/* halves.c: y (m x n) = x (m x k) W^T + bias, or y += x W^T, with W of n x k as bfloat16, at any address. */
void mdm_project_halves(const float *x, long ldx, const void *w, const float *bias, float *y, long ldy, long m, long n,
                        long k, int add);
/* bfloat16 to float. */
void mdm_widen_halves(const void *halves, float *y, long n);
/* The first bfloat16 that is not finite, or -1. */
long mdm_first_infinite_half(const void *halves, long n);

/* rounded.c: products of operands rounded to bfloat16 with float32 sums; by AVX-512 BF16 where the processor has it.
   y = x P + bias or y += x P with P in panels of floats; the same with W of n x k as bfloat16 for P^T. */
int mdm_has_bfloat16_products(void);
void mdm_rounded_project(const float *x, long ldx, const float *panels, const float *bias, float *y, long ldy, long m,
                         long n, long k, int add);
void mdm_rounded_project_halves(const float *x, long ldx, const void *w, const float *bias, float *y, long ldy, long m,
                                long n, long k, int add);
/* c (m x n) = a (m x k, or k x m and transposed) b (k x n), or c += a b; the same with b as bfloat16. */
void mdm_rounded_times(const float *a, long lda, int transposed, const float *b, long ldb, float *c, long ldc, long m,
                       long n, long k, int add);
void mdm_rounded_times_halves(const float *a, long lda, const void *b, float *c, long ldc, long m, long n, long k,
                              int add);

/* norm.c: y = x * scale * w with scale = 1 / sqrt(mean(x^2) + eps); backward adds to dx and dw. */
void mdm_rms_norm(const float *x, const float *w, float *y, float *scale, long rows, long n, float eps);
void mdm_rms_norm_backward(const float *dy, const float *x, const float *w, const float *scale, float *dx, float *dw,
                           long rows, long n);
/* y = (x - mean) * scale * w + b; backward adds to dx, dw and db. */
void mdm_layer_norm(const float *x, const float *w, const float *b, float *y, float *mean, float *scale, long rows,
                    long n, float eps);
void mdm_layer_norm_backward(const float *dy, const float *x, const float *w, const float *mean, const float *scale,
                             float *dx, float *dw, float *db, long rows, long n);

/* rotary.c: rows of (queries, keys, values) to head-major places, queries and keys rotated.
   q: [kv heads][q_places][group][d], k and v: [kv heads][kv_places][d]; the rows before `first` have no query. */
typedef struct {
  long rows, first, heads, kv_heads, d, q_places, kv_places;
  const int *q_place, *kv_place;
  const float *cosine, *sine; /* [rows][d / 2] */
} mdm_rotary;
void mdm_rotate_split(const mdm_rotary *p, const float *qkv, float *q, float *k, float *v);
void mdm_rotate_split_backward(const mdm_rotary *p, const float *dq, const float *dk, const float *dv, float *dqkv);
/* Head-major places to rows of all heads ([rows - first][heads * d]) and back. */
void mdm_heads_to_rows(const mdm_rotary *p, const float *packed, float *rows);
void mdm_rows_to_heads(const mdm_rotary *p, const float *rows, float *packed);

/* attention.c */
/* s[i][j] = q_i . k_j */
void mdm_scores(const float *q, const float *k, float *s, long m, long n, long d, long ld);
/* o_i += sum_j p[i][j] v_j */
void mdm_mix(const float *p, const float *v, float *o, long m, long n, long d, long ld);
/* Softmax of scale times the rows' first `valid` numbers; the rest up to `n` becomes 0.
   valid = base + step * (row / group). */
void mdm_softmax(float *s, long rows, long group, long ld, long n, long base, long step, float scale);
/* ds = p * (dp - sum(p * dp)) * scale, in place of dp. */
void mdm_softmax_backward(const float *p, float *dp, long rows, long group, long ld, long n, long base, long step,
                          float scale);

/* activation.c: rows of (gate, up), 2n wide, to silu(gate) * up. */
void mdm_swiglu(const float *gate_up, float *y, long rows, long n);
void mdm_swiglu_backward(const float *dy, const float *gate_up, float *dgate_up, long rows, long n);
/* exact = 1: x * Phi(x), else x * sigmoid(1.702 x). */
void mdm_gelu(const float *x, float *y, long n, int exact);
void mdm_gelu_backward(const float *dy, const float *x, float *dx, long n, int exact);

/* rows.c */
void mdm_fill_rows(float *y, const float *bias, long rows, long n, long ld);
void mdm_add_bias(const float *x, const float *bias, float *y, long rows, long n);
void mdm_column_sums(const float *dy, float *db, long rows, long n, long ld);
void mdm_add(float *y, const float *x, long n);
void mdm_gather_rows(const float *table, const int *index, float *y, long rows, long n);
void mdm_scatter_add_rows(float *table, const int *index, const float *dy, long rows, long n);

/* loss.c */
/* lse[i] = log sum exp(logits[i]) */
void mdm_log_sum_exp(const float *logits, float *lse, long rows, long n);
/* entropy[i] = -sum p log p of p = softmax(logits[i]), in nats; lse is that of mdm_log_sum_exp */
void mdm_entropy(const float *logits, const float *lse, float *entropy, long rows, long n);
/* logits[i] = factor[i] * softmax(logits[i]), in place */
void mdm_scaled_softmax(float *logits, const float *lse, const float *factor, long rows, long n);
/* Draws by inverting the distribution function: returns a token; `weights` is scratch of n floats. */
long mdm_sample(const float *logits, float *weights, long n, float temperature, double uniform, const int *banned,
                long banned_count);

/* optimiser.c */
double mdm_sum_squares(const float *x, long n);
typedef struct {
  float rate, beta1, beta2, epsilon, decay, correction1, correction2, gradient_scale;
} mdm_adamw_step;
void mdm_adamw(const mdm_adamw_step *s, float *w, const float *g, float *m, float *v, long n);
