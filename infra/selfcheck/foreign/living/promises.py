"""A shell line as what must hold for it to end well, each part for itself; and a line that cannot fail, mended."""

from collections.abc import Iterator

from msgspec import Struct

from selfcheck.subjects.shell import (
    AndOr,
    Background,
    Command,
    Group,
    If,
    Node,
    Not,
    Outcome,
    Pipeline,
    Script,
    Sequence,
    outcome,
    parse,
)


class Promise(Struct, frozen=True):
    """A command that must end well, or must not."""

    command: Command
    holds: bool = True


def promises(node: Node) -> list[Promise] | None:
    """What must hold, all of it, for a node to end with 0; None where that is more than single commands."""
    found: list[Promise] = []
    waiting: list[tuple[Node, bool]] = [(node, True)]
    while waiting:
        each, holds = waiting.pop()
        each, holds = _unwrapped(each, holds=holds)
        if isinstance(each, Sequence) and holds and each.items and _is_on(each.items[0]):
            waiting += [(item, holds) for item in reversed(each.items[1:])]
        elif isinstance(each, Command) and not each.assignments:
            found += [Promise(each, holds)] if of(each).can_fail or not holds else []
        elif isinstance(each, AndOr) and (each.operator == "&&") == holds:
            waiting += [(each.right, holds), (each.left, holds)]
        else:
            return None
    return found


def mended(script: Script) -> str | None:
    """A line that cannot fail without what swallows the failure, where that stands at its end; None where not."""
    for _ in range(script.text.count("\n") + script.text.count(";") + 3):
        shorter = _shorter(_only(script.body))
        if shorter is None:
            return None
        script = parse(shorter, bash=script.bash)
        end = outcome(script)
        if end.can_fail:
            return shorter if end.can_pass else None
    return None


def of(node: Node) -> Outcome:
    """What a node alone can come to."""
    return outcome(Script(node.source, Sequence(at=node.at, source=node.source, items=(node,))))


def alternatives(node: Node) -> list[Command] | None:
    """The commands of which one must end well; None where they are more than that."""
    found: list[Command] = []
    node = _only(node)
    while isinstance(node, AndOr) and node.operator == "||":
        right = _only(node.right)
        if not isinstance(right, Command):
            return None
        found.append(right)
        node = _only(node.left)
    return [node, *reversed(found)] if isinstance(node, Command) else None


def _unwrapped(node: Node, *, holds: bool) -> tuple[Node, bool]:
    """The node that decides, and whether it must end well, without what only turns a failure into a failure."""
    while True:
        node = _only(node)
        match node:
            case Not():
                node, holds = node.body, not holds
            case AndOr(operator="||", left=AndOr(operator="&&", right=Command() as ends) as left) if _exits(
                ends
            ) and _denies(ends, node.right):
                node, holds = left.left, not holds
            case AndOr(operator="||") if holds and _never_holds(node.right):
                node = node.left
            case If() if _denies(node.then, node.otherwise):
                node, holds = node.condition, not holds
            case If() if node.otherwise is not None and _denies(node.otherwise, node.then):
                node = node.condition
            case _:
                return node, holds


def _only(node: Node) -> Node:
    """What stands within braces, parentheses and a list of one."""
    while not node.redirects:
        if isinstance(node, Sequence) and len(node.items) == 1:
            node = node.items[0]
        elif isinstance(node, Group):
            node = node.body
        else:
            break
    return node


def _denies(then: Node, otherwise: Node | None) -> bool:
    return _never_holds(then) and (otherwise is None or not of(otherwise).can_fail)


def _exits(command: Command) -> bool:
    return bool(command.words) and command.words[0].text == "exit"


def _never_holds(node: Node) -> bool:
    end = of(node)
    return end.can_fail and not end.can_pass


def _shorter(node: Node) -> str | None:
    """A node's text without the last thing that makes it end well; of a list each must hold, since none need not."""
    match node:
        case AndOr(operator="||") if not of(node.right).can_fail:
            return written(node.left)
        case Sequence():
            items = [each for each in node.items if not _is_off(each)]
            while len(items) > 1 and not of(items[-1]).can_fail:
                items.pop()
            return " && ".join(map(written, items)) if 0 < len(items) < len(node.items) else None
        case Pipeline() if not of(node.parts[-1]).can_fail:
            return " | ".join(map(written, node.parts[:-1]))
        case Background():
            return written(node.body)
        case _:
            return None


def _is_on(node: Node) -> bool:
    """`set -e`: each of what follows must hold."""
    return isinstance(node, Command) and node.texts in {("set", "-e"), ("set", "-eu"), ("set", "-euo", "pipefail")}


def _is_off(node: Node) -> bool:
    """`set +e`."""
    return isinstance(node, Command) and node.texts in {("set", "+e"), ("set", "+eu"), ("set", "+o", "errexit")}


def written(node: Node) -> str:
    """A node as it is written; of a chain of `&&` and `||` its own part."""
    return "".join(reversed(list(_written(node)))) if isinstance(node, AndOr) else node.source


def _written(node: Node) -> Iterator[str]:
    while isinstance(node, AndOr):
        yield f" {node.operator} {node.right.source}"
        node = node.left
    yield node.source
