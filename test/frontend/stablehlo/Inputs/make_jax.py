"""Writes jax-NAME.mlir (as text, some with locations) and jax-NAME.generic.mlir of a few JAX functions.  usage: make_jax.py FOLDER"""
import os
import sys

import jax
import jax.numpy as jnp

folder, here = sys.argv[1], os.path.dirname(os.path.abspath(__file__)) + "/"


def control(x):
    w = jax.lax.while_loop(lambda c: c[0] < 3, lambda c: (c[0] + 1, jnp.sin(c[1])), (0, x))
    return w[1], jnp.sort(x), jax.lax.cond(x[0, 0] > 0, lambda x: x, lambda x: x * 2, x), jnp.argmax(x, 0), jax.lax.top_k(x, 2)


def layers(x, k):
    y = jax.nn.relu(jax.lax.conv_general_dilated(x, k, (2, 2), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")))
    y = jax.lax.reduce_window(y, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    return y.at[0, 0, 0].add(3.0), jnp.fft.rfft(x[0, 0, :, 0]), jax.random.uniform(jax.random.key(0), (3,))


def solve(a, b):
    c, _ = jax.lax.scan(lambda c, r: (c @ a + r, None), b[0], b)
    return jnp.linalg.solve(a, c), jnp.linalg.eigh(a)


a = jnp.eye(3)
for name, f, args, locs in (("control", control, (jnp.ones((4, 5)),), True),
                            ("layers", layers, (jnp.ones((2, 6, 6, 3)), jnp.ones((3, 3, 3, 4))), False),
                            ("solve", jax.value_and_grad(lambda a, b: jnp.sum(solve(a, b)[0])), (a, jnp.ones((2, 3))), True)):
    low = jax.jit(f).lower(*args)
    with open(f"{folder}/jax-{name}.mlir", "w") as out:
        out.write(low.as_text(debug_info=locs).replace(here, ""))
    with open(f"{folder}/jax-{name}.generic.mlir", "w") as out:
        out.write(low.compiler_ir().operation.get_asm(print_generic_op_form=True))
