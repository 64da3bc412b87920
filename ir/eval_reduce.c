/* ir/eval_reduce.c - reduce, in the orders that ir/order.h defines.

   Operands are first copied (and widened) into the layout in which the order is plain to follow: [output][row][element]
   for trees with rows, [element][output] for what goes element by element, there all outputs at once. */
#include "ir/base/check.h"
#include "ir/eval_impl.h"
#include "ir/order.h"

typedef struct Ptrs { void *at[FOLD_MAX]; } Ptrs;

typedef struct Reduce {
	Fold    fold;
	Eval   *e;
	const Op *op;
	int     n;
	int64_t outs, rows, len;  /* results; rows a result; elements a row */
	Ptrs    x;                /* operands in working layout */
	int64_t nx;
	Ptrs    acc;              /* results, [outs] */
	Ptrs    init;             /* initial values, repeated: [outs] */
	Ptrs    part;             /* sums that wait for their neighbours: blocks of a row, or chunks of rows */
	int64_t npart;
	Ptrs    blocks;           /* the blocks of one row */
	int64_t nblocks;
	Ptrs    lanes;
} Reduce;

static Ptrs at(const Reduce *r, Ptrs base, int64_t i)
{
	for (int k = 0; k < r->n; k++)
		base.at[k] = (char *)base.at[k] + i * dtype_size(r->fold.type[k]);
	return base;
}

static void copy(const Reduce *r, Ptrs to, Ptrs from, int64_t count)
{
	for (int k = 0; k < r->n; k++)
		memmove(to.at[k], from.at[k], (size_t)(count * dtype_size(r->fold.type[k])));
}

static bool combine(Reduce *r, Ptrs acc, Ptrs x, int64_t count)
{
	return fold_step(&r->fold, acc.at, (const void *const *)x.at, count);
}

static bool scratch_new(Reduce *r, Ptrs *p, int64_t count)
{
	for (int k = 0; k < r->n; k++) {
		p->at[k] = eval_scratch(r->e, r->op, count, (size_t)dtype_size(r->fold.type[k]));
		if (!p->at[k])
			return false;
	}
	return true;
}

static void scratch_free(Reduce *r, Ptrs *p, int64_t count)
{
	for (int k = 0; k < r->n; k++) {
		if (p->at[k])
			eval_scratch_free(r->e, p->at[k], count, (size_t)dtype_size(r->fold.type[k]));
	}
}

/* n vectors of `width` combine by adjacent pairs, level by level, into the first; an odd last one is carried up. */
static bool pairs(Reduce *r, Ptrs v, int64_t n, int64_t width)
{
	for (; n > 1; n = (n + 1) / 2) {
		for (int64_t i = 0; i < n / 2; i++) {
			if (!combine(r, at(r, v, 2 * i * width), at(r, v, (2 * i + 1) * width), width))
				return false;
			copy(r, at(r, v, i * width), at(r, v, 2 * i * width), width);
		}
		if (n % 2)
			copy(r, at(r, v, n / 2 * width), at(r, v, (n - 1) * width), width);
	}
	return true;
}

/* m <= ORDER_BLOCK elements into one. */
static bool block(Reduce *r, Ptrs x, int64_t m, Ptrs out)
{
	int64_t lanes = m < ORDER_NLANES ? m : ORDER_NLANES;

	copy(r, r->lanes, x, lanes);
	for (int64_t i = ORDER_NLANES; i < m; i += ORDER_NLANES) {
		if (!combine(r, r->lanes, at(r, x, i), m - i < ORDER_NLANES ? m - i : ORDER_NLANES))
			return false;
	}
	for (int64_t half = ORDER_NLANES / 2; half > 0; half /= 2) {
		if (lanes <= half)
			continue;
		if (!combine(r, r->lanes, at(r, r->lanes, half), lanes - half))
			return false;
		lanes = half;
	}
	copy(r, out, r->lanes, 1);
	return true;
}

static bool row(Reduce *r, Ptrs x, Ptrs out)
{
	int64_t n = 0;

	for (int64_t i = 0; i < r->len; i += ORDER_BLOCK) {
		int64_t m = r->len - i < ORDER_BLOCK ? r->len - i : ORDER_BLOCK;

		if (!block(r, at(r, x, i), m, at(r, r->blocks, n++)))
			return false;
	}
	if (!pairs(r, r->blocks, n, 1))
		return false;
	copy(r, out, r->blocks, 1);
	return true;
}

/* Trees whose rows are rows of elements: one result after the other. */
static bool tree_of_rows(Reduce *r)
{
	Ptrs one = at(r, r->part, r->npart - 1); /* the last slot holds the row at hand */

	for (int64_t o = 0; o < r->outs; o++) {
		Ptrs x = at(r, r->x, o * r->rows * r->len);
		int64_t n = 0;

		for (int64_t i = 0; i < r->rows; i++) {
			bool first = i % ORDER_BLOCK == 0;

			if (!row(r, at(r, x, i * r->len), first ? at(r, r->part, n) : one))
				return false;
			if (first)
				n++;
			else if (!combine(r, at(r, r->part, n - 1), one, 1))
				return false;
		}
		if (!pairs(r, r->part, n, 1))
			return false;
		copy(r, at(r, r->acc, o), r->part, 1);
	}
	return combine(r, r->acc, r->init, r->outs);
}

/* Trees whose rows are single elements: all results side by side. */
static bool tree_of_elements(Reduce *r)
{
	int64_t n = 0;

	for (int64_t i = 0; i < r->rows; i++) {
		Ptrs x = at(r, r->x, i * r->outs);

		if (i % ORDER_BLOCK == 0)
			copy(r, at(r, r->part, n++ * r->outs), x, r->outs);
		else if (!combine(r, at(r, r->part, (n - 1) * r->outs), x, r->outs))
			return false;
	}
	if (!pairs(r, r->part, n, r->outs))
		return false;
	copy(r, r->acc, r->part, r->outs);
	return combine(r, r->acc, r->init, r->outs);
}

static bool serial(Reduce *r)
{
	copy(r, r->acc, r->init, r->outs);
	for (int64_t i = 0; i < r->rows; i++) {
		if (!combine(r, r->acc, at(r, r->x, i * r->outs), r->outs))
			return false;
	}
	return true;
}

/* Operand k with its axes in the order `axis`, dense and widened. */
static bool load(Reduce *r, int k, const Tensor *t, const int *axis)
{
	int64_t own[RANK_MAX], dim[RANK_MAX], src[RANK_MAX], dst[RANK_MAX];
	size_t size = (size_t)dtype_size(t->dtype);
	void *moved = eval_scratch(r->e, r->op, t->count, size);

	if (!moved)
		return false;
	eval_strides(t->rank, t->dim, own);
	for (int i = 0; i < t->rank; i++) {
		dim[i] = t->dim[axis[i]];
		src[i] = own[axis[i]];
	}
	eval_strides(t->rank, dim, dst);
	eval_copy(t->rank, dim, size, moved, dst, t->data, src);
	fold_widen(&r->fold, k, moved, r->x.at[k], t->count);
	eval_scratch_free(r->e, moved, t->count, size);
	return true;
}

static bool run(Reduce *r, Tensor *const *in, const int *axis, Order order)
{
	if (!scratch_new(r, &r->x, r->nx) || !scratch_new(r, &r->acc, r->outs) || !scratch_new(r, &r->init, r->outs) ||
	    !scratch_new(r, &r->part, r->npart) || !scratch_new(r, &r->blocks, r->nblocks) ||
	    !scratch_new(r, &r->lanes, ORDER_NLANES))
		return false;
	for (int k = 0; k < r->n; k++) {
		if (!load(r, k, in[k], axis))
			return false;
		fold_widen(&r->fold, k, in[r->n + k]->data, r->init.at[k], 1);
	}
	for (int64_t i = 1; i < r->outs; i++)
		copy(r, at(r, r->init, i), r->init, 1);
	if (r->rows * r->len == 0 || r->outs == 0) {
		copy(r, r->acc, r->init, r->outs);
		return true;
	}
	if (order == ORDER_SERIAL)
		return serial(r);
	return r->nblocks ? tree_of_rows(r) : tree_of_elements(r);
}

bool eval_reduce(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	Reduce r = { .e = e, .op = op, .n = op->nargs / 2, .outs = 1, .rows = 1, .len = 1 };
	const Tensor *x = in[0];
	int64_t dims[RANK_MAX], nrow;
	Order order = order_of(op, &nrow);
	int ndims = order_dims(op, dims), axis[RANK_MAX], kept = 0;
	bool reduced[RANK_MAX] = { false }, by_rows = order == ORDER_TREE && nrow > 0;

	for (int i = 0; i < ndims; i++) {
		reduced[dims[i]] = true;
		*(by_rows && i >= ndims - nrow ? &r.len : &r.rows) *= x->dim[dims[i]];
	}
	for (int i = 0; i < x->rank; i++) {
		if (reduced[i])
			continue;
		r.outs *= x->dim[i];
		axis[by_rows ? kept : ndims + kept] = i;
		kept++;
	}
	for (int i = 0; i < ndims; i++)
		axis[by_rows ? kept + i : i] = (int)dims[i];
	for (int k = 1; k < r.n; k++) {
		if (in[k]->count != x->count)
			return eval_fail(e, op, "operand %d has %lld elements, operand 0 has %lld", k, (long long)in[k]->count,
				(long long)x->count);
	}

	int64_t chunks = (r.rows + ORDER_BLOCK - 1) / ORDER_BLOCK;

	r.nx = x->count;
	r.nblocks = by_rows ? (r.len + ORDER_BLOCK - 1) / ORDER_BLOCK : 0;
	r.npart = by_rows ? chunks + 1 : order == ORDER_TREE ? chunks * r.outs : 0;

	bool ok = fold_open(&r.fold, e, op, r.n, r.outs > ORDER_NLANES ? r.outs : ORDER_NLANES) &&
	          run(&r, in, axis, order);
	for (int k = 0; k < r.n && ok; k++) {
		out[k] = eval_tensor(e, op, op->result[k]->type);
		ok = out[k] != NULL;
		CHECK(!ok || out[k]->count == r.outs, "reduce: result %d has %lld elements, computed are %lld", k,
			(long long)out[k]->count, (long long)r.outs);
		if (ok)
			fold_narrow(&r.fold, k, r.acc.at[k], out[k]->data, r.outs);
	}
	if (r.n <= FOLD_MAX) {
		scratch_free(&r, &r.x, r.nx);
		scratch_free(&r, &r.acc, r.outs);
		scratch_free(&r, &r.init, r.outs);
		scratch_free(&r, &r.part, r.npart);
		scratch_free(&r, &r.blocks, r.nblocks);
		scratch_free(&r, &r.lanes, ORDER_NLANES);
	}
	fold_close(&r.fold);
	return ok;
}
