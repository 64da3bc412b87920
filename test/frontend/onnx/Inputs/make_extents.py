#!/usr/bin/env python3
"""Makes extents.onnx beside it, which the test extents.test refuses: ops on images whose sizes leave 64 bits.  Needs the onnx package."""
import os

import numpy as np
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

HUGE = 1 << 40
FLOATS = {"high": (HUGE, 1), "broad": (1, HUGE), "row": (4,), "rows": (3, 4), "line": (1, 2, 8), "x": (1, 2, 8, 8), "w": (2, 4, 3, 3),
          "open": (1, 2, "H", "W"), "wide": (1, 2, 1, HUGE), "tall": (1, 4, 0, 1 << 62), "none": (0, 2, HUGE, HUGE), "longest": (0, 1, 1 << 62),
          "theta": (1, 2, 3), "grid": (0, HUGE, HUGE, 2), "boxes": (1, 1 << 58, 4), "scores": (1, 4, 1 << 58), "roi": (5, 4), "roi5": (5, 5), "offset": (0, 18, HUGE, HUGE)}
inputs = [h.make_tensor_value_info(n, T.FLOAT, s) for n, s in FLOATS.items()]
inputs += [h.make_tensor_value_info("index", T.INT64, (1, 2, 8, 8)), h.make_tensor_value_info("batch", T.INT64, (5,))]
ints = {"image": [5, 5], "image_huge": [HUGE, HUGE], "long": [1 << 62], "block": [2, 2], "one": [1], "grown": [1, 2, 1 << 62, 1 << 62], "size": [4],
        "less": [-5, 5]}
floats = {"scales": [1, 1, 2, 2], "large": [1, 1, 1, 1e8]}
init = [nh.from_array(np.array(a, np.int64), n) for n, a in ints.items()] + [nh.from_array(np.array(a, np.float32), n) for n, a in floats.items()]
nodes = []


def node(op, operands, results=1, **attrs):
    k = len(nodes)
    operands = ["" if n == "-" else n for n in operands.split()]
    nodes.append(h.make_node(op, operands, [f"{k}_{i}" for i in range(results)], **attrs))


node("Add", "high broad")
node("ConvTranspose", "x w", pads=[0, 0, -1 << 63, 0])
node("Col2Im", "line image block", dilations=[1 << 62, 1 << 62])
node("Col2Im", "line image_huge block")
node("Col2Im", "line long one")
node("Col2Im", "line less block", pads=[10, 0, 10, 0])
node("DeformConv", "x v offset")
init.append(nh.from_array(np.zeros((4, 2, 3, 3), np.float32), "v"))
node("MaxPool", "x", kernel_shape=[4, 4], pads=[0, 0, (1 << 63) - 1, 0], ceil_mode=1)
node("MaxPool", "open", kernel_shape=[4, 4], strides=[4, 4], pads=[0, 0, (1 << 63) - 1, 0], ceil_mode=1)
node("AveragePool", "longest", kernel_shape=[2], pads=[1, 1])
node("MaxUnpool", "x index", kernel_shape=[2, 2], strides=[HUGE, HUGE])
node("MaxUnpool", "x index", kernel_shape=[2, 2], strides=[1 << 28, 1 << 27])
node("Resize", "x - scales", nearest_mode="round")
node("Resize", "wide - large")
node("Resize", "wide - - grown", keep_aspect_ratio_policy="not_smaller")
node("GridSample", "row rows")
node("GridSample", "none grid")
node("AffineGrid", "theta size")
node("AffineGrid", "rows grown")
node("NonMaxSuppression", "boxes scores size")
node("RoiAlign", "x roi batch", sampling_ratio=40000)
node("RoiAlign", "none roi batch", sampling_ratio=2)
node("RoiAlign", "x roi batch", output_height=HUGE, output_width=HUGE)
node("MaxRoiPool", "x roi5", pooled_shape=[2, 0])
node("DepthToSpace", "x", blocksize=1 << 16)
node("DepthToSpace", "tall", blocksize=2)


def main():
    graph = h.make_graph(nodes, "g", inputs, [h.make_tensor_value_info(nodes[-1].output[0], T.FLOAT, None)], init)
    m = h.make_model(graph, opset_imports=[h.make_opsetid("", 27)], ir_version=10)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "extents.onnx"), "wb") as f:
        f.write(m.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
