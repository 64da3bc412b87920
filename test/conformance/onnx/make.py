#!/usr/bin/env python3
"""Stores the backend tests of the pinned `onnx` package as files, so that run.py needs neither that package nor its data.

    python -m venv venv && venv/bin/pip install -r test/requirements.txt
    venv/bin/python test/conformance/onnx/make.py

cases/node.zip has the cases that the package's Python code makes (onnx.backend.test.case.node), those that end in _expanded
or _expanded_verN among them; simple.zip, pytorch-converted.zip, pytorch-operator.zip and light.zip are the folders of
onnx/backend/test/data.  A zip holds NAME.onnx, NAME.in0.npy, NAME.out0.npy, ... and cases.json; arrays that are equal are
stored once.  ops.json is the list of all operators.  Models, inputs and wanted outputs are the package's own, and the same
package gives the same bytes.
"""
import importlib.metadata
import io
import json
import os
import re
import sys
import warnings
import zipfile

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "cases")


def check_versions():
    """The versions of test/requirements.txt, or none of what is stored is what it says it is."""
    with open(os.path.join(here, "../../requirements.txt"), encoding="utf-8") as f:
        wanted = dict(line.strip().split("==") for line in f if "==" in line)
    wrong = []
    for name in ("onnx", "numpy", "ml_dtypes"):
        found = importlib.metadata.version(name)
        if found != wanted[name]:
            wrong.append(f"{name} is {found}, wanted {wanted[name]}")
    if wrong:
        sys.exit("make.py: " + "; ".join(wrong))


check_versions()
warnings.filterwarnings("ignore")

import ml_dtypes  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, numpy_helper  # noqa: E402
from onnx.backend.test.case.model import collect_testcases as model_cases  # noqa: E402
from onnx.backend.test.case.node import collect_testcases as node_cases  # noqa: E402

data = os.path.join(os.path.dirname(onnx.__file__), "backend/test/data")

# Our names of element types.
DTYPES = {
    "bool": np.bool_, "i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64,
    "u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "u64": np.uint64,
    "f16": np.float16, "bf16": ml_dtypes.bfloat16, "f32": np.float32, "f64": np.float64,
    "c64": np.complex64, "c128": np.complex128,
    "i4": ml_dtypes.int4, "u4": ml_dtypes.uint4, "i2": ml_dtypes.int2, "u2": ml_dtypes.uint2,
    "f8e4m3fn": ml_dtypes.float8_e4m3fn, "f8e5m2": ml_dtypes.float8_e5m2, "f8e4m3fnuz": ml_dtypes.float8_e4m3fnuz,
    "f8e5m2fnuz": ml_dtypes.float8_e5m2fnuz, "f8e8m0fnu": ml_dtypes.float8_e8m0fnu, "f4e2m1fn": ml_dtypes.float4_e2m1fn,
}
NAMES = {np.dtype(v): k for k, v in DTYPES.items()}


def stored(a):
    """As .npy files hold it: what NumPy lacks as bytes of the same size, small integers a byte each."""
    name = NAMES[a.dtype]
    if name in ("i4", "i2"):
        return a.astype(np.int8)
    if name in ("u4", "u2"):
        return a.astype(np.uint8)
    if name == "bf16":
        return a.view("V2")
    if name[0] == "f" and a.dtype.itemsize == 1:
        return a.view("V1")
    return a


def npy(a):
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asarray(stored(a), order="C"), version=(1, 0))
    return out.getvalue()


def arrays(value):
    """Of one input or output: an array, a list of arrays (a sequence), or None (an optional without its element)."""
    if isinstance(value, TensorProto):
        value = numpy_helper.to_array(value)
    if isinstance(value, (list, tuple)):
        return [np.asarray(v) for v in value]
    if value is None:
        return None
    return np.asarray(value)


def nodes_of(graph):
    for node in graph.node:
        yield node
        for attr in node.attribute:
            for g in ([attr.g] if attr.HasField("g") else []) + list(attr.graphs):
                yield from nodes_of(g)


def full_name(node):
    return node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}"


def tensors_of(values):
    for value in values:
        yield from (value if isinstance(value, list) else [] if value is None else [value])


def left_out(name, model, values):
    """Why a case is not one for a compiler of numbers, or None."""
    ops = {full_name(n) for n in nodes_of(model.graph)}
    if "ImageDecoder" in ops:
        return "image decoder"
    if "ai.onnx.preview.training.Gradient" in ops:
        return "training gradient"
    if ops & {"StringNormalizer", "StringConcat", "StringSplit", "RegexFullMatch"}:
        return "strings"
    if any(a.dtype == object or a.dtype.kind in "US" for a in tensors_of(values)):
        return "strings"
    return None


class Group:
    def __init__(self, name):
        self.name = name
        self.files, self.index, self.left, self.where = {}, {}, {}, {}

    def put(self, name, a):
        """The name under which the array is stored; that of an equal one where there is one."""
        content = npy(a)
        if content not in self.where:
            self.where[content] = name
            self.files[name] = content
        return self.where[content]

    def value(self, name, info, value):
        if value is None:
            return [info.name, "", None]
        if isinstance(value, list):
            return [info.name, NAMES[value[0].dtype] if value else "", [self.put(f"{name}.{k}.npy", a) for k, a in enumerate(value)]]
        return [info.name, NAMES[value.dtype], self.put(f"{name}.npy", value)]

    def add(self, name, model, inputs, outputs, rtol=1e-3, atol=1e-7, make=None, content=None):
        name = name.removeprefix("test_")
        assert name not in self.index, name
        reason = left_out(name, model, [*inputs, *outputs])
        if reason:
            self.left[name] = reason
            return
        weights = {t.name for t in model.graph.initializer}
        given = [i for i in model.graph.input if i.name not in weights]
        entry = {"ops": sorted({full_name(n) for n in nodes_of(model.graph)}),
                 "in": [[i.name, "f32", make[i.name]] if make else self.value(f"{name}.in{k}", i, v) for k, (i, v) in enumerate(zip(given, make or inputs))],
                 "out": [self.value(f"{name}.out{k}", o, v) for k, (o, v) in enumerate(zip(model.graph.output, outputs))]}
        # What is given for an initializer is a value in its place.
        if not make and len(given) != len(inputs):
            given = list(model.graph.input)[:len(inputs)]
            entry["in"] = [self.value(f"{name}.in{k}", i, v) for k, (i, v) in enumerate(zip(given, inputs))]
        assert len(outputs) == len(model.graph.output), name
        if (rtol, atol) != (1e-3, 1e-7):
            entry["tol"] = [rtol, atol]
        self.index[name] = entry
        self.files[name + ".onnx"] = model.SerializeToString(deterministic=True) if content is None else content

    def write(self):
        path = os.path.join(folder, self.name + ".zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
            self.files["cases.json"] = json.dumps({"cases": self.index, "left out": self.left}, indent=0, sort_keys=True).encode()
            for name in sorted(self.files):
                z.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), self.files[name], zipfile.ZIP_DEFLATED, 9)
        reasons = sorted(set(self.left.values()))
        print(f"{self.name}: {len(self.index)} cases, {os.path.getsize(path)} bytes" +
              "".join(f", {sum(r == why for r in self.left.values())} left out: {why}" for why in reasons))
        return os.path.getsize(path)


def add_made(group, cases):
    for case in cases:
        for inputs, outputs in case.data_sets:
            group.add(case.name, case.model, [arrays(v) for v in inputs], [arrays(v) for v in outputs], case.rtol, case.atol)
        node = case.model.graph.node[0]
        name = case.name.removeprefix("test_")
        if name in group.index:
            group.index[name]["opset"] = max(o.version for o in case.model.opset_import if (o.domain or "") == (node.domain or ""))


def read_value(path, info):
    with open(path, "rb") as f:
        content = f.read()
    kind = info.type.WhichOneof("value")
    if kind == "sequence_type":
        return arrays(numpy_helper.to_list(onnx.SequenceProto.FromString(content)))
    if kind == "optional_type":
        return arrays(numpy_helper.to_optional(onnx.OptionalProto.FromString(content)))
    return arrays(onnx.TensorProto.FromString(content))


def read_values(where, kind, infos):
    n = len([f for f in os.listdir(where) if re.fullmatch(kind + r"_\d+\.pb", f)])
    return [read_value(os.path.join(where, f"{kind}_{i}.pb"), infos[i]) for i in range(n)]


def add_folder(group, kind):
    for name in sorted(os.listdir(os.path.join(data, kind))):
        case = os.path.join(data, kind, name)
        if not os.path.isdir(case):
            continue
        assert sorted(os.listdir(case)) == ["model.onnx", "test_data_set_0"], case
        with open(os.path.join(case, "model.onnx"), "rb") as f:
            content = f.read()
        model = onnx.ModelProto.FromString(content)
        where = os.path.join(case, "test_data_set_0")
        group.add(name, model, read_values(where, "input", model.graph.input), read_values(where, "output", model.graph.output), content=content)


def add_light(group):
    """The runner makes the inputs of these networks itself: element k of n is k / n (generate_dummy_data)."""
    for case in model_cases():
        if case.kind != "real":
            continue
        path = os.path.join(os.path.dirname(onnx.__file__), case.url.removeprefix("onnx/"))
        with open(path, "rb") as f:
            content = f.read()
        model = onnx.ModelProto.FromString(content)
        weights = {t.name for t in model.graph.initializer}
        make = {i.name: {"steps": [d.dim_value or 1 for d in i.type.tensor_type.shape.dim]} for i in model.graph.input if i.name not in weights}
        outputs = [read_value(f"{path[:-5]}_output_{k}.pb", o) for k, o in enumerate(model.graph.output)]
        group.add(case.name, model, [], outputs, case.rtol, case.atol, make=make, content=content)


def write_ops():
    """Every operator: the versions of its meaning, and whether it is deprecated by now."""
    ops = {}
    for s in onnx.defs.get_all_schemas_with_history():
        op = ops.setdefault(s.name if not s.domain else f"{s.domain}.{s.name}", {"since": [], "deprecated": False, "newest": 0})
        op["since"].append(s.since_version)
        if s.since_version > op["newest"]:
            op["newest"], op["deprecated"] = s.since_version, s.deprecated
    for op in ops.values():
        op["since"].sort()
        del op["newest"]
    with open(os.path.join(folder, "ops.json"), "w", encoding="utf-8") as f:
        f.write("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(ops[name])}" for name in sorted(ops)) + "\n}\n")
    print(f"{len(ops)} operators")


def main():
    os.makedirs(folder, exist_ok=True)
    groups = [Group(name) for name in ("node", "simple", "pytorch-converted", "pytorch-operator", "light")]
    add_made(groups[0], node_cases())
    add_folder(groups[1], "simple")
    add_made(groups[1], [c for c in model_cases() if c.kind == "simple" and c.name.removeprefix("test_") not in {**groups[1].index, **groups[1].left}])
    add_folder(groups[2], "pytorch-converted")
    add_folder(groups[3], "pytorch-operator")
    add_light(groups[4])
    size = sum(group.write() for group in groups)
    write_ops()
    print(f"{sum(len(g.index) for g in groups)} cases, {size} bytes")


if __name__ == "__main__":
    main()
