#!/usr/bin/env python3
"""Makes seqs.onnx and seqs8.onnx beside it, which the test seqs.test refuses: each node for a reason of its own.  Needs the onnx package."""
import os

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

here = os.path.dirname(os.path.abspath(__file__))
MS, PREVIEW = "com.microsoft", "ai.onnx.preview"
FLOATS = {"x": (3, 4), "row": (4,), "one": (), "cube": (2, 3, 4), "heads": (2, 2, 3, 4), "none": (2, 0, 3, 4), "five": (2, 2, 2, 3, 4), "open": ("N", 4), "sound": (2, 8, 1),
          "opensound": (2, "N", 1), "openrow": ("N",), "long": (1 << 20,), "w": (1, 24, 4), "r": (1, 24, 6)}
INTS = {"i": (3, 4), "at": (3,), "isound": (2, 8, 1)}
inputs = [h.make_tensor_value_info(n, T.FLOAT, s) for n, s in FLOATS.items()]
inputs += [h.make_tensor_value_info(n, T.INT64, s) for n, s in INTS.items()] + [h.make_tensor_value_info("mask", T.BOOL, (3, 4))]
constants = {"zero": np.int64(0), "minus": np.int64(-3), "two": np.int64(2), "many": np.int64(5000), "last": np.int64(2), "pieces": np.array([1, 1], np.int64), "yes": np.array(True),
             "yeses": np.array([True, True]), "limit": np.float32(1), "n1": np.array([3], np.int64), "total": np.int32(3), "ks": np.array([2, 2], np.int32)}
nodes = []


def node(op, operands="", domain="", results=1, **attrs):
    """An operand _ is absent."""
    k = len(nodes)
    names = [f"{k}_{i}" for i in range(results)]
    nodes.append(h.make_node(op, [x.strip("_") for x in operands.split()], names, domain=domain, **attrs))
    return " ".join(names)


def info(name, shape=None, elem=T.FLOAT):
    return h.make_tensor_value_info(name, elem, shape)


def part(operands, op, ins, outs, **attrs):
    """A graph of one node; its outputs are those of the node."""
    return h.make_graph([h.make_node(op, ins.split(), outs.split(), **attrs)], "part", [info(n) for n in operands.split()],
                        [onnx.ValueInfoProto(name=n) for n in outs.split()])


def body(outs, *more, copies=1):
    """Of a loop that carries a: outs names its outputs, of which q is a sequence, c the condition, v a vector."""
    made = [h.make_node("SequenceConstruct", ["a"], ["q"]), h.make_node("Identity", ["yeses"], ["v"])]
    made += [h.make_node("Neg", ["a"], [f"n{k}"]) for k in range(copies)] + list(more)
    return h.make_graph(made, "body", [info("i", [], T.INT64), info("c", [], T.BOOL), info("a", [3, 4])],
                        [onnx.ValueInfoProto(name=n) for n in outs.split()])


# Attention.
node("MultiHeadAttention", "cube row cube", MS, num_heads=2)
node("Attention", "x x x")
node("Attention", "cube cube cube")
node("Attention", "cube cube cube", q_num_heads=5, kv_num_heads=5)
node("Attention", "heads heads heads _ cube cube")
node("Attention", "heads heads heads", left_window_size=-2)
node("Attention", "heads heads heads _ heads heads at")
node("Attention", "heads heads heads _ _ _ i")
node("Attention", "heads heads heads", qk_matmul_output_mode=7)
node("FlexAttention", "heads heads heads", PREVIEW, score_mod=part("a b", "Add", "a b", "y"))
node("FlexAttention", "heads heads heads", PREVIEW, score_mod=part("a", "ReduceSum", "a", "y", keepdims=0))
node("FlexAttention", "x x x", PREVIEW)
node("FlexAttention", "heads none none", PREVIEW)
node("LinearAttention", "cube cube cube", results=2, update_rule="square", q_num_heads=2, kv_num_heads=2)
node("LinearAttention", "cube cube cube", results=2, update_rule="linear", q_num_heads=3, kv_num_heads=2)
node("LinearAttention", "cube cube cube", results=2, update_rule="gated", q_num_heads=2, kv_num_heads=2)
node("LinearAttention", "x x x", results=2, update_rule="linear", q_num_heads=2, kv_num_heads=2)
node("GroupQueryAttention", "x x x _ _ ks total", MS, num_heads=2, kv_num_heads=2)
node("GroupQueryAttention", "cube cube cube _ _ one total", MS, num_heads=2, kv_num_heads=2)
node("GroupQueryAttention", "cube cube cube heads x ks total", MS, num_heads=2, kv_num_heads=2)
node("GroupQueryAttention", "cube cube cube _ _ ks total", MS, num_heads=2, kv_num_heads=2, do_rotary=1)
node("GroupQueryAttention", "cube cube cube _ _ ks total", MS, num_heads=2, kv_num_heads=2, smooth_softmax=1)
node("Attention", "cube x _ five", MS, num_heads=1, qkv_hidden_sizes=[1, 1, 2])
nodes[-1].input[1] = "square"
node("Attention", "x x", MS, num_heads=1)
node("Attention", "cube x _ _ cube", MS, num_heads=1)
node("Attention", "cube x", MS, num_heads=1, do_rotary=1)
node("Attention", "cube x", MS, num_heads=1, qkv_hidden_sizes=[1, 2])
node("MultiHeadAttention", "cube", MS, num_heads=2)
node("MultiHeadAttention", "cube cube cube _ _ _ cube cube", MS, num_heads=2)
node("MultiHeadAttention", "x cube cube", MS, num_heads=2)
node("EmbedLayerNormalization", "at _ x x _ row row", MS)
# Steps.
node("ReverseSequence", "row at")
node("ReverseSequence", "x at", batch_axis=0, time_axis=0)
node("TensorScatter", "heads heads", mode="square")
node("TensorScatter", "heads heads", axis=0)
node("RotaryEmbedding", "cube x x")
node("RotaryEmbedding", "heads x x")
node("RotaryEmbedding", "heads cube cube")
node("RotaryEmbedding", "x i x x", MS)
node("RotaryEmbedding", "cube i x x", MS, num_heads=-1)
node("RotaryEmbedding", "cube i x x", MS, scale=2.0)
# Recurrent layers.
node("LSTM", "cube w r", activations=["Tanh"])
node("LSTM", "cube w r", activations=["Tanh", "Tanh", "Cube"])
node("LSTM", "cube w r _ _ x")
node("LSTM", "cube w r", direction="sideways")
node("Einsum", "x x")
# Signals.
node("DFT", "x")
node("DFT", "isound")
node("DFT", "opensound")
node("DFT", "sound _ last")
node("DFT", "sound zero")
node("STFT", "heads1 two")
node("STFT", "sound two x")
node("STFT", "opensound two")
node("STFT", "sound two openrow two")
node("STFT", "sound zero row")
node("HannWindow", "pieces")
node("MelWeightMatrix", "pieces two two limit limit")
# Sequences and optionals.
empty, none, pair, single = node("SequenceEmpty"), node("Optional", type=h.make_tensor_type_proto(T.FLOAT, [])), \
    node("SequenceConstruct", "x x"), node("SequenceConstruct", "x")
node("SequenceLength", "x")
node("SequenceLength", none)
node("SequenceErase", empty)
node("SplitToSequence", "open")
node("SplitToSequence", "x zero")
node("SplitToSequence", "long")
node("SplitToSequence", "x pieces")
nested = node("SequenceMap", pair, body=part("e", "SequenceConstruct", "e", "y"))
node("ConcatFromSequence", nested, axis=0)
node("ConcatFromSequence", pair)
node("SequenceMap", pair)
node("SequenceMap", pair, results=2, body=part("e", "Neg", "e", "y"))
node("SequenceMap", f"{pair} {single}", body=part("e f", "Add", "e f", "y"))
node("OptionalGetElement", none)
# Control flow.
high = node("Greater", "one limit")
same = dict(then_branch=part("", "Neg", "x", "y"), else_branch=part("", "Abs", "x", "z"))
node("If", "mask", **same)
node("If", "yeses", **same)
node("If", "yes", then_branch=part("", "Split", "x", "y1 y2", axis=1, num_outputs=2), else_branch=part("", "Abs", "x", "z"))
node("Loop", "zero _ x", results=2, body=body("c n0 n0"))
keep = h.make_graph([h.make_node("Identity", ["a"], ["b"])], "keep", [info("i"), info("c"), info("a")], [onnx.ValueInfoProto(name=n) for n in ("c", "b")])
node("Loop", f"many _ {pair}", body=keep)
node("Loop", f"two _ {pair}", body=h.make_graph([], "odd", [info("i"), info("c"), info("a")], [onnx.ValueInfoProto(name=n) for n in ("a", "a")]))
node("Loop", f"two {high} {pair}", body=h.make_graph([h.make_node("Identity", [high], ["c2"])], "data", [info("i"), info("c"), info("a")],
                                                     [onnx.ValueInfoProto(name=n) for n in ("c2", "a")]))
node("Loop", "two _ x", results=2, body=body("c n0 q"))
node("Loop", "many _ x", results=2, body=body("c n0 q"))
node("Loop", f"many {high} x", results=1, body=body("q n0"))
node("Loop", f"_ {high} x", results=1, body=body("v n0"))
node("Loop", f"minus _ {pair}", body=keep)  # no round: this is none of those that are refused
node("Loop", "two _ x")
node("Loop", "two _ x x x", body=body("c n0"))
node("Loop", "two _ x", results=3, body=body("c n0"))
scan = part("a b", "Add", "a b", "y")
node("Scan", "row x", body=scan, num_scan_inputs=1, scan_input_axes=[0, 0])
node("Scan", "row x", results=2, body=scan, num_scan_inputs=7)
node("Scan", "row x", results=3, body=scan, num_scan_inputs=1)
node("Scan", "row x", body=part("a b", "SequenceConstruct", "a b", "y"), num_scan_inputs=1)
node("GroupQueryAttention", "cube cube cube _ _ ks total", MS, num_heads=2, kv_num_heads=2, local_window_size=0)


def save(name, made, ins, opset):
    used = {n for m in made for n in m.output}
    graph = h.make_graph(made, name, ins, [onnx.ValueInfoProto(name=n) for n in sorted(used)[:1]], [nh.from_array(np.asarray(a), n) for n, a in constants.items()])
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", opset), h.make_opsetid(MS, 1), h.make_opsetid(PREVIEW, 1)], ir_version=10)
    with open(os.path.join(here, name + ".onnx"), "wb") as f:
        f.write(model.SerializeToString(deterministic=True))


save("seqs", nodes, inputs + [info("square", [4, 4]), info("heads1", [2, 2, 3, 1])], 27)
save("seqs8", [h.make_node("Scan", ["", "one", "x"], ["y"], body=scan, num_scan_inputs=1)], inputs, 8)
