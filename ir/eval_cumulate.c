/* ir/eval_cumulate.c - cumulate: the accumulators of all lines along the axis side by side, element by element. */
#include "ir/base/check.h"
#include "ir/eval_impl.h"

typedef struct Cumulate {
	Fold    fold;
	int     rank;
	int64_t len, lines, count;
	int64_t dim[RANK_MAX];            /* the axis first, then the others */
	int64_t stride[RANK_MAX];         /* of the operands under these axes */
	void   *x[FOLD_MAX], *acc[FOLD_MAX];   /* x: [len][lines], widened; becomes the results */
	void   *now[FOLD_MAX];            /* one element of each line */
} Cumulate;

static bool run(Cumulate *c, const struct attrs_cumulate *a)
{
	for (int64_t i = 0; i < c->len; i++) {
		int64_t at = (a->reverse ? c->len - 1 - i : i) * c->lines;

		for (int k = 0; k < c->fold.n; k++) {
			int64_t size = dtype_size(c->fold.type[k]);
			char *x = (char *)c->x[k] + at * size;

			memcpy(c->now[k], x, (size_t)(c->lines * size));
			if (a->exclusive)
				memcpy(x, c->acc[k], (size_t)(c->lines * size));
		}
		if (!fold_step(&c->fold, c->acc, (const void *const *)c->now, c->lines))
			return false;
		for (int k = 0; k < c->fold.n && !a->exclusive; k++) {
			int64_t size = dtype_size(c->fold.type[k]);

			memcpy((char *)c->x[k] + at * size, c->acc[k], (size_t)(c->lines * size));
		}
	}
	return true;
}

/* Operand k and its initial value into working layout. */
static bool load(Cumulate *c, Eval *e, const Op *op, int k, Tensor *const *in)
{
	size_t size = (size_t)dtype_size(in[k]->dtype), wide = (size_t)dtype_size(c->fold.type[k]);
	void *dense = eval_scratch(e, op, c->count, size);
	int64_t own[RANK_MAX];

	c->x[k] = eval_scratch(e, op, c->count, wide);
	c->acc[k] = eval_scratch(e, op, c->lines, wide);
	c->now[k] = eval_scratch(e, op, c->lines, wide);
	bool ok = dense && c->x[k] && c->acc[k] && c->now[k];
	if (ok && c->count) {
		eval_strides(c->rank, c->dim, own);
		eval_copy(c->rank, c->dim, size, dense, own, in[k]->data, c->stride);
		fold_widen(&c->fold, k, dense, c->x[k], c->count);
		fold_widen(&c->fold, k, in[c->fold.n + k]->data, c->acc[k], 1);
		for (int64_t i = 1; i < c->lines; i++)
			memcpy((char *)c->acc[k] + (size_t)i * wide, c->acc[k], wide);
	}
	eval_scratch_free(e, dense, c->count, size);
	return ok;
}

static bool store(Cumulate *c, Eval *e, const Op *op, int k, Tensor **out)
{
	size_t size = (size_t)dtype_size(op->result[k]->type->dtype);
	void *dense = eval_scratch(e, op, c->count, size);
	int64_t own[RANK_MAX];

	out[k] = eval_tensor(e, op, op->result[k]->type);
	bool ok = dense && out[k];
	CHECK(!ok || out[k]->count == c->count, "cumulate: result %d has another shape than the operands", k);
	if (ok && c->count) {
		fold_narrow(&c->fold, k, c->x[k], dense, c->count);
		eval_strides(c->rank, c->dim, own);
		eval_copy(c->rank, c->dim, size, out[k]->data, c->stride, dense, own);
	}
	eval_scratch_free(e, dense, c->count, size);
	return ok;
}

bool eval_cumulate(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_cumulate *a = op_attrs(cumulate, op);
	Cumulate c = { .rank = in[0]->rank, .len = in[0]->dim[a->dim], .lines = 1, .count = in[0]->count };
	int64_t stride[RANK_MAX];
	int n = op->nargs / 2, to = 0;

	eval_strides(c.rank, in[0]->dim, stride);
	for (int i = 0; i < c.rank; i++) {
		int axis = i == 0 ? (int)a->dim : i - (i <= a->dim);

		c.dim[to] = in[0]->dim[axis];
		c.stride[to++] = stride[axis];
		c.lines *= i == 0 ? 1 : in[0]->dim[axis];
	}
	for (int k = 1; k < n; k++)
		if (in[k]->count != c.count)
			return eval_fail(e, op, "operand %d has %lld elements, operand 0 has %lld", k, (long long)in[k]->count,
				(long long)c.count);

	bool ok = fold_open(&c.fold, e, op, n, c.lines > 0 ? c.lines : 1);
	for (int k = 0; k < n && ok; k++)
		ok = load(&c, e, op, k, in);
	ok = ok && (c.count == 0 || run(&c, a));
	for (int k = 0; k < n && ok; k++)
		ok = store(&c, e, op, k, out);
	for (int k = 0; k < n && n <= FOLD_MAX; k++) {
		size_t wide = (size_t)dtype_size(c.fold.type[k]);

		eval_scratch_free(e, c.x[k], c.count, wide);
		eval_scratch_free(e, c.acc[k], c.lines, wide);
		eval_scratch_free(e, c.now[k], c.lines, wide);
	}
	fold_close(&c.fold);
	return ok;
}
