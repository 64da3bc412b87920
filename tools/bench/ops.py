#!/usr/bin/env python3
"""Every op on about a million elements beside numpy and JAX, one thread, in turns, in one process.

Usage: ops.py BUILD_DIR [REGEX of rows]     (needs numpy and jax from PyPI)

Times are of the CPU, so that other work on the machine counts little.  A row's ratio is our time over that of the faster of
the two (best of the rounds); the ten worst end the report.  Ops of the table without a row are named, so that none is
forgotten.
"""
import ctypes, os, re, subprocess, sys, tempfile, time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
for pool in ("OMP", "OPENBLAS", "MKL"):
    os.environ[pool + "_NUM_THREADS"] = "1"

import numpy as np
import jax
import jax.numpy as jnp
from jax import lax, random
import jax.scipy.special as special

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NUMPY = {"bool": np.bool_, "f16": np.float16, "f32": np.float32, "f64": np.float64, "i8": np.int8, "i32": np.int32,
         "i64": np.int64, "u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "u64": np.uint64,
         "c64": np.complex64, "c128": np.complex128}
SQUARE = "f32[1024,1024]"
INTS = "i32[1024,1024]"
ROUNDS, LEAST = 7, 0.02    # rounds of at least so many seconds each

# Ops that do no work of their own, and those that only passes make.
WITHOUT = "constant weight dimension define_size custom_call call fusion yield return".split()
rows = []


def row(name, ins, body, outs, numpy=None, jax=None, note=""):
    """ins: "TYPE" or "TYPE KIND" of %a, %b, ...; body: lines that end in %y, %z, ... of the types outs."""
    rows.append((name, ins, body, outs, numpy, jax, note))


def unary():
    table = {"abs": np.abs, "neg": np.negative, "sign": np.sign, "floor": np.floor, "ceil": np.ceil,
             "round_nearest_even": np.rint, "round_nearest_afz": None, "is_finite": np.isfinite, "sqrt": np.sqrt, "rsqrt": None,
             "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "logistic": None, "tanh": np.tanh,
             "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
             "sinh": np.sinh, "cosh": np.cosh, "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh, "cbrt": np.cbrt,
             "erf": None, "erfc": None, "erf_inv": None, "lgamma": None, "digamma": None}
    theirs = {"round_nearest_even": lambda x: lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN),
              "round_nearest_afz": lambda x: lax.round(x, lax.RoundingMethod.AWAY_FROM_ZERO)}
    kinds = {"sqrt": "positive", "rsqrt": "positive", "log": "positive", "acosh": "over1", "lgamma": "positive", "digamma": "positive"}
    for name, f in table.items():
        row(name, [f"{SQUARE} {kinds.get(name, '')}"], f"%y = {name} %a", ["bool[1024,1024]" if name == "is_finite" else SQUARE],
            f, theirs.get(name) or getattr(lax, name))
    row("not", [INTS], "%y = not %a", [INTS], np.invert, lax.bitwise_not)
    row("popcnt", [INTS], "%y = popcnt %a", [INTS], None, lax.population_count)
    row("clz", [INTS], "%y = clz %a", [INTS], None, lax.clz)
    for name, f in {"relu": jax.nn.relu, "relu6": jax.nn.relu6, "leaky_relu": jax.nn.leaky_relu, "elu": jax.nn.elu, "selu": jax.nn.selu,
                    "gelu": lambda x: jax.nn.gelu(x, approximate=False), "silu": jax.nn.silu, "softplus": jax.nn.softplus,
                    "mish": jax.nn.mish, "softsign": jax.nn.soft_sign, "hard_sigmoid": jax.nn.hard_sigmoid,
                    "hard_swish": jax.nn.hard_swish}.items():
        row(name, [SQUARE], f"%y = {name} %a", [SQUARE], None, f)
    row("prelu", [SQUARE, "f32[1024]"], "%y = prelu %a, %b", [SQUARE], None, lambda a, b: jnp.where(a > 0, a, a * b))
    row("convert", [SQUARE], "%y = convert %a {dtype = i32}", [INTS], lambda a: a.astype(np.int32), lambda a: lax.convert_element_type(a, np.int32))
    row("convert.f16", [SQUARE], "%y = convert %a {dtype = f16}", ["f16[1024,1024]"], lambda a: a.astype(np.float16),
        lambda a: lax.convert_element_type(a, np.float16))
    row("reduce_precision", [SQUARE], "%y = reduce_precision %a {exponent_bits = 5, mantissa_bits = 10}", [SQUARE], None,
        lambda a: lax.reduce_precision(a, 5, 10))
    row("bitcast_convert", [SQUARE], "%y = bitcast_convert %a {dtype = u32}", ["u32[1024,1024]"], lambda a: a.view(np.uint32).copy(),
        lambda a: lax.bitcast_convert_type(a, np.uint32))


def binary():
    for name, f in {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "rem": np.fmod, "pow": np.power,
                    "atan2": np.arctan2, "max": np.maximum, "min": np.minimum, "nextafter": np.nextafter}.items():
        row(name, [f"{SQUARE} {'positive' if name == 'pow' else ''}", f"{SQUARE} {'positive' if name == 'rem' else ''}"],
            f"%y = {name} %a, %b", [SQUARE], f, getattr(lax, name))
    row("div.int", [INTS, f"{INTS} over1"], "%y = div %a, %b", [INTS], None, lax.div)
    row("rem.int", [INTS, f"{INTS} over1"], "%y = rem %a, %b", [INTS], np.fmod, lax.rem)
    for name, f, g in (("and", np.bitwise_and, lax.bitwise_and), ("or", np.bitwise_or, lax.bitwise_or), ("xor", np.bitwise_xor, lax.bitwise_xor),
                       ("shl", np.left_shift, lax.shift_left), ("shr_a", np.right_shift, lax.shift_right_arithmetic),
                       ("shr_l", None, lax.shift_right_logical)):
        row(name, [INTS, f"{INTS} positive"], f"%y = {name} %a, %b", [INTS], f, g)
    row("compare", [SQUARE, SQUARE], "%y = compare %a, %b {dir = lt}", ["bool[1024,1024]"], np.less, lax.lt)
    row("select", ["bool[1024,1024]", SQUARE, SQUARE], "%y = select %a, %b, %c", [SQUARE], np.where, lax.select)
    row("where", ["bool[1024,1024]", SQUARE, "f32[1024]"], "%y = where %a, %b, %c", [SQUARE], np.where, jnp.where)
    row("clamp", [SQUARE, SQUARE, SQUARE], "%y = clamp %a, %b, %c", [SQUARE], lambda a, b, c: np.clip(b, a, c), lax.clamp)


def movement():
    row("iota", ["f32[1]"], "%i = iota {dim = 1, dtype = f32, shape = [1024, 1024]}  %k = reshape %a {shape = []}  %y = add %i, %k", [SQUARE],
        lambda a: np.arange(1024, dtype=np.float32)[None, :] + np.broadcast_to(a, (1024, 1)), lambda a: lax.broadcasted_iota(np.float32, (1024, 1024), 1) + a[0])
    row("broadcast_in_dim", ["f32[1024]"], "%y = broadcast_in_dim %a {shape = [1024, 1024], dims = [0]}", [SQUARE],
        lambda a: np.repeat(a[:, None], 1024, 1), lambda a: lax.broadcast_in_dim(a, (1024, 1024), (0,)))
    row("reshape", [SQUARE], "%y = reshape %a {shape = [2048, 512]}", ["f32[2048,512]"], lambda a: a.reshape(2048, 512).copy(), lambda a: a.reshape(2048, 512))
    row("transpose", [SQUARE], "%y = transpose %a {permutation = [1, 0]}", [SQUARE], lambda a: np.ascontiguousarray(a.T), lambda a: a.T)
    row("transpose.210", ["f32[64,128,128]"], "%y = transpose %a {permutation = [2, 1, 0]}", ["f32[128,128,64]"],
        lambda a: np.ascontiguousarray(a.T), lambda a: a.T)
    row("reverse", [SQUARE], "%y = reverse %a {dims = [0, 1]}", [SQUARE], lambda a: np.ascontiguousarray(a[::-1, ::-1]), lambda a: lax.rev(a, (0, 1)))
    row("slice", ["f32[2048,1024]"], "%y = slice %a {start = [100, 0], limit = [1124, 1024]}", [SQUARE], lambda a: a[100:1124].copy(), lambda a: a[100:1124])
    row("slice.strided", ["f32[1024,2048]"], "%y = slice %a {start = [0, 0], limit = [1024, 2048], strides = [1, 2]}", [SQUARE],
        lambda a: np.ascontiguousarray(a[:, ::2]), lambda a: a[:, ::2])
    row("pad", [SQUARE, "f32[1]"], "%k = reshape %b {shape = []}  %y = pad %a, %k {low = [1, 2], high = [3, 4]}", ["f32[1028,1030]"],
        lambda a, b: np.pad(a, ((1, 3), (2, 4)), constant_values=b[0]), lambda a, b: lax.pad(a, b[0], ((1, 3, 0), (2, 4, 0))))
    row("pad.interior", ["f32[512,1024]", "f32[1]"], "%k = reshape %b {shape = []}  %y = pad %a, %k {low = [0, 0], high = [0, 1], interior = [0, 1]}",
        ["f32[512,2048]"], None, lambda a, b: lax.pad(a, b[0], ((0, 0, 0), (0, 1, 1))))
    row("concatenate", ["f32[1024,500]", "f32[1024,524]"], "%y = concatenate %a, %b {dim = 1}", [SQUARE],
        lambda a, b: np.concatenate([a, b], 1), lambda a, b: lax.concatenate([a, b], 1))
    row("stack", ["f32[1024,512]", "f32[1024,512]"], "%y = stack %a, %b {axis = 2}", ["f32[1024,512,2]"], lambda a, b: np.stack([a, b], 2),
        lambda a, b: jnp.stack([a, b], 2))
    row("split", [SQUARE], "%y, %z = split %a {sizes = [400, 624], axis = 1}", ["f32[1024,400]", "f32[1024,624]"],
        lambda a: [v.copy() for v in np.split(a, [400], 1)], lambda a: jnp.split(a, [400], 1))
    row("tile", ["f32[512,512]"], "%y = tile %a {repeats = [2, 2]}", [SQUARE], lambda a: np.tile(a, (2, 2)), lambda a: jnp.tile(a, (2, 2)))
    row("roll", [SQUARE], "%y = roll %a {shift = [100], dims = [1]}", [SQUARE], lambda a: np.roll(a, 100, 1), lambda a: jnp.roll(a, 100, 1))
    row("tril", [SQUARE], "%y = tril %a", [SQUARE], np.tril, jnp.tril)
    row("triu", [SQUARE], "%y = triu %a", [SQUARE], np.triu, jnp.triu)
    row("flatten", ["f32[16,256,256]"], "%y = flatten %a", ["f32[16,65536]"], lambda a: a.reshape(16, -1).copy(), lambda a: a.reshape(16, -1))
    row("squeeze", ["f32[1024,1,1024]"], "%y = squeeze %a {dims = [1]}", [SQUARE], lambda a: a[:, 0].copy(), lambda a: jnp.squeeze(a, 1))
    row("expand_dims", [SQUARE], "%y = expand_dims %a {dims = [1]}", ["f32[1024,1,1024]"], lambda a: a[:, None].copy(), lambda a: a[:, None])
    row("optimization_barrier", [SQUARE], "%b = neg %a  %c = optimization_barrier %b  %y = neg %c", [SQUARE], lambda a: -(-a),
        lambda a: -lax.optimization_barrier(-a))
    row("dynamic_slice", ["f32[2048,1024]", "i64[2] index100"],
        "%p = slice %b {start = [0], limit = [1]}  %i = reshape %p {shape = []}  %y = dynamic_slice %a, %i, 0 {sizes = [1024, 1024]}", [SQUARE],
        lambda a, b: a[b[0]:b[0] + 1024].copy(), lambda a, b: lax.dynamic_slice(a, (b[0], 0), (1024, 1024)))
    row("dynamic_update_slice", [SQUARE, "f32[100,1024]", "i64[2] index100"],
        "%p = slice %c {start = [0], limit = [1]}  %i = reshape %p {shape = []}  %y = dynamic_update_slice %a, %b, %i, 0", [SQUARE],
        None, lambda a, b, c: lax.dynamic_update_slice(a, b, (c[0], 0)))


def by_index():
    row("gather", [SQUARE, "i64[1024,1] index1024"], "%y = gather %a, %b {offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], "
        "index_vector_dim = 1, slice_sizes = [1, 1024]}", [SQUARE], lambda a, b: a[b[:, 0]], lambda a, b: a[b[:, 0]])
    row("take", ["f32[65536]", "i32[1048576] index65536"], "%y = take %a, %b", ["f32[1048576]"], lambda a, b: a[b], lambda a, b: jnp.take(a, b))
    row("embedding", ["i32[16384] index5000", "f32[5000,64]"], "%y = embedding %a, %b", ["f32[16384,64]"], lambda a, b: b[a], lambda a, b: b[a])
    row("gather_nd", ["f32[1024,1024]", "i64[524288,2] index1024"], "%y = gather_nd %a, %b", ["f32[524288]"], lambda a, b: a[b[:, 0], b[:, 1]],
        lambda a, b: a[b[:, 0], b[:, 1]])
    body = "(%p: f32[], %q: f32[]) { %r = add %p, %q  yield %r }"
    def add_at(a, b, c):
        a = a.copy()
        np.add.at(a, b[:, 0], c)
        return a
    row("scatter", ["f32[65536]", "i64[524288,1] index65536", "f32[524288]"],
        f"%y = scatter %a, %b, %c {{update_window_dims = [], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1}} {body}",
        ["f32[65536]"], add_at, lambda a, b, c: a.at[b[:, 0]].add(c))
    row("scatter.rows", [SQUARE, "i64[1024,1] index1024", SQUARE],
        f"%y = scatter %a, %b, %c {{update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1}} {body}",
        [SQUARE], None, lambda a, b, c: a.at[b[:, 0]].add(c))
    row("scatter_nd", ["f32[65536]", "i64[524288,1] index65536", "f32[524288]"], "%y = scatter_nd %a, %b, %c", ["f32[65536]"],
        None, lambda a, b, c: a.at[b[:, 0]].set(c))
    def image(method, *to):
        return lambda a: jax.image.resize(a, to, method, antialias=False)
    row("resize", ["f32[16,64,128]"], '%y = resize %a {shape = [16, 256, 256], mode = "linear"}', ["f32[16,256,256]"], None, image("linear", 16, 256, 256))
    row("resize.cubic", ["f32[16,64,128]"], '%y = resize %a {shape = [16, 256, 256], mode = "cubic", cubic_coeff = -0.5}', ["f32[16,256,256]"], None,
        image("cubic", 16, 256, 256))
    row("resize.nearest", ["f32[16,128,128]"], "%y = resize %a {shape = [16, 256, 256]}", ["f32[16,256,256]"],
        lambda a: a.repeat(2, 1).repeat(2, 2), image("nearest", 16, 256, 256))
    row("resize.antialias", ["f32[16,256,256]"], '%y = resize %a {shape = [16, 100, 100], mode = "linear", antialias = true}', ["f32[16,100,100]"], None,
        lambda a: jax.image.resize(a, (16, 100, 100), "linear"))
    row("grid_sample", ["f32[1,16,256,256]", "f32[1,256,256,2]"], "%y = grid_sample %a, %b", ["f32[1,16,256,256]"], None,
        lambda a, b: jax.vmap(lambda c: jax.scipy.ndimage.map_coordinates(c, [((b[0, ..., k] + 1) * 256 - 1) / 2 for k in (1, 0)], 1))(a[0])[None])
    row("one_hot", ["i32[16384] index64"], "%y = one_hot %a {num_classes = 64}", ["f32[16384,64]"], lambda a: np.eye(64, dtype=np.float32)[a],
        lambda a: jax.nn.one_hot(a, 64))
    row("nonzero", ["bool[1024,1024]"], "%y, %z = nonzero %a {size = K}", ["i64[K<=1048576,2]", "i64[]"], np.argwhere,
        lambda a: jnp.argwhere(a, size=1 << 20))
    row("unique", ["i32[1048576] index5000"], "%y, %z, %w, %c, %k = unique %a {size = K}",
        ["i32[K<=1048576]", "i64[K<=1048576]", "i64[1048576]", "i64[K<=1048576]", "i64[]"], lambda a: np.unique(a, True, True, True))
    order = "(%p: f32[], %q: f32[]) { %r = compare %p, %q {dir = lt}  yield %r }"
    row("sort", [SQUARE], f"%y = sort %a {{dim = 1}} {order}", [SQUARE], lambda a: np.sort(a, 1, kind="stable"), lambda a: jnp.sort(a, 1))
    row("sort.long", ["f32[1048576]"], f"%y = sort %a {{dim = 0}} {order}", ["f32[1048576]"], lambda a: np.sort(a, kind="stable"), jnp.sort)
    row("sort.columns", [SQUARE], f"%y = sort %a {{dim = 0}} {order}", [SQUARE], lambda a: np.sort(a, 0, kind="stable"), lambda a: jnp.sort(a, 0))
    row("top_k", ["f32[1048576]"], "%y, %z = top_k %a {k = 10}", ["f32[10]", "i32[10]"], None, lambda a: lax.top_k(a, 10))
    row("top_k.rows", [SQUARE], "%y, %z = top_k %a {k = 10}", ["f32[1024,10]", "i32[1024,10]"], None, lambda a: lax.top_k(a, 10))


def reductions():
    sum_body = "(%p: f32[], %q: f32[]) { %r = add %p, %q  yield %r }"
    row("reduce", [SQUARE], f"%y = reduce %a, 0 {{dims = [1]}} {sum_body}", ["f32[1024]"], lambda a: a.sum(1), lambda a: a.sum(1))
    for name, f, g in (("sum", np.sum, jnp.sum), ("prod", np.prod, jnp.prod), ("max", np.max, jnp.max), ("min", np.min, jnp.min)):
        for what, dims, left in (("rows", 1, "f32[1024]"), ("columns", 0, "f32[1024]"), ("all", None, "f32[]")):
            row(f"reduce_{name}" + ("" if dims == 1 else "." + what), [SQUARE], f"%y = reduce_{name} %a {{dims = {[0, 1] if dims is None else [dims]}}}", [left],
                lambda a, f=f, dims=dims: f(a, axis=dims), lambda a, g=g, dims=dims: g(a, axis=dims))
    row("reduce_any", ["bool[1024,1024]"], "%y = reduce_any %a {dims = [1]}", ["bool[1024]"], lambda a: a.any(1), lambda a: a.any(1))
    row("reduce_all", ["bool[1024,1024]"], "%y = reduce_all %a {dims = [1]}", ["bool[1024]"], lambda a: a.all(1), lambda a: a.all(1))
    row("mean", [SQUARE], "%y = mean %a {dims = [1]}", ["f32[1024]"], lambda a: a.mean(1), lambda a: a.mean(1))
    row("variance", [SQUARE], "%y = variance %a {dims = [1]}", ["f32[1024]"], lambda a: a.var(1), lambda a: a.var(1))
    row("logsumexp", [SQUARE], "%y = logsumexp %a {dims = [1]}", ["f32[1024]"], None, lambda a: special.logsumexp(a, 1))
    row("norm", [SQUARE], "%y = norm %a {dims = [1]}", ["f32[1024]"], lambda a: np.linalg.norm(a, axis=1), lambda a: jnp.linalg.norm(a, axis=1))
    row("argmax", [SQUARE], "%y = argmax %a {axis = 1}", ["i64[1024]"], lambda a: a.argmax(1), lambda a: a.argmax(1))
    row("argmax.columns", [SQUARE], "%y = argmax %a {axis = 0}", ["i64[1024]"], lambda a: a.argmax(0), lambda a: a.argmax(0))
    row("argmax.all", ["f32[1048576]"], "%y = argmax %a {axis = 0}", ["i64[]"], lambda a: a.argmax(), lambda a: a.argmax())
    row("argmin", [SQUARE], "%y = argmin %a {axis = 1}", ["i64[1024]"], lambda a: a.argmin(1), lambda a: a.argmin(1))
    row("cumsum", [SQUARE], "%y = cumsum %a {axis = 1}", [SQUARE], lambda a: a.cumsum(1), lambda a: jnp.cumsum(a, 1))
    row("cumsum.columns", [SQUARE], "%y = cumsum %a {axis = 0}", [SQUARE], lambda a: a.cumsum(0), lambda a: jnp.cumsum(a, 0))
    row("cumsum.long", ["f32[1048576]"], "%y = cumsum %a {axis = 0}", ["f32[1048576]"], lambda a: a.cumsum(), jnp.cumsum)
    row("cumprod", [SQUARE], "%y = cumprod %a {axis = 1}", [SQUARE], lambda a: a.cumprod(1), lambda a: jnp.cumprod(a, 1))
    row("cumulate", [SQUARE], "%y = cumulate %a, 0 {dim = 1} (%p: f32[], %q: f32[]) { %r = max %p, %q  yield %r }", [SQUARE],
        lambda a: np.maximum.accumulate(np.maximum(a, 0), 1), lambda a: lax.cummax(jnp.maximum(a, 0), 1))
    images = "f32[4,64,64,64]"
    windows = ((1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    row("reduce_window", [images], f"%y = reduce_window %a, 0 {{window = [1, 3, 3, 1], strides = [1, 1, 1, 1]}} {sum_body}", ["f32[4,62,62,64]"], None,
        lambda a: lax.reduce_window(a, 0.0, lax.add, (1, 3, 3, 1), (1, 1, 1, 1), "VALID"))
    row("select_and_scatter", [images, "f32[4,32,32,64]"], "%y = select_and_scatter %a, %b, 0 {window = [1, 2, 2, 1], strides = [1, 2, 2, 1]} "
        "select (%p: f32[], %q: f32[]) { %r = compare %p, %q {dir = ge}  yield %r } scatter (%s: f32[], %t: f32[]) { %u = add %s, %t  yield %u }", [images], None,
        lambda a, b: jax.vjp(lambda x: lax.reduce_window(x, -jnp.inf, lax.max, *windows), a)[1](b)[0])
    shapes = {1: ("f32[16,1024,64]", "f32[16,512,64]"), 2: (images, "f32[4,32,32,64]"), 3: ("f32[4,16,16,16,64]", "f32[4,8,8,8,64]")}
    for n, (x, y) in shapes.items():
        w = (1,) + (2,) * n + (1,)
        row(f"max_pool{n}d", [x], f"%y = max_pool{n}d %a {{window = {[2] * n}}}", [y], None,
            lambda a, w=w: lax.reduce_window(a, -jnp.inf, lax.max, w, w, "VALID"))
        row(f"avg_pool{n}d", [x], f"%y = avg_pool{n}d %a {{window = {[2] * n}}}", [y], None,
            lambda a, w=w, n=n: lax.reduce_window(a, 0.0, lax.add, w, w, "VALID") / 2**n)
        left = f"f32[{x[4:].split(',')[0]},64]"
        axes = tuple(range(1, n + 1))
        row(f"global_max_pool{n}d", [x], f"%y = global_max_pool{n}d %a", [left], lambda a, axes=axes: a.max(axes), lambda a, axes=axes: a.max(axes))
        row(f"global_avg_pool{n}d", [x], f"%y = global_avg_pool{n}d %a", [left], lambda a, axes=axes: a.mean(axes), lambda a, axes=axes: a.mean(axes))


def norms():
    s = "f32[1024]"
    def normed(a, axis, eps, g=1, b=0):
        m = a.mean(axis, keepdims=True)
        v = ((a - m)**2).mean(axis, keepdims=True)
        return (a - m) * lax.rsqrt(v + eps) * g + b
    row("softmax", [SQUARE], "%y = softmax %a", [SQUARE], None, lambda a: jax.nn.softmax(a, -1))
    row("softmax.columns", [SQUARE], "%y = softmax %a {axis = 0}", [SQUARE], None, lambda a: jax.nn.softmax(a, 0))
    row("log_softmax", [SQUARE], "%y = log_softmax %a", [SQUARE], None, lambda a: jax.nn.log_softmax(a, -1))
    row("layer_norm", [SQUARE, s, s], "%y = layer_norm %a, %b, %c", [SQUARE], None, lambda a, b, c: normed(a, 1, 1e-3, b, c))
    row("rms_norm", [SQUARE, s], "%y = rms_norm %a, %b", [SQUARE], None, lambda a, b: a * lax.rsqrt((a * a).mean(1, keepdims=True) + 1e-6) * b)
    row("group_norm", ["f32[4,64,64,64]", "f32[64]", "f32[64]"], "%y = group_norm %a, %b, %c {groups = 8}", ["f32[4,64,64,64]"], None,
        lambda a, b, c: normed(a.reshape(4, 64, 64, 8, 8), (1, 2, 4), 1e-3).reshape(a.shape) * b + c)
    row("instance_norm", ["f32[4,64,64,64]", "f32[64]", "f32[64]"], "%y = instance_norm %a, %b, %c", ["f32[4,64,64,64]"], None,
        lambda a, b, c: normed(a, (1, 2), 1e-3, b, c))
    row("batch_norm_inference", [SQUARE, s, s, s, f"{s} positive"], "%y = batch_norm_inference %a, %b, %c, %d, %e", [SQUARE], None,
        lambda a, b, c, d, e: (a - d) * lax.rsqrt(e + 1e-3) * b + c)
    row("batch_norm_training", [SQUARE, s, s], "%y, %z, %w = batch_norm_training %a, %b, %c", [SQUARE, s, s], None,
        lambda a, b, c: (normed(a, 0, 1e-3, b, c), a.mean(0), a.var(0)))
    def gradients(a, b, m, v, g):
        f = lambda x, scale, offset: normed(x, 0, 1e-3, scale, offset)
        return jax.vjp(f, a, b, b)[1](g)
    row("batch_norm_grad", [SQUARE, s, s, f"{s} positive", SQUARE], "%y, %z, %w = batch_norm_grad %a, %b, %c, %d, %e", [SQUARE, s, s], None, gradients)
    row("lrn", ["f32[4,64,64,64]"], "%y = lrn %a {size = 5}", ["f32[4,64,64,64]"], None,
        lambda a: a / (1 + 1e-4 / 5 * lax.reduce_window(a * a, 0.0, lax.add, (1, 1, 1, 5), (1, 1, 1, 1), "SAME"))**0.75)


def contractions():
    small = "f32[512,512]"
    row("matmul", [small, small], "%y = matmul %a, %b", [small], np.matmul, jnp.matmul)
    row("dense", [small, small, "f32[512]"], "%y = dense %a, %b, %c", [small], lambda a, b, c: a @ b + c, lambda a, b, c: a @ b + c)
    row("dot_general", ["f32[16,128,128]", "f32[16,128,128]"], "%y = dot_general %a, %b {lhs_batch = [0], rhs_batch = [0], lhs_contract = [2], rhs_contract = [1]}",
        ["f32[16,128,128]"], np.matmul, jnp.matmul)
    row("dot_general.vector", [SQUARE, "f32[1024]"], "%y = dot_general %a, %b {lhs_contract = [1], rhs_contract = [0]}", ["f32[1024]"], np.matmul, jnp.matmul)
    row("einsum", ["f32[8,64,8,64]", "f32[8,64,8,64]"], '%y = einsum %a, %b {equation = "bqhd, bkhd -> bhqk"}', ["f32[8,8,64,64]"],
        lambda a, b: np.einsum("bqhd,bkhd->bhqk", a, b, optimize=True), lambda a, b: jnp.einsum("bqhd,bkhd->bhqk", a, b))
    dims = {1: ("NWC", "WIO", "NWC"), 2: ("NHWC", "HWIO", "NHWC"), 3: ("NDHWC", "DHWIO", "NDHWC")}
    images = {1: "f32[4,4096,64]", 2: "f32[4,64,64,64]", 3: "f32[4,16,16,16,64]"}
    def conv(n, stride=1, groups=1, pad="SAME", **more):
        return lambda a, b: lax.conv_general_dilated(a, b, (stride,) * n, pad, dimension_numbers=dims[n], feature_group_count=groups, **more)
    for n in (1, 2, 3):
        x, k = images[n], "f32[" + "3," * n + "64,64]"
        row(f"conv{n}d", [x, k], f"%y = conv{n}d %a, %b {{padding = same}}", [x], None, conv(n))
        big = x.split(",")
        big = ",".join([big[0]] + [str(2 * int(v)) for v in big[1:-1]] + big[-1:])
        k = "f32[" + "2," * n + "64,64]"
        row(f"conv{n}d_transpose", [x, k], f"%y = conv{n}d_transpose %a, %b {{strides = {[2] * n}, padding = valid}}", [big], None,
            lambda a, b, n=n: lax.conv_transpose(a, b, (2,) * n, "VALID", dimension_numbers=dims[n], transpose_kernel=True))
    for n in (1, 2):
        x, k = images[n], "f32[" + "3," * n + "64,1]"
        row(f"depthwise_conv{n}d", [x, k], f"%y = depthwise_conv{n}d %a, %b {{padding = same}}", [x], None,
            lambda a, b, n=n: conv(n, groups=64)(a, b.reshape(b.shape[:-2] + (1, 64))))
        row(f"separable_conv{n}d", [x, k, "f32[" + "1," * n + "64,64]"], f"%y = separable_conv{n}d %a, %b, %c {{padding = same}}", [x], None,
            lambda a, b, c, n=n: conv(n)(conv(n, groups=64)(a, b.reshape(b.shape[:-2] + (1, 64))), c))
    row("conv_general", ["f32[4,64,64,64]", "f32[64,64,3,3]"],
        "%y = conv_general %a, %b {lhs_spec = [0, 1, 2, 3], rhs_spec = [0, 1, 2, 3], out_spec = [0, 1, 2, 3], strides = [1, 1], padding = [[1, 1], [1, 1]]}",
        ["f32[4,64,64,64]"], None, lambda a, b: lax.conv_general_dilated(a, b, (1, 1), "SAME", dimension_numbers=("NCHW", "OIHW", "NCHW")))
    row("conv_general.groups", ["f32[4,64,64,64]", "f32[3,3,16,64]"],
        "%y = conv_general %a, %b {lhs_spec = [0, 3, 1, 2], rhs_spec = [3, 2, 0, 1], out_spec = [0, 3, 1, 2], strides = [1, 1], padding = [[1, 1], [1, 1]], "
        "feature_groups = 4}", ["f32[4,64,64,64]"], None, conv(2, groups=4))
    head = "f32[4,8,256,64]"
    row("attention", [head, head, head], "%y = attention %a, %b, %c", [head], None,
        lambda q, k, v: jnp.einsum("nhts,nhsd->nhtd", jax.nn.softmax(jnp.einsum("nhtd,nhsd->nhts", q, k) / 8, -1), v))
    # A step of decoding: one query a sample, keys in a cache with room.
    query, cache = "f32[8,32,1,128]", "f32[8,8,2048,128]"
    def step(q, k, v):
        s = jnp.einsum("nkgd,nksd->nkgs", q.reshape(8, 8, 4, 128), k) / np.sqrt(128)
        w = jax.nn.softmax(jnp.where(jnp.arange(2048) < 1500, s, -jnp.inf), -1)
        return jnp.einsum("nkgs,nksd->nkgd", w, v).reshape(8, 32, 1, 128)
    row("attention.step", [query, cache, cache], "%n = constant splat 1500 : i64[8]\n  %y = attention %a, %b, %c, %n {is_causal = true}", [query], None, step)
    def rotate(x, c, s):
        a, b = jnp.split(x, 2, -1)
        return jnp.concatenate([a * c - b * s, a * s + b * c], -1)
    row("rotary_embedding", ["f32[4,32,512,128]", "f32[512,64]", "f32[512,64]"], "%y = rotary_embedding %a, %b, %c", ["f32[4,32,512,128]"], None, rotate)
    row("rotary_embedding.pairs", ["f32[4,32,512,128]", "f32[512,64]", "f32[512,64]"], "%y = rotary_embedding %a, %b, %c {interleaved = true}",
        ["f32[4,32,512,128]"], None, lambda x, c, s: jnp.stack([x[..., 0::2] * c - x[..., 1::2] * s, x[..., 0::2] * s + x[..., 1::2] * c], -1).reshape(x.shape))
    x, h = "f32[32,128,128]", "f32[32,128]"
    def steps(f, x, *state):
        last, ys = lax.scan(lambda s, v: (f(s, v), f(s, v)[0]), state, x.swapaxes(0, 1))
        return (ys.swapaxes(0, 1),) + last
    def lstm(x, k, r, b):
        def f(s, v):
            i, g, c, o = jnp.split(v @ k + s[0] @ r + b, 4, 1)
            c2 = jax.nn.sigmoid(g) * s[1] + jax.nn.sigmoid(i) * jnp.tanh(c)
            return jax.nn.sigmoid(o) * jnp.tanh(c2), c2
        return steps(f, x, jnp.zeros((32, 128)), jnp.zeros((32, 128)))
    def gru(x, k, r, b):
        def f(s, v):
            p, q = v @ k + b[0], s[0] @ r + b[1]
            z, u = jax.nn.sigmoid(p[:, :128] + q[:, :128]), jax.nn.sigmoid(p[:, 128:256] + q[:, 128:256])
            return (z * s[0] + (1 - z) * jnp.tanh(p[:, 256:] + u * q[:, 256:]),)
        return steps(f, x, jnp.zeros((32, 128)))
    row("lstm", [x, "f32[128,512]", "f32[128,512]", "f32[512]"], "%y, %z, %w = lstm %a, %b, %c, %d", [x, h, h], None, lstm)
    row("gru", [x, "f32[128,384]", "f32[128,384]", "f32[2,384]"], "%y, %z = gru %a, %b, %c, %d", [x, h], None, gru)
    row("simple_rnn", [x, "f32[128,128]", "f32[128,128]", "f32[128]"], "%y, %z = simple_rnn %a, %b, %c, %d", [x, h], None,
        lambda x, k, r, b: steps(lambda s, v: (jnp.tanh(v @ k + s[0] @ r + b),), x, jnp.zeros((32, 128))))


def matrices():
    linalg = jax.scipy.linalg
    for what, x, v, pivots in (("", "f32[256,64,64]", "f32[256,64]", "i32[256,64]"), (".one", "f32[512,512]", "f32[512]", "i32[512]")):
        row("cholesky" + what, [f"{x} definite"], "%y = cholesky %a", [x], np.linalg.cholesky, jnp.linalg.cholesky)
        row("triangular_solve" + what, [f"{x} definite", x], "%y = triangular_solve %a, %b", [x], None,
            lambda a, b: lax.linalg.triangular_solve(a, b, left_side=True, lower=True))
        info = "i32[256]" if not what else "i32[]"
        row("lu" + what, [x], "%y, %z, %w = lu %a", [x, pivots, info], None, lambda a: lax.linalg.lu(a)[:2])
        row("qr_factors" + what, [x], "%y, %z = qr_factors %a", [x, v], None, lambda a: lax.linalg.qr(a, full_matrices=False))
        row("householder_product" + what, [x, v], "%y = householder_product %a, %b", [x], None, lax.linalg.householder_product)
    small = "f32[1024,32,32]"
    row("eigh", [f"{small} definite"], "%y, %z = eigh %a", ["f32[1024,32]", small], np.linalg.eigh, jnp.linalg.eigh)
    row("svd", [small], "%y, %z, %w = svd %a", [small, "f32[1024,32]", small], np.linalg.svd, jnp.linalg.svd)


def complex_numbers():
    x = "c64[1024,512]"
    row("complex", ["f32[1024,512]"] * 2, "%y = complex %a, %b", [x], lambda a, b: a + 1j * b, lax.complex)
    row("real", [x], "%y = real %a", ["f32[1024,512]"], lambda a: a.real.copy(), lax.real)
    row("imag", [x], "%y = imag %a", ["f32[1024,512]"], lambda a: a.imag.copy(), lax.imag)
    for name, f, g in (("add", np.add, lax.add), ("mul", np.multiply, lax.mul), ("div", np.divide, lax.div), ("pow", np.power, lax.pow)):
        row(name + ".complex", [x, x], f"%y = {name} %a, %b", [x], f, g)
    for name, f, g in (("abs", np.abs, lax.abs), ("exp", np.exp, lax.exp), ("log", np.log, lax.log), ("sqrt", np.sqrt, lax.sqrt), ("tanh", np.tanh, lax.tanh),
                       ("sin", np.sin, lax.sin)):
        row(name + ".complex", [x], f"%y = {name} %a", ["f32[1024,512]" if name == "abs" else x], f, g)
    square = "c64[256,256]"
    row("dot_general.complex", [square, square], "%y = dot_general %a, %b {lhs_contract = [1], rhs_contract = [0]}", [square], np.matmul, jnp.matmul)
    row("fft", ["c64[512,1024]"], '%y = fft %a {type = "fft", length = [1024]}', ["c64[512,1024]"], np.fft.fft, jnp.fft.fft)
    row("fft.1000", ["c64[512,1000]"], '%y = fft %a {type = "fft", length = [1000]}', ["c64[512,1000]"], np.fft.fft, jnp.fft.fft)
    row("fft.prime", ["c64[512,1021]"], '%y = fft %a {type = "fft", length = [1021]}', ["c64[512,1021]"], np.fft.fft, jnp.fft.fft)
    row("fft.real", [SQUARE], '%y = fft %a {type = "rfft", length = [1024]}', ["c64[1024,513]"], np.fft.rfft, jnp.fft.rfft)
    row("fft.planes", ["c64[8,256,256]"], '%y = fft %a {type = "fft", length = [256, 256]}', ["c64[8,256,256]"], np.fft.fft2, jnp.fft.fft2)


def quantized():
    i8 = "i8[1024,1024]"
    round_up = lambda x, s: jnp.clip(jnp.rint(x / s), -128, 127).astype(jnp.int8)
    row("quantize_linear", [SQUARE, "f32[1] positive"], "%s = reshape %b {shape = []}  %y = quantize_linear %a, %s {dtype = i8}", [i8], None,
        lambda a, s: round_up(a, s[0]))
    row("dequantize_linear", [i8, "f32[1] positive"], "%s = reshape %b {shape = []}  %y = dequantize_linear %a, %s", [SQUARE], None,
        lambda a, s: a.astype(np.float32) * s[0])


def control():
    row("while", ["f32[16384]"], "%k = constant 0 : i64[]  %i, %y = while %k, %a cond (%i: i64[], %x: f32[16384]) { %c = compare %i, 64 {dir = lt}  yield %c } "
        "do (%i: i64[], %x: f32[16384]) { %j = add %i, 1  %m = mul %x, 0.5  %n = add %m, 1  yield %j, %n }", ["f32[16384]"], None,
        lambda a: lax.fori_loop(0, 64, lambda i, x: x * 0.5 + 1, a))
    row("cond", ["bool[1]", SQUARE], "%p = reshape %a {shape = []}  %y = cond %p then { %t = tanh %b  yield %t } else { %n = neg %b  yield %n }", [SQUARE], None,
        lambda p, a: lax.cond(p[0], jnp.tanh, jnp.negative, a))
    row("case", ["i32[1] index3", f"{SQUARE} positive"], "%p = reshape %a {shape = []}  %y = case %p branch { %t = abs %b  yield %t } branch { %n = neg %b  yield %n } "
        "branch { %m = sqrt %b  yield %m }", [SQUARE], None, lambda p, a: lax.switch(p[0], [jnp.abs, jnp.negative, jnp.sqrt], a))
    row("scan", [SQUARE, "f32[1024]"], "%z, %y = scan %b, %a {carry = 1} (%s: f32[1024], %x: f32[1024]) { %m = mul %s, 0.5  %n = add %m, %x  yield %n, %n }",
        [SQUARE], None, lambda a, b: lax.scan(lambda s, x: (s * 0.5 + x,) * 2, b, a)[1])


def randoms():
    seed = "u64[3] index100"
    generator = np.random.Generator(np.random.Philox(1))
    key = random.PRNGKey(3)
    row("rng_bits", [seed], '%z, %y = rng_bits %a {algorithm = "philox", dtype = u32, shape = [1024, 1024]}', ["u32[1024,1024]"],
        lambda a: generator.integers(0, 1 << 32, (1024, 1024), np.uint32))
    row("rng_bits.threefry", ["u64[2] index100"], '%z, %y = rng_bits %a {algorithm = "threefry", dtype = u32, shape = [1024, 1024]}', ["u32[1024,1024]"],
        None, lambda a: random.bits(random.wrap_key_data(a.astype(np.uint32)), (1024, 1024)))
    row("random_uniform", [seed], "%z, %y = random_uniform %a {shape = [1024, 1024]}", [SQUARE],
        lambda a: generator.random((1024, 1024), np.float32), lambda a: random.uniform(random.wrap_key_data(a[:2].astype(np.uint32)), (1024, 1024), np.float32))
    row("random_normal", [seed], "%z, %y = random_normal %a {shape = [1024, 1024]}", [SQUARE],
        lambda a: generator.standard_normal((1024, 1024), np.float32), lambda a: random.normal(random.wrap_key_data(a[:2].astype(np.uint32)), (1024, 1024), np.float32))
    row("dropout", [SQUARE, seed], "%z, %y = dropout %a, %b {rate = 0.5}", [SQUARE], None,
        lambda x, a: jnp.where(random.bernoulli(random.wrap_key_data(a[:2].astype(np.uint32)), 0.5, x.shape), x * 2, 0))
    words = "u64[262144] index1000"
    row("philox", [words] * 4, "%y = philox %a, %b, %c, %d {dtype = u32}", ["u32[262144]"], lambda *a: generator.integers(0, 1 << 32, 1 << 18, np.uint32))
    row("threefry", [words] * 3, "%y = threefry %a, %b, %c {dtype = u64}", ["u64[262144]"], None, lambda a, b, c: random.bits(random.wrap_key_data(a[:2].astype(np.uint32)), (1 << 18,), np.uint64))


def value(text, i):
    """An array for a type and a kind of content."""
    kind = text.partition(" ")[2]
    dtype, shape = re.match(r"(\w+)\[(.*?)\]", text).groups()
    shape = tuple(int(d.split("<=")[-1]) for d in shape.split(",")) if shape else ()
    rng = np.random.default_rng(i + 1)
    if dtype == "bool":
        return rng.random(shape) < 0.5
    if kind.startswith("index"):
        return rng.integers(0, int(kind[5:]), shape).astype(NUMPY[dtype])
    if dtype[0] == "c":
        return (rng.uniform(-1, 1, shape) + 1j * rng.uniform(-1, 1, shape)).astype(NUMPY[dtype])
    if kind == "definite":
        a = rng.uniform(-1, 1, shape) / 4
        return (a @ a.swapaxes(-1, -2) + np.eye(shape[-1])).astype(NUMPY[dtype])
    if dtype[0] in "iu":
        return rng.integers(*{"positive": (0, 8), "over1": (1, 1000)}.get(kind, (-100, 100) if dtype == "i8" else (-100000, 100000)), shape).astype(NUMPY[dtype])
    lo, hi = {"positive": (0.1, 4), "over1": (1, 5)}.get(kind, (-1, 1))
    return rng.uniform(lo, hi, shape).astype(NUMPY[dtype])


CALL = """
#include "m.h"
static tfrt_context *ctx;
int bench_open(void) { tfrt_options o = { 0 }; o.threads = 1; return tfrt_open(&m_model, &o, &ctx); }
int bench_call(void **p) { return m(ctx%s); }
"""


def compiled(build, folder, ins, body, outs):
    """The row as a function of arrays; its results are arrays that each call writes again."""
    os.mkdir(folder)
    names = "abcdefgh"
    args = ", ".join(f"%{names[i]}: {t.split()[0]}" for i, t in enumerate(ins))
    results = ", ".join("%" + v for v in "yzwck"[:len(outs)])
    types = ", ".join(f"%out{i}: {t}" for i, t in enumerate(outs))
    text = f"graph @main({args}) -> ({types}) {{\n  " + body + f"\n  return {results}\n}}\n"
    open(folder + "/m.graph", "w").write(text)
    subprocess.run([os.path.join(build, "tfcc"), "m.graph", "-o", "m.o", "--cpu=native"], cwd=folder, check=True)
    count = len(ins) + len(outs)
    open(folder + "/open.c", "w").write(CALL % "".join(f", p[{i}]" for i in range(count)))
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-I", os.path.join(ROOT, "runtime"), "open.c", "m.o", os.path.join(build, "libtfrt.a"),
                    "-pthread", "-o", "m.so"], check=True, cwd=folder)
    so = ctypes.CDLL(folder + "/m.so")
    assert so.bench_open() == 0
    ys = [np.empty_like(value(t, 0)) for t in outs]
    def run(*xs):
        p = (ctypes.c_void_p * count)(*[v.ctypes.data for v in (*xs, *ys)])
        assert so.bench_call(p) == 0
        return ys
    return run


def best_times(funcs):
    """The best time of a call of each, measured in turns."""
    counts = []
    for f in funcs:
        f()
        t = time.process_time()
        f()
        counts.append(max(1, int(LEAST / max(time.process_time() - t, 1e-7))))
    best = [1e9] * len(funcs)
    for _ in range(ROUNDS):
        for i, f in enumerate(funcs):
            t = time.process_time()
            for _ in range(counts[i]):
                f()
            best[i] = min(best[i], (time.process_time() - t) / counts[i])
    return best


def main():
    build, wanted = os.path.abspath(sys.argv[1]), re.compile(sys.argv[2] if len(sys.argv) > 2 else "")
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    for part in (unary, binary, movement, by_index, reductions, norms, contractions, matrices, complex_numbers, quantized, control, randoms):
        part()
    ops = re.findall(r"^  ?(\w+)", subprocess.run([os.path.join(build, "tfcc"), "--help-ops"], capture_output=True, text=True, check=True).stdout, re.M)
    missing = sorted(set(ops) - {r[0].split(".")[0] for r in rows} - set(WITHOUT))
    if missing:
        print("ops without a row: " + " ".join(missing))
    table = []
    with tempfile.TemporaryDirectory() as tmp:
        for i, (name, ins, body, outs, numpy, other, note) in enumerate(rows):
            if not wanted.search(name):
                continue
            try:
                run = compiled(build, f"{tmp}/{i}", ins, body, outs)
                xs = [value(t, k) for k, t in enumerate(ins)]
                funcs, who = [lambda: run(*xs)], ["tfcc"]
                if numpy:
                    funcs.append(lambda: numpy(*xs))
                    who.append("numpy")
                if other:
                    ys, jitted = [jnp.asarray(x) for x in xs], jax.jit(other)
                    funcs.append(lambda: jax.block_until_ready(jitted(*ys)))
                    who.append("jax")
                with np.errstate(all="ignore"):
                    times = best_times(funcs)
            except Exception as e:
                print(f"{name:22} failed: {str(e)[:200]}", flush=True)
                continue
            ratio = times[0] / min(times[1:])
            table.append((ratio, name))
            print(f"{name:22} " + "  ".join(f"{w} {1e3 * t:9.3f} ms" for w, t in zip(who, times)) + f"  ratio {ratio:.2f}", flush=True)
    table.sort(reverse=True)
    print(f"\n{len(table)} rows, {sum(r > 3 for r, _ in table)} over 3 times.  The worst:")
    for ratio, name in table[:10]:
        print(f"  {name:22} {ratio:.2f}")


main()
