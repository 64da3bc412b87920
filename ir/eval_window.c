/* ir/eval_window.c - reduce_window: from the initial value, window positions ascending, padding skipped.

   Along each axis the elements that a window meets are listed first, so that neither padding nor holes nor a window much
   larger than the operand cost anything.  Then all results take in their first element, then their second, ... */
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

/* Along one axis: the elements that the window at each output position meets, ascending. */
typedef struct Axis {
	int64_t out;              /* output positions */
	int64_t cap;              /* room for each, in `at` */
	int64_t most;             /* largest count */
	int64_t *count, *at;
} Axis;

static int64_t floor_div(int64_t a, int64_t b) /* b > 0 */
{
	return a / b - (a % b < 0);
}

/* The elements that window positions 0 .. size - 1 meet from element position p on: those i with
   p + k * dil_window = i * dil_in for some k.  Walks over k or i, whichever are fewer. */
static int64_t list_elements(const Window *w, int a, int64_t p, int64_t *at)
{
	int64_t dk = w->dil_window[a], di = w->dil_in[a], n = 0;
	int64_t full = dilated(w->in[a], di);
	int64_t k0 = p < 0 ? floor_div(-p + dk - 1, dk) : 0, k1 = p < full ? floor_div(full - 1 - p, dk) : -1;

	k1 = k1 < w->size[a] - 1 ? k1 : w->size[a] - 1;
	if (k1 < k0)
		return 0;

	int64_t i0 = floor_div(p + k0 * dk + di - 1, di), i1 = floor_div(p + k1 * dk, di);

	if (i1 - i0 < k1 - k0) {
		for (int64_t i = i0; i <= i1; i++) {
			if ((i * di - p) % dk != 0)
				continue;
			if (at)
				at[n] = i;
			n++;
		}
		return n;
	}
	for (int64_t k = k0; k <= k1; k++) {
		if ((p + k * dk) % di != 0)
			continue;
		if (at)
			at[n] = (p + k * dk) / di;
		n++;
	}
	return n;
}

static bool axis_open(Eval *e, const Op *op, const Window *w, int a, Axis *axis)
{
	*axis = (Axis){ .out = w->out[a] };
	axis->count = eval_scratch(e, op, axis->out, sizeof *axis->count);
	if (!axis->count)
		return false;
	for (int64_t o = 0; o < axis->out; o++) {
		axis->count[o] = list_elements(w, a, o * w->stride[a] - w->low[a], NULL);
		axis->most = axis->count[o] > axis->most ? axis->count[o] : axis->most;
	}
	axis->cap = axis->out * axis->most;
	axis->at = eval_scratch(e, op, axis->cap, sizeof *axis->at);
	if (!axis->at)
		return false;
	for (int64_t o = 0; o < axis->out; o++)
		list_elements(w, a, o * w->stride[a] - w->low[a], axis->at + o * axis->most);
	return true;
}

static void axis_close(Eval *e, Axis *axis)
{
	eval_scratch_free(e, axis->count, axis->out, sizeof *axis->count);
	eval_scratch_free(e, axis->at, axis->cap, sizeof *axis->at);
}

/* The t-th element of the window at output position o, or -1 when it has fewer. */
static int64_t meet(const Window *w, const Axis *axis, const int64_t *o, int64_t t)
{
	int64_t at = 0;

	for (int a = w->rank - 1; a >= 0; a--) {
		int64_t n = axis[a].count[o[a]], j = 0;

		if (n == 0)
			return -1;
		if (n > 1) {
			j = t % n;
			t /= n;
		}
		at += axis[a].at[o[a] * axis[a].most + j] * w->in_stride[a];
	}
	return t > 0 ? -1 : at;
}

/* to[i] = from[which[i]], or to[which[i]] = from[i] when spreading. */
static void pick(size_t size, void *to, const void *from, const int64_t *which, int64_t n, bool spread)
{
#define PICK(type) \
	for (int64_t i = 0; i < n; i++) \
		((type *)to)[spread ? which[i] : i] = ((const type *)from)[spread ? i : which[i]]
	switch (size) {
	case 1: PICK(uint8_t); break;
	case 2: PICK(uint16_t); break;
	case 4: PICK(uint32_t); break;
	case 8: PICK(uint64_t); break;
	default: UNREACHABLE("elements of %d bytes", (int)size);
	}
#undef PICK
}

/* A reduce_window at work: accumulators of all results, and those of one step, gathered. */
typedef struct Work {
	Fold    fold;
	int64_t outs, nin;
	void   *x[FOLD_MAX], *acc[FOLD_MAX], *step_acc[FOLD_MAX], *step_x[FOLD_MAX];
	int64_t *who, *from;      /* results that take part in a step, and the elements that they take in */
	Axis    axis[RANK_MAX];
} Work;

static bool work_open(Work *r, Eval *e, const Op *op, const Window *w, Tensor *const *in, int n)
{
	if (!fold_open(&r->fold, e, op, n, r->outs > 0 ? r->outs : 1))
		return false;
	r->who = eval_scratch(e, op, r->outs, sizeof *r->who);
	r->from = eval_scratch(e, op, r->outs, sizeof *r->from);
	if (!r->who || !r->from)
		return false;
	for (int a = 0; a < w->rank; a++) {
		if (!axis_open(e, op, w, a, &r->axis[a]))
			return false;
	}
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
			memcpy((char *)r->acc[k] + i * (int64_t)size, r->acc[k], size);
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
	for (int a = 0; a < RANK_MAX; a++)
		axis_close(e, &r->axis[a]);
	eval_scratch_free(e, r->who, r->outs, sizeof *r->who);
	eval_scratch_free(e, r->from, r->outs, sizeof *r->from);
	fold_close(&r->fold);
}

/* Combines the t-th element of each window into its result. */
static bool step(Work *r, const Window *w, int64_t t)
{
	Fold *f = &r->fold;
	int64_t o[RANK_MAX] = { 0 }, n = 0, i = 0;

	do {
		int64_t at = meet(w, r->axis, o, t);

		r->who[n] = i++;
		r->from[n] = at;
		n += at >= 0;
	} while (eval_next(w->rank, w->out, o));

	bool all = n == r->outs;

	if (n == 0)
		return true;
	for (int k = 0; k < f->n; k++) {
		size_t size = (size_t)dtype_size(f->type[k]);

		pick(size, r->step_x[k], r->x[k], r->from, n, false);
		if (!all)
			pick(size, r->step_acc[k], r->acc[k], r->who, n, false);
	}
	if (!fold_step(f, all ? r->acc : r->step_acc, (const void *const *)r->step_x, n))
		return false;
	for (int k = 0; k < f->n && !all; k++)
		pick((size_t)dtype_size(f->type[k]), r->acc[k], r->step_acc[k], r->who, n, true);
	return true;
}

static bool slide(Work *r, const Window *w)
{
	int64_t most = 1;

	for (int a = 0; a < w->rank; a++)
		most *= r->axis[a].most;
	for (int64_t t = 0; t < most && r->outs > 0; t++) {
		if (!step(r, w, t))
			return false;
	}
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

	bool ok = work_open(&r, e, op, &w, in, n) && slide(&r, &w);

	for (int k = 0; k < n && ok; k++) {
		out[k] = eval_tensor(e, op, op->result[k]->type);
		ok = out[k] != NULL;
		if (ok)
			fold_narrow(&r.fold, k, r.acc[k], out[k]->data, r.outs);
	}
	work_close(&r);
	return ok;
}
