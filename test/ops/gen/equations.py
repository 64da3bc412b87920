"""Cases of einsum, by loops over all labels: sums of products of small numbers, which are exact."""
import itertools

import numpy as np

from composites import narrow, small, wide
from emit import FLOATS, INTS, File, T

# equation, with a digit for each axis of an ellipsis; shapes
EQUATIONS = [("ij,jk->ik", (3, 4), (4, 5)), ("ij,jk", (3, 4), (4, 5)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("i,i->", (7,), (7,)),
             ("i,j->ij", (3,), (4,)), ("ij->ji", (3, 5)), ("ij->", (3, 5)), ("ij->j", (3, 5)), ("ii->i", (4, 4)), ("ii", (4, 4)),
             ("iji->j", (3, 2, 3)), ("iii->i", (3, 3, 3)), ("ijij->ij", (2, 3, 2, 3)), ("ij,ij->ij", (3, 4), (3, 4)),
             ("ij,kj->kij", (3, 4), (2, 4)), ("ijk,jil->kl", (2, 3, 4), (3, 2, 5)), ("ij,jk,kl->il", (2, 3), (3, 4), (4, 5)),
             ("i,ij,j->", (3,), (3, 4), (4,)), ("ab,cd->", (2, 3), (4, 1)), ("abc,cd,be->ade", (2, 3, 4), (4, 2), (3, 5)),
             ("ij,->ij", (2, 3), ()), (",->", (), ()), ("ba", (2, 3)), ("Ba,aB->", (2, 3), (3, 2)), ("ij,jj->i", (2, 3), (3, 3)),
             ("ij,jk->ik", (0, 4), (4, 5)), ("ij,jk->ik", (2, 0), (0, 3)), ("i,i,i->i", (5,), (5,), (5,)), (" i j , j k -> k i ", (3, 4), (4, 5)),
             ("aij,ajk,bkl->ilb", (2, 2, 3), (2, 3, 2), (3, 2, 2))]
# with ellipses; what numpy takes
ELLIPSES = [("...ij,...jk->...ik", (2, 3, 4), (2, 4, 5)), ("...ij,...jk", (2, 3, 4), (4, 5)), ("...ij,...jk->...ik", (2, 1, 3, 4), (6, 4, 2)),
            ("i...->...", (3, 2, 4)), ("...", (2, 3)), ("...ii->...i", (2, 3, 3)), ("...,...->...", (2, 1, 3), (4, 1)), ("i...,i...->...i", (2, 3), (2, 1)),
            ("...i,i->...", (4,), (4,)), ("b...c,c->b...", (2, 3, 2, 4), (4,)), ("...ij->j...i", (2, 3, 4))]


def loops(equation, xs):
    """The sum over every value of every label."""
    equation = equation.replace(" ", "")
    left, arrow, right = equation.partition("->")
    terms = left.split(",")
    if not arrow:
        right = "".join(sorted(c for c in set(left) - {","} if left.count(c) == 1))
    extent = {c: d for term, x in zip(terms, xs) for c, d in zip(term, x.shape)}
    labels = sorted(extent)
    y = np.zeros([extent[c] for c in right], xs[0].dtype)
    for at in itertools.product(*(range(extent[c]) for c in labels)):
        at = dict(zip(labels, at))
        product = xs[0].dtype.type(1)
        for term, x in zip(terms, xs):
            product = product * x[tuple(at[c] for c in term)]
        y[tuple(at[c] for c in right)] += product
    return y


def without_zeros(x):
    """A product alone may be -0, to which numpy adds a 0."""
    return T(np.where(x.x == 0, 2, x.x), x.dtype)


def equations():
    f = File("einsum.")
    for t in FLOATS + INTS:
        few = t not in ("f32", "i8")
        for i, (equation, *shapes) in enumerate(EQUATIONS + ELLIPSES):
            if few and i % 8 != (FLOATS + INTS).index(t) % 8:
                continue
            xs = [without_zeros(small(t, s, 400 + i + k, -4, 4, 4)) for k, s in enumerate(shapes)]
            with np.errstate(all="ignore"):
                v = [wide(x) for x in xs]
                y = loops(equation, v) if i < len(EQUATIONS) else np.einsum(equation, *v)
            ins = {"x%d" % k: x for k, x in enumerate(xs)}
            body = '%%y = einsum %s {equation = "%s"}' % (", ".join("%" + k for k in ins), equation)
            f.case("einsum_%s_%d" % (t, i), ins, {"y": narrow(y, t)}, body)
    # Known as symbols only.
    x, y = small("f32", (3, 4, 4), 451), small("f32", (4, 5), 452)
    f.case("einsum_symbols", {"x": x, "y": y}, {"z": T(np.einsum("bii,ik->kb", x.x, y.x)), "w": T(np.einsum("bij,jk->bk", x.x, y.x))},
           ['%z = einsum %x, %y {equation = "bii,ik->kb"}', '%w = einsum %x, %y {equation = "bij,jk->bk"}'],
           {"x": ["B", "N", "N"], "y": ["N", "K"]}, {"z": ["K", "B"], "w": ["B", "K"]})
    odd = T(np.array([[np.inf, 1, np.nan], [np.nan, -0.0, 2], [3, np.inf, -np.inf]]), "f32")
    f.case("einsum_diagonal_odd", {"x": odd}, {"y": T(np.diagonal(odd.x).copy())}, '%y = einsum %x {equation = "ii->i"}')
    f.case("einsum_product_odd", {"x": odd}, {"y": T(odd.x * odd.x.T)}, '%y = einsum %x, %x {equation = "ij,ji->ij"}')
    return f


FILES = {"einsum": equations}
