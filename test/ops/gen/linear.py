"""Cases of linear algebra: cholesky, triangular_solve, against numpy in double precision.

The side of a matrix that must not be read holds NaN or infinity.  Matrices are small numbers with a dominant diagonal, so that
errors stay a few units of the last place of the largest number (eps); f16 and bf16 compute in f32 and round once."""
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


def linear():
    f = File("Linear algebra: cholesky and triangular_solve.")
    cholesky(f)
    triangular(f)
    return f


FILES = {"linear": linear}
