"""Free text of carriers in our words, and never a wrong "delivered"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.carriers.words import guess


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Delivered", "delivered"),
        ("Delivered, Front Door/Porch", "delivered"),
        ("Your parcel has been delivered to your neighbour.", "delivered"),
        ("Die Sendung wurde erfolgreich zugestellt.", "delivered"),
        ("Zugestellt", "delivered"),
        ("Votre colis est livré", "delivered"),
        ("Entregado", "delivered"),
        ("Objeto entregue ao destinatário", "delivered"),
        ("Pakket is bezorgd", "delivered"),
        ("Delivered to sender", "returned"),
        ("Returned to shipper", "returned"),
        ("Your item is being returned to the sender", "returning"),
        ("Rücksendung eingeleitet", "returning"),
        ("Could not be delivered", "attempt_failed"),
        ("Delivery attempted - no one home", "attempt_failed/absent"),
        ("Der Empfänger wurde nicht angetroffen", "attempt_failed/absent"),
        ("Empfänger nicht angetroffen", "attempt_failed/absent"),
        ("Tentative de livraison", "attempt_failed"),
        ("Objeto não entregue - carteiro não atendido", "attempt_failed/absent"),
        ("Out for Delivery, Expected Delivery by 9:00pm", "out_for_delivery"),
        ("Die Sendung befindet sich in Zustellung", "out_for_delivery"),
        ("Objeto saiu para entrega ao destinatário", "out_for_delivery"),
        ("Ready for collection", "available_for_pickup"),
        ("Zur Abholung bereit", "available_for_pickup"),
        ("Objeto aguardando retirada no endereço indicado", "available_for_pickup"),
        ("Arrived at USPS Regional Facility", "in_transit/arrived_hub"),
        ("Departed FedEx hub", "in_transit/departed"),
        ("Fiscalização aduaneira finalizada", "in_transit/customs_cleared"),
        ("Held by customs", "exception/customs_hold"),
        ("Shipping label created, USPS awaiting item", "info_received"),
        ("In transit to next facility", "in_transit"),
        ("Departing origin", "in_transit/departed"),
        ("Die Sendung wurde in das Zustellfahrzeug geladen", "out_for_delivery"),
        ("Delivered, To Original Sender", "returned"),
        ("Delivered to the UPS Access Point", "available_for_pickup"),
        ("Objeto postado", "in_transit/accepted"),
        ("Something that nobody foresaw", ""),
        ("", ""),
    ],
)
def test_a_text_is_understood_or_left_alone(text: str, meant: str) -> None:
    found = guess(text)

    assert "/".join(part for part in (found.status, found.substatus) if part) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Delivered to UPS Access Point",
        "Delivered to agent for final delivery",
        "Delivered to parcel shop",
        "Delivered to local post office",
        "Delivered to the airline",
        "Not delivered",
        "To be delivered tomorrow",
        "Will be delivered on Monday",
        "Delivered to partner carrier",
        "Package undeliverable",
        "Delivered? Please confirm you were not home",
        "Scheduled to be delivered",
        "Estimated: delivered by Friday",
        "Delivered in part: partial delivery",
        "Wird voraussichtlich morgen zugestellt",
        "Nicht zugestellt",
        "Sera livré demain",
        "Votre colis n'a pas pu être livré",
        "No entregado",
        "Objeto não entregue",
        "Objeto entregue ao remetente",
        "Niet bezorgd",
        "The delivery was attempted and delivered back to depot",
    ],
)
def test_what_is_not_surely_delivered_is_not_called_so(text: str) -> None:
    assert guess(text).status != "delivered"


@given(
    st.text(max_size=30),
    st.sampled_from(["not", "will be", "could not be", "unable to be", "attempted", "nicht", "pas", "não", "no", "niet"]),
)
def test_a_word_of_doubt_is_never_a_delivery(around: str, doubt: str) -> None:
    assert guess(f"{doubt} delivered {around}").status != "delivered"
    assert guess(f"delivered {around} {doubt}").status != "delivered"


def test_an_unknown_code_never_makes_an_exception() -> None:
    assert guess("Held by customs", coded=True).status == ""
    assert guess("Out for delivery", coded=True).status == "out_for_delivery"
