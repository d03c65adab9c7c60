import errno
import hashlib
import logging
import os
from contextlib import suppress
from uuid import uuid4

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

# No room on the disk, none within the quota, or more than a process may write.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class IrAttachment(models.Model):
    """Files are kept whole or not at all, whatever happens to the server or its disk.

    Core writes a file in its place. Where the server is killed or the disk is full
    meanwhile, half a file stays under the name of the whole one, and whoever sends the
    same file again is told that it “collides with an existing file”, for ever.
    """

    _inherit = "ir.attachment"

    @api.model
    def _get_path(self, bin_data, sha):
        # EXTENDS base: what an older fault left of this file is no other file
        path = self._full_path(f"{sha[:2]}/{sha}")
        if os.path.isfile(path) and os.path.getsize(path) != len(bin_data):
            with open(path, "rb") as file:
                is_damaged = hashlib.file_digest(file, "sha1").hexdigest() != sha
            if is_damaged:
                _logger.warning("Half a file is replaced by the whole: %s", sha)
                os.unlink(path)
        return super()._get_path(bin_data, sha)

    @api.model
    def _file_write(self, bin_value, checksum):
        # EXTENDS base: which finds the file there, and writes none
        fname, path = self._get_path(bin_value, checksum)
        if not os.path.exists(path):
            # before it is written: else nothing would ever collect it after a kill
            self._mark_for_gc(fname)
            self._put_whole(path, bin_value)
        return super()._file_write(bin_value, checksum)

    @api.model
    def _put_whole(self, path, content):
        """Write a file beside its place and move it there in one step.

        :raises UserError: when there is no room for it; nothing is left of it then
        """
        # core's collection of files goes through this folder, and takes what is left
        part = os.path.join(self._full_path("checklist"), f"{uuid4().hex}.part")
        # readable by whom the umask says, like core's own: a web server may send it
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except OSError as error:
            with suppress(OSError):
                os.unlink(part)
            if error.errno not in NO_ROOM:
                raise
            _logger.error("There is no room to keep a file: %s", error.strerror)
            raise UserError(
                self.env._(
                    "There is no room to keep files at the moment, so nothing was"
                    " saved. Please try again later, or tell the association."
                )
            ) from error
