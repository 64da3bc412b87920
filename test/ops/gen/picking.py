"""Cases of select_and_scatter and top_k, by loops that follow StableHLO's specification, and numpy's stable sort."""
import numpy as np

from elementwise import round_to
from emit import DTYPES, FLOATS, INTS, File, Hash, T

OPS = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b, "max": np.maximum, "min": np.minimum}
DIRS = {"ge": np.greater_equal, "gt": np.greater, "le": np.less_equal, "eq": np.equal, "ne": np.not_equal}


def select_and_scatter_values(x, source, init, window, strides, pads, prefer, combine):
    y = np.full(x.shape, init, x.dtype)
    for o in np.ndindex(*source.shape):
        at = None
        for w in np.ndindex(*window):
            p = tuple(o[i] * strides[i] + w[i] - pads[i][0] for i in range(x.ndim))
            if any(not 0 <= v < n for v, n in zip(p, x.shape)):
                continue
            if at is None or not prefer(x[at], x[p]):
                at = p
        if at is not None:
            with np.errstate(all="ignore"):
                y[at] = combine(y[at], source[o])
    return y


def extent(n, w, s, pad):
    return max(0, (n + sum(pad) - w) // s + 1)


def select_and_scatter():
    f = File("select_and_scatter.")

    def one(name, x, window, strides, pads, prefer="ge", op="add", init=0, types=None, results=None, source=None, padding=None):
        shape = [extent(*v) for v in zip(x.x.shape, window, strides, pads)]
        t = x.dtype
        source = source or (T(np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2, t) if t == "bool" else Hash(t, shape, 71))
        def rounding(a, b):
            return round_to(OPS[op](np.float32(a), np.float32(b)), t).x if t in ("f16", "bf16") else OPS[op](a, b)
        init = T(np.asarray(init), t)
        y = select_and_scatter_values(x.x, source.x, init.x, window, strides, pads, DIRS[prefer], rounding)
        f.case(name, {"x": x, "s": source, "i": init}, {"y": T(y, t)},
               "%%y = select_and_scatter %%x, %%s, %%i {window = %s, strides = %s, padding = %s} "
               "select (%%a: %s[], %%b: %s[]) { %%c = compare %%a, %%b {dir = %s}  yield %%c } "
               "scatter (%%d: %s[], %%e: %s[]) { %%f = %s %%d, %%e  yield %%f }"
               % (list(window), list(strides), padding or [list(p) for p in pads], t, t, prefer, t, t, op), types, results)

    none = [(0, 0)]
    for t in FLOATS + INTS:
        one("pool_%s" % t, Hash(t, (2, 6, 7, 3), 72), [1, 2, 3, 1], [1, 2, 2, 1], [(0, 0), (0, 0), (1, 1), (0, 0)])
        one("overlap_%s" % t, Hash(t, (9,), 73), [4], [1], [(2, 1)], init=3)
    one("type_bool", T(np.array([0, 1, 1, 0, 1, 0, 0], bool)), [3], [2], [(1, 1)], op="max", init=False)
    x = Hash("f32", (5, 7), 74)
    one("least", x, [2, 2], [1, 2], [(1, 0), (0, 1)], prefer="le", op="mul", init=2)
    one("equal", T(np.array([1, 1, 2, 2, 2, 1], np.float32)), [3], [1], none, prefer="eq")
    one("last_of_ties", T(np.ones(6, np.float32)), [3], [3], none, prefer="gt")
    one("first_of_ties", T(np.ones(6, np.float32)), [3], [3], none)
    one("always_next", x, [3, 2], [2, 2], none * 2, prefer="ne", op="min")
    one("nan", T(np.array([1, np.nan, 3, 0.5, np.inf, -np.inf, np.nan, np.nan, -0.0, 0.0], np.float32)), [2], [2], none)
    one("padding_only", x, [1, 1], [3, 3], [(4, 4), (3, 5)])
    one("negative_padding", x, [2, 2], [1, 1], [(-1, 0), (1, -2)])
    one("gaps", x, [1, 2], [3, 4], none * 2, init=-1)
    one("empty", T(np.zeros((0, 3), np.float32)), [1, 1], [1, 1], none * 2)
    one("no_windows", T(np.ones((2, 3), np.float32)), [3, 1], [1, 1], none * 2, init=7)
    one("scalar", T(np.float32(4)), [], [], [])
    one("batch", Hash("f32", (3, 8), 75), [1, 2], [1, 2], none * 2, types={"x": ["N", 8], "s": ["N", 4]}, results={"y": ["N", 8]})
    one("same", Hash("f32", (7,), 76), [3], [2], [(1, 1)], padding="same")
    one("large", Hash("f32", (40, 50, 2), 77), [3, 3, 1], [2, 2, 1], [(1, 1), (0, 1), (0, 0)])
    f.case("body_of_two", {"x": T(np.array([3, -5, 2, 4, 4, -6], np.int32)), "s": T(np.array([10, 20, 30], np.int32)), "i": T(np.int32(1))},
           {"y": T(np.array([1, 1 - 10, 1, 1 - 20, 1, 1 - 30], np.int32))},
           "%y = select_and_scatter %x, %s, %i {window = [2], strides = [2]} "
           "select (%a: i32[], %b: i32[]) { %m = abs %a  %n = abs %b  %c = compare %m, %n {dir = gt}  yield %c } "
           "scatter (%d: i32[], %e: i32[]) { %f = sub %d, %e  yield %f }")
    return f


def key(x):
    """Floats as integers in total order: -NaN does not exist here."""
    if x.dtype.kind != "f":
        return x.astype(np.int64) if x.dtype != np.uint64 else x
    bits = np.where(np.isnan(x), x.dtype.type(np.nan), x).view("i%d" % x.itemsize).astype(np.int64)
    return np.where(bits < 0, bits ^ np.int64(2**(8 * x.itemsize - 1) - 1), bits)


def top_k_values(x, k, axis, largest):
    keys = np.moveaxis(key(x), axis, -1)
    at = np.zeros(keys.shape[:-1] + (k,), np.int32)
    for p in np.ndindex(*keys.shape[:-1]):
        row = [int(v) for v in keys[p]]
        at[p] = sorted(range(len(row)), key=lambda i: (-row[i] if largest else row[i], i))[:k]
    at = np.moveaxis(at, -1, axis)
    return np.take_along_axis(x, at.astype(np.int64), axis), at


def top_k():
    f = File("top_k.")

    def one(name, x, k, axis=-1, largest=True, types=None, results=None):
        v, at = top_k_values(x.x, k, axis, largest)
        f.case(name, {"x": x}, {"v": T(v, x.dtype), "i": T(at)},
               "%%v, %%i = top_k %%x {k = %d%s%s}" % (k, "" if axis == -1 else ", axis = %d" % axis, "" if largest else ", largest = false"),
               types, results)

    for t in DTYPES:
        x = T(np.arange(15).reshape(3, 5) % 2, t) if t == "bool" else Hash(t, (3, 21), 81)
        one("type_%s" % t, x, 4)
        one("least_%s" % t, x, 5, largest=False)
    for t in ("f16", "bf16", "f32", "f64"):
        x = T(np.array([[1, -0.0, np.nan, 0.0, -np.inf, np.inf, -0.0, 0.0, np.nan, -1]]), t)
        one("order_%s" % t, x, 10)
        one("order_least_%s" % t, x, 10, largest=False)
    ties = T(np.array([3, 1, 3, 2, 2, 3, 1, 1], np.int32))
    one("ties", ties, 6)
    one("ties_least", ties, 5, largest=False)
    one("none", ties, 0)
    many = np.resize(np.array([1, -0.0, np.nan, 0.0, -np.inf, np.inf, -0.0, 0.0, np.nan, -1, 1e-45]), (2, 57))
    for t in ("f16", "bf16", "f32", "f64"):
        one("few_%s" % t, T(many, t), 14)
        one("few_least_%s" % t, T(many, t), 13, largest=False)
    one("few_ties", T(np.arange(90, dtype=np.int32) * 7 % 5), 20)
    one("few_symbols", Hash("f32", (3, 40), 86), 6, types={"x": ["N", "M"]}, results={"v": ["N", 6], "i": ["N", 6]})
    one("axis_0", Hash("f32", (6, 3, 2), 82), 2, axis=0)
    one("axis_1", Hash("i16", (2, 7, 3), 83), 3, axis=-2)
    one("empty_rows", T(np.zeros((0, 4), np.float32)), 2)
    one("batch", Hash("f32", (4, 9), 84), 3, types={"x": ["N", 9]}, results={"v": ["N", 3], "i": ["N", 3]})
    one("long", Hash("f32", (2, 1500), 85), 20)
    return f


FILES = {"select_and_scatter": select_and_scatter, "top_k": top_k}
