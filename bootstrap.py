#!/usr/bin/env python3
"""Make `.venv` with pinned, hashed packages, the browser assets and the `jicai` command. Needs Python and nothing else.

Each part is stamped with a digest of what it is made from, so a second run does only what changed.
Usage: python3 bootstrap.py [run|dev]
"""

from __future__ import annotations

import compileall
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from kernel.assets import is_current

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def say(text: str) -> None:
    """Tell what is going on."""
    sys.stderr.write(f"· {text}\n")


def digest(*paths: Path) -> str:
    """Return one digest of several files."""
    total = hashlib.sha256(sys.version.encode())
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def fresh(stamp: Path, value: str) -> bool:
    """Say whether the stamped part is made from exactly this."""
    return stamp.exists() and stamp.read_text() == value


def packages(kind: str) -> None:
    """Install the pinned packages; a development environment also serves for running."""
    wanted = [ROOT / "requirements" / name for name in (f"{kind}.txt", "uv.txt")]
    stamp, value = VENV / "packages", digest(*wanted)
    if fresh(stamp, value) or (kind == "run" and fresh(stamp, digest(ROOT / "requirements/dev.txt", wanted[1]))):
        return
    if not PYTHON.exists():
        say("creating .venv")
        venv.create(VENV, with_pip=True)
    say("installing pinned packages")
    pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", wanted[1]]
    subprocess.check_call(pip)
    sync = [VENV / "bin/uv", "pip", "sync", "-q", "--compile-bytecode", "--require-hashes", "--python", PYTHON, *wanted]
    subprocess.check_call(sync)
    stamp.write_text(value)


def command() -> None:
    """Write `.venv/bin/jicai`."""
    target = VENV / "bin" / "jicai"
    text = f"#!{PYTHON}\nimport sys\n\nsys.path.insert(0, {str(ROOT)!r})\nfrom wsgi import cli\n\ncli()\n"
    if not target.exists() or target.read_text() != text:
        target.write_text(text)
        target.chmod(0o755)


def built() -> None:
    """Build what the browser loads and the translations."""
    if not is_current():
        subprocess.check_call([PYTHON, "-m", "kernel.assets"], cwd=ROOT)
    fragments = sorted((ROOT / "kernel/translations").glob("*/*.po"))
    stamp, value = VENV / "translations", digest(*fragments)
    compiled = list((ROOT / "kernel/translations").glob("*/LC_MESSAGES/messages.mo"))
    if not (fresh(stamp, value) and compiled):
        subprocess.check_call([PYTHON, "-m", "kernel.i18n"], cwd=ROOT)
        stamp.write_text(value)


def compiled() -> None:
    """Write the bytecode, so that starts are quick also where Python was told not to write it."""
    for name in ("kernel", "catalogue", "importers", "pricing", "procurement"):
        compileall.compile_dir(ROOT / name, quiet=2)


def main() -> None:
    """Do what is missing."""
    packages(sys.argv[1] if len(sys.argv) > 1 else "run")
    command()
    built()
    compiled()


if __name__ == "__main__":
    main()
