/* ir/build.c - making ops at an insertion point. */
#include "ir/build.h"

#include <stdarg.h>

#include "ir/base/check.h"
#include "ir/base/num.h"

Builder builder_at_end(Ctx *ctx, Block *b)
{
	return (Builder){ .ctx = ctx, .func = b->func, .block = b };
}

Builder builder_before(Ctx *ctx, Op *op)
{
	return (Builder){ .ctx = ctx, .func = op_func(op), .block = op->block, .before = op, .loc = op->loc };
}

static Arena *arena_of(const Builder *b)
{
	return b->func->module->arena;
}

static void insert(Builder *b, Op *op)
{
	if (b->before)
		op_insert_before(b->before, op);
	else
		op_append(b->block, op);
}

Op *build_begin(Builder *b, OpKind kind, int nargs, Value *const *arg, const void *attrs)
{
	return op_new(b->func, kind, b->loc, nargs, arg, attrs);
}

Op *build_finish(Builder *b, Op *op)
{
	insert(b, op);   /* first: where an op stands may decide whether it is valid */
	if (op_infer(b->ctx, b->func, op))
		return op;
	op_erase(op);
	return NULL;
}

Op *build_op(Builder *b, OpKind kind, int nargs, Value *const *arg, const void *attrs)
{
	return build_finish(b, build_begin(b, kind, nargs, arg, attrs));
}

static Value *only_result(Builder *b, Op *op, OpKind kind)
{
	const Diag *d = &b->ctx->diag;

	CHECK(op, "built an invalid %s: %s", op_info[kind].name, d->n ? d->at[d->n - 1].text : "no diagnostic");
	CHECK(op->nresults == 1, "%s has %d results", op_info[kind].name, op->nresults);
	return op->result[0];
}

Value *build_value(Builder *b, OpKind kind, int nargs, Value *const *arg, const void *attrs)
{
	return only_result(b, build_op(b, kind, nargs, arg, attrs), kind);
}

static bool is_zero(const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n && !*p)
		p++, n--;
	return n == 0;
}

void build_check_given(OpKind kind, const void *attrs)
{
	for (int i = 0; i < op_info[kind].nattrs; i++) {
		const AttrInfo *a = &op_info[kind].attr[i];
		size_t n = attr_size(a->kind);
		CHECK(a->required || is_zero(a->fallback, n) || !is_zero((const char *)attrs + a->offset, n),
		      "%s is built without '%s', whose default is not 0; give it, or all attributes to build_value", op_info[kind].name,
		      a->name);
	}
}

Value *build_given(Builder *b, OpKind kind, int nargs, Value *const *arg, const void *attrs)
{
	build_check_given(kind, attrs);
	return build_value(b, kind, nargs, arg, attrs);
}

Value *build_reduce(Builder *b, OpKind combine, Value *x, Ints dims, bool keepdims)
{
	DType t = x->type->dtype;
	const Type *scalar = type_scalar(b->ctx->types, t);
	Value *init = build_identity(b, t, combine);
	Op *op = build_begin(b, OP_reduce, ARGS(x, init), &(struct attrs_reduce){ .dims = dims });

	Builder inner = builder_at_end(b->ctx, op->region[0]);
	inner.loc = b->loc;
	Value *l = block_add_arg(op->region[0], scalar, NULL, b->loc);
	Value *r = block_add_arg(op->region[0], scalar, NULL, b->loc);
	Value *both = build_value(&inner, combine, ARGS(l, r), NULL);
	CHECK(build_op(&inner, OP_yield, ARGS(both), NULL), "yield of a reduction");
	Value *y = only_result(b, build_finish(b, op), OP_reduce);
	if (!keepdims)
		return y;

	Dim shape[RANK_MAX];
	for (int i = 0; i < x->type->rank; i++)
		shape[i] = x->type->dim[i];
	for (int i = 0; i < dims.n; i++)
		shape[dims.at[i]] = dim_const(b->ctx->dims, 1);
	return BUILD(b, reshape, ARGS(y), .shape = dims_copy(arena_of(b), x->type->rank, shape));
}

Value *build_constant(Builder *b, Blob *blob)
{
	return BUILD(b, constant, NO_ARGS, .value = blob);
}

static Value *build_bits(Builder *b, DType t, uint64_t bits)
{
	uint64_t element[2] = { bits };

	return build_constant(b, blob_splat(arena_of(b), t, 0, NULL, element)); /* the low bytes: little endian */
}

Value *build_scalar(Builder *b, DType t, double x)
{
	return build_bits(b, t, dtype_from_f64(t, x));
}

Value *build_splat(Builder *b, const Type *type, double x)
{
	uint64_t bits[2] = { dtype_from_f64(type->dtype, x) };

	if (!type->rank || !type_is_static(type))
		return build_broadcast(b, build_scalar(b, type->dtype, x), type, (Ints)INTS_NONE);

	int64_t dim[RANK_MAX];
	for (int i = 0; i < type->rank; i++)
		dim[i] = type->dim[i]->value;
	return build_constant(b, blob_splat(arena_of(b), type->dtype, type->rank, dim, bits));
}

Value *build_identity(Builder *b, DType t, OpKind combine)
{
	switch (combine) {
	case OP_add:
	case OP_or:
	case OP_xor:
		return build_bits(b, t, 0);
	case OP_mul:
		return build_scalar(b, t, 1);
	case OP_max:
		return build_bits(b, t, dtype_extreme(t, false));
	case OP_min:
		return build_bits(b, t, dtype_extreme(t, true));
	case OP_and:
		CHECK(!dtype_is_float(t), "and of %s", dtype_info[t].name);
		return build_bits(b, t, dtype_wrap(t, UINT64_MAX));
	default:
		UNREACHABLE("%s has no neutral element", op_info[combine].name);
	}
}

Value *build_broadcast(Builder *b, Value *x, const Type *shape, Ints dims)
{
	bool same = x->type->rank == shape->rank && dims.n == shape->rank;

	for (int i = 0; same && i < shape->rank; i++)
		same = dims.at[i] == i && x->type->dim[i] == shape->dim[i];
	if (same || (!x->type->rank && !shape->rank))
		return x;
	return BUILD(b, broadcast_in_dim, ARGS(x), .shape = dims_copy(arena_of(b), shape->rank, shape->dim),
	             .dims = ints_copy(arena_of(b), dims.n, dims.at));
}

/* The operand's axis that lies under axis i of a shape of the given rank; -1 when it has none. */
static int axis_under(const Type *t, int i, int rank)
{
	return i - (rank - t->rank);
}

bool build_common_shape(Builder *b, int n, Value **v)
{
	const char *what = b->what ? b->what : "broadcast";
	Dim shape[RANK_MAX];
	int rank = 0;

	for (int k = 0; k < n; k++)
		rank = v[k]->type->rank > rank ? v[k]->type->rank : rank;
	for (int i = 0; i < rank; i++) {
		shape[i] = NULL;
		for (int k = 0; k < n; k++) {
			int axis = axis_under(v[k]->type, i, rank);
			Dim d = axis < 0 ? NULL : v[k]->type->dim[axis];
			if (!d || dim_is(d, 1))
				continue;
			if (shape[i] && !func_require_equal(b->func, d, shape[i], b->loc, what)) {
				diag_note(&b->ctx->diag, v[k]->loc, "operand %d is defined here", k);
				return false;
			}
			if (!shape[i] || (dim_is_const(d) && !dim_is_const(shape[i])))
				shape[i] = d;
		}
		if (!shape[i])
			shape[i] = dim_const(b->ctx->dims, 1);
	}
	for (int k = 0; k < n; k++) {
		const Type *t = v[k]->type;
		int64_t dims[RANK_MAX];
		bool fits = t->rank == rank;
		for (int i = 0; i < t->rank; i++) {
			dims[i] = i + rank - t->rank;
			fits = fits && dim_is(t->dim[i], 1) == dim_is(shape[dims[i]], 1);
		}
		if (fits)
			continue;
		Op *op = build_op(b, OP_broadcast_in_dim, ARGS(v[k]), &(struct attrs_broadcast_in_dim){
			.shape = dims_copy(arena_of(b), rank, shape), .dims = ints_copy(arena_of(b), t->rank, dims) });
		if (!op)
			return false;
		v[k] = op->result[0];
	}
	return true;
}

Ints ints_copy(Arena *a, int n, const int64_t *at)
{
	return (Ints){ n, n ? arena_copy(a, at, sizeof *at * (size_t)n) : NULL };
}

Dims dims_copy(Arena *a, int n, const Dim *at)
{
	return (Dims){ n, n ? arena_copy(a, at, sizeof *at * (size_t)n) : NULL };
}

Ints ints_of(Arena *a, int n, ...)
{
	int64_t *at = ARENA_ARRAY(a, int64_t, n);
	va_list ap;

	va_start(ap, n);
	for (int i = 0; i < n; i++)
		at[i] = va_arg(ap, int);
	va_end(ap);
	return (Ints){ n, at };
}

void build_bound_input(Ctx *ctx, Func *f, Value *v, Blob *value)
{
	Builder b = builder_at_end(ctx, f->body);
	int left = 0;

	b.before = f->body->first;
	b.loc = v->loc;
	Value *c = build_constant(&b, value);
	/* Where the type is symbolic, so is what is computed with it: --dim gives symbols their numbers after `order`. */
	if (c->type != v->type)
		c = BUILD(&b, reshape, ARGS(c), .shape = dims_copy(f->module->arena, v->type->rank, v->type->dim));
	value_replace(v, c);
	for (int k = 0; k < f->overlays.n; k++)
		if (f->overlays.at[k].input != v)
			f->overlays.at[left++] = f->overlays.at[k];
	f->overlays.n = left;
	for (int k = v->index; k + 1 < f->body->args.n; k++) {
		f->body->args.at[k] = f->body->args.at[k + 1];
		f->body->args.at[k]->index = k;
	}
	f->body->args.n--;
}
