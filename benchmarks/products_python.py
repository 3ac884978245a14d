# Times matrix products on one thread. Usage: products_python.py torch|numpy; answers each line { form, shape } on its input
# with the GFLOP/s, the best of some runs.
import json
import os
import sys
import time

for library in ["OMP", "MKL", "OPENBLAS"]:
    os.environ[f"{library}_NUM_THREADS"] = "1"

RUN_SECONDS = 0.02
RUNS = 5


def numpy_product(form, m, k, n):
    import numpy

    matrix = lambda rows, columns: numpy.random.rand(rows, columns).astype(numpy.float32)
    a = matrix(k, m).T if form[0] == "t" else matrix(m, k)
    b = matrix(n, k).T if form[1] == "t" else matrix(k, n)
    c = numpy.empty((m, n), numpy.float32)
    return lambda: numpy.matmul(a, b, out=c)


def torch_product(form, m, k, n):
    import torch

    torch.set_num_threads(1)
    a = torch.rand(k, m).t() if form[0] == "t" else torch.rand(m, k)
    b = torch.rand(n, k).t() if form[1] == "t" else torch.rand(k, n)
    c = torch.empty(m, n)
    return lambda: torch.mm(a, b, out=c)


def seconds_of(multiply, times):
    start = time.perf_counter()
    for _ in range(times):
        multiply()
    return (time.perf_counter() - start) / times


make = {"numpy": numpy_product, "torch": torch_product}[sys.argv[1]]
for line in sys.stdin:
    product = json.loads(line)
    m, k, n = product["shape"]
    multiply = make(product["form"], m, k, n)
    flops = 2 * m * k * n
    times = max(1, int(RUN_SECONDS / seconds_of(multiply, max(1, int(1e7 / flops)))) + 1)
    print(flops / min(seconds_of(multiply, times) for _ in range(RUNS)) / 1e9, flush=True)
