#!/usr/bin/env python3
"""Writes the models of this folder; needs the onnx package that test/requirements.txt pins."""
import os

import numpy as np
import onnx
from onnx import TensorProto as T, helper as H, numpy_helper as NH

here = os.path.dirname(os.path.abspath(__file__))


def node(op, ins, outs, **attrs):
    return H.make_node(op, ins.split(), outs.split(), **attrs)


def info(name, shape, elem=T.FLOAT):
    return H.make_tensor_value_info(name, elem, shape)


def save(name, nodes, ins, outs, inits=(), functions=(), domains=(), opset=18):
    graph = H.make_graph(nodes, name, ins, outs, [NH.from_array(np.asarray(v), k) for k, v in inits])
    imports = [H.make_opsetid("", opset)] + [H.make_opsetid(d, 1) for d in domains]
    model = H.make_model(graph, functions=functions, opset_imports=imports, ir_version=9)
    onnx.save(model, os.path.join(here, name + ".onnx"))


# Heads of attention as exporters write them: shapes computed in the graph, batch and sequence open.
i64 = lambda *v: np.array(v, np.int64)
save("heads",
     [node("Shape", "x", "s"), node("Gather", "s zero", "batch", axis=0), node("Gather", "s one", "seq", axis=0),
      node("Unsqueeze", "batch axis0", "b1"), node("Unsqueeze", "seq axis0", "s1"),
      node("Concat", "b1 s1 four minus", "shape", axis=0), node("Reshape", "x shape", "h"),
      node("Transpose", "h", "t", perm=[0, 2, 1, 3]),
      node("Mul", "seq two", "twice"), node("Sub", "twice one", "last"), node("Range", "zero last one", "positions"),
      node("Cast", "seq", "f", to=T.FLOAT), node("Mul", "f half", "g"), node("Floor", "g", "g2"),
      node("ReduceProd", "s", "all", keepdims=0), node("Reshape", "all minus", "all1"), node("ConstantOfShape", "all1", "flat"),
      node("Slice", "x axis1 s1 axis1", "tail"), node("Where", "cond s ones", "w"), node("Expand", "row w", "rows")],
     [info("x", ["N", "S", 32])],
     [info("t", None), info("positions", None, T.INT64), info("flat", None), info("tail", None), info("rows", None), info("g2", None)],
     [("zero", np.int64(0)), ("one", np.int64(1)), ("two", np.int64(2)), ("axis0", i64(0)), ("axis1", i64(1)), ("four", i64(4)),
      ("minus", i64(-1)), ("half", np.float32(2)), ("cond", np.array([True, False, False])), ("ones", i64(1, 1, 1)),
      ("row", np.zeros((1, 3, 2), np.float32))])

# Everything that is wrong is told, node by node.
save("refused",
     [node("Foo", "x", "a", name="first"), node("Relu", "a", "b", name="behind"), node("Transpose", "x", "c", perm=[0, 0, 1]),
      node("StringNormalizer", "x", "d"), node("Relu", "later", "e"), node("Relu", "x", "later"), node("Relu", "nowhere", "f"),
      node("Reshape", "x y", "g"), node("Bar", "x", "h", domain="com.example", name="stranger")],
     [info("x", ["N", 3]), info("y", [2], T.INT64)], [info("b", None), info("c", None)], domains=["com.example"])

# Each function calls the next one twice.
functions = [H.make_function("com.example", f"F{i}", ["x"], ["y"],
                             [H.make_node(f"F{i + 1}", ["x"], ["a"], domain="com.example"),
                              H.make_node(f"F{i + 1}", ["a"], ["y"], domain="com.example")] if i < 59 else [node("Relu", "x", "y")],
                             [H.make_opsetid("", 18), H.make_opsetid("com.example", 1)]) for i in range(60)]
save("doubling", [H.make_node("F0", ["x"], ["y"], domain="com.example")], [info("x", [2])], [info("y", [2])], functions=functions,
     domains=["com.example"])

# A function with an attribute that its body passes on, and a default.
scaled = H.make_function("com.example", "Scaled", ["x"], ["y"],
                         [H.make_node("LeakyRelu", ["x"], ["y"])], [H.make_opsetid("", 18)], attributes=["alpha"])
scaled.node[0].attribute.append(H.make_attribute_ref("alpha", onnx.AttributeProto.FLOAT, ref_attr_name="alpha"))
save("function", [H.make_node("Scaled", ["x"], ["y"], domain="com.example", alpha=0.25)], [info("x", [2])], [info("y", [2])],
     functions=[scaled], domains=["com.example"])
