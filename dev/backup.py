"""One file of a whole database, and the database of one file (see dev/backup)."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

FILE = re.compile(r"filestore/([0-9a-f]{2}/[0-9a-f]{40})")
TABLES = """
    SELECT quote_ident(schemaname) || '.' || quote_ident(tablename)
      FROM pg_tables WHERE schemaname = 'public' ORDER BY 1
"""
# Of any order: the sum of what each row comes to.
ROWS = (
    "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {} t"
)
STORED = """
    SELECT DISTINCT store_fname FROM ir_attachment
     WHERE store_fname IS NOT NULL ORDER BY 1
"""


class Fault(Exception):
    """What is wrong, in a sentence."""


def count_rows(cr):
    """Return {table: [rows, checksum]}."""
    cr.execute(TABLES)
    counts = {}
    for (table,) in cr.fetchall():
        cr.execute(ROWS.format(table))
        rows, checksum = cr.fetchone()
        counts[table] = [rows, str(checksum)]
    return counts


def read_whole(path, name):
    """Return the bytes of a stored file, whose name is the checksum of them."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        return None
    check_content(content, name)
    return content


def check_content(content, name):
    if hashlib.sha1(content).hexdigest() != name.rpartition("/")[2]:
        raise Fault(f"The file {name} is damaged: its content is not what it was.")


def add(tar, name, content):
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def backup(database, target, filestore):
    """Write the file; rows and the list of files are read in one snapshot."""
    with closing(psycopg2.connect(dbname=database)) as connection:
        connection.set_session(ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        cr = connection.cursor()
        cr.execute("SELECT pg_export_snapshot()")
        [snapshot] = cr.fetchone()
        with tempfile.TemporaryDirectory() as folder:
            dump = f"{folder}/database.dump"
            subprocess.run(
                ["pg_dump", "-Fc", f"--snapshot={snapshot}", "-f", dump, database],
                check=True,
            )
            index = {"database": database, "tables": count_rows(cr)}
            cr.execute(STORED)
            names = [name for (name,) in cr.fetchall()]
            missing = write_tar(target, dump, names, filestore, index)
    check_missing(database, missing)
    return index


def check_missing(database, missing):
    """Raise where files are named and not there; what was deleted meanwhile may be."""
    with closing(psycopg2.connect(dbname=database)) as connection:
        cr = connection.cursor()
        cr.execute(
            "SELECT count(DISTINCT store_fname) FROM ir_attachment"
            " WHERE store_fname = ANY(%s)",
            [missing],
        )
        [lost] = cr.fetchone()
    if lost:
        raise Fault(
            f"{lost} files are not in the filestore: the backup is without them."
        )


def write_tar(target, dump, names, filestore, index):
    """Write the file under another name first: half of one is no backup.

    :return: the names of files that were not there
    """
    files, missing = 0, []
    descriptor = os.open(f"{target}.part", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
        tar.add(dump, "database.dump")
        for name in names:
            content = read_whole(os.path.join(filestore, name), name)
            if content is None:
                missing.append(name)
            else:
                add(tar, f"filestore/{name}", content)
                files += 1
        index |= {"files": files, "missing": len(missing)}
        add(tar, "index.json", json.dumps(index, indent=1).encode())
    os.rename(f"{target}.part", target)
    return missing


def restore(database, source, filestore):
    """Make the database and its files; raise where they are not as they were."""
    files, index = 0, None
    with tarfile.open(source) as tar, tempfile.TemporaryDirectory() as folder:
        for member in tar:
            content = tar.extractfile(member)
            if member.name == "database.dump":
                copy(content, f"{folder}/database.dump")
            elif member.name == "index.json":
                index = json.load(content)
            elif match := FILE.fullmatch(member.name):
                keep_file(content.read(), match[1], filestore)
                files += 1
            else:
                raise Fault(f"{member.name} does not belong into a backup.")
        if index is None:
            raise Fault("The backup has no index: it was not written to its end.")
        subprocess.run(
            ["pg_restore", "--no-owner", "-d", database, f"{folder}/database.dump"],
            check=True,
        )
    if files != index["files"]:
        raise Fault(f"{index['files']} files were kept, {files} are there.")
    compare(database, index)
    return index


def copy(content, path):
    with open(path, "wb") as out:
        while chunk := content.read(1 << 20):
            out.write(chunk)


def keep_file(content, name, filestore):
    check_content(content, name)
    path = os.path.join(filestore, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(content)


def compare(database, index):
    with closing(psycopg2.connect(dbname=database)) as connection:
        now = count_rows(connection.cursor())
    kept = index["tables"]
    if unlike := sorted(t for t in {*now, *kept} if now.get(t) != kept.get(t)):
        raise Fault(f"Not as it was: {', '.join(unlike)}.")


def main(action, database, path, filestore):
    try:
        index = {"backup": backup, "restore": restore}[action](
            database, path, filestore
        )
    except (Fault, subprocess.CalledProcessError, psycopg2.Error, OSError) as error:
        sys.exit(f"{error}")
    rows = sum(rows for rows, _checksum in index["tables"].values())
    print(
        f"{len(index['tables'])} tables, {rows} rows and {index['files']} files:"
        f" {'written' if action == 'backup' else 'equal in number and checksum'}."
    )
    if index["missing"]:
        print(f"{index['missing']} files were not in the filestore.")


if __name__ == "__main__":
    main(*sys.argv[1:])
