"""Many files: discovery, configuration, target version, modules. The only layer that reads the disk."""
