"""Runs ONNX files: holds each to onnx.checker, and what onnxruntime makes of it to what is expected.

Takes a folder with cases.json, a list of names; for each name there are name.onnx, name.N.inputs.npz and
name.N.outputs.npz, with N from 0 on. Prints a JSON object: by name, the nodes, and the largest difference in units of
1 + |expected|, or what went wrong.
"""
import json
import pathlib
import sys
from collections import Counter

import numpy as np
import onnx
import onnxruntime


def run(folder, name):
    path = folder / f"{name}.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    difference = 0.0
    for number in range(sum(1 for _ in folder.glob(f"{name}.*.inputs.npz"))):
        inputs = dict(np.load(folder / f"{name}.{number}.inputs.npz"))
        expected = dict(np.load(folder / f"{name}.{number}.outputs.npz"))
        names = [output.name for output in session.get_outputs()]
        if sorted(names) != sorted(expected):
            raise ValueError(f"outputs are {names}, expected {sorted(expected)}")
        for output, found in zip(names, session.run(names, inputs)):
            wanted = expected[output]
            if found.shape != wanted.shape:
                raise ValueError(f"{output} has shape {found.shape}, expected {wanted.shape}")
            difference = max(difference, float(np.max(np.abs(found - wanted) / (1 + np.abs(wanted)))))
    return {
        "difference": difference,
        "nodes": dict(Counter(node.op_type for node in model.graph.node)),
        "metadata": {entry.key: entry.value for entry in model.metadata_props},
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    results = {}
    for name in json.loads((folder / "cases.json").read_text()):
        try:
            results[name] = run(folder, name)
        except Exception as error:  # whatever a library says is the result
            results[name] = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(results))


main()
