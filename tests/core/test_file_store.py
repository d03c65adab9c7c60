import errno
import hashlib
import os
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

MODEL = "odoo.addons.npo_relations.models.core.file_store"


@tagged("post_install", "-at_install")
class TestFileStore(TransactionCase):
    """Files are whole or not there (issue 10, standing up to trouble)."""

    def setUp(self):
        super().setUp()
        self.content = os.urandom(20_000)
        digest = hashlib.sha1(self.content).hexdigest()
        attachments = self.env["ir.attachment"]
        self.path = attachments._full_path(f"{digest[:2]}/{digest}")
        self.mark = attachments._full_path(f"checklist/{digest[:2]}/{digest}")
        self.folder = attachments._full_path("checklist")

    def _keep(self):
        vals = {"name": "letter", "raw": self.content}
        attachment = self.env["ir.attachment"].create(vals)
        attachment.invalidate_recordset()
        return attachment

    def _parts(self):
        return [name for name in os.listdir(self.folder) if name.endswith(".part")]

    def test_whole(self):
        """A file stands in its place, marked for collection should nobody want it."""
        self.assertEqual(self._keep().raw, self.content)
        self.assertTrue(os.path.exists(self.mark))
        self.assertFalse(self._parts())

    def test_readable(self):
        """A file is for whom the umask says: a web server sends it by `x_sendfile`."""
        before = os.umask(0o027)
        try:
            self._keep()
        finally:
            os.umask(before)
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o640)

    @mute_logger(MODEL)
    def test_half(self):
        """What a killed server left of a file does not keep the file out for ever."""
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(self.path, "wb") as file:
            file.write(self.content[:5000])
        self.assertEqual(self._keep().raw, self.content)

    @mute_logger(MODEL)
    def test_collision(self):
        """Another file of the same checksum is still refused, and stays."""
        self._keep()
        attachments = self.env["ir.attachment"]
        digest = os.path.basename(self.path)
        with self.assertRaises(UserError):
            attachments._file_write(b"something else", digest)
        with open(self.path, "rb") as file:
            self.assertEqual(file.read(), self.content)

    @mute_logger(MODEL)
    def test_no_room(self):
        """A full disk refuses a file in a sentence, and nothing is left of it."""
        full = OSError(errno.ENOSPC, "No space left on device")
        with (
            patch(f"{MODEL}.os.fsync", side_effect=full),
            self.assertRaises(UserError),
        ):
            self._keep()
        self.assertFalse(os.path.exists(self.path))
        self.assertFalse(self._parts())
        self.assertEqual(self._keep().raw, self.content)

    def test_other_fault(self):
        """Another fault of the disk is told as what it is."""
        fault = OSError(errno.EIO, "Input/output error")
        with patch(f"{MODEL}.os.fsync", side_effect=fault), self.assertRaises(OSError):
            self._keep()
        self.assertFalse(self._parts())
