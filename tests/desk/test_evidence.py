"""Evidence proves true as it was written, and false with any byte changed: asked of the script that is handed out, run by itself."""

import json
import subprocess
import sys
from pathlib import Path

from desk.evidence.gather import gather
from desk.evidence.paper import draw
from desk.evidence.seal import Signer, plain
from desk.models import Case, SigningKey
from integrations.models import Connection, InboundDelivery
from postpurchase.lib import ids
from postpurchase.tenancy.models import Merchant
from tracking.models import Scan, Shipment

SCRIPT = Path(__file__).resolve().parents[2] / "desk" / "evidence" / "verify_evidence.py"


def verdict(path: Path, body: bytes, *key: str) -> tuple[int, str]:
    path.write_bytes(body)
    found = subprocess.run([sys.executable, str(SCRIPT), str(path), *key], capture_output=True, text=True, check=False)
    return found.returncode, found.stdout + found.stderr


def parcel_of(number: str) -> Shipment:
    return Shipment.objects.select_related("order").filter(order__number=number).order_by("pk")[0]


def test_the_file_holds_scans_estimates_notices_and_problems_in_their_order(in_shop: Merchant) -> None:
    facts = gather(parcel_of("#1043"))

    kinds = [event["kind"] for event in facts["events"]]
    assert {kind: kinds.count(kind) for kind in ("scan", "estimate", "problem")} == {
        "scan": 2,
        "estimate": 2,
        "problem": kinds.count("problem"),
    }
    assert kinds.count("notice") >= 1
    assert [event["at"] for event in facts["events"]] == sorted(event["at"] for event in facts["events"])
    assert [event["before"] for event in facts["events"]] == ["", *(event["hash"] for event in facts["events"][:-1])]
    assert facts["order"]["number"] == "#1043"
    assert facts["proof_of_delivery"] is None


def test_a_delivered_parcel_has_its_proof(in_shop: Merchant) -> None:
    facts = gather(parcel_of("#1038"))

    assert (facts["proof_of_delivery"]["place"], facts["proof_of_delivery"]["text"]) == ("Freiburg, DE", "Left with a neighbour")


def test_what_a_carrier_sent_stands_beside_its_scan_and_a_call_of_others_by_its_hash_alone(in_shop: Merchant) -> None:
    parcel, api = parcel_of("#1043"), Connection.objects.filter(kind=Connection.API)[0]
    for name, others in (("alone", []), ("many", [{"id": str(ids.uuid7())}])):
        InboundDelivery.objects.create(
            connection=api, delivery_id=name, topic="tracker", headers={}, body=name.encode(), state="done",
            result=[{"item": "scan", "outcome": "created", "id": str(parcel.pk)}, *others],
        )  # fmt: skip
    scan = Scan.objects.filter(shipment=parcel)[0]
    Scan.objects.create(shipment=parcel, fingerprint=b"late", occurred_at=scan.occurred_at, carrier="dhl", status="in_transit")

    facts = gather(parcel)

    assert [call["base64"] for call in facts["payloads"]] == ["YWxvbmU=", ""]
    last = [event for event in facts["events"] if event["told"].get("fingerprint") == b"late".hex()]
    assert last[0]["told"]["payloads"] == [call["sha256"] for call in facts["payloads"]]


def test_a_shop_signs_with_one_key_that_its_database_does_not_show(in_shop: Merchant) -> None:
    first, second = Signer(), Signer()

    row = SigningKey.objects.get()
    assert (first.public, second.public) == (row.public, row.public)
    assert bytes.fromhex(row.private) not in bytes(row.sealed)


def test_the_script_finds_every_change(stalled: Case, tmp_path: Path) -> None:
    parcel, signer = stalled.shipment, Signer()
    facts = gather(parcel)
    body = signer.json(facts)
    paper = signer.pdf(draw(facts, body, "evidence.json"))
    told = json.loads(body)
    forged = told | {"events": [{**told["events"][0], "at": "2026-01-01T00:00:00.000000+00:00"}, *told["events"][1:]]}

    assert verdict(tmp_path / "true.json", body, signer.public)[0] == 0
    assert verdict(tmp_path / "true.pdf", paper, signer.public)[0] == 0
    assert verdict(tmp_path / "forged.json", plain(forged) + b"\n") == (1, "FALSE: event 1 has been changed\n")
    assert verdict(tmp_path / "other.json", body, "00" * 32)[1].startswith("FALSE: it was signed with another key")
    changed = [flipped(body, at) for at in (3, len(body) // 2, body.index(b'"signature"') + 20, len(body) - 2)]
    assert [verdict(tmp_path / "changed", one)[0] for one in changed] == [1] * len(changed)
    assert [verdict(tmp_path / "changed.pdf", flipped(paper, at))[0] for at in (9, len(paper) // 2, len(paper) - 3)] == [1, 1, 1]


def flipped(body: bytes, at: int) -> bytes:
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]


def test_the_paper_carries_the_signed_file_and_letters_of_many_tongues(in_shop: Merchant) -> None:
    facts = gather(parcel_of("#852"))
    facts["shop"] = "Łódź Ærø ß 東京"

    body = draw(facts, b'{"signed": 1}', "evidence.json")

    assert body.startswith(b"%PDF-")
    assert b"evidence.json" in body
