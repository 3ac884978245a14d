# Makes pytorch-dcgan.safetensors, the state dict of a small generator as PyTorch's DCGAN tutorial has it, and pytorch-dcgan.json, what
# it makes of noise, for test/models/pytorch-weights.test.ts. Run: python make_pytorch_weights.py (needs torch and safetensors).
import json

import torch
from golden import tensor
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(5)
width, latent, channels = 4, 6, 3


def block(inputs, outputs, stride, padding):
    return [nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(True)]


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            *block(latent, width * 4, 1, 0), *block(width * 4, width * 2, 2, 1), *block(width * 2, width, 2, 1),
            nn.ConvTranspose2d(width, channels, 4, 2, 1, bias=False), nn.Tanh(),
        )

    def forward(self, noise):
        return self.main(noise)


generator = Generator()
for _ in range(3):  # moves the statistics
    generator(torch.randn(8, latent, 1, 1))
generator.eval()
noise = torch.randn(2, latent, 1, 1)
with torch.no_grad():
    images = generator(noise)
save_file(generator.state_dict(), "pytorch-dcgan.safetensors")
with open("pytorch-dcgan.json", "w") as file:
    # Channels last, as here.
    json.dump({"noise": tensor(noise.permute(0, 2, 3, 1)), "images": tensor(images.permute(0, 2, 3, 1))}, file)
    file.write("\n")
