#!/usr/bin/env python3
"""Programs of ops that JAX writes seldom or never, and what numpy says that they give.

usage: values.py TFCC_RUN DIR TARGET...   runs each program for each target; prints what is wrong
"""
import os
import subprocess
import sys

import numpy as np

F = np.float32
rng = np.random.default_rng(5)
X = rng.integers(-8, 8, (2, 3)).astype(F)
Y = rng.integers(-8, 8, (3, 4)).astype(F)
B = rng.integers(0, 2, (2, 3)).astype(np.bool_)
C = rng.integers(0, 2, (2, 3)).astype(np.bool_)
SPECIAL = np.array([np.nan, -0.0, 0.0, np.inf, -np.inf, -1.5, 1e-45, 2.0], F)
PAIRS = SPECIAL[:, None].repeat(8, 1), SPECIAL[None].repeat(8, 0)


def total(a):
    """Floats as integers in the order of their bits."""
    i = a.view(np.int32)
    return np.where(i < 0, i ^ 0x7fffffff, i)


def text_type(a):
    names = {"float32": "f32", "float64": "f64", "int32": "i32", "int64": "i64", "bool": "i1", "uint64": "ui64", "uint32": "ui32",
             "int8": "i8", "float16": "f16", "uint8": "ui8", "int16": "i16", "uint16": "ui16",
             "complex64": "complex<f32>", "complex128": "complex<f64>"}
    return "tensor<" + "".join("%dx" % n for n in a.shape) + names[a.dtype.name] + ">"


CASES = []
OPTIONS = []
NEAR = []       # when it holds something: integers may be one more or less


def case(name, ins, outs, body, types=None, results=None, before="", values=None, results_in_text=None):
    """A function main of inputs %0, %1, ...: its body ends with return of `values`, by default %r0, %r1, ...  results_in_text:
    how many of the results there are in the text, where others come behind them."""
    args = ", ".join("%%arg%d: %s" % (i, (types or {}).get(i) or text_type(a)) for i, a in enumerate(ins))
    res = ", ".join((results or {}).get(i) or text_type(a) for i, a in enumerate(outs[:results_in_text]))
    ret = values or ", ".join("%%r%d" % i for i in range(len(outs[:results_in_text])))
    text = "module @m {\n%s  func.func public @main(%s) -> (%s) {\n    %s\n    return %s : %s\n  }\n}\n" % (
        before, args, res, body.strip().replace("\n", "\n    "), ret, res)
    CASES.append((name, ins, outs, text))


i32 = lambda *v: np.array(v if len(v) != 1 else v[0], np.int32)

case("truth", [B, C], [B | C, B & C, B | C, B & C, B ^ C, ~B, B == C, B < C, B.astype(F), B.astype(np.int32)], """
%r0 = stablehlo.add %arg0, %arg1 : tensor<2x3xi1>
%r1 = stablehlo.multiply %arg0, %arg1 : tensor<2x3xi1>
%r2 = stablehlo.maximum %arg0, %arg1 : tensor<2x3xi1>
%r3 = stablehlo.minimum %arg0, %arg1 : tensor<2x3xi1>
%r4 = stablehlo.xor %arg0, %arg1 : tensor<2x3xi1>
%r5 = stablehlo.not %arg0 : tensor<2x3xi1>
%r6 = stablehlo.compare EQ, %arg0, %arg1 : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
%r7 = stablehlo.compare LT, %arg0, %arg1, UNSIGNED : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
%r8 = stablehlo.convert %arg0 : (tensor<2x3xi1>) -> tensor<2x3xf32>
%r9 = stablehlo.convert %arg0 : (tensor<2x3xi1>) -> tensor<2x3xi32>""")
case("total_order", list(PAIRS), [total(PAIRS[0]) < total(PAIRS[1]), total(PAIRS[0]) >= total(PAIRS[1]), total(PAIRS[0]) == total(PAIRS[1])], """
%r0 = stablehlo.compare LT, %arg0, %arg1, TOTALORDER : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xi1>
%r1 = stablehlo.compare GE, %arg0, %arg1, TOTALORDER : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xi1>
%r2 = stablehlo.compare EQ, %arg0, %arg1, TOTALORDER : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xi1>""")
case("scalars", [X, np.array(True)], [X, np.clip(X, -2, 3)], """
%lo = stablehlo.constant dense<-2.0> : tensor<f32>
%hi = stablehlo.constant dense<3.0> : tensor<f32>
%r1 = stablehlo.clamp %lo, %arg0, %hi : (tensor<f32>, tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
%r0 = stablehlo.select %arg1, %arg0, %r1 : tensor<i1>, tensor<2x3xf32>""")
case("map", [X, X[::-1].copy()], [X * X[::-1] + F(1)], """
%r0 = "stablehlo.map"(%arg0, %arg1) ({
^bb0(%a: tensor<f32>, %b: tensor<f32>):
  %one = stablehlo.constant dense<1.0> : tensor<f32>
  %p = stablehlo.multiply %a, %b : tensor<f32>
  %s = stablehlo.add %p, %one : tensor<f32>
  stablehlo.return %s : tensor<f32>
}) {dimensions = array<i64: 0, 1>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>""")
case("einsum", [X, Y], [X @ Y, X.sum(1)], """
%r0 = "stablehlo.einsum"(%arg0, %arg1) {einsum_config = "ab,bc->ac"} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
%r1 = "stablehlo.unary_einsum"(%arg0) {einsum_config = "ab->a"} : (tensor<2x3xf32>) -> tensor<2xf32>""")
case("dot", [X, Y, Y[:, 0].copy()], [X @ Y, X @ Y[:, 0], Y[:, 0] @ Y], """
%r0 = "stablehlo.dot"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
%r1 = "stablehlo.dot"(%arg0, %arg2) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2xf32>
%r2 = "stablehlo.dot"(%arg2, %arg1) : (tensor<3xf32>, tensor<3x4xf32>) -> tensor<4xf32>""")
case("dot_wider", [X.astype(np.int8), Y.astype(np.int8)], [(X @ Y).astype(np.int32)], """
%r0 = "stablehlo.dot_general"(%arg0, %arg1) {dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>} : (tensor<2x3xi8>, tensor<3x4xi8>) -> tensor<2x4xi32>""")
V = np.arange(24, dtype=F).reshape(2, 3, 4)
IDX = np.array([[2, 0], [1, 1]], np.int32)
case("torch_index_select", [V, IDX, IDX[0].copy()], [np.stack([V[b][IDX[b]] for b in range(2)]), V[:, IDX[0]]], """
%r0 = "stablehlo.torch_index_select"(%arg0, %arg1) {dim = 1 : i64, batch_dims = 1 : i64} : (tensor<2x3x4xf32>, tensor<2x2xi32>) -> tensor<2x2x4xf32>
%r1 = "stablehlo.torch_index_select"(%arg0, %arg2) {dim = 1 : i64, batch_dims = 0 : i64} : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<2x2x4xf32>""")
case("broadcast", [X], [np.broadcast_to(X, (4, 5, 2, 3)).copy()], """
%r0 = "stablehlo.broadcast"(%arg0) {broadcast_sizes = array<i64: 4, 5>} : (tensor<2x3xf32>) -> tensor<4x5x2x3xf32>""")
for n in (-1, 0, 1, 2, 7):
    case("case%d" % n, [i32(n), X], [[X + 1, X * 2, -X][n if 0 <= n < 3 else 2]], """
%r0 = "stablehlo.case"(%arg0) ({
  %one = stablehlo.constant dense<1.0> : tensor<2x3xf32>
  %a = stablehlo.add %arg1, %one : tensor<2x3xf32>
  stablehlo.return %a : tensor<2x3xf32>
}, {
  %a = stablehlo.add %arg1, %arg1 : tensor<2x3xf32>
  stablehlo.return %a : tensor<2x3xf32>
}, {
  %a = stablehlo.negate %arg1 : tensor<2x3xf32>
  stablehlo.return %a : tensor<2x3xf32>
}) : (tensor<i32>) -> tensor<2x3xf32>""")
case("tuples", [X, B], [-X, ~B], """
%t = stablehlo.tuple %arg0, %arg1 : tuple<tensor<2x3xf32>, tensor<2x3xi1>>
%o = stablehlo.optimization_barrier %t : tuple<tensor<2x3xf32>, tensor<2x3xi1>>
%x = stablehlo.get_tuple_element %o[0] : (tuple<tensor<2x3xf32>, tensor<2x3xi1>>) -> tensor<2x3xf32>
%b = stablehlo.get_tuple_element %o[1] : (tuple<tensor<2x3xf32>, tensor<2x3xi1>>) -> tensor<2x3xi1>
%r0 = stablehlo.negate %x : tensor<2x3xf32>
%r1 = stablehlo.not %b : tensor<2x3xi1>""")
case("tokens", [X], [X + X], """
%t = stablehlo.create_token : !stablehlo.token
%u = stablehlo.after_all %t, %t : !stablehlo.token
%r0, %v = func.call @f(%arg0, %u) : (tensor<2x3xf32>, !stablehlo.token) -> (tensor<2x3xf32>, !stablehlo.token)""",
     before="""  func.func private @f(%x: tensor<2x3xf32>, %t: !stablehlo.token) -> (tensor<2x3xf32>, !stablehlo.token) {
    %y = stablehlo.add %x, %x : tensor<2x3xf32>
    return %y, %t : tensor<2x3xf32>, !stablehlo.token
  }
""")
case("composite", [X], [X * X], """
%r0 = stablehlo.composite "my.square" %arg0 {decomposition = @square, version = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x3xf32>""",
     before="""  func.func private @square(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %y = stablehlo.multiply %x, %x : tensor<2x3xf32>
    return %y : tensor<2x3xf32>
  }
""")
case("chlo", [SPECIAL, X, X[0].copy()],
     [np.isinf(SPECIAL), np.isposinf(SPECIAL), np.isneginf(SPECIAL), X + X[0], X < X[0], X * X, np.full((2, 3), 2, F)], """
%r0 = chlo.is_inf %arg0 : tensor<8xf32> -> tensor<8xi1>
%r1 = chlo.is_pos_inf %arg0 : tensor<8xf32> -> tensor<8xi1>
%r2 = chlo.is_neg_inf %arg0 : tensor<8xf32> -> tensor<8xi1>
%r3 = "chlo.broadcast_add"(%arg1, %arg2) {broadcast_dimensions = array<i64: 1>} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
%r4 = "chlo.broadcast_compare"(%arg1, %arg2) {comparison_direction = #chlo<comparison_direction LT>} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
%r5 = chlo.square %arg1 : tensor<2x3xf32> -> tensor<2x3xf32>
%r6 = "chlo.constant_like"(%arg1) {value = 2.0 : f32} : (tensor<2x3xf32>) -> tensor<2x3xf32>""")
case("mhlo", [X], [np.sort(X, 1)[:, ::-1][:, :2].copy(), np.argsort(-X, 1, kind="stable")[:, :2].astype(np.int32)], """
%r0, %r1 = "mhlo.topk"(%arg0) {k = 2 : i64, largest = true} : (tensor<2x3xf32>) -> (tensor<2x2xf32>, tensor<2x2xi32>)""")
case("custom_call_of_an_op", [X], [np.sort(X, 1)[:, :2].copy(), np.argsort(X, 1, kind="stable")[:, :2].astype(np.int32)], """
%r0, %r1 = stablehlo.custom_call @mhlo.topk(%arg0) {mhlo.attributes = {k = 2 : i64, largest = false}, mhlo.version = 1 : i64} : (tensor<2x3xf32>) -> (tensor<2x2xf32>, tensor<2x2xi32>)""")
case("mhlo_text", [X], [np.where(X < 3, X * 3, X), X.sum(0), np.int32(45)], """
%c = arith.constant dense<3.0> : tensor<2x3xf32>
%0 = mhlo.multiply %arg0, %c : tensor<2x3xf32>
%1 = mhlo.is_finite %0 : (tensor<2x3xf32>) -> tensor<2x3xi1>
%2 = mhlo.compare  LT, %arg0, %c,  NOTYPE : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
%3 = mhlo.and %1, %2 : tensor<2x3xi1>
%r0 = mhlo.select %3, %0, %arg0 : tensor<2x3xi1>, tensor<2x3xf32>
%z = mhlo.constant dense<0.0> : tensor<f32>
%r1 = mhlo.reduce(%arg0 init: %z) applies mhlo.add across dimensions = [0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<3xf32>
%i = mhlo.constant dense<0> : tensor<i32>
%n = mhlo.constant dense<10> : tensor<i32>
%j, %r2 = mhlo.while(%k = %i, %sum = %i) : tensor<i32>, tensor<i32>
 cond {
  %p = mhlo.compare  LT, %k, %n,  SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
  mhlo.return %p : tensor<i1>
} do {
  %t = mhlo.add %k, %sum : tensor<i32>
  %one = mhlo.constant dense<1> : tensor<i32>
  %l = mhlo.add %k, %one : tensor<i32>
  mhlo.return %l, %t : tensor<i32>, tensor<i32>
}
%erf = mhlo.erf %arg0 : tensor<2x3xf32>""")

# Complex numbers; all of them small integers, so that nothing is rounded.
c64 = lambda a: np.asarray(a, np.complex64)
Z = c64(X[0] + 1j * X[1])
W = c64(Z[::-1] * (2 - 1j))
BLOB = np.array([1 + 2j, np.inf, -0.0 - 3j], np.complex128)
case("complex", [X, Z], [Z, Z.real, Z.imag, Z.conj(), X[0], c64(X - 1j * X[::-1])], """
%re = stablehlo.slice %arg0 [0:1, 0:3] : (tensor<2x3xf32>) -> tensor<1x3xf32>
%im = stablehlo.slice %arg0 [1:2, 0:3] : (tensor<2x3xf32>) -> tensor<1x3xf32>
%x = stablehlo.reshape %re : (tensor<1x3xf32>) -> tensor<3xf32>
%y = stablehlo.reshape %im : (tensor<1x3xf32>) -> tensor<3xf32>
%r0 = stablehlo.complex %x, %y : tensor<3xcomplex<f32>>
%r1 = stablehlo.real %arg1 : (tensor<3xcomplex<f32>>) -> tensor<3xf32>
%r2 = stablehlo.imag %arg1 : (tensor<3xcomplex<f32>>) -> tensor<3xf32>
%r3 = chlo.conj %arg1 : tensor<3xcomplex<f32>> -> tensor<3xcomplex<f32>>
%r4 = chlo.conj %x : tensor<3xf32> -> tensor<3xf32>
%f = stablehlo.reverse %arg0, dims = [0] : tensor<2x3xf32>
%n = stablehlo.negate %f : tensor<2x3xf32>
%r5 = "chlo.broadcast_complex"(%arg0, %n) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xcomplex<f32>>""")
case("complex_constants", [W], [BLOB, c64([1 - 2j, 3 + 0.5j, -1j]), c64(W + (2 + 1j)), c64(W + np.arange(3)), c64([1, 2, 3])], """
%r0 = stablehlo.constant dense<"0x{}"> : tensor<3xcomplex<f64>>
%r1 = stablehlo.constant dense<[(1.0, -2.0), (3.0, 0.5), (0.0, -1.0)]> : tensor<3xcomplex<f32>>
%c = stablehlo.constant dense<(2.0, 1.0)> : tensor<3xcomplex<f32>>
%r2 = stablehlo.add %arg0, %c : tensor<3xcomplex<f32>>
%n = stablehlo.iota dim = 0 : tensor<3xcomplex<f32>>
%r3 = stablehlo.add %n, %arg0 : tensor<3xcomplex<f32>>
%i = stablehlo.constant dense<[1, 2, 3]> : tensor<3xi32>
%r4 = stablehlo.convert %i : (tensor<3xi32>) -> tensor<3xcomplex<f32>>""".format(BLOB.tobytes().hex().upper()))
case("complex_arithmetic", [Z, W, B[0].copy()],
     [Z * W, Z - W, np.where(B[0], Z, W), Z == W, Z != W, c64((Z * W).sum()), c64(Z @ W), c64((Z + W) * 1j), np.isinf(Z), (Z * Z).astype(np.complex128)], """
%r0 = stablehlo.multiply %arg0, %arg1 : tensor<3xcomplex<f32>>
%r1 = stablehlo.subtract %arg0, %arg1 : tensor<3xcomplex<f32>>
%r2 = stablehlo.select %arg2, %arg0, %arg1 : tensor<3xi1>, tensor<3xcomplex<f32>>
%r3 = stablehlo.compare EQ, %arg0, %arg1 : (tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>) -> tensor<3xi1>
%r4 = stablehlo.compare NE, %arg0, %arg1, FLOAT : (tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>) -> tensor<3xi1>
%zero = stablehlo.constant dense<(0.0, 0.0)> : tensor<complex<f32>>
%r5 = stablehlo.reduce(%r0 init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<3xcomplex<f32>>, tensor<complex<f32>>) -> tensor<complex<f32>>
%r6 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [0] x [0] : (tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>) -> tensor<complex<f32>>
%r7 = "stablehlo.map"(%arg0, %arg1) ({
^bb0(%a: tensor<complex<f32>>, %b: tensor<complex<f32>>):
  %i = stablehlo.constant dense<(0.0, 1.0)> : tensor<complex<f32>>
  %s = stablehlo.add %a, %b : tensor<complex<f32>>
  %p = stablehlo.multiply %s, %i : tensor<complex<f32>>
  stablehlo.return %p : tensor<complex<f32>>
}) {dimensions = array<i64: 0>} : (tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>) -> tensor<3xcomplex<f32>>
%r8 = chlo.is_inf %arg0 : tensor<3xcomplex<f32>> -> tensor<3xi1>
%q = chlo.square %arg0 : tensor<3xcomplex<f32>> -> tensor<3xcomplex<f32>>
%r9 = stablehlo.convert %q : (tensor<3xcomplex<f32>>) -> tensor<3xcomplex<f64>>""")
EARLY, LATE = c64([1 + 2j, 1 - 2j, -1 + 9j, 4, 4]), c64([1 - 2j, 1 + 2j, 1 - 9j, 4, 3 + 9j])
LESS = np.array([False, True, True, False, False])    # numpy's order of complex numbers is the specification's
assert (LESS == (EARLY < LATE)).all()
case("complex_order", [EARLY, LATE], [LESS, LESS | (EARLY == LATE), ~LESS & (EARLY != LATE), ~LESS, np.where(LESS, LATE, EARLY), np.where(LESS, EARLY, LATE)], """
%r0 = stablehlo.compare LT, %arg0, %arg1 : (tensor<5xcomplex<f32>>, tensor<5xcomplex<f32>>) -> tensor<5xi1>
%r1 = stablehlo.compare LE, %arg0, %arg1 : (tensor<5xcomplex<f32>>, tensor<5xcomplex<f32>>) -> tensor<5xi1>
%r2 = stablehlo.compare GT, %arg0, %arg1 : (tensor<5xcomplex<f32>>, tensor<5xcomplex<f32>>) -> tensor<5xi1>
%r3 = stablehlo.compare GE, %arg0, %arg1 : (tensor<5xcomplex<f32>>, tensor<5xcomplex<f32>>) -> tensor<5xi1>
%r4 = stablehlo.maximum %arg0, %arg1 : tensor<5xcomplex<f32>>
%r5 = stablehlo.minimum %arg0, %arg1 : tensor<5xcomplex<f32>>""")
HUGE = np.float32(3e38)
ENDS = np.array([complex(a, b) for a in (0, 2, -HUGE, -np.inf) for b in (HUGE, np.inf)], np.complex64)
SQUARES = np.zeros(8, np.complex64)
SQUARES.real = [-np.inf, -np.inf, -np.inf, -np.inf, 0, -np.inf, np.inf, np.nan]
SQUARES.imag = [0, np.nan, np.inf, np.inf, -np.inf, -np.inf, -np.inf, -np.inf]
case("complex_square", [ENDS], [SQUARES], """
%r0 = chlo.square %arg0 : tensor<8xcomplex<f32>> -> tensor<8xcomplex<f32>>""")
G = c64(rng.integers(-8, 8, (3, 2, 4)) + 1j * rng.integers(-8, 8, (3, 2, 4)))
H = rng.integers(-8, 8, (3, 2, 4)).astype(np.float64)
case("fft", [G, H], [c64(np.fft.fft(G)), c64(np.fft.ifft2(G)), np.fft.rfft(H), np.fft.rfft2(H), H], """
%r0 = stablehlo.fft %arg0, type = FFT, length = [4] : (tensor<3x2x4xcomplex<f32>>) -> tensor<3x2x4xcomplex<f32>>
%r1 = stablehlo.fft %arg0, type = IFFT, length = [2, 4] : (tensor<3x2x4xcomplex<f32>>) -> tensor<3x2x4xcomplex<f32>>
%r2 = stablehlo.fft %arg1, type = RFFT, length = [4] : (tensor<3x2x4xf64>) -> tensor<3x2x3xcomplex<f64>>
%r3 = "stablehlo.fft"(%arg1) {fft_type = #stablehlo<fft_type RFFT>, fft_length = dense<[2, 4]> : tensor<2xi64>} : (tensor<3x2x4xf64>) -> tensor<3x2x3xcomplex<f64>>
%r4 = stablehlo.fft %r3, type = IRFFT, length = [2, 4] : (tensor<3x2x3xcomplex<f64>>) -> tensor<3x2x4xf64>""")
HIGH, LINES = [], []
for t in (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64):
    info = np.iinfo(t)
    some = [info.min, info.min + 1, info.max, info.max - 1, 0, 1, 3, info.max // 2 + 1] + [int(v) for v in rng.integers(info.min, info.max, 12, t)]
    HIGH.append((np.array(some, t)[:, None].repeat(20, 1), np.array(some, t)[None].repeat(20, 0)))
    LINES.append("%%r%d = chlo.mulhi %%arg%d, %%arg%d : %s, %s -> %s" % (len(LINES), 2 * len(LINES), 2 * len(LINES) + 1, *[text_type(HIGH[-1][0])] * 3))
case("mulhi", [a for p in HIGH for a in p],
     [np.array([int(v) * int(w) >> 8 * p[0].itemsize for v, w in zip(p[0].flat, p[1].flat)], p[0].dtype).reshape(20, 20) for p in HIGH], "\n".join(LINES))
case("scatter_of_no_index", [np.float32([8, 1]), np.zeros((2, 3, 0), np.int32), np.arange(12, dtype=F).reshape(2, 2, 3)], [np.float32([8 + 24, 1 + 42])], """
%r0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) ({
^bb0(%a: tensor<f32>, %b: tensor<f32>):
  %s = stablehlo.add %a, %b : tensor<f32>
  stablehlo.return %s : tensor<f32>
}) {scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], index_vector_dim = 2>} : (tensor<2xf32>, tensor<2x3x0xi32>, tensor<2x2x3xf32>) -> tensor<2xf32>""")
HALF = rng.integers(-99, 99, (40, 30)).astype(np.float16)
case("reduce_wider", [HALF, np.arange(6, dtype=np.int8) + np.int8(100)],
     [HALF.astype(F).sum(0), np.int32([201, 203, 205, 207, 209]), np.int32([100, 101, 102, 103, 104 + 100 + 102, 105])], """
%z = stablehlo.constant dense<0.0> : tensor<f16>
%r0 = "stablehlo.reduce"(%arg0, %z) ({
^bb0(%a: tensor<f32>, %b: tensor<f32>):
  %s = stablehlo.add %a, %b : tensor<f32>
  stablehlo.return %s : tensor<f32>
}) {dimensions = array<i64: 0>} : (tensor<40x30xf16>, tensor<f16>) -> tensor<30xf32>
%i = stablehlo.constant dense<0> : tensor<i8>
%r1 = "stablehlo.reduce_window"(%arg1, %i) ({
^bb0(%a: tensor<i32>, %b: tensor<i32>):
  %s = stablehlo.add %a, %b : tensor<i32>
  stablehlo.return %s : tensor<i32>
}) {window_dimensions = array<i64: 2>} : (tensor<6xi8>, tensor<i8>) -> tensor<5xi32>
%at = stablehlo.constant dense<4> : tensor<2x1xi32>
%u = stablehlo.slice %arg1 [0:3:2] : (tensor<6xi8>) -> tensor<2xi8>
%r2 = "stablehlo.scatter"(%arg1, %at, %u) ({
^bb0(%a: tensor<i32>, %b: tensor<i32>):
  %s = stablehlo.add %a, %b : tensor<i32>
  stablehlo.return %s : tensor<i32>
}) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : (tensor<6xi8>, tensor<2x1xi32>, tensor<2xi8>) -> tensor<6xi32>""")
case("async", [X], [X + X, -X], """
%f = "stablehlo.async_start"(%arg0) ({
^bb0(%x: tensor<2x3xf32>):
  %a = stablehlo.add %x, %x : tensor<2x3xf32>
  %b = stablehlo.negate %x : tensor<2x3xf32>
  stablehlo.return %a, %b : tensor<2x3xf32>, tensor<2x3xf32>
}) : (tensor<2x3xf32>) -> !stablehlo.future<tensor<2x3xf32>, tensor<2x3xf32>>
%r0, %r1 = "stablehlo.async_done"(%f) : (!stablehlo.future<tensor<2x3xf32>, tensor<2x3xf32>>) -> (tensor<2x3xf32>, tensor<2x3xf32>)""")

# Shapes that are operands.
D = {0: "tensor<?x3xf32>"}
case("dynamic_reshape", [X], [X.reshape(-1)], """
%c = stablehlo.constant dense<3> : tensor<i32>
%n = stablehlo.get_dimension_size %arg0, dim = 0 : (tensor<?x3xf32>) -> tensor<i32>
%m = stablehlo.multiply %n, %c : tensor<i32>
%s = stablehlo.reshape %m : (tensor<i32>) -> tensor<1xi32>
%r0 = stablehlo.dynamic_reshape %arg0, %s : (tensor<?x3xf32>, tensor<1xi32>) -> tensor<?xf32>""", D, {0: "tensor<?xf32>"})
case("shapes_of_data", [X, i32(2, 3), i32(4, 2, 3), i32(3, 2)], [X, np.broadcast_to(X, (4, 2, 3)).copy(), np.tile(np.arange(2, dtype=np.int32), (3, 1))], """
%r0 = stablehlo.dynamic_reshape %arg0, %arg1 : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
%r1 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg2, dims = [1, 2] : (tensor<2x3xf32>, tensor<3xi32>) -> tensor<4x2x3xf32>
%r2 = stablehlo.dynamic_iota %arg3, dim = 1 : (tensor<2xi32>) -> tensor<3x2xi32>""")
B53 = np.arange(15, dtype=F).reshape(5, 3)
bounded = {0: "tensor<?x3xf32, #stablehlo.bounds<8, ?>>"}
case("size_of_data", [B53, i32(3)], [B53[:3] + B53[:3], B53[:3].sum(0), np.array(3, np.int64)], """
%x = stablehlo.set_dimension_size %arg0, %arg1, dim = 0 : (tensor<?x3xf32, #stablehlo.bounds<8, ?>>, tensor<i32>) -> tensor<?x3xf32, #stablehlo.bounds<8, ?>>
%r0 = stablehlo.add %x, %x : tensor<?x3xf32, #stablehlo.bounds<8, ?>>
%z = stablehlo.constant dense<0.0> : tensor<f32>
%r1 = stablehlo.reduce(%x init: %z) applies stablehlo.add across dimensions = [0] : (tensor<?x3xf32, #stablehlo.bounds<8, ?>>, tensor<f32>) -> tensor<3xf32>""",
     bounded, bounded, results_in_text=2)
case("dynamic_shapes", [X], [np.arange(2, dtype=np.int32), np.broadcast_to(X, (2, 2, 3)).copy(), X[1:], np.pad(X, ((1, 2), (0, 0)), constant_values=7)], """
%z = stablehlo.constant dense<0> : tensor<1xi32>
%one = stablehlo.constant dense<1> : tensor<1xi32>
%three = stablehlo.constant dense<3> : tensor<1xi32>
%n = stablehlo.get_dimension_size %arg0, dim = 0 : (tensor<?x3xf32>) -> tensor<i32>
%n1 = stablehlo.reshape %n : (tensor<i32>) -> tensor<1xi32>
%r0 = stablehlo.dynamic_iota %n1, dim = 0 : (tensor<1xi32>) -> tensor<?xi32>
%shape = stablehlo.concatenate %n1, %n1, %three, dim = 0 : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<3xi32>
%r1 = stablehlo.dynamic_broadcast_in_dim %arg0, %shape, dims = [1, 2] : (tensor<?x3xf32>, tensor<3xi32>) -> tensor<?x?x3xf32>
%start = stablehlo.concatenate %one, %z, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
%limit = stablehlo.concatenate %n1, %three, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
%ones = stablehlo.constant dense<1> : tensor<2xi32>
%zeros = stablehlo.constant dense<0> : tensor<2xi32>
%r2 = stablehlo.real_dynamic_slice %arg0, %start, %limit, %ones : (tensor<?x3xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x3xf32>
%seven = stablehlo.constant dense<7.0> : tensor<f32>
%high = stablehlo.concatenate %n1, %z, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
%r3 = stablehlo.dynamic_pad %arg0, %seven, %start, %high, %zeros : (tensor<?x3xf32>, tensor<f32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x3xf32>""",
     D, {0: "tensor<?xi32>", 1: "tensor<?x?x3xf32>", 2: "tensor<?x3xf32>", 3: "tensor<?x3xf32>"})
# What JAX makes of LAPACK's routines is in the conformance set; here the triangle that a routine leaves alone, and info.
M = np.array([[[4, 2], [7, 10]], [[4, 2], [7, 1]]], F)
U = np.array([[[2, 1], [7, 3]], [[np.nan, np.nan], [7, np.nan]]], F)
R = np.array([[4, 0], [np.nan, -3]], F)
case("lapack", [M, R, np.diag(F([-2, 3]))],
     [U, i32(0, 1), R, F([-3, 4]), i32(0), F([3, 2]), np.zeros((2, 2), F)], """
%r0, %r1 = "stablehlo.custom_call"(%arg0) {call_target_name = "lapack_spotrf_ffi", mhlo.backend_config = {uplo = 85 : ui8}, operand_layouts = [dense<[1, 2, 0]> : tensor<3xindex>], result_layouts = [dense<[1, 2, 0]> : tensor<3xindex>, dense<0> : tensor<1xindex>]} : (tensor<2x2x2xf32>) -> (tensor<2x2x2xf32>, tensor<2xi32>)
%r2, %r3, %r4 = "stablehlo.custom_call"(%arg1) {api_version = 4 : i32, backend_config = {mode = 78 : ui8, uplo = 85 : ui8}, call_target_name = "lapack_ssyevd_ffi", operand_layouts = [dense<[0, 1]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<0> : tensor<1xindex>, dense<> : tensor<0xindex>]} : (tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2xf32>, tensor<i32>)
%a, %r5, %r6, %v, %i = "stablehlo.custom_call"(%arg2) {call_target_name = "lapack_sgesvd_ffi", mhlo.backend_config = {mode = 78 : ui8}, operand_layouts = [dense<[0, 1]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<0> : tensor<1xindex>, dense<[0, 1]> : tensor<2xindex>, dense<[0, 1]> : tensor<2xindex>, dense<> : tensor<0xindex>]} : (tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<i32>)""")

# What TensorFlow makes of linear algebra: results as a tuple, options in a text.
Q = F([[0, 3], [1, 2]])
case("tuples_of_custom_calls", [Q, np.diag(F([5, 2]))], [F([[-1, -2], [1, -3]]), F([1, 0]), F([[0, 1], [1, 0]]), F([2, 5])], """
%q = stablehlo.custom_call @Qr(%arg0) {backend_config = "", xla_shape = "(f32[2,2]{1,0}, f32[2]{0})"} : (tensor<2x2xf32>) -> tuple<tensor<2x2xf32>, tensor<2xf32>>
%r0 = stablehlo.get_tuple_element %q[0] : (tuple<tensor<2x2xf32>, tensor<2xf32>>) -> tensor<2x2xf32>
%r1 = stablehlo.get_tuple_element %q[1] : (tuple<tensor<2x2xf32>, tensor<2xf32>>) -> tensor<2xf32>
%e = stablehlo.custom_call @Eigh(%arg1) {backend_config = "1,1,6,0.000001"} : (tensor<2x2xf32>) -> tuple<tensor<2x2xf32>, tensor<2xf32>>
%v = stablehlo.get_tuple_element %e[0] : (tuple<tensor<2x2xf32>, tensor<2xf32>>) -> tensor<2x2xf32>
%p = stablehlo.abs %v : tensor<2x2xf32>
%r2 = mhlo.copy %p : tensor<2x2xf32>
%r3 = stablehlo.get_tuple_element %e[1] : (tuple<tensor<2x2xf32>, tensor<2xf32>>) -> tensor<2xf32>""")


def equal(a, b):
    """NaN are equal; complex numbers part by part."""
    if b.dtype.kind == "c":
        return equal(a.real, b.real) and equal(a.imag, b.imag)
    return np.array_equal(a, b, equal_nan=b.dtype.kind == "f")


def run(tool, folder, target, name, ins, outs, text):
    """None, or what is wrong."""
    path = os.path.join(folder, name + ".mlir")
    with open(path, "w") as f:
        f.write(text)
    out = os.path.join(folder, name + "." + target)
    os.makedirs(out, exist_ok=True)
    command = [tool, path, "--target", target, "--output-dir", out, *OPTIONS]
    for i, a in enumerate(ins):
        np.save(os.path.join(folder, "%s.in%d.npy" % (name, i)), a)
        command += ["--input", "%d=%s" % (i, os.path.join(folder, "%s.in%d.npy" % (name, i)))]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return "exit code %d: %s" % (done.returncode, done.stderr.strip()[:600])
    for i, want in enumerate(outs):
        found = np.load(os.path.join(out, "out%d.npy" % i))
        if found.dtype.kind == "V":
            found = found.view(np.uint8)
        same = found.dtype == want.dtype and found.shape == want.shape
        if same and NEAR and want.dtype.kind in "iu":
            same = np.all(np.abs(found.astype(np.float64) - want) <= 1)
        elif same:
            same = equal(found, want)
        if not same:
            return "result %d is %s, wanted %s" % (i, found.tolist(), want.tolist())
    return None


def main():
    tool, folder, wrong = sys.argv[1], sys.argv[2], 0
    for target in sys.argv[3:]:
        for name, ins, outs, text in CASES:
            what = run(tool, folder, target, name, ins, outs, text)
            if what:
                wrong += 1
                print("%s, %s: %s" % (name, target, what))
    print("%d programs" % len(CASES))
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main())
