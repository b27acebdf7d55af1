"""Rules of a server and of the Horde's terms, as pure functions without I/O."""
