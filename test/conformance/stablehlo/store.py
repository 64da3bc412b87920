"""How the programs of a group are stored: programs/GROUP.zip holds NAME.mlir, NAME.in0.npy, ..., NAME.out0.npy, ... and
programs.json.  The same programs give the same bytes."""
import io
import json
import os
import zipfile

import ml_dtypes
import numpy as np

# Our names of element types.
DTYPES = {
    "bool": np.bool_, "i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64,
    "u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "u64": np.uint64,
    "f16": np.float16, "bf16": ml_dtypes.bfloat16, "f32": np.float32, "f64": np.float64,
    "c64": np.complex64, "c128": np.complex128,
    "i4": ml_dtypes.int4, "u4": ml_dtypes.uint4, "i2": ml_dtypes.int2, "u2": ml_dtypes.uint2,
    "f8e4m3fn": ml_dtypes.float8_e4m3fn, "f8e5m2": ml_dtypes.float8_e5m2,
    "f8e4m3fnuz": ml_dtypes.float8_e4m3fnuz, "f8e5m2fnuz": ml_dtypes.float8_e5m2fnuz,
    "f8e4m3b11fnuz": ml_dtypes.float8_e4m3b11fnuz, "f8e4m3": ml_dtypes.float8_e4m3, "f8e3m4": ml_dtypes.float8_e3m4,
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
    if name.startswith("f8"):
        return a.view("V1")
    return a


def npy(a):
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asarray(a, order="C"), version=(1, 0))
    return out.getvalue()


class Programs:
    def __init__(self, name):
        self.name = name
        self.files, self.index = {}, {}

    def store(self, name, text, args, out, tol):
        entry = {"in": [NAMES[a.dtype] for a in args], "out": [NAMES[a.dtype] for a in out]}
        if tol is not None:
            entry["tol"] = tol
        self.index[name] = entry
        self.files[name + ".mlir"] = text.encode()
        for kind, arrays in (("in", args), ("out", out)):
            for i, a in enumerate(arrays):
                self.files[f"{name}.{kind}{i}.npy"] = npy(stored(a))

    def write(self, folder):
        path = os.path.join(folder, self.name + ".zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
            self.files["programs.json"] = json.dumps(self.index, indent=0, sort_keys=True).encode()
            for name in sorted(self.files):
                z.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), self.files[name], zipfile.ZIP_DEFLATED, 9)
        return os.path.getsize(path)
