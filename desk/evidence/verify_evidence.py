"""Check the evidence of a parcel, JSON or PDF: python3 verify_evidence.py FILE [THE SHOP'S KEY]. Needs `pip install cryptography`."""

import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def _plain(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _need(true: bool, else_say: str) -> None:
    if not true:
        raise ValueError(else_say)


def _read(raw: bytes) -> tuple[str, str, bytes]:
    if raw.startswith(b"%PDF"):
        body, line = raw[: raw.rindex(b"%evidence ")], raw[raw.rindex(b"%evidence ") :].decode()
        _, key, signature = line.split()
        _need(line == f"%evidence {key} {signature}\n", "the last line has been changed")
        return key, signature, body
    told, before = json.loads(raw), ""
    _need(_plain(told) + b"\n" == raw, "the file is not as it was written")
    for event in json.loads(raw)["events"]:
        own, linked = event.pop("hash"), event["before"] == before
        _need(linked and hashlib.sha256(_plain(event)).hexdigest() == own, f"event {event['number']} has been changed")
        before = own
    return told["key"], told["signature"], _plain(told | {"signature": None})


try:
    key, signature, body = _read(pathlib.Path(sys.argv[1]).read_bytes())
    _need(sys.argv[2:] in ([], [key]), f"it was signed with another key: {key}")
    _need((bytes.fromhex(key).hex(), bytes.fromhex(signature).hex()) == (key, signature), "the signature has been changed")
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), body)
    sys.stdout.write(f"True: it is as it was signed with the key {key}.\n")
except Exception as error:
    sys.exit(f"FALSE: {str(error) or 'the signature is not of this file'}")
