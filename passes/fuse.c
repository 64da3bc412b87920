/* passes/fuse.c - groups ops into kernels.

   First each anchor (contraction, window, reduction) takes in what follows it, as far as lowering can follow it
   forwards: epilogues, residual additions, the whole of softmax and of the norms.  Then each group, last ones first,
   takes in the producers of its operands where that does not compute anything expensive twice.  At last siblings,
   loops over the same dimensions that read the same values, become one kernel. */
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/base/str.h"
#include "passes/fuse.h"

static bool no(const Op *op, const char *why)
{
	node_of(op)->why = why;
	return false;
}

/* Made of nothing in memory. */
static bool no_matter(const Value *v)
{
	const Op *d = v->def;

	return value_is_immediate(v) || (d && d->kind == OP_broadcast_in_dim && value_is_immediate(d->arg[0])) ||
	       (d && d->kind == OP_iota);
}

/* What follows an anchor. */

static bool forward_pays(const Op *op, const Group *g)
{
	if (op->kind == OP_slice)
		return value_has_one_use(op->arg[0]);
	if (op->kind == OP_transpose && g->kind != FUSION_ROW)
		return value_has_one_use(op->arg[0]) && op_keeps_last_axis(op);
	return true;
}

static Position position_in(const Fuse *f, const Group *g, const Op *op)
{
	const Position *few[16], **arg = op->nargs <= 16 ? few : ARENA_ARRAY(f->p->scratch, const Position *, op->nargs);

	for (int i = 0; i < op->nargs; i++) {
		const Op *d = fuse_def(f, op->arg[i]);
		arg[i] = d && group_of(d) == g ? &node_of(d)->pos : NULL;
	}
	return op_position(op, g->anchor, g->kind == FUSION_ROW, arg);
}

/* A label for both together: the earlier one when the later's operands are there by then, or the later one when nobody needs
   the earlier before. */
static bool common_label(const Fuse *f, const Group *a, const Group *b, int64_t *label)
{
	const Group *early = a->label <= b->label ? a : b, *late = early == a ? b : a;

	*label = early->label;
	if (group_operands_before(f, late, early, early->label))
		return true;
	*label = late->label;
	return group_users_after(f, early, late, late->label);
}

static bool join_follower(Fuse *f, Group *g, Op *op)
{
	Group *own = group_of(op);
	int64_t label;

	if (own == g || own->kind == FUSION_SINGLE || own->ops.n != 1 || own->sealed.n)
		return false;
	if (own->kind != FUSION_LOOP && !(own->kind == FUSION_ROW && g->kind == FUSION_ROW && op_same_rows(own->anchor, g->anchor))) {
		const Op *first = fuse_def(f, op->arg[0]);
		return no(first ? first : op, "its user has a loop nest of its own");
	}
	if (own->kind == FUSION_LOOP && op_cost(op) == COST_MOVEMENT && op->nargs != 1)
		return false;
	Position pos = position_in(f, g, op);
	if (pos.level == POS_LOST || (g->kind != FUSION_ROW && pos.level != POS_FOLLOWS) || !forward_pays(op, g))
		return no(op, "it asks for other positions than the one at hand");
	if (g->ops.n >= FUSE_OPS_MAX)
		return no(op, "the kernel would be too large");
	if (!common_label(f, g, own, &label))
		return no(op, "an operand is computed later from the same values");
	if (!pass_may_rewrite(f->p))
		return false;
	group_merge(f, g, own, label);
	f->p->nhits++;
	return true;
}

static void grow_forwards(Fuse *f, Group *g)
{
	for (int i = 0; i < g->ops.n; i++)
		for (int r = 0; r < g->ops.at[i]->nresults; r++)
			for (const Use *u = g->ops.at[i]->result[r]->first_use, *next; u; u = next) {
				next = u->next;
				Op *user = fuse_user(f, u->user);
				if (user == u->user && group_of(user) != g)
					join_follower(f, g, user);
			}
}

static bool used_inside(const Fuse *f, const Group *g, const Value *v)
{
	for (const Use *u = v->first_use; u; u = u->next)
		if (group_of(fuse_user(f, u->user)) == g)
			return true;
	return false;
}

/* Movements at the rim: their users do better with them, and a reshape of what is in memory costs nothing. */
static void evict_last(Fuse *f, Group *g)
{
	bool again = g->kind != FUSION_SINGLE;

	while (again) {
		again = false;
		for (int i = g->ops.n - 1; i >= 0 && g->ops.n > 1; i--) {
			Op *op = g->ops.at[i];
			const Op *d = op->nargs ? fuse_def(f, op->arg[0]) : NULL;
			bool rim = op->kind == OP_reshape || (op->kind == OP_broadcast_in_dim && g->anchor);
			if (!rim || used_inside(f, g, op->result[0]) || !d || group_of(d) != g)
				continue;
			if (!g->anchor && group_outputs(f, g) > 1)
				continue;
			group_evict(f, op, g->label + 1 + node_of(op)->index);
			if (!g->anchor)
				g->dims = op->arg[0]->type;
			again = true;
		}
	}
}

static void evict_first(Fuse *f, Group *g)
{
	bool again = g->kind != FUSION_SINGLE;

	while (again) {
		again = false;
		for (int i = 0; i < g->ops.n && g->ops.n > 1; i++) {
			Op *op = g->ops.at[i];
			const Op *d = op->kind == OP_reshape ? fuse_def(f, op->arg[0]) : NULL;
			if (op->kind != OP_reshape || (d && group_of(d) == g) || value_is_immediate(op->arg[0]))
				continue;
			int64_t from = d ? group_of(d)->label : 0, floor = fuse_floor(f, op);
			int64_t label = (from > floor ? from : floor) + 1 + node_of(op)->index;
			if (label >= g->label || group_outputs(f, g) == 0)
				continue;
			bool output = false;
			for (const Use *u = op->result[0]->first_use; u; u = u->next)
				output = output || group_of(fuse_user(f, u->user)) != g;
			if (output)
				continue;
			group_evict(f, op, label);
			again = true;
		}
	}
}

/* Producers. */

static bool all_users_in(const Fuse *f, const Op *op, const Group *g)
{
	for (int r = 0; r < op->nresults; r++)
		for (const Use *u = op->result[r]->first_use; u; u = u->next) {
			const Op *user = fuse_user(f, u->user);
			if (user != u->user || group_of(user) != g)
				return false;
		}
	return true;
}

/* Sets f->uses to those of v by g's own ops.  A value may have any number of uses (a mask that all layers share) but a group
   only so many ops: where the list is long, the group is searched instead. */
static void uses_in(Fuse *f, const Group *g, const Value *v)
{
	enum { MANY = 16 };
	const Use *u = v->first_use;

	f->uses.n = 0;
	for (int n = 0; u && n < MANY; u = u->next, n++)
		if (u->user->block == f->block && group_of(u->user) == g)
			vec_push(f->p->scratch, &f->uses, u);
	if (!u)
		return;
	f->uses.n = 0;
	for (int i = 0; i < g->ops.n; i++)
		for (int k = 0; k < g->ops.at[i]->nargs; k++)
			if (g->ops.at[i]->arg[k] == v)
				vec_push(f->p->scratch, &f->uses, &g->ops.at[i]->use[k]);
}

/* How g's ops ask for v: how often, at how many positions, and whether on the way into its contraction. */
static void requests(Fuse *f, const Group *g, const Value *v, double *ratio, int *times, bool *prologue)
{
	int together = 0, apart = 0;

	*ratio = 0;
	*prologue = false;
	uses_in(f, g, v);
	for (int i = 0; i < f->uses.n; i++) {
		const Use *u = f->uses.at[i];
		const Node *n = node_of(u->user);
		/* A concatenation that is stored is written operand by operand. */
		bool piece = u->user->kind == OP_concatenate && g->kind == FUSION_LOOP && g->ops.at[0] == u->user;
		double r = n->ratio * (piece ? 1 : op_request_ratio(u->user, u->index));
		bool contraction = g->kind == FUSION_CONTRACT && u->user == g->anchor;
		*ratio = r > *ratio && !contraction ? r : *ratio;
		*prologue = *prologue || contraction || n->prologue;
		if (op_has(u->user, T_EW))
			together = n->times > together ? n->times : together;
		else
			apart += n->times;
	}
	*times = together + apart;
}

static bool few_inputs(const Op *op)
{
	int n = 0;

	for (int i = 0; i < op->nargs; i++)
		n += !no_matter(op->arg[i]);
	return n <= 1;
}

/* Computed by each user for itself, rather than once for all. */
static bool is_copied(const Op *op)
{
	switch (op->kind) {
	case OP_iota: case OP_dimension: case OP_broadcast_in_dim: case OP_slice: case OP_reverse: case OP_transpose:
	case OP_reshape:
		return true;
	default:
		return op_cost(op) == COST_CHEAP && few_inputs(op);
	}
}

/* Does an op that never fuses use it?  Such users neither come nor go: one look is enough. */
static bool must_be_stored(const Fuse *f, const Op *op)
{
	Node *n = node_of(op);

	if (!n->stored_known) {
		n->stored_known = true;
		for (const Use *u = op->result[0]->first_use; u && !n->stored; u = u->next)
			n->stored = group_of(fuse_user(f, u->user))->kind == FUSION_SINGLE;
	}
	return n->stored;
}

/* May the element of op be computed where g asks for it? */
static bool request_pays(Fuse *f, const Group *g, const Op *op, double *ratio, int *times, bool *prologue)
{
	CostClass cost = op_cost(op);

	requests(f, g, op->result[0], ratio, times, prologue);
	if (*prologue && !((cost == COST_MOVEMENT && op_keeps_last_axis(op)) || op->kind == OP_convert || op->kind == OP_iota))
		return no(op, "a contraction would compute it for each row or column");
	if (*prologue)
		return op->kind == OP_convert ? few_inputs(op) : op_is_forward(op) || op->kind != OP_pad;
	if (cost == COST_EXPENSIVE && (*ratio > 1.01 || *times > 1))
		return no(op, "it is expensive, and its users ask for its elements more than once");
	if (*times > FUSE_TIMES_MAX)
		return no(op, "its users ask for it at too many positions");
	if (cost == COST_CHEAP && *ratio > 1.01 && g->amplified >= FUSE_AMPLIFIED_MAX)
		return no(op, "its users ask for its elements many times");
	if (op->kind == OP_concatenate && (op->nargs > 4 || *times > 1))
		return no(op, "a concatenation of many values is done by itself");
	if ((op->kind == OP_gather || op->kind == OP_dynamic_slice || op->kind == OP_dynamic_update_slice || op->kind == OP_pad) &&
	    (*times > 1 || g->kind == FUSION_WINDOW))
		return no(op, "its users ask for it at several positions");
	return true;
}

static void adopt(Fuse *f, Group *g, Op *op, double ratio, int times, bool prologue)
{
	Node *n = node_of(op);

	group_merge(f, g, group_of(op), g->label);
	n->ratio = ratio > 1 ? ratio : 1;
	n->times = times;
	n->prologue = prologue;
	if (op_cost(op) == COST_CHEAP && ratio > 1.01)
		g->amplified++;
	f->p->nhits++;
}

/* A copy of op for g alone; its users in g use the copy. */
static void adopt_copy(Fuse *f, Group *g, Op *op, double ratio, int times, bool prologue)
{
	Op *copy = NULL;

	for (int i = 0; i < g->copies.n && !copy; i++)
		if (g->copies.at[i].of == op)
			copy = g->copies.at[i].copy;
	if (!copy) {
		Map none;
		map_init(&none, f->p->scratch);
		copy = op_clone(f->block->func, op, &none);
		op_insert_after(op, copy);
		Node *n = ARENA_NEW(f->p->scratch, Node);
		*n = *node_of(op);
		n->serial = ++f->ncopies;
		n->stored = n->stored_known = false;
		copy->mark = n;
		Group *own = group_new(f, FUSION_LOOP, g->label);
		group_add(f, own, copy);
		adopt(f, g, copy, ratio, times, prologue);
		vec_push(f->p->scratch, &g->copies, (Copy){ op, copy });
	} else {
		Node *n = node_of(copy);
		n->ratio = ratio > n->ratio ? ratio : n->ratio;
		n->times += times;
		n->prologue = n->prologue || prologue;
	}
	uses_in(f, g, op->result[0]);
	for (int i = 0; i < f->uses.n; i++)
		op_set_arg(f->uses.at[i]->user, f->uses.at[i]->index, copy->result[0]);
}

static bool is_open(const Group *g)
{
	return g->kind == FUSION_LOOP && g->ops.n == 1 && !g->sealed.n;
}

/* Is it of use to compute a reshape inside?  Only to have what lies behind it. */
static bool opens_more(const Fuse *f, const Op *reshape)
{
	const Op *d = fuse_def(f, reshape->arg[0]);

	return d && !op_has(d, T_CONST) && is_open(group_of(d)) &&
	       (is_copied(d) || value_has_one_use(reshape->arg[0])) &&
	       (d->kind != OP_reshape || opens_more(f, d));
}

static bool pull(Fuse *f, Group *g, const Value *v)
{
	Op *op = fuse_def(f, v);
	Group *own = op ? group_of(op) : NULL;
	double ratio;
	int times;
	bool prologue;

	if (!op || own == g || !is_open(own) || group_seals(g, v) || own->label > g->label)
		return false;
	if (op->kind == OP_reshape && !opens_more(f, op))
		return false;
	/* What is made of nothing is never worth a kernel and memory of its own. */
	if (g->ops.n >= FUSE_OPS_MAX && !no_matter(v))
		return no(op, "the kernel would be too large");
	if (!request_pays(f, g, op, &ratio, &times, &prologue))
		return false;
	bool alone = all_users_in(f, op, g), stored = !alone && must_be_stored(f, op);
	/* With other users: an output as well, where outputs of its dimensions are stored; else a copy, when that is cheap. */
	bool output = !alone && op_has(op, T_EW) && (g->kind == FUSION_LOOP || g->kind == FUSION_ROW) &&
	              types_same_dims(op->result[0]->type, g->dims) && group_outputs(f, g) < FUSE_OUTPUTS_MAX &&
	              group_users_after(f, own, g, g->label);
	bool copied = !alone && is_copied(op) && (g->copies.n < FUSE_COPIES_MAX || no_matter(v));
	if (!alone && !output && !copied)
		return no(op, "it has other users");
	if (!pass_may_rewrite(f->p))
		return false;
	if (alone || (output && (stored || !copied)))
		adopt(f, g, op, ratio, times, prologue);
	else if (copied && (!stored || op_cost(op) == COST_MOVEMENT))
		adopt_copy(f, g, op, ratio, times, prologue);
	else
		return no(op, "it has to be stored for other users anyway");
	return true;
}

static void grow_backwards(Fuse *f, Group *g)
{
	for (int i = 0; i < g->ops.n; i++) {
		/* An operand may be refused now and welcome when its last user has come: that user asks again. */
		for (int k = 0; k < g->ops.at[i]->nargs; k++)
			pull(f, g, g->ops.at[i]->arg[k]);
	}
}

/* Siblings. */

static bool uses_any(const Fuse *f, const Group *g, const Group *other)
{
	for (int i = 0; i < g->ops.n; i++)
		for (int k = 0; k < g->ops.at[i]->nargs; k++) {
			const Op *d = fuse_def(f, g->ops.at[i]->arg[k]);
			if (d && group_of(d) == other)
				return true;
		}
	return false;
}

static bool join_sibling(Fuse *f, Group *g, Group *other)
{
	bool rows = g->kind == FUSION_ROW && other->kind == FUSION_ROW && op_same_rows(g->anchor, other->anchor);
	bool loops = g->kind == FUSION_LOOP && other->kind == FUSION_LOOP && types_same_dims(g->dims, other->dims);
	int64_t label;

	if (!(rows || loops) || g->ops.n + other->ops.n > FUSE_OPS_MAX || other->ops.at[0]->kind == OP_reshape ||
	    group_outputs(f, g) + group_outputs(f, other) > FUSE_OUTPUTS_MAX || g->sealed.n || other->sealed.n)
		return false;
	if (uses_any(f, g, other) || uses_any(f, other, g) || !common_label(f, g, other, &label) || !pass_may_rewrite(f->p))
		return false;
	group_merge(f, g, other, label);
	f->p->nhits++;
	return true;
}

static void join_users(Fuse *f, const Value *v)
{
	enum { TRIES = 8 };
	Group *seen[TRIES];
	int n = 0;

	if (value_is_immediate(v) || v->type->rank == 0)
		return;
	for (const Use *u = v->first_use; u && n < TRIES; u = u->next) {
		const Op *user = fuse_user(f, u->user);
		Group *g = group_of(user);
		/* Slices that stand alone may cost nothing: see buffers_part.c. */
		bool done = g->kind == FUSION_SINGLE || user->kind == OP_reshape || (user->kind == OP_slice && g->ops.n == 1);
		for (int i = 0; i < n && !done; i++)
			done = seen[i] == g || group_of(seen[i]->ops.at[0]) == g || join_sibling(f, group_of(seen[i]->ops.at[0]), g);
		if (!done)
			seen[n++] = g;
	}
}

/* Explaining. */

static const char *kind_name(FusionKind kind)
{
	static const char *const name[] = {
		[FUSION_LOOP] = "loop", [FUSION_ROW] = "row", [FUSION_REDUCE] = "reduction", [FUSION_CONTRACT] = "contraction",
		[FUSION_WINDOW] = "window", [FUSION_SCAN] = "scan", [FUSION_SINGLE] = "single", [FUSION_INVALID] = "invalid",
	};

	return name[kind];
}

/* Do other groups that could have been fused use op? */
static bool has_kernel_users(const Fuse *f, const Op *op, const Group *g)
{
	for (int r = 0; r < op->nresults; r++)
		for (const Use *u = op->result[r]->first_use; u; u = u->next) {
			const Group *by = group_of(fuse_user(f, u->user));
			if (by != g && by->kind != FUSION_SINGLE)
				return true;
		}
	return false;
}

static void explain(Fuse *f)
{
	Diag *d = &f->p->ctx->diag;

	for (int i = 0; i < f->groups.n; i++) {
		const Group *g = f->groups.at[i];
		Str s = { 0 };
		if (g->into || g->kind == FUSION_SINGLE || !g->ops.n)
			continue;
		for (int k = 0; k < g->ops.n && k < 12; k++)
			str_printf(&s, "%s%s", k ? "+" : "", op_row(g->ops.at[k])->name);
		Op *last = g->ops.at[g->ops.n - 1];
		if (g->ops.n > 1)
			diag_remark(d, last->loc, "fuse: one %s kernel of %d ops: %s%s", kind_name(g->kind), g->ops.n, str_cstr(&s),
			            g->ops.n > 12 ? "+..." : "");
		for (int k = 0; k < g->ops.n; k++)
			if (node_of(g->ops.at[k])->why && has_kernel_users(f, g->ops.at[k], g))
				diag_note(d, g->ops.at[k]->loc, "fuse: %s is stored: %s", op_row(g->ops.at[k])->name,
				          node_of(g->ops.at[k])->why);
		str_free(&s);
	}
}

/* The pass. */

static int last_first(const void *a, const void *b)
{
	const Group *x = *(Group *const *)a, *y = *(Group *const *)b;

	if (x->label != y->label)
		return x->label > y->label ? -1 : 1;
	int64_t i = node_of(x->ops.at[0])->index, k = node_of(y->ops.at[0])->index;
	return (i < k) - (i > k);
}

static void grow_all_backwards(Fuse *f)
{
	int n = f->groups.n, m = 0;
	Group **order = ARENA_ARRAY(f->p->scratch, Group *, n + 1);

	for (int i = 0; i < n; i++)
		if (!f->groups.at[i]->into && f->groups.at[i]->ops.n)
			order[m++] = f->groups.at[i];
	qsort(order, (size_t)m, sizeof *order, last_first);
	for (int i = 0; i < m; i++)
		if (!order[i]->into && order[i]->kind != FUSION_SINGLE && order[i]->ops.at[0]->kind != OP_reshape)
			grow_backwards(f, order[i]);
}

/* Copies were made of ops that may have no users left. */
static void drop_unused(Fuse *f)
{
	for (Op *op = f->block->last, *prev; op; op = prev) {
		bool used = op_has(op, T_TERMINATOR) || !op_is_pure(op);
		prev = op->prev;
		for (int i = 0; i < op->nresults; i++)
			used = used || value_has_uses(op->result[i]);
		if (used)
			continue;
		Group *g = group_of(op);
		int n = 0;
		for (int i = 0; i < g->ops.n; i++)
			if (g->ops.at[i] != op)
				g->ops.at[n++] = g->ops.at[i];
		g->ops.n = n;
		op_erase(op);
	}
}

/* A broadcast that only adds axes of extent 1 is a reshape, which lowering can follow forwards. */
static void normalize(PassCtx *p, Block *block)
{
	for (Op *op = block->first, *next; op; op = next) {
		next = op->next;
		if (op->kind != OP_broadcast_in_dim)
			continue;
		const Type *from = op->arg[0]->type, *to = op->result[0]->type;
		Ints dims = op_attrs(broadcast_in_dim, op)->dims;
		int64_t last = -1;
		bool unit = true;
		int k = 0;
		for (int i = 0; i < to->rank; i++) {
			while (k < from->rank && dim_is(from->dim[k], 1))
				k++;
			if (dim_is(to->dim[i], 1))
				continue;
			unit = unit && k < from->rank && dims.at[k] == i && from->dim[k] == to->dim[i] && i > last;
			last = i;
			k++;
		}
		if (!unit || from == to)
			continue;
		Builder b = builder_before(p->ctx, op);
		Value *v = BUILD(&b, reshape, ARGS(op->arg[0]), .shape = op_attrs(broadcast_in_dim, op)->shape);
		v->name = op->result[0]->name;
		value_replace(op->result[0], v);
		op_erase(op);
	}
}

static void fuse_block(PassCtx *p, Block *block)
{
	Fuse f = { .p = p, .block = block };

	for (Op *op = block->first; op; op = op->next)
		if (op_has(op, T_CONTROL))
			for (int i = 0; i < op->nregions; i++)
				fuse_block(p, op->region[i]);
	normalize(p, block);
	fuse_groups_init(&f);
	int n = f.groups.n;
	for (int i = 0; i < n; i++) {
		Group *g = f.groups.at[i];
		if (g->into || !g->anchor || g->kind == FUSION_SINGLE)
			continue;
		grow_forwards(&f, g);
		evict_last(&f, g);
	}
	grow_all_backwards(&f);
	for (int i = 0; i < block->args.n; i++)
		join_users(&f, block->args.at[i]);
	for (Op *op = block->first; op; op = op->next)
		for (int i = 0; i < op->nresults; i++)
			join_users(&f, op->result[i]);
	n = f.groups.n;
	for (int i = 0; i < n; i++)
		if (!f.groups.at[i]->into) {
			evict_last(&f, f.groups.at[i]);
			evict_first(&f, f.groups.at[i]);
		}
	drop_unused(&f);
	if (p->explain)
		explain(&f);
	fuse_build(&f);
}

PassResult pass_fuse(PassCtx *p)
{
	fuse_block(p, p->fn->body);
	return PASS_CHANGED;
}
