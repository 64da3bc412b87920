#!/usr/bin/env python3
"""The digits model beside ONNX Runtime: time of a call for batches of 1, 32 and 360, in turns, in one process.

Usage: digits.py BUILD_DIR [THREADS]     (needs numpy, onnx and onnxruntime from PyPI)

Also: the object with a symbolic batch beside one compiled with --dim N=360.
"""
import ctypes, json, os, subprocess, sys, tempfile, time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DIGITS = os.path.join(ROOT, "docs/examples/digits")


def safetensors(path):
    data = open(path, "rb").read()
    n = int.from_bytes(data[:8], "little")
    return {k: np.frombuffer(data[8 + n:][v["data_offsets"][0]:v["data_offsets"][1]], "<f4").reshape(v["shape"])
            for k, v in json.loads(data[8:8 + n]).items() if k != "__metadata__"}


def onnx_model(w):
    """The same network in ONNX: NHWC images are transposed once, at the entrance."""
    init, nodes = [], []

    def const(name, a):
        init.append(onnx.numpy_helper.from_array(np.ascontiguousarray(a), name))
        return name

    def node(op, ins, out, **attrs):
        nodes.append(helper.make_node(op, ins, [out], **attrs))
        return out

    x = node("Transpose", ["image"], "x", perm=[0, 3, 1, 2])
    for i in (1, 2):
        k = const(f"k{i}", w[f"conv{i}.kernel"].transpose(3, 2, 0, 1))
        x = node("Conv", [x, k, const(f"b{i}", w[f"conv{i}.bias"])], f"c{i}", pads=[1, 1, 1, 1])
        x = node("Relu", [x], f"r{i}")
        x = node("MaxPool", [x], f"p{i}", kernel_shape=[2, 2], strides=[2, 2])
    x = node("Transpose", [x], "t", perm=[0, 2, 3, 1])
    x = node("Reshape", [x, const("shape", np.array([-1, 256], np.int64))], "f")
    x = node("Gemm", [x, const("d1", w["dense1.kernel"]), const("e1", w["dense1.bias"])], "g1")
    x = node("Relu", [x], "r3")
    x = node("Gemm", [x, const("d2", w["dense2.kernel"]), const("e2", w["dense2.bias"])], "g2")
    node("Softmax", [x], "probs", axis=1)
    graph = helper.make_graph(nodes, "digits", [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 8, 8, 1])],
                              [helper.make_tensor_value_info("probs", TensorProto.FLOAT, ["N", 10])], init)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)



OPEN = """
#include "digits.h"
__attribute__((visibility("default"))) tfrt_status bench_open(int threads, int64_t most, int fixed, tfrt_context **ctx)
{
	tfrt_options o = { 0 };
	o.threads = threads;
	o.max_dims = fixed ? NULL : &most;
	return tfrt_open(&digits_model, &o, ctx);
}
"""


class Model:
    def __init__(self, build, tmp, threads, *options):
        folder = os.path.join(tmp, "d%d" % len(os.listdir(tmp)))
        os.mkdir(folder)
        subprocess.run([os.path.join(build, "tfcc"), os.path.join(DIGITS, "digits.graph"), "-o", folder + "/digits.o",
                        "--cpu=native", *options], check=True)
        open(folder + "/open.c", "w").write(OPEN)
        subprocess.run(["cc", "-shared", "-fPIC", "-I", os.path.join(ROOT, "runtime"), "open.c", "digits.o",
                        os.path.join(build, "libtfrt.a"), "-pthread", "-o", "digits.so"], check=True, cwd=folder)
        self.so, self.fixed, self.ctx = ctypes.CDLL(folder + "/digits.so"), bool(options), ctypes.c_void_p()
        status = self.so.bench_open(threads, ctypes.c_int64(360), int(self.fixed), ctypes.byref(self.ctx))
        assert status == 0, status

    def run(self, x, y):
        p, q = ctypes.c_void_p(x.ctypes.data), ctypes.c_void_p(y.ctypes.data)
        args = (self.ctx, p, q) if self.fixed else (self.ctx, ctypes.c_int64(len(x)), p, q)
        status = self.so.digits(*args)
        assert status == 0, status


def timed(f, n):
    t = time.perf_counter()
    for _ in range(n):
        f()
    return (time.perf_counter() - t) / n


def versus(names, funcs, n, rounds=15):
    best = [1e9] * len(funcs)
    ratios = []
    for _ in range(rounds):
        ts = [timed(f, n) for f in funcs]
        best = [min(b, t) for b, t in zip(best, ts)]
        ratios.append(ts[1] / ts[0])
    ratios.sort()
    print("  " + "   ".join(f"{name} {1e6 * b:9.1f} us" for name, b in zip(names, best)) +
          f"   ratio {ratios[len(ratios) // 2]:.2f} (median of {rounds} pairs)")


def main():
    build, threads = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    x = np.load(os.path.join(DIGITS, "data/digits_test_x.npy"))
    want = np.load(os.path.join(DIGITS, "data/digits_cnn_expected.npy"))
    so = onnxruntime.SessionOptions()
    so.intra_op_num_threads, so.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(onnx_model(safetensors(os.path.join(DIGITS, "data/digits_cnn.safetensors")))
                                           .SerializeToString(), so, providers=["CPUExecutionProvider"])
    with tempfile.TemporaryDirectory() as tmp:
        ours, bound = Model(build, tmp, threads), Model(build, tmp, threads, "--dim", "N=360")
        for n, repeat in ((1, 300), (32, 40), (360, 4)):
            a = np.ascontiguousarray(x[:n])
            y = np.empty((n, 10), np.float32)
            ours.run(a, y)
            z = session.run(None, {"image": a})[0]
            assert np.abs(y - want[:n]).max() < 1e-5 and np.abs(z - want[:n]).max() < 1e-5
            print(f"batch {n}, {threads} thread(s):")
            versus(("tfcc", "onnxruntime"), (lambda: ours.run(a, y), lambda: session.run(None, {"image": a})), repeat)
        y = np.empty((360, 10), np.float32)
        print(f"batch 360, symbolic beside --dim N=360 (ratio below 1: the bound one is faster):")
        versus(("symbolic", "bound"), (lambda: ours.run(x, y), lambda: bound.run(x, y)), 4)


main()
