/* ir/eval_window.c - reduce_window: from the initial value, window positions ascending, padding skipped.

   One window position at a time is combined into all results at once; the results whose window lies outside there are
   left out of that step. */
#include "ir/base/check.h"
#include "ir/eval_impl.h"

typedef struct Window {
	int     rank;
	int64_t in[RANK_MAX], out[RANK_MAX], size[RANK_MAX];
	int64_t stride[RANK_MAX], dil_in[RANK_MAX], dil_window[RANK_MAX], low[RANK_MAX];
	int64_t in_stride[RANK_MAX];
} Window;

static int64_t or_one(Ints list, int i)
{
	return i < list.n ? list.at[i] : 1;
}

static bool window_of(Eval *e, const Op *op, const Tensor *x, Window *w)
{
	const struct attrs_reduce_window *a = op_attrs(reduce_window, op);
	const Type *type = op->result[0]->type;

	*w = (Window){ .rank = x->rank };
	if (!eval_dims(e, op, type->rank, type->dim, w->out))
		return false;
	eval_strides(x->rank, x->dim, w->in_stride);
	for (int i = 0; i < x->rank; i++) {
		w->in[i] = x->dim[i];
		w->size[i] = a->window.at[i];
		w->stride[i] = or_one(a->strides, i);
		w->dil_in[i] = or_one(a->base_dilation, i);
		w->dil_window[i] = or_one(a->window_dilation, i);
		w->low[i] = pads_low(a->padding, i, dilated(w->in[i], w->dil_in[i]),
			dilated(w->size[i], w->dil_window[i]), w->stride[i]);
	}
	return true;
}

/* The element that output position o meets at window position k, or -1. */
static int64_t meet(const Window *w, const int64_t *o, const int64_t *k)
{
	int64_t at = 0;

	for (int i = 0; i < w->rank; i++) {
		int64_t p = o[i] * w->stride[i] + k[i] * w->dil_window[i] - w->low[i];

		if (p < 0 || p % w->dil_in[i] != 0 || p / w->dil_in[i] >= w->in[i])
			return -1;
		at += p / w->dil_in[i] * w->in_stride[i];
	}
	return at;
}

static void *element(void *base, int64_t i, int size)
{
	return (char *)base + i * size;
}

/* A reduce_window at work: accumulators of all results, and those of one step, gathered. */
typedef struct Work {
	Fold    fold;
	int64_t outs, nin;
	void   *x[FOLD_MAX], *acc[FOLD_MAX], *step_acc[FOLD_MAX], *step_x[FOLD_MAX];
	int64_t *who;
} Work;

static bool work_open(Work *r, Eval *e, const Op *op, Tensor *const *in, int n)
{
	if (!fold_open(&r->fold, e, op, n, r->outs > 0 ? r->outs : 1))
		return false;
	r->who = eval_scratch(e, op, r->outs, sizeof *r->who);
	if (!r->who)
		return false;
	for (int k = 0; k < n; k++) {
		size_t size = (size_t)dtype_size(r->fold.type[k]);

		r->x[k] = eval_scratch(e, op, r->nin, size);
		r->acc[k] = eval_scratch(e, op, r->outs, size);
		r->step_acc[k] = eval_scratch(e, op, r->outs, size);
		r->step_x[k] = eval_scratch(e, op, r->outs, size);
		if (!r->x[k] || !r->acc[k] || !r->step_acc[k] || !r->step_x[k])
			return false;
		fold_widen(&r->fold, k, in[k]->data, r->x[k], r->nin);
		if (r->outs > 0)
			fold_widen(&r->fold, k, in[n + k]->data, r->acc[k], 1);
		for (int64_t i = 1; i < r->outs; i++)
			memcpy(element(r->acc[k], i, (int)size), r->acc[k], size);
	}
	return true;
}

static void work_close(Work *r)
{
	Eval *e = r->fold.body.e;

	for (int k = 0; k < r->fold.n && k < FOLD_MAX; k++) {
		size_t size = (size_t)dtype_size(r->fold.type[k]);

		eval_scratch_free(e, r->x[k], r->nin, size);
		eval_scratch_free(e, r->acc[k], r->outs, size);
		eval_scratch_free(e, r->step_acc[k], r->outs, size);
		eval_scratch_free(e, r->step_x[k], r->outs, size);
	}
	eval_scratch_free(e, r->who, r->outs, sizeof *r->who);
	fold_close(&r->fold);
}

/* Combines what window position k holds into the results. */
static bool step(Work *r, const Window *w, const int64_t *k)
{
	Fold *f = &r->fold;
	int64_t o[RANK_MAX] = { 0 }, n = 0, i = 0;

	do {
		int64_t at = meet(w, o, k);

		if (at < 0)
			continue;
		for (int v = 0; v < f->n; v++) {
			int size = dtype_size(f->type[v]);

			memcpy(element(r->step_x[v], n, size), element(r->x[v], at, size), (size_t)size);
			memcpy(element(r->step_acc[v], n, size), element(r->acc[v], i, size), (size_t)size);
		}
		r->who[n++] = i;
	} while (i++, eval_next(w->rank, w->out, o));
	if (n > 0 && !fold_step(f, r->step_acc, (const void *const *)r->step_x, n))
		return false;
	for (int64_t j = 0; j < n; j++) {
		for (int v = 0; v < f->n; v++) {
			int size = dtype_size(f->type[v]);

			memcpy(element(r->acc[v], r->who[j], size), element(r->step_acc[v], j, size), (size_t)size);
		}
	}
	return true;
}

static bool slide(Work *r, const Window *w)
{
	int64_t k[RANK_MAX] = { 0 };

	for (int i = 0; i < w->rank; i++) {
		if (w->size[i] == 0)
			return true;
	}
	if (r->outs == 0)
		return true;
	do {
		if (!step(r, w, k))
			return false;
	} while (eval_next(w->rank, w->size, k));
	return true;
}

bool eval_reduce_window(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	Work r = { .outs = 1, .nin = in[0]->count };
	Window w;
	int n = op->nargs / 2;

	if (!window_of(e, op, in[0], &w))
		return false;
	for (int i = 0; i < w.rank; i++)
		r.outs *= w.out[i];
	for (int k = 1; k < n; k++) {
		if (in[k]->count != r.nin)
			return eval_fail(e, op, "operand %d has %lld elements, operand 0 has %lld", k,
				(long long)in[k]->count, (long long)r.nin);
	}

	bool ok = work_open(&r, e, op, in, n) && slide(&r, &w);

	for (int k = 0; k < n && ok; k++) {
		out[k] = eval_tensor(e, op, op->result[k]->type);
		ok = out[k] != NULL;
		if (ok)
			fold_narrow(&r.fold, k, r.acc[k], out[k]->data, r.outs);
	}
	work_close(&r);
	return ok;
}
