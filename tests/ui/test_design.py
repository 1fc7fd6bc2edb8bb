from django.test import RequestFactory

from tests.ui.designs import design


def test_the_page_of_parts_is_drawn_for_a_developer(rf: RequestFactory, db: None) -> None:
    page = design(rf.get("/design/"))

    assert page.status_code == 200
    assert "Skip to content" in page.content.decode()
