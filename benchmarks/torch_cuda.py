# The article's step in PyTorch on a GPU, its data there too, with the networks of one of benchmarks/nets.mjs.
# Usage: torch_cuda.py <eager|compiled|graph> [options].
#   eager      as people write it
#   compiled   torch.compile(mode="reduce-overhead"), fused Adam
#   graph      the whole step captured as one CUDA graph, fused and capturable Adam; nothing is read back
# Prints a line of JSON per batch and precision, as soon as it is measured. `--device cpu` runs all but graph without a GPU.
import argparse
import json
import time

import torch
from torch_gan import Gan
from torch_nets import dcgan

parser = argparse.ArgumentParser()
parser.add_argument("mode", choices=["eager", "compiled", "graph"])
parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
parser.add_argument("--net", choices=["mlp", "dcgan28", "dcgan64"], default="mlp")
parser.add_argument("--batches", default="32,64,128,512")
parser.add_argument("--precisions", default="float32,tf32", help="of matrix products")
parser.add_argument("--seconds", type=float, default=1.5, help="of each row, after warming up")
parser.add_argument("--runs", type=int, default=7, help="of which the median counts")
parser.add_argument("--warm-up", type=int, default=30, help="steps")
options = parser.parse_args()
on_gpu = options.device == "cuda"


def prepare(batch):
    """The function that runs a step and returns its losses."""
    networks = {} if options.net == "mlp" else dcgan(options.net)
    if options.mode == "eager":
        return Gan(batch, options.device, **networks).step
    if options.mode == "compiled":
        torch._dynamo.reset()
        gan = Gan(
            batch,
            options.device,
            compile=lambda function: torch.compile(function, mode="reduce-overhead", dynamic=False),
            adam={"fused": True},
            **networks,
        )

        def step():
            torch.compiler.cudagraph_mark_step_begin()
            return gan.step()

        return step
    return capture(Gan(batch, options.device, adam={"fused": True, "capturable": True}, **networks))


def capture(gan):
    """As PyTorch's notes on CUDA graphs say: some steps on another stream first, then a step under capture."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(5):
            gan.step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        losses = gan.step()

    def step():
        graph.replay()
        return losses

    return step


def time_steps(step, count):
    """Microseconds per step, and the losses of the last."""
    if not on_gpu:
        start = time.perf_counter()
        for _ in range(count):
            losses = step()
        return 1e6 * (time.perf_counter() - start) / count, losses
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    torch.cuda.synchronize()
    begin.record()
    for _ in range(count):
        losses = step()
    end.record()
    torch.cuda.synchronize()
    return 1e3 * begin.elapsed_time(end) / count, losses


def measure(batch, precision):
    torch.set_float32_matmul_precision({"float32": "highest", "tf32": "high"}[precision])
    torch.backends.cudnn.allow_tf32 = precision == "tf32"
    # The fastest engine for each shape, found while warming up.
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(1)
    step = prepare(batch)
    time_steps(step, options.warm_up)
    estimate, _ = time_steps(step, max(2, options.warm_up // 3))
    count = max(2, int(1e6 * options.seconds / options.runs / estimate))
    runs = []
    for _ in range(options.runs):
        us, losses = time_steps(step, count)
        runs.append(us)
    on_real, on_fake, g_loss = (loss.item() for loss in losses)
    us = sorted(runs)[len(runs) // 2]
    row = {"who": f"torch {options.mode}", "device": options.device, "preset": options.net, "batch": batch}
    figures = {"precision": precision, "stepUs": round(us, 2), "samplesPerSecond": round(1e6 * batch / us), "steps": count * options.runs}
    losses = {"dLoss": round((on_real + on_fake) / 2, 4), "gLoss": round(g_loss, 4)}
    print(json.dumps(row | figures | losses), flush=True)


for batch in map(int, options.batches.split(",")):
    for precision in options.precisions.split(","):
        measure(batch, precision)
