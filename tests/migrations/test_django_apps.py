"""What is asked of Django, in this process: its registry is filled once, so one project holds all that is asked."""

from pathlib import Path
from typing import Any

import pytest

from selfcheck.rehearsal.inside.probe import answer

pytest.importorskip("django")
FILES = {
    "settings_of_this_test.py": 'SECRET_KEY = "x"\nINSTALLED_APPS = ["stock_of_this_test"]\nUSE_TZ = True\n',
    "stock_of_this_test/__init__.py": "",
    "stock_of_this_test/models.py": "from django.db import models\n\n\nclass Item(models.Model):\n    note = models.TextField()\n",
    "stock_of_this_test/migrations/__init__.py": "",
    "stock_of_this_test/migrations/0001_a.py": "from django.db.migrations import Migration\n",
}


def test_changes_are_told_and_then_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "settings_of_this_test")
    monkeypatch.syspath_prepend(str(tmp_path))
    spec: dict[str, Any] = {
        "root": str(tmp_path),
        "folder": "",
        "settings": "settings_of_this_test",
        "path": [str(tmp_path)],
    }
    spec["databases"] = [{"name": str(tmp_path / "x.db")}]

    changes = answer(spec)
    for name in ("b", "c"):
        more = f"from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [('stock_of_this_test', '0001_a')]\n# {name}\n"
        (tmp_path / f"stock_of_this_test/migrations/0002_{name}.py").write_text(more, encoding="utf-8")
    leaves = answer(spec)

    assert [each["says"] for each in changes["changes"]] == ["Create model Item"]
    assert (leaves["leaves"], "changes" in leaves) == ({"stock_of_this_test": ["0002_b", "0002_c"]}, False)
    assert not (tmp_path / "x.db").exists()
