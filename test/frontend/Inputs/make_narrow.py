"""Writes the files of narrow.test to a folder; --show DIR: prints the .npy files of one as integers."""
import glob
import json
import os
import struct
import sys

import numpy as np

if sys.argv[1] == "--show":
    for path in sorted(glob.glob(sys.argv[2] + "/*.npy")):
        x = np.load(path)
        ints = x.view("u1") if x.dtype.kind == "V" else x
        print(os.path.basename(path)[:-4], x.dtype.str, ints.tolist())
    sys.exit()
at = sys.argv[1]
tensors = {"four": ("I8", [-8, 7, -1, 0]), "two": ("U8", [0, 1, 2, 3]), "fn": ("F8_E4M3", [0x38, 0x7e, 0x80]), "pair": ("I8", [-8, 7])}
header, data = {}, b""
for name, (t, v) in tensors.items():
    b = bytes(x & 255 for x in v)
    header[name] = {"dtype": t, "shape": [len(v)], "data_offsets": [len(data), len(data) + len(b)]}
    data += b
text = json.dumps(header).encode()
with open(at + "/w.safetensors", "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + data)
np.savez(at + "/w.npz", e5=np.array([0x3c, 0x7c, 0xb4], "u1").view("V1"))
np.save(at + "/x.npy", np.array([1, 0, -7, 0], "i1"))
np.save(at + "/y.npy", np.array([0x30, 0x00, 0xb0], "u1").view("V1"))
np.save(at + "/wide.npy", np.array([1, 100], "i1"))
