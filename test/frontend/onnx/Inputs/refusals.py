"""Nodes that are refused, all of one model, each with its sentence.  usage: refusals.py TFCC FOLDER"""
import os
import re
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import field, fields, graph, info, model, node, tensor  # noqa: E402

tfcc, folder = sys.argv[1:]
inits = []


def ints(*values, dims=None):
    name = f"i{len(inits)}"
    inits.append(tensor(name, [len(values)] if dims is None else dims, dtype=7, raw=struct.pack(f"<{len(values)}q", *values)))
    return name


def floats(*values):
    name = f"f{len(inits)}"
    inits.append(tensor(name, [], raw=struct.pack(f"<{len(values)}f", *values)))
    return name


def scalar(value):
    return ints(value, dims=[])


INPUTS = [info("x", [2, 3]), info("n", ["N", 3]), info("v", [4]), info("t", [1] * 16), info("i", [2], 7), info("one", [1]),
          info("e", [0, 3]), info("huge", [1 << 30, 1 << 29]), info("b", [], 9), info("hollow", [0, 1 << 62, 4])]
FUNCTION = (field(1, "Two") + fields(4, ["p"]) + fields(5, ["q", "nothing"]) + field(7, node("Relu", "p", "q")) +
            field(9, field(1, "") + field(2, 17)) + field(10, "own"))
BODY = graph([node("Relu", "x", "y")], [], [info("z", [2, 3])], name="branch")
INNER = graph([node("Foo", "x", "z")], [], [info("z", [2, 3])], name="branch")
SPARSE = field(1, "sparse_value") + field(22, b"") + field(20, 11)
STRING = field(1, "value_string") + field(4, "word") + field(20, 3)


def op(kind, ins, *more, outs=1, domain="", **attrs):
    return lambda k: node(kind, ins, " ".join(f"r{k}_{i}" for i in range(outs)), domain=domain, **attrs) + fields(5, more)


CASES = [
    (op("Elu", "x", alpha="much"), 'attribute "alpha": error: is not a number'),
    (op("Pad", "x " + ints(0, 0, 0, 0), mode=1), 'attribute "mode": error: is not a string'),
    (op("HardSigmoid", "x", alpha=[1]), 'attribute "alpha": error: is not a number'),
    (op("TfIdfVectorizer", "i", weights=1, mode="TF", min_gram_length=1, max_gram_length=1, max_skip_count=0, ngram_counts=[0], ngram_indexes=[0],
        pool_int64s=[1]), 'attribute "weights": error: is not a list of numbers'),
    (op("RNN", "x x x", activations=1, hidden_size=2), 'attribute "activations": error: is not a list of strings'),
    (op("Expand", "x " + ints(*[1] * 17)), "a shape of rank 17, at most 16 is supported"),
    (op("Relu", "nowhere"), 'uses "nowhere", which nothing makes: no input, initializer or node before it has that name'),
    (op("Relu", "x", outs=2), 'its result 1, "r7_1", is not supported'),
    (op("Two", "x", outs=3, domain="own"), "the function has 1 inputs and 2 outputs, but 1 and 3 are used"),
    (op("Two", "x", outs=2, domain="own"), 'nothing in the function makes its output "nothing"'),
    (op("Relu", "x", domain="com.unknown"), "this op is not supported"),
    (op("If", "b", then_branch=BODY, else_branch=BODY), 'nothing makes the output "z" of its graph'),
    (op("If", "b", then_branch=INNER, else_branch=INNER), '(Foo, opset 17) in graph "branch": error: this op is not supported'),
    (op("GatherElements", "t " + ints(0, dims=[1] * 16), axis=0), "rank 16, at most 15 is supported here"),
    (op("GatherElements", "x i"), "the indices have rank 1, but the data rank 2"),
    (op("ScatterElements", "x i v"), "the indices have rank 1, but the data rank 2"),
    (op("ScatterElements", "x x x", reduction="sum"), 'attribute "reduction": error: is "sum", wanted none, add, mul, max or min'),
    (op("OneHot", "i " + ints(1, 2) + " one"), "the depth has 2 elements, wanted one"),
    (op("OneHot", "t " + ints(3) + " one"), "indices of rank 16 are not supported"),
    (op("Constant", "", SPARSE), "sparse tensors are not supported"),
    (op("Constant", "", STRING), "strings are not supported"),
    (op("Reshape", "x"), "has no shape"),
    (op("Reshape", "x " + ints(*[1] * 17)), "a shape of rank 17, at most 16 is supported"),
    (op("Reshape", "x " + ints(1, 2, 0)), "axis 2 of the shape takes the operand's extent, which has rank 2"),
    (op("Reshape", "x " + ints(-1, -1)), "the shape has two entries of -1"),
    (op("Reshape", "x " + ints(-2)), "entry 0 of the shape is negative or too large"),
    (op("Reshape", "e " + ints(0, -1)), "the shape has an entry of -1 beside one of 0"),
    (op("Reshape", "x " + ints(4, -1)), "the other extents of the shape do not divide the number of elements"),
    (op("Squeeze", "x " + ints(0)), "axis 0 has the extent 2, wanted 1"),
    (op("Unsqueeze", "x"), "has no axes"),
    (op("Unsqueeze", "t " + ints(0)), "the result has rank 17, at most 16 is supported"),
    (op("Tile", "x " + ints(1, 2, 3)), "3 repeats, but the operand has rank 2"),
    (op("Tile", "t " + ints(*[2] * 16)), "repeats more axes than are supported"),
    (op("Tile", "x " + ints(1 << 62, 1)), "the result is too large"),
    (op("ConstantOfShape", ints(*[1] * 17)), "a shape of rank 17, at most 16 is supported"),
    (op("Range", f"{floats(0)} {floats(1)} {floats(0)}"), "start, limit and delta must be one number each, and delta not 0"),
    (op("Range", f"{scalar(0)} {scalar(1)} {scalar(0)}"), "start, limit and delta must be one number each, and delta a known one other than 0"),
    (op("Range", f"{scalar(-(1 << 63))} {scalar(1 << 62)} {scalar(1)}"), "the number of elements is too large"),
    (op("Trilu", "v"), "the operand has rank 1, wanted 2 at least"),
    (op("EyeLike", "v"), "the operand has rank 1, wanted 2"),
    (op("Slice", f"x {ints(0)} {ints(1, 2)}"), "starts, ends, axes and steps are not of one length"),
    (op("Slice", f"x {ints(0, 0, 0)} {ints(1, 2, 3)}"), "3 starts, but the operand has rank 2"),
    (op("Slice", f"x {ints(0)} {ints(1)} {ints(0)} {ints(0)}"), "steps has a 0"),
    (op("Pad", "x " + ints(0, 0, 0)), "3 pads, wanted two for each of 2 axes"),
    (op("Pad", "x " + ints(0, 0, 0, 0), mode="mirror"), 'attribute "mode": error: is "mirror", wanted constant, reflect, edge or wrap'),
    (op("Pad", "x " + ints(1 << 62, 0, 1 << 62, 0), mode="edge"), "the result is too large"),
    (op("Softmax", "x", axis=5), "attribute 'axis' is 5, wanted -2 to 1 for a tensor of rank 2"),
    (op("Cast", "x", to=8), "elements of type string are not supported"),
    (op("Relu", "none"), "operand 0 is an empty optional, wanted a tensor"),
    (op("Flatten", "hollow"), "the number of elements is too large"),
    (op("Tile", "t " + ints(*[1] * 15, 2)), "repeats more axes than are supported"),
    (op("Unsqueeze", "x shape"), 'element 0 of operand 1 ("shape") is N, wanted a number: bind its symbols with --dim'),
]
NODES = [make(k) for k, (make, _) in enumerate(CASES)]
SHAPE = node("Shape", "n", "shape")
OPTIONAL = node("Optional", "", "none") + fields(5, [field(1, "type") + field(14, field(9, field(1, field(1, field(1, 1))))) + field(20, 13)])

os.makedirs(folder, exist_ok=True)
path = os.path.join(folder, "refusals.onnx")
with open(path, "wb") as f:
    f.write(model([OPTIONAL, SHAPE] + NODES, INPUTS, [info("x", [2, 3])], inits,
                  more=field(8, field(1, "own") + field(2, 1)) + field(25, FUNCTION)))
run = subprocess.run([tfcc, path, "-o", path + ".o"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
said = {}
for line in run.stdout.splitlines():
    m = re.match(r".*?: node (\d+) ", line)
    said.setdefault(int(m.group(1)) if m else -1, []).append(line)
wrong = run.returncode != 2
for k, (_, wanted) in enumerate(CASES):
    lines = said.pop(k + 2, [])
    if not any(wanted in line for line in lines):
        inner = [line for line in said.get(0, []) + said.get(-1, []) if wanted in line]
        if not inner:
            print(f"node {k + 2}: wanted '{wanted}', but: {lines or 'nothing'}")
            wrong = True
if wrong:
    print(run.returncode, *said.get(-1, []), *said.get(0, []), sep="\n")
sys.exit(wrong)
