"""usage: make_weights.py FILE [--hole] [--truncate=N] NAME=DTYPE[SHAPE]... - writes a safetensors file whose tensors count
0, 1, 2, ...; made from the format's description, not by our own writer."""
import json
import math
import re
import struct
import sys

TYPES = {"F32": "f", "F64": "d", "F16": "e", "I32": "i", "I8": "b", "U8": "B", "BOOL": "?", "F8_E8M0": "B"}

path, options = sys.argv[1], [a for a in sys.argv[2:] if a.startswith("--")]
header, data = {"__metadata__": {"made_by": "test"}}, b""
for arg in sys.argv[2:]:
    if arg.startswith("--"):
        continue
    name, dtype, shape = re.fullmatch(r"(.*)=(\w+)\[([\d,]*)\]", arg).groups()
    dims = [int(d) for d in shape.split(",") if d]
    wrap = 2 if dtype == "BOOL" else 128
    array = b"".join(struct.pack("<" + TYPES[dtype], i % wrap) for i in range(math.prod(dims)))
    if "--hole" in options:
        data += b"\0"
    header[name] = {"dtype": dtype, "shape": dims, "data_offsets": [len(data), len(data) + len(array)]}
    data += array
text = json.dumps(header).encode()
whole = struct.pack("<Q", len(text)) + text + data
for o in options:
    if o.startswith("--truncate="):
        whole = whole[:-int(o.split("=")[1])]
open(path, "wb").write(whole)
