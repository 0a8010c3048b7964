"""What a jump from one Django release to another takes: hops, findings by release, blockers, an order of work."""
