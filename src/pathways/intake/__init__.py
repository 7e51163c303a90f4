"""The door: a name, a dose text or a unit becomes an entry of the profile."""
