"""A limit on what is uploaded, held while the bytes come in: they go to a temporary file, never to memory."""

from typing import Any

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

MOST = 100 * 1024 * 1024  # bytes


class LimitedUpload(TemporaryFileUploadHandler):
    """Stops reading where a file grows past MOST; a body that says beforehand that it is larger is not read at all."""

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, *args: Any, **kwargs: Any) -> None:
        """See how much there is to come."""
        self._left = MOST
        self._refused = content_length > MOST + 1024 * 1024
        super().handle_raw_input(input_data, META, content_length, *args, **kwargs)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        if self._refused:
            raise StopUpload(connection_reset=False)
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Some of it."""
        self._left -= len(raw_data)
        if self._left < 0:
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)
