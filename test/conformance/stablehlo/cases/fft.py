"""Fourier transforms."""
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

TOL = {"f32": 1e-5, "f64": 1e-13, "c64": 1e-5, "c128": 1e-13}


def cases(add):
    for n in (1, 2, 4, 7, 8, 12, 15, 31, 64):
        for t in ("c64", "c128"):
            add(f"fft-{n}-{t}", lambda x: jnp.fft.fft(x), f"{t}[{n}]", tol=TOL)
            add(f"ifft-{n}-{t}", lambda x: jnp.fft.ifft(x), f"{t}[2,{n}]", tol=TOL)
        for t in ("f32", "f64"):
            add(f"rfft-{n}-{t}", lambda x: jnp.fft.rfft(x), f"{t}[2,{n}]", tol=TOL)
            add(f"irfft-{n}-{t}", lambda x, n=n: jnp.fft.irfft(x, n), f"{'c64' if t == 'f32' else 'c128'}[2,{n // 2 + 1}]", tol=TOL)
    for name, fn, spec in [("fft2", jnp.fft.fft2, "c64[3,4]"), ("ifft2", jnp.fft.ifft2, "c64[2,3,4]"), ("fftn", jnp.fft.fftn, "c64[2,3,4]"), ("ifftn", jnp.fft.ifftn, "c64[2,3,5]"),
                           ("rfft2", jnp.fft.rfft2, "f32[3,4]"), ("irfft2", jnp.fft.irfft2, "c64[3,3]"), ("rfftn", jnp.fft.rfftn, "f32[2,3,4]"), ("irfftn", jnp.fft.irfftn, "c64[2,3,3]"),
                           ("hfft", jnp.fft.hfft, "c64[5]"), ("ihfft", jnp.fft.ihfft, "f32[8]"), ("fft-real", jnp.fft.fft, "f32[6]"), ("fft-axis0", lambda x: jnp.fft.fft(x, axis=0), "c64[4,3]"),
                           ("fft-pad", lambda x: jnp.fft.fft(x, 8), "c64[5]"), ("fft-crop", lambda x: jnp.fft.fft(x, 4), "c64[6]"), ("fft-ortho", lambda x: jnp.fft.fft(x, norm="ortho"), "c64[6]"),
                           ("fftfreq", lambda x: jnp.fft.fftfreq(8) * x, "f32[]"), ("rfftfreq", lambda x: jnp.fft.rfftfreq(8) * x, "f32[]"), ("dct", lambda x: jax.scipy.fft.dct(x), "f32[8]"),
                           ("idct", lambda x: jax.scipy.fft.idct(x), "f32[8]"), ("fftconvolve", lambda x: jax.scipy.signal.fftconvolve(x, x[:3]), "f32[9]"), ("fft-empty", jnp.fft.fft, "c64[0,4]"),
                           ("stft", lambda x: jax.scipy.signal.stft(x, nperseg=8)[2], "f32[32]")]:
        add(name, fn, spec, tol={"f32": 1e-4, "c64": 1e-4})
    for name, kind, spec, length in [("fft", lax.FftType.FFT, "c64[2,3,4]", (3, 4)), ("ifft", lax.FftType.IFFT, "c64[2,3,4]", (2, 3, 4)), ("rfft", lax.FftType.RFFT, "f32[2,3,4]", (3, 4)), ("irfft", lax.FftType.IRFFT, "c64[2,3,3]", (3, 4))]:
        add(f"lax.fft-{name}", lambda x, k=kind, n=length: lax.fft(x, k, n), spec, tol={"f32": 1e-5, "c64": 1e-5})
    for name, fn, spec in [("fft", lambda x: jnp.abs(jnp.fft.fft(x)).sum(), "c64[6]"), ("rfft", lambda x: (jnp.abs(jnp.fft.rfft(x)) ** 2).sum(), "f32[7]"), ("irfft", lambda x: (jnp.fft.irfft(x) ** 2).sum(), "c64[5]")]:
        add(f"{name}-grad", lambda x, f=fn: jax.grad(f)(x), spec, tol={"f32": 1e-4, "c64": 1e-4})
