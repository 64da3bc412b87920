"""Loops, branches, scans, calls."""
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.experimental.ode import odeint

TOL = {"f32": 1e-5, "f64": 1e-13}


def collatz(n):
    return lax.while_loop(lambda s: s[0] != 1, lambda s: (jnp.where(s[0] % 2 == 0, s[0] // 2, 3 * s[0] + 1), s[1] + 1), (n, jnp.zeros_like(n)))[1]


def newton(x):
    return lax.while_loop(lambda s: jnp.abs(s * s - x) > 1e-4 * x, lambda s: 0.5 * (s + x / s), x)


@jax.custom_jvp
def safe_log(x):
    return jnp.log(jnp.maximum(x, 1e-3))


@safe_log.defjvp
def _(primals, tangents):
    return safe_log(primals[0]), tangents[0] / jnp.maximum(primals[0], 1e-3)


@jax.custom_vjp
def clipped(x):
    return x


clipped.defvjp(lambda x: (x, None), lambda _, g: (jnp.clip(g, -1, 1),))


@jax.jit
def inner(x):
    return jnp.tanh(x) * 2


@jax.jit
def two(x, y):
    return x + y, inner(x) - y


def cases(add):
    add("while-collatz", collatz, np.int32(27))
    add("while-newton", newton, np.float32(7.3), tol=TOL)
    add("while-vmap", jax.vmap(newton), "f32[5] 1..9", tol=TOL)
    add("while-never", lambda x: lax.while_loop(lambda s: s[0] < 0, lambda s: (s[0] + 1, s[1] * 2), (jnp.int32(0), x)), "f32[3]")
    add("while-captured", lambda x, n: lax.while_loop(lambda s: s[0] < n, lambda s: (s[0] + 1, s[1] + x), (jnp.int32(0), jnp.zeros_like(x))), "f32[3]", np.int32(4), tol=TOL)
    add("while-nested", lambda n: lax.fori_loop(0, n, lambda i, s: lax.fori_loop(0, i, lambda j, t: t + i * j, s), jnp.int32(0)), np.int32(6))
    add("while-swap", lambda x, y: lax.fori_loop(0, 5, lambda i, s: (s[1], s[0]), (x, y)), "f32[2]", "f32[2]")
    add("while-many", lambda *x: lax.fori_loop(0, 3, lambda i, s: s[1:] + s[:1], x), *["f32[2]", "f32[2]", "f32[2]", "f32[2]"])
    add("while-token", lambda x: lax.while_loop(lambda s: s.sum() < 10, lambda s: s * 1.5, x), "f32[4] 0.1..0.5", tol=TOL)
    add("fori-static", lambda x: lax.fori_loop(0, 10, lambda i, s: s * 0.5 + i, x), "f32[3]", tol=TOL)
    add("fori-dynamic", lambda x, n: lax.fori_loop(n, n + 4, lambda i, s: s + i * x, x), "f32[3]", np.int32(2), tol=TOL)
    add("fori-update", lambda x: lax.fori_loop(0, 5, lambda i, s: s.at[i].set(s[i] * i + s[(i + 1) % 5]), x), "f32[5]", tol=TOL)
    add("fori-int64", lambda x: lax.fori_loop(jnp.int64(0), jnp.int64(5), lambda i, s: s + i, x), np.int64(7))
    add("fori-unroll", lambda x: lax.fori_loop(0, 7, lambda i, s: s * 2 + i, x, unroll=3), "i32[2]")
    add("fori-grad", lambda x: jax.grad(lambda x: lax.fori_loop(0, 4, lambda i, s: jnp.sin(s) * x, x).sum())(x), "f32[3]", tol=TOL)
    add("fori-jvp", lambda x: jax.jvp(lambda x: lax.fori_loop(0, 4, lambda i, s: jnp.sin(s) * x, x), (x,), (jnp.ones_like(x),)), "f32[3]", tol=TOL)
    for p in (True, False):
        add(f"cond-{p}", lambda p, x: lax.cond(p, lambda x: x * 2, lambda x: x - 1, x), np.array(p), "f32[3]")
    add("cond-data", lambda x: lax.cond(x.sum() > 0, jnp.sin, jnp.cos, x), "f32[3]")
    add("cond-tuple", lambda p, x, y: lax.cond(p, lambda x, y: (x, y.sum()), lambda x, y: (x + y, x.max()), x, y), np.array(False), "f32[3]", "f32[3]")
    add("cond-none", lambda p, x: lax.cond(p, lambda: x, lambda: -x), np.array(True), "f32[3]")
    add("cond-vmap", jax.vmap(lambda p, x: lax.cond(p, lambda x: x * 2, lambda x: x - 1, x)), "bool[4]", "f32[4,2]")
    add("cond-grad", lambda p, x: jax.grad(lambda x: lax.cond(p, lambda x: (x ** 2).sum(), lambda x: x.sum(), x))(x), np.array(True), "f32[3]", tol=TOL)
    for i in (-1, 0, 1, 2, 7):
        add(f"switch-{i}", lambda i, x: lax.switch(i, [lambda x: x + 1, lambda x: x * 2, lambda x: -x], x), np.int32(i), "f32[3]")
    add("switch-one", lambda i, x: lax.switch(i, [lambda x: x + 1], x), np.int32(0), "f32[3]")
    add("switch-vmap", jax.vmap(lambda i, x: lax.switch(i, [jnp.sin, jnp.cos, jnp.tanh], x)), np.array([0, 2, 1, 1], np.int32), "f32[4,2]")
    add("scan-sum", lambda x: lax.scan(lambda c, v: (c + v, c), jnp.zeros(3, x.dtype), x), "f32[5,3]", tol=TOL)
    add("scan-reverse", lambda x: lax.scan(lambda c, v: (c * 0.5 + v, c), jnp.zeros(3, x.dtype), x, reverse=True), "f32[5,3]", tol=TOL)
    add("scan-length", lambda x: lax.scan(lambda c, _: (c * 1.1, c.sum()), x, None, length=6), "f32[3]", tol=TOL)
    add("scan-unroll", lambda x: lax.scan(lambda c, v: (c + v, c * v), jnp.float32(0), x, unroll=2), "f32[7]", tol=TOL)
    add("scan-tree", lambda x, y: lax.scan(lambda c, v: ({"a": c["a"] + v[0], "b": c["b"] * 0.9}, (v[1], c["b"])), {"a": x[0], "b": x[1]}, (x, y)), "f32[4,2]", "i32[4,3]", tol=TOL)
    add("scan-empty", lambda x: lax.scan(lambda c, v: (c + v.sum(), c), jnp.float32(1), x), "f32[0,3]")
    add("scan-nested", lambda x: lax.scan(lambda c, r: lax.scan(lambda d, v: (d + v * c, d), c, r), jnp.float32(1), x), "f32[3,4]", tol=TOL)
    add("scan-grad", lambda x: jax.grad(lambda x: lax.scan(lambda c, v: (jnp.tanh(c + v), c * v), jnp.float32(0.5), x)[1].sum())(x), "f32[6]", tol=TOL)
    add("scan-vmap", jax.vmap(lambda x: lax.scan(lambda c, v: (c + v, c * 2), jnp.float32(0), x)), "f32[3,4]", tol=TOL)
    add("scan-f64", lambda x: lax.scan(lambda c, v: (c + v, c), jnp.zeros(3, x.dtype), x), "f64[5,3]", tol=TOL)
    add("scan-bf16", lambda x: lax.scan(lambda c, v: (c + v, c), jnp.zeros(3, x.dtype), x), "bf16[5,3]")
    add("scan-checkpoint", lambda x: jax.grad(lambda x: lax.scan(jax.checkpoint(lambda c, v: (jnp.sin(c + v), c)), jnp.float32(0.5), x)[1].sum())(x), "f32[6]", tol=TOL)
    add("map", lambda x: lax.map(lambda r: jnp.sort(r), x), "f32[3,4]")
    add("map-batch", lambda x: lax.map(lambda r: r * 2, x, batch_size=2), "f32[5,4]")
    for name, fn in {"add": jnp.add, "max": jnp.maximum, "mul": jnp.multiply}.items():
        add(f"associative_scan-{name}", lambda x, f=fn: lax.associative_scan(f, x), "f32[9,2] 0.5..1.5", tol=TOL)
    add("associative_scan-reverse", lambda x: lax.associative_scan(jnp.add, x, reverse=True, axis=1), "f32[2,6]", tol=TOL)
    add("associative_scan-matmul", lambda x: lax.associative_scan(lambda a, b: jnp.einsum("nij,njk->nik", a, b), x), "f32[5,2,2]", tol={"f32": 1e-4})
    add("associative_scan-pair", lambda a, b: lax.associative_scan(lambda x, y: (x[0] * y[0], y[0] * x[1] + y[1]), (a, b)), "f32[7]", "f32[7]", tol=TOL)
    # Functions: private, called twice, with several results, with arguments that are given away.
    add("call", lambda x: inner(inner(x)) + inner(x * 2), "f32[3]", tol=TOL)
    add("call-two", lambda x, y: two(*two(x, y)), "f32[3]", "f32[3]", tol=TOL)
    add("call-shapes", lambda x, y: (inner(x), inner(y)), "f32[3]", "f32[2,2]", tol=TOL)
    add("call-in-loop", lambda x: lax.fori_loop(0, 3, lambda i, s: inner(s), x), "f32[3]", tol=TOL)
    add("call-named", jax.named_call(lambda x: jnp.sin(x) + 1, name="a name"), "f32[3]")
    add("custom_jvp", safe_log, "f32[4]", tol=TOL)
    add("custom_jvp-grad", lambda x: jax.grad(lambda x: safe_log(x).sum())(x), "f32[4]", tol=TOL)
    add("custom_vjp-grad", lambda x: jax.grad(lambda x: (clipped(x) ** 3).sum())(x), "f32[4]", tol=TOL)
    add("checkpoint-grad", lambda x: jax.grad(lambda x: jax.checkpoint(lambda x: jnp.sin(jnp.sin(x)))(x).sum())(x), "f32[4]", tol=TOL)
    add("remat-grad", lambda x, w: jax.grad(lambda w: jax.checkpoint(lambda w: jnp.tanh(jnp.tanh(x @ w) @ w))(w).sum())(w), "f32[2,3]", "f32[3,3]", tol=TOL)
    add("donated", lambda x, y: (x + y, y * 2), "f32[4]", "f32[4]", jit={"donate_argnums": (0,)})
    add("donated-both", lambda x, y: (y * 2, x + y), "f32[4]", "f32[2,4]", jit={"donate_argnums": (0, 1)})
    add("donated-tree", lambda s, g: {k: s[k] - 0.1 * g[k] for k in s}, {"a": "f32[3]", "b": "f32[2,2]"}, {"a": "f32[3]", "b": "f32[2,2]"}, jit={"donate_argnums": (0,)})
    add("donated-unused", lambda x, y: y.sum(), "f32[4]", "f32[4]", jit={"donate_argnums": (0,), "keep_unused": True})
    add("unused", lambda x, y: y + 1, "f32[4]", "f32[4]", jit={"keep_unused": True})
    add("static", partial(lambda n, x: sum(x * i for i in range(n)), 4), "f32[3]", tol=TOL)
    add("inline", lambda x: jax.jit(jnp.sin, inline=True)(x), "f32[3]")
    add("composite", lambda x: lax.composite(lambda x, *, scale: x * scale + 1, name="my.scale")(x, scale=np.float32(3)), "f32[3]")
    add("composite-pair", lambda x: lax.composite(lambda x: (jnp.sin(x), x), name="my.pair", version=2)(x), "f32[3]")
    add("linearize", lambda x, t: jax.linearize(lambda x: jnp.sin(x) * x, x)[1](t), "f32[3]", "f32[3]", tol=TOL)
    add("jacfwd", jax.jacfwd(lambda x: jnp.stack([x[0] * x[1], jnp.sin(x[1]), x[2] ** 2])), "f32[3]", tol=TOL)
    add("jacrev", jax.jacrev(lambda x: jnp.stack([x[0] * x[1], jnp.sin(x[1]), x[2] ** 2])), "f32[3]", tol=TOL)
    add("hessian", jax.hessian(lambda x: (jnp.sin(x) * x[::-1]).sum()), "f32[4]", tol=TOL)
    add("hvp", lambda x, v: jax.jvp(jax.grad(lambda x: (x ** 3).sum() + jnp.prod(x)), (x,), (v,))[1], "f32[4]", "f32[4]", tol=TOL)
    add("custom_root", lambda x: lax.custom_root(lambda y: y ** 3 - x, jnp.ones_like(x), lambda f, y: lax.fori_loop(0, 20, lambda i, y: y - f(y) / (3 * y * y), y),
                                                 lambda g, y: y / g(jnp.ones_like(y))), np.float32(5), tol=TOL)
    add("cg", lambda a, b: jax.scipy.sparse.linalg.cg(lambda v: a @ (a.T @ v) + v, b, maxiter=10)[0], "f32[3,3]", "f32[3]", tol={"f32": 1e-3})
    add("odeint", lambda y, t: odeint(lambda y, t: -y, y, t), "f64[2]", np.array([0, 0.5, 1.0]), tol={"f64": 1e-8})
