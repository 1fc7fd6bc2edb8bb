"""Where things likely stand in a sample, by what its places are called. A beginning for the merchant, who has the last word."""

import re

from integrations.carriers.custom.pointers import Keys

NAMES = {  # in this order: what is taken by one is not offered to the next
    "event_id": r"event.?id|scan.?id|vorgang|uuid",
    "order": r"(^|[^a-z])(order|bestell|commande|pedido)",
    "postcode": r"post.?(al)?.?code|zip|plz",
    "country": r"country|land$|pays|pais",
    "region": r"state$|province|region",
    "city": r"city|ort$|town|site|location|ville|depot|hub|place",
    "signed_by": r"signed|signatory|received.?by|empf[aä]nger",
    "photo": r"photo|pod|proof",
    "signature": r"signature|unterschrift",
    "carrier": r"carrier|courier|provider|spediteur",
    "text": r"desc|text|message|remark|bemerkung|label|libell",
    "code": r"status|code|state|event|type",
    "clock": r"(^|[^a-z])(time|uhrzeit|zeit|heure|hora)$",
    "time": r"date|datum|time|occurred|(^|[^a-z])at$|when",
    "number": r"track|sendung|parcel|barcode|awb|waybill|colis|number|nummer|(^|[^a-z])(no|nr)(\.|$)|^id$",
}


def likely(places: dict[Keys, str], entries: Keys) -> dict[str, Keys]:
    """Field -> place. Places inside an entry come before those around it, except for the number and the order."""
    found: dict[str, Keys] = {}
    inside = [keys for keys in places if keys[: len(entries)] == entries]
    around = [keys for keys in places if keys[: len(entries)] != entries]
    for name, pattern in NAMES.items():
        wanted = [*around, *inside] if name in ("number", "order") else inside
        hit = next((keys for keys in wanted if keys not in found.values() and re.search(pattern, _called(keys, entries))), None)
        if hit:
            found[name] = hit
    if "clock" in found and "time" not in found:
        found["time"] = found.pop("clock")
    return found


def _called(keys: Keys, entries: Keys) -> str:
    """What a place is called: inside an entry by all its names, else by its last."""
    inside = keys[: len(entries)] == entries
    return " ".join(keys[len(entries) :] if inside else keys[-1:]).casefold()


def likely_entries(lists: list[Keys]) -> Keys:
    """What a scan likely is an entry of: a list called so, else the body."""
    return next(
        (keys for keys in lists if keys and re.search(r"event|scan|history|activit|checkpoint|status(es)?$", keys[-1].casefold())), ()
    )
