"""One module for each format that can be read. None touches the database or the network."""
