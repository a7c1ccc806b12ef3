"""Invented rule sets of users' own, on top of a built-in one."""

from __future__ import annotations

from procurement.rounds.models.rounds import Round
from procurement.rounds.services import publishing, setup
from tests.procurement.rounds.scene import Scene


def text_of(base: str, **parameters: str) -> str:
    """Write a rule set that extends a built-in one; names carry two underscores for the dot."""
    parts = [f'id = "own"\ntitle = "自拟规则"\nextends = "{base}"\n']
    for name, value in parameters.items():
        parts.append(f'[parameter.{name.replace("__", ".")}]\nvalue = {value}\nsource = "自拟"\nstanding = "F"\n')
    return "\n".join(parts)


def drafted(scene: Scene, base: str, **parameters: str) -> Round:
    """A draft under rules of its own."""
    made = scene.draft(base)
    scene.does(setup.choose_rules, rule_set_id="", text=text_of(base, **parameters))
    return made


def published(scene: Scene, base: str, **parameters: str) -> Round:
    """A published round under rules of its own."""
    made = drafted(scene, base, **parameters)
    scene.does(publishing.publish, "reviewer")
    return made
