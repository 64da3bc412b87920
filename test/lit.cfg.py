# How the tests of this folder run.  Loaded by build/<preset>/lit.site.cfg.py.
import os
import platform
import shutil
import subprocess

import lit.formats

root, build = config.tfcc_root, config.tfcc_build
config.name = "tfcc"
config.suffixes = [".graph", ".mlir", ".test", ".c", ".py"]
# Inputs: files that tests read; unit and math: programs of their own.
config.excludes = ["Inputs", "unit", "math", "bin", "lit.cfg.py", "lint.py", "messages.py", "selftest.py"]
config.test_source_root = os.path.join(root, "test")
config.test_exec_root = os.path.join(build, "test")
# bash, so that tests can use pipes, variables and exit codes.
config.test_format = lit.formats.ShTest(execute_external=True)
config.pipefail = True

python = "/usr/bin/python3"        # the one that has Debian's numpy
cc = config.tfcc_cc + " -std=c99 -Wall -Wextra -Werror -O1"
if config.tfcc_sanitize:
    # Sanitizers make gcc see uses of what is never uninitialised.
    cc += " -Wno-error " + config.tfcc_sanitize
    config.available_features.add("asan")
    # Tests ask for too much memory on purpose: NULL, as from the real malloc.
    config.environment["ASAN_OPTIONS"] = "allocator_may_return_null=1"
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"


def tool(*names):
    """The path of the first of these programs that is installed, or None."""
    for name in names:
        path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/lib/llvm-19/bin:/usr/bin")
        if path:
            return path
    return None


filecheck = tool("FileCheck-19", "FileCheck") or "FileCheck-19"
# Longer names first: lit replaces in this order.
config.substitutions += [
    ("%FileCheck", filecheck),
    ("%exit", os.path.join(root, "test/bin/exit-code")),
    ("%python", python),
    ("%root", root),
    ("%build", build),
    ("%cmake", config.tfcc_cmake),
    ("%tfrt", os.path.join(build, "libtfrt.a")),
]
for program in ("tfcc-opt", "tfcc-run", "tfcc-doc", "tfcc-reduce", "tfcc-view", "tfcc"):
    config.substitutions.append(("%" + program + r"\b", os.path.join(build, program)))
    if os.path.exists(os.path.join(build, program)):
        config.available_features.add(program)
config.substitutions.append((r"%cc\b", cc))

# What this machine and this build can do: REQUIRES: avx512, has-valgrind, …
with open("/proc/cpuinfo", encoding="ascii", errors="replace") as f:
    flags = next((line.split() for line in f if line.startswith("flags")), [])
if platform.machine() == "x86_64":
    config.available_features.add("x86_64")
if {"avx2", "fma", "bmi2"} <= set(flags):
    config.available_features.add("avx2")
if {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"} <= set(flags):
    config.available_features.add("avx512")
for feature, names in {
    "qemu-aarch64": ["qemu-aarch64"],
    "has-valgrind": ["valgrind"],
    "has-gcc": ["gcc"],
    "has-clang": ["clang-19", "clang"],
    "has-aarch64-gcc": ["aarch64-linux-gnu-gcc"],
    "has-pkg-config": ["pkg-config"],
    "has-strace": ["strace"],
    "has-g++": ["g++"],
}.items():
    if tool(*names):
        config.available_features.add(feature)
if subprocess.run([python, "-c", "import numpy"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
    config.available_features.add("numpy")
if os.path.exists(os.path.join(root, "frontend/stablehlo/stablehlo.c")):
    config.available_features.add("stablehlo")
if os.path.exists(os.path.join(root, "frontend/onnx/onnx.c")):
    config.available_features.add("onnx-import")
# JAX, in a virtual environment that `tools/bootstrap check --all` makes from test/requirements.txt.
venv = os.path.join(root, "build", "venv")
config.substitutions.append(("%venv", venv))
if subprocess.run([os.path.join(venv, "bin", "python") if os.path.exists(venv) else "false", "-c", "import jax"], stderr=subprocess.DEVNULL,
                  check=False).returncode == 0:
    config.available_features.add("jax")
if subprocess.run([os.path.join(venv, "bin", "python") if os.path.exists(venv) else "false", "-c", "import onnx"], stderr=subprocess.DEVNULL,
                  check=False).returncode == 0:
    config.available_features.add("onnx")
# No test may hang; per-test limits need psutil.
try:
    import psutil  # noqa: F401
    lit_config.maxIndividualTestTime = 60 if lit_config.params.get("quick") else 1200 if lit_config.params.get("all") else 600
except ImportError:
    pass
# Tests marked REQUIRES: slow stay out of the quick run before each landing.
if not lit_config.params.get("quick"):
    config.available_features.add("slow")
# Tests marked REQUIRES: all run under `tools/bootstrap check --all` only.
if lit_config.params.get("all"):
    config.available_features.add("all")
