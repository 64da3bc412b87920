/* frontend/onnx/windows.c - windows over spatial axes: their attributes, padding, and reductions of them. */
#include "frontend/onnx/vision.h"

bool spatial_ints(Onnx *o, const char *name, int n, int64_t least, int64_t fallback, int64_t *out)
{
	Ints given = get_ints(o, name);

	if (given.n && given.n != n)
		return refuse_attr(o, name, "%d number%s found, wanted %d, one a spatial axis", given.n, given.n == 1 ? "" : "s", n);
	for (int i = 0; i < n; i++) {
		out[i] = given.n ? given.at[i] : fallback;
		if (out[i] < least)
			return refuse_attr(o, name, "%lld found, wanted at least %lld", (long long)out[i], (long long)least);
	}
	return true;
}

bool kernel_given(Onnx *o, int n, int64_t *out)
{
	if (!has_attr(o, "kernel_shape"))
		return refuse(o, "attribute 'kernel_shape' is missing");
	return spatial_ints(o, "kernel_shape", n, 1, 1, out);
}

Dim window_cover(Onnx *o, const Windows *w, int i)
{
	DimTable *t = o->ctx->dims;

	return dim_add(t, dim_mul(t, dim_num(o, w->size[i] - 1), dim_num(o, w->dilation[i])), dim_num(o, 1));
}

/* As many results as steps of the stride begin inside; the odd element goes after for SAME_UPPER, before for SAME_LOWER. */
static bool same_padding(Onnx *o, Dim extent, bool lower, int i, Windows *w)
{
	DimTable *t = o->ctx->dims;
	Dim stride = dim_num(o, w->stride[i]), two = dim_num(o, 2);
	Dim reach = dim_mul(t, dim_sub(t, dim_ceildiv(t, extent, stride), dim_num(o, 1)), stride);
	Dim total = dim_max(t, dim_sub(t, dim_add(t, reach, window_cover(o, w, i)), extent), dim_num(o, 0));
	Dim less = dim_floordiv(t, total, two), rest = dim_sub(t, total, less);

	w->low[i] = lower ? rest : less;
	w->high[i] = lower ? less : rest;
	return rest || overflows(o);
}

/* The last window may be cut off, but must begin before the padding at the end. */
static bool ceil_extent(Onnx *o, Dim extent, int i, Windows *w)
{
	DimTable *t = o->ctx->dims;
	Dim stride = dim_num(o, w->stride[i]), one = dim_num(o, 1), cover = window_cover(o, w, i), begin = dim_add(t, extent, w->low[i]);
	Dim count = dim_add(t, dim_ceildiv(t, dim_sub(t, dim_add(t, begin, w->high[i]), cover), stride), one);
	Dim end = dim_min(t, count, dim_ceildiv(t, begin, stride));

	if (!end)
		return overflows(o);
	if (!dim_is_const(end)) {
		w->more[i] = dim_num(o, w->stride[i] - 1);
		w->end[i] = end;
		return true;
	}
	Dim need = dim_sub(t, dim_add(t, dim_mul(t, dim_sub(t, end, one), stride), cover), dim_add(t, begin, w->high[i]));
	if (!need || !dim_is_const(need))
		return overflows(o);
	w->more[i] = dim_num(o, need->value > 0 ? need->value : 0);
	w->end[i] = need->value < 0 ? end : NULL;
	return true;
}

bool windows_given(Onnx *o, const Type *x, const int64_t *size, Windows *w)
{
	const char *how = get_string(o, "auto_pad", "NOTSET");
	bool lower = how && strcmp(how, "SAME_LOWER") == 0, same = lower || (how && strcmp(how, "SAME_UPPER") == 0);
	bool none = how && (strcmp(how, "NOTSET") == 0 || !*how), ceiling = get_int(o, "ceil_mode", 0) != 0;
	Ints pads = get_ints(o, "pads");
	int n = x->rank - 2;

	memset(w, 0, sizeof *w);
	w->n = n;
	if (how && !same && !none && strcmp(how, "VALID") != 0)
		return refuse_attr(o, "auto_pad", "\"%s\" found, wanted NOTSET, SAME_UPPER, SAME_LOWER or VALID", how);
	memcpy(w->size, size, sizeof *size * (size_t)n);
	if (!how || !spatial_ints(o, "strides", n, 1, 1, w->stride) || !spatial_ints(o, "dilations", n, 1, 1, w->dilation))
		return false;
	if (none && pads.n && pads.n != 2 * n)
		return refuse_attr(o, "pads", "%d number%s found, wanted %d, two a spatial axis", pads.n, pads.n == 1 ? "" : "s", 2 * n);
	for (int i = 0; i < n; i++) {
		w->low[i] = dim_num(o, none && pads.n ? pads.at[i] : 0);
		w->high[i] = dim_num(o, none && pads.n ? pads.at[n + i] : 0);
		w->more[i] = dim_num(o, 0);
		if (w->low[i]->value < 0 || w->high[i]->value < 0)
			return refuse_attr(o, "pads", "a number below 0 found");
		if (!window_cover(o, w, i))
			return overflows(o);
		if (same && !same_padding(o, x->dim[2 + i], lower, i, w))
			return false;
		if (none && ceiling && !ceil_extent(o, x->dim[2 + i], i, w))
			return false;
	}
	return true;
}

Value *windows_padded(Onnx *o, Value *x, Windows *w, bool all, double fill)
{
	for (int i = 0; x && i < w->n; i++) {
		Dim *low = &w->low[i], *high = &w->high[i];

		if (!all && dim_is_const(*low) && dim_is_const(*high))
			continue;
		x = padded(o, x, x->type->rank - w->n + i, *low, *high, fill);
		*low = *high = dim_num(o, 0);
	}
	return x;
}

/* The results from the first on, as many as ceil_mode leaves. */
Value *windows_ended(Onnx *o, Value *y, const Windows *w)
{
	for (int i = 0; y && i < w->n; i++)
		if (w->end[i])
			y = sliced(o, y, y->type->rank - w->n + i, dim_num(o, 0), w->end[i]);
	return y;
}

static Op *windows_op(Onnx *o, int nargs, Value *const *arg, const Windows *w)
{
	int rank = arg[0]->type->rank, first = rank - w->n;
	int64_t *at = ARENA_ARRAY(o->arena, int64_t, 5 * rank + 1), *size = at, *stride = at + rank, *dilation = at + 2 * rank;
	int64_t *low = at + 3 * rank, *high = at + 4 * rank;

	for (int k = 0; k < rank; k++) {
		int i = k - first;

		size[k] = i < 0 ? 1 : w->size[i];
		stride[k] = i < 0 ? 1 : w->stride[i];
		dilation[k] = i < 0 ? 1 : w->dilation[i];
		low[k] = i < 0 ? 0 : w->low[i]->value;
		/* What does not fit is more than any tensor has: inference says so. */
		if (i < 0)
			high[k] = 0;
		else if (!i64_add(w->high[i]->value, w->more[i]->value, &high[k]))
			high[k] = INT64_MAX;
	}
	return build_begin(&o->b, OP_reduce_window, nargs, arg, &(struct attrs_reduce_window){
		.window = { rank, size }, .strides = { rank, stride }, .window_dilation = { rank, dilation },
		.padding = { PAD_EXPLICIT, rank, low, high } });
}

Value *windows_reduced(Onnx *o, OpKind combine, Value *x, Windows w)
{
	if (!x)
		return NULL;
	Value *init = build_identity(&o->b, x->type->dtype, combine);
	/* What is put around x by an op of its own must not count. */
	double fill = combine == OP_max ? dtype_to_f64(x->type->dtype, dtype_extreme(x->type->dtype, false)) : 0;
	if (!(x = windows_padded(o, x, &w, false, fill)))
		return NULL;
	Op *op = windows_op(o, 2, (Value *[]){ x, init }, &w);
	Block *region = op->region[0];
	Builder in = builder_at_end(o->ctx, region);
	const Type *t = type_scalar(o->ctx->types, x->type->dtype);

	in.loc = o->b.loc;
	Value *a = block_add_arg(region, t, NULL, in.loc), *b = block_add_arg(region, t, NULL, in.loc);
	Value *both = build_value(&in, combine, 2, (Value *[]){ a, b }, NULL);
	CHECK(build_op(&in, OP_yield, ARGS(both), NULL), "yield of a window");
	op = build_finish(&o->b, op);
	return op ? windows_ended(o, op->result[0], &w) : NULL;
}

Op *windows_argmax(Onnx *o, Value *x, Value *index, const Windows *w)
{
	Value *least = build_identity(&o->b, x->type->dtype, OP_max), *none = build_scalar(&o->b, DT_I64, -1);
	Op *op = windows_op(o, 4, (Value *[]){ x, index, least, none }, w);
	Block *region = op->region[0];
	Builder in = builder_at_end(o->ctx, region);
	Value *arg[4], *pick[2];

	in.loc = o->b.loc;
	for (int i = 0; i < 4; i++)
		arg[i] = block_add_arg(region, type_scalar(o->ctx->types, i % 2 ? DT_I64 : x->type->dtype), NULL, in.loc);
	Value *zero = build_scalar(&in, DT_I64, 0);
	Value *larger = BUILD(&in, compare, ARGS(arg[2], arg[0]), .dir = CMP_GT);
	Value *first = BUILD(&in, compare, ARGS(arg[1], zero), .dir = CMP_LT);
	Value *there = BUILD(&in, compare, ARGS(arg[3], zero), .dir = CMP_GE);
	Value *better = BUILD(&in, or, ARGS(larger, first));
	Value *take = BUILD(&in, and, ARGS(better, there));
	for (int i = 0; i < 2; i++)
		pick[i] = BUILD(&in, select, ARGS(take, arg[2 + i], arg[i]));
	CHECK(build_op(&in, OP_yield, ARGS(pick[0], pick[1]), NULL), "yield of a window");
	return build_finish(&o->b, op);
}

bool extent_is(Onnx *o, Dim d, int64_t n)
{
	return dim_is(d, n) || (!dim_is_const(d) && func_require_equal(o->b.func, d, dim_num(o, n), o->b.loc, o->node->type));
}

/* Numbers of elements as an extent, or a size; negative: cut away. */
static Value *around(Onnx *o, Value *x, int axis, Dim n, double fill)
{
	Dim dim[RANK_MAX];

	memcpy(dim, x->type->dim, sizeof *dim * (size_t)x->type->rank);
	dim[axis] = n;
	return splat(o, x->type->dtype, x->type->rank, dim, fill);
}

Value *padded(Onnx *o, Value *x, int axis, Dim low, Dim high, double fill)
{
	if (!x || !low || !high)
		return x ? (overflows(o), NULL) : NULL;
	if (dim_is_const(low) && dim_is_const(high)) {
		int64_t *at = ARENA_ARRAY(o->arena, int64_t, 2 * x->type->rank);

		at[axis] = low->value;
		at[x->type->rank + axis] = high->value;
		if (!low->value && !high->value)
			return x;
		return EMIT(o, pad, ARGS(x, build_scalar(&o->b, x->type->dtype, fill)), .low = { x->type->rank, at },
		            .high = { x->type->rank, at + x->type->rank });
	}
	Value *part[3];
	int n = 0;
	if (!dim_is(low, 0))
		part[n++] = around(o, x, axis, low, fill);
	part[n++] = x;
	if (!dim_is(high, 0))
		part[n++] = around(o, x, axis, high, fill);
	return concatenated(o, n, part, axis);
}
