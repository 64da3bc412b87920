#!/usr/bin/env python3
"""Makes vision.onnx beside it, which the test vision.test refuses: each node for a reason of its own.  Needs the onnx package."""
import os

import numpy as np
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

MS = "com.microsoft"
FLOATS = {"x": (1, 4, 5, 5), "w": (4, 4, 3, 3), "flat": (3, 4), "line": (1, 4, 7), "row": (4,), "wide": (1, 2) + (1,) * 14,
          "wide_w": (2, 1) + (1,) * 14, "open": ("N", 4, "H", "W"), "open_w": (4, 4, "K", 3),
          "grid": (1, 3, 3, 2), "wide_grid": (1,) * 15 + (14,), "theta": (1, 2, 3), "boxes": (1, 6, 4), "scores": (1, 2, 6), "rois": (2, 4)}
INTS = {"at": (2,), "i": (1, 4, 2, 2)}
inputs = [h.make_tensor_value_info(n, T.FLOAT, s) for n, s in FLOATS.items()]
inputs += [h.make_tensor_value_info(n, T.INT64, s) for n, s in INTS.items()] + [h.make_tensor_value_info("z", T.COMPLEX64, (1, 1, 2, 2))]
constants = {"two": np.array([2, 2]), "three": np.array([1, 2, 3]), "zero": np.array([0, 2]),
             "four": np.array([1, 1, 4, 4]), "double": np.array([1, 1, 2, 2], np.float32), "few": np.array([1, 2], np.float32),
             "negative": np.array([1, 1, -2, 1], np.float32), "tiny": np.array([1, 1, 1e-30, 1], np.float32),
             "small": np.array([1, 1, 1e-7, 1], np.float32)}
init = [nh.from_array(a, n) for n, a in constants.items()]
nodes = []


def node(op, operands, domain="", results=1, **attrs):
    k = len(nodes)
    operands = ["" if n == "-" else n for n in operands.split()]
    nodes.append(h.make_node(op, operands, [f"{k}_{i}" for i in range(results)], domain=domain, **attrs))


# Windows.
node("Conv", "x w", strides=[1])
node("Conv", "x w", dilations=[1, 0])
node("Conv", "x w", auto_pad="SAME")
node("Conv", "x w", pads=[1, 1])
node("Conv", "x w", pads=[0, 0, 0, -1])
node("Conv", "x w", dilations=[1 << 62, 1])
node("MaxPool", "x")
# Convolutions.
node("Conv", "flat flat")
node("Conv", "x flat")
node("Conv", "x open_w")
node("Conv", "x w", kernel_shape=[3, 5])
node("Conv", "x w", group=0)
node("Conv", "x w w")
node("FusedConv", "x w", MS, activation="Swish")
node("ConvTranspose", "wide wide_w", group=2)
node("ConvTranspose", "open w", output_shape=[10, 10])
node("ConvTranspose", "x w", pads=[1])
node("ConvTranspose", "x w", pads=[1 << 40, 0, 0, 0])
node("CausalConvWithState", "x w")
node("CausalConvWithState", "line line", activation="relu")
nodes[-1].input[1] = "causal"
init.append(nh.from_array(np.zeros((4, 1, 3), np.float32), "causal"))
node("Col2Im", "line two three")
node("Col2Im", "line two two", pads=[1])
node("Col2Im", "line two zero")
node("Col2Im", "x two two")
node("DeformConv", "x w flat")
# Pools.
node("MaxPool", "flat", kernel_shape=[2])
node("LpPool", "x", kernel_shape=[2, 2], p=0)
node("GlobalAveragePool", "row")
node("MaxUnpool", "flat i", kernel_shape=[2, 2])
# Normalizations.
node("LRN", "row", size=3)
node("GroupNormalization", "row row row", num_groups=2)
node("LpNormalization", "x", p=3)
# Images.
node("DepthToSpace", "x", blocksize=2, mode="RCD")
node("DepthToSpace", "flat", blocksize=2)
node("DepthToSpace", "x", blocksize=0)
node("CenterCropPad", "x two")
node("GridSample", "x flat")
node("GridSample", "x grid", mode="area")
node("GridSample", "x grid", padding_mode="wrap")
node("GridSample", "wide wide_grid")
node("AffineGrid", "theta two")
# Resizing.
node("Resize", "x - double", coordinate_transformation_mode="tf_crop_and_resize")
node("Resize", "x - double", coordinate_transformation_mode="corners", mode="linear")
node("Resize", "x row double", coordinate_transformation_mode="tf_crop_and_resize")
node("Resize", "x - double", nearest_mode="up", coordinate_transformation_mode="align_corners")
node("Resize", "open - - four", antialias=1, mode="linear")
node("Resize", "x - small", antialias=1, mode="linear")
node("Resize", "x - double", antialias=1)
node("Resize", "z - double", mode="linear")
node("Resize", "x - negative")
node("Resize", "open - tiny")
node("Resize", "x - few")
node("Resize", "x - - two")
node("Resize", "open - - four", keep_aspect_ratio_policy="not_larger")
node("Resize", "x - - four", keep_aspect_ratio_policy="fit")
node("Resize", "x - double", mode="spline")
node("Resize", "x")
# Detection.
node("NonMaxSuppression", "x scores")
node("RoiAlign", "x boxes at")
node("RoiAlign", "x rois at", sampling_ratio=-1)
node("RoiAlign", "x rois at", mode="min")
node("MaxRoiPool", "x rois", pooled_shape=[2, 2])


def store(name, nodes, init, opset):
    graph = h.make_graph(nodes, "g", inputs, [h.make_tensor_value_info(nodes[-1].output[0], T.FLOAT, None)], init)
    m = h.make_model(graph, opset_imports=[h.make_opsetid("", opset), h.make_opsetid(MS, 1)], ir_version=10)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), "wb") as f:
        f.write(m.SerializeToString(deterministic=True))


if __name__ == "__main__":
    store("vision.onnx", nodes, init, 27)
    nodes = []
    node("BatchNormalization", "x row row row row", results=5, spatial=0)
    node("Upsample", "x", scales=[1.0, 2.0])
    node("BatchNormalization", "scalar row row row row")
    inputs.append(h.make_tensor_value_info("scalar", T.FLOAT, ()))
    store("vision-7.onnx", nodes, init, 7)
