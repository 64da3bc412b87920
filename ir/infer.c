/* ir/infer.c - the table of inference functions, and the checks that they share. */
#include "ir/infer_impl.h"

#define COMPOSITE(name, operands, attributes, infer, expand, doc) \
	OP(name, operands, T_COMPOSITE, attributes, NO_REGIONS, infer, composite, composite, doc)
const InferFn infer_table[OP_COUNT] = {
#define OP(name, operands, traits, attributes, regions, infer, ...) [OP_##name] = infer_##infer,
#include "ir/ops.def"
};

static const char *op_name(const Infer *in)
{
	return op_row(in->op)->name;
}

static void report(Infer *in, const char *fmt, va_list ap)
{
	char *text = arena_vprintf(in->ctx->arena, fmt, ap);

	diag_error(&in->ctx->diag, in->op->loc, "%s: %s", op_name(in), text);
}

bool infer_fail(Infer *in, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(in, fmt, ap);
	va_end(ap);
	return false;
}

bool infer_fail_at(Infer *in, int i, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(in, fmt, ap);
	va_end(ap);
	diag_note(&in->ctx->diag, in->op->arg[i]->loc, "%s is defined here", infer_operand_text(in, i));
	return false;
}

const char *infer_type_text(Infer *in, const Type *t)
{
	Str s = { 0 };

	type_print(&s, t);
	const char *text = arena_strdup(in->ctx->arena, str_cstr(&s));
	str_free(&s);
	return text;
}

const char *infer_dim_text(Infer *in, Dim d)
{
	if (!d)
		return "(too large)";

	Str s = { 0 };
	dim_print(&s, d);
	const char *text = arena_strdup(in->ctx->arena, str_cstr(&s));
	str_free(&s);
	return text;
}

const char *infer_operand_text(Infer *in, int i)
{
	return in->op->nargs == 1 ? "the operand" : arena_printf(in->ctx->arena, "operand %d", i);
}

bool infer_op(Infer *in)
{
	int want = op_row(in->op)->nargs, found = in->op->nargs;

	if (want != VARIADIC && found != want)
		return infer_fail(in, "%d operand%s found, wanted %d", found, found == 1 ? "" : "s", want);
	return infer_table[in->op->kind](in);
}

Dim infer_const(Infer *in, int64_t v)
{
	return dim_const(in->ctx->dims, v);
}

#define DIM_FUNCTION(name) \
	Dim infer_##name(Infer *in, Dim a, Dim b) { return a && b ? dim_##name(in->ctx->dims, a, b) : NULL; }
DIM_FUNCTION(add)
DIM_FUNCTION(sub)
DIM_FUNCTION(mul)
DIM_FUNCTION(max)
DIM_FUNCTION(floordiv)
DIM_FUNCTION(ceildiv)

Dim infer_product(Infer *in, int n, const Dim *at)
{
	Dim d = infer_const(in, 1);

	for (int i = 0; i < n; i++)
		d = infer_mul(in, d, at[i]);
	return d;
}

bool infer_can_equal(Infer *in, Dim a, Dim b)
{
	if (!a || !b)
		return false;
	if (a == b || dim_known_equal(a, b))
		return true;
	return !dim_known_unequal(a, b) && func_require_equal(in->func, a, b, in->op->loc, op_name(in));
}

/* a <= b exactly where d = b - a is max(0, d), which is a condition that can be recorded. */
/* In the body of a loop of `rounds` rounds, rounds >= 1: that and d >= rounds - 1 is d >= 0. */
static bool holds_in_loop(Infer *in, Dim d)
{
	int64_t lo, hi;

	for (const Block *b = in->op->block; b && b->parent; b = b->parent->block) {
		if (b->parent->kind != OP_while || b != b->parent->region[1] || !op_attrs(while, b->parent)->rounds.n)
			continue;
		Dim more = infer_sub(in, d, infer_sub(in, op_attrs(while, b->parent)->rounds.at[0], infer_const(in, 1)));
		if (!more)
			continue;
		dim_range(more, &lo, &hi);
		if (lo >= 0)
			return true;
	}
	return false;
}

bool infer_can_be_at_most(Infer *in, Dim a, Dim b)
{
	Dim d = infer_sub(in, b, a), zero = infer_const(in, 0);
	int64_t lo, hi;

	if (!d)
		return false;
	if (d->kind == DIM_FLOORDIV && dim_is_const(d->arg[1]))
		d = d->arg[0];   /* of the same sign */
	dim_range(d, &lo, &hi);
	if (lo >= 0 || holds_in_loop(in, d))
		return true;
	Dim least = infer_max(in, zero, d);
	return hi >= 0 && least && func_require_equal(in->func, least, d, in->op->loc, op_name(in));
}

Dim infer_merge(Infer *in, Dim a, Dim b)
{
	if (a == b || dim_is_const(a))
		return a;
	if (dim_is_const(b))
		return b;

	const char *s = infer_dim_text(in, a), *t = infer_dim_text(in, b);
	size_t m = strlen(s), n = strlen(t);
	if (m != n)
		return m < n ? a : b;
	return strcmp(s, t) <= 0 ? a : b;
}

bool infer_broadcast(Infer *in, const char *what, Dim a, Dim b, Dim *out)
{
	if (dim_is(a, 1) || dim_is(b, 1)) {
		*out = dim_is(a, 1) ? b : a;
		return true;
	}
	if (!infer_equal(in, a, b, "%s extents %s and %s do not go together, wanted equal ones or a 1", what, infer_dim_text(in, a),
	                 infer_dim_text(in, b)))
		return false;
	*out = infer_merge(in, a, b);
	return true;
}

bool infer_result(Infer *in, DType t, int rank, const Dim *dim)
{
	if (rank > dtype_rank_max(t))
		return infer_fail(in, "the result would have rank %d; at most %d is supported", rank, dtype_rank_max(t));
	for (int i = 0; i < rank; i++) {
		if (!dim[i])
			return infer_fail(in, "axis %d of the result has an extent that does not fit 64 bits", i);
		if (!infer_at_most(in, infer_const(in, 0), dim[i], "axis %d of the result would have the negative extent %s",
		                   i, infer_dim_text(in, dim[i])))
			return false;
	}

	const Type *type = type_get(in->ctx->types, t, rank, dim);
	if (!type_bytes(in->ctx->types, type))
		return infer_fail(in, "the result %s has more bytes than fit 64 bits", infer_type_text(in, type));
	return infer_result_type(in, type);
}

bool infer_result_type(Infer *in, const Type *t)
{
	vec_push(in->ctx->arena, &in->result, t);
	return true;
}

bool infer_fits(Infer *in, const char *what, DType t, int rank, const Dim *dim)
{
	const Type *type = NULL;

	if (rank > RANK_MAX)
		return infer_fail(in, "%s would have rank %d; at most %d is supported", what, rank, RANK_MAX);
	for (int i = 0; i < rank; i++)
		if (!dim[i])
			return infer_fail(in, "%s would have an extent that does not fit 64 bits", what);
	type = type_get(in->ctx->types, t, rank, dim);
	if (!type_bytes(in->ctx->types, type))
		return infer_fail(in, "%s, %s, would have more bytes than fit 64 bits", what, infer_type_text(in, type));
	return true;
}

bool infer_operand_is(Infer *in, int i, const char *what, int rank, const Dim *dim)
{
	const Type *want = type_get(in->ctx->types, infer_arg(in, 0)->dtype, rank, dim);
	const Type *found = infer_arg(in, i);

	return found == want || infer_type_is(in, found, want, arena_printf(in->ctx->arena, "%s, operand %d,", what, i));
}

bool infer_arity(Infer *in, int least, int most, const char *what)
{
	int n = in->op->nargs;

	if (n >= least && n <= most)
		return true;
	return infer_fail(in, "%d operand%s found, wanted %s", n, n == 1 ? "" : "s", what);
}

/* "f16, bf16, f32 or f64"; the narrow types, which go with the others of their kind, would bury these. */
static const char *types_text(Infer *in, unsigned types)
{
	Str s = { 0 };

	types &= ~DTS_NARROW;
	int left = __builtin_popcount(types);

	for (int t = 0; t < DT_COUNT; t++) {
		if (!(types & DTS(t)))
			continue;
		str_add(&s, dtype_info[t].name);
		left--;
		if (left)
			str_add(&s, left == 1 ? " or " : ", ");
	}
	const char *text = arena_strdup(in->ctx->arena, str_cstr(&s));
	str_free(&s);
	return text;
}

bool infer_dtype_in(Infer *in, int i, unsigned types)
{
	const Type *t = infer_arg(in, i);

	if (types & DTS(t->dtype))
		return true;
	return infer_fail_at(in, i, "%s has element type %s, wanted %s", infer_operand_text(in, i),
	                     dtype_info[t->dtype].name, types_text(in, types));
}

bool infer_dtype_same(Infer *in, int i, int j)
{
	DType want = infer_arg(in, i)->dtype, found = infer_arg(in, j)->dtype;

	if (want == found)
		return true;
	return infer_fail_at(in, j, "operand %d has element type %s, wanted %s like operand %d; use convert",
	                     j, dtype_info[found].name, dtype_info[want].name, i);
}

bool infer_shape_same(Infer *in, int i, int j)
{
	const Type *want = infer_arg(in, i), *found = infer_arg(in, j);

	if (want == found)
		return true;
	if (want->rank != found->rank)
		return infer_fail_at(in, j, "operand %d is %s, wanted the shape of operand %d, which is %s", j,
		                     infer_type_text(in, found), i, infer_type_text(in, want));
	for (int k = 0; k < want->rank; k++)
		if (!infer_equal(in, want->dim[k], found->dim[k],
		                 "axis %d of operand %d has extent %s, wanted %s as operand %d has", k, j,
		                 infer_dim_text(in, found->dim[k]), infer_dim_text(in, want->dim[k]), i))
			return false;
	return true;
}

bool infer_rank_is(Infer *in, int i, int rank)
{
	const Type *t = infer_arg(in, i);

	if (t->rank == rank)
		return true;
	return infer_fail_at(in, i, "%s is %s of rank %d, wanted rank %d", infer_operand_text(in, i),
	                     infer_type_text(in, t), t->rank, rank);
}

bool infer_is_scalar(Infer *in, int i, DType t, const char *what)
{
	const Type *found = infer_arg(in, i);

	if (found->rank == 0 && found->dtype == t)
		return true;
	return infer_fail_at(in, i, "%s is %s, wanted %s[]", what, infer_type_text(in, found), dtype_info[t].name);
}

bool infer_type_is(Infer *in, const Type *found, const Type *want, const char *what)
{
	if (found == want)
		return true;
	if (found->dtype != want->dtype || found->rank != want->rank)
		return infer_fail(in, "%s is %s, wanted %s", what, infer_type_text(in, found), infer_type_text(in, want));
	for (int i = 0; i < want->rank; i++)
		if (!infer_equal(in, found->dim[i], want->dim[i], "%s is %s, wanted %s", what,
		                 infer_type_text(in, found), infer_type_text(in, want)))
			return false;
	return true;
}

bool ints_have(Ints v, int64_t x)
{
	for (int i = 0; i < v.n; i++)
		if (v.at[i] == x)
			return true;
	return false;
}

bool infer_axis(Infer *in, const char *attr, int64_t axis, int rank)
{
	if (axis >= 0 && axis < rank)
		return true;
	if (rank == 0)
		return infer_fail(in, "'%s' is %lld, but there is no axis: the rank is 0", attr, (long long)axis);
	return infer_fail(in, "'%s' has axis %lld, wanted 0 to %d", attr, (long long)axis, rank - 1);
}

bool infer_axis_wrapped(Infer *in, const char *attr, int64_t axis, int rank, int *out)
{
	if (axis >= -rank && axis < rank) {
		*out = (int)(axis < 0 ? axis + rank : axis);
		return true;
	}
	if (rank == 0)
		return infer_fail(in, "'%s' is %lld, but there is no axis: the rank is 0", attr, (long long)axis);
	return infer_fail(in, "'%s' has axis %lld, wanted %d to %d", attr, (long long)axis, -rank, rank - 1);
}

bool infer_axes(Infer *in, const char *attr, Ints axes, int rank, unsigned flags)
{
	for (int i = 0; i < axes.n; i++) {
		if (!infer_axis(in, attr, axes.at[i], rank))
			return false;
		for (int j = 0; j < i; j++)
			if (axes.at[j] == axes.at[i])
				return infer_fail(in, "'%s' names axis %lld twice", attr, (long long)axes.at[i]);
		if ((flags & AXES_SORTED) && i && axes.at[i] < axes.at[i - 1])
			return infer_fail(in, "'%s' has axis %lld after %lld, wanted ascending axes", attr,
			                  (long long)axes.at[i], (long long)axes.at[i - 1]);
	}
	return true;
}

bool infer_axes_wrapped(Infer *in, const char *attr, Ints axes, int rank, bool *marked)
{
	memset(marked, 0, (size_t)rank * sizeof *marked);
	for (int i = 0; i < axes.n; i++) {
		int axis = 0;

		if (!infer_axis_wrapped(in, attr, axes.at[i], rank, &axis))
			return false;
		if (marked[axis])
			return infer_fail(in, "'%s' names axis %d twice", attr, axis);
		marked[axis] = true;
	}
	return true;
}

bool infer_word(Infer *in, const char *attr, const char *word, const char *const *words, int n)
{
	Str list = { 0 };

	if (word_index(word, words, n) >= 0)
		return true;
	for (int i = 0; i < n; i++)
		str_printf(&list, "%s\"%s\"", i == 0 ? "" : i == n - 1 ? " or " : ", ", words[i]);
	infer_fail(in, "'%s' is \"%s\", wanted %s", attr, word ? word : "", str_cstr(&list));
	str_free(&list);
	return false;
}

bool infer_ints_count(Infer *in, const char *attr, Ints v, int want, bool may_be_absent)
{
	if (v.n == want || (may_be_absent && v.n == 0))
		return true;
	return infer_fail(in, "'%s' has %d entr%s, wanted %d", attr, v.n, v.n == 1 ? "y" : "ies", want);
}

bool infer_ints_least(Infer *in, const char *attr, Ints v, int64_t least)
{
	for (int i = 0; i < v.n; i++)
		if (v.at[i] < least)
			return infer_fail(in, "'%s' has entry %lld, wanted at least %lld", attr, (long long)v.at[i],
			                  (long long)least);
	return true;
}

static const char *region_text(Infer *in, int r)
{
	const char *name = op_region_name(in->op, r);

	return name && *name ? arena_printf(in->ctx->arena, "region '%s'", name) : "the region";
}

bool infer_region(Infer *in, int r, int nargs, const Type *const *args, int nyields, const Type *const *yields)
{
	const Op *op = in->op;

	CHECK(r < op->nregions, "%s has no region %d", op_name(in), r);
	const Block *b = op->region[r];
	const char *where = region_text(in, r);
	if (b->args.n != nargs)
		return infer_fail(in, "%s takes %d argument%s, wanted %d", where, b->args.n, b->args.n == 1 ? "" : "s", nargs);
	for (int i = 0; i < nargs; i++) {
		const Type *found = b->args.at[i]->type;

		if (found != args[i] &&
		    !infer_type_is(in, found, args[i], arena_printf(in->ctx->arena, "argument %d of %s", i, where)))
			return false;
	}
	if (!b->last || b->last->kind != OP_yield)
		return infer_fail(in, "%s does not end with yield", where);
	if (b->last->nargs != nyields)
		return infer_fail(in, "%s yields %d value%s, wanted %d", where, b->last->nargs,
		                  b->last->nargs == 1 ? "" : "s", nyields);
	for (int i = 0; i < nyields; i++) {
		const Type *found = b->last->arg[i]->type;

		if (found != yields[i] &&
		    !infer_type_is(in, found, yields[i], arena_printf(in->ctx->arena, "value %d that %s yields", i, where)))
			return false;
	}
	return true;
}

bool infer_combiner(Infer *in, int first, int n)
{
	Arena *a = in->ctx->arena;
	const Type **args = ARENA_ARRAY(a, const Type *, 2 * n);

	for (int i = 0; i < n; i++)
		args[i] = args[n + i] = type_scalar(in->ctx->types, infer_arg(in, first + i)->dtype);
	return infer_region(in, 0, 2 * n, args, n, args);
}
