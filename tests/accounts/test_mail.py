from typing import Any

from dashboard.accounts import letters
from postpurchase.embedded.mailbox import Mailbox


def test_a_letter_leaves_by_smtp_in_both_forms_with_its_link(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with Mailbox() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        letters.send("nils@ek.example", letters.invitation("Ann & Söner", "Olga", "Agent", "https://x.example/invitations/1:2/"))
        (mail,) = box.wait_for(1)

    parts = {part.get_content_type(): part.get_content() for part in mail.message.walk() if not part.is_multipart()}
    assert mail.message["Subject"] == "Join Ann & Söner on Postpurchase"
    assert "https://x.example/invitations/1:2/" in parts["text/plain"]
    assert "Ann & Söner" in parts["text/plain"]
    assert 'href="https://x.example/invitations/1:2/"' in parts["text/html"]
    assert "Ann &amp; Söner" in parts["text/html"]
