"""The api service for a WSGI server: `gunicorn services.api.wsgi:app`."""

from services.api.app import create_app
from services.runtime.logs import configure_logs
from services.runtime.settings import load_settings

settings = load_settings()
configure_logs(settings, "api")
app = create_app(settings)
