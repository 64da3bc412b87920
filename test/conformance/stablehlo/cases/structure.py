"""jax.lax: shapes, moves, slices, and dynamic slices."""
import numpy as np
from jax import lax

TYPES = ["f32", "f64", "bf16", "i8", "u32", "bool", "c64"]


def cases(add):
    for t in TYPES:
        add(f"broadcast_in_dim-{t}", lambda x: lax.broadcast_in_dim(x, (2, 3, 4), (1,)), t + "[3]")
        add(f"transpose-{t}", lambda x: lax.transpose(x, (2, 0, 1)), t + "[2,3,4]")
        add(f"reshape-{t}", lambda x: lax.reshape(x, (4, 6)), t + "[2,3,4]")
        add(f"rev-{t}", lambda x: lax.rev(x, (0, 2)), t + "[2,3,4]")
        add(f"concatenate-{t}", lambda x, y: lax.concatenate([x, y, x], 1), t + "[2,3]", t + "[2,1]")
        add(f"slice-{t}", lambda x: lax.slice(x, (1, 0, 2), (5, 3, 9), (2, 1, 3)), t + "[6,3,9]")
        add(f"pad-{t}", lambda x, v: lax.pad(x, v, ((1, 2, 0), (0, 1, 2))), t + "[2,3]", t + "[]")
        add(f"pad-{t}-negative", lambda x, v: lax.pad(x, v, ((-1, 2, 1), (2, -2, 0))), t + "[4,5]", t + "[]")
        add(f"dynamic_slice-{t}", lambda x, i, j: lax.dynamic_slice(x, (i, j), (2, 3)), t + "[4,6]", np.int32(1), np.int32(2))
        add(f"dynamic_update_slice-{t}", lambda x, u, i, j: lax.dynamic_update_slice(x, u, (i, j)), t + "[4,6]", t + "[2,3]",
            np.int32(2), np.int32(1))
    for name, start in [("low", (-3, -1)), ("high", (9, 7)), ("mixed", (-1, 3)), ("huge", (2 ** 31 - 1, -2 ** 31))]:
        i, j = (np.array(v, np.int32) for v in start)
        add(f"dynamic_slice-{name}", lambda x, i, j: lax.dynamic_slice(x, (i, j), (2, 3)), "f32[4,6]", i, j)
        add(f"dynamic_update_slice-{name}", lambda x, u, i, j: lax.dynamic_update_slice(x, u, (i, j)), "f32[4,6]", "f32[2,3]", i, j)
    for t in ("i8", "u8", "i64", "u64", "u32"):
        add(f"dynamic_slice-index-{t}", lambda x, i: lax.dynamic_slice(x, (i,), (3,)), "f32[9]", np.array(5, {"i": "int", "u": "uint"}[t[0]] + t[1:]))
        add(f"dynamic_update_slice-index-{t}", lambda x, u, i: lax.dynamic_update_slice(x, u, (i,)), "f32[9]", "f32[2]",
            np.array(7, {"i": "int", "u": "uint"}[t[0]] + t[1:]))
    add("dynamic_slice-index-u32-huge", lambda x, i: lax.dynamic_slice(x, (i,), (3,)), "f32[9]", np.uint32(2 ** 32 - 1))
    add("dynamic_slice-index-u64-huge", lambda x, i: lax.dynamic_slice(x, (i,), (3,)), "f32[9]", np.uint64(2 ** 64 - 1))
    add("dynamic_slice-all", lambda x, i: lax.dynamic_slice(x, (i, i), (4, 6)), "f32[4,6]", np.int32(3))
    add("dynamic_slice-empty", lambda x, i: lax.dynamic_slice(x, (i, i), (0, 2)), "f32[4,6]", np.int32(3))
    add("dynamic_update_slice-empty", lambda x, u, i: lax.dynamic_update_slice(x, u, (i, i)), "f32[4,6]", "f32[0,2]", np.int32(3))
    add("dynamic_index_in_dim", lambda x, i: lax.dynamic_index_in_dim(x, i, 1, keepdims=False), "f32[3,5]", np.int32(3))
    add("dynamic_update_index_in_dim", lambda x, u, i: lax.dynamic_update_index_in_dim(x, u, i, 0), "f32[3,5]", "f32[5]", np.int32(-1))
    add("dynamic_slice_in_dim", lambda x, i: lax.dynamic_slice_in_dim(x, i, 2, 2), "f32[2,3,5]", np.int32(2))
    # Shapes at the edges.
    for name, shape, dims in [("scalar", (2, 3), ()), ("one", (4, 3), (1,)), ("expand", (4, 3), (0, 1)), ("empty", (0, 3), (1,))]:
        src = {"scalar": "f32[]", "one": "f32[3]", "expand": "f32[4,1]", "empty": "f32[3]"}[name]
        add(f"broadcast_in_dim-{name}", lambda x, s=shape, d=dims: lax.broadcast_in_dim(x, s, d), src)
    add("broadcast", lambda x: lax.broadcast(x, (2, 3)), "f32[4]")
    for name, a, b in [("scalar", "[]", (1, 1)), ("to-scalar", "[1,1]", ()), ("empty", "[0,4]", (2, 0, 7)), ("flat", "[2,3,4]", (24,)),
                       ("split", "[24]", (2, 1, 12)), ("same", "[3,4]", (3, 4))]:
        add(f"reshape-{name}", lambda x, b=b: lax.reshape(x, b), "f32" + a)
    add("reshape-dimensions", lambda x: lax.reshape(x, (12,), (1, 0)), "f32[3,4]")
    for n, perm in enumerate([(1, 0), (0, 1), (2, 1, 0), (1, 2, 0), (3, 1, 0, 2), (0, 2, 1, 3), (4, 2, 0, 1, 3)]):
        shape = [2, 3, 4, 5, 2][:len(perm)]
        add(f"transpose-{n}", lambda x, p=perm: lax.transpose(x, p), f"f32[{','.join(map(str, shape))}]")
    add("transpose-scalar", lambda x: lax.transpose(x, ()) + 1, "f32[]")
    add("transpose-empty", lambda x: lax.transpose(x, (1, 0)), "f32[0,3]")
    add("rev-empty", lambda x: lax.rev(x, (0,)), "f32[0,3]")
    add("concatenate-one", lambda x: lax.concatenate([x], 0), "f32[3]")
    add("concatenate-empty", lambda x, y, z: lax.concatenate([x, y, z], 0), "f32[0,2]", "f32[3,2]", "f32[0,2]")
    add("concatenate-many", lambda *x: lax.concatenate(x, 2), *[f"i32[2,1,{n}]" for n in (1, 4, 2, 3, 1, 7)])
    add("concatenate-last", lambda x, y: lax.concatenate([x, y], 3), "f32[2,2,2,3]", "f32[2,2,2,5]")
    add("slice-empty", lambda x: lax.slice(x, (2,), (2,)), "f32[6]")
    add("slice-stride-beyond", lambda x: lax.slice(x, (0,), (6,), (10,)), "f32[6]")
    add("slice_in_dim", lambda x: lax.slice_in_dim(x, 1, 6, 2, 1), "f32[2,7]")
    add("index_in_dim", lambda x: lax.index_in_dim(x, 2, 0), "f32[4,3]")
    for name, config in [("interior", ((0, 0, 2), (0, 0, 1))), ("all", ((1, 1, 1), (2, 0, 3))), ("shrink", ((-1, -1, 0), (-1, 0, 0))),
                         ("interior-shrink", ((-1, -2, 2), (0, -3, 1))), ("to-empty", ((-2, -2, 0), (0, 0, 0))), ("zero", ((0, 0, 0), (0, 0, 0)))]:
        add(f"pad-{name}", lambda x, v, c=config: lax.pad(x, v, c), "f32[4,3]", np.float32(7))
    add("pad-empty", lambda x, v: lax.pad(x, v, ((1, 1, 2), (0, 0, 0))), "f32[0,3]", np.float32(7))
    add("pad-scalar", lambda x, v: lax.pad(x, v, ()) + v, "f32[]", np.float32(7))
    for t in ("f32", "f64", "bf16", "f16", "i8", "i32", "u64", "c64"):
        add(f"iota-{t}", lambda x: lax.iota(x.dtype, 5) + x[:1], t + "[2]")
    for d in range(3):
        add(f"broadcasted_iota-{d}", lambda x, d=d: lax.broadcasted_iota(np.int32, (2, 3, 4), d) + x, "i32[]")
    add("squeeze", lambda x: lax.squeeze(x, (0, 2)), "f32[1,3,1,2]")
    add("expand_dims", lambda x: lax.expand_dims(x, (0, 3)), "f32[3,2]")
    add("collapse", lambda x: lax.collapse(x, 1, 3), "f32[2,3,4,5]")
    add("full_like", lambda x: lax.full_like(x, 3.5) + x, "f32[2,2]")
    add("tile", lambda x: lax.tile(x, (2, 3)), "f32[2,2]")
    add("split", lambda x: lax.split(x, (2, 1, 4), 1), "f32[3,7]")
    add("stop_gradient", lambda x: lax.stop_gradient(x) * 2, "f32[3]")
    add("optimization_barrier", lambda x, y: lax.optimization_barrier((x * 2, y + 1)), "f32[3]", "i32[2]")
    add("rank9", lambda x: lax.transpose(x, tuple(range(8, -1, -1))), "f32[2,1,2,1,2,1,2,1,3]")
    add("no-inputs", lambda: lax.iota(np.float32, 4) * 2)
    add("constants", lambda x: x + np.arange(12, dtype=np.float32).reshape(3, 4) * 0.25, "f32[3,4]")
    add("constant-hex", lambda x: x + np.random.default_rng(1).standard_normal((40, 50)).astype(np.float32), "f32[40,50]")
    add("constant-bool", lambda x: lax.select(np.array([True, False, True, True]), x, -x), "f32[4]")
    add("constant-bf16", lambda x: x * np.arange(6).astype(x.dtype), "bf16[6]")
    add("constant-c64", lambda x: x * np.array([1 + 2j, -3j, 0.5], np.complex64), "c64[3]")
    add("constant-specials", lambda x: x * 0 + np.array([np.inf, -np.inf, np.nan, -0.0, 3.4e38], np.float32), "f32[5]")
    add("constant-i8", lambda x: x + np.array([[-128, 127], [0, -1]], np.int8), "i8[2,2]")
    add("constant-u64", lambda x: x ^ np.array([2 ** 64 - 1, 2 ** 63], np.uint64), "u64[2]")
    add("constant-empty", lambda x: lax.concatenate([x, np.zeros((0,), np.float32)], 0), "f32[2]")
    add("result-is-input", lambda x, y: (y, x, x), "f32[2]", "i32[3]")
    add("result-is-constant", lambda x: (x, np.float32(2.5), np.arange(3, dtype=np.int32)), "f32[2]")
