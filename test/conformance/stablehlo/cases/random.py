"""jax.random.  Keys are the words of a threefry key; what the functions compute is integer arithmetic, then floats."""
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, random

KEY = np.array([0x12345678, 0x9abcdef0], np.uint32)
TOL = {"f32": 1e-5, "f64": 1e-12, "bf16": 5e-2, "c64": 1e-5}
R = random
FUNCTIONS = {
    "bits": lambda k: R.bits(k, (3, 5)), "bits8": lambda k: R.bits(k, (7,), np.uint8), "bits16": lambda k: R.bits(k, (7,), np.uint16), "bits-odd": lambda k: R.bits(k, (13,)), "uniform": lambda k: R.uniform(k, (3, 4)),
    "uniform-range": lambda k: R.uniform(k, (7,), minval=-3, maxval=5), "uniform-bf16": lambda k: R.uniform(k, (8,), jnp.bfloat16), "uniform-f16": lambda k: R.uniform(k, (8,), jnp.float16), "normal": lambda k: R.normal(k, (3, 4)),
    "normal-scalar": lambda k: R.normal(k), "normal-bf16": lambda k: R.normal(k, (8,), jnp.bfloat16), "normal-c64": lambda k: R.normal(k, (5,), jnp.complex64), "split": lambda k: R.key_data(R.split(k, 3)), "fold_in": lambda k: R.key_data(R.fold_in(k, 17)),
    "randint": lambda k: R.randint(k, (9,), -5, 100), "randint-i8": lambda k: R.randint(k, (9,), -100, 100, jnp.int8), "randint-u32": lambda k: R.randint(k, (9,), 0, 4000000000 % 2 ** 31, jnp.uint32), "permutation": lambda k: R.permutation(k, 10),
    "permutation-array": lambda k: R.permutation(k, jnp.arange(12.).reshape(4, 3)), "permutation-independent": lambda k: R.permutation(k, jnp.arange(12.).reshape(4, 3), independent=True), "choice": lambda k: R.choice(k, 20, (6,)),
    "choice-replace": lambda k: R.choice(k, 20, (6,), replace=False), "choice-p": lambda k: R.choice(k, 4, (8,), p=jnp.array([0.1, 0.2, 0.3, 0.4])), "bernoulli": lambda k: R.bernoulli(k, 0.3, (12,)), "beta": lambda k: R.beta(k, 2.0, 3.0, (4,)),
    "cauchy": lambda k: R.cauchy(k, (5,)), "dirichlet": lambda k: R.dirichlet(k, jnp.array([1.0, 2.0, 3.0])), "exponential": lambda k: R.exponential(k, (5,)), "gamma": lambda k: R.gamma(k, 2.5, (4,)), "loggamma": lambda k: R.loggamma(k, 0.5, (4,)),
    "poisson": lambda k: R.poisson(k, 3.0, (5,)), "poisson-large": lambda k: R.poisson(k, 30.0, (5,)), "gumbel": lambda k: R.gumbel(k, (5,)), "categorical": lambda k: R.categorical(k, jnp.log(jnp.array([[0.1, 0.9], [0.5, 0.5]]))),
    "laplace": lambda k: R.laplace(k, (5,)), "logistic": lambda k: R.logistic(k, (5,)), "pareto": lambda k: R.pareto(k, 2.0, (5,)), "t": lambda k: R.t(k, 4.0, (3,)), "truncated_normal": lambda k: R.truncated_normal(k, -1.0, 1.5, (6,)),
    "rademacher": lambda k: R.rademacher(k, (9,)), "maxwell": lambda k: R.maxwell(k, (4,)), "double_sided_maxwell": lambda k: R.double_sided_maxwell(k, 0.5, 1.0, (4,)), "weibull_min": lambda k: R.weibull_min(k, 1.0, 2.0, (4,)),
    "multivariate_normal": lambda k: R.multivariate_normal(k, jnp.zeros(2), jnp.array([[2.0, 0.5], [0.5, 1.0]]), (3,)), "orthogonal": lambda k: (lambda q: q @ q.T)(R.orthogonal(k, 3)), "ball": lambda k: R.ball(k, 3, 2.0, (2,)),
    "generalized_normal": lambda k: R.generalized_normal(k, 1.5, (4,)), "rayleigh": lambda k: R.rayleigh(k, 2.0, (4,)), "lognormal": lambda k: R.lognormal(k, 0.5, (4,)), "triangular": lambda k: R.triangular(k, 0.0, 0.3, 1.0, (4,)),
    "chisquare": lambda k: R.chisquare(k, 3.0, shape=(4,)), "f": lambda k: R.f(k, 3.0, 5.0, shape=(3,)), "geometric": lambda k: R.geometric(k, 0.3, (6,)), "binomial": lambda k: R.binomial(k, 10, 0.4, (5,)), "wald": lambda k: R.wald(k, 1.5, (4,)),
    "multinomial": lambda k: R.multinomial(k, 8, jnp.array([0.2, 0.3, 0.5])), "dropout": lambda k: jnp.where(R.bernoulli(k, 0.8, (3, 4)), jnp.ones((3, 4)) / 0.8, 0),
}


def cases(add):
    for name, fn in FUNCTIONS.items():
        tol = TOL if name not in ("gamma", "loggamma", "beta", "dirichlet", "t", "chisquare", "f", "wald", "generalized_normal") else {"f32": 1e-4}
        add(name, lambda k, f=fn: f(random.wrap_key_data(k)), KEY, tol=tol)
    for name in ("bits", "uniform", "normal", "split", "randint", "permutation", "gumbel", "gamma", "exponential", "fold_in"):
        fn = FUNCTIONS[name]
        add(f"{name}-x64", lambda k, f=fn: f(random.wrap_key_data(k)), KEY + np.uint32(1), tol={"f32": 1e-4, "f64": 1e-11}, x64=True)
        add(f"{name}-vmap", lambda k, f=fn: jax.vmap(lambda k: f(random.wrap_key_data(k)))(k), np.arange(6, dtype=np.uint32).reshape(3, 2), tol={"f32": 1e-4})
        add(f"{name}-zero", lambda k, f=fn: f(random.wrap_key_data(k)), np.zeros(2, np.uint32), tol={"f32": 1e-4})
    add("bits64", lambda k: random.bits(random.wrap_key_data(k), (5,), np.uint64), KEY, x64=True)
    add("key-from-seed", lambda s: random.key_data(random.key(s)), np.int32(42))
    add("PRNGKey-chain", lambda s: random.normal(random.split(random.PRNGKey(s))[1], (4,)), np.int32(7), tol=TOL)
    add("not-partitionable", lambda k: not_partitionable(k), KEY)
    add("scan-keys", lambda k: lax.scan(lambda c, _: (random.key_data(random.split(random.wrap_key_data(c))[0]), random.uniform(random.wrap_key_data(c))), k, None, length=4), KEY, tol=TOL)
    # The generators of the specification; XLA:CPU's streams are the ones that it names.
    for t in (np.uint32, np.uint64, np.uint8, np.uint16):
        for algorithm in ("three_fry", "philox"):
            for shape in ((4,), (3, 5)):
                kind = getattr(lax.RandomAlgorithm, "RNG_" + algorithm.upper())
                key = np.array([1, 2], np.uint64) if algorithm == "three_fry" else np.array([1, 2], np.uint64)
                key32 = key.view(np.uint32)
                add(f"rng_bit_generator-{algorithm}-{np.dtype(t).name}-{'x'.join(map(str, shape))}", lambda k, s=shape, d=t, a=kind: lax.rng_bit_generator(k, s, d, algorithm=a), key32, x64=True)


def not_partitionable(k):
    with jax.threefry_partitionable(False):
        return random.bits(random.wrap_key_data(k), (3, 5))
