/* codegen/llvm/kernel.c - one kernel of loop IR as one internal function.

   void kernel(ptr buffers..., i64 params..., i64 task, ptr scratch).  Variables become allocas in the entry block,
   which SROA turns into registers; loops are emitted with the test at the end, guarded once, so that no pass has to
   rotate them. */
#include "codegen/llvm/llvm.h"
#include "runtime/abi.h"

#include "codegen/object/layout.h"
#include "ir/base/check.h"

typedef struct Body {
	Gen          *g;
	const Kernel *k;
	Map           value;     /* KOp* -> Val */
	Val          *buf;       /* base of each buffer */
	KernelLayout  layout;
} Body;

static void emit_block(Body *e, const KBlock *b);
static void emit_op(Body *e, const KOp *x);

/* Loads and splats wait for their first use: a register tile loads many values, and LLVM keeps to the order it is given, so
   that loading them all before the first product would need more registers than there are.  Nothing waits beyond a
   store or into a loop. */
static bool can_wait(const Body *e, const KOp *x)
{
	const KBuf *b = x->kind == K_LOAD ? &e->k->buf.at[x->buf] : NULL;

	return x->kind == K_SPLAT || (b && b->kind == KB_IN && x->nargs == 1 && x->arg[0]->type.lanes == 1);
}

static Val value_of(Body *e, const KOp *x)
{
	Val v = map_get(&e->value, x);

	if (!v && can_wait(e, x)) {
		emit_op(e, x);
		v = map_get(&e->value, x);
	}

	CHECK(v, "kernel %s: an operand has no value (kind %d)", e->k->name, x->kind);
	return v;
}

static void define(Body *e, const KOp *x, Val v)
{
	map_set(&e->value, x, v);
}

/* Memory. */

static Val address(Body *e, const KOp *x, bool inbounds)
{
	Gen *g = e->g;
	LLVMTypeRef t = gen_memory_type(g, e->k->buf.at[x->buf].dtype);
	Val index = value_of(e, x->arg[0]);

	return inbounds ? LLVMBuildInBoundsGEP2(g->b, t, e->buf[x->buf], &index, 1, "") :
	                  LLVMBuildGEP2(g->b, t, e->buf[x->buf], &index, 1, "");
}

static LLVMTypeRef memory_vector(Gen *g, KType t)
{
	LLVMTypeRef m = gen_memory_type(g, t.dtype);

	return t.lanes == 1 ? m : LLVMVectorType(m, (unsigned)t.lanes);
}

static Val from_memory(Gen *g, KType t, Val x)
{
	return t.dtype == DT_BOOL ? LLVMBuildICmp(g->b, LLVMIntNE, x, LLVMConstNull(LLVMTypeOf(x)), "") : x;
}

static Val to_memory(Gen *g, KType t, Val x)
{
	return t.dtype == DT_BOOL ? LLVMBuildZExt(g->b, x, memory_vector(g, t), "") : x;
}

static unsigned alignment(const KOp *x, KType t)
{
	int size = dtype_size(t.dtype);

	return (unsigned)(x->flags & KF_ALIGNED ? size * t.lanes : size);
}

/* What a masked load puts into absent lanes, as it would lie in memory. */
static Val absent(Gen *g, const KOp *x)
{
	KType t = { x->type.dtype == DT_BOOL ? DT_U8 : x->type.dtype, x->type.lanes };

	return gen_bits(g, t, x->bits);
}

/* A scalar load under a condition is a branch. */
static Val load_if(Body *e, const KOp *x)
{
	Gen *g = e->g;
	LLVMBasicBlockRef from = LLVMGetInsertBlock(g->b), yes = gen_block(g, "load"), done = gen_block(g, "");
	Val other = absent(g, x);

	LLVMBuildCondBr(g->b, value_of(e, x->arg[1]), yes, done);
	gen_at(g, yes);
	Val v = LLVMBuildLoad2(g->b, LLVMTypeOf(other), address(e, x, true), "");
	LLVMSetAlignment(v, alignment(x, x->type));
	LLVMBuildBr(g->b, done);
	gen_at(g, done);
	Val phi = LLVMBuildPhi(g->b, LLVMTypeOf(other), "");
	LLVMAddIncoming(phi, (Val[]){ v, other }, (LLVMBasicBlockRef[]){ yes, from }, 2);
	return phi;
}

static Val gather(Body *e, const KOp *x)
{
	Gen *g = e->g;
	KType t = x->type;
	Val at = address(e, x, false), mask = x->nargs > 1 ? value_of(e, x->arg[1]) : NULL;
	LLVMTypeRef type = memory_vector(g, t), types[] = { type, LLVMTypeOf(at) };

	if (!mask) {
		/* Loads one by one: what every CPU does well enough, and what LLVM makes of it where gathers are slow. */
		Val v = LLVMGetPoison(type);
		for (int i = 0; i < t.lanes; i++) {
			Val p = LLVMBuildExtractElement(g->b, at, gen_i32(g, i), "");
			Val one = LLVMBuildLoad2(g->b, gen_memory_type(g, t.dtype), p, "");
			LLVMSetAlignment(one, alignment(x, (KType){ t.dtype, 1 }));
			v = LLVMBuildInsertElement(g->b, v, one, gen_i32(g, i), "");
		}
		return v;
	}
	Val arg[] = { at, gen_i32(g, dtype_size(t.dtype)), mask, absent(g, x) };
	return gen_intrinsic(g, "llvm.masked.gather", 2, types, 4, arg);
}

/* Lanes from, from + 1, ... of a followed by b. */
static Val lanes_of(Gen *g, Val a, Val b, int from, int n)
{
	Val at[64];

	CHECK(n <= 64, "a vector of %d lanes", n);
	if (n == 1)
		return LLVMBuildExtractElement(g->b, a, gen_i32(g, from), "");
	for (int i = 0; i < n; i++)
		at[i] = gen_i32(g, from + i);
	return LLVMBuildShuffleVector(g->b, a, b, LLVMConstVector(at, (unsigned)n), "");
}

/* x86 without AVX-512 masks by the sign bits of a register.  LLVM 19 does not always: where it finds that all bits of the
   mask of a masked.load, or of a part that it has cut from a wide one, are false, it may load without a mask.  So these
   CPUs get the instruction itself. */
static bool has_maskload(const Gen *g, KType t)
{
	return g->cpu->arch == TFRT_ARCH_X86_64 && g->cpu->facts.masked_memory && g->cpu->facts.vector_bytes == 32 &&
	       dtype_size(t.dtype) >= 4 && t.lanes * dtype_size(t.dtype) >= 16;
}

static Val maskload(Gen *g, KType t, Val from, Val mask, Val other)
{
	static const char *const name[2][2] = { { "llvm.x86.avx2.maskload.d", "llvm.x86.avx2.maskload.d.256" },
	                                        { "llvm.x86.avx2.maskload.q", "llvm.x86.avx2.maskload.q.256" } };
	int size = dtype_size(t.dtype);
	LLVMTypeRef bits = gen_type(g, (KType){ size == 8 ? DT_I64 : DT_I32, t.lanes });

	if (t.lanes * size > 32) {
		KType half = { t.dtype, t.lanes / 2 };
		Val next = LLVMBuildGEP2(g->b, gen_memory_type(g, t.dtype), from, (Val[]){ gen_i32(g, half.lanes) }, 1, "");
		Val low = maskload(g, half, from, lanes_of(g, mask, mask, 0, half.lanes), lanes_of(g, other, other, 0, half.lanes));
		Val high = maskload(g, half, next, lanes_of(g, mask, mask, half.lanes, half.lanes),
		                    lanes_of(g, other, other, half.lanes, half.lanes));
		return lanes_of(g, low, high, 0, t.lanes);
	}
	Val arg[] = { from, LLVMBuildSExt(g->b, mask, bits, "") };
	Val v = gen_intrinsic(g, name[size == 8][t.lanes * size == 32], 0, NULL, 2, arg);
	v = LLVMBuildBitCast(g->b, v, gen_type(g, t), "");
	return LLVMIsNull(other) ? v : LLVMBuildSelect(g->b, mask, v, other, "");
}

static Val load_masked(Body *e, const KOp *x)
{
	Gen *g = e->g;
	KType t = x->type;
	Val from = address(e, x, false), mask = value_of(e, x->arg[1]), other = absent(g, x);

	if (has_maskload(g, t))
		return maskload(g, t, from, mask, other);
	Val arg[] = { from, gen_i32(g, alignment(x, t)), mask, other };
	return gen_intrinsic(g, "llvm.masked.load", 2, (LLVMTypeRef[]){ memory_vector(g, t), g->ptr }, 4, arg);
}

static void emit_load(Body *e, const KOp *x)
{
	Gen *g = e->g;
	KType t = x->type;
	LLVMTypeRef type = memory_vector(g, t);
	Val v;

	if (x->arg[0]->type.lanes > 1) {
		v = gather(e, x);
	} else if (x->nargs == 1) {
		v = LLVMBuildLoad2(g->b, type, address(e, x, true), "");
		LLVMSetAlignment(v, alignment(x, t));
	} else if (t.lanes == 1) {
		v = load_if(e, x);
	} else {
		v = load_masked(e, x);
	}
	define(e, x, from_memory(g, t, v));
}

static void mark_nontemporal(Gen *g, Val store)
{
	LLVMMetadataRef one = LLVMValueAsMetadata(gen_i32(g, 1));
	Val node = LLVMMetadataAsValue(g->ctx, LLVMMDNodeInContext2(g->ctx, &one, 1));

	LLVMSetMetadata(store, LLVMGetMDKindIDInContext(g->ctx, "nontemporal", 11), node);
}

static void scatter(Body *e, const KOp *x, KType t, Val v)
{
	Gen *g = e->g;
	Val at = address(e, x, false), mask = x->nargs > 2 ? value_of(e, x->arg[2]) : LLVMConstAllOnes(gen_type(g, (KType){ DT_BOOL, t.lanes }));
	LLVMTypeRef types[] = { memory_vector(g, t), LLVMTypeOf(at) };
	Val arg[] = { v, at, gen_i32(g, dtype_size(t.dtype)), mask };

	gen_intrinsic(g, "llvm.masked.scatter", 2, types, 4, arg);
}

static void emit_store(Body *e, const KOp *x)
{
	Gen *g = e->g;
	KType t = x->arg[1]->type;
	Val v = to_memory(g, t, value_of(e, x->arg[1]));
	bool masked = x->nargs > 2, one = t.lanes == 1;
	LLVMBasicBlockRef done = NULL;

	if (x->arg[0]->type.lanes > 1) {
		scatter(e, x, t, v);
		return;
	}
	if (masked && !one) {
		LLVMTypeRef types[] = { memory_vector(g, t), g->ptr };
		Val arg[] = { v, address(e, x, false), gen_i32(g, alignment(x, t)), value_of(e, x->arg[2]) };
		gen_intrinsic(g, "llvm.masked.store", 2, types, 4, arg);
		return;
	}
	if (masked) {
		LLVMBasicBlockRef yes = gen_block(g, "store");
		done = gen_block(g, "");
		LLVMBuildCondBr(g->b, value_of(e, x->arg[2]), yes, done);
		gen_at(g, yes);
	}
	Val s = LLVMBuildStore(g->b, v, address(e, x, true));
	LLVMSetAlignment(s, alignment(x, t));
	if (x->flags & KF_NONTEMPORAL)
		mark_nontemporal(g, s);
	if (masked) {
		LLVMBuildBr(g->b, done);
		gen_at(g, done);
	}
}

static void emit_prefetch(Body *e, const KOp *x)
{
	Gen *g = e->g;
	/* read, locality (3: all caches, 2: from the second on), data */
	Val arg[] = { address(e, x, false), gen_i32(g, 0), gen_i32(g, x->imm == 1 ? 3 : 2), gen_i32(g, 1) };

	gen_intrinsic(g, "llvm.prefetch", 1, (LLVMTypeRef[]){ g->ptr }, 4, arg);
}

/* Vectors. */

static Val ramp(Gen *g, Val base, int lanes)
{
	Val lane[64];

	CHECK(lanes <= 64, "a vector of %d lanes", lanes);
	for (int i = 0; i < lanes; i++)
		lane[i] = gen_i64(g, i);
	return LLVMBuildAdd(g->b, gen_splat(g, base, lanes), LLVMConstVector(lane, (unsigned)lanes), "");
}

static Val join(Gen *g, KType half, Val a, Val b)
{
	if (half.lanes > 1)
		return lanes_of(g, a, b, 0, 2 * half.lanes);
	Val v = LLVMGetPoison(gen_type(g, (KType){ half.dtype, 2 }));
	v = LLVMBuildInsertElement(g->b, v, a, gen_i32(g, 0), "");
	return LLVMBuildInsertElement(g->b, v, b, gen_i32(g, 1), "");
}

static Val zip(Gen *g, int which, int lanes, Val a, Val b)
{
	Val at[64];

	CHECK(lanes <= 64, "a vector of %d lanes", lanes);
	for (int i = 0; i < lanes; i++)
		at[i] = gen_i32(g, which * (lanes / 2) + i / 2 + i % 2 * lanes);
	return LLVMBuildShuffleVector(g->b, a, b, LLVMConstVector(at, (unsigned)lanes), "");
}

static Val unzip(Gen *g, int which, int lanes, Val a, Val b)
{
	Val at[64];

	CHECK(lanes <= 64, "a vector of %d lanes", lanes);
	for (int i = 0; i < lanes; i++)
		at[i] = gen_i32(g, 2 * i + which);
	return LLVMBuildShuffleVector(g->b, a, b, LLVMConstVector(at, (unsigned)lanes), "");
}

/* Control. */

static void emit_for(Body *e, const KOp *x)
{
	Gen *g = e->g;
	Val lo = value_of(e, x->arg[0]), hi = value_of(e, x->arg[1]);
	LLVMBasicBlockRef enter = gen_block(g, "enter"), body = gen_block(g, "for"), done = gen_block(g, "done");

	LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntSLT, lo, hi, ""), enter, done);
	gen_at(g, enter);
	LLVMBuildBr(g->b, body);
	gen_at(g, body);
	Val i = LLVMBuildPhi(g->b, g->i64, "i");
	define(e, x, i);
	emit_block(e, x->body[0]);
	Val next = LLVMBuildNSWAdd(g->b, i, gen_i64(g, x->imm), "");
	LLVMAddIncoming(i, (Val[]){ lo, next }, (LLVMBasicBlockRef[]){ enter, LLVMGetInsertBlock(g->b) }, 2);
	LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntSLT, next, hi, ""), body, done);
	gen_at(g, done);
}

static void emit_while(Body *e, const KOp *x)
{
	Gen *g = e->g;
	LLVMBasicBlockRef test = gen_block(g, "while"), body = gen_block(g, "do"), done = gen_block(g, "done");

	LLVMBuildBr(g->b, test);
	gen_at(g, test);
	emit_block(e, x->body[0]);
	LLVMBuildCondBr(g->b, value_of(e, x->body[0]->last), body, done);
	gen_at(g, body);
	emit_block(e, x->body[1]);
	LLVMBuildBr(g->b, test);
	gen_at(g, done);
}

static void emit_if(Body *e, const KOp *x)
{
	Gen *g = e->g;
	LLVMBasicBlockRef yes = gen_block(g, "then"), no = gen_block(g, "else"), done = gen_block(g, "endif");

	LLVMBuildCondBr(g->b, value_of(e, x->arg[0]), yes, no);
	gen_at(g, yes);
	emit_block(e, x->body[0]);
	LLVMBuildBr(g->b, done);
	gen_at(g, no);
	if (x->body[1])
		emit_block(e, x->body[1]);
	LLVMBuildBr(g->b, done);
	gen_at(g, done);
}

static Val emit_scalar(Body *e, const KOp *x)
{
	Val a[3] = { NULL, NULL, NULL };

	for (int i = 0; i < x->nargs; i++)
		a[i] = value_of(e, x->arg[i]);
	KType in = x->arg[x->op == SC_select ? 1 : 0]->type;
	return gen_scalar(e->g, x->op, in, x->type, a[0], a[1], a[2]);
}

static void emit_op(Body *e, const KOp *x)
{
	Gen *g = e->g;
	const Kernel *k = e->k;

	switch (x->kind) {
	case K_CONST: define(e, x, gen_bits(g, x->type, x->bits)); return;
	case K_PARAM: define(e, x, LLVMGetParam(g->fn, (unsigned)(k->nparams + x->imm))); return;
	case K_TASK:  define(e, x, LLVMGetParam(g->fn, (unsigned)(k->nparams + e->layout.nparams))); return;
	case K_OP:    define(e, x, emit_scalar(e, x)); return;
	case K_LOAD:  emit_load(e, x); return;
	case K_SPLAT: define(e, x, gen_splat(g, value_of(e, x->arg[0]), x->type.lanes)); return;
	case K_RAMP:  define(e, x, ramp(g, value_of(e, x->arg[0]), x->type.lanes)); return;
	case K_HALF: {
		Val v = value_of(e, x->arg[0]);
		define(e, x, lanes_of(g, v, v, (int)x->imm * x->type.lanes, x->type.lanes));
		return;
	}
	case K_LANE: define(e, x, LLVMBuildExtractElement(g->b, value_of(e, x->arg[0]), gen_i32(g, x->imm), "")); return;
	case K_JOIN: define(e, x, join(g, x->arg[0]->type, value_of(e, x->arg[0]), value_of(e, x->arg[1]))); return;
	case K_ZIP:
		define(e, x, zip(g, (int)x->imm, x->type.lanes, value_of(e, x->arg[0]), value_of(e, x->arg[1])));
		return;
	case K_UNZIP:
		define(e, x, unzip(g, (int)x->imm, x->type.lanes, value_of(e, x->arg[0]), value_of(e, x->arg[1])));
		return;
	case K_GET:
		define(e, x, LLVMBuildLoad2(g->b, gen_type(g, x->type), value_of(e, x->arg[0]), ""));
		return;
	case K_VAR: {
		Val at = gen_alloca(g, gen_type(g, x->type), NULL, 0, "var");
		LLVMBuildStore(g->b, value_of(e, x->arg[0]), at);
		define(e, x, at);
		return;
	}
	case K_SET:      LLVMBuildStore(g->b, value_of(e, x->arg[1]), value_of(e, x->arg[0])); return;
	case K_STORE:    emit_store(e, x); return;
	case K_FOR:      emit_for(e, x); return;
	case K_WHILE:    emit_while(e, x); return;
	case K_IF:       emit_if(e, x); return;
	case K_PREFETCH: emit_prefetch(e, x); return;
	case K_KIND_COUNT: break;
	}
	UNREACHABLE("kernel %s: instruction kind %d", k->name, x->kind);
}

static bool ends_waiting(const KOp *x)
{
	return x->kind == K_STORE || x->kind == K_FOR || x->kind == K_WHILE || x->kind == K_IF;
}

static void emit_block(Body *e, const KBlock *b)
{
	const KOp *waiting = b->first;

	for (const KOp *x = b->first; x; x = x->next) {
		if (can_wait(e, x))
			continue;
		if (ends_waiting(x)) {
			for (; waiting != x; waiting = waiting->next)
				if (can_wait(e, waiting))
					value_of(e, waiting);
		}
		emit_op(e, x);
	}
}

static Val scratch_offset(Body *e, int i)
{
	Gen *g = e->g;
	Dim d = e->layout.offset[i];

	if (dim_is_const(d))
		return gen_i64(g, d->value);
	return LLVMGetParam(g->fn, (unsigned)(e->k->nparams + e->layout.offset_param[i]));
}

static void place_buffers(Body *e)
{
	Gen *g = e->g;
	const Kernel *k = e->k;
	Val scratch = LLVMGetLastParam(g->fn);

	e->buf = ARENA_ARRAY(g->arena, Val, k->buf.n + 1);
	for (int i = 0; i < k->buf.n; i++) {
		const KBuf *b = &k->buf.at[i];
		if (i < k->nparams) {
			e->buf[i] = LLVMGetParam(g->fn, (unsigned)i);
		} else if (b->kind == KB_LOCAL) {
			CHECK(dim_is_const(b->size), "kernel %s: local array of unknown size", k->name);
			e->buf[i] = gen_alloca(g, gen_memory_type(g, b->dtype), gen_i64(g, b->size->value), 64, b->name);
		} else {
			e->buf[i] = gen_offset(g, scratch, scratch_offset(e, i));
		}
	}
}

/* Outputs overlap nothing.  Inputs may be the same memory as an in-place buffer, if there is one. */
static void parameter_attributes(Gen *g, const Kernel *k, Val fn)
{
	bool in_place = false;

	for (int i = 0; i < k->nparams; i++)
		in_place = in_place || k->buf.at[i].kind == KB_INOUT;
	for (int i = 0; i < k->nparams; i++) {
		const KBuf *b = &k->buf.at[i];
		unsigned where = (unsigned)i + 1;
		if (b->kind == KB_OUT || (b->kind == KB_IN && !in_place))
			gen_attribute(g, fn, where, "noalias", 0);
		if (b->kind == KB_IN)
			gen_attribute(g, fn, where, "readonly", 0);
		gen_attribute(g, fn, where, "nocapture", 0);
		gen_attribute(g, fn, where, "align", (uint64_t)(b->align ? b->align : dtype_size(b->dtype)));
	}
	unsigned scratch = (unsigned)LLVMCountParams(fn);
	gen_attribute(g, fn, scratch, "noalias", 0);
	gen_attribute(g, fn, scratch, "nocapture", 0);
	gen_attribute(g, fn, scratch, "align", 64);
}

Val gen_kernel_declare(Gen *g, const Kernel *k, const CpuSpec *cpu, const char *name)
{
	KernelLayout l = kernel_layout(g->arena, k);
	int n = k->nparams + l.nparams + 2;
	LLVMTypeRef *arg = ARENA_ARRAY(g->arena, LLVMTypeRef, n);

	for (int i = 0; i < n; i++)
		arg[i] = i < k->nparams || i == n - 1 ? g->ptr : g->i64;
	Val fn = gen_function(g, name, LLVMFunctionType(g->none, arg, (unsigned)n, 0), cpu, false);
	parameter_attributes(g, k, fn);
	return fn;
}

void gen_kernel(Gen *g, const Kernel *k, const CpuSpec *cpu, Val fn, Loc loc)
{
	Body e = { .g = g, .k = k, .layout = kernel_layout(g->arena, k) };

	map_init(&e.value, g->arena);
	Scope outer = gen_enter(g, fn, cpu, loc);
	place_buffers(&e);
	emit_block(&e, k->body);
	LLVMBuildRetVoid(g->b);
	gen_leave(g, outer);
}
