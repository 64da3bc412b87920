/* ir/complex.c - rewrites a graph so that complex values become pairs of real ones.

   A walk over the ops in order.  Each op has a rule: what moves elements is applied to both parts; what has regions, or takes any
   number of values, takes twice as many; the rest are formulas (ir/complex_arith.c, ir/complex_math.c).  Rewritten ops stay until
   the end of their block, for later ops still name their results. */
#include "ir/complex_impl.h"

#include "ir/base/check.h"
#include "ir/exprs.h"

typedef struct Rewrite {
	Ctx  *ctx;
	Func *f;
	Arena *a;                  /* of this rewrite */
	Map   pair;                /* Value* -> Pair* */
	int   nhits;
	bool  ok;
} Rewrite;

typedef VEC(Op *) Ops;

typedef struct Rule {
	void  (*rewrite)(Rewrite *r, Op *op);
	Formula formula;           /* where rewrite is NULL */
	bool    stays;             /* the op is changed, not replaced */
} Rule;

static bool is_complex(const Value *v)
{
	return dtype_is_complex(v->type->dtype);
}

static bool has_complex(const Op *op)
{
	bool found = false;

	for (int i = 0; i < op->nargs; i++)
		found = found || is_complex(op->arg[i]);
	for (int i = 0; i < op->nresults; i++)
		found = found || is_complex(op->result[i]);
	for (int k = 0; k < op->nregions; k++)
		for (int i = 0; i < op->region[k]->args.n; i++)
			found = found || is_complex(op->region[k]->args.at[i]);
	return found;
}

bool op_is_recast(const Op *op)
{
	if (op->kind != OP_bitcast_convert)
		return false;
	DType from = op->arg[0]->type->dtype, to = op->result[0]->type->dtype;
	return dtype_is_complex(from) != dtype_is_complex(to) && dtype_part(from) == dtype_part(to);
}

/* Given from outside, or made for the outside: its parts lie together in memory. */
static bool is_boundary(const Value *v)
{
	if (!v->def)
		return !v->block->parent;
	switch (v->def->kind) {
	case OP_constant: case OP_weight: case OP_call: case OP_custom_call:
		return true;
	default:
		return op_is_recast(v->def);
	}
}

static bool stays(const Op *op)
{
	switch (op->kind) {
	case OP_constant: case OP_weight:
		return true;
	case OP_call: case OP_custom_call: case OP_return:
		for (int i = 0; i < op->nargs; i++)
			if (is_complex(op->arg[i]) && !is_boundary(op->arg[i]))
				return false;
		return true;
	default:
		return op_is_recast(op) && (!is_complex(op->arg[0]) || is_boundary(op->arg[0]));
	}
}

static bool is_settled(Op *op, void *arg)
{
	(void)arg;
	if (op->kind == OP_complex || op->kind == OP_real || op->kind == OP_imag)
		return false;
	return !has_complex(op) || stays(op);
}

bool func_has_complex(const Func *f)
{
	return !block_walk(f->body, is_settled, NULL);
}

/* Parts and wholes. */

static const char *part_name(Rewrite *r, const Value *v, const char *part)
{
	return v->name ? ctx_str(r->ctx, arena_printf(r->a, "%s.%s", v->name, part)) : NULL;
}

static void set_pair(Rewrite *r, const Value *v, Pair p)
{
	Pair *kept = ARENA_NEW(r->a, Pair);

	*kept = p;
	map_set(&r->pair, v, kept);
	if (!p.re->name && p.re->def)
		p.re->name = part_name(r, v, "re");
	if (p.im && !p.im->name && p.im->def)
		p.im->name = part_name(r, v, "im");
}

/* Part k of a tensor of pairs. */
static Value *take_part(Builder *b, Value *parts, int k)
{
	const Type *t = parts->type;
	int n = t->rank - 1;
	Dim start[RANK_MAX], limit[RANK_MAX];

	for (int i = 0; i < n; i++) {
		start[i] = dim_const(b->ctx->dims, 0);
		limit[i] = t->dim[i];
	}
	start[n] = dim_const(b->ctx->dims, k);
	limit[n] = dim_const(b->ctx->dims, k + 1);
	Value *x = BUILD(b, slice, ARGS(parts), .start = dims_copy(expand_arena(b), n + 1, start),
	                 .limit = dims_copy(expand_arena(b), n + 1, limit));
	return BUILD(b, reshape, ARGS(x), .shape = dims_copy(expand_arena(b), n, t->dim));
}

static Pair split(Builder *b, Value *parts)
{
	Value *re = take_part(b, parts, 0);

	return (Pair){ re, take_part(b, parts, 1) };
}

static Value *constant_part(Builder *b, const Blob *parts, int k)
{
	int64_t start[RANK_MAX] = { 0 }, limit[RANK_MAX];

	for (int i = 0; i < parts->rank; i++)
		limit[i] = parts->dim[i];
	start[parts->rank - 1] = k;
	limit[parts->rank - 1] = k + 1;
	Blob *x = blob_slice(expand_arena(b), parts, start, limit, NULL);
	x = blob_reshape(expand_arena(b), x, parts->rank - 1, parts->dim);
	CHECK(x, "an axis of extent 1 is dropped");
	x->key = NULL;
	return build_constant(b, x);
}

static Builder builder_behind(Rewrite *r, Value *v)
{
	Block *block = v->def ? v->def->block : v->block;
	Op *before = v->def ? v->def->next : block->first;
	Builder b = builder_before(r->ctx, before);

	b.loc = v->loc ? v->loc : b.loc;
	return b;
}

static Pair pair_of(Rewrite *r, Value *v)
{
	Pair *known = map_get(&r->pair, v), p;

	if (!is_complex(v))
		return (Pair){ v, NULL };
	if (known)
		return *known;
	CHECK(is_boundary(v), "a complex value of %s without parts", v->def ? op_row(v->def)->name : "a region");
	Builder b = builder_behind(r, v);
	if (v->def && v->def->kind == OP_constant) {
		Blob parts = blob_parts(op_attrs(constant, v->def)->value);
		p.re = constant_part(&b, &parts, 0);
		p.im = constant_part(&b, &parts, 1);
	} else if (v->def && op_is_recast(v->def)) {
		p = split(&b, v->def->arg[0]);
	} else {
		p = split(&b, BUILD(&b, bitcast_convert, ARGS(v), .dtype = dtype_part(v->type->dtype)));
	}
	set_pair(r, v, p);
	return p;
}

/* A tensor of pairs. */
static Value *join(Builder *b, Pair p)
{
	const Type *t = p.re->type;
	Dim shape[RANK_MAX];

	for (int i = 0; i < t->rank; i++)
		shape[i] = t->dim[i];
	shape[t->rank] = dim_const(b->ctx->dims, 1);
	Dims dims = dims_copy(expand_arena(b), t->rank + 1, shape);
	Value *re = BUILD(b, reshape, ARGS(p.re), .shape = dims);
	Value *im = BUILD(b, reshape, ARGS(p.im), .shape = dims);
	return BUILD(b, concatenate, ARGS(re, im), .dim = t->rank);
}

/* The value as it goes out. */
static Value *whole_of(Rewrite *r, Builder *b, Value *v)
{
	if (!is_complex(v) || is_boundary(v))
		return v;
	Value *parts = join(b, pair_of(r, v));
	Value *whole = BUILD(b, bitcast_convert, ARGS(parts), .dtype = v->type->dtype);
	whole->name = v->name;
	return whole;
}

/* Rules. */

static void rewrite_block(Rewrite *r, Block *block);

/* Operands: the parts of complex ones one after the other. */
static Value **doubled_args(Rewrite *r, const Op *op, int *n)
{
	Value **arg = ARENA_ARRAY(r->a, Value *, 2 * op->nargs + 1);

	*n = 0;
	for (int i = 0; i < op->nargs; i++) {
		Pair p = pair_of(r, op->arg[i]);
		arg[(*n)++] = p.re;
		if (p.im)
			arg[(*n)++] = p.im;
	}
	return arg;
}

static void give_results(Rewrite *r, const Op *op, Op *by)
{
	int n = 0;

	for (int i = 0; i < op->nresults; i++) {
		Value *v = op->result[i];
		if (is_complex(v)) {
			set_pair(r, v, (Pair){ by->result[n], by->result[n + 1] });
			n += 2;
		} else {
			by->result[n]->name = v->name;
			value_replace(v, by->result[n++]);
		}
	}
	CHECK(n == by->nresults, "%s with doubled operands has %d results, wanted %d", op_row(op)->name, by->nresults, n);
}

/* The ops of a region go to another one, whose arguments stand for its own; order[i]: which one argument i is followed by for
   its imaginary part, 0: the next one. */
static void move_region(Rewrite *r, Block *to, Block *from, bool apart)
{
	for (int i = 0; i < from->args.n; i++) {
		Value *v = from->args.at[i];
		const Type *t = type_with_dtype(r->ctx->types, v->type, dtype_part(v->type->dtype));
		if (!is_complex(v)) {
			value_replace(v, block_add_arg(to, t, v->name, v->loc));
			if (apart)
				value_replace(from->args.at[i + 1], block_add_arg(to, t, from->args.at[i + 1]->name, v->loc));
		} else if (!apart) {
			Value *re = block_add_arg(to, t, part_name(r, v, "re"), v->loc);
			set_pair(r, v, (Pair){ re, block_add_arg(to, t, part_name(r, v, "im"), v->loc) });
		} else {   /* two elements of one operand: both real parts, then both imaginary ones */
			Value *w = from->args.at[i + 1], *part[4];
			for (int k = 0; k < 4; k++)
				part[k] = block_add_arg(to, t, part_name(r, k % 2 ? w : v, k < 2 ? "re" : "im"), v->loc);
			set_pair(r, v, (Pair){ part[0], part[2] });
			set_pair(r, w, (Pair){ part[1], part[3] });
		}
		i += apart;
	}
	expand_move_ops(to, from);
	rewrite_block(r, to);
}

static void rewrite_doubled(Rewrite *r, Op *op)
{
	int n;
	Value **arg = doubled_args(r, op, &n);
	Builder b = builder_before(r->ctx, op);
	Op *by = build_begin(&b, op->kind, n, arg, op->attrs);

	for (int k = 0; k < op->nregions; k++)
		move_region(r, by->region[k], op->region[k], op->kind == OP_sort);
	if (!r->ok)
		return;
	by = build_finish(&b, by);
	CHECK(by, "%s with doubled operands is refused", op_row(op)->name);
	give_results(r, op, by);
}

/* The same op on the real and on the imaginary parts.  Operands that are real serve both. */
static Op *on_parts(Rewrite *r, const Op *op, bool imaginary)
{
	Builder b = builder_before(r->ctx, (Op *)op);
	Value **arg = ARENA_ARRAY(r->a, Value *, op->nargs + 1);

	for (int i = 0; i < op->nargs; i++) {
		Pair p = pair_of(r, op->arg[i]);
		arg[i] = imaginary && p.im ? p.im : p.re;
	}
	return build_begin(&b, op->kind, op->nargs, arg, op->attrs);
}

static void rewrite_halves(Rewrite *r, Op *op)
{
	Builder b = builder_before(r->ctx, op);
	Op *part[2];

	for (int k = 0; k < 2; k++) {
		part[k] = build_finish(&b, on_parts(r, op, k));
		CHECK(part[k], "%s of parts is refused", op_row(op)->name);
	}
	for (int i = 0; i < op->nresults; i++)
		set_pair(r, op->result[i], (Pair){ part[0]->result[i], part[1]->result[i] });
}

/* Does the body of a reduction or scatter of one operand add, or take one of its arguments?  Then the parts have nothing to do
   with each other, and each is a reduction by one op.  *taken: which argument, or -1. */
static bool parts_are_apart(const Op *op, int *taken)
{
	const Block *body = op->region[0];
	const Op *end = block_terminator(body);

	if (op->nresults != 1 || body->args.n != 2)
		return false;
	*taken = -1;
	if (body->first == end)
		for (int k = 0; k < 2; k++)
			if (end->arg[0] == body->args.at[k])
				*taken = k;
	return *taken >= 0 || region_combiner(body) == OP_add;
}

static void rewrite_reduction(Rewrite *r, Op *op)
{
	Builder b = builder_before(r->ctx, op);
	int taken;
	Pair p;

	if (!parts_are_apart(op, &taken)) {
		rewrite_doubled(r, op);
		return;
	}
	for (int k = 0; k < 2; k++) {
		Op *part = on_parts(r, op, k);
		const Type *t = type_scalar(r->ctx->types, dtype_part(op->result[0]->type->dtype));
		Block *body = part->region[0];
		Builder in = builder_at_end(r->ctx, body);
		in.loc = b.loc;
		Value *arg[2];
		for (int i = 0; i < 2; i++)
			arg[i] = block_add_arg(body, t, op->region[0]->args.at[i]->name, b.loc);
		Value *out = taken < 0 ? ew_add(&in, arg[0], arg[1]) : arg[taken];
		CHECK(build_op(&in, OP_yield, ARGS(out), NULL), "yield of %s", op_row(op)->name);
		part = build_finish(&b, part);
		CHECK(part, "%s of parts is refused", op_row(op)->name);
		*(k ? &p.im : &p.re) = part->result[0];
	}
	set_pair(r, op->result[0], p);
}

static void rewrite_yield(Rewrite *r, Op *op)
{
	int n;
	Value **arg = doubled_args(r, op, &n);

	op_set_args(op, n, arg);
}

/* What goes out lies together in memory. */
static void rewrite_outgoing(Rewrite *r, Op *op)
{
	Builder b = builder_before(r->ctx, op);

	for (int i = 0; i < op->nargs; i++)
		if (is_complex(op->arg[i]) && !is_boundary(op->arg[i]))
			op_set_arg(op, i, whole_of(r, &b, op->arg[i]));
}

/* x's bits as elements of type t with these dimensions. */
static Value *recast(Builder *b, Value *x, DType t, int rank, const Dim *dim)
{
	int from = dtype_size(x->type->dtype), to = dtype_size(t);
	Dim shape[RANK_MAX + 1];

	if (from < to) {   /* the elements that make one are the last axis */
		for (int i = 0; i < rank; i++)
			shape[i] = dim[i];
		shape[rank] = dim_const(b->ctx->dims, to / from);
		x = expand_in_shape(b, x, type_get(b->ctx->types, x->type->dtype, rank + 1, shape));
	}
	if (x->type->dtype != t)
		x = BUILD(b, bitcast_convert, ARGS(x), .dtype = t);
	return expand_in_shape(b, x, type_get(b->ctx->types, t, rank, dim));
}

static void rewrite_bits(Rewrite *r, Op *op)
{
	Builder b = builder_before(r->ctx, op);
	Value *out = op->result[0], *x = op->arg[0];
	const Type *t = out->type;
	Dim dim[RANK_MAX + 1];

	if (is_complex(x))
		x = join(&b, pair_of(r, x));
	for (int i = 0; i < t->rank; i++)
		dim[i] = t->dim[i];
	dim[t->rank] = dim_const(r->ctx->dims, 2);
	if (t->rank + is_complex(out) + (dtype_size(x->type->dtype) < dtype_size(dtype_part(t->dtype))) > RANK_MAX) {
		diag_error(&r->ctx->diag, op->loc, "bitcast_convert: needs more than %d axes on the way to %s", RANK_MAX, dtype_info[t->dtype].name);
		r->ok = false;
		return;
	}
	x = recast(&b, x, dtype_part(t->dtype), t->rank + is_complex(out), dim);
	if (is_complex(out))
		set_pair(r, out, split(&b, x));
	else
		value_replace(out, x);
}

#define HALVES(name)           [OP_##name] = { .rewrite = rewrite_halves }
#define DOUBLED(name)          [OP_##name] = { .rewrite = rewrite_doubled }
#define FORMULA(name, formula_) [OP_##name] = { .formula = complex_##formula_ }
static const Rule rules[OP_COUNT] = {
	HALVES(neg), HALVES(add), HALVES(sub), HALVES(select),
	HALVES(broadcast_in_dim), HALVES(reshape), HALVES(transpose), HALVES(reverse), HALVES(slice), HALVES(pad), HALVES(concatenate),
	HALVES(all_gather), HALVES(all_to_all), HALVES(collective_permute), HALVES(collective_broadcast),
	HALVES(dynamic_slice), HALVES(dynamic_update_slice), HALVES(gather),
	DOUBLED(while), DOUBLED(cond), DOUBLED(sort), DOUBLED(optimization_barrier),
	[OP_reduce] = { .rewrite = rewrite_reduction },
	[OP_reduce_window] = { .rewrite = rewrite_reduction },
	[OP_cumulate] = { .rewrite = rewrite_reduction },
	[OP_all_reduce] = { .rewrite = rewrite_reduction },
	[OP_reduce_scatter] = { .rewrite = rewrite_reduction },
	[OP_scatter] = { .rewrite = rewrite_reduction },
	[OP_bitcast_convert] = { .rewrite = rewrite_bits },
	[OP_yield] = { .rewrite = rewrite_yield, .stays = true },
	[OP_return] = { .rewrite = rewrite_outgoing, .stays = true },
	[OP_call] = { .rewrite = rewrite_outgoing, .stays = true },
	[OP_custom_call] = { .rewrite = rewrite_outgoing, .stays = true },
	FORMULA(complex, complex), FORMULA(real, real), FORMULA(imag, imag),
	FORMULA(iota, iota), FORMULA(convert, convert), FORMULA(compare, compare),
	FORMULA(abs, abs), FORMULA(sign, sign), FORMULA(mul, mul), FORMULA(div, div), FORMULA(pow, pow),
	FORMULA(sqrt, sqrt), FORMULA(rsqrt, rsqrt), FORMULA(cbrt, cbrt), FORMULA(exp, exp), FORMULA(expm1, expm1),
	FORMULA(log, log), FORMULA(log1p, log1p), FORMULA(logistic, logistic),
	FORMULA(asin, asin), FORMULA(acos, acos), FORMULA(atan, atan), FORMULA(sinh, sinh), FORMULA(cosh, cosh),
	FORMULA(asinh, asinh), FORMULA(acosh, acosh), FORMULA(atanh, atanh), FORMULA(sin, sin), FORMULA(cos, cos), FORMULA(tan, tan), FORMULA(tanh, tanh),
	FORMULA(dot_general, contract), FORMULA(conv_general, contract),
};
#undef HALVES
#undef DOUBLED
#undef FORMULA

static void rewrite_by_formula(Rewrite *r, Op *op, Formula formula)
{
	Builder b = builder_before(r->ctx, op);
	Pair arg[4], out;

	CHECK(op->nargs <= 4 && op->nresults == 1, "%s by a formula", op_row(op)->name);
	for (int i = 0; i < op->nargs; i++)
		arg[i] = pair_of(r, op->arg[i]);
	out = formula(&b, op, arg);
	if (is_complex(op->result[0])) {
		set_pair(r, op->result[0], out);
		return;
	}
	if (out.re->def && !out.re->name)
		out.re->name = op->result[0]->name;
	value_replace(op->result[0], out.re);
}

static void rewrite_block(Rewrite *r, Block *block)
{
	Ops dead = { 0 };

	for (Op *op = block->first, *next; op && r->ok; op = next) {
		next = op->next;
		if (is_settled(op, NULL)) {
			if (op->kind == OP_constant && has_complex(op))
				vec_push(r->a, &dead, op);
			for (int k = 0; k < op->nregions; k++)
				rewrite_block(r, op->region[k]);
			continue;
		}
		const Rule *rule = &rules[op->kind];
		if (!rule->rewrite && !rule->formula) {
			diag_error(&r->ctx->diag, op->loc, "%s: takes no complex numbers", op_row(op)->name);
			r->ok = false;
			return;
		}
		if (rule->rewrite)
			rule->rewrite(r, op);
		else
			rewrite_by_formula(r, op, rule->formula);
		if (!rule->stays)
			vec_push(r->a, &dead, op);
		r->nhits++;
	}
	for (int i = dead.n - 1; i >= 0 && r->ok; i--) {
		bool used = false;
		for (int k = 0; k < dead.at[i]->nresults; k++)
			used = used || value_has_uses(dead.at[i]->result[k]);
		if (!used)
			op_erase(dead.at[i]);
		else
			CHECK(dead.at[i]->kind == OP_constant, "%s is used after it was rewritten", op_row(dead.at[i])->name);
	}
}

bool complex_expand(Ctx *ctx, Func *f, int *nhits)
{
	Rewrite r = { .ctx = ctx, .f = f, .ok = true };

	if (!func_has_complex(f))
		return true;
	r.a = arena_new();
	map_init(&r.pair, r.a);
	rewrite_block(&r, f->body);
	arena_free(r.a);
	*nhits += r.nhits;
	return r.ok;
}
