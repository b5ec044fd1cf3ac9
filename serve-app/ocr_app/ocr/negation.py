"""What an instruction asks for, and what it asks not to do: "plain text, do not use Markdown".

Works on words of negation in English, German, French, Spanish and Chinese, clause by clause. A negation holds from its
word to the end of the clause ("do not use …", "sans …"), or for the whole clause if it stands at its end
("Bilder nicht beschreiben", "Markdown is not needed"). Two of them cancel out ("do not skip the tables").
"""

import re
import unicodedata
from dataclasses import dataclass

NEGATED = "\ufffb"
"""Stands for each character that is hidden because it is negated: no space and no part of a word."""

HIDDEN = "\ufffc"
"""Stands for every other character that is hidden."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """An instruction in two copies, each as long as the instruction itself.

    Attributes:
        wanted: With NEGATED for what is negated, and HIDDEN for what is quoted as content.
        unwanted: Only what is negated, with the words that negate it; HIDDEN for the rest.
    """

    wanted: str
    unwanted: str


def _words(*patterns: str) -> "re.Pattern[str]":
    return re.compile("|".join(patterns))


# All patterns are searched in folded text: lower case, without accents, straight apostrophes.

_NEUTRAL = (
    r"\bnot (?:only|just|solely|merely|necessarily)\b",
    r"\b(?:do not|don'?t|never) (?:forget|fail|hesitate)\b",
    r"\b(?:do not|don'?t|never|without) (?:chang|alter|modif|los|break|touch)\w*",
    r"\b(?:whether or|if|why) not\b|\bno (?:problem|worries)\b|\bnothing else\b|\bno\.?\s*\d",
    r"\bnicht (?:nur|bloss|vergessen)\b|\bvergiss nicht\b|\bnichts (?:anderes )?(?:als|ausser)\b",
    r"\bn'oubli\w+ pas\b|\bpas (?:seulement|uniquement)\b|\brien d'autre\b|\bne \w+ que\b",
    r"\bno (?:solo|solamente|unicamente|olvid\w+)\b|\b(?:nada|otra cosa) (?:mas )?que\b",
    r"不仅|不只|不但|别忘|不要忘|不论|不管|不同|不过|不错|无论|无法",
    r"除了?[^，,。]{1,20}?[之以]?外[，,]?\s*(?:不要|别|不)",
)
"""Look like a negation and are none."""

_FORWARD = (
    r"\b(?:do|does|should|must|can|could|would|will|shall|need|may)\s?(?:not|nto)\b|\b\w{1,8}n't\b",
    r"\b(?:dont|doesnt|isnt|shouldnt|mustnt|wont|cant)\b|\bnot\b|\bnever\b|\bno\b|\bneither\b|\bnothing\b|\bnone of\b",
    r"\bwithout\b|\bw/o\b|\bfree of\b|\bnon-|\bavoid(?:ing)?\b|\bskip(?:ping)?\b|\bomit(?:ting)?\b|\bexclud(?:e|ing)\b",
    r"\bignor(?:e|ing)\b|\bleav(?:e|ing) (?:out|off)\b|\brefrain\w*\b|\bforget\b",
    r"\b(?:hate|dislike)\b|\b(?:strip|remov(?:e|ing)|get rid)\b",
    r"\binstead of\b|\bin place of\b|\brather than\b|\bas opposed to\b|\bexcept\b|\bapart from\b|\bother than\b",
    r"\boutside\b|\bbesides\b",
    r"\bnicht\b|\bnichts\b|\bkein(?:e[nmrs]?|erlei)?\b|\bohne\b|\bnie(?:mals)?\b|\b(?:an)?statt\b|\banstelle\b|\bausser\b",
    r"\bweder\b|\bignorier\w*|\buberspring\w*|\bvermeide\w*|\bverzichte\w*",
    r"(?:\bne\s|\bn')[^.,;:\n]{0,40}?\b(?:pas|jamais|aucune?s?|ni)\b|\bpas\b|\bjamais\b|\baucune?s?\b|\bsans\b",
    r"\bau lieu d|\bplutot qu|\bsauf\b|\bhormis\b|\bevite[rz]?\b|\bignore[rz]\b|\bni\b",
    r"\bsin\b|\bnunca\b|\bjamas\b|\bningun\w*|\btampoco\b|\bnada de\b|\ben (?:lugar|vez) de\b|\bexcepto\b|\bsalvo\b",
    r"\bevit(?:a|ar|e)\b",
    r"\bomit(?:e|ir|a)\b|\bignor(?:a|ar)\b",
    r"不|勿|(?<![识分区级类个性特鉴辨])别|无|禁止|避免|没有|忽略|跳过|遗漏|漏掉|省略|除了|而非",
)

_BACKWARD = _words(
    r"(?:\bnot|n't)(?: \w+)? (?:needed|required|necessary|wanted|desired|allowed|permitted|welcome|enough|sufficient)"
    r"(?: \w+){0,2}\W*$",
    r"(?:\bnot|n't|\bnever)(?: to)? be (?!omitted|skipped|ignored|left|lost|missed|changed)\w+\b",
    r"\b(?<!not )(?<!never )be (?:avoided|omitted|skipped|ignored|excluded|removed|left out)\W*$",
    r"\b(?:unnecessary|unwanted|forbidden|prohibited|disabled|off|false|none)\W*$",
    r"\b(?:no|nein|non)(?:,? (?:thanks|thank you|danke|merci|gracias))?\W*$",
    r"\b(?:nicht|niemals|nie|keinesfalls)(?: \w+)?\W*$",
    r"\b(?:unnotig|unerwunscht|verboten|uberflussig|weglassen|auslassen|ignorieren|verzichten)\W*$|\b(?:nothing|nichts|rien|nada)\W*$",
    r"\bpas (?:necessaire|utile|requis|souhaite|autorise|voulu)\w*\W*$|\b(?:inutile|interdit)\w*\W*$",
    r"\bno (?:\w+ )?(?:necesari\w+|falta|permitid\w+|requerid\w+|desead\w+)\W*$|\bprohibid\w+\W*$",
    r"(?:不要|不需要|不用|不必|免)[了吧]?\W*$",
)
"""Negate a whole clause, also what stands before them."""

_ANY = re.compile(f"(?P<neutral>{'|'.join(_NEUTRAL)})|(?P<forward>{'|'.join(_FORWARD)})")

_VERBS = (
    r"(?:then|also|please|just|only|bitte|dann|aussi|luego|tambien)\s+"
    r"|(?:return|give|get|output|use|write|keep|preserve|extract|read|transcribe|convert|provide|show|make|include|ocr|put)\b"
    r"|(?:gib|schreib|lies|lese|verwende|behalte|extrahiere|wandle|mach)\w*"
    r"|(?:donne|renvoie|retourne|lis|lire|extrai|transcri|garde|convert|utilise)\w*"
    r"|(?:devuelv|da|dame|lee|leer|extra[ei]|transcrib|conviert|usa|manten)\w*"
)
_ENDS = _words(
    r"(?:(?<!\bno)\.|[!?])(?=\s|$)|[;()\n。！？；]|\s[-–—]+\s",
    r"[,，:：]",
    r"\b(?<!not )(?:just|only)\b|\b(?:but|rather(?! than)|however|then|instead(?! of))\b",
    r"\b(?:sondern|aber|nur|stattdessen|lediglich)\b",
    r"\b(?:mais|seulement|uniquement|juste|plutot(?! qu))\b|\b(?:pero|sino|solo|solamente|unicamente)\b",
    r"而是|但|只|仅|请|直接|并",
    rf"\b(?:and|und|et|y)\s+(?={_VERBS})",
)
"""What ends a clause."""

_ASIDE = re.compile(r"(?:\bnot|n't|\bnever|\bdont),([^,\n]{1,60}),")
_SETTING = re.compile(r"\w\s*[:=?](?=\s*(?:no|false|off|none|nein|non|否)\b(?! need))")
_LEAD_IN = re.compile(r"\b(?:use|include|add|output|return|following|these)\s*(:)(?!\s*\n)")
_LIST = re.compile(
    r"(?:\A|(?<=[\n.:：]))(?P<head>[^\n.:：]*)[:：]\s*\n(?P<items>(?:[ \t]*(?:[-*•]|\d+[.)])[^\n]*(?:\n|$))+)"
)
_ITEM = re.compile(r"\s*(?:any |no )?[^\s,]+(?:\s[^\s,]+){0,2}\s*")
_OR = re.compile(r"\s*(?:or|nor|oder|noch|ou|ni|o|u|或)\b|\s*[^\s,]+ (?:or|nor|oder|ou|ni|o|或) |[或和]")

_QUOTED = re.compile(
    r"\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”|„[^“”\n]{1,200}[“”]|«[^»\n]{1,200}»|「[^」\n]{1,200}」|《[^》\n]{1,200}》"
    r"|(?<!\w)['‘][^'’\n]{1,200}['’](?!\w)|(?<!`)`[^`\n]{1,200}`"
)
_FORMAT = re.compile(r"(?:\b(?:as|in|to|into|format|mode|output|use|using|als|nach|en|como|a)|[为成用])\W*$")
"""Before quoted words that name a format and not what stands on the page."""


def understand(instruction: str) -> Wishes:
    """Tell what an instruction asks for and what it rules out.

    Args:
        instruction: Of a few thousand characters at most: the time grows with the square of a line's length.
    """
    folded = _fold(instruction)
    hidden = [False] * len(folded)
    for match in _QUOTED.finditer(instruction):
        if not _FORMAT.search(folded, max(0, match.start() - 20), match.start()):
            hidden[match.start() : match.end()] = [True] * (match.end() - match.start())
    folded = "".join(HIDDEN if gone else char for gone, char in zip(hidden, folded, strict=True))
    negated = _negated(folded)
    wanted, unwanted = list(instruction), [HIDDEN] * len(instruction)
    for index, char in enumerate(instruction):
        if hidden[index]:
            wanted[index] = HIDDEN
        elif negated[index]:
            wanted[index], unwanted[index] = NEGATED, char
    return Wishes("".join(wanted), "".join(unwanted))


def _fold(text: str) -> str:
    return "".join(map(_fold_character, text))


def _fold_character(char: str) -> str:
    if char in "’‘`´":
        return "'"
    folded = unicodedata.normalize("NFKD", char)[:1].lower()
    return folded if len(folded) == 1 else char


def _negated(text: str) -> list[bool]:
    """Tell of each character whether it is negated."""
    for pattern in (_ASIDE, _SETTING, _LEAD_IN):
        text = pattern.sub(lambda match: re.sub("[,:=?]", " ", match.group()), text)
    negated = [False] * len(text)
    carried = False
    for start, end, separator in _clauses(text):
        off = carried
        position = start
        whole = None if off else _BACKWARD.search(text, start, end)
        if whole is not None and not _is_neutral(text, whole.start(), end):
            # Tables must not be left out.
            once = sum(match["forward"] is not None for match in _ANY.finditer(text, start, whole.start())) % 2 == 0
            negated[start:end] = [once] * (end - start)
            continue
        for match in _ANY.finditer(text, start, end):
            if match["forward"] is not None:
                negated[position : match.start()] = [off] * (match.start() - position)
                off, position = not off, match.start()
        negated[position:end] = [off] * (end - position)
        carried = off and separator in {",", "，"} and _goes_on(text, end + 1)
    for match in _LIST.finditer(text):
        if _ANY.search(match["items"]) is None and any(negated[match.start("head") : match.end("head")]):
            negated[match.start("items") : match.end("items")] = [True] * len(match["items"])
    return negated


def _clauses(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and what ends it, of each clause."""
    clauses, start = [], 0
    for match in _ENDS.finditer(text):
        clauses.append((start, match.start(), match.group()))
        start = match.start() if match.group()[0].isalpha() else match.end()
    return [*clauses, (start, len(text), "")]


def _is_neutral(text: str, start: int, end: int) -> bool:
    return any(match["neutral"] is not None for match in _ANY.finditer(text, start, end))


def _goes_on(text: str, start: int) -> bool:
    """Whether a negated list goes on after a comma: "no tables, lists or captions"."""
    sentence = re.split(r"[.!?;\n。！？；]", text[start:], maxsplit=1)[0]
    for item in re.split("[,，]", sentence):
        if _OR.match(item):
            return True
        if not _ITEM.fullmatch(item) or _ANY.search(item):
            return False
    return False
