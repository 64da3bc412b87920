"""What run.py says of cases with wrong results, and of its list of expected failures.  usage: runner.py BUILD FOLDER"""
import io
import json
import os
import subprocess
import sys
import zipfile

import numpy as np

build, folder = sys.argv[1:]
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
cases = os.path.join(folder, "cases")
failed = 0


def changed(data, change):
    out = io.BytesIO()
    np.save(out, change(np.load(io.BytesIO(data))))
    return out.getvalue()


def runner(expected, code, *said):
    global failed
    with open(os.path.join(folder, "expected.txt"), "w", encoding="utf-8") as f:
        f.write(expected)
    run = subprocess.run([sys.executable, os.path.join(here, "run.py"), f"--build={build}", "--target=interp", f"--cases={cases}",
                          f"--expected={folder}/expected.txt"], stdout=subprocess.PIPE, text=True, check=False)
    for text in said:
        if run.returncode != code or text not in run.stdout:
            print(f"with the list '{expected}': exit code {run.returncode}, not {code}; or not '{text}':\n{run.stdout}")
            failed += 1


def near(a):
    return a * np.float32(1.0005)           # within the tolerance


def far(a):
    a[0] *= np.float32(1.01)
    return a


# 100 cases: copies of one that is right, and some that are not.
os.makedirs(cases, exist_ok=True)
with zipfile.ZipFile(os.path.join(here, "cases", "node.zip")) as z:
    entry = json.loads(z.read("cases.json"))["cases"]["abs"]
    model, x, y = z.read("abs.onnx"), z.read(entry["in"][0][2]), z.read(entry["out"][0][2])
index, files = {}, {"abs.onnx": model, "x.npy": x, "y.npy": y, "near.npy": changed(y, near), "far.npy": changed(y, far),
                    "shape.npy": changed(y, lambda a: a[None]), "type.npy": changed(y, lambda a: a.astype(np.float64))}


def add(name, result="y.npy", dtype="f32", more=(), content=model):
    index[name] = {"ops": ["Abs"], "in": [["x", "f32", "x.npy"]], "out": [["y", dtype, result], *more]}
    files[name + ".onnx"] = content


add("far", "far.npy")
add("shape", "shape.npy")
add("type", "type.npy", "f64")
add("more", more=[["z", "f32", "y.npy"]])
add("broken", content=model[:-3])
add("near", "near.npy")
for i in range(94):
    add(f"right{i}")
with zipfile.ZipFile(os.path.join(cases, "node.zip"), "w") as z:
    files["cases.json"] = json.dumps({"cases": index, "left out": {}}).encode()
    for name, data in files.items():
        z.writestr(name, data)

runner("", 1, "95 passed, 5 failed, 0 expected failures", "node/far (interp): result y, f32: 20 of 60 ", "result y, f32: shape [",
       "1 x wrong element type", "result z; there are: y", "node/broken (interp): ", "node                interp 95/100 (95.0 %)")
runner("node/far interp because\nnode/shape interp because\n", 1, "95 passed, 3 failed, 2 expected failures")
runner("node/right5 interp because\n", 1, "node/right5 passes on interp: take it off")
runner("node/far interp because\nnode/shape interp because\nnode/type interp because\n", 1, "3 cases of node; at most 2, 2 in a hundred")
runner("node/none interp because\n", 1, "there is no case node/none")
runner("node/far interp\n", 1, "a line is GROUP/NAME TARGETS REASON")
print(f"{failed} wrong")
sys.exit(failed > 0)
