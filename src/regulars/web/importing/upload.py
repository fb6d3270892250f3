"""How large an upload may be, held while it arrives: a body that goes on and on never fills the disk."""

from __future__ import annotations

import os
from typing import Any

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

TOO_LARGE = "regulars.upload_too_large"
"""In the request's META once an upload was stopped."""

MOST_BYTES = int(os.environ.get("REGULARS_UPLOAD_MB", "500")) << 20


class CappedUpload(TemporaryFileUploadHandler):
    """Takes uploads to the disk and stops at the cap; the view then finds no file."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write one piece, or end the upload.

        Raises
        ------
        StopUpload
            Beyond the cap; the rest is read and thrown away, so that the answer arrives.
        """
        self.received += len(raw_data)
        if self.received > MOST_BYTES:
            if self.request is not None:
                self.request.META[TOO_LARGE] = True
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)
