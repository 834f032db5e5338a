"""What each format tells a person or a CI system that counts: the paths, read by whoever reads such a format."""

import json
import re
from collections.abc import Callable, Mapping
from xml.etree import ElementTree

from tests.formats.pages import having, parsed, said, section


def text(output: str) -> list[str]:
    return re.findall(r"^ {6}(\S+?):\d+(?::\d+)?: ", output, re.MULTILINE)


def of_json(output: str) -> list[str]:
    verdicts = json.loads(output)["verdicts"]
    return [each["path"] for verdict in verdicts for each in verdict["findings"] if each["status"] == "new"]


def sarif(output: str) -> list[str]:
    results = json.loads(output)["runs"][0]["results"]
    counting = [each for each in results if not each["suppressions"] and each.get("baselineState", "new") == "new"]
    return [_uri(each) for each in counting]


def sarif_upload(output: str) -> list[str]:
    return [_uri(each) for each in json.loads(output)["runs"][0]["results"]]


def _uri(result: dict[str, list[dict[str, dict[str, dict[str, str]]]]]) -> str:
    return result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def junit(output: str) -> list[str]:
    cases = ElementTree.fromstring(output).iter("testcase")
    return [case.attrib["file"] for case in cases if case.find("failure") is not None]


def github(output: str) -> list[str]:
    return re.findall(r"^::(?:error|warning) file=([^,:]+)", output, re.MULTILINE)


def gitlab(output: str) -> list[str]:
    return [each["location"]["path"] for each in json.loads(output)]


def markdown(output: str) -> list[str]:
    blocks = output.partition("### Blocks")[2].partition("<details>")[0]
    return re.findall(r"^\| `[^|]+ \| `([^`]+?):\d+` \|", blocks, re.MULTILINE)


def html(output: str) -> list[str]:
    page = parsed(output)
    rows = having(page, **{"data-status": "new"})
    places = [said(place) for row in rows for place in row if place.get("class") == "place"]
    assert len(rows) == len(having(section(page, "blocks"), **{"data-status": "new"}))
    return [place.partition(":")[0] for place in places]


def tap(output: str) -> list[str]:
    return re.findall(r"^ {6}place: '(.+?):", output, re.MULTILINE)


READERS: Mapping[str, Callable[[str], list[str]]] = {
    "github": github,
    "gitlab": gitlab,
    "html": html,
    "json": of_json,
    "junit": junit,
    "markdown": markdown,
    "sarif": sarif,
    "sarif-upload": sarif_upload,
    "tap": tap,
    "text": text,
}
