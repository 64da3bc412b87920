/* codegen/llvm/scalar.c - every scalar operation as LLVM IR, with its corner cases and without undefined behaviour.

   No operation may become a call: the intrinsics used here have instructions on the CPU at hand, what has none is
   spelled out.  No fast-math flag is ever set. */
#include <math.h>

#include "codegen/llvm/llvm.h"

#include "ir/base/check.h"
#include "ir/base/num.h"
#include "runtime/abi.h"

static Val unary(Gen *g, const char *name, KType t, Val a)
{
	LLVMTypeRef type = gen_type(g, t);

	return gen_intrinsic(g, name, 1, &type, 1, &a);
}

static Val binary(Gen *g, const char *name, KType t, Val a, Val b)
{
	LLVMTypeRef type = gen_type(g, t);
	Val arg[] = { a, b };

	return gen_intrinsic(g, name, 1, &type, 2, arg);
}

static Val real(Gen *g, KType t, double x)
{
	return gen_bits(g, t, t.dtype == DT_F32 ? f32_bits((float)x) : f64_bits(x));
}

static bool is_signed(KType t)
{
	return dtype_info[t.dtype].kind == DK_INT;
}

static int width(KType t)
{
	return t.dtype == DT_BOOL ? 1 : dtype_info[t.dtype].bits;
}

static Val sign_bit(Gen *g, KType t)
{
	return gen_bits(g, t, (uint64_t)1 << (width(t) - 1));
}

static Val all_ones(Gen *g, KType t)
{
	return LLVMConstAllOnes(gen_type(g, t));
}

static Val icmp(Gen *g, LLVMIntPredicate p, Val a, Val b)
{
	return LLVMBuildICmp(g->b, p, a, b, "");
}

static Val pick(Gen *g, Val cond, Val a, Val b)
{
	return gen_select(g, cond, a, b);
}

/* Divisors for which the instruction traps, or overflows, become 1; what the operation gives there is picked after. */
static Val divide(Gen *g, ScalarOp op, KType t, Val a, Val b)
{
	Val zero = gen_bits(g, t, 0), one = gen_bits(g, t, 1);
	Val by_zero = icmp(g, LLVMIntEQ, b, zero), bad = by_zero;

	if (is_signed(t)) {
		Val min = icmp(g, LLVMIntEQ, a, sign_bit(g, t)), minus = icmp(g, LLVMIntEQ, b, all_ones(g, t));
		bad = LLVMBuildOr(g->b, bad, LLVMBuildAnd(g->b, min, minus, ""), "");
	}
	b = pick(g, bad, one, b);
	if (op == SC_div) {
		Val q = is_signed(t) ? LLVMBuildSDiv(g->b, a, b, "") : LLVMBuildUDiv(g->b, a, b, "");
		return pick(g, by_zero, all_ones(g, t), q);
	}
	Val r = is_signed(t) ? LLVMBuildSRem(g->b, a, b, "") : LLVMBuildURem(g->b, a, b, "");
	return pick(g, by_zero, a, r);
}

static Val shift(Gen *g, ScalarOp op, KType t, Val a, Val b)
{
	Val zero = gen_bits(g, t, 0), w = gen_bits(g, t, (uint64_t)width(t)), last = gen_bits(g, t, (uint64_t)width(t) - 1);
	Val inside = icmp(g, LLVMIntULT, b, w);

	if (op == SC_shr_a)
		return LLVMBuildAShr(g->b, a, pick(g, inside, b, last), "");
	Val by = pick(g, inside, b, zero);
	Val r = op == SC_shl ? LLVMBuildShl(g->b, a, by, "") : LLVMBuildLShr(g->b, a, by, "");
	return pick(g, inside, r, zero);
}

static Val mulhi(Gen *g, KType t, Val a, Val b)
{
	LLVMTypeRef wide = LLVMIntTypeInContext(g->ctx, (unsigned)width(t) * 2);

	if (t.lanes > 1)
		wide = LLVMVectorType(wide, (unsigned)t.lanes);
	LLVMOpcode extend = is_signed(t) ? LLVMSExt : LLVMZExt;
	Val p = LLVMBuildMul(g->b, LLVMBuildCast(g->b, extend, a, wide, ""), LLVMBuildCast(g->b, extend, b, wide, ""), "");
	Val by = LLVMConstInt(LLVMIntTypeInContext(g->ctx, (unsigned)width(t) * 2), (unsigned)width(t), 0);
	p = LLVMBuildLShr(g->b, p, gen_splat(g, by, t.lanes), "");
	return LLVMBuildTrunc(g->b, p, gen_type(g, t), "");
}

/* On CPUs without rounding instructions: |x| + 2^p - 2^p is |x| rounded to an integer, ties to even, as long as |x| is
   below 2^p (p: bits of the significand); above, and for NaN, x is its own result. */
static Val round_by_adding(Gen *g, ScalarOp op, KType t, Val x)
{
	Val magic = real(g, t, t.dtype == DT_F32 ? 0x1p23 : 0x1p52), one = real(g, t, 1);
	Val size = unary(g, "llvm.fabs", t, x);
	Val r = LLVMBuildFSub(g->b, LLVMBuildFAdd(g->b, size, magic, ""), magic, "");

	if (op == SC_trunc) {
		Val over = LLVMBuildFCmp(g->b, LLVMRealOGT, r, size, "");
		r = pick(g, over, LLVMBuildFSub(g->b, r, one, ""), r);
	}
	r = binary(g, "llvm.copysign", t, r, x);
	if (op == SC_floor) {
		Val over = LLVMBuildFCmp(g->b, LLVMRealOGT, r, x, "");
		r = pick(g, over, LLVMBuildFSub(g->b, r, one, ""), r);
	} else if (op == SC_ceil) {
		Val under = LLVMBuildFCmp(g->b, LLVMRealOLT, r, x, "");
		r = pick(g, under, LLVMBuildFAdd(g->b, r, one, ""), r);
	}
	r = binary(g, "llvm.copysign", t, r, x);
	return pick(g, LLVMBuildFCmp(g->b, LLVMRealOLT, size, magic, ""), r, x);
}

static Val round_to_integer(Gen *g, ScalarOp op, KType t, Val x)
{
	if (!g->cpu->round)
		return round_by_adding(g, op, t, x);
	return unary(g, op == SC_floor ? "llvm.floor" : op == SC_ceil ? "llvm.ceil" : op == SC_trunc ? "llvm.trunc" :
	             "llvm.roundeven", t, x);
}

/* The number that a is in every lane; false when it is no constant, or NaN. */
static bool constant_real(KType t, Val a, double *out)
{
	LLVMBool loses;

	if (!LLVMIsConstant(a))
		return false;
	if (t.lanes > 1)
		a = LLVMGetAggregateElement(a, 0);
	if (!a || !LLVMIsAConstantFP(a))
		return false;
	*out = LLVMConstRealGetDouble(a, &loses);
	return *out == *out;
}

static Val or_else(Gen *g, LLVMRealPredicate p, Val a, Val b)
{
	return pick(g, LLVMBuildFCmp(g->b, p, a, b, ""), a, b);
}

/* x86's instructions give their second operand when either is NaN or both are zero.  So a min b and b min a, which differ only
   then, make the minimum when their bits are joined: a NaN stays one, and a -0 wins.  Of the maximum +0 wins, and where
   there is a NaN all bits are set.  (llvm.minimum is no way to ask for it: LLVM 19 narrows it to f16 where it can, and
   there forgets NaNs.) */
static Val joined(Gen *g, ScalarOp op, KType t, Val a, Val b)
{
	KType u = { t.dtype == DT_F64 ? DT_U64 : DT_U32, t.lanes };
	LLVMRealPredicate p = op == SC_max ? LLVMRealOGT : LLVMRealOLT;
	LLVMTypeRef bits = gen_type(g, u);
	Val x = LLVMBuildBitCast(g->b, or_else(g, p, a, b), bits, ""), y = LLVMBuildBitCast(g->b, or_else(g, p, b, a), bits, "");

	if (op == SC_min)
		return LLVMBuildBitCast(g->b, LLVMBuildOr(g->b, x, y, ""), gen_type(g, t), "");
	Val nan = LLVMBuildSExt(g->b, LLVMBuildFCmp(g->b, LLVMRealUNO, a, b, ""), bits, "");
	return LLVMBuildBitCast(g->b, LLVMBuildOr(g->b, LLVMBuildAnd(g->b, x, y, ""), nan, ""), gen_type(g, t), "");
}

/* max and min with a constant, as in relu or a clip: one comparison chooses the constant, and where it fails - for NaN,
   too - x stands.  x86 has that as one instruction, or two where the constant must win against its other zero; the
   general sequence has five and more.  `constants` are to the right (canonicalize). */
static Val extremum(Gen *g, ScalarOp op, KType t, Val a, Val b)
{
	bool max = op == SC_max, same_zero;
	double c;

	if (g->cpu->arch != TFRT_ARCH_X86_64)
		return binary(g, max ? "llvm.maximum" : "llvm.minimum", t, a, b);
	if (!constant_real(t, b, &c) && !constant_real(t, a, &c))
		return joined(g, op, t, a, b);
	Val k = constant_real(t, b, &c) ? b : a, x = k == b ? a : b;
	same_zero = c == 0 && (max ? !signbit(c) : signbit(c));
	LLVMRealPredicate less = max ? (same_zero ? LLVMRealOLE : LLVMRealOLT) : (same_zero ? LLVMRealOGE : LLVMRealOGT);
	return pick(g, LLVMBuildFCmp(g->b, less, x, k, ""), k, x);
}

static Val on_float(Gen *g, ScalarOp op, KType t, Val a, Val b, Val c)
{
	switch (op) {
	case SC_add: return LLVMBuildFAdd(g->b, a, b, "");
	case SC_sub: return LLVMBuildFSub(g->b, a, b, "");
	case SC_mul: return LLVMBuildFMul(g->b, a, b, "");
	case SC_div: return LLVMBuildFDiv(g->b, a, b, "");
	case SC_fma: return gen_fma(g, t, a, b, c);
	case SC_neg: return LLVMBuildFNeg(g->b, a, "");
	case SC_abs: return unary(g, "llvm.fabs", t, a);
	case SC_min:
	case SC_max: return extremum(g, op, t, a, b);
	case SC_sqrt: return unary(g, "llvm.sqrt", t, a);
	case SC_copysign: return binary(g, "llvm.copysign", t, a, b);
	case SC_floor: case SC_ceil: case SC_trunc: case SC_roundeven: return round_to_integer(g, op, t, a);
	case SC_eq: return LLVMBuildFCmp(g->b, LLVMRealOEQ, a, b, "");
	case SC_ne: return LLVMBuildFCmp(g->b, LLVMRealUNE, a, b, "");
	case SC_lt: return LLVMBuildFCmp(g->b, LLVMRealOLT, a, b, "");
	case SC_le: return LLVMBuildFCmp(g->b, LLVMRealOLE, a, b, "");
	default: UNREACHABLE("%s of floats", scalar_info[op].name);
	}
}

/* The table as memory, in reverse order, so that a little-endian load has the first bits on top.  Two bytes more are read
   than count. */
static Val table_of_two_over_pi(Gen *g)
{
	Val table = LLVMGetNamedGlobal(g->mod, "two_over_pi"), byte[TWO_OVER_PI_BYTES + 2];

	if (table)
		return table;
	for (int i = 0; i < TWO_OVER_PI_BYTES + 2; i++)
		byte[i] = LLVMConstInt(g->i8, i < TWO_OVER_PI_BYTES ? two_over_pi[TWO_OVER_PI_BYTES - 1 - i] : 0, false);
	table = LLVMAddGlobal(g->mod, LLVMArrayType2(g->i8, TWO_OVER_PI_BYTES + 2), "two_over_pi");
	LLVMSetInitializer(table, LLVMConstArray2(g->i8, byte, TWO_OVER_PI_BYTES + 2));
	LLVMSetLinkage(table, LLVMPrivateLinkage);
	LLVMSetGlobalConstant(table, true);
	LLVMSetUnnamedAddress(table, LLVMGlobalUnnamedAddr);
	return table;
}

static Val at_most(Gen *g, KType t, Val x, uint64_t most)
{
	Val m = gen_bits(g, t, most);

	return pick(g, icmp(g, LLVMIntULT, x, m), x, m);
}

/* 48 bits for every lane, from memory. */
static Val load_two_over_pi(Gen *g, KType t, Val a, Val b)
{
	Val six = gen_bits(g, t, 6), r = LLVMGetUndef(gen_type(g, t)), table = table_of_two_over_pi(g);
	Val first = LLVMBuildAdd(g->b, at_most(g, t, a, 127), LLVMBuildMul(g->b, at_most(g, t, b, 3), six, ""), "");
	Val offset = LLVMBuildSub(g->b, gen_bits(g, t, TWO_OVER_PI_BYTES - 6), first, "");

	for (int i = 0; i < t.lanes; i++) {
		Val at = t.lanes > 1 ? LLVMBuildExtractElement(g->b, offset, gen_i32(g, i), "") : offset;
		Val x = LLVMBuildLoad2(g->b, g->i64, LLVMBuildGEP2(g->b, g->i8, table, &at, 1, ""), "");
		LLVMSetAlignment(x, 1);
		r = t.lanes > 1 ? LLVMBuildInsertElement(g->b, r, x, gen_i32(g, i), "") : x;
	}
	return LLVMBuildAnd(g->b, r, gen_bits(g, t, (UINT64_C(1) << 48) - 1), "");
}

/* Nearly always a is 0 in all lanes (no angle is huge), and then the bits are constants. */
static Val bits_of_two_over_pi(Gen *g, KType t, Val a, Val b)
{
	LLVMTypeRef flags = gen_type(g, (KType){ DT_BOOL, t.lanes });
	Val some = icmp(g, LLVMIntNE, a, gen_bits(g, t, 0)), usual = gen_bits(g, t, 0);

	if (t.lanes > 1)
		some = gen_intrinsic(g, "llvm.vector.reduce.or", 1, &flags, 1, &some);
	for (int k = 3; k >= 0; k--) {
		uint64_t bits = (uint64_t)scalar_eval(SC_two_over_pi, DT_I64, DT_I64, 0, (uint64_t)k, 0);
		Val known = gen_bits(g, t, bits);
		usual = k == 3 ? known : pick(g, icmp(g, LLVMIntEQ, b, gen_bits(g, t, (uint64_t)k)), known, usual);
	}
	LLVMBasicBlockRef from = LLVMGetInsertBlock(g->b), huge = gen_block(g, "huge"), done = gen_block(g, "");
	LLVMBuildCondBr(g->b, some, huge, done);
	gen_at(g, huge);
	Val loaded = load_two_over_pi(g, t, a, b);
	LLVMBuildBr(g->b, done);
	gen_at(g, done);
	Val r = LLVMBuildPhi(g->b, gen_type(g, t), "");
	LLVMAddIncoming(r, (Val[]){ usual, loaded }, (LLVMBasicBlockRef[]){ from, huge }, 2);
	return r;
}

static Val on_int(Gen *g, ScalarOp op, KType t, Val a, Val b)
{
	bool s = is_signed(t);

	switch (op) {
	case SC_add: return LLVMBuildAdd(g->b, a, b, "");
	case SC_sub: return LLVMBuildSub(g->b, a, b, "");
	case SC_mul: return LLVMBuildMul(g->b, a, b, "");
	case SC_div: case SC_rem: return divide(g, op, t, a, b);
	case SC_neg: return LLVMBuildNeg(g->b, a, "");
	case SC_abs: return pick(g, icmp(g, LLVMIntSLT, a, gen_bits(g, t, 0)), LLVMBuildNeg(g->b, a, ""), a);
	case SC_min: return t.dtype == DT_BOOL ? LLVMBuildAnd(g->b, a, b, "") :
		pick(g, icmp(g, s ? LLVMIntSLT : LLVMIntULT, a, b), a, b);
	case SC_max: return t.dtype == DT_BOOL ? LLVMBuildOr(g->b, a, b, "") :
		pick(g, icmp(g, s ? LLVMIntSLT : LLVMIntULT, a, b), b, a);
	case SC_eq: return icmp(g, LLVMIntEQ, a, b);
	case SC_ne: return icmp(g, LLVMIntNE, a, b);
	case SC_lt: return icmp(g, s ? LLVMIntSLT : LLVMIntULT, a, b);
	case SC_le: return icmp(g, s ? LLVMIntSLE : LLVMIntULE, a, b);
	case SC_and: return LLVMBuildAnd(g->b, a, b, "");
	case SC_or: return LLVMBuildOr(g->b, a, b, "");
	case SC_xor: return LLVMBuildXor(g->b, a, b, "");
	case SC_not: return LLVMBuildNot(g->b, a, "");
	case SC_shl: case SC_shr_l: case SC_shr_a: return shift(g, op, t, a, b);
	case SC_popcnt: return unary(g, "llvm.ctpop", t, a);
	case SC_clz: {
		LLVMTypeRef type = gen_type(g, t);
		Val arg[] = { a, LLVMConstInt(g->i1, 0, 0) };
		return gen_intrinsic(g, "llvm.ctlz", 1, &type, 2, arg);
	}
	case SC_mulhi: return mulhi(g, t, a, b);
	case SC_two_over_pi: return bits_of_two_over_pi(g, t, a, b);
	default: UNREACHABLE("%s of integers", scalar_info[op].name);
	}
}

static Val bitcast(Gen *g, KType in, KType out, Val a)
{
	if (out.dtype == DT_BOOL)
		return icmp(g, LLVMIntNE, a, LLVMConstNull(LLVMTypeOf(a)));
	if (in.dtype == DT_BOOL)
		return LLVMBuildZExt(g->b, a, gen_type(g, out), "");
	return LLVMBuildBitCast(g->b, a, gen_type(g, out), "");
}

Val gen_scalar(Gen *g, ScalarOp op, KType in, KType out, Val a, Val b, Val c)
{
	switch (op) {
	case SC_convert: return gen_convert(g, in, out, a);
	case SC_bitcast: return bitcast(g, in, out, a);
	case SC_select: return pick(g, a, b, c);
	default: break;
	}
	CHECK(in.dtype != DT_F16 && in.dtype != DT_BF16, "%s of %s", scalar_info[op].name, dtype_info[in.dtype].name);
	return dtype_is_float(in.dtype) ? on_float(g, op, in, a, b, c) : on_int(g, op, in, a, b);
}
