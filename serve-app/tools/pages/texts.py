"""The texts of the rendered pages, which the readings are compared with."""

ENGLISH = (
    "The committee met on Tuesday, 14 March, to hear the surveyor's report on the old bridge. Three of its five arches "
    "were found to be sound; the other two, rebuilt in 1912 with cheaper brick, had moved by as much as 4 cm. He "
    "recommended that heavy carts be turned away at once.",
    "A long discussion followed. Mr. Oakley asked whether timber props would do until the harvest was in, and was told "
    "that they would, at a cost of £1,250. The motion was carried by eleven votes to six.",
)
GERMAN = (
    "Der Ausschuss prüfte am Dienstag den Bericht über die alte Brücke. Drei der fünf Bögen gelten als sicher; die "
    "übrigen wurden 1912 mit billigeren Ziegeln erneuert und haben sich um bis zu 4 cm verschoben. Größere Fahrzeuge "
    "müssen künftig die Straße über Weißenfels nehmen.",
)
CHINESE = (
    "委员会于三月十四日星期二开会，听取了关于旧桥的报告。五个桥拱中有三个状况良好，另外两个在一九一二年用较便宜的砖重建，已经移动了四厘米。",
    "会议决定立即禁止重型车辆通行，并在秋收之前用木料支撑桥身。",
)
HEADING = "Minutes of the Bridge Committee"
LEFT = (
    "In the upper valley the snow lay until May, and the mills stood idle for want of water. The farmers there had put "
    "their trust in rye, which failed, and in sheep, which did not. By June the flocks had moved to the high pastures."
)
RIGHT = (
    "Further down, where the river slows and widens, the year was a good one. Barley stood as high as a man, the "
    "orchards bore early, and the ferry at Holm carried twice its usual trade before the roads had even dried."
)
TABLE = (
    ("Arch", "Built", "Moved (cm)", "Repair"),
    ("First", "1788", "0.4", "120"),
    ("Second", "1912", "3.1", "480"),
    ("Third", "1912", "4.0", "510"),
    ("Fourth", "1790", "0.2", "140"),
)
RUNNING_HEAD = ("Parish Records", "31")
