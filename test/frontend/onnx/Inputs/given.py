"""Writes a model whose first and third inputs determine shapes, and values for its inputs, into the folder that is given."""
import os
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import info, model, node  # noqa: E402

folder = sys.argv[1]
ins = [info("repeats", [2], 7), info("x", ["n", 2]), info("shape", ["k"], 7), info("y", ["n", 2])]
nodes = [node("Tile", "x repeats", "t"), node("Reshape", "t shape", "r"), node("Sub", "x y", "d")]
with open(os.path.join(folder, "given.onnx"), "wb") as f:
    f.write(model(nodes, ins, [info("r", None), info("d", ["n", 2])]))
values = {"repeats": np.array([2, 1]), "x": np.float32([[1, 2]]), "shape": np.array([4, 1]), "y": np.float32([[10, 20]])}
for name, v in values.items():
    np.save(os.path.join(folder, name + ".npy"), v)
np.savez(os.path.join(folder, "numbered.npz"), *values.values())
