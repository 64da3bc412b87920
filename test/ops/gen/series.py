"""Cases of functions that are series: bessel_i1e, zeta, polygamma; in 60 digits, by their definitions as far as they go."""
import decimal
import math

import numpy as np

from elementwise import digamma, rounded, round_to
from emit import FLOATS, File, T

D = decimal.Decimal
PI = D("3.14159265358979323846264338327950288419716939937510582097494")
inf, nan = math.inf, math.nan
BERNOULLI = [(1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6), (-3617, 510), (43867, 798), (-174611, 330)]


def bessel_i1e(x):
    """The power series up to 60, then the asymptotic one (NIST DLMF 10.25.2, 10.40.1)."""
    if x == 0 or math.isnan(x):
        return x
    with decimal.localcontext() as ctx:
        ctx.prec = 60
        if math.isinf(x):
            return math.copysign(0.0, x)
        a = abs(D(x))
        if a <= 60:
            term = total = a / 2
            for k in range(1, 300):
                term *= a * a / (4 * k * (k + 1))
                total += term
            y = total * (-a).exp()
        else:
            term = total = D(1)
            for k in range(1, 60):
                term *= -(4 - D(2 * k - 1) ** 2) / (8 * a * k)
                total += term
            y = total / (2 * PI * a).sqrt()
        return math.copysign(float(y), x)


def zeta(x, q):
    """60 terms, then Euler and Maclaurin's sum."""
    if x == 1:
        return inf
    if not x > 1 or math.isnan(q):
        return nan
    if q <= 0 and q == math.floor(q):
        return inf if x % 2 == 0 else nan
    if q < 0 and x != math.floor(x):
        return nan
    if math.isinf(q):
        return 0.0
    if math.isinf(x):
        return inf if q < 1 else float(q == 1)
    with decimal.localcontext() as ctx:
        ctx.prec, ctx.Emax, ctx.Emin = 60, decimal.MAX_EMAX, decimal.MIN_EMIN
        x, q = D(x), D(q)
        s = int(x) if x == int(x) else x
        total = sum((q + k) ** -s for k in range(60))
        a = q + 60
        total += a * a ** -s / (x - 1) + a ** -s / 2
        rise, fact = x, 2
        for j, (n, d) in enumerate(BERNOULLI, 1):
            total += D(n) / D(d) / fact * rise * a ** -s / a ** (2 * j - 1)
            rise *= (x + 2 * j - 1) * (x + 2 * j)
            fact *= (2 * j + 1) * (2 * j + 2)
        return float(total)


def polygamma(n, x):
    if not n >= 0 or n != math.floor(n) or math.isnan(x):
        return nan
    if n == 0:
        return digamma(x)
    z = zeta(n + 1, x)
    if math.isinf(z) or math.isnan(z):
        return z if n % 2 else -z
    with decimal.localcontext() as ctx:
        ctx.prec = 60
        return float(D(z) * math.factorial(int(n)) * (1 if n % 2 else -1))


XS = [2, 2, 3, 3, 2.5, 2.5, 1.125, 1.5, 10, 20, 20, 40, 2, 3, 2.5, 2, 3, 2, 3, 1, 0.5, inf, inf, inf, 2, nan, 2, 4, 1, 1.25, 6, 3,
      2, 3, 4, 5, 40]
QS = [1, 0.5, 1, 12.5, 1, 300, 2, 1, 1, 0.5, 3, 1, -0.5, -0.5, -0.5, 0, 0, -1, -1, 2, 2, 2, 1, 0.5, inf, 2, nan, 60000, nan, 9, 8,
      7.75, -20.5, -20.25, -9.75, -30.125, -12.25]
NS = [1, 1, 1, 2, 2, 3, 4, 5, 10, 0, 0, 0, 1, 2, 1, 1, 2, 1.5, -1, nan, 1, 20, 2, 3, 1, 2]
VS = [1, 2.5, 40, 1, 0.5, 7, 3, 1.5, 2, 1, 4.25, -0.5, -0.5, -1.25, 0, -1, -1, 2, 2, 1, nan, 9, 600, 0.125, -30.5, -19.25]
ONE = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1e-3, 2.75, -3.25, 7.75, 8.0, 8.25, -8.5, 10.5, 40.0, -300.0, 5e4, 1e-7, inf, -inf, nan]


def series():
    f = File("Functions that are series: a few values each.")
    for t in FLOATS:
        how = {"ulp": 8 if t == "f64" else 1}
        x = round_to(np.array(ONE), t)
        f.case("bessel_i1e_" + t, {"x": x}, {"y": rounded(bessel_i1e, x.x, t)}, "%y = bessel_i1e %x", {"x": ["N"]}, {"y": ["N"]}, **how)
        for op, fn, a, b in (("zeta", zeta, XS, QS), ("polygamma", polygamma, NS, VS)):
            a, b = round_to(np.array(a, np.float64), t), round_to(np.array(b, np.float64), t)
            y = round_to(np.array([fn(float(u), float(v)) for u, v in zip(a.x, b.x)]), t)
            f.case("%s_%s" % (op, t), {"a": a, "b": b}, {"y": y}, "%%y = %s %%a, %%b" % op, {"a": ["N"], "b": ["N"]}, {"y": ["N"]},
                   **how)
    none = T(np.zeros((0, 3), np.float32))
    f.case("series_empty", {"x": none}, {"s": none, "l": none, "a": none},
           ["%s = bessel_i1e %x", "%l = zeta %x, %s", "%a = polygamma %s, %l"], {"x": ["N", 3]}, {k: ["N", 3] for k in "sla"})
    return f


FILES = {"series": series}
