#!/usr/bin/env python3
"""Stores what the ONNX package's own cases leave out as cases/peers.zip: recurrent layers with everything that they can be asked
for, control flow on data, and the ops of com.microsoft.  The wanted outputs are ONNX Runtime's.

    python -m venv venv && venv/bin/pip install onnx==1.23.2 onnxruntime==1.31.1
    venv/bin/python test/conformance/onnx/peers.py

A case is a function that gives a model and its inputs, and, where ONNX Runtime knows the model only in another form, that form.
"""
import io
import json
import os
import zipfile

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T
from onnx import helper as h

here = os.path.dirname(os.path.abspath(__file__))
cases = {}
TYPES = {np.dtype(np.float32): T.FLOAT, np.dtype(np.int64): T.INT64, np.dtype(np.int32): T.INT32, np.dtype(bool): T.BOOL,
         np.dtype(np.float64): T.DOUBLE, np.dtype(np.float16): T.FLOAT16}


def case(name, make):
    assert name not in cases, name
    cases[name] = make


def rng(seed):
    return np.random.default_rng(seed)


def floats(r, *shape):
    return r.standard_normal(shape).astype(np.float32)


def info(name, a):
    return h.make_tensor_value_info(name, TYPES[a.dtype], a.shape)


def unknown(name, dtype=T.FLOAT):
    return h.make_tensor_value_info(name, dtype, None)


def model(nodes, inputs, outputs, constants=(), opset=17, more=()):
    """inputs: name -> array; outputs: name or (name, type); constants: name -> array."""
    out = [unknown(*o) if isinstance(o, tuple) else unknown(o) for o in outputs]
    init = [onnx.numpy_helper.from_array(a, n) for n, a in dict(constants).items()]
    graph = h.make_graph(nodes, "g", [info(n, a) for n, a in inputs.items()], out, init)
    opsets = [h.make_opsetid("", opset)] + [h.make_opsetid(d, 1) for d in more]
    m = h.make_model(graph, opset_imports=opsets, ir_version=8)
    return m, inputs


def one(op, inputs, outputs, constants=(), opset=17, names=None, domain="", **attrs):
    """A model of one node; names: its operands where they are not all inputs and constants in order."""
    names = names or [*inputs, *dict(constants)]
    node = h.make_node(op, names, [o[0] if isinstance(o, tuple) else o for o in outputs], domain=domain, **attrs)
    return model([node], inputs, [o for o in outputs if o], constants, opset, [domain] if domain else ())


# Recurrent layers.
def layer(op, seed, direction="forward", extra=(), steps=5, batch=3, width=4, units=6, bias=True, opset=14, **attrs):
    gates = {"RNN": 1, "GRU": 3, "LSTM": 4}[op]
    r, d = rng(seed), 2 if direction == "bidirectional" else 1
    x = floats(r, steps, batch, width)
    constants = {"W": floats(r, d, gates * units, width), "R": floats(r, d, gates * units, units) / 3}
    inputs, names = {"X": x}, ["X", "W", "R"]
    if bias:
        constants["B"] = floats(r, d, 2 * gates * units)
    names.append("B" if bias else "")
    names.append("lens" if "lens" in extra else "")
    if "lens" in extra:
        inputs["lens"] = r.integers(1, steps + 1, batch).astype(np.int32)
    for what, use in (("h", "h" in extra), ("c", "c" in extra and op == "LSTM")):
        names.append(what if use else "")
        if use:
            inputs[what] = floats(r, d, batch, units)
    if op == "LSTM":
        names.append("P" if "p" in extra else "")
        if "p" in extra:
            constants["P"] = floats(r, d, 3 * units)
    while not names[-1]:
        names.pop()
    outs = ["Y", "Y_h"] + (["Y_c"] if op == "LSTM" else [])
    return one(op, inputs, outs, constants, opset, names, hidden_size=units, direction=direction, **attrs)


seed = 0
for op in ("RNN", "GRU", "LSTM"):
    each = {"RNN": 1, "GRU": 2, "LSTM": 3}[op]
    for direction in ("forward", "reverse", "bidirectional"):
        d = 2 if direction == "bidirectional" else 1
        for extra in ((), ("h", "c"), ("lens",), ("lens", "h", "c"), ("p",)):
            if "p" in extra and op != "LSTM":
                continue
            seed += 1
            case(f"{op.lower()}_{direction}_{'_'.join(extra) or 'plain'}",
                 lambda op=op, s=seed, di=direction, e=extra: layer(op, s, di, e))
        seed += 1
        case(f"{op.lower()}_{direction}_clip", lambda op=op, s=seed, di=direction: layer(op, s, di, ("h",), clip=0.7))
        names = {1: ["Affine"], 2: ["HardSigmoid", "ScaledTanh"], 3: ["HardSigmoid", "Softsign", "LeakyRelu"]}[each]
        alpha = {1: [0.5], 2: [0.3, 0.9], 3: [0.3, 0.05]}[each]
        beta = {1: [0.1], 2: [0.4, 0.8], 3: [0.4]}[each]
        case(f"{op.lower()}_{direction}_activations", lambda op=op, s=seed, di=direction, n=names * d, a=alpha * d, b=beta * d:
             layer(op, s, di, ("h", "c"), activations=n, activation_alpha=a, activation_beta=b))
        case(f"{op.lower()}_{direction}_relu", lambda op=op, s=seed, di=direction, n=["Relu"] * each * d:
             layer(op, s, di, activations=n, bias=False))
for linear in (0, 1):
    case(f"gru_linear{linear}_lens", lambda v=linear: layer("GRU", 900 + v, "bidirectional", ("lens", "h"), linear_before_reset=v))
    case(f"gru_linear{linear}", lambda v=linear: layer("GRU", 910 + v, "bidirectional", ("h",), linear_before_reset=v))
    case(f"gru_linear{linear}_clip", lambda v=linear: layer("GRU", 920 + v, "reverse", (), linear_before_reset=v, clip=1.5))
case("lstm_input_forget", lambda: layer("LSTM", 930, "forward", ("h", "c"), input_forget=1))
case("lstm_peephole_lens", lambda: layer("LSTM", 931, "bidirectional", ("p", "lens", "h", "c")))
case("lstm_elu", lambda: layer("LSTM", 932, activations=["Sigmoid", "Elu", "ThresholdedRelu"], activation_alpha=[0.7, 0.2]))
case("lstm_softplus", lambda: layer("LSTM", 933, activations=["Sigmoid", "Softplus", "Tanh"]))


# Control flow.
def graph_of(nodes, inputs, outputs, name="body"):
    return h.make_graph(nodes, name, inputs, outputs)


def scalar(name, dtype):
    return h.make_tensor_value_info(name, dtype, [])


def vector(name, n=None):
    return h.make_tensor_value_info(name, T.FLOAT, [n] if n else None)


def loop(trips, cond, body, carried, outputs, more=(), opset=17):
    """The trip count and the condition are computed from inputs, so that they are data."""
    nodes, inputs = [], {}
    names = ["", ""]
    if trips is not None:
        inputs["n"] = np.array(trips, np.int64)
        nodes.append(h.make_node("Mul", ["n", "n1"], ["trips"]))
        names[0] = "trips"
    if cond is not None:
        inputs["go"] = np.array(cond, np.float32)
        nodes.append(h.make_node("Greater", ["go", "zero"], ["cond"]))
        names[1] = "cond"
    inputs.update(carried)
    nodes.append(h.make_node("Loop", names + list(carried), [o[0] if isinstance(o, tuple) else o for o in outputs], body=body))
    return model(nodes, inputs, outputs, {"n1": np.array(1, np.int64), "zero": np.array(0, np.float32), **dict(more)}, opset)


def halving():
    """while the sum of x is over 1: x = x / 2"""
    body = graph_of([h.make_node("Div", ["x_in", "two"], ["x_out"]), h.make_node("ReduceSum", ["x_out"], ["s"], keepdims=0),
                     h.make_node("Greater", ["s", "one"], ["c_out"])],
                    [scalar("i", T.INT64), scalar("c_in", T.BOOL), vector("x_in", 4)], [scalar("c_out", T.BOOL), vector("x_out", 4)])
    return body, {"two": np.array(2, np.float32), "one": np.array(1, np.float32)}


def case_while(trips, start):
    body, more = halving()
    return loop(trips, 1, body, {"x": np.full(4, start, np.float32)}, ["y"], more)


case("loop_while", lambda: case_while(None, 100))
case("loop_while_most", lambda: case_while(3, 100))
case("loop_while_enough", lambda: case_while(30, 100))


def case_for_data():
    body = graph_of([h.make_node("Identity", ["c_in"], ["c_out"]), h.make_node("Cast", ["i"], ["f"], to=T.FLOAT),
                     h.make_node("Add", ["x_in", "f"], ["x_out"])],
                    [scalar("i", T.INT64), scalar("c_in", T.BOOL), vector("x_in", 4)], [scalar("c_out", T.BOOL), vector("x_out", 4)])
    return loop(7, None, body, {"x": floats(rng(1), 4)}, ["y"])


case("loop_for_data", case_for_data)


def case_for_fixed(trips, growing=False, cond="pass", opset=17):
    """Known trip count: collects x + i, carries x (or x twice as long)."""
    nodes = [h.make_node("Cast", ["i"], ["f"], to=T.FLOAT), h.make_node("Add", ["x_in", "f"], ["sum"]),
             h.make_node("ReduceMax", ["sum"], ["top"], keepdims=0)]
    nodes.append(h.make_node("Concat", ["x_in", "x_in"], ["x_out"], axis=0) if growing else h.make_node("Identity", ["sum"], ["x_out"]))
    nodes.append(h.make_node("Identity", ["c_in"], ["c_out"]) if cond == "pass" else h.make_node("Less", ["top", "limit"], ["c_out"]))
    shape = None if growing else 3
    body = graph_of(nodes, [scalar("i", T.INT64), scalar("c_in", T.BOOL), vector("x_in", shape)],
                    [scalar("c_out", T.BOOL), vector("x_out", shape), scalar("top", T.FLOAT)])
    outer = h.make_node("Loop", ["trips", "yes", "x"], ["y", "all"], body=body)
    return model([outer], {"x": floats(rng(2), 3)}, ["y", "all"],
                 {"trips": np.array(trips, np.int64), "yes": np.array(True), "limit": np.array(20, np.float32)}, opset)


case("loop_short", lambda: case_for_fixed(4))
case("loop_long", lambda: case_for_fixed(500))
case("loop_growing", lambda: case_for_fixed(5, True))
case("loop_growing_long", lambda: case_for_fixed(9, True))
case("loop_collects_less", lambda: case_for_fixed(100, False, "less"))
case("loop_none", lambda: case_for_fixed(0))


def case_if(value, same=True):
    then = h.make_graph([h.make_node("Mul", ["x", "two"], ["a"])], "t", [], [unknown("a")])
    other = h.make_graph([h.make_node("Neg", ["x"], ["b"])], "e", [], [unknown("b")])
    nodes = [h.make_node("Greater", ["v", "zero"], ["c"]), h.make_node("If", ["c"], ["y"], then_branch=then, else_branch=other)]
    return model(nodes, {"v": np.array(value, np.float32), "x": floats(rng(3), 2, 3)}, ["y"],
                 {"two": np.array(2, np.float32), "zero": np.array(0, np.float32)})


case("if_then", lambda: case_if(1))
case("if_else", lambda: case_if(-1))


def case_if_known():
    """Branches of different ranks, the condition being a question about shapes."""
    then = h.make_graph([h.make_node("Squeeze", ["x", "axis"], ["a"])], "t", [], [unknown("a")])
    other = h.make_graph([h.make_node("Identity", ["x"], ["b"])], "e", [], [unknown("b")])
    nodes = [h.make_node("Shape", ["x"], ["s"]), h.make_node("Gather", ["s", "first"], ["n"]), h.make_node("Equal", ["n", "one"], ["c"]),
             h.make_node("If", ["c"], ["y"], then_branch=then, else_branch=other)]
    return model(nodes, {"x": floats(rng(4), 1, 3)}, ["y"],
                 {"axis": np.array([0], np.int64), "first": np.array(0, np.int64), "one": np.array(1, np.int64)})


case("if_known", case_if_known)


def scan_body():
    return graph_of([h.make_node("Add", ["s_in", "x"], ["s_out"]), h.make_node("Mul", ["s_out", "z"], ["y"])],
                    [vector("s_in", 2), vector("x", 2), vector("z", 2)], [vector("s_out", 2), vector("y", 2)])


def case_scan(axes, directions, out_axis, out_direction):
    r = rng(5)
    x, z = floats(r, 5, 2), floats(r, 5, 2)
    arrays = {"s": floats(r, 2), "x": x.T.copy() if axes[0] else x, "z": z.T.copy() if axes[1] else z}
    return one("Scan", arrays, ["final", "ys"], opset=11, body=scan_body(), num_scan_inputs=2, scan_input_axes=list(axes),
               scan_input_directions=list(directions), scan_output_axes=[out_axis], scan_output_directions=[out_direction])


case("scan_plain", lambda: case_scan((0, 0), (0, 0), 0, 0))
case("scan_axes", lambda: case_scan((1, 0), (0, 0), 1, 0))
case("scan_negative_axes", lambda: case_scan((-1, 0), (0, 1), -1, 1))
case("scan_directions", lambda: case_scan((0, 0), (1, 0), 0, 1))


def case_scan8(lengths, directions):
    r = rng(6)
    inputs = {"s": floats(r, 3, 2), "x": floats(r, 3, 5, 2), "z": floats(r, 3, 5, 2)}
    if lengths:
        inputs = {"lens": np.array(lengths, np.int64), **inputs}
    names = ["lens" if lengths else "", "s", "x", "z"]
    return one("Scan", inputs, ["final", "ys"], opset=8, names=names, body=scan_body(), num_scan_inputs=2, directions=list(directions))


case("scan8", lambda: case_scan8(None, (0, 0)))
case("scan8_backwards", lambda: case_scan8(None, (0, 1)))
case("scan8_lengths", lambda: case_scan8([5, 2, 4], (0, 0)))
case("scan8_lengths_backwards", lambda: case_scan8([5, 2, 4], (1, 0)))


# Contractions.
def case_gemm(ta, tb, c, dtype=np.float32, **attrs):
    r = rng(7)
    a = (r.standard_normal((4, 3) if ta else (3, 4)) * 4).astype(dtype)
    b = (r.standard_normal((5, 4) if tb else (4, 5)) * 4).astype(dtype)
    inputs = {"a": a, "b": b}
    if c is not None:
        inputs["c"] = np.asarray(r.standard_normal(c) * 4, dtype)
    return one("Gemm", inputs, [("y", TYPES[np.dtype(dtype)])], opset=13, transA=ta, transB=tb, **attrs)


for k, shape in enumerate((None, (), (1,), (5,), (3, 1), (3, 5))):
    case(f"gemm_{k}", lambda k=k, s=shape: case_gemm(k % 2, k // 2 % 2, s, alpha=0.5, beta=1.5 if k > 2 else 1.0))
case("fused_matmul", lambda: one("FusedMatMul", {"a": floats(rng(8), 2, 4, 3), "b": floats(rng(9), 2, 5, 4)}, ["y"], domain="com.microsoft",
                                 transA=1, transB=1, alpha=0.25))
case("fused_matmul_batch", lambda: one("FusedMatMul", {"a": floats(rng(8), 3, 2, 4), "b": floats(rng(9), 2, 4, 5)}, ["y"], domain="com.microsoft",
                                       transBatchA=1))
case("det", lambda: one("Det", {"x": floats(rng(10), 2, 3, 5, 5)}, ["y"]))
for k, (equation, *shapes) in enumerate((("ij,jk", (2, 3), (3, 4)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("...ij,...j->...i", (2, 3, 4), (2, 4)),
                                         ("ii->i", (3, 3)), ("bhid , bhjd -> bhij", (2, 2, 3, 4), (2, 2, 5, 4)), ("ij->", (2, 3)), ("ab,bc,cd->ad", (2, 3), (3, 4), (4, 2)))):
    case(f"einsum_{k}", lambda e=equation, s=shapes: one("Einsum", {f"x{i}": floats(rng(i), *d) for i, d in enumerate(s)}, ["y"], opset=12, equation=e))


# com.microsoft's blocks of transformers.
def case_attention_ms(mask=None, past=False, causal=0, sizes=None, bias=True, extra_bias=False, scale=None):
    r = rng(11)
    n, t, c, heads, p = 2, 4, 8, 2, 3 if past else 0
    widths = sizes or [8, 8, 8]
    inputs = {"x": floats(r, n, t, c)}
    constants = {"w": floats(r, c, sum(widths)) / 2}
    if bias:
        constants["b"] = floats(r, sum(widths))
    s = t + p
    masks = {None: None, "lengths": np.array([3, s], np.int32), "ends": np.array([3, s, 1, 0], np.int32),
             "raw": (r.random((n, s)) > 0.3).astype(np.int32), "full": (r.random((n, t, s)) > 0.3).astype(np.int32)}
    m = masks[mask]
    if m is not None:
        inputs["m"] = m
    if past:
        inputs["past"] = floats(r, 2, n, heads, p, c // heads)
    if extra_bias:
        inputs["rel"] = floats(r, 1, heads, t, s)
    names = ["x", "w", "b" if bias else "", "m" if m is not None else "", "past" if past else "", "rel" if extra_bias else ""]
    while not names[-1]:
        names.pop()
    attrs = {"num_heads": heads, "unidirectional": causal}
    if sizes:
        attrs["qkv_hidden_sizes"] = sizes
    if scale:
        attrs["scale"] = scale
    return one("Attention", inputs, ["y", "present"] if past else ["y"], constants, names=names, domain="com.microsoft", **attrs)


for m in (None, "lengths", "ends", "raw", "full"):
    case(f"attention_ms_{m}", lambda m=m: case_attention_ms(m))
case("attention_ms_causal", lambda: case_attention_ms(causal=1))
case("attention_ms_past", lambda: case_attention_ms(past=True))
case("attention_ms_past_causal", lambda: case_attention_ms("raw", past=True, causal=1))
case("attention_ms_sizes", lambda: case_attention_ms(sizes=[8, 8, 4]))
case("attention_ms_bias", lambda: case_attention_ms(extra_bias=True, scale=0.3))


def case_mha(bias=False, mask=None, past=False, extra=False, packed=None, causal=0):
    r = rng(12)
    n, t, s, heads, d = 2, 3, 5, 2, 4
    c = heads * d
    if past or packed == "qkv":
        s = t
    inputs, names = {}, []
    if packed == "qkv":
        inputs["q"], names = floats(r, n, t, heads, 3, d), ["q", "", ""]
    elif packed == "kv":
        inputs.update(q=floats(r, n, t, c), k=floats(r, n, s, heads, 2, d))
        names = ["q", "k", ""]
    else:
        inputs.update(q=floats(r, n, t, c), k=floats(r, n, s, c), v=floats(r, n, s, c))
        names = ["q", "k", "v"]
    p = 2 if past else 0
    constants = {"b": floats(r, 3 * c)} if bias else {}
    names.append("b" if bias else "")
    if mask == "lengths":
        inputs["m"] = np.array([2, s], np.int32)
    if mask == "raw":
        inputs["m"] = (r.random((n, s + p)) > 0.3).astype(np.int32)
    names.append("m" if mask else "")
    if extra:
        inputs["rel"] = floats(r, 1, heads, t, s + p)
    names.append("rel" if extra else "")
    if past:
        inputs.update(pk=floats(r, n, heads, p, d), pv=floats(r, n, heads, p, d))
        names += ["pk", "pv"]
    while not names[-1]:
        names.pop()
    outs = ["y", "present_k", "present_v"] if past else ["y"]
    return one("MultiHeadAttention", inputs, outs, constants, names=names, domain="com.microsoft", num_heads=heads, unidirectional=causal)


case("mha", lambda: case_mha())
case("mha_bias", lambda: case_mha(bias=True))
case("mha_lengths", lambda: case_mha(mask="lengths"))
case("mha_raw", lambda: case_mha(bias=True, mask="raw"))
case("mha_past", lambda: case_mha(past=True))
case("mha_past_causal", lambda: case_mha(past=True, causal=1))
case("mha_extra", lambda: case_mha(extra=True))


def case_packed(what):
    """ONNX Runtime has no packed operands on a CPU: the wanted outputs are those of the same numbers apart."""
    m, inputs = case_mha(packed=what)
    heads, d = 2, 4
    apart = dict(inputs)
    if what == "qkv":
        for i, name in enumerate(("q", "k", "v")):
            apart[name] = inputs["q"][:, :, :, i].reshape(2, 3, heads * d)
    else:
        for i, name in enumerate(("k", "v")):
            apart[name] = inputs["k"][:, :, :, i].reshape(2, 5, heads * d)
    return m, inputs, *one("MultiHeadAttention", apart, ["y"], names=["q", "k", "v"], domain="com.microsoft", num_heads=heads)


case("mha_kv", lambda: case_packed("kv"))
case("mha_qkv", lambda: case_packed("qkv"))


def case_rotary_ms(shape, positions, heads=0, dim=0, interleaved=0):
    r = rng(13)
    depth = shape[3] if len(shape) == 4 else shape[2] // heads
    angle = floats(r, 16, (dim or depth) // 2)
    inputs = {"x": floats(r, *shape), "pos": np.array(positions, np.int64)}
    return one("RotaryEmbedding", inputs, ["y"], {"cos": np.cos(angle), "sin": np.sin(angle)}, domain="com.microsoft", num_heads=heads,
               rotary_embedding_dim=dim, interleaved=interleaved)


case("rotary_ms", lambda: case_rotary_ms((2, 3, 8), [[0, 3, 5], [1, 2, 7]], heads=2))
case("rotary_ms_start", lambda: case_rotary_ms((2, 3, 8), [4], heads=2))
case("rotary_ms_interleaved", lambda: case_rotary_ms((2, 2, 3, 8), [[0, 3, 5], [1, 2, 7]], interleaved=1))
case("rotary_ms_part", lambda: case_rotary_ms((2, 3, 16), [[0, 3, 5], [1, 2, 7]], heads=2, dim=4))


def case_skip(simplified=False, bias=False, broadcast=False):
    r = rng(14)
    inputs = {"x": floats(r, 2, 3, 8), "skip": floats(r, *((1, 3, 8) if broadcast else (2, 3, 8)))}
    constants = {"gamma": floats(r, 8)}
    names = ["x", "skip", "gamma"]
    if not simplified:
        constants["beta"] = floats(r, 8)
        names.append("beta")
    if bias:
        constants["bias"] = floats(r, 8)
        names.append("bias")
    op = "SkipSimplifiedLayerNormalization" if simplified else "SkipLayerNormalization"
    return one(op, inputs, ["y", "", "", "sum"], constants, names=names, domain="com.microsoft", epsilon=1e-5)


for simplified in (False, True):
    case(f"skip_norm_{int(simplified)}", lambda s=simplified: case_skip(s))
    case(f"skip_norm_{int(simplified)}_bias", lambda s=simplified: case_skip(s, True))
case("skip_norm_broadcast", lambda: case_skip(False, True, True))


def case_embed(segments, mask):
    r = rng(15)
    inputs = {"ids": r.integers(0, 10, (2, 4)).astype(np.int32)}
    constants = {"word": floats(r, 10, 8), "place": floats(r, 6, 8), "gamma": floats(r, 8), "beta": floats(r, 8)}
    if segments:
        inputs["seg"] = r.integers(0, 2, (2, 4)).astype(np.int32)
        constants["kind"] = floats(r, 2, 8)
    if mask:
        inputs["mask"] = np.array([[1, 1, 1, 0], [1, 1, 0, 0]], np.int32)
    names = ["ids", "seg" if segments else "", "word", "place", "kind" if segments else "", "gamma", "beta"] + (["mask"] if mask else [])
    return one("EmbedLayerNormalization", inputs, ["y", ("count", T.INT32)], constants, names=names, domain="com.microsoft", epsilon=1e-5)


for k in range(4):
    case(f"embed_norm_{k}", lambda k=k: case_embed(k & 1, k & 2))


def case_group(past=0, steps=3, room=None, lens=None, rotary=False, packed=False, window=-1, softcap=0.0, interleaved=0, scale=None, n=2):
    """room: length of a cache that is longer than what is in it."""
    r = rng(16)
    heads, shared, d = 4, 2, 16
    total = past + steps
    if packed:
        inputs, names = {"q": floats(r, n, steps, (heads + 2 * shared) * d)}, ["q", "", ""]
    else:
        inputs = {"q": floats(r, n, steps, heads * d), "k": floats(r, n, steps, shared * d), "v": floats(r, n, steps, shared * d)}
        names = ["q", "k", "v"]
    inputs.update(pk=floats(r, n, shared, room or past, d), pv=floats(r, n, shared, room or past, d))
    constants = {"last": np.array(lens or [total] * n, np.int32) - 1, "total": np.array(total, np.int32)}
    names += ["pk", "pv", "last", "total"]
    attrs = {"num_heads": heads, "kv_num_heads": shared, "local_window_size": window, "softcap": softcap}
    if rotary:
        angle = floats(r, 16, d // 2)
        constants.update(cos=np.cos(angle), sin=np.sin(angle))
        names += ["cos", "sin"]
        attrs.update(do_rotary=1, rotary_interleaved=interleaved)
    if scale:
        attrs["scale"] = scale
    outs = ["y", "present_k", "present_v"] if not room and not lens else ["y", "", ""]
    m, inputs = one("GroupQueryAttention", inputs, outs, constants, names=names, domain="com.microsoft", **attrs)
    if "present_k" not in outs:   # what is behind the keys in it is nobody's business; ONNX Runtime wants the names
        m.graph.node[0].output[1:] = ["unused_k", "unused_v"]
    return m, inputs


case("group_prompt", lambda: case_group())
case("group_past", lambda: case_group(4, 1))
case("group_past_more", lambda: case_group(4, 3, n=1))
case("group_room", lambda: case_group(4, 1, 9))
case("group_lengths", lambda: case_group(4, 1, 9, [5, 3]))
case("group_rotary", lambda: case_group(4, 1, rotary=True))
case("group_rotary_prompt", lambda: case_group(0, 5, rotary=True, interleaved=1))
case("group_packed", lambda: case_group(4, 1, rotary=True, packed=True, scale=0.2))
case("group_window", lambda: case_group(5, 3, window=3, n=1))
case("group_softcap", lambda: case_group(2, 2, softcap=1.5, n=1))


def expected(m, inputs):
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = ort.InferenceSession(m.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip([o.name for o in session.get_outputs()], session.run(None, inputs)))


TYPE_NAMES = {np.dtype(np.float32): "f32", np.dtype(np.int64): "i64", np.dtype(np.int32): "i32", np.dtype(bool): "bool",
              np.dtype(np.float64): "f64", np.dtype(np.float16): "f16"}


def npy(a):
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asarray(a, order="C"), version=(1, 0))
    return out.getvalue()


def nodes_of(graph):
    for node in graph.node:
        yield node
        for attr in node.attribute:
            if attr.HasField("g"):
                yield from nodes_of(attr.g)


def stored(name, files):
    """The entry of cases.json; what it names goes into files."""
    m, inputs, *apart = cases[name]()
    wanted = expected(*(apart or (m, inputs)))
    files[name + ".onnx"] = m.SerializeToString(deterministic=True)
    entry = {"in": [], "out": [], "tol": [1e-4, 1e-5]}
    entry["ops"] = sorted({f"{n.domain}.{n.op_type}" if n.domain else n.op_type for n in nodes_of(m.graph)})
    for kind, values in (("in", inputs), ("out", wanted)):
        for k, (key, a) in enumerate(values.items()):
            file = f"{name}.{kind}{k}.npy"
            files[file] = npy(a)
            entry[kind].append([key, TYPE_NAMES[np.asarray(a).dtype], file])
    return entry


def main():
    files = {}
    index = {name: stored(name, files) for name in cases}
    files["cases.json"] = json.dumps({"cases": index, "left out": {}}, indent=0, sort_keys=True).encode()
    path = os.path.join(here, "cases/peers.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name in sorted(files):
            z.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED, 9)
    print(f"{len(index)} cases, {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
