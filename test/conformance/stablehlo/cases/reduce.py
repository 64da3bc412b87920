"""Reductions, windows, cumulative sums, select_and_scatter."""
import itertools

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

FLOATS = ["f32", "f64", "f16", "bf16"]
AXES = [((3, 4), (0,)), ((3, 4), (1,)), ((2, 3, 4), (0, 2)), ((2, 3, 4), (0, 1, 2)), ((5,), (0,)), ((0, 3), (0,)), ((3, 0), (0,)), ((2, 1, 7), (1,))]
ROUGH = {"f32": 1e-5, "f64": 1e-14, "f16": 1e-2, "bf16": 5e-2}


def spec(dtype, shape, limits=""):
    return f"{dtype}[{','.join(map(str, shape))}]{limits}"


def reductions(add):
    for n, (shape, axes) in enumerate(AXES):
        for name, fn in {"sum": jnp.sum, "prod": jnp.prod, "max": jnp.max, "min": jnp.min, "any": jnp.any, "all": jnp.all}.items():
            if 0 in shape and name in ("max", "min"):
                continue
            t = "bool" if name in ("any", "all") else ["f32", "f64", "i32", "bf16"][n % 4]
            add(f"reduce_{name}-{t}-{'x'.join(map(str, shape))}-{''.join(map(str, axes))}", lambda x, f=fn, a=axes: f(x, axis=a),
                spec(t, shape, " 0.5..1.5" if name == "prod" and t != "i32" else ""), tol=ROUGH if t != "bool" else None)
    for t in ["f32", "f64", "f16", "bf16", "i8", "i32", "u8", "u64", "c64", "c128"]:
        add(f"reduce_sum-{t}", lambda x: jnp.sum(x, 0), t + "[4,3]", tol=ROUGH)
        add(f"reduce_prod-{t}", lambda x: jnp.prod(x, 0), t + "[4,3]", tol=ROUGH)
        if t[0] != "c":
            add(f"reduce_max-{t}", lambda x: jnp.max(x, 0), t + "[4,3]")
            add(f"reduce_min-{t}", lambda x: jnp.min(x, 0), t + "[4,3]")
    for t in ("i32", "u8", "bool"):
        for name, fn in {"and": lax.bitwise_and, "or": lax.bitwise_or, "xor": lax.bitwise_xor}.items():
            init = {"and": -1 if t == "i32" else 255 if t == "u8" else True, "or": 0, "xor": 0}[name]
            add(f"reduce_{name}-{t}", lambda x, f=fn, v=init: lax.reduce(x, np.array(v).astype(x.dtype), f, (1,)), t + "[3,5]")
    nan = np.array([[1, np.nan, 3], [np.inf, 2, -np.inf], [-0.0, 0.0, -1]], np.float32)
    for name, fn in {"max": jnp.max, "min": jnp.min, "sum": jnp.sum, "prod": jnp.prod}.items():
        add(f"reduce_{name}-specials", lambda x, f=fn: f(x, 1), nan)
    add("reduce-two", lambda x, y: lax.reduce((x, y), (np.float32(0), np.float32(1)), lambda a, b: (a[0] + b[0], a[1] * b[1]), (1,)), "f32[3,4]", "f32[3,4] 0.5..1.5", tol=ROUGH)
    add("reduce-argmax", lambda x, i: lax.reduce((x, i), (np.float32(-np.inf), np.int32(0)), lambda a, b: (
        jnp.where(a[0] >= b[0], a[0], b[0]), jnp.where(a[0] >= b[0], a[1], b[1])), (1,)), "f32[3,7]", np.tile(np.arange(7, dtype=np.int32), (3, 1)))
    add("reduce-custom", lambda x: lax.reduce(x, np.float32(0), lambda a, b: jnp.sqrt(a * a + b * b), (0,)), "f32[5,3]", tol=ROUGH)
    add("reduce-logsumexp", lambda x: lax.reduce(x, np.float32(-np.inf), jnp.logaddexp, (1,)), "f32[3,5]", tol={"f32": 1e-5})
    add("reduce-init", lambda x, v: lax.reduce(x, v, lax.add, (0, 1)), "f32[3,4]", "f32[]", tol=ROUGH)
    add("reduce-none", lambda x, v: lax.reduce(x, v, lax.max, ()), "f32[3,4]", np.float32(-np.inf))
    add("reduce_precision-sum", lambda x: lax.reduce_precision(jnp.sum(x), 8, 7), "f32[9]")
    add("sum-bf16-f32", lambda x: jnp.sum(x, dtype=jnp.float32), "bf16[50]", tol=ROUGH)


def windows(add):
    fns = {"add": (lax.add, 0.0), "max": (lax.max, -np.inf), "min": (lax.min, np.inf), "mul": (lax.mul, 1.0)}
    shapes = {
        "plain": ((6, 7), (2, 3), (1, 1), "VALID", None, None),
        "strided": ((6, 7), (2, 3), (2, 2), "VALID", None, None),
        "same": ((6, 7), (3, 3), (2, 1), "SAME", None, None),
        "same_lower": ((6, 7), (2, 2), (1, 1), "SAME_LOWER", None, None),
        "padded": ((6, 7), (2, 3), (1, 2), ((1, 2), (0, 3)), None, None),
        "base": ((4, 5), (2, 3), (1, 1), ((1, 0), (2, 1)), (2, 3), None),
        "window": ((8, 9), (2, 3), (1, 2), ((1, 1), (0, 0)), None, (3, 2)),
        "both": ((4, 5), (2, 2), (2, 1), ((0, 2), (1, 1)), (2, 2), (2, 3)),
        "cropped": ((7, 8), (2, 2), (1, 1), ((-1, 0), (-2, -1)), None, None),
        "empty": ((2, 3), (3, 1), (1, 1), "VALID", None, None),
        "nhwc": ((2, 6, 6, 3), (1, 2, 2, 1), (1, 2, 2, 1), "VALID", None, None),
        "one": ((5,), (5,), (1,), "VALID", None, None),
    }
    for (name, (shape, window, stride, pad, base, dil)), (kind, (fn, init)) in itertools.product(shapes.items(), fns.items()):
        add(f"reduce_window-{name}-{kind}", lambda x, w=window, s=stride, p=pad, b=base, d=dil, f=fn, v=init: lax.reduce_window(
            x, np.array(v, x.dtype), f, w, s, p, b, d), spec("f32", shape), tol=ROUGH)
    for t in ("f64", "bf16", "i32", "u8"):
        for kind, (fn, init) in fns.items():
            if t[0] in "iu":
                init = {"add": 0, "max": np.iinfo(np.int32).min if t == "i32" else 0, "min": np.iinfo(np.int32).max if t == "i32" else 255, "mul": 1}[kind]
            add(f"reduce_window-{kind}-{t}", lambda x, f=fn, v=init: lax.reduce_window(x, jnp.array(v, x.dtype), f, (2, 2), (1, 1), "SAME"), t + "[4,5]", tol=ROUGH)
    add("reduce_window-custom", lambda x: lax.reduce_window(x, np.float32(0), lambda a, b: a + 2 * b * b, (1, 1), (2, 1), "VALID"), "f32[4,5]", tol=ROUGH)
    add("reduce_window-two", lambda x, y: lax.reduce_window((x, y), (np.float32(0), np.float32(-np.inf)), lambda a, b: (a[0] + b[0], lax.max(a[1], b[1])),
                                                            (2, 2), (1, 1), "VALID"), "f32[4,5]", "f32[4,5]", tol=ROUGH)
    add("reduce_window-vmap", jax.vmap(lambda x: lax.reduce_window(x, -np.inf, lax.max, (2,), (2,), "VALID")), "f32[3,8]")
    for name in ("max", "sum"):
        f, v = {"max": (lax.max, -np.inf), "sum": (lax.add, 0.0)}[name]
        for p in ("VALID", "SAME"):
            for s in ((2, 2), (1, 2), (3, 3)):
                add(f"pool_{name}-grad-{p}-{s[0]}{s[1]}", lambda x, f=f, v=v, p=p, s=s: jax.grad(lambda x: (lax.reduce_window(
                    x, v, f, (2, 3), s, p) ** 2).sum())(x), "f32[7,8]", tol=ROUGH)
    add("pool_max-grad-4d", lambda x: jax.grad(lambda x: (lax.reduce_window(x, -np.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID") ** 2).sum())(x), "f32[2,6,6,3]", tol=ROUGH)
    add("pool_min-grad", lambda x: jax.grad(lambda x: (lax.reduce_window(x, np.inf, lax.min, (2, 2), (2, 2), "SAME") ** 2).sum())(x), "f32[5,5]", tol=ROUGH)
    for t in ("f32", "f64", "bf16"):
        for name in ("cumsum", "cumprod", "cummax", "cummin", "cumlogsumexp"):
            for rev in (False, True):
                add(f"{name}-{t}{'-reverse' if rev else ''}", lambda x, f=getattr(lax, name), r=rev: f(x, axis=1, reverse=r), t + "[3,6] 0.5..1.5", tol=ROUGH)
    for name in ("cumsum", "cumprod", "cummax", "cummin"):
        add(f"{name}-i32", lambda x, f=getattr(lax, name): f(x, axis=0), "i32[6,2]")
        add(f"{name}-grad", lambda x, f=getattr(lax, name): jax.grad(lambda x: (f(x, axis=0) ** 2).sum())(x), "f32[5] 0.5..1.5", tol=ROUGH)
    add("cumsum-c64", lambda x: lax.cumsum(x), "c64[5]", tol={"c64": 1e-5})
    add("cumsum-long", lambda x: lax.cumsum(x), "f32[300]", tol={"f32": 1e-5})
    add("cumsum-empty", lambda x: lax.cumsum(x), "f32[0]")
    add("jnp.cumsum-flat", lambda x: jnp.cumsum(x), "i32[3,3]")
    add("jnp.nancumsum", jnp.nancumsum, np.array([1, np.nan, 2, 3], np.float32))
    add("jnp.diff", lambda x: jnp.diff(x, n=2), "f32[7]")


def cases(add):
    reductions(add)
    windows(add)
