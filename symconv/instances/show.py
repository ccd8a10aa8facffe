"""An instance as text and as plain data."""

from __future__ import annotations

from typing import Any

from symconv.expr import text
from symconv.instances.instance import OUTPUTS, Instance


def as_text(instance: Instance) -> str:
    """Sizes, kernel, outputs and the comparison, for the terminal."""
    samples = {} if instance.samples is None else {"N": instance.samples}
    sizes = ", ".join(f"{n}={v}" for n, v in {**instance.integers, **samples}.items())
    lines = [text.claim(instance.statement), f"with {sizes}" if sizes else "no sizes to choose"]
    if instance.kernel:
        lines.append("the collected kernel:")
        lines += [f"  K[{_place(p)}] = {v}" for p, v in instance.kernel]
    shown = [o for o in instance.outputs if o.left != 0 or o.right != 0 or not o.equal][:OUTPUTS]
    lines.append("the outputs that are not zero:" if len(shown) < len(instance.outputs) else "every output:")
    for o in shown:
        at = f"  [{_place(o.place)}]" if o.place else "  value"
        lines.append(f"{at} = {o.left}" if o.equal else f"{at}: left {o.left}, right {o.right}   DIFFERENT")
    hidden = sum(o.left != 0 or o.right != 0 for o in instance.outputs) - len(shown)
    if hidden > 0:
        lines.append(f"  … and {hidden} more")
    count = len(instance.outputs)
    same = sum(o.equal for o in instance.outputs)
    lines.append(f"{same} of {count} outputs agree, coefficient by coefficient")
    return "\n".join(lines)


def as_data(instance: Instance) -> dict[str, Any]:
    """The same as one JSON object."""
    return {
        "statement": text.claim(instance.statement),
        "integers": {**instance.integers, **({} if instance.samples is None else {"N": instance.samples})},
        "agrees": instance.agrees,
        "kernel": [{"at": list(p), "value": str(v)} for p, v in instance.kernel],
        "outputs": [{"at": list(o.place), "left": str(o.left), "right": str(o.right), "equal": o.equal}
                    for o in instance.outputs],
    }  # fmt: skip


def _place(p: tuple[int, ...]) -> str:
    return ", ".join(map(str, p))
