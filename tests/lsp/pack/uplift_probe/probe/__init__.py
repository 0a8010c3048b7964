"""Rules that show what real ones seldom do: several fixes, long traces, mistakes."""
