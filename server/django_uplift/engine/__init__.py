"""Rules, findings, fixes: runs what a question needs and nothing else."""
