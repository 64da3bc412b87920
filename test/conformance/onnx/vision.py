#!/usr/bin/env python3
"""Stores as cases/vision.zip what the ONNX package's own cases leave out of ops on images and of detectors: attributes together and
at random, every second case with a symbol for each axis of the image but the channels.  The wanted outputs are ONNX Runtime's.

    python -m venv venv && venv/bin/pip install onnx==1.23.2 onnxruntime==1.31.1
    venv/bin/python test/conformance/onnx/vision.py

Where ONNX Runtime does not do what the specification says there are no cases: dilated windows with auto_pad SAME_*, transposed
convolutions with SAME_* and a kernel narrower than its stride, scales with align_corners that give a fraction of an element.  Scales
that no f32 is are not asked for the nearest element, which then hangs on how positions are rounded.
"""
import json
import os
import random
import zipfile

import numpy as np
import onnx
from onnx import helper as h
from onnx import numpy_helper as nh

import peers

MS = "com.microsoft"
r = np.random.default_rng(11)
pick = random.Random(11)
cases = {}


def one_of(*choices):
    return pick.choice(choices)


def several(n, *choices):
    return [pick.choice(choices) for _ in range(n)]


def floats(*shape):
    return r.standard_normal(shape).astype(np.float32)


def case(name, op, inputs, attrs, results=1, constants=(), opset=22, domain="", symbols=False):
    """symbols: the first operand's axes are symbols, but the second; constants: which operands are initializers."""
    assert name not in cases, name
    given, init, feeds = [], [], {}
    for k, v in enumerate(inputs):
        if v is None:
            continue
        if k in constants:
            init.append(nh.from_array(v, f"i{k}"))
            continue
        shape = [f"d{a}" if symbols and k == 0 and a != 1 else n for a, n in enumerate(v.shape)]
        given.append(h.make_tensor_value_info(f"i{k}", h.np_dtype_to_tensor_dtype(v.dtype), shape))
        feeds[f"i{k}"] = v
    names = ["" if v is None else f"i{k}" for k, v in enumerate(inputs)]
    outs = [f"o{k}" for k in range(results)]
    graph = h.make_graph([h.make_node(op, names, outs, domain=domain, **attrs)], "g", given,
                         [onnx.ValueInfoProto(name=o) for o in outs], init)
    opsets = [h.make_opsetid("", opset)] + ([h.make_opsetid(domain, 1)] if domain else [])
    cases[name] = h.make_model(graph, opset_imports=opsets, ir_version=10), feeds


def windows(n, kernel, rounding=True):
    """Attributes of a pool."""
    a = {"kernel_shape": kernel}
    if one_of(True, True, False):
        a["strides"] = several(n, 1, 2, 3)
    how = one_of("none", "SAME_UPPER", "SAME_LOWER", "VALID", "pads", "pads")
    if how == "pads":
        a["pads"] = [pick.randrange(min(kernel[i % n], 3)) for i in range(2 * n)]
    elif how != "none":
        a["auto_pad"] = how
    if not how.startswith("SAME") and one_of(True, False):
        a["dilations"] = several(n, 1, 2)
    if rounding and how in ("none", "pads") and one_of(True, False):
        a["ceil_mode"] = 1
    return a


def image(n, *extents):
    return floats(one_of(1, 2), one_of(1, 3), *several(n, *extents))


def conv(k):
    n, group = one_of(1, 2, 2, 3), one_of(1, 1, 2, 3)
    channels, features, kernel = group * one_of(1, 2), group * one_of(1, 2, 3), several(n, 1, 2, 3)
    a = windows(n, kernel, rounding=False)
    a["group"] = group
    inputs = [floats(one_of(1, 2), channels, *several(n, 5, 6, 7, 9)), floats(features, channels // group, *kernel)]
    if one_of(True, False):
        inputs.append(floats(features))
    case(f"conv_{k}", "Conv", inputs, a, constants=(1, 2), symbols=k % 2)


def conv_transpose(k):
    n, group = one_of(1, 2, 2, 3), one_of(1, 1, 2, 3)
    channels, features, kernel = group * one_of(1, 2), one_of(1, 2, 3), several(n, 3, 4)
    strides, dilations, extents = several(n, 1, 2, 3), several(n, 1, 2), several(n, 3, 4, 5)
    a = {"strides": strides, "dilations": dilations, "group": group}
    how = one_of("none", "SAME_UPPER", "SAME_LOWER", "pads", "shape")
    if how == "pads":
        a["pads"] = several(2 * n, 0, 1)
    elif how == "shape" and not k % 2:
        a["output_shape"] = [s * (e - 1) + (c - 1) * d + 1 - one_of(0, 1, 2)
                             for s, e, c, d in zip(strides, extents, kernel, dilations, strict=True)]
    elif how != "none" and how != "shape":
        a["auto_pad"] = how
    elif max(strides) > 1:
        a["output_padding"] = [s - 1 for s in strides]
    inputs = [floats(one_of(1, 2), channels, *extents), floats(channels, features, *kernel)]
    if one_of(True, False):
        inputs.append(floats(features * group))
    case(f"conv_transpose_{k}", "ConvTranspose", inputs, a, constants=(1, 2), symbols=k % 2)


def max_pool(k):
    n = one_of(1, 2, 2, 3)
    a, results = windows(n, several(n, 1, 2, 3, 4)), one_of(1, 2)
    if results == 2 and one_of(True, False):
        a["storage_order"] = 1
    x = image(n, 5, 6, 7, 9, 10)
    if k % 5 == 0:
        x = r.integers(0, 100, x.shape).astype(one_of(np.uint8, np.int8))
    case(f"max_pool_{k}", "MaxPool", [x], a, results, opset=12, symbols=k % 2)


def average_pool(k):
    n = one_of(1, 2, 2, 3)
    a = windows(n, several(n, 1, 2, 3, 4))
    a["count_include_pad"] = one_of(0, 1)
    case(f"average_pool_{k}", "AveragePool", [image(n, 5, 6, 7, 9, 10)], a, symbols=k % 2)


def lp_pool(k):
    n = one_of(1, 2, 3)
    a = windows(n, several(n, 1, 2, 3), rounding=False)
    a["p"] = one_of(1, 2, 3)
    case(f"lp_pool_{k}", "LpPool", [image(n, 5, 6, 7, 9)], a, symbols=k % 2)


def max_unpool(k):
    n = one_of(1, 2, 3)
    extents, kernel = several(n, 1, 2, 3), several(n, 2, 3)
    count = 2 * int(np.prod([e * c for e, c in zip(extents, kernel, strict=True)]))
    x = floats(1, 2, *extents)
    index = r.permutation(count)[:x.size].reshape(x.shape).astype(np.int64)
    case(f"max_unpool_{k}", "MaxUnpool", [x, index], {"kernel_shape": kernel, "strides": kernel})


def resize(k):
    mode = one_of("nearest", "linear", "cubic")
    n = 2 if mode == "cubic" else one_of(1, 2, 2, 3)
    a = {"mode": mode, "coordinate_transformation_mode":
         one_of("half_pixel", "pytorch_half_pixel", "asymmetric", "half_pixel_symmetric", "align_corners")}
    if mode == "cubic":
        a["cubic_coeff_a"], a["exclude_outside"] = one_of(-0.75, -0.5), one_of(0, 1)
    if mode == "nearest":
        a["nearest_mode"] = one_of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
    corners = a["coordinate_transformation_mode"] == "align_corners"
    if mode == "linear" and n == 2 and not corners and not k % 2:
        a["antialias"] = 1
    x = floats(one_of(1, 2), one_of(1, 2), *several(n, 3, 4, 5, 8))
    scales = sizes = None
    if one_of(True, False):
        scales = np.array([1, 1] + several(n, *((2, 3) if corners else (0.5, 2, 1.5, 3) if mode == "nearest" else
                                                         (0.5, 2, 1.5, 3, 2.7, 0.6))), np.float32)
    else:
        sizes = np.array([*x.shape[:2], *several(n, 2, 3, 5, 7, 10)], np.int64)
    case(f"resize_{k}", "Resize", [x, None, scales, sizes], a, constants=(2, 3), symbols=k % 2)


def grid_sample(k):
    n = one_of(2, 2, 3)
    a = {"mode": one_of("nearest", "linear", "cubic") if n == 2 else one_of("nearest", "linear"),
         "padding_mode": one_of("zeros", "border", "reflection"), "align_corners": one_of(0, 1)}
    grid = (r.random((2, *several(n, 2, 3), n)) * 3 - 1.5).astype(np.float32)
    case(f"grid_sample_{k}", "GridSample", [floats(2, one_of(1, 2), *several(n, 1, 3, 4, 5)), grid], a, symbols=k % 2)


def regions(n):
    return np.sort(r.random((n, 2, 2)) * 12 - 1, axis=1).reshape(n, 4).astype(np.float32)


def roi_align(k):
    n = one_of(1, 3)
    a = {"mode": one_of("avg", "max"), "output_height": one_of(1, 2, 3), "output_width": one_of(1, 2, 4),
         "sampling_ratio": one_of(0, 0, 1, 2), "spatial_scale": one_of(1.0, 0.5),
         "coordinate_transformation_mode": one_of("half_pixel", "output_half_pixel")}
    case(f"roi_align_{k}", "RoiAlign", [floats(2, 2, one_of(5, 8), one_of(6, 9)), regions(n), r.integers(0, 2, n).astype(np.int64)], a,
         opset=16, symbols=k % 2)


def max_roi_pool(k):
    n = one_of(1, 3)
    rois = np.concatenate([r.integers(0, 2, (n, 1)), np.floor(regions(n))], axis=1).astype(np.float32)
    a = {"pooled_shape": [one_of(1, 2, 3), one_of(1, 2, 4)], "spatial_scale": one_of(1.0, 0.5)}
    case(f"max_roi_pool_{k}", "MaxRoiPool", [floats(2, 2, one_of(5, 8), one_of(6, 9)), rois], a, opset=18, symbols=k % 2)


def non_max_suppression(k):
    batch, classes, n = one_of(1, 2), one_of(1, 2, 3), one_of(1, 6, 20)
    scores = (r.integers(0, 12, (batch, classes, n)) / 12).astype(np.float32)
    inputs = [r.random((batch, n, 4)).astype(np.float32), scores, np.array([one_of(0, 1, 3, 100)]), np.array([one_of(0, 0.1, 0.5)], np.float32)]
    if one_of(True, False):
        inputs.append(np.array([one_of(0, 0.2, 0.5, 2)], np.float32))
    # The number of boxes is data, or known when the model is compiled.
    case(f"non_max_suppression_{k}", "NonMaxSuppression", inputs, {"center_point_box": one_of(0, 1)},
         constants=(2, 3, 4) if k % 3 else (3, 4), opset=11)


def deform_conv(k):
    group, offset_group, kernel = one_of(1, 2), one_of(1, 2), [one_of(1, 3), one_of(2, 3)]
    extents, strides, dilations, pads = [one_of(5, 6), one_of(6, 7)], [one_of(1, 2), 1], [1, one_of(1, 2)], several(4, 0, 1)
    out = [(extents[i] + pads[i] + pads[2 + i] - (dilations[i] * (kernel[i] - 1) + 1)) // strides[i] + 1 for i in range(2)]
    taps = offset_group * kernel[0] * kernel[1]
    inputs = [floats(2, 4, *extents), floats(2 * group, 4 // group, *kernel), floats(2, taps * 2, *out), None]
    if one_of(True, False):
        inputs[3] = floats(2 * group)
    if one_of(True, False):
        inputs.append(floats(2, taps, *out))
    a = {"strides": strides, "dilations": dilations, "pads": pads, "group": group, "offset_group": offset_group, "kernel_shape": kernel}
    case(f"deform_conv_{k}", "DeformConv", inputs, a, constants=(1, 3), symbols=k % 2)


def col2im(k):
    extents, block, strides, dilations, pads = [one_of(5, 6), one_of(5, 7)], [one_of(1, 2, 3), one_of(2, 3)], several(2, 1, 2), [one_of(1, 2), 1], several(4, 0, 1)
    blocks = [(extents[i] + pads[i] + pads[2 + i] - dilations[i] * (block[i] - 1) - 1) // strides[i] + 1 for i in range(2)]
    case(f"col2im_{k}", "Col2Im", [floats(2, 2 * block[0] * block[1], blocks[0] * blocks[1]), np.array(extents), np.array(block)],
         {"strides": strides, "dilations": dilations, "pads": pads}, constants=(1, 2))


def fused_conv(k):
    name, parameters = [("Relu", None), ("Tanh", None), ("LeakyRelu", [0.2]), ("Clip", [-0.5, 0.7]), ("HardSigmoid", [0.3, 0.4])][k]
    a = {"activation": name, "pads": [1, 1, 1, 1]}
    if parameters:
        a["activation_params"] = parameters
    inputs = [floats(1, 2, 5, 5), floats(3, 2, 3, 3), floats(3)] + ([floats(1, 3, 5, 5)] if k % 2 else [])
    case(f"fused_conv_{k}", "FusedConv", inputs, a, constants=(1, 2), opset=17, domain=MS)


def norm(k):
    x = floats(2, 4, 3, 5)
    op, inputs, a = [
        ("LpNormalization", [], {"p": 1, "axis": 1}), ("LpNormalization", [], {"p": 2, "axis": -1}),
        ("LRN", [], {"size": 3, "alpha": 0.1, "beta": 0.7, "bias": 1.5}), ("LRN", [], {"size": 5, "alpha": 0.2}),
        ("InstanceNormalization", [floats(4), floats(4)], {"epsilon": 1e-3}),
        ("GroupNormalization", [floats(4), floats(4)], {"num_groups": 2}),
        ("BatchNormalization", [floats(4), floats(4), floats(4), np.abs(floats(4))], {"epsilon": 1e-3}),
        ("LayerNormalization", [floats(3, 5)], {"axis": 2}), ("LayerNormalization", [floats(4, 3, 5), floats(4, 3, 5)], {"axis": 1}),
    ][k]
    case(f"{op.lower()}_{k}", op, [x, *inputs], a, constants=range(1, 5), opset=21, symbols=True,
         results=3 if op == "LayerNormalization" and k % 2 else 1)


for make, n in ((conv, 12), (conv_transpose, 12), (max_pool, 12), (average_pool, 12), (lp_pool, 6), (max_unpool, 3), (resize, 24),
                (grid_sample, 10), (roi_align, 10), (max_roi_pool, 4), (non_max_suppression, 8), (deform_conv, 4), (col2im, 4),
                (fused_conv, 5), (norm, 9)):
    for number in range(n):
        make(number)


TYPE_NAMES = {"float32": "f32", "int64": "i64", "uint8": "u8", "int8": "i8"}


def main():
    files, index = {}, {}
    for name, (model, feeds) in cases.items():
        files[name + ".onnx"] = model.SerializeToString(deterministic=True)
        node = model.graph.node[0]
        entry = index[name] = {"in": [], "out": [], "tol": [1e-4, 1e-5],
                               "ops": [f"{node.domain}.{node.op_type}" if node.domain else node.op_type]}
        for kind, values in (("in", feeds), ("out", peers.expected(model, feeds))):
            for k, (key, a) in enumerate(values.items()):
                files[f"{name}.{kind}{k}.npy"] = peers.npy(a)
                entry[kind].append([key, TYPE_NAMES[np.asarray(a).dtype.name], f"{name}.{kind}{k}.npy"])
    files["cases.json"] = json.dumps({"cases": index, "left out": {}}, indent=0, sort_keys=True).encode()
    path = os.path.join(peers.here, "cases/vision.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name in sorted(files):
            z.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED, 9)
    print(f"{len(index)} cases, {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
