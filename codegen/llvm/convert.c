/* codegen/llvm/convert.c - conversions between element types, each rounding once.

   Where a conversion takes two steps, the first rounds to odd (it leaves the even neighbour when inexact), which the
   second rounding cannot tell from the exact value as long as the middle format has two more bits
   (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd"). */
#include "codegen/llvm/llvm.h"

#include "ir/base/check.h"
#include "ir/base/num.h"

static KType with(KType t, DType d)
{
	return (KType){ d, t.lanes };
}

static Val cast(Gen *g, LLVMOpcode op, Val x, KType to)
{
	return LLVMBuildCast(g->b, op, x, gen_type(g, to), "");
}

static Val cmp(Gen *g, LLVMIntPredicate p, Val a, Val b)
{
	return LLVMBuildICmp(g->b, p, a, b, "");
}

static Val fcmp(Gen *g, LLVMRealPredicate p, Val a, Val b)
{
	return LLVMBuildFCmp(g->b, p, a, b, "");
}

static Val pick(Gen *g, Val cond, Val a, Val b)
{
	return gen_select(g, cond, a, b);
}

static Val real(Gen *g, KType t, double x)
{
	return gen_bits(g, t, t.dtype == DT_F32 ? f32_bits((float)x) : f64_bits(x));
}

/* f64 -> f32, rounded to odd.  NaN and exact values are untouched; an infinite result becomes the largest number,
   which no second rounding confuses with anything in range. */
static Val f32_odd(Gen *g, KType wide, Val x)
{
	KType f = with(wide, DT_F32), u = with(wide, DT_U32);
	Val near = cast(g, LLVMFPTrunc, x, f), back = cast(g, LLVMFPExt, near, wide);
	Val bits = LLVMBuildBitCast(g->b, near, gen_type(g, u), "");
	Val even = cmp(g, LLVMIntEQ, LLVMBuildAnd(g->b, bits, gen_bits(g, u, 1), ""), gen_bits(g, u, 0));
	Val inexact = fcmp(g, LLVMRealONE, back, x);
	LLVMTypeRef type = gen_type(g, wide);
	Val size = gen_intrinsic(g, "llvm.fabs", 1, &type, 1, &x), got = gen_intrinsic(g, "llvm.fabs", 1, &type, 1, &back);
	/* As integers, the neighbour away from zero is one more, for either sign. */
	Val step = pick(g, fcmp(g, LLVMRealOGT, got, size), gen_bits(g, u, 0xffffffff), gen_bits(g, u, 1));
	Val odd = LLVMBuildAdd(g->b, bits, step, "");

	bits = pick(g, LLVMBuildAnd(g->b, even, inexact, ""), odd, bits);
	return LLVMBuildBitCast(g->b, bits, gen_type(g, f), "");
}

static Val f32_to_bf16(Gen *g, KType f, Val x)
{
	KType u = with(f, DT_U32);
	Val bits = LLVMBuildBitCast(g->b, x, gen_type(g, u), "");
	Val high = LLVMBuildLShr(g->b, bits, gen_bits(g, u, 16), "");
	Val odd = LLVMBuildAnd(g->b, high, gen_bits(g, u, 1), "");
	Val up = LLVMBuildAdd(g->b, LLVMBuildAdd(g->b, bits, gen_bits(g, u, 0x7fff), ""), odd, "");
	Val r = pick(g, fcmp(g, LLVMRealUNO, x, x), LLVMBuildOr(g->b, high, gen_bits(g, u, 0x7fc0), ""),
	               LLVMBuildLShr(g->b, up, gen_bits(g, u, 16), ""));

	return cast(g, LLVMTrunc, r, with(f, DT_BF16));
}

static LLVMTypeRef half_type(Gen *g, KType t)
{
	LLVMTypeRef h = LLVMHalfTypeInContext(g->ctx);

	return t.lanes == 1 ? h : LLVMVectorType(h, (unsigned)t.lanes);
}

/* By integers, where the CPU has no such conversion.  Below 2^-14 the addition of 0.5, whose last place is 2^-24, does
   the rounding. */
static Val f32_to_f16(Gen *g, KType f, Val x)
{
	KType u = with(f, DT_U32), h = with(f, DT_F16);

	if (g->cpu->f16)
		return LLVMBuildBitCast(g->b, LLVMBuildFPTrunc(g->b, x, half_type(g, f), ""), gen_type(g, h), "");
	Val bits = LLVMBuildBitCast(g->b, x, gen_type(g, u), "");
	Val sign = LLVMBuildAnd(g->b, LLVMBuildLShr(g->b, bits, gen_bits(g, u, 16), ""), gen_bits(g, u, 0x8000), "");
	Val size = LLVMBuildAnd(g->b, bits, gen_bits(g, u, 0x7fffffff), "");
	Val odd = LLVMBuildAnd(g->b, LLVMBuildLShr(g->b, size, gen_bits(g, u, 13), ""), gen_bits(g, u, 1), "");
	Val normal = LLVMBuildAdd(g->b, LLVMBuildAdd(g->b, size, gen_bits(g, u, 0xc8000fff), ""), odd, "");
	normal = LLVMBuildLShr(g->b, normal, gen_bits(g, u, 13), "");
	Val tiny = LLVMBuildFAdd(g->b, LLVMBuildBitCast(g->b, size, gen_type(g, f), ""), real(g, f, 0.5), "");
	tiny = LLVMBuildSub(g->b, LLVMBuildBitCast(g->b, tiny, gen_type(g, u), ""), gen_bits(g, u, 0x3f000000), "");
	Val r = pick(g, cmp(g, LLVMIntULT, size, gen_bits(g, u, 0x38800000)), tiny, normal);
	r = pick(g, cmp(g, LLVMIntUGE, size, gen_bits(g, u, 0x47800000)), gen_bits(g, u, 0x7c00), r);
	r = pick(g, cmp(g, LLVMIntUGT, size, gen_bits(g, u, 0x7f800000)), gen_bits(g, u, 0x7e00), r);
	return cast(g, LLVMTrunc, LLVMBuildOr(g->b, r, sign, ""), h);
}

static Val f16_to_f32(Gen *g, KType f, Val x)
{
	KType u = with(f, DT_U32);

	if (g->cpu->f16)
		return cast(g, LLVMFPExt, LLVMBuildBitCast(g->b, x, half_type(g, f), ""), f);
	Val bits = cast(g, LLVMZExt, x, u);
	Val sign = LLVMBuildShl(g->b, LLVMBuildAnd(g->b, bits, gen_bits(g, u, 0x8000), ""), gen_bits(g, u, 16), "");
	Val size = LLVMBuildAnd(g->b, bits, gen_bits(g, u, 0x7fff), "");
	Val shifted = LLVMBuildShl(g->b, size, gen_bits(g, u, 13), "");
	Val normal = LLVMBuildAdd(g->b, shifted, gen_bits(g, u, 112u << 23), "");
	Val infinite = LLVMBuildAdd(g->b, shifted, gen_bits(g, u, 224u << 23), "");
	Val tiny = LLVMBuildFMul(g->b, LLVMBuildSIToFP(g->b, size, gen_type(g, f), ""), real(g, f, 0x1p-24), "");
	tiny = LLVMBuildBitCast(g->b, tiny, gen_type(g, u), "");
	Val r = pick(g, cmp(g, LLVMIntULT, size, gen_bits(g, u, 0x400)), tiny, normal);
	r = pick(g, cmp(g, LLVMIntUGE, size, gen_bits(g, u, 0x7c00)), infinite, r);
	return LLVMBuildBitCast(g->b, LLVMBuildOr(g->b, r, sign, ""), gen_type(g, f), "");
}

static Val bf16_to_f32(Gen *g, KType f, Val x)
{
	KType u = with(f, DT_U32);
	Val bits = LLVMBuildShl(g->b, cast(g, LLVMZExt, x, u), gen_bits(g, u, 16), "");

	return LLVMBuildBitCast(g->b, bits, gen_type(g, f), "");
}

static Val f32_to_half(Gen *g, KType f, DType to, Val x)
{
	return to == DT_F16 ? f32_to_f16(g, f, x) : f32_to_bf16(g, f, x);
}

/* Beyond 2^53 the lowest 12 bits of the size are folded into the one above them: still exact in f64, and on the same
   side of every number that bf16 and f16 can tell apart. */
static Val int_to_half(Gen *g, KType from, KType to, Val x)
{
	KType wide = with(from, DT_F64), u = with(from, DT_U64);
	bool s = dtype_info[from.dtype].kind == DK_INT;

	if (dtype_info[from.dtype].bits <= 16) {
		KType f = with(from, DT_F32);
		return f32_to_half(g, f, to.dtype, cast(g, s ? LLVMSIToFP : LLVMUIToFP, x, f));
	}
	if (dtype_info[from.dtype].bits == 64) {
		Val zero = gen_bits(g, u, 0), minus = cmp(g, LLVMIntSLT, x, zero);
		Val size = s ? pick(g, minus, LLVMBuildNeg(g->b, x, ""), x) : x;
		Val low = cmp(g, LLVMIntNE, LLVMBuildAnd(g->b, size, gen_bits(g, u, 0xfff), ""), zero);
		Val high = LLVMBuildAnd(g->b, size, gen_bits(g, u, ~(uint64_t)0xfff), "");
		high = LLVMBuildOr(g->b, high, pick(g, low, gen_bits(g, u, 0x1000), zero), "");
		size = pick(g, cmp(g, LLVMIntUGE, size, gen_bits(g, u, (uint64_t)1 << 53)), high, size);
		Val f = cast(g, LLVMUIToFP, size, wide);
		x = s ? pick(g, minus, LLVMBuildFNeg(g->b, f, ""), f) : f;
	} else {
		x = cast(g, s ? LLVMSIToFP : LLVMUIToFP, x, wide);
	}
	return f32_to_half(g, with(from, DT_F32), to.dtype, f32_odd(g, wide, x));
}

/* Saturating, NaN to 0.  The scalar intrinsic makes good code; vectors of it are taken apart, so they are spelled out. */
static Val float_to_int(Gen *g, KType from, KType to, Val x)
{
	bool s = dtype_info[to.dtype].kind == DK_INT;
	int bits = dtype_info[to.dtype].bits;

	if (from.lanes == 1) {
		LLVMTypeRef types[] = { gen_type(g, to), gen_type(g, from) };
		return gen_intrinsic(g, s ? "llvm.fptosi.sat" : "llvm.fptoui.sat", 2, types, 1, &x);
	}
	double end = s ? (double)((uint64_t)1 << (bits - 1)) : 2 * (double)((uint64_t)1 << (bits - 1));
	uint64_t most = ~(uint64_t)0 >> (64 - bits + s), least = s ? (uint64_t)1 << (bits - 1) : 0;
	Val above = fcmp(g, LLVMRealOGE, x, real(g, from, end)), below = fcmp(g, LLVMRealOLT, x, real(g, from, s ? -end : 0));
	Val ok = fcmp(g, LLVMRealORD, x, x);
	ok = LLVMBuildAnd(g->b, ok, LLVMBuildNot(g->b, LLVMBuildOr(g->b, above, below, ""), ""), "");
	Val r = cast(g, s ? LLVMFPToSI : LLVMFPToUI, pick(g, ok, x, real(g, from, 0)), to);
	r = pick(g, above, gen_bits(g, to, most), r);
	return s ? pick(g, below, gen_bits(g, to, least), r) : r;
}

static Val to_bool(Gen *g, KType from, Val x)
{
	if (from.dtype == DT_F16 || from.dtype == DT_BF16)
		x = LLVMBuildAnd(g->b, x, gen_bits(g, from, 0x7fff), "");
	else if (dtype_is_float(from.dtype))
		return fcmp(g, LLVMRealUNE, x, gen_bits(g, from, 0));
	return cmp(g, LLVMIntNE, x, gen_bits(g, from, 0));
}

static Val int_to_int(Gen *g, KType from, KType to, Val x)
{
	int a = dtype_info[from.dtype].bits, b = dtype_info[to.dtype].bits;

	if (a == b)
		return x;
	return cast(g, b < a ? LLVMTrunc : dtype_info[from.dtype].kind == DK_INT ? LLVMSExt : LLVMZExt, x, to);
}

Val gen_convert(Gen *g, KType from, KType to, Val x)
{
	bool half = to.dtype == DT_F16 || to.dtype == DT_BF16;

	if (from.dtype == to.dtype)
		return x;
	if (to.dtype == DT_BOOL)
		return to_bool(g, from, x);
	if (from.dtype == DT_F16 || from.dtype == DT_BF16) {
		KType f = with(from, DT_F32);
		return gen_convert(g, f, to, from.dtype == DT_F16 ? f16_to_f32(g, f, x) : bf16_to_f32(g, f, x));
	}
	if (from.dtype == DT_BOOL)
		return dtype_is_float(to.dtype) ?
			pick(g, x, gen_bits(g, to, dtype_from_f64(to.dtype, 1)), gen_bits(g, to, 0)) :
			cast(g, LLVMZExt, x, to);
	if (dtype_is_int(from.dtype)) {
		if (half)
			return int_to_half(g, from, to, x);
		if (dtype_is_float(to.dtype))
			return cast(g, dtype_info[from.dtype].kind == DK_INT ? LLVMSIToFP : LLVMUIToFP, x, to);
		return int_to_int(g, from, to, x);
	}
	if (half)
		return f32_to_half(g, with(from, DT_F32), to.dtype, from.dtype == DT_F64 ? f32_odd(g, from, x) : x);
	if (dtype_is_float(to.dtype))
		return cast(g, to.dtype == DT_F64 ? LLVMFPExt : LLVMFPTrunc, x, to);
	return float_to_int(g, from, to, x);
}
