"""Collected static files: hashed names, compressed copies, hashed imports between ES modules.

Django rewrites a module's import only if its line ends with `;` — without it the browser would
get the unhashed file and keep an old copy. A test looks for such lines in static/.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types there
    support_js_module_import_aggregation = True
