"""Cases of linear algebra on complex numbers, against numpy and LAPACK's algorithms written plainly; as linear.py, in double
precision.  Of eigenvectors and singular vectors phases are free: the cases compare what they are for."""
import numpy as np

from emit import COMPLEX, File, T
from linear import FACTORED, SQUARES, batch, each, names, side, tridiagonal

nan = np.nan
SLACK = {"c64": {"eps": 64}, "c128": {"eps": 64}}
PART = {"c64": "f32", "c128": "f64"}


def small(shape, seed, lo=-7, hi=8, by=4):
    """Parts are multiples of 1/by, which every type has."""
    r = np.random.RandomState(seed)
    return (r.randint(lo, hi, shape) + 1j * r.randint(lo, hi, shape)) / by


def adjoint(x):
    return np.swapaxes(x, -1, -2).conj()


def turned(dims):
    return "{permutation = [%s]}" % ", ".join(map(str, list(range(len(dims) - 2)) + [len(dims) - 1, len(dims) - 2]))


def conj(name, of, t):
    """Lines that conjugate."""
    return ["%%%s.re = real %%%s" % (name, of), "%%%s.im = imag %%%s" % (name, of), "%%%s.neg = neg %%%s.im" % (name, name),
            "%%%s = complex %%%s.re, %%%s.neg" % (name, name, name)]


def cholesky(f, t):
    for i, shape in enumerate(SQUARES):
        x = small(shape, 71 + i, -2, 3, 2)
        a = x @ adjoint(x) / 2 + np.eye(shape[-1]) * 2
        want = np.linalg.cholesky(a) if a.size else a
        for lower in (True, False):
            keep = side(shape, lower)
            given = np.where(keep, a, nan) + np.where(np.eye(shape[-1]) > 0, 5j, 0)     # parts of the diagonal are not read either
            f.case("cholesky_%s_%d_%s" % (t, i, "lower" if lower else "upper"), {"a": T(given, t)},
                   {"y": T(want if lower else adjoint(want), t)}, "%y = cholesky %a" + ("" if lower else " {lower = false}"),
                   {"a": names(shape)}, {"y": names(shape)}, **SLACK[t])
    bad = np.array([[[1, 2j], [-2j, 1]], [[4, -2j], [2j, 5]]])
    f.case("cholesky_%s_not" % t, {"a": T(bad, t)}, {"y": T(np.array([[[complex(nan, nan)] * 2] * 2, [[2, 0], [1j, 2]]]), t)},
           "%y = cholesky %a", {"a": ["N", 2, 2]}, {"y": ["N", 2, 2]}, **SLACK[t])


OPS = {"no_transpose": lambda m: m, "transpose": lambda m: np.swapaxes(m, -1, -2), "adjoint": adjoint}


def triangular(f, t):
    k = 0
    for shape, columns in (((3, 3), 2), ((2, 4, 4), 3)):
        for left in (True, False):
            for lower in (True, False):
                for op, of in OPS.items():
                    unit, n = k % 3 == 0, shape[-1]
                    a = np.where(side(shape, lower), small(shape, 81 + k, -3, 4, 4 * n), 0)
                    a = a * (1 - np.eye(n)) + np.eye(n) * (1 if unit else 2 - 1j)
                    x = small(shape[:-1] + (columns,) if left else shape[:-2] + (columns, n), 82 + k)
                    y = of(a) @ x if left else x @ of(a)
                    given = np.where(side(shape, lower, not unit), a, nan)
                    f.case("triangular_solve_%s_%d" % (t, k), {"a": T(given, t), "b": T(y, t)}, {"x": T(x, t)},
                           "%%x = triangular_solve %%a, %%b {left_side = %s, lower = %s, unit_diagonal = %s, transpose_a = \"%s\"}" % (
                               str(left).lower(), str(lower).lower(), str(unit).lower(), op),
                           {"a": names(shape), "b": names(x.shape)}, {"x": names(x.shape)}, **SLACK[t])
                    k += 1


def getrf(a):
    """Column by column, as LAPACK's getf2, whose pivot has the largest |re| + |im|."""
    a, (m, n), pivots, info = a.copy(), a.shape, [], 0
    for c in range(min(m, n)):
        p = c + int(np.argmax(np.abs(a[c:, c].real) + np.abs(a[c:, c].imag)))
        pivots.append(p + 1)
        a[[c, p]] = a[[p, c]]
        if a[c, c] == 0:
            info = info or c + 1
        else:
            a[c + 1:, c] /= a[c, c]
        a[c + 1:, c + 1:] -= np.outer(a[c + 1:, c], a[c, c + 1:])
    return a, np.array(pivots, np.int32), np.int32(info)


def geqrf(a):
    """Column by column, as LAPACK's geqr2: the diagonal of R is real, and a's columns meet 1 - conj(tau) v v^H."""
    a, (m, n), taus = a.copy(), a.shape, []
    for c in range(min(m, n)):
        x = a[c:, c].copy()
        tau, v = 0j, np.zeros(m - c, complex)
        if np.abs(x[1:]).max(initial=0) != 0 or x[0].imag != 0:
            beta = -np.copysign(np.sqrt((np.abs(x) ** 2).sum()), x[0].real)
            tau, v = (beta - x[0]) / beta, x / (x[0] - beta)
            a[c, c], a[c + 1:, c] = beta, v[1:]
        v[0] = 1
        a[c:, c + 1:] -= np.conj(tau) * np.outer(v, v.conj() @ a[c:, c + 1:])
        taus.append(tau)
    return a, np.array(taus)


def orgqr(a, tau):
    q = np.eye(a.shape[0], dtype=complex)
    for c in range(len(tau)):
        v = np.concatenate([np.zeros(c), [1], a[c + 1:, c]])
        q -= tau[c] * np.outer(q @ v, v.conj())
    return q[:, :a.shape[1]]


def packed(f, t):
    for i, shape in enumerate(FACTORED):
        a, m, n, b = small(shape, 91 + i), shape[-2], shape[-1], batch(shape)
        few, types = min(m, n), {"a": names(shape)}
        y, p, info = each(getrf, a)
        f.case("lu_%s_%d" % (t, i), {"a": T(a, t)}, {"y": T(y, t), "p": T(p, "i32"), "info": T(info, "i32")}, "%y, %p, %info = lu %a",
               types, {"y": names(shape), "p": b + [few], "info": b}, **SLACK[t])
        y, tau = each(geqrf, a)
        f.case("qr_factors_%s_%d" % (t, i), {"a": T(a, t)}, {"y": T(y, t), "tau": T(tau, t)}, "%y, %tau = qr_factors %a", types,
               {"y": names(shape), "tau": b + [few]}, **SLACK[t])
        if m >= n:
            v, tau = T(y, t), T(tau, t)
            q = each(orgqr, v.x.astype(complex), tau.x.astype(complex))[0]
            f.case("householder_product_%s_%d" % (t, i), {"a": v, "tau": tau}, {"q": T(q, t)}, "%q = householder_product %a, %tau",
                   {"a": names(shape), "tau": b + [few]}, {"q": names(shape)}, **SLACK[t])
    # The largest |re| + |im| is not the largest number; a pivot of 0; a column that is real already, and one that is not.
    rows = np.array([[[5, 1], [3 + 3j, 2]], [[0, 1j], [0, 2]], [[2j, 1], [0, 1]], [[-2, 1], [0, 3]]])
    y, p, info = each(getrf, rows)
    z, tau = each(geqrf, rows)
    f.case("factors_%s_odd" % t, {"a": T(rows, t)}, {"y": T(y, t), "p": T(p, "i32"), "info": T(info, "i32"), "z": T(z, t), "tau": T(tau, t)},
           ["%y, %p, %info = lu %a", "%z, %tau = qr_factors %a"], {"a": ["N", 2, 2]},
           {"y": ["N", 2, 2], "p": ["N", 2], "info": ["N"], "z": ["N", 2, 2], "tau": ["N", 2]}, **SLACK[t])


def spectra(f, t):
    for i, shape in enumerate([(1, 1), (2, 2), (5, 5), (2, 3, 3), (3, 2, 4, 4)]):
        a, n, b = small(shape, 61 + i), shape[-1], batch(shape)
        for lower in (True, False):
            keep = side(shape, lower)
            c = np.where(keep, a, adjoint(a))
            c = np.where(np.eye(n) > 0, c.real, c)
            given = np.where(keep, a, 7 + 7j)
            f.case("eigh_%s_%d_%s" % (t, i, "lower" if lower else "upper"), {"a": T(given, t)},
                   {"w": T(np.linalg.eigvalsh(c), PART[t]), "c": T(c, t), "one": T(np.broadcast_to(np.eye(n), shape), t)},
                   ["%w, %v = eigh %a" + ("" if lower else " {lower = false}"), "%%vt = transpose %%v %s" % turned(shape)] +
                   conj("vh", "vt", t) +
                   ["%wr = reshape %w {shape = [" + ", ".join(map(str, b + [1, n])) + "]}", "%%ws = convert %%wr {dtype = %s}" % t,
                    "%wv = mul %v, %ws", "%c = matmul %wv, %vh", "%one = matmul %vh, %v"],
                   {"a": names(shape)}, {"w": b + [n], "c": names(shape), "one": names(shape)}, eps=64)
    for i, shape in enumerate(FACTORED + [(4, 4)]):
        a, m, n, b = small(shape, 51 + i), shape[-2], shape[-1], batch(shape)
        if i == len(FACTORED):
            a[:, 3] = a[:, 0] - 2j * a[:, 1]      # of rank 3
            a[2] = 0
        few, s = min(m, n), np.linalg.svd(a, compute_uv=False)
        f.case("svd_values_%s_%d" % (t, i), {"a": T(a, t)}, {"s": T(s, PART[t])}, "%s = svd %a {compute_uv = false}",
               {"a": names(shape)}, {"s": b + [few]}, **SLACK[t])
        for full in (True, False):
            cut = ["%%%s = slice %%%s {start = [%s], limit = [%s]}" % (y, x, ", ".join(["0"] * len(shape)), ", ".join(map(str, b + to)))
                   for x, y, to in (("u", "uf", [m, few]), ("v", "vf", [few, n]))]
            k, l = (m, n) if full else (few, few)
            f.case("svd_%s_%d_%s" % (t, i, "full" if full else "thin"), {"a": T(a, t)},
                   {"s": T(s, PART[t]), "c": T(a, t), "uu": T(np.broadcast_to(np.eye(k), shape[:-2] + (k, k)), t),
                    "vv": T(np.broadcast_to(np.eye(l), shape[:-2] + (l, l)), t)},
                   ["%u, %s, %v = svd %a" + ("" if full else " {full_matrices = false}")] + cut +
                   ["%sr = reshape %s {shape = [" + ", ".join(map(str, b + [1, few])) + "]}", "%%ss = convert %%sr {dtype = %s}" % t,
                    "%us = mul %uf, %ss", "%c = matmul %us, %vf", "%%ut = transpose %%u %s" % turned(shape)] + conj("uh", "ut", t) +
                   ["%uu = matmul %uh, %u", "%%vt = transpose %%v %s" % turned(shape)] + conj("vh", "vt", t) + ["%vv = matmul %v, %vh"],
                   {"a": names(shape)}, {"s": b + [few], "c": names(shape), "uu": b + [k, k], "vv": b + [l, l]}, eps=64)
    rows = np.array([[[1, 1], [complex(1, nan), 1]], [[1, 1j], [-1j, 1]]])
    f.case("spectra_%s_odd" % t, {"a": T(rows, t)}, {"w": T(np.array([[nan] * 2, [0, 2]]), PART[t]),
                                                       "s": T(np.array([[nan] * 2, [2, 0]]), PART[t])},
           ["%w, %x = eigh %a", "%s = svd %a {compute_uv = false}"], {"a": ["N", 2, 2]}, {"w": ["N", 2], "s": ["N", 2]}, **SLACK[t])


def large(f, t):
    """Several blocks: what is factored is put together again."""
    n = 70
    i, j = np.indices((n, n))
    m = (((3 * i + 5 * j) % 7 - 3) + 1j * ((2 * i + 3 * j) % 5 - 2)) / 8 + np.eye(n) * 8
    v = small((n, 1), 5)
    whole = "%s[%d, %d]" % (PART[t], n, n)
    lines = ["%%%s = iota {dim = %d, dtype = i32, shape = [%d, %d]}" % (x, k, n, n) for k, x in enumerate("ij")]
    for part, (p, q, of, less) in (("re", (3, 5, 7, 3)), ("im", (2, 3, 5, 2))):
        lines += ["%%%s.c%d = constant splat %d : i32[%d, %d]" % (part, k, c, n, n) for k, c in enumerate((p, q, of, less))]
        lines += [line.replace("$", part) for line in (
            "%$.a = mul %i, %$.c0", "%$.b = mul %j, %$.c1", "%$.s = add %$.a, %$.b", "%$.r = rem %$.s, %$.c2", "%$.d = sub %$.r, %$.c3",
            "%$.f = convert %$.d {dtype = " + PART[t] + "}", "%$.e = constant splat 0.125 : " + whole, "%$ = mul %$.f, %$.e")]
    lines += ["%on = compare %i, %j {dir = eq}", "%%eight = constant splat 8.0 : %s" % whole, "%zero = sub %eight, %eight",
              "%more = select %on, %eight, %zero", "%sum = add %re, %more", "%m = complex %sum, %im",
              "%mt = transpose %m {permutation = [1, 0]}"] + conj("mh", "mt", t)
    a = m @ m.conj().T
    f.case("cholesky_%s_blocks" % t, {"v": T(v, t)}, {"y": T(np.linalg.cholesky(a) @ v, t)},
           lines + ["%a = matmul %m, %mh", "%l = cholesky %a", "%y = matmul %l, %v"], eps=256)
    lower = np.tril(m)
    f.case("triangular_solve_%s_blocks" % t, {"v": T(v, t)}, {"y": T(np.linalg.solve(lower.conj().T, v), t)},
           lines + ['%y = triangular_solve %m, %v {transpose_a = "adjoint"}'], **SLACK[t])
    y, p, _ = getrf(m)
    f.case("lu_%s_blocks" % t, {"v": T(v, t)}, {"y": T(y @ v, t), "p": T(p, "i32")}, lines + ["%l, %p, %i0 = lu %m", "%y = matmul %l, %v"],
           eps=256)
    y, tau = geqrf(m)
    f.case("qr_%s_blocks" % t, {"v": T(v, t)}, {"y": T(y @ v, t), "z": T(orgqr(y, tau) @ v, t)},
           lines + ["%r, %tau = qr_factors %m", "%y = matmul %r, %v", "%q = householder_product %r, %tau", "%z = matmul %q, %v"], eps=1024)


def linear_complex():
    f = File("Linear algebra on complex numbers.")
    for t in COMPLEX:
        cholesky(f, t)
        triangular(f, t)
        packed(f, t)
        tridiagonal(f, t, small, wide=lambda x: x, slack=SLACK.get)
        spectra(f, t)
        large(f, t)
    return f


FILES = {"linear_complex": linear_complex}
