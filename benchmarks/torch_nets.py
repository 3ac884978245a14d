# The networks of benchmarks/nets.mjs in PyTorch, for torch_dcgan.py (cpu) and torch_cuda.py (GPU).
import torch
from torch import nn
from torch_gan import LATENT

class ToImage(nn.Module):
    def __init__(self, channels, size):
        super().__init__()
        self.shape = (channels, size, size)

    def forward(self, x):
        return x.view(-1, *self.shape).contiguous(memory_format=torch.channels_last)


def generator(net):
    start, channels, hidden, image, kernel = {
        "dcgan28": (7, 256, [(128, 1), (64, 2)], 1, 5),
        "dcgan64": (4, 512, [(256, 2), (128, 2), (64, 2)], 3, 4),
    }[net]
    # Keras' momentum 0.8 is PyTorch's 0.2.
    norm = {"eps": 1e-3, "momentum": 0.2}
    layers = [nn.Linear(LATENT, start * start * channels, bias=False), nn.BatchNorm1d(start * start * channels, **norm)]
    layers += [nn.ReLU(), ToImage(channels, start)]

    def transposed(filters, stride, bias):
        padding = 2 if kernel == 5 else 1
        extra = 1 if kernel == 5 and stride == 2 else 0
        return nn.ConvTranspose2d(channels, filters, kernel, stride, padding, extra, bias=bias)

    for filters, stride in hidden:
        layers += [transposed(filters, stride, False), nn.BatchNorm2d(filters, **norm), nn.ReLU()]
        channels = filters
    return nn.Sequential(*layers, transposed(image, 2, True), nn.Tanh())


def discriminator(net):
    if net == "dcgan28":
        down = [(1, 64), (64, 128)]
        layers = []
        for inputs, filters in down:
            layers += [nn.Conv2d(inputs, filters, 5, 2, 2), nn.LeakyReLU(0.2), nn.Dropout(0.3)]
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(7 * 7 * 128, 1))
    layers = [nn.Conv2d(3, 64, 4, 2, 1), nn.LeakyReLU(0.2)]
    for inputs, filters in [(64, 128), (128, 256), (256, 512)]:
        layers += [nn.Conv2d(inputs, filters, 4, 2, 1, bias=False), nn.BatchNorm2d(filters, eps=1e-3, momentum=0.2)]
        layers += [nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4 * 4 * 512, 1))


def dcgan(net, rows=2048):
    """Both players and images, channels last, as `Gan` takes them."""
    shape = (1, 28, 28) if net == "dcgan28" else (3, 64, 64)
    images = (torch.rand(rows, *shape) * 2 - 1).contiguous(memory_format=torch.channels_last)
    players = [player(net).to(memory_format=torch.channels_last) for player in (generator, discriminator)]
    return {"images": images, "players": players}
