"""Names and things that texts are made of."""

FIRST = (
    "Anna", "Tomas", "Ingrid", "Pavel", "Zoë", "Marcus", "Helen", "Søren", "Clara", "Jürgen", "Amira", "Peter",
    "Lucía", "Owen", "Hanna", "Viktor", "Maud", "Émile", "Nadia", "Frederick", "Åsa", "Rosa", "Edmund", "Leila",
    "Björn", "Ida",
)  # fmt: skip
LAST = (
    "Lindqvist", "Berger", "Okafor", "Müller", "Hartwell", "Novák", "Castellanos", "Ferreira", "Thornbury",
    "Söderberg", "Kowalski", "Whitcombe", "Dupré", "Haldane", "Iversen", "Marchetti", "Oakley", "Penrose",
    "Quiroga", "Rasmussen", "Sinclair", "Tremblay", "Underhill", "Voss", "Weatherby", "Yildirim", "Zimmermann",
    "Ashdown", "Brandt", "Colquhoun",
)  # fmt: skip
COMPANY = (
    "Northlight", "Kettle Point", "Harrowgate", "Blue Heron", "Lindenhof", "Silverbeck", "Oakhurst",
    "Marlow & Finch", "Tidewater", "Granite Bay", "Westermann", "Foxglove", "Castle Row", "Red Kite", "Pemberton",
    "Alder & Sons",
)  # fmt: skip
TRADE = (
    "Instruments", "Printing", "Logistics", "Foods", "Interiors", "Engineering", "Textiles", "Nurseries",
    "Software", "Timber", "Laboratories", "Catering", "Ceramics", "Archives", "Bicycles", "Insurance",
)  # fmt: skip
FORM = ("Ltd", "GmbH", "AB", "Inc.", "SARL", "Group", "Partners", "Cooperative")
STREET = (
    "Quay Street", "Mill Lane", "Harbour Road", "Station Approach", "Orchard Close", "Church Hill", "Kings Parade",
    "Linden Avenue", "Foundry Yard", "Market Square", "Old Coach Road", "Bridge Street", "Victoria Terrace",
    "Elm Grove",
)  # fmt: skip
TOWN = (
    "Aberdeen", "Holm", "Weißenfels", "Kettering", "Lübeck", "Port Ellery", "Visby", "Norwich", "Saint-Malo",
    "Bergen", "Tewkesbury", "Malmö", "Whitby", "Coimbra", "Ostend", "Inverness", "Görlitz", "Ludlow", "Honfleur",
    "Trondheim",
)  # fmt: skip
MONTH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAY = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
PLACE = (
    "the old bridge", "the harbour wall", "the town library", "the swimming baths", "the market hall", "the weir",
    "the railway station", "the botanical garden", "the observatory", "the tram depot", "the grammar school",
    "the water tower", "the covered market", "the north pier", "the concert hall", "the fire station",
)  # fmt: skip
PRODUCT = (
    "Brass barometer", "Oak bookshelf", "Chart lamp", "Compass rose", "Linen tablecloth", "Desk organiser",
    "Walnut picture frame", "Copper kettle", "Wool blanket", "Garden bench", "Steel ruler set", "Letter scale",
    "Drawing ink, black", "Watercolour paper", "Canvas satchel", "Pocket lens", "Seed tray", "Enamel jug",
    "Folding stool", "Cork noticeboard", "Wall clock", "Bicycle bell", "Rain gauge", "Tool roll", "Glass carafe",
)  # fmt: skip
GROCERY = (
    "Oat milk 1 l", "Rye bread", "Butter unsalted", "Free range eggs", "Cherry tomatoes", "Ground coffee",
    "Apple juice", "Brown rice 1 kg", "Olive oil", "Dish soap", "Paper towels", "Cheddar mature", "Bananas loose",
    "Dark chocolate", "Red lentils", "Greek yoghurt", "Spinach 200 g", "Honey", "Sea salt", "Pasta penne",
)  # fmt: skip
ROLE = (
    "Project Manager", "Senior Archivist", "Mechanical Engineer", "Head of Purchasing", "Data Analyst",
    "Head Gardener", "Research Librarian", "Site Supervisor", "Quality Inspector", "Managing Director",
    "Export Clerk", "Structural Engineer", "Conservator", "Office Manager", "Sales Representative",
    "Laboratory Technician",
)  # fmt: skip
SKILL = (
    "Project planning", "Technical drawing", "Budget control", "Cataloguing", "Public speaking", "Contract law",
    "Statistics", "Bookbinding", "Team leadership", "Procurement", "Photography", "Database design", "Copy editing",
    "Negotiation",
)  # fmt: skip
LANGUAGE = (
    "English (native)",
    "German (fluent)",
    "Swedish (basic)",
    "French (fluent)",
    "Spanish (basic)",
    "Polish (good)",
)
HEADLINE = (
    "Council Votes to Keep the Ferry", "Rain Ends the Longest Drought in Memory",
    "Library Opens Its Doors at Night", "Bakers Warn of Dearer Bread", "Harbour Wall Holds Against the Storm",
    "School Orchestra Wins in {town}", "New Tram Line Runs Late and Over Budget",
    "Museum Finds Lost Map in the Attic", "Bridge Closed Until the Spring", "Volunteers Plant Ten Thousand Trees",
    "Mill Workers Accept the Offer", "Lighthouse to Become a Hostel",
)  # fmt: skip
CHAPTER = (
    "The Harbour Before the Railway", "Ships and Their Owners", "A Winter Without Work", "The Building of the Mole",
    "Fishing Rights and Quarrels", "Letters From the Customs House", "The Great Fire", "How the Town Was Rebuilt",
    "Schools and Chapels", "The Arrival of Steam", "Women in the Net Lofts", "Strikes and Settlements",
    "The Lifeboat Station", "Two Wars", "The Last Herring Season", "Tourists and Bathing Machines",
    "The Dredging Plan", "Sources and Measures", "A Note on Names", "Acknowledgements", "Maps and Plans",
    "The Toll Accounts", "Who Owned the Quays", "Ballast and Coal", "The Pilots", "Storms on Record",
    "Bread Prices by Year",
)  # fmt: skip
