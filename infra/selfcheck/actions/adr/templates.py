"""The documents that new decisions begin as."""

from collections.abc import Mapping
from importlib.resources import files

from selfcheck.subjects.decisions import Folder, Form

NYGARD, MADR, PHASED = "nygard", "madr", "phased"
TEMPLATES = (NYGARD, MADR, PHASED)
OF_FORM: Mapping[Form, str] = {
    Form.MADR_2: MADR,
    Form.MADR_3: MADR,
    Form.MADR_4: MADR,
    Form.PHASED: PHASED,
}


def usual(folder: Folder | None) -> str:
    """The template that most decisions of a folder follow."""
    if folder is None:
        return NYGARD
    kinds = [OF_FORM.get(each.document.form, NYGARD) for each in folder.decisions]
    return max(sorted(set(kinds)), key=kinds.count)


def document(template: str, *, number: str, title: str, status: str, day: str) -> str:
    """A new document; what a person has to write stands in it as its template's words."""
    text = files("selfcheck.actions.adr").joinpath(f"{template}.template").read_text(encoding="utf-8")
    heading = f"{number}. {title}" if number and template == NYGARD else title
    values = {
        "HEADING": heading,
        "TITLE": title,
        "ID": f"ADR-{number}" if number else title,
        "STATUS": status,
        "DAY": day,
    }
    for name, value in values.items():
        text = text.replace(f"%{name}%", value)
    return text
