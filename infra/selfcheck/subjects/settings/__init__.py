"""The settings of a repository: their names, where their defaults come from, and what guards them."""

from selfcheck.subjects.settings.files import SOURCES, Place, place, selected
from selfcheck.subjects.settings.guards import Effect
from selfcheck.subjects.settings.model import Contents, Form, Layer, Needed, Setting, Switch
from selfcheck.subjects.settings.names import Consequence, consequence, is_vendors
from selfcheck.subjects.settings.read import Guarded, Known, Settings, Spot, read
from selfcheck.subjects.settings.values import Kind, Length, Shape, Value

__all__ = [
    "SOURCES",
    "Consequence",
    "Contents",
    "Effect",
    "Form",
    "Guarded",
    "Kind",
    "Known",
    "Layer",
    "Length",
    "Needed",
    "Place",
    "Setting",
    "Settings",
    "Shape",
    "Spot",
    "Switch",
    "Value",
    "consequence",
    "is_vendors",
    "place",
    "read",
    "selected",
]
