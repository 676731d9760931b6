"""A django-helpdesk on SQLite: `helpdesk_site.py FOLDER PORT`; runs in its own environment."""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path

folder, port = Path(sys.argv[1]), int(sys.argv[2])

settings.configure(
    DEBUG=True,
    SECRET_KEY="only for tests, on loopback",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    SITE_ID=1,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "helpdesk.db",
            "OPTIONS": {"timeout": 20},
        }
    },
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    MEDIA_ROOT=folder / "media",
    STATIC_URL="/static/",
    LOGIN_URL="/login/",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.sites",
        "django.contrib.humanize",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "rest_framework",
        "django_cleanup.apps.CleanupConfig",
        "helpdesk",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                ]
            },
        }
    ],
    HELPDESK_TEAMS_MODEL="auth.Group",
    HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[],
    HELPDESK_KBITEM_TEAM_GETTER=lambda _item: None,
    HELPDESK_KB_ENABLED=False,
)
django.setup()
urlpatterns = [path("helpdesk/", include("helpdesk.urls", namespace="helpdesk"))]


def people() -> None:
    """The desk's own user, and two members of the staff."""
    from django.contrib.auth import get_user_model
    from helpdesk.models import Queue

    User = get_user_model()
    for name in ("save-desk", "kim", "ada"):
        User.objects.create_superuser(name, f"{name}@helpdesk.example", "a long password")
    Queue.objects.create(title="Customers", slug="customers")


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    people()
    from django.core.wsgi import get_wsgi_application
    from waitress import serve

    serve(get_wsgi_application(), host="127.0.0.1", port=port, threads=4)
