#!/usr/bin/env python3
"""Prints the tables of ir/math_bessel.c: sqrt(x) exp(-x) I1(x) on [8, inf), and the power series of I1.

The function is its integral, mean of exp(x (cos t - 1)) cos t over a turn, by the trapezoid rule, which for a periodic integrand
is exact but for rounding; in extended precision.  Chebyshev's interpolation, then powers, which on [-1, 1] lose nothing: the
coefficients fall fast."""
from fractions import Fraction
from math import factorial

import numpy as np

L = np.longdouble
PI = L("3.14159265358979323846264338327950288")
NODES, TURN, SMALL = 32, 60000, 2e-18


def i1e(x):
    t = np.arange(TURN, dtype=L) * 2 * PI / TURN
    return (np.exp(L(x) * (np.cos(t) - 1)) * np.cos(t)).sum() / TURN


def powers():
    at = PI * (np.arange(NODES, dtype=L) + L(0.5)) / NODES
    v = np.array([i1e(16 / (y + 1)) * np.sqrt(16 / (y + 1)) for y in np.cos(at)])
    c = np.array([(v * np.cos(j * at)).sum() * 2 / NODES for j in range(NODES)])
    c[0] /= 2
    n = max(j for j in range(NODES) if abs(c[j]) > SMALL) + 1
    t, sums = [np.array([1], L), np.array([0, 1], L)], np.zeros(n, L)
    for j in range(n):
        if j > 1:
            new = np.concatenate([[L(0)], 2 * t[-1]])
            new[:len(t[-2])] -= t[-2]
            t.append(new)
        sums[:j + 1] += c[j] * t[j]
    return sums[::-1]


def main():
    print("i1e_far:", ", ".join(float(c).hex() for c in powers()))
    print("i1_near:", ", ".join(float(Fraction(1, 2 * 4 ** k * factorial(k) * factorial(k + 1))).hex() for k in range(22, -1, -1)))


if __name__ == "__main__":
    main()
