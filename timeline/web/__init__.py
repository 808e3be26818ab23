"""Public pages: addresses, views, presentation. Reads no session and no user, sets no cookie."""
