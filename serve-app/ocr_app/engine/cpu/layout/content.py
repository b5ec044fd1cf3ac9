"""What a row at the edge of a page says: whether it reads like content, which no running head does.

A detector of layout calls rows furniture that are not, and is sure of it. So the words have a say too: what carries a
fact (an amount, a name to pay to, a date, a sentence) is never furniture, wherever it stands.
"""

import re

from ocr_app.engine.cpu.layout.paragraphs import is_capitals

_LONGEST = 120
_LONGEST_IMPRINT = 250

_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|juni|juli|okt|dez|mär|märz|janv|févr|avr|juin|juil|août"
    r"|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott)[a-zéèûàäç]*\.?"
)
_URL = (
    r"(?:https?:/\S+|www\.\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|int|io|info|eu|uk|de|fr|es|it|ch|at|nl)"
    r"\b(?:/\S*)?)"
)
_NUMBER_OF_A_WORK = re.compile(
    rf"{_URL}|\bdoi:?\s*\S+|\barxiv:\s*\S+(?:\s*\[[\w.-]+\])?|\b(?:issn|isbn)(?:-1[03])?:?\s*[\dx -]+", re.IGNORECASE
)
"""Addresses and numbers by which a printed work is known, which look like others."""

_IMPRINT = re.compile(
    rf"{_URL}|©|\(c\)\s*\d{{4}}|\b(?:doi|arxiv|copyright|issn|isbn|preprint|et al)\b|\ball rights reserved\b"
    r"|\bdownload(?:ed (?:from|by)| date)\b|\bpublished (?:by|as|online)\b|\bunder review\b|\b(?:vol|issue)\.?\s*\d",
    re.IGNORECASE,
)
_SECTION_WORD = (
    r"(?:ch|chap|chapter|part|section|sect?|appendix|unit|lesson|module|book|bk|vol|volume|kapitel|abschnitt|teil|anhang"
    r"|chapitre|partie|capítulo|capitulo|parte|capitolo|hoofdstuk|第)\b"
)
_SECTION = re.compile(rf"^\W*{_SECTION_WORD}\.?\s*(?:[\dIVXLCivxlc]+|[A-Z])\b", re.IGNORECASE)

_E_MAIL = re.compile(r"\S@\S+\.\w")
_BANK = re.compile(
    r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,}|\b(?:iban|bic|swift|sort code|routing|blz|bankleitzahl|vat|ust|siret|siren"
    r"|tva|mwst|nif|cif|p\.?\s?iva|kvk|ein|abn)\b",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"\b(?:tel|telephone|telefon|teléfono|tél|phone|fax|mobile|mobil|call)\b\W{0,3}[+(]?\d"
    r"|(?<![\w.])[+(]?\d{1,5}[)/ -]{1,2}\d{2,4}(?:[ /-]?\d{2,4})+(?![\w.])",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"[$€£¥₹]\s?\d|\d\s?[$€£¥₹%‰]|\b(?:usd|eur|gbp|chf|jpy|cny|sek|nok|dkk|pln|czk|inr|cad|aud)\b\.?\s?\d"
    r"|\d\s?(?:usd|eur|euro|gbp|chf|jpy|cny|sek|nok|dkk|kr|pln|zł|czk|kč|inr|cad|aud)\b"
    r"|(?<![\d.,])\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{2})?(?![\d.,])"
    r"|(?<![\d.,])\d+[.,]\d{2}\W*$",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"\b(?:(?:sub|grand )?total|sum|amount|payable|gesamt\w*|summe|zwischensumme|betrag|rechnungsbetrag|saldo|zu zahlen"
    r"|somme|montant|solde|à payer|importe|suma|importo|totale|totaal|bedrag|celkem|razem|合计|总计|合計)\b"
    # Words that titles have too.
    r"|^(?:balance|due|paid|price|discount|deposit|change|cash|tax|net|gross|netto|brutto)\b(?:\s\w+){0,3}\W*\d"
    r"|^(?:balance|discount|deposit|change|cash|tax|netto|brutto)\W*$|\b(?:due|paid)\W*(?:\d|$)",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"\b(?:invoice|statement|order|customer|account|reference|policy|claim|case|file|member|patient|ticket|receipt|serial|contract"
    r"|registration|licen[cs]e|booking|parcel|tracking|delivery|room|table|seat|flat|apartment|suite|box|age|class|grade"
    r"|score|points|mark|marks|question|exercise|problem|task|item|step|words|count|serves|frage|aufgabe|level|size|quantity|qty|weight|rechnung|bestellung|kunde|konto|zimmer|tisch|alter|menge"
    r"|facture|commande|client|compte|factura|pedido|cliente|cuenta|fattura|ordine|conto)\b\W{0,3}"
    r"(?:(?:number|no|nr|num|id|code)\b\W{0,3})?[A-Z]{0,3}[-/]?\d"
    r"|\b(?:\w*nummer|\w*number|numéro|número|numero|ref|réf|our ref|your ref|id|pin|code|zeichen|az|nr|no|n°)\b"
    r"[.:°#\s]{0,3}[A-Z]{0,3}[-/]?\d"
    r"|^(?:number|anzahl|nombre|número|numero|aantal) (?:of|der|de|di|van)\b|#\s?\d|№",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:\b(?:\w*number|\w*nummer|numéro|número|numero|no|nr|date|datum|name|address|adresse|reference|ref)|#)[.:]?\s*$",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[^\W\d]\s?:(?:\s|$)|[^\W\d]:\d")
_IDENTIFIER = re.compile(
    r"\b[A-Z]{1,5}[-/ ]?\d{3,}\b|\b\d+[A-Z]+\d\w*\b|\b\d{5,}\b|\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b"
    r"|\b[A-Z]{2,4}\d{2} ?[A-Z]{3}\b"
)
_YEAR_OF_A_NAME = re.compile(r"\b[A-Z]{1,5}[-/ ]?(?:19|20)\d\d\b")
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|er)?\.?\s+(?:de\s+)?{_MONTH}(?!\w)|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\d)"
    r"|\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\b\d{1,2}[:.]\d{2}\s?(?:am|pm|uhr|h)\b|\b\d{1,2}:\d{2}\b"
    r"|\d{1,4}\s?[年月]\s?\d{1,2}",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"_{3,}|\.{5,}|…{2,}|[☐☑☒✓✔□]|\b(?:signed|signature|witness(?:ed)?|notary|yours|sincerely|faithfully|regards"
    r"|respectfully|unterschrift|unterzeichnet|gez|grüßen|hochachtungsvoll|cordialement|salutations|atentamente"
    r"|firma|firmado|saluti)\b|^(?:director|manager|president|secretary|treasurer|chair(?:man|woman|person)?|ceo|cfo"
    r"|cto|geschäftsführer(?:in)?|vorstand)\W*$"
    r"|^(?:dear|to|from|re|subject|attn|betreff|sehr geehrte\w*|liebe[rs]?|cher|chère|estimad[oa]s?)\b",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"^(?:[*†‡§¶•‣▪■●○◦–—-]\s*\S|\(?\d{1,3}[.)]?\s+[^\W\d]|\(?[a-z][.)]\s|\[\d)")
_CONTINUED = re.compile(r"\b(?:continued|see|turn|from|siehe|voir)\b.{0,20}\b(?:page|p\.|seite|s\.)", re.IGNORECASE)
_ENDS = re.compile(r"[.!?;,…。！？；，][\"'”’)\]»]*$")
_ABBREVIATED = re.compile(r"\b(?:et al|inc|ltd|co|corp|ed|eds|vol|no|jr|sr|[A-Z])\.$", re.IGNORECASE)
_CAPTION = re.compile(
    r"^(?:figure|fig|table|tab|plate|chart|box|scheme|exhibit|abbildung|abb|tabelle|tableau|figura|tabla|图|表)\b\.?\s*[\dIVX]",
    re.IGNORECASE,
)
_CHAPTER_NUMBER = re.compile(r"^[IVXLC]+\.?(?:\s|$)")
_RUNNING = re.compile(r"\b(?:19|20)\d\d\b|\s[|·•/]\s")


def is_imprint(text: str) -> bool:
    """Whether a row says where a printed work comes from: its address, number, publisher, copyright or authors."""
    return bool(_IMPRINT.search(text))


def is_provenance(text: str) -> bool:
    """Whether a row says in words where a copy of a work comes from; an address or a number alone does not."""
    return bool(_IMPRINT.search(_NUMBER_OF_A_WORK.sub(" ", text)))


def is_in_running_style(text: str) -> bool:
    """Whether a row is made as running heads are and headings are not: an imprint, with a year, or with dividers."""
    return is_imprint(text) or bool(_RUNNING.search(text))


def reads_like_content(text: str) -> bool:
    """Whether a row at a page's edge says something that no running head or foot says.

    That is a fact (see `states_fact`), a sentence or a part of one, what is said after a colon, a note or an entry of a
    list. Titles, chapters, authors, addresses on the web and copyrights are not.
    """
    text = text.strip()
    if not text or states_fact(text):
        return bool(text)
    if is_imprint(text):
        return False
    if len(text) > _LONGEST:
        return True
    return not _SECTION.match(text) and (bool(_VALUE.search(text)) or _is_sentence(text))


def states_fact(text: str) -> bool:
    """Whether a text has an amount or a sum, a date with a day, a time, an identifier, a key with its number ("Invoice
    4711"), bank details, an e-mail address, a phone number, a signature or a salutation.

    Numbers and dates of a printed work, as in a line on where it was downloaded from, do not count. A text that is too
    long for a head states one.
    """
    if len(text) > _LONGEST_IMPRINT:
        return True
    rest = _NUMBER_OF_A_WORK.sub(" ", text)
    if any(pattern.search(rest) for pattern in (_E_MAIL, _BANK, _PHONE, _AMOUNT, _SUM, _SIGNATURE)):
        return True
    if is_imprint(text):
        return False
    if any(pattern.search(text) for pattern in (_KEY, _LABEL, _DATE, _CONTINUED, _CAPTION)):
        return True
    return bool(_IDENTIFIER.search(_YEAR_OF_A_NAME.sub(" ", text)))


def _is_sentence(text: str) -> bool:
    """Whether a row begins or ends inside running text, or is an entry of its own, such as a note."""
    if text[0].islower() or _ENTRY.match(text) or _CHAPTER_NUMBER.match(text) or text[-1] in "-\u00ad\u2010":
        return True
    shouted = is_capitals(text) and len(text) > 6
    return bool(_ENDS.search(text)) and not shouted and not _ABBREVIATED.search(text)
