"""The doors of a person's account. The names are django-allauth's, which finds its own pages by them."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.views import LogoutView
from django.urls import path, re_path
from django.views.generic import RedirectView

from dashboard.accounts import leaving, pages, sessions
from dashboard.accounts.sign_in import SignIn

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-out/", LogoutView.as_view(), name="account_logout"),
    path("sign-up/", pages.SignUp.as_view(), name="account_signup"),
    path("sign-up/sent/", account.email_verification_sent, name="account_email_verification_sent"),
    path("sign-up/confirm/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("password/forgotten/", pages.Forgotten.as_view(), name="account_reset_password"),
    path("password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", account.password_reset_from_key, name="account_reset_password_from_key"
    ),
    path("password/new/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("account/", pages.account, name="account"),
    path("account/name/", pages.change, name="account-name"),
    path("account/delete/", leaving.ask, name="account-delete"),
    path("account/deleted/", leaving.delete, name="account-deleted"),
    path("account/email/", pages.NewEmail.as_view(), name="account_email"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/code/", factors.authenticate, name="mfa_authenticate"),
    path("account/sessions/end/", sessions.end, name="sessions-end"),
    path("account/sessions/end-others/", sessions.end_others, name="sessions-end-others"),
    path("account/factors/", factors.index, name="mfa_index"),
    path("account/factors/again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/factors/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/factors/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/factors/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/factors/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/factors/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/factors/passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("account/factors/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("account/factors/passkeys/again/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/factors/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/factors/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]
