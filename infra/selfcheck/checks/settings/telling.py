"""A secret default in words: what it is, what guards it or fails to, which layer wins, and how to mend it."""

from collections.abc import Iterator, Sequence

from selfcheck.subjects.settings import (
    Consequence,
    Effect,
    Form,
    Guarded,
    Kind,
    Layer,
    Setting,
    Settings,
    Shape,
    Spot,
    Value,
)

MEANING = {
    Consequence.KEY: "whoever knows it can sign sessions and tokens or read what is encrypted",
    Consequence.ADMIN: "whoever knows it can log in and do everything",
    Consequence.PASSWORD: "whoever reaches the service can log in with it",
    Consequence.ADDRESS: "it holds a password; whoever reaches the service can log in with it",
    Consequence.CREDENTIAL: "whoever knows it can act in its name",
}
LOOKS = {
    Shape.PLACEHOLDER: "a placeholder",
    Shape.WEAK: "a word that everybody tries first",
    Shape.OPAQUE: "a text",
    Shape.ADDRESS: "an address with a password",
    None: "nothing at all",
}
HOLDS = {
    Form.READ: "works without being set: its default is",
    Form.FIELD: "works without being set: its default is",
    Form.FALLBACK: "works without being set: its default is",
    Form.CONSTANT: "is the same for everybody: it is",
    Form.ARGUMENT: "is the same for everybody: it is",
    Form.PARAMETER: "works without being given: its default is",
    Form.ENTRY: "is the same for everybody: it is",
}
MENDING = {
    Layer.COMPOSE: "write `${{{name}:?set {name}}}`: then nothing starts without it",
    Layer.IMAGE: "take it out of the image, whose layers keep it, and give it when a container starts",
    Layer.ENVIRONMENT: "take the file out of the repository, change the secret, and keep its name in `.env.example`",
    Layer.EXAMPLE: "leave it empty, or write `<how to make one>`: an example is copied as it is",
    Layer.CHART: "leave it empty, and have the template `required` it or make up a random one",
    Layer.CLUSTER: "take it out: use a sealed secret, an external one, or SOPS; base64 hides nothing",
    Layer.INFRASTRUCTURE: "leave the default out, and mark the variable `sensitive = true`",
    Layer.WORKFLOW: "keep it with the platform: `${{{{{{ secrets.{name} }}}}}}`",
    Layer.CONFIGURATION: "name a variable without a default here, such as `${{{variable}}}`",
}
"""How to mend what is no code."""
_SETTING_LAYERS = (Layer.COMPOSE, Layer.CLUSTER, Layer.ENVIRONMENT, Layer.IMAGE, Layer.CHART)


def message(spot: Spot, value: Value, guard: Guarded | None) -> str:
    """What is wrong, in one sentence."""
    setting = spot.setting
    about = setting.about or Consequence.CREDENTIAL
    length = f" of {value.length}" if value.length else ""
    told = f"{shown(setting)} {HOLDS[setting.form]} {LOOKS[value.shape]}{length}; {MEANING[about]}"
    if guard is not None and guard.effect is Effect.DEAD:
        told += f"; the guard at {guard.path}:{guard.line} never runs, since its condition cannot hold for this value"
    if guard is not None and guard.effect is Effect.WARNS:
        told += f"; {guard.path}:{guard.line} only warns of it"
    return told


def shown(setting: Setting) -> str:
    """A setting's name, with the variable where that is another."""
    if setting.variable and setting.variable.lower() != setting.name.lower():
        return f"{setting.name} ({setting.variable})"
    return setting.name


def layers(spot: Spot, settings: Settings) -> str:
    """Which layer wins over which, where several have a say about one variable."""
    variable = spot.setting.variable
    others = [each for each in settings.of(variable) if each != spot] if variable else []
    if spot.file.layer is Layer.CODE:
        return "; ".join(_outer(each) for each in _first_of_layers(others))
    inner = next(iter(sorted((each for each in others if each.file.layer is Layer.CODE), key=_by_kind)), None)
    return "" if inner is None else _inner(inner)


def hint(spot: Spot) -> str:
    """How to mend it."""
    setting, layer = spot.setting, spot.file.layer
    name = setting.variable or setting.name
    if layer is not Layer.CODE:
        variable = name.upper().replace(".", "_").replace("-", "_")
        return MENDING[layer].format(name=name, variable=variable)
    if setting.form is Form.FIELD and setting.variable:
        return f"declare `{setting.name}` without a default, or refuse the default in production in a validator"
    if setting.form is Form.READ:
        return f"read {name} without a default and stop where it is missing, or make up a random one at start"
    return (
        "read it from the environment, without a default: the history keeps what stood here, so change the secret too"
    )


def _first_of_layers(others: Sequence[Spot]) -> Iterator[Spot]:
    for layer in _SETTING_LAYERS:
        first = next((each for each in others if each.file.layer is layer), None)
        if first is not None:
            yield first


def _outer(other: Spot) -> str:
    """What a layer outside of the code makes of a default in it."""
    setting = other.setting
    match setting.value.kind:
        case Kind.REQUIRED:
            return f"{other.place} requires it, and whatever starts without that file gets this default"
        case Kind.NONE | Kind.EMPTY:
            return f"{other.place} passes it on, and sets nothing itself"
        case _:
            return f"{other.place} gives it a constant, which wins over this default"


def _inner(inner: Spot) -> str:
    """What a default in code is worth where another layer sets the variable."""
    match inner.setting.value.kind:
        case Kind.RANDOM | Kind.STORED:
            return f"it wins over {inner.place}, which would make up its own"
        case Kind.REQUIRED:
            return f"{inner.place} would refuse to start without it, which never happens here"
        case _:
            return f"it wins over what {inner.place} says"


def _by_kind(spot: Spot) -> int:
    order = (Kind.RANDOM, Kind.STORED, Kind.REQUIRED)
    return order.index(spot.setting.value.kind) if spot.setting.value.kind in order else len(order)
