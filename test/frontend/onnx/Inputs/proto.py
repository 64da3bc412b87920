"""Differences between an onnx.proto of ours and the messages of the onnx package.  usage: proto.py FILE"""
import re
import sys

from google.protobuf import descriptor
from onnx import onnx_ml_pb2

F = descriptor.FieldDescriptor
TYPES = {getattr(F, "TYPE_" + t.upper()): t for t in ("double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "bytes",
                                                      "uint32", "sfixed32", "sfixed64", "sint32", "sint64")}


def theirs():
    """'Message.field' -> 'label type = number', 'Enum.NAME' -> number."""
    found = {}

    def enum(e):
        for v in e.values:
            found[f"{e.full_name}.{v.name}"] = str(v.number)

    def message(m):
        for f in m.fields:
            kind = TYPES.get(f.type) or (f.message_type or f.enum_type).full_name
            label = "repeated" if f.is_repeated else "oneof " + f.containing_oneof.name if f.containing_oneof else "optional"
            packed = " packed" if f.GetOptions().packed else ""
            found[f.full_name] = f"{label} {kind} = {f.number}{packed}"
        for e in m.enum_types:
            enum(e)
        for inner in m.nested_types:
            message(inner)

    for m in onnx_ml_pb2.DESCRIPTOR.message_types_by_name.values():
        message(m)
    for e in onnx_ml_pb2.DESCRIPTOR.enum_types_by_name.values():
        enum(e)
    return {k.removeprefix("onnx."): v.replace("onnx.", "") for k, v in found.items()}


def ours(path):
    """The same from the text: one declaration a line, types by their full names."""
    found, inside = {}, []
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.split("//")[0].strip()
            if not line or re.match(r"(syntax|package)\b", line):
                continue
            if m := re.fullmatch(r"(message|enum|oneof) (\w+) \{", line):
                inside.append((m[1], m[2]))
            elif line == "}":
                inside.pop()
            elif m := re.fullmatch(r"(\w+) = (\d+);", line):
                found[".".join(name for _, name in inside) + "." + m[1]] = m[2]
            elif m := re.fullmatch(r"(?:(optional|repeated) )?([\w.]+) (\w+) = (\d+)( \[packed = true\])?;", line):
                label = m[1] or "oneof " + inside[-1][1]
                where = ".".join(name for kind, name in inside if kind != "oneof")
                found[f"{where}.{m[3]}"] = f"{label} {m[2]} = {m[4]}{' packed' if m[5] else ''}"
            else:
                sys.exit(f"{path}:{number}: not understood: {line}")
    return found


a, b = ours(sys.argv[1]), theirs()
for name in sorted(set(a) | set(b)):
    if a.get(name) != b.get(name):
        print(f"{name}: {a.get(name, 'missing')}; the package has {b.get(name, 'nothing')}")
sys.exit(a != b)
