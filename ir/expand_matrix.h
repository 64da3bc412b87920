/* ir/expand_matrix.h - what the expansions of linear algebra share: matrices in the last two axes, batches in those before.

   Sizes of matrices are numbers; those of batches may be symbols.  All matrices of a batch go through the same steps, so that a
   loop counts rounds that are known, and a choice is a select.  Positions are i32. */
#ifndef IR_EXPAND_MATRIX_H
#define IR_EXPAND_MATRIX_H

#include "ir/expand_impl.h"

enum { MATRIX_ROWS, MATRIX_COLUMNS };

/* Extent of an axis of the matrices. */
static inline int64_t matrix_size(const Value *x, int axis) { return x->type->dim[x->type->rank - 2 + axis]->value; }

/* i = 0 .. rounds - 1, upwards: `step` replaces the n states (at most MATRIX_STATES), whose types stay. */
enum { MATRIX_STATES = 12 };
typedef void MatrixStep(Builder *b, void *arg, Value *i, Value **state);
void matrix_loop(Builder *b, int64_t rounds, int n, Value **state, MatrixStep *step, void *arg);

Value *matrix_at(Builder *b, int64_t i);                                  /* a position that is known */
/* rows x columns elements from row i and column j on; NULL: 0.  What would stick out moves inside. */
Value *matrix_part(Builder *b, Value *x, Value *i, int64_t rows, Value *j, int64_t columns);
Value *matrix_put(Builder *b, Value *x, Value *part, Value *i, Value *j);
/* The first rows x columns elements. */
Value *matrix_corner(Builder *b, Value *x, int64_t rows, int64_t columns);
/* Rows and columns of zeros behind, up to rows x columns. */
Value *matrix_grow(Builder *b, Value *x, int64_t rows, int64_t columns);
Value *matrix_transpose(Builder *b, Value *x);
/* Complex numbers: of real ones these are x, the transpose, x, x^2, and x. */
Value *matrix_conj(Builder *b, Value *x);
Value *matrix_adjoint(Builder *b, Value *x);
Value *matrix_real(Builder *b, Value *x);
Value *matrix_square(Builder *b, Value *x);                               /* |x|^2, a real number */
Value *matrix_weight(Builder *b, Value *x);                               /* |x|, or |re x| + |im x|: decides about pivots as in LAPACK */
Value *matrix_as(Builder *b, Value *x, Value *like);                      /* real x in the type of `like` */
Value *matrix_nan(Builder *b, Value *like);                               /* NaN everywhere, in both parts */
/* The sum of products over an axis of each: free rows or columns of x times those of y. */
Value *matrix_times(Builder *b, Value *x, int x_axis, Value *y, int y_axis);
Value *matrix_zeros(Builder *b, Value *like, int64_t rows, int64_t columns);
/* x, whose matrices may have one row or column, repeated to rows x columns. */
Value *matrix_over(Builder *b, Value *x, int64_t rows, int64_t columns);

/* Masks in the shape of `like`: (row or column) dir i; row dir column + more. */
Value *matrix_where(Builder *b, Value *like, int axis, CmpDir dir, Value *i);
Value *matrix_triangle(Builder *b, Value *like, CmpDir dir, int64_t more);

/* Blocks of the same width, at most MATRIX_BLOCK, that cover n. */
enum { MATRIX_BLOCK = 64 };
static inline int64_t matrix_blocks(int64_t n) { return (n + MATRIX_BLOCK - 1) / MATRIX_BLOCK; }
static inline int64_t matrix_width(int64_t n) { return n ? (n + matrix_blocks(n) - 1) / matrix_blocks(n) : 0; }

/* Row i of each matrix, or as many rows as i has: i is i32 [..., rows, 1], for each matrix its own. */
Value *matrix_rows_at(Builder *b, Value *x, Value *i);
/* Rows first .. last - 1. */
Value *matrix_rows(Builder *b, Value *x, int64_t first, int64_t last);
/* Sums over the rows or columns, of which one is left. */
Value *matrix_sum(Builder *b, OpKind combine, Value *x, int axis);
/* The diagonal, as one column (of min(rows, columns) rows). */
Value *matrix_diagonal(Builder *b, Value *x);
/* 1 on the diagonal, else 0, in `like`'s batch and type. */
Value *matrix_identity(Builder *b, Value *like, int64_t rows, int64_t columns);
/* [..., n, 1] as [..., n]; and back. */
Value *matrix_flat(Builder *b, Value *x);
Value *matrix_column(Builder *b, Value *x);

/* Householder QR, as LAPACK's geqrf packs it: R, its diagonal real, below it the vectors of the reflections; *tau: [..., min(rows, columns), 1]. */
Value *matrix_qr(Builder *b, Value *a, Value **tau);
/* The product of the reflections in `packed`, its first columns: rows x columns. */
Value *matrix_reflect(Builder *b, Value *packed, Value *tau, int64_t columns);

/* Solves m x = y for a triangle m, whose other side is not read. */
Value *matrix_solve(Builder *b, Value *m, Value *y, bool lower, bool unit_diagonal);

#endif
