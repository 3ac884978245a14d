# Makes hdf5.json: files that h5py and Keras made, with what h5py finds in them as JSON; both deflated, as base64.
# Run: python make_hdf5.py > hdf5.json (needs h5py, keras and tensorflow).
import base64
import io
import json
import os
import sys
import tempfile
import zipfile
import zlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import h5py
import ml_dtypes
import numpy as np
from h5py import h5a, h5d, h5f, h5p, h5s, h5t

rng = np.random.default_rng(1)


def packed(data):
    return base64.b64encode(zlib.compress(data, 9)).decode()


def value_of(attribute):
    """As JSON; null for what is not read."""
    if isinstance(attribute, h5py.Empty):
        return []
    if isinstance(attribute, (str, bytes)):
        return attribute if isinstance(attribute, str) else attribute.decode()
    array = np.asarray(attribute)
    if isinstance(attribute, h5py.Reference) or array.dtype.kind not in "biufSO" or array.dtype.names:
        return None
    values = [x.decode() if isinstance(x, bytes) else x for x in array.ravel().tolist()]
    return values if array.ndim else values[0]


def attributes_of(object_):
    found = {}
    for name in object_.attrs:
        try:
            found[name] = value_of(object_.attrs[name])
        except (TypeError, OSError):
            found[name] = None
        kind = object_.attrs.get_id(name).get_type()
        if isinstance(kind, h5t.TypeStringID) and kind.get_strpad() == h5t.STR_SPACEPAD:
            found[name] = found[name].rstrip(" ")
    return found


def content(object_):
    if isinstance(object_, h5py.Group):
        members = [(name, content(object_[name])) for name in object_]
        return {"attributes": attributes_of(object_), "members": [[name, member] for name, member in members if member]}
    if not isinstance(object_, h5py.Dataset):
        return None
    values = object_[()]
    if object_.attrs.get("dtype") == "bfloat16":
        values = values.view(ml_dtypes.bfloat16).astype("float32")
    values = np.asarray(values)
    return {
        "attributes": attributes_of(object_),
        "shape": list(object_.shape),
        "values": [float(x) if np.isfinite(x) else "Infinity" if x > 0 else "-Infinity" for x in values.astype("<f8").ravel().tolist()],
    }


def entry(data, with_content=True):
    found = {"file": packed(data)}
    if with_content:
        with h5py.File(io.BytesIO(data), "r") as file:
            found["content"] = packed(json.dumps(content(file)).encode())
    return found


def written(fill, **options):
    """The bytes of a file that `fill` writes into."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.h5")
        with h5py.File(path, "w", **options) as file:
            fill(file)
        with open(path, "rb") as file:
            return file.read()


def types(file):
    numbers = np.array([0, 1, 2, 127])
    for name in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
        for order in "<>":
            file[f"{'big ' if order == '>' else ''}{name}"] = numbers.astype(order + name)
    file["negative"] = np.array([-1, -(2**31), 2**31 - 1], dtype="<i8")
    file["halves"] = np.array([0.5, -65504, 2**-24, np.inf, -np.inf], dtype="<f2")
    file["bool"] = np.array([True, False, True])
    x = file.create_dataset("bfloat16", data=np.array([1, -2.5, 3e38], dtype=ml_dtypes.bfloat16))
    x.attrs["dtype"] = "bfloat16"
    file["scalar"] = np.float32(2.5)
    file["no elements"] = np.zeros((0, 3), "<f4")
    file["grid"] = rng.normal(size=(2, 3, 4)).astype("<f4")
    file.create_dataset("never written", shape=(3, 2), dtype="<f4")
    file.create_dataset("filled", shape=(3, 2), dtype="<f4", fillvalue=1.5)
    file["named type"] = np.dtype("<i2")
    file.create_dataset("of a named type", data=[1, 2], dtype=file["named type"])
    file["of a named type"].attrs.create("x", [3, 4], dtype=file["named type"])
    colours = h5py.enum_dtype({"red": 3, "green": 4, "blue": 5}, basetype="i1")
    file.create_dataset("colours", data=np.array([3, 5], "i1"), dtype=colours)


def text_attribute(object_, name, text, padding, size):
    kind = h5t.C_S1.copy()
    kind.set_size(size)
    kind.set_strpad(padding)
    attribute = h5a.create(object_.id, name.encode(), kind, h5s.create(h5s.SCALAR))
    attribute.write(np.array(text, f"S{size}"), mtype=kind)


def attributes(file):
    a = file.attrs
    a["text"] = "grüße"
    a["no text"] = ""
    a["texts"] = ["a", "", "ccc"]
    a["bytes"] = np.bytes_(b"fixed")
    a["list of bytes"] = np.array([b"a", b"bcd", b""])
    a["empty list"] = []
    a["empty"] = h5py.Empty("f4")
    a["whole"] = 7
    a["negative"] = np.int16(-3)
    a["large"] = np.int64(2**53 - 1)
    a["real"] = 0.1
    a["half"] = np.float16(0.5)
    a["big-endian"] = np.array([1, 2], ">i4")
    a["matrix"] = np.arange(6, dtype="f4").reshape(2, 3)
    a["true"] = True
    a["bools"] = [True, False]
    a["ünïcode"] = 1
    a["complex"] = 1 + 2j
    a["record"] = np.zeros(1, [("x", "f4")])[0]
    a["reference"] = file.ref
    text_attribute(file, "terminated", "abc", h5t.STR_NULLTERM, 8)
    text_attribute(file, "padded", "abc", h5t.STR_NULLPAD, 3)
    text_attribute(file, "spaced", "abc     ", h5t.STR_SPACEPAD, 8)
    group = file.create_group("many")
    for i in range(60):
        group.attrs[f"a{i:02}"] = i


def links(file):
    file["a/b/x"] = np.arange(3, dtype="<f4")
    file["a/same"] = file["a/b/x"]
    file["soft"] = h5py.SoftLink("/a/b/x")
    file["a/relative"] = h5py.SoftLink("b/x")
    file["grüße"] = np.int32(1)


def many(file):
    group = file.create_group("many")
    for i in range(2100):
        group[f"x{(i * 997) % 2100}"] = np.uint8(i % 251)
    file.create_group("none")


def in_order(file):
    group = file.create_group("few", track_order=True)
    for name in ["z", "a", "m"]:
        group[name] = np.uint8(1)
        group.attrs[name] = name
    group = file.create_group("many", track_order=True)
    for i in range(40):
        group[f"x{(i * 7) % 40}"] = np.uint8(i)
        group.attrs[f"x{(i * 7) % 40}"] = i


def large_attributes(file):
    group = file.create_group("group")
    group.attrs["short"] = "short"
    group.attrs["large"] = np.bytes_(b"0123456789" * 7000)
    group.attrs["middle"] = np.bytes_(b"abcdefghij" * 300)


def created(file, name, shape, dtype, max_shape=None, change=None):
    """A dataset with settings that h5py has no options for."""
    settings = h5p.create(h5p.DATASET_CREATE)
    change(settings)
    h5d.create(file.id, name.encode(), h5t.py_create(np.dtype(dtype)), h5s.create_simple(shape, max_shape), settings)
    return file[name]


def compact(file):
    x = created(file, "compact", (3, 2), "<f4", change=lambda s: s.set_layout(h5d.COMPACT))
    x[...] = np.arange(6).reshape(3, 2) / 4


def early(settings):
    settings.set_chunk((2, 2))
    settings.set_alloc_time(h5d.ALLOC_TIME_EARLY)


def chunks(file):
    grid = np.round(rng.normal(size=(7, 10)) * 8).astype("<f4") / 8
    small = dict(data=grid, chunks=(3, 4))
    file.create_dataset("plain", **small)
    file.create_dataset("deflated", **small, compression="gzip")
    file.create_dataset("shuffled", **small, compression="gzip", shuffle=True)
    file.create_dataset("checked", **small, compression="gzip", shuffle=True, fletcher32=True)
    file.create_dataset("only checked", **small, fletcher32=True)
    file.create_dataset("one chunk", data=grid, chunks=(7, 10))
    file.create_dataset("one deflated chunk", data=grid, chunks=(7, 10), compression="gzip")
    file.create_dataset("growing", **small, maxshape=(None, 10))
    file.create_dataset("growing, deflated", **small, maxshape=(None, 10), compression="gzip")
    file.create_dataset("growing sideways", **small, maxshape=(20, None))
    file.create_dataset("growing everywhere", **small, maxshape=(None, None))
    file.create_dataset("growing everywhere, deflated", **small, maxshape=(None, None), compression="gzip")
    file.create_dataset("room to grow", **small, maxshape=(20, 30))
    file.create_dataset("cube", data=rng.integers(0, 99, (4, 5, 6)).astype(">i2"), chunks=(2, 3, 4), compression="gzip")
    file.create_dataset("halves", data=grid.astype("<f2"), chunks=(2, 2), shuffle=True)
    x = file.create_dataset("gaps", shape=(20, 20), chunks=(3, 3), dtype="<i4", fillvalue=-7)
    x[4:6, 10:15] = 5
    x = file.create_dataset("smaller", data=grid, chunks=(3, 4), maxshape=(None, None))
    x.resize((4, 3))
    x = created(file, "implicit", (5, 7), "<f4", change=early)
    x[...] = np.arange(35).reshape(5, 7)
    x = created(file, "implicit with room", (5, 7), "<f4", (9, 9), early)
    x[...] = np.arange(35).reshape(5, 7)


def many_chunks(file):
    file.create_dataset("line", data=np.arange(150, dtype="<i2"), chunks=(1,))
    file.create_dataset("growing line", data=np.arange(150, dtype="<i2"), chunks=(1,), maxshape=(None,))
    file.create_dataset("growing grid", data=np.arange(600, dtype="<i2").reshape(20, 30), chunks=(1, 1), maxshape=(None, None))


def pages(file):
    x = file.create_dataset("line", shape=(3000,), dtype="u1", chunks=(1,))
    x[5] = x[2500] = 3
    x = file.create_dataset("growing line", shape=(135000,), dtype="u1", chunks=(1,), maxshape=(None,))
    x[3] = x[134999] = 4


def assorted(file):
    """A little of everything, for tests that damage it."""
    file.attrs["text"] = "text"
    file.attrs["texts"] = np.array([b"a", b"bcd"])
    file.attrs["number"] = 0.5
    grid = np.arange(12, dtype="<f4").reshape(3, 4)
    file["plain"] = grid
    small = dict(data=grid, chunks=(2, 2))
    file.create_dataset("filtered", **small, compression="gzip", shuffle=True, fletcher32=True)
    file.create_dataset("growing", **small, maxshape=(None, 4))
    file.create_dataset("growing everywhere", **small, maxshape=(None, None), compression="gzip")
    file.create_dataset("halves", data=[0.5, 1], dtype="<f2").attrs["true"] = True
    x = created(file, "compact", (2,), "<i4", change=lambda s: s.set_layout(h5d.COMPACT))
    x[...] = [1, 2]
    group = file.create_group("group", track_order=True)
    for i in range(9):
        group[f"x{i}"] = file["plain"]
        group.attrs[f"x{i}"] = i
    group["soft"] = h5py.SoftLink("/plain")


def sizes(change):
    settings = h5p.create(h5p.FILE_CREATE)
    change(settings)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.h5")
        with h5py.File(h5f.create(path.encode(), h5f.ACC_TRUNC, fcpl=settings)) as file:
            links(file)
            file.attrs["text"] = "text"
            chunks(file)
        with open(path, "rb") as file:
            return file.read()


def external_link(file):
    file["x"] = h5py.ExternalLink("other.h5", "/x")


def twice(file):
    file["a/x"] = np.uint8(1)
    file["b"] = file["a"]


def circle(file):
    file["a/b/x"] = np.uint8(1)
    file["a/b/a"] = file["a"]


def nowhere(file):
    file["x"] = h5py.SoftLink("/none")


def to_group(file):
    file.create_group("a")
    file["x"] = h5py.SoftLink("/a")


def deep(file):
    file["/".join(["g"] * 120)] = np.uint8(1)


def only(**options):
    return lambda file: file.create_dataset("x", **options)


def virtual(file):
    layout = h5py.VirtualLayout(shape=(3,), dtype="f4")
    layout[...] = h5py.VirtualSource("other.h5", "x", shape=(3,))
    file.create_virtual_dataset("x", layout)


def external(file):
    file.create_dataset("x", shape=(3,), dtype="<f4", external=[("x.bin", 0, 12)])


def keras_files():
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(2, 3, name="conv"),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5, seed=3),
            keras.Sequential([keras.layers.Dense(3, activation="relu"), keras.layers.Dense(2)]),
        ]
    )
    model.compile("adam", "mse")
    model.fit(np.zeros((4, 8, 8, 1)), np.zeros((4, 2)), verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("a.keras", "a.h5")]
        stderr = sys.stderr
        for path in paths:
            model.save(path)
        sys.stderr = stderr
        with zipfile.ZipFile(paths[0]) as archive, open(paths[1], "rb") as old:
            return {"Keras 3, weights": entry(archive.read("model.weights.h5")), "Keras, legacy": entry(old.read())}


read = {}
for version in ("earliest", "latest"):
    for fill in (types, attributes, links, many, in_order, compact, chunks, many_chunks, pages, assorted):
        read[f"{fill.__name__.replace('_', ' ')}, {version}"] = entry(written(fill, libver=version))
read["large attributes, latest"] = entry(written(large_attributes, libver="latest"))
read["links, version 1.8"] = entry(written(links, libver=("v108", "v108")))
read["behind a block of the user's"] = entry(written(links, userblock_size=1024))
read["short addresses"] = entry(sizes(lambda settings: settings.set_sizes(4, 4)))
read |= keras_files()

refused = {
    name: entry(written(fill, **options), False)["file"]
    for name, fill, options in [
        ("a link into another file", external_link, {}),
        ("a group in two places", twice, {}),
        ("a group in itself", circle, {}),
        ("a link that leads nowhere", nowhere, {}),
        ("a link to a group", to_group, {}),
        ("groups that are nested too deep", deep, {}),
        ("lzf", only(data=np.arange(100), compression="lzf"), {}),
        ("scaleoffset", only(data=np.arange(100), scaleoffset=0), {}),
        ("elements in other datasets", virtual, {"libver": "latest"}),
        ("elements in other files", external, {}),
        ("texts", only(data=["a", "b"]), {}),
        ("records", only(data=np.zeros(2, [("x", "f4")])), {}),
        ("float64 that would be rounded", only(data=[1, 0.1]), {}),
        ("int64 beyond int32", only(data=np.array([0, 2**31])), {}),
        ("complex64", only(data=np.zeros(2, "c8")), {}),
    ]
}

json.dump({"h5py": h5py.__version__, "hdf5": h5py.version.hdf5_version, "read": read, "refused": refused}, sys.stdout, indent=1)
