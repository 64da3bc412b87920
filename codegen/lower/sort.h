/* codegen/lower/sort.h - what sorting and selecting share: elements along an axis, and the region that compares them. */
#ifndef CODEGEN_LOWER_SORT_H
#define CODEGEN_LOWER_SORT_H

#include "codegen/lower/combine.h"

typedef struct Sort {
	const Op *op;
	const Type *t;        /* of the operands */
	int axis;
	Index row;            /* the kept axes */
	Dim count;            /* elements of a row */
} Sort;

Index sort_index(const Sort *s, KOp *position);
/* The operands' elements at a position of the row; comparator(x, y) of such elements. */
void sort_load(Emit *e, const Sort *s, KOp *position, KOp **out);
KOp *sort_less(Emit *e, const Sort *s, KOp *const *x, KOp *const *y);

/* In select.c: the first few of each row. */
void lower_select(Emit *e, Sort *s);

#endif
