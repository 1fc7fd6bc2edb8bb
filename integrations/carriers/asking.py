"""How carriers are asked about a parcel: requests as data, for those whose address and form are public. Pure; nothing is sent here."""

import json
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from integrations.carriers.ways import easypost, track17
from integrations.carriers.ways.way import JSON, Ask, Way, basic, get

NUMBER = "{number}"  # in the address that a merchant writes
FORM = "application/x-www-form-urlencoded"


CLIENT = ("client_id", "client_secret")
TOKEN = "token"  # noqa: S105 - the name under which an account brings the token that its login got


def _bearer(account: Mapping[str, str]) -> str:
    return f"Bearer {account.get(TOKEN, '')}"


def _in_path(number: str) -> str:
    return quote(number, safe="")


def _dhl(number: str, account: Mapping[str, str], base: str) -> Ask:
    return get(f"{base}/track/shipments?{urlencode({'trackingNumber': number})}", DHL_API_Key=account["api_key"])


def _postnl(number: str, account: Mapping[str, str], base: str) -> Ask:
    return get(f"{base}/shipment/v2/status/barcode/{_in_path(number)}?detail=true", apikey=account["api_key"])


def _la_poste(number: str, account: Mapping[str, str], base: str) -> Ask:
    return get(f"{base}/suivi/v2/idships/{_in_path(number)}?lang=fr_FR", X_Okapi_Key=account["api_key"])


def _australia_post(number: str, account: Mapping[str, str], base: str) -> Ask:
    signed = basic(account["api_key"], account["password"])
    asked = urlencode({"tracking_ids": number})
    return get(f"{base}/shipping/v1/track?{asked}", Authorization=signed, Account_Number=account["account_number"])


def _royal_mail(number: str, account: Mapping[str, str], base: str) -> Ask:
    known = {"X_IBM_Client_Id": account["client_id"], "X_IBM_Client_Secret": account["client_secret"], "X_Accept_RMG_Terms": "yes"}
    return get(f"{base}/mailpieces/v2/{_in_path(number)}/events", **known)


def _canada_post(number: str, account: Mapping[str, str], base: str) -> Ask:
    signed = basic(account["user"], account["password"])
    url = f"{base}/vis/track/pin/{_in_path(number)}/detail"
    return Ask("GET", url, {"Accept": "application/vnd.cpc.track-v2+xml", "Authorization": signed, "Accept-Language": "en-CA"})


def _usps(number: str, account: Mapping[str, str], base: str) -> Ask:
    return get(f"{base}/tracking/v3/tracking/{_in_path(number)}?expand=DETAIL", Authorization=_bearer(account))


def _usps_login(account: Mapping[str, str], base: str) -> Ask:
    told = {"grant_type": "client_credentials", "client_id": account["client_id"], "client_secret": account["client_secret"]}
    return Ask("POST", f"{base}/oauth2/v3/token", {"Accept": JSON, "Content-Type": JSON}, json.dumps(told).encode())


def _fedex(number: str, account: Mapping[str, str], base: str) -> Ask:
    told = {"includeDetailedScans": True, "trackingInfo": [{"trackingNumberInfo": {"trackingNumber": number}}]}
    headers = {"Accept": JSON, "Content-Type": JSON, "X-locale": "en_US", "Authorization": _bearer(account)}
    return Ask("POST", f"{base}/track/v1/trackingnumbers", headers, json.dumps(told).encode())


def _fedex_login(account: Mapping[str, str], base: str) -> Ask:
    told = {"grant_type": "client_credentials", "client_id": account["client_id"], "client_secret": account["client_secret"]}
    return Ask("POST", f"{base}/oauth/token", {"Accept": JSON, "Content-Type": FORM}, urlencode(told).encode())


def _ups(number: str, account: Mapping[str, str], base: str) -> Ask:
    known = {"Authorization": _bearer(account), "transId": number, "transactionSrc": "postpurchase"}
    return Ask("GET", f"{base}/api/track/v1/details/{_in_path(number)}?locale=en_US", {"Accept": JSON, **known})


def _ups_login(account: Mapping[str, str], base: str) -> Ask:
    headers = {"Accept": JSON, "Content-Type": FORM, "Authorization": basic(account["client_id"], account["client_secret"])}
    return Ask("POST", f"{base}/security/v1/oauth/token", headers, urlencode({"grant_type": "client_credentials"}).encode())


def _own(number: str, account: Mapping[str, str], base: str) -> Ask:
    """The merchant's own address, with the number in its place and a header of theirs."""
    own = {account["header"]: account["value"]} if account.get("header") else {}
    return Ask("GET", base.replace(NUMBER, _in_path(number)), {"Accept": "*/*", **own})


OWN = "custom"
WAYS: dict[str, Way] = {
    "dhl": Way("https://api-eu.dhl.com", ("api_key",), ("dhl", "dhl_express", "dhl_ecommerce", "dhl_parcel_nl"), _dhl),
    "fedex": Way("https://apis.fedex.com", CLIENT, ("fedex",), _fedex, _fedex_login),
    "ups": Way("https://onlinetools.ups.com", CLIENT, ("ups",), _ups, _ups_login),
    "usps": Way("https://apis.usps.com", CLIENT, ("usps",), _usps, _usps_login),
    "royal_mail": Way("https://api.royalmail.net", CLIENT, ("royal_mail",), _royal_mail),
    "canada_post": Way("https://soa-gw.canadapost.ca", ("user", "password"), ("canada_post",), _canada_post),
    "australia_post": Way(
        "https://digitalapi.auspost.com.au", ("api_key", "password", "account_number"), ("australia_post",), _australia_post, a_minute=10
    ),
    "la_poste": Way("https://api.laposte.fr", ("api_key",), ("la_poste", "colissimo"), _la_poste),
    "postnl": Way("https://api.postnl.nl", ("api_key",), ("postnl",), _postnl),
    "easypost": easypost.WAY,
    "17track": track17.WAY,
    OWN: Way("", ("header", "value"), (), _own),
}
