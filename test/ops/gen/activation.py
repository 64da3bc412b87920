"""Cases of activations, against numpy in extended precision.

What only compares and multiplies is wanted to 2 units of the last place, what has an elementary function in it to 8; far
out, and where terms cancel, to 8 units of the last place of 1."""
import numpy as np

from composites import narrow, small
from elementwise import HUGE, TINY, round_to
from emit import FLOATS, File, T

SELU_SCALE, SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
ld = np.longdouble


def softplus(x):
    return np.logaddexp(x, ld(0))


def elu(x, alpha=1):
    return np.where(x >= 0, x, alpha * np.expm1(x))


def leaky(x, slope):
    return np.where(x >= 0, x, slope * x)


def hard_sigmoid(x, alpha=ld(1) / 6, beta=0.5):
    return np.clip(alpha * x + beta, 0, 1)


STEPS = {"relu6": ("relu6 %x", lambda x: np.clip(x, 0, 6)),
         "leaky": ("leaky_relu %x", lambda x: leaky(x, ld(0.2))),
         "leaky_more": ("leaky_relu %x {negative_slope = 0.01}", lambda x: leaky(x, ld(0.01)))}
CURVES = {"elu": ("elu %x", elu),
          "elu_half": ("elu %x {alpha = 0.5}", lambda x: elu(x, ld(0.5))),
          "selu": ("selu %x", lambda x: ld(SELU_SCALE) * elu(x, ld(SELU_ALPHA))),
          "silu": ("silu %x", lambda x: x / (1 + np.exp(-x))),
          "softplus": ("softplus %x", softplus),
          "mish": ("mish %x", lambda x: x * np.tanh(softplus(x))),
          "softsign": ("softsign %x", lambda x: x / (1 + np.abs(x)))}
CANCEL = {"hard_sigmoid": ("hard_sigmoid %x", hard_sigmoid),
          "hard_sigmoid_onnx": ("hard_sigmoid %x {alpha = 0.2, beta = 0.5}", lambda x: hard_sigmoid(x, ld(0.2))),
          "hard_swish": ("hard_swish %x", lambda x: x * hard_sigmoid(x))}


def together(f, name, t, x, ops, dims, **how):
    with np.errstate(all="ignore"):
        outs = {k: narrow(fn(x.x.astype(ld)), t) for k, (_, fn) in ops.items()}
    f.case("%s_%s" % (name, t), {"x": x}, outs, ["%%%s = %s" % (k, text) for k, (text, _) in ops.items()],
           {"x": dims}, {k: dims for k in ops}, **how)


def curves():
    f = File("Activations: all of a kind in one graph.")
    for t in FLOATS:
        half = t in ("f16", "bf16")
        x = small(t, (9, 40), 7, -160, 160, 8)
        together(f, "steps", t, x, STEPS, ["N", 40], ulp=1 if half else 2)
        together(f, "curves", t, x, CURVES, [9, "N"], ulp=1 if half else 8)
        together(f, "cancel", t, x, CANCEL, ["N", 40], eps=1 if half else 8)
        far = [0.0, -0.0, np.inf, -np.inf, np.nan, TINY[t], -TINY[t], HUGE[t], -HUGE[t], 88, -88, 100.25, -100.25, 710, -750]
        far = round_to(np.array(far), t)
        # -HUGE * logistic(-HUGE) is -0 and no number from elsewhere; at -inf it is -inf * 0.
        together(f, "far", t, far, {**STEPS, **CURVES, **CANCEL}, ["N"], eps=1 if half else 8)
    for t in ("f32", "bf16"):
        for name, shape in (("scalar", ()), ("empty", (0, 3))):
            together(f, name, t, small(t, shape, 8), {**STEPS, **CURVES, **CANCEL}, list(shape), eps=8)
    for t in ("i8", "u16", "i64"):
        x = small(t, (30,), 9, -12, 12)
        f.case("relu6_" + t, {"x": x}, {"y": T(np.clip(x.x, 0, 6), t)}, "%y = relu6 %x", {"x": ["N"]}, {"y": ["N"]})
    slopes(f)
    logarithms(f)
    return f


def slopes(f):
    for t in FLOATS:
        x = small(t, (2, 3, 4), 11)
        for i, shape in enumerate([(), (4,), (1,), (3, 1), (2, 3, 4), (1, 1, 4)]):
            s = small(t, shape, 12 + i, unit=16)
            dims = ["N" if k == i % 3 else d for k, d in enumerate((2, 3, 4))]
            f.case("prelu_%s_%d" % (t, i), {"x": x, "s": s}, {"y": narrow(leaky(x.x.astype(ld), s.x.astype(ld)), t)},
                   "%y = prelu %x, %s", {"x": dims}, {"y": dims})
    x = T(np.array([[np.inf, -np.inf, np.nan, -0.0]]), "f32")
    f.case("prelu_far", {"x": x, "s": T(np.array([0, 2, 1, 3]), "f32")}, {"y": x}, "%y = prelu %x, %s")


def log_softmax(x, axis):
    with np.errstate(all="ignore"):
        d = x - x.max(axis=axis, keepdims=True)
        return d - np.log(np.exp(d).sum(axis=axis, keepdims=True))


def logarithms(f):
    inf = np.inf
    for t in FLOATS:
        loose = 1 if t in ("f16", "bf16") else 8
        for i, (shape, dims, axis) in enumerate([((300,), ["N"], 0), ((4, 7), [4, 7], -1), ((4, 7), [4, "N"], 0),
                                                 ((2, 3, 5, 2), [2, "N", 5, 2], 1), ((1, 1), ["N", 1], 0), ((0, 3), ["N", 3], 1)]):
            x = small(t, shape, 21 + i, -40, 40, 8)
            f.case("log_softmax_%s_%d" % (t, i), {"x": x}, {"y": narrow(log_softmax(x.x.astype(ld), axis), t)},
                   "%%y = log_softmax %%x {axis = %d}" % axis, {"x": dims}, {"y": dims}, eps=loose)
        # exp of a difference underflows, and nothing of it is missed; a row without a finite number is none at all
        x = T(np.array([[500, 0, -500], [-60000, -60000, -60000], [-inf, 1, -inf], [-inf, -inf, -inf], [inf, 0, 0], [1, np.nan, 0]]), t)
        f.case("log_softmax_far_" + t, {"x": x}, {"y": narrow(log_softmax(x.x.astype(ld), 1), t)}, "%y = log_softmax %x", eps=loose)


FILES = {"curves": curves}
