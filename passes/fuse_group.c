/* passes/fuse_group.c - groups of ops: labels, positions, merging. */
#include "passes/fuse.h"

#include "ir/base/check.h"
#include "ir/complex.h"

Group *group_of(const Op *op)
{
	Node *n = node_of(op);

	while (n->group->into) {
		if (n->group->into->into)
			n->group->into = n->group->into->into;
		n->group = n->group->into;
	}
	return n->group;
}

Op *fuse_user(const Fuse *f, Op *user)
{
	while (user->block != f->block)
		user = user->block->parent;
	return user;
}

Op *fuse_def(const Fuse *f, const Value *v)
{
	return v->def && v->def->block == f->block ? v->def : NULL;
}

Group *group_new(Fuse *f, FusionKind kind, int64_t label)
{
	Group *g = ARENA_NEW(f->p->scratch, Group);

	g->kind = kind;
	g->label = label;
	vec_push(f->p->scratch, &f->groups, g);
	return g;
}

static void place_member(Fuse *f, Group *g, Op *op)
{
	const Position *few[16], **arg = op->nargs <= 16 ? few : ARENA_ARRAY(f->p->scratch, const Position *, op->nargs);

	if (!g->anchor)
		return;
	for (int i = 0; i < op->nargs; i++) {
		Op *d = fuse_def(f, op->arg[i]);
		arg[i] = d && group_of(d) == g ? &node_of(d)->pos : NULL;
	}
	node_of(op)->pos = op_position(op, g->anchor, g->kind == FUSION_ROW, arg);
}

void group_add(Fuse *f, Group *g, Op *op)
{
	vec_push(f->p->scratch, &g->ops, op);
	node_of(op)->group = g;
	place_member(f, g, op);
}

void group_merge(Fuse *f, Group *g, Group *from, int64_t label)
{
	from->into = g;
	g->label = label;
	for (int i = 0; i < from->ops.n; i++) {
		node_of(from->ops.at[i])->group = g;
		node_of(from->ops.at[i])->why = NULL;
		vec_push(f->p->scratch, &g->ops, from->ops.at[i]);
	}
	for (int i = 0; i < from->ops.n; i++)
		place_member(f, g, from->ops.at[i]);
	for (int i = 0; i < from->copies.n; i++)
		vec_push(f->p->scratch, &g->copies, from->copies.at[i]);
	for (int i = 0; i < from->sealed.n; i++)
		vec_push(f->p->scratch, &g->sealed, from->sealed.at[i]);
	g->amplified += from->amplified;
}

bool group_users_after(const Fuse *f, const Group *g, const Group *but, int64_t label)
{
	for (int i = 0; i < g->ops.n; i++)
		for (int r = 0; r < g->ops.at[i]->nresults; r++)
			for (const Use *u = g->ops.at[i]->result[r]->first_use; u; u = u->next) {
				const Group *by = group_of(fuse_user(f, u->user));
				if (by != g && by != but && by->label <= label)
					return false;
			}
	return true;
}

int64_t fuse_floor(const Fuse *f, const Op *op)
{
	int64_t most = 0;

	for (int i = 0; i < f->sizes.n; i++) {
		Op *def = f->sizes.at[i];
		if (def != op && group_of(def)->label > most && op_mentions(op, *op_size(def)))
			most = group_of(def)->label;
	}
	return most;
}

bool group_operands_before(const Fuse *f, const Group *g, const Group *but, int64_t label)
{
	for (int i = 0; i < g->ops.n; i++) {
		for (int k = 0; k < g->ops.at[i]->nargs; k++) {
			const Op *d = fuse_def(f, g->ops.at[i]->arg[k]);
			const Group *from = d ? group_of(d) : NULL;
			if (from && from != g && from != but && from->label >= label)
				return false;
		}
		if (fuse_floor(f, g->ops.at[i]) >= label)
			return false;
	}
	return true;
}

bool group_seals(const Group *g, const Value *v)
{
	for (int i = 0; i < g->sealed.n; i++)
		if (g->sealed.at[i] == v)
			return true;
	return false;
}

Group *group_evict(Fuse *f, Op *op, int64_t label)
{
	Group *g = group_of(op), *own = group_new(f, FUSION_LOOP, label);
	int n = 0;

	for (int i = 0; i < g->ops.n; i++)
		if (g->ops.at[i] != op)
			g->ops.at[n++] = g->ops.at[i];
	g->ops.n = n;
	node_of(op)->pos = (Position){ .level = POS_FREE };
	node_of(op)->ratio = node_of(op)->times = 1;
	node_of(op)->prologue = false;
	own->dims = op->result[0]->type;
	group_add(f, own, op);
	return own;
}

static bool is_output(const Fuse *f, const Group *g, const Value *v)
{
	for (const Use *u = v->first_use; u; u = u->next)
		if (group_of(fuse_user(f, u->user)) != g)
			return true;
	return false;
}

int group_outputs(const Fuse *f, const Group *g)
{
	int n = 0;

	for (int i = 0; i < g->ops.n; i++)
		for (int r = 0; r < g->ops.at[i]->nresults; r++)
			n += is_output(f, g, g->ops.at[i]->result[r]);
	return n;
}

/* The first groups: each op for itself, and the fusions that are there already. */

static FusionKind kind_alone(const Op *op)
{
	if (op->nresults == 0 || op_has(op, T_TERMINATOR) || op_has(op, T_CONST) || op_captures(op) || op_is_recast(op))
		return FUSION_SINGLE;
	return op->kind == OP_reduce && op_reduces_row(op) ? FUSION_ROW : op_fusion_kind(op);
}

/* Cheap ops of constants and inputs can run before everything else: their label says so, so that they are no obstacle. */
static int64_t label_of(Fuse *f, const Op *op, int64_t index)
{
	int64_t most = fuse_floor(f, op);

	if (op_has(op, T_CONST))
		return 0;
	if (!op_is_pointwise(op) || op_cost(op) == COST_EXPENSIVE)
		return (index + 1) * FUSE_LABEL_STEP;
	for (int i = 0; i < op->nargs; i++) {
		const Op *d = fuse_def(f, op->arg[i]);
		int64_t l = d ? group_of(d)->label : 0;
		most = l > most ? l : most;
	}
	return most + 1 < FUSE_LABEL_STEP ? most + 1 : (index + 1) * FUSE_LABEL_STEP;
}

static void add_node(Fuse *f, Op *op)
{
	Node *n = ARENA_NEW(f->p->scratch, Node);

	n->index = f->nops++;
	n->ratio = n->times = 1;
	op->mark = n;
}

static void start_group(Fuse *f, Op *op)
{
	add_node(f, op);
	FusionKind kind = kind_alone(op);
	Group *g = group_new(f, kind, label_of(f, op, node_of(op)->index));
	if (kind != FUSION_LOOP && kind != FUSION_SINGLE)
		g->anchor = op;
	if (kind == FUSION_LOOP)
		g->dims = op->result[0]->type;
	else if (kind == FUSION_ROW)
		g->dims = op->arg[0]->type;
	group_add(f, g, op);
	if (op_size(op))
		vec_push(f->p->scratch, &f->sizes, op);
}

/* A fusion that somebody has made: its ops come out of it, and stay together. */
static void open_fusion(Fuse *f, Op *fusion)
{
	Block *region = fusion->region[0];
	const Op *anchor, *yield = block_terminator(region);
	FusionKind kind = fusion_kind(region, &anchor);
	Group *g = NULL;

	/* What the fusion moves first was laid out for it; other operands may be computed inside. */
	bool *is_laid_out = ARENA_ARRAY(f->p->scratch, bool, fusion->nargs + 1);

	CHECK(kind != FUSION_INVALID, "a fusion that breaks the rules reaches fuse");
	for (int i = 0; i < fusion->nargs; i++)
		for (const Use *u = region->args.at[i]->first_use; u; u = u->next)
			is_laid_out[i] = is_laid_out[i] || op_cost(u->user) == COST_MOVEMENT;
	for (int i = 0; i < region->args.n; i++)
		if (region->args.at[i]->first_use)
			value_replace(region->args.at[i], fusion->arg[i]);
	for (int i = 0; i < fusion->nresults; i++)
		if (fusion->result[i]->first_use)
			value_replace(fusion->result[i], yield->arg[i]);
	for (Op *op = region->first, *next; op != yield; op = next) {
		next = op->next;
		op_unlink(op);
		op_insert_before(fusion, op);
		if (op_has(op, T_CONST)) {
			start_group(f, op);
			continue;
		}
		add_node(f, op);
		if (!g) {
			g = group_new(f, kind, 0);
			g->anchor = anchor;
			g->dims = kind == FUSION_LOOP ? yield->arg[0]->type : kind == FUSION_ROW ? anchor->arg[0]->type : NULL;
			for (int i = 0; i < fusion->nargs; i++)
				if (is_laid_out[i])
					vec_push(f->p->scratch, &g->sealed, fusion->arg[i]);
		}
		group_add(f, g, op);
		g->label = (node_of(op)->index + 1) * FUSE_LABEL_STEP;
	}
	for (int i = 0; g && i < g->ops.n; i++)
		node_of(g->ops.at[i])->prologue = kind == FUSION_CONTRACT && node_of(g->ops.at[i])->pos.level == POS_FREE;
	op_erase(fusion);
}

void fuse_groups_init(Fuse *f)
{
	for (Op *op = f->block->first, *next; op; op = next) {
		next = op->next;
		if (op->kind == OP_fusion)
			open_fusion(f, op);
		else
			start_group(f, op);
	}
}
