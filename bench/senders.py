"""A sending process that waits for a word, so that starting Python is not measured. Run as: python -m bench.senders ours|by_time|peer.

Words on standard input, an answer a line: `queue <count> <file>` (peer: make mails from a template file), `go` (send all that is due;
answers the seconds it took), `loop` (ours: send from now on, until killed).
"""

import sys
import tempfile
import threading
import time
from pathlib import Path

import django

from postpurchase.lib import memory

BY_TIME = """
WITH picked AS MATERIALIZED (
  SELECT id FROM notifications_message WHERE state = 'due' AND due_at <= %(now)s ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
UPDATE notifications_message m SET state = 'claimed', lease_until = clock_timestamp() + %(lease)s, lease_token = %(token)s
FROM picked WHERE m.id = picked.id RETURNING m.merchant_id, m.id, %(floor)s"""
PROCESSES = 2
IDLE = 0.02  # seconds between looks of a sender that found nothing


def main() -> None:
    """Serve words until the input ends."""
    django.setup()
    memory.settle()  # as a worker does
    go = peer if sys.argv[1] == "peer" else ours
    if sys.argv[1] == "by_time":
        by_time()
    print("ready", flush=True)
    for line in sys.stdin:
        word, *rest = line.split()
        begin = time.perf_counter()
        if word == "queue":
            queue(int(rest[0]), Path(rest[1]))
        elif word == "loop":
            threading.Thread(target=forever, daemon=True).start()
        else:
            go()
        print(time.perf_counter() - begin, flush=True)


def ours() -> None:
    """Drain the schedule: claims, guards, rendering, intents, SMTP, outcomes, decisions."""
    from notifications import dispatch  # noqa: PLC0415 - the peer's settings do not have it

    dispatch.drain(most_batches=1000)


def by_time() -> None:
    """From here on this process claims what is due first, whoever's it is: the yardstick of fairness."""
    from notifications import claim  # noqa: PLC0415

    claim.CLAIM = BY_TIME


def forever() -> None:
    """Drain, look again, until killed."""
    from notifications import dispatch  # noqa: PLC0415

    while True:
        if not dispatch.drain(most_batches=20):
            time.sleep(IDLE)


def queue(count: int, template: Path) -> None:
    """Mails to be rendered when they are sent."""
    from post_office import mail  # noqa: PLC0415
    from post_office.models import EmailTemplate  # noqa: PLC0415

    html = template.read_text()
    made, _ = EmailTemplate.objects.update_or_create(
        name="shipped",
        defaults={"subject": "Your order {{ number }} is on its way", "html_content": html, "content": "{{ number }}: {{ url }}"},
    )
    about = {"sender": "orders@post.example", "template": made, "render_on_delivery": True, "priority": "medium"}
    mail.send_many(
        [
            {"recipients": [f"mia{n}@example.com"], "context": {"number": f"#{n}", "url": f"https://x.example/t/{n}"}, **about}
            for n in range(count)
        ]
    )


def peer() -> None:
    """What its command send_queued_mail --processes 2 does."""
    from post_office.mail import send_queued_mail_until_done  # noqa: PLC0415
    from post_office.models import STATUS, Email  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        send_queued_mail_until_done(f"{folder}/lock", processes=PROCESSES, log_level=0)
    if Email.objects.exclude(status=STATUS.sent).exists():
        raise RuntimeError("post_office left mails behind")


if __name__ == "__main__":
    main()
