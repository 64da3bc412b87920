"""Cases of ops that move elements."""
import numpy as np

from emit import DTYPES, File, T


def numbers(t, *shape):
    n = int(np.prod(shape, dtype=np.int64))
    x = np.arange(n) % 2 if t == "bool" else np.arange(n) % 120 + 1
    return T(x.reshape(shape), t)


def dims(d):
    return "[%s]" % ", ".join(str(v) for v in d)


def pad(x, value, low, high, interior):
    shape = [max(0, n + lo + hi + max(0, n - 1) * i) for n, lo, hi, i in zip(x.shape, low, high, interior)]
    y = np.full(shape, value, x.dtype)
    for at in np.ndindex(*x.shape):
        to = [lo + k * (i + 1) for lo, k, i in zip(low, at, interior)]
        if all(0 <= p < n for p, n in zip(to, shape)):
            y[tuple(to)] = x[at]
    return y


def move():
    f = File("Ops that move elements.")
    for t in DTYPES:
        x = numbers(t, 2, 3, 5)
        f.case("transpose_%s" % t, {"x": x}, {"y": T(x.x.transpose(2, 0, 1), t)},
               "%y = transpose %x {permutation = [2, 0, 1]}", {"x": ["N", 3, 5]}, {"y": [5, "N", 3]})
        f.case("slice_%s" % t, {"x": x}, {"y": T(x.x[1:2, 0:3:2, 1:5:3], t)},
               "%y = slice %x {start = [1, 0, 1], limit = [2, 3, 5], strides = [1, 2, 3]}")
        f.case("pad_%s" % t, {"x": x, "v": T(x.x.ravel()[1], t)},
               {"y": T(pad(x.x, x.x.ravel()[1], [1, -1, 0], [0, 2, -1], [0, 1, 2]), t)},
               "%y = pad %x, %v {low = [1, -1, 0], high = [0, 2, -1], interior = [0, 1, 2]}")
        f.case("concatenate_%s" % t, {"a": x, "b": numbers(t, 2, 1, 5), "c": numbers(t, 2, 0, 5)},
               {"y": T(np.concatenate([x.x, numbers(t, 2, 1, 5).x], 1), t)}, "%y = concatenate %a, %b, %c {dim = 1}",
               {"a": ["N", 3, 5], "b": ["N", 1, 5], "c": ["N", 0, 5]}, {"y": ["N", 4, 5]})
        f.case("broadcast_%s" % t, {"x": numbers(t, 3, 1)}, {"y": T(np.broadcast_to(numbers(t, 3, 1).x.T[:, :, None], (2, 3, 4)), t)},
               "%y = broadcast_in_dim %x {shape = [2, 3, 4], dims = [1, 0]}")
        f.case("reshape_%s" % t, {"x": x}, {"y": T(x.x.reshape(3, 10), t)}, "%y = reshape %x {shape = [3, 10]}")
    shapes(f)
    return f


def shapes(f):
    f32 = np.float32
    x = numbers("f32", 7)
    for low, high, inner in ((0, 0, 0), (2, 3, 1), (-2, 0, 0), (-3, -2, 2), (-5, 4, 3), (3, -9, 1), (-30, 25, 3), (30, -28, 0)):
        name = "pad_1d_%s_%s_%d" % (("%d" % low).replace("-", "m"), ("%d" % high).replace("-", "m"), inner)
        f.case(name, {"x": x, "v": T(f32(-0.5))}, {"y": T(pad(x.x, f32(-0.5), [low], [high], [inner]))},
               "%%y = pad %%x, %%v {low = [%d], high = [%d], interior = [%d]}" % (low, high, inner))
    empty = T(np.zeros((3, 0), f32))
    f.case("pad_empty", {"x": empty, "v": T(f32(2))}, {"y": T(np.full((3, 4), 2, f32))},
           "%y = pad %x, %v {low = [0, 3], high = [0, 1], interior = [0, 5]}", {"x": [3, 0]})
    f.case("transpose_empty", {"x": empty}, {"y": T(np.zeros((0, 3), f32))}, "%y = transpose %x {permutation = [1, 0]}",
           {"x": [3, "N"]}, {"y": ["N", 3]})
    f.case("reshape_empty", {"x": empty}, {"y": T(np.zeros((0, 6, 5), f32))}, "%y = reshape %x {shape = [0, 6, 5]}")
    f.case("slice_nothing", {"x": x}, {"y": T(np.zeros(0, f32))}, "%y = slice %x {start = [7], limit = [7]}")
    f.case("concatenate_one", {"x": x}, {"y": x}, "%y = concatenate %x {dim = 0}")
    f.case("broadcast_rank0", {"x": T(f32(3))}, {"y": T(np.full((2, 2), 3, f32))},
           "%y = broadcast_in_dim %x {shape = [2, 2], dims = []}")
    f.case("reshape_rank0", {"x": T(f32(3))}, {"y": T(np.full((1, 1), 3, f32))}, "%y = reshape %x {shape = [1, 1]}")
    f.case("transpose_rank0", {"x": T(f32(3))}, {"y": T(f32(3))}, "%y = transpose %x {permutation = []}")
    for t in DTYPES:
        if t == "bool":
            continue
        y = np.broadcast_to(np.arange(5)[:, None], (2, 5, 3))
        f.case("iota_%s" % t, {}, {"y": T(y, t)}, "%%y = iota {dim = 1, dtype = %s, shape = [2, 5, 3]}" % t)
    y = T(np.arange(300) & 255, "u8")
    f.case("iota_wraps", {}, {"y": y}, "%y = iota {dim = 0, dtype = u8, shape = [300]}")
    f.case("dimension", {"x": x}, {"y": T(np.int64((7 + 1) // 2 * 3))}, "%y = dimension {value = (N + 1)//2 * 3}",
           {"x": ["N"]})
    slices(f)


def slices(f):
    x = numbers("f32", 5, 4)
    u = T(-numbers("f32", 2, 3).x)
    i64 = np.int64
    for name, t, i, j in (("inside", "i32", 2, 1), ("high", "i64", 99, 3), ("low", "i8", -7, -1), ("huge", "u64", 2**64 - 1, 0),
                          ("mixed", "u8", 255, 0)):
        i0, j0 = max(0, min(i, 3)), max(0, min(j, 1))
        ins = {"x": x, "i": T(np.asarray(i, DTYPES[t]), t), "j": T(np.asarray(j, DTYPES[t]), t)}
        f.case("dynamic_slice_" + name, ins, {"y": T(x.x[i0:i0 + 2, j0:j0 + 3])}, "%y = dynamic_slice %x, %i, %j {sizes = [2, 3]}",
               {"x": ["N", 4]})
        y = x.x.copy()
        y[i0:i0 + 2, j0:j0 + 3] = u.x
        f.case("dynamic_update_slice_" + name, {**ins, "u": u}, {"y": T(y)}, "%y = dynamic_update_slice %x, %u, %i, %j",
               {"x": ["N", 4]}, {"y": ["N", 4]})
    f.case("dynamic_slice_rank0", {"x": T(np.float32(4))}, {"y": T(np.float32(4))}, "%y = dynamic_slice %x {sizes = []}")
    f.case("dynamic_slice_none", {"x": x, "i": T(i64(4)), "j": T(i64(2))}, {"y": T(np.zeros((0, 4), np.float32))},
           "%y = dynamic_slice %x, %i, %j {sizes = [0, 4]}")


FILES = {"move": move}
