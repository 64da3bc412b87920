"""Cases of resize and grid_sample, from definitions for one element at a time in f64.

Images are small multiples of a power of two, so that what is linear with such weights is exact; the rest may be off by rounding."""
import itertools
import math

import numpy as np

from composites import narrow, small
from emit import FLOATS, INTS, File, T

POSITIONS = ("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "asymmetric", "align_corners", "tf_half_pixel_for_nn")
ROUNDINGS = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil", "simple")
CROP = "tf_crop_and_resize"


def lies_at(how, i, n, m, s, width, region):
    """Where element i of m lies among n; s: the scale, by which n is `width`; region: its start and end."""
    if how == "half_pixel" or (how == "pytorch_half_pixel" and m > 1):
        return (i + 0.5) / s - 0.5
    if how == "pytorch_half_pixel":
        return 0.0
    if how == "half_pixel_symmetric":
        return n / 2 * (1 - m / width) + (i + 0.5) / s - 0.5
    if how == "asymmetric":
        return i / s
    if how == "tf_half_pixel_for_nn":
        return (i + 0.5) / s
    start, end = region if how == CROP else (0.0, 1.0)
    if width == 1:
        return (end - start) * (n - 1) / 2 + start * (n - 1) if how == CROP else 0.0
    return start * (n - 1) + i * (end - start) * (n - 1) / (width - 1)


def nearest_to(at, how, s):
    down, up = math.floor(at), math.ceil(at)
    if how == "floor" or how == "ceil":
        return down if how == "floor" else up
    if how == "simple":
        return up if s < 1 else down
    if at - down == 0.5:
        return down if how == "round_prefer_floor" else up
    return down if at - down < 0.5 else up


def keys(d, a):
    """Cubic convolution after Keys."""
    d = abs(d)
    if d <= 1:
        return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1
    return a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a if d < 2 else 0.0


def kernel(mode, d, a):
    return keys(d, a) if mode == "cubic" else max(0.0, 1 - abs(d))


def taps_of(at, n, mode, rounding, s, a, exclude, antialias):
    """What an element is made of: {element number: weight}."""
    if mode == "nearest":
        return [(min(max(nearest_to(at, rounding, s), 0), n - 1), 1.0)]
    shrink = min(s, 1.0) if antialias else 1.0
    reach = math.ceil((2 if mode == "cubic" else 1) / shrink) + 1
    near = [(k, kernel(mode, (at - k) * shrink, a)) for k in range(math.floor(at) - reach, math.floor(at) + reach + 1)]
    if exclude:
        near = [(k, w) for k, w in near if 0 <= k < n]
    if exclude or antialias:
        total = sum(w for _, w in near)
        near = [(k, w / total) for k, w in near]
    return [(min(max(k, 0), n - 1), w) for k, w in near if w != 0]


def resized(x, shape, dims=None, mode="nearest", position="half_pixel", rounding="round_prefer_floor", scales=None, cubic_coeff=-0.75,
            exclude_outside=False, antialias=False, extrapolation=0, roi=None):
    dims = list(range(x.ndim)) if dims is None else [d % x.ndim for d in dims]
    for c, k in enumerate(dims):
        n, m = x.shape[k], shape[k]
        s = scales[c] if scales else m / n if n else 1
        if position != CROP and n == m and s == 1:
            continue
        region = (roi[c], roi[len(dims) + c]) if roi is not None else None
        rows = []
        for i in range(m):
            at = lies_at(position, i, n, m, s, s * n if scales else m, region)
            taps = taps_of(at, n, mode, rounding, s, cubic_coeff, exclude_outside, antialias)
            with np.errstate(all="ignore"):
                row = x.take(taps[0][0], k) if mode == "nearest" else sum(x.take(e, k) * w for e, w in taps)
            rows.append(np.full_like(row, extrapolation) if position == CROP and not 0 <= at <= n - 1 else row)
        x = np.stack(rows, k) if rows else x.take([], k)
    return x


def text_of(v):
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, str):
        return '"%s"' % v
    if isinstance(v, (list, tuple)):
        return "[%s]" % ", ".join(map(str, v))
    return str(v)


def attributes(**given):
    return "{%s}" % ", ".join("%s = %s" % (k, text_of(v)) for k, v in given.items())


def exact(y, t):
    """y of f64 as type t: integers from the nearest, ties to even."""
    if t in FLOATS:
        return narrow(y, t)
    return T(y if y.dtype.kind in "cb" or t in INTS and y.dtype.kind in "iu" else np.rint(y), t)


def of_type(x, mode):
    return x.x if mode == "nearest" else x.x.astype(np.float64)


def several(f, name, x, forms, more=(), types=None, results=None, roi=None, **slack):
    """One graph with a result for each of `forms`, the attributes of a resize."""
    ins = {"x": x, **dict(more)}
    outs, lines = {}, []
    for i, form in enumerate(forms):
        known = form.pop("known", form["shape"])
        y = resized(of_type(x, form.get("mode", "nearest")), roi=None if roi is None else roi.x.tolist(), **{**form, "shape": known})
        outs["y%d" % i] = exact(y, x.dtype)
        lines.append("%%y%d = resize %%x%s %s" % (i, ", %roi" if roi is not None else "", attributes(**form)))
    if roi is not None:
        ins["roi"] = roi
    f.case(name, ins, outs, lines, types, results and {"y%d" % i: r for i, r in enumerate(results)}, **slack)


def words(f):
    """Every word of position and rounding, up, down, to one element and by whole numbers."""
    x = small("f32", (5,), 900)
    for p in POSITIONS:
        outs = [8, 3, 1, 10, 15]
        several(f, "nearest_" + p, x, [dict(shape=[m], position=p, rounding=r) for r in ROUNDINGS for m in outs])
        forms = [dict(shape=[m], mode=mode, position=p, exclude_outside=e, antialias=a)
                 for m in (8, 2, 1, 10) for mode in ("linear", "cubic") for e in (False, True) for a in (False, True)]
        several(f, "weighted_" + p, x, forms, eps=8)
        # By a scale that is not what the extents are to one another.
        forms = [dict(shape=[m], position=p, rounding=r, scales=[s]) for r in ROUNDINGS for m, s in ((8, 1.7), (2, 0.59), (1, 0.2), (7, 1.5))]
        several(f, "nearest_scaled_" + p, x, forms)
        forms = [dict(shape=[m], mode=mode, position=p, scales=[s], antialias=s < 1) for mode in ("linear", "cubic")
                 for m, s in ((8, 1.7), (2, 0.59), (1, 0.2), (7, 1.5))]
        several(f, "weighted_scaled_" + p, x, forms, eps=8)
    several(f, "cubic_coeff", x, [dict(shape=[9], mode="cubic", cubic_coeff=a) for a in (-0.5, -1.0, 0.0)], eps=8)


def types(f):
    for t in FLOATS + INTS + ("bool",):
        x = small(t, (2, 3, 4), 910, low=0 if t.startswith("u") else -8)
        several(f, "nearest_" + t, x, [dict(shape=[2, 7, 2]), dict(shape=[4, 3, 12])])
        # Halves and quarters: exact, integers and f16 from halfway cases too.
        several(f, "linear_" + t, x, [dict(shape=[2, 6, 8], mode="linear"), dict(shape=[2, 3, 2], mode="linear", position="asymmetric")],
                **({"ulp": 1} if t == "bf16" else {}))
    for t in ("c64", "c128"):
        x = T(small("f64", (3, 4), 911).x + 1j * small("f64", (3, 4), 912).x, t)
        several(f, "nearest_" + t, x, [dict(shape=[5, 8]), dict(shape=[2, 4])])
    big = T(np.array([0, 2 ** 24 + 1, 2 ** 31 - 1], np.int32))
    several(f, "linear_large", big, [dict(shape=[3], mode="linear", position="asymmetric", scales=[1.0], dims=[0]), dict(shape=[6], mode="linear")])


def regions(f):
    x = small("f32", (2, 5, 4), 920)
    crop = dict(position=CROP, extrapolation=-3.5)
    roi = T(np.array([0, 0.25, -0.5, 1, 0.75, 1.5], np.float32))
    forms = [dict(shape=[2, 5, 7], mode=m, **crop) for m in ("nearest", "linear")] + [dict(shape=[2, 1, 4], mode="linear", **crop)]
    several(f, "region", x, forms, roi=roi, eps=4)
    some = T(np.array([0.25, -0.125, 0.75, 1.0625], np.float64))
    several(f, "region_some", x, [dict(shape=[2, 9, 6], dims=[1, -1], mode=m, **crop) for m in ("nearest", "linear", "cubic")], roi=some, eps=8)
    turned = T(np.array([1, 0], np.float16))
    several(f, "region_backwards", small("f16", (5,), 921), [dict(shape=[m], mode="linear", **crop) for m in (5, 9, 1)], roi=turned)
    several(f, "region_scaled", small("f32", (4,), 922), [dict(shape=[7], mode="linear", scales=[1.8], **crop)], roi=T(np.array([0, 0.5], np.float32)), eps=4)


def images(f):
    """Several axes, the ones before and behind; many taps; a table that is as long as vectors."""
    x = small("f32", (2, 3, 6, 5), 930)
    several(f, "image_linear", x, [dict(shape=[2, 3, 12, 10], mode="linear"), dict(shape=[2, 3, 4, 3], mode="linear"),
                                   dict(shape=[2, 3, 9, 7], mode="cubic", dims=[2, 3]), dict(shape=[2, 3, 12, 15]),
                                   dict(shape=[2, 3, 7, 7], dims=[-2, -1], rounding="ceil", position="asymmetric")], eps=8)
    x = small("f32", (1, 19, 2, 23), 931)
    several(f, "image_antialias", x, [dict(shape=[1, 4, 2, 5], mode=m, antialias=True, exclude_outside=e) for m in ("linear", "cubic")
                                      for e in (False, True)], eps=8)
    several(f, "image_long", small("f32", (3, 40), 932), [dict(shape=[3, 133], mode="linear"), dict(shape=[4, 77], mode="cubic")], eps=8)


def symbols(f):
    x, like = small("f32", (2, 3, 5), 940), T(np.zeros(7, np.float32))
    several(f, "symbols", x,
            [dict(shape=["N", 3, "W*2"], known=[2, 3, 10], mode=m, position=p) for m, p in
             (("nearest", "half_pixel"), ("nearest", "align_corners"), ("linear", "half_pixel"), ("cubic", "asymmetric"))],
            types={"x": ["N", 3, "W"]}, results=[["N", 3, "W*2"]] * 4, eps=8)
    several(f, "symbols_free", x, [dict(shape=["N", 3, "M"], known=[2, 3, 7], mode=m, position=p, rounding=r) for m, p, r in
                                   [("nearest", p, "simple") for p in POSITIONS] + [("linear", p, "floor") for p in POSITIONS]],
            {"like": like}, {"x": ["N", 3, "W"], "like": ["M"]}, [["N", 3, "M"]] * 12, eps=8)
    several(f, "symbols_scaled", x, [dict(shape=["N", 3, "(W*3)//2"], known=[2, 3, 7], scales=[1.0, 1.0, 1.5], mode=m, antialias=a) for m, a in
                                     (("nearest", False), ("linear", False), ("linear", True))],
            types={"x": ["N", 3, "W"]}, results=[["N", 3, "W*3//2"]] * 3, eps=8)
    roi = T(np.array([0.25, 0.875], np.float32))
    several(f, "symbols_region", x, [dict(shape=["N", 3, "M"], known=[2, 3, 7], dims=[2], position=CROP, mode=m) for m in ("nearest", "linear")],
            {"like": like}, {"x": ["N", 3, "W"], "like": ["M"]}, [["N", 3, "M"]] * 2, roi=roi, eps=8)


def edges(f):
    odd = T(np.array([1, np.nan, -np.inf, np.inf, 2, 3], np.float32))
    several(f, "odd", odd, [dict(shape=[m], mode=mode) for m in (12, 4) for mode in ("nearest", "linear")])
    for name, shape, to in (("batch", (0, 3), [0, 5]), ("all", (0, 3), [0, 0]), ("wanted", (2, 3), [2, 0])):
        several(f, "empty_" + name, T(np.zeros(shape, np.float32)), [dict(shape=to, mode=m) for m in ("nearest", "linear", "cubic")])
    several(f, "empty_symbol", T(np.zeros((0, 3), np.float32)), [dict(shape=["N", 6], known=[0, 6], mode=m) for m in ("nearest", "linear")],
            types={"x": ["N", 3]}, results=[["N", 6]] * 2)
    several(f, "scalar", T(np.float32(2.5)), [dict(shape=[], mode="linear")])
    several(f, "one", T(np.array([2.5], np.float32)), [dict(shape=[4], mode=m, position=p) for m in ("nearest", "linear", "cubic") for p in POSITIONS], eps=4)


def resize():
    f = File("resize: every position and rounding, element types, regions, symbols and edges.")
    words(f)
    types(f)
    regions(f)
    images(f)
    symbols(f)
    edges(f)
    return f


# grid_sample

def back_inside(at, n, corners):
    """A position beyond the borders, mirrored at them as often as it takes."""
    low, high = (0.0, n - 1.0) if corners else (-0.5, n - 0.5)
    if high <= low:
        return low if not corners else 0.0
    while not low <= at <= high:
        at = 2 * low - at if at < low else 2 * high - at
    return at


def element(x, at, padding, corners):
    """x[at], whole numbers that may be outside."""
    if padding == "zeros" and not all(0 <= a < n for a, n in zip(at, x.shape)):
        return x.dtype.type(0)
    if padding == "reflection":
        at = [back_inside(a, n, corners) for a, n in zip(at, x.shape)]
    return x[tuple(int(min(max(a, 0), n - 1)) for a, n in zip(at, x.shape))]


def sampled_at(x, at, mode, padding, corners, a):
    """One element of one image, at a position of numbers of elements."""
    if mode == "nearest":
        at = [float(np.rint(v)) for v in at]
    if padding == "border" and mode != "cubic":
        at = [min(max(v, 0.0), n - 1.0) for v, n in zip(at, x.shape)]
    if padding == "reflection":
        at = [back_inside(v, n, corners) for v, n in zip(at, x.shape)]
    if mode == "nearest":
        return element(x, at, padding, corners)
    base, y = [math.floor(v) for v in at], 0.0
    for step in itertools.product(range(-1, 3) if mode == "cubic" else range(2), repeat=len(at)):
        w = math.prod(kernel(mode, v - (b + s), a) for v, b, s in zip(at, base, step))
        y += w * element(x, [b + s for b, s in zip(base, step)], padding, corners)
    return y


def grid_sampled(x, grid, mode="linear", padding="zeros", align_corners=False, normalized=True, cubic_coeff=-0.75):
    n, places = x.ndim - 2, grid.shape[1:-1]
    y = np.zeros((x.shape[0], x.shape[1]) + places, x.dtype)
    for b, c, *p in itertools.product(*map(range, y.shape)):
        g = [float(v) for v in grid[(b, *p)][::-1]]
        if normalized:
            g = [(v + 1) / 2 * (e - 1) if align_corners else ((v + 1) * e - 1) / 2 for v, e in zip(g, x.shape[2:])]
        with np.errstate(all="ignore"):
            y[(b, c, *p)] = sampled_at(x[b, c], g, mode, padding, align_corners, cubic_coeff)
    return y


def sample(f, name, x, grid, forms, types=None, results=None, **slack):
    outs = {"y%d" % i: exact(grid_sampled(of_type(x, form.get("mode", "linear")), grid.x.astype(np.float64), **form), x.dtype)
            for i, form in enumerate(forms)}
    lines = ["%%y%d = grid_sample %%x, %%grid %s" % (i, attributes(**form) if form else "") for i, form in enumerate(forms)]
    f.case(name, {"x": x, "grid": grid}, outs, lines, types, results and {k: results for k in outs}, **slack)


ALL = [dict(mode=m, padding=p, align_corners=c) for m in ("nearest", "linear", "cubic") for p in ("zeros", "border", "reflection")
       for c in (False, True)]


def grid_sample():
    f = File("grid_sample: images of one to three axes, all modes, element types, symbols and edges.")
    for n, shape, places in ((1, (2, 3, 5), (4,)), (2, (2, 2, 4, 3), (3, 5)), (3, (1, 2, 3, 2, 4), (2, 1, 3))):
        x = small("f32", shape, 950 + n)
        grid = small("f32", shape[:1] + places + (n,), 960 + n, low=-40, high=41, unit=32)     # to 1.25, beyond the border
        sample(f, "all_%dd" % n, x, grid, ALL if n < 3 else ALL[:12], eps=8)
        numbers = small("f64", shape[:1] + places + (n,), 970 + n, low=-20, high=40, unit=8)
        sample(f, "numbers_%dd" % n, x, numbers, [dict(normalized=False, mode=m, padding=p) for m in ("nearest", "linear")
                                                 for p in ("zeros", "border", "reflection")], eps=4)
    for t in FLOATS + INTS + ("bool",):
        x = small(t, (1, 2, 3, 4), 980, low=0 if t.startswith("u") else -8)
        grid = small(t if t in ("f16", "bf16", "f64") else "f32", (1, 7, 2), 981, low=-4, high=5, unit=4)
        sample(f, "type_" + t, x, grid, [dict(mode="nearest"), dict(align_corners=True), dict(padding="border")],
               **({"ulp": 1} if t in FLOATS else {}))
    x = T(small("f64", (1, 1, 3, 4), 982).x + 1j * small("f64", (1, 1, 3, 4), 983).x, "c64")
    sample(f, "type_c64", x, small("f32", (1, 5, 2), 984, unit=8), [dict(mode="nearest", padding=p) for p in ("zeros", "border")])
    far = T(np.array([[[100.0, -3.0], [-57.25, 9.5], [3.0, -1.0]]], np.float32))
    sample(f, "far", small("f32", (1, 1, 5, 4), 985), far, ALL[:12], eps=8)
    sample(f, "coeff", small("f32", (1, 1, 5, 4), 986), T(far.x / 128), [dict(mode="cubic", cubic_coeff=-0.5)], eps=8)
    x, grid = small("f32", (2, 3, 4, 5), 987), small("f32", (2, 3, 2, 2), 988, unit=8)
    sample(f, "symbols", x, grid, ALL[::3], {"x": ["N", "C", "H", "W"], "grid": ["N", "P", 2, 2]}, ["N", "C", "P", 2], eps=8)
    sample(f, "places", x, small("f32", (2, 2, 1, 3, 2), 989, unit=8), [dict(), dict(mode="nearest")], eps=8)
    sample(f, "place", x, small("f32", (2, 2), 990, unit=8), [dict()], eps=8)
    for name, a, b in (("batch", (0, 2, 3, 3), (0, 4, 2)), ("channels", (1, 0, 3, 3), (1, 4, 2)), ("places", (1, 2, 3, 3), (1, 0, 2))):
        sample(f, "empty_" + name, T(np.zeros(a, np.float32)), T(np.zeros(b, np.float32)), ALL[::4])
    sample(f, "single", small("f32", (1, 2, 1, 1), 991), small("f32", (1, 6, 2), 992, unit=4), ALL[:12], eps=8)
    odd = T(np.array([[[1, np.nan, 2, -1, np.inf, 3, 4, -np.inf]]], np.float32))
    sample(f, "odd", odd, T(np.array([[[-1], [-0.875], [-0.5], [0.25], [0.75], [1.5]]], np.float32)), [dict(mode="nearest"), dict(), dict(padding="border")])
    return f


FILES = {"resize": resize, "grid_sample": grid_sample}
