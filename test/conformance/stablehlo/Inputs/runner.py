"""What run.py says of programs with wrong results, and of its list of expected failures.  usage: runner.py BUILD FOLDER"""
import io
import os
import subprocess
import sys
import zipfile

import numpy as np

build, folder = sys.argv[1:]
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
failed = 0


def change(data, index):
    a = np.load(io.BytesIO(data))
    a.ravel()[index] += 1
    out = io.BytesIO()
    np.save(out, a)
    return out.getvalue()


def runner(expected, code, *said):
    global failed
    with open(os.path.join(folder, "expected.txt"), "w", encoding="utf-8") as f:
        f.write(expected)
    run = subprocess.run([sys.executable, os.path.join(here, "run.py"), f"--build={build}", "--target=interp", f"--programs={folder}/programs",
                          f"--expected={folder}/expected.txt"], stdout=subprocess.PIPE, text=True, check=False)
    for text in said:
        if run.returncode != code or text not in run.stdout:
            print(f"with the list '{expected}': exit code {run.returncode}, not {code}; or not '{text}':\n{run.stdout}")
            failed += 1


# 99 programs: copies of one that is right, one with a wrong result, one that is no program, one with too few results.
os.makedirs(os.path.join(folder, "programs"), exist_ok=True)
with zipfile.ZipFile(os.path.join(here, "programs", "structure.zip")) as z:
    parts = {end: z.read("slice-f32" + end) for end in (".mlir", ".in0.npy", ".out0.npy")}
with zipfile.ZipFile(os.path.join(folder, "programs", "g.zip"), "w") as z:
    index = {}
    for name in ["wrong", "broken", "short"] + [f"right{i}" for i in range(97)]:
        index[name] = '{"in": ["f32"], "out": ["f32"%s]}' % (', "f32"' if name == "short" else "")
        for end, data in parts.items():
            if name == "wrong" and end == ".out0.npy":
                data = change(data, 1)
            if name == "broken" and end == ".mlir":
                data = b"module {\n"
            z.writestr(f"{name}{end}", data)
        if name == "short":
            z.writestr("short.out1.npy", parts[".out0.npy"])
    z.writestr("programs.json", "{" + ", ".join(f'"{k}": {v}' for k, v in index.items()) + "}")

runner("", 1, "97 passed, 3 failed, 0 expected failures", "elements differ, the first at", "g/broken (interp): ", "1 x a result is missing")
runner("g/wrong interp because\n", 1, "97 passed, 2 failed, 1 expected failures")
runner("g/right5 interp because\n", 1, "97 passed, 4 failed", "g/right5 passes on interp: take it off")
runner("g/wrong interp because\ng/broken interp because\n", 1, "2 programs; at most 1, one in a hundred")
runner("g/none interp because\n", 1, "there is no program g/none")
runner("g/wrong interp\n", 1, "a line is GROUP/NAME TARGETS REASON")
print(f"{failed} wrong")
sys.exit(failed > 0)
