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


def branches():
    f = File("cond, case and optimization_barrier.")
    f32, i32 = np.float32, np.int32
    x = Hash("f32", (5, 3), 2)
    for p in (True, False):
        # One branch computes, the other gives what it sees; both results of one may be the same value.
        f.case("cond_%s" % str(p).lower(), {"p": T(np.bool_(p)), "x": x},
               {"y": T(x.x * f32(2) if p else x.x), "z": T(x.x * f32(2) if p else x.x + f32(1))}, """
%y, %z = cond %p then {
  %a = mul %x, 2.0
  yield %a, %a
} else {
  %b = add %x, 1.0
  yield %x, %b
}""", {"x": ["N", 3]}, {"y": ["N", 3], "z": ["N", 3]})
    for i in (-2147483648, -1, 0, 1, 2, 3, 2147483647):
        k = i if 0 <= i < 3 else 2
        want = [x.x * x.x, x.x, -x.x][k]
        f.case("case_%s" % str(i).replace("-", "m"), {"i": T(i32(i)), "x": x}, {"y": T(want)}, """
%y = case %i branch {
  %a = mul %x, %x
  yield %a
} branch {
  yield %x
} branch {
  %b = neg %x
  yield %b
}""", {"x": ["N", 3]}, {"y": ["N", 3]})
    f.case("case_one", {"i": T(i32(4)), "x": x}, {"y": T(x.x + x.x)}, """
%y = case %i branch {
  %a = add %x, %x
  yield %a
}""", {"x": ["N", 3]}, {"y": ["N", 3]})
    # A condition in a loop, whose branches see what the loop carries and what is around it.
    n, total = 27, 0
    steps = n
    while steps != 1:
        steps = steps // 2 if steps % 2 == 0 else 3 * steps + 1
        total += 1
    f.case("cond_in_while", {"n": T(np.int64(n))}, {"rounds": T(np.int64(total))}, """
%zero = constant 0 : i64[]
%one = constant 1 : i64[]
%two = constant 2 : i64[]
%last, %rounds = while %n, %zero cond (%k: i64[], %r: i64[]) {
  %more = compare %k, %one {dir = ne}
  yield %more
} do (%k: i64[], %r: i64[]) {
  %odd = rem %k, %two
  %is_even = compare %odd, %zero {dir = eq}
  %next = cond %is_even then {
    %half = div %k, %two
    yield %half
  } else {
    %three = add %two, %one
    %m = mul %k, %three
    %up = add %m, %one
    yield %up
  }
  %r1 = add %r, %one
  yield %next, %r1
}""")
    updates(f)
    f.case("barrier", {"x": x}, {"y": T((x.x + f32(1)) * x.x)}, """
%a = add %x, 1.0
%u, %v = optimization_barrier %a, %x
%y = mul %u, %v""", {"x": ["N", 3]}, {"y": ["N", 3]})
    return f


def updates(f):
    """A loop's buffer that branches change in part: updates in a row, through a scatter, from the old value, or not at all."""
    x, u = Hash("f32", (40,), 12), Hash("f32", (3,), 13)
    at = np.array([[5], [39], [40], [5]], np.int32)
    y, z, add = x.x.copy(), x.x.copy(), Hash("f32", (4,), 14)
    n = 11
    for i in range(n, 0, -1):
        old = y.copy()
        k = i % 5
        if k == 0:
            for (p,), v in zip(at, add.x):
                if p < 40:
                    y[p] += v
        elif k == 1:
            y[i:i + 3] = u.x
            y[2 * i:2 * i + 3] = u.x
        elif k == 2:
            y = old[::-1].copy()
            y[i:i + 3] = old[i:i + 3]
        elif k == 3:
            if i > 4:
                y[i:i + 3] = y[i + 1:i + 4]
        if i % 2:
            z[i:i + 3] = old[i:i + 3]
    f.case("updates_in_while", {"n": T(np.int64(n)), "x": x, "u": u, "at": T(at), "add": add}, {"y": T(y), "z": T(z)}, """
%left, %y, %z = while %n, %x, %x cond (%i: i64[], %v: f32[40], %w: f32[40]) {
  %more = compare %i, 0 {dir = gt}
  yield %more
} do (%i: i64[], %v: f32[40], %w: f32[40]) {
  %five = rem %i, 5
  %k = convert %five {dtype = i32}
  %v1 = case %k branch {
    %s = scatter %v, %at, %add {update_window_dims = [], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1} (%a: f32[], %b: f32[]) { %c = add %a, %b  yield %c }
    yield %s
  } branch {
    %s = dynamic_update_slice %v, %u, %i
    %j = add %i, %i
    %t = dynamic_update_slice %s, %u, %j
    yield %t
  } branch {
    %r = reverse %v {dims = [0]}
    %part = dynamic_slice %v, %i {sizes = [3]}
    %t = dynamic_update_slice %r, %part, %i
    yield %t
  } branch {
    %big = compare %i, 4 {dir = gt}
    %q = cond %big then {
      %j = add %i, 1
      %part = dynamic_slice %v, %j {sizes = [3]}
      %t = dynamic_update_slice %v, %part, %i
      yield %t
    } else { yield %v }
    yield %q
  } branch { yield %v }
  %odd = rem %i, 2
  %is = compare %odd, 1 {dir = eq}
  %w1 = cond %is then {
    %part = dynamic_slice %v, %i {sizes = [3]}
    %t = dynamic_update_slice %w, %part, %i
    yield %t
  } else { yield %w }
  %next = sub %i, 1
  yield %next, %v1, %w1
}""")
    # Outside of a loop: the old value dies in the branches, is needed after them, or is a result too.
    for p in (True, False):
        v = x.x * np.float32(2)
        a = v.copy()
        if p:
            a[7:10] = u.x
        b = a.copy()
        if p:
            b[8:11] = u.x
            b = b * a[::-1]
        c, d = (b + np.float32(1), b) if p else (b, b + np.float32(1))
        f.case("updates_%s" % str(p).lower(), {"p": T(np.bool_(p)), "x": x, "u": u}, {"y": T(c), "z": T(d), "w": T(v + a)}, """
%v = mul %x, 2.0
%seven = constant 7 : i64[]
%eight = constant 8 : i64[]
%a = cond %p then { %t = dynamic_update_slice %v, %u, %seven  yield %t } else { yield %v }
%w = add %v, %a
%b = cond %p then {
  %t = dynamic_update_slice %a, %u, %eight
  %r = reverse %a {dims = [0]}
  %q = mul %t, %r
  yield %q
} else { yield %a }
%y, %z = cond %p then { %one = add %b, 1.0  yield %one, %b } else { %one = add %b, 1.0  yield %b, %one }""")


def scans():
    f = File("scan.")
    f32 = np.float32
    c0, x, u = Hash("f32", (3,), 3), Hash("f32", (7, 3), 4), Hash("f32", (7,), 5)

    def run(order, n):
        c, ys, zs = c0.x.copy(), np.zeros((n, 3), f32), np.zeros((n,), f32)
        for t in order:
            c = (c * u.x[t]).astype(f32) + x.x[t]
            ys[t] = c * f32(2)
            zs[t] = max(c[0], c[1])
        return c, ys, zs
    for name, rounds, reverse in (("forward", 7, False), ("reverse", 7, True)):
        c, ys, zs = run(range(rounds)[::-1] if reverse else range(rounds), rounds)
        f.case("scan_" + name, {"c0": c0, "x": x, "u": u}, {"c": T(c), "ys": T(ys), "zs": T(zs)}, """
%%c, %%ys, %%zs = scan %%c0, %%x, %%u {%s} (%%k: f32[3], %%xt: f32[3], %%ut: f32[]) {
  %%m = mul %%k, %%ut
  %%n = add %%m, %%xt
  %%d = mul %%n, 2.0
  %%a = slice %%n {start = [0], limit = [1]}
  %%b = slice %%n {start = [1], limit = [2]}
  %%ab = max %%a, %%b
  %%z = reshape %%ab {shape = []}
  yield %%n, %%d, %%z
}""" % ("reverse = true" if reverse else "carry = 1"), {"x": ["T", 3], "u": ["T"]}, {"ys": ["T", 3], "zs": ["T"]})
    f.case("scan_length", {"c0": T(np.int32(3))}, {"c": T(np.int32(96)), "ys": T(np.int32([3, 6, 12, 24, 48]))}, """
%c, %ys = scan %c0 {length = [5]} (%k: i32[]) {
  %n = add %k, %k
  yield %n, %k
}""")
    f.case("scan_empty", {"c0": c0, "x": T(np.zeros((0, 3), f32))}, {"c": T(c0.x), "ys": T(np.zeros((0, 3), f32))}, """
%c, %ys = scan %c0, %x (%k: f32[3], %xt: f32[3]) {
  %n = add %k, %xt
  yield %n, %n
}""", {"x": ["T", 3]}, {"ys": ["T", 3]})
    f.case("scan_empty_static", {"c0": c0, "x": T(np.zeros((0, 3), f32))}, {"c": T(c0.x), "ys": T(np.zeros((0, 3), f32))}, """
%c, %ys = scan %c0, %x (%k: f32[3], %xt: f32[3]) {
  %n = add %k, %xt
  yield %n, %n
}""")
    f.case("scan_map", {"x": x}, {"ys": T(-x.x)}, """
%ys = scan %x {carry = 0} (%xt: f32[3]) {
  %n = neg %xt
  yield %n
}""", {"x": ["T", 3]}, {"ys": ["T", 3]})
    return f


FILES = {"control": control, "branches": branches, "scan": scans}
