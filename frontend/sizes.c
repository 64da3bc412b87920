/* frontend/sizes.c - elements of values as expressions of sizes. */
#include "frontend/sizes.h"

#include "ir/base/check.h"
#include "ir/eval.h"

enum {
	SIZES_MAX = 1024,          /* elements that are followed */
	SIZES_DEPTH_MAX = 500,     /* ops in a row */
	SIZES_CONSTANT_MAX = 1 << 20,
};

typedef struct Elements {
	bool  folded, followed;    /* the two questions that were answered */
	Blob *blob;                /* NULL: no constant */
	int   n;                   /* 0: not known */
	Dim  *at;
} Elements;

struct Sizes {
	Ctx   *ctx;
	Arena *arena;
	Map    memo;               /* Value * -> Elements * */
	int    depth;
	Blob *(*leaf)(void *arg, const Value *v);
	void  *arg;
};

Sizes *sizes_new(Ctx *ctx, Arena *a, Blob *(*leaf)(void *arg, const Value *v), void *arg)
{
	Sizes *s = ARENA_NEW(a, Sizes);

	*s = (Sizes){ .ctx = ctx, .arena = a, .leaf = leaf, .arg = arg };
	map_init(&s->memo, a);
	return s;
}

/* d for symbols that are one more. */
static Dim raised(DimTable *t, Dim d)
{
	Dim list[16], by[16];
	const char *name[16];
	int n = dim_symbols(d, list, 0, 16);

	for (int i = 0; i < n; i++) {
		name[i] = list[i]->name;
		by[i] = dim_add(t, list[i], dim_const(t, 1));
	}
	Dim r = n ? dim_subst(t, d, n, name, by) : d;
	return r ? r : d;
}

static bool at_most(DimTable *t, Dim a, Dim b)
{
	return a && b && dim_known_le(raised(t, a), raised(t, b));   /* NULL: it has left 64 bits */
}

Dim size_compare(DimTable *t, CmpDir dir, Dim a, Dim b)
{
	Dim one = dim_const(t, 1), zero = dim_const(t, 0);

	switch (dir) {
	case CMP_EQ:
		return dim_known_equal(a, b) ? one : dim_known_unequal(raised(t, a), raised(t, b)) ? zero : NULL;
	case CMP_NE:
		return dim_known_equal(a, b) ? zero : dim_known_unequal(raised(t, a), raised(t, b)) ? one : NULL;
	case CMP_LE:
		return at_most(t, a, b) ? one : at_most(t, dim_add(t, b, one), a) ? zero : NULL;
	case CMP_LT:
		return at_most(t, dim_add(t, a, one), b) ? one : at_most(t, b, a) ? zero : NULL;
	case CMP_GE:
		return size_compare(t, CMP_LE, b, a);
	case CMP_GT:
		return size_compare(t, CMP_LT, b, a);
	}
	UNREACHABLE("comparison %d", (int)dir);
}

/* The quotient rounded to zero, or the remainder that belongs to it. */
static Dim divided(DimTable *t, Dim a, Dim b, bool rest)
{
	int64_t x, y;

	if (dim_is_const(a) && dim_is_const(b)) {
		x = a->value, y = b->value;
		if (y == 0 || (x == INT64_MIN && y == -1))
			return NULL;
		return dim_const(t, rest ? x % y : x / y);
	}
	if (!at_most(t, dim_const(t, 0), a) || !at_most(t, dim_const(t, 1), b))
		return NULL;
	return rest ? dim_mod(t, a, b) : dim_floordiv(t, a, b);
}

static Dim sign(DimTable *t, Dim a)
{
	if (at_most(t, dim_const(t, 1), a))
		return dim_const(t, 1);
	if (dim_is(a, 0))
		return a;
	return at_most(t, a, dim_const(t, -1)) ? dim_const(t, -1) : NULL;
}

static bool is_false(Dim d) { return d && dim_is(d, 0); }
static bool is_true(Dim d) { return d && dim_is(d, 1); }

Dim size_element(DimTable *t, OpKind kind, const Dim *x, int n)
{
	if (kind == OP_and)
		return is_false(x[0]) || is_false(x[1]) ? dim_const(t, 0) : is_true(x[0]) ? x[1] : is_true(x[1]) ? x[0] : NULL;
	if (kind == OP_or)
		return is_true(x[0]) || is_true(x[1]) ? dim_const(t, 1) : is_false(x[0]) ? x[1] : is_false(x[1]) ? x[0] : NULL;
	if (kind == OP_select)
		return is_true(x[0]) || (x[1] && x[1] == x[2]) ? x[1] : is_false(x[0]) ? x[2] : NULL;
	for (int i = 0; i < n; i++)
		if (!x[i])
			return NULL;
	switch (kind) {
	case OP_add: return dim_add(t, x[0], x[1]);
	case OP_sub: return dim_sub(t, x[0], x[1]);
	case OP_mul: return dim_mul(t, x[0], x[1]);
	case OP_max: return dim_max(t, x[0], x[1]);
	case OP_min: return dim_min(t, x[0], x[1]);
	case OP_div: return divided(t, x[0], x[1], false);
	case OP_rem: return divided(t, x[0], x[1], true);
	case OP_neg: return dim_sub(t, dim_const(t, 0), x[0]);
	case OP_sign: return sign(t, x[0]);
	case OP_abs: return at_most(t, dim_const(t, 0), x[0]) ? x[0] : NULL;
	case OP_clamp: return dim_min(t, dim_max(t, x[1], x[0]), x[2]);
	case OP_floor: case OP_ceil: case OP_round_nearest_even: case OP_round_nearest_afz: return x[0];
	default: return NULL;
	}
}

/* -1: symbolic, or more than `most`. */
static int64_t count_of(const Type *t, int64_t most)
{
	int64_t n = 1;

	for (int i = 0; i < t->rank; i++)
		if (!dim_is_const(t->dim[i]) || __builtin_mul_overflow(n, t->dim[i]->value, &n) || n > most)
			return -1;
	return n;
}

static Elements *elements(Sizes *s, const Value *v)
{
	Elements *e = map_get(&s->memo, v);

	if (!e) {
		e = ARENA_NEW(s->arena, Elements);
		map_set(&s->memo, v, e);
	}
	return e;
}

/* op on these blobs; each result's elements are remembered. */
static void fold(Sizes *s, const Op *op, Blob *const *in)
{
	Tensor **t = ARENA_ARRAY(s->arena, Tensor *, op->nargs + op->nresults + 1), **out = t + op->nargs;
	bool ok = true;

	for (int i = 0; i < op->nargs; i++)
		ok = (t[i] = tensor_from_blob(in[i])) && ok;
	ok = ok && eval_op(s->ctx, op, t, out);
	for (int i = 0; i < op->nresults; i++) {
		elements(s, op->result[i])->folded = true;
		if (ok)
			elements(s, op->result[i])->blob = blob_from_tensor(s->arena, out[i]);
		if (ok)
			tensor_unref(out[i]);
	}
	for (int i = 0; i < op->nargs; i++)
		if (t[i])
			tensor_unref(t[i]);
}

Blob *sizes_constant(Sizes *s, const Value *v)
{
	Blob *known = value_constant(v);
	const Op *op = v->def;
	Elements *e;

	if (known)
		return known;
	e = elements(s, v);
	if (e->folded)
		return e->blob;
	if (!op) {
		e->blob = s->leaf ? s->leaf(s->arg, v) : NULL;
		e->folded = e->blob != NULL;    /* it may be known later */
		return e->blob;
	}
	e->folded = true;
	if (s->depth >= SIZES_DEPTH_MAX || op->kind == OP_weight || op_has(op, T_CONTROL | T_COLLECTIVE | T_TERMINATOR) || !op_is_pure(op))
		return NULL;
	for (int i = 0; i < op->nresults; i++)
		if (count_of(op->result[i]->type, SIZES_CONSTANT_MAX) < 0)
			return NULL;
	if (op->kind == OP_dimension) {
		Dim d = op_attrs(dimension, op)->value;
		if (dim_is_const(d))
			e->blob = blob_dense(s->arena, DT_I64, 0, NULL, arena_copy(s->arena, &d->value, sizeof d->value));
		return e->blob;
	}
	Blob **in = ARENA_ARRAY(s->arena, Blob *, op->nargs + 1);
	bool ok = true;
	s->depth++;
	for (int i = 0; i < op->nargs && ok; i++)
		ok = count_of(op->arg[i]->type, SIZES_CONSTANT_MAX) >= 0 && (in[i] = sizes_constant(s, op->arg[i]));
	s->depth--;
	if (ok)
		fold(s, op, in);
	return e->blob;
}

static void of_blob(Sizes *s, Elements *e, const Blob *b, DType t)
{
	for (int i = 0; i < e->n; i++) {
		double x = dtype_to_f64(t, blob_get(b, i));
		uint64_t bits = blob_get(b, i);
		int shift = 64 - dtype_info[t].bits;

		if (dtype_is_float(t))
			e->at[i] = x >= -9e15 && x <= 9e15 && x == (double)(int64_t)x ? dim_const(s->ctx->dims, (int64_t)x) : NULL;
		else if (t == DT_BOOL || !dtype_is_signed(t))
			e->at[i] = bits <= INT64_MAX ? dim_const(s->ctx->dims, (int64_t)bits) : NULL;
		else
			e->at[i] = dim_const(s->ctx->dims, (int64_t)(bits << shift) >> shift);
	}
}

/* How many operands, from the first on, are elements that the op moves; the others say where.  0: it is no such op. */
static int moved_operands(const Op *op)
{
	switch (op->kind) {
	case OP_reshape: case OP_broadcast_in_dim: case OP_transpose: case OP_reverse: case OP_slice: case OP_pad: case OP_concatenate:
	case OP_flatten: case OP_squeeze: case OP_expand_dims: case OP_stack: case OP_split: case OP_tile: case OP_roll:
		return op->nargs;
	case OP_gather: case OP_dynamic_slice: case OP_take: case OP_gather_nd: case OP_embedding:
		return 1;
	default:
		return 0;
	}
}

/* Numbers the elements of what is moved, runs the op on these numbers, and looks where each has gone. */
static void of_move(Sizes *s, const Op *op, int nmoved)
{
	Tensor **in = ARENA_ARRAY(s->arena, Tensor *, op->nargs + op->nresults + 1), **out = in + op->nargs;
	VEC(Dim) name = { 0 };
	bool ok = true;

	for (int i = 0; i < op->nargs && ok; i++) {
		const Type *t = op->arg[i]->type;
		int64_t dim[RANK_MAX], n = count_of(t, SIZES_MAX);
		Blob *where = i < nmoved ? NULL : sizes_constant(s, op->arg[i]);
		Dims known = { 0 };

		if (i >= nmoved) {
			ok = where && (in[i] = tensor_from_blob(where));
			continue;
		}
		/* Numbers that the element type can hold and tell apart. */
		ok = n >= 0 && name.n + n <= (dtype_is_float(t->dtype) ? dtype_size(t->dtype) >= 4 ? 1 << 20 : 0 :
		                              dtype_width(t->dtype) >= 16 ? 1 << 14 : dtype_width(t->dtype) == 8 ? 127 : 1);
		for (int k = 0; k < t->rank && ok; k++)
			dim[k] = t->dim[k]->value;
		ok = ok && (n == 0 || sizes_elements(s, op->arg[i], &known)) && (in[i] = tensor_new(t->dtype, t->rank, dim));
		for (int64_t k = 0; k < n && ok; k++) {
			tensor_set(in[i], k, dtype_from_f64(t->dtype, name.n));
			vec_push(s->arena, &name, known.at[k]);
		}
	}
	ok = ok && eval_op(s->ctx, op, in, out);
	for (int r = 0; r < op->nresults && ok; r++) {
		Elements *e = elements(s, op->result[r]);

		e->followed = true;
		e->n = out[r]->count <= SIZES_MAX ? (int)out[r]->count : 0;
		e->at = ARENA_ARRAY(s->arena, Dim, e->n + 1);
		for (int i = 0; i < e->n; i++)
			e->at[i] = name.at[(int)dtype_to_f64(out[r]->dtype, tensor_get(out[r], i))];
		tensor_unref(out[r]);
	}
	for (int i = 0; i < op->nargs; i++)
		if (in[i])
			tensor_unref(in[i]);
}

static OpKind reduction(const Op *op)
{
	switch (op->kind) {
	case OP_reduce_sum: return OP_add;
	case OP_reduce_prod: return OP_mul;
	case OP_reduce_max: return OP_max;
	case OP_reduce_min: return OP_min;
	default: return OP_COUNT;
	}
}

static void of_elementwise(Sizes *s, const Op *op, Elements *e)
{
	Dims in[3] = { { 0 } };
	Dim x[3];

	for (int j = 0; j < op->nargs; j++)
		if (!sizes_elements(s, op->arg[j], &in[j]))
			in[j].n = 0;
	for (int i = 0; i < e->n; i++) {
		for (int j = 0; j < op->nargs; j++)
			x[j] = in[j].n == e->n ? in[j].at[i] : in[j].n == 1 ? in[j].at[0] : NULL;
		if (op->kind == OP_compare)
			e->at[i] = x[0] && x[1] ? size_compare(s->ctx->dims, op_attrs(compare, op)->dir, x[0], x[1]) : NULL;
		else if (op->kind == OP_convert)
			e->at[i] = op->result[0]->type->dtype == DT_BOOL ? NULL : x[0];
		else if (op->kind == OP_div && dtype_is_float(op->result[0]->type->dtype))
			e->at[i] = x[0] && x[1] ? dim_divide_exact(s->ctx->dims, x[0], x[1]) : NULL;
		else
			e->at[i] = size_element(s->ctx->dims, op->kind == OP_where ? OP_select : op->kind, x, op->nargs);
	}
}

static void follow(Sizes *s, const Op *op, Elements *e)
{
	OpKind combine = reduction(op);
	Dims in;

	if (op->kind == OP_dimension) {
		e->at[0] = op_attrs(dimension, op)->value;
	} else if (op->kind == OP_define_size) {
		e->at[0] = op_attrs(define_size, op)->size;
	} else if ((op_has(op, T_EW) && op->nargs <= 3) || op->kind == OP_where) {
		of_elementwise(s, op, e);
	} else if (combine != OP_COUNT && e->n == 1 && sizes_elements(s, op->arg[0], &in)) {
		Dim all = in.at[0];
		for (int i = 1; i < in.n; i++)
			all = size_element(s->ctx->dims, combine, (Dim[]){ all, in.at[i] }, 2);
		e->at[0] = all;
	} else if (moved_operands(op)) {
		of_move(s, op, moved_operands(op));
	}
}

bool sizes_elements(Sizes *s, const Value *v, Dims *out)
{
	Elements *e = elements(s, v);
	int64_t n = count_of(v->type, SIZES_MAX);
	Blob *b;

	if (n <= 0 || dtype_is_complex(v->type->dtype))
		return false;
	if (!e->followed) {
		b = sizes_constant(s, v);
		e->n = (int)n;
		e->at = ARENA_ARRAY(s->arena, Dim, n);
		e->followed = v->def || b;     /* an input may be known later */
		if (b) {
			of_blob(s, e, b, v->type->dtype);
		} else if (v->def && s->depth < SIZES_DEPTH_MAX) {
			s->depth++;
			follow(s, v->def, e);
			s->depth--;
		}
	}
	*out = (Dims){ e->n, e->at };
	for (int i = 0; i < e->n; i++)
		if (e->at[i])
			return true;
	return false;
}
