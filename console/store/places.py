"""Where Northlight ships to: currency, language, carrier, towns on the way, and people who live there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """One market."""

    code: str
    currency: str
    locale: str
    weight: int  # share of orders, in per cent
    carrier: str
    number: str  # a pattern: # is a digit, A a letter
    hubs: tuple[tuple[str, str], ...]  # (town, country) on the way from Gothenburg
    towns: tuple[tuple[str, str], ...]  # (town, postcode) of shoppers
    streets: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    days: tuple[int, int]  # fastest and slowest usual transit


SE = Country(
    "SE", "SEK", "sv", 24, "postnord", "00370714############",
    (("Gothenburg", "SE"), ("Nässjö", "SE"), ("Rosersberg", "SE")),
    (("Stockholm", "113 30"), ("Umeå", "903 26"), ("Lund", "222 22"), ("Kiruna", "981 31")),
    ("Odengatan", "Kyrkogatan", "Skolgatan"),
    ("Jonas", "Emma", "Lars", "Astrid", "Oskar", "Saga"), ("Öberg", "Lindström", "Nilsson", "Åkesson"), (1, 3),
)  # fmt: skip
DE = Country(
    "DE", "EUR", "de", 28, "dhl", "00340434############",
    (("Gothenburg", "SE"), ("Malmö", "SE"), ("Padborg", "DK"), ("Hamburg", "DE"), ("Leipzig", "DE")),
    (("Munich", "80337"), ("Freiburg", "79098"), ("Berlin", "10435"), ("Dresden", "01099")),
    ("Lindenstraße", "Hauptstraße", "Gartenweg"),
    ("Anna", "Wolfgang", "Jürgen", "Lea", "Mats", "Friederike"), ("Berg", "Schmidt-Hohenberger", "Krüger", "Yilmaz"), (2, 5),
)  # fmt: skip
GB = Country(
    "GB", "GBP", "en", 12, "royal_mail", "AA#########GB",
    (("Gothenburg", "SE"), ("Langley", "GB"), ("Princess Royal", "GB")),
    (("Sheffield", "S1 2GU"), ("Edinburgh", "EH3 9DR"), ("Bristol", "BS1 4DJ")),
    ("Mill Lane", "Station Road", "Castle Street"),
    ("Siobhán", "Oluwaseun", "Harriet", "George"), ("O’Callaghan-Whitfield", "Adeyemi-Clarke", "Hughes"), (3, 6),
)  # fmt: skip
FR = Country(
    "FR", "EUR", "fr", 10, "colissimo", "6A###########",
    (("Gothenburg", "SE"), ("Roissy", "FR"), ("Lyon", "FR")),
    (("Lyon", "69002"), ("Nantes", "44000"), ("Annecy", "74000")),
    ("rue de la République", "rue des Lilas", "avenue Foch"),
    ("Chloé", "Étienne", "Inès", "Théo"), ("Beaumont-Lacroix", "Lefèvre", "Garnier"), (3, 6),
)  # fmt: skip
ES = Country(
    "ES", "EUR", "es", 8, "dpd", "##############",
    (("Gothenburg", "SE"), ("Hamburg", "DE"), ("Zaragoza", "ES")),
    (("Granada", "18009"), ("Bilbao", "48001"), ("Madrid", "28004")),
    ("Calle Mayor", "Calle de la Luna"),
    ("María del Carmen", "Iker", "Lucía"), ("Fernández de Córdoba", "Etxeberria", "Ruiz"), (4, 8),
)  # fmt: skip
US = Country(
    "US", "USD", "en", 9, "ups", "1Z########03######",
    (("Gothenburg", "SE"), ("Cologne", "DE"), ("Louisville, KY", "US")),
    (("Portland, OR", "97205"), ("Burlington, VT", "05401"), ("Boulder, CO", "80302")),
    ("Maple Street", "2nd Avenue"),
    ("Grace", "Miguel", "Hannah", "DeShawn"), ("Kowalski", "Rivera", "Johnson"), (4, 9),
)  # fmt: skip
JP = Country(
    "JP", "JPY", "ja", 6, "yamato", "############",
    (("Gothenburg", "SE"), ("Haneda", "JP"), ("Tokyo", "JP")),
    (("Tokyo", "150-0001"), ("Sapporo", "060-0042")),
    ("Jingumae", "Odori Nishi"), ("Yuki", "Haruto", "Aoi"), ("Takahashi", "Watanabe"), (5, 9),
)  # fmt: skip
BR = Country(
    "BR", "BRL", "pt-BR", 3, "correios", "AA#########BR",
    (("Gothenburg", "SE"), ("Curitiba", "BR"), ("São Paulo", "BR")),
    (("São Paulo", "01310-100"), ("Florianópolis", "88010-400")),
    ("Avenida Paulista", "Rua das Flores"), ("Inês", "João", "Beatriz"), ("Carvalho", "da Silva"), (8, 16),
)  # fmt: skip
COUNTRIES = (SE, DE, GB, FR, ES, US, JP, BR)
