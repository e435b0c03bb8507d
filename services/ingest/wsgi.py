"""The ingest service for a WSGI server: `gunicorn services.ingest.wsgi:app`."""

from services.ingest.app import create_app
from services.runtime.logs import configure_logs
from services.runtime.settings import load_settings

settings = load_settings()
configure_logs(settings, "ingest")
app = create_app(settings)
