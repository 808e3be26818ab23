"""Data entry by staff: one module per concept, all loaded by apps.py once the models are ready.

Import nothing here. Django needs this package while it is still loading apps, and again to find
the DeskSite on which the modules register; importing them here would register them on a second,
forgotten site.
"""
