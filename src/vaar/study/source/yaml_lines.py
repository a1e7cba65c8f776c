"""YAML text to plain data, remembering on which line every value stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from vaar.errors import StudyError
from vaar.study.source.issues import raise_together
from vaar.study.source.yaml_errors import ALIAS, DEEPEST, TOO_DEEP, syntax_error

Place = tuple[str | int, ...]
PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float")}
TEXT_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "timestamp", "merge", "value")}
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass
class Document:
    """A YAML file as plain data.

    Attributes
    ----------
    data : dict, list, str, int, float, bool or None
        What the file holds.
    lines : dict
        Line, counted from 1, of every value by its place: the keys and positions that lead to it.
    written : dict
        What stands in the file for every scalar that YAML did not read as text.
    text_lines : dict
        Line on which the content of every literal text (``|``) begins.
    """

    file: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    written: dict[Place, str] = field(default_factory=dict)
    text_lines: dict[Place, int] = field(default_factory=dict)

    def known(self, place: Place) -> Place:
        """Return the longest beginning of a place that stands in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return place

    def problem(self, message: str, *place: str | int) -> StudyError:
        """Return a problem at a place, or at the nearest place around it."""
        return StudyError(message, self.file, self.lines.get(self.known(place)))


class _BoundedLoader(yaml.SafeLoader):
    """Composes nodes, but follows no alias and no nesting without end."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem=ALIAS, problem_mark=mark)
        if self.depth >= DEEPEST:
            raise yaml.MarkedYAMLError(problem=TOO_DEEP, problem_mark=mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_yaml(text: str, file: str) -> Document:
    """Read YAML text.

    Parameters
    ----------
    text : str
        One YAML document. Aliases, tags and duplicate keys are refused.
    file : str
        Its path, for messages.

    Raises
    ------
    StudyError
        With the line of everything that is wrong.
    """
    document = Document(file)
    try:
        node = _BoundedLoader(text).get_single_node()
    except yaml.YAMLError as error:
        raise syntax_error(error, text, file) from None
    if node is None:
        raise StudyError("the file is empty; a study or an instrument is wanted", file)
    builder = _Builder(document)
    document.data = builder.build(node, ())
    raise_together(builder.problems)
    return document


class _Builder:
    """Turns nodes into plain data and fills the document's lines on the way."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[StudyError] = []
        self._constructor = yaml.SafeLoader("")

    def build(self, node: yaml.Node, place: Place) -> Any:
        self.document.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*place, i)) for i, child in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key is None:
                continue
            if key in result:
                first = self.document.lines[(*place, key)]
                message = f'the key "{key}" stands here again, first on line {first}; keep one'
                self._report(message, key_node)
                continue
            self.document.lines[(*place, key)] = key_node.start_mark.line + 1
            result[key] = self.build(value_node, (*place, key))
        return result

    def _key(self, node: yaml.Node) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self._report("a key is a list or a mapping; write a plain word", node)
            return None
        self._check_characters(node)
        return str(node.value)

    def _check_characters(self, node: yaml.ScalarNode) -> None:
        if found := CONTROL_CHARACTER.search(node.value):
            self._report(f"the control character {found.group()!r} stands here; take it out", node)

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> Any:
        self._check_characters(node)
        if node.style == "|":
            blank = len(node.value) - len(node.value.lstrip("\n"))
            self.document.text_lines[place] = node.start_mark.line + 2 + blank
        if node.tag in TEXT_TAGS:
            return node.value
        if node.tag not in PLAIN_TAGS:
            self._report(f'the tag "{node.tag}" is not allowed; remove it', node)
            return node.value
        self.document.written[place] = node.value
        try:
            return self._constructor.construct_object(node)
        except ValueError:
            return node.value

    def _report(self, message: str, node: yaml.Node) -> None:
        line = node.start_mark.line + 1
        self.problems.append(StudyError(message, self.document.file, line))
