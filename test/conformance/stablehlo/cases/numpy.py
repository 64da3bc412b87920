"""jax.numpy, function by function (contractions, sorts and indexing have files of their own)."""
import jax.numpy as jnp
import numpy as np

TOL = {"f32": 1e-5, "f64": 1e-13, "bf16": 5e-2, "c64": 1e-5, "c128": 1e-13}
UNARY = """absolute acos acosh angle:c64 arccos arccosh arcsin arcsinh arctan arctanh argwhere:- asin asinh atan atanh bitwise_count:i32 bitwise_invert:i32 bitwise_not:i32 cbrt ceil
conj:c64 conjugate:c64 copy cos cosh deg2rad degrees diag diagflat:v diagonal ediff1d:v exp exp2 expm1 fabs fix flip fliplr flipud floor frexp i0 imag:c64 invert:i32 iscomplex:c64 isfinite isinf isnan
isneginf isposinf isreal log log10 log1p log2 logical_not matrix_transpose nan_to_num negative positive rad2deg radians ravel real:c64 reciprocal rint
rot90 round sign signbit sin sinc sinh sort_complex:v spacing sqrt square squeeze tan tanh trace transpose trunc unwrap:v vander:v tril triu modf corrcoef cov
sum prod mean std var max min amax amin argmax argmin any all cumsum cumprod nansum nanprod nanmean nanstd nanvar nanmax nanmin nanargmax nanargmin nancumprod count_nonzero ptp
fft.fftshift fft.ifftshift zeros_like ones_like empty_like:- atleast_1d atleast_2d atleast_3d cumulative_sum:v cumulative_prod:v hanning:- permute_dims:- trapezoid""".split()
BINARY = """add arctan2 atan2 bitwise_and:i32 bitwise_or:i32 bitwise_xor:i32 bitwise_left_shift:u8 bitwise_right_shift:u8 copysign divide divmod equal float_power floor_divide fmax fmin fmod gcd:i32 greater greater_equal
heaviside hypot isclose lcm:i32 ldexp:fi left_shift:u8 less less_equal logaddexp logaddexp2 logical_and logical_or logical_xor maximum minimum mod multiply nextafter not_equal
pow power remainder right_shift:u8 subtract true_divide allclose array_equal polyadd:v polysub:v polymul:v polyval:v""".split()
RANGES = {"acos": " -0.9..0.9", "arccos": " -0.9..0.9", "acosh": " 1.1..4", "arccosh": " 1.1..4", "arcsin": " -0.9..0.9", "asin": " -0.9..0.9", "arctanh": " -0.9..0.9",
          "atanh": " -0.9..0.9", "log": " 0.1..4", "log10": " 0.1..4", "log2": " 0.1..4", "log1p": " -0.5..4", "sqrt": " 0.1..4", "reciprocal": " 0.3..2", "tan": " -1.2..1.2",
          "cumprod": " 0.5..1.5", "prod": " 0.5..1.5", "nancumprod": " 0.5..1.5", "pow": " 0.3..2", "power": " 0.3..2", "float_power": " 0.3..2", "spacing": " 1..2", "gcd": " 1..60", "lcm": " 1..12",
          "mod": " 0.3..9", "remainder": " 0.3..9", "fmod": " 0.3..9", "divmod": " 0.3..9", "floor_divide": " 0.3..9", "left_shift": " 0..7", "right_shift": " 0..7",
          "bitwise_left_shift": " 0..7", "bitwise_right_shift": " 0..7", "rint": " -9..9", "round": " -9..9", "trunc": " -9..9", "fix": " -9..9", "frexp": " 0.3..20", "modf": " -9..9"}


def tables(add):
    for word in UNARY:
        name, _, kind = word.partition(":")
        if kind == "-":
            continue
        fn = jnp
        for part in name.split("."):
            fn = getattr(fn, part, None)
        if fn is None:
            continue
        types = {"": ["f32", "f64", "i32"], "v": ["f32"]}.get(kind) or [kind]
        if name in ("frexp", "modf", "spacing", "i0", "sinc", "signbit", "copysign", "cov", "corrcoef", "nanargmax", "nanargmin"):
            types = ["f32", "f64"]
        if name in RANGES and kind == "" and (float(RANGES[name].split("..")[0]) != int(float(RANGES[name].split("..")[0]))):
            types = ["f32", "f64"]
        if name in ("sum", "mean", "abs", "exp", "max", "sqrt", "tanh"):
            types = types + ["bf16", "c64" if name not in ("max",) else "u8"]
        for t in types:
            add(f"{name}-{t}", fn, t + ("[6]" if kind == "v" else "[4,4]") + RANGES.get(name, ""), tol=TOL)
    for word in BINARY:
        name, _, kind = word.partition(":")
        fn = getattr(jnp, name)
        if kind == "fi":
            add(f"{name}-f32", fn, "f32[3,4]", "i32[4]", tol=TOL)
            continue
        for t in {"": ["f32", "f64", "i32"], "v": ["f32"]}.get(kind) or [kind]:
            if t == "i32" and name in ("nextafter", "heaviside", "copysign", "hypot"):
                continue
            shapes = ("[4]", "[4]") if kind == "v" else ("[3,4]", "[3,4]") if name in ("allclose", "array_equal") else ("[3,4]", "[4]")
            span = RANGES.get(name, "")
            if t == "i32" and span:
                span = " 1..9" if name not in ("gcd", "lcm") else span
            add(f"{name}-{t}", fn, t + shapes[0] + span, t + shapes[1] + span, tol=TOL)


def signs(add):
    """Divisions of all signs, which languages define in different ways."""
    a, b = np.array([7, -7, 7, -7, 6, -6, 0], np.int32), np.array([3, 3, -3, -3, 2, 2, 5], np.int32)
    for t in (np.int8, np.int32, np.int64, np.float32, np.float64):
        for name in ("mod", "fmod", "floor_divide", "divmod", "remainder"):
            add(f"{name}-signs-{np.dtype(t).name}", getattr(jnp, name), a.astype(t), b.astype(t))


FUNCTIONS = {
    "append": (lambda x, y: jnp.append(x, y), "f32[3]", "f32[2,2]"), "apply_along_axis": (lambda x: jnp.apply_along_axis(jnp.cumsum, 0, x), "f32[3,4]"),
    "arange": (lambda x: jnp.arange(2, 11, 3) + x, "i32[]"), "array_split": (lambda x: jnp.array_split(x, 3), "f32[8]"), "average": (lambda x, w: jnp.average(x, 0, w), "f32[3,4]", "f32[3] 0.5..1"),
    "bartlett": (lambda x: jnp.bartlett(8) * x, "f32[]"), "blackman": (lambda x: jnp.blackman(8) * x, "f32[]"), "hamming": (lambda x: jnp.hamming(8) * x, "f32[]"),
    "hanning": (lambda x: jnp.hanning(8) * x, "f32[]"), "kaiser": (lambda x: jnp.kaiser(8, 3.0) * x, "f32[]"),
    "block": (lambda x, y: jnp.block([[x, y], [y, x]]), "f32[2,2]", "f32[2,2]"), "broadcast_to": (lambda x: jnp.broadcast_to(x, (2, 3, 4)), "f32[3,1]"),
    "broadcast_arrays": (lambda x, y: jnp.broadcast_arrays(x, y), "f32[3,1]", "i32[4]"), "choose": (lambda i, a, b, c: jnp.choose(i, [a, b, c], mode="clip"), "i32[4] 0..2", "f32[4]", "f32[4]", "f32[4]"),
    "clip": (lambda x: jnp.clip(x, -1, 1), "f32[3,4]"), "clip-int": (lambda x: jnp.clip(x, -2, 3), "i32[9]"), "column_stack": (lambda x, y: jnp.column_stack([x, y]), "f32[3]", "f32[3,2]"),
    "compress": (lambda x: jnp.compress(np.array([True, False, True]), x, axis=0, size=2), "f32[3,2]"), "concatenate": (lambda x, y: jnp.concatenate([x, y], -1), "f32[2,3]", "i32[2,2]"),
    "delete": (lambda x: jnp.delete(x, 2), "f32[6]"), "diag-k": (lambda x: jnp.diag(x, 1), "f32[3]"), "diag-of": (lambda x: jnp.diag(x, -1), "f32[4,3]"),
    "diagonal-axes": (lambda x: jnp.diagonal(x, 1, 0, 2), "f32[3,2,4]"), "digitize": (lambda x: jnp.digitize(x, jnp.linspace(-1, 1, 5)), "f32[7]"), "dsplit": (lambda x: jnp.dsplit(x, 2), "f32[2,2,4]"),
    "dstack": (lambda x, y: jnp.dstack([x, y]), "f32[2,3]", "f32[2,3]"), "expand_dims": (lambda x: jnp.expand_dims(x, (0, 2)), "f32[3]"), "extract": (lambda x: jnp.extract(x > 0, x, size=4), "f32[8]"),
    "eye": (lambda x: jnp.eye(3, 4, 1) * x, "f32[]"), "fill_diagonal": (lambda x: jnp.fill_diagonal(x, 7.0, inplace=False), "f32[3,4]"), "flatnonzero": (lambda x: jnp.flatnonzero(x > 0, size=5), "f32[8]"),
    "full": (lambda x: jnp.full((2, 3), x), "f32[]"), "geomspace": (lambda x: jnp.geomspace(x, 100, 5), "f32[] 1..2"), "gradient": (lambda x: jnp.gradient(x), "f32[4,5]"), "hstack": (lambda x, y: jnp.hstack([x, y]), "f32[2,3]", "f32[2,1]"),
    "hsplit": (lambda x: jnp.hsplit(x, 2), "f32[2,4]"), "identity": (lambda x: jnp.identity(3) + x, "f32[]"), "indices": (lambda x: jnp.indices((2, 3)) + x, "i32[]"), "insert": (lambda x: jnp.insert(x, 2, 9.0), "f32[5]"),
    "ix_": (lambda x: x[jnp.ix_(np.array([0, 2]), np.array([1, 3]))], "f32[3,4]"), "linspace": (lambda a, b: jnp.linspace(a, b, 7), "f32[]", "f32[]"), "linspace-open": (lambda a: jnp.linspace(0, a, 5, endpoint=False), "f32[2]"),
    "logspace": (lambda a: jnp.logspace(a, 2, 4), "f32[]"), "mask_indices": (lambda x: x[jnp.triu_indices(3)], "f32[3,3]"), "meshgrid": (lambda x, y: jnp.meshgrid(x, y, indexing="ij"), "f32[3]", "f32[2]"),
    "moveaxis": (lambda x: jnp.moveaxis(x, 0, -1), "f32[2,3,4]"), "nan_to_num-specials": (lambda x: jnp.nan_to_num(x, nan=1.0, posinf=2.0), np.array([np.nan, np.inf, -np.inf, 3], np.float32)),
    "pad-constant": (lambda x: jnp.pad(x, ((1, 2), (0, 1)), constant_values=3), "f32[2,3]"), "pad-edge": (lambda x: jnp.pad(x, 2, "edge"), "f32[3,3]"), "pad-reflect": (lambda x: jnp.pad(x, 3, "reflect"), "f32[4]"),
    "pad-symmetric": (lambda x: jnp.pad(x, 5, "symmetric"), "f32[3]"), "pad-wrap": (lambda x: jnp.pad(x, (2, 4), "wrap"), "f32[3]"), "pad-linear_ramp": (lambda x: jnp.pad(x, 2, "linear_ramp", end_values=5), "f32[3]"),
    "pad-maximum": (lambda x: jnp.pad(x, ((1, 0), (2, 1)), "maximum"), "f32[2,3]"), "pad-mean": (lambda x: jnp.pad(x, 1, "mean"), "f32[2,3]"), "pad-median": (lambda x: jnp.pad(x, 1, "median"), "f32[3]"),
    "piecewise": (lambda x: jnp.piecewise(x, [x < 0, x > 1], [jnp.sin, lambda v: v * 2, 0.5]), "f32[9]"), "polyfit": (lambda x, y: jnp.polyfit(x, y, 1), np.array([0, 1, 2, 3], np.float64), "f64[4]"),
    "polyder": (lambda x: jnp.polyder(x), "f32[5]"), "polyint": (lambda x: jnp.polyint(x), "f32[4]"), "repeat": (lambda x: jnp.repeat(x, 3, axis=1), "f32[2,3]"), "repeat-counts": (lambda x: jnp.repeat(x, np.array([1, 0, 3]), axis=0, total_repeat_length=4), "f32[3,2]"),
    "resize": (lambda x: jnp.resize(x, (3, 3)), "f32[4]"), "roll": (lambda x: jnp.roll(x, (1, -2), (0, 1)), "f32[3,4]"), "roll-traced": (lambda x, n: jnp.roll(x, n), "f32[7]", np.int32(3)), "rollaxis": (lambda x: jnp.rollaxis(x, 2), "f32[2,3,4]"),
    "rot90-2": (lambda x: jnp.rot90(x, 2), "f32[2,3]"), "select": (lambda x: jnp.select([x < -1, x > 1], [x * 2, x * 3], 7), "f32[9]"), "stack": (lambda x, y: jnp.stack([x, y], 1), "f32[2,3]", "f32[2,3]"), "split-3": (lambda x: jnp.split(x, [1, 4]), "f32[6]"),
    "swapaxes": (lambda x: jnp.swapaxes(x, 0, 2), "f32[2,3,4]"), "tile": (lambda x: jnp.tile(x, (2, 1, 2)), "f32[2,3]"), "trapezoid-x": (lambda y, x: jnp.trapezoid(y, x), "f32[6]", "f32[6]"), "tri": (lambda x: jnp.tri(3, 4, 1) * x, "f32[]"), "tril-k": (lambda x: jnp.tril(x, -1), "f32[2,3,4]"),
    "trim": (lambda x: jnp.where(x > 0, x, 0), "f32[7]"), "unpackbits": (lambda x: jnp.unpackbits(x, axis=0), "u8[3]"), "packbits": (lambda x: jnp.packbits(x), "bool[13]"), "vander-increasing": (lambda x: jnp.vander(x, 4, increasing=True), "f32[3]"),
    "vsplit": (lambda x: jnp.vsplit(x, 2), "f32[4,2]"), "vstack": (lambda x, y: jnp.vstack([x, y]), "f32[3]", "f32[2,3]"), "where": (lambda p, x, y: jnp.where(p, x, y), "bool[3,1]", "f32[4]", "i32[]"), "where-size": (lambda x: jnp.where(x > 0, size=5), "f32[8]"),
    "mean-axis": (lambda x: jnp.mean(x, (0, 2), keepdims=True), "f32[2,3,4]"), "var-ddof": (lambda x: jnp.var(x, 1, ddof=1), "f32[3,5]"), "std-where": (lambda x, p: jnp.std(x, where=p), "f32[3,5]", "bool[3,5]"), "sum-where": (lambda x, p: jnp.sum(x, 1, where=p, initial=2.0), "f32[3,5]", "bool[3,5]"),
    "max-where": (lambda x, p: jnp.max(x, 0, where=p, initial=-9), "f32[3,5]", "bool[3,5]"), "vectorize": (lambda x, y: jnp.vectorize(lambda a, b: a @ b, signature="(n),(n)->()")(x, y), "f32[3,4]", "f32[2,1,4]"),
    "promote-int-float": (lambda x, y: x + y, "i32[3]", "f32[3]"), "promote-bool-int": (lambda x, y: x + y, "bool[3]", "i32[3]"), "promote-u8-i8": (lambda x, y: x + y, "u8[3]", "i8[3]"), "promote-bf16-f16": (lambda x, y: x + y, "bf16[3]", "f16[3]"),
    "astype": (lambda x: x.astype(jnp.int8), "f32[5] -100..100"), "astype-bool": (lambda x: x.astype(bool), "i32[5] -1..1"), "view": (lambda x: x.view(jnp.int16), "f32[3,2]"), "matrix_power": (lambda x: jnp.linalg.matrix_power(x, 5), "f32[3,3] -0.5..0.5"),
    "histogram2d": (lambda x, y: jnp.histogram2d(x, y, bins=3, range=((-2, 2), (-2, 2)))[0], "f32[20]", "f32[20]"), "ravel_multi_index": (lambda a, b: jnp.ravel_multi_index((a, b), (5, 7), mode="clip"), "i32[4] 0..4", "i32[4] 0..6"),
    "unravel_index": (lambda i: jnp.unravel_index(i, (3, 4, 5)), "i32[6] 0..59"), "union1d": (lambda a, b: jnp.union1d(a, b, size=8, fill_value=99), "i32[4]", "i32[5]"), "intersect1d": (lambda a, b: jnp.intersect1d(a, b, size=4, fill_value=99), "i32[5]", "i32[6]"),
    "nanquantile": (lambda x: jnp.nanquantile(x, 0.4), np.array([3, np.nan, 1, 2, 7], np.float32)), "empty": (lambda x: jnp.zeros((0, 3)) + x, "f32[3]"), "einsum_path": (lambda x, y, z: jnp.einsum("ab,bc,cd->ad", x, y, z), "f32[2,3]", "f32[3,4]", "f32[4,2]"),
}


def cases(add):
    tables(add)
    signs(add)
    for name, (fn, *args) in FUNCTIONS.items():
        add(name, fn, *args, tol=TOL)
