/* ir/order.c - which order of accumulation an op has. */
#include "ir/order.h"

#include "ir/base/check.h"
#include "ir/exprs.h"

static bool is_literal_one(const Type *t, int axis)
{
	return dim_is(t->dim[axis], 1);
}

static bool ints_have(Ints list, int64_t x)
{
	for (int i = 0; i < list.n; i++) {
		if (list.at[i] == x)
			return true;
	}
	return false;
}

/* A symbol counts as more than one, so that binding it later does not change the order. */
static Order order_of_dot(const Op *op)
{
	const struct attrs_dot_general *a = op_attrs(dot_general, op);
	const Type *rhs = op->arg[1]->type;

	for (int i = 0; i < rhs->rank; i++) {
		bool free_axis = !ints_have(a->rhs_batch, i) && !ints_have(a->rhs_contract, i);

		if (free_axis && !is_literal_one(rhs, i))
			return ORDER_CHAIN;
	}
	return ORDER_LANES;
}

int order_dims(const Op *op, int64_t *out)
{
	const struct attrs_reduce *a = op_attrs(reduce, op);

	CHECK(a->dims.n <= RANK_MAX, "reduce: %d dims", a->dims.n);
	for (int i = 0; i < a->dims.n; i++) {
		int j = i;

		for (; a->order == ORDER_NONE && j > 0 && out[j - 1] > a->dims.at[i]; j--)
			out[j] = out[j - 1];
		out[j] = a->dims.at[i];
	}
	return a->dims.n;
}

static Order order_of_reduce(const Op *op, int64_t *row)
{
	const Block *region = op->region[0];
	bool tree = op->nargs == 2 ? region_combiner(region) != OP_COUNT
	                           : op->nargs == 4 && region_is_argreduce(region);
	int64_t dims[RANK_MAX];
	int n = order_dims(op, dims);
	int rank = op->arg[0]->type->rank;

	*row = 0;
	if (!tree)
		return ORDER_SERIAL;
	while (*row < n && dims[n - 1 - *row] == rank - 1 - *row)
		++*row;
	return ORDER_TREE;
}

Order order_of(const Op *op, int64_t *row)
{
	int64_t ignored;

	row = row ? row : &ignored;
	*row = 0;
	switch (op->kind) {
	case OP_dot_general: {
		Order order = op_attrs(dot_general, op)->order;

		return order != ORDER_NONE ? order : order_of_dot(op);
	}
	case OP_conv_general:
		return ORDER_CHAIN;
	case OP_reduce: {
		const struct attrs_reduce *a = op_attrs(reduce, op);

		if (a->order == ORDER_NONE)
			return order_of_reduce(op, row);
		*row = a->order == ORDER_TREE ? a->row : 0;
		return a->order;
	}
	default:
		return ORDER_NONE;
	}
}

/* Only comparisons and choices among the arguments: then the outcome depends on how the arguments compare with each
   other (and on which of them are NaN), not on what they are, and a few values stand for all. */
static bool decides_by_comparing(const Block *region)
{
	for (const Op *op = region->first; op; op = op->next) {
		switch (op->kind) {
		case OP_compare:
			if (op_attrs(compare, op)->total)
				return false;
			break;
		case OP_select:
		case OP_max:
		case OP_min:
		case OP_yield:
			break;
		case OP_and:
		case OP_or:
		case OP_xor:
		case OP_not:
			if (op->arg[0]->type->dtype != DT_BOOL)
				return false;
			break;
		default:
			return false;
		}
	}
	return true;
}

/* A value of type t, the i-th of an ascending list that starts with the special ones: NaN and -0 where t has them. */
enum { NSAMPLES = 5 };
static uint64_t sample(DType t, int i)
{
	static const double number[NSAMPLES] = { (double)__builtin_nan(""), -0.0, 0, 1, 2 };

	if (dtype_is_float(t))
		return dtype_from_f64(t, number[i]);
	switch (t) {
	case DT_BOOL: return (uint64_t)(i & 1);
	default: return (uint64_t)(i + 1);
	}
}

static uint64_t load_bits(const void *p, DType t)
{
	uint64_t v = 0;

	memcpy(&v, p, (size_t)dtype_size(t));
	return v;
}

/* Both yielded values of the body on one pair of (value, index). */
typedef struct Pair { uint64_t value, index; } Pair;

static Pair apply(ScalarProg *const prog[2], DType value, DType index, Pair a, Pair b)
{
	const void *in[4] = { &a.value, &a.index, &b.value, &b.index };
	const int step[4] = { 1, 1, 1, 1 };
	uint64_t out[2] = { 0, 0 };

	for (int i = 0; i < 2; i++)
		scalar_prog_eval(prog[i], in, step, &out[i], 1);
	return (Pair){ load_bits(&out[0], value), load_bits(&out[1], index) };
}

static bool pair_equal(Pair a, Pair b)
{
	return a.value == b.value && a.index == b.index;
}

/* The body on three elements in every order and grouping gives one and the same element. */
static bool is_one_choice(ScalarProg *const prog[2], DType value, DType index, const Pair x[3])
{
	static const int perm[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	Pair first = apply(prog, value, index, apply(prog, value, index, x[0], x[1]), x[2]);

	if (!pair_equal(first, x[0]) && !pair_equal(first, x[1]) && !pair_equal(first, x[2]))
		return false;
	for (int p = 0; p < 6; p++) {
		Pair a = x[perm[p][0]], b = x[perm[p][1]], c = x[perm[p][2]];
		Pair left = apply(prog, value, index, apply(prog, value, index, a, b), c);
		Pair right = apply(prog, value, index, a, apply(prog, value, index, b, c));

		if (!pair_equal(left, first) || !pair_equal(right, first))
			return false;
	}
	return true;
}

static bool body_is_argreduce(ScalarProg *const prog[2], DType value, DType index)
{
	for (int i = 0; i < NSAMPLES * NSAMPLES * NSAMPLES; i++) {
		Pair x[3] = {
			{ sample(value, i % NSAMPLES), 1 },
			{ sample(value, i / NSAMPLES % NSAMPLES), 2 },
			{ sample(value, i / NSAMPLES / NSAMPLES), 3 },
		};

		if (!is_one_choice(prog, value, index, x))
			return false;
	}
	return true;
}

bool region_is_argreduce(const Block *region)
{
	const Op *yield = region->last;

	if (region->args.n != 4 || !yield || yield->kind != OP_yield || yield->nargs != 2)
		return false;
	const Type *value = region->args.at[0]->type, *index = region->args.at[1]->type;
	bool few = DTS_NARROW_INT & (DTS(value->dtype) | DTS(index->dtype));   /* too few values to tell */
	if (value->rank != 0 || index->rank != 0 || !dtype_is_int(index->dtype) || few ||
	    region->args.at[2]->type != value || region->args.at[3]->type != index ||
	    yield->arg[0]->type != value || yield->arg[1]->type != index || !decides_by_comparing(region))
		return false;

	Arena *a = arena_new();
	ScalarProg *prog[2] = { region_prog(a, region, 0), region_prog(a, region, 1) };
	bool yes = prog[0] && prog[1] && body_is_argreduce(prog, value->dtype, index->dtype);

	arena_free(a);
	return yes;
}
