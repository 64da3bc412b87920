"""dot_general, and convolutions in any layout."""
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

# JAX's tests of contractions allow as much: what order sums are taken in is not said.
TOL = {"f32": 1e-5, "f64": 1e-14, "f16": 1e-2, "bf16": 1e-1, "c64": 1e-5, "c128": 1e-14}
DOTS = {
    "matmul": ("[3,4]", "[4,5]", (((1,), (0,)), ((), ()))),
    "transposed": ("[4,3]", "[5,4]", (((0,), (1,)), ((), ()))),
    "vectors": ("[7]", "[7]", (((0,), (0,)), ((), ()))),
    "outer": ("[3]", "[4]", (((), ()), ((), ()))),
    "matvec": ("[3,4]", "[4]", (((1,), (0,)), ((), ()))),
    "batch": ("[2,3,4]", "[2,4,5]", (((2,), (1,)), ((0,), (0,)))),
    "batch-last": ("[3,4,2]", "[4,5,2]", (((1,), (0,)), ((2,), (2,)))),
    "batch-two": ("[2,3,5,4]", "[3,4,2]", (((3,), (1,)), ((0, 1), (2, 0)))),
    "contract-two": ("[2,3,4]", "[4,2,5]", (((0, 2), (1, 0)), ((), ()))),
    "contract-all": ("[2,3]", "[3,2]", (((0, 1), (1, 0)), ((), ()))),
    "batch-only": ("[3,4]", "[3,4]", (((), ()), ((0, 1), (0, 1)))),
    "scalars": ("[]", "[]", (((), ()), ((), ()))),
    "empty": ("[3,0]", "[0,4]", (((1,), (0,)), ((), ()))),
    "empty-rows": ("[0,3]", "[3,4]", (((1,), (0,)), ((), ()))),
    "odd": ("[17,33]", "[33,9]", (((1,), (0,)), ((), ()))),
    "long": ("[3,300]", "[300,2]", (((1,), (0,)), ((), ()))),
}
CONVS = {
    # lhs, rhs, strides, padding, lhs dilation, rhs dilation, dimension numbers, groups, batch groups
    "1d": ("[2,3,9]", "[4,3,3]", (1,), "VALID", None, None, ("NCH", "OIH", "NCH"), 1, 1),
    "1d-same": ("[2,9,3]", "[3,3,4]", (2,), "SAME", None, None, ("NHC", "HIO", "NHC"), 1, 1),
    "2d": ("[2,3,6,7]", "[4,3,3,2]", (1, 1), "VALID", None, None, ("NCHW", "OIHW", "NCHW"), 1, 1),
    "2d-nhwc": ("[2,6,7,3]", "[3,2,3,4]", (1, 2), "SAME", None, None, ("NHWC", "HWIO", "NHWC"), 1, 1),
    "2d-same_lower": ("[1,6,7,3]", "[2,2,3,4]", (1, 2), "SAME_LOWER", None, None, ("NHWC", "HWIO", "NHWC"), 1, 1),
    "2d-padded": ("[1,6,7,2]", "[3,2,2,3]", (2, 1), ((2, 1), (0, 3)), None, None, ("NHWC", "HWIO", "NHWC"), 1, 1),
    "2d-cropped": ("[1,6,7,2]", "[3,2,2,3]", (1, 1), ((-1, 0), (-1, -2)), None, None, ("NHWC", "HWIO", "NHWC"), 1, 1),
    "2d-atrous": ("[1,8,9,2]", "[3,2,2,3]", (1, 1), ((1, 1), (2, 0)), None, (2, 3), ("NHWC", "HWIO", "NHWC"), 1, 1),
    "2d-fractional": ("[1,4,5,2]", "[3,2,2,3]", (1, 1), ((2, 2), (1, 1)), (2, 3), None, ("NHWC", "HWIO", "NHWC"), 1, 1),
    "2d-both": ("[1,4,5,2]", "[3,2,2,3]", (2, 1), ((2, 2), (1, 1)), (3, 2), (2, 2), ("NHWC", "HWIO", "NHWC"), 1, 1),
    "2d-groups": ("[2,6,6,4]", "[3,3,2,6]", (1, 1), "VALID", None, None, ("NHWC", "HWIO", "NHWC"), 2, 1),
    "2d-depthwise": ("[2,6,6,4]", "[3,3,1,4]", (1, 1), "SAME", None, None, ("NHWC", "HWIO", "NHWC"), 4, 1),
    "2d-depthwise-many": ("[1,5,5,3]", "[2,2,1,6]", (1, 1), "SAME", None, None, ("NHWC", "HWIO", "NHWC"), 3, 1),
    "2d-batch-groups": ("[4,5,5,3]", "[2,2,3,6]", (1, 1), "VALID", None, None, ("NHWC", "HWIO", "NHWC"), 1, 2),
    "2d-mixed": ("[3,6,2,7]", "[2,4,3,3]", (1, 1), "VALID", None, None, ("CHNW", "WOIH", "WNCH"), 1, 1),
    "2d-chwn": ("[3,6,7,2]", "[3,3,2,4]", (2, 2), "SAME", None, None, ("CHWN", "IHWO", "CHWN"), 1, 1),
    "3d": ("[1,4,5,4,2]", "[2,2,3,2,3]", (1, 2, 1), "SAME", None, None, ("NDHWC", "DHWIO", "NDHWC"), 1, 1),
    "3d-ncdhw": ("[1,2,4,5,4]", "[3,2,2,2,2]", (1, 1, 1), "VALID", None, (1, 2, 1), ("NCDHW", "OIDHW", "NCDHW"), 1, 1),
    "0d": ("[2,3]", "[3,4]", (), (), None, None, ("NC", "IO", "NC"), 1, 1),
    "point": ("[2,4,4,5]", "[1,1,5,3]", (1, 1), "VALID", None, None, ("NHWC", "HWIO", "NHWC"), 1, 1),
    "empty-batch": ("[0,4,4,2]", "[2,2,2,3]", (1, 1), "VALID", None, None, ("NHWC", "HWIO", "NHWC"), 1, 1),
    "too-large": ("[1,2,2,2]", "[3,3,2,3]", (1, 1), "VALID", None, None, ("NHWC", "HWIO", "NHWC"), 1, 1),
}


def conv(x, w, c, **more):
    _, _, stride, pad, base, dil, layout, groups, batch = c
    return lax.conv_general_dilated(x, w, stride, pad, base, dil, layout, groups, batch, **more)


def cases(add):
    for name, (a, b, dims) in DOTS.items():
        for t in ("f32", "f64"):
            add(f"dot_general-{name}-{t}", lambda x, y, d=dims: lax.dot_general(x, y, d), t + a, t + b, tol=TOL)
    for name in ("matmul", "batch", "contract-two", "outer"):
        a, b, dims = DOTS[name]
        for t in ("bf16", "f16", "i8", "i32", "u8", "i64", "c64", "c128"):
            add(f"dot_general-{name}-{t}", lambda x, y, d=dims: lax.dot_general(x, y, d), t + a, t + b, tol=TOL)
    for a, b, out in [("bf16", "bf16", np.float32), ("i8", "i8", np.int32), ("f16", "f16", np.float32), ("u8", "i8", np.int32), ("f32", "f32", np.float64)]:
        if (a, b) == ("u8", "i8"):
            continue
        add(f"dot_general-{a}-{b}-{np.dtype(out).name}", lambda x, y, o=out: lax.dot_general(x, y, DOTS["matmul"][2], preferred_element_type=o),
            a + "[3,4]", b + "[4,5]", tol=TOL, x64=out == np.float64)
    for precision in ("highest", "high", "default"):
        add(f"dot-{precision}", lambda x, y, p=precision: jnp.dot(x, y, precision=p), "f32[3,4]", "f32[4,5]", tol=TOL)
    add("dot-algorithm", lambda x, y: lax.dot(x, y, precision=lax.DotAlgorithmPreset.F32_F32_F32), "f32[3,4]", "f32[4,5]", tol=TOL)
    add("dot-bool", lambda x, y: jnp.dot(x.astype(np.int32), y.astype(np.int32)), "bool[3,4]", "bool[4,5]")
    add("dot-grad", lambda x, y: jax.grad(lambda x, y: (jnp.dot(x, y) ** 2).sum(), (0, 1))(x, y), "f32[3,4]", "f32[4,5]", tol=TOL)
    add("dot-batch-grad", lambda x, y: jax.grad(lambda x, y: (lax.batch_matmul(x, y) ** 2).sum(), (0, 1))(x, y), "f64[2,3,4]", "f64[2,4,5]", tol=TOL)
    for e in ("ij,jk->ik", "bij,bjk->bik", "ii->i", "ii", "ij->ji", "ijk,ilm,njm,nlk->", "bhqd,bhkd->bhqk", "i,j->ij", "ij,ij->", "...ij,jk->...ik"):
        shapes = {"ij,jk->ik": ["[3,4]", "[4,2]"], "bij,bjk->bik": ["[2,3,4]", "[2,4,2]"], "ii->i": ["[3,3]"], "ii": ["[3,3]"], "ij->ji": ["[2,3]"],
                  "ijk,ilm,njm,nlk->": ["[2,3,4]", "[2,2,3]", "[3,3,3]", "[3,2,4]"], "bhqd,bhkd->bhqk": ["[2,2,3,4]", "[2,2,5,4]"], "i,j->ij": ["[3]", "[4]"],
                  "ij,ij->": ["[3,4]", "[3,4]"], "...ij,jk->...ik": ["[2,2,3,4]", "[4,3]"]}[e]
        name = e.replace(",", "_").replace("->", "-to-").replace("...", "dots-")
        add(f"einsum-{name}", lambda *x, e=e: jnp.einsum(e, *x), *["f32" + s for s in shapes], tol=TOL)
    for name, fn, shapes in [("matmul", jnp.matmul, ("[2,3,4]", "[4,5]")), ("matmul-vector", jnp.matmul, ("[4]", "[2,4,5]")), ("vdot", jnp.vdot, ("[6]", "[6]")),
                             ("inner", jnp.inner, ("[3,4]", "[2,4]")), ("outer", jnp.outer, ("[3]", "[4]")), ("tensordot", jnp.tensordot, ("[2,3,4]", "[3,4,5]")),
                             ("kron", jnp.kron, ("[2,3]", "[2,2]")), ("cross", jnp.cross, ("[4,3]", "[4,3]")), ("convolve", jnp.convolve, ("[7]", "[3]")),
                             ("correlate", jnp.correlate, ("[7]", "[3]")), ("vecdot", jnp.vecdot, ("[4,3]", "[4,3]"))]:
        for t in ("f32", "f64", "i32", "c64"):
            add(f"jnp.{name}-{t}", fn, t + shapes[0], t + shapes[1], tol=TOL)
    add("ragged_dot", lambda x, w, n: lax.ragged_dot(x, w, n), "f32[6,3]", "f32[2,3,4]", np.array([2, 4], np.int32), tol=TOL)
    for name, c in CONVS.items():
        add(f"conv-{name}", lambda x, w, c=c: conv(x, w, c), "f32" + c[0], "f32" + c[1], tol=TOL)
        add(f"conv-{name}-f64", lambda x, w, c=c: conv(x, w, c), "f64" + c[0], "f64" + c[1], tol=TOL)
        if name not in ("empty-batch", "too-large", "0d"):
            add(f"conv-{name}-grad", lambda x, w, c=c: jax.grad(lambda x, w: (conv(x, w, c) ** 2).sum(), (0, 1))(x, w), "f32" + c[0], "f32" + c[1], tol={"f32": 1e-4})
    for name in ("1d", "2d-nhwc", "2d-groups", "2d-atrous"):
        c = CONVS[name]
        for t in ("bf16", "f16", "c64", "i8"):
            more = {"preferred_element_type": np.int32} if t == "i8" else {}
            add(f"conv-{name}-{t}", lambda x, w, c=c, m=more: conv(x, w, c, **m), t + c[0], t + c[1], tol=TOL)
    add("conv-reversal", lambda x, w: lax.conv_transpose(x, w, (2, 2), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")), "f32[1,4,4,2]", "f32[3,3,2,3]", tol=TOL)
    add("conv-transpose-valid", lambda x, w: lax.conv_transpose(x, w, (2, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")), "f32[1,4,4,2]", "f32[3,3,2,3]", tol=TOL)
    add("conv-vmap", jax.vmap(lambda x, w: lax.conv(x, w, (1, 1), "SAME")), "f32[2,1,3,5,5]", "f32[2,4,3,3,3]", tol=TOL)
    add("conv_general_dilated_patches", lambda x: lax.conv_general_dilated_patches(x, (2, 2), (1, 1), "VALID"), "f32[1,2,4,4]", tol=TOL)
    add("conv_general_dilated_local", lambda x, w: lax.conv_general_dilated_local(x, w, (1, 1), "VALID", (2, 2)), "f32[1,2,4,4]", "f32[3,8,3,3]", tol=TOL)
