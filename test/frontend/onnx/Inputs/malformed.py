"""Files that are no models, or that want to do harm: each is refused with exit code 2 and a sentence.  usage: malformed.py TFCC FOLDER"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import attr, field, fields, graph, info, model, node, tensor, varint  # noqa: E402

tfcc, folder = sys.argv[1:]
# 2 GB of address space must do; the address sanitizer takes more for itself.
LIMIT = "" if "ASAN_OPTIONS" in os.environ else "ulimit -v 2000000; "
X, Y = info("x", [2, 3]), info("y", [2, 3])
RELU = node("Relu", "x", "y", "r")
GOOD = model([RELU], [X], [Y])


def add(init, ins=(X,)):
    return model([node("Add", "x w", "y", "sum")], ins, [Y], [init])


def external(where, offset="0", length="24"):
    return add(tensor("w", [2, 3], external={"location": where, "offset": offset, "length": length}))


def nested(depth):
    g = graph([RELU], [], [info("y", [2, 3])])
    for _ in range(depth):
        g = graph([node("If", "c", "y", then_branch=g, else_branch=g[:0])], [], [info("y", [2, 3])])
    return model([node("If", "c", "y", "if", then_branch=g, else_branch=graph([RELU], [], [Y]))], [X, info("c", [], 9)], [Y])


def deep(depth):
    """Sequences of sequences of ... as the type of an input."""
    t = field(1, field(1, 1))
    for _ in range(depth):
        t = field(4, field(1, t))
    return model([RELU], [field(1, "x") + field(2, t)], [Y])


def function(name, calls):
    return field(1, name) + field(4, "x") + field(5, "y") + field(7, node(calls, "x", "y", domain="f")) + field(9, field(1, "f") + field(2, 1)) + field(10, "f")


FUNCTIONS = field(8, field(1, "f") + field(2, 1)) + field(25, function("A", "B")) + field(25, function("B", "A"))

# name -> bytes, and what must be said
CASES = {
    "empty": (b"", r"graph"),
    "text": (b"graph @f() -> () { return }\n", r"error: "),
    "cut": (GOOD[:-5], r"error: "),
    "length-past-end": (GOOD + b"\x3a\xff\xff\xff\x7f", r"a field is longer than what is left of its message"),
    "length-of-64-bits": (GOOD + b"\x3a" + b"\xff" * 9 + b"\x01", r"a field is longer than what is left of its message"),
    "number-cut": (GOOD + b"\x08\xff", r"the file ends within a number"),
    "varint-without-end": (b"\x08" + b"\xff" * 20, r"a number of more than ten bytes"),
    "field-0": (b"\x02\x00" + GOOD, r"no field has such a number: this is no ONNX model"),
    "wire-type-7": (b"\x0f" + GOOD, r"a field of an unknown kind: this is no ONNX model"),
    "nesting-types": (deep(5000), r"messages are nested deeper than 100"),
    "nesting-graphs": (nested(300), r"error: "),
    "no-graph": (field(1, 8) + field(8, field(1, "") + field(2, 17)), r"graph"),
    "no-opset": (field(1, 8) + field(7, graph([RELU], [X], [Y])), r'the model imports no operator set of its domain'),
    "cycle": (model([node("Add", "x b", "a", "first"), node("Relu", "a", "b")], [X], [info("b", [2, 3])]), r'node 0 "first" \(Add.*"b", which node 1 makes'),
    "self": (model([node("Relu", "y", "y", "r")], [X], [Y]), r'node 0 "r" \(Relu.*"y"'),
    "missing-input": (model([node("Relu", "z", "y", "r")], [X], [Y]), r'node 0 "r" \(Relu.*"z", which nothing makes'),
    "missing-output": (model([RELU], [X], [info("z", [2])]), r'nothing makes the output "z"'),
    "input-without-name": (model([RELU], [field(2, field(1, field(1, 1)))], [Y]), r"input 0 has no name"),
    "input-without-type": (model([RELU], [field(1, "x")], [Y]), r'input "x" is of no type, which is not supported'),
    "input-map": (model([RELU], [field(1, "x") + field(2, field(5, b""))], [Y]), r'input "x" is no tensor, sequence or optional, which is not supported'),
    "input-without-shape": (model([RELU], [info("x", None)], [Y]), r'input "x" has no shape; give it one in the model'),
    "input-sequence": (model([RELU], [field(1, "x") + field(2, field(4, field(1, field(1, field(1, 1)))))], [Y]),
                       r'input "x" is a sequence, whose number of elements must be known when the model is compiled'),
    "input-sequence-of-sequences": (model([RELU], [field(1, "x") + field(2, field(4, field(1, field(4, b""))))], [Y]),
                                    r'input "x" is a sequence of something else than tensors of numbers, which is not supported'),
    "old-op": (model([node("Upsample", "x x", "y", "u")], [X], [Y], opset=5),
               r"this op is not supported in operator set 5; convert the model to 7 or newer"),
    "old-axis": (model([node("Add", "x x", "y", "a", axis=1, broadcast=1)], [X], [Y], opset=6),
                 r'attribute "axis": error: is 1, but the operands have ranks 2 and 2'),
    "two-results": (model([RELU, node("Neg", "x", "y", "n")], [X], [Y]), r'node 1 "n" \(Neg.*makes "y", which there is already'),
    "two-outputs": (model([RELU], [X], [Y, Y]), r'there are two outputs "y"'),
    "two-inputs": (model([RELU], [X, X], [Y]), r'there are two inputs "x"'),
    "too-few-operands": (model([node("Add", "x", "y", "a")], [X], [Y]), r'node 0 "a" \(Add.*error: '),
    "too-many-operands": (model([node("Relu", "x x", "y", "r")], [X], [Y]), r'node 0 "r" \(Relu.*error: '),
    "no-operator": (model([node("", "x", "y", "r")], [X], [Y]), r'node 0 "r".*error: '),
    "negative-extent": (model([RELU], [info("x", [-2, 3])], [Y]), r'input "x": axis 0 has the extent -2'),
    "absurd-extent": (model([RELU], [info("x", [1 << 62, 1 << 62])], [Y]), r'input "x" is too large'),
    "absurd-rank": (model([RELU], [info("x", [1] * 10000)], [Y]), r'input "x" has rank 10000, at most 16 is supported'),
    "unknown-type": (model([RELU], [info("x", [2], 99)], [Y]), r'input "x": elements of type unknown are not supported'),
    "raw-too-short": (add(tensor("w", [2, 3], raw=b"\0" * 23)), r'"w": raw_data has 23 bytes, wanted 24'),
    "raw-too-long": (add(tensor("w", [2, 3], raw=b"\0" * 25)), r'"w": raw_data has 25 bytes, wanted 24'),
    "no-data": (add(tensor("w", [2, 3])), r'"w": 0 numbers found for a tensor of float, wanted 6'),
    "segment": (add(tensor("w", [2, 3], more=field(3, b""))), r'"w": is stored in segments, which are not supported'),
    "rank-17": (add(tensor("w", [1] * 17, raw=bytes(4))), r'"w": has rank 17, at most 16 is supported'),
    "floats-too-few": (add(tensor("w", [2, 3], more=field(4, b"\0" * 20))), r'"w"'),
    "floats-odd": (add(tensor("w", [2, 3], more=field(4, b"\0" * 23))), r'error: '),
    "negative-dims": (add(tensor("w", [-2, -3], raw=b"\0" * 24)), r'"w": its dimensions are negative or too large'),
    "absurd-dims": (add(tensor("w", [1 << 40, 1 << 40], raw=b"\0" * 24)), r'"w"'),
    "dims-that-wrap": (add(tensor("w", [1 << 32, 1 << 32], raw=b"")), r'"w"'),
    "weights-of-no-type": (add(tensor("w", [2, 3], dtype=0, raw=b"\0" * 24)), r'"w": elements of type undefined are not supported'),
    "bools-of-2": (model([node("Where", "w x x", "y", "s")], [X], [Y], [tensor("w", [2, 3], dtype=9, raw=b"\2" * 6)]), r'"w": an element of a bool tensor is neither 0 nor 1'),
    "external-up": (external("../w.bin"), r"external data in '\.\./w\.bin': the path must lead to a file in the model's folder or below"),
    "external-up-inside": (external("a/../../w.bin"), r'"w"'),
    "external-absolute": (external("/etc/passwd"), r'"w".*/etc/passwd'),
    "external-none": (external("nowhere.bin"), r"cannot read its external data 'nowhere\.bin': no such file"),
    "external-nothing": (add(tensor("w", [2, 3], external={"offset": "0"})), r'"w": its external data has no location'),
    "external-folder": (external("."), r'"w"|error: '),
    "external-empty": (external(""), r'"w"'),
    "external-short": (external("w.bin", "20"), r"external data at 20 of 24 bytes, but 'w\.bin' has 24"),
    "external-past-end": (external("w.bin", "18446744073709551615"), r'"w"'),
    "external-negative": (external("w.bin", "-4"), r"external data in 'w\.bin': offset or length is no number"),
    "external-length": (external("w.bin", "0", "20"), r"external data in 'w\.bin' of 20 bytes, wanted 24"),
    "perm-out-of-range": (model([node("Transpose", "x", "y", "t", perm=[0, 7])], [X], [info("y", [3, 2])]), r'node 0 "t" \(Transpose.*error: '),
    "axis-out-of-range": (model([node("Softmax", "x", "y", "s", axis=9)], [X], [Y]), r'node 0 "s" \(Softmax.*error: '),
    "huge-kernel": (model([node("MaxPool", "x", "y", "p", kernel_shape=[1 << 60, 1 << 60])], [info("x", [1, 1, 8, 8])], [Y]), None),   # no place: an empty result
    "huge-pads": (model([node("Pad", "x p", "y", "p")], [X], [Y], [tensor("p", [4], dtype=7, raw=(1 << 61).to_bytes(8, "little") * 4)]), r'node 0 "p" \(Pad.*error: '),
    "huge-constant": (model([node("ConstantOfShape", "s", "y", "c")], [X], [Y], [tensor("s", [2], dtype=7, raw=(1 << 40).to_bytes(8, "little") * 2)]), r'error: '),
    "huge-range": (model([node("Range", "a b c", "y", "r")], [X], [Y], [tensor(n, [], dtype=7, raw=v.to_bytes(8, "little"))
                                                                        for n, v in (("a", 0), ("b", 1 << 62), ("c", 1))]), r'error: |^$'),
    "huge-repeats": (model([node("Tile", "x r", "y", "t")], [X], [Y], [tensor("r", [2], dtype=7, raw=(1 << 61).to_bytes(8, "little") * 2)]), r'node 0 "t" \(Tile.*error: '),
    "attribute-twice": (model([fields(1, ["x"]) + fields(2, ["y"]) + field(4, "Softmax") + fields(5, [attr("axis", 0), attr("axis", 1)])], [X], [Y]), None),
    "attribute-of-a-wrong-kind": (model([node("Softmax", "x", "y", "s", axis="one")], [X], [Y]), r'node 0 "s" \(Softmax.*"axis".*error: '),
    "attribute-without-its-tensor": (model([node("ConstantOfShape", "s", "y", "c") + field(5, field(1, "value") + field(20, 4))], [X], [Y],
                                           [tensor("s", [1], dtype=7, raw=bytes(8))]), r'node 0 "c" \(ConstantOfShape.*"value".*error: is not a tensor'),
    "functions-in-a-circle": (model([node("A", "x", "y", "f", domain="f")], [X], [Y], more=FUNCTIONS), r"functions and graphs are nested deeper than 100"),
    "text-that-is-no-utf-8": (model([node("Relu", "x", "y", "r").replace(b"Relu", b"\xff\xfe\x00\x01")], [X], [Y]), r"error: "),
    "name-with-a-line-end": (model([node("Foo", "x", "y", "a\nb")], [X], [Y]), r"error: "),
}

os.makedirs(os.path.join(folder, "inner"), exist_ok=True)
with open(os.path.join(folder, "w.bin"), "wb") as f:          # outside the folder of the models
    f.write(bytes(24))
with open(os.path.join(folder, "inner", "w.bin"), "wb") as f:
    f.write(bytes(24))
link = os.path.join(folder, "inner", "link.bin")
if not os.path.islink(link):
    os.symlink("../w.bin", link)
wrong = 0


def check(ok, name, text):
    global wrong
    if not ok:
        print(f"{name}: {text}")
        wrong += 1


def compile_model(name, data):
    path = os.path.join(folder, "inner", name + ".onnx")
    with open(path, "wb") as f:
        f.write(data)
    # Some seconds must do.
    run = subprocess.run(["bash", "-c", f"{LIMIT}exec '{tfcc}' '{path}' -o '{path}.o' --cpu=x86-64-v3"], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, timeout=50, check=False)
    return run.returncode, run.stdout.decode(errors="replace")


for name, data in (("good", GOOD), ("good-external", external("w.bin")), ("good-external-inside", external("./w.bin")),
                   ("good-external-link", external("link.bin"))):    # whoever owns the folder made it
    code, said = compile_model(name, data)
    check(code == 0, name, f"exit code {code}: {said}")
for name, (data, pattern) in CASES.items():
    code, said = compile_model(name, data)
    if pattern is None:                         # either way, but in order
        check(code in (0, 2), name, f"exit code {code}: {said}")
        continue
    check(code == 2 or (code == 1 and name.startswith("external")), name, f"exit code {code}, not 2: {said[:300]}")
    check(re.search(pattern, said) and "error: " in said, name, f"wanted /{pattern}/: {said[:300]}")
print(f"{len(CASES)} files, {wrong} wrong")
sys.exit(wrong > 0)
