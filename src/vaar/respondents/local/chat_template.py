"""From a conversation to the tokens that a model reads, through its own chat template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2 import TemplateError

from vaar.errors import RespondentError
from vaar.respondents.base import Message
from vaar.respondents.wire.redaction import quote

_SYSTEM, _USER = "Nineteen grey herons.", "Seven tall windmills."


class Chat:
    """A tokenizer with its chat template.

    Attributes
    ----------
    folds_system : bool
        Whether a system message is put in front of the first user message, because the template
        refuses or drops one.

    Raises
    ------
    RespondentError
        There is no chat template, or it cannot say a user's message.
    """

    def __init__(self, name: str, tokenizer: Any) -> None:
        self._name = name
        self._tokenizer = tokenizer
        if not tokenizer.chat_template:
            raise RespondentError(
                f"{name}: the model has no chat template (chat_template.jinja, or chat_template "
                "in tokenizer_config.json), so nothing tells how it is spoken to. Give a chat "
                'model (often the one named "instruct" or "chat")'
            )
        self.folds_system = False
        self.folds_system = not self._says_system()
        self._check_user()

    def ids(self, messages: Sequence[Message]) -> list[int]:
        """The tokens of a conversation, up to where the reply begins.

        Raises
        ------
        TemplateError
            The template refuses the conversation.
        """
        text = self._text(messages)
        ids: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids

    def text(self, ids: Sequence[int]) -> str:
        """The words of a reply, without the marks that are no words."""
        written: str = self._tokenizer.decode(
            ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return written

    def _text(self, messages: Sequence[Message]) -> str:
        said = fold(messages) if self.folds_system else list(messages)
        text: str = self._tokenizer.apply_chat_template(
            said,
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=False,  # a ceiling made for one number leaves no room to think aloud
        )
        return text

    def _says_system(self) -> bool:
        try:
            return _SYSTEM in self._text(
                [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": _USER}]
            )
        except TemplateError:
            return False

    def _check_user(self) -> None:
        try:
            if _USER in self._text([{"role": "user", "content": _USER}]):
                return
            said = "it leaves the user's message out"
        except TemplateError as error:
            said = quote(str(error), None)
        raise RespondentError(f"{self._name}: the model's chat template is of no use: {said}")


def fold(messages: Sequence[Message]) -> list[Message]:
    """The conversation with its system message, if any, at the head of the first user message."""
    if not messages or messages[0]["role"] != "system":
        return list(messages)
    system, *others = messages
    if not others:
        return [{"role": "user", "content": system["content"]}]
    first = f"{system['content']}\n\n{others[0]['content']}"
    return [{"role": "user", "content": first}, *others[1:]]
