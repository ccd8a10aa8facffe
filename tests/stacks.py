"""Stacks of padded, strided, dilated correlations: as claim text, and as polynomials in their entries by plain loops.

Nothing here comes from the package.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product

Polynomial = Counter[tuple[str, ...]]
"""A monomial is a sorted tuple of entries."""
Sizes = dict[str, int]


@dataclass(frozen=True)
class Layer:
    """A strided correlation of a padded tensor; its kernel is the convolution of all (name, taps, dilation)."""

    kernel: tuple[tuple[str, str, int], ...]
    stride: int = 1
    left: str = "0"
    right: str = "0"

    @property
    def last(self) -> str:
        """The last tap of the whole kernel."""
        return " + ".join(f"{d}*({taps} - 1)" for _, taps, d in self.kernel)

    def extent(self, before: str) -> str:
        return f"(({before} + {self.left} + {self.right} - ({self.last}) - 1)//{self.stride} + 1)"

    def of(self, x: list[Polynomial], sizes: Sizes) -> list[Polynomial]:
        left, right, last = (eval(p, {}, dict(sizes)) for p in (self.left, self.right, self.last))
        zero: Polynomial = Counter()
        padded = [zero] * left + x + [zero] * right
        out: list[Polynomial] = []
        for first in range(0, len(padded) - last, self.stride):
            total: Polynomial = Counter()
            for taps in product(*(range(sizes[c]) for _, c, _ in self.kernel)):
                place = first + sum(d * a for a, (_, _, d) in zip(taps, self.kernel, strict=True))
                names = [f"{k}{a}" for a, (k, _, _) in zip(taps, self.kernel, strict=True)]
                for monomial, c in padded[place].items():
                    total[tuple(sorted((*monomial, *names)))] += c
            out.append(total)
        return out


Stack = tuple[Layer, ...]


def spelled(layers: Stack, tag: str) -> tuple[str, list[str]]:
    """The stack at index n with every window written out, and that every layer has an output."""
    extent, extents = "N", list[str]()
    for layer in layers:
        extent = layer.extent(extent)
        extents.append(extent)

    def at(j: str, level: int) -> str:
        if not level:
            return f"x[{j}]"
        layer = layers[level - 1]
        taps = [(f"{tag}{level}{i}", *factor) for i, factor in enumerate(layer.kernel)]
        place = f"{layer.stride}*({j}) - ({layer.left})" + "".join(f" + {d}*{a}" for a, _, _, d in taps)
        window = f"iverson({j} >= 0)*iverson({j} <= {extents[level - 1]} - 1)"
        entries = "*".join(f"{k}[{a}]" for a, k, _, _ in taps)
        ranges = " ".join(f"for {a} in range({c})" for a, _, c, _ in taps)
        return f"{window}*sum({entries}*{at(place, level - 1)} {ranges})"

    return at("n", len(layers)), [f"{e} >= 1" for e in extents]


def outputs(layers: Stack, sizes: Sizes) -> list[Polynomial]:
    tensor: list[Polynomial] = [Counter({(f"x{i}",): 1}) for i in range(sizes["N"])]
    for layer in layers:
        tensor = layer.of(tensor, sizes)
    return tensor


def layered(layers: Stack) -> str:
    """The stack as layers of a padded tensor."""
    e = "x"
    for layer in layers:
        kernels = [k if d == 1 else f"up({k}, {d})" for k, _, d in layer.kernel]
        kernel = kernels[0] if len(kernels) == 1 else f"conv({kernels[0]}, {kernels[1]})"
        kernel = kernel if len(kernels) < 3 else f"conv({kernel}, {kernels[2]})"
        pad = f"padding={layer.left}" if layer.left == layer.right else ""
        x = e if pad else f"pad({e}, ({layer.left}, {layer.right}))"
        e = f"conv1d({', '.join(filter(None, (x, kernel, f'stride={layer.stride}', pad)))})"
    return e
