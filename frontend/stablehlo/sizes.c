/* frontend/stablehlo/sizes.c - arithmetic on sizes: what it gives as an expression of the graph's symbols.

   Exporters compute shapes in the program: get_dimension_size, arithmetic on integers, concatenate, and a dynamic op that takes
   the result as its shape.  We follow that arithmetic beside the ops, element by element, so that the shape is an expression;
   the ops themselves stay, and go as dead code where nobody else uses them.

   The rules of that arithmetic are in frontend/sizes.c. */
#include "frontend/sizes.h"
#include "frontend/stablehlo/import.h"

static DimTable *table(const Import *im)
{
	return im->ctx->dims;
}

static Dim number(const Import *im, int64_t v)
{
	return dim_const(table(im), v);
}

static bool is_false(Dim d) { return d && dim_is(d, 0); }

/* Elements of a tensor of integers or truth values; -1: of another one, or of too many. */
static int count(const Known *k)
{
	const Type *t = k->value ? k->value->type : NULL;
	int64_t n = 1;

	if (!t || !(DTS_LOGIC & DTS(t->dtype)))
		return -1;
	for (int i = 0; i < t->rank; i++) {
		if (!dim_is_const(t->dim[i]) || t->dim[i]->value > SIZES_MAX)
			return -1;
		n *= t->dim[i]->value;
		if (n > SIZES_MAX)
			return -1;
	}
	return (int)n;
}

/* Element i of n; one for all is repeated. */
static Dim element_of(const Known *k, int i, int n)
{
	if (!k->sizes.n || (k->sizes.n != 1 && k->sizes.n != n))
		return NULL;
	return k->sizes.at[k->sizes.n == 1 ? 0 : i];
}

static CmpDir direction(const MlirOp *op)
{
	const MlirAttr *d = mlir_attr(op, "comparison_direction");
	const char *s = d && d->text ? d->text : "EQ";

	return !strcmp(s, "NE") ? CMP_NE : !strcmp(s, "LT") ? CMP_LT : !strcmp(s, "LE") ? CMP_LE : !strcmp(s, "GT") ? CMP_GT :
	       !strcmp(s, "GE") ? CMP_GE : CMP_EQ;
}

static void follow_constant(Import *im, Known *out, int n, Dim *at)
{
	const Blob *b = value_constant(out->value);
	DType t = out->value->type->dtype;
	int shift = 64 - dtype_info[t].bits;

	for (int i = 0; b && i < n; i++) {
		uint64_t bits = blob_get(b, i);

		if (t == DT_BOOL || !dtype_is_signed(t))
			at[i] = bits <= INT64_MAX ? number(im, (int64_t)bits) : NULL;
		else
			at[i] = number(im, (int64_t)(bits << shift) >> shift);
	}
}

/* The elements of the operands one after the other: along axis 0, or behind axes of extent 1. */
static void follow_concatenate(Import *im, const MlirOp *op, int n, Dim *at)
{
	const Type *t = known(&op->result[0])->value->type;
	int64_t axis;
	int to = 0;

	if (!import_int(im, op, "dimension", &axis))
		return;
	for (int k = 0; k < axis; k++)
		if (!dim_is(t->dim[k], 1))
			return;
	for (int i = 0; i < op->nargs; i++) {
		const Known *k = known(op->arg[i]);
		int m = count(k);

		if (m < 0)
			return;
		for (int j = 0; j < m && to < n; j++)
			at[to++] = k->sizes.n ? k->sizes.at[j] : NULL;
	}
}

static void follow_slice(Import *im, const MlirOp *op, int n, Dim *at)
{
	const Known *k = known(op->arg[0]);
	Ints start, strides;

	if (!k->sizes.n || !import_ints(im, op, "start_indices", &start) || !import_ints(im, op, "strides", &strides) || start.n != 1)
		return;
	int64_t step = strides.n ? strides.at[0] : 1;
	for (int i = 0; i < n; i++) {
		int64_t from = start.at[0] + i * step;
		at[i] = from >= 0 && from < k->sizes.n ? k->sizes.at[from] : NULL;
	}
}

void sizes_follow(Import *im, const MlirOp *op, const Row *row)
{
	Known *out = op->nresults == 1 ? known(&op->result[0]) : NULL;
	int n = out && !out->sizes.n ? count(out) : -1;
	Dim x[3] = { NULL };

	if (n <= 0 || op->nregions || im->in_scalars || im->in_map)
		return;
	Dim *at = ARENA_ARRAY(im->arena, Dim, n);
	if (row->fn == import_constant) {
		follow_constant(im, out, n, at);
	} else if (row->kind == OP_concatenate) {
		follow_concatenate(im, op, n, at);
	} else if (row->kind == OP_slice) {
		follow_slice(im, op, n, at);
	} else if (row->kind == OP_iota && out->value->type->rank == 1) {
		for (int i = 0; i < n; i++)
			at[i] = number(im, i);
	} else if (op->nargs >= 1 && op->nargs <= 3 &&
	           (row->way == WAY_SAME || row->fn == import_compare || row->kind == OP_convert || row->kind == OP_reshape ||
	            row->kind == OP_broadcast_in_dim || row->fn == import_cast)) {
		for (int i = 0; i < n; i++) {
			for (int j = 0; j < op->nargs; j++)
				x[j] = element_of(known(op->arg[j]), i, n);
			if (row->fn == import_compare)
				at[i] = x[0] && x[1] ? size_compare(table(im), direction(op), x[0], x[1]) : NULL;
			else
				at[i] = row->way == WAY_SAME ? size_element(table(im), row->kind, x, op->nargs) : x[0];
		}
	} else {
		return;
	}
	out->sizes = (Dims){ n, at };
}

bool sizes_of_arg(Import *im, const MlirOp *op, int i, Dims *out)
{
	if (!import_counts(im, op, i + 1, 0))
		return false;
	const Known *k = known(op->arg[i]);

	*out = k->sizes;
	if (count(k) == 0)
		return true;
	for (int e = 0; e < k->sizes.n; e++)
		if (!k->sizes.at[e])
			return refuse_op(im, "element %d of operand %d does not follow from the sizes of inputs", e, i);
	return k->sizes.n || refuse_op(im, "operand %d does not follow from the sizes of inputs", i);
}

bool ints_of_arg(Import *im, const MlirOp *op, int i, Ints *out)
{
	Dims d;

	if (!sizes_of_arg(im, op, i, &d))
		return false;
	int64_t *at = ARENA_ARRAY(im->arena, int64_t, d.n + 1);
	for (int e = 0; e < d.n; e++) {
		if (!dim_is_const(d.at[e]))
			return refuse_op(im, "element %d of operand %d depends on the sizes of inputs, wanted a number", e, i);
		at[e] = d.at[e]->value;
	}
	*out = (Ints){ d.n, at };
	return true;
}

/* The size as a number of the type that the op gives. */
bool import_get_dimension_size(Import *im, const MlirOp *op)
{
	Value *x = import_arg(im, op, 0);
	int64_t axis;
	DType t;

	if (!x || !import_counts(im, op, 1, 1) || !import_int(im, op, "dimension", &axis) || !import_dtype(im, op->result[0].type, NULL, &t))
		return false;
	if (axis < 0 || axis >= x->type->rank)
		return refuse_op(im, "attribute 'dimension' is %lld, but the operand has rank %d", (long long)axis, x->type->rank);
	Dim d = x->type->dim[axis];
	Value *v = BUILD(&im->b, dimension, NO_ARGS, .value = d);
	if (t != DT_I64)
		v = BUILD(&im->b, convert, ARGS(v), .dtype = t);
	if (!set_result(im, op, 0, v))
		return false;
	known(&op->result[0])->sizes = dims_copy(im->arena, 1, &d);
	return true;
}

static Value *cut_axis(Import *im, Value *x, int axis, Dim size)
{
	Dim start[RANK_MAX], limit[RANK_MAX];

	for (int k = 0; k < x->type->rank; k++) {
		start[k] = number(im, 0);
		limit[k] = k == axis ? size : x->type->dim[k];
	}
	return import_value(im, OP_slice, 1, &x, &(struct attrs_slice){
		.start = dims_copy(im->arena, x->type->rank, start), .limit = dims_copy(im->arena, x->type->rank, limit) });
}

/* A size that does not follow from others becomes a symbol, bounded by the extent that there is. */
bool import_set_dimension_size(Import *im, const MlirOp *op)
{
	Value *x = import_arg(im, op, 0), *size = import_arg(im, op, 1);
	const Known *k;
	int64_t axis;
	Dim d;

	if (!x || !size || !import_int(im, op, "dimension", &axis))
		return false;
	if (axis < 0 || axis >= x->type->rank)
		return refuse_op(im, "attribute 'dimension' is %lld, but the operand has rank %d", (long long)axis, x->type->rank);
	k = known(op->arg[1]);
	if (k->sizes.n == 1 && k->sizes.at[0]) {
		d = k->sizes.at[0];
	} else {
		if (size->type->rank)
			return refuse_op(im, "operand 1 is %s, wanted a scalar", op->arg[1]->type->text);
		if (size->type->dtype != DT_I64)
			size = BUILD(&im->b, convert, ARGS(size), .dtype = DT_I64);
		d = dim_sym_limited(table(im), ctx_str(im->ctx, arena_printf(im->arena, "K%d", im->nsizes++)), x->type->dim[axis]);
		if (!import_value(im, OP_define_size, 1, &size, &(struct attrs_define_size){ .size = d }))
			return false;
	}
	return set_result(im, op, 0, cut_axis(im, x, (int)axis, d));
}

/* %p = compare GE, %n, 1; custom_call @shape_assertion(%p, ...): a condition of the graph. */
bool import_shape_assertion(Import *im, const MlirOp *op)
{
	const MlirOp *by = op->nargs ? op->arg[0]->def : NULL;
	const Known *k = op->nargs ? known(op->arg[0]) : NULL;
	const MlirAttr *why = mlir_attr(op, "error_message");

	if (!k)
		return refuse_op(im, "has no operand, wanted a condition");
	if (k->sizes.n && k->sizes.at[0] && is_false(k->sizes.at[0]))
		return refuse_op(im, "never holds: %s", why && why->text ? why->text : "");
	if (!by || strcmp(by->name, "stablehlo.compare") != 0)
		return k->sizes.n && k->sizes.at[0] ? true : refuse_op(im, "the condition is no comparison of sizes");
	Dim a = element_of(known(by->arg[0]), 0, 1), b = element_of(known(by->arg[1]), 0, 1);
	if (!a || !b)
		return refuse_op(im, "what is compared does not follow from the sizes of inputs");
	Dim one = number(im, 1);
	switch (direction(by)) {
	case CMP_EQ: break;
	case CMP_GE: b = dim_max(table(im), a, b); break;
	case CMP_LE: b = dim_min(table(im), a, b); break;
	case CMP_GT: b = dim_max(table(im), a, dim_add(table(im), b, one)); break;
	case CMP_LT: b = dim_min(table(im), a, dim_sub(table(im), b, one)); break;
	case CMP_NE: return true;
	}
	return !b || dim_known_equal(a, b) || func_require_equal(im->b.func, a, b, im->b.loc, "shape_assertion");
}
