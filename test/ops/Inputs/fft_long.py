"""usage: fft_long.py TFCC-RUN DIR c64|c128 - transforms of lengths of all kinds against numpy's in f64.

An element may be off by 2 units in the last place of the root mean square of all, times log2 of the number of points."""
import math
import os
import subprocess
import sys

import numpy as np

RUN, DIR, TYPE = sys.argv[1:]
EPS = {"c64": 2.0 ** -23, "c128": 2.0 ** -52}
COMPLEX = {"c64": np.complex64, "c128": np.complex128}
REAL = {"c64": ("f32", np.float32), "c128": ("f64", np.float64)}


def run(kind, t, shape, batch):
    r = np.random.RandomState(sum(shape))
    n, points = len(shape), math.prod(shape)
    axes = tuple(range(1, n + 1))
    real, real_type = REAL[t]
    half = shape[:-1] + (shape[-1] // 2 + 1,)
    z = (r.standard_normal((batch,) + shape) + 1j * r.standard_normal((batch,) + shape)).astype(COMPLEX[t])
    if kind in ("fft", "ifft"):
        x, want, left, right = z, (np.fft.fftn if kind == "fft" else np.fft.ifftn)(z, axes=axes), (t, shape), (t, shape)
    elif kind == "rfft":
        x = z.real.copy()
        want, left, right = np.fft.rfftn(x.astype(np.float64), axes=axes), (real, shape), (t, half)
    else:
        x = np.fft.rfftn(z.real.astype(np.float64), axes=axes).astype(COMPLEX[t])
        want, left, right = np.fft.irfftn(x, shape, axes=axes), (t, half), (real, shape)

    def text(side):
        return "%s[N, %s]" % (side[0], ", ".join(map(str, side[1])))
    with open(os.path.join(DIR, "fft.graph"), "w") as f:
        f.write("graph @fft(%%x: %s) -> (%%y: %s) {\n  %%y = fft %%x {type = \"%s\", length = %s}\n  return %%y\n}\n"
                % (text(left), text(right), kind, list(shape)))
    np.save(os.path.join(DIR, "x.npy"), x)
    subprocess.run([RUN, os.path.join(DIR, "fft.graph"), "--input", "x=" + os.path.join(DIR, "x.npy"), "--output-dir", DIR], check=True)
    found = np.load(os.path.join(DIR, "y.npy"))
    size = math.sqrt(float(np.mean(np.abs(want) ** 2)))
    units = float(np.max(np.abs(found - want))) / size / EPS[t]
    most = 2 * max(1.0, math.log2(points))
    print("%-5s %-4s %-12s %6.2f units, at most %.1f" % (kind, t, "x".join(map(str, shape)), units, most))
    return found.dtype == (real_type if kind == "irfft" else COMPLEX[t]) and units <= most


fine = True
for shape, kinds in (((1024,), "fft ifft rfft irfft"), ((1000,), "fft irfft"), ((2187,), "ifft rfft"), ((4099,), "fft rfft"),
                     ((2 * 521,), "ifft irfft"), ((40, 75), "fft irfft")):
    for kind in kinds.split():
        fine &= run(kind, TYPE, shape, 2)
sys.exit(not fine)
