"""Settings of django-post-office, as its documentation advises for bulk: batches, threads, logging off."""

import environ

env = environ.Env()
SECRET_KEY = "measures-only"
DEBUG = False
DATABASES = {"default": env.db_url("PEER_DATABASE_URL")}
INSTALLED_APPS = ["django.contrib.contenttypes", "post_office"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
EMAIL_BACKEND = "post_office.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.int("PEER_SMTP_PORT")
POST_OFFICE = {
    "BATCH_SIZE": 500,
    "THREADS_PER_PROCESS": 5,
    "LOG_LEVEL": 0,
    "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
}
