"""The two files of Leaflet that the map uses, out of the package that ships them; nothing else of it is served."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FILES = ("leaflet/leaflet.css", "leaflet/leaflet.js")


class LeafletFiles(BaseFinder):
    """A finder of static files that knows these two."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=Path(find_spec("leaflet").origin).parent / "static")

    def check(self, **kwargs) -> list:
        """Nothing to set, so nothing to set wrongly."""
        return []

    def find(self, path, find_all=False):
        """Where a file is; nothing for any but these."""
        found = [self.storage.path(path)] if path in FILES else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns):
        """Both of them."""
        return [(name, self.storage) for name in FILES]
