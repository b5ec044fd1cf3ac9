r"""The words by which people ask for a kind of answer, in five languages, as regular expressions.

Chinese has no spaces: words that may stand beside it have no `\b`.
"""

LOCATE = (
    r"^\s*(?:(?:please|kindly|can you|could you|would you|bitte|¿|请)\s*)*"
    r"(?:locate\s(?!\s*(?:all|every|each)\b.*\b(?:text|lines?|words?|blocks?)\b)"
    r"|where (?:is|are)\s|wo (?:ist|sind|steht|stehen|befinde[nt] sich)\s|où (?:est|sont|se trouve(?:nt)?)\s"
    r"|d[oó]nde est[aá]n?\s|定位)"
    r"\s*(?:(?:the|der|die|das|le|la|les|el|los|las)\s+)?(?P<what>\S(?:(?![.?!;]\s|\n).)*?)"
    r"(?:\s+(?:in|on) (?:this|the) (?:image|page|document))?[\s.?!？。]*$"
)
LOCATE_AT_END = (
    r"^\s*(?:(?:please|can you|could you|would you|tell me|show me|请问|请)\s*)*"
    r"(?:where\s+(?:the\s+)?(?=\S.*\s(?:is|are)\W*$)|(?=[^\n]*在(?:哪|什么位置)))"
    r"(?P<what>\S(?:(?![.?!;]\s|\n).)*?)(?:\s+(?:is|are)|\s*在(?:哪里?|什么位置))\W*$"
)
"""Like LOCATE, of sentences that end with the words of place."""

BOXES = (
    r"bounding[ -]?box(?:es)?|\bbbox(?:es)?\b|\bgrounding\b|(?<!gps )(?<!map )(?<!contact )\bcoordinates\b"
    r"|\bwith layout\b(?!\s+(?:preserved|intact|kept|unchanged))|\A\W*layout\W*\Z"
    r"|\b(?:detect|analy[sz]e|return|output|give|get|show|find|extract|include|including)"
    r"(?:\s+(?:me|the|its|this|a|page|document|full|of))*\s+layout\b"
    r"|\blocate\s+(?:all|every|each)\b.*\b(?:text|lines?|words?|blocks?)\b"
    r"|\blayout\s+(?:json|analysis|data|detection|info(?:rmation)?|blocks|boxes|elements)\b"
    r"|\bkoordinaten\b|\bbegrenzungsrahmen\b|\blayout-?(?:analyse|daten)\b"
    r"|bo[iî]tes? englobantes?|\bcoordonn[eé]es (?:de chaque|des (?:lignes|mots|blocs)|en pixels)"
    r"|\bcoordenadas\b|\bcuadros? delimitador(?:es)?\b|坐标(?!轴|系)|边界框|包围框|检测框|(?:版面|布局)分析"
)

MARKDOWN = (
    r"mark[ -]?d(?:ow|wo)n(?!\s+(?:tutorial|guide|book|cheat|handbook|for beginners))"
    r"|(?:\b(?:as|to|into|in)\s+|\.|[成为用]\s*)md(?![a-z])|(?<![a-z])md\s*(?:format|file|格式|文件)"
)
HTML = (
    r"(?:\b(?:as|in|to|into|use|using|output|return|als|zu|nach|en|como|a)\s+(?:valid\s+|clean\s+)?|[成为用]\s*)html"
    r"|\bhtml\s+(?:format|output|tables?|tags?|code)\b"
)
NO_MARKDOWN = (
    r"mark[ -]?d(?:ow|wo)n(?!\s*(?:code|block|fence|in\s+(?:a\s+)?code))|(?<![a-z])md(?![a-z])|\bmark-?up\b"
    r"|\b(?:no|without|any)\s+(?:\w+\s+)?formatting\b|\b(?:ohne|keine)\s+(?:\w+\s+)?formatierung"
    r"|\bsans\s+(?:mise en forme|formatage)|\bsin\s+formato\b|(?:无|不要|不带|不用)格式"
)
PLAIN = (
    r"\bplain[ -]?te?xt\b|\bfree ocr\b|\b(?:raw|unformatted) text\b|\bas (?:a )?\.?txt\b|\btxt (?:file|format)\b"
    r"|\bklartext\b|\b(?:rein|einfach|unformatiert)e[rnms]? text\b|\btexte (?:brut|simple)\b"
    r"|\btexto (?:plano|simple)\b|纯文本|纯文字"
)

READ = (
    r"\bread\b|\bextract|\btranscri|\bocr\b|\brecogni[sz]e|\bwritten\b|\b(?:lies|lest|lesen|vorlesen)\b|\bextrah"
    r"|\berfass|schreib\w*\b.*\bab\b|\babschreib|\btranskrib|\b(?:lis|lire|lisez)\b|\bextra[iy]|\blee\b|\bleer\b|\bextrae"
    r"|识别|提取|读|转写|抄"
)
DESCRIBE = (
    r"\bd[ei]scribe\b|\bcaption\s+(?:this|the|it|my|these)\b"
    r"|\bdescription of (?:this|the|my|these)\s+(?:image|picture|photo|figure|drawing)"
    r"|\bwhat(?:'s|’s| is| are)\s+(?:in|on|shown|depicted)\b(?!.*\b(?:page|document|receipt|invoice|letter|form)\b)"
    r"|\bwhat (?:does|do) (?:this|the|these) (?:image|picture|photo)s? show|\bwhat do you see\b"
    r"|\bbeschreib(?:e|en|t|st)?\b|\bbildbeschreibung\b|\bwas ist auf (?:dem|diesem) (?:bild|foto)"
    r"|\bd[eé]cri(?:s|re|vez)\b|\bdescription (?:de |d')(?:cette |ce |l'|la )(?:image|photo|figure)"
    r"|\bdescri(?:be|ba|bir|beme)\b|\bdescr[ií]beme\b|\bdescripci[oó]n de (?:la|esta) (?:imagen|foto)"
    r"|描述|图[片里中]+有什么"
)

TEXT = (
    r"\b(?:text|words|everything|page|document|paragraphs?|titles?|labels?|legends?|captions?|headings?|ax[ei]s)\b"
    r"|\btables?\s*(?:,|and)|(?:,|\band)\s+(?:the\s+)?tables?\b"
    r"|\b(?:titel|beschriftung|legende|achse|seite|dokument|alles)|\b(?:titre|texte|l[eé]gende|axe|document|tout)"
    r"|\b(?:t[ií]tulo|texto|leyenda|eje|etiqueta|p[aá]gina|documento|todo)|标题|文字|图例|坐标轴|所有|全部"
)
"""Something to be read beside the figure itself; `Parse the figure.` would lose it."""

FIGURE = (
    r"(?:(?=.*\b(?:parse|read|extract|digiti[sz]e|convert)\b)(?=.*\b(?:figures?|charts?|plots?|diagrams?|graphs?)\b)"
    r"|(?=.*\b(?:lies|lesen|auslesen|extrahiere?n?|digitalisiere?n?)\b)"
    r"(?=.*\b(?:diagramm|grafik|schaubild|abbildung|kurve))"
    r"|(?=.*\b(?:lis|lire|lisez|extrai\w*|num[eé]rise\w*)\b)(?=.*\b(?:graphique|diagramme|courbe|figure|sch[eé]ma))"
    r"|(?=.*\b(?:lee|leer|extra[ei]\w*|digitaliza\w*)\b)(?=.*\b(?:gr[aá]fic[oa]|diagrama|figura|esquema))"
    r"|(?=.*(?:解析|提取|读取|识别))(?=.*(?:图表|曲线|[柱状折线饼]+图)))"
)
"""To be searched from the start: a verb and a thing, in any order. One after the other would take the square of the
length."""

TABLES = (
    r"\btables?\b(?!\s+of\s+contents|\s+(?:captions?|titles?|numbers?|names?)\b)|\btabular\b|\btabelle|\btableaux?\b"
    r"|\btablas?\b|表格"
)
KEEP_LAYOUT = (
    r"\blayout\b|\bformatting\b|\bformatierung|\bmise en page\b|\bmise en forme\b|\bdise[nñ]o\b|\bformato original\b"
    r"|排版|布局|版面"
)
