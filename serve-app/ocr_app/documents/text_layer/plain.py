"""The text that stands on paper, without the marks of Markdown and HTML."""

import html
import re

_FENCE = re.compile(r"^ {0,3}(?:```|~~~).*$", re.MULTILINE)
_RULE = re.compile(r"^ {0,3}(?:(?:[-*_] *){3,}|=+)$", re.MULTILINE)
_START = re.compile(r"^(?:[ \t]*(?:#{1,6}(?=\s|$)|>|[-*+](?=\s)(?:[ \t]+\[[ xX]\](?=\s))?))+[ \t]*", re.MULTILINE)
# Bounded, because models repeat themselves: with thousands of openings and no end, each would be searched to the end.
_PICTURE = re.compile(r"!\[[^\]]{0,300}\]\([^)\s]{0,300}(?:\s[^)]{0,300})?\)")
_LINK = re.compile(r"\[([^\]]{1,300})\]\((?:[^()\s]|\([^()\s]{0,300}\)){0,300}(?:\s{1,9}\"[^\"]{0,300}\")?\)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,300}|[^<>\s@]{1,99}@[^<>\s@]{1,99})>")
_BREAKING = re.compile(r"<(?:br|/?p|/?div|/li|/?tr|/?h[1-6])\b[^<>]{0,300}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<!--.{0,300}?-->", re.DOTALL)
_CODE = re.compile(r"(`+)(.{1,300}?)\1", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\\*])(\*{1,3})(?=\S)(.{1,1000}?)(?<=[^\s\\])\1(?!\*)")
_UNDERSCORES = re.compile(r"(?<![\\\w])(_{1,3})(?=\S)(.{1,1000}?)(?<=[^\s\\])\1(?!\w)")
_STRUCK = re.compile(r"~~(?=\S)(.{1,300}?)(?<=\S)~~")
_MATHS = re.compile(r"\\[()\[\]]|\$\$")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def plain_text(markdown: str) -> str:
    """Return what Markdown shows, with its line ends.

    Bullets of lists go, which stand on paper as other signs, numbers stay. Formulas stay as LaTeX, without what
    stands around them.
    """
    text = _FENCE.sub("", markdown)
    text = _RULE.sub("", text)
    text = _START.sub("", text)
    text = _PICTURE.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _AUTOLINK.sub(r"\1", text)
    text = without_tags(text)
    text = _CODE.sub(r"\2", text)
    for _ in range(3):  # emphasis within emphasis
        text = _UNDERSCORES.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    text = _STRUCK.sub(r"\1", text)
    text = _MATHS.sub("", text)
    text = _ESCAPED.sub(r"\1", html.unescape(text))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)


def without_tags(text: str) -> str:
    """Return HTML without its tags; those that break a line become line ends."""
    return _TAG.sub("", _BREAKING.sub("\n", text))
