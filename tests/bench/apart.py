"""A measurement in a process of its own: its time, its peak memory and that of the processes it started."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by part, and peaks in MB; `child` is the largest process that the measured one started.

    `cpu` are the processor's seconds of both: they say more where the machine has other work. A server's are not among
    them.
    """

    parts: tuple[float, ...]
    cpu: float
    own: int
    child: int

    @property
    def seconds(self) -> float:
        """All parts together."""
        return sum(self.parts)


class Watch:
    """Seconds from lap to lap; what happens before `start` and between `stop` and `start` does not count."""

    def __init__(self) -> None:
        self.parts: list[float] = []
        self.cpu = self.begun = self.used = 0.0

    def start(self) -> None:
        """Begin a part."""
        self.begun, self.used = time.perf_counter(), _cpu()

    def stop(self) -> None:
        """End a part."""
        self.parts.append(time.perf_counter() - self.begun)
        self.cpu += _cpu() - self.used


def _measured(act: Callable[..., None], arguments: tuple[Any, ...]) -> Took:
    watch = Watch()
    act(watch, *arguments)
    return Took(
        tuple(watch.parts), watch.cpu, _own_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    )


def _cpu() -> float:
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _own_peak() -> int:
    """Return this process's peak: the kernel's maxrss would count what the starting process held."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) >> 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def apart(act: Callable[..., None], *arguments: Any) -> Took:
    """Run an act that takes a watch and the arguments in a fresh interpreter."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (act, arguments))


def middle(runs: list[Took]) -> Took:
    """Return the run of median length."""
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
