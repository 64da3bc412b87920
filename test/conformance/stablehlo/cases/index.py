"""Gather, scatter, sort, top_k and what jax.numpy makes of them."""
import itertools

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

MODES = {"clip": "clip", "fill": "fill", "promise": "promise_in_bounds"}


def i32(*v):
    return np.array(v, np.int32)


# name: operand, indices, dimension numbers (as keywords), slice sizes
GATHERS = {
    "rows": ("[5,3]", i32(0, 4, 2, 2)[:, None], dict(offset_dims=(1,), collapsed_slice_dims=(0,), start_index_map=(0,)), (1, 3)),
    "columns": ("[3,5]", i32(4, 0, 3)[:, None], dict(offset_dims=(0,), collapsed_slice_dims=(1,), start_index_map=(1,)), (3, 1)),
    "points": ("[4,5]", i32([0, 1], [3, 4], [2, 2]), dict(offset_dims=(), collapsed_slice_dims=(0, 1), start_index_map=(0, 1)), (1, 1)),
    "points-swapped": ("[4,5]", i32([0, 1], [4, 3], [2, 2]), dict(offset_dims=(), collapsed_slice_dims=(0, 1), start_index_map=(1, 0)), (1, 1)),
    "windows": ("[6,7]", i32([0, 1], [3, 4], [4, 4]), dict(offset_dims=(1, 2), collapsed_slice_dims=(), start_index_map=(0, 1)), (2, 3)),
    "windows-first": ("[6,7]", i32([0, 1], [3, 4], [4, 4]), dict(offset_dims=(0, 1), collapsed_slice_dims=(), start_index_map=(0, 1)), (2, 3)),
    "windows-between": ("[6,7]", i32([[0, 1], [3, 4], [4, 4]], [[1, 1], [2, 2], [0, 0]]), dict(offset_dims=(1, 3), collapsed_slice_dims=(), start_index_map=(0, 1)), (2, 3)),
    "partial": ("[6,7,2]", i32([1], [5]), dict(offset_dims=(1, 2), collapsed_slice_dims=(0,), start_index_map=(0,)), (1, 3, 2)),
    "one-window": ("[6,7]", i32(2, 3), dict(offset_dims=(0, 1), collapsed_slice_dims=(), start_index_map=(0, 1)), (2, 3)),
    "scalar": ("[6]", i32(2), dict(offset_dims=(), collapsed_slice_dims=(0,), start_index_map=(0,)), (1,)),
    "grid": ("[5,3]", i32([[0], [1]], [[4], [3]], [[2], [2]]), dict(offset_dims=(2,), collapsed_slice_dims=(0,), start_index_map=(0,)), (1, 3)),
    "batched": ("[2,5,3]", i32([[0], [4], [1], [2]], [[3], [3], [0], [1]]), dict(offset_dims=(2,), collapsed_slice_dims=(1,), start_index_map=(1,), operand_batching_dims=(0,), start_indices_batching_dims=(0,)), (1, 1, 3)),
    "batched-two": ("[2,5,3,4]", np.arange(2 * 3 * 2).reshape(3, 2, 2, 1).astype(np.int32) % 5, dict(offset_dims=(3,), collapsed_slice_dims=(1,), start_index_map=(1,), operand_batching_dims=(0, 2), start_indices_batching_dims=(1, 0)), (1, 1, 1, 2)),
    "batched-last": ("[5,2]", i32([[0], [4]], [[3], [3]], [[1], [2]]), dict(offset_dims=(), collapsed_slice_dims=(0,), start_index_map=(0,), operand_batching_dims=(1,), start_indices_batching_dims=(1,)), (1, 1)),
    "outside": ("[5,3]", i32(-1, 5, 100, -100, 2)[:, None], dict(offset_dims=(1,), collapsed_slice_dims=(0,), start_index_map=(0,)), (1, 3)),
    "outside-windows": ("[6,7]", i32([-1, 1], [5, 4], [3, 6], [4, 4]), dict(offset_dims=(1, 2), collapsed_slice_dims=(), start_index_map=(0, 1)), (2, 3)),
    "none": ("[5,3]", np.zeros((0, 1), np.int32), dict(offset_dims=(1,), collapsed_slice_dims=(0,), start_index_map=(0,)), (1, 3)),
    "empty-window": ("[5,3]", i32(1, 2)[:, None], dict(offset_dims=(1,), collapsed_slice_dims=(0,), start_index_map=(0,)), (1, 0)),
}

# name: operand, indices, updates, dimension numbers
SCATTERS = {
    "rows": ("[5,3]", i32(0, 4, 2)[:, None], "[3,3]", dict(update_window_dims=(1,), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0,))),
    "rows-again": ("[5,3]", i32(0, 4, 0, 0, 4)[:, None], "[5,3]", dict(update_window_dims=(1,), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0,))),
    "columns": ("[3,5]", i32(4, 0)[:, None], "[3,2]", dict(update_window_dims=(0,), inserted_window_dims=(1,), scatter_dims_to_operand_dims=(1,))),
    "points": ("[4,5]", i32([0, 1], [3, 4], [2, 2], [0, 1]), "[4]", dict(update_window_dims=(), inserted_window_dims=(0, 1), scatter_dims_to_operand_dims=(0, 1))),
    "points-swapped": ("[4,5]", i32([0, 1], [4, 3], [2, 2]), "[3]", dict(update_window_dims=(), inserted_window_dims=(0, 1), scatter_dims_to_operand_dims=(1, 0))),
    "windows": ("[6,7]", i32([0, 1], [3, 4], [1, 2]), "[3,2,3]", dict(update_window_dims=(1, 2), inserted_window_dims=(), scatter_dims_to_operand_dims=(0, 1))),
    "windows-first": ("[6,7]", i32([0, 1], [3, 4], [1, 2]), "[2,3,3]", dict(update_window_dims=(0, 1), inserted_window_dims=(), scatter_dims_to_operand_dims=(0, 1))),
    "partial": ("[6,7,2]", i32([1], [5]), "[2,3,2]", dict(update_window_dims=(1, 2), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0,))),
    "one-window": ("[6,7]", i32(2, 3), "[2,3]", dict(update_window_dims=(0, 1), inserted_window_dims=(), scatter_dims_to_operand_dims=(0, 1))),
    "scalar": ("[6]", i32(2), "[]", dict(update_window_dims=(), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0,))),
    "grid": ("[5,3]", i32([[0], [1]], [[4], [3]]), "[2,2,3]", dict(update_window_dims=(2,), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0,))),
    "batched": ("[2,5,3]", i32([[0], [4], [0]], [[3], [3], [1]]), "[2,3,3]", dict(update_window_dims=(2,), inserted_window_dims=(1,), scatter_dims_to_operand_dims=(1,), operand_batching_dims=(0,), scatter_indices_batching_dims=(0,))),
    "batched-two": ("[2,5,3,4]", np.arange(12).reshape(3, 2, 2, 1).astype(np.int32) % 5, "[3,2,2,2]", dict(update_window_dims=(3,), inserted_window_dims=(1,), scatter_dims_to_operand_dims=(1,), operand_batching_dims=(0, 2), scatter_indices_batching_dims=(1, 0))),
    "outside": ("[5,3]", i32(-1, 5, 100, -100, 2)[:, None], "[5,3]", dict(update_window_dims=(1,), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0,))),
    "outside-windows": ("[6,7]", i32([-1, 1], [5, 4], [3, 6], [4, 4]), "[4,2,3]", dict(update_window_dims=(1, 2), inserted_window_dims=(), scatter_dims_to_operand_dims=(0, 1))),
    "none": ("[5,3]", np.zeros((0, 1), np.int32), "[0,3]", dict(update_window_dims=(1,), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0,))),
    "empty-operand": ("[5,0]", i32(1, 2)[:, None], "[2,0]", dict(update_window_dims=(1,), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0,))),
}
UPDATES = {"set": lax.scatter, "add": lax.scatter_add, "sub": lax.scatter_sub, "mul": lax.scatter_mul, "min": lax.scatter_min, "max": lax.scatter_max}


def gathers(add):
    for (name, (shape, indices, dims, sizes)), mode in itertools.product(GATHERS.items(), MODES):
        if mode == "promise" and name.startswith("outside"):
            continue
        add(f"gather-{name}-{mode}", lambda x, i, d=dims, s=sizes, m=mode: lax.gather(x, i, lax.GatherDimensionNumbers(**d), s, mode=MODES[m]),
            "f32" + shape, indices)
    for t in ("f64", "bf16", "i8", "u32", "i64", "bool", "c64", "c128"):
        shape, indices, dims, sizes = GATHERS["outside-windows"]
        add(f"gather-{t}", lambda x, i, d=dims, s=sizes: lax.gather(x, i, lax.GatherDimensionNumbers(**d), s, mode="fill"), t + shape, indices)
    for t in (np.int8, np.uint8, np.int64, np.uint32, np.int16):
        add(f"gather-index-{np.dtype(t).name}", lambda x, i: lax.gather(x, i, lax.GatherDimensionNumbers((1,), (0,), (0,)), (1, 3), mode="clip"),
            "f32[5,3]", np.array([[0], [3], [9]], t))
    add("gather-hints", lambda x, i: lax.gather(x, i, lax.GatherDimensionNumbers((1,), (0,), (0,)), (1, 3), mode="clip", indices_are_sorted=True,
                                                unique_indices=True), "f32[5,3]", i32([0], [2], [3]))
    add("gather-fill-value", lambda x, i: lax.gather(x, i, lax.GatherDimensionNumbers((1,), (0,), (0,)), (1, 3), mode="fill", fill_value=-7.0),
        "f32[5,3]", i32([0], [7], [3]))


def scatters(add):
    for (name, (shape, indices, updates, dims)), kind in itertools.product(SCATTERS.items(), UPDATES):
        if kind == "set" and name in ("rows-again", "points", "windows", "windows-first"):
            continue        # the same place twice: which one stays is not said
        for mode in ("clip", "fill") if name.startswith("outside") or kind in ("add", "set") else ("fill",):
            if mode == "clip" and kind == "set" and name.startswith("outside"):
                continue
            add(f"scatter-{name}-{kind}-{mode}", lambda x, i, u, d=dims, f=UPDATES[kind], m=mode: f(x, i, u, lax.ScatterDimensionNumbers(**d), mode=m),
                "f32" + shape, indices, "f32" + updates)
    shape, indices, updates, dims = SCATTERS["outside-windows"]
    for t in ("f64", "bf16", "f16", "i8", "u32", "i64", "c64", "c128"):
        for kind in ("add", "mul") if t[0] == "c" else ("add", "mul", "min", "max"):
            add(f"scatter-{kind}-{t}", lambda x, i, u, d=dims, f=UPDATES[kind]: f(x, i, u, lax.ScatterDimensionNumbers(**d), mode="fill"),
                t + shape, indices, t + updates)
    add("scatter-bool-set", lambda x, i, u: lax.scatter(x, i, u, lax.ScatterDimensionNumbers((1,), (0,), (0,)), mode="fill"), "bool[5,3]",
        i32([1], [3]), "bool[2,3]")
    for t in (np.int8, np.uint8, np.int64, np.uint32):
        add(f"scatter-index-{np.dtype(t).name}", lambda x, i, u: lax.scatter_add(x, i, u, lax.ScatterDimensionNumbers((1,), (0,), (0,)), mode="fill"),
            "f32[5,3]", np.array([[0], [3], [9]], t), "f32[3,3]")
    add("scatter-hints", lambda x, i, u: lax.scatter_add(x, i, u, lax.ScatterDimensionNumbers((1,), (0,), (0,)), indices_are_sorted=True,
                                                         unique_indices=True, mode="promise_in_bounds"), "f32[5,3]", i32([0], [2], [3]), "f32[3,3]")
    add("scatter-apply", lambda x, i: lax.scatter_apply(x, i, jnp.sin, lax.ScatterDimensionNumbers((1,), (0,), (0,)), update_shape=(2, 3),
                                                        unique_indices=True), "f32[5,3]", i32([0], [2]))
    # Gradients of gathers and scatters, and batches of them.
    for name in ("rows", "points", "windows", "partial", "outside-windows", "batched"):
        shape, indices, dims, sizes = GATHERS[name]
        add(f"gather-grad-{name}", lambda x, i, d=dims, s=sizes: jax.grad(lambda x: (lax.gather(
            x, i, lax.GatherDimensionNumbers(**d), s, mode="clip") ** 2).sum())(x), "f32" + shape, indices)
        add(f"gather-vmap-{name}", lambda x, i, d=dims, s=sizes: jax.vmap(lambda x: lax.gather(
            x, i, lax.GatherDimensionNumbers(**d), s, mode="fill"))(x), "f32[2," + shape[1:], indices)
        shape, indices, updates, dims = SCATTERS[name]
        add(f"scatter-grad-{name}", lambda x, i, u, d=dims: jax.grad(lambda x, u: (lax.scatter_add(
            x, i, u, lax.ScatterDimensionNumbers(**d), mode="fill") ** 2).sum(), (0, 1))(x, u), "f32" + shape, indices, "f32" + updates)
        add(f"scatter-vmap-{name}", lambda x, i, u, d=dims: jax.vmap(lambda x, u: lax.scatter_add(
            x, i, u, lax.ScatterDimensionNumbers(**d), mode="fill"))(x, u), "f32[2," + shape[1:], indices, "f32[2," + updates[1:].lstrip())


def at(add):
    x, y = "f32[6,4]", "f32[3,4]"
    index = i32(0, 4, 2)
    for name, fn in {
        "get": lambda x, i: x.at[i].get(), "get-fill": lambda x, i: x.at[i + 3].get(mode="fill", fill_value=9),
        "get-wrap": lambda x, i: x.at[i - 3].get(mode="clip"), "int": lambda x, i: x[2], "slice": lambda x, i: x[1:5:2, ::-1],
        "ellipsis": lambda x, i: x[..., 1], "newaxis": lambda x, i: x[:, None, 2], "negative": lambda x, i: x[-1, -2],
        "traced": lambda x, i: x[i[0], i[2]], "array": lambda x, i: x[i], "array-pair": lambda x, i: x[i, i % 4], "grid": lambda x, i: x[i[:, None], i[None] % 4],
        "mixed": lambda x, i: x[i, 1:3], "take": lambda x, i: jnp.take(x, i, axis=0), "take1": lambda x, i: jnp.take(x, i % 4, axis=1),
        "take-clip": lambda x, i: jnp.take(x, i + 4, axis=0, mode="clip"), "take-wrap": lambda x, i: jnp.take(x, i + 4, axis=0, mode="wrap"),
        "take-flat": lambda x, i: jnp.take(x, i * 5), "take_along": lambda x, i: jnp.take_along_axis(x, i[None, :] % 4, axis=1),
    }.items():
        add(f"at-{name}", fn, x, index)
    for kind in ("set", "add", "multiply", "divide", "min", "max", "power"):
        add(f"at-{kind}", lambda x, i, y, k=kind: getattr(x.at[i], k)(y), "f32[6,4] 0.5..2", index, "f32[3,4] 0.5..2")
        add(f"at-{kind}-column", lambda x, y, k=kind: getattr(x.at[:, 1], k)(y), "f32[6,4] 0.5..2", "f32[6] 0.5..2")
        add(f"at-{kind}-slice", lambda x, y, k=kind: getattr(x.at[1:5:2, ::3], k)(y), "f32[6,4] 0.5..2", "f32[2,2] 0.5..2")
        add(f"at-{kind}-drop", lambda x, i, y, k=kind: getattr(x.at[i + 3], k)(y, mode="drop"), "f32[6,4] 0.5..2", index, "f32[3,4] 0.5..2")
    add("put", lambda x, i, y: jnp.put(x, i, y, inplace=False), x, index, "f32[3]")
    add("bincount", lambda i: jnp.bincount(i, length=8), i32(0, 1, 1, 5, 7, 7, 7))
    add("segment_sum", lambda x, i: jax.ops.segment_sum(x, i, 4), "f32[6,2]", i32(0, 0, 1, 3, 3, 3))
    add("segment_max", lambda x, i: jax.ops.segment_max(x, i, 4), "f32[6,2]", i32(0, 0, 1, 3, 3, 3))
    add("segment_prod", lambda x, i: jax.ops.segment_prod(x, i, 4), "f32[6,2]", i32(0, 2, 1, 3, 3, 3))
    add("embedding-grad", lambda w, i: jax.grad(lambda w: (jnp.take(w, i, axis=0) ** 2).sum())(w), "f32[8,3]", i32([1, 2], [2, 7]))


def sorts(add):
    for t in ("f32", "f64", "bf16", "f16", "i8", "i32", "u8", "u64", "bool"):
        add(f"sort-{t}", lambda x: lax.sort(x), t + "[11]")
        add(f"sort-{t}-axis0", lambda x: lax.sort(x, dimension=0), t + "[5,3]")
    edges = np.array([np.nan, 0.0, -0.0, np.inf, -np.inf, 1, -1, np.nan, -0.0, 0.0, 2], np.float32)
    add("sort-specials", lambda x: lax.sort(x), edges)
    add("sort-specials-f64", lambda x: lax.sort(x), edges.astype(np.float64))
    add("sort-specials-stable", lambda x, y: lax.sort((x, y), num_keys=1), edges, np.arange(11, dtype=np.int32))
    add("sort-complex", lambda x: lax.sort(x), "c64[7]")
    add("sort-two", lambda x, y: lax.sort((x, y)), "f32[9]", "i32[9]")
    add("sort-three", lambda x, y, z: lax.sort((x, y, z), num_keys=1), "i32[9] 0..3", "i32[9]", "f32[9]")
    add("sort-keys2", lambda x, y, z: lax.sort((x, y, z), num_keys=2), "i32[12] 0..2", "f32[12]", "bf16[12]")
    add("sort-keys3", lambda x, y, z: lax.sort((x, y, z), num_keys=3, dimension=0), "i32[6,2] 0..1", "i32[6,2] 0..1", "f32[6,2]")
    add("sort-unstable", lambda x: lax.sort(x, is_stable=False), "f32[13]")
    add("sort-stable", lambda x, y: lax.sort((x, y), is_stable=True, num_keys=1), "i32[40] 0..3", np.arange(40, dtype=np.int32))
    add("sort-one", lambda x: lax.sort(x), "f32[1]")
    add("sort-empty", lambda x: lax.sort(x), "f32[0]")
    add("sort-empty-rows", lambda x: lax.sort(x), "f32[0,4]")
    add("sort-middle", lambda x: lax.sort(x, dimension=1), "f32[2,7,3]")
    add("sort-long", lambda x: lax.sort(x), "f32[1000]")
    add("sort-grad", lambda x: jax.grad(lambda x: (lax.sort(x) * jnp.arange(9)).sum())(x), "f32[9]")
    add("sort-vmap", jax.vmap(lambda x, y: lax.sort((x, y), num_keys=1)), "f32[3,5]", "i32[3,5]")
    add("sort_key_val", lambda x, y: lax.sort_key_val(x, y), "f32[4,5]", "i32[4,5]")
    for t in ("f32", "f64", "i32", "bf16", "u8"):
        add(f"top_k-{t}", lambda x: lax.top_k(x, 3), t + "[4,7]" + ("" if t[0] in "fb" else " 0..100"))
    add("top_k-all", lambda x: lax.top_k(x, 5), "f32[5]")
    add("top_k-ties", lambda x: lax.top_k(x, 3), i32(1, 5, 5, 2, 5, 1))
    add("top_k-grad", lambda x: jax.grad(lambda x: (lax.top_k(x, 2)[0] ** 2).sum())(x), "f32[3,6]")
    for name in ("argmax", "argmin"):
        for t in ("f32", "i32", "bf16", "u8", "f64"):
            add(f"{name}-{t}", lambda x, f=getattr(lax, name): f(x, 1, np.int32), t + "[3,5]")
        add(f"{name}-nan", lambda x, f=getattr(lax, name): f(x, 0, np.int32), np.array([1, np.nan, 5, np.nan], np.float32))
        add(f"{name}-ties", lambda x, f=getattr(lax, name): f(x, 0, np.int32), i32(3, 1, 3, 1, 2))
        add(f"{name}-index64", lambda x, f=getattr(lax, name): f(x, 0, np.int64), "f64[4,3]")
    add("jnp.argsort", jnp.argsort, "f32[3,6]")
    add("jnp.argsort-descending", lambda x: jnp.argsort(x, descending=True), "i32[12] 0..4")
    add("jnp.lexsort", lambda a, b: jnp.lexsort((a, b)), "i32[9] 0..2", "f32[9]")
    add("jnp.median", jnp.median, "f32[3,5]")
    add("jnp.median-even", lambda x: jnp.median(x, axis=0), "f32[4,3]")
    add("jnp.nanmedian", jnp.nanmedian, np.array([1, np.nan, 4, 2, 9], np.float32))
    add("jnp.partition", lambda x: jnp.sort(jnp.partition(x, 3)[:3]), "f32[8]")
    add("jnp.sort-descending", lambda x: jnp.sort(x, descending=True), "f32[8]")
    for method in ("scan", "scan_unrolled", "sort", "compare_all"):
        for side in ("left", "right"):
            add(f"jnp.searchsorted-{method}-{side}", lambda a, v, m=method, s=side: jnp.searchsorted(a, v, side=s, method=m),
                np.array([0, 1, 1, 2, 4, 7], np.float32), np.array([1, 0.5, 9, -3, 7, 4], np.float32))
    add("jnp.digitize", lambda x: jnp.digitize(x, np.array([-1, 0, 1.], np.float32)), "f32[9]")
    add("jnp.unique", lambda x: jnp.unique(x, size=6, fill_value=-1), i32(3, 1, 3, 2, 1, 7, 7))
    add("jnp.unique-counts", lambda x: jnp.unique(x, size=6, return_counts=True, return_inverse=True, return_index=True), i32(3, 1, 3, 2, 1, 7, 7))
    add("jnp.nonzero", lambda x: jnp.nonzero(x, size=5, fill_value=9), i32([0, 1, 0], [2, 0, 3]))
    add("jnp.histogram", lambda x: jnp.histogram(x, bins=5, range=(-2, 2)), "f32[30]")
    add("jnp.quantile", lambda x: jnp.quantile(x, jnp.array([0.1, 0.5, 0.85]), axis=1), "f32[3,9]")
    add("jnp.percentile", lambda x: jnp.percentile(x, 30.0, method="nearest"), "f32[10]")
    add("jnp.isin", jnp.isin, "i32[9]", i32(1, 3, -2))
    add("jnp.setdiff", lambda x: jnp.setdiff1d(x, i32(1, 3), size=5), i32(1, 2, 2, 5, 3))
    add("jnp.interp", jnp.interp, "f32[9]", np.array([-2, -1, 0, 0.5, 2], np.float32), "f32[5]")


def cases(add):
    gathers(add)
    scatters(add)
    at(add)
    sorts(add)
