#!/usr/bin/env python3
"""Writes test/ops/values/*.graph, cases of every op with values computed by numpy, and those of several processes to
test/ops/replicas/.  gen.py --check compares instead."""
import os
import sys

import activation
import bits
import collective
import complexes
import composites
import contract
import control
import edges
import elementwise
import equations
import image
import index
import layers
import linear
import linear_complex
import move
import narrow
import picking
import quantize
import reduction
import rng
import sampling
import scan
import series
import shape
import sizes
import summary

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = {**elementwise.FILES, **move.FILES, **reduction.FILES, **contract.FILES, **index.FILES, **control.FILES,
         **composites.FILES, **image.FILES, **layers.FILES, **equations.FILES,
         **bits.FILES, **activation.FILES, **summary.FILES, **shape.FILES,
         **narrow.FILES, **quantize.FILES, **scan.FILES, **rng.FILES, **picking.FILES, **sizes.FILES,
         **sampling.FILES, **linear.FILES, **linear_complex.FILES, **complexes.FILES, **series.FILES,
         **edges.FILES, **collective.ALONE}
FOLDERS = {"values": FILES, "replicas": collective.FILES}


def main():
    check, bad = sys.argv[1:] == ["--check"], 0
    for folder, name, make in [(d, *item) for d, files in FOLDERS.items() for item in files.items()]:
        path, text = os.path.join(HERE, "..", folder, name + ".graph"), str(make())
        if check:
            same = os.path.exists(path) and open(path).read() == text
            bad += not same
            if not same:
                print("%s is not what gen.py writes" % name)
        else:
            with open(path, "w") as f:
                f.write(text)
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
