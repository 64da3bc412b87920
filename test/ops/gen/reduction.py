"""Cases of reduce and reduce_window: every order, every combining op, odd extents."""
import numpy as np

import orders
from elementwise import ieee_min, int_binary, round_to, values
from emit import DTYPES, FLOATS, INTS, File, Hash, T

FLOAT_OPS = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b, "min": ieee_min, "max": lambda a, b: -ieee_min(-a, -b)}
IDENTITY = {"add": 0.0, "mul": 1.0, "min": np.inf, "max": -np.inf}


def combiner(op, t):
    if t in FLOATS:
        def fold(a, b):
            with np.errstate(all="ignore"):
                x, y = np.asarray(a[0]), np.asarray(b[0])
                return [FLOAT_OPS[op](x, y).astype(x.dtype)]
        return fold
    if t == "bool":
        fn = {"and": np.logical_and, "or": np.logical_or, "xor": np.logical_xor, "min": np.minimum, "max": np.maximum}[op]
        return lambda a, b: [np.asarray(fn(a[0], b[0]))]

    def fold_int(a, b):
        x, y = np.asarray(a[0]), np.asarray(b[0])
        return [int_binary(op, x.ravel(), np.broadcast_to(y, x.shape).ravel(), t).reshape(x.shape)]
    return fold_int


def wide(x):
    return x.x.astype(np.float32) if x.dtype in ("f16", "bf16") else x.x


def reduced(x, init, op, dims, serial=False):
    """One op; f16 and bf16 accumulate in float32."""
    y = orders.reduce([wide(x)], [wide(init)], dims, combiner(op, x.dtype), serial)[0]
    return round_to(y, x.dtype) if x.dtype in FLOATS else T(y, x.dtype)


def body(op, t):
    return "(%%a: %s[], %%b: %s[]) { %%c = %s %%a, %%b  yield %%c }" % (t, t, op)


def one(f, name, x, init, op, dims, ins=None, outs=None):
    f.case(name, {"x": x, "i": init}, {"y": reduced(x, init, op, dims)},
           "%%y = reduce %%x, %%i {dims = %s} %s" % (list(dims), body(op, x.dtype)),
           {"x": ins} if ins else None, {"y": outs} if outs else None)


def reduce():
    f = File("reduce: the orders of accumulation.")
    f32 = np.float32
    for n in (0, 1, 2, 3, 15, 16, 17, 31, 33, 255, 256, 257, 300, 511, 513, 769, 1281, 5000):
        one(f, "row_%d" % n, Hash("f32", (3, n), n + 1), T(f32(0.125)), "add", [1], ["N", n], ["N"])
    for n in (0, 1, 2, 3, 255, 256, 257, 511, 513, 769, 1500):
        one(f, "elements_%d" % n, Hash("f32", (n, 3), n + 7), T(f32(0.125)), "add", [0], [n, "N"], ["N"])
    one(f, "rows_of_rows", Hash("f32", (300, 2, 37), 5), T(f32(0)), "add", [0, 2], [300, "N", 37], ["N"])
    one(f, "rows_of_rows_many", Hash("f32", (530, 3, 5), 6), T(f32(-1)), "add", [0, 2])
    one(f, "row_of_two_axes", Hash("f32", (3, 19, 33), 6), T(f32(-1)), "add", [1, 2], ["N", 19, 33], ["N"])
    one(f, "all_axes", Hash("f32", (3, 19, 33), 8), T(f32(-1)), "add", [0, 1, 2])
    one(f, "middle_axis", Hash("f32", (3, 19, 5), 9), T(f32(-1)), "add", [1], ["N", 19, 5], ["N", 5])
    one(f, "two_outer_axes", Hash("f32", (17, 31, 3), 9), T(f32(-1)), "add", [0, 1])
    one(f, "trailing_one", Hash("f32", (40, 1), 9), T(f32(2)), "add", [0], [40, 1], [1])
    one(f, "no_axes", Hash("f32", (4, 3), 9), T(f32(2)), "add", [], ["N", 3], ["N", 3])
    one(f, "rank_0", T(f32(3)), T(f32(2)), "add", [])
    one(f, "no_results", T(np.zeros((0, 5), f32)), T(f32(2)), "add", [1], ["N", 5], ["N"])
    one(f, "nothing", T(np.zeros((0, 5), f32)), T(f32(2)), "add", [0, 1])
    # The source's order of writing the axes has no meaning.
    x = Hash("f32", (40, 2, 37), 5)
    f.case("axes_unordered", {"x": x, "i": T(f32(0))}, {"y": reduced(x, T(f32(0)), "add", [0, 2])},
           "%%y = reduce %%x, %%i {dims = [2, 0]} %s" % body("add", "f32"))
    # -0 survives: absent lanes are skipped, not filled with +0.
    one(f, "minus_zero", T(np.full((2, 5), -0.0, f32)), T(f32(-0.0)), "add", [1])
    one(f, "plus_zero_init", T(np.full((2, 5), -0.0, f32)), T(f32(0.0)), "add", [1])
    for t in FLOATS:
        for op in FLOAT_OPS:
            for n in (5, 300):
                x = Hash(t, (2, n), 3)
                init = T(np.asarray(IDENTITY[op]), t)
                if op == "mul" and n == 300:
                    continue
                one(f, "%s_%s_row_%d" % (op, t, n), x, init, op, [1])
                one(f, "%s_%s_elements_%d" % (op, t, n), Hash(t, (n, 2), 4), init, op, [0])
            one(f, "%s_%s_special" % (op, t), T(np.stack([values(t).x, values(t).x[::-1]]), t), T(np.asarray(IDENTITY[op]), t), op, [0])
    for t in INTS:
        for op in ("add", "mul", "min", "max", "and", "or", "xor"):
            x = Hash(t, (3, 35), 11)
            one(f, "%s_%s" % (op, t), x, T(np.asarray(1), t), op, [1])
    for op in ("and", "or", "xor", "min", "max"):
        x = T(np.array([[0, 0, 0], [0, 1, 0], [1, 1, 1]]), "bool")
        one(f, "%s_bool" % op, x, T(np.asarray(op in ("and", "min")), "bool"), op, [1], ["N", 3], ["N"])
    return f


def narrow_each_step(fn, t):
    return lambda a, b: [round_to(fn(*[np.asarray(v, np.float32) for v in (a[0], b[0])]), t).x]


def bodies():
    f = File("reduce with bodies of several ops: strictly ascending from init; and written orders.")
    f32 = np.float32
    x, i = Hash("f32", (3, 50), 21), T(f32(0.5))
    half = f32(0.5)

    def decay(a, b):
        return [a[0] * half + b[0]]
    text = "(%a: f32[], %b: f32[]) { %h = constant 0.5 : f32[]  %m = mul %a, %h  %c = add %m, %b  yield %c }"
    for dims, name in (([1], "row"), ([0], "elements"), ([0, 1], "all")):
        f.case("decay_" + name, {"x": x, "i": i}, {"y": T(orders.reduce([x.x], [i.x], dims, decay, True)[0])},
               "%%y = reduce %%x, %%i {dims = %s} %s" % (dims, text))
    for t in ("f16", "bf16"):                       # more than one op: every step rounds
        h, z = Hash(t, (2, 60), 22), T(np.asarray(0.0), t)
        y = orders.reduce([h.x], [z.x], [1], narrow_chain(t), True)[0]
        f.case("decay_%s" % t, {"x": h, "i": z}, {"y": T(y, t)},
               "%%y = reduce %%x, %%i {dims = [1]} %s" % text.replace("f32", t))
    # Subtraction is not commutative.
    f.case("sub", {"x": x, "i": i}, {"y": T(orders.reduce([x.x], [i.x], [1], lambda a, b: [a[0] - b[0]], True)[0])},
           "%%y = reduce %%x, %%i {dims = [1]} %s" % body("sub", "f32"))
    # A value from outside of the region.
    k = T(f32(0.25))
    f.case("captured", {"x": x, "i": i, "k": k}, {"y": T(orders.reduce([x.x], [i.x], [1], lambda a, b: [a[0] * k.x + b[0]], True)[0])},
           "%y = reduce %x, %i {dims = [1]} (%a: f32[], %b: f32[]) { %m = mul %a, %k  %c = add %m, %b  yield %c }")
    # Branches and loops, on scalars.
    f.case("branch", {"x": x, "i": i}, {"y": T(orders.reduce([x.x], [i.x], [1],
           lambda a, b: [np.where(a[0] < b[0], a[0] * half, b[0] + a[0])], True)[0])},
           "%y = reduce %x, %i {dims = [1]} (%a: f32[], %b: f32[]) { %l = compare %a, %b {dir = lt}  %h = constant 0.5 : f32[]  "
           "%c = cond %l then { %d = mul %a, %h  yield %d } else { %e = add %b, %a  yield %e }  yield %c }")

    def halve(a, b):
        a, b = np.array(a[0], f32), np.array(b[0], f32)
        while (np.abs(a) > 8).any():
            a = np.where(np.abs(a) > 8, a * half, a)
        return [a + b]
    f.case("loop", {"x": x, "i": i}, {"y": T(orders.reduce([x.x], [i.x], [0, 1], halve, True)[0])},
           "%y = reduce %x, %i {dims = [0, 1]} (%a: f32[], %b: f32[]) { %e = constant 8.0 : f32[]  %h = constant 0.5 : f32[]  "
           "%c = while %a cond (%p: f32[]) { %q = abs %p  %g = compare %q, %e {dir = gt}  yield %g } "
           "do (%p: f32[]) { %q = mul %p, %h  yield %q }  %s = add %c, %b  yield %s }")
    f.case("loop_in_branch", {"x": x, "i": i}, {"y": T(orders.reduce([x.x], [i.x], [1],
           lambda a, b: [np.where(b[0] > 0, halve(a, [f32(0)])[0], a[0])], True)[0])},
           "%y = reduce %x, %i {dims = [1]} (%a: f32[], %b: f32[]) { %e = constant 8.0 : f32[]  %h = constant 0.5 : f32[]  "
           "%z = constant 0.0 : f32[]  %o = compare %b, %z {dir = gt}  %c = cond %o then { "
           "%w = while %a cond (%p: f32[]) { %q = abs %p  %g = compare %q, %e {dir = gt}  yield %g } "
           "do (%p: f32[]) { %q = mul %p, %h  yield %q }  %v = add %w, %z  yield %v } else { yield %a }  yield %c }")
    # Two operands of different types.
    z = Hash("i32", (3, 50), 23)
    f.case("two_operands", {"x": x, "z": z, "i": i, "j": T(np.int32(5))},
           {"y": T(orders.reduce([x.x], [i.x], [1], combiner("add", "f32"), True)[0]),
            "w": reduced(z, T(np.int32(5)), "xor", [1])},
           "%y, %w = reduce %x, %z, %i, %j {dims = [1]} (%a: f32[], %b: i32[], %c: f32[], %d: i32[]) "
           "{ %p = add %a, %c  %q = xor %b, %d  yield %p, %q }")
    # Orders that are written are kept.
    x = Hash("f32", (37, 20), 24)
    f.case("written_serial", {"x": x, "i": i}, {"y": T(orders.reduce([x.x], [i.x], [1], combiner("add", "f32"), True)[0])},
           "%%y = reduce %%x, %%i {dims = [1], order = serial} %s" % body("add", "f32"))
    f.case("written_row", {"x": x, "i": i}, {"y": reduced(T(x.x.T), i, "add", [1])},
           "%%y = reduce %%x, %%i {dims = [0], order = tree, row = 1} %s" % body("add", "f32"))
    f.case("written_no_row", {"x": x, "i": i}, {"y": reduced(T(x.x.T), i, "add", [0])},
           "%%y = reduce %%x, %%i {dims = [1], order = tree} %s" % body("add", "f32"))
    f.case("written_major", {"x": x, "i": i}, {"y": reduced(T(x.x.T), i, "add", [0, 1])},
           "%%y = reduce %%x, %%i {dims = [1, 0], order = tree, row = 2} %s" % body("add", "f32"))
    # The tree of a body that is not one commutative op.
    y = orders.reduce([x.x], [i.x], [1], decay)[0]
    f.case("written_tree_of_body", {"x": x, "i": i}, {"y": T(y)}, "%%y = reduce %%x, %%i {dims = [1], order = tree, row = 1} %s" % text)
    arg(f)
    return f


def narrow_chain(t):
    def step(a, b):
        m = round_to(np.asarray(a[0], np.float32) * np.float32(0.5), t).x
        return [round_to(np.asarray(m, np.float32) + np.asarray(b[0], np.float32), t).x]
    return step


ARGMIN = """%y, %k = reduce %x, %n, %i, %j {dims = [1]} (%v0: f32[], %i0: i32[], %v1: f32[], %i1: i32[]) {
    %lt = compare %v0, %v1 {dir = lt}
    %eq = compare %v0, %v1 {dir = eq}
    %first = compare %i0, %i1 {dir = lt}
    %tie = and %eq, %first
    %p = or %lt, %tie
    %v = select %p, %v0, %v1
    %n0 = select %p, %i0, %i1
    yield %v, %n0
  }"""


def arg(f):
    x = Hash("f32", (4, 300), 31)
    ties = np.rint(x.x * 3).astype(np.float32)
    for name, v in (("values", x.x), ("ties", ties)):
        n = T(np.broadcast_to(np.arange(300, dtype=np.int32), (4, 300)))
        f.case("argmin_" + name, {"x": T(v), "i": T(np.float32(np.inf)), "j": T(np.int32(2**31 - 1))},
               {"y": T(v.min(1)), "k": T(v.argmin(1).astype(np.int32))},
               "%n = iota {dim = 1, dtype = i32, shape = [N, 300]}\n" + ARGMIN, {"x": ["N", 300]}, {"y": ["N"], "k": ["N"]})
    v = np.array([[1, np.nan, 3, np.nan], [-np.inf, -np.inf, -np.inf, -np.inf], [0.0, -0.0, 0.0, 2], [5, 2, 5, 5]], np.float32)
    for dt in ("i32", "i64"):
        f.case("argmax_%s" % dt, {"x": T(v)}, {"y": T(np.array([1, 0, 3, 0]), dt)}, "%%y = argmax %%x {axis = 1, dtype = %s}" % dt,
               {"x": ["N", 4]}, {"y": ["N"]})
    big = x.x.copy()
    big[0, 270] = big[0, 41] = big[0, 50] = 1e9
    big[1, 299] = big[1, 256] = np.nan
    f.case("argmax_long", {"x": T(big)}, {"y": T(np.array([41, 256, big[2].argmax(), big[3].argmax()]), "i64")}, "%y = argmax %x",
           {"x": ["N", 300]}, {"y": ["N"]})


def window():
    f = File("reduce_window: positions ascending, padding and holes skipped.")
    f32 = np.float32

    def one_window(name, x, op, init, win, strides, pads, bdil, wdil, types=None, results=None):
        # f16 and bf16 accumulate in float32 and round once.
        y = orders.windows([wide(x)], [wide(init)], win, strides, pads, bdil, wdil, combiner(op, x.dtype))[0]
        y = round_to(y, x.dtype) if x.dtype in FLOATS else T(y, x.dtype)
        f.case(name, {"x": x, "i": init}, {"y": y},
               "%%y = reduce_window %%x, %%i {window = %s, strides = %s, base_dilation = %s, window_dilation = %s, padding = %s} %s"
               % (list(win), list(strides), list(bdil), list(wdil), [list(p) for p in pads], body(op, x.dtype)), types, results)

    for t in FLOATS + INTS:
        x = Hash(t, (2, 5, 7, 3), 41)
        lo = T(np.asarray(-np.inf if t in FLOATS else np.iinfo(DTYPES[t]).min), t)
        one_window("max_%s" % t, x, "max", lo, [1, 2, 3, 1], [1, 2, 2, 1], [(0, 0), (1, 0), (1, 1), (0, 0)], [1] * 4, [1] * 4,
                   {"x": ["N", 5, 7, 3]}, {"y": ["N", 3, 4, 3]})
        one_window("sum_%s" % t, x, "add", T(np.asarray(0), t), [1, 3, 3, 1], [1, 1, 2, 1], [(0, 0), (1, 1), (0, 2), (0, 0)],
                   [1] * 4, [1] * 4)
        one_window("sum_dilated_%s" % t, x, "add", T(np.asarray(1), t), [1, 2, 3, 2], [1, 3, 1, 1], [(0, 0), (2, 1), (0, 0), (-1, 2)],
                   [1, 2, 1, 3], [1, 2, 2, 1])
    x = Hash("f32", (11,), 42)
    for op in ("and", "or", "xor"):
        for t in ("bool", "i8", "u16", "i64"):
            bits = T(np.array([0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0], bool)) if t == "bool" else Hash(t, (11,), 45)
            init = {"and": -1, "or": 0, "xor": 1}[op] if t[0] != "u" else 5
            one_window("%s_%s" % (op, t), bits, op, T(np.asarray(init), t), [3], [2], [(1, 2)], [1], [1])
    one_window("prod_1d", x, "mul", T(f32(1)), [4], [3], [(2, 5)], [1], [2])
    one_window("window_outside", x, "add", T(f32(3)), [2], [1], [(4, 4)], [1], [1])
    one_window("too_large", x, "add", T(f32(3)), [20], [1], [(0, 0)], [1], [1])
    one_window("every_axis_1", Hash("f32", (2, 3), 43), "add", T(f32(-0.0)), [1, 1], [1, 1], [(0, 0)] * 2, [1, 1], [1, 1])
    one_window("rank_0", T(f32(5)), "add", T(f32(3)), [], [], [], [], [])
    same(f)
    two(f)
    return f


def same(f):
    for n, k, s in ((7, 3, 2), (8, 3, 2), (5, 2, 1), (9, 4, 3)):
        x = Hash("f32", (n,), n)
        out = -(-n // s)
        total = max(0, (out - 1) * s + k - n)
        pads = [(total // 2, total - total // 2)]
        y = orders.windows([x.x], [np.float32(0)], [k], [s], pads, [1], [1], combiner("add", "f32"))[0]
        f.case("same_%d_%d_%d" % (n, k, s), {"x": x, "i": T(np.float32(0))}, {"y": T(y)},
               "%%y = reduce_window %%x, %%i {window = [%d], strides = [%d], padding = same} %s" % (k, s, body("add", "f32")))


def huge():
    f = File("reduce_window with windows, dilations and paddings of 2^40; for the interpreter, to which only elements count.")
    n, x, i = 2 ** 40, Hash("f32", (6,), 46), T(np.float32(0.5))
    text = "%%y = reduce_window %%x, %%i {window = [%d], strides = [%d], base_dilation = [%d], window_dilation = [%d], padding = [[%d, %d]]} "
    text += body("add", "f32").replace("%", "%%")

    def running(v, first=np.float32(0.5)):
        out = []
        for e in v:
            first = first + e
            out.append(first)
        return T(np.array(out, np.float32))
    f.case("huge_window", {"x": x, "i": i}, {"y": running(x.x)}, text % (n, 1, 1, 1, n - 1, 0))
    f.case("huge_base_dilation", {"x": x, "i": i}, {"y": running(x.x)}, text % (6 * n, n, n, 1, 6 * n - 1, 0))
    f.case("huge_window_dilation", {"x": x, "i": i}, {"y": T(x.x[:1] + np.float32(0.5))}, text % (2, 1, 1, n, 0, n - 5))
    f.case("huge_both", {"x": x, "i": i}, {"y": T(running(x.x).x[-1:])}, text % (6, 1, n, n, 0, 0))
    f.case("huge_padding", {"x": x, "i": i}, {"y": T(np.array([0.5, np.float32(0.5) + x.x[0]], np.float32))}, text % (1, n, 1, 1, n, 5))
    return f


def two(f):
    x, z = Hash("f32", (9,), 44), Hash("i32", (9,), 45)

    def fold(a, b):
        return [a[0] - b[0], (a[1] ^ b[1]).astype(np.int32)]
    y = orders.windows([x.x, z.x], [np.float32(1), np.int32(2)], [3], [2], [(1, 1)], [1], [1], fold)
    f.case("two_operands", {"x": x, "z": z, "i": T(np.float32(1)), "j": T(np.int32(2))}, {"y": T(y[0]), "w": T(y[1])},
           "%y, %w = reduce_window %x, %z, %i, %j {window = [3], strides = [2], padding = [[1, 1]]} "
           "(%a: f32[], %b: i32[], %c: f32[], %d: i32[]) { %p = sub %a, %c  %q = xor %b, %d  yield %p, %q }")


FILES = {"reduce": reduce, "reduce_bodies": bodies, "reduce_window": window, "reduce_window_huge": huge}
