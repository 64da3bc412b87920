/* ir/infer_reduce.c - inference of reductions, windows and sort. */
#include "ir/base/num.h"
#include "ir/infer_impl.h"

/* Operands are n tensors of one shape, then n scalars of their element types. */
static bool inputs_and_inits(Infer *in, int *out_n)
{
	int n = in->op->nargs / 2;

	if (in->op->nargs < 2 || in->op->nargs % 2)
		return infer_fail(in, "%d operand%s found, wanted as many initial values as inputs", in->op->nargs,
		                  in->op->nargs == 1 ? "" : "s");
	for (int i = 0; i < n; i++) {
		DType t = infer_arg(in, i)->dtype;

		if ((i && !infer_shape_same(in, 0, i)) ||
		    !infer_is_scalar(in, n + i, t, arena_printf(in->ctx->arena, "the initial value, operand %d,", n + i)))
			return false;
	}
	*out_n = n;
	return true;
}

/* The extent of axis k that all of the first n operands have. */
static Dim common_extent(Infer *in, int n, int k)
{
	Dim d = infer_arg(in, 0)->dim[k];

	for (int i = 1; i < n; i++)
		d = infer_merge(in, d, infer_arg(in, i)->dim[k]);
	return d;
}

bool infer_reduce(Infer *in)
{
	const struct attrs_reduce *a = op_attrs(reduce, in->op);
	Dim dim[RANK_MAX];
	int n, rank = 0;

	if (!inputs_and_inits(in, &n))
		return false;
	const Type *x = infer_arg(in, 0);
	if (!infer_axes(in, "dims", a->dims, x->rank, 0))
		return false;
	if (a->row < 0 || a->row > a->dims.n)
		return infer_fail(in, "'row' is %lld, wanted 0 to %d, the number of entries of 'dims'", (long long)a->row, a->dims.n);
	if (a->order != ORDER_NONE && a->order != ORDER_TREE && a->order != ORDER_SERIAL)
		return infer_fail(in, "'order' is one of a contraction, wanted tree or serial");
	if (!infer_combiner(in, 0, n))
		return false;
	for (int k = 0; k < x->rank; k++)
		if (!ints_have(a->dims, k))
			dim[rank++] = common_extent(in, n, k);
	for (int i = 0; i < n; i++)
		if (!infer_result(in, infer_arg(in, i)->dtype, rank, dim))
			return false;
	return true;
}

/* One result an operand, of their common shape. */
static bool common_results(Infer *in, int n)
{
	int rank = infer_arg(in, 0)->rank;
	Dim dim[RANK_MAX];

	for (int k = 0; k < rank; k++)
		dim[k] = common_extent(in, n, k);
	for (int i = 0; i < n; i++)
		if (!infer_result(in, infer_arg(in, i)->dtype, rank, dim))
			return false;
	return true;
}

bool infer_cumulate(Infer *in)
{
	const Type *x;
	int n;

	if (!inputs_and_inits(in, &n))
		return false;
	x = infer_arg(in, 0);
	if (!infer_axis(in, "dim", op_attrs(cumulate, in->op)->dim, x->rank) || !infer_combiner(in, 0, n))
		return false;
	return common_results(in, n);
}

/* Extent of one axis after windows; *low and *high get the padding that the mode means. */
static bool window_extent(Infer *in, int k, Dim extent, Window *w, PadMode mode, Dim *out)
{
	Dim one = infer_const(in, 1), zero = infer_const(in, 0), stride = infer_const(in, w->stride);
	int64_t cover;   /* extent of a dilated window */

	if (!i64_mul(w->size - 1, w->dilation, &cover) || !i64_add(cover, 1, &cover))
		return infer_fail(in, "the dilated window of axis %d does not fit 64 bits", k);

	Dim spread = extent;
	if (w->base_dilation != 1) {
		spread = infer_add(in, infer_mul(in, infer_sub(in, extent, one), infer_const(in, w->base_dilation)), one);
		spread = infer_max(in, spread, zero);
	}
	if (mode == PAD_SAME) {
		Dim want = infer_mul(in, infer_sub(in, infer_ceildiv(in, spread, stride), one), stride);
		Dim total = infer_max(in, infer_sub(in, infer_add(in, want, infer_const(in, cover)), spread), zero);

		if (!total)
			return infer_fail(in, "the padding of axis %d does not fit 64 bits", k);
		if (!dim_is_const(total))
			return infer_fail(in, "padding 'same' of axis %d depends on the extent %s with stride %lld; "
			                  "give the padding by numbers, bind the symbol, or use stride 1", k,
			                  infer_dim_text(in, extent), (long long)w->stride);
		w->low = total->value / 2;
		w->high = total->value - w->low;
	}

	Dim edges = infer_add(in, infer_const(in, w->low), infer_const(in, w->high));
	Dim room = infer_sub(in, infer_add(in, spread, edges), infer_const(in, cover));
	Dim count = infer_add(in, room, stride);   /* of positions, times the stride */
	if (!room || !count)
		return infer_fail(in, "the windows of axis %d do not fit 64 bits", k);
	if (dim_is_const(room)) {
		*out = room->value < 0 ? zero : infer_floordiv(in, count, stride);
		return true;
	}
	*out = infer_floordiv(in, count, stride);
	return infer_at_most(in, zero, count, "the window of %lld elements never fits axis %d of extent %s", (long long)cover, k,
	                     infer_dim_text(in, extent));
}

static bool window_attrs(Infer *in, int n, const WindowAttrs *w)
{
	const Pads *p = w->padding;

	if (!infer_ints_count(in, "strides", w->strides, n, true) || !infer_ints_least(in, "strides", w->strides, 1))
		return false;
	if (p->mode == PAD_EXPLICIT && p->n != n)
		return infer_fail(in, "'padding' has %d pair%s, wanted %d", p->n, p->n == 1 ? "" : "s", n);
	return true;
}

bool infer_windows(Infer *in, int n, const Dim *extent, const WindowAttrs *w, Dim *out, Pads *resolved)
{
	Pads p = *w->padding;

	if (!window_attrs(in, n, w))
		return false;

	int64_t *low = ARENA_ARRAY(infer_arena(in), int64_t, 2 * n), *high = low + n;
	for (int i = 0; i < n; i++) {
		Window axis = {
			.size = w->size.at[i],
			.stride = ints_at(w->strides, i, 1),
			.base_dilation = ints_at(w->base_dilation, i, 1),
			.dilation = ints_at(w->dilation, i, 1),
			.low = p.mode == PAD_EXPLICIT ? p.low[i] : 0,
			.high = p.mode == PAD_EXPLICIT ? p.high[i] : 0,
		};

		if (!window_extent(in, i, extent[i], &axis, p.mode, &out[i]))
			return false;
		low[i] = axis.low;
		high[i] = axis.high;
	}
	if (resolved && p.mode == PAD_SAME)
		*resolved = (Pads){ PAD_EXPLICIT, n, low, high };
	return true;
}

bool infer_reduce_window(Infer *in)
{
	struct attrs_reduce_window *a = op_attrs(reduce_window, in->op);
	Dim extent[RANK_MAX], dim[RANK_MAX];
	int n;

	if (!inputs_and_inits(in, &n))
		return false;
	int rank = infer_arg(in, 0)->rank;
	if (!infer_ints_count(in, "window", a->window, rank, false) || !infer_ints_least(in, "window", a->window, 1) ||
	    !infer_ints_count(in, "base_dilation", a->base_dilation, rank, true) ||
	    !infer_ints_least(in, "base_dilation", a->base_dilation, 1) ||
	    !infer_ints_count(in, "window_dilation", a->window_dilation, rank, true) ||
	    !infer_ints_least(in, "window_dilation", a->window_dilation, 1) || !infer_combiner(in, 0, n))
		return false;
	for (int k = 0; k < rank; k++)
		extent[k] = common_extent(in, n, k);

	WindowAttrs w = { a->window, a->strides, a->base_dilation, a->window_dilation, &a->padding };
	if (!infer_windows(in, rank, extent, &w, dim, &a->padding))
		return false;
	for (int i = 0; i < n; i++)
		if (!infer_result(in, infer_arg(in, i)->dtype, rank, dim))
			return false;
	return true;
}

/* The front of each line. */
static bool first_results(Infer *in, int n)
{
	const struct attrs_sort *a = op_attrs(sort, in->op);
	const Type *x = infer_arg(in, 0);
	Dim first = a->first.at[0], dim[RANK_MAX];

	if (a->first.n > 1)
		return infer_fail(in, "'first' has %d entries, wanted one", a->first.n);
	if (!infer_at_most(in, infer_const(in, 0), first, "'first' is %s, wanted at least 0", infer_dim_text(in, first)) ||
	    !infer_at_most(in, first, x->dim[a->dim], "'first' is %s, but axis %d has only %s elements", infer_dim_text(in, first),
	                   (int)a->dim, infer_dim_text(in, x->dim[a->dim])))
		return false;
	memcpy(dim, x->dim, sizeof *dim * (size_t)x->rank);
	dim[a->dim] = first;
	for (int i = 0; i < n; i++)
		if (!infer_result(in, infer_arg(in, i)->dtype, x->rank, dim))
			return false;
	return true;
}

bool infer_sort(Infer *in)
{
	const struct attrs_sort *a = op_attrs(sort, in->op);
	int n = in->op->nargs;

	if (!infer_arity(in, 1, INT32_MAX, "at least one"))
		return false;
	const Type *x = infer_arg(in, 0), *want = type_scalar(in->ctx->types, DT_BOOL);
	if (!infer_axis(in, "dim", a->dim, x->rank))
		return false;

	const Type **args = ARENA_ARRAY(in->ctx->arena, const Type *, 2 * n);
	for (int i = 0; i < n; i++) {
		if (i && !infer_shape_same(in, 0, i))
			return false;
		args[2 * i] = args[2 * i + 1] = type_scalar(in->ctx->types, infer_arg(in, i)->dtype);
	}
	if (!infer_region(in, 0, 2 * n, args, 1, &want))
		return false;
	return a->first.n ? first_results(in, n) : common_results(in, n);
}
