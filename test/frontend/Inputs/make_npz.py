"""make_npz.py DIR - .npz files as NumPy writes them, and damaged ones."""
import io
import os
import struct
import sys
import warnings
import zipfile

import numpy as np

out = sys.argv[1]


def path(name):
    return os.path.join(out, name)


def npy(array):
    f = io.BytesIO()
    np.save(f, array)
    return f.getvalue()


def archive(name, members, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path(name), "w", method) as z:
        for member, data in members:
            z.writestr(zipfile.ZipInfo(member), data, method)


def patched(name, source, *patches):
    """A copy in which bytes of the member's local and central header are others: (where in the central one, format, value)."""
    data = bytearray(open(path(source), "rb").read())
    central = data.index(b"PK\x01\x02")
    for at, form, value in patches:
        struct.pack_into(form, data, central + at, value)
        if at >= 6:      # the local header has the same fields from 'flags' on, two bytes earlier
            struct.pack_into(form, data, at - 2, value)
    open(path(name), "wb").write(data)


x = np.arange(6, dtype="f4").reshape(2, 3)
weights = {"w": np.float32([1, 2, 3]), "l/b": np.float32([0.5, 0.25, 0]), "h": np.array([0x3f80, 0x4000], "u2"),
           "f": np.asfortranarray(np.arange(6, dtype=">f4").reshape(2, 3))}
np.savez(path("stored.npz"), **weights)
np.savez_compressed(path("deflated.npz"), **weights)
np.savez_compressed(path("inputs.npz"), x=x, y=np.int32([1, 2]))
np.savez(path("numbers.npz"), x, np.int32([1, 2]))
np.savez(path("one.npz"), whatever=x)
np.savez(path("none.npz"))

open(path("text.npz"), "w").write("no zip at all, but long enough to hold the end of a directory")
open(path("cut.npz"), "wb").write(open(path("one.npz"), "rb").read()[:-30])
archive("lzma.npz", [("x.npy", npy(x))], zipfile.ZIP_LZMA)
archive("good.npz", [("x.npy", npy(x))])
archive("packed.npz", [("x.npy", npy(x))], zipfile.ZIP_DEFLATED)
patched("encrypted.npz", "good.npz", (8, "<H", 1))
patched("sum.npz", "good.npz", (16, "<I", 1))
patched("bomb.npz", "packed.npz", (24, "<I", 0xfffffff0))
patched("stored_bomb.npz", "good.npz", (24, "<I", 0xfffffff0))
patched("beyond.npz", "good.npz", (20, "<I", 0x7fffffff), (24, "<I", 0x7fffffff))
patched("more.npz", "packed.npz", (24, "<I", 400))
archive("tail.npz", [("x.npy", npy(x) + b"more")])
archive("packed_tail.npz", [("x.npy", npy(x) + b"more")], zipfile.ZIP_DEFLATED)
patched("longer.npz", "packed_tail.npz", (24, "<I", 152))
archive("huge.npz", [("x.npy", npy(x).replace(b"(2, 3), }", b"(2, 3333333333), }").replace(b"          \n", b" \n"))])
archive("junk.npz", [("x.npy", b"no array")])
archive("empty_member.npz", [("x.npy", b"")])
archive("other.npz", [("x.txt", b"text"), ("folder/", b"")])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    archive("twice.npz", [("x.npy", npy(x)), ("x.npy", npy(x))])
