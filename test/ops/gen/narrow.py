"""Cases of the narrow element types.  numpy has none of them: a float is held as the float64 that it stands for, and rounded to
the nearest in a list of all values of its type, made here from the definition of the format.  (test/unit/narrow_test.c has
the conversions themselves, against ml_dtypes.)"""
import math

import numpy as np

import elementwise as ew
from emit import DTYPES, FLOATS, INTS, File, T

# bits of exponent, of fraction, bias, whether infinity, NaN and -0 exist
FORMATS = {"f4e2m1fn": (2, 1, 1, "z"), "f6e2m3fn": (2, 3, 1, "z"), "f6e3m2fn": (3, 2, 3, "z"), "f8e3m4": (3, 4, 3, "inz"),
           "f8e4m3": (4, 3, 7, "inz"), "f8e4m3fn": (4, 3, 7, "nz"), "f8e4m3fnuz": (4, 3, 8, "n"),
           "f8e4m3b11fnuz": (4, 3, 11, "n"), "f8e5m2": (5, 2, 15, "inz"), "f8e5m2fnuz": (5, 2, 16, "n")}
RANGE = {"i2": (-2, 1), "i4": (-8, 7), "u2": (0, 3), "u4": (0, 15)}
NARROW = list(RANGE) + list(FORMATS)


def finite(t):
    """The finite values from 0 on, ascending."""
    e, m, bias, has = FORMATS[t]
    v = [(f / 2 ** m if x == 0 else 1 + f / 2 ** m) * 2.0 ** (max(x, 1) - bias) for x in range(2 ** e) for f in range(2 ** m)]
    return v[:-2 ** m] if "i" in has else v[:-1] if "n" in has and "z" in has else v


class N(T):
    def __init__(self, x, dtype):
        self.dtype = dtype
        self.x = np.asarray(x, np.float64 if dtype in FORMATS else np.int64)

    def element(self, v):
        return str(int(v)) if self.dtype in RANGE else "nan" if math.isnan(v) else repr(float(v))


def to_narrow(v, t):
    """One number (a float, or a Python integer, which wraps in an integer type)."""
    if t in RANGE:
        lo, hi = RANGE[t]
        if isinstance(v, (int, np.integer)):
            return (int(v) - lo) % (hi - lo + 1) + lo
        return 0 if math.isnan(v) else int(min(max(v, lo), hi))
    has, table = FORMATS[t][3], finite(t)
    none = math.nan if "n" in has else -0.0
    if math.isnan(v):
        return none
    step = table[-1] - table[-2]
    size, n = abs(v), len(table)
    if size >= table[-1] + step / 2 and not (size == table[-1] + step / 2 and n % 2):   # a tie goes to the even pattern
        return math.copysign(math.inf, v) if "i" in has else none if "n" in has else math.copysign(table[-1], v)
    i = int(np.searchsorted(table, size))
    if i == n:
        i -= 1
    elif i and (size - table[i - 1] < table[i] - size or (size - table[i - 1] == table[i] - size and (i - 1) % 2 == 0)):
        i -= 1
    r = math.copysign(table[i], v)
    return r if r or "z" in has else 0.0


def narrow(x, t):
    x = np.asarray(x)
    return N(np.array([to_narrow(v if x.dtype == object else v.item(), t) for v in x.ravel()]).reshape(x.shape), t)


def values(t, n=24):
    if t in RANGE:
        lo, hi = RANGE[t]
        return N(np.arange(lo, hi + 1), t)
    v, has = finite(t), FORMATS[t][3]
    v = sorted(set(v[::max(1, len(v) // n)] + v[:2] + v[-1:] + [1.0]))
    return N(v + [-x for x in v if x or "z" in has] + [math.inf, -math.inf] * ("i" in has) + [math.nan] * ("n" in has), t)


def grid(t):
    v = values(t, 3).x
    a, b = np.meshgrid(v, v, indexing="ij")
    return N(a.ravel(), t), N(b.ravel(), t)


def next_after(x, y, t):
    if math.isnan(x) or math.isnan(y) or x == y:
        return x if math.isnan(x) else y
    table = finite(t) + [math.inf] * ("i" in FORMATS[t][3])
    up = y > x
    if x == 0:
        return table[1] if up else -table[1]
    i = table.index(abs(x)) + (1 if up == (x > 0) else -1)
    r = math.copysign(table[i], x)
    return r if r or "z" in FORMATS[t][3] else 0.0


def int_op(op, x, y, t):
    lo, hi = RANGE[t]
    count = hi - lo + 1
    width = count.bit_length() - 1
    u, n = x % count, min(y % count, width)
    return {"add": lambda: x + y, "sub": lambda: x - y, "mul": lambda: x * y, "min": lambda: min(x, y), "max": lambda: max(x, y),
            "div": lambda: -1 if y == 0 else abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1),
            "rem": lambda: x if y == 0 else abs(x) % abs(y) * (-1 if x < 0 else 1),
            "pow": lambda: x ** y if y >= 0 else 1 if x == 1 else (x if y % 2 else 1) if x == -1 else 0,
            "and": lambda: x & y, "or": lambda: x | y, "xor": lambda: x ^ y, "shl": lambda: u << n, "shr_l": lambda: u >> n,
            "shr_a": lambda: (u - count if 2 * u >= count else u) >> n}[op]()


def apply(fn, t, *args):
    with np.errstate(all="ignore"):
        return narrow(np.array([fn(*(v.item() for v in p)) for p in zip(*(a.x.ravel() for a in args))],
                               object).reshape(args[0].x.shape), t)


ZERO = lambda v: v == 0
EXACT = {"abs": abs, "neg": lambda v: -v, "sign": lambda v: v if v == 0 or math.isnan(v) else math.copysign(1.0, v),
         "floor": lambda v: float(np.floor(v)), "ceil": lambda v: float(np.ceil(v)), "round_nearest_even": lambda v: float(np.rint(v)),
         "round_nearest_afz": lambda v: math.copysign(float(np.floor(abs(v) + 0.5)), v), "sqrt": lambda v: float(np.sqrt(v))}
FUNCTIONS = {
    "exp": ew.safe(math.exp), "exp2": ew.safe(lambda v: 2.0 ** v), "expm1": ew.safe(math.expm1), "tanh": math.tanh, "erf": math.erf,
    "log": lambda v: -math.inf if v == 0 else ew.safe(math.log)(v),
    "log1p": lambda v: -math.inf if v == -1 else ew.safe(math.log1p)(v),
    "rsqrt": lambda v: math.copysign(math.inf, v) if v == 0 else ew.safe(lambda w: 1 / math.sqrt(w))(v),
    "logistic": lambda v: ew.safe(lambda w: 1 / (1 + math.exp(-w)), 0.0)(v),
    "sin": ew.safe(math.sin), "cos": ew.safe(math.cos), "tan": ew.safe(math.tan), "asin": ew.safe(math.asin),
    "acos": ew.safe(math.acos), "atan": math.atan, "cosh": ew.safe(math.cosh), "asinh": math.asinh, "acosh": ew.safe(math.acosh),
    "sinh": lambda v: ew.safe(math.sinh, math.copysign(math.inf, v))(v), "cbrt": ew.odd_root,
    "atanh": lambda v: math.copysign(math.inf, v) if abs(v) == 1 else ew.safe(math.atanh)(v),
    "lgamma": ew.lgamma, "digamma": ew.digamma, "erf_inv": ew.erf_inv}


def less(a, b):
    return a < b or (a == b == 0 and math.copysign(1, a) < math.copysign(1, b))


def smaller(a, b):
    return math.nan if math.isnan(a) or math.isnan(b) else a if less(a, b) else b


def larger(a, b):
    return math.nan if math.isnan(a) or math.isnan(b) else b if less(a, b) else a


def power(a, b):
    with np.errstate(all="ignore"):
        return float(np.power(np.float64(a), np.float64(b)))


def divide(a, b):
    with np.errstate(all="ignore"):
        return float(np.float64(a) / np.float64(b))


def remainder(a, b):
    with np.errstate(all="ignore"):
        return float(np.fmod(np.float64(a), np.float64(b)))


BINARY = {"add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": divide, "rem": remainder,
          "min": smaller, "max": larger}


def spread(f, name, ins, outs, body, **more):
    """A case of one symbolic dimension."""
    f.case(name, ins, outs, body, {k: ["N"] for k in ins}, {k: ["N"] for k in outs}, **more)


def elementwise():
    f = File("Elementwise ops of the narrow types.")
    for t in FORMATS:
        x = values(t)
        outs = {op: apply(fn, t, x) for op, fn in EXACT.items()}
        outs["is_finite"] = T(np.isfinite(x.x), "bool")
        spread(f, "exact_" + t, {"x": x}, outs, ["%%%s = %s %%x" % (op, op) for op in outs])
        x = values(t, 8)
        outs = {op: apply(fn, t, x) for op, fn in FUNCTIONS.items()}
        spread(f, "functions_" + t, {"x": x}, outs, ["%%%s = %s %%x" % (op, op) for op in outs], ulp=1)
        a, b = grid(t)
        outs = {op: apply(fn, t, a, b) for op, fn in BINARY.items()}
        outs["nextafter"] = apply(lambda x, y: next_after(x, y, t), t, a, b)
        spread(f, "binary_" + t, {"a": a, "b": b}, outs, ["%%%s = %s %%a, %%b" % (op, op) for op in outs])
        outs = {"pow": apply(power, t, a, b), "atan2": apply(math.atan2, t, a, b)}
        spread(f, "curves_" + t, {"a": a, "b": b}, outs, ["%%%s = %s %%a, %%b" % (op, op) for op in outs], ulp=1)
        m = 1 if FORMATS[t][1] == 1 else FORMATS[t][1] - 1
        e = 1 - FORMATS[t][2] - m
        fewer = lambda v: v if v == 0 or not math.isfinite(v) else float(
            np.rint(v / 2.0 ** (math.frexp(v)[1] - 1 - m)) * 2.0 ** (math.frexp(v)[1] - 1 - m))
        spread(f, "fewer_" + t, {"x": values(t)}, {"y": apply(fewer, t, values(t))},
               "%%y = reduce_precision %%x {exponent_bits = 8, mantissa_bits = %d}" % m)
    for t in RANGE:
        lo, hi = RANGE[t]
        x, count = values(t), hi - lo + 1
        ops = {"neg": lambda v: -v, "not": lambda v: ~v, "popcnt": lambda v: bin(v % count).count("1"),
               "clz": lambda v: count.bit_length() - 1 - (v % count).bit_length()}
        if lo:
            ops.update({"abs": abs, "sign": lambda v: (v > 0) - (v < 0)})
        outs = {op: apply(fn, t, x) for op, fn in ops.items()}
        spread(f, "exact_" + t, {"x": x}, outs, ["%%%s = %s %%x" % (op, op) for op in outs])
        a, b = np.meshgrid(values(t).x, values(t).x, indexing="ij")
        a, b = N(a.ravel(), t), N(b.ravel(), t)
        outs = {op: apply(lambda x, y: int_op(op, x, y, t), t, a, b) for op in
                ("add", "sub", "mul", "div", "rem", "pow", "min", "max", "and", "or", "xor", "shl", "shr_l", "shr_a")}
        spread(f, "binary_" + t, {"a": a, "b": b}, outs, ["%%%s = %s %%a, %%b" % (op, op) for op in outs])
    for t in NARROW:
        a, b = grid(t)
        c = {"eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal}
        outs = {d: T(fn(a.x, b.x), "bool") for d, fn in c.items()}
        spread(f, "compare_" + t, {"a": a, "b": b}, outs, ["%%%s = compare %%a, %%b {dir = %s}" % (d, d) for d in outs])
        x = values(t, 8)
        low, high = N(np.roll(x.x, 3), t), N(np.roll(x.x, 5), t)
        p = T(np.arange(x.x.size) % 3 == 0, "bool")
        y = apply(lambda l, v, h: smaller(larger(float(l), float(v)), float(h)), t, low, x, high)
        z = N(np.where(p.x, x.x, low.x), t)
        spread(f, "select_" + t, {"p": p, "lo": low, "x": x, "hi": high}, {"y": y, "z": z},
               ["%y = clamp %lo, %x, %hi", "%z = select %p, %x, %lo"])
    return f


def convert():
    f = File("Conversions of the narrow types, to each other and to and from all others.")
    for t in NARROW:
        x = values(t, 8)
        outs = {"to_" + d: converted(x, d) for d in list(DTYPES) + NARROW}
        spread(f, "convert_" + t, {"x": x}, outs, ["%%%s = convert %%x {dtype = %s}" % (k, k[3:]) for k in outs])
    for s in DTYPES:
        x = ew.values(s)
        if s in FLOATS:
            more = [0.03, -0.3, 1.0625, 2.125, 3.4375, -5.0, 7.75, 15.75, 29.0, -31.0, 60.0, 232.0, 248.0, 250.0, 440.0, 464.0, 465.0,
                    -480.0, 61440.0, 60000.0, 1e-4, -2.0 ** -10, 3 * 2.0 ** -10, 2.0 ** -17, 3 * 2.0 ** -18]
            with np.errstate(all="ignore"):
                x = ew.round_to(np.concatenate([x.x.astype(np.float64), more]), s)
        outs = {"to_" + d: converted(x, d) for d in NARROW}
        spread(f, "narrow_" + s, {"x": x}, outs, ["%%%s = convert %%x {dtype = %s}" % (k, k[3:]) for k in outs])
    # once, not twice: a little more than half-way, which f32 cannot tell from half-way
    for t in FORMATS:
        v = finite(t)
        x = T(np.array([(a + b) / 2 * s for a, b in zip(v[1:], v[2:]) for s in (1 - 2.0 ** -40, 1.0, 1 + 2.0 ** -40)]), "f64")
        spread(f, "once_" + t, {"x": x}, {"y": narrow(x.x, t)}, "%%y = convert %%x {dtype = %s}" % t)
    return f


def converted(x, d):
    if d in NARROW:
        v = x.x.astype(np.float64) if x.dtype in FLOATS or x.dtype in FORMATS else x.x.astype(object)
        if d in FORMATS and v.dtype == object:
            v = v.astype(np.float64)
        if x.dtype == "bool":
            v = x.x.astype(int).astype(object) if d in RANGE else x.x.astype(np.float64)
        return narrow(v, d)
    if d == "bool":
        return T(x.x != 0, d)
    if d in FLOATS:
        return ew.round_to(x.x.astype(np.float64), d)
    lo, hi = ew.limits(d)
    if x.dtype in FORMATS:
        return T(np.array([0 if math.isnan(v) else lo if v <= lo else hi if v >= hi else int(v) for v in x.x], object).astype(DTYPES[d]), d)
    return T(np.array([int(v) % (hi - lo + 1) if not lo else (int(v) - lo) % (hi - lo + 1) + lo for v in x.x], object).astype(DTYPES[d]), d)


def small(t, shape, seed):
    """Small whole numbers, so that sums of products are exact."""
    lo, hi = RANGE.get(t, (-2, 3))
    n = int(np.prod(shape))
    x = (np.arange(n) * 7 + seed) % 11 % (hi - lo + 1) + lo
    return N(x.reshape(shape), t)


def others():
    f = File("Contractions, reductions, moves and the like of the narrow types: f8 accumulates in f32, integers wrap.")
    for t in NARROW:
        a, b = small(t, (5, 19), 1), small(t, (19, 6), 3)
        f.case("dot_" + t, {"a": a, "b": b}, {"y": narrow(exactly(a.x @ b.x, t), t)}, "%y = dot_general %a, %b {lhs_contract = [1], rhs_contract = [0]}",
               {"a": ["N", 19]}, {"y": ["N", 6]})
        x, k = small(t, (2, 7, 6, 3), 2), small(t, (3, 2, 3, 4), 5)
        y = np.zeros((2, 5, 5, 4), x.x.dtype)
        for i in range(3):
            for j in range(2):
                y += np.einsum("nhwc,co->nhwo", x.x[:, i:i + 5, j:j + 5], k.x[i, j])
        f.case("conv_" + t, {"x": x, "k": k}, {"y": narrow(exactly(y, t), t)}, "%y = conv2d %x, %k {padding = valid}")
        x = small(t, (4, 23), 4)
        outs = {"sum": narrow(exactly(x.x.sum(1), t), t), "col": narrow(exactly(x.x.sum(0), t), t), "max": N(x.x.max(1), t), "min": N(x.x.min(0), t)}
        f.case("reduce_" + t, {"x": x}, outs, ["%sum = reduce_sum %x {dims = [1]}", "%col = reduce_sum %x {dims = [0]}",
                                              "%max = reduce_max %x {dims = [1]}", "%min = reduce_min %x {dims = [0]}"],
               {"x": ["N", 23]}, {"sum": ["N"], "max": ["N"]})
        at = T(np.array([3, 0, 2], np.int32))
        order = np.sort(x.x, axis=1, kind="stable")
        low = np.argsort(-x.x, axis=1, kind="stable")[:, :3]
        outs = {"rows": N(x.x[at.x], t), "sorted": N(order, t), "most": N(np.take_along_axis(x.x, low, 1), t), "where": T(low.astype(np.int32)),
                "first": T(np.argmax(x.x, axis=1).astype(np.int64)), "scan": narrow(exactly(np.cumsum(x.x, axis=1), t), t) if t in RANGE else
                N(np.array(chained(x.x, t)), t)}
        f.case("pick_" + t, {"x": x, "at": at}, outs,
               ["%rows = take %x, %at {axis = 0}", "%sorted = sort %x {dim = 1, stable = true} (%p: T[], %q: T[]) {".replace("T", t),
                "  %c = compare %p, %q {dir = lt}", "  yield %c", "}", "%most, %where = top_k %x {axis = 1, k = 3}",
                "%first = argmax %x {axis = 1}", "%scan = cumsum %x {axis = 1}"])
        pads = np.pad(x.x, ((1, 0), (0, 2)), constant_values=1)
        outs = {"t": N(x.x.T.copy(), t), "r": N(x.x.reshape(2, 46), t), "p": N(pads, t), "c": N(np.concatenate([x.x, x.x[:2]]), t),
                "i": narrow(np.arange(9).astype(object if t in RANGE else np.float64), t)}
        f.case("move_" + t, {"x": x}, outs,
               ["%t = transpose %x {permutation = [1, 0]}", "%r = reshape %x {shape = [2, 46]}", "%%one = constant 1%s : %s[]" % ("" if t in RANGE else ".0", t),
                "%p = pad %x, %one {low = [1, 0], high = [0, 2]}", "%s = slice %x {start = [0, 0], limit = [2, 23]}",
                "%c = concatenate %x, %s {dim = 0}", "%%i = iota {dim = 0, dtype = %s, shape = [9]}" % t])
    return f


def exactly(x, t):
    return x.astype(object) if t in RANGE else x


def chained(x, t):
    out = np.zeros_like(x)
    for i, row in enumerate(x):
        s = 0.0
        for j, v in enumerate(row):
            s += v
            out[i, j] = to_narrow(s, t)
    return out


def bits_of(x):
    """The patterns of narrow integers, or of floats by their place among the values."""
    if x.dtype in RANGE:
        return [int(v) % (RANGE[x.dtype][1] - RANGE[x.dtype][0] + 1) for v in x.x.ravel()]
    sign = 1 << sum(FORMATS[x.dtype][:2])
    return [finite(x.dtype).index(abs(v)) + (sign if math.copysign(1, v) < 0 else 0) for v in x.x.ravel()]


def bitcast():
    f = File("Bits of the narrow types: several elements make a wider one, the first its lowest bits.")
    for t in NARROW:
        width = (RANGE[t][1] - RANGE[t][0] + 1).bit_length() - 1 if t in RANGE else int(t[1])
        x = N(np.resize(values(t, 8).x[:14], 24), t)
        x = N(np.where(np.isfinite(x.x), x.x, 1.0), t) if t in FORMATS else x
        raw = bits_of(x)
        same = {2: "u2", 4: "u4", 8: "u8"}.get(width)
        outs, body = {}, []
        if same:
            u = T(np.array(raw, np.uint8), same) if same == "u8" else N(raw, same)
            outs["same"], outs["back"] = u, x
            body += ["%%same = bitcast_convert %%x {dtype = %s}" % same, "%%back = bitcast_convert %%same {dtype = %s}" % t]
            for d in ("u8", "i8", "u16", "i32", "u64"):
                n = DTYPES[d](0).itemsize * 8 // width
                if n < 2 or 24 % n:
                    continue
                made = [sum(b << width * k for k, b in enumerate(raw[i:i + n])) for i in range(0, 24, n)]
                outs[d] = T(np.array(made, np.uint64).astype("u%d" % DTYPES[d](0).itemsize).view(DTYPES[d]), d)
                body += ["%%r_%s = reshape %%x {shape = [%d, %d]}" % (d, 24 // n, n), "%%%s = bitcast_convert %%r_%s {dtype = %s}" % (d, d, d),
                         "%%apart_%s = bitcast_convert %%%s {dtype = %s}" % (d, d, t)]
                outs["apart_" + d] = N(x.x.reshape(-1, n), t)
        else:
            outs["same"], body = x, ["%%same = bitcast_convert %%x {dtype = %s}" % t]
        f.case("bits_" + t, {"x": x}, outs, body)
    return f


FILES = {"narrow": elementwise, "narrow_convert": convert, "narrow_others": others, "narrow_bits": bitcast}
