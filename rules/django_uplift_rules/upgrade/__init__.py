"""What Django deprecated and removed."""
