"""Writes forms.mlir (as JAX prints it) and forms.generic.mlir (the same module in generic form), with the jaxlib package.

Each op of StableHLO and CHLO that has a form of its own is once in forms.in.mlir at least, in generic form.
usage: make_forms.py FOLDER"""
import sys
from jax._src.interpreters import mlir
from jaxlib.mlir import ir

folder = sys.argv[1]
with mlir.make_ir_context():
    with open(folder + "/forms.in.mlir") as f:
        module = ir.Module.parse(f.read())
    with open(folder + "/forms.mlir", "w") as f:
        f.write(module.operation.get_asm())
    with open(folder + "/forms.generic.mlir", "w") as f:
        f.write(module.operation.get_asm(print_generic_op_form=True))
