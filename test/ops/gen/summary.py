"""Cases of statistics and short reductions: argmin, reduce_any, reduce_all, variance, logsumexp, norm.

Against numpy in extended precision, to 8 units of the last place (f16, bf16: 1); what only compares and counts is exact."""
import numpy as np

from composites import narrow, small
from emit import FLOATS, INTS, File, T

ld = np.longdouble
AXES = [((0,), False), ((-1, 0), False), ((1,), True), ((2, 0, 1), False), ((), False)]


def logsumexp(x, axis=None, keepdims=False):
    with np.errstate(all="ignore"):
        return np.logaddexp.reduce(x, axis=axis, keepdims=keepdims)


def norm(p):
    def one(x, axis=None, keepdims=False):
        a = np.abs(x)
        if p == 0:
            return (a != 0).sum(axis=axis, keepdims=keepdims)
        if np.isinf(p):
            return (a.max if p > 0 else a.min)(axis=axis, keepdims=keepdims)
        with np.errstate(all="ignore"):
            return (a ** ld(p)).sum(axis=axis, keepdims=keepdims) ** (1 / ld(p))
    return one


FLOAT = {"variance": ("variance %%x {%s}", np.var), "logsumexp": ("logsumexp %%x {%s}", logsumexp)}
for name, p in (("two", "2.0"), ("one", "1.0"), ("none", "0.0"), ("top", "inf"), ("low", "-inf"), ("three", "3.0"), ("half", "0.5"),
                ("minus", "-1.0")):
    FLOAT["norm_" + name] = ("norm %%%%x {%%s, ord = %s}" % p, norm(float(p)))
BOOL = {"any": ("reduce_any %%x {%s}", np.any), "all": ("reduce_all %%x {%s}", np.all)}


def together(f, name, x, ops, axes, keep, dims=None, **how):
    rank, v = x.x.ndim, x.x.astype(ld) if x.dtype in FLOATS else x.x
    over = tuple(sorted(a % rank for a in axes))
    attrs = "dims = [%s]%s" % (", ".join(map(str, axes)), ", keepdims = true" if keep else "")
    with np.errstate(all="ignore"):
        outs = {k: fn(v, axis=over, keepdims=keep) for k, (_, fn) in ops.items()}
    outs = {k: narrow(y, x.dtype) for k, y in outs.items()}
    body = ["%%%s = %s" % (k, text % attrs) for k, (text, _) in ops.items()]
    kept = [1 if k in over else d for k, d in enumerate(dims or x.x.shape) if keep or k not in over]
    f.case("%s_%s" % (name, x.dtype), {"x": x}, outs, body, {"x": dims} if dims else None, {k: kept for k in ops}, **how)


def statistics():
    f = File("Statistics and short reductions: all of a type in one graph.")
    far, inf = {k: v for k, v in FLOAT.items() if k in ("logsumexp", "norm_two", "norm_top", "norm_none", "norm_three")}, np.inf
    for t in FLOATS:
        ulp = 1 if t in ("f16", "bf16") else 8
        for i, (axes, keep) in enumerate(AXES):
            together(f, "floats_%d" % i, small(t, (3, 4, 6), 61), FLOAT, axes, keep, ["N", 4, 6], ulp=ulp)
        together(f, "floats_row", small(t, (700,), 62), FLOAT, (0,), False, ["N"], ulp=ulp)
        # Far from 0, where a sum of squares less the square of a sum would have no digit right.
        base = {"f16": 64, "bf16": 8}.get(t, 4096)
        together(f, "variance_far", T(base + small(t, (2, 40), 63, unit=4).x, t), {"variance": FLOAT["variance"]}, (1,), False, ulp=ulp)
        rows = [[-inf, -inf, -inf], [inf, 0, 1], [inf, inf, -inf], [np.nan, 1, -inf], [-inf, 2, 2], [60000, 60000, 60000], [-60000, 0, -60000],
                [-0.0, 0.0, -0.0]]
        far_rows = T(np.array(rows), t)
        together(f, "rows", far_rows, far if t != "f16" else {k: far[k] for k in ("logsumexp", "norm_top", "norm_none")}, (1,), False, ulp=ulp)
    x = T(np.zeros((0, 3)), "f32")
    together(f, "empty", x, {k: FLOAT[k] for k in ("logsumexp", "norm_two", "norm_none")}, (0,), False, ["N", 3])
    x = small("bool", (3, 4, 6), 65)
    for i, (axes, keep) in enumerate(AXES):
        together(f, "truth_%d" % i, x, BOOL, axes, keep, ["N", 4, 6])
    together(f, "truth_rows", T(np.array([[True] * 300, [False] * 300, [False] * 299 + [True], [True] * 299 + [False]])), BOOL, (1,), False)
    together(f, "truth_empty", T(np.zeros((0, 2), bool)), BOOL, (0,), True)
    least(f)
    return f


def least(f):
    nan, inf = np.nan, np.inf
    for t in FLOATS + INTS + ("bool",):
        x = small(t, (3, 4, 6), 71)
        for axis in (-3, -1, 1):
            y = T(np.argmin(x.x, axis=axis, keepdims=axis < 0), "i32")
            f.case("argmin_%s_%d" % (t, axis + 3), {"x": x}, {"y": y},
                   "%%y = argmin %%x {axis = %d, keepdims = %s, dtype = i32}" % (axis, "true" if axis < 0 else "false"))
    rows = [[1, nan, -3, nan], [nan] * 40, [inf] * 3, [0.0, -0.0], [-0.0, 0.0], [2, 2, 2], [inf, 1, -inf, -inf], [inf, nan],
            list(range(250, 0, -1)) + [1] * 350, [1] * 30 + [nan] * 30 + [-5]]
    for t in FLOATS:
        for i, row in enumerate(rows):         # numpy too takes the first NaN, else the first of the smallest
            x = T(np.array(row), t)
            f.case("argmin_row_%s_%d" % (t, i), {"x": x}, {"y": T(np.argmin(x.x), "i64")}, "%y = argmin %x", {"x": ["N"]})


FILES = {"statistics": statistics}
