"""The fields that a file may fill, and by which headers they are recognised: ours, Shopify's, WooCommerce's and German ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from transfers.models import Kind

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "#": "nr"})


@dataclass(frozen=True)
class Field:
    """`names`: headers without anything but letters and digits, the likeliest first."""

    key: str
    label: str | Promise
    names: str
    group: str | Promise
    needed: bool = False


ORDER, PERSON, SHIP, ITEM, PARCEL = _("Order"), _("Shopper"), _("Ship to"), _("Item"), _("Parcel")

PLACE = (
    Field("ship_name", _("Name"), "shippingname shiptoname deliveryname recipient empfaenger liefername lieferadressename", SHIP),
    Field("ship_company", _("Company"), "shippingcompany companyshipping lieferfirma", SHIP),
    Field("ship_line1", _("Street and number"), "shippingaddress1 shippingstreet address1shipping address12shipping shippingaddress "
          "deliveryaddress address1 address street lieferstrasse lieferadresse strasse strassehausnummer strasseundhausnummer anschrift "
          "adresse", SHIP),
    Field("ship_line2", _("Further line"), "shippingaddress2 address2shipping address2 adresszusatz lieferadresszusatz", SHIP),
    Field("ship_city", _("City"), "shippingcity cityshipping shiptocity city town lieferort ort stadt", SHIP),
    Field("ship_region", _("Region"), "shippingprovince shippingstate statecodeshipping stateshipping shippingregion province state region "
          "bundesland", SHIP),
    Field("ship_postcode", _("Postcode"), "shippingzip shippingpostcode postcodeshipping shippingpostalcode zip zipcode postcode "
          "postalcode lieferplz plz postleitzahl", SHIP),
    Field("ship_country", _("Country"), "shippingcountry shippingcountrycode countrycodeshipping countryshipping country countrycode "
          "lieferland land laendercode", SHIP),
)  # fmt: skip
NAMES = (
    Field("first_name", _("First name"), "firstname firstnamebilling billingfirstname customerfirstname givenname vorname", PERSON),
    Field("last_name", _("Last name"), "lastname lastnamebilling billinglastname customerlastname surname familyname nachname", PERSON),
)

FIELDS: dict[str, tuple[Field, ...]] = {
    Kind.ORDERS: (
        Field("number", _("Order number"), "ordernumber name order orderno ordernr orderid ordername number bestellnummer bestellnr "
              "auftragsnummer bestellung", ORDER, needed=True),
        Field("external_id", _("Id in the shop"), "id orderexternalid externalid shopid", ORDER),
        Field("placed_at", _("Placed at"), "placedat createdat orderdate dateordered date ordercreatedat datecreated purchasedate "
              "bestelldatum auftragsdatum bestelltam datum", ORDER, needed=True),
        Field("updated_at", _("Changed at"), "updatedat lastmodified modifieddate datemodified geaendertam", ORDER),
        Field("currency", _("Currency"), "currency ordercurrency currencycode waehrung", ORDER),
        Field("total", _("Total"), "total ordertotal ordertotalamount grandtotal totalamount totalprice gesamtbetrag gesamtsumme summe "
              "gesamtpreis rechnungsbetrag", ORDER),
        Field("shipping_total", _("Shipping cost"), "shipping ordershippingamount shippingcost shippingtotal shippingamount versandkosten "
              "versand", ORDER),
        Field("tax_total", _("Tax"), "taxes tax ordertotaltaxamount totaltax taxtotal taxamount steuer mwst mehrwertsteuer ust", ORDER),
        Field("discount_total", _("Discount"), "discountamount cartdiscountamount discount discounttotal totaldiscount rabatt "
              "rabattbetrag", ORDER),
        Field("discount_codes", _("Discount code"), "discountcode couponcode coupon coupons discountcodes gutscheincode gutschein "
              "rabattcode", ORDER),
        Field("refunded", _("Refunded"), "refundedamount orderrefundamount refunded refundamount erstattet erstattungsbetrag", ORDER),
        Field("financial_status", _("Payment status"), "financialstatus paymentstatus orderstatus zahlungsstatus status", ORDER),
        Field("fulfilment_status", _("Shipping status"), "fulfillmentstatus fulfilmentstatus shippingstatus versandstatus", ORDER),
        Field("cancelled_at", _("Cancelled at"), "cancelledat canceledat storniertam stornodatum", ORDER),
        Field("channel", _("Channel"), "source channel saleschannel kanal verkaufskanal", ORDER),
        Field("tags", _("Tags"), "tags schlagworte", ORDER),
        Field("email", _("Email"), "email emailbilling customeremail billingemail emailaddress mail mailadresse emailadresse", PERSON),
        *NAMES,
        Field("phone", _("Phone"), "phone phonebilling billingphone shippingphone customerphone telephone telefon telefonnummer", PERSON),
        Field("locale", _("Language"), "locale language customerlocale sprache", PERSON),
        Field("consent", _("Agreed to marketing"), "acceptsmarketing marketingconsent acceptsemailmarketing newsletter "
              "werbeeinwilligung", PERSON),
        *PLACE,
        Field("title", _("Item"), "lineitemname itemname productname product item itemtitle title artikel artikelname "
              "artikelbezeichnung produkt produktname bezeichnung", ITEM),
        Field("sku", _("Article number"), "lineitemsku sku itemsku productsku articlenumber artikelnummer artikelnr", ITEM),
        Field("variant", _("Variant"), "variant lineitemvariant varianttitle variante", ITEM),
        Field("quantity", _("Quantity"), "lineitemquantity quantity qty quantityrefund itemquantity menge anzahl stueckzahl", ITEM),
        Field("unit_price", _("Price each"), "lineitemprice unitprice itemcost itemprice price priceeach einzelpreis stueckpreis preis",
              ITEM),
        Field("line_discount", _("Item discount"), "lineitemdiscount linediscount itemdiscount positionsrabatt", ITEM),
        Field("line_id", _("Item id"), "lineid lineitemid itemid positionsid", ITEM),
    ),
    Kind.CUSTOMERS: (
        Field("email", _("Email"), "email emailaddress customeremail mail mailadresse emailadresse", PERSON, needed=True),
        *NAMES,
        Field("name", _("Whole name"), "name fullname customername kundenname", PERSON),
        Field("phone", _("Phone"), "phone telephone defaultaddressphone phonenumber mobile telefon telefonnummer handy", PERSON),
        Field("locale", _("Language"), "locale language sprache", PERSON),
        Field("external_id", _("Id in the shop"), "customerid id externalid userid kundennummer kundennr", PERSON),
    ),
    Kind.SHIPMENTS: (
        Field("order", _("Order number"), "ordernumber order name orderno ordernr orderid ordername bestellnummer bestellnr "
              "auftragsnummer", PARCEL, needed=True),
        Field("number", _("Parcel number"), "trackingnumber parcelnumber tracking trackingno trackingcode trackingid sendungsnummer "
              "paketnummer trackingnummer sendungsverfolgungsnummer", PARCEL, needed=True),
        Field("carrier", _("Carrier"), "carrier trackingcompany shippingcarrier shippingprovider courier versanddienstleister "
              "versender zusteller spediteur", PARCEL, needed=True),
        Field("external_id", _("Id in the shop"), "fulfillmentid shipmentid id externalid lieferungsnummer", PARCEL),
        Field("shipped_at", _("Shipped at"), "shippedat shipdate dateshipped fulfilledat shippingdate versanddatum versandtam "
              "verschicktam", PARCEL),
        Field("delivered_at", _("Delivered at"), "deliveredat deliverydate datedelivered zugestelltam zustelldatum lieferdatum", PARCEL),
        Field("promised_on", _("Promised on"), "promisedon promiseddate estimateddelivery expecteddelivery zugesagtam liefertermin",
              PARCEL),
        Field("service", _("Service"), "service shippingmethod shippingservice versandart", PARCEL),
        Field("tracking_url", _("Tracking link"), "trackingurl trackinglink trackingurls sendungslink", PARCEL),
    ),
}  # fmt: skip


def plain(header: str) -> str:
    """A header as it is compared: letters and digits only, in lower case, umlauts written out."""
    return re.sub(r"[^a-z0-9]", "", header.strip().lower().translate(UMLAUTS))


def guess(kind: str, headers: Sequence[str]) -> dict[str, int]:
    """Field -> column. A header fills one field at most; a likelier name wins over a column that comes first."""
    places: dict[str, int] = {}
    for at, header in enumerate(headers):
        places.setdefault(plain(header), at)
    offers = sorted(
        (rank, place, field.key, places[name])
        for place, field in enumerate(FIELDS[kind])
        for rank, name in enumerate(field.names.split())
        if name in places
    )
    found: dict[str, int] = {}
    for _rank, _place, key, at in offers:
        if key not in found and at not in found.values():
            found[key] = at
    return found


def missing(kind: str, mapping: dict[str, int]) -> list[Field]:
    """Fields that every row needs and no column fills."""
    return [field for field in FIELDS[kind] if field.needed and field.key not in mapping]
