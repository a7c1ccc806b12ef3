"""A real server and a real browser."""

from __future__ import annotations

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from importers.demo.build import build
from kernel.db import Database, make_engine
from tests.conftest import ROOT, absent

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--no-first-run",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # fmt: skip


@dataclass(slots=True)
class Site:
    """A running installation."""

    url: str
    database_url: str
    environment: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Site]]:
    """Start servers on databases, each on a port of its own; all of them end with the tests."""
    running: list[tuple[subprocess.Popen[bytes], socket.socket]] = []

    def start(database_url: str) -> Site:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        os.set_inheritable(listener.fileno(), True)
        environment = {
            **os.environ, "JICAI_DATABASE_URL": database_url, "JICAI_DEMO": "1",
            "JICAI_VAR": str(tmp_path_factory.mktemp("var")),
        }  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", "-b", f"fd://{listener.fileno()}", "-w", "1", "--threads", "8",
                   "--log-level", "error", "wsgi:create_app()"]  # fmt: skip
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL
        )
        running.append((server, listener))
        site = Site(f"http://127.0.0.1:{listener.getsockname()[1]}", database_url, environment)
        wait_for(f"{site.url}/health")
        return site

    yield start
    for server, listener in running:
        server.terminate()
        server.wait(15)
        listener.close()


def wait_for(url: str, seconds: int = 60) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                answer.read()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} did not answer in {seconds} s")


@pytest.fixture(scope="session")
def demo(sqlite_template: pathlib.Path, tmp_path_factory: pytest.TempPathFactory, serve: Callable[[str], Site]) -> Site:
    """The demo province behind a server, built once."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    shutil.copy(sqlite_template, path)
    database = Database(make_engine(f"sqlite:///{path}"))
    build(database)
    database.engine.dispose()
    return serve(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        absent("a browser (chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@dataclass(slots=True)
class Person:
    """Somebody at a browser of his own; what went wrong there is collected."""

    page: Page
    site: Site
    faults: list[str] = field(default_factory=list)

    def goto(self, path: str) -> Page:
        """Open a path."""
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self, login: str, password: str) -> Page:
        """Sign in as an account."""
        self.goto("/sign-in")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_load_state()
        return self.page


@pytest.fixture
def person(browser: Browser) -> Iterator[Callable[..., Person]]:
    """Make people; at the end no page may have thrown, broken its policy or asked a foreign host."""
    contexts: list[tuple[BrowserContext, list[str]]] = []

    def make(site: Site, *, width: int = 1280, locale: str = "zh-CN") -> Person:
        context = browser.new_context(
            locale=locale, timezone_id="Asia/Shanghai", viewport={"width": width, "height": 900}
        )
        someone = Person(context.new_page(), site)
        someone.page.on("pageerror", lambda error: someone.faults.append(str(error)))
        someone.page.on("console", lambda line: note(line.type, line.text, someone.faults))
        # watched, not routed: routing turns the browser's cache off, and every page would load the libraries again
        someone.page.on("request", lambda request: stray(request.url, someone.faults))
        contexts.append((context, someone.faults))
        return someone

    yield make
    for context, faults in contexts:
        context.close()
        assert faults == []


def note(kind: str, text: str, faults: list[str]) -> None:
    """Keep what a browser reports of a broken content policy."""
    if kind == "error" and "Content Security Policy" in text:
        faults.append(text)


def stray(url: str, faults: list[str]) -> None:
    """Keep a request that leaves this machine; the browser knows no other host."""
    if not url.startswith(("http://127.0.0.1", "data:", "blob:")):
        faults.append(f"asked for {url}")


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's script."""
    path = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        absent("axe-core (make dev installs it)")
    return path.read_text("utf-8")


@pytest.fixture(scope="session")
def pictures() -> pathlib.Path | None:
    """Where screenshots go when somebody wants to look (JICAI_PICTURES)."""
    folder = os.environ.get("JICAI_PICTURES")
    if folder:
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        return pathlib.Path(folder)
    return None
