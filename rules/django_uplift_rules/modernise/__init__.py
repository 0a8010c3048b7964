"""New ways of saying what the old ones still say. Off unless asked for."""
