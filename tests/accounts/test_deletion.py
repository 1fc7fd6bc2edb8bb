import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client

from integrations.connections import keep
from notifications.library import install
from notifications.models import Flow
from postpurchase.tenancy.models import Membership, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant
from tests.accounts.test_second_factor import proved, signed
from tests.people import PASSWORD, hire, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(ann: Merchant) -> str:
    return hire(ann, "olga@ann.example", Role.OWNER).email


def test_an_only_owner_is_refused_with_the_way_out(ann: Merchant, bob: Merchant, olga: str) -> None:
    with in_merchant(bob):
        Membership.objects.create(user=User.objects.get(email=olga), role=Role.AGENT)
    client = proved(signed(olga))

    page = client.post("/account/deleted/")

    assert page.status_code == 409
    assert [shop["name"] for shop in page.context["alone_in"]] == ["Ann"]
    assert 'href="/m/ann/team/"' in page.content.decode()
    assert 'href="/m/ann/close/"' in page.content.decode()
    with in_merchant(bob):
        assert Membership.objects.filter(user__email=olga).exists()  # all or nothing


def test_with_another_owner_the_person_goes_and_the_shop_stays(ann: Merchant, olga: str) -> None:
    hire(ann, "second@ann.example", Role.OWNER)
    client, elsewhere = proved(signed(olga)), signed(olga)

    assert "Your account is deleted" in client.post("/account/deleted/").content.decode()

    with in_merchant(ann):
        assert list(Membership.objects.values_list("user__email", flat=True)) == ["second@ann.example"]
    gone = User.objects.exclude(email="second@ann.example").get()
    assert (gone.name, gone.is_active, gone.has_usable_password()) == ("Deleted account", False, False)
    assert "olga" not in f"{gone.email}{list(EmailAddress.objects.values_list('email', flat=True))}"
    assert not UserSession.objects.exists()
    assert elsewhere.get("/m/ann/").status_code == 302
    assert Client().post("/sign-in/", {"login": olga, "password": PASSWORD}).status_code == 200


def test_a_stolen_session_cannot_delete(ann: Merchant, olga: str) -> None:
    hire(ann, "second@ann.example", Role.OWNER)
    client = signed_in(ann, Role.VIEWER)  # gave no password lately

    assert client.post("/account/deleted/")["Location"].startswith("/account/password/again/")

    assert User.objects.filter(email="viewer@ann.example").exists()


def test_a_shop_is_closed_by_writing_its_name(ann: Merchant, olga: str) -> None:
    client = proved(signed(olga))
    with in_merchant(ann):
        keep.add("easypost", label="Carriers")
        install()
        assert Flow.objects.filter(enabled=True).exists()

    wrong = client.post("/m/ann/closed/", {"name": "ann"})
    assert wrong.status_code == 422
    assert "Write “Ann”, then it closes." in wrong.content.decode()
    assert client.post("/m/ann/closed/", {"name": "Ann"})["Location"] == "/account/"

    assert client.get("/m/ann/").status_code == 404
    with in_merchant(ann):
        assert not Flow.objects.filter(enabled=True).exists()  # whose guard holds back what they have planned
        assert [source.paused_at is not None for source in keep.kept()] == [True]
    assert "Your account is deleted" in client.post("/account/deleted/").content.decode()
