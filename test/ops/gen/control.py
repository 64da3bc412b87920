"""Cases of control flow and of composite ops as wholes."""
import math

import numpy as np

from elementwise import round_to
from emit import FLOATS, File, Hash, T


def control():
    f = File("while, call, fusion and regions.")
    i64, f32 = np.int64, np.float32

    def fib(n):
        a, b = 0, 1
        for _ in range(n):
            a, b = b, a + b
        return a
    for n in (0, 1, 50):
        f.case("while_%d" % n, {"n": T(i64(n))}, {"y": T(i64(fib(n)))}, """
%zero = constant 0 : i64[]
%one = constant 1 : i64[]
%i, %y, %next = while %zero, %zero, %one cond (%i0: i64[], %a: i64[], %b: i64[]) {
  %more = compare %i0, %n {dir = lt}
  yield %more
} do (%i0: i64[], %a: i64[], %b: i64[]) {
  %i1 = add %i0, %one
  %sum = add %a, %b
  yield %i1, %b, %sum
}""")
    x = Hash("f32", (5, 3), 1)
    callee = """
graph @scale_%s(%%v: f32[R, 3], %%k: f32[]) -> (%%w: f32[R, 3]) {
  %%b = broadcast_in_dim %%k {shape = [R, 3], dims = []}
  %%w = mul %%v, %%b
  return %%w
}"""
    f.case("call", {"x": x}, {"y": T(x.x * f32(0.5) * f32(0.5))}, """
%k = constant 0.5 : f32[]
%t = call @scale_call(%x, %k)
%y = call @scale_call(%t, %k)""", {"x": ["N", 3]}, {"y": ["N", 3]}, extra=callee % "call")
    f.case("fusion", {"x": x}, {"y": T(-(x.x + f32(1))), "z": T(x.x + f32(1))}, """
%y, %z = fusion %x (%v: f32[N, 3]) {
  %one = constant 1.0 : f32[]
  %b = broadcast_in_dim %one {shape = [N, 3], dims = []}
  %s = add %v, %b
  %m = neg %s
  yield %m, %s
}""", {"x": ["N", 3]}, {"y": ["N", 3], "z": ["N", 3]})
    return f


def phi(v):
    return 0.5 * (1 + math.erf(v / math.sqrt(2)))


def composites():
    f = File("Composite ops through their expansions, against double precision.")
    for t in FLOATS:
        ulp = 8 if t in ("f32", "f64") else 1
        x = Hash(t, (3, 7), 2)
        v = x.x.astype(np.float64) / 64
        x = round_to(v, t)
        v = x.x.astype(np.float64)
        types, results = {"x": ["N", 7]}, {"y": ["N", 7]}
        f.case("relu_%s" % t, {"x": x}, {"y": round_to(np.maximum(v, 0), t)}, "%y = relu %x", types, results)
        e = np.exp(v - v.max(1, keepdims=True))
        f.case("softmax_%s" % t, {"x": x}, {"y": round_to(e / e.sum(1, keepdims=True), t)}, "%y = softmax %x {axis = -1}", types, results,
               ulp=ulp)
        f.case("gelu_%s" % t, {"x": x}, {"y": round_to(np.vectorize(lambda w: w * phi(w))(np.abs(v)), t)},
               "%a = abs %x\n%y = gelu %a", types, results, ulp=ulp)
        f.case("mean_%s" % t, {"x": T(np.abs(x.x), t)}, {"y": round_to(np.abs(v).mean(1), t)}, "%y = mean %x {dims = [1]}", types, {"y": ["N"]},
               ulp=ulp)
    return f


FILES = {"control": control, "composites": composites}
