"""jax.lax, element by element."""
import itertools

import ml_dtypes
import numpy as np
from jax import lax

SHAPES = ["[3,4]", "[]", "[7]", "[0,3]", "[2,3,5]", "[1,6]", "[33]"]
FLOATS = ["f32", "f64", "f16", "bf16"]
COMPLEX = ["c64", "c128"]
SIGNED = ["i8", "i16", "i32", "i64"]
UNSIGNED = ["u8", "u16", "u32", "u64"]
INTS = SIGNED + UNSIGNED

# name: function, range of the inputs, types
UNARY = {
    "neg": (lax.neg, "", FLOATS + COMPLEX + SIGNED),
    "sign": (lax.sign, "", FLOATS + COMPLEX + SIGNED + ["u8"]),
    "abs": (lax.abs, "", FLOATS + COMPLEX + SIGNED),
    "floor": (lax.floor, " -9..9", FLOATS),
    "ceil": (lax.ceil, " -9..9", FLOATS),
    "round_away": (lambda x: lax.round(x, lax.RoundingMethod.AWAY_FROM_ZERO), " -9..9", FLOATS),
    "round_even": (lambda x: lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN), " -9..9", FLOATS),
    "is_finite": (lax.is_finite, "", FLOATS),
    "exp": (lax.exp, " -5..5", FLOATS + COMPLEX),
    "exp2": (lax.exp2, " -5..5", FLOATS),
    "expm1": (lax.expm1, "", FLOATS + COMPLEX),
    "log": (lax.log, " 0.01..9", FLOATS + COMPLEX),
    "log1p": (lax.log1p, " -0.9..9", FLOATS + COMPLEX),
    "tanh": (lax.tanh, " -4..4", FLOATS + COMPLEX),
    "logistic": (lax.logistic, " -6..6", FLOATS + COMPLEX),
    "sin": (lax.sin, " -9..9", FLOATS + COMPLEX),
    "cos": (lax.cos, " -9..9", FLOATS + COMPLEX),
    "tan": (lax.tan, " -1.4..1.4", FLOATS + COMPLEX),
    "asin": (lax.asin, " -0.99..0.99", FLOATS + COMPLEX),
    "acos": (lax.acos, " -0.99..0.99", FLOATS + COMPLEX),
    "atan": (lax.atan, " -4..4", FLOATS + COMPLEX),
    "sinh": (lax.sinh, " -4..4", FLOATS + COMPLEX),
    "cosh": (lax.cosh, " -4..4", FLOATS + COMPLEX),
    "asinh": (lax.asinh, " -4..4", FLOATS + COMPLEX),
    "acosh": (lax.acosh, " 1.1..9", FLOATS + COMPLEX),
    "atanh": (lax.atanh, " -0.95..0.95", FLOATS + COMPLEX),
    "sqrt": (lax.sqrt, " 0.01..9", FLOATS + COMPLEX),
    "rsqrt": (lax.rsqrt, " 0.1..9", FLOATS + COMPLEX),
    "cbrt": (lax.cbrt, " -9..9", FLOATS),
    "erf": (lax.erf, " -3..3", FLOATS),
    "erfc": (lax.erfc, " -3..3", FLOATS),
    "erf_inv": (lax.erf_inv, " -0.95..0.95", FLOATS),
    "lgamma": (lax.lgamma, " 0.2..9", FLOATS),
    "digamma": (lax.digamma, " 0.2..9", FLOATS),
    "bessel_i0e": (lax.bessel_i0e, " -9..9", FLOATS),
    "bessel_i1e": (lax.bessel_i1e, " -9..9", FLOATS),
    "square": (lax.square, "", FLOATS + COMPLEX + ["i32"]),
    "reciprocal": (lax.reciprocal, " 0.3..3", FLOATS + COMPLEX),
    "integer_pow": (lambda x: lax.integer_pow(x, 5), "", FLOATS + COMPLEX + ["i32"]),
    "integer_pow_minus3": (lambda x: lax.integer_pow(x, -3), " 0.4..2", FLOATS + COMPLEX),
    "population_count": (lax.population_count, "", INTS),
    "clz": (lax.clz, "", INTS),
    "bitwise_not": (lax.bitwise_not, "", INTS + ["bool"]),
    "real": (lax.real, "", COMPLEX),
    "imag": (lax.imag, "", COMPLEX),
    "conj": (lax.conj, "", COMPLEX),
    "reduce_precision": (lambda x: lax.reduce_precision(x, 5, 7), " -100..100", FLOATS),
}

BINARY = {
    "add": (lax.add, "", FLOATS + COMPLEX + INTS),
    "sub": (lax.sub, "", FLOATS + COMPLEX + INTS),
    "mul": (lax.mul, "", FLOATS + COMPLEX + INTS),
    "div": (lax.div, " 0.5..9", FLOATS + COMPLEX),
    "max": (lax.max, "", FLOATS + COMPLEX + INTS + ["bool"]),
    "min": (lax.min, "", FLOATS + COMPLEX + INTS + ["bool"]),
    "rem": (lax.rem, " 0.5..9", FLOATS),
    "pow": (lax.pow, " 0.2..3", FLOATS + COMPLEX),
    "atan2": (lax.atan2, " 0.1..3", FLOATS),
    "nextafter": (lax.nextafter, "", FLOATS),
    "igamma": (lax.igamma, " 0.3..5", ["f32", "f64"]),
    "igammac": (lax.igammac, " 0.3..5", ["f32", "f64"]),
    "polygamma": (lambda m, x: lax.polygamma(lax.round(m), x), " 1.1..5", ["f32", "f64"]),
    "zeta": (lax.zeta, " 1.5..6", ["f32", "f64"]),
    "and": (lax.bitwise_and, "", INTS + ["bool"]),
    "or": (lax.bitwise_or, "", INTS + ["bool"]),
    "xor": (lax.bitwise_xor, "", INTS + ["bool"]),
    "shift_left": (lax.shift_left, " 0..7", INTS),
    "shift_right_logical": (lax.shift_right_logical, " 0..7", INTS),
    "shift_right_arithmetic": (lax.shift_right_arithmetic, " 0..7", INTS),
}
COMPARE = {"eq": lax.eq, "ne": lax.ne, "lt": lax.lt, "le": lax.le, "gt": lax.gt, "ge": lax.ge}

# JAX's own tests widen these in the same way (tests/lax_numpy_*_test.py, tests/lax_test.py: LAX_OPS).
TOLERANCE = {
    "tan": {"f32": 3e-6, "f64": 1e-14}, "asinh": {"f32": 5e-6, "f64": 5e-14, "c64": 1e-5, "c128": 1e-12},
    "acosh": {"f32": 5e-6, "f64": 1e-12, "c64": 1e-5, "c128": 1e-12},
    "atanh": {"f32": 1e-5, "f64": 1e-12, "c64": 1e-5, "c128": 1e-12},
    "sinh": {"f32": 1e-5, "f64": 1e-14, "c64": 1e-5, "c128": 1e-14},
    "cosh": {"f32": 1e-5, "f64": 1e-14, "c64": 1e-5, "c128": 1e-14},
    "exp": {"f32": 1e-5, "f64": 1e-14, "c64": 1e-5, "c128": 1e-14},
    "lgamma": {"f32": 1e-5, "f64": 1e-13}, "digamma": {"f32": 1e-5, "f64": 1e-13},
    "bessel_i0e": {"f32": 2e-6, "f64": 1e-13}, "bessel_i1e": {"f32": 5e-6, "f64": 1e-13},
    "erf_inv": {"f32": 2e-6, "f64": 1e-13}, "igamma": {"f32": 1e-5, "f64": 1e-12}, "igammac": {"f32": 1e-5, "f64": 1e-12},
    "polygamma": {"f32": 1e-5, "f64": 1e-12}, "zeta": {"f32": 1e-5, "f64": 1e-12}, "pow": {"f32": 1e-5, "f64": 1e-13, "c128": 2e-15},
    "logistic": {"f32": 2e-6, "f64": 3e-15, "c64": 1e-5, "c128": 1e-14},
    "atan": {"c64": 1e-5, "c128": 1e-13}, "asin": {"c64": 1e-5, "c128": 1e-12}, "acos": {"c64": 1e-5, "c128": 1e-12},
    "exp2": {"f32": 3e-6, "f64": 1e-14}, "erfc": {"f32": 3e-6, "f64": 1e-14},
}
EDGES = {"f32": [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5, -0.5, 2.5, 1e30, -1e30, 1e-30, -1e-30, 3.4e38, 1.2e-38],
         "f64": [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5, -0.5, 2.5, 1e300, -1e300, 1e-300, -1e-300, 1.7e308, 2.3e-308]}
# These at their poles and ends, too.
EDGED = ["neg", "sign", "abs", "floor", "ceil", "round_away", "round_even", "is_finite", "exp", "expm1", "log", "log1p",
         "tanh", "logistic", "atan", "sqrt", "cbrt", "erf", "erfc", "asinh", "sinh", "cosh", "asin", "acos", "atanh", "acosh"]
# Complex numbers with zeros, infinities and ends of the range, of which C99 (Annex G) and NumPy in extended precision say what is wanted.
# Not sin and cos, which JAX takes apart itself.
COMPLEX_EDGED = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "tan": np.tan, "tanh": np.tanh,
                 "sinh": np.sinh, "cosh": np.cosh, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "asinh": np.arcsinh,
                 "acosh": np.arccosh, "atanh": np.arctanh, "conj": np.conj, "neg": np.negative}


def corners(dtype, name):
    info = np.finfo({"c64": np.float32, "c128": np.float64}[dtype])
    parts = [0.0, -0.0, 0.5, -1.0, 1.0, float(info.tiny), float(info.max), -float(info.max), np.inf, -np.inf, np.nan]
    z = np.empty((len(parts), len(parts)), {"c64": np.complex64, "c128": np.complex128}[dtype])
    z.real, z.imag = np.array(parts)[:, None], parts
    if name in ("sinh", "cosh"):  # where neither part is a number, a sign is left open
        z = z[np.isfinite(z.real) | np.isfinite(z.imag)]
    return z.ravel()


def rounded(fn):
    """fn in extended precision; each part is rounded once."""
    def want(x):
        with np.errstate(all="ignore"):
            y = np.asarray(fn(x.astype(np.clongdouble)))
            return y.astype(x.dtype if np.iscomplexobj(y) else x.real.dtype)
    return want


def extremes(dtype):
    info = np.iinfo({"i": "int", "u": "uint"}[dtype[0]] + dtype[1:])
    return np.array([info.min, info.max, 0, 1, info.max - 1, info.min + 1, 7, 100], info.dtype)


def cases(add):
    shapes = itertools.cycle(SHAPES)
    for name, (fn, limits, dtypes) in UNARY.items():
        tol = TOLERANCE.get(name)
        for dtype in dtypes:
            # Complex arguments come from all four quadrants, but for those that have a pole near by.
            span = "" if dtype in COMPLEX and name not in ("rsqrt", "reciprocal", "integer_pow_minus3") else limits
            shape = next(shapes)
            # Of five products of c128, XLA:CPU's own error is twice the tolerance: the wanted value is the power rounded once.
            want = rounded(lambda x: x ** 5) if name == "integer_pow" and dtype == "c128" else None
            add(f"{name}-{dtype}-{shape[1:-1].replace(',', 'x') or 'scalar'}", fn, dtype + shape + span, tol=tol, want=want)
        if name in EDGED:
            for dtype, values in EDGES.items():
                add(f"{name}-{dtype}-edges", fn, np.array(values, {"f32": np.float32, "f64": np.float64}[dtype]), tol=tol)
    for name, reference in COMPLEX_EDGED.items():
        for dtype in COMPLEX:
            add(f"{name}-{dtype}-edges", UNARY[name][0], corners(dtype, name), tol=TOLERANCE.get(name), want=rounded(reference))
    for name, (fn, limits, dtypes) in BINARY.items():
        for dtype in dtypes:
            shape = next(shapes)
            spec = dtype + shape + ("" if dtype in COMPLEX and name != "div" else limits)
            add(f"{name}-{dtype}-{shape[1:-1].replace(',', 'x') or 'scalar'}", fn, spec, spec, tol=TOLERANCE.get(name))
    for (name, fn), dtype in itertools.product(COMPARE.items(), ["f32", "f64", "bf16", "i32", "u8", "i64", "bool"]):
        add(f"{name}-{dtype}", fn, dtype + "[4,5]", dtype + "[4,5]")
    for name in ("eq", "ne"):
        add(f"{name}-c64", COMPARE[name], np.array([1 + 2j, 1 - 2j, 0, np.nan], np.complex64), np.array([1 + 2j, 1, 0, np.nan], np.complex64))
    for name, fn in COMPARE.items():
        x = np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 1, 2], np.float32)
        add(f"{name}-f32-edges", lambda a, b, fn=fn: fn(a[:, None] + 0 * b[None], b[None] + 0 * a[:, None]), x[[0, 1, 5, 6]], x[[1, 0, 6, 5]])
        add(f"{name}-f32-nan", fn, x, x[::-1].copy())
    for dtype in INTS:
        ends, other = extremes(dtype), np.roll(extremes(dtype), 3)
        for name in ("add", "sub", "mul", "max", "min", "and", "xor"):
            add(f"{name}-{dtype}-extremes", BINARY[name][0], ends, other)
        for name in ("abs", "neg") if dtype[0] == "i" else ():
            add(f"{name}-{dtype}-extremes", UNARY[name][0], ends)
        add(f"div-{dtype}", lax.div, ends, np.array([3, 2, 5, 1, 7, 2, 3, 9], ends.dtype))
        add(f"rem-{dtype}", lax.rem, ends, np.array([3, 2, 5, 1, 7, 2, 3, 9], ends.dtype))
        for name in ("shift_left", "shift_right_logical", "shift_right_arithmetic"):
            bits = ends.dtype.itemsize * 8
            add(f"{name}-{dtype}-far", BINARY[name][0], ends, np.array([0, 1, bits - 1, bits, bits + 1, 100, 2, 3], ends.dtype))
        add(f"population_count-{dtype}-extremes", lax.population_count, ends)
        add(f"clz-{dtype}-extremes", lax.clz, ends)
        add(f"sign-{dtype}-extremes", lax.sign, ends)
        add(f"clamp-{dtype}", lax.clamp, np.array(2, ends.dtype), dtype + "[9]", np.array(6, ends.dtype))
    for dtype in ("i8", "i32", "i64"):
        info = extremes(dtype)
        add(f"div-{dtype}-overflow", lax.div, info[:3], np.array([-1, -1, -1], info.dtype))
        add(f"rem-{dtype}-overflow", lax.rem, info[:3], np.array([-1, -1, -1], info.dtype))
    for dtype in ("i32", "u32", "i64"):
        add(f"div-{dtype}-zero", lax.div, extremes(dtype), np.zeros(8, extremes(dtype).dtype))
        add(f"rem-{dtype}-zero", lax.rem, extremes(dtype), np.zeros(8, extremes(dtype).dtype))
    for dtype in FLOATS:
        add(f"clamp-{dtype}", lax.clamp, dtype + "[4,3] -1.5..-0.5", dtype + "[4,3]", dtype + "[4,3] 0.5..1.5")
        add(f"clamp-{dtype}-scalars", lax.clamp, dtype + "[] -1.5..-0.5", dtype + "[4,3]", dtype + "[] 0.5..1.5")
    for dtype in FLOATS + COMPLEX + INTS + ["bool"]:
        add(f"select-{dtype}", lax.select, "bool[2,5]", dtype + "[2,5]", dtype + "[2,5]")
    add("select-scalar", lambda p, a, b: lax.select_n(p, a, b), "bool[]", "f32[3]", "f32[3]")
    add("select_n-many", lambda p, *c: lax.select_n(p, *c), "i32[6] 0..3", *["f32[6]"] * 4)
    for dtype in ("f32", "f64"):
        add(f"complex-{dtype}", lax.complex, dtype + "[3,4]", dtype + "[3,4]")
        add(f"betainc-{dtype}", lax.betainc, dtype + "[6] 0.5..4", dtype + "[6] 0.5..4", dtype + "[6] 0.05..0.95", tol={"f32": 1e-4, "f64": 1e-12})
        add(f"random_gamma_grad-{dtype}", lax.random_gamma_grad, dtype + "[5] 0.5..3", dtype + "[5] 0.5..3", tol={"f32": 1e-4, "f64": 1e-11})
        add(f"igamma_grad_a-{dtype}", lax.igamma_grad_a, dtype + "[5] 0.5..3", dtype + "[5] 0.5..3", tol={"f32": 1e-4, "f64": 1e-11})
    # Conversions: every pair that matters, in range, ties included.
    ties = np.array([0.5, 1.5, 2.5, -0.5, -1.5, 3.49, 7.99, -7.99, 0, 100])
    for a, b in itertools.permutations(["f32", "f64", "f16", "bf16", "i8", "i32", "i64", "u8", "u32", "bool"], 2):
        values = (np.abs(ties) if b[0] == "u" else ties).astype(np_type(a)) if a in FLOATS else a + "[9] 0..9"
        add(f"convert-{a}-{b}", lambda x, b=b: lax.convert_element_type(x, np_type(b)), values, x64=True)
    for a, b in itertools.product(["f32", "f64", "i32", "bool"], COMPLEX):
        add(f"convert-{a}-{b}", lambda x, b=b: lax.convert_element_type(x, np_type(b)), a + "[4]", x64=True)
    add("convert-c64-c128", lambda x: lax.convert_element_type(x, np.complex128), "c64[4]", x64=True)
    add("convert-c128-c64", lambda x: lax.convert_element_type(x, np.complex64), "c128[4]", x64=True)
    for a, b in [("f32", "i32"), ("i32", "f32"), ("f64", "u64"), ("u64", "f64"), ("f16", "u16"), ("bf16", "u16"), ("u16", "bf16"), ("i8", "u8"),
                 ("f16", "bf16")]:
        add(f"bitcast-{a}-{b}", lambda x, b=b: lax.bitcast_convert_type(x, np_type(b)), a + "[2,6] 1..9", subnormal=True)
    for a, b in [("f32", "u8"), ("u64", "u32"), ("f64", "i32"), ("u32", "u16"), ("i64", "i8")]:
        add(f"bitcast-{a}-{b}-smaller", lambda x, b=b: lax.bitcast_convert_type(x, np_type(b)), a + "[2,3]")
    for a, b, n in [("u8", "u32", 4), ("u32", "u64", 2), ("i32", "f64", 2), ("u16", "i32", 2), ("u8", "u64", 8)]:
        add(f"bitcast-{a}-{b}-larger", lambda x, b=b: lax.bitcast_convert_type(x, np_type(b)), f"{a}[3,{n}] 1..9", x64=True, subnormal=True,
            want=lambda x, b=b: x.view(np_type(b))[:, 0])
    for e, m in [(8, 7), (5, 10), (4, 3), (8, 23), (11, 52), (3, 2), (8, 1)]:
        add(f"reduce_precision-f32-{e}-{m}", lambda x, e=e, m=m: lax.reduce_precision(x, e, m), "f32[20] -300..300")
        add(f"reduce_precision-f64-{e}-{m}", lambda x, e=e, m=m: lax.reduce_precision(x, e, m), "f64[20] -300..300")


def np_type(name):
    return {"bool": np.bool_, "bf16": ml_dtypes.bfloat16, "c64": np.complex64, "c128": np.complex128}.get(name) or np.dtype(
        {"i": "int", "u": "uint", "f": "float"}[name[0]] + name[1:]).type
