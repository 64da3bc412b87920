"""Linear algebra.  Factors whose signs are free are multiplied out again."""
import jax
import jax.numpy as jnp
import jax.scipy.linalg as sl
import numpy as np
from jax import lax
from jax.lax import linalg as ll

TOL = {"f32": 1e-4, "f64": 1e-12, "c64": 1e-4, "c128": 1e-12}


def spd(x):
    return x @ jnp.conj(jnp.swapaxes(x, -1, -2)) + 2 * jnp.eye(x.shape[-1], dtype=x.dtype)


def qr(x):
    q, r = jnp.linalg.qr(x)
    return q @ r, jnp.conj(jnp.swapaxes(q, -1, -2)) @ q


def eigh(x):
    w, v = jnp.linalg.eigh(spd(x))
    return w, (v * w[..., None, :].astype(v.dtype)) @ jnp.conj(jnp.swapaxes(v, -1, -2))


def svd(x):
    u, s, v = jnp.linalg.svd(x, full_matrices=False)
    return s, (u * s[..., None, :].astype(u.dtype)) @ v


def lu(x):
    p, l, u = sl.lu(x)
    return p, l, u


FUNCTIONS = {
    "cholesky": lambda x: jnp.linalg.cholesky(spd(x)), "cholesky-upper": lambda x: jnp.linalg.cholesky(spd(x), upper=True), "lu": lu, "qr": qr, "eigh": eigh, "svd": svd, "det": jnp.linalg.det, "slogdet": jnp.linalg.slogdet,
    "inv": lambda x: jnp.linalg.inv(spd(x)), "eigvalsh": lambda x: jnp.linalg.eigvalsh(spd(x)), "svdvals": lambda x: jnp.linalg.svd(x, compute_uv=False), "pinv": lambda x: jnp.linalg.pinv(spd(x)), "cond": lambda x: jnp.linalg.cond(spd(x)),
    "norm": jnp.linalg.norm, "lu_pivots": lambda x: ll.lu(x),
}


def cases(add):
    for name, fn in FUNCTIONS.items():
        for t in ("f32", "f64", "c64", "c128"):
            if t[0] == "c" and name in ("pinv", "cond", "norm"):
                continue
            add(f"{name}-{t}", fn, t + "[4,4]", tol=TOL)
        if name not in ("norm", "cond", "lu"):
            add(f"{name}-batch", fn, "f32[2,3,3]", tol=TOL)
        if name in ("cholesky", "lu", "qr", "eigh", "svd", "det", "inv"):
            add(f"{name}-1", fn, "f32[1,1]", tol=TOL)
            add(f"{name}-9", fn, "f64[9,9]", tol=TOL)
    for name, fn in {"cholesky": lambda x: jnp.linalg.cholesky(spd(x)).sum(), "det": jnp.linalg.det, "inv": lambda x: jnp.linalg.inv(spd(x)).sum(), "slogdet": lambda x: jnp.linalg.slogdet(spd(x))[1],
                     "eigvalsh": lambda x: (jnp.linalg.eigvalsh(spd(x)) ** 2).sum(), "svd": lambda x: (jnp.linalg.svd(x, compute_uv=False) ** 3).sum(), "norm": jnp.linalg.norm}.items():
        add(f"{name}-grad", lambda x, f=fn: jax.grad(f)(x), "f32[3,3]", tol={"f32": 1e-3})
        add(f"{name}-grad-f64", lambda x, f=fn: jax.grad(f)(x), "f64[4,4]", tol={"f64": 1e-10})
    for t in ("f32", "f64", "c64"):
        for left in (True, False):
            for lower in (True, False):
                for conj, trans in ((False, False), (False, True)) + (((True, True),) if t[0] == "c" else ()):
                    add(f"triangular_solve-{t}-{'l' if left else 'r'}{'l' if lower else 'u'}{'t' if trans else 'n'}{'c' if conj else ''}", lambda a, b, left=left, lower=lower, conj=conj, trans=trans: ll.triangular_solve(
                        a + 3 * jnp.eye(3, dtype=a.dtype), b, left_side=left, lower=lower, transpose_a=trans, conjugate_a=conj), t + "[3,3]", t + ("[3,2]" if left else "[2,3]"), tol=TOL)
    add("triangular_solve-unit", lambda a, b: ll.triangular_solve(a, b, left_side=True, lower=True, unit_diagonal=True), "f32[3,3]", "f32[3,2]", tol=TOL)
    add("triangular_solve-batch", lambda a, b: ll.triangular_solve(a + 3 * jnp.eye(3), b, left_side=True, lower=True), "f32[2,3,3]", "f32[2,3,2]", tol=TOL)
    add("triangular_solve-grad", lambda a, b: jax.grad(lambda a, b: (sl.solve_triangular(a + 3 * jnp.eye(3), b, lower=True) ** 2).sum(), (0, 1))(a, b), "f32[3,3]", "f32[3,2]", tol={"f32": 1e-3})
    for name, fn, specs in [("solve", lambda a, b: jnp.linalg.solve(a + 3 * jnp.eye(a.shape[-1], dtype=a.dtype), b), ("[4,4]", "[4,2]")), ("cho_solve", lambda a, b: sl.cho_solve(sl.cho_factor(spd(a)), b), ("[3,3]", "[3,2]")),
                            ("lu_solve", lambda a, b: sl.lu_solve(sl.lu_factor(a + 3 * jnp.eye(a.shape[-1], dtype=a.dtype)), b), ("[3,3]", "[3,2]")), ("lstsq", lambda a, b: jnp.linalg.lstsq(a, b)[0], ("[5,3]", "[5]")),
                            ("solve-vector", lambda a, b: jnp.linalg.solve(a + 3 * jnp.eye(a.shape[-1], dtype=a.dtype), b), ("[4,4]", "[4]"))]:
        for t in ("f32", "f64"):
            add(f"{name}-{t}", fn, t + specs[0], t + specs[1], tol=TOL)
    add("solve-grad", lambda a, b: jax.grad(lambda a, b: jnp.linalg.solve(a + 3 * jnp.eye(3), b).sum(), (0, 1))(a, b), "f32[3,3]", "f32[3]", tol={"f32": 1e-3})
    for name, spec in [("tall", "f32[6,3]"), ("wide", "f32[3,5]"), ("tall-f64", "f64[7,2]"), ("stack", "f32[2,4,3]")]:
        add(f"qr-{name}", qr, spec, tol=TOL)
        add(f"svd-{name}", svd, spec, tol=TOL)
        add(f"lu-{name}", lambda x: ll.lu(x), spec, tol=TOL)
    add("qr-full", lambda x: (lambda q, r: (q @ r, q.T @ q))(*jnp.linalg.qr(x, mode="complete")), "f32[5,3]", tol=TOL)
    add("qr-grad", lambda x: jax.grad(lambda x: (jnp.linalg.qr(x)[1] ** 2).sum())(x), "f64[4,3]", tol={"f64": 1e-10})
    add("svd-full", lambda x: (lambda u, s, v: (s, u.T @ u, v @ v.T))(*jnp.linalg.svd(x, full_matrices=True)), "f32[4,3]", tol=TOL)
    add("householder", lambda a, t: ll.householder_product(a, t), "f32[4,3] -0.5..0.5", "f32[3] 0.1..0.9", tol=TOL)
    add("expm", lambda x: sl.expm(x), "f32[3,3]", tol={"f32": 1e-3})
    add("matrix_rank", lambda x: jnp.linalg.matrix_rank(x), "f32[4,3]")
    add("multi_dot", lambda x, y, z: jnp.linalg.multi_dot([x, y, z]), "f32[2,3]", "f32[3,4]", "f32[4,2]", tol=TOL)
    add("block_diag", lambda x, y: sl.block_diag(x, y), "f32[2,2]", "f32[1,3]")
    add("toeplitz", lambda x: sl.toeplitz(x), "f32[4]")
    add("cholesky-nan", lambda x: jnp.linalg.cholesky(x), np.array([[1, 2], [2, 1]], np.float32))
    add("tridiagonal_solve", lambda a, b, c, d: ll.tridiagonal_solve(a, b + 5, c, d), "f32[4]", "f32[4]", "f32[4]", "f32[4,2]", tol=TOL)
    add("cholesky_update", lambda x, v: ll.cholesky_update(jnp.linalg.cholesky(spd(x)).T, v), "f32[3,3]", "f32[3]", tol=TOL)
    add("cg-f64", lambda x, b: jax.scipy.sparse.linalg.cg(spd(x), b, maxiter=4)[0], "f64[3,3]", "f64[3]", tol={"f64": 1e-6})
    add("polar", lambda x: sl.polar(x + 2 * jnp.eye(3))[0], "f32[3,3]", tol={"f32": 1e-3})
    add("sqrtm-eigh", lambda x: (lambda w, v: (v * jnp.sqrt(w)) @ v.T)(*jnp.linalg.eigh(spd(x))), "f32[3,3]", tol=TOL)
