"""The public pages: one address, one view, one template."""
