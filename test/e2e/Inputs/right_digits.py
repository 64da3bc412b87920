"""Are these probabilities those that Keras computed, within 1e-5, and 356 of 360 digits right?

usage: right_digits.py PROBS.npy DATA-DIR
"""
import sys

import numpy as np

probs, data = np.load(sys.argv[1]), sys.argv[2]
expected = np.load(f"{data}/digits_cnn_expected.npy")
labels = np.load(f"{data}/digits_test_y.npy")
assert probs.shape == expected.shape == (360, 10) and probs.dtype == np.float32
worst = np.abs(probs.astype("f8") - expected).max()
print(f"{(probs.argmax(1) == labels).sum()} of {len(labels)} right,", "close" if worst <= 1e-5 else f"{worst} away")
