"""Cases of control flow."""
import numpy as np

from emit import File, Hash, T


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


FILES = {"control": control}
