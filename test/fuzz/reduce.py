#!/usr/bin/python3
"""The smallest part of a graph that still goes wrong: reduce.py --build=DIR FILE GRAPH [options of contract] prints it.

Ops are taken away from the end: what they gave becomes an input, and what nobody needs any more goes too.  A smaller graph
is kept when DIR/contract still finds a difference, or crashes."""
import argparse
import os
import re
import subprocess
import sys
import tempfile


def split(text):
    """At commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "[({") - (c in "])}")
        if c == "," and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    last = text[start:].strip()
    return parts + ([last] if last else [])


def names(text):
    return re.findall(r'%(?:[A-Za-z0-9_.]+|"[^"]*")', text)


class Graph:
    """head: what stands before the graph; ops: (results, their types, text)."""
    def __init__(self, module, name):
        at = re.search(r"^graph @%s\((.*?)\) -> \((.*?)\)(?: where .*?)? \{\n(.*?)^\}\n" % re.escape(name), module, re.M | re.S)
        self.name, self.head = name, module[:at.start()]
        self.inputs = [tuple(x.strip() for x in a.split(":", 1)) for a in split(at[1])]
        self.results = [a.split(":", 1)[-1].strip() for a in split(at[2])]
        texts = []
        for line in at[3].splitlines():
            if re.match(r"  [^ }]", line):
                texts.append(line)
            else:
                texts[-1] += "\n" + line
        self.ops = []
        for text in texts[:-1]:
            left, _, _ = text.partition(" = ")
            _, _, types = text.rpartition(" : ")
            self.ops.append((names(left), split(types), text))
        self.returned = split(texts[-1].strip()[len("return "):])

    def clean(self):
        """Without what nobody uses."""
        used, ops = set(self.returned), []
        for results, types, text in reversed(self.ops):
            if used & set(results):
                used |= set(names(text.partition(" = ")[2]))
                ops.append((results, types, text))
        self.ops = ops[::-1]
        self.inputs = [x for x in self.inputs if x[0] in used]
        return self

    def copy(self):
        g = Graph.__new__(Graph)
        g.__dict__.update({k: list(v) if isinstance(v, list) else v for k, v in self.__dict__.items()})
        return g

    def without(self, i):
        g = self.copy()
        results, types, _ = g.ops.pop(i)
        g.inputs += list(zip(results, types))
        return g.clean()

    def returning(self, keep):
        g = self.copy()
        g.returned, g.results = [g.returned[i] for i in keep], [g.results[i] for i in keep]
        return g.clean()

    def text(self):
        head = self.head if any("call @" in text for _, _, text in self.ops) else "".join(
            line + "\n" for line in self.head.splitlines() if line.startswith("weight ") and
            any(line.split()[1] in text for _, _, text in self.ops))
        return (f"{head}graph @{self.name}({', '.join(f'{n}: {t}' for n, t in self.inputs)}) -> ({', '.join(self.results)}) {{\n" +
                "\n".join(text for _, _, text in self.ops) + f"\n  return {', '.join(self.returned)}\n}}\n")


def fails(build, g, options, path):
    with open(path, "w", encoding="ascii") as f:
        f.write(g.text())
    p = subprocess.run([f"{build}/contract", f"--only={g.name}", "--timeout=60"] + options + [path], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, check=False)
    out = p.stdout.decode(errors="replace")
    return p.returncode != 0 and "does not parse" not in out


def reduced(g, still):
    """still(graph): it goes wrong."""
    for i in range(len(g.returned)):
        one = g.returning([i])
        if still(one):
            g = one
            break
    again = True
    while again:
        again = False
        for i in range(len(g.ops) - 1, -1, -1):
            if i < len(g.ops):
                less = g.without(i)
                if len(less.ops) < len(g.ops) and still(less):
                    g, again = less, True
    return g


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--build", required=True)
    p.add_argument("file")
    p.add_argument("graph")
    o, options = p.parse_known_args()
    text = subprocess.run([f"{o.build}/tfcc-opt", o.file], stdout=subprocess.PIPE, check=True).stdout.decode()
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, "less.graph")

        def still(g):
            return fails(o.build, g, options, path)
        g = Graph(text, o.graph).clean()
        if not still(g):
            sys.exit("reduce: nothing goes wrong with this graph")
        sys.stdout.write(reduced(g, still).text())


if __name__ == "__main__":
    main()
