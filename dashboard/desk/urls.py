"""The pages of parcels that need somebody, of their limits, and of evidence."""

from django.urls import path

from dashboard.desk import answers, asked, case, evidence, limits, queue

pages = [
    path("work/", queue.work, name="work"),
    path("work/many/", queue.many, name="work-many"),
    path("work/<case:case_id>/", case.case, name="case"),
    path("work/<case:case_id>/preview/", case.preview, name="case-preview"),
    path("work/<case:case_id>/tell/", answers.tell, name="case-tell"),
    path("work/<case:case_id>/asked/", answers.asked, name="case-asked"),
    path("work/<case:case_id>/snooze/", answers.snooze, name="case-snooze"),
    path("work/<case:case_id>/assign/", answers.assign, name="case-assign"),
    path("work/<case:case_id>/done/", answers.done, name="case-done"),
    path("work/<case:case_id>/reopen/", answers.reopen, name="case-reopen"),
    path("shipments/limits/", limits.limits, name="limits"),
    path("shipments/limits/change/", limits.change, name="limits-change"),
    path("shipments/limits/<rule:rule_id>/remove/", limits.remove, name="limits-remove"),
    path("shipments/asked/", asked.asked, name="asked"),
    path("shipments/<parcel:parcel_id>/evidence/", evidence.take, name="evidence"),
    path("evidence/verify/", evidence.verifier, name="evidence-verifier"),
]
