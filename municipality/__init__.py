"""The ground floor: what is true of a town hall, whatever it introduces."""
