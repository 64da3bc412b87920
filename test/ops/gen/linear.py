"""Cases of linear algebra: cholesky, triangular_solve, tridiagonal_solve, lu, qr_factors, householder_product, eigh, svd, in double precision:
against numpy, and LAPACK's algorithms for what is packed (lu, qr_factors), written plainly.

The side of a matrix that must not be read holds NaN or infinity.  Matrices are small numbers with a dominant diagonal, so that
errors stay a few units of the last place of the largest number (eps); f16 and bf16 compute in f32 and round once."""
import re

import numpy as np

from composites import narrow, small, wide
from emit import FLOATS, File, T

nan, inf = np.nan, np.inf


def slack(t):
    return {"eps": 2 if t in ("f16", "bf16") else 64}


def names(shape):
    """Extents of the types: those of batches as symbols."""
    return ["N", "M"][:len(shape) - 2] + list(shape[-2:])


def turn(x):
    return np.swapaxes(x, -1, -2)


def side(shape, lower, diagonal=True):
    """Which elements of a triangle are read."""
    keep = np.tril(np.ones(shape[-2:])) if lower else np.triu(np.ones(shape[-2:]))
    return np.broadcast_to((keep if diagonal else keep - np.eye(shape[-1])) > 0, shape)


def definite(t, shape, seed):
    """Sums of squares of multiples of 1/2 are exact in every type; so is half a step on the diagonal."""
    x = wide(small(t, shape, seed, -2, 3, 2))
    return T(x @ turn(x) / 2 + np.eye(shape[-1]) * 2, t)


SQUARES = [(1, 1), (2, 2), (5, 5), (2, 3, 3), (3, 2, 4, 4), (0, 0), (3, 0, 0), (0, 2, 2)]


def cholesky(f):
    for t in FLOATS:
        for i, shape in enumerate(SQUARES):
            for lower in (True, False):
                a = definite(t, shape, 91 + i)
                want = np.linalg.cholesky(wide(a)) if a.x.size else wide(a)
                a = T(np.where(side(shape, lower), a.x, (nan, inf)[i % 2]), t)
                f.case("cholesky_%s_%d_%s" % (t, i, "lower" if lower else "upper"), {"a": a},
                       {"y": narrow(want if lower else turn(want), t)},
                       "%y = cholesky %a" + ("" if lower else " {lower = false}"), {"a": names(shape)}, {"y": names(shape)},
                       **slack(t))
        # Indefinite, semidefinite, a NaN, and a definite one beside them; a pivot that is infinite.
        rows = [[[1, 2], [2, 1]], [[4, 2], [2, 1]], [[nan, 0], [0, 1]], [[1, nan], [nan, 1]], [[0, 0], [0, 0]], [[-1, 0], [0, 1]],
                [[4, 2], [2, 5]], [[inf, 0], [0, 4]]]
        want = [[[nan, nan], [nan, nan]]] * 6 + [[[2, 0], [1, 2]], [[inf, 0], [0, 2]]]
        f.case("cholesky_%s_not" % t, {"a": T(np.array(rows), t)}, {"y": T(np.array(want), t)}, "%y = cholesky %a",
               {"a": ["N", 2, 2]}, {"y": ["N", 2, 2]})
    for t in ("f32", "f64"):
        for n in (64, 65, 130):     # one block, two, three; times a vector, so that there are few numbers
            lines, m = large(t, n)
            v = small(t, (n,), n + 1)
            f.case("cholesky_%s_blocks_%d" % (t, n), {"v": v}, {"y": narrow(np.linalg.cholesky(m @ m.T) @ wide(v), t)},
                   lines + ["%mt = transpose %m {permutation = [1, 0]}", "%a = matmul %m, %mt", "%l = cholesky %a",
                            "%y = matmul %l, %v"], **slack(t))


def large(t, n):
    """A lower triangle that a graph can make itself, and NaNs on the other side as %h: its lines, and it."""
    i, j = np.indices((n, n))
    m = np.where(i > j, ((3 * i + 5 * j) % 7 - 3) / 8.0, np.where(i == j, 8.0, 0.0))
    whole = "i32[%d, %d]" % (n, n)
    lines = ["%%%s = iota {dim = %d, dtype = i32, shape = [%d, %d]}" % (x, k, n, n) for k, x in enumerate("ij")]
    lines += ["%%c%d = constant splat %d : %s" % (c, c, whole) for c in (3, 5, 7)]
    lines += ["%i3 = mul %i, %c3", "%j5 = mul %j, %c5", "%s = add %i3, %j5", "%r = rem %s, %c7", "%d = sub %r, %c3",
              "%%f = convert %%d {dtype = %s}" % t]
    lines += ["%%%s = constant splat %s : %s[%d, %d]" % (x, v, t, n, n) for x, v in
              (("eighth", "0.125"), ("eight", "8.0"), ("zero", "0.0"), ("nan", "nan"))]
    lines += ["%g = mul %f, %eighth", "%below = compare %i, %j {dir = gt}", "%on = compare %i, %j {dir = eq}",
              "%above = compare %i, %j {dir = lt}", "%o = select %on, %eight, %zero", "%m = select %below, %g, %o",
              "%h = select %above, %nan, %m"]
    lines = [re.sub(r"%(?!m\b|h\b)(\w+)", r"%made.\1", line) for line in lines]
    return lines, m


def triangle(t, shape, seed, lower, unit):
    n = shape[-1]
    x = np.where(side(shape, lower), wide(small(t, shape, seed, -3, 4, 4 * n)), 0)
    return x * (1 - np.eye(n)) + np.eye(n) * (1 if unit else 2)


OPS = {"no_transpose": lambda m: m, "transpose": turn, "adjoint": turn}
SYSTEMS = [((1, 1), 1), ((3, 3), 2), ((2, 4, 4), 3), ((3, 2, 2, 2), 1), ((0, 0), 2), ((3, 3), 0), ((0, 2, 2), 2)]


def solve(f, name, t, a, x, left, lower, unit, op, types, hidden):
    m = OPS[op](wide(T(a, t)))
    b = T(m @ x if left else x @ m, t)
    want = np.linalg.solve(m, wide(b)) if left else turn(np.linalg.solve(turn(m), turn(wide(b))))
    a = np.where(side(a.shape, lower, not unit), a, hidden)
    how = "{left_side = %s, lower = %s, unit_diagonal = %s, transpose_a = \"%s\"}" % (
        str(left).lower(), str(lower).lower(), str(unit).lower(), op)
    f.case(name, {"a": T(a, t), "b": b}, {"x": narrow(want, t)}, "%x = triangular_solve %a, %b " + how,
           {"a": types[0], "b": types[1]} if types else None, {"x": types[1]} if types else None, **slack(t))


def triangular(f):
    for t in FLOATS:
        k = 0
        for left in (True, False):
            for lower in (True, False):
                for op in OPS:
                    for unit in (False, True):
                        shape, columns = SYSTEMS[k % len(SYSTEMS)] if op == "adjoint" else SYSTEMS[1 + k % 3]
                        x = shape[:-1] + (columns,) if left else shape[:-2] + (columns, shape[-1])
                        solve(f, "triangular_solve_%s_%d" % (t, k), t, triangle(t, shape, 101 + k, lower, unit),
                              wide(small(t, x, 102 + k)), left, lower, unit, op, (names(shape), names(x)), (nan, inf)[k % 2])
                        k += 1
        # 0 on the diagonal, NaN and infinity where they are read, and a matrix without beside them.
        a = np.array([[[0, nan], [1, 1]], [[nan, 0], [1, 1]], [[1, 0], [inf, 1]], [[1, 0], [1, 4]]])
        with np.errstate(all="ignore"):
            first = 2 / a[:, :1, :1]
            second = (np.full((4, 1, 1), 1.0) - a[:, 1:, :1] * first) / a[:, 1:, 1:]
        f.case("triangular_solve_%s_odd" % t, {"a": T(a, t), "b": T(np.array([[[2], [1]]] * 4), t)},
               {"x": T(np.concatenate([first, second], 1), t)}, "%x = triangular_solve %a, %b", {"a": ["N", 2, 2], "b": ["N", 2, 1]},
               {"x": ["N", 2, 1]})
    for t in ("f32", "f64"):
        for n, left, op in ((64, True, "no_transpose"), (65, True, "transpose"), (130, False, "no_transpose"), (129, False, "adjoint")):
            lines, m = large(t, n)
            m, b = OPS[op](m), small(t, (n, 2) if left else (2, n), n + 1)
            x = np.linalg.solve(m, wide(b)) if left else turn(np.linalg.solve(turn(m), turn(wide(b))))
            f.case("triangular_solve_%s_blocks_%d" % (t, n), {"b": b}, {"x": narrow(x, t)},
                   lines + ["%%x = triangular_solve %%h, %%b {left_side = %s, transpose_a = \"%s\"}" % (str(left).lower(), op)],
                   **slack(t))


def getrf(a):
    """Column by column, as LAPACK's getf2."""
    a, (m, n), pivots, info = a.copy(), a.shape, [], 0
    for c in range(min(m, n)):
        p = c + int(np.argmax(np.abs(a[c:, c])))       # a NaN counts as largest
        pivots.append(p + 1)
        a[[c, p]] = a[[p, c]]
        if a[c, c] == 0:
            info = info or c + 1
        else:
            a[c + 1:, c] /= a[c, c]
        a[c + 1:, c + 1:] -= np.outer(a[c + 1:, c], a[c, c + 1:])
    return a, np.array(pivots, np.int32), np.int32(info)


def geqrf(a):
    """Column by column, as LAPACK's geqr2."""
    a, (m, n), taus = a.copy(), a.shape, []
    for c in range(min(m, n)):
        x = a[c:, c].copy()
        tau, v = 0.0, np.zeros(m - c)
        if np.abs(x[1:]).max(initial=0) != 0:
            beta = -np.copysign(np.sqrt((x * x).sum()), x[0])
            tau, v = (beta - x[0]) / beta, x / (x[0] - beta)
            a[c, c], a[c + 1:, c] = beta, v[1:]
        v[0] = 1
        a[c:, c + 1:] -= tau * np.outer(v, v @ a[c:, c + 1:])
        taus.append(tau)
    return a, np.array(taus)


def orgqr(a, tau):
    q = np.eye(a.shape[0])
    for c in range(len(tau)):
        v = np.concatenate([np.zeros(c), [1], a[c + 1:, c]])
        q -= tau[c] * np.outer(q @ v, v)
    return q[:, :a.shape[1]]


def each(fn, a, *more):
    """fn of every matrix of a batch; a tuple of stacks."""
    batch = a.shape[:-2]
    outs = [fn(a[i], *(m[i] for m in more)) for i in np.ndindex(*batch)]
    outs = [o if isinstance(o, tuple) else (o,) for o in outs]
    return [np.stack([o[k] for o in outs]).reshape(batch + outs[0][k].shape) for k in range(len(outs[0]))]


FACTORED = [(1, 1), (3, 3), (5, 3), (3, 5), (2, 4, 4), (3, 2, 3, 2)]


def batch(shape):
    return names(shape)[:len(shape) - 2]


def packed(f):
    """lu, qr_factors and householder_product."""
    for t in FLOATS:
        for i, shape in enumerate(FACTORED):
            a, m, n, b = small(t, shape, 111 + i, -7, 8), shape[-2], shape[-1], batch(shape)
            few, types = min(m, n), {"a": names(shape)}
            y, p, info = each(getrf, wide(a))
            f.case("lu_%s_%d" % (t, i), {"a": a}, {"y": narrow(y, t), "p": T(p, "i32"), "info": T(info, "i32")},
                   "%y, %p, %info = lu %a", types, {"y": names(shape), "p": b + [few], "info": b}, **slack(t))
            y, tau = each(geqrf, wide(a))
            f.case("qr_factors_%s_%d" % (t, i), {"a": a}, {"y": narrow(y, t), "tau": narrow(tau, t)}, "%y, %tau = qr_factors %a",
                   types, {"y": names(shape), "tau": b + [few]}, **slack(t))
            if m >= n:
                v, tau = narrow(y, t), narrow(tau, t)
                q = each(orgqr, wide(v), wide(tau))[0]
                f.case("householder_product_%s_%d" % (t, i), {"a": v, "tau": tau}, {"q": narrow(q, t)},
                       "%q = householder_product %a, %tau", {"a": names(shape), "tau": b + [few]}, {"q": names(shape)}, **slack(t))
        # Pivots of 0, a NaN, an infinity; ties go to the first.
        rows = np.array([[[0, 0], [0, 3]], [[2, 2], [1, 1]], [[0, 0], [0, 0]], [[nan, 1], [1, 1]], [[1, 2], [-1, 5]], [[inf, 4], [2, 3]]])
        with np.errstate(all="ignore"):
            y, p, info = each(getrf, rows)
        f.case("lu_%s_odd" % t, {"a": T(rows, t)}, {"y": T(y, t), "p": T(p, "i32"), "info": T(info, "i32")}, "%y, %p, %info = lu %a",
               {"a": ["N", 2, 2]}, {"y": ["N", 2, 2], "p": ["N", 2], "info": ["N"]})
        # Columns that are done already, and whose squares are out of range.
        big = {"f16": 2.0 ** 13, "bf16": 2.0 ** 100, "f32": 2.0 ** 100, "f64": 2.0 ** 600}[t]
        rows = np.array([[[0, 1], [0, 2]], [[-3, 1], [0, 0]], [[3 * big, big], [4 * big, 2 * big]], [[3 / big, 1], [4 / big, 2]]])
        y, tau = each(lambda a: geqrf(a / np.abs(a).max()), rows)
        y[2] *= 4 * big
        y[3], tau[3] = [[-5 / big, -2.2], [0.5, 0.4]], [1.6, 0]
        y[2][1, 0] = 0.5
        f.case("qr_factors_%s_range" % t, {"a": T(rows, t)}, {"y": narrow(y * np.array([[[2.0]], [[3.0]], [[1.0]], [[1.0]]]), t),
               "tau": narrow(tau, t)}, "%y, %tau = qr_factors %a", {"a": ["N", 2, 2]}, {"y": ["N", 2, 2], "tau": ["N", 2]},
               ulp=2 if t in ("f16", "bf16") else 8)
        every = np.full((2, 2, 2), nan)
        f.case("qr_%s_odd" % t, {"a": T(np.array([[[nan, 1], [1, 1]], [[1, inf], [inf, 1]]]), t)}, {"y": T(every[:1, :1, 1:], t)},
               ["%r, %tau = qr_factors %a", "%q = householder_product %r, %tau", "%p = matmul %q, %r",
                "%y = slice %p {start = [0, 0, 1], limit = [1, 1, 2]}"], {"a": ["N", 2, 2]})
        f.case("factors_%s_none" % t, {"a": T(np.zeros((2, 0, 3)), t), "b": T(np.zeros((0, 3, 2)), t), "c": T(np.zeros((0, 2)), t),
                                       "d": T(np.zeros((2, 2, 0)), t)},
               {"y": T(np.zeros((2, 0, 3)), t), "p": T(np.zeros((2, 0)), "i32"), "i": T(np.zeros(2), "i32"), "r": T(np.zeros((0, 3, 2)), t),
                "q": T(np.zeros((0, 3, 2)), t), "s": T(np.zeros((2, 2, 0)), t)},
               ["%y, %p, %i = lu %a", "%r, %tau = qr_factors %b", "%q = householder_product %b, %c", "%s, %to = qr_factors %d"],
               {"b": ["N", 3, 2], "c": ["N", 2]}, {"r": ["N", 3, 2], "q": ["N", 3, 2]})
    for t in ("f32", "f64"):
        for n in (65, 130):
            lines, m = large(t, n)
            m = np.roll(m, 40, 0) if n == 130 else m.T        # what comes out is rolled back by the pivots
            v, u = small(t, (n,), n), small(t, (n,), n + 1)
            make = ["%a = roll %m {shift = [40], dims = [0]}"] if n == 130 else ["%a = transpose %m {permutation = [1, 0]}"]
            y, p, _ = getrf(m)
            f.case("lu_%s_blocks_%d" % (t, n), {"v": v}, {"y": narrow(y @ wide(v), t), "p": T(p, "i32")},
                   lines + make + ["%l, %p, %i = lu %a", "%y = matmul %l, %v"], **slack(t))
            y, tau = geqrf(m)
            q = orgqr(y, tau)
            f.case("qr_%s_blocks_%d" % (t, n), {"v": v, "u": u}, {"y": narrow(y @ wide(v), t), "z": narrow(q @ wide(u), t)},
                   lines + make + ["%r, %tau = qr_factors %a", "%y = matmul %r, %v", "%q = householder_product %r, %tau",
                                   "%z = matmul %q, %u"], eps=1024)


def spectra(f):
    """eigh and svd: values against numpy; vectors by what they are for, since their signs are free."""
    for t in FLOATS:
        half = t in ("f16", "bf16")
        how = {"eps": 8 if half else 64}
        for i, shape in enumerate([(1, 1), (2, 2), (5, 5), (2, 3, 3), (3, 2, 4, 4)]):
            a, n, b = small(t, shape, 121 + i, -7, 8), shape[-1], batch(shape)
            for lower in (True, False):
                keep = side(shape, lower)
                c = np.where(keep, wide(a), turn(wide(a)))
                w = np.linalg.eigvalsh(c)
                given = T(np.where(keep | (np.random.RandomState(i).rand(*shape) < 0.5), a.x, 7), t)    # what is not read may be anything
                f.case("eigh_%s_%d_%s" % (t, i, "lower" if lower else "upper"), {"a": given},
                       {"w": narrow(w, t), "c": narrow(c, t), "one": narrow(np.broadcast_to(np.eye(n), shape), t)},
                       ["%w, %v = eigh %a" + ("" if lower else " {lower = false}"),
                        "%%vt = transpose %%v {permutation = [%s]}" % ", ".join(map(str, list(range(len(b))) + [len(b) + 1, len(b)])),
                        "%ws = reshape %w {shape = [" + ", ".join(map(str, b + [1, n])) + "]}",
                        "%wv = mul %v, %ws", "%c = matmul %wv, %vt", "%one = matmul %vt, %v"],
                       {"a": names(shape)}, {"w": b + [n], "c": names(shape), "one": names(shape)}, eps=64 if half else 256)
        for i, shape in enumerate(FACTORED + [(4, 4)]):
            a, m, n, b = small(t, shape, 131 + i, -7, 8), shape[-2], shape[-1], batch(shape)
            if i == len(FACTORED):
                a.x[:, 3] = a.x[:, 0] - 2 * a.x[:, 1]      # of rank 3
                a.x[2] = 0
            few, s = min(m, n), np.linalg.svd(wide(a), compute_uv=False)
            f.case("svd_values_%s_%d" % (t, i), {"a": a}, {"s": narrow(s, t)}, "%s = svd %a {compute_uv = false}",
                   {"a": names(shape)}, {"s": b + [few]}, **how)
            for full in (True, False):
                cut = ["%%%s = slice %%%s {start = [%s], limit = [%s]}" % (y, x, ", ".join(["0"] * len(shape)), ", ".join(map(str, b + to)))
                       for x, y, to in (("u", "uf", [m, few]), ("v", "vf", [few, n]))]
                order = "{permutation = [%s]}" % ", ".join(map(str, list(range(len(b))) + [len(b) + 1, len(b)]))
                k, l = (m, n) if full else (few, few)
                f.case("svd_%s_%d_%s" % (t, i, "full" if full else "thin"), {"a": a},
                       {"s": narrow(s, t), "c": a, "uu": narrow(np.broadcast_to(np.eye(k), shape[:-2] + (k, k)), t),
                        "vv": narrow(np.broadcast_to(np.eye(l), shape[:-2] + (l, l)), t)},
                       ["%u, %s, %v = svd %a" + ("" if full else " {full_matrices = false}")] + cut +
                       ["%ss = reshape %s {shape = [" + ", ".join(map(str, b + [1, few])) + "]}", "%us = mul %uf, %ss",
                        "%c = matmul %us, %vf", "%%ut = transpose %%u %s" % order, "%uu = matmul %ut, %u",
                        "%%vt = transpose %%v %s" % order, "%vv = matmul %v, %vt"],
                       {"a": names(shape)}, {"s": b + [few], "c": names(shape), "uu": b + [k, k], "vv": b + [l, l]},
                       eps=64 if half else 256)
        rows = np.array([[[nan, 1], [1, 1]], [[1, inf], [inf, 1]], [[3, 0], [0, -4]], [[0, 0], [0, 0]]])
        f.case("spectra_%s_odd" % t, {"a": T(rows, t)},
               {"w": T(np.array([[nan] * 2, [nan] * 2, [-4, 3], [0, 0]]), t), "s": T(np.array([[nan] * 2, [nan] * 2, [4, 3], [0, 0]]), t),
                "sum": T(np.array([nan, nan, 1, 1]), t)},
               ["%w, %x = eigh %a", "%s = svd %a {compute_uv = false}", "%u, %s0, %v = svd %a", "%e = mul %x, %x", "%p = mul %u, %v",
                "%q = mul %p, %p", "%sum0 = reduce_max %q {dims = [1, 2]}", "%sum1 = reduce_max %e {dims = [1, 2]}",
                "%sum = mul %sum0, %sum1"], {"a": ["N", 2, 2]}, {"w": ["N", 2], "s": ["N", 2], "sum": ["N"]})
        f.case("spectra_%s_none" % t, {"a": T(np.zeros((0, 2, 2)), t), "b": T(np.zeros((2, 0, 3)), t), "c": T(np.zeros((0, 0)), t)},
               {"w": T(np.zeros((0, 2)), t), "x": T(np.zeros((0, 2, 2)), t), "s": T(np.zeros((2, 0)), t),
                "v": T(np.broadcast_to(np.eye(3), (2, 3, 3)), t), "u": T(np.zeros((2, 0, 0)), t), "wc": T(np.zeros(0), t)},
               ["%w, %x = eigh %a", "%u, %s, %v = svd %b", "%s0 = svd %a {compute_uv = false}", "%wc, %xc = eigh %c"],
               {"a": ["N", 2, 2], "b": ["M", 0, 3]}, {"w": ["N", 2], "x": ["N", 2, 2], "s": ["M", 0], "v": ["M", 3, 3], "u": ["M", 0, 0]})
    for t in ("f32", "f64"):
        n = 40
        lines, m = large(t, n)
        s = np.linalg.svd(m, compute_uv=False)
        w = np.linalg.eigvalsh(np.where(side((n, n), True), m, m.T))
        f.case("spectra_%s_large" % t, {"n": small(t, (1,), 1)}, {"s": narrow(s, t), "w": narrow(w, t)},
               lines + ["%s = svd %m {compute_uv = false}", "%w, %v = eigh %m"], **slack(t))


def linear():
    f = File("Linear algebra: cholesky and triangular_solve.")
    cholesky(f)
    triangular(f)
    return f


def banded(lower, diagonal, upper):
    """The matrices with these diagonals, of which the first of `lower` and the last of `upper` are not read."""
    n = diagonal.shape[-1]
    a = np.zeros(diagonal.shape + (n,), diagonal.dtype)
    at = np.arange(n)
    a[..., at, at] = diagonal
    a[..., at[1:], at[:-1]] = lower[..., 1:]
    a[..., at[:-1], at[1:]] = upper[..., :-1]
    return a


def tridiagonal(f, t, number, T=T, wide=wide, slack=slack):
    """number(shape, seed): a tensor of type t."""
    for i, (shape, columns) in enumerate([((1,), 2), ((2,), 1), ((6,), 2), ((2, 5), 3), ((3, 2, 4), 1), ((0,), 2), ((3,), 0), ((2, 0), 1)]):
        lower, upper, diagonal = (wide(number(shape, 141 + 10 * i + k)) for k in range(3))
        if i % 2:
            lower, upper = lower + 4, upper + 4        # rows have to give way
        else:
            diagonal = diagonal / 2 + 6
        if i == 1:
            diagonal[0] = 0
        b = wide(number(shape + (columns,), 149 + i))
        x = np.linalg.solve(banded(lower, diagonal, upper), b) if shape[-1] else b
        info = np.zeros(shape[:-1], np.int32)
        if shape[-1]:
            lower[..., 0], upper[..., -1] = (nan, inf)[i % 2], nan
        d = ["N", "M"][:len(shape) - 1]
        ins = {"l": T(lower, t), "d": T(diagonal, t), "u": T(upper, t), "b": T(b, t)}
        types = {k: d + [shape[-1]] for k in "ldu"}
        types["b"] = d + [shape[-1], columns]
        f.case("tridiagonal_solve_%s_%d" % (t, i), ins, {"x": T(x, t), "info": T(info, "i32")},
               "%x, %info = tridiagonal_solve %l, %d, %u, %b", types, {"x": types["b"], "info": d}, **slack(t))
    # The first pivot that is 0: the second of three, the last, none.
    d = np.array([[1, 1, 2], [1, 2, 4], [0, 0, 1]])
    l, u = np.array([[0, 1, 0], [0, 1, 4], [0, 1, 0]]), np.array([[1, 5, 0], [1, 1, 0], [1, 0, 0]])
    info = np.array([2, 3, 0], np.int32)
    f.case("tridiagonal_solve_%s_singular" % t, {"l": T(l, t), "d": T(d, t), "u": T(u, t), "b": T(np.ones((3, 3, 1)), t)},
           {"info": T(info, "i32")}, "%x, %info = tridiagonal_solve %l, %d, %u, %b",
           {"l": ["N", 3], "d": ["N", 3], "u": ["N", 3], "b": ["N", 3, 1]}, {"info": ["N"]})


def linear_factors():
    f = File("Linear algebra: lu, qr_factors, householder_product and tridiagonal_solve.")
    packed(f)
    for t in FLOATS:
        tridiagonal(f, t, lambda shape, seed: small(t, shape, seed, -7, 8))
    return f


def linear_spectra():
    f = File("Linear algebra: eigh and svd.")
    spectra(f)
    return f


FILES = {"linear": linear, "linear_factors": linear_factors, "linear_spectra": linear_spectra}
