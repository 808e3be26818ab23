"""Collected static files: hashed names, compressed copies, hashed imports between ES modules.

Django rewrites a module's import only if its line ends with `;` — without it the browser would
get the unhashed file and keep an old copy. A test looks for such lines in static/. Style sheets
are sent without their comments and indents.
"""

import re
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_SPARE = re.compile(r"""("[^"]*"|'[^']*')|/\*.*?\*/|\s*([{};,])\s*|\s+""", re.DOTALL)


def squeezed(sheet: str) -> str:
    """A style sheet that says the same in fewer letters; what stands in quotes stays as it is."""
    without = _SPARE.sub(lambda found: found[1] or found[2] or " " * found[0].isspace(), sheet)
    return without.replace(";}", "}").strip()


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types there
    support_js_module_import_aggregation = True

    def _save(self, name: str, content: Any) -> str:
        if name.endswith(".css"):
            content.seek(0)  # it was read for the hash in its name
            content = ContentFile(squeezed(content.read().decode()).encode())
        saved: str = super()._save(name, content)
        return saved
