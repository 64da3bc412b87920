/* ir/einsum.h - equations of einsum as lists of labels, and the steps in which they are computed. */
#ifndef IR_EINSUM_H
#define IR_EINSUM_H

#include "ir/ir.h"

/* A letter (A to Z, a to z), or an axis that '...' stands for: EINSUM_LETTERS + its number from the right. */
enum { EINSUM_LETTERS = 52, EINSUM_LABELS = EINSUM_LETTERS + RANK_MAX };

typedef struct Labels { int n, at[EINSUM_LABELS]; } Labels;

typedef struct Einsum {
	int     n;
	Labels *term;   /* of each operand, one an axis */
	Labels  out;
} Einsum;

bool labels_have(const Labels *l, int label);
void labels_add(Labels *l, int label);

/* The equation for operands of these types; false with what is wrong, a text in a. */
bool einsum_parse(Arena *a, const char *equation, int n, const Type *const *operand, Einsum *out, const char **error);

/* What becomes of the labels of two values that are multiplied, the right one being operand i, whose labels are distinct:
   what no later operand and not the result has goes, by a contraction where both have it, else by a sum beforehand. */
typedef struct EinsumStep {
	Labels batch, contract, left, right;   /* the product: batch, left, right */
	Labels left_sum, right_sum;
} EinsumStep;
void einsum_step(const Einsum *e, int i, const Labels *left, const Labels *right, EinsumStep *out);

#endif
