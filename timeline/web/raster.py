"""A drawing becomes a PNG in a program of its own, beside the server.

The library keeps Python's lock while it draws, a quarter of a second for a chart, in which a
server's process would answer nobody. So this file is also that program: it gets the drawing on its
standard input, reads the fonts that it is told of and nothing else, and writes the picture.
"""

import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import resvg_py

AT_ONCE = 2
"""Drawings that a process waits for at a time: half of its threads."""
LONGEST = 20
"""Seconds after which a drawing is given up."""
_PICTURE = re.compile(r"<[^<>\s]*image", re.IGNORECASE)
_turns = threading.BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Others are being drawn; whoever wants it should ask again."""


def png(drawn: str, fonts: Sequence[Path], zoom: int = 1) -> bytes:
    """A drawing as PNG, made by the program.

    Raises Busy where as many are being drawn as may be, or the machine is too slow just now.
    """
    if not _turns.acquire(blocking=False):
        raise Busy
    try:
        done = subprocess.run(  # noqa: S603  (its words are ours)
            [sys.executable, "-I", __file__, str(zoom), *map(str, fonts)],
            input=drawn.encode(),
            stdout=subprocess.PIPE,
            timeout=LONGEST,
            check=True,
        )
    except subprocess.TimeoutExpired as late:
        raise Busy from late
    finally:
        _turns.release()
    return done.stdout


def rendered(drawn: str, fonts: Sequence[Path], zoom: int = 1) -> bytes:
    """What the program does. The library would read a picture in a drawing from a file; no drawing
    of ours has one, so one that has is none.

    Raises ValueError for it.
    """
    if _PICTURE.search(drawn):
        raise ValueError("A drawing with a picture in it is none of this site.")
    return resvg_py.svg_to_bytes(
        svg_string=drawn,
        skip_system_fonts=True,
        font_files=[str(font) for font in fonts],
        zoom=zoom,
    )


if __name__ == "__main__":
    files = [Path(name) for name in sys.argv[2:]]
    sys.stdout.buffer.write(rendered(sys.stdin.buffer.read().decode(), files, int(sys.argv[1])))
