"""Messages of ONNX as bytes, well-formed or not, without the onnx package: model(nodes=[node("Relu", "x", "y")], ...)."""
import struct


def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n >= 0x80:
        out += bytes([n & 0x7f | 0x80])
        n >>= 7
    return out + bytes([n])


def field(number, value):
    """An int as a varint, a float as 4 bytes, anything else with its length."""
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def fields(number, values):
    return b"".join(field(number, v) for v in values)


def tensor(name, dims, dtype=1, raw=None, external=None, more=b""):
    out = fields(1, dims) + field(2, dtype) + field(8, name) + more
    if raw is not None:
        out += field(9, raw)
    if external is not None:
        out += fields(13, [field(1, k) + field(2, v) for k, v in external.items()]) + field(14, 1)
    return out


def attr(name, value):
    if isinstance(value, float):
        return field(1, name) + field(2, value) + field(20, 1)
    if isinstance(value, int):
        return field(1, name) + field(3, value) + field(20, 2)
    if isinstance(value, str):
        return field(1, name) + field(4, value) + field(20, 3)
    if isinstance(value, list):
        return field(1, name) + fields(8, value) + field(20, 7)
    return field(1, name) + field(6, value) + field(20, 5)          # bytes: a graph


def node(op, ins, outs, name="", domain="", **attrs):
    out = fields(1, ins.split()) + fields(2, outs.split()) + field(4, op) + fields(5, [attr(k, v) for k, v in attrs.items()])
    return out + (field(3, name) if name else b"") + (field(7, domain) if domain else b"")


def info(name, shape, dtype=1):
    """shape: numbers, names, or None for none at all."""
    dims = b"" if shape is None else field(2, fields(1, [field(2 if isinstance(d, str) else 1, d) for d in shape]))
    return field(1, name) + field(2, field(1, field(1, dtype) + dims))


def graph(nodes, ins=(), outs=(), inits=(), name="g"):
    return fields(1, nodes) + field(2, name) + fields(5, inits) + fields(11, ins) + fields(12, outs)


def model(nodes, ins=(), outs=(), inits=(), opset=17, more=b""):
    return field(1, 8) + field(8, field(1, "") + field(2, opset)) + field(7, graph(nodes, ins, outs, inits)) + more
