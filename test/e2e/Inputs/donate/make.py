"""make.py DIR, with JAX: DIR/step.mlir, a training step whose parameters and momenta are donated, and DIR/losses, what eight steps
lose."""
import sys

import jax
import jax.numpy as jnp
import numpy as np

SHAPES = {"b": (5,), "v": (5,), "w": (3, 5)}


def loss_of(p, x, y):
    return jnp.mean((jnp.tanh(x @ p["w"] + p["b"]) @ p["v"] - y) ** 2)


def step(p, m, x, y):
    loss, g = jax.value_and_grad(loss_of)(p, x, y)
    m = jax.tree.map(lambda a, b: 0.9 * a + b, m, g)
    return jax.tree.map(lambda a, b: a - 0.1 * b, p, m), m, loss


def some(*shape, first):
    """As main.c fills its arrays."""
    return (((np.arange(np.prod(shape)) * 7 + first) % 11 - 5) / 8).astype(np.float32).reshape(shape)


def main():
    p = {k: some(*s, first=i) for i, (k, s) in enumerate(SHAPES.items())}
    m = {k: np.zeros(s, np.float32) for k, s in SHAPES.items()}
    x, y = some(4, 3, first=3), some(4, first=4)
    with open(sys.argv[1] + "/step.mlir", "w") as f:
        f.write(jax.jit(step, donate_argnums=(0, 1)).lower(p, m, x, y).as_text())
    with open(sys.argv[1] + "/losses", "w") as f:
        for _ in range(8):
            p, m, loss = jax.jit(step)(p, m, x, y)
            f.write("%.9g\n" % loss)


main()
