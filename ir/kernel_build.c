/* ir/kernel_build.c - building loop IR, with folding of index arithmetic. */
#include "ir/kernel.h"

#include "ir/base/check.h"
#include "ir/base/num.h"

Kernel *kernel_new(Arena *a, DimTable *dims, const char *name)
{
	Kernel *k = ARENA_NEW(a, Kernel);

	k->arena = a;
	k->dims = dims;
	k->name = arena_strdup(a, name);
	k->ntasks = dim_const(dims, 1);
	k->body = ARENA_NEW(a, KBlock);
	return k;
}

int kernel_add_buf(Kernel *k, KBuf buf)
{
	vec_push(k->arena, &k->buf, buf);
	if (buf.kind == KB_IN || buf.kind == KB_OUT || buf.kind == KB_INOUT) {
		CHECK(k->nparams == k->buf.n - 1, "parameters come before local buffers");
		k->nparams++;
	}
	return k->buf.n - 1;
}

static KOp *kop_new(Kernel *k, KKind kind, KType type, int nargs, KOp *x, KOp *y, KOp *z)
{
	KOp *op = ARENA_NEW(k->arena, KOp);

	op->kind = kind;
	op->type = type;
	op->nargs = nargs;
	op->arg[0] = x;
	op->arg[1] = y;
	op->arg[2] = z;
	return op;
}

/* Links op before `before`, or at the end of the block. */
static void link_op(KBlock *block, KOp *before, KOp *op)
{
	op->block = block;
	op->next = before;
	op->prev = before ? before->prev : block->last;
	if (op->prev)
		op->prev->next = op;
	else
		block->first = op;
	if (before)
		before->prev = op;
	else
		block->last = op;
}

static KOp *put(KBuild *b, KOp *op)
{
	CHECK(!b->before || b->before->block == b->block, "builder: insertion point outside of its block");
	link_op(b->block, b->before, op);
	return op;
}

static const KType I64 = { DT_I64, 1 };

/* Constants and parameters are kept at the front of the kernel, each once, so that they dominate everything and
   pointer equality is equality. */
KOp *kb_const(KBuild *b, DType t, uint64_t bits)
{
	KBlock *top = b->k->body;
	KOp *at = top->first;

	for (; at && (at->kind == K_CONST || at->kind == K_PARAM); at = at->next)
		if (at->kind == K_CONST && at->type.dtype == t && at->bits == bits)
			return at;
	KOp *op = kop_new(b->k, K_CONST, (KType){ t, 1 }, 0, NULL, NULL, NULL);
	op->bits = bits;
	link_op(top, at, op);
	return op;
}

KOp *kb_int(KBuild *b, int64_t v)
{
	return kb_const(b, DT_I64, (uint64_t)v);
}

KOp *kb_dim(KBuild *b, Dim d)
{
	Kernel *k = b->k;
	KBlock *top = k->body;
	KOp *at = top->first;
	int p = 0;

	CHECK(d, "a dimension expression has overflowed");
	if (dim_is_const(d))
		return kb_int(b, d->value);
	for (; at && (at->kind == K_CONST || at->kind == K_PARAM); at = at->next)
		if (at->kind == K_PARAM && k->param.at[at->imm] == d)
			return at;
	while (p < k->param.n && k->param.at[p] != d)
		p++;
	if (p == k->param.n)
		vec_push(k->arena, &k->param, d);
	KOp *op = kop_new(k, K_PARAM, I64, 0, NULL, NULL, NULL);
	op->imm = p;
	link_op(top, at, op);
	return op;
}

KOp *kb_op(KBuild *b, ScalarOp op, KOp *x, KOp *y, KOp *z)
{
	const ScalarInfo *row = &scalar_info[op];
	KOp *arg[3] = { x, y, z };
	int lanes = 1;

	for (int i = 0; i < row->nargs; i++) {
		CHECK(arg[i], "%s: operand %d is missing", row->name, i);
		lanes = arg[i]->type.lanes > lanes ? arg[i]->type.lanes : lanes;
	}
	for (int i = 0; i < row->nargs; i++)
		if (arg[i]->type.lanes != lanes)
			arg[i] = kb_splat(b, arg[i], lanes);
	KType type = arg[op == SC_select ? 1 : 0]->type;
	if (row->result == SCR_BOOL)
		type.dtype = DT_BOOL;
	CHECK(row->result != SCR_CAST, "%s needs kb_cast", row->name);
	KOp *r = kop_new(b->k, K_OP, type, row->nargs, arg[0], arg[1], arg[2]);
	r->op = op;
	return put(b, r);
}

KOp *kb_cast(KBuild *b, ScalarOp op, DType to, KOp *x)
{
	CHECK(scalar_info[op].result == SCR_CAST, "%s is no cast", scalar_info[op].name);
	if (x->type.dtype == to)
		return x;
	if (op == SC_convert && (dtype_is_narrow(to) || dtype_is_narrow(x->type.dtype))) {
		ScalarProg *p = scalar_prog_new(b->k->arena, 1, &x->type.dtype);
		DType via = scalar_convert_via(x->type.dtype, to);
		p->result = dtype_is_narrow(via) || dtype_is_narrow(x->type.dtype) ? math_narrow(p, via, 0) : scalar_cast(p, op, via, 0);
		return kb_cast(b, op, to, kb_prog(b, p, &x));
	}
	KOp *r = kop_new(b->k, K_OP, (KType){ to, x->type.lanes }, 1, x, NULL, NULL);
	r->op = op;
	return put(b, r);
}

/* Memory. */

KOp *kb_load_masked(KBuild *b, int buf, KOp *index, int lanes, KOp *mask, uint64_t absent)
{
	CHECK(buf >= 0 && buf < b->k->buf.n, "load: no buffer %d", buf);
	if (index->type.lanes > 1)
		lanes = index->type.lanes;
	KType type = { b->k->buf.at[buf].dtype, lanes };
	KOp *r = kop_new(b->k, K_LOAD, type, mask ? 2 : 1, index, mask, NULL);
	r->buf = buf;
	r->bits = absent;
	return put(b, r);
}

KOp *kb_load(KBuild *b, int buf, KOp *index, int lanes)
{
	return kb_load_masked(b, buf, index, lanes, NULL, 0);
}

KOp *kb_store(KBuild *b, int buf, KOp *index, KOp *value, KOp *mask)
{
	CHECK(buf >= 0 && buf < b->k->buf.n, "store: no buffer %d", buf);
	CHECK(b->k->buf.at[buf].dtype == value->type.dtype, "store: the buffer holds %s, the value is %s",
	      dtype_info[b->k->buf.at[buf].dtype].name, dtype_info[value->type.dtype].name);
	KOp *r = kop_new(b->k, K_STORE, value->type, mask ? 3 : 2, index, value, mask);
	r->buf = buf;
	return put(b, r);
}

/* Vectors. */

KOp *kb_splat(KBuild *b, KOp *x, int lanes)
{
	if (x->type.lanes == lanes)
		return x;
	CHECK(x->type.lanes == 1, "splat: the operand has %d lanes", x->type.lanes);
	return put(b, kop_new(b->k, K_SPLAT, (KType){ x->type.dtype, lanes }, 1, x, NULL, NULL));
}

KOp *kb_ramp(KBuild *b, KOp *base, int lanes)
{
	return put(b, kop_new(b->k, K_RAMP, (KType){ DT_I64, lanes }, 1, base, NULL, NULL));
}

KOp *kb_half(KBuild *b, KOp *x, int which)
{
	KOp *r = kop_new(b->k, K_HALF, (KType){ x->type.dtype, x->type.lanes / 2 }, 1, x, NULL, NULL);
	r->imm = which;
	return put(b, r);
}

KOp *kb_lane(KBuild *b, KOp *x, int lane)
{
	KOp *r = kop_new(b->k, K_LANE, (KType){ x->type.dtype, 1 }, 1, x, NULL, NULL);
	r->imm = lane;
	return put(b, r);
}

KOp *kb_join(KBuild *b, KOp *x, KOp *y)
{
	return put(b, kop_new(b->k, K_JOIN, (KType){ x->type.dtype, x->type.lanes * 2 }, 2, x, y, NULL));
}

KOp *kb_zip(KBuild *b, KOp *x, KOp *y, int which)
{
	KOp *r = kop_new(b->k, K_ZIP, x->type, 2, x, y, NULL);
	r->imm = which;
	return put(b, r);
}

KOp *kb_unzip(KBuild *b, KOp *x, KOp *y, int which)
{
	KOp *r = kop_new(b->k, K_UNZIP, x->type, 2, x, y, NULL);
	r->imm = which;
	return put(b, r);
}

/* Variables. */

KOp *kb_var(KBuild *b, KOp *init)
{
	return put(b, kop_new(b->k, K_VAR, init->type, 1, init, NULL, NULL));
}

KOp *kb_get(KBuild *b, KOp *var)
{
	CHECK(var->kind == K_VAR, "get: not a variable");
	return put(b, kop_new(b->k, K_GET, var->type, 1, var, NULL, NULL));
}

void kb_set(KBuild *b, KOp *var, KOp *value)
{
	CHECK(var->kind == K_VAR && var->type.dtype == value->type.dtype, "set: not a variable of the value's type");
	put(b, kop_new(b->k, K_SET, var->type, 2, var, kb_splat(b, value, var->type.lanes), NULL));
}

/* Control. */

static void open_body(KBuild *b, KOp *op, int i)
{
	b->block = op->body[i];
	b->before = NULL;
}

static KOp *put_with_bodies(KBuild *b, KOp *op, int n)
{
	for (int i = 0; i < n; i++) {
		op->body[i] = ARENA_NEW(b->k->arena, KBlock);
		op->body[i]->parent = op;
	}
	put(b, op);
	open_body(b, op, 0);
	return op;
}

KOp *kb_for(KBuild *b, KOp *lo, KOp *hi, int64_t step, KRole role)
{
	KOp *op = kop_new(b->k, K_FOR, I64, 2, lo, hi, NULL);

	CHECK(step > 0, "for: the step is %lld", (long long)step);
	op->imm = step;
	op->role = role;
	return put_with_bodies(b, op, 1);
}

KOp *kb_while(KBuild *b)
{
	return put_with_bodies(b, kop_new(b->k, K_WHILE, I64, 0, NULL, NULL, NULL), 2);
}

void kb_do(KBuild *b, KOp *cond)
{
	KOp *op = b->block->parent;

	CHECK(op && op->kind == K_WHILE && cond->type.dtype == DT_BOOL, "do: no while with a bool condition is open");
	/* The condition must be the block's last instruction. */
	if (b->block->last != cond)
		cond = kb_op(b, SC_and, cond, cond, NULL);
	open_body(b, op, 1);
}

KOp *kb_if(KBuild *b, KOp *cond)
{
	return put_with_bodies(b, kop_new(b->k, K_IF, I64, 1, cond, NULL, NULL), 2);
}

void kb_else(KBuild *b)
{
	KOp *op = b->block->parent;

	CHECK(op && op->kind == K_IF, "else: no if is open");
	open_body(b, op, 1);
}

void kb_end(KBuild *b)
{
	KOp *op = b->block->parent;

	CHECK(op, "end: nothing is open");
	b->block = op->block;
	b->before = op->next;
}

KOp *kb_prog(KBuild *b, const ScalarProg *p, KOp *const *in)
{
	KOp **at = ARENA_ARRAY(b->k->arena, KOp *, p->n);

	for (int i = 0; i < p->n; i++) {
		const ScalarInstr *s = &p->at[i];
		KOp *x = s->kind == SI_OP ? at[s->arg[0]] : NULL;

		if (s->kind == SI_INPUT)
			at[i] = in[i];
		else if (s->kind == SI_CONST)
			at[i] = kb_const(b, s->type, s->bits);
		else if (scalar_info[s->op].result == SCR_CAST)
			at[i] = kb_cast(b, s->op, s->type, x);
		else
			at[i] = kb_op(b, s->op, x, s->arg[1] >= 0 ? at[s->arg[1]] : NULL,
			              s->arg[2] >= 0 ? at[s->arg[2]] : NULL);
	}
	return at[p->result];
}

void kop_erase(KOp *x)
{
	KBlock *block = x->block;

	if (x->prev)
		x->prev->next = x->next;
	else
		block->first = x->next;
	if (x->next)
		x->next->prev = x->prev;
	else
		block->last = x->prev;
	x->block = NULL;
	x->prev = x->next = NULL;
}

/* A copy with operands looked up in map; bodies are copied too.  The copy is entered in map.  Index arithmetic folds
   again, now that loops may have become numbers. */
KOp *kop_clone(KBuild *b, const KOp *x, Map *map)
{
	if (x->kind == K_CONST) {
		KOp *c = kb_const(b, x->type.dtype, x->bits);
		map_set(map, x, c);
		return c;
	}
	if (x->kind == K_OP && x->type.dtype == DT_I64 && x->type.lanes == 1 &&
	    (x->op == SC_add || x->op == SC_sub || x->op == SC_mul)) {
		KOp *p = map_get(map, x->arg[0]), *q = map_get(map, x->arg[1]);
		p = p ? p : x->arg[0];
		q = q ? q : x->arg[1];
		KOp *r = x->op == SC_add ? kb_add(b, p, q) : x->op == SC_sub ? kb_sub(b, p, q) : kb_mul(b, p, q);
		map_set(map, x, r);
		return r;
	}
	KOp *c = kop_new(b->k, x->kind, x->type, x->nargs, NULL, NULL, NULL);
	c->op = x->op;
	c->role = x->role;
	c->flags = x->flags;
	c->buf = x->buf;
	c->imm = x->imm;
	c->bits = x->bits;
	for (int i = 0; i < x->nargs; i++) {
		KOp *m = map_get(map, x->arg[i]);
		c->arg[i] = m ? m : x->arg[i];
	}
	put(b, c);
	map_set(map, x, c);
	for (int i = 0; i < 2 && x->body[i]; i++) {
		c->body[i] = ARENA_NEW(b->k->arena, KBlock);
		c->body[i]->parent = c;
		KBuild in = { b->k, c->body[i], NULL };
		for (const KOp *y = x->body[i]->first; y; y = y->next)
			kop_clone(&in, y, map);
	}
	return c;
}

Kernel *kernel_clone(Arena *a, const Kernel *k)
{
	Kernel *c = kernel_new(a, k->dims, k->name);
	Map map;

	map_init(&map, a);
	for (int i = 0; i < k->buf.n; i++)
		kernel_add_buf(c, k->buf.at[i]);
	for (int i = 0; i < k->param.n; i++)
		vec_push(a, &c->param, k->param.at[i]);
	c->ntasks = k->ntasks;
	c->flops = k->flops;
	KBuild b = { c, c->body, NULL };
	for (const KOp *x = k->body->first; x; x = x->next)
		kop_clone(&b, x, &map);
	return c;
}
