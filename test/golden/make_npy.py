# Makes numpy.json: files that NumPy made, as base64, with what they hold.
# Run: python make_npy.py (needs numpy).
import base64
import io
import json

import numpy as np

rng = np.random.default_rng(1)


def npy(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return file.getvalue()


def entry(array, version=None):
    return {
        "file": base64.b64encode(npy(array, version)).decode(),
        "shape": list(array.shape),
        # In row-major order, as the float32, int32 or uint8 that they are.
        "values": [float(x) if np.isfinite(x) else str(x) for x in array.flatten().tolist()],
    }


grid = np.arange(24, dtype="<f4").reshape(2, 3, 4) / 8 - 1
halves = np.array([0, -0.0, 1, -2.5, 65504, 2**-14, 2**-24, 3 * 2**-24, np.inf, -np.inf], dtype="<f2")

read = {
    "uint8": entry(np.arange(6, dtype="u1").reshape(2, 3) * 50),
    "int32": entry(np.array([[-(2**31), 2**31 - 1], [0, -1]], dtype="<i4")),
    "float32": entry(grid),
    "float32, of any bits": entry(rng.normal(size=(3, 5)).astype("<f4")),
    "float32, big-endian": entry(grid.astype(">f4")),
    "int32, big-endian": entry(np.array([1, -2, 2**31 - 1], dtype=">i4")),
    "float64": entry(grid.astype("<f8")),
    "float64, big-endian": entry(grid.astype(">f8")),
    "float16": entry(halves),
    "float16, big-endian": entry(halves.astype(">f2")),
    "bool": entry(np.array([True, False, True])),
    "int8": entry(np.array([-128, 127, 0], dtype="i1")),
    "int16": entry(np.array([-(2**15), 2**15 - 1], dtype="<i2")),
    "uint16": entry(np.array([0, 2**16 - 1], dtype="<u2")),
    "uint16, big-endian": entry(np.array([1, 2**16 - 2], dtype=">u2")),
    "uint32": entry(np.array([0, 2**31 - 1], dtype="<u4")),
    "int64": entry(np.array([-(2**31), 2**31 - 1, 0, -1], dtype="<i8")),
    "int64, big-endian": entry(np.array([-(2**31), 2**31 - 1, 0, -1], dtype=">i8")),
    "uint64": entry(np.array([0, 2**31 - 1], dtype="<u8")),
    "float32 in Fortran order": entry(np.asfortranarray(grid)),
    "int64 in Fortran order": entry(np.asfortranarray(np.arange(12, dtype="<i8").reshape(3, 4))),
    "a scalar": entry(np.array(2.5, dtype="<f4")),
    "no elements": entry(np.zeros((0, 3), dtype="<f4")),
    "one dimension": entry(np.arange(5, dtype="<f4")),
    "version 2": entry(grid, (2, 0)),
    "version 3": entry(grid, (3, 0)),
}

refused = {
    "float64 that would be rounded": npy(np.array([1, 0.1], dtype="<f8")),
    "int64 beyond int32": npy(np.array([0, 2**31], dtype="<i8")),
    "uint32 beyond int32": npy(np.array([2**32 - 1], dtype="<u4")),
    "uint64 beyond int32": npy(np.array([2**63], dtype="<u8")),
    "complex64": npy(np.zeros(2, dtype="<c8")),
    "text": npy(np.array(["cat", "dog"])),
    "records": npy(np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4", (2,))])),
    "dates": npy(np.array(["2026-01-01"], dtype="<M8[D]")),
}


def npz(save):
    file = io.BytesIO()
    save(file, x=np.arange(6, dtype="u1").reshape(2, 3), y=np.array([3, 4], dtype="<i8"), **{"ä/b": grid})
    return base64.b64encode(file.getvalue()).decode()


with open("numpy.json", "w") as file:
    json.dump(
        {
            "numpy": np.__version__,
            "read": read,
            "refused": {name: base64.b64encode(bytes_).decode() for name, bytes_ in refused.items()},
            "npz": {"stored": npz(np.savez), "compressed": npz(np.savez_compressed)},
        },
        file,
        indent=1,
    )
