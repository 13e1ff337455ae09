"""Reading a ``full`` export back: cells by their column's type, lines as entries, entries into rows."""
