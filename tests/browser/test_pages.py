"""Every page a role can reach by clicking, in a real browser: two widths, two languages, no fault of any kind.

Each role's pages are found by following links from the first page: one of each kind, three where its stages differ, so
that a list of forty varieties counts as one page and one record. Each kind is drawn, in both languages and widths and
with the accessibility checker, at whoever comes first, and again where its stages differ; later roles fetch it, so that
every link a role is shown leads to a page it may see. What is wrong is collected and told together.
"""

from __future__ import annotations

import html
import pathlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Error, Page

from importers.demo.parties import PASSWORD
from tests.browser.conftest import Person, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-pages")]

ROLES = ("agency", "hospital", "pharmacy", "company", "bureau", "supervisor", "system", "security", "")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
IN_STAGES = re.compile(r"^/procurement/(rounds|demand|bids)/N$")
FILES = re.compile(r"/(template|export|workbook|file|files/\d+)$|\.(csv|xlsx|json|toml)$")
LEFT_OUT = re.compile(r"^/(language|static|api|health)(/|$)|\?(?!tab=)")
CHECKED: set[str] = set()
IN_ENGLISH: set[str] = set()
TAGS = '{runOnly: {type: "tag", values: ["wcag2a", "wcag2aa"]}, resultTypes: ["violations"]}'
LINKS = "() => [...document.querySelectorAll('a[href]')].map(a => a.href)"
OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth, room = window.innerWidth;
  if (wide <= room) return "";
  const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > room + 1);
  return `${wide} px wide: ` + out.slice(0, 3).map(e => e.tagName + "." + e.className).join(", ");
}"""
VIOLATIONS = f"""async () => (await axe.run(document, {TAGS})).violations.map(
  v => `${{v.id}}: ` + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + (n.any[0]?.message || "")).join(" | ")
)"""


@dataclass(slots=True)
class Walk:
    """What is still to be seen, and what was wrong with what has been."""

    someone: Person
    waiting: list[str] = field(default_factory=lambda: ["/"])
    seen: dict[str, None] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def next(self) -> Iterator[str]:
        """Yield addresses until there is nothing new."""
        while self.waiting:
            path = self.waiting.pop(0)
            like = kind(path)
            if path in self.seen or self.kinds[like] >= (3 if IN_STAGES.search(like) else 1):
                continue
            self.kinds[like] += 1
            self.seen[path] = None
            yield path

    def follow(self, addresses: Iterable[str]) -> None:
        """Keep addresses of this site for later."""
        for address in addresses:
            whole = urldefrag(address).url
            path = whole.removeprefix(self.someone.site.url)
            if path != whole and not LEFT_OUT.search(path):
                self.waiting.append(path)

    def note(self, path: str, where: str, said: str) -> None:
        """Keep a fault."""
        if said:
            self.faults.append(f"{path} [{where}] {said}")


def kind(path: str) -> str:
    """Return an address without its numbers and codes: pages of one kind share it."""
    return re.sub(r"/[^/?]*\d[^/?]*", "/N", path)


@pytest.mark.parametrize("login", ROLES)
def test_no_page_that_a_role_can_reach_has_a_fault(
    login: str, demo: Site, person: Callable[..., Person], axe: str, pictures: pathlib.Path | None
) -> None:
    walk = Walk(person(demo))
    if login:
        walk.someone.sign_in(login, PASSWORD)
    for path in walk.next():
        if FILES.search(urlsplit(path).path):
            answer = walk.someone.page.request.get(demo.url + path)
            walk.note(path, "file", "" if answer.status == 200 else f"status {answer.status}")
        elif kind(path) in CHECKED and path != "/" and not IN_STAGES.search(kind(path)):
            skim(walk, path)
        else:
            look_closely(walk, path, axe)
            picture(walk, path, login, pictures)
    walk.someone.goto("/language/en")
    for path in walk.seen:
        if not FILES.search(urlsplit(path).path) and kind(path) not in IN_ENGLISH:
            IN_ENGLISH.add(kind(path))
            look(walk, path, "en")
    assert len(walk.seen) > (2 if not login else 8)
    assert walk.faults == [], "\n" + "\n".join(walk.faults)


def look_closely(walk: Walk, path: str, axe: str) -> None:
    """See a page in Chinese, check its accessibility (each kind once, whoever comes first), note where it leads."""
    look(walk, path, "zh")
    page = walk.someone.page
    if kind(path) not in CHECKED or IN_STAGES.search(kind(path)):
        CHECKED.add(kind(path))
        page.set_viewport_size(WIDE)
        try:
            found = checked(page, axe)
        except Error:  # it showed something on its way, and went on to the end of it meanwhile
            page.wait_for_load_state("load")
            found = checked(page, axe)
        for said in found:
            walk.note(path, "axe", said)
    walk.follow(page.evaluate(LINKS))


def checked(page: Page, axe: str) -> list[str]:
    """Return what is inaccessible about a page."""
    page.evaluate(axe)  # through the debugger: the page's own policy allows no foreign script
    found: list[str] = page.evaluate(VIOLATIONS)
    return found


def skim(walk: Walk, path: str) -> None:
    """Fetch a page of a kind that was drawn before, and note where it leads."""
    answer = walk.someone.page.request.get(walk.someone.site.url + path)
    walk.note(path, "fetched", "" if answer.status == 200 else f"status {answer.status}")
    found = re.findall(r'<a\b[^>]*?\shref="([^"]*)"', answer.text())
    walk.follow(urljoin(walk.someone.site.url + path, html.unescape(address)) for address in found)


def look(walk: Walk, path: str, language: str) -> None:
    """Open a page and see it at both widths."""
    page = walk.someone.page
    page.set_viewport_size(WIDE)
    try:
        answer = page.goto(walk.someone.site.url + path, wait_until="load")
    except Error as error:
        walk.note(path, language, error.message.splitlines()[0])
        return
    if answer is not None and answer.status != 200:
        walk.note(path, language, f"status {answer.status}")
    walk.note(path, f"{language} 1280", page.evaluate(OVERFLOW))
    page.set_viewport_size(NARROW)
    walk.note(path, f"{language} 390", page.evaluate(OVERFLOW))
    for said in walk.someone.faults:
        walk.note(path, language, said)
    walk.someone.faults.clear()


def picture(walk: Walk, path: str, login: str, pictures: pathlib.Path | None) -> None:
    """Keep how a page looks, where somebody wants to look."""
    if pictures:
        name = re.sub(r"\W+", "-", f"{login or 'stranger'}{path}")[:120]
        walk.someone.page.screenshot(path=pictures / f"{name}.png", full_page=True)
