"""Cases of composite ops: types, ranks, axes, paddings, symbolic extents, against numpy in double precision.

Numbers are small multiples of a power of two wherever only sums, products and choices are made: then all is exact, and so
is what is wanted.  Where an elementary function or a division comes in, the result may be off by units of the last place
(ulp), or of the largest number that is added up on the way (eps)."""
import itertools
import math

import numpy as np

from elementwise import round_to
from emit import FLOATS, File, T


def small(t, shape, seed, low=-8, high=8, unit=4):
    """Integers in [low, high), for floats divided by `unit`."""
    n = int(np.prod(shape, dtype=np.int64))
    with np.errstate(all="ignore"):
        h = np.arange(n, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed * 977)
        h ^= h >> np.uint32(15)
        h *= np.uint32(2246822519)
        h ^= h >> np.uint32(13)
        h *= np.uint32(3266489917)
        h ^= h >> np.uint32(16)
    x = (h % np.uint32(high - low)).astype(np.int64) + low
    if t in FLOATS:
        return T(x.reshape(shape) / unit, t)
    if t == "bool":
        return T(x.reshape(shape) > 0, t)
    return T(np.maximum(x, 0).reshape(shape) if t[0] == "u" else x.reshape(shape), t)


def wide(x):
    return x.x.astype(np.float64) if x.dtype in FLOATS else x.x


def narrow(y, t):
    return round_to(np.asarray(y, np.float64), t) if t in FLOATS else T(np.asarray(y), t)


def add(x, y):
    """An op of its own: what x rounds away is gone."""
    return narrow(wide(x) + wide(y), x.dtype)


def loose(t):
    """Units of the last place: f16 and bf16 compute in f32 and round once, which may end on the other side of a tie."""
    return 1 if t in ("f16", "bf16") else 8


def symbolic(shape, axis):
    return ["N" if i == axis else d for i, d in enumerate(shape)]


def activations():
    f = File("relu, gelu, softmax and the normalisations.")
    special = [np.inf, -np.inf, np.nan, -0.0, 0.0, 1e-4, -3]
    for t in FLOATS:
        x = T(np.array(special), t)
        with np.errstate(invalid="ignore"):
            f.case("relu_" + t, {"x": x}, {"y": narrow(np.maximum(wide(x), 0) + 0.0, t)}, "%y = relu %x", {"x": ["N"]}, {"y": ["N"]})
        x = small(t, (5, 9), 3, -40, 40, 8)
        v = wide(x)
        exact = v / 2 * (1 + np.vectorize(math.erf)(v / math.sqrt(2)))
        bend = v / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v ** 3)))
        f.case("gelu_" + t, {"x": x}, {"y": narrow(exact, t)}, "%y = gelu %x", {"x": ["N", 9]}, {"y": ["N", 9]}, eps=4)
        f.case("gelu_tanh_" + t, {"x": x}, {"y": narrow(bend, t)}, "%y = gelu %x {approximate = true}", eps=4)
    for t in ("i8", "u16", "i64"):
        x = small(t, (7,), 4)
        f.case("relu_" + t, {"x": x}, {"y": T(np.maximum(x.x, 0), t)}, "%y = relu %x")
    for t in FLOATS:
        for i, (shape, sym, axis) in enumerate([((300,), 0, 0), ((4, 7), None, -1), ((4, 7), 1, 0), ((2, 3, 5, 2), 1, 1), ((1, 1), 0, 0)]):
            x = small(t, shape, 5 + i, -40, 40, 8)
            e = np.exp(wide(x) - wide(x).max(axis=axis, keepdims=True))
            dims = symbolic(shape, sym)
            f.case("softmax_%s_%d" % (t, i), {"x": x}, {"y": narrow(e / e.sum(axis=axis, keepdims=True), t)},
                   "%%y = softmax %%x {axis = %d}" % axis, {"x": dims}, {"y": dims}, ulp=loose(t))
        # The same far out: no exp overflows, and nothing is left of what is small.
        x = T(np.array([[500, 500, -500], [-60000, -60000, -60000]]), t)
        f.case("softmax_far_" + t, {"x": x}, {"y": narrow([[0.5, 0.5, 0], [1 / 3, 1 / 3, 1 / 3]], t)}, "%y = softmax %x", ulp=1)
    norms(f)
    training(f)
    return f


def norms(f):
    for t in FLOATS:
        for i, (shape, sym, axis) in enumerate([((6, 40), 1, -1), ((2, 3, 17), 0, -2), ((9,), None, 0), ((3, 4, 5), 2, 0)]):
            start = axis % len(shape)
            x, s, o = small(t, shape, 11 + i), small(t, shape[start:], 12 + i), small(t, shape[start:], 13 + i)
            over, v = tuple(range(start, len(shape))), wide(x)
            y = (v - v.mean(axis=over, keepdims=True)) / np.sqrt(v.var(axis=over, keepdims=True) + 1e-3) * wide(s) + wide(o)
            dims = symbolic(shape, sym)
            f.case("layer_norm_%s_%d" % (t, i), {"x": x, "s": s, "o": o}, {"y": narrow(y, t)},
                   "%%y = layer_norm %%x, %%s, %%o {axis = %d, epsilon = 0.001}" % axis,
                   {"x": dims, "s": dims[start:], "o": dims[start:]}, {"y": dims}, eps=1 if loose(t) == 1 else 16)
        for i, (shape, sym, axis) in enumerate([((5, 4, 3), 0, -1), ((2, 3, 4), 2, 1), ((6,), None, 0)]):
            x, n = small(t, shape, 21 + i), shape[axis]
            at = [n if k == axis % len(shape) else 1 for k in range(len(shape))]
            s, o, m, r = (small(t, (n,), 22 + i + k) for k in range(4))
            r = T(np.abs(r.x) + 1, t)
            v = [wide(p).reshape(at) for p in (s, o, m, r)]
            y = (wide(x) - v[2]) / np.sqrt(v[3] + 1e-3) * v[0] + v[1]
            dims = symbolic(shape, sym)
            f.case("batch_norm_%s_%d" % (t, i), {"x": x, "s": s, "o": o, "m": m, "r": r}, {"y": narrow(y, t)},
                   "%%y = batch_norm_inference %%x, %%s, %%o, %%m, %%r {axis = %d}" % axis, {"x": dims}, {"y": dims},
                   eps=1 if loose(t) == 1 else 16)


TRAINED = [((5, 4, 3), 0, -1), ((2, 3, 4), 2, 1), ((300, 2), 0, 1), ((6,), None, 0), ((0, 3), 0, 1)]


def training(f):
    """batch_norm_training and batch_norm_grad, as the StableHLO specification writes them, in double precision."""
    for t in FLOATS:
        for i, (shape, sym, axis) in enumerate(TRAINED + [((4, 3), 0, 1)]):
            x, g, n, odd = small(t, shape, 81 + i), small(t, shape, 82 + i), shape[axis], i == len(TRAINED)
            if odd:
                x.x[0], x.x[1, 2] = [np.inf, np.nan, 1], -2
            s, o, m, r = (small(t, (n,), 83 + i + k) for k in range(4))
            r = T(np.abs(r.x) + 1, t)
            over = tuple(k for k in range(len(shape)) if k != axis % len(shape))
            at = [n if k == axis % len(shape) else 1 for k in range(len(shape))]
            dims, how = symbolic(shape, sym), "{axis = %d, epsilon = 0.001}" % axis
            slack = {"eps": 2 if loose(t) == 1 else 32}
            with np.errstate(all="ignore"):
                v, wg = wide(x), wide(g)
                count = np.float64(v.size // n)
                mean = v.sum(axis=over) / count
                centred = v - mean.reshape(at)
                variance = (centred * centred).sum(axis=over) / count
                y = wide(s).reshape(at) * (centred / np.sqrt(variance.reshape(at) + 1e-3)) + wide(o).reshape(at)
                f.case("batch_norm_training_%s_%d" % (t, i), {"x": x, "s": s, "o": o},
                       {"y": narrow(y, t), "mean": narrow(mean, t), "variance": narrow(variance, t)},
                       "%y, %mean, %variance = batch_norm_training %x, %s, %o " + how, {"x": dims}, {"y": dims}, **slack)
                centred, spread = v - wide(m).reshape(at), wide(r).reshape(at) + 1e-3
                i1, i2 = wg * count, wg.sum(axis=over).reshape(at)
                i5 = (wg * centred).sum(axis=over).reshape(at) * centred / spread
                dx = wide(s).reshape(at) / np.sqrt(spread) / count * (i1 - i2 - i5)
                ds, do = (wg * (centred / np.sqrt(spread))).sum(axis=over), wg.sum(axis=over)
                f.case("batch_norm_grad_%s_%d" % (t, i), {"x": x, "s": s, "m": m, "r": r, "g": g},
                       {"dx": narrow(dx, t), "ds": narrow(ds, t), "do": narrow(do, t)},
                       "%dx, %ds, %do = batch_norm_grad %x, %s, %m, %r, %g " + how, {"x": dims, "g": dims}, {"dx": dims}, **slack)


MATMULS = [((4,), (4,)), ((3, 4), (4,)), ((4,), (4, 5)), ((3, 4), (4, 5)), ((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)),
           ((2, 3, 4), (2, 4, 5)), ((2, 3, 4), (7, 1, 4, 2)), ((4,), (7, 1, 4, 2)), ((2, 3, 4), (4,)), ((5, 1, 3, 4), (1, 2, 4, 1)),
           ((3, 0), (0, 2)), ((2, 4), (1, 4, 1))]


def products():
    f = File("matmul, dense and conv2d.")
    for t in FLOATS + ("i8", "u32", "i64"):
        few = t not in ("f32", "i8")
        for i, (a, b) in enumerate(MATMULS[4:8] if few else MATMULS):
            x, y = small(t, a, 31 + i), small(t, b, 32 + i)
            f.case("matmul_%s_%d" % (t, i), {"x": x, "y": y}, {"z": narrow(np.matmul(wide(x), wide(y)), t)}, "%z = matmul %x, %y")
        for i, shape in enumerate([(4,), (3, 4), (2, 3, 4)]):
            x, k, b = small(t, shape, 41 + i), small(t, (4, 6), 42 + i), small(t, (6,), 43 + i)
            product = wide(x) @ wide(k)
            dims = symbolic(shape, 0) if i else list(shape)
            out = dims[:-1] + [6]
            f.case("dense_%s_%d" % (t, i), {"x": x, "k": k}, {"y": narrow(product, t)}, "%y = dense %x, %k", {"x": dims}, {"y": out})
            f.case("dense_bias_%s_%d" % (t, i), {"x": x, "k": k, "b": b}, {"y": add(narrow(product, t), b)},
                   "%y = dense %x, %k, %b", {"x": dims}, {"y": out})
    for t in FLOATS + ("i8", "u32"):
        convolutions(f, t)
    return f


def same_pads(extent, size, stride, dilation):
    """TensorFlow's rule: the odd one after."""
    cover = (size - 1) * dilation + 1
    total = max((-(-extent // stride) - 1) * stride + cover - extent, 0)
    return total // 2, total - total // 2


def windows(x, size, strides, dilation, padding, fill):
    """For each position in the window of an image [N, spatial..., C]: what lies there, for all windows at once."""
    n = x.ndim - 2
    pads = [same_pads(x.shape[1 + i], size[i], strides[i], dilation[i]) if padding == "same" else
            (0, 0) if padding == "valid" else padding[i] for i in range(n)]
    x = np.pad(x, [(0, 0)] + pads + [(0, 0)], constant_values=fill)
    last = [(x.shape[1 + i] - (size[i] - 1) * dilation[i] - 1) // strides[i] * strides[i] for i in range(n)]
    for at in itertools.product(*map(range, size)):
        first = [i * d for i, d in zip(at, dilation)]
        yield at, x[(slice(None),) + tuple(slice(f, f + l + 1, s) for f, l, s in zip(first, last, strides))]


def padding_text(padding):
    return padding if isinstance(padding, str) else "[%s]" % ", ".join("[%d, %d]" % p for p in padding)


CONVOLUTIONS = [((1, 1), (1, 1), "valid", 1), ((1, 1), (1, 1), "same", 1), ((2, 3), (1, 1), "same", 2), ((1, 2), (2, 1), "same", 4),
                ((2, 1), (1, 3), [(1, 0), (2, 3)], 1)]


def convolutions(f, t):
    for c, (strides, dilation, padding, groups) in enumerate(CONVOLUTIONS):
        x, k, b = small(t, (2, 5, 7, 4), 51 + c), small(t, (3, 2, 4 // groups, 8), 52 + c), small(t, (8,), 53 + c)
        each, y, kernel = 8 // groups, 0, wide(k)
        depth = 4 // groups
        for at, part in windows(wide(x), (3, 2), strides, dilation, padding, 0):
            y = y + np.concatenate([part[..., g * depth:(g + 1) * depth] @ kernel[at][:, g * each:(g + 1) * each]
                                    for g in range(groups)], axis=-1)
        attrs = "{strides = [%d, %d], padding = %s, dilation = [%d, %d], groups = %d}" % (
            *strides, padding_text(padding), *dilation, groups)
        out = ["N"] + list(y.shape[1:])
        if c < 2:
            f.case("conv2d_%s_%d" % (t, c), {"x": x, "k": k}, {"y": narrow(y, t)}, "%y = conv2d %x, %k " + attrs, {"x": ["N", 5, 7, 4]}, {"y": out})
        f.case("conv2d_bias_%s_%d" % (t, c), {"x": x, "k": k, "b": b}, {"y": add(narrow(y, t), b)}, "%y = conv2d %x, %k, %b " + attrs)


def choices():
    f = File("Short reductions, mean, argmax, pooling and flatten.")
    for t in FLOATS + ("i8", "i32", "u8", "bool"):
        x = small(t, (3, 4, 6), 61)
        for i, (axes, keep) in enumerate([((0,), False), ((-1, 0), False), ((1,), True), ((2, 0, 1), False), ((), False)]):
            reductions(f, t, i, x, axes, keep)
        for axis in range(-3, 3):
            y = T(np.argmax(x.x, axis=axis, keepdims=axis < 0), "i32")
            f.case("argmax_%s_%d" % (t, axis + 3), {"x": x}, {"y": y},
                   "%%y = argmax %%x {axis = %d, keepdims = %s, dtype = i32}" % (axis, "true" if axis < 0 else "false"))
        f.case("argmax_%s_symbol" % t, {"x": x}, {"y": T(np.argmax(x.x, axis=1), "i64")}, "%y = argmax %x {axis = 1}",
               {"x": [3, "N", 6]})
    nan = np.nan
    rows = [[1, nan, 3, nan], [nan] * 40, [-np.inf] * 3, [0.0, -0.0], [-0.0, 0.0], [2, 2, 2], [np.inf, 1, np.inf], [-np.inf, nan],
            list(range(250)) + [249] * 350, [1] * 30 + [nan] * 30 + [5], [3] + [0] * 290 + [3]]
    for t in FLOATS:
        for i, row in enumerate(rows):         # numpy too takes the first NaN, else the first of the largest
            x = T(np.array(row), t)
            f.case("argmax_row_%s_%d" % (t, i), {"x": x}, {"y": T(np.argmax(x.x), "u64")}, "%y = argmax %x {dtype = u64}", {"x": ["N"]})
    for t in FLOATS + ("i8", "u32"):
        pools(f, t)
    return f


def reductions(f, t, i, x, axes, keep):
    dims, v = tuple(sorted(a % 3 for a in axes)), wide(x)
    attrs = "{dims = [%s]%s}" % (", ".join(map(str, axes)), ", keepdims = true" if keep else "")
    types = {"x": ["N", 4, 6]}
    out = [1 if k in dims else d for k, d in enumerate(types["x"]) if keep or k not in dims]

    def one(name, y, **how):
        f.case("%s_%s_%d" % (name, t, i), {"x": x}, {"y": y}, "%%y = %s %%x %s" % (name, attrs), types, {"y": out}, **how)
    one("reduce_max", T(x.x.max(axis=dims, keepdims=keep), t))
    one("reduce_min", T(x.x.min(axis=dims, keepdims=keep), t))
    if t == "bool":
        return
    one("reduce_sum", narrow(v.sum(axis=dims, keepdims=keep, dtype=v.dtype), t))
    if t not in FLOATS:
        one("reduce_prod", T(v.prod(axis=dims, keepdims=keep, dtype=v.dtype), t))
        return
    one("mean", narrow(v.mean(axis=dims, keepdims=keep), t), ulp=1)
    if i == 0:
        y = (T(np.where(x.x < 0, -0.5, 2), t))
        one("reduce_prod", narrow(wide(x).prod(axis=dims), t))
        f.case("reduce_prod_%s_long" % t, {"x": y}, {"y": narrow(wide(y).prod(axis=1), t)}, "%y = reduce_prod %x {dims = [1]}")


def pools(f, t):
    x = small(t, (2, 6, 7, 3), 71)
    fill = -np.inf if t in FLOATS else np.iinfo(x.x.dtype).min
    for i, (size, strides, padding) in enumerate([((2, 2), None, "valid"), ((3, 2), None, "same"), ((3, 3), (1, 2), "same"),
                                                  ((2, 3), (2, 1), [(1, 1), (0, 2)])]):
        y = np.maximum.reduce([part for _, part in windows(x.x, size, strides or size, (1, 1), padding, fill)])
        attrs = "{window = [%d, %d], %spadding = %s}" % (*size, "strides = [%d, %d], " % strides if strides else "", padding_text(padding))
        f.case("max_pool2d_%s_%d" % (t, i), {"x": x}, {"y": T(y, t)}, "%y = max_pool2d %x " + attrs, {"x": ["N", 6, 7, 3]},
               {"y": ["N"] + list(y.shape[1:])})
    for i, (axis, out) in enumerate([(1, ["N", 126]), (-1, ["N*42", 3]), (0, [1, "N*126"]), (4, ["N*126", 1])]):
        shape = [eval(str(d).replace("N", "2")) for d in out]
        f.case("flatten_%s_%d" % (t, i), {"x": x}, {"y": T(x.x.reshape(shape), t)}, "%%y = flatten %%x {axis = %d}" % axis,
               {"x": ["N", 6, 7, 3]}, {"y": out})


FILES = {"activations": activations, "products": products, "choices": choices}
