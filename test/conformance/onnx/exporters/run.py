#!/usr/bin/env python3
"""Models as exporters write them, run by tfcc-run and by ONNX Runtime on the same inputs.

    python -m venv V && V/bin/pip install -r test/conformance/onnx/exporters/requirements.txt
    V/bin/python test/conformance/onnx/exporters/run.py [--build DIR] [--dir DIR] [NAME ...]

Makes DIR/NAME.onnx with random weights (what is there is taken as it is, with DIR/NAME.K.npz, its inputs and wanted results), then runs
it on inputs of several sizes without --dim, and compares: NAME is resnet50, bert, ..., with torch.onnx.export's `dynamo` exporter, or
with -script behind it the one from TorchScript; random_forest, ... of scikit-learn; tf_... of Keras, where TensorFlow and tf2onnx are
installed.  --make only makes.
"""
import argparse
import importlib
import os
import subprocess
import sys
import time
import warnings

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
# The tolerance of torch.onnx's own check (VerificationOptions); absolute in parts of the largest element.
RTOL, ATOL = 1e-3, 1e-5


def makers():
    """name -> function of a path that writes the model and gives inputs; and the packages that are not there."""
    found, missing = {}, []
    for module in ("torch_models", "sklearn_models", "tf_models"):
        try:
            m = importlib.import_module(module)
        except ImportError as e:
            missing.append(f"{module}: {e}")
            continue
        for name in m.MODELS:
            if module == "torch_models":
                found[name] = lambda path, m=m, name=name: m.export(name, path, True)
                found[name + "-script"] = lambda path, m=m, name=name: m.export(name, path, False)
            else:
                found[name] = lambda path, m=m, name=name: m.export(name, path)
    return found, missing


def make(folder, name, maker):
    """The model, and what ONNX Runtime computes for the inputs."""
    import onnxruntime
    path = os.path.join(folder, name + ".onnx")
    inputs = maker(path)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    for k, values in enumerate(inputs):
        known = {i.name for i in session.get_inputs()}
        results = session.run(None, {n: v for n, v in values.items() if n in known})
        arrays = {f"in/{n}": v for n, v in values.items()}
        arrays |= {f"out/{o.name}": r for o, r in zip(session.get_outputs(), results)}
        np.savez(os.path.join(folder, f"{name}.{k}.npz"), **arrays)


def tfcc_run(build, path, values, folder, more):
    os.makedirs(folder, exist_ok=True)
    for old in os.listdir(folder):
        os.remove(os.path.join(folder, old))
    np.savez(os.path.join(folder, "in.npz"), **values)
    run = subprocess.run([os.path.join(build, "tfcc-run"), path, "--inputs-dir", os.path.join(folder, "in.npz"), "--output-dir", folder, *more],
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return run.returncode, run.stdout


def file_of(name):
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name) + ".npy"


def compare(wanted, found):
    """None or what is wrong, and the largest error in parts of the largest element."""
    if found.shape != wanted.shape or found.dtype != wanted.dtype:
        return f"{found.dtype}{list(found.shape)}, wanted {wanted.dtype}{list(wanted.shape)}", 0
    if wanted.size == 0:
        return None, 0
    a, b = found.astype(np.float64), wanted.astype(np.float64)
    top = np.abs(b).max() or 1
    error = np.abs(a - b)
    wrong = ~(error <= RTOL * np.abs(b) + (ATOL * top if wanted.dtype.kind == "f" else 0))
    return (f"{wrong.sum()} of {wrong.size} elements are wrong" if wrong.any() else None), error.max() / top


def check(build, folder, name, more):
    """Lines that say what is wrong, and the largest error."""
    path, said, worst, k = os.path.join(folder, name + ".onnx"), [], 0.0, 0
    while os.path.exists(os.path.join(folder, f"{name}.{k}.npz")):
        stored = np.load(os.path.join(folder, f"{name}.{k}.npz"))
        values = {n[3:]: stored[n] for n in stored.files if n.startswith("in/")}
        out = os.path.join(folder, name + ".found")
        code, text = tfcc_run(build, path, values, out, more)
        if code:
            return said + [f"inputs {k}: exit code {code}: " + "\n    ".join(text.strip().splitlines()[:8])], worst
        for n in stored.files:
            if n.startswith("out/"):
                wrong, error = compare(stored[n], np.load(os.path.join(out, file_of(n[4:]))))
                worst = max(worst, error)
                if wrong:
                    said.append(f"inputs {k}, result {n[4:]}: {wrong}; largest error {error:.1e} of the largest element")
        k += 1
    return said or ([] if k else ["there are no inputs"]), worst


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--build", default=os.path.join(here, "../../../../build/release"))
    a.add_argument("--dir", default=os.path.join(here, "../../../../build/exporters"))
    a.add_argument("--make", action="store_true", help="only make the models")
    a.add_argument("--target", default="cpu", help="cpu, c or interp")
    a.add_argument("name", nargs="*")
    args = a.parse_args()
    warnings.filterwarnings("ignore")
    os.makedirs(args.dir, exist_ok=True)
    there = {f[:-5] for f in os.listdir(args.dir) if f.endswith(".onnx") and os.path.exists(os.path.join(args.dir, f[:-5] + ".0.npz"))}
    known, missing = makers() if not args.name or set(args.name) - there else ({}, [])
    for text in missing:
        print(f"left out: {text}")
    failed = passed = 0
    for name in args.name or sorted(set(known) | there):
        try:
            if name not in there:
                make(args.dir, name, known[name])
        except Exception as e:  # of an exporter: say so, and go on
            print(f"{name}: not made: {type(e).__name__}: {(str(e).strip().splitlines() or [''])[0][:200]}", flush=True)
            continue
        if args.make:
            continue
        start = time.time()
        said, worst = check(args.build, args.dir, name, ["--target", args.target])
        failed, passed = failed + bool(said), passed + (not said)
        print(f"{name}: {'FAILED' if said else 'ok'}, largest error {worst:.1e} of the largest element, {time.time() - start:.1f} s", flush=True)
        for line in said:
            print(f"    {line}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
