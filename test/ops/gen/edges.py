"""Cases at the edges: tensors without elements and without axes, infinities, NaNs, -0 and subnormal numbers, for ops whose
own files have other things in mind.  Several ops a graph, so that they stay cheap."""
import math

import numpy as np

import image
import layers
import rng
from elementwise import digamma, erf_inv, ieee_min, lgamma, odd_root
from emit import File, T

F = np.float32
FLOAT_UNARY = ("abs neg sign floor ceil round_nearest_even round_nearest_afz sqrt rsqrt exp exp2 expm1 log log1p logistic tanh sin cos tan"
               " asin acos atan sinh cosh asinh acosh atanh cbrt erf erfc erf_inv lgamma digamma bessel_i1e relu relu6"
               " leaky_relu elu selu gelu silu mish softplus softsign hard_sigmoid hard_swish").split()
FLOAT_BINARY = "add sub mul div rem pow atan2 max min nextafter zeta polygamma".split()
INT_BINARY = "add sub mul div rem max min and or xor shl shr_a shr_l".split()


def several(f, name, ins, rows, types=None, results=None, **slack):
    """One graph with a result for each row: (result, text, value)."""
    f.case(name, ins, {r: v for r, _, v in rows}, ["%%%s = %s" % (r, text) for r, text, _ in rows], types, results, **slack)


def empty(f):
    """Nothing in, nothing out, whatever the op; the extent that is none is the one that is not named."""
    x, i, b = T(np.zeros((2, 0), F)), T(np.zeros((2, 0), np.int32)), T(np.zeros((2, 0), np.bool_))
    rows = [(op, "%s %%x" % op, x) for op in FLOAT_UNARY] + [(op, "%s %%x, %%x" % op, x) for op in FLOAT_BINARY]
    rows += [("clamp", "clamp %x, %x, %x", x), ("finite", "is_finite %x", b), ("less", "compare %x, %x {dir = lt}", b)]
    types = {"x": ["N", 0]}
    several(f, "empty_floats", {"x": x}, rows, types, {r: ["N", 0] for r, _, _ in rows})
    rows = [(op, "%s %%i, %%i" % op, i) for op in INT_BINARY] + [(op, "%s %%i" % op, i) for op in ("not", "popcnt", "clz",
                                                                                                   "sign")]
    rows += [("select", "select %p, %i, %i", i), ("to", "convert %i {dtype = f32}", x),
             ("bits", "bitcast_convert %i {dtype = f32}", x)]
    several(f, "empty_integers", {"i": i, "p": b}, rows, {"i": ["N", 0], "p": ["N", 0]}, {r: ["N", 0] for r, _, _ in rows})

    # Sums, windows and products of nothing; what stands over no elements.
    none = T(np.zeros((0, 3), F))
    rows = [("sum", "reduce_sum %x {dims = [0]}", T(np.zeros(3, F))),
            ("prod", "reduce_prod %x {dims = [0]}", T(np.ones(3, F))),
            ("max", "reduce_max %x {dims = [0]}", T(np.full(3, -np.inf, F))),
            ("min", "reduce_min %x {dims = [0]}", T(np.full(3, np.inf, F))),
            ("sums", "reduce_sum %x {dims = [1]}", T(np.zeros(0, F))), ("steps", "cumsum %x {axis = 1}", none),
            ("products", "cumprod %x {axis = 0}", none), ("shares", "softmax %x", none),
            ("mean", "mean %x {dims = [1]}", T(np.zeros(0, F))),
            ("spread", "variance %x {dims = [1]}", T(np.zeros(0, F))),
            ("most", "argmax %x {axis = 1}", T(np.zeros(0, np.int64))),
            ("least", "argmin %x {axis = 1}", T(np.zeros(0, np.int64))),
            ("up", "broadcast_in_dim %x {shape = [N, 2, 3], dims = [0, 2]}", T(np.zeros((0, 2, 3), F))),
            ("cut", "slice %x {start = [0, 1], limit = [N, 3]}", T(np.zeros((0, 2), F))), ("flat", "flatten %x", none),
            ("part", "dynamic_slice %x, %at, %at {sizes = [0, 2]}", T(np.zeros((0, 2), F))),
            ("whole", "dynamic_update_slice %x, %x, %at, %at", none), ("norms", "rms_norm %x, %scale", none),
            ("layers", "layer_norm %x, %scale, %scale", none), ("dense", "dense %x, %w", T(np.zeros((0, 2), F))),
            ("dot", "matmul %wt, %wt0", T(np.zeros((2, 2), F))), ("slopes", "prelu %x, %scale", none),
            ("drop", "dropout %x {rate = 0.5}", none),
            ("batches", "batch_norm_inference %x, %scale, %scale, %scale, %scale", none),
            ("groups", "group_norm %x, %scale, %scale {groups = 1}", none),
            ("samples", "instance_norm %x, %scale, %scale", none), ("local", "lrn %x {size = 3}", none),
            ("windows", "reduce_window %x, %low {window = [1, 2], strides = [1, 1]} " + BODY, T(np.zeros((0, 2), F))),
            ("runs", "cumulate %x, %low {dim = 1} " + BODY, none)]
    ins = {"x": none, "low": T(F(-np.inf)), "at": T(np.int32(0)), "scale": T(np.ones(3, F)), "w": T(np.ones((3, 2), F)),
           "wt": T(np.zeros((2, 0), F)),
           "wt0": T(np.zeros((0, 2), F))}
    types = {"x": ["N", 3], "wt": [2, "N"], "wt0": ["N", 2]}
    several(f, "empty_rows", ins, rows, types,
            {r: ["N" if k == 0 and v.x.shape[0] == 0 else d for k, d in enumerate(v.x.shape)] for r, _, v in rows})
    for n, spatial in ((1, (5,)), (2, (5, 4)), (3, (5, 4, 3))):
        x, k = T(np.zeros((0,) + spatial + (2,), F)), T(np.ones((2,) * n + (2, 3), F))
        shape = [s - 1 for s in spatial]
        y, z, g = (T(np.zeros([0] + s + [c], F)) for s, c in ((shape, 3), (shape, 2), ([], 2)))
        window = "window = [%s], strides = [%s]" % (", ".join(["2"] * n), ", ".join(["1"] * n))
        rows = [("conv", "conv%dd %%x, %%k" % n, y), ("max", "max_pool%dd %%x {%s}" % (n, window), z),
                ("avg", "avg_pool%dd %%x {%s}" % (n, window), z), ("gmax", "global_max_pool%dd %%x" % n, g),
                ("gavg", "global_avg_pool%dd %%x" % n, g),
                ("back", "conv%dd_transpose %%x, %%t" % n, T(np.zeros([0] + [s + 1 for s in spatial] + [3], F)))]
        if n < 3:
            rows.append(("separate", "separable_conv%dd %%x, %%t2, %%t1" % n, T(np.zeros([0] + shape + [4], F))))
            rows.append(("depth", "depthwise_conv%dd %%x, %%t2" % n, T(np.zeros([0] + shape + [6], F))))
        t = T(np.ones((2,) * n + (3, 2), F))
        d = {"x": x, "k": k, "t": t}
        if n < 3:       # transposed kernels are [.., out, in], those of channels [.., in, multiplier]
            d["t2"] = T(np.ones((2,) * n + (2, 3), F))
            d["t1"] = T(np.ones((1,) * n + (6, 4), F))
        several(f, "empty_images_%d" % n, d, rows, {"x": ["N"] + list(x.x.shape[1:])},
                {r: ["N"] + list(v.x.shape[1:]) for r, _, v in rows})


def rank0(f):
    x, y, i, j = (T(v) for v in (F(-0.75), F(1.75), np.int32(-13), np.int32(3)))
    exact = [("abs", "abs %x", F(0.75)), ("neg", "neg %x", F(0.75)), ("sign", "sign %x", F(-1)),
             ("floor", "floor %x", F(-1)),
             ("ceil", "ceil %x", F(-0.0)), ("even", "round_nearest_even %x", F(-1)), ("away", "round_nearest_afz %x", F(-1)),
             ("sqrt", "sqrt %y", np.sqrt(F(1.75))), ("finite", "is_finite %x", np.bool_(True)),
             ("less", "compare %x, %y {dir = lt}", np.bool_(True)),
             ("add", "add %x, %y", F(1)), ("sub", "sub %x, %y", F(-2.5)), ("mul", "mul %x, %y", F(-1.3125)),
             ("div", "div %x, %y", F(-0.75) / F(1.75)),
             ("rem", "rem %y, %x", F(0.25)), ("max", "max %x, %y", F(1.75)), ("min", "min %x, %y", F(-0.75)),
             ("next", "nextafter %x, %y", np.nextafter(F(-0.75), F(2))), ("clamp", "clamp %x, %y, %y", F(1.75)),
             ("select", "select %p, %x, %y", F(-0.75)),
             ("to", "convert %y {dtype = i8}", np.int8(1)),
             ("bits", "bitcast_convert %x {dtype = u32}", F(-0.75).view(np.uint32)),
             ("short", "reduce_precision %y {exponent_bits = 5, mantissa_bits = 1}", F(2)), ("relu", "relu %x", F(0)),
             ("wide", "relu6 %y", F(1.75))]
    several(f, "rank0_exact", {"x": x, "y": y, "p": T(np.bool_(True))}, [(r, t, T(v)) for r, t, v in exact])
    whole = [("add", -10), ("sub", -16), ("mul", -39), ("div", -4), ("rem", -1), ("max", 3), ("min", -13), ("and", -13 & 3),
             ("or", -13 | 3),
             ("xor", -13 ^ 3), ("shl", -104), ("shr_a", -2), ("shr_l", (2**32 - 13) >> 3)]
    rows = [(op, "%s %%i, %%j" % op, T(np.int32(v))) for op, v in whole]
    rows += [("not", "not %i", T(np.int32(12))), ("popcnt", "popcnt %j", T(np.int32(2))), ("clz", "clz %j", T(np.int32(30))),
             ("sign", "sign %i", T(np.int32(-1)))]
    several(f, "rank0_integers", {"i": i, "j": j}, rows)
    c = 0.75
    near = {"rsqrt": 1 / math.sqrt(c), "exp": math.exp(c), "exp2": 2.0 ** c, "expm1": math.expm1(c), "log": math.log(c),
            "log1p": math.log1p(c),
            "logistic": 1 / (1 + math.exp(-c)), "tanh": math.tanh(c), "sin": math.sin(c), "cos": math.cos(c),
            "tan": math.tan(c), "asin": math.asin(c),
            "acos": math.acos(c), "atan": math.atan(c), "sinh": math.sinh(c), "cosh": math.cosh(c), "asinh": math.asinh(c),
            "atanh": math.atanh(c),
            "cbrt": odd_root(c), "erf": math.erf(c), "erfc": math.erfc(c), "erf_inv": erf_inv(c), "lgamma": lgamma(c), "digamma": digamma(c),
            "silu": c / (1 + math.exp(-c)),
            "softplus": math.log1p(math.exp(c)), "softsign": c / (1 + c), "gelu": c * (1 + math.erf(c / math.sqrt(2))) / 2,
            "mish": c * math.tanh(math.log1p(math.exp(c))), "hard_sigmoid": c / 6 + 0.5, "hard_swish": c * (c + 3) / 6,
            "elu": c, "leaky_relu": c}
    rows = [(op, "%s %%x" % op, T(F(v))) for op, v in near.items()]
    rows += [("acosh", "acosh %y", T(F(math.acosh(1.75)))), ("pow", "pow %y, %x", T(F(1.75 ** 0.75))),
             ("atan2", "atan2 %x, %y", T(F(math.atan2(0.75, 1.75))))]
    several(f, "rank0_near", {"x": T(F(c)), "y": y}, rows, ulp=4)


def subnormal(f):
    """The functions whose own cases have none."""
    x = np.array([1.401298464324817e-45, -1.401298464324817e-45, 1e-40, -3e-39, 1.1754942106924411e-38], F)
    exact = [float(v) for v in x]
    fns = {"exp": math.exp, "exp2": lambda v: 2.0 ** v, "expm1": math.expm1, "log": lambda v: math.log(v) if v > 0 else math.nan, "log1p": math.log1p,
           "logistic": lambda v: 0.5, "tanh": math.tanh, "erf": math.erf,
           "digamma": lambda v: -math.copysign(math.inf, v) if abs(v) < 2.9e-39 else -1 / v,
           "rsqrt": lambda v: 1 / math.sqrt(v) if v > 0 else math.nan}
    with np.errstate(over="ignore"):
        rows = [(op, "%s %%x" % op, T(np.array([fn(v) for v in exact], np.float64), "f32")) for op, fn in fns.items()]
        rows += [("root", "pow %x, %half", T(np.array([v ** 0.5 if v > 0 else math.nan for v in exact]), "f32")),
                 ("one", "pow %two, %x", T(np.ones(5, F)))]
        several(f, "subnormal_near", {"x": T(x), "half": T(np.full(5, 0.5, F)), "two": T(np.full(5, 2, F))}, rows, ulp=4)
    rows = [("relu", "relu %x", np.maximum(x, F(0))), ("sums", "cumsum %x {axis = 0}", np.cumsum(x, dtype=F)),
            ("sorted", "sort %x {dim = 0} (%a: f32[], %b: f32[]) { %c = compare %a, %b {dir = lt}  yield %c }", np.sort(x)),
            ("largest", "argmax %x {axis = 0}", np.argmax(x)), ("least", "argmin %x {axis = 0}", np.argmin(x))]
    several(f, "subnormal_exact", {"x": T(x)}, [(r, t, T(v)) for r, t, v in rows])


def moved(f):
    """What only moves elements keeps every bit of them; so does an operand that a mask hides."""
    x = np.array([[np.nan, np.inf, -np.inf], [-0.0, 1e-45, -1e-40], [3e38, -2.5, 0.0]], F)
    z, at = F(-0.0), np.array([2, 0], np.int32)
    pad = np.full((4, 5), z, F)
    pad[1:, ::2] = x
    masks = np.array([[True, False, True], [False, True, False], [True, True, False]])
    scattered = x.copy()
    scattered[at] = x[:2]
    rows = [("back", "reverse %x {dims = [0, 1]}", x[::-1, ::-1]), ("turned", "transpose %x {permutation = [1, 0]}", x.T),
            ("cut", "slice %x {start = [0, 0], limit = [N, 3], strides = [1, 2]}", x[:, ::2]),
            ("padded", "pad %x, %z {low = [1, 0], high = [0, 0], interior = [0, 1]}", pad),
            ("joined", "concatenate %x, %x {dim = 1}", np.concatenate([x, x], 1)),
            ("flat", "reshape %x {shape = [N*3]}", x.ravel()),
            ("up", "broadcast_in_dim %x {shape = [N, 2, 3], dims = [0, 2]}", np.repeat(x[:, None], 2, 1)),
            ("row", "dynamic_slice %x, %one, %zero {sizes = [1, 3]}", x[1:2]),
            ("over", "dynamic_update_slice %x, %r, %one, %zero", np.concatenate([x[:1], x[2:], x[2:]])),
            ("taken", "take %x, %at", x[at]),
            ("rows", "gather_nd %x, %atnd", x[at]), ("looked", "embedding %at, %x", x[at]),
            ("stacked", "stack %x, %x {axis = 1}", np.stack([x, x], 1)),
            ("left", None, x[:, :1]), ("right", None, x[:, 1:]), ("tiled", "tile %x {repeats = [1, 2]}", np.tile(x, (1, 2))),
            ("rolled", "roll %x {shift = [1], dims = [1]}", np.roll(x, 1, 1)),
            ("upper", "triu %x", np.triu(x)), ("lower", "tril %x", np.tril(x)),
            ("chosen", "where %p, %x, %z", np.where(masks, x, z)),
            ("picked", "select %p, %x, %x", x), ("merged", "flatten %x", x),
            ("more", "expand_dims %x {dims = [1]}", x[:, None]),
            ("less", "squeeze %more {dims = [1]}", x), ("same", "optimization_barrier %x", x),
            ("put", "scatter_nd %x, %atnd, %u", scattered),
            ("hot", "one_hot %at {num_classes = 3}", np.eye(3, dtype=F)[at])]
    body = ["%%%s = %s" % (r, t) for r, t, _ in rows if t]
    body.insert(13, "%left, %right = split %x {sizes = [1, 2], axis = 1}")
    ins = {"x": T(x), "z": T(z), "one": T(np.int32(1)), "zero": T(np.int32(0)), "r": T(x[2:]), "at": T(at),
           "atnd": T(at[:, None]), "p": T(masks), "u": T(x[:2])}
    dims = {"turned": [3, "N"], "padded": ["N+1", 5], "flat": ["N*3"], "row": [1, 3], "taken": [2, 3], "rows": [2, 3],
            "looked": [2, 3], "hot": [2, 3]}
    results = {r: dims.get(r, ["N"] + list(v.shape[1:])) for r, _, v in rows}
    f.case("moved", ins, {r: T(v) for r, _, v in rows}, body, {"x": ["N", 3], "p": ["N", 3]}, results)


def reduced(f):
    """Rows with one kind of odd number each."""
    tiny = 1.401298464324817e-45
    x = np.array([[1, np.nan, 2], [np.inf, 1, 2], [np.inf, -np.inf, 1], [-0.0, -0.0, -0.0], [tiny, 2 * tiny, -tiny],
                  [0.0, -0.0, 0.0]], F)
    with np.errstate(all="ignore"):
        top = -ieee_min(-ieee_min(x[:, 0], x[:, 0]), -x[:, 1])
        top, low = -ieee_min(-top, -x[:, 2]), ieee_min(ieee_min(x[:, 0], x[:, 1]), x[:, 2])
        mean = np.sum(x, 1, dtype=F) + F(0)
        rows = [("sum", "reduce_sum %x {dims = [1]}", mean),
                ("prod", "reduce_prod %x {dims = [1]}", x[:, 0] * x[:, 1] * x[:, 2]),
                ("max", "reduce_max %x {dims = [1]}", top), ("min", "reduce_min %x {dims = [1]}", low),
                ("mean", "mean %x {dims = [1]}", mean / F(3)),
                ("spread", "variance %x {dims = [1]}", np.mean((x - (mean / F(3))[:, None]) ** 2, 1, dtype=F)),
                ("norm", "norm %x {dims = [1]}", np.sqrt(np.sum(x * x, 1, dtype=F)))]
        several(f, "reduced_rows", {"x": T(x)}, [(r, t, T(v)) for r, t, v in rows], {"x": ["N", 3]},
                {r: ["N"] for r, _, _ in rows})
        finite = x[:3]
        e = np.exp(finite - np.max(finite, 1, keepdims=True))
        ones, root = np.ones(3, F), lambda v: np.sqrt(v, dtype=F)
        centred = finite - np.mean(finite, 1, keepdims=True)
        rows = [("shares", "softmax %x", e / e.sum(1, keepdims=True)),
                ("layer", "layer_norm %x, %s, %s", centred / root(np.mean(centred ** 2, 1, keepdims=True) + F(1e-5)) + ones),
                ("rms", "rms_norm %x, %s", finite / root(np.mean(finite ** 2, 1, keepdims=True) + F(1e-6)) * ones),
                ("batch", "batch_norm_inference %x, %s, %s, %s, %s", (finite - ones) / root(ones + F(1e-3)) + ones)]
        several(f, "normed_rows", {"x": T(finite), "s": T(ones)}, [(r, t, T(v)) for r, t, v in rows], {"x": ["N", 3]},
                {r: ["N", 3] for r, _, _ in rows}, eps=4)

        a, b = np.array([[np.inf, 0], [np.nan, 1], [-0.0, -0.0], [tiny, 1e-40]], F), np.array([[0, 1], [1, -1]], F)
        y = a[:, :1] * b[:1] + a[:, 1:] * b[1:]
        several(f, "products", {"a": T(a), "b": T(b)},
                [(r, t, T(y + F(0))) for r, t in (("matmul", "matmul %a, %b"), ("dense", "dense %a, %b"),
                ("einsum", "einsum %a, %b {equation = \"ij,jk->ik\"}"))], {"a": ["N", 2]},
                {r: ["N", 2] for r in ("matmul", "dense", "einsum")})


def windows(f):
    for n in (1, 2, 3):
        shape, odd = image.SPATIAL[n], [np.nan, np.inf, -np.inf, -0.0, 1.401298464324817e-45, 3e38]
        x = np.ones((2,) + shape + (2,), F)
        x.reshape(-1)[:6 * 3:3] = odd
        k = np.ones((2,) * n + (2, 1), F)
        k.reshape(-1)[-1] = np.inf            # times the padding's 0: NaN at the edge
        window = "window = [%s], strides = [%s]" % (", ".join(["2"] * n), ", ".join(["1"] * n))
        views = [x[(slice(None),) + tuple(slice(o, s - 1 + o) for o,
                                          s in zip(np.unravel_index(i, (2,) * n), shape))] for i in range(2**n)]
        with np.errstate(all="ignore"):
            most = views[0]
            for v in views[1:]:
                most = -ieee_min(-most, -v)
            flat = x.reshape(2, -1, 2)
            gmost = flat[:, 0]
            for v in range(1, flat.shape[1]):
                gmost = -ieee_min(-gmost, -flat[:, v])
            y = image.convolution(x, k, (1,) * n, (1,) * n, "same", 1) + F(0)
            means = flat.sum(1, dtype=np.float64) / flat.shape[1]
            mean = sum(v.astype(np.float64) for v in views) / 2**n
        g = {r: ["N", 2] for r in ("gmax", "gavg")}
        several(f, "windows_%d" % n, {"x": T(x)},
                [("max", "max_pool%dd %%x {%s}" % (n, window), T(most)), ("gmax", "global_max_pool%dd %%x" % n, T(gmost))],
                {"x": ["N"] + list(x.shape[1:])}, {"max": ["N"] + list(most.shape[1:]), "gmax": g["gmax"]})
        several(f, "means_%d" % n, {"x": T(x), "k": T(k)},
                [("avg", "avg_pool%dd %%x {%s}" % (n, window), T(mean, "f32")),
                 ("gavg", "global_avg_pool%dd %%x" % n, T(means, "f32")),
                ("conv", "conv%dd %%x, %%k {padding = same}" % n, T(y))], {"x": ["N"] + list(x.shape[1:])},
                {"avg": ["N"] + list(mean.shape[1:]), "gavg": g["gavg"], "conv": ["N"] + list(y.shape[1:])}, ulp=4)


BODY = "(%a: f32[], %b: f32[]) { %c = max %a, %b  yield %c }"
ODD = np.array([[np.nan, np.inf, -np.inf], [-0.0, 1.401298464324817e-45, -1e-40], [3e38, -2.5, 0.0]], F)


def steps(f):
    """Loops and branches around odd numbers, and around none; N is 3 and 0."""
    for name, x in (("odd", ODD), ("none", ODD[:0])):
        last = np.full(3, -np.inf, F)
        for row in x:
            last = -ieee_min(-last, -row)
        body = ["%w = while %x cond (%v: f32[N, 3]) { %no = constant false : bool[]  yield %no } do (%v: f32[N, 3]) { %m = neg %v  yield %m }",
                "%c = cond %p then { %m = neg %x  yield %m } else { yield %x }",
                "%k = case %i branch { yield %x } branch { %m = neg %x  yield %m }",
                "%l, %s = scan %r, %x {carry = 1} (%a: f32[3], %b: f32[3]) { %m = max %a, %b  %n = neg %b  yield %m, %n }",
                "%q = call @minus_NAME(%x) : f32[N, 3]".replace("NAME", name),
                "%o = optimization_barrier %x", "%e = expand_dims %x {dims = [0]}", "%z = squeeze %e {dims = [0]}",
                "%u = where %h, %x, %x"]
        h = np.ones(x.shape, np.bool_)
        outs = {"w": x, "c": -x, "k": -x, "l": last, "s": -x, "q": -x, "o": x, "e": x[None], "z": x, "u": x}
        results = {n: [1, "N", 3] if n == "e" else ["N", 3] for n in outs if n != "l"}
        f.case("steps_" + name, {"x": T(x), "p": T(np.bool_(True)), "i": T(np.int32(7)), "r": T(np.full(3, -np.inf, F)),
                                 "h": T(h)},
               {n: T(v) for n, v in outs.items()}, body, {"x": ["N", 3], "h": ["N", 3]}, results,
               extra="graph @minus_%s(%%x: f32[N, 3]) -> (%%y: f32[N, 3]) {\n  %%y = neg %%x\n  return %%y\n}" % name)


def indexed(f):
    x, at = ODD, np.array([[2], [0]], np.int32)
    put = x.copy()
    put[[2, 0]] = x[:2]
    run = x.copy()
    for k in (1, 2):
        run[k] = -ieee_min(-run[k - 1], -run[k])
    pairs = -ieee_min(-x[:2], -x[1:])
    rows = [("g", "gather %x, %at {offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1, slice_sizes = [1, 3]}", x[[2, 0]]),
            ("s", "scatter %x, %at, %u {update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1} (%a: f32[], %b: f32[]) { yield %b }", put),
            ("w", "reduce_window %x, %low {window = [2, 1], strides = [1, 1]} " + BODY, pairs),
            ("k", "cumulate %x, %low {dim = 0} " + BODY, run)]
    several(f, "indexed", {"x": T(x), "at": T(at), "u": T(x[:2]), "low": T(F(-np.inf))}, [(r, t, T(v)) for r, t, v in rows],
            {"x": ["N", 3]}, {"g": [2, 3], "s": ["N", 3], "w": ["N-1", 3], "k": ["N", 3]})
    finite = np.where(np.isnan(x), F(1), x)        # NaNs keep no bits
    several(f, "bits", {"x": T(finite)}, [("b", "bitcast_convert %x {dtype = u32}", T(finite.view(np.uint32)))],
            {"x": ["N", 3]}, {"b": ["N", 3]})
    e, f0, i0 = np.zeros((0,), np.int32), np.zeros((0, 3), F), np.zeros((0, 1), np.int32)
    rows = [("g", "embedding %i, %x", f0), ("h", "one_hot %i {num_classes = 3}", f0), ("s", "scatter_nd %x, %j, %u", x),
            ("w", "where %p, %u, %u", f0)]
    several(f, "indexed_none", {"x": T(x), "i": T(e), "j": T(i0), "u": T(f0), "p": T(np.zeros((0, 3), np.bool_))},
            [(r, t, T(v)) for r, t, v in rows],
            {"i": ["N"], "j": ["N", 1], "u": ["N", 3], "p": ["N", 3]}, {"g": ["N", 3], "h": ["N", 3], "w": ["N", 3]})


def layered(f):
    """One sample with an odd number beside one without."""
    x = (np.arange(2 * 4 * 4, dtype=F).reshape(2, 4, 4) % 7 - 3) / 4
    one = np.ones(4, F)
    for name, odd in (("nan", np.nan), ("inf", np.inf)):
        x[0, 1, 2] = odd
        with np.errstate(all="ignore"):
            def normal(v, over):
                return (v - v.mean(axis=over, keepdims=True)) / np.sqrt(v.var(axis=over, keepdims=True) + 1e-3)
            v = x.astype(np.float64)
            square = np.pad(v * v, [(0, 0), (0, 0), (1, 1)])
            sums = square[..., :-2] + square[..., 1:-1] + square[..., 2:]
            gelu = np.array([c * (1 + math.erf(c / math.sqrt(2))) / 2 for c in v.ravel()]).reshape(v.shape)
            top = v.max(axis=2, keepdims=True)
            shares = v - top - np.log(np.exp(v - top).sum(axis=2, keepdims=True))
            rows = [("group", "group_norm %x, %s, %s {groups = 2}",
                     normal(v.reshape(2, 4, 2, 2), (1, 3)).reshape(v.shape) + 1),
                    ("instance", "instance_norm %x, %s, %s", normal(v, (1,)) + 1),
                    ("lrn", "lrn %x {size = 3}", v / (1 + 1e-4 / 3 * sums) ** 0.75),
                    ("gelu", "gelu %x", gelu), ("prelu", "prelu %x, %s", v), ("logs", "log_softmax %x", shares)]
            several(f, "layers_" + name, {"x": T(x), "s": T(one)}, [(r, t, T(y, "f32")) for r, t, y in rows],
                    {"x": ["N", 4, 4]},
                    {r: ["N", 4, 4] for r, _, _ in rows}, eps=16)
            k, d, p = np.ones((2, 3, 4), F), np.ones((2, 4, 2), F), np.full((1, 8, 1), 0.5, F)
            wide = [a.astype(np.float64) for a in (k, d, p)]
            deep = image.depthwise(v, wide[1], (1,), (1,), "valid")
            rows = [("back", "conv1d_transpose %x, %k", image.transposed(v, wide[0], (1,), (1,), "valid", 1, None)),
                    ("depth", "depthwise_conv1d %x, %d", deep),
                    ("separate", "separable_conv1d %x, %d, %p", deep @ wide[2][0])]
            several(f, "filters_" + name, {"x": T(x), "k": T(k), "d": T(d), "p": T(p)},
                    [(r, t, T(y, "f32")) for r, t, y in rows], {"x": ["N", 4, 4]},
                    {r: ["N"] + list(y.shape[1:]) for r, _, y in rows}, eps=4)
            r, z = np.full((2, 8), 0.25), np.zeros((2, 2))
            four, three = np.full((4, 8), 0.25), np.full((4, 6), -0.25)
            lstm = layers.lstm(v, four, r, np.zeros(8), z, z, np.tanh, layers.sigmoid, False)
            gru = layers.gru(v, three, r[:, :6], np.zeros((2, 6)), z, np.tanh, layers.sigmoid, False, True)
            rnn = layers.simple_rnn(v, three[:, :2], r[:, :2], np.zeros(2), z, np.tanh, False)
        ins = {"x": x, "k4": four, "r4": r, "b4": np.zeros(8), "k3": three, "r3": r[:, :6], "b3": np.zeros((2, 6)),
               "k1": three[:, :2], "r1": r[:, :2], "b1": np.zeros(2)}
        outs = dict(zip(("l", "lh", "lc", "g", "gh", "s", "sh"), lstm + gru + rnn))
        f.case("recurrent_" + name, {n: T(a, "f32") for n, a in ins.items()}, {n: T(y, "f32") for n, y in outs.items()},
               ["%l, %lh, %lc = lstm %x, %k4, %r4, %b4", "%g, %gh = gru %x, %k3, %r3, %b3",
                "%s, %sh = simple_rnn %x, %k1, %r1, %b1"],
               {"x": ["N", 4, 4]}, {n: ["N"] + list(y.shape[1:]) for n, y in outs.items()}, eps=16)


def drawn(f):
    """As many random numbers as an input has rows: some, and none."""
    for n in (5, 0):
        state = [0x0123456789ABCDEF, 3, 0]
        (y, after), (w, _) = rng.uniform(state, "philox", "f32", (n, 3), 0.0, 1.0), rng.bits(state, "philox", "u32", (n, 3))
        z = np.array([rng.erf_inv((2 * (int(v) >> 8) + 1 - 2**24) / 2**24) * 2**0.5 for v in w.x.ravel()]).reshape((n, 3))
        ins, types = {"s": T(np.array(state, np.uint64)), "x": T(np.ones((n, 3), F))}, {"x": ["N", 3]}
        f.case("drawn_%d" % n, ins, {"t": after, "y": y, "tw": after, "w": w,
                                     "i": T(np.repeat(np.arange(n, dtype=np.int32), 3).reshape(n, 3)), "d": T(np.int64(n))},
               ["%t, %y = random_uniform %s {shape = [N, 3]}", "%tw, %w = rng_bits %s {dtype = u32, shape = [N, 3]}",
                "%i = iota {dim = 0, dtype = i32, shape = [N, 3]}", "%d = dimension {value = N}"], types,
               {r: ["N", 3] for r in "ywi"})
        f.case("drawn_normal_%d" % n, ins, {"t": after, "z": T(z, "f32")}, "%t, %z = random_normal %s {shape = [N, 3]}",
               types, {"z": ["N", 3]}, eps=8)


def edges():
    f = File("Edges: no elements, no axes, infinities, NaNs, -0 and subnormal numbers.")
    empty(f)
    rank0(f)
    subnormal(f)
    moved(f)
    reduced(f)
    windows(f)
    steps(f)
    indexed(f)
    layered(f)
    drawn(f)
    return f


FILES = {"edges": edges}
