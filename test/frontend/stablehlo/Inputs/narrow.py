#!/usr/bin/env python3
"""Programs on the element types of 8 bits and less, and what tables of all their values, made here from the formats, say.

usage: narrow.py TFCC_RUN DIR TARGET...   runs each program for each target; prints what is wrong
"""
import sys

import numpy as np

import values
from values import CASES, text_type

CASES.clear()
rng = np.random.default_rng(7)
F = np.float32

# bits of the exponent and of the fraction, bias, greatest finite code, infinity, NaN, -0
FLOATS = {
    "f8E5M2": (5, 2, 15, 0x7b, 0x7c, 0x7e, True), "f8E4M3": (4, 3, 7, 0x77, 0x78, 0x7c, True), "f8E3M4": (3, 4, 3, 0x6f, 0x70, 0x78, True),
    "f8E4M3FN": (4, 3, 7, 0x7e, None, 0x7f, True), "f8E4M3FNUZ": (4, 3, 8, 0x7f, None, 0x80, False),
    "f8E5M2FNUZ": (5, 2, 16, 0x7f, None, 0x80, False), "f8E4M3B11FNUZ": (4, 3, 11, 0x7f, None, 0x80, False),
    "f4E2M1FN": (2, 1, 1, 0x07, None, None, True), "f6E2M3FN": (2, 3, 1, 0x1f, None, None, True), "f6E3M2FN": (3, 2, 3, 0x1f, None, None, True),
}
INTS = {"i2": (-2, 1), "i4": (-8, 7), "ui2": (0, 3), "ui4": (0, 15)}


class Small:
    def __init__(self, name):
        e, self.m, self.bias, self.most, self.inf, self.nan, self.zeros = FLOATS[name]
        self.name, self.sign = name, 1 << e + self.m
        code = np.arange(self.most + 2)      # and one more, which rounding may reach
        power, fraction = code >> self.m, code & (1 << self.m) - 1
        self.value = np.where(power > 0, np.ldexp((1 << self.m) + fraction, power - self.bias - self.m), np.ldexp(fraction * 1.0, 1 - self.bias - self.m))

    def real(self, codes):
        magnitude = codes.astype(int) & self.sign - 1
        x = np.where(magnitude <= self.most, self.value[np.minimum(magnitude, self.most)], np.nan)
        if self.inf is not None:
            x = np.where(magnitude == self.inf, np.inf, x)
        x = np.where(codes & self.sign, -x, x)
        return np.where(codes == self.sign, -0.0 if self.zeros else np.nan, x).astype(F)

    def code(self, x):
        """To the nearest, ties to the even code."""
        a = np.abs(x.astype(np.float64)).ravel()
        at = np.clip(np.searchsorted(self.value, a), 1, self.most + 1)
        low, high = self.value[at - 1], self.value[at]
        with np.errstate(invalid="ignore"):
            up = (a - low > high - a) | ((a - low == high - a) & (at % 2 == 0))
        c = np.where(up, at, at - 1)
        too_large = (c > self.most) | np.isinf(a)
        c = np.where(too_large, self.inf if self.inf is not None else self.nan if self.nan is not None else self.most, c)
        negative = np.signbit(x).ravel() & ~(too_large & (self.inf is None) & (self.nan == self.sign))
        if not self.zeros:
            negative &= c != 0
        c = np.where(negative, c | self.sign, c)
        nans = np.isnan(a)
        return c.astype(np.uint8).reshape(x.shape), nans.reshape(x.shape)

    def codes(self, *shape):
        c = rng.integers(0, 2 * self.sign, shape).astype(np.uint8)
        return np.where(np.isnan(self.real(c)), np.uint8(1), c)


def add(name, element, ins, outs, body):
    """ins, outs: arrays, or (codes) in a list of one for the narrow type."""
    kind = lambda a: text_type(np.zeros(a[0].shape, F)).replace("f32", element) if isinstance(a, list) else text_type(a)
    stored = lambda a: np.ascontiguousarray(a[0]).view("V1" if element in FLOATS else a[0].dtype)   # numpy's files say V1 of them
    values.case(name, [stored(a) if isinstance(a, list) else a for a in ins], [a[0] if isinstance(a, list) else a for a in outs],
                body, {i: kind(a) for i, a in enumerate(ins)}, {i: kind(a) for i, a in enumerate(outs)})


def blob(codes):
    return "0x" + codes.astype(np.uint8).tobytes().hex().upper()


def programs(t, codes, real, code, numbers):
    """numbers: as they are written in a list."""
    x = np.concatenate([real(codes(20)) * F(1.03), rng.normal(0, 3, 20).astype(F)])
    a, b = codes(4, 6), codes(4, 6)
    ints = np.clip(rng.integers(0, 3, (4, 3)), None, 1 if t == "i2" else 2)
    m, n = code(ints.astype(F)), code(np.abs(ints.T[:, :2]).astype(F))
    d = dict(t=t, blob=blob(b), list=", ".join(numbers), n=len(numbers))
    add("narrow_" + t, t, [x, [a], [m], [n]], [
        [code(x)], real(a), real(b), [code(np.array([0 if v[:2] == "0x" else float(v) for v in numbers], F))], real(a) < real(b), [code(np.maximum(real(a), real(b)))],
        [a.T.copy()], real(m) @ real(n), [np.concatenate([a, b])], [np.where(real(a) < real(b), a, b)]], """
%%r0 = stablehlo.convert %%arg0 : (tensor<40xf32>) -> tensor<40x%(t)s>
%%r1 = stablehlo.convert %%arg1 : (tensor<4x6x%(t)s>) -> tensor<4x6xf32>
%%b = stablehlo.constant dense<"%(blob)s"> : tensor<4x6x%(t)s>
%%r2 = stablehlo.convert %%b : (tensor<4x6x%(t)s>) -> tensor<4x6xf32>
%%r3 = stablehlo.constant dense<[%(list)s]> : tensor<%(n)dx%(t)s>
%%r4 = stablehlo.compare LT, %%arg1, %%b : (tensor<4x6x%(t)s>, tensor<4x6x%(t)s>) -> tensor<4x6xi1>
%%r5 = stablehlo.maximum %%arg1, %%b : tensor<4x6x%(t)s>
%%r6 = stablehlo.transpose %%arg1, dims = [1, 0] : (tensor<4x6x%(t)s>) -> tensor<6x4x%(t)s>
%%r7 = stablehlo.dot_general %%arg2, %%arg3, contracting_dims = [1] x [0] : (tensor<4x3x%(t)s>, tensor<3x2x%(t)s>) -> tensor<4x2xf32>
%%r8 = stablehlo.concatenate %%arg1, %%b, dim = 0 : (tensor<4x6x%(t)s>, tensor<4x6x%(t)s>) -> tensor<8x6x%(t)s>
%%r9 = stablehlo.select %%r4, %%arg1, %%b : tensor<4x6xi1>, tensor<4x6x%(t)s>""" % d)


for name in FLOATS:
    q = Small(name)
    programs(name, q.codes, q.real, lambda x, q=q: q.code(x)[0], ["0.5", "1.0", "-1.5", "2.0", "0x01"])
    CASES[-1][2][3][4] = 1     # 0x01 is a code
    a = q.codes(50)
    with np.errstate(over="ignore"):
        total, nans = q.code(q.real(a) + q.real(a[::-1]))
    keep = ~nans
    add("sum_" + name, name, [[a[keep]], [a[::-1][keep]]], [[total[keep]], a[keep]], """
%%r0 = stablehlo.add %%arg0, %%arg1 : tensor<%(n)dx%(t)s>
%%r1 = stablehlo.bitcast_convert %%arg0 : (tensor<%(n)dx%(t)s>) -> tensor<%(n)dx%(u)s>""" % dict(n=keep.sum(), t=name, u="ui8") if name.startswith("f8") else
        """
%%r0 = stablehlo.add %%arg0, %%arg1 : tensor<%(n)dx%(t)s>
%%c = stablehlo.constant dense<"%(blob)s"> : tensor<%(n)dxui8>
%%r1 = stablehlo.optimization_barrier %%c : tensor<%(n)dxui8>""" % dict(n=keep.sum(), t=name, blob=blob(a[keep])))
for name, (low, high) in INTS.items():
    stored = np.uint8 if name[0] == "u" else np.int8
    programs(name, lambda *s: rng.integers(low, high, s, endpoint=True).astype(stored), lambda c: c.astype(F),
             lambda x: np.clip(np.trunc(x.astype(np.float64)), low, high).astype(stored), ["0", "1", str(low), str(high)])
    a, b = rng.integers(low, high, (2, 30), endpoint=True).astype(stored)
    bits = int(name[-1])
    wrap = lambda v: (((v - low) & (1 << bits) - 1) + low).astype(stored)
    wide = a.astype(int), b.astype(int)
    add("wrap_" + name, name, [[a], [b]], [[wrap(wide[0] + wide[1])], [wrap(wide[0] * wide[1])], [wrap(-wide[0])], wide[0].astype(np.int32)], """
%%r0 = stablehlo.add %%arg0, %%arg1 : tensor<30x%(t)s>
%%r1 = stablehlo.multiply %%arg0, %%arg1 : tensor<30x%(t)s>
%%r2 = stablehlo.negate %%arg0 : tensor<30x%(t)s>
%%r3 = stablehlo.convert %%arg0 : (tensor<30x%(t)s>) -> tensor<30xi32>""" % dict(t=name))

if __name__ == "__main__":
    sys.exit(values.main())
