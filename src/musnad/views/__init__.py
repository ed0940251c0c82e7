"""How a record is shown to people: in the terminal and on a page."""
