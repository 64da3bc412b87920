"""Gradients of small models, and their training steps."""
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

TOL = {"f32": 1e-4, "f64": 1e-12, "bf16": 1e-1}
B = 3


def mlp(p, x, y):
    h = jax.nn.relu(x @ p["w1"] + p["b1"])
    return jnp.mean((h @ p["w2"] + p["b2"] - y) ** 2)


def classifier(p, x, y):
    logits = jnp.tanh(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1))


def convnet(p, x, y):
    h = jax.nn.relu(lax.conv_general_dilated(x, p["k1"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")) + p["c1"])
    h = lax.reduce_window(h, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    h = jax.nn.gelu(lax.conv_general_dilated(h, p["k2"], (2, 2), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")))
    return jnp.mean((h.reshape(h.shape[0], -1) @ p["w"] - y) ** 2)


def layer_norm(p, x):
    m = x.mean(-1, keepdims=True)
    v = ((x - m) ** 2).mean(-1, keepdims=True)
    return ((x - m) * lax.rsqrt(v + 1e-5) * p["g"] + p["b"])


def attention(p, x):
    q, k, v = (jnp.einsum("btd,dhk->bhtk", x, p[n]) for n in "qkv")
    s = jnp.einsum("bhtk,bhsk->bhts", q, k) / np.sqrt(q.shape[-1]).astype(np.float32)
    s = jnp.where(jnp.tril(jnp.ones(s.shape[-2:], bool)), s, -1e9)
    return jnp.einsum("bhts,bhsk,hkd->btd", jax.nn.softmax(s), v, p["o"])


def rnn(p, xs):
    def step(h, x):
        h = jnp.tanh(h @ p["u"] + x @ p["w"])
        return h, h
    return lax.scan(step, jnp.zeros((xs.shape[1], p["u"].shape[0]), xs.dtype), xs)[1].sum()


def lstm(p, xs):
    def step(s, x):
        h, c = s
        i, f, g, o = jnp.split(h @ p["u"] + x @ p["w"], 4, -1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h
    z = jnp.zeros((xs.shape[1], p["u"].shape[0]), xs.dtype)
    return (lax.scan(step, (z, z), xs)[1] ** 2).mean()


def batch_norm(p, x):
    m, v = x.mean((0, 1, 2)), x.var((0, 1, 2))
    return (((x - m) / jnp.sqrt(v + 1e-5) * p["g"] + p["b"]) ** 3).mean()


MODELS = {
    "mlp": (mlp, lambda t: {"w1": t + "[4,8]", "b1": t + "[8]", "w2": t + "[8,2]", "b2": t + "[2]"}, lambda t: (f"{t}[{B},4]", f"{t}[{B},2]")),
    "classifier": (classifier, lambda t: {"w1": t + "[4,6]", "b1": t + "[6]", "w2": t + "[6,5]", "b2": t + "[5]"}, lambda t: (f"{t}[{B},4]", np.array([0, 4, 2], np.int32))),
    "convnet": (convnet, lambda t: {"k1": t + "[3,3,1,2] -0.5..0.5", "c1": t + "[2]", "k2": t + "[3,3,2,3] -0.5..0.5", "w": t + "[12,2]"}, lambda t: (f"{t}[{B},8,8,1]", f"{t}[{B},2]")),
    "layer_norm": (lambda p, x: (layer_norm(p, x) ** 3).sum(), lambda t: {"g": t + "[6]", "b": t + "[6]"}, lambda t: (f"{t}[{B},6]",)),
    "attention": (lambda p, x: (attention(p, x) ** 2).sum(), lambda t: {**{n: t + "[6,2,3] -0.7..0.7" for n in "qkv"}, "o": t + "[2,3,6] -0.7..0.7"}, lambda t: (f"{t}[{B},4,6]",)),
    "rnn": (rnn, lambda t: {"u": t + "[4,4] -0.5..0.5", "w": t + "[3,4]"}, lambda t: (f"{t}[5,{B},3]",)),
    "lstm": (lstm, lambda t: {"u": t + "[4,16] -0.5..0.5", "w": t + "[3,16]"}, lambda t: (f"{t}[5,{B},3]",)),
    "batch_norm": (batch_norm, lambda t: {"g": t + "[3]", "b": t + "[3]"}, lambda t: (f"{t}[{B},4,4,3]",)),
}


def adam(loss, p, m, v, n, *data):
    value, g = jax.value_and_grad(loss)(p, *data)
    m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
    v = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, v, g)
    n = n + 1
    p = jax.tree.map(lambda p, a, b: p - 1e-2 * (a / (1 - 0.9 ** n)) / (jnp.sqrt(b / (1 - 0.999 ** n)) + 1e-4), p, m, v)
    return p, m, v, n, value


def cases(add):
    for name, (loss, parameters, data) in MODELS.items():
        for t in ("f32", "f64"):
            add(f"{name}-loss-{t}", loss, parameters(t), *data(t), tol=TOL)
            add(f"{name}-grad-{t}", jax.grad(loss), parameters(t), *data(t), tol=TOL)
            add(f"{name}-value_and_grad-{t}", lambda p, *d, f=loss: jax.value_and_grad(f)(p, *d), parameters(t), *data(t), tol=TOL)
            add(f"{name}-sgd-{t}", lambda p, *d, f=loss: jax.tree.map(lambda a, b: a - 0.1 * b, p, jax.grad(f)(p, *d)), parameters(t), *data(t), tol=TOL, jit={"donate_argnums": (0,)})
            zeros = jax.tree.map(lambda s: s.split()[0] + " 0.1..0.2", parameters(t))
            add(f"{name}-adam-{t}", lambda p, m, v, n, *d, f=loss: adam(f, p, m, v, n, *d), parameters(t), zeros, zeros, np.array(3, np.float32 if t == "f32" else np.float64),
                *data(t), tol=TOL, jit={"donate_argnums": (0, 1, 2)})
            add(f"{name}-jvp-{t}", lambda p, *d, f=loss: jax.jvp(lambda p: f(p, *d), (p,), (jax.tree.map(jnp.ones_like, p),)), parameters(t), *data(t), tol=TOL)
        add(f"{name}-checkpoint", lambda p, *d, f=loss: jax.grad(jax.checkpoint(f))(p, *d), parameters("f32"), *data("f32"), tol=TOL)
        add(f"{name}-hvp", lambda p, *d, f=loss: jax.jvp(jax.grad(lambda p: f(p, *d)), (p,), (jax.tree.map(jnp.ones_like, p),))[1], parameters("f64"), *data("f64"), tol={"f64": 1e-11})
        add(f"{name}-steps", lambda p, *d, f=loss: lax.scan(lambda p, _: (jax.tree.map(lambda a, b: a - 0.02 * b, p, jax.grad(f)(p, *d)), f(p, *d)), p, None, length=4), parameters("f64"), *data("f64"), tol={"f64": 1e-11})
        if name not in ("rnn", "lstm", "classifier"):
            add(f"{name}-per-example", lambda p, *d, f=loss: jax.vmap(lambda *d: jax.grad(f)(p, *[a[None] for a in d]))(*d), parameters("f32"), *data("f32"), tol=TOL)
    add("mlp-grad-bf16", jax.grad(mlp), MODELS["mlp"][1]("bf16"), *MODELS["mlp"][2]("bf16"), tol=TOL)
    add("attention-grad-generic", jax.grad(MODELS["attention"][0]), MODELS["attention"][1]("f32"), *MODELS["attention"][2]("f32"), tol=TOL, form="generic")
    add("convnet-adam-generic", lambda p, *d: jax.grad(convnet)(p, *d), MODELS["convnet"][1]("f32"), *MODELS["convnet"][2]("f32"), tol=TOL, form="generic")
    add("lstm-grad-locations", jax.grad(lstm), MODELS["lstm"][1]("f32"), *MODELS["lstm"][2]("f32"), tol=TOL, form="locations")
