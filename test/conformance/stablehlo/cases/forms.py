"""The text itself: generic form, locations, jax.export, symbolic shapes, shardings, small types, composites of tokens."""
import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
from jax import export, lax
from jax.sharding import Mesh, NamedSharding, PartitionSpec

TOL = {"f32": 1e-5, "f64": 1e-13, "bf16": 5e-2}
SMALL = {"f8e4m3fn": ml_dtypes.float8_e4m3fn, "f8e5m2": ml_dtypes.float8_e5m2, "f8e4m3fnuz": ml_dtypes.float8_e4m3fnuz, "f8e5m2fnuz": ml_dtypes.float8_e5m2fnuz, "f8e4m3b11fnuz": ml_dtypes.float8_e4m3b11fnuz}
PROGRAMS = {
    "elementwise": (lambda x, y: jnp.sin(x) * y + jnp.where(x > 0, x, y), "f32[3,4]", "f32[4]"),
    "reduce": (lambda x: (x.sum(0), x.max(1), jnp.argmax(x, 1)), "f32[3,4]"),
    "dot": (lambda x, y: jnp.einsum("bij,bjk->bik", x, y), "f32[2,3,4]", "f32[2,4,2]"),
    "conv": (lambda x, w: lax.conv_general_dilated(x, w, (1, 2), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")), "f32[1,5,6,2]", "f32[3,2,2,3]"),
    "gather": (lambda x, i: x[i], "f32[5,3]", np.array([[1, 2], [4, 0]], np.int32)),
    "scatter": (lambda x, i, u: x.at[i].add(u), "f32[5,3]", np.array([1, 2, 1], np.int32), "f32[3,3]"),
    "sort": (lambda x, y: lax.sort((x, y), num_keys=1), "f32[3,4]", "i32[3,4]"),
    "while": (lambda x: lax.while_loop(lambda s: s.sum() < 9, lambda s: s * 1.5, x), "f32[3] 0.1..1"),
    "cond": (lambda p, x: lax.cond(p, jnp.sin, jnp.cos, x), np.array(True), "f32[3]"),
    "switch": (lambda i, x: lax.switch(i, [jnp.sin, jnp.cos, jnp.tanh], x), np.int32(2), "f32[3]"),
    "scan": (lambda x: lax.scan(lambda c, v: (c + v, c * v), jnp.float32(1), x), "f32[5]"),
    "window": (lambda x: lax.reduce_window(x, -jnp.inf, lax.max, (2, 2), (1, 1), "SAME"), "f32[4,5]"),
    "select_and_scatter": (lambda x: jax.grad(lambda x: (lax.reduce_window(x, -jnp.inf, lax.max, (2, 2), (2, 2), "VALID") ** 2).sum())(x), "f32[4,6]"),
    "random": (lambda k: jax.random.normal(jax.random.wrap_key_data(k), (4,)), np.array([3, 4], np.uint32)),
    "special": (lambda x: (jax.scipy.special.gammaln(x), jax.scipy.special.erf(x), lax.top_k(x, 2)), "f32[5] 0.5..3"),
    "pad": (lambda x: lax.pad(x, jnp.float32(1), ((1, 2, 1), (0, -1, 0))), "f32[3,4]"),
    "dynamic": (lambda x, i: lax.dynamic_update_slice(x, lax.dynamic_slice(x, (i, 0), (2, 2)), (0, i)), "f32[4,5]", np.int32(1)),
    "complex": (lambda x: jnp.abs(x * (1 + 2j)), "c64[4]"),
    "constants": (lambda x: x + np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4), "f32[3,4]"),
    "bits": (lambda x: lax.bitcast_convert_type(x, np.int32) >> 3, "f32[5] 1..2"),
    "fft": (lambda x: jnp.abs(jnp.fft.rfft(x)), "f32[8]"),
    "cholesky": (lambda x: jnp.linalg.cholesky(x @ x.T + 2 * jnp.eye(3)), "f32[3,3]"),
    "calls": (lambda x: jax.jit(jnp.tanh)(jax.jit(jnp.sin)(x)) + jax.jit(jnp.tanh)(x), "f32[3]"),
    "bf16": (lambda x: (x * 2 + 1).sum(), "bf16[7]"),
    "reduce_precision": (lambda x: lax.reduce_precision(x, 5, 3), "f32[6]"),
    "attention": (lambda q, k, v: jax.nn.softmax(q @ k.T / 2) @ v, "f32[4,3]", "f32[5,3]", "f32[5,3]"),
}
# Functions of symbolic shapes, and the shapes of their arguments.
SYMBOLIC = {
    "add": (lambda x, y: x + y, ("a, b", "a, b"), ("f32[3,4]", "f32[3,4]")), "broadcast": (lambda x, y: x + y, ("a, b", "b"), ("f32[3,4]", "f32[4]")), "reduce": (lambda x: (x.sum(0), x.mean()), ("a, b",), ("f32[3,4]",)),
    "reshape": (lambda x: x.reshape(-1), ("a, b",), ("f32[3,4]",)), "split": (lambda x: x.reshape(x.shape[0], 2, -1), ("a, 2*b",), ("f32[3,8]",)), "concat": (lambda x, y: jnp.concatenate([x, y]), ("a, 3", "b, 3"), ("f32[2,3]", "f32[4,3]")),
    "matmul": (lambda x, w: x @ w, ("n, 4", "4, 5"), ("f32[3,4]", "f32[4,5]")), "batch": (lambda x, y: jnp.einsum("bij,bjk->bik", x, y), ("b, i, 3", "b, 3, k"), ("f32[2,4,3]", "f32[2,3,5]")), "softmax": (lambda x: jax.nn.softmax(x), ("a, b",), ("f32[3,4]",)),
    "iota": (lambda x: x + jnp.arange(x.shape[0], dtype=x.dtype), ("n",), ("f32[5]",)), "arith": (lambda x: x.sum() / x.shape[0] + x.shape[0] % 3 + x.shape[0] // 2, ("n",), ("f32[5]",)), "slice": (lambda x: x[1:-1], ("n",), ("f32[6]",)),
    "pad": (lambda x: jnp.pad(x, (1, 2)), ("n",), ("f32[4]",)), "flip": (lambda x: x[::-1], ("n",), ("f32[4]",)), "take": (lambda x, i: x[i], ("n, 3", "k"), ("f32[5,3]", np.array([1, 4, 0], np.int32))), "scatter": (lambda x, i: x.at[i].add(1), ("n", "k"), ("f32[5]", np.array([1, 4, 1], np.int32))),
    "sort": (lambda x: jnp.sort(x, axis=0), ("n, m",), ("f32[5,2]",)), "cumsum": (lambda x: jnp.cumsum(x, 1), ("n, m",), ("f32[3,4]",)), "where": (lambda x: jnp.where(x > 0, x, 0), ("n",), ("f32[7]",)), "transpose": (lambda x: x.T, ("a, b",), ("f32[3,4]",)),
    "conv": (lambda x, w: lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")), ("b, h, w, 2", "3, 3, 2, 4"), ("f32[2,5,6,2]", "f32[3,3,2,4]")),
    "scan": (lambda x: lax.scan(lambda c, v: (c + v, c), jnp.zeros(3), x), ("n, 3",), ("f32[4,3]",)), "fori": (lambda x: lax.fori_loop(0, x.shape[0], lambda i, s: s + x[i], jnp.float32(0)), ("n",), ("f32[5]",)),
    "tile": (lambda x: jnp.tile(x, 3), ("n",), ("f32[3]",)), "stack": (lambda x, y: jnp.stack([x, y], 1), ("n", "n"), ("f32[3]", "f32[3]")), "mlp": (lambda x, w: jax.nn.relu(x @ w).sum(1), ("n, 3", "3, m"), ("f32[4,3]", "f32[3,2]")),
    "grad": (lambda x, w: jax.grad(lambda w: (jnp.tanh(x @ w) ** 2).mean())(w), ("n, 3", "3, 2"), ("f32[4,3]", "f32[3,2]")), "one": (lambda x: x.sum(0), ("n, 3",), ("f32[1,3]",)), "layer_norm": (lambda x: (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + 1e-3), ("b, n",), ("f32[2,6]",)),
    "eye": (lambda x: jnp.eye(x.shape[0]) * x, ("n",), ("f32[4]",)), "max_pool": (lambda x: lax.reduce_window(x, -jnp.inf, lax.max, (2,), (2,), "VALID"), ("2*n",), ("f32[8]",)),
}


def exported(fn, names):
    def text(*args):
        scope = export.SymbolicScope()
        shapes = [jax.ShapeDtypeStruct(export.symbolic_shape(n, scope=scope), a.dtype) if n is not None else a for n, a in zip(names, args)]
        return str(export.export(jax.jit(fn))(*shapes).mlir_module())
    return text


def cases(add):
    for name, (fn, *args) in PROGRAMS.items():
        for form in ("pretty", "generic", "locations"):
            add(f"{name}-{form}", fn, *args, form=form, tol=TOL)
        add(f"{name}-export", fn, *args, tol=TOL, main=lambda *a, f=fn: str(export.export(jax.jit(f))(*a).mlir_module()))
    for name, (fn, shapes, args) in SYMBOLIC.items():
        add(f"symbolic-{name}", fn, *args, tol=TOL, main=exported(fn, shapes))
    mesh = Mesh(np.array(jax.devices()[:1]), ("x",))
    sharding = NamedSharding(mesh, PartitionSpec("x"))
    add("sharding-constraint", lambda x: lax.with_sharding_constraint(x * 2, sharding), "f32[4]")
    add("sharding-arguments", lambda x, y: x + y, "f32[4,2]", "f32[4,2]", jit={"in_shardings": (sharding, sharding), "out_shardings": sharding})
    add("sharding-shard_map", jax.shard_map(lambda x: x * 2, mesh=mesh, in_specs=PartitionSpec("x"), out_specs=PartitionSpec("x")), "f32[4]")
    add("named_scope", lambda x: named(x), "f32[3]", form="locations")
    for t, kind in SMALL.items():
        add(f"convert-f32-{t}", lambda x, k=kind: x.astype(k), "f32[12] -4..4")
        add(f"convert-{t}-f32", lambda x: x.astype(np.float32), t + "[12]")
        add(f"convert-{t}-bf16", lambda x: x.astype(jnp.bfloat16), t + "[12]")
        add(f"{t}-bytes", lambda x: lax.bitcast_convert_type(x, np.uint8), t + "[6]")
        add(f"{t}-move", lambda x: jnp.concatenate([x[::-1], x.T.reshape(x.shape)]), t + "[3,4]")
        add(f"{t}-dot", lambda x, y: lax.dot_general(x, y, (((1,), (0,)), ((), ())), preferred_element_type=np.float32), t + "[3,4]", t + "[4,2]", tol={"f32": 1e-5})
    for t in ("i4", "u4"):
        kind = {"i4": jnp.int4, "u4": jnp.uint4}[t]
        add(f"convert-i32-{t}", lambda x, k=kind: x.astype(k), "i32[9] 0..7")
        add(f"convert-{t}-i32", lambda x: x.astype(np.int32), t + "[9]")
        add(f"convert-{t}-f32", lambda x: x.astype(np.float32) * 0.5, t + "[9]")
        add(f"{t}-move", lambda x: x[::-1].reshape(3, 3).T, t + "[9]")
        add(f"{t}-weights", lambda x, w: x @ w.astype(np.float32), "f32[2,4]", t + "[4,3]", tol=TOL)


def named(x):
    with jax.named_scope("outer scope"):
        return jnp.sin(x) * 2
