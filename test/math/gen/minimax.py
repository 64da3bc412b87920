#!/usr/bin/env python3
"""minimax.py - prints the polynomial coefficients that ir/math_*.c uses (needs mpmath).

Lawson's iterated least squares on a Chebyshev grid (near minimax); the coefficients are then rounded to the target
precision from the dominant one on, the rest being fitted again after each rounding.  Each table is printed highest power first, as
hexadecimal floats, with the weighted error that is left.  usage: minimax.py [name ...]
"""
import sys
from mpmath import mp, mpf

mp.dps = 80
F32, F64 = 24, 53


def rounded(x, prec):
    """x rounded to prec bits, to nearest."""
    with mp.workprec(prec):
        return +x


def hexfloat(x):
    """A C hexadecimal float of a value that a double holds."""
    return float(x).hex().replace("0000000p", "p") if float(x) != 0 else "0.0"


def grid(lo, hi, n):
    mid, half = (mpf(lo) + hi) / 2, (mpf(hi) - lo) / 2
    return [mid - half * mp.cos(mp.pi * i / n) for i in range(n + 1)]


def solve(vs, fs, ws):
    """Weighted least squares: the combination of the columns vs that is nearest to fs."""
    n = len(vs)
    a, b = mp.matrix(n, n), mp.matrix(n, 1)
    for i in range(n):
        wi = [w * v for w, v in zip(ws, vs[i])]
        for j in range(i, n):
            a[i, j] = a[j, i] = mp.fdot(wi, vs[j])
        b[i] = mp.fdot(wi, fs)
    c = mp.lu_solve(a, b)
    return [c[k] for k in range(n)]


def residual(vs, fs, c):
    return [f - mp.fdot(c, col) for f, col in zip(fs, zip(*vs))]


def fit(f, lo, hi, powers, prec, weight):
    """Rounded coefficients in the order of powers, and the error with them."""
    xs = [x for x in grid(lo, hi, 12 * (len(powers) + 2)) if x != 0]
    fs, ws = [f(x) for x in xs], [abs(weight(x)) for x in xs]
    vs = [[x ** p for x in xs] for p in powers]
    law = [mpf(1)] * len(xs)
    for _ in range(25):   # Lawson: weight by the error until it is level
        c = solve(vs, fs, [l * w * w for l, w in zip(law, ws)])
        err = [abs(r * w) for r, w in zip(residual(vs, fs, c), ws)]
        law = [l * e for l, e in zip(law, err)]
        total = sum(law)
        law = [l / total + mpf(10) ** -9 for l in law]
    out, rest = [], fs
    for k in range(len(vs)):
        c = rounded(solve(vs[k:], rest, [l * w * w for l, w in zip(law, ws)])[0], prec)
        out.append(c)
        rest = residual(vs[k:k + 1], rest, [c])
    return out, max(abs(r * w) for r, w in zip(rest, ws))


def table(name, f, lo, hi, powers, prec, weight):
    c, err = fit(f, lo, hi, powers, prec, weight)
    print(f"{name}: powers {powers[0]}..{powers[-1]} on [{mp.nstr(mpf(lo), 6)}, {mp.nstr(mpf(hi), 6)}], "
          f"error 2^{mp.nstr(mp.log(err, 2), 5)}")
    print("\t" + ", ".join(hexfloat(v) for v in reversed(c)) + ",")


HALF_LN2 = mp.log(2) / 2 * mpf("1.0001")
SQRT_HALF = mp.sqrt(mpf(0.5))
ATANH_END = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2   # s^2 at 1 + f = sqrt 2


def expm1_tail(x):   # (e^x - 1 - x) / x^2
    return (mp.expm1(x) - x) / x ** 2


def log_tail(f):     # (log(1 + f) - f + f^2/2) / f^3
    return (mp.log1p(f) - f + f * f / 2) / f ** 3


def log_r(z):        # fdlibm's R with s = f/(2 + f), z = s^2: log(1 + f) = f - f^2/2 + s (f^2/2 + R(z))
    s = mp.sqrt(z)
    return mp.log((1 + s) / (1 - s)) / s - 2


def erf_tail(z):     # erf(x)/x - 1, z = x^2
    x = mp.sqrt(z)
    return mp.erf(x) / x - 1


def erf_small(name, end, n, prec):
    table(name, erf_tail, 0, end * end, range(n), prec, lambda z: mp.sqrt(z) / mp.erf(mp.sqrt(z)))


def erf_large(name, lo, hi, n, root, prec):   # erfc(x)^(1/root), x = mid + t; weighted by what its root'th power does
    mid = (lo + hi) / 2
    q = lambda t: mp.erfc(t + mid) ** (mpf(1) / root)
    table(name, q, lo - mid, hi - mid, range(n), prec, lambda t: root * q(t) ** (root - 1))


def even(f, end, n, name, k, weight):   # a function of z = x^2, |x| <= end; k: the power of z that its place has
    table(name, f, 0, mpf(end) ** 2, range(n), F64, lambda z: z ** k * weight(mp.sqrt(z)))


def sin_tail(z):     # (sin(x)/x - 1)/z
    x = mp.sqrt(z)
    return (mp.sin(x) / x - 1) / z


def cos_tail(z):     # (cos x - 1 + z/2)/z^2
    return (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z ** 2


def odd_tail(f):     # (f(x)/x - 1)/z
    return lambda z: (f(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


def odd(f, end, n, name):
    even(odd_tail(f), end, n, name, 1, lambda x: x / f(x))


def erfc_far(name, lo, hi, k, n, prec):   # exp(a^2) erfc(a) (1 + 2a), t = (a - k) / (a + k)
    a = lambda t: k * (1 + t) / (1 - t)
    f = lambda t: mp.exp(a(t) ** 2) * mp.erfc(a(t)) * (1 + 2 * a(t))
    table(name, f, (lo - k) / (lo + k), (hi - k) / (hi + k), range(n), prec, lambda t: 1 / f(t))


def erf_inv_ratio(w):   # erf_inv(x)/x with w = -log(1 - x^2)
    x = mp.sqrt(-mp.expm1(-w))
    q = mp.exp(-w) / (1 + x)   # 1 - x
    lo, hi = mpf(0), mpf(8)
    y = mp.sqrt(mp.log(2 / q)) if q < 0.5 else x
    for _ in range(60):        # Newton on erfc, which keeps the distance from 1
        step = (mp.erfc(y) - q) * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
        y += step
        if abs(step) < mpf(10) ** -60:
            break
    return y / x


def erf_inv(name, lo, hi, n, root):
    mid = (mpf(lo) + hi) / 2
    f = (lambda t: erf_inv_ratio((t + mid) ** 2)) if root else (lambda t: erf_inv_ratio(t + mid))
    table(name, f, lo - mid, hi - mid, range(n), F64, lambda t: 1 / f(t))
    print("\tmid", float(mid).hex())


def stirling(w):     # x (log Gamma(x) - (x - 1/2) log x + x - log(2 pi)/2), w = 1/x^2
    x = 1 / mp.sqrt(w)
    return x * (mp.loggamma(x) - (x - mpf(0.5)) * mp.log(x) + x - mp.log(2 * mp.pi) / 2)


def digamma_tail(w):   # (log x - 1/(2 x) - psi(x))/w
    x = 1 / mp.sqrt(w)
    return (mp.log(x) - 1 / (2 * x) - mp.digamma(x)) / w


PSI_ROOT = mp.findroot(mp.digamma, mpf("1.4616321449683623"))

TABLES = {
    "expm1_f32": lambda n: table(n, expm1_tail, -HALF_LN2, HALF_LN2, range(0, 5), F32, lambda x: x ** 2 / mp.expm1(x)),
    "expm1_f64": lambda n: table(n, expm1_tail, -HALF_LN2, HALF_LN2, range(0, 11), F64, lambda x: x ** 2 / mp.expm1(x)),
    "exp2_f32": lambda n: table(n, lambda x: (2 ** x - 1) / x, -0.5, 0.5, range(0, 6), F32, lambda x: x / 2 ** x),
    "exp2_f64": lambda n: table(n, lambda x: (2 ** x - 1) / x, -0.5, 0.5, range(0, 12), F64, lambda x: x / 2 ** x),
    "log_f32": lambda n: table(n, log_tail, SQRT_HALF - 1, 2 * SQRT_HALF - 1, range(0, 8), F32, lambda f: f ** 3 / mp.log1p(f)),
    "log_f64": lambda n: table(n, lambda z: log_r(z) / z, 0, ATANH_END, range(0, 7), F64,
                               lambda z: z * mp.sqrt(z) / mp.log((1 + mp.sqrt(z)) / (1 - mp.sqrt(z)))),
    "pow_exp2_f32": lambda n: table(n, lambda x: (2 ** x - 1) / x, -0.5, 0.5, range(0, 7), F64, lambda x: x / 2 ** x),
    "pow_log2_f32": lambda n: table(n, lambda z: (log_r(z) + 2) / mp.log(2), 0, ATANH_END, range(0, 5), F64,
                                    lambda z: mp.log(2) / (log_r(z) + 2)),
    "pow_log_f64": lambda n: table(n, lambda z: (log_r(z) / 2 / z - mpf(1) / 3) / z, 0, ATANH_END, range(0, 9), F64,
                                   lambda z: z ** 2),
    "erf_small_f32": lambda n: erf_small(n, mpf("1.25"), 8, F32),
    "erf_large_f32": lambda n: erf_large(n, mpf("1.25"), mpf("3.9375"), 7, 8, F32),
    "erf_small_f64": lambda n: erf_small(n, mpf("1.375"), 15, F64),
    "erf_large_f64": lambda n: erf_large(n, mpf("1.375"), mpf("5.9375"), 21, 4, F64),
    "sin_f32": lambda n: even(sin_tail, "0.786", 4, n, 1, lambda x: x / mp.sin(x)),
    "sin_f64": lambda n: even(sin_tail, "0.786", 6, n, 1, lambda x: x / mp.sin(x)),
    "cos_f32": lambda n: even(cos_tail, "0.786", 3, n, 2, lambda x: 1 / mp.cos(x)),
    "cos_f64": lambda n: even(cos_tail, "0.786", 6, n, 2, lambda x: 1 / mp.cos(x)),
    "atan_f32": lambda n: odd(mp.atan, "0.5", 6, n),
    "atan_f64": lambda n: odd(mp.atan, "0.5", 12, n),
    "asin_f32": lambda n: odd(mp.asin, "0.5", 7, n),
    "asin_f64": lambda n: odd(mp.asin, "0.5", 13, n),
    "sinh_f32": lambda n: odd(mp.sinh, "1", 4, n),
    "sinh_f64": lambda n: odd(mp.sinh, "1", 8, n),
    "expm1_short": lambda n: table(n, expm1_tail, -HALF_LN2, HALF_LN2, range(0, 7), F64, lambda x: x ** 2 / mp.expm1(x)),
    "log_short": lambda n: table(n, lambda z: log_r(z) / z, 0, ATANH_END, range(0, 4), F64,
                                 lambda z: z * mp.sqrt(z) / mp.log((1 + mp.sqrt(z)) / (1 - mp.sqrt(z)))),
    "cbrt_f32": lambda n: table(n, lambda t: (t + mpf(1.5)) ** (-mpf(1) / 3), -0.5, 0.5, range(5), F64, lambda t: (t + mpf(1.5)) ** (mpf(1) / 3)),
    "cbrt_f64": lambda n: table(n, lambda t: (t + mpf(1.5)) ** (-mpf(1) / 3), -0.5, 0.5, range(7), F64, lambda t: (t + mpf(1.5)) ** (mpf(1) / 3)),
    "erfc_far_f32": lambda n: erfc_far(n, mpf("0.5"), mpf("10.25"), 2, 10, F32),
    "erfc_far_f64": lambda n: erfc_far(n, mpf("0.5"), mpf("27.25"), 3, 23, F64),
    "erf_inv_near_f32": lambda n: erf_inv(n, mpf("1e-20"), mpf(5), 13, False),
    "erf_inv_far_f32": lambda n: erf_inv(n, mp.sqrt(5), mpf("4.01"), 12, True),
    "erf_inv_near_f64": lambda n: erf_inv(n, mpf("1e-20"), mpf("6.25"), 27, False),
    "erf_inv_mid_f64": lambda n: erf_inv(n, mpf("2.5"), mpf(4), 21, True),
    "erf_inv_far_f64": lambda n: erf_inv(n, mpf(4), mpf("6.01"), 19, True),
    "lgamma": lambda n: table(n, lambda u: mp.loggamma(2 + u) / u, -0.5, mpf("0.5001"), range(20), F64, lambda u: u / mp.loggamma(2 + u)),
    "lgamma_stirling": lambda n: table(n, stirling, mpf("1e-12"), mpf(1) / 25, range(8), F64, lambda w: mpf(12)),
    "digamma": lambda n: table(n, lambda t: mp.digamma(t + mpf(1.5)) / (t + mpf(1.5) - PSI_ROOT), -0.5, 0.5, range(23), F64,
                               lambda t: (t + mpf(1.5) - PSI_ROOT) / mp.digamma(t + mpf(1.5))),
    "digamma_tail": lambda n: table(n, digamma_tail, mpf("1e-12"), mpf(1) / 16, range(9), F64, lambda w: mpf(12) * w),
}

if __name__ == "__main__":
    for name in sys.argv[1:] or TABLES:
        TABLES[name](name)
