"""usage: all_ops.py OPS.DEF TEXT - fails when an op of the table does not appear in the text."""
import re
import sys

table = open(sys.argv[1], encoding="utf-8").read()
ops = set(re.findall(r"^(?:OP|EW|COMPOSITE|STRUCTURED)\((\w+),", table, re.M)) - {"name"}
used = set(re.findall(r"(?:= |^ *)(\w+)\b", open(sys.argv[2], encoding="utf-8").read(), re.M))
missing = sorted(ops - used)
assert len(ops) > 50, "the table was not understood"
sys.exit("ops without a line: " + ", ".join(missing) if missing else 0)
