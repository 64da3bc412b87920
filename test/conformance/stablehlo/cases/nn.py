"""jax.nn, jax.scipy.special, jax.image, jax.scipy.stats."""
import jax
import jax.numpy as jnp
import jax.scipy.special as sp
import jax.scipy.stats as st
import numpy as np

TOL = {"f32": 1e-5, "f64": 1e-12, "bf16": 5e-2, "f16": 5e-3, "c64": 1e-5}
NN = "celu elu gelu hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu log_sigmoid relu relu6 selu sigmoid silu soft_sign softplus sparse_plus squareplus swish mish log_softmax softmax standardize glu sparse_sigmoid identity".split()
# jax.scipy.special: function and the ranges of its arguments
SPECIAL = {
    "bernoulli": None, "betaln": ("0.5..4", "0.5..4"), "beta": ("0.5..4", "0.5..4"), "betainc": ("0.5..4", "0.5..4", "0.1..0.9"), "digamma": ("0.3..9",), "entr": ("0.1..3",), "erf": ("-3..3",), "erfc": ("-3..3",), "erfinv": ("-0.9..0.9",),
    "exp1": ("0.3..5",), "expi": ("0.3..5",), "expit": ("-5..5",), "factorial": ("0..6",), "gamma": ("0.3..5",), "gammainc": ("0.4..5", "0.4..5"), "gammaincc": ("0.4..5", "0.4..5"), "gammaln": ("0.3..9",),
    "gammasgn": ("0.3..5",), "hyp1f1": ("0.5..2", "0.5..2", "0.2..1"), "i0": ("-5..5",), "i0e": ("-5..5",), "i1": ("-5..5",), "i1e": ("-5..5",), "kl_div": ("0.2..3", "0.2..3"), "log_ndtr": ("-4..4",), "log_softmax": ("-3..3",),
    "logit": ("0.1..0.9",), "logsumexp": ("-3..3",), "multigammaln": None, "ndtr": ("-3..3",), "ndtri": ("0.05..0.95",), "poch": ("0.5..3", "0.5..3"), "polygamma": None, "rel_entr": ("0.2..3", "0.2..3"), "softmax": ("-3..3",),
    "spence": ("0.1..4",), "xlog1py": ("0.2..3", "0.2..3"), "xlogy": ("0.2..3", "0.2..3"), "zeta": ("1.5..5", "0.5..4"), "log1p": None, "rgamma": ("0.3..4",), "sici": ("0.3..4",), "fresnel": ("-2..2",), "wofz": None, "owens_t": None,
}


def cases(add):
    for name in NN:
        fn = getattr(jax.nn, name, None)
        if fn is None:
            continue
        for t in ("f32", "f64", "bf16"):
            add(f"{name}-{t}", fn, t + "[4,6] -4..4", tol=TOL)
        add(f"{name}-grad", lambda x, f=fn: jax.grad(lambda x: (f(x) ** 2).sum())(x), "f32[4,6] -3..3", tol=TOL)
    add("gelu-exact", lambda x: jax.nn.gelu(x, approximate=False), "f32[9]", tol=TOL)
    add("one_hot", lambda i: jax.nn.one_hot(i, 5), np.array([0, 4, 2, 7, -1], np.int32))
    add("logmeanexp", lambda x: jax.nn.logmeanexp(x, axis=1), "f32[3,4]", tol=TOL)
    add("logsumexp-signed", lambda x, b: jax.nn.logsumexp(x, 1, b, return_sign=True), "f32[3,4]", "f32[3,4]", tol={"f32": 1e-4})
    add("softmax-where", lambda x, p: jax.nn.softmax(x, where=p), "f32[3,4]", np.tril(np.ones((3, 4), bool)), tol=TOL)
    add("softmax-axis0", lambda x: jax.nn.softmax(x, 0), "f32[5,2]", tol=TOL)
    for causal in (False, True):
        for t in ("f32", "f64", "bf16"):
            add(f"dot_product_attention-{t}{'-causal' if causal else ''}", lambda q, k, v, c=causal: jax.nn.dot_product_attention(q, k, v, is_causal=c),
                t + "[2,5,2,4]", t + "[2,5,2,4]", t + "[2,5,2,4]", tol={**TOL, "f64": 1e-6})   # its softmax is f32
    add("dot_product_attention-groups", lambda q, k, v: jax.nn.dot_product_attention(q, k, v), "f32[1,5,4,4]", "f32[1,6,2,4]", "f32[1,6,2,4]", tol=TOL)
    add("dot_product_attention-lengths", lambda q, k, v, n: jax.nn.dot_product_attention(q, k, v, key_value_seq_lengths=n), "f32[2,5,2,4]", "f32[2,6,2,4]", "f32[2,6,2,4]",
        np.array([3, 6], np.int32), tol=TOL)
    for name, ranges in SPECIAL.items():
        fn = getattr(sp, name, None)
        if ranges is None or fn is None:
            continue
        for t in ("f32", "f64"):
            add(f"special.{name}-{t}", fn, *[f"{t}[7] {r}" for r in ranges], tol={"f32": 1e-4, "f64": 1e-11})
        add(f"special.{name}-grad", lambda *x, f=fn, k=len(ranges) - 1: jax.grad(lambda y: jnp.sum(f(*x[:k], y)))(x[k]) if f not in (sp.sici, sp.fresnel)
            else jax.grad(lambda y: jnp.sum(f(y)[0]))(x[0]), *[f"f32[5] {r}" for r in ranges], tol={"f32": 1e-3})
    for n in (0, 1, 2, 4):
        add(f"special.polygamma-{n}", lambda x, n=n: sp.polygamma(n, x), "f32[6] 1.2..5", tol={"f32": 1e-4})
        add(f"special.polygamma-{n}-f64", lambda x, n=n: sp.polygamma(n, x), "f64[6] 1.2..5", tol={"f64": 1e-11})
    add("special.multigammaln", lambda x: sp.multigammaln(x, 3), "f32[5] 3..6", tol=TOL)
    add("special.sph_harm", lambda x: sp.lpmn_values(3, 3, x, True) if hasattr(sp, "lpmn_values") else x, "f32[4] -0.9..0.9", tol={"f32": 1e-4})
    for name in ("norm", "cauchy", "laplace", "logistic", "uniform", "t", "gumbel_r", "expon"):
        dist = getattr(st, name)
        args = ["f32[6]"] + (["f32[6] 2..5"] if name == "t" else [])
        for kind in ("pdf", "logpdf", "cdf", "logcdf", "sf", "ppf"):
            fn = getattr(dist, kind, None)
            if fn and not (name == "t" and kind not in ("pdf", "logpdf")):
                add(f"stats.{name}.{kind}", fn, *(["f32[6] 0.1..0.9"] if kind == "ppf" else args), tol={"f32": 1e-4})
    for name, args in {"beta": ("0.1..0.9", "1..3", "1..3"), "gamma": ("0.2..3", "1..3"), "chi2": ("0.2..3", "1..4"), "dirichlet": None, "pareto": ("1.1..4", "1..3"), "truncnorm": None}.items():
        if args:
            add(f"stats.{name}.logpdf", getattr(st, name).logpdf, *[f"f32[5] {a}" for a in args], tol={"f32": 1e-4})
    for name, args in {"bernoulli": (np.array([0, 1, 1], np.int32), "f32[3] 0.1..0.9"), "poisson": (np.array([0, 3, 5], np.int32), "f32[3] 0.5..4"),
                       "geom": (np.array([1, 3, 5], np.int32), "f32[3] 0.1..0.9"), "binom": (np.array([0, 3, 5], np.int32), np.array([5, 5, 6], np.int32), "f32[3] 0.1..0.9")}.items():
        add(f"stats.{name}.logpmf", getattr(st, name).logpmf, *args, tol={"f32": 1e-4})
    for method in ("nearest", "linear", "cubic", "lanczos3", "lanczos5"):
        add(f"image.resize-{method}", lambda x, m=method: jax.image.resize(x, (7, 3, 2), m), "f32[4,5,2]", tol={"f32": 1e-4})
        add(f"image.resize-{method}-up", lambda x, m=method: jax.image.resize(x, (9, 8), m), "f32[4,5]", tol={"f32": 1e-4})
    add("image.scale_and_translate", lambda x, s, t: jax.image.scale_and_translate(x, (6, 6), (0, 1), s, t, "linear"), "f32[4,5]", "f32[2] 0.8..1.5", "f32[2] -1..1", tol={"f32": 1e-4})
    add("ndimage.map_coordinates", lambda x, c: jax.scipy.ndimage.map_coordinates(x, list(c), 1, mode="nearest"), "f32[4,5]", "f32[2,6] 0.1..3.2", tol={"f32": 1e-4})
    add("signal.convolve", lambda x, y: jax.scipy.signal.convolve(x, y, mode="same", method="direct"), "f32[4,5]", "f32[3,2]", tol=TOL)
    add("signal.convolve2d", lambda x, y: jax.scipy.signal.convolve2d(x, y), "f32[4,5]", "f32[3,2]", tol=TOL)
    add("signal.detrend", lambda x: jax.scipy.signal.detrend(x, type="constant"), "f32[9]", tol=TOL)
    add("interpolate", lambda x: jax.scipy.interpolate.RegularGridInterpolator((jnp.arange(4.), jnp.arange(3.)), jnp.arange(12.).reshape(4, 3))(x), "f32[5,2] 0.1..1.9", tol=TOL)
    for name in ("glorot_uniform", "he_normal", "orthogonal", "lecun_normal"):
        add(f"initializers.{name}", lambda k, n=name: jnp.abs(getattr(jax.nn.initializers, n)()(jax.random.wrap_key_data(k), (3, 3))) if n != "orthogonal" else (
            lambda q: q @ q.T)(jax.nn.initializers.orthogonal()(jax.random.wrap_key_data(k), (3, 3))), np.array([1, 2], np.uint32), tol={"f32": 1e-4})
