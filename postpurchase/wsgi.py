"""The WSGI application that gunicorn serves."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from postpurchase.lib import errors, memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postpurchase.settings")
application = get_wsgi_application()
errors.report()
import_module("postpurchase.urls")  # all that requests need is loaded before workers part
memory.settle()
