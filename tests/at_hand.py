"""What a machine may lack: PostgreSQL's server and Chromium. Where they are, and what to say."""

import os
import shutil
from pathlib import Path


def require_all() -> bool:
    """REQUIRE_ALL=1: what is not at hand is a failure, not a skip."""
    return os.environ.get("REQUIRE_ALL", "") not in {"", "0"}


def postgres_programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps them off the PATH."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda program: float(program.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def missing() -> list[str]:
    """One sentence for each thing that is not at hand."""
    sentences = []
    if postgres_programs() is None:
        sentences.append("skipped: PostgreSQL is not at hand (Debian: apt install postgresql)")
    if chromium() is None:
        sentences.append("skipped: Chromium is not at hand (Debian: apt install chromium)")
    return sentences
