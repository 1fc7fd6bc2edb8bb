"""The pages of parcels that need somebody, of their limits, and of evidence."""

from django.urls import path

from dashboard import asked, case, case_acts, evidence, limits, work

pages = [
    path("work/", work.work, name="work"),
    path("work/many/", work.many, name="work-many"),
    path("work/<case:case_id>/", case.case, name="case"),
    path("work/<case:case_id>/preview/", case.preview, name="case-preview"),
    path("work/<case:case_id>/tell/", case_acts.tell, name="case-tell"),
    path("work/<case:case_id>/asked/", case_acts.asked, name="case-asked"),
    path("work/<case:case_id>/snooze/", case_acts.snooze, name="case-snooze"),
    path("work/<case:case_id>/assign/", case_acts.assign, name="case-assign"),
    path("work/<case:case_id>/done/", case_acts.done, name="case-done"),
    path("work/<case:case_id>/reopen/", case_acts.reopen, name="case-reopen"),
    path("shipments/limits/", limits.limits, name="limits"),
    path("shipments/limits/change/", limits.change, name="limits-change"),
    path("shipments/limits/<rule:rule_id>/remove/", limits.remove, name="limits-remove"),
    path("shipments/asked/", asked.asked, name="asked"),
    path("shipments/<parcel:parcel_id>/evidence/", evidence.take, name="evidence"),
    path("evidence/verify/", evidence.verifier, name="evidence-verifier"),
]
