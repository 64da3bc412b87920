#!/usr/bin/env python3
"""Makes the training steps of this folder with JAX: a convolutional network and a transformer, two layers each, with Adam.

    venv/bin/python test/training/make.py

For each model: MODEL-f32.mlir and MODEL-f64.mlir, a step from (state, images or tokens, labels) to (state, loss);
MODEL-f64.bin, the first values of all arguments, one after the other, whose floats MODEL-f32 takes rounded to f32; and
MODEL.curve, a line for each of 20 steps: the loss that JAX computes in f64 and in f32.
"""
import os

os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from jax import lax  # noqa: E402

jax.config.update("jax_enable_x64", True)
here = os.path.dirname(os.path.abspath(__file__))
STEPS = 20


def conv(x, w, stride):
    return lax.conv_general_dilated(x, w, (stride, stride), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))


def convnet(p, images, labels):
    h = jax.nn.relu(conv(images, p["k1"], 1) + p["c1"])
    h = lax.reduce_window(h, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    h = jax.nn.relu(conv(h, p["k2"], 1) + p["c2"])
    h = lax.reduce_window(h, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    logits = h.reshape(h.shape[0], -1) @ p["w"] + p["b"]
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1))


def layer_norm(x, g, b):
    m = x.mean(-1, keepdims=True)
    return (x - m) * lax.rsqrt(((x - m) ** 2).mean(-1, keepdims=True) + 1e-5) * g + b


def transformer(p, tokens, labels):
    x = p["embed"][tokens] + p["place"][None]
    for i in range(2):
        q = {k[:-1]: v for k, v in p.items() if k.endswith(str(i))}
        h = layer_norm(x, q["g1_"], q["b1_"])
        a, b, c = (jnp.einsum("btd,dhk->bhtk", h, q[n]) for n in ("q", "k", "v"))
        s = jnp.einsum("bhtk,bhsk->bhts", a, b) * (a.shape[-1] ** -0.5)
        s = jnp.where(jnp.tril(jnp.ones(s.shape[-2:], bool)), s, -1e9)
        x = x + jnp.einsum("bhts,bhsk,hkd->btd", jax.nn.softmax(s), c, q["o"])
        h = layer_norm(x, q["g2_"], q["b2_"])
        x = x + jax.nn.gelu(h @ q["up"]) @ q["down"]
    logits = x @ p["embed"].T
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[..., None], -1))


def adam(loss, rate):
    def step(p, m, v, n, x, y):
        value, g = jax.value_and_grad(loss)(p, x, y)
        n = n + 1
        m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
        v = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, v, g)
        scale = rate * jnp.sqrt(1 - 0.999 ** n) / (1 - 0.9 ** n)
        p = jax.tree.map(lambda p, a, b: p - scale * a / (jnp.sqrt(b) + 1e-7), p, m, v)
        return p, m, v, n, value
    return step


def normal(rng, *shape, scale):
    return rng.standard_normal(shape) * scale


def convnet_start(rng):
    p = {"k1": normal(rng, 3, 3, 1, 4, scale=0.3), "c1": np.zeros(4), "k2": normal(rng, 3, 3, 4, 6, scale=0.2), "c2": np.zeros(6),
         "w": normal(rng, 24, 5, scale=0.2), "b": np.zeros(5)}
    return p, normal(rng, 8, 8, 8, 1, scale=1.0), rng.integers(0, 5, 8).astype(np.int32)


def transformer_start(rng):
    p = {"embed": normal(rng, 11, 8, scale=0.3), "place": normal(rng, 6, 8, scale=0.3)}
    for i in "01":
        p.update({n + i: normal(rng, 8, 2, 4, scale=0.3) for n in "qkv"})
        p.update({"o" + i: normal(rng, 2, 4, 8, scale=0.3), "up" + i: normal(rng, 8, 16, scale=0.3), "down" + i: normal(rng, 16, 8, scale=0.3)})
        p.update({n + "_" + i: f(8) for n, f in (("g1", np.ones), ("b1", np.zeros), ("g2", np.ones), ("b2", np.zeros))})
    tokens = rng.integers(0, 11, (4, 7)).astype(np.int32)
    return p, tokens[:, :-1].copy(), tokens[:, 1:].copy()


def make(name, loss, start, rate):
    # Values that f32 has too: both precisions begin at the same place.
    p, x, y = jax.tree.map(lambda a: a.astype(np.float32).astype(np.float64) if a.dtype == np.float64 else a, start(np.random.default_rng(7)))
    zeros = jax.tree.map(np.zeros_like, p)
    first = (p, zeros, zeros, np.float64(0), x, y)
    with open(os.path.join(here, name + "-f64.bin"), "wb") as f:
        for a in jax.tree.leaves(first):
            f.write(np.asarray(a, order="C").tobytes())
    curves = []
    for dtype in (np.float64, np.float32):
        with jax.enable_x64(dtype == np.float64):
            args = jax.tree.map(lambda a, t=dtype: a.astype(t) if a.dtype == np.float64 else a, first)
            lowered = jax.jit(adam(loss, rate)).lower(*args)
            with open(os.path.join(here, f"{name}-{np.dtype(dtype).name.replace('float', 'f')}.mlir"), "w") as f:
                f.write(lowered.as_text())
            step = lowered.compile()
            state, curve = args[:4], []
            for _ in range(STEPS):
                *state, value = step(*state, *args[4:])
                curve.append(float(value))
        curves.append(curve)
    with open(os.path.join(here, name + ".curve"), "w") as f:
        f.writelines(f"{a!r} {b!r}\n" for a, b in zip(*curves))


make("convnet", convnet, convnet_start, 1e-2)
make("transformer", transformer, transformer_start, 1e-2)
