"""POST /api/v1/tracking/detect"""

from tests.api.conftest import Caller


def test_a_number_has_candidates_with_links(caller: Caller) -> None:
    said = caller.post("tracking/detect", {"number": "1z 5r8 939 03 5756 712 7"})

    assert (said.status_code, said.json()["data"]) == (
        200,
        [
            {
                "carrier": "ups",
                "name": "UPS",
                "format": "UPS",
                "confidence": 98,
                "checked": True,
                "number": "1Z5R89390357567127",
                "url": "https://www.ups.com/track?tracknum=1Z5R89390357567127",
            }
        ],
    )


def test_a_wrong_number_has_none_and_a_missing_one_is_told(caller: Caller) -> None:
    assert caller.post("tracking/detect", {"number": "1Z1111111111111111"}).json() == {"data": []}
    assert caller.post("tracking/detect", {}).status_code == 422
    assert caller.post("tracking/detect", {"number": "1"}).json()["errors"][0]["pointer"] == "/number"
