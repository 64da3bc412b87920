/* ir/dim_poly.h - dimension expressions seen as sums of terms; shared by the dim_*.c files only. */
#ifndef IR_DIM_POLY_H
#define IR_DIM_POLY_H

#include "ir/dim.h"

/* coef * atom[0] * ... * atom[n - 1], atoms sorted; n = 0 is a number. */
typedef struct Term {
	int64_t    coef;
	int        n;
	const Dim *atom;
} Term;

/* A sum of terms: different products, sorted, no coefficient 0.  The array is on the heap; `failed` stays set
   once a coefficient has left int64 or memory is out. */
typedef struct Poly {
	Term *at;
	int   n, cap;
	bool  failed;
} Poly;

int  dim_compare(Dim a, Dim b);               /* a total order of structures, 0 for the same pointer only */
int  dim_nterms(Dim d);                       /* 0 for the number 0 */
Term dim_term(Dim d, int i);
int  term_compare(const Term *a, const Term *b);   /* of the products, without coefficients */

void poly_free(Poly *p);
void poly_push(Poly *p, Term term);           /* term must sort after what is there */
void poly_add(Poly *p, Dim d, int64_t k);     /* p += k * d */
void poly_add_terms(Poly *p, const Term *term, int n, int64_t k);
void poly_add_const(Poly *p, int64_t k);
void poly_range(const Poly *p, int64_t *lo, int64_t *hi);
bool poly_is_nonneg(const Poly *p, int fuel); /* provably >= 0 */

static inline int64_t floor_div(int64_t a, int64_t b) /* b > 0 */
{
	return a / b - (a % b < 0);
}

static inline int64_t floor_mod(int64_t a, int64_t b) /* b > 0 */
{
	return a % b < 0 ? a % b + b : a % b;
}

#endif
