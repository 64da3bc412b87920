/* codegen/llvm/softfma.c - fma, exact also on CPUs without the instruction (where LLVM would call libm).

   f32: the product is exact in f64; the sum with c is made there and rounded to odd, so that rounding to f32 is the
   only one that counts.  f64: in 128-bit integers, as a scalar program over i64, made a function of its own. */
#include "codegen/llvm/llvm.h"

#include "ir/base/check.h"

/* s = p + c with the rounding error made visible in the last bit: e is exact (Knuth's two-sum); when it is not zero and
   s is even, s moves to its odd neighbour on the side of e. */
static Val sum_to_odd(Gen *g, KType t, Val p, Val c)
{
	KType u = { DT_U64, t.lanes };
	Val s = LLVMBuildFAdd(g->b, p, c, "");
	Val pp = LLVMBuildFSub(g->b, s, c, ""), cc = LLVMBuildFSub(g->b, s, pp, "");
	Val e = LLVMBuildFAdd(g->b, LLVMBuildFSub(g->b, p, pp, ""), LLVMBuildFSub(g->b, c, cc, ""), "");
	Val zero = gen_bits(g, t, 0), bits = LLVMBuildBitCast(g->b, s, gen_type(g, u), "");
	Val even = LLVMBuildICmp(g->b, LLVMIntEQ, LLVMBuildAnd(g->b, bits, gen_bits(g, u, 1), ""), gen_bits(g, u, 0), "");
	Val inexact = LLVMBuildFCmp(g->b, LLVMRealONE, e, zero, "");
	Val outward = LLVMBuildICmp(g->b, LLVMIntEQ, LLVMBuildFCmp(g->b, LLVMRealOGT, e, zero, ""),
	                            LLVMBuildFCmp(g->b, LLVMRealOGT, s, zero, ""), "");
	Val step = LLVMBuildSelect(g->b, outward, gen_bits(g, u, 1), gen_bits(g, u, ~(uint64_t)0), "");
	Val odd = LLVMBuildAdd(g->b, bits, step, "");

	bits = LLVMBuildSelect(g->b, LLVMBuildAnd(g->b, even, inexact, ""), odd, bits, "");
	return LLVMBuildBitCast(g->b, bits, gen_type(g, t), "");
}

static Val fma_f32(Gen *g, KType t, Val a, Val b, Val c)
{
	KType w = { DT_F64, t.lanes };
	LLVMTypeRef wide = gen_type(g, w);
	Val p = LLVMBuildFMul(g->b, LLVMBuildFPExt(g->b, a, wide, ""), LLVMBuildFPExt(g->b, b, wide, ""), "");
	Val s = sum_to_odd(g, w, p, LLVMBuildFPExt(g->b, c, wide, ""));

	return LLVMBuildFPTrunc(g->b, s, gen_type(g, t), "");
}

/* The program for f64.  Numbers are 128 bits wide, as a pair of u64. */
typedef struct Wide { Node hi, lo; } Wide;

static Node u64(ScalarProg *p, uint64_t v)
{
	return scalar_const_bits(p, DT_U64, v);
}

#define OP2(op, x, y)    scalar_op(p, SC_##op, x, y, -1)
#define PICK(c, x, y)    scalar_op(p, SC_select, c, x, y)
#define IS(op, x, y)     scalar_op(p, SC_##op, x, y, -1)
/* 1 if the condition holds, else 0. */
#define FLAG(c)          PICK(c, u64(p, 1), u64(p, 0))

static Wide wide_pick(ScalarProg *p, Node c, Wide x, Wide y)
{
	return (Wide){ PICK(c, x.hi, y.hi), PICK(c, x.lo, y.lo) };
}

static Wide wide_add(ScalarProg *p, Wide x, Wide y)
{
	Node lo = OP2(add, x.lo, y.lo), carry = FLAG(IS(lt, lo, x.lo));

	return (Wide){ OP2(add, OP2(add, x.hi, y.hi), carry), lo };
}

static Wide wide_negate(ScalarProg *p, Wide x)
{
	Wide inverse = { scalar_op(p, SC_not, x.hi, -1, -1), scalar_op(p, SC_not, x.lo, -1, -1) };

	return wide_add(p, inverse, (Wide){ u64(p, 0), u64(p, 1) });
}

/* n >= 0; shifts by 64 and more of a half give 0, and a negative count is at least 64 when unsigned. */
static Wide wide_shl(ScalarProg *p, Wide x, Node n)
{
	Node c64 = u64(p, 64);
	Node across = OP2(or, OP2(shr_l, x.lo, OP2(sub, c64, n)), OP2(shl, x.lo, OP2(sub, n, c64)));

	return (Wide){ OP2(or, OP2(shl, x.hi, n), across), OP2(shl, x.lo, n) };
}

/* What is shifted out sets the last bit. */
static Wide wide_shr_jam(ScalarProg *p, Wide x, Node n)
{
	Node c64 = u64(p, 64);
	Node across = OP2(or, OP2(shl, x.hi, OP2(sub, c64, n)), OP2(shr_l, x.hi, OP2(sub, n, c64)));
	Wide r = { OP2(shr_l, x.hi, n), OP2(or, OP2(shr_l, x.lo, n), across) };
	Wide back = wide_shl(p, r, n);
	Node lost = OP2(or, OP2(xor, back.hi, x.hi), OP2(xor, back.lo, x.lo));

	r.lo = OP2(or, r.lo, FLAG(IS(ne, lost, u64(p, 0))));
	return r;
}

/* A finite number's significand, with its leading bit at 2^52 unless it is 0, and its exponent field, as if unbounded. */
typedef struct Parts { Node significand, exponent; } Parts;

static Parts parts_of(ScalarProg *p, Node bits)
{
	Node field = OP2(and, OP2(shr_l, bits, u64(p, 52)), u64(p, 0x7ff));
	Node m = OP2(and, bits, u64(p, ((uint64_t)1 << 52) - 1));
	Node tiny = IS(eq, field, u64(p, 0));
	Node up = OP2(sub, scalar_op(p, SC_clz, m, -1, -1), u64(p, 11));
	Parts r = { PICK(tiny, OP2(shl, m, up), OP2(or, m, u64(p, (uint64_t)1 << 52))),
	            PICK(tiny, OP2(sub, u64(p, 1), up), field) };

	return r;
}

static Node less(ScalarProg *p, Node x, Node y)
{
	return IS(lt, scalar_cast(p, SC_bitcast, DT_I64, x), scalar_cast(p, SC_bitcast, DT_I64, y));
}

/* The bits of r * 2^exponent (in units in which the exponent field of a number with leading bit 127 of r is
   exponent + 127), rounded to nearest even. */
static Node round_and_pack(ScalarProg *p, Wide r, Node exponent)
{
	Node high = scalar_op(p, SC_clz, r.hi, -1, -1), low = scalar_op(p, SC_clz, r.lo, -1, -1);
	Node lead = PICK(IS(eq, r.hi, u64(p, 0)), OP2(add, low, u64(p, 64)), high);

	r = wide_shl(p, r, lead);
	Node field = OP2(sub, OP2(add, exponent, u64(p, 127)), lead);
	/* 53 bits are kept of a normal number, fewer below: the field is then 0. */
	Node normal = less(p, u64(p, 0), field);
	Node drop = PICK(normal, u64(p, 11), OP2(sub, u64(p, 12), field));
	drop = PICK(less(p, drop, u64(p, 120)), drop, u64(p, 120));
	Node top = OP2(or, r.hi, FLAG(IS(ne, r.lo, u64(p, 0))));
	/* (top << 64) >> drop: the upper half is the result, the lower half the fraction that is rounded. */
	Wide s = wide_shr_jam(p, (Wide){ top, u64(p, 0) }, drop);
	Node half = u64(p, (uint64_t)1 << 63);
	Node up = OP2(or, FLAG(IS(lt, half, s.lo)), OP2(and, FLAG(IS(eq, half, s.lo)), OP2(and, s.hi, u64(p, 1))));
	Node m = OP2(add, s.hi, up);
	Node bits = OP2(add, m, PICK(normal, OP2(shl, OP2(sub, field, u64(p, 1)), u64(p, 52)), u64(p, 0)));

	return PICK(less(p, field, u64(p, 2047)), bits, u64(p, (uint64_t)2047 << 52));
}

static ScalarProg *fma_program(Arena *arena)
{
	ScalarProg *p = scalar_prog_new(arena, 3, (DType[]){ DT_F64, DT_F64, DT_F64 });
	Node bits[3], infinite[3], sign = u64(p, (uint64_t)1 << 63), most = u64(p, (uint64_t)2047 << 52);
	Parts part[3];

	for (int i = 0; i < 3; i++) {
		bits[i] = scalar_cast(p, SC_bitcast, DT_U64, i);
		part[i] = parts_of(p, bits[i]);
		infinite[i] = IS(eq, OP2(and, bits[i], most), most);
	}
	/* The product's leading bit is at 124 or 125, the addend's at 125: room for the carry and the sign. */
	Node ma = part[0].significand, mb = part[1].significand;
	Wide product = wide_shl(p, (Wide){ OP2(mulhi, ma, mb), OP2(mul, ma, mb) }, u64(p, 20));
	Wide addend = wide_shl(p, (Wide){ u64(p, 0), part[2].significand }, u64(p, 73));
	/* value = pair * 2^(e - 1075 - ...): the exponents as round_and_pack wants them. */
	Node ep = OP2(sub, OP2(add, part[0].exponent, part[1].exponent), u64(p, 1075 + 20));
	Node ec = OP2(sub, part[2].exponent, u64(p, 73));
	ec = PICK(IS(eq, part[2].significand, u64(p, 0)), OP2(sub, ep, u64(p, 200)), ec);
	Node c_less = less(p, ec, ep);
	Node gap = PICK(c_less, OP2(sub, ep, ec), OP2(sub, ec, ep));
	gap = PICK(less(p, gap, u64(p, 127)), gap, u64(p, 127));
	Wide small = wide_shr_jam(p, wide_pick(p, c_less, addend, product), gap);
	Wide big = wide_pick(p, c_less, product, addend);
	Node e = PICK(c_less, ep, ec);
	product = wide_pick(p, c_less, big, small);
	addend = wide_pick(p, c_less, small, big);

	Node sp = OP2(and, OP2(xor, bits[0], bits[1]), sign), sc = OP2(and, bits[2], sign);
	Node differ = IS(ne, sp, sc);
	Wide sum = wide_add(p, product, wide_pick(p, differ, wide_negate(p, addend), addend));
	Node flip = IS(ne, OP2(and, sum.hi, sign), u64(p, 0));
	sum = wide_pick(p, flip, wide_negate(p, sum), sum);
	Node sr = OP2(xor, sp, PICK(flip, sign, u64(p, 0)));
	Node r = OP2(or, round_and_pack(p, sum, OP2(sub, e, u64(p, 52))), sr);
	Node nothing = IS(eq, OP2(or, sum.hi, sum.lo), u64(p, 0));
	Node finite = scalar_cast(p, SC_bitcast, DT_F64, PICK(nothing, u64(p, 0), r));

	/* An infinite or NaN factor, or a zero one: product and sum are exact.  Else an infinite or NaN c is the result. */
	Node plain = OP2(add, OP2(mul, 0, 1), 2);
	Node zero = OP2(or, IS(eq, ma, u64(p, 0)), IS(eq, mb, u64(p, 0)));
	Node special = OP2(or, OP2(or, infinite[0], infinite[1]), zero);
	p->result = PICK(special, plain, PICK(infinite[2], 2, finite));
	return p;
}

static Val fma_f64_function(Gen *g, int lanes)
{
	int log = __builtin_ctz((unsigned)lanes);
	Val fn = map_get(&g->soft_fma[log], g->cpu);

	if (fn)
		return fn;
	KType t = { DT_F64, lanes };
	LLVMTypeRef type = gen_type(g, t), arg[] = { type, type, type };
	fn = gen_function(g, "fma.f64", LLVMFunctionType(type, arg, 3, 0), g->cpu, false);
	Scope outer = gen_enter(g, fn, g->cpu, NULL);
	ScalarProg *p = fma_program(g->arena);
	Val *at = ARENA_ARRAY(g->arena, Val, p->n);
	for (int i = 0; i < p->n; i++) {
		const ScalarInstr *s = &p->at[i];
		KType out = { s->type, lanes };
		if (s->kind == SI_OP) {
			const ScalarInstr *x = &p->at[s->arg[s->op == SC_select ? 1 : 0]];
			at[i] = gen_scalar(g, s->op, (KType){ x->type, lanes }, out, at[s->arg[0]],
			                   s->arg[1] < 0 ? NULL : at[s->arg[1]], s->arg[2] < 0 ? NULL : at[s->arg[2]]);
		} else {
			at[i] = s->kind == SI_INPUT ? LLVMGetParam(fn, (unsigned)i) : gen_bits(g, out, s->bits);
		}
	}
	LLVMBuildRet(g->b, at[p->result]);
	gen_leave(g, outer);
	map_set(&g->soft_fma[log], g->cpu, fn);
	return fn;
}

Val gen_fma(Gen *g, KType t, Val a, Val b, Val c)
{
	LLVMTypeRef type = gen_type(g, t);
	Val arg[] = { a, b, c };

	if (g->cpu->fma)
		return gen_intrinsic(g, "llvm.fma", 1, &type, 3, arg);
	if (t.dtype == DT_F32)
		return fma_f32(g, t, a, b, c);
	LLVMTypeRef args[] = { type, type, type };
	return LLVMBuildCall2(g->b, LLVMFunctionType(type, args, 3, 0), fma_f64_function(g, t.lanes), arg, 3, "");
}
