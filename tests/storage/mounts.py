"""Small file systems for tests that need one of their own. They need root, and say so where there is none."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: mounts a small file system")

Mount = Callable[..., Path]

_MAKE = {"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"]}


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Mount]:
    """Mount a small file system: ``mounted("tmpfs", "64k")``, ``mounted("ext4", "4M")``, or an image again."""
    points: list[Path] = []

    def mount(kind: str, size: str, image: Path | None = None) -> Path:
        point = tmp_path / f"mnt-{len(points)}"
        point.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(point)]
        if kind != "tmpfs":
            image = image or tmp_path / f"image-{len(points)}"
            if not image.exists():
                run("truncate", "-s", size, str(image))
                run(*_MAKE[kind], str(image))
            command = ["mount", "-o", "loop", str(image), str(point)]
        run(*command)
        points.append(point)
        return point

    yield mount
    for point in points:
        subprocess.run(["umount", "-l", str(point)], check=False, capture_output=True)


def run(*command: str) -> None:
    """Run a command of the system; where it is missing or refused, the test is skipped with the reason."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip(f"there is no {command[0]} here")
    if done.returncode:
        pytest.skip(f"{' '.join(command)} is refused here: {done.stderr.strip()[:200]}")
