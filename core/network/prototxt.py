"""Reads Caffe's description of a net: protobuf's text format, as far as nets use it."""

import re

Message = dict[str, list["str | Message"]]  # values of each field, in order

_TOKEN = re.compile(
    r"""(?P<nothing>[\s;,]+|\#[^\n]*)|"(?P<text>[^"\n]*)"|'(?P<quoted>[^'\n]*)'|(?P<sign>[{}:])|[^\s{}:"'\#;,]+|(?P<wrong>.)"""
)


def read_prototxt(text: str) -> Message:
    """The fields of a prototxt. Raises ValueError for what is none."""
    tokens = [token for token in _TOKEN.finditer(text) if token["nothing"] is None]
    for token in tokens:
        if token["wrong"]:
            raise ValueError(f"line {text.count(chr(10), 0, token.start()) + 1} has a {token[0]} that does not end")
    message, end = _message(tokens, 0)
    if end < len(tokens):
        raise ValueError("a brace too many")
    return message


def _message(tokens: list[re.Match[str]], at: int) -> tuple[Message, int]:
    """The fields from a token on up to the end of their message, and where that is."""
    message: Message = {}
    while at < len(tokens) and tokens[at]["sign"] != "}":
        name = tokens[at][0]
        if tokens[at]["sign"]:
            raise ValueError(f"a {name} where a name should be")
        at += 1
        if at < len(tokens) and tokens[at]["sign"] == ":":
            at += 1
        if at == len(tokens) or tokens[at]["sign"] in ("}", ":"):
            raise ValueError(f"{name} has no value")
        value: str | Message
        if tokens[at]["sign"] == "{":
            value, at = _message(tokens, at + 1)
            if at == len(tokens):
                raise ValueError(f"{name} does not end")
        else:
            value = next((quoted for quoted in tokens[at].group("text", "quoted") if quoted is not None), tokens[at][0])
        message.setdefault(name, []).append(value)
        at += 1
    return message, at
