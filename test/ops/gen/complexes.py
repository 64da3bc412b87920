"""Cases with complex numbers.  Wanted values are numpy's in extended precision, rounded once for each part; where numpy leaves
C99's Annex G (division), its rules are applied here."""
import math

import numpy as np

from emit import COMPLEX, File, T

PART = {"c64": np.float32, "c128": np.float64}
INF, NAN = math.inf, math.nan


def numbers(t, shape, seed, scale=1.0):
    r = np.random.RandomState(seed)
    return T(((r.standard_normal(shape) + 1j * r.standard_normal(shape)) * scale).astype(COMPLEX[t]), t)


def points(parts, t):
    """All numbers with these parts."""
    re, im = np.meshgrid(np.array(parts, PART[t]), np.array(parts, PART[t]), indexing="ij")
    z = np.empty(re.size, COMPLEX[t])
    z.real, z.imag = re.ravel(), im.ravel()
    return z


def rounded(z, t):
    """From extended precision, part by part."""
    z = np.asarray(z)
    if not np.iscomplexobj(z):
        return T(z.astype(PART[t]))
    out = np.empty(z.shape, COMPLEX[t])
    with np.errstate(all="ignore"):
        out.real, out.imag = z.real.astype(PART[t]), z.imag.astype(PART[t])
    return T(out, t)


def logistic(z):
    w = np.exp(-np.abs(z.real) - 1j * np.where(z.real < 0, -z.imag, z.imag))
    return np.where(z.real < 0, w, 1) / (1 + w)


def log1p(z):
    x, y = z.real, z.imag
    small = np.log1p(x * (2 + x) + y * y) / 2
    return np.where(np.abs(z) < 0.5, small, np.log(np.abs(1 + z))) + 1j * np.arctan2(y, 1 + x)


def expm1(z):
    return (np.expm1(z.real) * np.cos(z.imag) - 2 * np.sin(z.imag / 2) ** 2) + 1j * np.exp(z.real) * np.sin(z.imag)


def cbrt(z):
    return np.cbrt(np.abs(z)) * np.exp(1j * np.angle(z) / np.longdouble(3))


UNARY = {"sqrt": np.sqrt, "rsqrt": lambda z: 1 / np.sqrt(z), "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "tan": np.tan,
         "tanh": np.tanh, "abs": np.abs, "sign": lambda z: z / np.abs(z), "neg": np.negative, "logistic": logistic, "log1p": log1p,
         "expm1": expm1, "cbrt": cbrt, "sinh": np.sinh, "cosh": np.cosh, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
         "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh, "real": np.real, "imag": np.imag}


def divide(z, w):
    """C99, G.5.1: where both parts are NaN, infinities are looked for."""
    a, b, c, d = z.real, z.imag, w.real, w.imag
    with np.errstate(all="ignore"):
        p, q, r, s = map(np.longdouble, (a, b, c, d))
        norm = r * r + s * s
        x, y = (p * r + q * s) / norm, (q * r - p * s) / norm

    def unit(v):
        return math.copysign(1.0 if math.isinf(v) else 0.0, v)
    if not (np.isnan(x) and np.isnan(y)):
        return complex(x, y)
    if c == 0 and d == 0:
        return complex(math.copysign(INF, c) * a, math.copysign(INF, c) * b)
    if (math.isinf(a) or math.isinf(b)) and math.isfinite(c) and math.isfinite(d):
        a, b = unit(a), unit(b)
        return complex(INF * (a * c + b * d), INF * (b * c - a * d))
    if (math.isinf(c) or math.isinf(d)) and math.isfinite(a) and math.isfinite(b):
        c, d = unit(c), unit(d)
        return complex(0.0 * (a * c + b * d), 0.0 * (b * c - a * d))
    return complex(NAN, NAN)


def all_unary(f, t):
    z = np.concatenate([numbers(t, (20,), 1).x, numbers(t, (10,), 2, 8.0).x, numbers(t, (6,), 3, 1e-3).x,
                        np.array([1, -1, 1j, -1j, 0.6 + 0.8j, -0.5 + 1e-3j, 1e-9 + 2e-9j, 0.25 - 3j], COMPLEX[t])])
    wide = z.astype(np.clongdouble)
    for op, fn in UNARY.items():
        exact = op in ("neg", "real", "imag")
        with np.errstate(all="ignore"):
            want = rounded(fn(wide), t)
        f.case("%s_%s" % (op, t), {"z": T(z, t)}, {"r": want}, "%%r = %s %%z" % op, {"z": ["N"]}, {"r": ["N"]},
               ulp=None if exact else 1 if t == "c64" else None, eps=None if exact or t == "c64" else 8)


def binary(f, t):
    z, w = numbers(t, (3, 20), 4).x, numbers(t, (3, 20), 5).x
    with np.errstate(all="ignore"):
        plain = {"add": z + w, "sub": z - w}
        a, b, c, d = z.real, z.imag, w.real, w.imag
        product = np.empty_like(z)
        product.real, product.imag = a * c - b * d, a * d + b * c
        wide = z.astype(np.clongdouble)
        f.case("arithmetic_" + t, {"z": T(z, t), "w": T(w, t)},
               {**{k: T(v, t) for k, v in plain.items()}, "mul": T(product, t), "eq": T(z == w), "ne": T(z != w),
                "made": T(z, t), "picked": T(np.where(z.real < w.real, z, w), t)},
               ["%add = add %z, %w", "%sub = sub %z, %w", "%mul = mul %z, %w", "%eq = compare %z, %w {dir = eq}",
                "%ne = compare %z, %w {dir = ne}", "%x = real %z", "%y = imag %z", "%made = complex %x, %y", "%wx = real %w",
                "%p = compare %x, %wx {dir = lt}", "%picked = select %p, %z, %w"],
               {"z": ["N", 20], "w": ["N", 20]}, {k: ["N", 20] for k in ("add", "sub", "mul", "eq", "ne", "made", "picked")})
        f.case("div_" + t, {"z": T(z, t), "w": T(w, t)}, {"q": rounded(wide / w, t)}, "%q = div %z, %w", ulp=1 if t == "c64" else None,
               eps=None if t == "c64" else 8)
        f.case("pow_" + t, {"z": T(z, t), "w": T(w, t)}, {"q": rounded(wide ** w, t)}, "%q = pow %z, %w", eps=4 if t == "c64" else 64)
    # far from 1: no overflow, nothing vanishes on the way
    far = [1e-30, 3e-38, 1e38, 2e30] if t == "c64" else [1e-300, 3e-308, 1e308, 2e200, 5e-324]
    z, w = points(far, t), points(far, t)[::-1].copy()
    with np.errstate(all="ignore"):
        wide = z.astype(np.clongdouble)
        f.case("far_" + t, {"z": T(z, t), "w": T(w, t)},
               {"abs": rounded(np.abs(wide), t), "sqrt": rounded(np.sqrt(wide), t), "log": rounded(np.log(wide), t),
                "div": rounded(wide / w, t)},
               ["%abs = abs %z", "%sqrt = sqrt %z", "%log = log %z", "%div = div %z, %w"], ulp=4)
        f.case("by_itself_" + t, {"z": T(z, t)}, {"q": T(np.ones_like(z), t)}, "%q = div %z, %z", eps=4)


def special(f, t):
    """Zeros, infinities, NaN."""
    z = points([0.0, -0.0, 1.0, -2.5, INF, -INF, NAN], t)
    # Where both parts are no numbers, C99 leaves a sign of these open.
    known = z[np.isfinite(z.real) | np.isfinite(z.imag)]
    for name, at, ops in (("special", z, ("abs", "sqrt", "log", "exp", "tan", "tanh", "asin", "acos", "atan", "asinh", "acosh", "atanh")),
                          ("special_waves", known, ("sin", "cos", "sinh", "cosh"))):
        with np.errstate(all="ignore"):
            rows = {op: rounded(UNARY[op](at.astype(np.clongdouble)), t) for op in ops}
        f.case("%s_%s" % (name, t), {"z": T(at, t)}, rows, ["%%%s = %s %%z" % (op, op) for op in rows], {"z": ["N"]},
               {op: ["N"] for op in rows}, ulp=4)
    # a large real part and an imaginary one that is no number
    far = points([30.0, -1e5, INF], t)
    far.imag = np.where(far.imag > 0, INF, NAN)
    with np.errstate(all="ignore"):
        f.case("tanh_far_" + t, {"z": T(far, t)}, {"r": rounded(np.tanh(far.astype(np.clongdouble)), t)}, "%r = tanh %z", {"z": ["N"]}, {"r": ["N"]})
    # next to poles and branch points, and where only a scaled number has a square
    low, high = (1e-45, 3e38) if t == "c64" else (5e-324, 1.7e308)
    thin = points([1.0, low, 1e-20, -1.0, high, -high], t)
    thin = np.concatenate([thin[thin.imag != 0], np.array([1e-10 + low * 1j, high + 1e-5j, 1 + 1e-30j], COMPLEX[t])])
    rows = ("asin", "acos", "acosh", "atan", "atanh", "asinh", "rsqrt", "cbrt", "sqrt", "log")
    with np.errstate(all="ignore"):
        wide = {op: rounded(UNARY[op](thin.astype(np.clongdouble)), t) for op in rows}
    f.case("thin_" + t, {"z": T(thin, t)}, wide, ["%%%s = %s %%z" % (op, op) for op in rows], {"z": ["N"]}, {op: ["N"] for op in rows}, ulp=4)
    w = points([0.0, -0.0, 1.0, -2.5, INF, NAN], t)
    a, b = (x.ravel() for x in np.meshgrid(z, w, indexing="ij"))
    q = np.array([divide(complex(u), complex(v)) for u, v in zip(a, b)])
    f.case("special_div_" + t, {"z": T(a, t), "w": T(b, t)}, {"q": T(q.astype(COMPLEX[t]), t)}, "%q = div %z, %w", ulp=1)


def convert(f, t):
    z = numbers(t, (2, 7), 6, 10.0).x
    other = "c128" if t == "c64" else "c64"
    with np.errstate(all="ignore"):
        outs = {"other": T(z.astype(COMPLEX[other]), other), "f32": T(z.real.astype(np.float32)), "i32": T(z.real.astype(np.int32)),
                "bool": T(z != 0), "back": T(z.real.astype(PART[t]).astype(COMPLEX[t]), t)}
    f.case("convert_" + t, {"z": T(z, t)}, outs,
           ["%%other = convert %%z {dtype = %s}" % other, "%f32 = convert %z {dtype = f32}", "%i32 = convert %z {dtype = i32}",
            "%bool = convert %z {dtype = bool}", "%x = real %z", "%%back = convert %%x {dtype = %s}" % t],
           {"z": ["N", 7]}, {k: ["N", 7] for k in outs})
    if t == "c128":   # a rounding in between stays, also where C compilers look for vectors
        narrow = (-z).astype(np.complex64)
        f.case("narrowed", {"z": T(z, t)}, {"y": T(narrow), "w": T(narrow.astype(np.complex128))},
               ["%n = neg %z", "%y = convert %n {dtype = c64}", "%w = convert %y {dtype = c128}"], {"z": ["N", 7]}, {"y": ["N", 7], "w": ["N", 7]})
    bits = np.uint32 if t == "c64" else np.uint64
    u = z.view(bits).reshape(2, 7, 2)
    outs = {"u": T(u), "z2": T(z, t), "b": T(z.view(np.uint8).reshape(2, 7, -1)), "again": T(z, t)}
    f.case("bits_" + t, {"z": T(z, t)}, outs,
           ["%%u = bitcast_convert %%z {dtype = u%d}" % (32 if t == "c64" else 64), "%%z2 = bitcast_convert %%u {dtype = %s}" % t,
            "%n = neg %z", "%m = neg %n", "%b = bitcast_convert %m {dtype = u8}", "%%again = bitcast_convert %%b {dtype = %s}" % t],
           {"z": ["N", 7]}, {"u": ["N", 7, 2], "z2": ["N", 7], "b": ["N", 7, 8 if t == "c64" else 16], "again": ["N", 7]})


def move(f, t):
    z, w = numbers(t, (3, 4), 7).x, numbers(t, (3, 4), 8).x
    k = COMPLEX[t](2 - 3j)
    padded = np.full((4, 7), k, COMPLEX[t])
    padded[1:4, 0:7:2] = z
    outs = {"t": z.T, "s": z[:, 1:4:2], "r": z[::-1], "c": np.concatenate([z, w], 1), "p": padded, "b": np.stack([z, z], 1),
            "f": z.reshape(12), "g": z[[2, 0]], "d": z[1:3, 1:3], "n": np.arange(4).astype(COMPLEX[t])}
    up = z.copy()
    up[1:3, 1:3] = w[:2, :2]
    outs["u"] = up
    f.case("move_" + t, {"z": T(z, t), "w": T(w, t), "i": T(np.array([2, 0], np.int32)), "one": T(np.int32(1))},
           {n: T(np.ascontiguousarray(v), t) for n, v in outs.items()},
           ["%t = transpose %z {permutation = [1, 0]}", "%s = slice %z {start = [0, 1], limit = [3, 4], strides = [1, 2]}",
            "%r = reverse %z {dims = [0]}", "%c = concatenate %z, %w {dim = 1}", "%%k = constant (2.0, -3.0) : %s[]" % t,
            "%p = pad %z, %k {low = [1, 0], high = [0, 0], interior = [0, 1]}",
            "%b = broadcast_in_dim %z {shape = [3, 2, 4], dims = [0, 2]}", "%f = reshape %z {shape = [12]}", "%g = take %z, %i",
            "%d = dynamic_slice %z, %one, %one {sizes = [2, 2]}", "%n = iota {dim = 0, dtype = " + t + ", shape = [4]}",
            "%ww = slice %w {start = [0, 0], limit = [2, 2]}", "%u = dynamic_update_slice %z, %ww, %one, %one"])


def products(f, t):
    z, w = numbers(t, (5, 7), 9).x, numbers(t, (7, 6), 10).x
    wide = z.astype(np.complex128) @ w.astype(np.complex128)
    f.case("matmul_" + t, {"z": T(z, t), "w": T(w, t)}, {"y": T(wide.astype(COMPLEX[t]), t)}, "%y = matmul %z, %w",
           {"z": ["N", 7]}, {"y": ["N", 6]}, eps=16)
    x, k = numbers(t, (2, 8, 3), 11).x, numbers(t, (3, 3, 4), 12).x
    y = sum(np.einsum("nwc,cf->nwf", x[:, i:i + 6].astype(np.complex128), k[i].astype(np.complex128)) for i in range(3))
    f.case("conv_" + t, {"x": T(x, t), "k": T(k, t)}, {"y": T(y.astype(COMPLEX[t]), t)},
           "%y = conv_general %x, %k {lhs_spec = [0, 2, 1], rhs_spec = [2, 1, 0], out_spec = [0, 2, 1]}", {"x": ["N", 8, 3]},
           {"y": ["N", 6, 4]}, eps=32)


def steps(f, t):
    """Reductions, windows, scans, scatter, sort, control flow, calls."""
    z, w = numbers(t, (4, 6), 13).x, numbers(t, (3, 6), 14).x
    wide = z.astype(np.complex128)
    window = np.stack([wide[:, i] + wide[:, i + 1] + wide[:, i + 2] for i in range(0, 4)], 1)
    f.case("sums_" + t, {"z": T(z, t)},
           {n: T(v.astype(COMPLEX[t]), t) for n, v in (
               ("sum", wide.sum(1)), ("prod", wide.prod(0)), ("mean", wide.mean(0)), ("steps", wide.cumsum(1)), ("powers", wide.cumprod(0)),
               ("window", window))},
           ["%sum = reduce_sum %z {dims = [1]}", "%prod = reduce_prod %z {dims = [0]}", "%mean = mean %z {dims = [0]}",
            "%steps = cumsum %z {axis = 1}", "%powers = cumprod %z {axis = 0}", "%%none = constant 0.0 : %s[]" % t,
            "%%window = reduce_window %%z, %%none {window = [1, 3]} (%%a: %s[], %%b: %s[]) {" % (t, t), "  %c = add %a, %b", "  yield %c",
            "}"], eps=16)
    # a body that neither adds nor multiplies: the number with the largest absolute value, and where it was
    best = np.argmax(np.abs(z), 0)
    f.case("body_" + t, {"z": T(z, t)}, {"m": T(z[best, np.arange(6)], t), "i": T(best.astype(np.int32))},
           ["%n = iota {dim = 0, dtype = i32, shape = [4, 6]}", "%%zero = constant 0.0 : %s[]" % t, "%first = constant 0 : i32[]",
            "%%m, %%i = reduce %%z, %%n, %%zero, %%first {dims = [0]} (%%a: %s[], %%k: i32[], %%b: %s[], %%l: i32[]) {" % (t, t),
            "  %x = abs %a", "  %y = abs %b", "  %p = compare %y, %x {dir = gt}", "  %c = select %p, %b, %a",
            "  %j = select %p, %l, %k", "  yield %c, %j", "}"])
    at = np.array([[2], [0], [2]], np.int32)
    added, multiplied, written = wide.copy(), wide.copy(), z.copy()
    for k, i in enumerate(at[:, 0]):
        added[i] += w[k]
        multiplied[i] *= w[k]
        written[i] = w[k]
    spec = "{update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1}"
    body = ["(%%a: %s[], %%b: %s[]) {" % (t, t)]
    lines = []
    for name, op in (("added", "add"), ("multiplied", "mul"), ("written", None)):
        lines += ["%%%s = scatter %%z, %%i, %%w %s %s" % (name, spec, body[0])]
        lines += ["  %%c = %s %%a, %%b" % op, "  yield %c", "}"] if op else ["  yield %b", "}"]
    f.case("scatter_" + t, {"z": T(z, t), "i": T(at), "w": T(w, t)},
           {"added": T(added.astype(COMPLEX[t]), t), "multiplied": T(multiplied.astype(COMPLEX[t]), t), "written": T(written, t)}, lines,
           eps=8)
    order = np.lexsort((z.imag[0], np.round(z.real[0])))
    f.case("sort_" + t, {"z": T(z[0], t), "k": T(np.arange(6, dtype=np.int32))},
           {"s": T(z[0][order], t), "i": T(order.astype(np.int32))},
           ["%%s, %%i = sort %%z, %%k {dim = 0} (%%a: %s[], %%b: %s[], %%m: i32[], %%n: i32[]) {" % (t, t),
            "  %x = real %a", "  %xr = round_nearest_even %x", "  %y = real %b", "  %yr = round_nearest_even %y", "  %u = imag %a",
            "  %v = imag %b", "  %l = compare %xr, %yr {dir = lt}", "  %e = compare %xr, %yr {dir = eq}",
            "  %f = compare %u, %v {dir = lt}", "  %g = and %e, %f", "  %p = or %l, %g", "  yield %p", "}"])
    # z -> z z + c until it is far out, at most 9 times
    c = COMPLEX[t](-0.5 + 0.5j)
    y, n = np.complex128(0.25 + 0.25j), 0
    while n < 9 and abs(y) < 2:
        y, n = y * y + np.complex128(c), n + 1
    f.case("control_" + t, {"z": T(COMPLEX[t](0.25 + 0.25j), t), "c": T(c, t), "p": T(np.bool_(True)), "v": T(z[0], t)},
           {"y": T(COMPLEX[t](y), t), "n": T(np.int32(n)), "o": T(z[0].conj(), t), "q": T((2 * z[0]), t)},
           ["%zero = constant 0 : i32[]",
            "%%y, %%n = while %%z, %%zero cond (%%a: %s[], %%i: i32[]) {" % t, "  %m = abs %a", "  %s = compare %m, 2.0 {dir = lt}",
            "  %l = compare %i, 9 {dir = lt}", "  %g = and %s, %l", "  yield %g", "} do (%%a: %s[], %%i: i32[]) {" % t,
            "  %aa = mul %a, %a", "  %b = add %aa, %c", "  %j = add %i, 1", "  yield %b, %j", "}",
            "%o = cond %p then {", "  %x = real %v", "  %w = imag %v", "  %wn = neg %w", "  %k = complex %x, %wn", "  yield %k",
            "} else {", "  yield %v", "}", "%%q = call @twice_%s(%%v)" % t],
           extra="graph @twice_%s(%%x: %s[N]) -> (%s[N]) {\n  %%y = add %%x, %%x\n  return %%y\n}" % (t, t, t), eps=64)


def fourier(f):
    """Transforms, scaled so that results are of size 1.  Short ones are a matrix, others steps, those of 67 and 97 points convolutions."""
    for n in (1, 2, 3, 4, 5, 8, 12, 30, 64, 67, 77, 97, 128, 134):
        t = "c64" if n % 3 else "c128"
        z, r = numbers(t, (2, n), 100 + n, n ** -0.5).x, numbers(t, (2, n), 300 + n, n ** -0.5).x.real.copy()
        h = np.fft.rfft(r.astype(np.float64)).astype(COMPLEX[t])
        outs = {"fft": T(np.fft.fft(z).astype(COMPLEX[t]), t), "ifft": T((np.fft.ifft(z) * 1).astype(COMPLEX[t]), t), "rfft": T(h, t),
                "irfft": T(np.fft.irfft(h, n).astype(PART[t]))}
        f.case("fft_%d" % n, {"z": T(z, t), "r": T(r), "h": T(h, t)}, outs,
               ["%%%s = fft %%%s {type = \"%s\", length = [%d]}" % (k, x, k, n) for k, x in
                (("fft", "z"), ("ifft", "z"), ("rfft", "r"), ("irfft", "h"))],
               {"z": ["N", n], "r": ["N", n], "h": ["N", n // 2 + 1]},
               {"fft": ["N", n], "ifft": ["N", n], "rfft": ["N", n // 2 + 1], "irfft": ["N", n]}, eps=16)
    for shape in ((3, 4), (5, 1), (2, 3, 4), (4, 6, 5)):
        k = len(shape)
        name, length = "x".join(map(str, shape)), "[%s]" % ", ".join(map(str, shape))
        size = float(np.prod(shape)) ** -0.5
        z, r = numbers("c64", (2,) + shape, 500, size).x, numbers("c64", (2,) + shape, 501, size).x.real.copy()
        axes = tuple(range(1, k + 1))
        h = np.fft.rfftn(r.astype(np.float64), axes=axes).astype(np.complex64)
        f.case("fft_" + name, {"z": T(z), "r": T(r), "h": T(h)},
               {"fft": T(np.fft.fftn(z, axes=axes).astype(np.complex64)), "ifft": T(np.fft.ifftn(z, axes=axes).astype(np.complex64)),
                "rfft": T(h), "irfft": T(np.fft.irfftn(h, shape, axes=axes).astype(np.float32))},
               ["%%%s = fft %%%s {type = \"%s\", length = %s}" % (u, x, u, length) for u, x in
                (("fft", "z"), ("ifft", "z"), ("rfft", "r"), ("irfft", "h"))], eps=16)
    none, gone = T(np.zeros((0, 6), np.complex64)), T(np.full((2, 6), complex(NAN, 0), np.complex64))
    f.case("fft_none", {"z": none, "g": gone}, {"y": none, "n": T(np.full((2, 6), complex(NAN, NAN), np.complex64))},
           ["%y = fft %z {type = \"fft\", length = [6]}", "%n = fft %g {type = \"fft\", length = [6]}"], {"z": ["N", 6]}, {"y": ["N", 6]})


def complex_numbers():
    f = File("Complex numbers.")
    for t in COMPLEX:
        all_unary(f, t)
        binary(f, t)
        special(f, t)
        convert(f, t)
        move(f, t)
        products(f, t)
        steps(f, t)
        none = T(np.zeros((0, 3), COMPLEX[t]), t)
        real = T(np.zeros((0, 3), PART[t]))
        f.case("empty_" + t, {"z": none}, {"r": real, "i": real, "m": none, "e": none, "s": T(np.zeros(3, COMPLEX[t]), t)},
               ["%r = real %z", "%i = imag %z", "%m = complex %r, %i", "%e = exp %z", "%s = reduce_sum %z {dims = [0]}"],
               {"z": ["N", 3]}, {"r": ["N", 3], "i": ["N", 3], "m": ["N", 3], "e": ["N", 3], "s": [3]})
        x = np.array([INF, NAN, -0.0], PART[t])
        f.case("parts_" + t, {"x": T(x), "y": T(x[::-1].copy())},
               {"r": T(x), "i": T(x[::-1].copy()), "same": T(x), "none": T(np.zeros_like(x))},
               ["%z = complex %x, %y", "%r = real %z", "%i = imag %z", "%same = real %x", "%none = imag %x"],
               {"x": ["N"], "y": ["N"]}, {k: ["N"] for k in ("r", "i", "same", "none")})
    return f


def transforms():
    f = File("Fourier transforms.")
    fourier(f)
    return f


FILES = {"complex": complex_numbers, "fourier": transforms}
