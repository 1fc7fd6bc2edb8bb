"""Which zones a postcode lies in, for countries with several. A compact table, known by their posts' own numbering.

A line: first characters of the postcode (or a range of them), the region's code, zones. The first line that fits counts, so the exception
stands above its rule. Several zones: the prefix straddles a border, and nobody can tell which side a person is on.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

AREAS = {"US": "America", "CA": "America", "BR": "America", "MX": "America", "AU": "Australia"}  # of zones written without one
DIGITS = {"US": 5, "AU": 4, "BR": 8, "MX": 5, "RU": 6, "ES": 5, "FR": 5}  # tables and sheets lose leading zeros

LINES = {
    "US": """
005 NY New_York|006-009 PR Puerto_Rico|010-027 MA New_York|028-029 RI New_York|030-038 NH New_York|039-049 ME New_York|055 MA New_York
050-059 VT New_York|060-069 CT New_York|070-089 NJ New_York|100-149 NY New_York|150-196 PA New_York|197-199 DE New_York
200 DC New_York|201 VA New_York|202-205 DC New_York|206-219 MD New_York|220-246 VA New_York|247-268 WV New_York|270-289 NC New_York
290-299 SC New_York|300-319 GA New_York|324-325 FL Chicago New_York|320-339 FL New_York|341-349 FL New_York|350-369 AL Chicago
373 TN New_York Chicago|374 TN New_York|376-379 TN New_York|370-385 TN Chicago|386-397 MS Chicago|398-399 GA New_York
420-424 KY Chicago|425-427 KY New_York Chicago|400-418 KY New_York|430-459 OH New_York|463-464 IN Chicago
475-479 IN Indiana/Indianapolis Chicago|460-474 IN Indiana/Indianapolis|498-499 MI Detroit Chicago|480-497 MI Detroit
500-528 IA Chicago|530-549 WI Chicago|550-567 MN Chicago|569 DC New_York|575-576 SD Chicago Denver|577 SD Denver|570-574 SD Chicago
585-588 ND Chicago Denver|580-584 ND Chicago|590-599 MT Denver|600-629 IL Chicago|630-658 MO Chicago|677-679 KS Chicago Denver
660-676 KS Chicago|690-692 NE Chicago Denver|693 NE Denver|680-689 NE Chicago|700-714 LA Chicago|716-729 AR Chicago|733 TX Chicago
730-749 OK Chicago|798 TX Denver Chicago|799 TX Denver|885 TX Denver|750-797 TX Chicago|800-816 CO Denver|820-831 WY Denver
835 ID Los_Angeles Boise|838 ID Los_Angeles|832-837 ID Boise|840-847 UT Denver|860 AZ Phoenix Denver|864 AZ Phoenix|865 AZ Denver Phoenix
850-863 AZ Phoenix|870-884 NM Denver|898 NV Los_Angeles Denver|889-897 NV Los_Angeles|900-961 CA Los_Angeles|967-968 HI Pacific/Honolulu
969 GU Pacific/Guam|979 OR Los_Angeles Boise|970-978 OR Los_Angeles|980-994 WA Los_Angeles|995 AK Anchorage Adak|996-999 AK Anchorage""",
    "CA": """
A0P NL Halifax|A0R NL Halifax|A2V NL Halifax|A NL St_Johns|B NS Halifax|C PE Halifax|E NB Moncton|G4T QC Halifax|G0G QC Toronto Halifax
G-J QC Toronto|P8 ON Winnipeg Toronto|P9 ON Winnipeg Toronto|P0 ON Toronto Winnipeg|K-P ON Toronto|R MB Winnipeg|S9V SK Edmonton
S SK Regina|T AB Edmonton|V0 BC Vancouver Edmonton|V1 BC Vancouver Edmonton|V BC Vancouver|X0A NU Iqaluit|X0B NU Edmonton
X0C NU Rankin_Inlet Edmonton|X NT Edmonton|Y YT Whitehorse""",
    "AU": """
08 NT Darwin|09 NT Darwin|02 ACT Sydney|2880 NSW Broken_Hill|260-261 ACT Sydney|290-291 ACT Sydney|1-2 NSW Sydney|3 VIC Melbourne
8 VIC Melbourne|4 QLD Brisbane|9 QLD Brisbane|5 SA Adelaide|6 WA Perth|7 TAS Hobart""",
    "BR": """
0-1 SP Sao_Paulo|20-28 RJ Sao_Paulo|29 ES Sao_Paulo|3 MG Sao_Paulo|40-48 BA Bahia|49 SE Maceio|53990 PE Noronha|50-56 PE Recife
57 AL Maceio|58 PB Fortaleza|59 RN Fortaleza|60-63 CE Fortaleza|64 PI Fortaleza|65 MA Fortaleza|689 AP Belem|66-68 PA Belem
693 RR Boa_Vista|699 AC Rio_Branco|69 AM Manaus Rio_Branco|700-727 DF Sao_Paulo|730-736 DF Sao_Paulo|768-769 RO Porto_Velho
72-76 GO Sao_Paulo|77 TO Araguaina|78 MT Cuiaba|79 MS Campo_Grande|80-87 PR Sao_Paulo|88-89 SC Sao_Paulo|9 RS Sao_Paulo""",
    "MX": """
21-22 BCN Tijuana|23 BCS Mazatlan|80-82 SIN Mazatlan|63 NAY Mazatlan Mexico_City|83-85 SON Hermosillo|32 CHH Ciudad_Juarez
31-33 CHH Chihuahua Ojinaga|77 ROO Cancun|25-27 COA Monterrey Matamoros|64-67 NLE Monterrey Matamoros|87-89 TAM Monterrey Matamoros
97 YUC Merida|24 CAM Merida|01-99 - Mexico_City""",
    "RU": """
236-238 KGD Europe/Kaliningrad|400-404 VGG Europe/Volgograd|410-413 SAR Europe/Saratov|414-416 AST Europe/Astrakhan
426-427 UD Europe/Samara|432-433 ULY Europe/Ulyanovsk|443-446 SAM Europe/Samara|450-453 BA Asia/Yekaterinburg
454-457 CHE Asia/Yekaterinburg|460-462 ORE Asia/Yekaterinburg|614-619 PER Asia/Yekaterinburg|620-624 SVE Asia/Yekaterinburg
625-629 TYU Asia/Yekaterinburg|640-641 KGN Asia/Yekaterinburg|644-646 OMS Asia/Omsk|630-633 NVS Asia/Novosibirsk|634-636 TOM Asia/Tomsk
649 AL Asia/Barnaul|656-659 ALT Asia/Barnaul|650-654 KEM Asia/Novokuznetsk|655 KK Asia/Krasnoyarsk|667-668 TY Asia/Krasnoyarsk
660-663 KYA Asia/Krasnoyarsk|647-648 KYA Asia/Krasnoyarsk|664-666 IRK Asia/Irkutsk|669 IRK Asia/Irkutsk|670-671 BU Asia/Irkutsk
672-674 ZAB Asia/Chita|687 ZAB Asia/Chita|675-676 AMU Asia/Yakutsk|677-678 SA Asia/Yakutsk Asia/Vladivostok Asia/Srednekolymsk
679 YEV Asia/Vladivostok|680-682 KHA Asia/Vladivostok|690-692 PRI Asia/Vladivostok|685-686 MAG Asia/Magadan|693-694 SAK Asia/Sakhalin
683-684 KAM Asia/Kamchatka|688 KAM Asia/Kamchatka|689 CHU Asia/Anadyr|1-4 - Europe/Moscow""",
    "ES": "35 GC Atlantic/Canary|38 TF Atlantic/Canary|51 CE Africa/Ceuta|52 ML Africa/Ceuta|0-5 - Europe/Madrid",
    "PT": "90-94 30 Atlantic/Madeira|95-99 20 Atlantic/Azores|1-8 - Europe/Lisbon",
    "FR": """
971 971 America/Guadeloupe|972 972 America/Martinique|973 973 America/Cayenne|974 974 Indian/Reunion|976 976 Indian/Mayotte
975 PM America/Miquelon|987 PF Pacific/Tahiti|988 NC Pacific/Noumea|0-9 - Europe/Paris""",
}


class Row(NamedTuple):
    """Postcodes from `first` to `last` (compared by as many characters as these have), their region and zones."""

    first: str
    last: str
    region: str
    zones: tuple[str, ...]


@lru_cache
def rows(country: str) -> tuple[Row, ...]:
    """The table of a country, none where it has a single zone or is not in the table."""
    return tuple(_rows(country))


def _rows(country: str) -> Iterator[Row]:
    area = AREAS.get(country, "")
    for line in LINES.get(country, "").replace("\n", "|").split("|"):
        if line:
            span, region, *zones = line.split()
            first, _, last = span.partition("-")
            whole = tuple(zone if not area or zone.startswith("Pacific/") else f"{area}/{zone}" for zone in zones)
            yield Row(first, last or first, region.strip("-"), whole)


@lru_cache(maxsize=4096)
def row_of(country: str, postcode: str) -> Row | None:
    """The line that a postcode falls under; None for no, a strange or an unlisted one."""
    code = "".join(letter for letter in postcode.upper() if letter.isalnum())
    code = code.zfill(DIGITS[country]) if code.isdigit() and DIGITS.get(country, 0) - len(code) == 1 else code
    return next((row for row in rows(country) if row.first <= code[: len(row.first)] <= row.last), None) if code else None
