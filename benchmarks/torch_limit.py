# Upper bounds of a GPU, by PyTorch. Usage: torch_limit.py <bytes of state> <highest clock of a multiprocessor in MHz>;
# prints {gflops, copyGBs, memoryGBs} as JSON. `gflops` is arithmetic, not measured: float32 multiply-adds per clock.
# `copyGBs` copies as many bytes as the step goes through, which the cache may hold; `memoryGBs` a gigabyte, which it
# cannot. Both count bytes read and bytes written.
import json
import sys

import torch

state_bytes, megahertz = int(sys.argv[1]), float(sys.argv[2])
gpu = torch.cuda.get_device_properties(0)
# CUDA C++ Programming Guide, "Arithmetic Instructions": float32 multiply-adds per clock and multiprocessor.
per_clock = 64 if (gpu.major, gpu.minor) in [(7, 0), (7, 5), (8, 0)] else 128


def copied_gbs(size, copies):
    source = torch.rand(size // 8, device="cuda")
    target = torch.empty_like(source)
    times = []
    for _ in range(10):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        for _ in range(copies):
            target.copy_(source)
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end) / copies)
    return 2 * source.nbytes / 1e6 / sorted(times)[len(times) // 2]


print(
    json.dumps(
        {
            "gflops": round(gpu.multi_processor_count * per_clock * 2 * megahertz / 1e3),
            "copyGBs": round(copied_gbs(state_bytes, 100)),
            "memoryGBs": round(copied_gbs(2**30, 5)),
        }
    )
)
