/* passes/layout_sink.c - moves the transposes behind convolutions down, past elementwise ops, pools, pads and
   concatenations, until the next convolution's transpose meets and cancels them. */
#include "passes/layout.h"

/* In what follows an op is computed "before the transpose": axis i of a value is axis perm[i] there. */

static const Op *our_transpose(const Layout *l, const Value *v)
{
	return v->def && v->def->kind == OP_transpose && map_has(&l->moved, v) ? v->def : NULL;
}

static Ints perm_of(const Op *transpose)
{
	return op_attrs(transpose, transpose)->permutation;
}

static bool same_perm(Ints a, Ints b)
{
	return a.n == b.n && memcmp(a.at, b.at, sizeof *a.at * (size_t)a.n) == 0;
}

static Ints moved_ints(Arena *a, Ints list, Ints perm)
{
	int64_t at[RANK_MAX];

	for (int i = 0; i < list.n; i++)
		at[perm.at[i]] = list.at[i];
	return ints_copy(a, list.n, at);
}

static Dims moved_dims(Arena *a, const Type *t, Ints perm)
{
	Dim at[RANK_MAX];

	for (int i = 0; i < t->rank; i++)
		at[perm.at[i]] = t->dim[i];
	return dims_copy(a, t->rank, at);
}

/* Can v be had before the transpose without moving its elements while the program runs? */
static bool is_movable(const Layout *l, const Value *v, Ints perm)
{
	const Op *t = our_transpose(l, v);

	if (t)
		return same_perm(perm_of(t), perm);
	return v->type->rank == 0 || (v->def && (v->def->kind == OP_broadcast_in_dim || value_constant(v)));
}

static Value *moved(Layout *l, Builder *b, Value *v, Ints perm)
{
	Arena *a = l->p->module->arena;
	const Op *t = our_transpose(l, v);

	if (t)
		return t->arg[0];
	if (v->type->rank == 0)
		return v;
	if (v->def->kind != OP_broadcast_in_dim)
		return BUILD(b, transpose, ARGS(v), .permutation = ints_inverse(a, perm));   /* fold makes a view of it */
	Ints dims = op_attrs(broadcast_in_dim, v->def)->dims;
	int64_t at[RANK_MAX];
	for (int i = 0; i < dims.n; i++)
		at[i] = perm.at[dims.at[i]];
	return BUILD(b, broadcast_in_dim, ARGS(v->def->arg[0]), .shape = moved_dims(a, v->type, perm), .dims = ints_copy(a, dims.n, at));
}

static Pads moved_pads(Arena *a, Pads pads, Ints perm)
{
	if (!pads.n)
		return pads;
	Ints low = moved_ints(a, (Ints){ pads.n, pads.low }, perm), high = moved_ints(a, (Ints){ pads.n, pads.high }, perm);
	return (Pads){ pads.mode, pads.n, low.at, high.at };
}

/* The attributes before the transpose; false when the op cannot stand there. */
static bool moved_attrs(Layout *l, const Op *op, Ints perm, void *attrs)
{
	Arena *a = l->p->module->arena;

	memcpy(attrs, op->attrs, op_row(op)->attrs_size);
	switch (op->kind) {
	case OP_pad: {
		struct attrs_pad *to = attrs;
		to->low = moved_ints(a, to->low, perm);
		to->high = moved_ints(a, to->high, perm);
		to->interior = moved_ints(a, to->interior, perm);
		return true;
	}
	case OP_concatenate:
		((struct attrs_concatenate *)attrs)->dim = perm.at[op_attrs(concatenate, op)->dim];
		return true;
	case OP_reduce_window: {
		struct attrs_reduce_window *to = attrs;
		int last = -1;
		bool ascending = true;
		/* Window positions go ascending, major axis first: the axes of the window must stay in order. */
		for (int i = 0; i < to->window.n; i++) {
			if (to->window.at[i] == 1)
				continue;
			ascending = ascending && perm.at[i] > last;
			last = (int)perm.at[i];
		}
		to->window = moved_ints(a, to->window, perm);
		to->strides = moved_ints(a, to->strides, perm);
		to->base_dilation = moved_ints(a, to->base_dilation, perm);
		to->window_dilation = moved_ints(a, to->window_dilation, perm);
		to->padding = moved_pads(a, to->padding, perm);
		return ascending && op->nresults == 1 && !op_captures(op);
	}
	default:
		return op_has(op, T_EW);
	}
}

bool layout_sink(Layout *l, Op *op)
{
	const Op *t = NULL;
	char attrs[512];

	if (op->nresults != 1 || op->result[0]->type->rank < 3 || op_row(op)->attrs_size > sizeof attrs)
		return false;
	for (int i = 0; i < op->nargs && !t; i++)
		t = our_transpose(l, op->arg[i]);
	if (!t)
		return false;
	Ints perm = perm_of(t);
	for (int i = 0; i < op->nargs; i++)
		if (!is_movable(l, op->arg[i], perm) || (op->arg[i]->type->rank && op->arg[i]->type->rank != perm.n))
			return false;
	if (!moved_attrs(l, op, perm, attrs) || !pass_may_rewrite(l->p))
		return false;
	Builder b = builder_before(l->p->ctx, op);
	Value **arg = ARENA_ARRAY(l->p->scratch, Value *, op->nargs);
	for (int i = 0; i < op->nargs; i++)
		arg[i] = moved(l, &b, op->arg[i], perm);
	Op *to = build_begin(&b, op->kind, op->nargs, arg, attrs);
	for (int i = 0; i < op->nregions; i++) {
		Map map;
		map_init(&map, l->p->scratch);
		Block *from = op->region[i], *body = to->region[i];
		for (int k = 0; k < from->args.n; k++)
			map_set(&map, from->args.at[k], block_add_arg(body, from->args.at[k]->type, from->args.at[k]->name, from->args.at[k]->loc));
		for (const Op *inner = from->first; inner; inner = inner->next)
			op_append(body, op_clone(b.func, inner, &map));
	}
	if (!build_finish(&b, to))
		return false;
	Value *back = BUILD(&b, transpose, ARGS(to->result[0]), .permutation = perm);
	map_set(&l->moved, back, back);
	layout_replace(l, op, back);
	return true;
}
