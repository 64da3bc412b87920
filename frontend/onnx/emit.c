/* frontend/onnx/emit.c - ops of ours, made for the node at hand; NULL goes through. */
#include "frontend/onnx/import.h"

/* Sizes that cannot be computed are NULL. */
static bool are_sizes(Onnx *o, int n, const Dim *dim)
{
	for (int i = 0; i < n; i++)
		if (!dim[i])
			return overflows(o);
	return true;
}

static bool has_sizes(Onnx *o, OpKind kind, const void *attrs)
{
	const OpInfo *row = &op_info[kind];

	for (int i = 0; attrs && i < row->nattrs; i++) {
		const Dims *d = (const void *)((const char *)attrs + row->attr[i].offset);
		if (row->attr[i].kind == ATTR_dims && !are_sizes(o, d->n, d->at))
			return false;
	}
	return true;
}

Op *emit_op(Onnx *o, OpKind kind, int nargs, Value *const *arg, const void *attrs)
{
	for (int i = 0; i < nargs; i++)
		if (!arg[i])
			return NULL;
	if (is_refused(o) || !has_sizes(o, kind, attrs))
		return NULL;
	return build_op(&o->b, kind, nargs, arg, attrs);
}

Value *emit(Onnx *o, OpKind kind, int nargs, Value *const *arg, const void *attrs)
{
	Op *op = emit_op(o, kind, nargs, arg, attrs);

	return op ? op->result[0] : NULL;
}

Value *emit_given(Onnx *o, OpKind kind, int nargs, Value *const *arg, const void *attrs)
{
	build_check_given(kind, attrs);
	return emit(o, kind, nargs, arg, attrs);
}

static bool to_common_shape(Onnx *o, int n, Value **v)
{
	bool ok;

	for (int i = 0; i < n; i++)
		if (!v[i])
			return false;
	if (is_refused(o))
		return false;
	o->b.what = o->node ? o->node->type : NULL;
	ok = build_common_shape(&o->b, n, v);
	o->b.what = NULL;
	return ok;
}

Value *ew(Onnx *o, OpKind kind, int nargs, Value *const *arg)
{
	Value **v = ARENA_ARRAY(o->arena, Value *, nargs + 1);

	memcpy(v, arg, (size_t)nargs * sizeof *v);
	return to_common_shape(o, nargs, v) ? emit(o, kind, nargs, v, NULL) : NULL;
}

Value *compare(Onnx *o, CmpDir dir, Value *x, Value *y)
{
	Value *v[2] = { x, y };

	return to_common_shape(o, 2, v) ? emit(o, OP_compare, 2, v, &(struct attrs_compare){ .dir = dir }) : NULL;
}

Value *as_type(Onnx *o, Value *v, DType t)
{
	return !v || v->type->dtype == t ? v : emit(o, OP_convert, 1, &v, &(struct attrs_convert){ .dtype = t });
}

Value *number(Onnx *o, DType t, double x)
{
	return build_scalar(&o->b, t, x);
}

Value *number_like(Onnx *o, Value *v, double x)
{
	return v ? number(o, v->type->dtype, x) : NULL;
}

Value *integers(Onnx *o, DType t, int n, const int64_t *at)
{
	unsigned char *bytes = arena_alloc(o->arena, (size_t)n * 8 + 8);
	int64_t dim = n;

	for (int i = 0; i < n; i++)
		memcpy(bytes + i * dtype_size(t), &at[i], (size_t)dtype_size(t));
	return build_constant(&o->b, blob_dense(o->arena, t, 1, &dim, bytes));
}

bool overflows(Onnx *o)
{
	return refuse(o, "a size does not fit 64 bits, or is a quotient by 0");
}

Value *splat(Onnx *o, DType t, int rank, const Dim *dim, double x)
{
	const Type *type = are_sizes(o, rank, dim) ? type_get(o->ctx->types, t, rank, dim) : NULL;

	if (type && !type_bytes(o->ctx->types, type)) {
		overflows(o);
		return NULL;
	}
	return type ? build_splat(&o->b, type, x) : NULL;
}

Dim dim_num(Onnx *o, int64_t n)
{
	return dim_const(o->ctx->dims, n);
}

Dim dim_at(const Value *v, int axis)
{
	return v->type->dim[axis < 0 ? axis + v->type->rank : axis];
}

Value *size_value(Onnx *o, Dim d)
{
	return are_sizes(o, 1, &d) ? BUILD(&o->b, dimension, NO_ARGS, .value = d) : NULL;
}

Value *sizes_value(Onnx *o, Dims d)
{
	Value **v = ARENA_ARRAY(o->arena, Value *, d.n + 1);
	int64_t *at = ARENA_ARRAY(o->arena, int64_t, d.n + 1);
	bool numbers = true;

	for (int i = 0; i < d.n; i++) {
		numbers = numbers && dim_is_const(d.at[i]);
		at[i] = numbers ? d.at[i]->value : 0;
	}
	if (numbers)
		return integers(o, DT_I64, d.n, at);
	for (int i = 0; i < d.n; i++)
		v[i] = reshaped(o, size_value(o, d.at[i]), 1, (Dim[]){ dim_num(o, 1) });
	return concatenated(o, d.n, v, 0);
}

Value *reshaped(Onnx *o, Value *v, int rank, const Dim *dim)
{
	return v && are_sizes(o, rank, dim) ? EMIT(o, reshape, ARGS(v), .shape = dims_copy(o->arena, rank, dim)) : NULL;
}

Value *transposed(Onnx *o, Value *v, const int64_t *permutation)
{
	return v ? EMIT(o, transpose, ARGS(v), .permutation = ints_copy(o->arena, v->type->rank, permutation)) : NULL;
}

/* An extent of 1 that is not known to be one is no reason to repeat. */
Value *broadcast_to(Onnx *o, Value *v, int rank, const Dim *dim)
{
	Dim to[RANK_MAX], from[RANK_MAX];
	int64_t dims[RANK_MAX];
	int n = 0, m = 0, lead;

	if (!v || is_refused(o) || !are_sizes(o, rank, dim))
		return NULL;
	const Type *t = v->type;
	int full = t->rank > rank ? t->rank : rank;
	if (full > RANK_MAX) {
		refuse(o, "a shape of rank %d, at most %d is supported", full, RANK_MAX);
		return NULL;
	}
	lead = full - rank;
	for (int i = 0; i < full; i++) {
		Dim want = i >= lead ? dim[i - lead] : dim_num(o, 1);
		int k = i - (full - t->rank);

		if (k < 0) {
			to[i] = want;
		} else if (dim_is(t->dim[k], 1)) {
			to[i] = want;
			if (want == t->dim[k]) {
				from[m++] = t->dim[k];
				dims[n++] = i;
			}
		} else {
			to[i] = t->dim[k];
			if (!dim_is(want, 1) && want != t->dim[k] && !func_require_equal(o->b.func, want, t->dim[k], o->b.loc, o->node->type))
				return NULL;
			from[m++] = t->dim[k];
			dims[n++] = i;
		}
	}
	if (n == full)
		return v;
	if (m != t->rank && !(v = reshaped(o, v, m, from)))
		return NULL;
	return EMIT(o, broadcast_in_dim, ARGS(v), .shape = dims_copy(o->arena, full, to), .dims = ints_copy(o->arena, n, dims));
}

Value *sliced(Onnx *o, Value *v, int axis, Dim start, Dim limit)
{
	Dim from[RANK_MAX], to[RANK_MAX];

	if (!v || is_refused(o) || !are_sizes(o, 2, (Dim[]){ start, limit }))
		return NULL;
	for (int i = 0; i < v->type->rank; i++) {
		from[i] = i == axis ? start : dim_num(o, 0);
		to[i] = i == axis ? limit : v->type->dim[i];
	}
	return EMIT(o, slice, ARGS(v), .start = dims_copy(o->arena, v->type->rank, from), .limit = dims_copy(o->arena, v->type->rank, to));
}

Value *concatenated(Onnx *o, int n, Value *const *v, int axis)
{
	for (int i = 0; i < n; i++)
		if (!v[i])
			return NULL;
	return n == 1 ? v[0] : emit(o, OP_concatenate, n, v, &(struct attrs_concatenate){ .dim = axis });
}

/* The attributes of all reductions are one struct: axes and keepdims. */
Value *reduced(Onnx *o, OpKind composite, Value *v, Ints axes, bool keepdims)
{
	if (!v)
		return NULL;
	const OpInfo *row = &op_info[composite];
	char *attrs = arena_alloc(o->arena, row->attrs_size + 1);

	for (int i = 0; i < row->nattrs; i++) {
		char *at = attrs + row->attr[i].offset;
		if (strcmp(row->attr[i].name, "axes") == 0 || strcmp(row->attr[i].name, "dims") == 0)
			*(Ints *)at = axes;
		else if (strcmp(row->attr[i].name, "keepdims") == 0)
			*(bool *)at = keepdims;
		else if (!row->attr[i].required)
			memcpy(at, row->attr[i].fallback, attr_size(row->attr[i].kind));
	}
	return emit(o, composite, 1, &v, attrs);
}
