/* ir/expand_pool.c - expansions of pooling of images with channels last. */
#include "ir/expand_impl.h"

/* What lies around axes first .. first+n-1 gets entries that do nothing. */
static Ints among(Builder *b, Ints v, int first, int n, int rank, int64_t else_)
{
	int64_t at[RANK_MAX];

	for (int k = 0; k < rank; k++)
		at[k] = v.n && k >= first && k < first + n ? v.at[k - first] : else_;
	return ints_copy(expand_arena(b), rank, at);
}

/* Windows over axes `first` and following of x by a binary op; entries of the attributes from `at` on are those of these axes.
   The op itself: its padding is in numbers. */
static Op *windows(Builder *b, OpKind combine, Value *x, int first, int n, const struct attrs_max_pool2d *a, int at)
{
#define FROM(v) ((Ints){ (v).n ? n : 0, (v).n ? (v).at + at : NULL })
	Ints strides = a->strides.n ? a->strides : a->window;
	int rank = x->type->rank;
	Pads pads = a->padding;

	if (pads.mode == PAD_EXPLICIT)
		pads = (Pads){ PAD_EXPLICIT, rank, among(b, (Ints){ n, pads.low + at }, first, n, rank, 0).at,
		               among(b, (Ints){ n, pads.high + at }, first, n, rank, 0).at };
	Value *init = build_identity(b, x->type->dtype, combine);
	Op *op = build_begin(b, OP_reduce_window, ARGS(x, init), &(struct attrs_reduce_window){
		.window = among(b, FROM(a->window), first, n, rank, 1), .strides = among(b, FROM(strides), first, n, rank, 1),
		.window_dilation = a->dilation.n ? among(b, FROM(a->dilation), first, n, rank, 1) : (Ints)INTS_NONE, .padding = pads });
#undef FROM
	return expand_combiner(b, op, combine)->def;
}

void expand_max_pool(Builder *b, const Op *op, Value **out)
{
	Value *x = op->arg[0];

	out[0] = windows(b, OP_max, x, 1, x->type->rank - 2, op->attrs, 0)->result[0];
}

/* How many elements of x lie in each window, as factors along the axes: numbers where no padding is in sight. */
static Value *window_counts(Builder *b, const Op *op, const Op *pool)
{
	const struct attrs_avg_pool2d *a = op->attrs;
	const struct attrs_reduce_window *made = op_attrs(reduce_window, pool);
	Value *y = pool->result[0], *count = NULL;
	int rank = y->type->rank;
	double fixed = 1;

	for (int k = 1; k < rank - 1; k++) {
		bool padded = made->padding.mode == PAD_EXPLICIT && (made->padding.low[k] || made->padding.high[k]);

		if (!padded || a->count_include_pad) {
			fixed *= (double)made->window.at[k];
			continue;
		}
		const Type *line = type_get(b->ctx->types, y->type->dtype, 1, &op->arg[0]->type->dim[k]);
		Value *ones = build_splat(b, line, 1);
		Value *n = windows(b, OP_add, ones, 0, 1, op->attrs, k - 1)->result[0];
		n = build_broadcast(b, n, y->type, expand_range(b, k, k + 1));
		count = count ? ew_mul(b, count, n) : n;
	}
	return !count ? expand_like(b, y, fixed) : fixed == 1 ? count : ew_times(b, count, fixed);
}

void expand_avg_pool(Builder *b, const Op *op, Value **out)
{
	Value *x = expand_wide(b, op->arg[0]);
	Op *sum = windows(b, OP_add, x, 1, x->type->rank - 2, op->attrs, 0);
	Value *count = window_counts(b, op, sum);

	out[0] = expand_convert(b, ew_div(b, sum->result[0], count), op->arg[0]->type->dtype);
}

void expand_global_pool(Builder *b, const Op *op, Value **out)
{
	bool top = op->kind == OP_global_max_pool1d || op->kind == OP_global_max_pool2d || op->kind == OP_global_max_pool3d;
	Value *x = top ? op->arg[0] : expand_wide(b, op->arg[0]);
	Ints dims = expand_range(b, 1, x->type->rank - 1);
	Value *y = top ? build_reduce(b, OP_max, x, dims, false) : expand_mean_of(b, x, dims);

	y = expand_convert(b, y, op->arg[0]->type->dtype);
	out[0] = expand_in_shape(b, y, op->result[0]->type);
}
