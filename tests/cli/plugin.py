"""Distributions made on the fly: modules, and the metadata by which they are found, in a folder on PYTHONPATH."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent


def install(
    site: Path, distribution: str, modules: Mapping[str, str], points: Mapping[str, Mapping[str, str]]
) -> Mapping[str, str]:
    """The environment in which a distribution with these modules and entry points (group, name, value) is installed."""
    metadata = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
    metadata.mkdir(parents=True)
    for name, source in modules.items():
        (site / f"{name}.py").write_text(dedent(source), encoding="utf-8")
    groups = (
        "\n".join((f"[selfcheck.{group}]", *(f"{name} = {value}" for name, value in found.items())))
        for group, found in points.items()
    )
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("\n".join(groups) + "\n", encoding="utf-8")
    (metadata / "RECORD").write_text("", encoding="utf-8")
    return {"PYTHONPATH": str(site)}


def install_check(
    site: Path, source: str, *, value: str = "odd:Odd", distribution: str = "odd-dist"
) -> Mapping[str, str]:
    """A distribution `odd-dist` whose check `odd` is in the module `odd`."""
    return install(site, distribution, {value.partition(":")[0]: source}, {"checks": {"odd": value}})
