"""What stands around a fleet: a mail server that can be down, a disk that can be slow."""

import os
import smtplib
import sqlite3
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from simulators.faults.mail import MailServer
from simulators.faults.preloaded import SlowDisk

COMMIT = """
import sqlite3, sys, time
books = sqlite3.connect(sys.argv[1])
books.execute("INSERT INTO written VALUES (1)")
began = time.monotonic()
books.commit()
print(time.monotonic() - began)
"""


def send(server: MailServer, name: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = "hub@example.com", "o@example.com", name
    letter.set_content("An order is held.\n.\n")
    with smtplib.SMTP("127.0.0.1", server.port, timeout=10) as line:
        line.send_message(letter)


def test_a_mail_is_counted_by_its_id_and_none_while_the_server_is_down() -> None:
    with MailServer() as server:
        send(server, "<notice-1@example.com>")
        server.down = True
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(server, "<notice-2@example.com>")
        server.down = False
        send(server, "<notice-2@example.com>")
        send(server, "<notice-1@example.com>")

    assert server.mails == {"<notice-1@example.com>": 2, "<notice-2@example.com>": 1}


@pytest.mark.needs("C compiler")
def test_a_commit_waits_for_a_slow_disk_and_is_kept(tmp_path: Path) -> None:
    disk = SlowDisk(tmp_path)
    disk.build()
    books = tmp_path / "books.db"
    with sqlite3.connect(books) as made:
        made.execute("CREATE TABLE written (n INTEGER)")
    made.close()

    disk.slow()
    done = subprocess.run(
        [sys.executable, "-c", COMMIT, str(books)],
        env={**os.environ, **disk.environ},
        capture_output=True,
        text=True,
        check=True,
    )
    disk.mend()

    assert float(done.stdout) >= 0.4  # one fsync at least waited
    kept = sqlite3.connect(books)
    assert kept.execute("SELECT n FROM written").fetchall() == [(1,)]
    kept.close()
