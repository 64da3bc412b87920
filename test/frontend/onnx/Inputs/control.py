#!/usr/bin/env python3
"""Writes control.onnx and control-refused.onnx; needs the onnx package that test/requirements.txt pins."""
import os

import numpy as np
import onnx
from onnx import TensorProto as T, helper as H, numpy_helper as NH

here = os.path.dirname(os.path.abspath(__file__))


def node(op, ins, outs, **attrs):
    """An operand _ is absent."""
    return H.make_node(op, [x.strip("_") for x in ins.split()], outs.split(), **attrs)


def info(name, shape=None, elem=T.FLOAT):
    return H.make_tensor_value_info(name, elem, shape)


def sequence(name):
    return H.make_tensor_sequence_value_info(name, T.FLOAT, None)


def save(name, nodes, ins, outs, inits):
    graph = H.make_graph(nodes, name, ins, outs, [NH.from_array(np.asarray(v), k) for k, v in inits])
    onnx.save(H.make_model(graph, opset_imports=[H.make_opsetid("", 18)], ir_version=9), os.path.join(here, name + ".onnx"))


def body(nodes, carried, outs, name="body"):
    """Of a loop: i and c come first, the condition leaves as c2."""
    return H.make_graph(nodes, name, [info("i", [], T.INT64), info("c", [], T.BOOL), *carried], [info("c2", [], T.BOOL), *outs])


def branch(name, op, ins, **attrs):
    return H.make_graph([node(op, ins, name, **attrs)], name, [], [info(name)])


add = [node("Add", "a step", "b"), node("ReduceSum", "b", "s", keepdims=0), node("Less", "s limit", "c2")]
keep = [node("Add", "a step", "b"), node("Identity", "c", "c2")]
grow = [node("Concat", "a a", "b", axis=0), node("Identity", "c", "c2")]
collect = [node("SequenceInsert", "q a", "q2"), node("Add", "a step", "b"), node("Identity", "c", "c2")]
constants = [("zero", np.int64(0)), ("one", np.int64(1)), ("two", np.int64(2)), ("many", np.int64(1000)), ("yes", np.array(True)),
             ("step", np.float32(1)), ("limit", np.float32(10)), ("start", np.zeros(2, np.float32))]

save("control",
     [node("Shape", "x", "shape"), node("Gather", "shape zero", "n"), node("ReduceMax", "x", "top", keepdims=0), node("Greater", "top limit", "high"),
      # As many rounds as x has rows; at most so many; two, written out; two of a shape that grows; none.
      node("Loop", "n _ start", "y1 s1", body=body(keep, [info("a", [2])], [info("b", [2]), info("b", [2])])),
      node("Loop", "many high start", "y2 s2", body=body(add, [info("a", [2])], [info("b", [2]), info("b", [2])])),
      node("Loop", "two yes start", "y3", body=body(keep, [info("a", [2])], [info("b", [2])])),
      node("Loop", "two _ x", "y4", body=body(grow, [info("a")], [info("b")])),
      node("Loop", "zero _ start", "y5", body=body(keep, [info("a", [2])], [info("b", [2])])),
      # What is data is asked for, what is a size is not.
      node("If", "high", "y6", then_branch=branch("t1", "Neg", "x"), else_branch=branch("e1", "Abs", "x")),
      node("Equal", "n n", "same"),
      node("If", "same", "y7", then_branch=branch("t2", "Flatten", "x"), else_branch=branch("e2", "ReduceSum", "x", keepdims=0))],
     [info("x", ["N", 2])], [info(n) for n in ("y1", "s1", "y2", "s2", "y3", "y4", "y5", "y6", "y7")], constants)

# A condition, a number of rounds and a position that only running the model tells.
save("control-refused",
     [node("ReduceMax", "x", "top", keepdims=0), node("Greater", "top limit", "high"), node("Cast", "top", "rounds", to=T.INT64),
      node("If", "high", "a1", then_branch=branch("t", "Identity", "x"), else_branch=branch("e", "ReduceSum", "x", keepdims=0)),
      node("Loop", "rounds _ start", "a2 s2", body=body(keep, [info("a", [2])], [info("b", [2]), info("b", [2])])),
      node("SequenceEmpty", "", "none"),
      node("Loop", "rounds _ none start", "a3 b3", body=body(collect, [sequence("q"), info("a", [2])], [sequence("q2"), info("b", [2])])),
      node("Loop", "rounds _ start", "a4", body=body(grow, [info("a")], [info("b")])),
      node("Loop", "_ _ start", "a5", body=body(keep, [info("a", [2])], [info("b", [2])])),
      node("SequenceConstruct", "x start", "pair"), node("SequenceAt", "pair rounds", "a6"),
      node("SequenceAt", "pair many", "a7"), node("ConcatFromSequence", "none", "a8", axis=0)],
     [info("x", ["N", 2])], [info(n) for n in ("a1", "a2", "b3", "a4", "a5", "a6", "a7", "a8")], constants)
