"""The map of the kernel's own pages."""

from __future__ import annotations

from kernel import home
from kernel.auth.permissions import P
from kernel.notices import views as notices
from kernel.routes import Api, Pages

pages = Pages("kernel", "kernel", prefix="")
api = Api("kernel")

pages.add("home", "/", home.index, P.PUBLIC)
pages.add("language", "/language/<locale>", home.language, P.PUBLIC)
pages.add("health", "/health", home.health, P.PUBLIC)
pages.add("notices", "/notices", notices.index, P.SIGNED_IN)
pages.add("notices_read", "/notices/read", notices.read, P.SIGNED_IN, methods=("POST",))
