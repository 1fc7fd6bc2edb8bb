from importlib import import_module
from pathlib import Path

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """The machines we talk to: shops, carriers, mail servers. Adapters, connections and their inbox."""

    name = "integrations"

    def ready(self) -> None:
        """Import every adapter (carriers/<name>/adapter.py, shops/<name>/adapter.py make themselves known), and the packages' tasks."""
        for path in sorted(Path(self.path).glob("*/*/adapter.py")):
            import_module(".".join([self.name, *path.relative_to(self.path).with_suffix("").parts]))
        for package in ("webhooks", "connections"):
            import_module(f"{self.name}.{package}.tasks")
