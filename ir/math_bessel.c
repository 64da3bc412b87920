/* ir/math_bessel.c - the modified Bessel function of the first kind and order 1, times exp(-|x|).

   |x| <= 8: exp(-|x|) times the power series (NIST DLMF 10.25.2), all of whose terms are positive.  Beyond: 1/sqrt(|x|) times
   a polynomial of 16/|x| - 1, since it goes like 1/sqrt(2 pi |x|).  f32 has the same formulas, in f64.  Coefficients:
   test/math/gen/bessel.py. */
#include <math.h>

#include "ir/math_wide.h"

/* 1/(2 4^k k! (k + 1)!) */
static const double i1_near[] = {
	0x1.88f11edf3ed4cp-190, 0x1.84564b82a1184p-179, 0x1.5e69de22df5cep-168, 0x1.1f72d8389b3a3p-157,
	0x1.aaae78f4066a6p-147, 0x1.1d028acb00491p-136, 0x1.54ad09e6a6575p-126, 0x1.69f7da8510bcdp-116,
	0x1.53585cdcbfb10p-106, 0x1.165e7c2d153f3p-96, 0x1.8bce58901a35ep-87, 0x1.e2637bef9ff1ap-78,
	0x1.f17697cf1cf13p-69, 0x1.ab81ea75fcdf4p-60, 0x1.2c9758daf5cd0p-51, 0x1.522a43f65486ap-43,
	0x1.27e4fb7789f5cp-35, 0x1.845c8a0ce5129p-28, 0x1.6c16c16c16c17p-21, 0x1.c71c71c71c71cp-15,
	0x1.5555555555555p-9, 0x1.0000000000000p-4, 0x1.0000000000000p-1,
};
/* sqrt(x) i1e(x), of 16/x - 1 */
static const double i1e_far[] = {
	0x1.1c60000000000p-34, 0x1.3e00000000000p-36, -0x1.0ae0100000000p-31, -0x1.2f07000000000p-33,
	0x1.d606640000000p-30, 0x1.203fa00000000p-31, -0x1.075c938000000p-28, -0x1.89a6080000000p-30,
	0x1.af7b5e0000000p-28, 0x1.d631290000000p-29, -0x1.0fd4311f00000p-27, -0x1.0681704400000p-27,
	0x1.9b3a2ec500000p-28, 0x1.e230294400000p-27, 0x1.ce9a387160000p-28, -0x1.2192759480000p-27,
	-0x1.918d8098fc000p-26, -0x1.727a125160000p-25, -0x1.ad8d6234a5800p-24, -0x1.76137f8f50600p-22,
	-0x1.ec8e10613edd0p-20, -0x1.f89c230603e70p-17, -0x1.cbc54df1e9c05p-13, -0x1.3f796198ee62ep-7,
	0x1.8ebe783a84030p-2,
};

enum { NNEAR = sizeof i1_near / sizeof *i1_near, NFAR = sizeof i1e_far / sizeof *i1e_far };

Node math_bessel_i1e(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, DT_F64 };
	Node v = t == DT_F32 ? scalar_cast(p, SC_convert, DT_F64, x) : x, a = mag(e, v), one = num(e, 1);
	Node is_far = lt(e, num(e, 8), a), small = sel(e, is_far, one, a), large = sel(e, is_far, a, num(e, 8));

	Node square = mul(e, small, small), decay = math_exp(p, DT_F64, neg(e, small));
	Node near = mul(e, mul(e, small, decay), horner_halves(e, square, i1_near, NNEAR));
	Node s = quo(e, num(e, 16), large), far = horner_halves(e, sub(e, s, one), i1e_far, NFAR);
	far = quo(e, far, op1(e, SC_sqrt, large));
	Node y = with_sign(e, sel(e, is_far, far, near), v);   /* a NaN is not far, and stays */
	return t == DT_F32 ? scalar_cast(p, SC_convert, t, y) : y;
}
