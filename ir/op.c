/* ir/op.c - ops and values: making, moving, lists of uses, copies. */
#include "ir/base/check.h"
#include "ir/ir.h"

static void use_link(Use *use, Op *user, int index, Value *v)
{
	use->user = user;
	use->index = index;
	use->next = NULL;
	use->link = v->last_use ? v->last_use : &v->first_use;
	*use->link = use;
	v->last_use = &use->next;
}

static void use_unlink(Use *use, Value *v)
{
	*use->link = use->next;
	if (use->next)
		use->next->link = use->link;
	else
		v->last_use = use->link;
	*use = (Use){ 0 };
}

static void op_drop_uses(Op *op)
{
	for (int i = 0; i < op->nargs; i++)
		if (op->arg[i])
			use_unlink(&op->use[i], op->arg[i]);
	op->nargs = 0;
}

void op_set_args(Op *op, int n, Value *const *arg)
{
	Arena *a = op->region ? op->region[0]->func->module->arena : NULL;
	Value *few[16], **copy = few;
	int old = op->nargs;

	if (op->block)
		a = op->block->func->module->arena;
	CHECK(n <= old || a, "more operands for a detached %s", op_row(op)->name);
	if (n > 16) /* arg may be op->arg itself */
		copy = ARENA_ARRAY(a, Value *, n);
	for (int i = 0; i < n; i++)
		copy[i] = arg[i];
	op_drop_uses(op);
	if (n > old) {
		op->arg = ARENA_ARRAY(a, Value *, n);
		op->use = ARENA_ARRAY(a, Use, n);
	}
	for (int i = 0; i < n; i++) {
		CHECK(copy[i], "operand %d of %s is NULL", i, op_row(op)->name);
		op->arg[i] = copy[i];
		use_link(&op->use[i], op, i, copy[i]);
	}
	op->nargs = n;
}

void op_set_arg(Op *op, int i, Value *v)
{
	CHECK(i >= 0 && i < op->nargs && v, "operand %d of %s", i, op_row(op)->name);
	if (op->arg[i] == v)
		return;
	use_unlink(&op->use[i], op->arg[i]);
	op->arg[i] = v;
	use_link(&op->use[i], op, i, v);
}

size_t attr_size(AttrKind kind)
{
	static const size_t size[ATTR_KIND_COUNT] = {
		[ATTR_int] = sizeof(attr_int), [ATTR_num] = sizeof(attr_num), [ATTR_bool] = sizeof(attr_bool),
		[ATTR_ints] = sizeof(attr_ints), [ATTR_nums] = sizeof(attr_nums), [ATTR_dim] = sizeof(attr_dim), [ATTR_dims] = sizeof(attr_dims),
		[ATTR_types] = sizeof(attr_types), [ATTR_dimname] = sizeof(attr_dimname),
		[ATTR_dtype] = sizeof(attr_dtype), [ATTR_cmp] = sizeof(attr_cmp), [ATTR_sym] = sizeof(attr_sym),
		[ATTR_str] = sizeof(attr_str), [ATTR_tensor] = sizeof(attr_tensor), [ATTR_pads] = sizeof(attr_pads),
		[ATTR_order] = sizeof(attr_order), [ATTR_groups] = sizeof(attr_groups),
	};

	CHECK(kind >= 0 && kind < ATTR_KIND_COUNT, "an attribute of kind %d", (int)kind);
	return size[kind];
}

static void attrs_default(OpKind kind, void *attrs)
{
	for (int i = 0; i < op_info[kind].nattrs; i++) {
		const AttrInfo *a = &op_info[kind].attr[i];
		if (a->fallback)
			memcpy((char *)attrs + a->offset, a->fallback, attr_size(a->kind));
	}
}

Op *op_new(Func *f, OpKind kind, Loc loc, int nargs, Value *const *arg, const void *attrs)
{
	Arena *a = f->module->arena;
	const OpInfo *info = &op_info[kind];
	Op *op = ARENA_NEW(a, Op);

	op->kind = kind;
	op->loc = loc;
	op->attrs = arena_alloc(a, info->attrs_size);
	if (attrs)
		memcpy(op->attrs, attrs, info->attrs_size);
	else
		attrs_default(kind, op->attrs);
	op->arg = ARENA_ARRAY(a, Value *, nargs);
	op->use = ARENA_ARRAY(a, Use, nargs);
	for (int i = 0; i < nargs; i++) {
		CHECK(arg[i], "operand %d of %s is NULL", i, info->name);
		op->arg[i] = arg[i];
		use_link(&op->use[i], op, i, arg[i]);
	}
	op->nargs = nargs;
	op_set_regions(op, f, info->nregions == VARIADIC ? 0 : info->nregions);
	return op;
}

void op_set_regions(Op *op, Func *f, int n)
{
	Arena *a = f->module->arena;

	op->nregions = n;
	op->region = n ? ARENA_ARRAY(a, Block *, n) : NULL;
	for (int i = 0; i < n; i++) {
		op->region[i] = ARENA_NEW(a, Block);
		op->region[i]->parent = op;
		op->region[i]->func = f;
	}
}

const char *op_region_name(const Op *op, int i)
{
	return op_row(op)->region_name[op_row(op)->nregions == VARIADIC ? 0 : i];
}

/* Puts op between prev and next, either of which may be NULL. */
static void link_between(Block *b, Op *prev, Op *op, Op *next)
{
	CHECK(!op->block, "%s is in a block already", op_row(op)->name);
	op->block = b;
	op->prev = prev;
	op->next = next;
	*(prev ? &prev->next : &b->first) = op;
	*(next ? &next->prev : &b->last) = op;
}

void op_append(Block *b, Op *op)
{
	link_between(b, b->last, op, NULL);
}

void op_insert_before(Op *where, Op *op)
{
	CHECK(where->block, "insertion before a detached %s", op_row(where)->name);
	link_between(where->block, where->prev, op, where);
}

void op_insert_after(Op *where, Op *op)
{
	CHECK(where->block, "insertion after a detached %s", op_row(where)->name);
	link_between(where->block, where, op, where->next);
}

void op_unlink(Op *op)
{
	Block *b = op->block;

	CHECK(b, "%s is in no block", op_row(op)->name);
	*(op->prev ? &op->prev->next : &b->first) = op->next;
	*(op->next ? &op->next->prev : &b->last) = op->prev;
	op->block = NULL;
	op->prev = op->next = NULL;
}

static void drop_uses_within(Op *op)
{
	op_drop_uses(op);
	for (int i = 0; i < op->nregions; i++)
		for (Op *inner = op->region[i]->first; inner; inner = inner->next)
			drop_uses_within(inner);
}

void op_erase(Op *op)
{
	for (int i = 0; i < op->nresults; i++)
		CHECK(!op->result[i]->first_use, "erasing %s, whose result %d is used by %s", op_row(op)->name, i,
		      op_row(op->result[i]->first_use->user)->name);
	drop_uses_within(op);
	if (op->block)
		op_unlink(op);
}

void value_replace(Value *old, Value *by)
{
	CHECK(old != by, "a value replaced by itself");
	for (Use *use = old->first_use, *next; use; use = next) {
		next = use->next;
		use->user->arg[use->index] = by;
		use_link(use, use->user, use->index, by);
	}
	old->first_use = NULL;
	old->last_use = NULL;
}

bool value_has_one_use(const Value *v)
{
	return v->first_use && !v->first_use->next;
}

Func *op_func(const Op *op)
{
	CHECK(op->block, "the graph of a detached %s", op_row(op)->name);
	return op->block->func;
}

Dim *op_size(const Op *op)
{
	const OpInfo *row = op_row(op);

	for (int i = 0; i < row->nattrs; i++)
		if (row->attr[i].kind == ATTR_dimname)
			return (Dim *)((char *)op->attrs + row->attr[i].offset);
	return NULL;
}

/* A loop that never ends may vanish when nobody wants its result.  Whoever defines a size stays: types may name it. */
static bool block_is_pure(const Block *b)
{
	for (const Op *op = b->first; op; op = op->next)
		if (!op_has(op, T_TERMINATOR) && !op_is_pure(op))
			return false;
	return true;
}

bool op_is_pure(const Op *op)
{
	if (op->kind == OP_custom_call && op_attrs(custom_call, op)->side_effect)
		return false;
	if (op_has(op, T_COLLECTIVE) || (op->kind == OP_call && op_func(op)->module->effects))
		return false;
	for (int i = 0; op_has(op, T_CONTROL) && i < op->nregions; i++)
		if (!block_is_pure(op->region[i]))
			return false;
	return !op_has(op, T_TERMINATOR) && !op_size(op);
}

static bool mentions(const Op *op, const char *name)
{
	const OpInfo *row = op_row(op);

	for (int i = 0; i < op->nresults; i++)
		for (int k = 0; k < op->result[i]->type->rank; k++)
			if (dim_mentions(op->result[i]->type->dim[k], name))
				return true;
	for (int i = 0; i < row->nattrs; i++) {
		const void *at = (const char *)op->attrs + row->attr[i].offset;
		const Dims *list = at;
		if (row->attr[i].kind == ATTR_dim && dim_mentions(*(const Dim *)at, name))
			return true;
		for (int k = 0; row->attr[i].kind == ATTR_dims && k < list->n; k++)
			if (dim_mentions(list->at[k], name))
				return true;
	}
	return false;
}

bool op_mentions(const Op *op, Dim symbol)
{
	bool found = mentions(op, symbol->name);

	for (int r = 0; r < op->nregions && !found; r++)
		for (const Op *inner = op->region[r]->first; inner && !found; inner = inner->next)
			found = op_mentions(inner, symbol);
	return found;
}

static Value *value_copy(Arena *a, const Value *v)
{
	Value *copy = ARENA_NEW(a, Value);

	*copy = (Value){ .type = v->type, .index = v->index, .name = v->name, .loc = v->loc, .place = v->place };
	return copy;
}

static void block_clone_into(Block *to, const Block *from, Map *map)
{
	Arena *a = to->func->module->arena;

	for (int i = 0; i < from->args.n; i++) {
		Value *v = value_copy(a, from->args.at[i]);
		v->block = to;
		vec_push(a, &to->args, v);
		map_set(map, from->args.at[i], v);
	}
	for (const Op *op = from->first; op; op = op->next)
		op_append(to, op_clone(to->func, op, map));
}

Op *op_clone(Func *f, const Op *op, Map *map)
{
	Arena *a = f->module->arena;
	Value *few[16], **arg = op->nargs <= 16 ? few : ARENA_ARRAY(a, Value *, op->nargs);

	for (int i = 0; i < op->nargs; i++) {
		Value *mapped = map_get(map, op->arg[i]);
		arg[i] = mapped ? mapped : op->arg[i];
	}
	Op *copy = op_new(f, op->kind, op->loc, op->nargs, arg, op->attrs);
	if (copy->nregions != op->nregions)
		op_set_regions(copy, f, op->nregions);
	for (int i = 0; i < op->nregions; i++)
		block_clone_into(copy->region[i], op->region[i], map);
	copy->nresults = op->nresults;
	copy->result = ARENA_ARRAY(a, Value *, op->nresults);
	for (int i = 0; i < op->nresults; i++) {
		copy->result[i] = value_copy(a, op->result[i]);
		copy->result[i]->def = copy;
		map_set(map, op->result[i], copy->result[i]);
	}
	return copy;
}
