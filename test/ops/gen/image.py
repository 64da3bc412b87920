"""Cases of convolutions and pooling of images with one to three spatial axes, channels last.

All numbers are small multiples of a power of two: sums of products are exact, and rounded once by f16 and bf16."""
import itertools

import numpy as np

from composites import add, narrow, padding_text, small, wide, windows
from emit import FLOATS, INTS, File, T

SPATIAL = {1: (7,), 2: (5, 4), 3: (3, 4, 3)}
KERNEL = {1: (3,), 2: (3, 2), 3: (2, 1, 3)}
# strides, dilation, padding, groups; the first n numbers are those of n axes.
FORMS = [((1, 1, 1), (1, 1, 1), "valid", 1), ((2, 1, 2), (1, 1, 1), "same", 1), ((1, 1, 1), (2, 1, 1), "same", 2),
         ((2, 3, 1), (1, 2, 1), [(2, 1), (0, 3), (1, 1)], 2)]


def listed(v):
    return "[%s]" % ", ".join(map(str, v))


def form(n, strides, dilation, padding):
    """What one of FORMS is for n axes, and its text."""
    strides, dilation = strides[:n], dilation[:n]
    padding = padding if isinstance(padding, str) else padding[:n]
    return strides, dilation, padding, "strides = %s, padding = %s, dilation = %s" % (listed(strides), padding_text(padding), listed(dilation))


def grouped(part, kernel, groups):
    """part [..., C] times kernel [C / groups, F] in groups."""
    depth, each = kernel.shape[0], kernel.shape[1] // groups
    return np.concatenate([part[..., g * depth:(g + 1) * depth] @ kernel[:, g * each:(g + 1) * each] for g in range(groups)], axis=-1)


def convolution(x, k, strides, dilation, padding, groups):
    return sum(grouped(part, k[at], groups) for at, part in windows(x, k.shape[:-2], strides, dilation, padding, 0))


def depthwise(x, k, strides, dilation, padding):
    y = sum(part[..., None] * k[at] for at, part in windows(x, k.shape[:-2], strides, dilation, padding, 0))
    return y.reshape(y.shape[:-2] + (-1,))


def deconvolved_length(extent, size, stride, padding, more):
    """Keras: what conv_transpose makes of an axis, size being that of the dilated kernel; with numbers ONNX."""
    if more is None:
        return {"same": extent * stride, "valid": extent * stride + max(size - stride, 0)}.get(padding, None) \
            if isinstance(padding, str) else (extent - 1) * stride + size - sum(padding)
    if isinstance(padding, str):
        return (extent - 1) * stride + size - (2 * (size // 2) if padding == "same" else 0) + more
    return (extent - 1) * stride + size - sum(padding) + more


def transposed(x, k, strides, dilation, padding, groups, more):
    """Every element times the kernel, added where it goes; then cut."""
    n = x.ndim - 2
    cover = [(k.shape[i] - 1) * dilation[i] + 1 for i in range(n)]
    whole = [(x.shape[1 + i] - 1) * strides[i] + cover[i] for i in range(n)]
    pads = [padding if isinstance(padding, str) else padding[i] for i in range(n)]
    length = [deconvolved_length(x.shape[1 + i], cover[i], strides[i], pads[i], more and more[i]) for i in range(n)]
    full = np.zeros([x.shape[0]] + [w + s + 8 for w, s in zip(whole, strides)] + [k.shape[-2] * groups], x.dtype)
    depth = x.shape[-1] // groups
    for at in itertools.product(*map(range, k.shape[:-2])):
        y = np.concatenate([x[..., g * depth:(g + 1) * depth] @ k[at][:, g * depth:(g + 1) * depth].T for g in range(groups)], axis=-1)
        full[(slice(None),) + tuple(slice(at[i] * dilation[i], at[i] * dilation[i] + (x.shape[1 + i] - 1) * strides[i] + 1, strides[i])
                                    for i in range(n))] += y
    start = [max(w - e, 0) // 2 if isinstance(p, str) else p[0] for w, e, p in zip(whole, length, pads)]
    return full[(slice(None),) + tuple(slice(s, s + e) for s, e in zip(start, length))]


def forms_of(t, n):
    """All forms for f32, one a type for the others, each of another number of axes."""
    at = (FLOATS + INTS).index(t)
    return list(enumerate(FORMS)) if t == "f32" else [(at % 4, FORMS[at % 4])] if n == 1 + at % 3 or t == "i8" else []


def batch(v):
    return ["N"] + list(v.shape[1:])


def convolutions():
    f = File("conv1d, conv2d, conv3d and their transposed, depthwise and separable forms.")
    for t in FLOATS + INTS:
        for n in (1, 2, 3):
            for i, (strides, dilation, padding, groups) in forms_of(t, n):
                strides, dilation, padding, text = form(n, strides, dilation, padding)
                x, seed = small(t, (2,) + SPATIAL[n] + (4,), 100 + i), 110 + i
                k, b = small(t, KERNEL[n] + (4 // groups, 6), seed), small(t, (6,), seed + 1)
                y = add(narrow(convolution(wide(x), wide(k), strides, dilation, padding, groups), t), b)
                f.case("conv%dd_%s_%d" % (n, t, i), {"x": x, "k": k, "b": b}, {"y": y},
                       "%%y = conv%dd %%x, %%k, %%b {%s, groups = %d}" % (n, text, groups), {"x": batch(x.x)}, {"y": batch(y.x)})
                k, b = small(t, KERNEL[n] + (6 // groups, 4), seed + 2), small(t, (6,), seed + 3)
                more = (1, 0, 1)[:n] if i > 1 else None
                y = add(narrow(transposed(wide(x), wide(k), strides, dilation, padding, groups, more), t), b)
                f.case("conv%dd_transpose_%s_%d" % (n, t, i), {"x": x, "k": k, "b": b}, {"y": y},
                       "%%y = conv%dd_transpose %%x, %%k, %%b {%s, groups = %d%s}" % (
                           n, text, groups, ", output_padding = %s" % listed(more) if more else ""), {"x": batch(x.x)}, {"y": batch(y.x)})
                if n == 3:
                    continue
                k, p, b = small(t, KERNEL[n] + (4, 3), seed + 4), small(t, (1,) * n + (12, 5), seed + 5), small(t, (12,), seed + 6)
                y = narrow(depthwise(wide(x), wide(k), strides, dilation, padding), t)
                f.case("depthwise_conv%dd_%s_%d" % (n, t, i), {"x": x, "k": k, "b": b}, {"y": add(y, b)},
                       "%%y = depthwise_conv%dd %%x, %%k, %%b {%s}" % (n, text), {"x": batch(x.x)}, {"y": batch(y.x)})
                y = narrow(wide(y) @ wide(p)[(0,) * n], t)
                f.case("separable_conv%dd_%s_%d" % (n, t, i), {"x": x, "k": k, "p": p}, {"y": y},
                       "%%y = separable_conv%dd %%x, %%k, %%p {%s}" % (n, text), {"x": batch(x.x)}, {"y": batch(y.x)})
    return symbolic_forms(f)


def symbolic_forms(f):
    """Extents that are not known, strides beyond the kernel, nothing at all."""
    t = "f32"
    x, k = small(t, (1, 6, 5, 2), 121), small(t, (3, 3, 3, 2), 122)
    f.case("conv2d_transpose_symbols", {"x": x, "k": k}, {"y": narrow(transposed(wide(x), wide(k), (2, 2), (1, 1), "same", 1, None), t)},
           "%y = conv2d_transpose %x, %k {strides = [2, 2], padding = same}", {"x": ["N", "H", "W", 2]}, {"y": ["N", "H*2", "W*2", 3]})
    for padding in ("same", "valid"):
        k = small(t, (2, 3, 2), 123)
        x = small(t, (2, 4, 2), 124)
        y = narrow(transposed(wide(x), wide(k), (5,), (1,), padding, 1, None), t)
        f.case("conv1d_transpose_apart_" + padding, {"x": x, "k": k}, {"y": y},
               "%%y = conv1d_transpose %%x, %%k {strides = [5], padding = %s}" % padding, {"x": ["N", "W", 2]}, {"y": ["N", "W*5", 3]})
    x, k = T(np.zeros((0, 5, 2)), t), small(t, (3, 2, 4), 125)
    f.case("conv1d_empty", {"x": x, "k": k}, {"y": T(np.zeros((0, 3, 4)), t)}, "%y = conv1d %x, %k", {"x": ["N", 5, 2]}, {"y": ["N", 3, 4]})
    x = small(t, (2, 9, 2), 126)
    k = small(t, (2, 2, 1), 127)
    f.case("depthwise_symbols", {"x": x, "k": k}, {"y": narrow(depthwise(wide(x), wide(k), (1,), (3,), "same"), t)},
           "%y = depthwise_conv1d %x, %k {dilation = [3], padding = same}", {"x": ["N", "W", 2]}, {"y": ["N", "W", 2]})
    return f


POOLS = [((2, 2, 2), None, "valid", (1, 1, 1)), ((3, 2, 2), None, "same", (1, 1, 1)), ((2, 3, 1), (1, 2, 1), "same", (2, 1, 1)),
         ((3, 2, 3), (2, 1, 2), [(1, 2), (0, 1), (1, 0)], (1, 2, 1))]


def pools():
    f = File("Pooling.")
    for t in FLOATS + INTS:
        for n in (1, 2, 3):
            x = small(t, (2,) + SPATIAL[n] + (3,), 130 + n)
            for i, (size, strides, padding, dilation) in enumerate(POOLS):
                if t in FLOATS + ("i8",) or i == n % 4:
                    pool(f, t, n, i, x, size[:n], strides and strides[:n], padding if isinstance(padding, str) else padding[:n], dilation[:n])
            over, keep = tuple(range(1, n + 1)), n == 2
            how = ("%dd_%s" % (n, t), "%%x {keepdims = %s}" % str(keep).lower())
            y = x.x.max(axis=over, keepdims=keep)
            types = {"x": ["N"] + ["S", "R", "Q"][:n] + [3]}
            f.case("global_max_pool" + how[0], {"x": x}, {"y": T(y, t)}, "%%y = global_max_pool%dd %s" % (n, how[1]), types, {"y": batch(y)})
            if t in FLOATS:
                f.case("global_avg_pool" + how[0], {"x": x}, {"y": narrow(wide(x).mean(axis=over, keepdims=keep), t)},
                       "%%y = global_avg_pool%dd %s" % (n, how[1]), types, {"y": batch(y)}, ulp=1)
    odd = np.array([[np.nan, 1, -np.inf, np.inf, -0.0, 0.0, 1e-40, 2, np.inf, -np.inf]]).reshape(1, 10, 1)
    for t in FLOATS:
        x = T(odd, t)
        v = wide(x).reshape(5, 2)
        f.case("max_pool1d_odd_" + t, {"x": x}, {"y": T((v.max(axis=1) + 0.0).reshape(1, 5, 1), t)}, "%y = max_pool1d %x {window = [2]}")
        with np.errstate(invalid="ignore"):
            f.case("avg_pool1d_odd_" + t, {"x": x}, {"y": narrow(v.mean(axis=1).reshape(1, 5, 1), t)}, "%y = avg_pool1d %x {window = [2]}")
        # Windows of nothing but padding have no mean, and where padding counts that of zeros.
        x = small(t, (1, 3, 1), 140)
        a, b, c = x.x[0, :, 0].tolist()
        f.case("avg_pool1d_none_" + t, {"x": x}, {"y": T(np.array([np.nan, a, b, c]).reshape(1, 4, 1), t), "z": T(np.array([0, a, b, c]).reshape(1, 4, 1), t)},
               ["%y = avg_pool1d %x {window = [1], padding = [[1, 0]]}",
                "%z = avg_pool1d %x {window = [1], padding = [[1, 0]], count_include_pad = true}"], {"x": [1, "W", 1]}, {"y": [1, "W+1", 1], "z": [1, "W+1", 1]})
    return f


def pool(f, t, n, i, x, size, strides, padding, dilation):
    step = strides or size
    text = "{window = %s, %spadding = %s, dilation = %s" % (
        listed(size), "strides = %s, " % listed(strides) if strides else "", padding_text(padding), listed(dilation))

    def parts(v, fill):
        return [part for _, part in windows(v, size, step, dilation, padding, fill)]
    y = np.maximum.reduce(parts(x.x, -np.inf if t in FLOATS else np.iinfo(x.x.dtype).min))
    types, results = {"x": batch(x.x)}, {"y": batch(y)}
    f.case("max_pool%dd_%s_%d" % (n, t, i), {"x": x}, {"y": T(y, t)}, "%%y = max_pool%dd %%x %s}" % (n, text), types, results)
    if t not in FLOATS:
        return
    total, count = sum(parts(wide(x), 0)), sum(parts(np.ones(x.x.shape), 0))
    f.case("avg_pool%dd_%s_%d" % (n, t, i), {"x": x}, {"y": narrow(total / count, t)}, "%%y = avg_pool%dd %%x %s}" % (n, text), types, results, ulp=1)
    f.case("avg_pool%dd_padded_%s_%d" % (n, t, i), {"x": x}, {"y": narrow(total / np.prod(size), t)},
           "%%y = avg_pool%dd %%x %s, count_include_pad = true}" % (n, text), types, results, ulp=1)


FILES = {"convolutions": convolutions, "pools": pools}
