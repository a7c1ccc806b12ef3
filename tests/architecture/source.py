"""The project's own sources, read as text and as trees."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kernel", "catalogue", "pricing", "procurement", "importers")


@cache
def tracked() -> tuple[str, ...]:
    """Files of the tree: tracked and new ones, without what git ignores."""
    listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True)
    return tuple(name for name in listed.splitlines() if (ROOT / name).is_file())


@cache
def modules() -> tuple[Path, ...]:
    """Python files of the packages, migrations' versions left out."""
    names = [n for n in tracked() if n.endswith(".py") and n.split("/")[0] in PACKAGES and "/versions/" not in n]
    return tuple(ROOT / name for name in names)


@cache
def tree(path: Path) -> ast.Module:
    """Parse a file once."""
    return ast.parse(path.read_text("utf-8"), str(path))


def dotted(path: Path) -> str:
    """Return a file's module name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def shown(path: Path) -> str:
    """Return a file's name for messages."""
    return str(path.relative_to(ROOT))
