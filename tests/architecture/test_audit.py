"""Every verb that changes something leaves an event."""

from __future__ import annotations

import ast

from tests.architecture.source import dotted, modules, shown, tree

QUIET = {
    "kernel.audit.services", "kernel.notices.services", "procurement.bids.sealing.services",
}  # fmt: skip


def verbs() -> list[tuple[str, ast.FunctionDef, ast.Module]]:
    found = []
    for path in modules():
        name = dotted(path)
        if "services" in name.split(".") and name not in QUIET:
            for node in tree(path).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and takes_actor(node):
                    found.append((f"{shown(path)}:{node.lineno} {node.name}", node, tree(path)))
    return found


def takes_actor(node: ast.FunctionDef) -> bool:
    names = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
    return "session" in names and "actor" in names


def calls(node: ast.AST) -> set[str]:
    return {getattr(c.func, "id", getattr(c.func, "attr", "")) for c in ast.walk(node) if isinstance(c, ast.Call)}


def records(node: ast.FunctionDef, module: ast.Module, seen: frozenset[str] = frozenset()) -> bool:
    """Follow a verb into its module's own functions and into other verbs until something records."""
    names = calls(node)
    if names & {"record", "record_many"}:
        return True
    own = {part.name: part for part in module.body if isinstance(part, ast.FunctionDef)}
    inner = names & set(own) - seen - {node.name}
    if any(records(own[name], module, seen | {node.name}) for name in inner):
        return True
    others = {
        name for _, verb, other in verbs() if other is not module for name in [verb.name] if "record" in calls(verb)
    }
    return bool(names & others)


def test_every_service_verb_leaves_an_audit_event() -> None:
    assert [place for place, node, module in verbs() if not records(node, module)] == []
