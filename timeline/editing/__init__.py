"""How the record changes. Every change of every path goes through here, in one transaction with
its Change row: events in :mod:`events`, shared things in :mod:`things`, merges in
:mod:`merging`. Who may do what is one table in :mod:`permissions`."""
