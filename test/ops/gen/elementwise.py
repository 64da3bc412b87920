"""Cases of the elementwise ops, on all element types and with the values where things go wrong."""
import decimal
import math

import numpy as np

import orders
from emit import DTYPES, FLOATS, INTS, SINTS, UINTS, File, Hash, T

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e-3, 100.25, float("inf"), -float("inf"), float("nan")]
TINY = {"f16": 6e-8, "bf16": 1e-40, "f32": 1e-45, "f64": 5e-324}
HUGE = {"f16": 65504.0, "bf16": 3.3895313892515355e38, "f32": 3.4028234663852886e38, "f64": 1.7976931348623157e308}


def limits(t):
    i = np.iinfo(DTYPES[t])
    return int(i.min), int(i.max)


def values(t):
    if t == "bool":
        return T(np.array([False, True]), t)
    if t in FLOATS:
        v = SPECIAL + [TINY[t], -TINY[t], HUGE[t], -HUGE[t]]
        with np.errstate(all="ignore"):
            return round_to(np.array(v, np.float64), t)
    lo, hi = limits(t)
    v = [0, 1, 2, 3, 7, 13, hi, hi - 1, hi // 2] + ([-1, -2, -7, lo, lo + 1] if lo else [hi // 3])
    return T(np.array(v, dtype=object).astype(DTYPES[t]), t)


def round_to(x, t):
    """Rounded once from float64 or float32 to t."""
    with np.errstate(all="ignore"):
        if t == "bf16":
            x = np.asarray(x)
            if x.dtype == np.float64:               # to odd in float32 first, so that bf16 is rounded once
                x = odd32(x)
            return T(orders.to_bf16(x), t)
        return T(np.asarray(x).astype(DTYPES[t]), t)


def odd32(x):
    y = x.astype(np.float32)
    back = y.astype(np.float64)
    u = y.view(np.int32).copy()
    bump = (back != x) & np.isfinite(y) & ((u & 1) == 0)
    u = np.where(bump, np.where(np.abs(back) < np.abs(x), u + 1, u - 1), u).astype(np.int32)
    over = np.isinf(y) & np.isfinite(x)             # not out of range yet: the largest float32, which is odd
    u = np.where(over, np.where(x > 0, 0x7f7fffff, -0x800001), u).astype(np.int32)
    return u.view(np.float32)


def grid(t):
    v = values(t).x
    a, b = np.meshgrid(v, v, indexing="ij")
    return T(a.ravel(), t), T(b.ravel(), t)


def wide(x, t):
    return x.astype(np.float32) if t in ("f16", "bf16") else x


def ieee_min(a, b):
    m = np.where(a < b, a, b)
    m = np.where((a == b) & np.signbit(a), a, m)
    return np.where(np.isnan(a) | np.isnan(b), np.nan, m).astype(a.dtype)


def fmod(a, b):
    return np.fmod(a, b)


FLOAT_BINARY = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "rem": fmod,
                "min": ieee_min, "max": lambda a, b: -ieee_min(-a, -b)}


def int_binary(op, a, b, t):
    """On Python integers, then wrapped."""
    bits, (lo, _) = DTYPES[t](0).itemsize * 8, limits(t)
    out = []
    for x, y in zip(a.tolist(), b.tolist()):
        if op in ("shl", "shr_l", "shr_a"):
            n, u = y % (1 << bits), x % (1 << bits)
            signed = u - (1 << bits) if u >> (bits - 1) else u
            n = min(n, bits)
            r = u << n if op == "shl" else u >> n if op == "shr_l" else signed >> n
        elif op == "div":
            r = -1 if y == 0 else abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)
        elif op == "rem":
            r = x if y == 0 else abs(x) % abs(y) * (-1 if x < 0 else 1)
        elif op == "pow":
            r = pow(x, y, 1 << bits) if y >= 0 else 1 if x == 1 else (x if y % 2 else 1) if x == -1 else 0
        else:
            r = {"add": x + y, "sub": x - y, "mul": x * y, "min": min(x, y), "max": max(x, y), "and": x & y, "or": x | y,
                 "xor": x ^ y}[op]
        r %= 1 << bits
        out.append(r - (1 << bits) if lo and r >> (bits - 1) else r)
    return np.array(out, dtype=object).astype(DTYPES[t])


def binary():
    f = File("Elementwise ops of two operands: all of a type in one graph, on all pairs of special values.")
    for t in FLOATS:
        with np.errstate(all="ignore"):
            a, b = grid(t)
            together(f, t, a, b, {op: round_to(fn(wide(a.x, t), wide(b.x, t)), t) for op, fn in FLOAT_BINARY.items()}, ["N"])
    for t in INTS:
        a, b = grid(t)
        ops = ("add", "sub", "mul", "div", "rem", "pow", "min", "max", "and", "or", "xor", "shl", "shr_l", "shr_a")
        together(f, t, a, b, {op: T(int_binary(op, a.x, b.x, t), t) for op in ops})
    a, b = grid("bool")
    together(f, "bool", a, b, {op: T(fn(a.x, b.x), "bool") for op, fn in {
        "and": np.logical_and, "or": np.logical_or, "xor": np.logical_xor, "min": np.minimum, "max": np.maximum}.items()})
    for t in DTYPES:
        a, b = grid(t)
        outs = {d: T(fn(a.x, b.x), "bool") for d, fn in {"eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal,
                                                        "gt": np.greater, "ge": np.greater_equal}.items()}
        f.case("compare_" + t, {"a": a, "b": b}, outs, ["%%%s = compare %%a, %%b {dir = %s}" % (d, d) for d in outs])
    for t in ("f16", "f32", "f64"):
        a, b = grid(t)
        x, y = total_order(a.x), total_order(b.x)
        outs = {d: T(fn(x, y), "bool") for d, fn in {"eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal,
                                                    "gt": np.greater, "ge": np.greater_equal}.items()}
        f.case("compare_total_" + t, {"a": a, "b": b}, outs, ["%%%s = compare %%a, %%b {dir = %s, total = true}" % (d, d) for d in outs])
    return f


def total_order(x):
    """Floats as integers in the order of their bits."""
    i = x.view("i%d" % x.itemsize)
    return np.where(i < 0, i ^ np.iinfo(i.dtype).max, i)


def together(f, t, a, b, outs, dims=None):
    f.case("binary_" + t, {"a": a, "b": b}, outs, ["%%%s = %s %%a, %%b" % (op, op) for op in outs],
           {"a": dims, "b": dims} if dims else None, {op: dims for op in outs} if dims else None)


def unary():
    f = File("Elementwise ops of one operand, select and clamp.")
    exact = {"abs": np.abs, "neg": np.negative, "floor": np.floor, "ceil": np.ceil, "round_nearest_even": np.rint,
             "sqrt": np.sqrt, "sign": lambda x: np.where(np.isnan(x), x, np.where(x == 0, x, np.sign(x)))}
    for t in FLOATS:
        v = values(t).x
        x = T(np.concatenate([v, np.arange(-4.5, 5, 0.5).astype(v.dtype)]), t)
        for op, fn in exact.items():
            with np.errstate(all="ignore"):
                y = round_to(fn(wide(x.x, t)), t)
            f.case("%s_%s" % (op, t), {"x": x}, {"y": y}, "%%y = %s %%x" % op, {"x": ["N"]}, {"y": ["N"]})
    for t in INTS:
        x = values(t)
        bits = x.x.itemsize * 8
        ops = {"neg": lambda v: -v, "not": lambda v: ~v}
        if t in SINTS:
            ops.update({"abs": abs, "sign": lambda v: (v > 0) - (v < 0)})
        for op, fn in ops.items():
            r = [fn(v) % (1 << bits) for v in x.x.tolist()]
            y = np.array([v - (1 << bits) if t in SINTS and v >> (bits - 1) else v for v in r], object).astype(DTYPES[t])
            f.case("%s_%s" % (op, t), {"x": x}, {"y": T(y, t)}, "%%y = %s %%x" % op)
    x = values("bool")
    f.case("not_bool", {"x": x}, {"y": T(~x.x, "bool")}, "%y = not %x")

    p = T(np.array([True, False, True, False, True]))
    for t in DTYPES:
        v = values(t).x
        a, b = T(np.resize(v, 5), t), T(np.resize(v[::-1], 5), t)
        f.case("select_%s" % t, {"p": p, "a": a, "b": b}, {"y": T(np.where(p.x, a.x, b.x), t)}, "%y = select %p, %a, %b",
               {"p": ["N"], "a": ["N"], "b": ["N"]}, {"y": ["N"]})
    x = T(np.array([-5.0, -1.0, -0.0, 0.25, 7.0, np.nan, np.inf], np.float32))
    lo, hi = T(np.full(7, -1, np.float32)), T(np.full(7, 2, np.float32))
    f.case("clamp_f32", {"lo": lo, "x": x, "hi": hi}, {"y": T(np.array([-1, -1, -0.0, 0.25, 2, np.nan, 2], np.float32))},
           "%y = clamp %lo, %x, %hi")
    for t in INTS + FLOATS:
        # Every value between two others, in or out of order: the upper bound wins.
        x = values(t)
        lo, hi = (T(np.roll(x.x, k), t) for k in (3, 5))
        if t in FLOATS:
            y = round_to(ieee_min(-ieee_min(*(-v.x.astype(np.float64) for v in (lo, x))), hi.x.astype(np.float64)), t)
        else:
            y = T(np.minimum(np.maximum(x.x, lo.x), hi.x), t)
        f.case("clamp_all_" + t, {"lo": lo, "x": x, "hi": hi}, {"y": y}, "%y = clamp %lo, %x, %hi")
    f.case("clamp_i8", {"lo": T(np.array([-3] * 4, np.int8)), "x": T(np.array([-128, -3, 0, 127], np.int8)),
                        "hi": T(np.array([5] * 4, np.int8))}, {"y": T(np.array([-3, -3, 0, 5], np.int8))},
           "%y = clamp %lo, %x, %hi")
    f.case("abs_empty", {"x": T(np.zeros((0, 3), np.float32))}, {"y": T(np.zeros((0, 3), np.float32))}, "%y = abs %x",
           {"x": ["N", 3]}, {"y": ["N", 3]})
    f.case("neg_rank0", {"x": T(np.float32(0.0))}, {"y": T(np.float32(-0.0))}, "%y = neg %x")
    return f


def convert():
    f = File("Conversions between all element types.")
    for s in DTYPES:
        x = values(s)
        outs = {"to_" + d: converted(x, d) for d in DTYPES}
        f.case("convert_" + s, {"x": x}, outs, ["%%to_%s = convert %%x {dtype = %s}" % (d, d) for d in DTYPES], {"x": ["N"]},
               {k: ["N"] for k in outs})
    return f


def converted(x, d):
    v, s = x.x, x.dtype
    if d == "bool":
        return T(v != 0, d)
    if d in FLOATS:
        if s in INTS and v.dtype.itemsize == 8:     # numpy rounds i64 -> f16 once too, by way of exact integers
            return T(np.array([int_to_float(int(i), d) for i in v]), d)
        return round_to(v.astype(np.float64), d)
    lo, hi = limits(d)
    if s in FLOATS:
        return T(np.array([0 if math.isnan(i) else lo if i <= lo else hi if i >= hi else int(i)
                           for i in v.astype(np.float64).tolist()], object).astype(DTYPES[d]), d)
    bits = DTYPES[d](0).itemsize * 8
    r = [int(i) % (1 << bits) for i in v.tolist()]
    return T(np.array([i - (1 << bits) if lo and i >> (bits - 1) else i for i in r], object).astype(DTYPES[d]), d)


def int_to_float(i, d):
    """Rounded once, ties to even, on integers."""
    digits = {"f16": 11, "bf16": 8, "f32": 24, "f64": 53}[d]
    n, shift = abs(i), max(0, abs(i).bit_length() - digits)
    q, r = n >> shift, n & ((1 << shift) - 1)
    half = (1 << shift) >> 1
    q += shift > 0 and (r > half or (r == half and q & 1))
    x = float(q) * 2.0 ** shift * (-1 if i < 0 else 1)
    return math.copysign(math.inf, x) if d == "f16" and abs(x) > 65504 else x


def rounded(fn, x, t):
    """fn evaluated in double (or better), rounded to t: within one unit of the exact value."""
    with np.errstate(all="ignore"):
        return round_to(np.array([fn(float(v)) for v in x], np.float64), t)


def safe(fn, over=math.inf):
    def call(v):
        try:
            return fn(v)
        except OverflowError:
            return over
        except ValueError:
            return math.nan
    return call


def elementary():
    f = File("Elementary functions: a few values each; their accuracy as such is measured against MPFR.")
    functions = {
        "exp": safe(math.exp), "exp2": safe(lambda w: 2.0 ** w), "expm1": safe(math.expm1), "tanh": math.tanh, "erf": math.erf,
        "log": lambda v: -math.inf if v == 0 else safe(math.log)(v),
        "log1p": lambda v: -math.inf if v == -1 else safe(math.log1p)(v),
        "rsqrt": lambda v: math.copysign(math.inf, v) if v == 0 else safe(lambda w: 1 / math.sqrt(w))(v),
        "logistic": lambda v: safe(lambda w: 1 / (1 + math.exp(-w)), 0.0)(v),
    }
    points = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.75, -3.25, 1e-3, -1e-3, 10.5, -10.5, 40.0, -40.0, math.inf, -math.inf,
              math.nan]
    for t in FLOATS:
        x = round_to(np.array(points), t)
        for op, fn in functions.items():
            y = rounded(fn, x.x, t)
            f.case("%s_%s" % (op, t), {"x": x}, {"y": y}, "%%y = %s %%x" % op, {"x": ["N"]}, {"y": ["N"]},
                   ulp=4 if t in ("f32", "f64") else 1)
        a = round_to(np.array([2.0, 2.0, 0.5, 10.0, -2.0, -2.0, -2.0, 0.0, 0.0, 1.0, math.inf, 0.5, 3.7, 0.0, -0.0, math.nan]), t)
        b = round_to(np.array([3.0, -1.0, 0.5, -2.0, 3.0, 2.0, 0.5, 2.0, -1.0, math.nan, -1.0, math.inf, 2.3, 0.0, 3.0, 0.0]), t)
        with np.errstate(all="ignore"):
            y = round_to(np.power(a.x.astype(np.float64), b.x.astype(np.float64)), t)
        f.case("pow_%s" % t, {"a": a, "b": b}, {"y": y}, "%y = pow %a, %b", ulp=4 if t in ("f32", "f64") else 1)
    return f


def digamma(x):
    """Recurrence upwards, then the asymptotic series, in 50 digits; the exact value of the argument counts."""
    if math.isinf(x):
        return x if x > 0 else math.nan
    if x == 0:
        return -math.copysign(math.inf, x)
    if math.isnan(x) or (x < 0 and x == math.floor(x)):
        return math.nan
    with decimal.localcontext() as ctx:
        ctx.prec = 50
        d, total = decimal.Decimal(x), decimal.Decimal(0)
        while d < 40:
            total -= 1 / d
            d += 1
        total += d.ln() - 1 / (2 * d)
        for k, b in enumerate([(1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6), (-3617, 510)], 1):
            total -= decimal.Decimal(b[0]) / b[1] / (2 * k) / d ** (2 * k)
        return float(total)


def lgamma(x):
    """Recurrence upwards, then Stirling's series, in 50 digits; |Gamma| of the factors that are passed."""
    if math.isnan(x) or math.isinf(x):
        return abs(x)
    if x in (1, 2) or (x <= 0 and x == math.floor(x)):
        return 0.0 if x > 0 else math.inf
    with decimal.localcontext() as ctx:
        ctx.prec = 50
        d, factors = decimal.Decimal(x), decimal.Decimal(1)
        while d < 40:
            factors *= abs(d)
            d += 1
        pi = decimal.Decimal("3.14159265358979323846264338327950288419716939937510582097494")
        total = (d - decimal.Decimal("0.5")) * d.ln() - d + (2 * pi).ln() / 2
        for k, b in enumerate([(1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6), (-3617, 510)], 1):
            total += decimal.Decimal(b[0]) / b[1] / (2 * k * (2 * k - 1)) / d ** (2 * k - 1)
        return float(total - factors.ln())


def erf_inv(x):
    """Newton's method on erf's series, in 60 digits."""
    if x == 0 or math.isnan(x) or abs(x) > 1:
        return x if x == 0 else math.nan
    if abs(x) == 1:
        return math.copysign(math.inf, x)
    with decimal.localcontext() as ctx:
        ctx.prec = 60
        want, y = decimal.Decimal(abs(x)), decimal.Decimal(1) if abs(x) > 0.5 else decimal.Decimal(abs(x))
        pi = decimal.Decimal("3.14159265358979323846264338327950288419716939937510582097494")
        for _ in range(60):
            term, total, k = y, y, 0
            while abs(term) > decimal.Decimal(10) ** -58 * abs(total):
                k += 1
                term *= -y * y / k
                total += term / (2 * k + 1)
            y += (want - total * 2 / pi.sqrt()) * pi.sqrt() / 2 * (y * y).exp()
        return math.copysign(float(y), x)


def odd_root(x):
    """The cube root, corrected with exact arithmetic."""
    if x == 0 or not math.isfinite(x):
        return x
    with decimal.localcontext() as ctx:
        ctx.prec = 40
        return math.copysign(float((decimal.Decimal(abs(x)).ln() / 3).exp()), x)


def special_functions():
    f = File("Trigonometric, hyperbolic and other functions: a few values each; their accuracy as such is measured against MPFR.")
    functions = {
        "sin": safe(math.sin), "cos": safe(math.cos), "tan": safe(math.tan), "asin": safe(math.asin), "acos": safe(math.acos),
        "atan": math.atan, "cosh": safe(math.cosh), "asinh": math.asinh, "acosh": safe(math.acosh),
        "sinh": lambda v: safe(math.sinh, math.copysign(math.inf, v))(v), "cbrt": odd_root,
        "atanh": lambda v: math.copysign(math.inf, v) if abs(v) == 1 else safe(math.atanh)(v),
        "lgamma": lgamma, "digamma": digamma, "erf_inv": erf_inv, "erfc": math.erfc,
    }
    points = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 0.96875, -0.875, 2.75, -3.25, 1e-3, -1e-3, 10.5, -10.5, 40.0, -40.0, 2.0, 1.25,
              math.inf, -math.inf, math.nan]
    for t in FLOATS:
        for op, fn in functions.items():
            more = [] if op == "digamma" else [TINY[t], -TINY[t], HUGE[t], -HUGE[t]]
            x = round_to(np.array(points + more), t)
            f.case("%s_%s" % (op, t), {"x": x}, {"y": rounded(fn, x.x, t)}, "%%y = %s %%x" % op, {"x": ["N"]}, {"y": ["N"]},
                   ulp=4 if t in ("f32", "f64") else 1)
        a, b = grid(t)
        y = round_to(np.array([math.atan2(float(p), float(q)) for p, q in zip(a.x, b.x)]), t)
        f.case("atan2_%s" % t, {"y": a, "x": b}, {"r": y}, "%r = atan2 %y, %x", {"y": ["N"], "x": ["N"]}, {"r": ["N"]},
               ulp=4 if t in ("f32", "f64") else 1)
    none = T(np.zeros((0, 3), np.float32))
    f.case("functions_empty", {"x": none}, {"s": none, "l": none, "a": none},
           ["%s = sin %x", "%l = lgamma %x", "%a = atan2 %s, %l"], {"x": ["N", 3]}, {k: ["N", 3] for k in "sla"})
    f.case("functions_rank0", {"x": T(np.float32(0.5))}, {"s": T(np.float32(math.sin(0.5))), "l": T(np.float32(lgamma(0.5)))},
           ["%s = sin %x", "%l = lgamma %x"], ulp=4)
    # huge angles in some lanes only, in a fusion
    x = Hash("f32", (3, 43), 5)
    with np.errstate(all="ignore"):
        big = np.where(x.x > 0.5, x.x * np.float32(1e30), x.x).astype(np.float32)
        y = T(np.array([math.sin(float(v)) + math.cos(float(v)) for v in big.ravel()]).reshape(3, 43).astype(np.float32))
    f.case("angles_mixed", {"x": x}, {"y": y},
           ["%h = constant splat 0.5 : f32[3, 43]", "%g = constant splat 1e30 : f32[3, 43]", "%p = compare %x, %h {dir = gt}",
            "%m = mul %x, %g", "%b = select %p, %m, %x", "%s = sin %b", "%c = cos %b", "%y = add %s, %c"], eps=4)
    return f


FILES = {"special": special_functions, "binary": binary, "unary": unary, "convert": convert, "elementary": elementary}
