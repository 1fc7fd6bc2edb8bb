import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from brands import suggest
from dashboard.accounts.opening import zone_of
from notifications.models import Flow
from postpurchase.events.tasks import relay_batch
from postpurchase.tenancy import gates
from postpurchase.tenancy.models import Brand, Membership, Merchant, User
from postpurchase.tenancy.scope import in_merchant
from tests.accounts.conftest import SIGN_UP, Mailbox, link_in
from tests.brands.conftest import site as site
from tests.brands.shop import Site
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def test_signing_up_makes_a_person_a_shop_and_its_default_flows(mailbox: Mailbox) -> None:
    answer = Client().post("/sign-up/", SIGN_UP)

    assert (answer.status_code, answer["Location"]) == (302, "/sign-up/sent/")
    merchant, user = Merchant.objects.get(), User.objects.get()
    while relay_batch(merchant.pk):
        pass
    assert (merchant.name, merchant.slug) == ("Fjäll & Söner", "fjall-soner")
    assert (user.name, user.email) == ("Maja Lindqvist", "maja@fjall.example")
    with in_merchant(merchant):
        brand = Brand.objects.get()
        assert (brand.name, brand.locale, brand.time_zone) == ("Fjäll & Söner", "de", "Europe/Stockholm")
        assert list(Membership.objects.values_list("user_id", "role")) == [(user.pk, "owner")]
        assert Flow.objects.filter(enabled=True).count() == 13
    assert [letter.to for letter in mailbox] == [["maja@fjall.example"]]


def test_an_address_of_the_shop_is_read_later_and_told_in_the_first_steps(mailbox: Mailbox, site: Site) -> None:
    site.put("/", '<meta name="theme-color" content="#8a1c3c">')
    client = Client()
    client.post("/sign-up/", SIGN_UP | {"website": site.url})
    merchant = Merchant.objects.get()
    assert site.asked == []  # nobody waits for a stranger's server
    client.post(link_in(mailbox[0]))
    assert "We are reading your site" in client.get("/m/fjall-soner/").content.decode()

    suggest.carry_out(merchant.pk, suggest.waiting(merchant.pk)[0])

    page = client.get("/m/fjall-soner/").content.decode()
    assert "We have read your site." in page
    assert 'href="/m/fjall-soner/brand/"' in page
    with in_merchant(merchant):
        brand = Brand.objects.get()
        assert (brand.website, brand.accent) == (site.url, "#0f766e")  # nothing is taken over by itself


def test_the_link_in_the_mail_confirms_the_address_and_leads_to_the_shop(mailbox: Mailbox) -> None:
    client = Client()
    client.post("/sign-up/", SIGN_UP)
    path = link_in(mailbox[0])

    assert "maja@fjall.example" in client.get(path).content.decode()
    assert not EmailAddress.objects.get().verified  # looking is not confirming: mail scanners look
    answer = client.post(path, follow=True)

    assert answer.redirect_chain[-1] == ("/m/fjall-soner/", 302)
    assert EmailAddress.objects.get().verified
    assert "This link no longer works" in Client().get(path).content.decode()


def test_until_the_address_is_confirmed_the_password_opens_nothing(mailbox: Mailbox) -> None:
    Client().post("/sign-up/", SIGN_UP)
    client = Client()

    answer = client.post("/sign-in/", {"login": SIGN_UP["email"], "password": PASSWORD})

    assert answer["Location"] == "/sign-up/sent/"
    assert client.get("/m/fjall-soner/")["Location"].startswith("/sign-in/")


def test_somebody_elses_address_gets_the_same_answer_and_no_second_shop(ann: Merchant, mailbox: Mailbox) -> None:
    User.objects.create_user(SIGN_UP["email"], "another password entirely")

    answer = Client().post("/sign-up/", SIGN_UP | {"email": "MAJA@fjall.example"})

    assert (answer.status_code, answer["Location"]) == (302, "/sign-up/sent/")
    assert (User.objects.count(), Merchant.objects.count()) == (1, 1)
    assert [letter.subject for letter in mailbox] == ["You already have an account"]


def test_a_taken_name_gets_an_address_of_its_own(mailbox: Mailbox) -> None:
    Client().post("/sign-up/", SIGN_UP)
    Client().post("/sign-up/", SIGN_UP | {"email": "olle@fjall.example"})
    Client().post("/sign-up/", SIGN_UP | {"email": "aki@fjall.example", "shop": "靴下屋"})

    slugs = sorted(Merchant.objects.values_list("slug", flat=True))
    assert slugs[0] == "fjall-soner"
    assert slugs[1].startswith("fjall-soner-")
    assert slugs[2].startswith("shop")
    olle = User.objects.get(email="olle@fjall.example")
    assert [slug for _id, slug, _name in gates.merchants_of(olle.pk)] == [slugs[1]]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("shop", "", "This field is required."),
        ("email", "maja", "Enter a valid email address."),
        ("password1", "short", "at least 12 characters"),
        ("time_zone", "Mars/Olympus", "Select a valid choice"),
        ("website", "https://169.254.169.254/", "not on the public internet"),
        ("website", "fjall", "not on the public internet"),
    ],
)
def test_a_fault_is_told_at_its_field_and_nothing_is_made(db: None, mailbox: Mailbox, field: str, value: str, said: str) -> None:
    answer = Client().post("/sign-up/", SIGN_UP | {field: value})

    assert said in " ".join(answer.context["form"].errors[field])
    assert (User.objects.count(), Merchant.objects.count(), mailbox) == (0, 0, [])


@pytest.mark.parametrize(
    ("accepted", "zone"),
    [("sv-SE,sv;q=0.9", "Europe/Stockholm"), ("en-US", "America/New_York"), ("de", "UTC"), ("", "UTC"), ("ja-JP;q=1", "Asia/Tokyo")],
)
def test_the_browsers_language_tells_the_clock_where_it_can(accepted: str, zone: str) -> None:
    assert zone_of(accepted) == zone


def test_the_form_starts_with_what_the_browser_says(db: None) -> None:
    form = Client().get("/sign-up/", headers={"accept-language": "de-DE,de;q=0.9"}).context["form"]

    assert (form.initial["locale"], form.initial["time_zone"]) == ("de", "Europe/Berlin")


def test_ten_shops_an_hour_from_one_machine_are_enough(mailbox: Mailbox) -> None:
    answers = [Client().post("/sign-up/", SIGN_UP | {"email": f"m{n}@fjall.example", "shop": f"Shop {n}"}) for n in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert Merchant.objects.count() == 10
    assert "Too many tries" in answers[-1].content.decode()
