"""An address as it stands on a label, by the customs of its country.

The order of lines and the place of the postcode follow the Universal Postal Union's pages on addressing in its member countries.
"""

import re
from typing import Final

# N name, O company, A street (one or two lines), Z postcode, C town, S region; | begins a line. What is empty goes with its sign.
USUAL: Final = "N|O|A|Z C|S"
NO_REGION: Final = (
    "AT", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "FI", "FR", "GR", "HR", "IS", "LI", "LT", "LU", "MC", "NL", "NO", "PL", "PT", "RO",
    "RS", "SE", "SI", "SK", "SM", "VA",
)  # fmt: skip
FORMS: Final = {
    **dict.fromkeys(NO_REGION, "N|O|A|Z C"),
    "IT": "N|O|A|Z C S", "TR": "N|O|A|Z C/S", "HU": "N|O|C|A|Z",
    "GB": "N|O|A|C|Z", "IE": "N|O|A|C|S|Z", "US": "N|O|A|C, S Z", "CA": "N|O|A|C S Z", "AU": "N|O|A|C S Z", "NZ": "N|O|A|C Z",
    "ZA": "N|O|A|C|Z", "IN": "N|O|A|C Z|S", "SG": "N|O|A|C Z", "HK": "N|O|A|C|S",
    "BR": "N|O|A|C-S|Z", "MX": "N|O|A|Z C, S", "CO": "N|O|A|C, S Z", "PE": "N|O|A|C Z|S",
    "JP": "N|O|A|C, S|Z", "KR": "N|O|A|C, S|Z", "CN": "N|O|A|C|S Z", "TW": "N|O|A|C, S Z", "TH": "N|O|A|C|S Z", "VN": "N|O|A|C|S Z",
    "RU": "N|O|A|C|S|Z", "UA": "N|O|A|C|S|Z", "ID": "N|O|A|C|S Z",
}  # fmt: skip
# Written in the country's own script an address goes from the large to the small, and the name comes last.
LOCAL: Final = {"JP": "〒Z|SC|A|O|N", "CN": "Z|SC|A|O|N", "TW": "Z|SC|A|O|N", "KR": "S C|A|O|N|Z"}
EAST: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
PARTS: Final = {"N": "name", "O": "company", "Z": "postcode", "C": "city", "S": "region"}
LOOSE: Final = " ,-/〒"  # signs that join what is not there


def lines(address: dict[str, str], country: str) -> list[str]:
    """The lines of an address {name, company, line1, line2, city, region, postcode, country}; `country`: its name, for the last line."""
    code = address.get("country", "")
    local = EAST.search(address.get("city", "") + address.get("line1", ""))
    form = (LOCAL.get(code) if local else None) or FORMS.get(code, USUAL)
    said = [line for part in form.split("|") for line in _line(part, address)]
    return [line for line in (*said, country) if line]


def _line(form: str, address: dict[str, str]) -> list[str]:
    if form == "A":
        return [address.get("line1", "").strip(), address.get("line2", "").strip()]
    told = "".join(address.get(PARTS[sign], "").strip() if sign in PARTS else sign for sign in form)
    return [" ".join(told.split()).strip(LOOSE) if "〒" not in form or not address.get("postcode") else told]
