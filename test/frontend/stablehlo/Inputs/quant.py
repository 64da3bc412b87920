#!/usr/bin/env python3
"""Programs on quantized elements, and what numpy says that they give by the rule of the StableHLO specification: what is
stored stands for (stored - zero point) * scale; ops compute on that; a result is x / scale + zero point, held within the
bounds of what is stored and rounded to the nearest, ties to even.

usage: quant.py [--relaxed] TFCC_RUN DIR TARGET...   runs each program for each target; prints what is wrong.  The pass relax
makes products with 1 / scale of divisions by a scale: where it runs, what lies between two integers may become the other one.
"""
import sys

import numpy as np

import values
from values import case

values.CASES.clear()
rng = np.random.default_rng(11)
F = np.float32
FLOATS = {"f16": np.float16, "f32": np.float32, "f64": np.float64}


class Q:
    """A quantized element type; pairs: (scale, zero point), one or one for each index of the axis."""

    def __init__(self, storage, expressed, *pairs, axis=None, bounds=None):
        bits = int(storage[1:])
        signed = storage[0] == "i"
        self.low, self.high = bounds or ((-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1))
        self.stored = np.dtype("%sint%d" % ("" if signed else "u", max(bits, 8)))
        self.expressed, self.axis, self.pairs = FLOATS[expressed], axis, pairs
        inner = ", ".join("%.9e:%d" % p for p in pairs)
        self.name = "!quant.uniform<%s%s:%s%s, %s>" % (storage, "<%d:%d>" % bounds if bounds else "", expressed,
                                                       "" if axis is None else ":%d" % axis, inner if axis is None else "{%s}" % inner)

    def type(self, *shape):
        return "tensor<%s%s>" % ("".join("%dx" % n for n in shape), self.name)

    def of(self, a):
        return self.type(*a.shape)

    def parts(self, rank):
        shape = [1] * rank
        if self.axis is not None:
            shape[self.axis] = len(self.pairs)
        else:
            shape = []
        return (np.array([p[0] for p in self.pairs]).astype(self.expressed).reshape(shape),
                np.array([p[1] for p in self.pairs], np.int64).reshape(shape))

    def real(self, a):
        scale, zero = self.parts(a.ndim)
        wide = np.float32 if self.expressed == np.float16 else self.expressed
        return ((a.astype(np.int64) - zero).astype(wide) * scale.astype(wide)).astype(self.expressed)

    def store(self, x):
        scale, zero = self.parts(x.ndim)
        wide = np.float32 if self.expressed == np.float16 else self.expressed
        y = x.astype(wide) / scale.astype(wide) + zero.astype(wide)
        y = np.where(np.isnan(y), wide(0), np.rint(np.clip(y, wide(self.low), wide(self.high))))
        return np.clip(y.astype(np.float64), self.low, self.high).astype(self.stored)

    def random(self, *shape):
        return rng.integers(self.low, self.high, shape, endpoint=True).astype(self.stored)


def program(name, ins, outs, body, before=""):
    """ins: (type, array) or an array; outs: (type, array) or an array; %arg0... and %r0... are their names."""
    given = {i: a[0].of(a[1]) for i, a in enumerate(ins) if isinstance(a, tuple)}
    wanted = {i: a[0].of(a[1]) for i, a in enumerate(outs) if isinstance(a, tuple)}
    plain = lambda l: [a[1] if isinstance(a, tuple) else a for a in l]
    case(name, plain(ins), plain(outs), body, given, wanted, before)


A = Q("i8", "f32", (0.1, 5))
B = Q("u8", "f32", (0.25, 100), bounds=(1, 200))
C = Q("i16", "f32", (0.003, -7))
D = Q("i8", "f32", (0.1, 3), (0.2, 5), (0.5, 0), axis=1)
E = Q("i4", "f32", (0.5, -1))
G = Q("u4", "f16", (0.125, 3))
H = Q("i32", "f32", (0.0025, 17))
I = Q("i32", "f64", (1e-6, -3))
J = Q("i8", "f16", (0.0625, 0))
ALL = [A, B, C, D, E, G, H, I, J]

# To what is stored and back.
EDGES = np.array([[0.0, -0.0, np.inf], [-np.inf, 6e4, -6e4], [0.05, 0.15, 0.25], [-0.35, 0.75, -1.25], [0.0125, 0.375, 5.5]])
for n, q in enumerate(ALL):
    x = np.concatenate([EDGES, rng.normal(0, 4, (9, 3))]).astype(q.expressed)
    s = q.random(5, 3)
    program("store%d" % n, [x, (q, s)], [(q, q.store(x)), q.real(s)], """
%%r0 = stablehlo.uniform_quantize %%arg0 : (%s) -> %s
%%r1 = stablehlo.uniform_dequantize %%arg1 : (%s) -> %s""" % (values.text_type(x), q.of(x), q.of(s), values.text_type(q.real(s))))
S = A.random(4, 3)
program("other_scale", [(A, S)], [(B, B.store(A.real(S))), (D, D.store(A.real(S)))], """
%%r0 = "stablehlo.uniform_quantize"(%%arg0) : (%s) -> %s
%%r1 = "stablehlo.uniform_quantize"(%%arg0) : (%s) -> %s""" % (A.of(S), B.of(S), A.of(S), D.of(S)))

# Elementwise.
X, Y = A.random(6, 7), B.random(6, 7)
x, y = A.real(X), B.real(Y)
with np.errstate(all="ignore"):
    TWO = {"add": x + y, "subtract": x - y, "multiply": x * y, "divide": x / y, "maximum": np.maximum(x, y),
           "minimum": np.minimum(x, y), "atan2": np.arctan2(x.astype(np.float64), y).astype(F), "remainder": np.fmod(x, y)}
    ONE = {"abs": np.abs(x), "negate": -x, "sign": np.sign(x), "floor": np.floor(x), "ceil": np.ceil(x),
           "round_nearest_even": np.rint(x), "tanh": np.tanh(x.astype(np.float64)).astype(F),
           "exponential": np.exp(x.astype(np.float64)).astype(F), "sqrt": np.sqrt(x), "cbrt": np.cbrt(x.astype(np.float64)).astype(F),
           "logistic": (1 / (1 + np.exp(-x.astype(np.float64)))).astype(F), "cosine": np.cos(x.astype(np.float64)).astype(F)}
for name, z in TWO.items():
    program(name, [(A, X), (B, Y)], [(C, C.store(z)), (A, A.store(z))], """
%%r0 = stablehlo.%s %%arg0, %%arg1 : (%s, %s) -> %s
%%r1 = "stablehlo.%s"(%%arg0, %%arg1) : (%s, %s) -> %s""" % (name, A.of(X), B.of(X), C.of(X), name, A.of(X), B.of(X), A.of(X)))
for name, z in ONE.items():
    program(name, [(A, X)], [(C, C.store(z))], "%%r0 = stablehlo.%s %%arg0 : (%s) -> %s" % (name, A.of(X), C.of(X)))
program("same_type", [(A, X), (A, X[::-1].copy())], [(A, A.store(x + x[::-1]))], "%%r0 = stablehlo.add %%arg0, %%arg1 : %s" % A.of(X))
P = rng.integers(0, 2, (6, 7)).astype(np.bool_)
program("compare_select", [(A, X), (B, Y), P, (A, X.T.reshape(6, 7).copy())],
        [x < y, np.ones((6, 7), np.bool_), (C, C.store(np.where(P, x, y))), (A, np.where(P, X, X.T.reshape(6, 7))), (C, C.store(np.clip(x, F(-2), F(3))))],
        """
%%r0 = stablehlo.compare LT, %%arg0, %%arg1 : (%(a)s, %(b)s) -> tensor<6x7xi1>
%%r1 = stablehlo.is_finite %%arg0 : (%(a)s) -> tensor<6x7xi1>
%%r2 = "stablehlo.select"(%%arg2, %%arg0, %%arg1) : (tensor<6x7xi1>, %(a)s, %(b)s) -> %(c)s
%%r3 = stablehlo.select %%arg2, %%arg0, %%arg3 : tensor<6x7xi1>, %(a)s
%%lo = stablehlo.constant dense<-2.0> : tensor<f32>
%%hi = stablehlo.constant dense<3.0> : tensor<f32>
%%l = stablehlo.uniform_quantize %%lo : (tensor<f32>) -> %(c0)s
%%h = stablehlo.uniform_quantize %%hi : (tensor<f32>) -> %(c0)s
%%c = stablehlo.uniform_quantize %%arg0 : (%(a)s) -> %(c)s
%%r4 = stablehlo.clamp %%l, %%c, %%h : (%(c0)s, %(c)s, %(c0)s) -> %(c)s""" % dict(a=A.of(X), b=B.of(X), c=C.of(X), c0=C.type()))
program("broadcast_ops", [(A, X), (A, X[0].copy())], [(A, A.store(x + x[0])), (A, np.broadcast_to(X[0], (6, 7)).copy())], """
%%r0 = "chlo.broadcast_add"(%%arg0, %%arg1) {broadcast_dimensions = array<i64: 1>} : (%s, %s) -> %s
%%r1 = stablehlo.broadcast_in_dim %%arg1, dims = [1] : (%s) -> %s""" % (A.of(X), A.type(7), A.of(X), A.type(7), A.of(X)))
NORM = np.abs(rng.normal(1, .2, (4, 7))).astype(F)
program("batch_norm", [(A, X), *NORM], [(C, C.store(((x - NORM[2]) / np.sqrt(NORM[3] + F(0.5)) * NORM[0] + NORM[1]).astype(F)))], """
%%r0 = "stablehlo.batch_norm_inference"(%%arg0, %%arg1, %%arg2, %%arg3, %%arg4) {epsilon = 0.5 : f32, feature_index = 1 : i64} : (%s, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>) -> %s""" % (A.of(X), C.of(X)))
program("numbers", [], [(A, A.store(np.arange(7, dtype=F))), (A, i8 := np.array([1, -2, 127], np.int8)), (A, A.store(np.arange(7, dtype=F) + np.arange(7, dtype=F)))], """
%%r0 = "stablehlo.iota"() {iota_dimension = 0 : i64} : () -> %(v)s
%%r1 = "stablehlo.constant"() {value = dense<[1, -2, 127]> : tensor<3xi8>} : () -> %(c)s
%%r2 = stablehlo.add %%r0, %%r0 : %(v)s""" % dict(v=A.type(7), c=A.type(3)))

# Products.
W = Q("i8", "f32", (0.25, 0), (0.5, 0), (0.125, 0), (1.0, 0), axis=3)   # powers of two: sums are exact
L, R = Q("i8", "f32", (0.5, -3)), Q("i8", "f32", (0.25, 4))
M, N = L.random(5, 6), R.random(6, 4)
dims = "dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>"
mn = L.real(M) @ R.real(N)
program("dot", [(L, M), (R, N), L.real(M)], [(H, H.store(mn)), (A, A.store(mn)), mn], """
%%r0 = "stablehlo.dot_general"(%%arg0, %%arg1) {%(d)s} : (%(l)s, %(r)s) -> %(h)s
%%r1 = stablehlo.dot_general %%arg0, %%arg1, contracting_dims = [1] x [0] : (%(l)s, %(r)s) -> %(a)s
%%r2 = "stablehlo.dot_general"(%%arg2, %%arg1) {%(d)s} : (tensor<5x6xf32>, %(r)s) -> tensor<5x4xf32>""" % dict(
    d=dims, l=L.of(M), r=R.of(N), h=H.of(mn), a=A.of(mn)))
U, K = L.random(2, 5, 6, 3), W.random(2, 3, 3, 4)
u = np.pad(L.real(U), ((0, 0), (1, 0), (0, 1), (0, 0)))
conv = np.zeros((2, 5, 5, 4), F)
for i in range(2):
    for j in range(3):
        conv += np.einsum("bhwi,io->bhwo", u[:, i:i + 5, j:j + 5], W.real(K)[i, j])
OUT = Q("i32", "f32", (0.125, 1), (0.25, 0), (0.0625, -9), (0.5, 0), axis=3)
form = "dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 0], [0, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}"
program("convolution", [(L, U), (W, K), L.real(U)], [(OUT, OUT.store(conv)), (A, A.store(conv)), conv], """
%%r0 = stablehlo.convolution(%%arg0, %%arg1) %(f)s : (%(l)s, %(w)s) -> %(o)s
%%r1 = stablehlo.convolution(%%arg0, %%arg1) %(f)s : (%(l)s, %(w)s) -> %(a)s
%%r2 = stablehlo.convolution(%%arg2, %%arg1) %(f)s : (tensor<2x5x6x3xf32>, %(w)s) -> tensor<2x5x5x4xf32>""" % dict(
    f=form, l=L.of(U), w=W.of(K), o=OUT.of(conv), a=A.of(conv)))

# What moves elements moves what is stored.
V = D.random(4, 3)
T = Q("i8", "f32", *D.pairs, axis=0)
T2 = Q("i8", "f32", *D.pairs, axis=2)
program("move_axis", [(D, V)], [(T, V.T.copy()), (T2, V.reshape(2, 2, 3)), (T2, np.broadcast_to(V, (5, 4, 3)).copy())], """
%%r0 = stablehlo.transpose %%arg0, dims = [1, 0] : (%(d)s) -> %(t)s
%%r1 = stablehlo.reshape %%arg0 : (%(d)s) -> %(r)s
%%r2 = stablehlo.broadcast_in_dim %%arg0, dims = [1, 2] : (%(d)s) -> %(b)s""" % dict(d=D.of(V), t=T.type(3, 4), r=T2.type(2, 2, 3), b=T2.type(5, 4, 3)))
at = np.array([[2], [0], [5]], np.int32)
program("move", [(A, X), at, np.int32(2), (A, np.array(9, np.int8))], [
    (A, X[1:5:2, 2:]), (A, np.concatenate([X, X[:2]])), (A, np.pad(X, ((1, 0), (0, 2)), constant_values=9)), (A, X[::-1].copy()),
    (A, X[[2, 0, 5]]), (A, X[2:5, 2:4].copy()), (A, np.sort(X, 1)), (A, np.sort(X, 1)[:, :-3:-1].copy()), X.view(np.uint8)], """
%%r0 = stablehlo.slice %%arg0 [1:5:2, 2:7] : (%(x)s) -> %(s)s
%%two = stablehlo.slice %%arg0 [0:2, 0:7] : (%(x)s) -> %(two)s
%%r1 = stablehlo.concatenate %%arg0, %%two, dim = 0 : (%(x)s, %(two)s) -> %(c)s
%%r2 = stablehlo.pad %%arg0, %%arg3, low = [1, 0], high = [0, 2], interior = [0, 0] : (%(x)s, %(e)s) -> %(p)s
%%r3 = stablehlo.reverse %%arg0, dims = [0] : %(x)s
%%r4 = "stablehlo.gather"(%%arg0, %%arg1) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 7>} : (%(x)s, tensor<3x1xi32>) -> %(g)s
%%r5 = stablehlo.dynamic_slice %%arg0, %%arg2, %%arg2, sizes = [3, 2] : (%(x)s, tensor<i32>, tensor<i32>) -> %(ds)s
%%r6 = "stablehlo.sort"(%%arg0) ({
^bb0(%%a: %(e)s, %%b: %(e)s):
  %%l = stablehlo.compare LT, %%a, %%b : (%(e)s, %(e)s) -> tensor<i1>
  stablehlo.return %%l : tensor<i1>
}) {dimension = 1 : i64} : (%(x)s) -> %(x)s
%%r7, %%i = chlo.top_k(%%arg0, k = 2) : %(x)s -> (%(k)s, tensor<6x2xi32>)
%%m = stablehlo.custom_call @Sharding(%%arg0) {mhlo.sharding = "{replicated}"} : (%(x)s) -> %(x)s
%%o = stablehlo.optimization_barrier %%m : %(x)s
%%r8 = stablehlo.bitcast_convert %%o : (%(x)s) -> tensor<6x7xui8>""" % dict(
    x=A.of(X), e=A.type(), s=A.type(2, 5), two=A.type(2, 7), c=A.type(8, 7), p=A.type(7, 9), g=A.type(3, 7), ds=A.type(3, 2), k=A.type(6, 2)))

# Regions on quantized scalars: small numbers, so that no order of the steps saturates.
Z = rng.integers(-3, 12, (6, 7)).astype(np.int8)
ZERO = np.array(5, np.int8)
sums = lambda a, axis: (a.astype(np.int64) - 5).sum(axis)
scat = Z.astype(np.int64).copy()
for k, row in enumerate([2, 0, 2]):
    scat[row] += Z[k].astype(np.int64) - 5
program("reduce", [(A, Z), (A, ZERO), np.array([[2], [0], [2]], np.int32), (A, Z[:3].copy())], [
    (A, (sums(Z, 1) + 5).astype(np.int8)), (A, Z.max(0)),
    (A, np.stack([Z[i:i + 2].max(0) for i in range(5)])), (A, scat.astype(np.int8))], """
%%r0 = stablehlo.reduce(%%arg0 init: %%arg1) applies stablehlo.add across dimensions = [1] : (%(x)s, %(e)s) -> %(r)s
%%least = "stablehlo.constant"() {value = dense<-128> : tensor<i8>} : () -> %(e)s
%%r1 = stablehlo.reduce(%%arg0 init: %%least) applies stablehlo.maximum across dimensions = [0] : (%(x)s, %(e)s) -> %(c)s
%%r2 = "stablehlo.reduce_window"(%%arg0, %%least) ({
^bb0(%%a: %(e)s, %%b: %(e)s):
  %%l = stablehlo.maximum %%a, %%b : %(e)s
  stablehlo.return %%l : %(e)s
}) {window_dimensions = array<i64: 2, 1>} : (%(x)s, %(e)s) -> %(w)s
%%r3 = "stablehlo.scatter"(%%arg0, %%arg2, %%arg3) ({
^bb0(%%a: %(e)s, %%b: %(e)s):
  %%l = stablehlo.add %%a, %%b : %(e)s
  stablehlo.return %%l : %(e)s
}) {scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : (%(x)s, tensor<3x1xi32>, %(u)s) -> %(x)s""" % dict(
    x=A.of(Z), e=A.type(), r=A.type(6), c=A.type(7), w=A.type(5, 7), u=A.type(3, 7)))
step = A.store(A.real(X) * F(0.5))
twice = A.store(A.real(step) * F(0.5))
program("control", [(A, X), np.array(True)], [(A, twice), (A, A.store(-x)), (A, A.store(x * x))], """
%%n = stablehlo.constant dense<0> : tensor<i32>
%%one = stablehlo.constant dense<1> : tensor<i32>
%%two = stablehlo.constant dense<2> : tensor<i32>
%%c, %%r0 = stablehlo.while(%%i = %%n, %%x = %%arg0) : tensor<i32>, %(x)s
 cond {
  %%l = stablehlo.compare LT, %%i, %%two : (tensor<i32>, tensor<i32>) -> tensor<i1>
  stablehlo.return %%l : tensor<i1>
} do {
  %%half = stablehlo.constant dense<0.5> : tensor<6x7xf32>
  %%h = "stablehlo.multiply"(%%x, %%half) : (%(x)s, tensor<6x7xf32>) -> %(x)s
  %%j = stablehlo.add %%i, %%one : tensor<i32>
  stablehlo.return %%j, %%h : tensor<i32>, %(x)s
}
%%r1 = "stablehlo.if"(%%arg1) ({
  %%a = stablehlo.negate %%arg0 : %(x)s
  stablehlo.return %%a : %(x)s
}, {
  stablehlo.return %%arg0 : %(x)s
}) : (tensor<i1>) -> %(x)s
%%t = stablehlo.tuple %%arg0, %%arg1 : tuple<%(x)s, tensor<i1>>
%%u = stablehlo.get_tuple_element %%t[0] : (tuple<%(x)s, tensor<i1>>) -> %(x)s
%%v = func.call @f(%%u) : (%(x)s) -> %(x)s
%%r2 = stablehlo.optimization_barrier %%v : %(x)s""" % dict(x=A.of(X)), """  func.func private @f(%%x: %(x)s) -> %(x)s {
    %%y = "stablehlo.map"(%%x, %%x) ({
    ^bb0(%%a: %(e)s, %%b: %(e)s):
      %%p = stablehlo.multiply %%a, %%b : %(e)s
      stablehlo.return %%p : %(e)s
    }) {dimensions = array<i64: 0, 1>} : (%(x)s, %(x)s) -> %(x)s
    return %%y : %(x)s
  }
""" % dict(x=A.of(X), e=A.type()))

if __name__ == "__main__":
    if sys.argv[1] == "--relaxed":
        values.NEAR.append(sys.argv.pop(1))
    else:
        values.OPTIONS.append("--pass.relax=off")
    sys.exit(values.main())
